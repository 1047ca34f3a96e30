package engine

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech/hedge"

	"pgregory.net/rapid"
)

// Whatever a design does, the stretches of each operation add up to its latency (the
// ledger panics where they do not), those of a load to the sum of its latencies, and the
// run is the one that does not explain itself.
func TestLatencyIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDesign(t)
		cfg := Config{Duration: 2 * time.Second, Warmup: 200 * time.Millisecond, Seed: rapid.Uint64().Draw(t, "seed"), MaxEvents: 100_000}
		plain := mustRun(t, d, cfg)
		plain.Advance(never, 0)
		r := mustRun(t, d, cfg)
		r.Explain(make([]int64, len(d.Loads)))
		r.Advance(never, 0)
		same(t, "the explained run", r, plain)
		for _, x := range r.Explained() {
			sum, slow := int64(0), int64(0)
			for _, s := range x.Stretches {
				sum, slow = sum+s.All, slow+s.Slow
				if s.All <= 0 || s.Place == "" {
					t.Errorf("%s: %+v", x.Load, s)
				}
			}
			if sum != x.Total || slow != sum || x.Slow != x.Operations {
				t.Errorf("%s: the stretches add up to %d of %d, %d slow; %d and %d operations", x.Load, sum, x.Total, slow, x.Operations, x.Slow)
			}
			mean, _ := r.Value("load." + x.Load + ".confirmed.latency.mean")
			if got := float64(x.Total) / float64(x.Operations) / 1e9; x.Operations > 0 && math.Abs(got-mean) > 1e-9*mean {
				t.Errorf("%s: %v on average, the metric says %v", x.Load, got, mean)
			}
		}
	})
}

// batched is a queue whose consumer takes messages in batches, and two messages 2 ms apart.
func batched(b design.Batch, steps ...design.Step) *design.Design {
	l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 2*milli)
	l.Confirm = []design.Target{{Node: "b", Entry: "eat"}}
	s := eater("b", design.Consume{Prefetch: 10, Batch: b}, steps...)
	if s.Workers = 2; b.Max > 0 { // one consumer, one batch
		s.Workers = 1
	}
	return &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: bus(design.Queue{}), Default: design.LinkParams{Latency: draw.Const(.001)}}
}

// Where very many operations take as long as the slowest hundredth must, the slow ones
// are those that take longer: 3 of 103 here.
func TestSlowOnesAmongEquals(t *testing.T) {
	var times []time.Duration
	for i := range 100 {
		if times = append(times, time.Duration(i)*10*milli); i > 0 && i < 4 {
			times = append(times, times[len(times)-1]) // it waits for the other
		}
	}
	d := &design.Design{Loads: []design.Load{at("l", design.Target{Node: "a", Entry: "do"}, times...)}, Services: []design.Service{service("a", work(2*milli))}}
	r := start(t, d, Config{Duration: 2 * time.Second, Seed: 1})
	r.Explain([]int64{int64(2 * milli)})
	r.Advance(never, 0)
	for range 2 { // asking changes nothing
		if x := r.Explained()[0]; x.Operations != 103 || x.Slow != 3 || x.From != int64(4*milli) || x.OfSlow != int64(12*milli) {
			t.Errorf("slow are %d of %d, from %d ns, in all %d", x.Slow, x.Operations, x.From, x.OfSlow)
		}
	}
}

// By hand: what one operation, or two at once, spend where.
func TestLatencyByHand(t *testing.T) {
	ms := time.Millisecond
	to := func(node string) design.Target { return design.Target{Node: node, Entry: "do"} }
	link := design.LinkParams{Latency: draw.Const(.001)}
	chain := func(b time.Duration, call design.Step) *design.Design {
		return &design.Design{Loads: []design.Load{at("l", to("a"), 0, 0)}, Services: []design.Service{service("a", work(2*ms), call), service("b", work(b))}, Default: link}
	}
	for _, c := range []struct {
		name string
		make func() *design.Design
		want map[string]time.Duration
	}{
		// The first is 1 + 2 + 1 + 5 + 1 + 1 = 11 ms. The second stands in line for all of
		// the 9 ms that the first holds the worker.
		{"a chain", func() *design.Design { return chain(5*ms, design.Step{Op: design.Call, To: to("b")}) },
			map[string]time.Duration{"work a": 4 * ms, "work b": 10 * ms, "worker a": 9 * ms, "network l->a": 2 * ms, "network a->l": 2 * ms, "network a->b": 2 * ms, "network b->a": 2 * ms}},
		// b takes 5 ms and the attempt 4: 4 ms do not count, then 3 ms of back-off; so does
		// the second attempt, and the else answers. Without a line at a: two workers.
		{"retries", func() *design.Design {
			d := chain(5*ms, design.Step{Op: design.Call, To: to("b"), Timeout: 4 * ms, Retry: design.Retry{Attempts: 2, Base: draw.Const(.003)}, HasElse: true, Else: []design.Step{work(1 * ms)}})
			d.Services[0].Workers, d.Services[1].Workers = 2, 4
			return d
		}, map[string]time.Duration{"work a": 6 * ms, "blocked a/do->b/do": 16 * ms, "back-off a/do->b/do": 6 * ms, "network l->a": 2 * ms, "network a->l": 2 * ms}},
		// In parallel with 7 ms of delay, b and its links take 7 ms too, and the branch
		// that ends last counts: with 8 ms the delay.
		{"a join", func() *design.Design {
			d := chain(5*ms, design.Step{Op: design.Parallel, Branches: [][]design.Step{{{Op: design.Call, To: to("b")}}, {work(8 * ms)}}})
			d.Services[0].Workers, d.Services[1].Workers = 2, 2
			return d
		}, map[string]time.Duration{"work a": 20 * ms, "network l->a": 2 * ms, "network a->l": 2 * ms}},
		// Over a queue with one consumer: 1 ms to the broker, the second waits 5 + 1 ms (the
		// acknowledgement travels) and the delivery another.
		{"a queue", func() *design.Design {
			return &design.Design{
				Loads: []design.Load{func() design.Load {
					l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0)
					l.Confirm = []design.Target{to("b")}
					return l
				}()},
				Services: []design.Service{func() design.Service {
					s := service("b", work(5*ms))
					s.Consumes = []design.Consume{{From: design.Target{Node: "bus", Entry: "q"}, Handler: "do"}}
					return s
				}()},
				Brokers: []design.Broker{{Name: "bus", Queues: []design.Queue{{Name: "q"}}}}, Default: link,
			}
		}, map[string]time.Duration{"work b": 10 * ms, "queue bus/q": 7 * ms, "network l->bus": 2 * ms, "network bus->b": 2 * ms}},
		// Two workers and one lock: each access of the store takes 2 ms, and the second waits
		// while the first works, and until it has given the lock back: 7 ms.
		{"a lock", func() *design.Design {
			s := service("a", design.Step{Op: design.Read, Store: "t"}, design.Step{Op: design.LockRow, Store: "t"}, work(5*ms), design.Step{Op: design.Unlock, Store: "t"})
			s.Workers, s.Stores = 2, []design.Store{{Name: "t", Latency: draw.Const(.002)}}
			return &design.Design{Loads: []design.Load{at("l", to("a"), 0, 0)}, Services: []design.Service{s}, Default: link}
		}, map[string]time.Duration{"work a": 10 * ms, "lock a": 7 * ms, "store a": 2 * 3 * 2 * ms, "network l->a": 2 * ms, "network a->l": 2 * ms}},
		// A broker that waits 3 ms for its followers before a message is there.
		{"followers", func() *design.Design {
			l := at("l", design.Target{Node: "bus", Entry: "q"}, 0, 0)
			l.Confirm = []design.Target{to("b")}
			s := service("b", work(5*ms))
			s.Workers, s.Consumes = 2, []design.Consume{{From: design.Target{Node: "bus", Entry: "q"}, Handler: "do"}}
			b := design.Broker{Name: "bus", Queues: []design.Queue{{Name: "q"}}, Replicas: design.Replication{Nodes: 3, Acks: design.AcksAll, Lag: draw.Const(.003)}}
			return &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Brokers: []design.Broker{b}, Default: link}
		}, map[string]time.Duration{"work b": 10 * ms, "followers l->bus": 6 * ms, "network l->bus": 2 * ms, "network bus->b": 2 * ms}},
		// The first instance stands still; after 5 ms a hedge goes to the second, which answers.
		{"a hedge", func() *design.Design {
			l, s := at("l", to("a"), 0), service("a", work(2*ms))
			l.Uses = design.Uses{{Of: hedge.Mechanism, Settings: &hedge.Settings{After: 5 * ms, Most: 1}}}
			s.Instances = 2
			stands := design.Fault{Kind: design.FaultPause, Node: "a", Instance: 1, Name: "stands", HasFor: true, For: draw.Const(1)}
			return &design.Design{Loads: []design.Load{l}, Services: []design.Service{s}, Faults: []design.Fault{stands}, Default: link}
		}, map[string]time.Duration{"blocked l->a/do": 5 * ms, "work a": 2 * ms, "network l->a": 1 * ms, "network a->l": 1 * ms}},
		// Sent together 5 ms after the first, 3 ms after the second.
		{"a batch of a publisher", func() *design.Design {
			d := batched(design.Batch{}, work(5*ms))
			d.Loads[0].Gather = design.Gather{Linger: 5 * ms}
			return d
		}, map[string]time.Duration{"batch l->bus/q": 8 * ms, "work b": 10 * ms, "network l->bus": 2 * ms, "network bus->b": 2 * ms}},
		// Handled together 5 ms after the first, 3 ms after the second.
		{"a batch of a consumer", func() *design.Design { return batched(design.Batch{Max: 10, Linger: 5 * ms}, work(5*ms)) },
			map[string]time.Duration{"batch b": 8 * ms, "work b": 10 * ms, "network l->bus": 2 * ms, "network bus->b": 2 * ms}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := spentOn(t, c.make()); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("spent %v, want %v", got, c.want)
			}
		})
	}
}

// spentOn is where the operations of a load spent their time.
func spentOn(t *testing.T, d *design.Design) map[string]time.Duration {
	r := start(t, d, Config{Duration: time.Second, Seed: 1})
	r.Explain([]int64{0})
	r.Advance(never, 0)
	names := [...]string{"work", "worker", "queue", "network", "back-off", "blocked", "line", "delay", "lock", "store", "parked", "followers", "broker", "batch", "down", "paused", "hung"}
	got := map[string]time.Duration{}
	for _, s := range r.Explained()[0].Stretches {
		got[names[s.Spent]+" "+s.Place] = time.Duration(s.All)
	}
	return got
}
