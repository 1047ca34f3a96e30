package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// doneAt notes when each operation was confirmed, in the order of arrival.
type doneAt []time.Duration

func (d *doneAt) Observe(r Record) {
	if r.Kind == OpConfirmed {
		for len(*d) <= int(r.Seq) {
			*d = append(*d, -1)
		}
		(*d)[r.Seq] = time.Duration(r.Time)
	}
}

func finished(t *testing.T, d *design.Design) []time.Duration {
	t.Helper()
	d.Loads[0].Confirm = []design.Target{{Node: "s", Entry: "eat"}}
	var done doneAt
	r := start(t, d, Config{Duration: time.Minute})
	r.SetObserver(&done)
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatalf("at %v: %v", time.Duration(r.Now()), err)
		}
	}
	return done
}

// Messages that return together keep their order, wherever they go: five are
// there, three of them in the hands of a consumer whose process crashes, or
// whose host goes silent until the visibility timeout.
func TestReturnsKeepTheirOrder(t *testing.T) {
	to := design.Target{Node: "bus", Entry: "q"}
	host := crashed("s", 500*milli, 5500*milli)
	host.Kind = design.FaultHostCrash
	for name, c := range map[string]struct {
		queue design.Queue
		fault design.Fault
		later time.Duration
	}{
		"crash":      {design.Queue{}, crashed("s", 500*milli, 500*milli), 0},
		"visibility": {design.Queue{Visible: 4 * time.Second, AwaitVisible: true}, host, 5 * time.Second},
	} {
		for place, want := range map[design.Requeue][]time.Duration{ // in seconds
			design.RequeueOriginal: {2, 3, 4, 5, 6}, design.RequeueHead: {2, 3, 4, 5, 6}, design.RequeueTail: {4, 5, 6, 2, 3},
		} {
			q := c.queue
			q.Requeue = place
			d := &design.Design{
				Loads: []design.Load{at("l", to, 0, milli, 2*milli, 3*milli, 4*milli)}, Brokers: bus(q), Faults: []design.Fault{c.fault},
				Services: []design.Service{eater("s", design.Consume{Prefetch: 3}, work(time.Second))},
			}
			d.Loads[0].Deadline = design.None
			for i, at := range finished(t, d) {
				if want := want[i]*time.Second + c.later; at != want {
					t.Errorf("%s, requeue %d: message %d done at %v, want %v", name, place, i+1, at, want)
				}
			}
		}
	}
}

// Ten stand in line, five are handed over and return one by one: refused in the
// order 3, 1, 5, 2, 4, or all at once with a lost connection. The orders are
// those of RabbitMQ 3.10: of a classic queue, of a quorum queue, and of one with
// a limit of deliveries.
func TestPlaceOfAReturn(t *testing.T) {
	const head, tail = design.RequeueHead, design.RequeueTail
	refused, lost := []int{3, 1, 5, 2, 4}, []int{-1, -2, -3, -4, -5}
	for name, c := range map[string]struct {
		queue   design.Queue
		returns []int // below 0: with a lost connection
		want    []uint64
	}{
		"classic, refused":      {design.Queue{}, refused, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		"classic, lost":         {design.Queue{}, lost, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		"quorum, refused":       {design.Queue{Requeue: tail, RequeueLost: head + 1}, refused, []uint64{6, 7, 8, 9, 10, 3, 1, 5, 2, 4}},
		"quorum, lost":          {design.Queue{Requeue: tail, RequeueLost: head + 1}, lost, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		"with a limit, refused": {design.Queue{Requeue: head}, refused, []uint64{3, 1, 5, 2, 4, 6, 7, 8, 9, 10}},
		"with a limit, lost":    {design.Queue{Requeue: head}, lost, []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
		"in front and original": {design.Queue{RequeueLost: head + 1}, []int{-5, 1, -2, 3, -4}, []uint64{1, 3, 5, 2, 4, 6, 7, 8, 9, 10}},
	} {
		r := start(t, &design.Design{Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, time.Second)}, Brokers: bus(c.queue)}, Config{})
		r.ops.take()
		var in [11]int32
		for n := uint64(1); n <= 10; n++ {
			in[n] = r.copies.take()
			*r.copies.at(in[n]) = copyRec{place: n}
			r.link(in[n], tail)
		}
		for n := 1; n <= 5; n++ {
			r.unlink(in[n])
			r.copies.at(in[n]).state = copyDelivered
		}
		for _, n := range c.returns {
			if n < 0 {
				r.free(in[-n], design.EndLost)
			} else {
				r.again(in[n], -minRedelivery, design.EndFailure)
			}
		}
		for want := c.want; len(want) > 0; { // and what is handed over meanwhile does not matter to the rest
			var line []uint64
			for k := r.queues[0].head; k != none; k = r.copies.at(k).next {
				line = append(line, r.copies.at(k).place)
			}
			if !slices.Equal(line, want) {
				t.Errorf("%s: %v, want %v", name, line, want)
			}
			r.unlink(r.queues[0].head)
			want = want[1:]
		}
	}
}

// A message that kills its consumer is the one that is tried again: the others
// in its hands do not get in front of it.
func TestPoisonComesFirst(t *testing.T) {
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 10)...)}, Brokers: bus(design.Queue{MaxDeliveries: 3}),
		Services: []design.Service{eater("s", design.Consume{Prefetch: 10}, work(2*time.Second))},
		Faults:   []design.Fault{crashed("s", 2*time.Second, time.Second)},
	}
	d.Faults[0].Period = 2 * time.Second
	wants{"service.s.duplicates": 2, "service.s.started": 3}.check(t, corner(t, d))
}

// A message that is refused comes again 100 µs after it was handed over, or
// when its delay after the return is over, whichever is later; what a crash
// returns comes again at once. Meanwhile it is delayed.
func TestRedeliveryTakesTime(t *testing.T) {
	const us = time.Microsecond
	for name, c := range map[string]struct {
		work, delay time.Duration
		want        float64 // deliveries in the 10 ms from the first on
	}{
		"refused at once":          {0, 0, 100},       // at 0, 100, 200 … µs
		"refused after 40 µs":      {40 * us, 0, 100}, // the same
		"refused after 400 µs":     {400 * us, 0, 25}, // at 0, 400, 800 … µs
		"refused, 30 µs delay":     {0, 30 * us, 100}, // the least counts
		"refused later, and delay": {400 * us, 100 * us, 20},
	} {
		d := &design.Design{
			Loads:    []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)},
			Brokers:  bus(design.Queue{RedeliveryDelay: design.Retry{Base: constant(c.delay)}}),
			Services: []design.Service{eater("s", design.Consume{}, work(c.work), design.Step{Op: design.Fail})},
		}
		r := start(t, d, Config{Duration: 10 * milli})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if sum := metricOf(t, r, "queue.bus/q.depth.final") + metricOf(t, r, "queue.bus/q.delayed.final") + metricOf(t, r, "queue.bus/q.unacked.final"); sum != 1 {
				t.Fatalf("%s: %v messages are in the queue", name, sum)
			}
		}
		wants{"queue.bus/q.delivered": c.want}.check(t, r)
	}
}

// What a lost connection returns is there for another consumer at once, however
// long the wait for what is refused.
func TestLostConnectionsDoNotDelay(t *testing.T) {
	one := eater("s", design.Consume{Consumers: 1}, work(time.Second))
	one.Instances = 2
	d := &design.Design{
		Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, 0)}, Services: []design.Service{one},
		Brokers: bus(design.Queue{RedeliveryDelay: design.Retry{Base: constant(5 * time.Second)}}),
		Faults:  []design.Fault{crashed("s", 50*time.Microsecond, time.Minute)},
	}
	d.Faults[0].Instance = 1
	done := finished(t, d)
	if want := time.Second + 50*time.Microsecond; len(done) != 1 || done[0] != want {
		t.Errorf("done at %v, want %v", done, want)
	}
}

// A hundred messages that are refused after 10 ms and wait for a minute are to
// be found.
func TestDelayedIsALevel(t *testing.T) {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 100)...)
	s := eater("s", design.Consume{Prefetch: design.Unlimited, Consumers: 1}, work(10*milli), design.Step{Op: design.Fail})
	s.Workers = design.Unlimited
	r := start(t, &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: bus(design.Queue{RedeliveryDelay: design.Retry{Base: constant(time.Minute)}})}, Config{Duration: 20 * milli})
	r.Advance(never, 0)
	wants{"queue.bus/q.delayed.mean": 50, "queue.bus/q.delayed.final": 100, "queue.bus/q.unacked.mean": 50}.check(t, r)
}

// A consumer that answers with errors for a while, on links that take no time,
// does not end the run.
func TestErrorsOfAConsumerEnd(t *testing.T) {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, make([]time.Duration, 20)...)
	d := &design.Design{
		Loads: []design.Load{l}, Brokers: bus(design.Queue{}), Services: []design.Service{eater("s", design.Consume{}, work(20*milli))},
		Faults: []design.Fault{{Name: "errors", Kind: design.FaultErrors, Node: "s", Factor: 1, For: constant(time.Second), HasFor: true}},
	}
	r := start(t, d, Config{})
	if end := r.Advance(never, 0); end != AtDuration {
		t.Errorf("ended by %v", end)
	}
	wants{"queue.bus/q.acked": 20}.check(t, r)
}

// Which ends of a delivery count towards the limit of 3: those that are named. Whatever
// does not count happens again and again, here every 100 ms for a second.
func TestDeliveriesThatCount(t *testing.T) {
	ends := []string{"failure", "nack", "lost", "timeout"}
	for i, end := range ends {
		for set := range 1 << len(ends) {
			q := design.Queue{Name: "q", MaxDeliveries: 3, RedeliveryDelay: design.Retry{Base: draw.Const(0.1)}}
			for k, name := range ends {
				if set>>k&1 == 1 {
					q.Counted = append(q.Counted, name)
				}
			}
			s := design.Service{Name: "s", Workers: 20, Consumes: []design.Consume{{From: design.Target{Node: "bus", Entry: "q"}, Handler: "eat", Prefetch: 1}}}
			d := &design.Design{}
			step := work(time.Hour)
			switch end {
			case "failure":
				step = design.Step{Op: design.Fail}
			case "nack":
				step = design.Step{Op: design.Nack, Requeue: true}
			case "timeout":
				q.Visible = 100 * milli
			case "lost":
				for k := range 9 {
					f := crashed("s", time.Duration(k)*100*milli+60*milli, 40*milli)
					f.Name = fmt.Sprint("crash", k)
					d.Faults = append(d.Faults, f)
				}
			}
			s.Handlers = []design.Handler{handler("eat", step)}
			d.Services = []design.Service{s}
			d.Brokers = []design.Broker{{Name: "bus", Queues: []design.Queue{q}}}
			l := at("l", design.Target{Node: "bus", Entry: "q"}, 0)
			l.Deadline, l.Confirm = design.None, []design.Target{{Node: "s", Entry: "eat"}}
			d.Loads = []design.Load{l}
			want := wants{"queue.bus/q.delivered": 10, "queue.bus/q.dropped": 0}
			if set == 0 || set>>i&1 == 1 {
				want = wants{"queue.bus/q.delivered": 3, "queue.bus/q.dropped": 1}
			}
			r := start(t, d, Config{Seed: 1, Duration: 999 * milli, Drain: design.None})
			for r.Step() {
				if err := r.Audit(); err != nil {
					t.Fatal(err)
				}
			}
			if want.check(t, r); t.Failed() {
				t.Fatalf("%s, where %v count", end, q.Counted)
			}
		}
	}
}
