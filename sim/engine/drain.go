package engine

import (
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
)

// The drain: what happens after the duration, so that every operation of the
// window is followed to its end.

// closed is what stops at the duration, as it was then: the record of services,
// queues and links, all series, and what can be seen.
type closed struct {
	rec        measure.Recorder
	drainTimes []float64 // by queue
	now        Snapshot
}

// followOperations runs the drain: until every operation of the window has ended,
// or its time is up, but not beyond that many events of the run.
func (r *Run) followOperations(stop uint64) {
	if !r.draining {
		r.beginDrain()
	}
	for r.end == Running && r.awaited > 0 {
		t, ok := r.list.Next()
		if !ok || t >= r.drained {
			r.now = r.drained
			break
		}
		if r.events >= stop {
			r.bounded()
			return
		}
		r.dispatch(kernel.Until(t), r.events+1)
	}
	r.finish(AtDuration)
}

// beginDrain ends the window. Nothing new goes wrong from here on.
func (r *Run) beginDrain() {
	r.now, r.instant = r.until, 0
	r.trackAges()
	r.closed.drainTimes = make([]float64, len(r.queues))
	for qi := range r.queues {
		r.closed.drainTimes[qi] = r.drainTime(qi)
	}
	r.Snapshot(&r.closed.now)
	r.closed.rec = r.rec.Close(r.now)
	r.otherwise() // it counts elsewhere now
	for i := range r.faults {
		if f := &r.faults[i]; !f.active {
			r.cancel(&f.timer)
			f.left, f.goes = 0, false
		}
	}
	for i := range r.ops.items {
		if o := &r.ops.items[i]; o.measured && o.state == opOpen {
			r.awaited++
		}
	}
	r.draining, r.drained = true, r.until+r.drainTimeout()
}

// drainTimeout is how long the drain lasts at most.
func (r *Run) drainTimeout() int64 {
	switch {
	case r.cfg.Drain < 0 || r.cfg.Completions > 0:
		return 0
	case r.cfg.Drain > 0:
		return int64(r.cfg.Drain)
	}
	longest := int64(0)
	for i := range r.prog.loads {
		longest = max(longest, r.prog.loads[i].deadline)
	}
	if longest == 0 {
		return r.until
	}
	return min(longest, r.until)
}

// kept is the recorder of everything but the operations of the window, which are
// in r.rec.
func (r *Run) kept() *measure.Recorder {
	if r.draining {
		return &r.closed.rec
	}
	return &r.rec
}

// of is the recorder that has a metric's numbers over the window.
func (r *Run) of(m *meter) *measure.Recorder {
	if m.byArrival && !m.OfPublished {
		return &r.rec
	}
	return r.kept()
}
