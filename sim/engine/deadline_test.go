package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// Four tasks find the only worker at work. That of the operation that has to be done
// first is served first, among equals the one that came first, and last those that have
// all the time in the world.
func TestEarliestDeadlineFirst(t *testing.T) {
	s := service("s", work(100*milli))
	s.Discipline = design.EarliestDeadline
	to := design.Target{Node: "s", Entry: "do"}
	load := func(name string, deadline time.Duration, times ...time.Duration) design.Load {
		l := at(name, to, times...)
		l.Deadline, l.Timeout = deadline, design.None
		return l
	}
	d := &design.Design{Services: []design.Service{s}, Loads: []design.Load{
		load("first", time.Second, 0), load("endless", design.None, 10*milli), load("later", 2*time.Second, 20*milli),
		load("sooner", time.Second, 30*milli), load("same", time.Second-10*milli, 40*milli),
	}}
	wants{ // they end at 100, 200, … ms, in this order
		"load.first.confirmed.latency.max": 0.1, "load.sooner.confirmed.latency.max": 0.17, "load.same.confirmed.latency.max": 0.26,
		"load.later.confirmed.latency.max": 0.38, "load.endless.confirmed.latency.max": 0.49,
	}.check(t, corner(t, d))

	// A full room drops the one that has waited longest, whose deadline is another matter.
	full := d
	full.Services[0].Room, full.Services[0].HasRoom, full.Services[0].OnFull = 2, true, design.DropOldest
	wants{"load.endless.failed.rejected": 1, "load.later.failed.rejected": 1, "load.sooner.completed": 1, "load.same.completed": 1}.check(t, corner(t, full))
}

// Two classes whose deadlines are far apart are two priorities: the same run to the bit,
// and so Cobham's formula of A21.
func TestDeadlinesFarApartArePriorities(t *testing.T) {
	run := func(discipline design.Discipline) *Run {
		s := service("s")
		s.Discipline, s.Room, s.HasRoom = discipline, design.Unlimited, true
		s.Handlers[0].Steps = []design.Step{{Op: design.Work, Dist: exp(time.Second)}}
		l := design.Load{Name: "urgent", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 0.4}, Timeout: design.None, Deadline: time.Hour}
		rest := l
		rest.Name, rest.Deadline, rest.Priority = "rest", design.None, 1
		r := start(t, &design.Design{Loads: []design.Load{l, rest}, Services: []design.Service{s}}, Config{Duration: 20_000 * time.Second, Seed: 5})
		r.Advance(never, 0)
		return r
	}
	edf, priority := run(design.EarliestDeadline), run(design.Priority)
	if edf.Fingerprint() != priority.Fingerprint() {
		t.Errorf("fingerprints differ: %x and %x", edf.Fingerprint(), priority.Fingerprint())
	}
	// Wait of the first class ρ/(1-ρ₁) = 1.333, of the second 6.667, and the work of 1 s.
	if got := metricOf(t, edf, "load.urgent.confirmed.latency.mean"); got < 2.2 || got > 2.46 {
		t.Errorf("the urgent take %v s, want 2.333", got)
	}
}

// A client does not wait for a back-off that would end after its deadline: it gives up at
// once. One that ends at the deadline is begun, and a handler knows of none.
func TestBackoffBeyondTheDeadline(t *testing.T) {
	for _, c := range []struct {
		backoff time.Duration
		want    wants
	}{
		{2 * time.Second, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 0.1, "load.l.attempts": 1}},
		{450 * milli, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 0.65, "load.l.attempts": 2}},
		{900 * milli, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 1, "load.l.attempts": 1}},
		{0, wants{"load.l.failed.error": 1, "load.l.failed.latency.max": 0.3, "load.l.attempts": 3}},
	} {
		l := at("l", design.Target{Node: "s", Entry: "do"}, 0)
		l.Deadline, l.Retry = time.Second, design.Retry{Attempts: 3, Base: constant(c.backoff)}
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("s", work(100*milli), design.Step{Op: design.Fail})}}
		c.want.check(t, corner(t, d))
	}
}

// One that waits all the same fails at its deadline, unless an answer to an earlier attempt
// comes before it: that of 300 ms does, which was given up after 100 ms.
func TestBackoffThatIsBegunAllTheSame(t *testing.T) {
	for _, c := range []struct {
		wait, ignore bool
		backoff      time.Duration
		want         wants
	}{
		{false, false, 2 * time.Second, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 0.1, "load.l.attempts": 1}},
		{true, false, 2 * time.Second, wants{"load.l.completed": 1, "load.l.confirmed.latency.max": 0.3, "load.l.attempts": 1}},
		{true, true, 2 * time.Second, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 1, "load.l.attempts": 1}},
		{true, true, 450 * milli, wants{"load.l.failed.deadline": 1, "load.l.failed.latency.max": 1, "load.l.attempts": 2}},
	} {
		l := at("l", design.Target{Node: "s", Entry: "do"}, 0)
		l.Deadline, l.Timeout, l.LateBackoff, l.IgnoreLate = time.Second, 100*milli, c.wait, c.ignore
		l.Retry = design.Retry{Attempts: 3, Base: constant(c.backoff)}
		c.want.check(t, corner(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("s", work(300*milli))}}))
	}
}
