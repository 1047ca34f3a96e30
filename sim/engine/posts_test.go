package engine

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// lone is a load with one message at a time, with a time to live of its own.
func lone(name string, at0, ttl time.Duration) design.Load {
	l := at(name, design.Target{Node: "bus", Entry: "q"}, at0)
	l.Deadline = design.None
	if ttl > 0 {
		l.Post.TTL, l.Post.HasTTL = constant(ttl), true
	}
	return l
}

// A message that lives for 300 ms behind one that lives for 2 s: a queue that looks at its
// head only expires both at 2 s; another one the second when its time is over, 1 ms after
// which it came. What the queue says for all holds where it is less.
func TestMessagesExpireAtTheHeadOrAnywhere(t *testing.T) {
	for _, c := range []struct {
		expire design.Expire
		ttl    time.Duration
		stood  float64 // seconds in the queue, both together
	}{
		{design.ExpireHead, 0, 2 + 1.999}, {design.ExpireAny, 0, 2 + 0.3}, {design.ExpireHeld, 0, 2 + 0.3},
		{design.ExpireHead, 100 * milli, 0.1 + 0.1}, {design.ExpireAny, 100 * milli, 0.1 + 0.1},
	} {
		d := &design.Design{Loads: []design.Load{lone("a", 0, 2*time.Second), lone("b", milli, 300*milli)}, Brokers: bus(design.Queue{Expire: c.expire, TTL: c.ttl})}
		r := corner(t, d)
		wants{"queue.bus/q.expired": 2, "queue.bus/q.depth.final": 0}.check(t, r)
		if got := metricOf(t, r, "queue.bus/q.depth.mean") * 10; math.Abs(got-c.stood) > 1e-9 {
			t.Errorf("%v, %v: they stood for %v s, not %v", c.expire, c.ttl, got, c.stood)
		}
	}
}

// A message that its consumer holds for 2 s, and that lives for 1 s, is acknowledged: its
// time was over, but it was not looked at. Where a queue expires what is held, its
// acknowledgement comes too late. One that is refused after 1.5 s expires on its return.
func TestHeldMessagesExpire(t *testing.T) {
	for _, c := range []struct {
		expire                       design.Expire
		refuse                       bool
		acked, expired, late, nacked float64
	}{
		{design.ExpireHead, false, 1, 0, 0, 0}, {design.ExpireAny, false, 1, 0, 0, 0}, {design.ExpireHeld, false, 0, 1, 1, 0},
		{design.ExpireHead, true, 0, 1, 0, 1}, {design.ExpireAny, true, 0, 1, 0, 1}, {design.ExpireHeld, true, 0, 1, 1, 0},
	} {
		steps := []design.Step{work(1500 * milli)}
		if c.refuse {
			steps = append(steps, design.Step{Op: design.Nack, Requeue: true})
		}
		d := &design.Design{Loads: []design.Load{lone("a", 0, time.Second)}, Brokers: bus(design.Queue{Expire: c.expire}), Services: []design.Service{eater("s", design.Consume{}, steps...)}}
		wants{"queue.bus/q.acked": c.acked, "queue.bus/q.expired": c.expired, "queue.bus/q.late_acks": c.late, "queue.bus/q.nacked": c.nacked, "queue.bus/q.delivered": 1, "queue.bus/q.unacked.final": 0}.check(t, corner(t, d))
	}
}

// A dead letter begins anew: its own time to live is left behind.
func TestDeadLettersLiveOn(t *testing.T) {
	d := &design.Design{Loads: []design.Load{lone("a", 0, 300*milli)}, Brokers: bus(design.Queue{DeadLetter: "dead"}, design.Queue{Name: "dead", TTL: time.Minute}),
		Services: []design.Service{{Name: "s", Handlers: []design.Handler{handler("eat", work(milli))}, Consumes: []design.Consume{{From: design.Target{Node: "bus", Entry: "dead"}, Handler: "eat"}}}}}
	d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
	r := corner(t, d)
	wants{"queue.bus/q.dead_lettered": 1, "queue.bus/dead.acked": 1, "load.a.confirmed.latency.max": 0.301}.check(t, r)
}

// The delay of a message: its own, multiplied by an attribute, or that of its queue. It
// counts as waiting meanwhile, and comes in behind what was there before it was due.
func TestDelayedMessages(t *testing.T) {
	late := lone("late", 0, 0)
	late.Attributes = []design.Attribute{{Name: "n", Dist: draw.Const(3)}}
	late.Post.Delay, late.Post.HasDelay, late.Post.DelayBy = constant(100*milli), true, "n"
	soon := lone("soon", milli, 0)
	d := &design.Design{Loads: []design.Load{late, soon, lone("third", 2*milli, 0)}, Brokers: bus(design.Queue{Delay: 200 * milli, MaxLength: 2}), Services: []design.Service{eater("s", design.Consume{}, work(10*milli))}}
	for i := range d.Loads {
		d.Loads[i].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
	}
	r := corner(t, d)
	wants{"load.late.confirmed.latency.max": 0.31, "load.soon.confirmed.latency.max": 0.21, "load.third.failed.rejected": 1, "queue.bus/q.delayed.max": 2, "service.s.out_of_order": 0}.check(t, r)
}

// In a durable queue, a crash of the broker takes the messages that are not (600 of 1,200,
// as measured on a classic queue of RabbitMQ).
func TestTransientMessages(t *testing.T) {
	var loads []design.Load
	for _, name := range []string{"persistent", "transient"} {
		l := at(name, design.Target{Node: "bus", Entry: "q"})
		for range 600 {
			l.Arrivals.Times = append(l.Arrivals.Times, 0)
		}
		l.Post.Transient = name == "transient"
		loads = append(loads, l)
	}
	d := &design.Design{Loads: loads, Brokers: bus(design.Queue{Durable: true}), Faults: []design.Fault{crashed("bus", time.Second, time.Second)}}
	wants{"queue.bus/q.lost": 600, "queue.bus/q.depth.final": 600, "load.persistent.accepted": 600, "load.transient.accepted": 600}.check(t, corner(t, d))
}

// So it is where the queue says which of its messages are on disk, by an attribute that
// their publishers set; one that is dead-lettered is judged by the queue to which it goes.
func TestSomeMessagesPersist(t *testing.T) {
	only := func(text string) design.Condition {
		c, err := design.ParseCondition(text)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct {
		queue, dead   design.Queue
		lost, deadOut float64
	}{
		{design.Queue{Durable: true}, design.Queue{Durable: true}, 0, 0},
		{design.Queue{Durable: true, Persistent: only("kind == order")}, design.Queue{Durable: true}, 7, 0},
		{design.Queue{Durable: true, Persistent: only("kind == order or kind == tick")}, design.Queue{Durable: true}, 0, 0},
		{design.Queue{Durable: true, TTL: 500 * milli, DeadLetter: "dead"}, design.Queue{Durable: true, Persistent: only("kind == order")}, 0, 7},
	} {
		p := service("p")
		for kind, n := range map[string]int{"order": 3, "tick": 7} {
			for range n {
				p.Handlers[0].Steps = append(p.Handlers[0].Steps, design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}, Sets: []design.Assign{{Name: "kind", Word: kind}}})
			}
		}
		b := bus(c.queue)
		c.dead.Name = "dead"
		b[0].Queues = append(b[0].Queues, c.dead)
		s := eater("s", design.Consume{Stopped: true}, work(milli))
		s.Consumes = append(s.Consumes, design.Consume{From: design.Target{Node: "bus", Entry: "dead"}, Handler: "eat", Stopped: true})
		d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "p", Entry: "do"}, 0)}, Services: []design.Service{p, s}, Brokers: b, Faults: []design.Fault{crashed("bus", time.Second, time.Second)}}
		wants{"queue.bus/q.lost": c.lost, "queue.bus/dead.lost": c.deadOut}.check(t, corner(t, d))
	}
}
