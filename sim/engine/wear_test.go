package engine

import (
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
)

// A machine that breaks down only at work, with work that goes on after the repair: M/M/1
// with breakdowns of the active kind (Gaver 1962). A customer's time of completion C is its
// work S and a repair R for each breakdown, ξ a second of work:
//
//	E[C] = E[S](1 + ξE[R]),  E[C²] = E[S²](1 + ξE[R])² + ξE[S]E[R²],  T = λE[C²]/2(1-λE[C]) + E[C]
//
// With λ = 0.5, S exp(1 s), ξ = 0.1, R exp(2 s): E[C] = 1.2, E[C²] = 3.68, T = 2.3 + 1.2.
// By the clock of the run it would break down while it is idle, too, in 1 of 6.
func TestBreaksDownAtWork(t *testing.T) {
	run := func(clock design.FaultClock, kind design.FaultKind, seconds time.Duration) *Run {
		s := service("s")
		s.Room, s.HasRoom, s.Crash = design.Unlimited, true, design.CrashResume
		s.Handlers[0].Steps = []design.Step{{Op: design.Work, Dist: exp(time.Second)}}
		f := design.Fault{Name: "f", Kind: kind, Node: "s", Every: exp(10 * time.Second), HasEvery: true, For: exp(2 * time.Second), HasFor: true, Clock: clock}
		l := design.Load{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 0.5}, Deadline: design.None, Timeout: design.None}
		r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Faults: []design.Fault{f}}, Config{Duration: seconds * time.Second, Seed: 2})
		r.Advance(never, 0)
		return r
	}
	r := run(design.ClockBusy, design.FaultPause, 300_000)
	if got := metricOf(t, r, "load.l.confirmed.latency.mean"); math.Abs(got-3.5) > 0.14 {
		t.Errorf("T = %v s, want 3.5", got)
	}
	// 0.5 s of work a second, a breakdown for each 10 s of it, and each stands still for 2 s.
	if got, want := metricOf(t, r, "service.s.utilization"), 0.6; math.Abs(got-want) > 0.01 {
		t.Errorf("held for %v of the time, want %v", got, want)
	}
	rounds := func(r *Run) float64 { return float64(r.faults[0].round) }
	if got := rounds(r); math.Abs(got-15_000) > 4*math.Sqrt(15_000) {
		t.Errorf("%v breakdowns, want 15000", got)
	}
	if got, want := rounds(run(design.ClockTime, design.FaultPause, 30_000)), 30_000.0/12; math.Abs(got-want) > 4*math.Sqrt(want) {
		t.Errorf("%v breakdowns by the clock, want %v", got, want)
	}
	// Down time is not busy: the same number of crashes for the same work.
	if got := rounds(run(design.ClockBusy, design.FaultCrash, 30_000)); got > 1500+4*39 || got < 1000 {
		t.Errorf("%v crashes of a machine that refuses what comes meanwhile, want less than 1500", got)
	}
}

// A fault on a condition begins at the first look at which it holds, and again when it has
// not held meanwhile.
func TestFaultOnACondition(t *testing.T) {
	crash := design.Fault{Name: "f", Kind: design.FaultCrash, Node: "s", For: constant(time.Second), HasFor: true, When: "load.l.offered >= 50"}
	d := tenASecond(crash)
	d.Services[0].Handlers[0].Steps[0] = work(milli)
	r := corner(t, d)
	if got := r.faults[0].begun; got < int64(4900*milli) || got > int64(5100*milli) {
		t.Errorf("it begins at %v, want 5 s", time.Duration(got))
	}
	wants{"load.l.failed.refused": 10, "service.s.instances.mean": 0.9}.check(t, r) // of 10 s

	// Ten messages a second come while the consumer is down from 5 to 10 s and from 15 to
	// 20 s: after 3 s of each there are more than 30, for which the broker is cut off.
	pause := lasting(design.Fault{Kind: design.FaultPause, Node: "s"}, "p", 5*time.Second, 5*time.Second)
	pause.Period = 10 * time.Second
	full := design.Fault{Name: "full", Kind: design.FaultCut, Cut: []design.Cut{{From: "l", To: "bus"}}, For: constant(500 * milli), HasFor: true, When: "queue.bus/q.depth > 30", Look: 10 * milli}
	s := eater("s", design.Consume{}, work(milli))
	d = &design.Design{
		Loads:    []design.Load{{Name: "l", To: design.Target{Node: "bus", Entry: "q"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 10}}},
		Services: []design.Service{s}, Brokers: bus(design.Queue{}), Faults: []design.Fault{pause, full},
	}
	r = start(t, d, Config{Duration: 22 * time.Second, Seed: 1})
	r.Advance(never, 0)
	if got := r.faults[1].round; got != 2 {
		t.Errorf("it happened %d times, want 2", got)
	}
	if got := time.Duration(r.faults[1].begun); got < 18*time.Second || got > 18300*milli {
		t.Errorf("it began at %v the second time, want 18.1 s", got)
	}

	// One that never holds is said.
	d.Faults[1].When = "queue.bus/q.depth > 1e6"
	r = start(t, d, Config{Duration: 22 * time.Second, Seed: 1})
	r.Advance(never, 0)
	said := false
	for _, w := range r.Warnings() {
		said = said || w.ID() == "never-held"
	}
	if !said {
		t.Error("nothing says that the condition never held")
	}
}

// Mistakes in what a fault waits for.
func TestFaultConditionMistakes(t *testing.T) {
	for want, f := range map[string]design.Fault{
		"is not a condition":        {When: "queue.bus/q.depth>1"},
		"no count, and no level":    {When: "service.s.wait > 1"},
		"service.s.waiting":         {When: "service.s.wating > 1"},
		"at which it happens again": {When: "service.s.waiting > 1", Every: exp(time.Second), HasEvery: true, For: exp(time.Second), HasFor: true},
		"no condition to look at":   {Look: time.Second},
		"the fault has none":        {Clock: design.ClockBusy},
	} {
		f.Name, f.Kind, f.Node = "f", design.FaultCrash, "s"
		if _, err := Compile(tenASecond(f)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}
