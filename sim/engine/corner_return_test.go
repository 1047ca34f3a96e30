package engine

import (
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
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

// Ten stand in line, five are handed over and returned one by one. The orders
// are those of a classic queue of RabbitMQ (original), of a quorum queue with a
// delivery limit (head) and of one without (tail).
func TestPlaceOfAReturn(t *testing.T) {
	for place, want := range map[design.Requeue][]uint64{
		design.RequeueOriginal: {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
		design.RequeueHead:     {3, 1, 5, 2, 4, 6, 7, 8, 9, 10},
		design.RequeueTail:     {6, 7, 8, 9, 10, 3, 1, 5, 2, 4},
	} {
		r := start(t, &design.Design{Loads: []design.Load{at("l", design.Target{Node: "bus", Entry: "q"}, time.Second)}, Brokers: bus(design.Queue{Requeue: place})}, Config{})
		var in [11]int32
		for n := uint64(1); n <= 10; n++ {
			in[n] = r.copies.take()
			*r.copies.at(in[n]) = copyRec{place: n}
			r.link(in[n], design.RequeueTail)
		}
		for n := 1; n <= 5; n++ {
			r.unlink(in[n])
		}
		for _, n := range []int{3, 1, 5, 2, 4} {
			r.link(in[n], place)
		}
		for len(want) > 0 { // and what is handed over meanwhile does not matter to the rest
			var line []uint64
			for k := r.queues[0].head; k != none; k = r.copies.at(k).next {
				line = append(line, r.copies.at(k).place)
			}
			if !slices.Equal(line, want) {
				t.Errorf("requeue %d: %v, want %v", place, line, want)
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
