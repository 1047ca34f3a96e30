package engine

import (
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
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

// What an open operation has visited is in the budget too: a message that goes
// round for ever is a new one each time, of the same operation. And so are the
// messages of one handler that sends in a loop.
func TestWhatGoesRoundIsInTheBudget(t *testing.T) {
	nack := design.Step{Op: design.Nack}
	from := func(queues ...string) (all []design.Consume) {
		for _, q := range queues {
			all = append(all, design.Consume{From: design.Target{Node: "bus", Entry: q}, Handler: "eat"})
		}
		return all
	}
	queue := func(name, dead string, ttl time.Duration) design.Queue {
		return design.Queue{Name: name, MaxDeliveries: 1, DeadLetter: dead, TTL: ttl}
	}
	ring := eater("s", design.Consume{}, nack)
	ring.Consumes = from("q", "q1", "q2")
	retry := eater("s", design.Consume{}, nack)
	send := design.Step{Op: design.Send, To: design.Target{Node: "b", Entry: "do"}}
	loop := design.Step{Op: design.Repeat, Count: 900, Branches: [][]design.Step{{{Op: design.Repeat, Count: 900, Branches: [][]design.Step{{send}}}}}}
	message := at("l", design.Target{Node: "bus", Entry: "q"}, 0)
	for _, c := range []struct {
		name  string
		d     design.Design
		cause string
	}{
		{"ring of dead letters", design.Design{Loads: []design.Load{message}, Services: []design.Service{ring}, Brokers: bus(queue("q", "q1", 0), queue("q1", "q2", 0), queue("q2", "q", 0))}, "visits"},
		{"retry queue", design.Design{Loads: []design.Load{message}, Services: []design.Service{retry}, Brokers: bus(queue("q", "again", 0), queue("again", "q", milli))}, "visits"},
		{"sends in a loop", design.Design{Loads: []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, 0)}, Services: []design.Service{service("a", loop), service("b", wait(milli))}, Default: design.LinkParams{Latency: constant(milli)}}, "in flight"},
	} {
		c.d.Loads[0].Deadline = design.Unlimited
		c.d.Loads[0].Confirm = nil
		if c.cause == "visits" {
			c.d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
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
