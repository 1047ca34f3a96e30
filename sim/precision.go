package sim

import (
	"math"
	"slices"

	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
	"asynclab/sim/warning"
)

// MostPrecise is how many replications a precision may take if the settings do not
// say.
const MostPrecise = 1_000

// Stopping decides when there are enough replications for the precision of the
// settings. It sees them in their order, so that its decision depends on neither the
// number of processors nor on which replication was finished first.
type Stopping struct {
	rule    measure.Precision
	designs []string
	expect  []*expect.Expectation
	watched []*watched // made at the first replication, which has the names
	n, held int        // replications seen; of those at the end, how many held
	budget  bool       // a budget ended a run: more of them say no more
	most    int
}

// watched is a number that the precision is about: of the table's head, or named by
// an expectation.
type watched struct {
	design int
	name   string
	at     int // in Outcome.Values; -1: a window
	window *expect.Window
	unit   Unit
	values []float64
	errors float64 // of the histogram, summed

	short float64 // by how much the half of the interval exceeds what was asked for
	half  float64
}

// NewStopping returns the decision for designs with these names, in the order of the
// outcomes that Add gets.
func NewStopping(designs []string, s Settings) *Stopping {
	return &Stopping{rule: measure.Precision{Relative: s.Precision}, designs: designs, expect: s.Expect, most: s.Replications}
}

// Add takes the next replication, with one finished outcome of each design, and
// reports whether it is the last: the rule of [measure.Precision] holds for all
// numbers, and has held for the three replications before.
func (st *Stopping) Add(runs []*Outcome) (enough bool) {
	if st.n == 0 {
		st.watch(runs)
	}
	st.n++
	holds := true
	for _, w := range st.watched {
		w.add(runs[w.design])
		if st.n < measure.PrecisionFirst {
			continue
		}
		ok := w.check(st.rule)
		holds = holds && ok
	}
	st.budget = st.budget || slices.ContainsFunc(runs, func(o *Outcome) bool { return o.End.Budget() })
	if st.n < measure.PrecisionFirst {
		return false
	}
	if holds {
		st.held++
	} else {
		st.held = 0
	}
	return st.budget || st.held > measure.PrecisionStays
}

// Guess is about how many replications there will be: intervals narrow with the
// square root of their number.
func (st *Stopping) Guess() int {
	most, n := st.most, float64(max(st.n, measure.PrecisionFirst))
	for _, w := range st.watched {
		n = max(n, float64(st.n)*min(w.short*w.short, 1e6))
	}
	return min(most, int(n)+measure.PrecisionStays-min(st.held, measure.PrecisionStays))
}

// Warnings are about the numbers of a design that are less precise than was asked
// for.
func (st *Stopping) Warnings(design int) (out []Warning) {
	if st.n == 0 || st.budget {
		return nil
	}
	for _, w := range st.watched {
		if w.check(st.rule); w.design != design || w.short < 1 {
			continue
		}
		name := w.name
		if w.window != nil {
			name += " in " + w.window.String()
		}
		out = append(out, warning.Of(warning.PrecisionNotReached, name, draw.FormatQuantity(draw.Significant(w.half, 2), w.unit), st.n,
			draw.FormatQuantity(draw.Significant(w.half/w.short, 2), w.unit)))
	}
	return out
}

// watch lists the numbers.
func (st *Stopping) watch(runs []*Outcome) {
	named := func(d int, name string, window *expect.Window) {
		i := slices.IndexFunc(runs[d].Values, func(v engine.MetricValue) bool { return v.Name == name })
		if i < 0 || slices.ContainsFunc(st.watched, func(w *watched) bool {
			return w.design == d && w.name == name && (w.window == window || w.window != nil && window != nil && *w.window == *window)
		}) {
			return
		}
		w := &watched{design: d, name: name, at: i, window: window, unit: runs[d].Values[i].Unit}
		st.watched = append(st.watched, w)
	}
	for d, o := range runs {
		for _, v := range o.Values {
			if v.Ref.Metric != nil && v.Ref.Compared.Head && slices.Contains(v.Ref.Compared.Stats, v.Ref.Stat) {
				named(d, v.Name, nil)
			}
		}
		for _, e := range st.expect {
			for _, ref := range e.Metrics() {
				if ref.Design == st.designs[d] || ref.Design == "" && len(st.designs) == 1 {
					named(d, ref.Metric, ref.Window)
				}
			}
		}
	}
}

func (w *watched) add(o *Outcome) {
	value := math.NaN()
	switch {
	case w.window != nil:
		for _, v := range o.Windows {
			if v.Metric == w.name && v.Window == *w.window {
				value = v.Value
			}
		}
	case w.at < len(o.Values) && o.Values[w.at].Name == w.name:
		value = o.Values[w.at].Value
		if !math.IsNaN(value) {
			w.errors += o.Values[w.at].Error
		}
	}
	w.values = append(w.values, value)
}

// check reports whether the number is precise enough.
func (w *watched) check(rule measure.Precision) (ok bool) {
	e := measure.Summarize(w.values)
	if e.N > 0 {
		e.Low -= w.errors / float64(e.N)
		e.High += w.errors / float64(e.N)
	}
	w.half = (e.High - e.Low) / 2
	ok, w.short = rule.Reached(e, w.unit == draw.Ratio)
	return ok
}
