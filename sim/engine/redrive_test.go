package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// redriven is a queue whose consumer fails, of ten messages within 90 ms, each of which
// is tried once; what it fails goes back from 2 s on, ten a second.
func redriven(of design.Redrive) *design.Design {
	l := burst(10, 10*milli)
	l.To = design.Target{Node: "bus", Entry: "q"}
	of.At, of.Rate = 2*time.Second, 10
	return &design.Design{
		Loads: []design.Load{l}, Services: []design.Service{eater("s", design.Consume{}, design.Step{Op: design.Fail})},
		Brokers: bus(design.Queue{MaxDeliveries: 1, DeadLetter: "dead"}, design.Queue{Name: "dead", Redrive: of}),
	}
}

// A consumer that is mended at 1 s does what goes back, the last one at 2.9 s. Each comes
// as a new message: none is a redelivery, though all had spent their deliveries.
func TestRedrive(t *testing.T) {
	r := start(t, redriven(design.Redrive{}), Config{Changes: []design.Change{{At: time.Second, Path: "service.s.on.eat.fail", Value: "0"}}})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"queue.bus/dead.published": 10, "queue.bus/dead.redriven": 10, "queue.bus/dead.depth.final": 0, "queue.bus/q.published": 20, "queue.bus/q.delivered": 20, "queue.bus/q.redelivered": 0,
		"queue.bus/q.acked": 10, "load.l.completed": 10, "load.l.confirmed.latency.max": 2.81}.check(t, r)
}

// What fails again comes back to the queue of dead letters behind those that go, so that a
// redrive ends; one every second moves all of them each time: at 2, 3, … 9 s.
func TestRedriveOfPoison(t *testing.T) {
	r := corner(t, redriven(design.Redrive{}))
	wants{"queue.bus/dead.redriven": 10, "queue.bus/dead.published": 20, "queue.bus/dead.depth.final": 10, "load.l.failed.dead_lettered": 10}.check(t, r)
	r = corner(t, redriven(design.Redrive{Every: time.Second}))
	wants{"queue.bus/dead.redriven": 80, "queue.bus/dead.published": 90, "queue.bus/dead.depth.final": 10}.check(t, r)
}

// A redrive to a queue that has no room waits for it, and moves nothing elsewhere.
func TestRedriveWaitsForRoom(t *testing.T) {
	d := redriven(design.Redrive{To: "other"})
	d.Brokers[0].Queues = append(d.Brokers[0].Queues, design.Queue{Name: "other", MaxLength: 4})
	wants{"queue.bus/dead.redriven": 4, "queue.bus/other.published": 4, "queue.bus/other.rejected": 0, "queue.bus/dead.depth.final": 6}.check(t, corner(t, d))
}
