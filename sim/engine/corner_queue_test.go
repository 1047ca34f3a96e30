package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/overflow"
	"testing"
	"time"
)

func service(name string, steps ...design.Step) design.Service {
	return design.Service{Name: name, Handlers: []design.Handler{handler("do", steps...)}}
}

func publish(n int) design.Step {
	return design.Step{Op: design.Repeat, Count: n, Branches: [][]design.Step{{{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}}}}}
}

// Messages that come at the very instant at which a consumer becomes free do not
// lift the bound of a queue.
func TestQueueBoundHoldsWhileAConsumerBecomesFree(t *testing.T) {
	d := &design.Design{
		Loads:   []design.Load{at("l", design.Target{Node: "bus", Entry: "q"})},
		Brokers: bus(design.Queue{MaxLength: 2}),
		Services: []design.Service{eater("s", design.Consume{}, work(10*milli),
			design.Step{Op: design.Choose, Weights: []float64{0.18}, Branches: [][]design.Step{{publish(5)}}})}, // and is free at once
	}
	for i := range 90 {
		d.Loads[0].Arrivals.Times = append(d.Loads[0].Arrivals.Times, int64(i)*int64(11*milli))
	}
	r := corner(t, d)
	wants{"queue.bus/q.depth.max": 2}.check(t, r)
}

// A message whose time is over is not handed over any more, whether it came
// back behind others or was alone.
func TestExpiredMessageIsNotDelivered(t *testing.T) {
	for _, others := range []int{0, 2} {
		for _, place := range []design.Requeue{design.RequeueOriginal, design.RequeueHead, design.RequeueTail} {
			times := []time.Duration{0}
			for range others {
				times = append(times, 80*milli)
			}
			d := &design.Design{
				Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, times...)}, Brokers: bus(design.Queue{TTL: 100 * milli, Requeue: place}),
				Services: []design.Service{eater("s", design.Consume{Consumers: 1}, work(150*milli), design.Step{Op: design.Nack, Requeue: true})},
			}
			r := corner(t, d)
			// The first comes back at 150 ms, 50 ms too late.
			if got := metricOf(t, r, "queue.bus/q.redelivered"); got > float64(others) {
				t.Errorf("%d others, requeue %v: %v redeliveries", others, place, got)
			}
			wants{"queue.bus/q.depth.final": 0, "queue.bus/q.expired": float64(1 + others)}.check(t, r)
		}
	}
}

// A returned message takes the place that its queue says also after a delay.
func TestDelayedRedeliveryKeepsItsPlace(t *testing.T) {
	for _, place := range []design.Requeue{design.RequeueOriginal, design.RequeueHead, design.RequeueTail} {
		fail := design.Step{Op: design.Choose, Weights: []float64{1}, Branches: [][]design.Step{{work(10 * milli)}}}
		d := &design.Design{
			Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, milli, milli, milli)},
			Brokers:  bus(design.Queue{Requeue: place, MaxDeliveries: 2, RedeliveryDelay: design.Retry{Base: constant(5 * milli)}}),
			Services: []design.Service{eater("s", design.Consume{}, fail, design.Step{Op: design.Nack, Requeue: true})},
		}
		r := start(t, d, Config{Duration: 21 * milli})
		r.Advance(never, 0)
		// The first failed at 10 ms, is back at 15 ms, and is next at 20 ms only
		// if it is in front of the others.
		want := 1.0
		if place == design.RequeueTail {
			want = 0
		}
		wants{"queue.bus/q.redelivered": want}.check(t, r)
	}
}

// Decorrelated waits before redeliveries: each is drawn between the base and
// three times the one before, so never below the base.
func TestDecorrelatedRedeliveries(t *testing.T) {
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)},
		Brokers:  bus(design.Queue{MaxDeliveries: 8, RedeliveryDelay: design.Retry{Base: constant(10 * milli), Backoff: backoff.Decorrelated}}),
		Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Fail})},
	}
	r := start(t, d, Config{Seed: 3})
	last := int64(0)
	for n := 0.0; r.Step(); {
		if got := metricOf(t, r, "queue.bus/q.redelivered"); got > n {
			if n = got; r.Now()-last < int64(10*milli) {
				t.Errorf("redelivery %v came %v after the one before", n, time.Duration(r.Now()-last))
			}
			last = r.Now()
		}
	}
	wants{"queue.bus/q.delivered": 8}.check(t, r)
}

// A dead-letter queue without a consumer that passes on what expires is how
// people build delayed retries: what goes in comes out again.
func TestRetryQueueWithoutConsumers(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)}, Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Fail})},
		Brokers: bus(design.Queue{MaxDeliveries: 1, DeadLetter: "later"}, design.Queue{Name: "later", TTL: 100 * milli, DeadLetter: "q"}),
	}
	d.Loads[0].Deadline = design.None
	r := start(t, d, Config{Duration: time.Second})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"queue.bus/q.delivered": 10, "queue.bus/later.dead_lettered": 9}.check(t, r) // at 0, 100, … 900 ms
}

// What was acknowledged early and then crashed is lost, not delivered again; the
// operation says so, whatever went wrong before.
func TestEarlyAckThenCrashIsLost(t *testing.T) {
	s := eater("s", design.Consume{}, design.Step{Op: design.Await, To: design.Target{Node: "f", Entry: "do"}, HasElse: true}, design.Step{Op: design.AckNow}, work(time.Second))
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)}, Services: []design.Service{s, service("f", design.Step{Op: design.Fail})}, Brokers: bus(design.Queue{}),
		Faults: []design.Fault{crashed("s", 100*milli, 10*milli)},
	}
	d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
	r := corner(t, d)
	wants{"queue.bus/q.acked": 1, "queue.bus/q.redelivered": 0, "load.l.failed.lost": 1, "service.s.lost": 1}.check(t, r)
}

// A keyed queue lets a blocked publisher in when the next of the key is taken up,
// though that one came from behind another and not from the line.
func TestKeyedQueueMakesRoomForBlockedPublishers(t *testing.T) {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, milli, 2*milli)
	l.Attributes = []design.Attribute{{Name: "kind", Dist: draw.Const(0), Words: []string{"a"}}}
	d := &design.Design{
		Loads: []design.Load{l}, Brokers: bus(design.Queue{Key: "kind", MaxLength: 1, Overflow: overflow.Block}),
		Services: []design.Service{eater("s", design.Consume{Prefetch: 2}, work(10*milli))},
	}
	r := corner(t, d)
	// The third is blocked from 2 ms until the second is taken up, at 10 ms.
	wants{"queue.bus/q.acked": 3, "load.l.completed": 3, "load.l.accepted.latency.max": 0.008}.check(t, r)
}

// A message that becomes a dead letter is in no list any more when room is made for it
// in a dead-letter queue whose messages all wait for their redelivery.
func TestDeadLetterDropsADelayedOne(t *testing.T) {
	later := design.Queue{Name: "dead", MaxLength: 1, RedeliveryDelay: design.Retry{Base: constant(50 * milli)}}
	dead := eater("t", design.Consume{}, design.Step{Op: design.Fail})
	dead.Consumes[0].From.Entry = "dead"
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 20*milli)},
		Brokers:  bus(design.Queue{MaxDeliveries: 1, DeadLetter: "dead"}, later),
		Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Fail}), dead},
	}
	r := start(t, d, Config{Duration: 40 * milli})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"queue.bus/q.dead_lettered": 2, "queue.bus/dead.dropped": 1, "queue.bus/dead.delivered": 2}.check(t, r)
}

// A full queue whose messages have keys drops the oldest of all that wait: in line, behind
// another of their key, or for their redelivery. Eight messages of one key come, one a
// millisecond. The first fails at 2.5 ms and waits for its redelivery; the fourth drops
// it, and the second is taken up. The sixth drops the third. At 5.5 ms the second fails
// and drops itself, the eighth drops the fifth, and at 8 ms the fourth drops itself.
func TestKeyedQueueDropsTheOldest(t *testing.T) {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, milli, 2*milli, 3*milli, 4*milli, 5*milli, 6*milli, 7*milli)
	l.Attributes = []design.Attribute{{Name: "kind", Dist: draw.Const(0), Words: []string{"a"}}}
	l.Confirm = []design.Target{{Node: "s", Entry: "eat"}}
	d := &design.Design{
		Loads:    []design.Load{l},
		Brokers:  bus(design.Queue{Key: "kind", MaxLength: 3, Overflow: overflow.DropOldest, RedeliveryDelay: design.Retry{Base: constant(50 * milli)}}),
		Services: []design.Service{eater("s", design.Consume{}, work(2500*time.Microsecond), design.Step{Op: design.Fail})},
	}
	r := start(t, d, Config{Duration: 20 * milli})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatalf("at %v: %v", time.Duration(r.Now()), err)
		}
		r.Restore(r.Checkpoint())
	}
	wants{"queue.bus/q.dropped": 5, "queue.bus/q.delivered": 4, "queue.bus/q.delayed.final": 1, "load.l.failed.dropped": 5}.check(t, r)
}
