package comparison

import (
	"math"
	"strconv"

	"asynclab/sim"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/report"
	"asynclab/ui/control"
)

// Table is a table of designs side by side, ready to be shown.
type Table struct {
	Designs []string
	Rows    []Row
}

// Row is a metric, or the heading for the element of the metrics below it.
type Row struct {
	Section bool
	Name    string // "load.shoppers" for a heading, or the rest of the name: "completed.ratio"
	Metric  string // the full name; empty for a heading
	Ref     metric.Ref
	Cells   []Cell // one per design; none for a heading
}

// Cell is the metric of one design, and its difference from the first design.
type Cell struct {
	Value string // empty if the design has no such metric
	Diff  Diff
}

// Diff is the difference from the first design. The zero value is none: for the
// first design, and if there is nothing to compare.
type Diff struct {
	Known    bool
	Noise    bool    // the difference may be zero
	Same     bool    // the values are equal
	Absolute string  // "+12ms", "-0.4 ±0.1 pp"
	Relative float64 // share of the first value; NaN if that is zero, or the unit is a share itself
}

// Live is the present values of the designs of a run.
func Live(names []string, lanes []control.LaneBoard) []sim.DesignResult {
	var out []sim.DesignResult
	for i := range min(len(names), len(lanes)) {
		d := sim.DesignResult{Name: names[i]}
		for _, v := range lanes[i].Values {
			values := []float64{v.Value}
			d.Metrics = append(d.Metrics, sim.Metric{Name: v.Name, Unit: v.Unit, Values: values, Estimate: measure.Summarize(values), Ref: v.Ref})
		}
		out = append(out, d)
	}
	return out
}

// Compare chooses the metrics to show, and compares each design with the first.
func Compare(designs []sim.DesignResult) Table {
	var t Table
	for _, d := range designs {
		t.Designs = append(t.Designs, d.Name)
	}
	for _, s := range report.Table(designs) {
		t.Rows = append(t.Rows, Row{Section: true, Name: s.Name})
		for _, r := range s.Rows {
			row := Row{Name: r.Ref.Short(), Metric: r.Ref.String(), Ref: r.Ref}
			for i, m := range r.Cells {
				var c Cell
				if m != nil {
					c.Value = report.Text(*m)
					if first := r.Cells[0]; i > 0 && first != nil {
						c.Diff = differ(*m, *first)
					}
				}
				row.Cells = append(row.Cells, c)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// rounding is the relative difference up to which values count as equal.
const rounding = 1e-12

// differ is the difference of a from b, paired by replication.
func differ(a, b sim.Metric) Diff {
	e := measure.Paired(a.Values, b.Values)
	if e.N == 0 || math.IsNaN(e.Mean) || math.IsInf(e.Mean, 0) {
		return Diff{}
	}
	size := max(math.Abs(a.Mean), math.Abs(b.Mean))
	if math.Abs(e.Mean) <= rounding*size && !(e.High-e.Low > rounding*size) {
		return Diff{Known: true, Same: true, Relative: 0}
	}
	d := Diff{Known: true, Absolute: signed(e, a.Unit), Relative: math.NaN()}
	d.Noise = e.N > 1 && e.Low <= 0 && e.High >= 0
	if b.Mean != 0 && a.Unit != draw.Ratio {
		d.Relative = e.Mean / b.Mean
	}
	return d
}

// signed formats a difference with its sign. Shares differ by percentage
// points, which are not per cent of the first value.
func signed(e measure.Estimate, u draw.Unit) string {
	text := report.Text(sim.Metric{Unit: u, Estimate: e})
	if u == draw.Ratio {
		scaled := measure.Estimate{Mean: 100 * e.Mean, Low: 100 * e.Low, High: 100 * e.High, N: e.N}
		text = report.Text(sim.Metric{Unit: draw.None, Estimate: scaled}) + " pp"
	}
	if e.Mean >= 0 {
		return "+" + text
	}
	return text
}

// Percent formats a relative difference with two digits: "+12%", "×3.4" if it
// is at least twice as much; "" if there is none.
func Percent(share float64) string {
	digits := func(v float64) string { return strconv.FormatFloat(v, 'g', 2, 64) }
	switch {
	case math.IsNaN(share) || math.IsInf(share, 0):
		return ""
	case share >= 999:
		return "×" + report.Text(sim.Metric{Unit: draw.None, Estimate: measure.Estimate{Mean: math.Round(share + 1)}})
	case share >= 1:
		return "×" + strconv.FormatFloat(share+1, 'g', 3, 64)
	}
	v, err := strconv.ParseFloat(digits(100*math.Abs(share)), 64)
	if err != nil {
		return "" // cannot happen: the text is a formatted number
	}
	sign := "+"
	if share < 0 {
		sign = "-"
	}
	return sign + strconv.FormatFloat(v, 'f', -1, 64) + "%"
}
