package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
)

// Processor sharing gives every task a thread: the queue bounds them all, and a
// thread that waits for an answer uses no processor. Of six calls at one instant
// four are let in; two processors work on their 10 ms for 20 ms; then four wait
// for 2 s.
func TestSharingHasThreads(t *testing.T) {
	a := service("a", work(10*milli), calling("b"))
	a.Discipline, a.Workers, a.Room, a.HasRoom = design.Sharing, 2, 4, true
	b := service("b", wait(2*time.Second))
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0, 0, 0, 0, 0, 0)}, Services: []design.Service{a, b}}
	r := corner(t, d)
	for name, want := range map[string]float64{
		"service.a.rejected": 2, "service.a.tasks.max": 4, "service.a.tasks.final": 0,
		"service.a.busy.max": 2, "service.a.utilization": 2 * 0.02 / (2 * 10),
		"service.a.blocked.max": 4, "service.a.thread_seconds": 4 * 2.02, "service.a.thread_seconds.blocked": 4 * 2,
		"service.b.tasks.max": 4, "service.b.busy.max": 0,
	} {
		if got := metricOf(t, r, name); math.Abs(got-want) > 1e-7 { // ends at one instant are a nanosecond apart
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
}

// A bound of none lets no call in; deliveries are bounded by their prefetch.
func TestSharingWithoutRoom(t *testing.T) {
	s := eater("s", design.Consume{}, work(10*milli))
	s.Discipline, s.HasRoom = design.Sharing, true
	d := &design.Design{
		Loads:    []design.Load{at("call", design.Target{Node: "s", Entry: "eat"}, 0, 0), at("message", design.Target{Node: "bus", Entry: "q"}, 0)},
		Services: []design.Service{s}, Brokers: bus(design.Queue{}),
	}
	wants{"service.s.rejected": 2, "service.s.completed": 1, "service.s.tasks.max": 1}.check(t, corner(t, d))
}

// Three tasks are there on average in a station that is loaded to 75 %, whatever
// the discipline: M/M/1, ρ ÷ (1 - ρ).
func TestTasksOfALoadedStation(t *testing.T) {
	for _, discipline := range []design.Discipline{design.FIFO, design.LIFO, design.Priority, design.Preemptive, design.Sharing, design.EarliestDeadline} {
		s := service("s")
		s.Handlers[0].Steps = []design.Step{{Op: design.Work, Dist: exp(time.Second)}}
		s.Discipline = discipline
		l := design.Load{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Profile: []design.Segment{{For: time.Second, From: 0.75, To: 0.75}}}, Deadline: design.Unlimited, Timeout: design.Unlimited}
		r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}}, Config{Duration: 300_000 * time.Second, Seed: 3})
		r.Advance(int64(300_000*time.Second), 0)
		if got := metricOf(t, r, "service.s.tasks.mean"); math.Abs(got-3) > 0.15 {
			t.Errorf("discipline %d: %v tasks on average, want 3", discipline, got)
		}
	}
}
