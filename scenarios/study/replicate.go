package study

import (
	"context"
	"errors"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/measure"
)

// Replicated runs designs as sim.Run does, their replications as jobs of a Runner.
type Replicated struct {
	Bundle   *scenarios.Bundle
	Version  string              // of the program: Build
	Designs  []*design.Design    // with their settings
	Set      map[string][]string // PATH=VALUE, by design: how the settings are repeated in a job
	Settings sim.Settings        // at least two replications, or a precision; without series

	parts []sim.Part
}

// Run gives the result of sim.Run, but for what the engine took. A job that fails ends
// it with an *Error; when ctx ends, what was finished is the result.
func (x *Replicated) Run(ctx context.Context, r Runner) (*sim.Result, error) {
	began := time.Now()
	if err := x.prepare(); err != nil {
		return nil, err
	}
	s := x.Settings
	var err error
	done := s.Replications
	if s.Precision > 0 {
		done, err = x.until(ctx, r)
	} else {
		err = x.more(ctx, r, 1, s.Replications)
	}
	interrupted := ctx.Err() != nil
	if err != nil && !interrupted {
		return nil, err
	}
	if !interrupted {
		s.Replications = done
	}
	out := sim.Merge(x.parts, s)
	out.Interrupted = interrupted
	for _, d := range out.Designs {
		out.Engine.Events += d.Events
	}
	out.Engine.Wall = time.Since(began)
	return out, nil
}

// prepare checks the designs and what is asked of them before a job is given out.
func (x *Replicated) prepare() error {
	s := &x.Settings
	if s.Precision > 0 && s.Replications == 0 {
		s.Replications = sim.MostPrecise
	}
	if s.Series || s.Precision == 0 && s.Replications < 2 {
		return errors.New("a single run and series over time are not made by jobs")
	}
	if err := sim.CheckChoice(x.Designs, s.Metrics); err != nil {
		return err
	}
	for _, d := range x.Designs {
		p, err := sim.Prepare(d, *s)
		if err != nil {
			return err
		}
		x.parts = append(x.parts, sim.Part{Design: d.Name, Warnings: p.Warnings, Outcomes: make([]*sim.Outcome, s.Replications)})
	}
	return nil
}

// more runs replications from..to of all designs, replication by replication, so that
// an interrupt leaves every design with about the same number of them.
func (x *Replicated) more(ctx context.Context, r Runner, from, to int) error {
	var jobs []Job
	for rep := from; rep <= to; rep++ {
		for _, of := range x.Designs {
			jobs = append(jobs, Job{Scenario: x.Bundle, Version: x.Version, Design: of.Name, Set: x.Set[of.Name],
				Run: RunOf(x.Settings), From: rep, To: rep, Metrics: x.Settings.Metrics.Patterns(), All: true, Expect: Texts(x.Settings.Expect), Findings: x.Settings.Findings})
		}
	}
	return r.Run(ctx, jobs, func(i int, r Result) error {
		if r.Error != "" {
			return &Error{&jobs[i], r.Error}
		}
		x.parts[i%len(x.Designs)].Outcomes[jobs[i].From-1] = r.Outcomes[0]
		return nil
	})
}

// until runs replications in rounds until they are precise enough, and returns their
// number. What a round has beyond it does not count.
func (x *Replicated) until(ctx context.Context, r Runner) (int, error) {
	var names []string
	for _, d := range x.Designs {
		names = append(names, d.Name)
	}
	most := x.Settings.Replications
	stopping := sim.NewStopping(names, x.Settings)
	seen, enough := 0, false
	for to := min(measure.PrecisionFirst+measure.PrecisionStays, most); !enough && seen < most; to = max(stopping.Guess(), seen+1) {
		if err := x.more(ctx, r, seen+1, to); err != nil {
			return seen, err
		}
		for seen < to && !enough {
			var runs []*sim.Outcome
			for _, p := range x.parts {
				runs = append(runs, p.Outcomes[seen])
			}
			seen++
			enough = stopping.Add(runs)
		}
	}
	for d := range x.parts {
		p := &x.parts[d]
		p.Outcomes, p.Warnings = p.Outcomes[:seen], append(p.Warnings, stopping.Warnings(d)...)
	}
	return seen, nil
}
