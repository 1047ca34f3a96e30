package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/theory"
	"asynclab/sim/topology"
)

// Theory is what known models say about a design, beside what was measured.
type Theory struct {
	Design string
	Parts  []theory.Part
	units  map[string]draw.Unit
	window theory.Window
}

// Theories compares every design of a result with the models that it is known to be.
func Theories(r *sim.Result, designs []*design.Design, s sim.Settings) []Theory {
	out := []Theory{}
	for i, d := range designs {
		if i >= len(r.Designs) || len(r.Designs[i].Metrics) == 0 {
			continue
		}
		window := theory.Window{Warmup: s.Warmup.Seconds(), Measured: (r.Designs[i].At - s.Warmup).Seconds()}
		if s.Duration > 0 {
			window.Measured = (min(s.Duration, r.Designs[i].At) - s.Warmup).Seconds()
		}
		out = append(out, beside(&r.Designs[i], theory.Of(d, s.Changes[d.Name]), window))
	}
	return out
}

// Beside holds the findings about a design against another run.
func Beside(r *sim.DesignResult, t Theory) Theory {
	var findings []theory.Finding
	for _, p := range t.Parts {
		findings = append(findings, *p.Finding)
	}
	return beside(r, findings, t.window)
}

func beside(r *sim.DesignResult, findings []theory.Finding, w theory.Window) Theory {
	at := make(map[string]int, len(r.Metrics))
	for k, m := range r.Metrics {
		at[m.Name] = k
	}
	t := Theory{Design: r.Name, units: map[string]draw.Unit{}, window: w}
	t.Parts = theory.Compare(findings, w, func(name string) (theory.Estimate, bool) {
		k, ok := at[name]
		if !ok {
			return theory.Estimate{}, false
		}
		m := &r.Metrics[k]
		t.units[name] = m.Unit
		return theory.Estimate{Mean: m.Mean, Low: m.Low, High: m.High, Error: standardError(m.Values), N: m.N}, true
	})
	return t
}

// standardError of the mean of the values that are numbers.
func standardError(values []float64) float64 {
	n, mean, squares := 0.0, 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
			mean += v
		}
	}
	mean /= n
	for _, v := range values {
		if !math.IsNaN(v) {
			squares += (v - mean) * (v - mean)
		}
	}
	return math.Sqrt(squares / (n - 1) / n)
}

// theoryLine is a line of the table: metric, theory, measured, difference, kind, verdict.
type theoryLine [6]string

func (t *Theory) line(l *theory.Line) theoryLine {
	u := t.units[l.Metric]
	claim := quantity(l.Value, u)
	if l.Kind == theory.Bound {
		switch {
		case math.IsInf(l.High, 1):
			claim = "≥ " + quantity(l.Low, u)
		case math.IsNaN(l.Low):
			claim = "≤ " + quantity(l.High, u)
		default:
			claim = quantity(l.Low, u) + " … " + quantity(l.High, u)
		}
	}
	got := quantity(l.Measured, u)
	if half := (l.MeasuredHigh - l.MeasuredLow) / 2; half > rounding*math.Abs(l.Measured) {
		got = within(l.Measured, half, u)
	}
	off := ""
	switch {
	case !math.IsNaN(l.Off):
		off = fmt.Sprintf("%+.1f se", l.Off)
	case math.Abs(l.Share) < 1e-6:
		off = "0%"
	case math.Abs(l.Share) >= 1:
		off = fmt.Sprintf("%+.0f%%", 100*l.Share)
	case !math.IsNaN(l.Share):
		off = fmt.Sprintf("%+.2g%%", 100*l.Share)
	}
	return theoryLine{l.Metric, claim, got, off, l.Kind.String(), l.Verdict}
}

// head says which model a part is.
func head(p *theory.Part) string {
	text := p.Element + ": "
	if !p.Fits() {
		text += "no model fits"
		if p.Model != nil {
			text += "; the nearest is " + p.Model.Name
		}
		return text
	}
	text += p.Model.Name
	if p.Detail != "" {
		text += ", " + p.Detail
	}
	return text
}

// remarks of a part: what the design breaks, and whether the run was long enough.
func remarks(p *theory.Part) (all []string) {
	for _, a := range p.Assumptions {
		if a.Broken != "" {
			all = append(all, fmt.Sprintf("not %s: %s", quote(a.Text), a.Broken))
		}
	}
	if p.Short != "" && slices.ContainsFunc(p.Lines, func(l theory.Line) bool { return l.Verdict != theory.Agrees }) {
		all = append(all, "the run is too short: "+p.Short)
	}
	return all
}

// shared lists the remarks that are the same of all parts of a design: they are told once.
func (t *Theory) shared() (all []string) {
	if len(t.Parts) < 2 {
		return nil
	}
	for _, text := range remarks(&t.Parts[0]) {
		if !slices.ContainsFunc(t.Parts[1:], func(p theory.Part) bool { return !slices.Contains(remarks(&p), text) }) {
			all = append(all, text)
		}
	}
	return all
}

// own lists the remarks about a part that are not shared.
func own(p *theory.Part, shared []string) []string {
	return slices.DeleteFunc(remarks(p), func(text string) bool { return slices.Contains(shared, text) })
}

// models describes the models of a design, each once: what it is, what it assumes, its
// source.
func (t *Theory) models() (all []string) {
	var order []*theory.Model
	assumes := map[*theory.Model][]string{}
	for i := range t.Parts {
		p := &t.Parts[i]
		if !p.Fits() {
			continue
		}
		if !slices.Contains(order, p.Model) {
			order = append(order, p.Model)
		}
		for _, a := range p.Assumptions {
			if !slices.Contains(assumes[p.Model], a.Text) {
				assumes[p.Model] = append(assumes[p.Model], a.Text)
			}
		}
	}
	for _, m := range order {
		all = append(all, fmt.Sprintf("%s: %s. Assumes %s. Source: %s", m.Name, m.Says, strings.Join(assumes[m], "; "), m.Source))
	}
	return all
}

func quote(s string) string { return "“" + s + "”" }

func (r *Report) textTheory(b *bytes.Buffer) {
	for i := range r.Theory {
		t := &r.Theory[i]
		b.WriteString("\ntheory")
		if len(r.Designs) > 1 {
			b.WriteString(", " + t.Design)
		}
		b.WriteString("\n")
		var wide [6]int
		for k := range t.Parts {
			for j := range t.Parts[k].Lines {
				for c, cell := range t.line(&t.Parts[k].Lines[j]) {
					wide[c] = max(wide[c], topology.Columns(cell))
				}
			}
		}
		shared := t.shared()
		for _, text := range shared {
			wrap(b, "  ", "    ", "of all that follows: "+text, r.columns())
		}
		for k := range t.Parts {
			p := &t.Parts[k]
			wrap(b, "  ", "    ", head(p), r.columns())
			for j := range p.Lines {
				l := t.line(&p.Lines[j])
				line := "    " + left(l[0], wide[0])
				for c := 1; c < 4; c++ {
					line += "  " + right(l[c], wide[c])
				}
				fmt.Fprintf(b, "%s  %s  %s\n", line, left(l[4], wide[4]), l[5])
			}
			for _, text := range own(p, shared) {
				wrap(b, "    ", "      ", text, r.columns())
			}
		}
		for _, text := range t.models() {
			wrap(b, "  ", "    ", text, r.columns())
		}
		if len(t.Parts) == 0 {
			b.WriteString("  nothing in this design is asked\n")
		}
	}
}

func (r *Report) documentTheory(d *document) {
	for i := range r.Theory {
		t := &r.Theory[i]
		d.add(heading("Theory: " + t.Design))
		shared := t.shared()
		for _, text := range shared {
			d.add(paragraph{text: "Of all that follows: " + text})
		}
		for k := range t.Parts {
			p := &t.Parts[k]
			d.add(paragraph{head(p), true})
			if len(p.Lines) > 0 {
				g := grid{head: []string{"metric", "theory", "measured", "off", "kind", ""}, words: "wnnnww"}
				for j := range p.Lines {
					l := t.line(&p.Lines[j])
					g.rows = append(g.rows, l[:])
				}
				d.add(g)
			}
			for _, text := range own(p, shared) {
				d.add(bullet{text: text})
			}
		}
		if models := t.models(); len(models) > 0 {
			d.add(paragraph{"Models", true})
			for _, text := range models {
				d.add(bullet{text: text})
			}
		}
	}
}

type theoryRow struct {
	metric, note     string
	value, low, high float64
}

func (r *Report) theoryRows(name string) (rows []theoryRow) {
	for i := range r.Theory {
		if r.Theory[i].Design != name {
			continue
		}
		for _, p := range r.Theory[i].Parts {
			for _, l := range p.Lines {
				rows = append(rows, theoryRow{"theory." + l.Metric, p.Model.Name + ", " + l.Kind.String() + ": " + l.Verdict, l.Value, l.Low, l.High})
			}
		}
	}
	return rows
}

type jsonPart struct {
	Element     string           `json:"element"`
	Fits        bool             `json:"fits"`
	Model       string           `json:"model"`
	Source      string           `json:"source"`
	Detail      string           `json:"detail,omitempty"`
	Assumptions []jsonAssumption `json:"assumptions"`
	Predictions []jsonPrediction `json:"predictions"`
	Short       string           `json:"too_short,omitempty"`
}

type jsonAssumption struct {
	Text   string `json:"text"`
	Broken string `json:"broken,omitempty"`
}

type jsonPrediction struct {
	Metric       string   `json:"metric"`
	Kind         string   `json:"kind"`
	Value        *float64 `json:"value"`
	Low          *float64 `json:"low"`
	High         *float64 `json:"high"`
	Measured     *float64 `json:"measured"`
	MeasuredLow  *float64 `json:"measured_low"`
	MeasuredHigh *float64 `json:"measured_high"`
	Off          *float64 `json:"standard_errors"`
	Share        *float64 `json:"share"`
	Verdict      string   `json:"verdict"`
}

// finite is a pointer to what JSON can say; null otherwise.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// withTheory is the JSON of the result with a part "theory" by design.
func (r *Report) withTheory() (json.RawMessage, error) {
	parts := map[string][]jsonPart{}
	for _, t := range r.Theory {
		all := []jsonPart{}
		for _, p := range t.Parts {
			j := jsonPart{Element: p.Element, Fits: p.Fits(), Model: p.Model.Name, Source: p.Model.Source, Detail: p.Detail, Short: p.Short,
				Assumptions: []jsonAssumption{}, Predictions: []jsonPrediction{}}
			for _, a := range p.Assumptions {
				j.Assumptions = append(j.Assumptions, jsonAssumption(a))
			}
			for _, l := range p.Lines {
				j.Predictions = append(j.Predictions, jsonPrediction{l.Metric, l.Kind.String(), finite(l.Value), finite(l.Low), finite(l.High),
					finite(l.Measured), finite(l.MeasuredLow), finite(l.MeasuredHigh), finite(l.Off), finite(l.Share), l.Verdict})
			}
			all = append(all, j)
		}
		parts[t.Design] = all
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.Result); err != nil {
		return nil, err
	}
	text := bytes.TrimSuffix(bytes.TrimSpace(b.Bytes()), []byte("}"))
	text = append(slices.Clone(text), `,"theory":`...)
	b.Reset()
	if err := enc.Encode(parts); err != nil {
		return nil, err
	}
	return append(append(text, bytes.TrimSpace(b.Bytes())...), '}'), nil
}
