package model

import (
	"testing"
	"time"
)

// eater is a service that consumes from bus/q.
func eater(name string, k Consume, steps ...Step) Service {
	k.From, k.Handler = Target{"bus", "q"}, "eat"
	return Service{Name: name, Handlers: []Handler{handler("eat", steps...)}, Consumes: []Consume{k}}
}

// bus is a broker with a queue q.
func bus(q Queue, more ...Queue) []Broker {
	q.Name = "q"
	return []Broker{{Name: "bus", Queues: append([]Queue{q}, more...)}}
}

// Whatever happens to deliveries and acknowledgements, a consumer never starves
// and never exceeds its prefetch: corner audits that after every event. At the
// end the queue has to be empty although everything is lost now and then.
func TestCreditsSurviveBadLinks(t *testing.T) {
	bad := LinkParams{Latency: constant(3 * milli), Corrupt: 0.2, Duplicate: 0.3, Reorder: 0.3, ReorderBy: constant(40 * milli)}
	lossy := bad
	lossy.Loss = 0.2
	again := bad
	again.Loss, again.Retransmit = 0.3, 30*milli
	for _, ack := range []Ack{Manual, Automatic} {
		for _, link := range []LinkParams{bad, lossy, again} {
			q := Queue{Visible: 20 * milli, Durable: true}
			l := at("l", Target{"bus", "q"})
			for i := range 100 {
				l.Arrivals.Times = append(l.Arrivals.Times, int64(i)*int64(7*milli))
			}
			d := &Design{
				Loads: []Load{l}, Brokers: bus(q),
				Services: []Service{eater("s", Consume{Ack: ack}, work(2*milli), Step{Op: Fail, Prob: 0.2, HasProb: true})},
				Links:    []Link{{From: "bus", To: "s", LinkParams: link}},
			}
			r := corner(t, d)
			wants{"queue.bus/q.depth.final": 0, "queue.bus/q.unacked.final": 0}.check(t, r)
		}
	}
}

// A delivery that dies on its link after its visibility timeout gives its
// credit back: nobody else will.
func TestDeliveryLostAfterVisibilityGivesCreditBack(t *testing.T) {
	d := &Design{
		Loads: []Load{at("l", Target{"bus", "q"}, 0, time.Second)}, Brokers: bus(Queue{Visible: 10 * milli, MaxDeliveries: 1}),
		Services: []Service{eater("s", Consume{})},
		Links:    []Link{{From: "bus", To: "s", LinkParams: LinkParams{Latency: constant(50 * milli), Corrupt: 1}}},
	}
	r := corner(t, d)
	wants{"queue.bus/q.delivered": 2, "queue.bus/q.depth.final": 0}.check(t, r)
}

// An instance that resumes after a crash has lost no credit: not by
// acknowledgements that were on their way, nor by a broker that was away too.
func TestResumedConsumerDoesNotStarve(t *testing.T) {
	for _, crash := range []CrashPolicy{CrashLose, CrashKeep, CrashResume, CrashRestart} {
		for _, broker := range []bool{false, true} {
			s := eater("s", Consume{}, work(10*milli))
			s.Crash = crash
			d := &Design{
				Loads: []Load{at("l", Target{"bus", "q"}, 0, 500*milli, 600*milli, 700*milli)}, Brokers: bus(Queue{Durable: true}), Services: []Service{s},
				Links:  []Link{{From: "s", To: "bus", LinkParams: LinkParams{Latency: constant(5 * milli)}}},
				Faults: []Fault{crashed("s", 16*milli, 200*milli)}, // the acknowledgement was sent at 15 ms
			}
			if broker {
				d.Faults = append(d.Faults, crashed("bus", 50*milli, 50*milli))
			}
			r := corner(t, d)
			wants{"queue.bus/q.acked": 4, "queue.bus/q.depth.final": 0, "queue.bus/q.unacked.final": 0}.check(t, r)
		}
	}
}

// A consumer that came back has its full credit; the visibility timeout of what
// it had before must not add to it.
func TestOldDeliveriesGiveNoCredit(t *testing.T) {
	s := eater("s", Consume{}, work(10*milli))
	d := &Design{
		Loads: []Load{at("l", Target{"bus", "q"}, 0, 0, 0, 0, 0, 0)}, Services: []Service{s},
		Brokers: bus(Queue{Visible: 100 * milli, AwaitVisible: true}),
		Links:   []Link{{From: "s", To: "bus", LinkParams: LinkParams{Loss: 1}}},
		Faults:  []Fault{crashed("s", 50*milli, 10*milli)},
	}
	corner(t, d)
}

// What a broker drops while it goes down is not dropped twice.
func TestBrokerCrashWithFullDeadLetterQueue(t *testing.T) {
	back := eater("late", Consume{}, work(10*milli))
	back.Consumes[0].From.Entry = "dead"
	s := eater("s", Consume{Prefetch: 3}, work(time.Second))
	d := &Design{
		Loads: []Load{at("l", Target{"bus", "q"}, 0, 0, 0, 0, 0)}, Services: []Service{s, back},
		Brokers: bus(Queue{MaxDeliveries: 1, DeadLetter: "dead", Durable: true}, Queue{Name: "dead", MaxLength: 1}),
		Faults:  []Fault{crashed("late", 0, 5*time.Second), crashed("bus", 100*milli, 100*milli), {Name: "again", Kind: FaultCrash, Node: "bus", At: 300 * milli, For: constant(milli), HasFor: true}},
	}
	corner(t, d)
}

// A crash of the broker is nothing to a message that is still on its way to it.
func TestBrokerCrashDoesNotTouchWhatTravels(t *testing.T) {
	pub := Service{Name: "p", Handlers: []Handler{handler("do", Step{Op: Publish, To: Target{"bus", "q"}})}}
	d := &Design{
		Loads: []Load{at("l", Target{"p", "do"}, 0)}, Services: []Service{pub, eater("s", Consume{}, work(milli))}, Brokers: bus(Queue{}),
		Links:  []Link{{From: "p", To: "bus", LinkParams: LinkParams{Latency: constant(100 * milli)}}},
		Faults: []Fault{crashed("bus", 20*milli, 20*milli)},
	}
	wants{"queue.bus/q.acked": 1, "queue.bus/q.lost": 0}.check(t, corner(t, d))
}
