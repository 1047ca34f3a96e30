package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/theory"
)

// busyBus is a broker whose messages cost it time: one load publishes to it, and a service
// takes what it hands over, in no time.
func busyBus(l design.Load, c design.Capacity) *design.Design {
	l.To, l.Confirm = design.Target{Node: "bus", Entry: "q"}, []design.Target{{Node: "s", Entry: "eat"}}
	s := eater("s", design.Consume{Prefetch: 10_000})
	s.Consumes[0].From = l.To
	return &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: []design.Broker{{Name: "bus", Queues: []design.Queue{{Name: "q", MaxLength: design.Unlimited}}, Capacity: c}}}
}

// By hand. Four messages come at once, and one worker takes 3 ms for each and 1 ms more to
// store it, and 2 ms to hand it over. It is done with the first at 4 ms; what it hands over
// stands behind the three others in line, until 16 ms, and goes out at 18, 20, 22 and 24 ms.
// With two followers and 0.5 ms for each, they are in at 5, 10, 15 and 20 ms, and out from
// 22 ms on. Two workers begin with two each time: in at 4, 4, 8 and 8 ms, out at 10 and 12 ms.
func TestCapacityByHand(t *testing.T) {
	for _, c := range []struct {
		workers, nodes            int
		accepted, confirmed, last float64 // of all, and the last
		busy                      float64 // s, of all workers
	}{
		{1, 1, .004 + .008 + .012 + .016, .018 + .020 + .022 + .024, .024, 4 * .006},
		{1, 3, .005 + .010 + .015 + .020, .022 + .024 + .026 + .028, .028, 4 * .007},
		{2, 1, .004 + .004 + .008 + .008, .010 + .010 + .012 + .012, .012, 4 * .006},
	} {
		l := burst(4, 0)
		d := busyBus(l, design.Capacity{Workers: c.workers, Publish: constant(3 * milli), Store: constant(milli), Deliver: constant(2 * milli)})
		if c.nodes > 1 {
			d.Brokers[0].Replicas.Nodes, d.Brokers[0].Capacity.Replicate = c.nodes, constant(milli/2)
		}
		r := start(t, d, Config{Duration: time.Second})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		wants{"load.l.completed": 4, "load.l.accepted.latency.mean": c.accepted / 4, "load.l.confirmed.latency.mean": c.confirmed / 4, "load.l.confirmed.latency.max": c.last,
			"capacity.bus.busy.mean": c.busy, "capacity.bus.utilization": c.busy / float64(c.workers), "capacity.bus.waiting.final": 0}.check(t, r)
	}
}

// A broker of c workers is a station with one line: M/M/1, M/M/3, and M/D/1 where a message
// always takes as long. The mean wait is held to its standard error over 24 runs, and the
// consumer, which is there at once, has them after the wait and the work.
func TestCapacityAsQueue(t *testing.T) {
	for _, c := range []struct {
		name    string
		workers int
		publish draw.Dist
		wait    float64 // s, at 0.75 of what they can do
	}{
		{"M/M/1", 1, exp(10 * milli), .75 / .25 * .010},
		{"M/D/1", 1, constant(10 * milli), .75 / .25 * .010 / 2},
		{"M/M/3", 3, exp(10 * milli), theory.ErlangC(3, 2.25) * .010 / (3 - 2.25)},
	} {
		var sum, squares float64
		const runs = 24
		for seed := range uint64(runs) {
			l := design.Load{Name: "l", Deadline: design.None, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 75 * float64(c.workers)}}
			r := start(t, busyBus(l, design.Capacity{Workers: c.workers, Publish: c.publish}), Config{Duration: 400 * time.Second, Warmup: 20 * time.Second, Seed: seed + 1})
			r.Advance(never, 0)
			x := metricOf(t, r, "capacity.bus.wait.mean")
			sum += x
			squares += x * x
			wants{"load.l.confirmed.latency.mean": metricOf(t, r, "load.l.accepted.latency.mean")}.check(t, r)
		}
		mean := sum / runs
		se := math.Sqrt((squares/runs - mean*mean) / (runs - 1))
		if math.Abs(mean-c.wait) > 4*se || se > .1*c.wait {
			t.Errorf("%s: a message waits %v on average, want %v ± %v", c.name, mean, c.wait, se)
		}
	}
}

// A crash at 15 ms ends what is at work and in line: with 10 ms for each of three messages
// that come at once, the second is at work, and behind the third in line is the first again,
// to be handed over. Its publisher has been told that it is stored; those of the others are
// refused. It is there after the crash if its queue is durable, and handed over from 1.015 s to 1.025 s.
func TestCapacityCrash(t *testing.T) {
	for _, durable := range []bool{false, true} {
		for _, pull := range []design.Pull{{}, {On: true, Wait: time.Hour}} {
			d := busyBus(burst(3, 0), design.Capacity{Workers: 1, Publish: constant(10 * milli), Deliver: constant(10 * milli)})
			d.Brokers[0].Queues[0].Durable, d.Services[0].Consumes[0].Pull = durable, pull
			d.Brokers[0].Reconnect = design.Retry{Base: constant(milli)}
			d.Faults = []design.Fault{crashed("bus", 15*milli, time.Second)}
			r := start(t, d, Config{Duration: 3 * time.Second})
			for r.Step() {
				if err := r.Audit(); err != nil {
					t.Fatal(err)
				}
			}
			want := wants{"load.l.accepted": 1, "load.l.failed.refused": 2, "load.l.failed.lost": 1, "load.l.completed": 0}
			if durable {
				want["load.l.failed.lost"], want["load.l.completed"] = 0, 1
				if last := metricOf(t, r, "load.l.confirmed.latency.max"); last < 1.025 || last > 1.027 {
					t.Errorf("it has come after %v s", last)
				}
			}
			want.check(t, r)
		}
	}
}

// A message to a topic costs its store for each of three subscriptions, 1 ms + 3 * 2 ms. A
// pull that waits until five are there costs their delivery together, 5 * 2 ms.
func TestCapacityOfTopicsAndPulls(t *testing.T) {
	c := design.Capacity{Workers: 1, Publish: constant(milli), Store: constant(2 * milli)}
	d := busyBus(burst(3, 10*milli), c)
	d.Loads[0].To, d.Loads[0].Confirm, d.Services = design.Target{Node: "bus", Entry: "t"}, nil, nil
	d.Brokers[0].Topics = []design.Topic{{Name: "t", Subscriptions: []design.Queue{{Name: "a"}, {Name: "b"}, {Name: "c"}}}}
	r := start(t, d, Config{Duration: time.Second})
	r.Advance(never, 0)
	wants{"load.l.completed": 3, "load.l.confirmed.latency.max": .007, "capacity.bus.busy.mean": .021}.check(t, r)

	d = busyBus(burst(5, 0), design.Capacity{Workers: 1, Deliver: constant(2 * milli)})
	d.Services[0].Consumes[0].Pull, d.Services[0].Consumes[0].Prefetch = design.Pull{On: true, Wait: 10 * time.Second, Min: 5}, 5
	r = start(t, d, Config{Duration: time.Second})
	r.Advance(never, 0)
	wants{"load.l.completed": 5, "load.l.accepted.latency.max": 0, "load.l.confirmed.latency.max": .01, "capacity.bus.busy.mean": .01}.check(t, r)
}
