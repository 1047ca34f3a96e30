package engine

import (
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// A queue has room for ten. Fifteen messages come: either nobody is there to
// take any, or five are in the hands of a consumer and return when it crashes.
// What a return does to a full queue, and what the publisher is told, hangs on
// the policy.
func TestLimitsOfAQueue(t *testing.T) {
	to := design.Target{Node: "bus", Entry: "q"}
	for _, c := range []struct {
		policy *overflow.Policy
		letter string
		held   bool
		want   wants
	}{
		{overflow.Reject, "", false, wants{"queue.bus/q.depth.final": 10, "queue.bus/q.rejected": 5, "load.l.accepted": 10, "load.l.failed.rejected": 5}},
		{overflow.Reject, "", true, wants{"queue.bus/q.depth.final": 15, "queue.bus/q.rejected": 0}},
		{overflow.Block, "", true, wants{"queue.bus/q.depth.final": 15}},
		{overflow.DropOldest, "", false, wants{"queue.bus/q.depth.final": 10, "queue.bus/q.dropped": 5, "load.l.accepted": 15}},
		{overflow.DropOldest, "dead", false, wants{"queue.bus/q.depth.final": 10, "queue.bus/q.dropped": 0, "queue.bus/dead.depth.final": 5, "load.l.accepted": 15}},
		{overflow.DropOldest, "dead", true, wants{"queue.bus/q.depth.final": 10, "queue.bus/dead.depth.final": 5, "service.s.lost": 5}},
		{overflow.DeadLetter, "dead", false, wants{"queue.bus/q.depth.final": 10, "queue.bus/dead.depth.final": 5, "load.l.accepted": 10, "load.l.failed.rejected": 5}},
		{overflow.DeadLetter, "dead", true, wants{"queue.bus/q.depth.final": 10, "queue.bus/dead.depth.final": 5, "load.l.accepted": 15}},
	} {
		d := &design.Design{
			Loads: []design.Load{at("l", to, make([]time.Duration, 15)...)}, Faults: []design.Fault{crashed("s", 0, time.Minute)},
			Services: []design.Service{eater("s", design.Consume{Prefetch: 5}, work(time.Minute))},
			Brokers:  bus(design.Queue{MaxLength: 10, Overflow: c.policy, DeadLetter: c.letter}, design.Queue{Name: "dead"}),
		}
		if c.held {
			d.Faults[0].At = time.Second
		}
		t.Logf("policy %s, dead letters %q, held %v", c.policy.Word, c.letter, c.held)
		c.want.check(t, corner(t, d))
	}
}

// What waits for its redelivery takes up room: two of two places are taken by
// messages that were refused.
func TestDelayedMessagesCount(t *testing.T) {
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, milli, milli)},
		Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Fail})},
		Brokers:  bus(design.Queue{MaxLength: 2, RedeliveryDelay: design.Retry{Base: constant(time.Minute)}}),
	}
	wants{"queue.bus/q.delayed.final": 2, "queue.bus/q.rejected": 2}.check(t, corner(t, d))
	d.Brokers[0].Queues[0].Overflow = overflow.DropOldest
	wants{"queue.bus/q.delayed.final": 2, "queue.bus/q.dropped": 2, "queue.bus/q.delivered": 4}.check(t, corner(t, d))
}

// An operation whose message was accepted and then thrown out has failed by that
// cause: of ten, one is in work and two
// have room.
func TestDroppedIsACause(t *testing.T) {
	d := &design.Design{
		Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 10)...)},
		Services: []design.Service{eater("s", design.Consume{}, work(time.Second))},
		Brokers:  bus(design.Queue{MaxLength: 2, Overflow: overflow.DropOldest}),
	}
	d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
	wants{"load.l.completed": 3, "load.l.failed.dropped": 7, "load.l.failed.rejected": 0}.check(t, corner(t, d))
}

// A dead letter is a copy of the same message, so that it may go round for ever and the
// operation has one visit for each handler: its memory does not grow.
func TestDeadLettersGoRoundInTheSameMemory(t *testing.T) {
	for name, queues := range map[string][]design.Queue{
		"ring":        {{Name: "q", DeadLetter: "q1"}, {Name: "q1", DeadLetter: "q2"}, {Name: "q2", DeadLetter: "q"}},
		"retry queue": {{Name: "q", DeadLetter: "again"}, {Name: "again", DeadLetter: "q", TTL: milli}},
	} {
		s := eater("s", design.Consume{}, wait(milli), design.Step{Op: design.Nack})
		s.Consumes = nil
		for i := range queues {
			queues[i].MaxDeliveries = 1
			if queues[i].TTL == 0 {
				s.Consumes = append(s.Consumes, design.Consume{From: design.Target{Node: "bus", Entry: queues[i].Name}, Handler: "eat"})
			}
		}
		load := at("l", design.Target{Node: "bus", Entry: "q"}, 0)
		load.Deadline, load.Confirm = design.Unlimited, []design.Target{{Node: "s", Entry: "eat"}}
		r := start(t, &design.Design{Loads: []design.Load{load}, Services: []design.Service{s}, Brokers: bus(queues[0], queues[1:]...)}, Config{Duration: 12 * time.Minute})
		r.Advance(never, 1_000_000)
		began := r.rec.Total(r.prog.services[0].m.c + metric.ServiceStarted)
		again := r.rec.Total(r.prog.services[0].m.c + metric.ServiceDuplicates)
		if began < 100_000 || began-again != uint64(len(s.Consumes)) {
			t.Errorf("%s: %d of %d tasks are of a message that was worked on before; all are but the first in each queue", name, again, began)
		}
		if n := int(r.ops.at(0).visits); n != len(s.Consumes) || r.visits.Rows() > 1 || r.records() > 10 {
			t.Errorf("%s: %d visits, %d more and %d records of one open operation", name, r.ops.at(0).visits, r.visits.Rows(), r.records())
		}
	}
}

// A handler that publishes what comes back to it sends a new message each time, of the same
// operation. While there is no other of it, none that came before can come again, and they are
// forgotten: whether the message waits for its acknowledgement meanwhile, or is a request.
func TestOneMessageGoesRoundInTheSameMemory(t *testing.T) {
	again := func(step design.Step) design.Step { // for a design that never ends is refused
		return design.Step{Op: design.Choose, Weights: []float64{1 - 1e-5, 1e-5}, Branches: [][]design.Step{{step}, {wait(milli)}}}
	}
	on := again(design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}})
	back := again(design.Step{Op: design.Send, To: design.Target{Node: "s", Entry: "eat"}})
	for name, c := range map[string]struct {
		on design.Step
		of design.Consume
	}{
		"acknowledged": {on, design.Consume{}}, "automatic": {on, design.Consume{Ack: design.Automatic}}, "requests": {back, design.Consume{}},
	} {
		s := eater("s", c.of, wait(milli), c.on)
		load := at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 20)...)
		load.Deadline = design.Unlimited
		r := start(t, &design.Design{Loads: []design.Load{load}, Services: []design.Service{s}, Brokers: bus(design.Queue{Name: "q"})}, Config{Duration: 12 * time.Minute})
		r.Advance(never, 1_000_000)
		began := r.rec.Total(r.prog.services[0].m.c + metric.ServiceStarted)
		if again := r.rec.Total(r.prog.services[0].m.c + metric.ServiceDuplicates); began < 100_000 || again > 0 {
			t.Errorf("%s: %d of %d tasks are of a message that was worked on before", name, again, began)
		}
		if n := r.visits.Rows(); n > 2*fewVisits {
			t.Errorf("%s: %d visits of twenty operations after %d tasks", name, n, began)
		}
	}
}

// What an open operation has visited is in the budget too, where another message of it is left.
// And so are the messages of one handler that sends in a loop.
func TestWhatGoesRoundIsInTheBudget(t *testing.T) {
	on := design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}}
	round := eater("s", design.Consume{}, wait(milli), design.Step{Op: design.Choose, Weights: []float64{1 - 1e-5, 1e-5},
		Branches: [][]design.Step{{on, {Op: design.Publish, To: design.Target{Node: "bus", Entry: "kept"}}}, {{Op: design.Call, To: design.Target{Node: "s", Entry: "another"}}}}})
	round.Handlers = append(round.Handlers, handler("another"))
	send := design.Step{Op: design.Send, To: design.Target{Node: "b", Entry: "do"}}
	loop := design.Step{Op: design.Repeat, Count: 900, Branches: [][]design.Step{{{Op: design.Repeat, Count: 900, Branches: [][]design.Step{{send}}}}}}
	message := at("l", design.Target{Node: "bus", Entry: "q"}, 0)
	for _, c := range []struct {
		name  string
		d     design.Design
		cause string
	}{
		{"publishes to itself", design.Design{Loads: []design.Load{message}, Services: []design.Service{round}, Brokers: bus(design.Queue{Name: "q"}, design.Queue{Name: "kept", MaxLength: 2, Overflow: overflow.DropOldest})}, "visits"},
		{"sends in a loop", design.Design{Loads: []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0)}, Services: []design.Service{service("a", loop), service("b", wait(milli))}, Default: design.LinkParams{Latency: constant(milli)}}, "in flight"},
	} {
		c.d.Loads[0].Deadline = design.Unlimited
		c.d.Loads[0].Confirm = nil
		if c.cause == "visits" {
			c.d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "another"}}
		}
		const budget = 10_000
		r := start(t, &c.d, Config{Duration: time.Hour, MaxInFlight: budget})
		if end := r.Advance(never, 3_000_000); end != BudgetInFlight {
			t.Errorf("%s: ended with %d", c.name, end)
			continue
		}
		if n := r.visits.Rows() + len(r.msgs.items) + len(r.tasks.items); n > budget+1000 {
			t.Errorf("%s: %d records, of a budget of %d", c.name, n, budget)
		}
		if w := r.Warnings()[0]; !strings.HasPrefix(w.ID(), "budget") || !strings.Contains(w.Text(), c.cause) {
			t.Errorf("%s: the warning is %q", c.name, w.Text())
		}
	}
}

// What waits without bound is bounded by the memory that it takes.
func TestBudgetOfBytes(t *testing.T) {
	s := service("s", work(time.Hour))
	s.Room, s.HasRoom = design.Unlimited, true
	l := at("l", design.Target{Node: "s", Entry: "do"})
	l.Arrivals = design.Arrivals{Kind: design.Regular, Rate: 1000}
	l.Deadline, l.Timeout = design.None, design.None
	r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}}, Config{Duration: time.Hour, MaxBytes: 1_000_000})
	if end := r.Advance(never, 0); end != BudgetInFlight {
		t.Fatalf("ended with %d", end)
	}
	if n := r.inFlight(); n < 1_000_000 || n > 1_001_000 {
		t.Errorf("%d bytes in flight", n)
	}
	if w := r.Warnings()[0]; !strings.Contains(w.Text(), "took more than 1MB") {
		t.Errorf("the warning is %q", w.Text())
	}
}

// A link that loses everything and sends it again after a nanosecond would take
// a thousand million events for each message and second.
func TestResentForEver(t *testing.T) {
	l := design.Load{Name: "l", To: design.Target{Node: "s", Entry: "do"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 1000}}
	d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{service("s", work(milli))}, Default: design.LinkParams{Loss: 1, Retransmit: 1}}
	r := start(t, d, Config{Duration: 10 * time.Second, Seed: 1})
	if end := r.Advance(never, 20_000_000); end != BudgetResends {
		t.Errorf("ended with %d at %v", end, time.Duration(r.Now()))
	}
	if w := r.Warnings()[0]; w.Kind != warning.BudgetResends || !strings.Contains(w.Text(), "sent one message again 1000000 times") {
		t.Errorf("the warning is %q", w.Text())
	}
}
