package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
)

// A message of a handler that always fails, after 10 ms, is set aside after its second
// delivery. Its operation has then failed, it counts for the length of its queue, and
// nobody gets it again.
func TestSetAside(t *testing.T) {
	spoilt := func(q design.Queue, n int, edit func(*design.Design)) *design.Design {
		q.MaxDeliveries, q.SetAside = 2, true
		l := at("l", design.Target{Node: "bus", Entry: "q"}, every(100*milli, n)...)
		l.Confirm = []design.Target{{Node: "s", Entry: "eat"}}
		d := &design.Design{Loads: []design.Load{l}, Brokers: bus(q), Services: []design.Service{eater("s", design.Consume{}, work(10*milli), design.Step{Op: design.Fail})}}
		if edit != nil {
			edit(d)
		}
		return d
	}
	late := func(refuse bool) func(d *design.Design) { // 30 ms of work, twice as long as the visibility timeout
		return func(d *design.Design) {
			q := &d.Brokers[0].Queues[0]
			q.Visible, q.RefuseLate, q.MaxDeliveries = 15*milli, refuse, 1
			d.Services[0].Handlers[0].Steps = []design.Step{work(30 * milli)}
		}
	}
	for name, c := range map[string]struct {
		d    *design.Design
		want wants
	}{
		"it stays": {spoilt(design.Queue{}, 3, nil),
			wants{"queue.bus/q.delivered": 6, "queue.bus/q.set_aside.final": 3, "queue.bus/q.dropped": 0, "queue.bus/q.depth.final": 0, "queue.bus/q.delayed.final": 0, "queue.bus/q.unacked.final": 0,
				"load.l.failed.error": 3, "load.l.unfinished": 0, "load.l.failed.latency.max": 0.02}},
		"there is no room for the third": {spoilt(design.Queue{MaxLength: 2}, 4, nil),
			wants{"queue.bus/q.rejected": 2, "queue.bus/q.set_aside.final": 2, "queue.bus/q.delivered": 4}},
		"the oldest goes": {spoilt(design.Queue{MaxLength: 2, Overflow: overflow.DropOldest}, 4, nil),
			wants{"queue.bus/q.dropped": 2, "queue.bus/q.set_aside.final": 2, "queue.bus/q.set_aside.max": 2, "queue.bus/q.delivered": 8}},
		"a publisher waits for its room": {spoilt(design.Queue{MaxLength: 1, Overflow: overflow.Block, TTL: 500 * milli}, 2, nil),
			// the first expires at 0.5 s, the second is stored then, has its 500 ms from then on, and fails after 20 ms
			wants{"queue.bus/q.expired": 2, "queue.bus/q.set_aside.final": 0, "queue.bus/q.delivered": 4, "load.l.failed.latency.max": 0.4 + 0.02}},
		"a time to live": {spoilt(design.Queue{TTL: 250 * milli}, 3, nil),
			wants{"queue.bus/q.expired": 3, "queue.bus/q.set_aside.max": 3, "queue.bus/q.set_aside.final": 0}},
		"dead letters of those whose time is over": {spoilt(design.Queue{TTL: 250 * milli, DeadLetter: "dead"}, 3, func(d *design.Design) { d.Brokers[0].Queues = append(d.Brokers[0].Queues, design.Queue{Name: "dead"}) }),
			wants{"queue.bus/q.dead_lettered": 3, "queue.bus/q.set_aside.final": 0, "queue.bus/dead.depth.final": 3}},
		"a crash of the broker": {spoilt(design.Queue{}, 3, func(d *design.Design) { d.Faults = []design.Fault{crashed("bus", time.Second, milli)} }),
			wants{"queue.bus/q.lost": 3, "queue.bus/q.set_aside.final": 0}},
		"a crash of the broker that has them on disk": {spoilt(design.Queue{Durable: true}, 3, func(d *design.Design) { d.Faults = []design.Fault{crashed("bus", time.Second, milli)} }),
			wants{"queue.bus/q.lost": 0, "queue.bus/q.set_aside.final": 3, "queue.bus/q.delivered": 6}},
		"a late acknowledgement": {spoilt(design.Queue{}, 1, late(false)),
			wants{"queue.bus/q.acked": 1, "queue.bus/q.late_acks": 1, "queue.bus/q.set_aside.max": 1, "queue.bus/q.set_aside.final": 0, "load.l.completed": 1, "load.l.confirmed.latency.max": 0.03}},
		"a late acknowledgement that is refused": {spoilt(design.Queue{}, 1, late(true)),
			wants{"queue.bus/q.acked": 0, "queue.bus/q.late_acks": 1, "queue.bus/q.set_aside.final": 1, "load.l.completed": 1}},
		"the next of its key goes on": {spoilt(design.Queue{Key: "k"}, 2, func(d *design.Design) {
			d.Loads[0].Attributes = []design.Attribute{{Name: "k", Dist: constant(time.Second)}}
			d.Loads[0].Arrivals.Times = []int64{0, 0}
		}), wants{"queue.bus/q.delivered": 4, "queue.bus/q.set_aside.final": 2, "load.l.failed.latency.max": 0.04}},
		"an end that does not count": {spoilt(design.Queue{Counted: []string{"lost"}, RedeliveryDelay: design.Retry{Base: constant(100 * milli)}}, 1, func(d *design.Design) { d.Loads[0].Deadline = time.Second }),
			wants{"queue.bus/q.set_aside.max": 0, "load.l.failed.deadline": 1}},
	} {
		t.Run(name, func(t *testing.T) { c.want.check(t, corner(t, c.d)) })
	}
}
