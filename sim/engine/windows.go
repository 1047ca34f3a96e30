package engine

import (
	"math"
	"slices"

	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// The windows of Config.Windows: for each, the counters and distributions of the
// operations that arrived in it, whenever they ended, and the counters of the
// messages published in it, until the duration. They are laid out as those of the
// loads and queues in the run's recorder, one window after the other.

// countOp counts an operation that arrived at the given time.
func (r *Run) countOp(c measure.Counter, arrival int64) {
	r.rec.IncOp(c, arrival)
	if len(r.cfg.Windows) > 0 {
		r.countWithin(c, arrival)
	}
}

// countCopy counts a message that was published to a queue at the given time.
func (r *Run) countCopy(c measure.Counter, published int64) {
	if r.rec.IncOp(c, published); len(r.cfg.Windows) > 0 {
		r.countCopyWithin(c, published)
	}
}

func (r *Run) countCopyWithin(c measure.Counter, published int64) {
	if !r.draining {
		r.countWithin(c, published)
	}
}

// countWithin counts in the windows that a time lies in.
func (r *Run) countWithin(c measure.Counter, t int64) {
	for i := range r.within(t) {
		r.windows.Inc(c + measure.Counter(i)*r.prog.arrivals.c)
	}
}

// endOp counts, and times, an operation that arrived at the given time and has now
// come to an end.
func (r *Run) endOp(c measure.Counter, h measure.HistID, arrival int64) {
	if r.rec.EndOp(c, h, r.now-arrival, arrival); len(r.cfg.Windows) > 0 {
		r.endWithin(c, h, arrival)
	}
}

func (r *Run) endWithin(c measure.Counter, h measure.HistID, arrival int64) {
	for i := range r.within(arrival) {
		r.windows.Inc(c + measure.Counter(i)*r.prog.arrivals.c)
		r.windows.Observe(h+measure.HistID(i)*r.prog.arrivals.h, r.now-arrival)
	}
}

// within yields the windows that a time lies in.
func (r *Run) within(t int64) func(yield func(i int) bool) {
	return func(yield func(int) bool) {
		for i, w := range r.cfg.Windows {
			if w.From <= t && t < w.To && !yield(i) {
				return
			}
		}
	}
}

// inWindow is a number of the operations that arrived, or of the messages that were
// published, in one of the windows.
func (r *Run) inWindow(m *meter, s metric.Stat, w measure.Span) (float64, bool) {
	i := slices.Index(r.cfg.Windows, w)
	if i < 0 {
		return math.NaN(), false
	}
	x := *m
	c, h := measure.Counter(i)*r.prog.arrivals.c, measure.HistID(i)*r.prog.arrivals.h
	x.c, x.of, x.h, x.plus = m.c+c, m.of+c, m.h+h, slices.Clone(m.plus)
	for k := range x.plus {
		x.plus[k] += c
	}
	if x.Shape() == metric.Computed {
		return r.ofOperations(m, func(n measure.Counter) uint64 { return r.windows.Count(n + c) }), true
	}
	_, end := r.kept().Window()
	return x.over(&r.windows, s, float64(min(w.To, end)-w.From)/1e9), true
}
