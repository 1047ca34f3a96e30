package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// sameLoad has operations that are all the same to business logic.
func sameLoad(to design.Target, times ...time.Duration) design.Load {
	l := at("l", to, times...)
	l.Attributes = []design.Attribute{{Name: "id", Dist: draw.Const(7)}}
	return l
}

// A window begins with the first message and is not renewed: of messages of one key at 0,
// 50, 99, 100, 150 and 200 ms, a window of 100 ms stores those at 0, 100 and 200 ms; the
// publishers of the others hear yes. It does not matter what became of the first, here
// dead-lettered, and a crash between does not if the queue is durable; otherwise the one at
// 50 ms begins a window, and the one at 150 ms the next.
func TestDeduplicationWindow(t *testing.T) {
	q := design.Target{Node: "bus", Entry: "q"}
	for _, c := range []struct {
		crash, durable bool
		stored         float64
		times          []time.Duration
	}{
		{false, false, 3, []time.Duration{0, 50 * milli, 99 * milli, 100 * milli, 150 * milli, 200 * milli}},
		{true, true, 2, []time.Duration{0, 50 * milli, 160 * milli}},
		{true, false, 3, []time.Duration{0, 50 * milli, 160 * milli}},
	} {
		d := &design.Design{
			Loads:    []design.Load{sameLoad(q, c.times...)},
			Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Fail})},
			Brokers:  bus(design.Queue{Known: design.Known{Window: 100 * milli, Key: "id"}, MaxDeliveries: 1, DeadLetter: "dead", Durable: c.durable}, design.Queue{Name: "dead"}),
		}
		if c.crash {
			d.Brokers[0].Reconnect = design.Retry{Base: constant(milli)}
			d.Faults = []design.Fault{crashed("bus", 20*milli, 10*milli)}
		}
		r := corner(t, d)
		all := float64(len(c.times))
		wants{"queue.bus/q.published": c.stored, "queue.bus/q.deduplicated": all - c.stored, "queue.bus/dead.published": c.stored, "load.l.accepted": all}.check(t, r)
	}
}

// slowConfirm is a design whose confirmations take 30 ms, while its publishers wait for
// 20 ms: each sends twice.
func slowConfirm(l design.Load) *design.Design {
	l.Timeout, l.Retry = 20*milli, design.Retry{Attempts: 3}
	return &design.Design{
		Loads: []design.Load{l},
		Links: []design.Link{{From: "l", To: "bus"}, {From: "bus", To: "l", LinkParams: design.LinkParams{Latency: constant(30 * milli)}}},
	}
}

// An idempotent producer's retries are recognised; without it each of them is a second
// message. In a queue and in a log alike.
func TestIdempotentProducer(t *testing.T) {
	for _, idempotent := range []bool{false, true} {
		twice := map[bool]float64{false: 10, true: 0}[idempotent]
		l := burst(10, 100*milli)
		l.Post.Idempotent = idempotent
		d := slowConfirm(l)
		d.Brokers, d.Services = logBus(2, "", design.Group{}), []design.Service{logEater("s", design.Consume{}, work(milli))}
		r := corner(t, d)
		wants{"queue.bus/t/s.acked": 10 + twice, "queue.bus/t/s.deduplicated": 10 - twice, "service.s.duplicates": twice, "load.l.completed": 10, "load.l.attempts": 20}.check(t, r)

		l.To = design.Target{Node: "bus", Entry: "q"}
		d = slowConfirm(l)
		d.Brokers, d.Services = bus(design.Queue{}), []design.Service{eater("s", design.Consume{}, work(milli))}
		r = corner(t, d)
		wants{"queue.bus/q.published": 10 + twice, "queue.bus/q.deduplicated": 10 - twice, "service.s.duplicates": twice, "load.l.completed": 10}.check(t, r)
	}
}

// A handler that is run again, after a crash, publishes anew: its producer does not know
// that it has sent the message before. A window over what is sent again does.
func TestProducerThatStartsAgain(t *testing.T) {
	for _, window := range []bool{false, true} {
		q := design.Queue{Name: "out"}
		if window {
			q.Known.Window = time.Minute
		}
		out := design.Step{Op: design.Publish, To: design.Target{Node: "bus", Entry: "out"}, Confirm: true, Post: design.Post{Idempotent: !window}}
		d := &design.Design{
			Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)},
			Services: []design.Service{eater("s", design.Consume{}, out, work(100*milli))},
			Brokers:  bus(design.Queue{}, q), Faults: []design.Fault{crashed("s", 50*milli, 10*milli)},
		}
		twice := map[bool]float64{false: 1, true: 0}[window]
		wants{"queue.bus/out.published": 1 + twice, "queue.bus/out.deduplicated": 1 - twice, "queue.bus/q.redelivered": 1}.check(t, corner(t, d))
	}
}

// What a leader's crash loses is not remembered either: the publisher of a message that
// the followers did not have sends it again, and it is stored.
func TestWhatIsLostIsStoredAgain(t *testing.T) {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 90*milli)
	l.Post.Idempotent = true
	d := slowConfirm(l)
	d.Loads[0].Timeout, d.Loads[0].Retry = 200*milli, design.Retry{Attempts: 50, Base: constant(20 * milli)}
	d.Brokers = replicatedBus(design.Replication{Nodes: 3})
	d.Brokers[0].Queues[0].Known.Window = time.Minute
	d.Services = []design.Service{logEater("s", design.Consume{Stopped: true}, work(milli))}
	d.Services[0].Consumes[0].From = l.To
	d.Faults = []design.Fault{crashed("bus", 100*milli, time.Second)} // the followers have the first, and not the second, whose confirmation is under way
	wants{"replication.bus.lost": 1, "queue.bus/q.published": 3, "queue.bus/q.deduplicated": 0, "queue.bus/q.depth.final": 2, "load.l.accepted": 2}.check(t, corner(t, d))
}

// A window is part of the state: a run that goes back to a checkpoint knows what it knew.
func TestWindowGoesBack(t *testing.T) {
	d := &design.Design{
		Loads:   []design.Load{sameLoad(design.Target{Node: "bus", Entry: "q"}, 0, 50*milli, 60*milli)},
		Brokers: bus(design.Queue{Known: design.Known{Window: time.Second, Key: "id"}}),
	}
	r := start(t, d, Config{})
	r.Advance(int64(40*milli), 0)
	c := r.Checkpoint()
	r.Advance(never, 0)
	wants{"queue.bus/q.published": 1, "queue.bus/q.deduplicated": 2}.check(t, r)
	r.Restore(c)
	r.Advance(never, 0)
	wants{"queue.bus/q.published": 1, "queue.bus/q.deduplicated": 2}.check(t, r)
}

// What a queue has refused it does not know: its publisher may send it again. Ten messages
// at once come to a queue with room for one and a consumer that takes 100 ms for each; each
// is sent again every 100 ms until it is stored, and not one of them is taken for stored before.
func TestDeduplicationOfWhatWasRefused(t *testing.T) {
	q := design.Target{Node: "bus", Entry: "q"}
	for _, queue := range []design.Queue{
		{Known: design.Known{Window: time.Minute}, MaxLength: 1},
		{Known: design.Known{Window: time.Minute}, Durable: true, MaxLength: 1},
	} {
		l := at("l", q, make([]time.Duration, 10)...)
		l.Retry = design.Retry{Attempts: 100, Base: constant(100 * milli)}
		d := &design.Design{
			Loads:    []design.Load{l},
			Services: []design.Service{eater("s", design.Consume{Prefetch: 1}, design.Step{Op: design.Work, Dist: constant(100 * milli)})},
			Brokers:  bus(queue),
		}
		r := corner(t, d)
		wants{"queue.bus/q.acked": 10, "queue.bus/q.deduplicated": 0, "load.l.accepted": 10, "queue.bus/q.rejected": 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1}.check(t, r)
	}
}
