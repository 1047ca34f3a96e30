package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
)

// flushed is a queue q, and a topic t of two partitions without a key, to which a message
// comes every 100 ms, the first at 100 ms, and whose broker crashes at 2.55 s.
func flushed(f design.Flush, entry string) *design.Design {
	l := burst(50, 100*milli)
	l.To = design.Target{Node: "bus", Entry: entry}
	l.Confirm = nil
	for i := range l.Arrivals.Times {
		l.Arrivals.Times[i] += int64(100 * milli)
	}
	b := bus(design.Queue{Durable: true, Flush: f})
	b[0].Reconnect = design.Retry{Base: constant(milli)}
	b[0].Topics = []design.Topic{{Name: "t", Partitions: 2, Template: design.Queue{Durable: true, Flush: f}}}
	s := logEater("s", design.Consume{Stopped: true}, work(milli))
	return &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: b, Faults: []design.Fault{crashed("bus", 2550*milli, 10*milli)}}
}

// What is not on disk when the broker crashes is lost, in a queue and in the logs of
// partitions alike, and its publisher is told no, unless it was told yes before.
func TestCrashLosesWhatIsNotFlushed(t *testing.T) {
	for _, c := range []struct {
		what          string
		f             design.Flush
		entry         string
		lost, refused float64
		longest       float64
	}{
		{"at once", design.Flush{}, "q", 0, 0, 0},
		// What came at 2 s goes with the flush there; 2.1 to 2.5 s are lost.
		{"each second", design.Flush{Every: time.Second}, "q", 5, 5, 0.9},
		{"each second, received", design.Flush{Every: time.Second, Received: true}, "q", 5, 0, 0},
		{"each second", design.Flush{Every: time.Second}, "t", 5, 5, 0.9},
		{"each second, with the system", design.Flush{Every: time.Second, System: true}, "q", 0, 5, 0.9},
		{"each second, with the system", design.Flush{Every: time.Second, System: true}, "t", 0, 5, 0.9},
		// 24 are on disk, and of the partitions, which have 13 and 12, eight each. Of those
		// after the crash one, and nine, wait for others until the deadline.
		{"eight", design.Flush{Count: 8}, "q", 1, 1, 0.7},
		{"eight", design.Flush{Count: 8}, "t", 9, 9, 1.4},
		// The flush of 2 s takes until 2.6 s.
		{"each second, slow", design.Flush{Every: time.Second, Takes: constant(600 * milli)}, "q", 15, 15, 1.5},
		// The one of 2.35 s is for those of 2.2 and 2.3 s; 2.4 and 2.5 s wait for the next.
		{"each, slow", design.Flush{Takes: constant(250 * milli)}, "q", 4, 4, 0.45},
	} {
		d := flushed(c.f, c.entry)
		r := start(t, d, Config{Duration: 10 * time.Second})
		for r.Step() {
			if err := r.Audit(); err != nil {
				t.Fatalf("%s, %s: %v", c.what, c.entry, err)
			}
		}
		q := "queue.bus/" + map[string]string{"q": "q", "t": "t/s"}[c.entry]
		t.Log(c.what, c.entry)
		wants{q + ".lost": c.lost, q + ".published": 50, "load.l.failed.refused": c.refused, "load.l.accepted.latency.max": c.longest}.check(t, r)
	}
}

// A publisher waits for the disk whether its message waits in the line for room, is known
// already, or comes twice by its link; a message of which somebody asks no answer, or that
// is transient, holds nobody up. Where a follower has what the leader had not on its disk,
// nothing is lost.
func TestFollowersNeedNoDisk(t *testing.T) {
	d := flushed(design.Flush{Every: time.Second}, "q")
	d.Brokers[0].Replicas = design.Replication{Nodes: 3, Acks: design.AcksAll, Failover: constant(100 * milli)}
	d.Faults[0].For = constant(time.Second)
	r := start(t, d, Config{Duration: 10 * time.Second})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"queue.bus/q.lost": 0, "replication.bus.lost": 0, "queue.bus/q.depth.final": 49, "flush.bus/q.flushed": 49, "flush.bus/q.unflushed.final": 0}.check(t, r)
}

// A delay that a queue gets while a run goes on holds for what comes then, also for what is
// on its way.
func TestDelayByHand(t *testing.T) {
	l := burst(10, 100*milli)
	l.To, l.Confirm = design.Target{Node: "bus", Entry: "q"}, nil
	d := &design.Design{Loads: []design.Load{l}, Brokers: bus(design.Queue{}), Services: []design.Service{eater("s", design.Consume{}, work(milli))},
		Links: []design.Link{{From: "l", To: "bus", LinkParams: design.LinkParams{Latency: constant(50 * milli)}}}}
	r := start(t, d, Config{Duration: 5 * time.Second, Changes: []design.Change{{At: 425 * milli, Path: "queue.bus/q.delayed", Value: "1s"}}})
	for r.Step() {
		if err := r.Audit(); err != nil {
			t.Fatal(err)
		}
	}
	wants{"queue.bus/q.delayed.max": 6, "queue.bus/q.acked": 10}.check(t, r)
}
