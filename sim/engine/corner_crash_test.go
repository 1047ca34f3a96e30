package engine

import (
	"asynclab/sim/design"
	"testing"
	"time"
)

func calling(to string) design.Step {
	return design.Step{Op: design.Call, To: design.Target{Node: to, Entry: "do"}}
}

func awaiting(to string) design.Step {
	return design.Step{Op: design.Await, To: design.Target{Node: to, Entry: "do"}}
}

// What moves a task on while its instance is down: an answer, a delay that is
// over, a timeout, a delivery. An instance that keeps its tasks goes on with
// them when it is back, not before, and sends nothing while it is down; one that
// loses them takes the answer for nobody's.
func TestNothingMovesWhileAnInstanceIsDown(t *testing.T) {
	const from, until = 100 * milli, 400 * milli
	retry := calling("slow")
	retry.Timeout, retry.Retry = 150*milli, design.Retry{Attempts: 2}
	for _, c := range []struct {
		name  string
		steps []design.Step
		after time.Duration // the end of the task, after the restart, if it is kept
	}{
		{"call", []design.Step{calling("b"), work(10 * milli)}, 10 * milli},
		{"await", []design.Step{awaiting("b"), work(10 * milli)}, 10 * milli},
		{"await, then no work", []design.Step{awaiting("b")}, 0},
		{"delay", []design.Step{wait(200 * milli)}, 0},
		{"branches", []design.Step{{Op: design.Parallel, Branches: [][]design.Step{{awaiting("b")}, {calling("b"), wait(5 * milli)}}}}, 5 * milli},
		{"timeout, tried again", []design.Step{retry}, 50 * milli},
		{"work", []design.Step{work(120 * milli)}, 20 * milli},
	} {
		for _, policy := range []design.CrashPolicy{design.CrashLose, design.CrashKeep, design.CrashResume, design.CrashRestart} {
			a := service("a", c.steps...)
			a.Crash = policy
			slow := service("slow", work(50*milli))
			slow.Workers = 2
			d := &design.Design{
				Loads:    []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0)},
				Services: []design.Service{a, {Name: "b", Workers: 2, Handlers: []design.Handler{handler("do", work(200*milli))}}, slow},
				Links:    []design.Link{{From: "a", To: "slow"}},
				Faults:   []design.Fault{crashed("a", from, until-from)},
			}
			if c.name == "timeout, tried again" { // the first attempt is lost
				d.Faults = append(d.Faults, design.Fault{Name: "cut", Kind: design.FaultCut, Cut: []design.Cut{{From: "a", To: "slow"}}, For: constant(milli), HasFor: true})
			}
			r := corner(t, d)
			if policy == design.CrashLose || policy == design.CrashKeep {
				wants{"load.l.failed.refused": 1, "service.a.lost": 1, "service.a.completed": 0}.check(t, r)
				continue
			}
			want := until + c.after
			if policy == design.CrashRestart && c.name == "work" {
				want = until + 120*milli
			}
			wants{"load.l.confirmed.latency.max": want.Seconds(), "service.a.completed": 1}.check(t, r)
			if t.Failed() {
				t.Fatalf("%s, policy %d", c.name, policy)
			}
		}
	}
}

// A delivery that comes to an instance that is down is handled when it is back,
// if the instance keeps what it has; otherwise it goes back to its queue.
func TestDeliveryToAnInstanceThatIsDown(t *testing.T) {
	for _, policy := range []design.CrashPolicy{design.CrashLose, design.CrashKeep, design.CrashResume, design.CrashRestart} {
		for _, kind := range []design.FaultKind{design.FaultCrash, design.FaultHostCrash} {
			s := eater("s", design.Consume{}, design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "out"}})
			s.Crash = policy
			down := crashed("s", 5*milli, 200*milli)
			down.Kind = kind
			d := &design.Design{
				Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)}, Services: []design.Service{s}, Brokers: bus(design.Queue{}, design.Queue{Name: "out"}),
				Links:  []design.Link{{From: "bus", To: "s", LinkParams: design.LinkParams{Latency: constant(10 * milli)}}},
				Faults: []design.Fault{down},
			}
			r := start(t, d, Config{Duration: time.Second})
			r.Advance(int64(200*milli), 0)
			wants{"queue.bus/out.published": 0}.check(t, r)
			for r.Step() {
				if err := r.Audit(); err != nil {
					t.Fatal(err)
				}
			}
			want := 0.0
			if policy == design.CrashLose || policy == design.CrashKeep {
				want = 1
			}
			wants{"queue.bus/out.published": 1, "queue.bus/q.redelivered": want, "queue.bus/q.acked": 1}.check(t, r)
		}
	}
}

// Work that was interrupted by something more important begins again too, where
// a restart begins work again.
func TestRestartOfPreemptedWork(t *testing.T) {
	s := service("s", work(100*milli))
	s.Discipline, s.Crash = design.Preemptive, design.CrashRestart
	low := at("low", design.Target{Node: "s", Entry: "do"}, 0)
	low.Priority = 1
	d := &design.Design{
		Loads: []design.Load{low, at("high", design.Target{Node: "s", Entry: "do"}, 60*milli)}, Services: []design.Service{s},
		Faults: []design.Fault{crashed("s", 80*milli, 20*milli)},
	}
	wants{"load.high.confirmed.latency.max": 0.14, "load.low.confirmed.latency.max": 0.3}.check(t, corner(t, d))
}

// Two crashes that overlap are one, as long as the two together.
func TestCrashDuringPauseAndCrash(t *testing.T) {
	s := service("s", work(100*milli))
	s.Crash = design.CrashResume
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{s},
		Faults: []design.Fault{
			lasting(design.Fault{Kind: design.FaultPause, Node: "s"}, "pause", 50*milli, 100*milli),    // to 150
			lasting(design.Fault{Kind: design.FaultCrash, Node: "s"}, "crash", 100*milli, 100*milli),   // to 200
			lasting(design.Fault{Kind: design.FaultHostCrash, Node: "s"}, "host", 120*milli, 10*milli), // to 130
			lasting(design.Fault{Kind: design.FaultSlow, Node: "s", Factor: 2}, "slow", 0, 300*milli),  // to the end and beyond
		},
	}
	// 25 ms of work are done by 50 ms, the other 75 take from 200 to 300 ms (50)
	// and 25 more at full speed.
	wants{"load.l.confirmed.latency.max": 0.325}.check(t, corner(t, d))
}

// A crash of one of two instances leaves the other alone, and its consumers
// take over at once.
func TestCrashOfOneInstance(t *testing.T) {
	s := eater("s", design.Consume{Prefetch: 2}, work(100*milli))
	s.Instances = 2
	down := crashed("s", 50*milli, 10*time.Second)
	down.Instance = 1
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0, 0)}, Services: []design.Service{s}, Brokers: bus(design.Queue{}), Faults: []design.Fault{down},
	}
	r := corner(t, d)
	wants{"queue.bus/q.acked": 4, "queue.bus/q.redelivered": 2, "service.s.lost": 2}.check(t, r)
	if now := metricOf(t, r, "queue.bus/q.unacked.final"); now != 0 {
		t.Errorf("%v unacknowledged at the end", now)
	}
}
