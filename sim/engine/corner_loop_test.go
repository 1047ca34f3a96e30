package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/warning"
	"testing"
	"time"
)

func repeat(n int, steps ...design.Step) design.Step {
	return design.Step{Op: design.Repeat, Count: n, Branches: [][]design.Step{steps}}
}

// Loops of steps that take no time are results, not hangs or overflowing
// stacks: they end, or the budget of one instant ends them.
func TestLoopsWithoutTime(t *testing.T) {
	long := 1_000_000
	if testing.Short() {
		long = 100_000
	}
	nothing := design.Step{Op: design.Choose, Weights: []float64{0.5}, Branches: [][]design.Step{{work(0)}}}
	both := design.Step{Op: design.Parallel, Branches: [][]design.Step{{nothing}, {nothing}}}
	first := design.Step{Op: design.Parallel, Need: 1, Branches: [][]design.Step{{nothing}, {wait(milli)}}}
	fails := design.Step{Op: design.Parallel, HasElse: true, Branches: [][]design.Step{{{Op: design.Fail}}, {wait(milli)}}}
	for _, c := range []struct {
		name  string
		steps []design.Step
		end   End
	}{
		{"one loop", []design.Step{repeat(long, nothing)}, AtDuration},
		{"loops in loops", []design.Step{repeat(1000, repeat(1000, repeat(1000, repeat(1000, nothing))))}, BudgetInstant},
		{"parallel in a loop", []design.Step{repeat(long, both)}, AtDuration},
		{"the first of two in a loop", []design.Step{repeat(long/3, first)}, AtDuration},
		{"a failure in a loop", []design.Step{repeat(long/3, fails)}, AtDuration},
	} {
		if testing.Short() && c.end == BudgetInstant {
			continue // 20 million things at one instant
		}
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", c.steps...)}}
		r := start(t, d, Config{Duration: time.Second})
		if got := r.Advance(never, 0); got != c.end {
			t.Errorf("%s: ended with %d, want %d", c.name, got, c.end)
		}
		if c.end == AtDuration {
			wants{"service.s.completed": 1, "load.l.accepted.latency.max": 0}.check(t, r)
		}
	}
}

// Users whose operations fail at once and who begin again without a pause end with a
// clear cause.
func TestEndlessAtOneInstant(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("20 million things at one instant")
	}
	full := service("s", work(time.Hour))
	full.HasRoom = true
	users := design.Load{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Users: 2}
	r := start(t, &design.Design{Loads: []design.Load{users}, Services: []design.Service{full}}, Config{Duration: time.Second})
	if got := r.Advance(never, 0); got != BudgetInstant {
		t.Errorf("ended with %d at %v, want %d", got, time.Duration(r.Now()), BudgetInstant)
	}
	if err := r.Audit(); err != nil {
		t.Error(err)
	}
}

// Retries without an end and without a wait end the run soon, and the report names whose
// they are: of a load, of a step, of the other target of one. As many as were asked for
// are made, also beyond what the counter of attempts in a ready item holds.
func TestRetriesWithoutTime(t *testing.T) {
	forever := design.Retry{Attempts: design.Unlimited}
	full := service("s", work(time.Hour))
	full.HasRoom = true
	of := func(retry design.Retry) *design.Design {
		l := at("l", design.Target{Node: "s", Entry: "do"}, 0, milli)
		l.Retry = retry
		return &design.Design{Loads: []design.Load{l}, Services: []design.Service{full}}
	}
	step := of(design.Retry{})
	step.Loads[0].To.Node = "a"
	call := calling("s")
	call.Retry = forever
	caller := service("a", call)
	caller.Workers = 2
	step.Services = append(step.Services, caller)
	for _, c := range []struct {
		d    *design.Design
		end  End
		edge string
	}{
		{of(forever), BudgetInstant, "edge.l->s/do"},
		{step, BudgetInstant, "edge.a/do->s/do"},
		{of(design.Retry{Attempts: 200_000}), AtDuration, ""},
	} {
		r := start(t, c.d, Config{Duration: time.Second})
		if got := r.Advance(never, 0); got != c.end {
			t.Errorf("ended with %d at %v, want %d", got, time.Duration(r.Now()), c.end)
		}
		if err := r.Audit(); err != nil {
			t.Error(err)
		}
		if c.edge == "" {
			wants{"load.l.attempts": 1 + 200_000, "load.l.failed.rejected": 1}.check(t, r)
			continue
		}
		if w := r.Warnings()[0]; w.Kind != warning.BudgetRetries || w.Element != c.edge || r.Now() != int64(milli) || r.instant > maxRetries+10 {
			t.Errorf("%s of %s at %v, after %d things, want %s", w.Kind.ID(), w.Element, time.Duration(r.Now()), r.instant, c.edge)
		}
	}
}

// A run ends once: budgets and ends hold for single steps too, and nothing
// happens afterwards.
func TestAfterTheEnd(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0, milli, 2*milli, time.Second)}, Services: []design.Service{service("s", work(milli))}}
	for _, c := range []struct {
		name string
		cfg  Config
		end  End
		now  time.Duration
	}{
		{"events", Config{Duration: time.Minute, MaxEvents: 3}, BudgetEvents, milli},
		{"completions", Config{Completions: 2}, AtCompletions, 2 * milli},
		{"duration", Config{Duration: time.Second}, AtDuration, time.Second}, // what comes at the end does not count
	} {
		for _, steps := range []bool{false, true} {
			r := start(t, d, c.cfg)
			for steps && r.Step() {
				continue
			}
			r.Advance(never, 0)
			fp, n := r.Fingerprint(), r.Events()
			if r.End() != c.end || r.Now() != int64(c.now) {
				t.Errorf("%s, steps %v: ended with %d at %v, want %d at %v", c.name, steps, r.End(), time.Duration(r.Now()), c.end, c.now)
			}
			if r.Step() || r.Advance(never, 10) != c.end || r.Fingerprint() != fp || r.Events() != n || r.Now() != int64(c.now) {
				t.Errorf("%s: something happened after the end", c.name)
			}
			if r.Set("service.s.workers", "2") == nil {
				t.Errorf("%s: a change after the end was accepted", c.name)
			}
			if err := r.Audit(); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	r := start(t, d, Config{Duration: time.Second})
	r.Advance(never, 0)
	wants{"load.l.offered": 3}.check(t, r)
}

// When nothing is left that could happen, a run that waits for completions ends,
// at the time of the last thing that happened.
func TestIdle(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0, milli)}, Services: []design.Service{service("s", work(milli))}}
	r := start(t, d, Config{Completions: 100, Warmup: milli})
	if got := r.Advance(never, 0); got != Idle || r.Completions() != 1 {
		t.Errorf("ended with %d after %d completions, want %d after 1", got, r.Completions(), Idle)
	}
	if got := time.Duration(r.Now()); got != 2*milli {
		t.Errorf("ended at %v, want 2 ms", got)
	}
	wants{"load.l.offered": 1, "run.duration": 0.001}.check(t, r) // at the very end of the warm-up is measured
}
