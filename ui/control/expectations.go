package control

import (
	"context"
	"math"
	"runtime"

	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/expect"
	"asynclab/sim/mech/all"
)

// Judge evaluates expectations on the lanes so far. For an expectation that
// cannot be parsed, or is about a design that is not open, Detail gives the
// reason.
func (s *Session) Judge(lines []string) []Verdict {
	var all []Verdict
	for _, line := range lines {
		all = append(all, Verdict{line, s.judge(line, s.lookup)})
	}
	return all
}

func (s *Session) judge(line string, lookup expect.Lookup) expect.Outcome {
	e, err := expect.Parse(line, all.Mechanisms.Begin()...)
	if err != nil {
		return expect.Outcome{Value: math.NaN(), Bound: math.NaN(), Detail: err.Error()}
	}
	for _, ref := range e.Metrics() {
		if s.designed(ref.Design) >= 0 {
			continue
		}
		why := "design " + ref.Design + " is not open"
		if ref.Design == "" {
			why = "it names no design, and there are several"
		}
		return expect.Outcome{Inconclusive: true, Value: math.NaN(), Bound: math.NaN(), Detail: why}
	}
	return e.Evaluate(1, lookup, nil)
}

// designed is the index of a design's lane, or -1; an empty name means the only
// lane.
func (s *Session) designed(name string) int {
	if name == "" && len(s.lanes) == 1 {
		return 0
	}
	for i, l := range s.lanes {
		if name != "" && l.scene.Design == name {
			return i
		}
	}
	return -1
}

// replication prepares runs of the designs with the present changes; the
// function it returns does not use the session.
func (s *Session) replication(n int) func(context.Context, func(sim.Progress)) (*sim.Result, error) {
	designs, settings := s.settled(n)
	return func(ctx context.Context, progress func(sim.Progress)) (*sim.Result, error) {
		return sim.Run(ctx, designs, settings, progress)
	}
}

// explanation is a replication whose latency is accounted for.
func (s *Session) explanation() func(context.Context, func(sim.Progress)) (*sim.Result, error) {
	designs, settings := s.settled(1)
	return func(ctx context.Context, progress func(sim.Progress)) (*sim.Result, error) {
		r, err := sim.Run(ctx, designs, settings, progress)
		if err == nil {
			err = sim.Explain(ctx, designs, settings, r, func(string) bool { return true }, progress)
		}
		return r, err
	}
}

// settled are the designs, and the settings of n runs of each with the present changes.
func (s *Session) settled(n int) (designs []*design.Design, settings sim.Settings) {
	cfg := s.lanes[0].cfg
	settings = sim.Settings{Duration: cfg.Duration, Warmup: cfg.Warmup, Drain: cfg.Drain, Seed: cfg.Seed, MaxEvents: cfg.MaxEvents, Replications: n, Parallel: max(1, runtime.GOMAXPROCS(0)-1)} // one processor stays for the window
	for _, e := range s.sc.Expect {
		settings.Expect = append(settings.Expect, e.Parsed)
	}
	settings.Changes = map[string][]design.Change{}
	for i, l := range s.lanes {
		designs = append(designs, l.given)
		settings.Changes[l.scene.Design] = s.planned(i)
	}
	return designs, settings
}
