package study

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/metric"
)

// replicated are designs with expectations in windows, a fault and metrics that are
// asked for.
const replicated = `version: 1
name: pair
run: {duration: 60s, warmup: 5s, seed: 5}
load: {users: {to: shop/buy, arrivals: poisson(10/s), timeout: 2s}}
links: {default: {latency: 1ms}}
designs:
  one: {services: {shop: {workers: 1, on: {buy: [work: exp(30ms)]}}}}
  two: {services: {shop: {workers: 2, on: {buy: [work: exp(50ms)]}}}}
faults: [crash: shop, at: 20s, for: 3s]
expect:
  - "one: load.users.confirmed.latency.p50 < 60ms"
  - "two: load.users.failed.ratio in 20s..30s > 0"
`

func replicating(t *testing.T, s sim.Settings) *Replicated {
	t.Helper()
	sc, err := scenarios.Parse(nil, "pair.yaml", []byte(strings.Replace(replicated, "faults: [crash: shop, at: 20s, for: 3s]", "faults:\n  - {crash: shop, at: 20s, for: 3s}", 1)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := sc.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	s.Findings = true
	s.Duration, s.Warmup, s.Seed, s.Changes, s.Silence = sc.Run.Duration, sc.Run.WarmupOf(sc.Run.Duration), sc.Run.Seed, sc.AllChanges(), sc.Silence
	for _, e := range sc.Expect {
		s.Expect = append(s.Expect, e.Parsed)
	}
	return &Replicated{Bundle: b, Version: "test", Designs: sc.Designs, Settings: s}
}

func asJSON(t *testing.T, r *sim.Result) string {
	t.Helper()
	r.Engine.Wall, r.Engine.Events = 0, 0
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Replications as jobs give what sim.Run gives, to the bit: a number of them, some
// metrics only, and as many as a precision needs.
func TestReplicatedIsRun(t *testing.T) {
	some, err := metric.Choose("load.*.completed", "*.latency.p99")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]sim.Settings{
		"ten":            {Replications: 10},
		"some metrics":   {Replications: 3, Metrics: some},
		"precise":        {Precision: 0.15, Replications: 40},
		"precise, some":  {Precision: 0.15, Metrics: some, Replications: 40},
		"not reached":    {Precision: 0.001, Replications: 9},
		"at its minimum": {Precision: 0.5, Replications: 5},
	} {
		t.Run(name, func(t *testing.T) {
			x := replicating(t, s)
			want, err := sim.Run(context.Background(), x.Designs, x.Settings, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := x.Run(context.Background(), through{&Local{}})
			if err != nil {
				t.Fatal(err)
			}
			if g, w := asJSON(t, got), asJSON(t, want); g != w {
				t.Errorf("by jobs\n%.2000s\nby sim.Run\n%.2000s", g, w)
			}
			if len(want.Designs[0].Findings) == 0 || want.Designs[0].Findings[0].ID != "fault" {
				t.Errorf("the crash is not found: %+v", want.Designs[0].Findings)
			}
			if want.Replications < 2 {
				t.Errorf("%d replications", want.Replications)
			}
		})
	}
}

// through is a runner whose results have travelled.
type through struct{ Runner }

func (r through) Run(ctx context.Context, jobs []Job, done func(int, Result) error) error {
	return r.Runner.Run(ctx, jobs, func(i int, r Result) error {
		back, err := DecodeResult(r.Encode())
		if err != nil {
			return err
		}
		return done(i, *back)
	})
}

// A job that fails names itself; an interrupt leaves what was finished.
func TestReplicatedEnds(t *testing.T) {
	x := replicating(t, sim.Settings{Replications: 4})
	x.Set = map[string][]string{"two": {"service.nosuch.workers=3"}}
	_, err := x.Run(context.Background(), &Local{})
	if bad := (*Error)(nil); !errors.As(err, &bad) || bad.Job.Design != "two" || !strings.Contains(err.Error(), "service.nosuch.workers=3") {
		t.Errorf("error %v", err)
	}
	x = replicating(t, sim.Settings{Replications: 1})
	if _, err := x.Run(context.Background(), &Local{}); err == nil {
		t.Error("a single run as a job")
	}
	ctx, cancel := context.WithCancel(context.Background())
	x = replicating(t, sim.Settings{Replications: 50})
	left := 9
	r, err := x.Run(ctx, interrupted{&Local{Parallel: 1}, &left, cancel})
	if err != nil || !r.Interrupted || r.Replications != 4 || r.Asked != 50 {
		t.Errorf("%+v, error %v: 4 whole replications of two designs were finished", r, err)
	}
}

// interrupted ends the context after some results.
type interrupted struct {
	Runner
	left   *int
	cancel func()
}

func (r interrupted) Run(ctx context.Context, jobs []Job, done func(int, Result) error) error {
	return r.Runner.Run(ctx, jobs, func(i int, result Result) error {
		err := done(i, result)
		if *r.left--; *r.left == 0 {
			r.cancel()
		}
		return err
	})
}
