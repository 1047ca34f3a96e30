package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim/design"

	"pgregory.net/rapid"
)

// Twenty tasks of 8 s on twenty workers, of which all but one are taken away at
// 2 s: those in use are capacity until their tasks end.
func TestCapacityOfLoweredWorkers(t *testing.T) {
	for _, c := range []struct {
		workers string
		want    float64
	}{{"1", 160. / (8*20 + 2*1)}, {"40", 160. / (2*20 + 8*40)}, {"20", 160. / 200}} {
		s := service("s", work(8*time.Second))
		s.Workers = 20
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, make([]time.Duration, 20)...)}, Services: []design.Service{s}}
		r := start(t, d, Config{Duration: 10 * time.Second, Changes: []design.Change{{At: 2 * time.Second, Path: "service.s.workers", Value: c.workers}}})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		if got := metricOf(t, r, "service.s.utilization"); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s workers: utilization %v, want %v", c.workers, got, c.want)
		}
		wants{"service.s.thread_seconds": 160}.check(t, r)
	}
}

// A crash of 5 s out of 10 that leaves the work: while it lasts the worker is
// neither held nor there, nor blocked. A pause is not down time.
func TestDownTimeIsNoCapacity(t *testing.T) {
	for _, c := range []struct {
		crash             design.CrashPolicy
		kind              design.FaultKind
		busy, utilization float64
	}{
		{design.CrashResume, design.FaultCrash, 5, 1}, {design.CrashRestart, design.FaultCrash, 5, 1},
		{design.CrashLose, design.FaultCrash, 1, 1. / 5}, {design.CrashKeep, design.FaultHostCrash, 1, 1. / 5},
		{design.CrashResume, design.FaultPause, 10, 1},
	} {
		for _, discipline := range []design.Discipline{design.FIFO, design.Sharing} {
			s := service("s", work(20*time.Second))
			s.Crash, s.Discipline = c.crash, discipline
			f := crashed("s", time.Second, 5*time.Second)
			f.Kind = c.kind
			d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{s}, Faults: []design.Fault{f}}
			wants{"service.s.busy.mean": c.busy / 10, "service.s.utilization": c.utilization}.check(t, corner(t, d))
		}
	}
	a := service("a", calling("b"))
	a.Crash = design.CrashResume
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0)}, Services: []design.Service{a, service("b", wait(20*time.Second))},
		Faults: []design.Fault{crashed("a", time.Second, 5*time.Second)}}
	wants{"service.a.thread_seconds": 5, "service.a.thread_seconds.blocked": 5, "service.a.utilization": 1}.check(t, corner(t, d))
}

// Utilization is a share, whatever is changed or breaks while the run goes on.
func TestUtilizationIsAShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRun(t, genDesign(t), Config{Duration: 5 * time.Second, Warmup: time.Second, Seed: 5, MaxEvents: 300_000})
		for i := range rapid.IntRange(0, 4).Draw(t, "changes") {
			r.Advance(int64(i+1)*int64(time.Second), 0)
			if r.End() == Running {
				_ = r.Set("service.s0.workers", rapid.SampledFrom([]string{"1", "2", "30"}).Draw(t, "workers"))
			}
		}
		r.Advance(never, 0)
		for i := range r.prog.services {
			name := fmt.Sprintf("service.%s.utilization", r.prog.services[i].name)
			if u, _ := r.Value(name); u > 1 || u < 0 {
				t.Fatalf("%s = %v", name, u)
			}
		}
	})
}

// Workers go to none at 150 ms and come back at 1 s. Of four tasks of 100 ms on
// two workers, the two that work then end in their own time (those that share
// their processors stop), and nothing begins until there are workers again.
func TestNoWorkersForAWhile(t *testing.T) {
	for _, c := range []struct {
		discipline design.Discipline
		done       float64 // by 900 ms
		last       float64
	}{
		{design.FIFO, 4, 0.2}, {design.LIFO, 4, 0.2}, {design.Priority, 4, 0.2}, {design.Preemptive, 4, 0.2}, {design.EarliestDeadline, 4, 0.2}, {design.Sharing, 0, 1.05},
	} {
		s := service("s", work(100*milli))
		s.Workers, s.Discipline = 2, c.discipline
		l := at("l", design.Target{Node: "s", Entry: "do"}, 0, 0, 0, 0)
		l.Priority = 1
		late := at("late", design.Target{Node: "s", Entry: "do"}, 160*milli, 170*milli)
		d := &design.Design{Loads: []design.Load{l, late}, Services: []design.Service{s}}
		r := start(t, d, Config{Duration: 3 * time.Second, Changes: []design.Change{
			{At: 150 * milli, Path: "service.s.workers", Value: "0"}, {At: time.Second, Path: "service.s.workers", Value: "2"},
		}})
		r.Advance(int64(900*milli), 0)
		wants{"load.l.accepted": c.done, "load.late.accepted": 0, "service.s.busy.final": 0, "service.s.rejected": 0}.check(t, r)
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		wants{"load.late.accepted": 2, "load.l.accepted": 4, "service.s.completed": 6}.check(t, r)
		if got := metricOf(t, r, "load.l.accepted.latency.max"); c.discipline != design.Sharing && got != c.last {
			t.Errorf("discipline %d: the last took %v s, want %v", c.discipline, got, c.last)
		}
	}
}

// Dead letters that come while their only reader has no workers are there when it has.
func TestDeadLettersForWhoHasNoWorkersYet(t *testing.T) {
	later := eater("later", design.Consume{}, work(milli))
	later.Workers, later.NoWorkers, later.Consumes[0].From.Entry = 0, true, "dead"
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 10*milli, 20*milli)},
		Brokers:  bus(design.Queue{MaxDeliveries: 1, DeadLetter: "dead"}, design.Queue{Name: "dead"}),
		Services: []design.Service{eater("s", design.Consume{}, work(milli), design.Step{Op: design.Fail}), later},
	}
	r := start(t, d, Config{Duration: 2 * time.Second, Changes: []design.Change{{At: time.Second, Path: "service.later.workers", Value: "2"}}})
	r.Advance(int64(900*milli), 0)
	wants{"queue.bus/dead.depth.final": 3, "service.later.completed": 0}.check(t, r)
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"queue.bus/dead.acked": 3, "queue.bus/dead.depth.final": 0, "service.later.completed": 3}.check(t, r)
}

// A number of workers that was lowered lets no work begin, neither in the place
// of work that it interrupts.
func TestNoInterruptionBeyondTheWorkers(t *testing.T) {
	s := service("s", work(100*milli))
	s.Workers, s.Discipline = 2, design.Preemptive
	l := at("l", design.Target{Node: "s", Entry: "do"}, 0, 0)
	l.Priority = 1
	d := &design.Design{Loads: []design.Load{l, at("urgent", design.Target{Node: "s", Entry: "do"}, 60*milli)}, Services: []design.Service{s}}
	r := start(t, d, Config{Duration: time.Second, Changes: []design.Change{{At: 50 * milli, Path: "service.s.workers", Value: "1"}}})
	r.Advance(never, 0)
	wants{"load.l.accepted.latency.max": 0.1, "load.urgent.accepted.latency.max": 0.14}.check(t, r)
}

// A consumer whose prefetch goes to 0 finishes what it holds and takes no more.
func TestPrefetchWhileRunning(t *testing.T) {
	for _, c := range []struct {
		value string
		done  float64 // after 1 s, of messages of 100 ms each, one worker
		held  float64
	}{{"3", 9, 3}, {"0", 4, 0}, {"1", 9, 1}, {"8", 9, 8}} {
		l := at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 50)...)
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{eater("s", design.Consume{Prefetch: 3}, work(100*milli))}, Brokers: bus(design.Queue{})}
		r := start(t, d, Config{Duration: 999 * milli, Changes: []design.Change{{At: 150 * milli, Path: "service.s.consumes.bus/q.prefetch", Value: c.value}}})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		wants{"queue.bus/q.acked": c.done, "queue.bus/q.unacked.final": c.held}.check(t, r)
	}
}

// Of two instances one crashes for 2 s of 10 and does its work again: those at
// work, also in the branches of a task, not those that wait for an answer.
func TestInstancesAndRestarts(t *testing.T) {
	both := design.Step{Op: design.Parallel, Branches: [][]design.Step{{work(3 * time.Second)}, {work(4 * time.Second)}}}
	for _, c := range []struct {
		steps []design.Step
		want  float64
	}{{[]design.Step{work(3 * time.Second)}, 2}, {[]design.Step{both}, 2}, {[]design.Step{calling("b")}, 0}} {
		s := service("s", c.steps...)
		s.Workers, s.Instances, s.Crash = 2, 2, design.CrashRestart
		f := crashed("s", time.Second, 2*time.Second)
		f.Instance = 1
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0, 0, 0, 0)}, Services: []design.Service{s, service("b", wait(3*time.Second))}, Faults: []design.Fault{f}}
		wants{"service.s.restarted": c.want, "service.s.instances.mean": 1.8, "service.s.instances.final": 2, "service.s.completed": 4}.check(t, corner(t, d))
	}
}

// The lowest number of priority is served first, of calls and of messages.
func TestZeroIsServedFirst(t *testing.T) {
	for _, discipline := range []design.Discipline{design.Priority, design.Preemptive} {
		s := eater("s", design.Consume{Prefetch: 10}, work(10*milli))
		s.Discipline = discipline
		d := &design.Design{Services: []design.Service{s}, Brokers: bus(design.Queue{})}
		for p := range design.MaxPriorities { // the least important comes first
			p = design.MaxPriorities - 1 - p
			call := at(fmt.Sprintf("call%d", p), design.Target{Node: "s", Entry: "eat"}, 0)
			message := at(fmt.Sprintf("message%d", p), design.Target{Node: "bus", Entry: "q"}, 0)
			message.Confirm = []design.Target{{Node: "s", Entry: "eat"}}
			call.Priority, message.Priority = p, p
			d.Loads = append(d.Loads, call, message)
		}
		r := corner(t, d)
		last := 0.0
		for p := range design.MaxPriorities {
			a, b := metricOf(t, r, fmt.Sprintf("load.call%d.confirmed.latency.max", p)), metricOf(t, r, fmt.Sprintf("load.message%d.confirmed.latency.max", p))
			if p < design.MaxPriorities-1 && !(min(a, b) > last) { // the very last came first, when the worker was free
				t.Errorf("discipline %d: priority %d is done after %v and %v s, the one before after %v", discipline, p, a, b, last)
			}
			last = max(a, b)
		}
	}
}
