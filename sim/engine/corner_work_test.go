package engine

import (
	"asynclab/sim/design"
	"testing"
	"time"
)

// A user without think time comes back at the instant at which the worker is
// free: who waits is served first, and the place in the room is free again.
func TestNewcomerAtTheInstantOfADeparture(t *testing.T) {
	for _, policy := range []design.OnFull{design.RejectNew, design.DropOldest} {
		s := service("s", work(10*milli))
		s.Room, s.HasRoom, s.OnFull = 1, true, policy
		d := &design.Design{Loads: []design.Load{{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Users: 2, Count: 100}}, Services: []design.Service{s}}
		wants{"service.s.rejected": 0, "load.l.completed": 100, "service.s.waiting.max": 1}.check(t, corner(t, d))
	}
}

// A cancellation that was sent before the next attempt comes before it: the
// worker that it frees is there for the attempt.
func TestCancelComesBeforeTheRetry(t *testing.T) {
	for _, latency := range []time.Duration{0, milli} {
		s := service("s", work(100*milli))
		s.HasRoom = true // no waiting room
		l := at("l", design.Target{Node: "s", Entry: "do"}, 0)
		l.Cancel, l.Timeout, l.Retry = true, 20*milli, design.Retry{Attempts: 3}
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Default: design.LinkParams{Latency: constant(latency)}}
		wants{"service.s.rejected": 0, "service.s.cancelled": 3, "load.l.failed.timeout": 1}.check(t, corner(t, d))
	}
}

// A deadline that cancels stops everything that the operation has under way
// down the chain: what works, waits in line, awaits, delays, was preempted, or
// is still a request on its way.
func TestDeadlineCancelsDownTheChain(t *testing.T) {
	for _, c := range []struct {
		name       string
		a          []design.Step
		discipline design.Discipline
		started    float64 // tasks that b starts, of those not cut in time
	}{
		{"works", []design.Step{calling("b")}, design.FIFO, 1},
		{"shares", []design.Step{calling("b")}, design.Sharing, 1},
		{"awaits", []design.Step{awaiting("b")}, design.FIFO, 1},
		{"delays", []design.Step{wait(time.Second), calling("b")}, design.FIFO, 0},
		{"branches", []design.Step{{Op: design.Parallel, Branches: [][]design.Step{{calling("b")}, {awaiting("b")}, {work(time.Second)}, {wait(time.Second)}}}}, design.FIFO, 2},
		{"on its way", []design.Step{work(95 * milli), calling("b")}, design.FIFO, 0},
	} {
		b := service("b", work(time.Second))
		b.Discipline, b.Workers = c.discipline, 2
		l := at("l", design.Target{Node: "a", Entry: "do"}, 0)
		l.Cancel, l.Deadline = true, 100*milli
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("a", c.a...), b},
			Links: []design.Link{{From: "a", To: "b", LinkParams: design.LinkParams{Latency: constant(10 * milli)}}}}
		r := corner(t, d)
		wants{
			"load.l.failed.deadline": 1, "service.a.cancelled": 1, "service.b.started": c.started, "service.b.completed": 0,
			"service.a.busy.final": 0, "service.b.busy.final": 0, "service.b.blocked.final": 0,
		}.check(t, r)
		if got := metricOf(t, r, "service.b.cancelled"); got < c.started {
			t.Errorf("%s: %v tasks cancelled at b", c.name, got)
		}
		if t.Failed() {
			t.Fatal(c.name)
		}
	}
}

// Without the option, work that has begun goes on, and so does the chain.
func TestDeadlineWithoutCancel(t *testing.T) {
	l := at("l", design.Target{Node: "a", Entry: "do"}, 0)
	l.Deadline = 100 * milli
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("a", work(200*milli), calling("b")), service("b", work(time.Second))}}
	wants{"load.l.failed.deadline": 1, "service.a.completed": 1, "service.b.completed": 1, "service.a.cancelled": 0}.check(t, corner(t, d))
}

// Waiting for several at once gives the worker back as waiting for one does;
// as long as a branch may need the worker, it is held.
func TestAwaitInParallelGivesTheWorkerBack(t *testing.T) {
	for _, c := range []struct {
		name   string
		branch []design.Step
		busy   float64 // worker seconds of 10 ms of work, 100 ms of waiting, 10 ms of work
	}{
		{"await", []design.Step{awaiting("b")}, 0.02},
		{"delay", []design.Step{wait(100 * milli)}, 0.02},
		{"call", []design.Step{calling("b")}, 0.12},
		{"await, then work", []design.Step{awaiting("b"), work(0)}, 0.12},
		{"publish", []design.Step{{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}}}, 0.02},
	} {
		b := service("b", work(100*milli))
		b.Workers = 2
		s := service("s", work(10*milli), design.Step{Op: design.Parallel, Times: 2, Branches: [][]design.Step{c.branch}}, work(10*milli))
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{s, b}, Brokers: bus(design.Queue{})}
		wants{"service.s.thread_seconds": c.busy, "service.s.completed": 1}.check(t, corner(t, d))
		if t.Failed() {
			t.Fatal(c.name)
		}
	}
}

// Reply early, then fail: the client has its answer, the service its failure.
func TestReplyEarlyThenFail(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", work(milli), design.Step{Op: design.Reply}, work(milli), design.Step{Op: design.Fail})}}
	wants{"load.l.accepted": 1, "load.l.confirmed.latency.max": 0.001, "service.s.failed": 1}.check(t, corner(t, d))
}

// A reply at the very moment of its timeout, and of the deadline, is in time; a
// crash at that moment comes before both.
func TestSimultaneous(t *testing.T) {
	for _, c := range []struct {
		name  string
		edit  func(d *design.Design)
		wants wants
	}{
		{"timeout", func(d *design.Design) { d.Loads[0].Timeout = 100 * milli }, wants{"load.l.accepted": 1}},
		{"deadline", func(d *design.Design) { d.Loads[0].Deadline = 100 * milli }, wants{"load.l.accepted": 1}},
		{"a nanosecond before", func(d *design.Design) { d.Loads[0].Timeout = 100*milli - 1 }, wants{"load.l.failed.timeout": 1}},
		{"crash", func(d *design.Design) { d.Faults = []design.Fault{crashed("s", 100*milli, milli)} }, wants{"load.l.failed.refused": 1}},
		{"crash a nanosecond later", func(d *design.Design) { d.Faults = []design.Fault{crashed("s", 100*milli+1, milli)} }, wants{"load.l.accepted": 1}},
		{"arrival at the end of a crash", func(d *design.Design) {
			d.Faults = []design.Fault{crashed("s", 0, 50*milli)}
			d.Loads[0].Arrivals.Times = []int64{int64(50 * milli)}
		}, wants{"load.l.accepted": 1}},
	} {
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", work(100*milli))}}
		c.edit(d)
		c.wants.check(t, corner(t, d))
		if t.Failed() {
			t.Fatal(c.name)
		}
	}
}

// A late answer counts while another attempt is out or in back-off, or it never
// does, as told: a load counts it unless told otherwise, a step does not.
func TestLateAnswers(t *testing.T) {
	for _, ignore := range []bool{false, true} {
		for _, pause := range []time.Duration{0, 200 * milli} { // the next attempt is out, or not yet
			late := at("l", design.Target{Node: "s", Entry: "do"}, 0)
			late.Timeout, late.IgnoreLate = 50*milli, ignore
			late.Retry = design.Retry{Attempts: 3, Base: constant(pause)}
			s := service("s", work(80*milli))
			s.Workers = 10
			d := &design.Design{Loads: []design.Load{late}, Services: []design.Service{s}}
			if ignore {
				wants{"load.l.failed.timeout": 1}.check(t, corner(t, d))
			} else {
				wants{"load.l.confirmed.latency.max": 0.08}.check(t, corner(t, d))
			}
			c := calling("s")
			c.Timeout, c.Retry, c.Late = late.Timeout, late.Retry, !ignore
			await := c
			await.Op = design.Await
			for _, step := range []design.Step{c, await} {
				d = &design.Design{Loads: []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0)}, Services: []design.Service{service("a", step), s}}
				if r := corner(t, d); ignore {
					// three attempts of 50 ms and what lies between them
					wants{"load.l.failed.error": 0, "load.l.failed.timeout": 1, "load.l.failed.latency.max": (150*milli + 2*pause).Seconds()}.check(t, r)
				} else {
					wants{"load.l.confirmed.latency.max": 0.08}.check(t, r)
				}
			}
		}
	}
}

// The branches that a parallel step does not wait for go on working, unless the
// step or their own call says cancel; so it is when too many have failed.
func TestLosersAreCancelled(t *testing.T) {
	for _, c := range []struct {
		name       string
		step, call bool
		first      design.Step // of the branch that decides
		cancelled  float64
	}{
		{"nobody says so", false, false, wait(10 * milli), 0},
		{"the step says so", true, false, wait(10 * milli), 1},
		{"the call says so", false, true, wait(10 * milli), 1},
		{"at once", true, false, design.Step{Op: design.Repeat}, 1},
		{"a failure", true, false, design.Step{Op: design.Parallel, Branches: [][]design.Step{{wait(10 * milli), {Op: design.Fail}}}}, 1},
	} {
		slow := design.Step{Op: design.Await, To: design.Target{Node: "s", Entry: "do"}, Cancel: c.call}
		race := design.Step{Op: design.Parallel, Need: 1, Cancel: c.step, Branches: [][]design.Step{{slow}, {c.first}}}
		if c.name == "a failure" {
			race.Need = 2
		}
		d := &design.Design{
			Loads:    []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0)},
			Services: []design.Service{service("a", race), service("s", work(time.Second))},
		}
		if c.first.Op == design.Repeat {
			d.Services[0].Handlers[0].Steps[0].Branches[1] = []design.Step{{Op: design.Delay}}
		}
		r := corner(t, d)
		wants{"service.s.arrived": 1, "service.s.cancelled": c.cancelled, "service.s.completed": 1 - c.cancelled}.check(t, r)
		if busy := metricOf(t, r, "service.s.thread_seconds"); c.cancelled == 1 && busy > 0.0101 {
			t.Errorf("%s: the loser worked for %v s", c.name, busy)
		}
		if t.Failed() {
			t.Fatal(c.name)
		}
	}
}
