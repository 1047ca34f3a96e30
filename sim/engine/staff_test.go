package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/balance"
	"asynclab/sim/metric"
)

// Ten requests a second and worker, forty a second, by hand. One instance: its line grows by
// 30/s, to 300 at 10 s. Three more: the sum stays, the new ones get everything and grow to 75
// each until 32.5 s. At 60 s two leave, and do their 75 until 67.5 s; from then on the sum grows
// by 20/s.
func TestInstancesByHand(t *testing.T) {
	d := &design.Design{
		Prices:   design.Prices{Currency: "USD", InstanceHour: 3600},
		Name:     "d",
		Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 40}, Deadline: -1, Timeout: -1}},
		Services: []design.Service{{Name: "s", Workers: 1, Balance: balance.LeastBusy, Room: design.Unlimited, HasRoom: true, Handlers: []design.Handler{{Name: "h", Steps: []design.Step{{Op: design.Work, Dist: draw.Const(0.1)}}}}}},
	}
	p, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(Config{Duration: 100 * time.Second, Seed: 1, Changes: []design.Change{
		{At: 10 * time.Second, Path: "service.s.instances", Value: "4"},
		{At: 60 * time.Second, Path: "service.s.instances", Value: "2"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at        float64
		there, in int // instances that are there, and tasks in all of them
	}{
		{9.99, 1, 300}, {10.01, 4, 300}, {59.99, 4, 300}, {60.01, 4, 300}, {67.3, 4, 300}, {67.8, 2, 306}, {99.99, 2, 950},
	} {
		r.Advance(int64(c.at*1e9), 0)
		var now Snapshot
		r.Snapshot(&now)
		s := now.Services[0]
		if s.Instances != c.there || s.Busy+s.Waiting < c.in-5 || s.Busy+s.Waiting > c.in+5 {
			t.Errorf("at %v s: %d instances with %d tasks, want %d with %d", c.at, s.Instances, s.Busy+s.Waiting, c.there, c.in)
		}
		if err := r.Audit(); err != nil {
			t.Error(err)
		}
	}
	r.Advance(100e9, 0)
	for _, v := range r.Values() { // 10 s with one, 57.5 s with four, 32.5 s with two
		if v.Ref.Metric == metric.Service.Metric(metric.ServiceCost) && math.Abs(v.Value-305) > 0.2 {
			t.Errorf("%s is %v, want 305", v.Name, v.Value)
		}
	}
}

// One of two consumers is taken away at 1 s, in the middle of work of 2 s, 10 ms from its
// broker: it has messages from 20 ms on, is done with them at 2.02 s and goes when its
// acknowledgement has arrived, so that nothing is done twice. The other ends two more, at
// 4.04 s and 6.06 s. Members of a group leave it in order: nobody waits for their session, and
// what is not committed yet is committed with that.
func TestInstanceLeavesInOrder(t *testing.T) {
	queue, group, twoSeconds := toTopic0, toTopic0, work(2*time.Second)
	queue.Entry = "q"
	for name, c := range map[string]struct {
		to      design.Target
		brokers []design.Broker
		service design.Service
	}{
		"queue":                    {queue, bus(design.Queue{}), eater("s", design.Consume{}, twoSeconds)},
		"group":                    {group, logBus(2, "", design.Group{}), logEater("s", design.Consume{}, twoSeconds)},
		"group that commits later": {group, logBus(2, "", design.Group{Commit: time.Hour}), logEater("s", design.Consume{}, twoSeconds)},
	} {
		l := burst(4, 0)
		l.To, c.service.Instances = c.to, 2
		d := &design.Design{
			Loads: []design.Load{l}, Services: []design.Service{c.service}, Brokers: c.brokers,
			Default: design.LinkParams{Latency: constant(10 * milli)},
		}
		r := start(t, d, Config{Duration: 20 * time.Second, Changes: []design.Change{{At: time.Second, Path: "service.s.instances", Value: "1"}}})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(name, err)
			}
		}
		wants{"load.l.completed": 4, "load.l.confirmed.latency.max": 6.06, "service.s.duplicates": 0}.check(t, r)
		if c.to == group {
			wants{"group.bus/t/s.rebalances": 1, "group.bus/t/s.members.final": 1, "queue.bus/t/s.redelivered": 0}.check(t, r)
		}
	}
}
