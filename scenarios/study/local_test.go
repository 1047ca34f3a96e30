package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/expect"
	"asynclab/sim/finding"
	"asynclab/sim/metric"
	"asynclab/sim/warning"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// exactly compares results to the bit, but for the wall clock.
var exactly = cmp.Options{
	cmp.Comparer(func(a, b float64) bool {
		return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
	}),
	cmp.Comparer(func(a, b *metric.Metric) bool { return a == b }),
	cmp.Comparer(func(a, b warning.Kind) bool { return a == b }),
	cmp.Comparer(func(a, b *finding.Kind) bool { return a == b }),
	cmpopts.IgnoreFields(sim.Cost{}, "Wall"),
	cmp.AllowUnexported(expect.Outcome{}, metric.Choice{}),
	cmpopts.EquateEmpty(),
}

// load reads a scenario of the library, with a shorter run.
func load(t *testing.T, name string, length time.Duration) (*scenarios.Scenario, *scenarios.Bundle, sim.Settings) {
	t.Helper()
	s, err := scenarios.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	settings := sim.Settings{Duration: length, Warmup: length / 5, Seed: 3, Replications: 3, Changes: s.AllChanges(), Silence: s.Silence}
	for _, e := range s.Expect {
		settings.Expect = append(settings.Expect, e.Parsed)
	}
	return s, b, settings
}

// jobsOf are the jobs of all designs, size replications each.
func jobsOf(s *scenarios.Scenario, b *scenarios.Bundle, settings sim.Settings, size int) (jobs []Job) {
	like := Job{Scenario: b, Version: "test", Run: RunOf(settings), Expect: Texts(settings.Expect)}
	for _, d := range s.Designs {
		like.Design = d.Name
		jobs = append(jobs, Split(like, 1, settings.Replications, size)...)
	}
	return jobs
}

// run returns the results by job, each after its way through JSON.
func run(t *testing.T, r Runner, jobs []Job) []Result {
	t.Helper()
	results := make([]Result, len(jobs))
	err := r.Run(context.Background(), jobs, func(i int, r Result) error {
		if results[i].Job != "" {
			t.Errorf("job %d was reported twice", i)
		}
		again, err := DecodeResult(r.Encode())
		if err != nil {
			return err
		}
		if diff := cmp.Diff(&r, again, exactly); diff != "" {
			return errors.New("changed by JSON: " + diff)
		}
		results[i] = *again
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// Jobs, however they are cut and run, give what sim.Run gives, to the bit:
// estimates, errors of percentiles, fingerprints, warnings, verdicts, windows.
func TestLocalIsRun(t *testing.T) {
	for _, name := range []string{"order-flow", "circuit-breaker", "rate-limit"} {
		s, b, settings := load(t, name, 3*time.Second)
		if name == "order-flow" {
			for _, line := range []string{"load.shoppers.offered > 1 in 1s..3s", "broker: load.shoppers.offered in 1s..3s > 1", "chain: load.shoppers.accepted.latency.p99 in 2s..3s < 1s"} {
				if e, err := expect.Parse(line); err == nil {
					settings.Expect = append(settings.Expect, e)
				}
			}
			if len(settings.Expect) < len(s.Expect)+2 {
				t.Fatal("the expectations with windows are not understood")
			}
		}
		want, err := sim.Run(context.Background(), s.Designs, settings, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, how := range []struct{ size, parallel int }{{1, 1}, {2, 8}, {3, 2}} {
			jobs := jobsOf(s, b, settings, how.size)
			got, err := Merge(jobs, run(t, &Local{Parallel: how.parallel}, jobs), settings)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, exactly); diff != "" {
				t.Errorf("%s, %d replications a job, %d at a time:\n%s", name, how.size, how.parallel, diff)
			}
		}
	}
}

// A job is run with its own settings, and asks for its own metrics.
func TestSettingsAndMetrics(t *testing.T) {
	s, b, settings := load(t, "bench/mm1", 2*time.Second)
	d := s.Designs[0]
	const workers = "service.server.workers"
	if _, err := d.Lookup(workers); err != nil {
		t.Fatal(err)
	}
	like := Job{Scenario: b, Design: d.Name, Run: RunOf(settings), From: 1, To: 1, Metrics: []string{"load.*.accepted.latency.p??", "service.server.utilization"}}
	var jobs []Job
	for n := range 4 {
		j := like
		j.Set = []string{fmt.Sprintf("%s=%d", workers, n+1)}
		jobs = append(jobs, j)
	}
	results := run(t, &Local{}, jobs)
	for i, r := range results {
		c := d.Clone()
		if err := c.Set(workers, fmt.Sprint(i+1)); err != nil {
			t.Fatal(err)
		}
		settings.Replications = 1
		want, err := sim.Run(context.Background(), []*design.Design{c}, settings, nil)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, v := range r.Outcomes[0].Values {
			names = append(names, strings.TrimPrefix(v.Name, "load.clients."))
			if m, ok := want.Designs[0].Metric(v.Name); !ok || m.Mean != v.Value {
				t.Errorf("%d workers: %s is %v, not %v", i+1, v.Name, v.Value, m.Mean)
			}
		}
		if !slices.Equal(names, []string{"accepted.latency.p50", "accepted.latency.p90", "accepted.latency.p95", "accepted.latency.p99", "service.server.utilization"}) {
			t.Errorf("metrics: %v", names)
		}
	}
}

// Every kind of wrong job fails alone and says why; the others go on.
func TestWrongJobs(t *testing.T) {
	s, b, settings := load(t, "bench/mm1", time.Second)
	good := Job{Scenario: b, Design: s.Designs[0].Name, Run: RunOf(settings), From: 1, To: 2}
	for _, c := range []struct {
		change func(j *Job)
		want   string
	}{
		{func(j *Job) { j.Design = "x" }, `has no design "x"`},
		{func(j *Job) { j.From = 0 }, "replications must be from 1 to 10000, not 0 to 2"},
		{func(j *Job) { j.To = 1 << 40 }, "replications must be from 1 to 10000"},
		{func(j *Job) { j.From = 3 }, "replications must be from 1"},
		{func(j *Job) { j.Set = []string{"service.server.workers"} }, "PATH=VALUE"},
		{func(j *Job) { j.Set = []string{"service.nosuch.workers=1"} }, "service.nosuch.workers=1: "},
		{func(j *Job) { j.Set = slices.Repeat([]string{"service.server.workers=1"}, maxTexts+1) }, "at most 1000"},
		{func(j *Job) { j.Metrics = []string{strings.Repeat("x", maxTextLen+1)} }, "more than 10000 bytes"},
		{func(j *Job) { j.Run.Duration = -1 }, "must not be negative"},
		{func(j *Job) { j.Run.Duration = 1 << 62 }, "lasts at most"},
		{func(j *Job) { j.Expect = []string{"load.users"} }, "expectation load.users: "},
		{func(j *Job) { j.Scenario = scenarios.NewBundle("x.yaml", []byte("version: 9"), nil) }, "x.yaml"},
		{func(j *Job) {
			j.Scenario = scenarios.NewBundle("x.yaml", []byte(strings.Replace(string(b.Text), "exp(1s)", `'empirical("../../secret")'`, 1)), nil)
		}, "not in the scenario's folder"},
	} {
		bad := good
		c.change(&bad)
		results := run(t, &Local{Parallel: 2}, []Job{good, bad, good})
		if !strings.Contains(results[1].Error, c.want) || results[1].Outcomes != nil {
			t.Errorf("error %q, want %q", results[1].Error, c.want)
		}
		if results[0].Error != "" || results[2].Error != "" || len(results[2].Outcomes) != 2 {
			t.Errorf("%s: others are disturbed: %+v", c.want, results)
		}
		if _, err := Merge([]Job{good, bad}, results[:2], settings); err == nil || !strings.HasPrefix(err.Error(), bad.String()+": ") {
			t.Errorf("merged: %v", err)
		}
	}
}

// A call ends with its context, and with an error of its receiver.
func TestLocalEnds(t *testing.T) {
	s, b, settings := load(t, "bench/mm1", time.Second)
	jobs := jobsOf(s, b, settings, 1)
	ctx, cancel := context.WithCancel(context.Background())
	var seen []int
	err := (&Local{Parallel: 1}).Run(ctx, jobs, func(i int, r Result) error {
		seen = append(seen, i)
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || !slices.Equal(seen, []int{0}) {
		t.Errorf("%v after jobs %v", err, seen)
	}
	full, n := errors.New("no space left on device"), 0
	err = (&Local{Parallel: 2}).Run(context.Background(), jobs, func(int, Result) error { n++; return full })
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("%v after %d results", err, n)
	}
	var last Status
	if err := (&Local{Status: func(s Status) { last = s }}).Run(context.Background(), jobs, func(int, Result) error { return nil }); err != nil {
		t.Error(err)
	}
	if last.Jobs != 3 || last.Done != 3 || last.Running != 0 || last.Share != 1 || last.Events == 0 || last.Waiting() != 0 {
		t.Errorf("status at the end: %+v", last)
	}
}
