package model

import (
	"testing"
	"time"
)

func calling(to string) Step { return Step{Op: Call, To: Target{to, "do"}} }

func awaiting(to string) Step { return Step{Op: Await, To: Target{to, "do"}} }

// What moves a task on while its instance is down: an answer, a delay that is
// over, a timeout, a delivery. An instance that keeps its tasks goes on with
// them when it is back, not before, and sends nothing while it is down; one that
// loses them takes the answer for nobody's.
func TestNothingMovesWhileAnInstanceIsDown(t *testing.T) {
	const from, until = 100 * milli, 400 * milli
	retry := calling("slow")
	retry.Timeout, retry.Retry = 150*milli, Retry{Attempts: 2}
	for _, c := range []struct {
		name  string
		steps []Step
		after time.Duration // the end of the task, after the restart, if it is kept
	}{
		{"call", []Step{calling("b"), work(10 * milli)}, 10 * milli},
		{"await", []Step{awaiting("b"), work(10 * milli)}, 10 * milli},
		{"await, then no work", []Step{awaiting("b")}, 0},
		{"delay", []Step{wait(200 * milli)}, 0},
		{"branches", []Step{{Op: Parallel, Branches: [][]Step{{awaiting("b")}, {calling("b"), wait(5 * milli)}}}}, 5 * milli},
		{"timeout, tried again", []Step{retry}, 50 * milli},
		{"work", []Step{work(120 * milli)}, 20 * milli},
	} {
		for _, policy := range []CrashPolicy{CrashLose, CrashKeep, CrashResume, CrashRestart} {
			a := service("a", c.steps...)
			a.Crash = policy
			slow := service("slow", work(50*milli))
			slow.Workers = 2
			d := &Design{
				Loads:    []Load{at("l", Target{"a", "do"}, 0)},
				Services: []Service{a, {Name: "b", Workers: 2, Handlers: []Handler{handler("do", work(200*milli))}}, slow},
				Links:    []Link{{From: "a", To: "slow"}},
				Faults:   []Fault{crashed("a", from, until-from)},
			}
			if c.name == "timeout, tried again" { // the first attempt is lost
				d.Faults = append(d.Faults, Fault{Name: "cut", Kind: FaultCut, Cut: []Cut{{"a", "slow"}}, For: constant(milli), HasFor: true})
			}
			r := corner(t, d)
			if policy == CrashLose || policy == CrashKeep {
				wants{"load.l.failed.refused": 1, "service.a.lost": 1, "service.a.completed": 0}.check(t, r)
				continue
			}
			want := until + c.after
			if policy == CrashRestart && c.name == "work" {
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
	for _, policy := range []CrashPolicy{CrashLose, CrashKeep, CrashResume, CrashRestart} {
		for _, kind := range []FaultKind{FaultCrash, FaultHostCrash} {
			s := eater("s", Consume{}, Step{Op: Publish, To: Target{"bus", "out"}})
			s.Crash = policy
			down := crashed("s", 5*milli, 200*milli)
			down.Kind = kind
			d := &Design{
				Loads: []Load{at("l", Target{"bus", "q"}, 0)}, Services: []Service{s}, Brokers: bus(Queue{}, Queue{Name: "out"}),
				Links:  []Link{{From: "bus", To: "s", LinkParams: LinkParams{Latency: constant(10 * milli)}}},
				Faults: []Fault{down},
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
			if policy == CrashLose || policy == CrashKeep {
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
	s.Discipline, s.Crash = Preemptive, CrashRestart
	low := at("low", Target{"s", "do"}, 0)
	low.Priority = 1
	d := &Design{
		Loads: []Load{low, at("high", Target{"s", "do"}, 60*milli)}, Services: []Service{s},
		Faults: []Fault{crashed("s", 80*milli, 20*milli)},
	}
	wants{"load.high.confirmed.latency.max": 0.14, "load.low.confirmed.latency.max": 0.3}.check(t, corner(t, d))
}

// Two crashes that overlap are one, as long as the two together.
func TestCrashDuringPauseAndCrash(t *testing.T) {
	s := service("s", work(100*milli))
	s.Crash = CrashResume
	d := &Design{
		Loads: []Load{at("l", Target{"s", "do"}, 0)}, Services: []Service{s},
		Faults: []Fault{
			lasting(Fault{Kind: FaultPause, Node: "s"}, "pause", 50*milli, 100*milli),    // to 150
			lasting(Fault{Kind: FaultCrash, Node: "s"}, "crash", 100*milli, 100*milli),   // to 200
			lasting(Fault{Kind: FaultHostCrash, Node: "s"}, "host", 120*milli, 10*milli), // to 130
			lasting(Fault{Kind: FaultSlow, Node: "s", Factor: 2}, "slow", 0, 300*milli),  // to the end and beyond
		},
	}
	// 25 ms of work are done by 50 ms, the other 75 take from 200 to 300 ms (50)
	// and 25 more at full speed.
	wants{"load.l.confirmed.latency.max": 0.325}.check(t, corner(t, d))
}

// A crash of one of two instances leaves the other alone, and its consumers
// take over at once.
func TestCrashOfOneInstance(t *testing.T) {
	s := eater("s", Consume{Prefetch: 2}, work(100*milli))
	s.Instances = 2
	down := crashed("s", 50*milli, 10*time.Second)
	down.Instance = 1
	d := &Design{
		Loads: []Load{at("l", Target{"bus", "q"}, 0, 0, 0, 0)}, Services: []Service{s}, Brokers: bus(Queue{}), Faults: []Fault{down},
	}
	r := corner(t, d)
	wants{"queue.bus/q.acked": 4, "queue.bus/q.redelivered": 2, "service.s.lost": 2}.check(t, r)
	if now := metricOf(t, r, "queue.bus/q.unacked.final"); now != 0 {
		t.Errorf("%v unacknowledged at the end", now)
	}
}
