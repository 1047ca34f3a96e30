package sim

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// need is a metric over a window that an expectation names. Its value must be read
// before the run is released; all other values are part of every outcome.
type need struct {
	design int
	metric string
	window expect.Window
}

// designOf finds the design that a reference names; without a name, the only
// design.
func designOf(designs []*design.Design, name string) int {
	if name == "" && len(designs) == 1 {
		return 0
	}
	for i, d := range designs {
		if name != "" && d.Name == name {
			return i
		}
	}
	return -1
}

func windows(designs []*design.Design, all []*expect.Expectation) []need {
	var out []need
	for _, e := range all {
		for _, ref := range e.Metrics() {
			if d := designOf(designs, ref.Design); d >= 0 && ref.Window != nil {
				out = append(out, need{d, ref.Metric, *ref.Window})
			}
		}
	}
	return out
}

// judge evaluates the expectations. An expectation about a design that was not
// run is skipped; so are all of them when no replication was finished.
func (x *experiment) judge(r *Result, reps []int, partial bool) {
	values := make([]map[string]int, len(r.Designs))
	for d := range r.Designs {
		values[d] = make(map[string]int, len(r.Designs[d].Metrics))
		for i, m := range r.Designs[d].Metrics {
			values[d][m.Name] = i
		}
	}
	lookup := func(design, metric string, w *expect.Window, rep int) (float64, draw.Unit, bool) {
		d := designOf(x.designs, design)
		i, ok := values[d][metric]
		if !ok {
			return math.NaN(), draw.None, false
		}
		m := r.Designs[d].Metrics[i]
		if w == nil {
			return m.Values[rep], m.Unit, true
		}
		v, ok := x.windowed(need{d, metric, *w}, reps[rep])
		return v, m.Unit, ok
	}
	off := func(design, metric string, w *expect.Window) float64 {
		d := designOf(x.designs, design)
		i, ok := values[d][metric]
		switch {
		case !ok:
			return 0
		case w == nil:
			return r.Designs[d].Metrics[i].Error
		case r.Designs[d].Metrics[i].Ref.Stat.Quantile() > 0:
			return float64(measure.WindowError * r.Designs[d].Metrics[i].Mean)
		}
		return 0
	}
	for _, e := range x.settings.Expect {
		why := ""
		if partial {
			why = "no run came to its end"
		}
		for _, ref := range e.Metrics() {
			switch {
			case designOf(x.designs, ref.Design) >= 0:
			case ref.Design == "":
				why = "it names no design, and there are several"
			default:
				why = "design " + ref.Design + " was not run"
			}
		}
		if why != "" {
			r.Skipped = append(r.Skipped, Skip{e.Text(), why})
			continue
		}
		r.Expectations = append(r.Expectations, Verdict{e.Text(), e.Evaluate(len(reps), lookup, off)})
	}
}

func (x *experiment) windowed(n need, rep int) (float64, bool) {
	for i, have := range x.needs {
		if have == n {
			o := x.runs[job{n.design, rep}]
			return o.windowed[i], o.known[i]
		}
	}
	return math.NaN(), false
}
