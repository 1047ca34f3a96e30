package engine

import (
	"asynclab/sim/design"
	"testing"
	"time"
)

// eater is a service that consumes from bus/q.
func eater(name string, k design.Consume, steps ...design.Step) design.Service {
	k.From, k.Handler = design.Target{Node: "bus", Entry: "q"}, "eat"
	return design.Service{Name: name, Handlers: []design.Handler{handler("eat", steps...)}, Consumes: []design.Consume{k}}
}

// bus is a broker with a queue q.
func bus(q design.Queue, more ...design.Queue) []design.Broker {
	q.Name = "q"
	return []design.Broker{{Name: "bus", Queues: append([]design.Queue{q}, more...)}}
}

// Whatever happens to deliveries and acknowledgements, a consumer never starves
// and never exceeds its prefetch: corner audits that after every event. At the
// end the queue has to be empty although everything is lost now and then.
func TestCreditsSurviveBadLinks(t *testing.T) {
	bad := design.LinkParams{Latency: constant(3 * milli), Corrupt: 0.2, Duplicate: 0.3, Reorder: 0.3, ReorderBy: constant(40 * milli), Retransmit: design.None}
	lossy := bad
	lossy.Loss = 0.2
	again := bad
	again.Loss, again.Corrupt, again.Retransmit = 0.1, 0.05, 30*milli
	for _, ack := range []design.Ack{design.Manual, design.Automatic} {
		for _, link := range []design.LinkParams{bad, lossy, again} {
			q := design.Queue{Visible: 20 * milli, Durable: true}
			l := at("l", design.Target{Node: "bus", Entry: "q"})
			for i := range 90 {
				l.Arrivals.Times = append(l.Arrivals.Times, int64(i)*int64(7*milli))
			}
			d := &design.Design{
				Loads: []design.Load{l}, Brokers: bus(q),
				Services: []design.Service{eater("s", design.Consume{Ack: ack}, work(2*milli), design.Step{Op: design.Fail, Prob: 0.2, HasProb: true})},
				Links:    []design.Link{{From: "bus", To: "s", LinkParams: link}},
			}
			r := corner(t, d)
			wants{"queue.bus/q.depth.final": 0, "queue.bus/q.unacked.final": 0}.check(t, r)
		}
	}
}

// A delivery that dies on its link after its visibility timeout gives its
// credit back: nobody else will.
func TestDeliveryLostAfterVisibilityGivesCreditBack(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, time.Second)}, Brokers: bus(design.Queue{Visible: 10 * milli, MaxDeliveries: 1}),
		Services: []design.Service{eater("s", design.Consume{})},
		Links:    []design.Link{{From: "bus", To: "s", LinkParams: design.LinkParams{Latency: constant(50 * milli), Corrupt: 1, Retransmit: design.None}}},
	}
	r := corner(t, d)
	wants{"queue.bus/q.delivered": 2, "queue.bus/q.depth.final": 0}.check(t, r)
}

// An instance that resumes after a crash has lost no credit: not by
// acknowledgements that were on their way, nor by a broker that was away too.
func TestResumedConsumerDoesNotStarve(t *testing.T) {
	for _, crash := range []design.CrashPolicy{design.CrashLose, design.CrashKeep, design.CrashResume, design.CrashRestart} {
		for _, broker := range []bool{false, true} {
			s := eater("s", design.Consume{}, work(10*milli))
			s.Crash = crash
			d := &design.Design{
				Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 500*milli, 600*milli, 700*milli)}, Brokers: bus(design.Queue{Durable: true}), Services: []design.Service{s},
				Links:  []design.Link{{From: "s", To: "bus", LinkParams: design.LinkParams{Latency: constant(5 * milli)}}},
				Faults: []design.Fault{crashed("s", 16*milli, 200*milli)}, // the acknowledgement was sent at 15 ms
			}
			if broker {
				d.Faults = append(d.Faults, crashed("bus", 50*milli, 50*milli))
				d.Brokers[0].Reconnect.Base = constant(10 * milli)
			}
			r := corner(t, d)
			wants{"queue.bus/q.acked": 4, "queue.bus/q.depth.final": 0, "queue.bus/q.unacked.final": 0}.check(t, r)
		}
	}
}

// A consumer that came back has its full credit; the visibility timeout of what
// it had before must not add to it.
func TestOldDeliveriesGiveNoCredit(t *testing.T) {
	s := eater("s", design.Consume{}, work(10*milli))
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0, 0, 0, 0)}, Services: []design.Service{s},
		Brokers: bus(design.Queue{Visible: 100 * milli, AwaitVisible: true}),
		Links:   []design.Link{{From: "s", To: "bus", LinkParams: design.LinkParams{Loss: 1}}},
		Faults:  []design.Fault{crashed("s", 50*milli, 10*milli)},
	}
	corner(t, d)
}

// What a broker drops while it goes down is not dropped twice.
func TestBrokerCrashWithFullDeadLetterQueue(t *testing.T) {
	back := eater("late", design.Consume{}, work(10*milli))
	back.Consumes[0].From.Entry = "dead"
	s := eater("s", design.Consume{Prefetch: 3}, work(time.Second))
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0, 0, 0, 0)}, Services: []design.Service{s, back},
		Brokers: bus(design.Queue{MaxDeliveries: 1, DeadLetter: "dead", Durable: true}, design.Queue{Name: "dead", MaxLength: 1}),
		Faults:  []design.Fault{crashed("late", 0, 5*time.Second), crashed("bus", 100*milli, 100*milli), {Name: "again", Kind: design.FaultCrash, Node: "bus", At: 300 * milli, For: constant(milli), HasFor: true}},
	}
	corner(t, d)
}

// A crash of the broker ends its connections, and with them what travels on them.
func TestBrokerCrashLosesWhatTravels(t *testing.T) {
	pub := design.Service{Name: "p", Handlers: []design.Handler{handler("do", design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "q"}})}}
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "p", Entry: "do"}, 0)}, Services: []design.Service{pub, eater("s", design.Consume{}, work(milli))}, Brokers: bus(design.Queue{}),
		Links:  []design.Link{{From: "p", To: "bus", LinkParams: design.LinkParams{Latency: constant(100 * milli)}}},
		Faults: []design.Fault{crashed("bus", 20*milli, 20*milli)},
	}
	wants{"queue.bus/q.published": 0, "queue.bus/q.lost": 0}.check(t, corner(t, d))
}
