package control

import (
	"context"

	"asynclab/sim"
	"asynclab/sim/finding"
)

// Findings says what happened in the runs so far, by lane, what matters most first.
func (s *Session) Findings() [][]finding.Finding {
	var all [][]finding.Finding
	for _, l := range s.lanes {
		all = append(all, finding.Find(l.run))
	}
	return all
}

// Findings calls back with what happened so far.
func (c *Controller) Findings(cb func([][]finding.Finding)) {
	c.do(func(s *Session) { cb(s.Findings()) })
}

// Explain runs the designs with the present changes from start to end, twice, in other
// goroutines, to account for the latency of their operations.
func (c *Controller) Explain(ctx context.Context, progress func(sim.Progress), cb func(*sim.Result, error)) {
	c.do(func(s *Session) {
		run := s.explanation()
		go guarded(func() { cb(run(ctx, progress)) }, func(err error) { cb(nil, err) })
	})
}
