package sim

import (
	"math"
	"slices"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// need is a metric over a window that an expectation names. Its value must be read
// before the run is released; all other values are part of every outcome.
type need struct {
	metric string
	window expect.Window
}

// windows are those that expectations name of a design, or of no design: there may
// be only this one.
func windows(design string, all []*expect.Expectation) []need {
	var out []need
	for _, e := range all {
		for _, ref := range e.Metrics() {
			if (ref.Design == design || ref.Design == "") && ref.Window != nil {
				out = append(out, need{ref.Metric, *ref.Window})
			}
		}
	}
	return out
}

// judge evaluates expectations on the outcomes of some replications.
type judge struct {
	parts   []Part
	designs []DesignResult
	reps    []int // that count, from 0
	partial bool  // no replication was finished
}

// design finds the design that a reference names; without a name, the only design.
func (j *judge) design(name string) int {
	if name == "" && len(j.parts) == 1 {
		return 0
	}
	return slices.IndexFunc(j.parts, func(p Part) bool { return name != "" && p.Design == name })
}

// all evaluates the expectations. An expectation about a design that was not run is
// skipped; so are all of them when no replication was finished.
func (j *judge) all(expected []*expect.Expectation) (out []Verdict, skipped []Skip) {
	values := make([]map[string]int, len(j.designs))
	for d := range j.designs {
		values[d] = make(map[string]int, len(j.designs[d].Metrics))
		for i, m := range j.designs[d].Metrics {
			values[d][m.Name] = i
		}
	}
	lookup := func(design, metric string, w *expect.Window, rep int) (float64, draw.Unit, bool) {
		d := j.design(design)
		i, ok := values[d][metric]
		if !ok {
			return math.NaN(), draw.None, false
		}
		m := j.designs[d].Metrics[i]
		if w == nil {
			return m.Values[rep], m.Unit, true
		}
		v, ok := j.parts[d].at(j.reps[rep]).in(metric, *w)
		return v, m.Unit, ok
	}
	off := func(design, metric string, w *expect.Window) float64 {
		d := j.design(design)
		i, ok := values[d][metric]
		switch {
		case !ok:
			return 0
		case w == nil:
			return j.designs[d].Metrics[i].Error
		case j.designs[d].Metrics[i].Ref.Stat.Quantile() > 0:
			return float64(measure.WindowError * j.designs[d].Metrics[i].Mean)
		}
		return 0
	}
	for _, e := range expected {
		if why := j.skip(e); why != "" {
			skipped = append(skipped, Skip{e.Text(), why})
			continue
		}
		out = append(out, Verdict{e.Text(), e.Evaluate(len(j.reps), lookup, off)})
	}
	return out, skipped
}

// skip is why an expectation is not judged; "" if it is.
func (j *judge) skip(e *expect.Expectation) (why string) {
	if j.partial {
		why = "no run came to its end"
	}
	for _, ref := range e.Metrics() {
		switch {
		case j.design(ref.Design) >= 0:
		case ref.Design == "":
			why = "it names no design, and there are several"
		default:
			why = "design " + ref.Design + " was not run"
		}
	}
	return why
}

// in is the value of a metric over a window, if the run has it.
func (o *Outcome) in(metric string, w expect.Window) (float64, bool) {
	for i := range o.Windows {
		if v := &o.Windows[i]; v.Metric == metric && v.Window == w {
			return v.Value, true
		}
	}
	return math.NaN(), false
}
