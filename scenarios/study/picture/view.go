package picture

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"asynclab/sim"
	"asynclab/sim/chart"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
	"asynclab/sim/report"
	"asynclab/sim/topology"
)

// How many curves a figure over time has at most, and how many faults it names.
const (
	mostCurves = 9
	mostBands  = 12
)

// View draws each design, and what the plots of the window show of the series that a
// result has kept.
func View(r *sim.Result, designs []*design.Design) (v report.View, err error) {
	for i, d := range designs {
		g := sim.Graph(d)
		l, err := topology.Arrange(g, topology.Options{})
		if err != nil {
			return v, err
		}
		var b strings.Builder
		if err := topology.SVG(&b, g, l, topology.Theme{Mode: topology.Light, Title: d.Name, Prefix: fmt.Sprintf("design%d", i)}); err != nil {
			return v, err
		}
		v.Designs = append(v.Designs, report.Picture{Title: d.Name, SVG: b.String()})
	}
	for _, f := range courses(r) {
		var b strings.Builder
		name := f.Title
		f.Title = "" // the page has it
		if err := (chart.Sheet{Title: name, Figures: []chart.Figure{f}}).SVG(&b, chart.Light(), figureWidth, figureHeight); err != nil {
			return v, err
		}
		_, drawing, ok := strings.Cut(b.String(), "<svg")
		if !ok {
			return v, fmt.Errorf("the figure %s is no drawing", name)
		}
		v.Courses = append(v.Courses, report.Picture{Title: name, SVG: "<svg" + drawing})
	}
	return v, nil
}

// curve is a metric of designs over time, of all elements together or of one load.
type curve struct {
	designs      []int      // one, or those in which it is the same
	ref          metric.Ref // without the element where all are together
	runs         [][]float64
	start, width float64
}

// courses draws the series of a result, a figure for each plot that has any: a colour
// for each design; with replications their mean in a band from the least to the
// greatest of them.
func courses(r *sim.Result) (all []chart.Figure) {
	curves := gather(r)
	var plots []*metric.Plot
	for _, c := range curves {
		if !slices.Contains(plots, c.ref.Curve.Plot) {
			plots = append(plots, c.ref.Curve.Plot)
		}
	}
	slices.SortStableFunc(plots, func(a, b *metric.Plot) int { return cmp.Compare(place(a), place(b)) })
	for _, p := range plots {
		f := chart.Figure{Title: p.Title, X: chart.Axis{Label: "time", Unit: draw.Seconds}, Y: chart.Axis{Label: p.Counts, Unit: p.Unit}, Bands: bands(r)}
		of := distinct(slices.DeleteFunc(slices.Clone(curves), func(c *curve) bool { return c.ref.Curve.Plot != p || c.idle(len(r.Designs)) }))
		slices.SortStableFunc(of, func(a, b *curve) int { return cmp.Compare(a.designs[0], b.designs[0]) })
		left := max(len(of)-mostCurves, 0)
		if left > 0 {
			slices.SortStableFunc(of, func(a, b *curve) int { return cmp.Compare(b.greatest(), a.greatest()) })
			of = of[:mostCurves]
			f.Title += fmt.Sprintf(" (the %d highest of %d curves)", mostCurves, left+mostCurves)
		}
		lo, hi := math.Inf(1), 0.0
		for i, c := range of {
			line := c.drawn(r, i)
			for _, q := range line.XY {
				if q.Y > 0 {
					lo, hi = min(lo, q.Y), max(hi, q.Y)
				}
			}
			f.Curves = append(f.Curves, line)
		}
		const wide = 50 // from the least to the greatest latency: a logarithmic axis shows both
		f.Y.Log = p.Unit == draw.Seconds && hi > wide*lo
		if len(f.Curves) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// place is where a plot stands: in the order in which they are declared, those of
// mechanisms last.
func place(p *metric.Plot) int {
	if i := slices.Index(metric.Plots, p); i >= 0 {
		return i
	}
	return len(metric.Plots)
}

// gather adds up the series of elements, by design, metric, statistic and cause;
// latencies stay apart by load.
func gather(r *sim.Result) (all []*curve) {
	type key struct {
		design int
		ref    metric.Ref
	}
	at := map[key]*curve{}
	refs := make([]map[string]metric.Ref, len(r.Designs))
	names := map[string]int{}
	for d := range r.Designs {
		refs[d], names[r.Designs[d].Name] = map[string]metric.Ref{}, d
		for _, m := range r.Designs[d].Metrics {
			refs[d][m.Name] = m.Ref
		}
	}
	for i := range r.Series {
		s := &r.Series[i]
		d, known := names[s.Design]
		if !known {
			continue
		}
		ref, known := refs[d][s.Metric]
		if !known || ref.Curve.Plot == nil {
			continue
		}
		if ref.Shape() != metric.Distribution {
			ref.Element = ""
		}
		k := key{d, ref}
		c := at[k]
		if c == nil {
			c = &curve{designs: []int{d}, ref: ref, start: s.Start, width: s.Width}
			at[k] = c
			all = append(all, c)
		}
		for len(c.runs) < s.Replication {
			c.runs = append(c.runs, nil)
		}
		c.runs[s.Replication-1] = plus(c.runs[s.Replication-1], s.Values)
	}
	return all
}

// plus adds values to a sum; what has no value adds nothing.
func plus(sum, values []float64) []float64 {
	if sum == nil {
		return slices.Clone(values)
	}
	for i := range min(len(sum), len(values)) {
		switch {
		case math.IsNaN(sum[i]):
			sum[i] = values[i]
		case !math.IsNaN(values[i]):
			sum[i] += values[i]
		}
	}
	return sum
}

// idle reports whether a curve says nothing: it is 0 throughout, where that is not
// worth a line, or it is the median beside the tails of several designs.
func (c *curve) idle(designs int) bool {
	if designs > 1 && c.ref.Stat == metric.P50 {
		return true
	}
	return (c.ref.Curve.Quiet || c.ref.Cause != "" || designs > 1) && !(c.greatest() > 0)
}

// distinct leaves out what lies on another curve: of one design the first of two, and
// what is the same in several designs is one curve of them all.
func distinct(all []*curve) (out []*curve) {
	for i, c := range all {
		if slices.ContainsFunc(all[i+1:], func(o *curve) bool { return o.designs[0] == c.designs[0] && c.same(o) }) {
			continue
		}
		if k := slices.IndexFunc(out, func(o *curve) bool { return o.ref == c.ref && c.same(o) }); k >= 0 {
			out[k].designs = append(out[k].designs, c.designs[0])
			continue
		}
		out = append(out, c)
	}
	return out
}

func (c *curve) same(o *curve) bool {
	equal := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	return slices.EqualFunc(c.runs, o.runs, func(a, b []float64) bool { return slices.EqualFunc(a, b, equal) })
}

func (c *curve) greatest() float64 {
	most := 0.0
	for _, run := range c.runs {
		for _, v := range run {
			if v > most {
				most = v
			}
		}
	}
	return most
}

// drawn is the curve, the i-th of its figure.
func (c *curve) drawn(r *sim.Result, i int) chart.Curve {
	var words []string
	line := chart.Curve{Color: c.designs[0], Dash: chart.Dash(c.ref.Curve.Dash), Step: c.ref.Shape() == metric.Level}
	switch {
	case len(r.Designs) == 1:
		line.Color, line.Dash = i, chart.Solid
	case len(c.designs) == len(r.Designs):
		line.Color = chart.Ink
	default:
		for k, d := range c.designs {
			name := r.Designs[d].Name
			if k < len(c.designs)-1 {
				name += ","
			}
			words = append(words, name)
		}
	}
	if loads(r) > 1 || c.ref.Shape() != metric.Distribution {
		words = append(words, c.ref.Element)
	}
	words = append(words, c.ref.Curve.Label, strings.ReplaceAll(c.ref.Cause, "_", " "))
	if c.ref.Shape() == metric.Distribution {
		words = append(words, c.ref.Stat.String())
		if of := c.ref.Curve.Plot.Curves(metric.Core); c.ref.Stat == metric.P50 {
			line.Dash = chart.Dotted
		} else if len(of) > 0 && of[len(of)-1] != c.ref.Metric {
			line.Dash = chart.Dashed
		}
	}
	line.Name = strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
	n := 0
	for _, run := range c.runs {
		n = max(n, len(run))
	}
	several := len(c.runs) > 1
	for k := range n {
		sum, low, high, count := 0.0, math.Inf(1), math.Inf(-1), 0.0
		for _, run := range c.runs {
			if k < len(run) && !math.IsNaN(run[k]) {
				sum, low, high, count = sum+run[k], min(low, run[k]), max(high, run[k]), count+1
			}
		}
		if count == 0 {
			low, high = math.NaN(), math.NaN()
		}
		line.XY = append(line.XY, chart.XY{X: c.start + float64(k)*c.width, Y: sum / count})
		if several {
			line.Low, line.High = append(line.Low, low), append(line.High, high)
		}
	}
	return line
}

// loads is how many loads the designs have.
func loads(r *sim.Result) int {
	var names []string
	for _, d := range r.Designs {
		for _, m := range d.Metrics {
			if m.Ref.Metric.Kind() == metric.Load && !slices.Contains(names, m.Ref.Element) {
				names = append(names, m.Ref.Element)
			}
		}
	}
	return len(names)
}

// bands are the faults of all designs, each once.
func bands(r *sim.Result) (all []chart.Band) {
	for _, d := range r.Designs {
		for _, e := range d.Faults {
			b := chart.Band{Name: e.Fault, From: e.From.Seconds(), To: e.To.Seconds()}
			if e.To < 0 {
				b.To = d.At.Seconds()
			}
			if len(all) < mostBands && !slices.Contains(all, b) {
				all = append(all, b)
			}
		}
	}
	return all
}
