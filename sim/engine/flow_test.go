package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// flowing has a service that publishes at 0, 1, … 5 s, and one that needs 4 s for each.
func flowing(f design.FlowControl) *design.Design {
	to := design.Target{Node: "bus", Entry: "q"}
	p := service("p", design.Step{Op: design.Publish, To: to})
	l := at("l", design.Target{Node: "p", Entry: "do"}, 0, time.Second, 2*time.Second, 3*time.Second, 4*time.Second, 5*time.Second)
	l.Deadline = design.None
	b := design.Broker{Name: "bus", Queues: []design.Queue{{Name: "q"}, {Name: "other"}}, Flow: f}
	return &design.Design{Loads: []design.Load{l}, Services: []design.Service{p, eater("s", design.Consume{}, work(4*time.Second))}, Brokers: []design.Broker{b}}
}

// By hand. The consumer has a message from 0 to 4 s, the next until 8 s, and so on; what it
// has counts. With a mark of three, the broker stops at 2 s. The fourth comes at 3 s.
//
// Where it goes on with fewer than three: at 4 s, with the fourth it stops again, and lets
// one in each time that one is done, the fifth (of 4 s) at 8 s, the sixth (of 5 s) at 12 s:
// their publisher waits 1, 4 and 7 s. Where it goes on with fewer than half of the mark,
// which is one: only at 8 s, when the fourth and the fifth come in, and at 16 s the sixth:
// 5, 4 and 11 s; from 2 s to 16 s it is stopped.
//
// Where it slows them, to one every 2.5 s, it takes those of 3, 4 and 5 s at 4.5, 7 and 9.5 s,
// and has fewer than two at 20 s. One every half second holds back nobody who comes every second.
func TestFlowControl(t *testing.T) {
	for _, c := range []struct {
		flow               design.FlowControl
		waits, most, stops float64
		stopped            float64 // s, of 40
	}{
		{design.FlowControl{Messages: 3}, 12, 7, 4, 2 + 4 + 4 + 4},
		{design.FlowControl{Messages: 3, Resume: 0.5}, 20, 11, 2, 14},
		{design.FlowControl{Size: 3 * design.DefaultSize, Resume: 0.5}, 20, 11, 2, 14},
		{design.FlowControl{Messages: 100, Size: 2.5 * design.DefaultSize, Resume: 0.5}, 20, 11, 2, 14},
		{design.FlowControl{Messages: 3, Resume: 0.5, Slow: 0.4}, 9, 4.5, 1, 18},
		{design.FlowControl{Messages: 3, Resume: 0.5, Slow: 2}, 0, 0, 1, 18},
		{design.FlowControl{Messages: 7}, 0, 0, 0, 0},
		{design.FlowControl{}, 0, 0, 0, 0},
	} {
		r := start(t, flowing(c.flow), Config{Duration: 40 * time.Second})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		want := wants{"load.l.completed": 6, "load.l.accepted.latency.mean": c.waits / 6, "load.l.accepted.latency.max": c.most, "queue.bus/q.acked": 6}
		if c.flow != (design.FlowControl{}) {
			want["flow.bus.stops"], want["flow.bus.stopped.mean"], want["flow.bus.held.final"] = c.stops, c.stopped/40, 0
		}
		want.check(t, r)
	}
}

// All queues of a broker have one mark: who publishes to a queue with nothing in it waits
// for one that has three. A larger mark, given at 5 s, lets everyone go on.
func TestFlowControlOfAllQueues(t *testing.T) {
	for _, live := range []bool{false, true} {
		d := flowing(design.FlowControl{Messages: 3})
		d.Loads = append(d.Loads, at("x", design.Target{Node: "bus", Entry: "other"}, 2500*milli))
		d.Loads[0].Arrivals.Times = d.Loads[0].Arrivals.Times[:3]
		d.Loads[1].Deadline, d.Loads[1].Timeout = design.None, design.None
		cfg := Config{Duration: 40 * time.Second}
		after := 1.5 // until 4 s
		if live {
			d.Services[1].Handlers[0].Steps = []design.Step{work(30 * time.Second)}
			cfg.Changes = []design.Change{{At: 5 * time.Second, Path: "broker.bus.flow_control.messages", Value: "10"}}
			after = 2.5
		}
		wants{"load.x.accepted.latency.max": after, "load.x.completed": 1}.check(t, func() *Run {
			r := start(t, d, cfg)
			r.Advance(never, 0)
			return r
		}())
	}
}

// What a broker throws away, or loses by a crash, makes room like what is done.
func TestFlowControlAfterACrash(t *testing.T) {
	d := flowing(design.FlowControl{Messages: 3})
	d.Faults = []design.Fault{crashed("bus", 3500*milli, 100*milli)}
	r := start(t, d, Config{Duration: 40 * time.Second})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"flow.bus.stops": 1, "flow.bus.held.max": 3, "flow.bus.held.final": 0, "flow.bus.stopped.mean": 1.5 / 40}.check(t, r)
}
