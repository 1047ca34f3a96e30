package control

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
)

// Session implements the evidence by which a lesson judges a student's own run.

// Metric is the value of a metric of a design so far, or over a window; NaN
// without samples. The design may be left out if there is only one.
func (s *Session) Metric(design, name string, w *expect.Window) (float64, draw.Unit, bool) {
	i := s.designed(design)
	if i < 0 {
		return math.NaN(), draw.None, false
	}
	run := s.lanes[i].run
	ref, _ := run.Kinds().Parse(name)
	v, ok := run.Value(name)
	if ok && w != nil {
		v, ok = run.ValueIn(name, w.From, w.To)
	}
	if !ok {
		return math.NaN(), draw.None, false
	}
	return v, ref.Unit(), true
}

// Design is a design with all changes made by hand so far, and without what faults
// have set: those are no doing of the student. It is nil if there is none.
func (s *Session) Design(name string) *design.Design {
	i := s.designed(name)
	if i < 0 {
		return nil
	}
	d := s.lanes[i].given.Clone()
	for _, c := range s.lanes[i].run.Changes() {
		if c.Path != design.Inject && c.Path != design.Heal {
			_ = d.Set(c.Path, c.Value) // it was checked when it was made
		}
	}
	return d
}

// Series is a metric of a design over time.
func (s *Session) Series(design, metric string) (measure.Series, bool) {
	i := s.designed(design)
	if i < 0 {
		return measure.Series{}, false
	}
	return s.lanes[i].run.Series(metric)
}

// Ask runs f with the session, between two slices of work, and waits until f
// returns: a few milliseconds at most. It reports whether there is a session.
// It must not be called from one of the controller's functions.
func (c *Controller) Ask(f func(s *Session)) bool {
	asked := make(chan bool, 1)
	c.mail.put(func() {
		if c.s != nil {
			f(c.s)
		}
		asked <- c.s != nil
	})
	select {
	case ok := <-asked:
		return ok
	case <-c.done:
		return false
	}
}
