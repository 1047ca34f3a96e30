package study

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"asynclab/sim"
	"asynclab/sim/draw"
)

// The form of a sweep in JSON. Durations are seconds, rates per second, ratios from 0 to
// 1; a number that there is not is null.
type (
	sweptJSON struct {
		Scenario     string         `json:"scenario"`
		Version      string         `json:"version"`
		Seed         uint64         `json:"seed"`
		Replications int            `json:"replications"`
		Interrupted  bool           `json:"interrupted,omitempty"`
		Vary         []axisJSON     `json:"vary"`
		Points       []pointJSON    `json:"points"`
		Flips        []flippingJSON `json:"flips"`
		Knees        []kneeJSON     `json:"knees"`
		Crossings    []crossingJSON `json:"crossings"`
		Failed       []string       `json:"failed,omitempty"`
		Runs         int            `json:"runs"`
	}
	axisJSON struct {
		Path   string   `json:"path"`
		Unit   string   `json:"unit"`
		Values []number `json:"values"`
		Texts  []string `json:"texts"`
	}
	pointJSON struct {
		At      []number              `json:"at"` // by axis
		Designs map[string]designJSON `json:"designs"`
	}
	designJSON struct {
		Ended       sim.End                 `json:"ended"`
		Fingerprint string                  `json:"fingerprint"`
		Metrics     map[string]estimateJSON `json:"metrics"`
		Warnings    []string                `json:"warnings"`
	}
	estimateJSON struct {
		Mean number `json:"mean"`
		Low  number `json:"low"`
		High number `json:"high"`
	}
	flippingJSON struct {
		Expect string     `json:"expect"`
		Flips  []flipJSON `json:"flips"`
		Remark string     `json:"remark,omitempty"`
	}
	flipJSON struct {
		Value        number `json:"value"`
		Low          number `json:"low"`
		High         number `json:"high"`
		MetBelow     bool   `json:"met_below"`
		OpenLow      bool   `json:"open_low,omitempty"`
		OpenHigh     bool   `json:"open_high,omitempty"`
		Replications int    `json:"replications"`
		Precise      bool   `json:"precise"`

		Found []string `json:"found,omitempty"`
	}
	kneeJSON struct {
		Design string `json:"design"`
		Load   string `json:"load"`
		Value  number `json:"value"`
		Low    number `json:"low"`
		High   number `json:"high"`
		Why    string `json:"why,omitempty"`
	}
	crossingJSON struct {
		Metric     string `json:"metric"`
		LowerBelow string `json:"lower_below"`
		LowerAbove string `json:"lower_above"`
		Value      number `json:"value"`
		Low        number `json:"low"`
		High       number `json:"high"`
	}
)

// number is written as null if it is not finite.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	if f := float64(n); math.IsNaN(f) || math.IsInf(f, 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// JSON writes everything, for programs.
func (s *Swept) JSON(w io.Writer) error {
	out := sweptJSON{
		Scenario: s.Scenario, Version: s.Version, Seed: s.Run.Seed, Replications: s.Reps, Interrupted: s.Interrupted, Failed: s.Failed, Runs: s.Runs,
		Points: []pointJSON{}, Flips: []flippingJSON{}, Knees: []kneeJSON{}, Crossings: []crossingJSON{},
	}
	for _, a := range s.Axes {
		v := axisJSON{Path: a.Path, Unit: unitName(a.Unit)}
		for _, p := range a.Places {
			v.Values, v.Texts = append(v.Values, number(p.X)), append(v.Texts, p.Text)
		}
		out.Vary = append(out.Vary, v)
	}
	for _, p := range s.Points {
		out.Points = append(out.Points, s.pointJSON(p))
	}
	for _, f := range s.Flips {
		j := flippingJSON{Expect: f.Expect, Remark: f.Remark.String(), Flips: []flipJSON{}}
		for _, x := range f.Flips {
			j.Flips = append(j.Flips, flipJSON{number(x.At), number(x.Low), number(x.High), x.Below, x.OpenLow, x.OpenHigh, x.Replications, x.Reached, words(x.Found)})
		}
		out.Flips = append(out.Flips, j)
	}
	for _, k := range s.Knees {
		j := kneeJSON{Design: k.Design, Load: k.Load, Value: number(k.At), Low: number(k.Low), High: number(k.High)}
		if !k.Found {
			j.Value, j.Low, j.High, j.Why = number(math.NaN()), number(math.NaN()), number(math.NaN()), s.sayKnee(k).String()
		}
		out.Knees = append(out.Knees, j)
	}
	for _, c := range s.Crossings {
		j := crossingJSON{c.Metric, c.A, c.B, number(c.At), number(c.Low), number(c.High)}
		if !c.Below {
			j.LowerBelow, j.LowerAbove = c.B, c.A
		}
		out.Crossings = append(out.Crossings, j)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func (s *Swept) pointJSON(p Point) pointJSON {
	out := pointJSON{Designs: map[string]designJSON{}}
	for _, q := range p.At {
		out.At = append(out.At, number(q.X))
	}
	for _, d := range p.Result.Designs {
		j := designJSON{Ended: d.Ended, Fingerprint: d.Fingerprint, Metrics: map[string]estimateJSON{}, Warnings: []string{}}
		for _, name := range s.Metrics {
			if m, ok := d.Metric(name); ok {
				j.Metrics[name] = estimateJSON{number(m.Mean), number(m.Low), number(m.High)}
			}
		}
		for _, w := range d.Warnings {
			j.Warnings = append(j.Warnings, w.ID())
		}
		out.Designs[d.Name] = j
	}
	return out
}

func unitName(u draw.Unit) string {
	if u == draw.Ratio {
		return "ratio"
	}
	return u.Symbol()
}

// CSV writes a line for each metric of each design at each point.
func (s *Swept) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	text := func(v float64) string {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	var head []string
	for _, a := range s.Axes {
		head = append(head, a.Path)
	}
	// csv.Writer keeps the first error; Error returns it.
	_ = out.Write(append(head, "design", "metric", "unit", "value", "low", "high", "replications"))
	for _, p := range s.Points {
		for _, d := range p.Result.Designs {
			for _, name := range s.Metrics {
				m, ok := d.Metric(name)
				if !ok {
					continue
				}
				var row []string
				for i, q := range p.At {
					if s.Axes[i].Number {
						row = append(row, text(q.X))
					} else {
						row = append(row, q.Text)
					}
				}
				_ = out.Write(append(row, d.Name, name, unitName(m.Unit), text(m.Mean), text(m.Low), text(m.High), strconv.Itoa(m.N)))
			}
		}
	}
	out.Flush()
	return out.Error()
}

// formats are those of a sweep, as they are listed to users.
var formats = []struct {
	name  string
	write func(s *Swept, w io.Writer, width int) error
}{
	{"text", (*Swept).Text},
	{"json", func(s *Swept, w io.Writer, _ int) error { return s.JSON(w) }},
	{"csv", func(s *Swept, w io.Writer, _ int) error { return s.CSV(w) }},
	{"markdown", func(s *Swept, w io.Writer, _ int) error { return s.Markdown(w) }},
}

// SweepFormats lists the names of the formats.
func SweepFormats() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write writes the result in one of the formats; width is that of the terminal, 0 if it
// goes elsewhere.
func (s *Swept) Write(w io.Writer, format string, width int) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(s, w, width)
		}
	}
	return fmt.Errorf("unknown format %q", format)
}
