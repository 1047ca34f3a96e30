package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
	"asynclab/sim/topology"
)

// Comparison is a comparison with the texts that explain it.
type Comparison struct {
	*sim.Comparison
	Title    string
	About    map[string]string // one line about each design, by name
	Expected []string          // names of metrics that expectations are about: their rows are shown
	Median   bool              // the tables show medians with their intervals, not means
	All      bool              // a row for every metric, and every warning
	Width    int               // columns of the terminal; 0 if the output is no terminal
}

var comparisonFormats = []struct {
	name  string
	write func(*Comparison, io.Writer) error
}{
	{"text", (*Comparison).text}, {"json", (*Comparison).json}, {"csv", (*Comparison).csv}, {"markdown", (*Comparison).markdown},
}

// ComparisonFormats lists the names of the formats of a comparison.
func ComparisonFormats() (names []string) {
	for _, f := range comparisonFormats {
		names = append(names, f.name)
	}
	return names
}

// Write writes the comparison in one of the formats.
func (c *Comparison) Write(w io.Writer, format string) error {
	for _, f := range comparisonFormats {
		if f.name == format {
			return f.write(c, w)
		}
	}
	return fmt.Errorf("unknown format %q", format)
}

// result is the report whose warnings are those of the comparison.
func (c *Comparison) result() *Report {
	return &Report{Result: c.Result, All: c.All, Width: c.Width}
}

// rows chooses the differences that a table shows: of what designs are compared by,
// each that is not 0 in both designs and not the same as the one before it; then what
// expectations name. With a choice of metrics, or All, every one.
func (c *Comparison) rows(p *sim.Pair) (out []*sim.Difference) {
	at := map[metric.Ref]*sim.Difference{}
	for i := range p.Differences {
		at[p.Differences[i].Ref] = &p.Differences[i]
	}
	for i := range p.Differences {
		d := &p.Differences[i]
		switch {
		case !c.Shown.All():
			if !c.Shown.Has(d.Ref) {
				continue
			}
		case !c.All && !c.matters(d, at):
			continue
		}
		out = append(out, d)
	}
	return out
}

func (c *Comparison) matters(d *sim.Difference, at map[metric.Ref]*sim.Difference) bool {
	for _, name := range c.Expected {
		if name == d.Name {
			return true
		}
	}
	m := d.Ref.Metric
	compared := false
	for _, s := range m.Compared.Stats {
		compared = compared || s == d.Ref.Stat
	}
	if !compared || d.N == 0 || d.Base == 0 && d.Of == 0 || m.Compared.Over != metric.Each && d.Ref.Element != sim.Everything {
		return false
	}
	if m.Row.Unless == nil {
		return true
	}
	ref := d.Ref
	ref.Metric = m.Kind().Metric(m.Row.Unless)
	other := at[ref]
	return other == nil || other.Base != d.Base || other.Of != d.Of
}

// cells are the texts of a row: base, design, difference, and its share of the base.
func (c *Comparison) cells(d *sim.Difference) [4]string {
	base, of, by, noise := d.Base, d.Of, d.Mean, d.Noise()
	if c.Median {
		base, of, by, noise = d.Middle[0], d.Middle[1], d.Median.Value, !(d.Median.Low > 0 || d.Median.High < 0)
	}
	out := [4]string{quantity(base, d.Unit), quantity(of, d.Unit), c.change(d), ""}
	if r := by / math.Abs(base); d.Unit != draw.Ratio && !noise && base != 0 && by != 0 {
		out[3] = signed(r, strconv.FormatFloat(math.Abs(100*r), 'f', relativeDecimals(r), 64)+"%")
	}
	if !c.Median && d.Disputed() {
		out[3] = strings.TrimSpace(out[3] + " median " + c.median(d))
	}
	return out
}

func relativeDecimals(r float64) int {
	if math.Abs(r) < 0.1 {
		return 1
	}
	return 0
}

func signed(v float64, text string) string {
	if v < 0 {
		return "-" + text
	}
	return "+" + text
}

// change is the text of a difference: ~ where its interval has 0 in it.
func (c *Comparison) change(d *sim.Difference) string {
	half := (d.High - d.Low) / 2
	switch {
	case d.N == 0:
		return "–"
	case d.N == 1:
		return signed(d.Mean, quantity(math.Abs(d.Mean), d.Unit)) + " (one pair)"
	case d.Same():
		return "="
	case c.Median && d.N < 6:
		return signed(d.Median.Value, quantity(math.Abs(d.Median.Value), d.Unit)) + " (fewer than 6)"
	case c.Median:
		return c.median(d)
	case d.Noise():
		return "~ ±" + quantity(draw.Significant(half, 2), d.Unit)
	case half <= rounding*math.Abs(d.Mean):
		return signed(d.Mean, quantity(math.Abs(d.Mean), d.Unit))
	}
	return signed(d.Mean, within(math.Abs(d.Mean), half, d.Unit))
}

// median is the text of a median difference.
func (c *Comparison) median(d *sim.Difference) string {
	if !(d.Median.Low > 0 || d.Median.High < 0) {
		return "~"
	}
	return fmt.Sprintf("%s [%s, %s]", signed(d.Median.Value, quantity(math.Abs(d.Median.Value), d.Unit)), quantity(d.Median.Low, d.Unit), quantity(d.Median.High, d.Unit))
}

// disputed reports whether a row has a median that says otherwise than the mean.
func (c *Comparison) disputed() bool {
	return !c.Median && slices.ContainsFunc(c.Pairs, func(p sim.Pair) bool {
		return slices.ContainsFunc(c.rows(&p), (*sim.Difference).Disputed)
	})
}

// upFront are the lines that a reader must know before the verdicts.
func (c *Comparison) upFront() (out []string) {
	for _, s := range c.Spared {
		out = append(out, fmt.Sprintf("the fault %s does not happen in %s: there is nothing for it to hit, so that the designs do not suffer the same", s.Fault, list(s.Designs)))
	}
	if c.Replications < 2 {
		out = append(out, "there are no intervals: "+Plural(c.Replications, "replication")+" finished")
	}
	return out
}

// effort is the work behind a comparison, without times: the same seed gives the same
// text.
func (c *Comparison) effort() string {
	return fmt.Sprintf("%s with %s each under common random numbers, seed %d · %s events", Plural(len(c.Designs), "design"),
		Plural(c.Replications, "replication"), c.Seed, group(strconv.FormatUint(c.Engine.Events, 10)))
}

// legend explains the marks of the tables.
func (c *Comparison) legend() []string {
	center := "± is half of a 95% interval of the mean difference, replication by replication"
	if c.Median {
		center = "[ ] is a 95% interval of the median difference, replication by replication, whatever its distribution"
	}
	out := []string{center, "~ is noise: the interval has 0 in it; = is equal in every replication", "of twenty rows that do not differ, one shows a difference by chance"}
	if c.disputed() {
		out = append(out, "median: its interval assumes nothing of the distribution, and says otherwise than the mean's: a few replications are far from the rest (--median)")
	}
	if c.Currency != "" {
		out = append(out, priced(c.Currency))
	}
	return out
}

// text writes the comparison for a terminal.
func (c *Comparison) text(w io.Writer) error {
	var b bytes.Buffer
	r := c.result()
	Heading(&b, c.Scenario, c.Title, c.Width)
	b.WriteByte('\n')
	for _, l := range c.upFront() {
		wrap(&b, "up front: ", "  ", l, r.prose())
	}
	for i := range c.Pairs {
		p := &c.Pairs[i]
		wrap(&b, "", "  ", p.Verdict, r.prose())
	}
	for i := range c.Pairs {
		c.textPair(&b, &c.Pairs[i])
	}
	c.textFindings(&b)
	r.textWarnings(&b, nil)
	fmt.Fprintf(&b, "\n%s\n", c.effort())
	for _, l := range c.legend() {
		fmt.Fprintln(&b, l)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (c *Comparison) textPair(b *bytes.Buffer, p *sim.Pair) {
	head := [4]string{p.Base, p.Design, "difference", ""}
	rows := c.rows(p)
	wide, names := [4]int{}, 0
	for i, h := range head {
		wide[i] = topology.Columns(h)
	}
	for _, d := range rows {
		names = max(names, topology.Columns(d.Name))
		for i, cell := range c.cells(d) {
			wide[i] = max(wide[i], topology.Columns(cell))
		}
	}
	line := func(name string, cells [4]string) {
		out := left(name, names)
		for i, cell := range cells {
			out += strings.Repeat(" ", gap) + right(cell, wide[i])
		}
		b.WriteString(strings.TrimRight(out, " ") + "\n")
	}
	b.WriteByte('\n')
	line("", head)
	for _, d := range rows {
		line(d.Name, c.cells(d))
	}
}

func (c *Comparison) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c.Comparison)
}

func (c *Comparison) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	// csv.Writer keeps the first error; Error returns it.
	_ = out.Write([]string{"base", "design", "metric", "unit", "base_value", "design_value", "difference", "low", "high", "noise", "median", "median_low", "median_high", "replications"})
	for i := range c.Pairs {
		p := &c.Pairs[i]
		for k := range p.Differences {
			d := &p.Differences[k]
			if !c.Shown.Has(d.Ref) {
				continue
			}
			_ = out.Write([]string{p.Base, p.Design, d.Name, unitName(d.Unit), number(d.Base), number(d.Of), number(d.Mean), number(d.Low), number(d.High),
				strconv.FormatBool(d.Noise()), number(d.Median.Value), number(d.Median.Low), number(d.Median.High), strconv.Itoa(d.N)})
		}
	}
	out.Flush()
	return out.Error()
}

// markdown writes the comparison as Markdown.
func (c *Comparison) markdown(w io.Writer) error {
	var b bytes.Buffer
	c.document().markdown(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// document is all that the comparison says.
func (c *Comparison) document() (d document) {
	head := c.Scenario
	if c.Title != "" {
		head += ": " + c.Title
	}
	d.add(title(head))
	for _, l := range c.upFront() {
		d.add(paragraph{l, true})
	}
	for i := range c.Pairs {
		d.add(bullet{text: c.Pairs[i].Verdict})
	}
	for i := range c.Pairs {
		p := &c.Pairs[i]
		g := grid{head: []string{"", p.Base, p.Design, "difference", ""}, words: "w"}
		for _, x := range c.rows(p) {
			cells := c.cells(x)
			g.rows = append(g.rows, append([]string{x.Name}, cells[:]...))
		}
		d.add(heading(p.Design+" against "+p.Base), g)
	}
	c.documentFindings(&d)
	d.list("Warnings", c.result().warnings(nil))
	d.add(paragraph{text: c.effort() + "; " + strings.Join(c.legend(), "; ") + "."})
	return d
}
