package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
	"slices"
	"testing"
	"time"
)

// noted lists the numbers of the operations to which something of a kind happened.
type noted struct {
	kind RecordKind
	ops  []uint64
}

func (o *noted) Observe(x Record) {
	if x.Kind == o.kind {
		o.ops = append(o.ops, x.Seq)
	}
}

// A connection keeps its order, whatever changes on it while messages are under
// way: a latency that falls (to nothing, too), and messages that are lost and
// sent again, which hold up what is behind them.
func TestConnectionKeepsItsOrder(t *testing.T) {
	slow := design.LinkParams{Latency: constant(100 * milli), Order: design.OrderFIFO}
	lossy := design.LinkParams{Latency: constant(10 * milli), Order: design.OrderFIFO, Loss: 0.5, Retransmit: 50 * milli}
	none := design.LinkParams{Order: design.OrderFIFO, Loss: 0.5, Retransmit: 50 * milli}
	for _, c := range []struct {
		name string
		link design.LinkParams
		set  design.Fault
	}{
		{"latency falls", slow, sets("link.l->s.latency", "1ms")},
		{"latency falls to nothing", slow, sets("link.l->s.latency", "0s")},
		{"loss", lossy, design.Fault{}},
		{"loss, no latency", none, design.Fault{}},
		{"loss ends", lossy, sets("link.l->s.loss", "0")},
		{"loss and latency end", none, sets("link.l->s.loss", "0")},
		{"retransmission ends", lossy, sets("link.l->s.retransmit", "none")},
	} {
		l := at("l", design.Target{Node: "s", Entry: "do"})
		for i := range 100 {
			l.Arrivals.Times = append(l.Arrivals.Times, int64(i)*int64(7*milli))
		}
		s := service("s")
		s.Workers = 1000
		d := &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Links: []design.Link{{From: "l", To: "s", LinkParams: c.link}}}
		if c.set.Set != nil {
			d.Faults = []design.Fault{lasting(c.set, "f", 152*milli, 300*milli)}
		}
		r := start(t, d, Config{Duration: 10 * time.Second, Seed: 2})
		o := &noted{kind: TaskStarted}
		r.SetObserver(o)
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.IsSorted(o.ops) {
			t.Errorf("%s: out of order: %v", c.name, o.ops)
		}
		lost := 0.0
		if c.name == "retransmission ends" {
			lost = 100 - float64(len(o.ops))
			if lost == 0 {
				t.Errorf("%s: nothing was lost", c.name)
			}
		}
		if got := float64(len(o.ops)); got != 100-lost {
			t.Errorf("%s: %v of 100 arrived", c.name, got)
		}
	}
}

// What was damaged on one link, unseen, is not caught by the checksum of the
// next, and is no damage done there; the handler fails.
func TestUnseenDamageStaysUnseen(t *testing.T) {
	for _, latency := range []time.Duration{0, milli} {
		d := &design.Design{
			Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)}, Services: []design.Service{eater("s", design.Consume{}, work(milli))}, Brokers: bus(design.Queue{MaxDeliveries: 2}),
			Links: []design.Link{
				{From: "l", To: "bus", LinkParams: design.LinkParams{Corrupt: 1, Unseen: true}},
				{From: "bus", To: "l"},
				{From: "bus", To: "s", LinkParams: design.LinkParams{Latency: constant(latency)}},
			},
		}
		d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
		wants{"link.l->bus.corrupted": 1, "link.bus->s.corrupted": 0, "service.s.failed": 2, "load.l.failed": 1}.check(t, corner(t, d))
	}
}

// An answer that nobody can read is a bad answer, at once.
func TestUnseenDamageOfAReply(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "s", Entry: "do"}, 0)}, Services: []design.Service{service("s", work(milli))},
		Links: []design.Link{{From: "l", To: "s"}, {From: "s", To: "l", LinkParams: design.LinkParams{Corrupt: 1, Unseen: true}}},
	}
	wants{"load.l.failed.error": 1, "load.l.failed.latency.max": 0.001}.check(t, corner(t, d))
}

// A topic confirms a message when all its subscriptions have it, and not for
// parts of attempts that do not add up to one.
func TestTopicConfirmsWhenAllHaveIt(t *testing.T) {
	a, b := eater("a", design.Consume{}), eater("b", design.Consume{}, work(300*milli))
	for _, s := range []*design.Service{&a, &b} {
		s.Consumes[0].From.Entry = "t"
	}
	d := &design.Design{
		Loads: []design.Load{at("first", design.Target{Node: "bus", Entry: "t"}, 0, 0), at("l", design.Target{Node: "bus", Entry: "t"}, milli)}, Services: []design.Service{a, b},
		Brokers: []design.Broker{{Name: "bus", Topics: []design.Topic{{Name: "t", Template: design.Queue{MaxLength: 1, Overflow: overflow.Block}}}}},
		Default: design.LinkParams{Latency: constant(milli)},
	}
	d.Loads[1].Timeout, d.Loads[1].Retry = 50*milli, design.Retry{Attempts: 3}
	d.Services[1].Workers = 1
	r := start(t, d, Config{Duration: 200 * milli})
	r.Advance(never, 0)
	wants{"load.first.accepted": 2, "load.l.accepted": 0}.check(t, r) // b has none of them yet
	r = corner(t, d)
	wants{"load.l.failed.timeout": 1, "link.bus->first.sent": 2}.check(t, r)
}
