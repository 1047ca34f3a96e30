package control

import (
	"errors"
	"fmt"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/expect"
	"asynclab/sim/mech/all"
)

// A breakpoint on a metric: the run goes on until an expectation about it comes to hold.

// condition is what a run goes on to.
type condition struct {
	*expect.Expectation
	held bool // when it was looked at last
}

// moments is how often in a run a condition is looked at.
const moments = 2000

// Until goes on until a condition comes to hold that is written as an expectation, such as
// queue.rabbit/orders.length.max > 100; what it says of metrics is of the run so far. It
// stops within 1/2000 of the run's length; if the condition never comes to hold, it stays.
func (s *Session) Until(text string) error {
	if err := s.seekCondition(text); err != nil {
		return err
	}
	s.finish()
	return nil
}

func (s *Session) seekCondition(text string) error {
	e, err := expect.Parse(text, all.Mechanisms.Begin()...)
	if err != nil {
		return err
	}
	if o := s.judge(text, s.lookup); o.Inconclusive {
		return errors.New(o.Detail)
	}
	for _, ref := range e.Metrics() {
		if _, _, ok := s.Metric(ref.Design, ref.Metric, nil); !ok {
			return fmt.Errorf("there is no metric %s (hint: asynclab metrics lists them)", ref.Metric)
		}
	}
	c := &condition{Expectation: e}
	c.held = s.holds(c)
	s.seek(goal{kind: toCondition, from: s.now, cond: c})
	return nil
}

func (s *Session) lookup(design, metric string, w *expect.Window, _ int) (float64, draw.Unit, bool) {
	return s.Metric(design, metric, w)
}

func (s *Session) holds(c *condition) bool { return c.Evaluate(1, s.lookup, nil).Pass }

// workToCondition simulates to the next moment at which the condition is looked at.
func (s *Session) workToCondition(maxEvents uint64) bool {
	slice := max(s.length/moments, 1)
	if !s.Advance(time.Duration(min((s.now/slice+1)*slice, s.length)), maxEvents) {
		return false
	}
	c := s.goal.cond
	held := c.held
	c.held = s.holds(c)
	switch {
	case c.held && !held:
		s.goal, s.stopped = goal{}, ConditionMet
		return true
	case s.Over() || s.now >= s.length:
		return s.inVain()
	}
	return false
}

// RunUntil goes on until a condition comes to hold (Session.Until).
func (c *Controller) RunUntil(text string) {
	c.seeking(func(s *Session) error { return s.seekCondition(text) })
}
