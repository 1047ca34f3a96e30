package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/metric"

	"pgregory.net/rapid"
)

// Each stand in line is in wait, those after a delay or an await too, and a
// stand of no time where a worker was free. One worker that is loaded to 50 %:
// M/M/1 has 0.5 in line, who come once a second where the work is cut in two by
// an await and every two seconds elsewhere.
func TestWaitIsOfEveryStand(t *testing.T) {
	half, whole := design.Step{Op: design.Work, Dist: exp(500 * milli)}, design.Step{Op: design.Work, Dist: exp(time.Second)}
	for _, c := range []struct {
		name  string
		steps []design.Step
		want  float64
	}{
		{"work", []design.Step{whole}, 1},
		{"delay, work", []design.Step{wait(10 * milli), whole}, 1},
		{"work, await, work", []design.Step{half, awaiting("b"), half}, 0.5},
	} {
		const during = 100_000 * time.Second
		l := design.Load{Name: "l", To: design.Target{Node: "a", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 0.5}, Deadline: design.Unlimited, Timeout: design.Unlimited}
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("a", c.steps...), service("b", wait(time.Second))}}
		r := start(t, d, Config{Duration: during, Seed: 1})
		r.Advance(int64(during), 0)
		mean, waiting := metricOf(t, r, "service.a.wait.mean"), metricOf(t, r, "service.a.waiting.mean")
		if math.Abs(mean-c.want) > 0.05*c.want || math.Abs(waiting-0.5) > 0.05*0.5 {
			t.Errorf("%s: wait %v s, waiting %v; want %v s, 0.5", c.name, mean, waiting, c.want)
		}
	}
}

// Who is interrupted stands in line again: 10 ms of work, interrupted after 5 ms
// for 10 ms.
func TestWaitOfTheInterrupted(t *testing.T) {
	s := service("s", work(10*milli))
	s.Discipline = design.Preemptive
	low := at("low", design.Target{Node: "s", Entry: "do"}, 0)
	low.Priority = 1
	d := &design.Design{Loads: []design.Load{low, at("high", design.Target{Node: "s", Entry: "do"}, 5*milli)}, Services: []design.Service{s}}
	wants{"service.s.wait.mean": 0.01 / 3, "service.s.wait.max": 0.01, "service.s.waiting.mean": 0.01 / 10}.check(t, corner(t, d))
}

// A handler that needs no worker stands in no line.
func TestNoWaitWithoutWork(t *testing.T) {
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", wait(milli))}}
	if got := metricOf(t, corner(t, d), "service.s.wait.mean"); !math.IsNaN(got) {
		t.Errorf("wait %v, want none", got)
	}
}

// Little's law holds exactly in every design: the integral of waiting is the
// sum of the stands that are over, and of those in line.
func TestLittle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := mustRun(t, genDesign(t), Config{Duration: 5 * time.Second, Drain: design.None, Seed: rapid.Uint64().Draw(t, "seed"), MaxEvents: 300_000})
		r.Advance(never, 0)
		r.rec.AsOf(r.now)
		for si := range r.prog.services {
			s := &r.prog.services[si]
			sum := 0.0
			if n := r.rec.HistCount(s.m.h + metric.ServiceWait); n > 0 {
				sum = float64(n) * r.rec.HistMean(s.m.h+metric.ServiceWait)
			}
			for i := range r.tasks.items {
				if k := &r.tasks.items[i]; k.id != 0 && k.service == int32(si) && k.state == taskWaiting {
					sum += float64(r.now-k.since) / 1e9
				}
			}
			if stood := r.rec.LevelIntegral(s.m.l + metric.ServiceWaiting); math.Abs(stood-sum) > 1e-6 {
				t.Fatalf("%s: %v s stood in line, but the stands sum to %v s", s.name, stood, sum)
			}
		}
	})
}

// Whom to interrupt is looked up, not searched for among all tasks: with 80,000
// in line this test would take half a minute. None is more important than
// another, so the one worker does as much as without interruptions; then one
// that is comes last of all and is done first.
func TestInterruptionAmongManyInLine(t *testing.T) {
	s := service("s", work(time.Second))
	s.Discipline, s.Room, s.HasRoom = design.Preemptive, design.Unlimited, true
	low := design.Load{Name: "low", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 2000}, Deadline: design.Unlimited, Timeout: design.Unlimited, Priority: 1}
	d := &design.Design{Loads: []design.Load{low, at("high", design.Target{Node: "s", Entry: "do"}, 38500*milli)}, Services: []design.Service{s}}
	r := start(t, d, Config{Duration: 40 * time.Second, Drain: design.None, Seed: 1})
	r.Advance(never, 0)
	wants{"load.high.accepted.latency.max": 1, "load.low.accepted": 38, "service.s.started": 40}.check(t, r)
	if err := r.Audit(); err != nil {
		t.Error(err)
	}
}
