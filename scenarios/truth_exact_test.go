package scenarios_test

import (
	"asynclab/sim/engine"
	"fmt"
	"strings"
)

// Deterministic cases: bursts, outages, partitions, makespans: D05 to D09, D15s.

// makespan is the time from the first arrival to the last completion.
func makespan(loads int) calc {
	return func(s *sample) float64 {
		last := 0.0
		for i := range loads {
			last = max(last, s.metric(fmt.Sprintf("load.x%d.confirmed.latency.max", i)))
		}
		return last
	}
}

// partitionText has ten partitions with a thousand messages each, dealt out to c
// consumers.
func partitionText(c int) string {
	var loads, queues, services strings.Builder
	for p := range 10 {
		fmt.Fprintf(&loads, "  x%d: {to: b/p%d, arrivals: {constant: 1/s, batch: 1000}, count: 1000, confirm: s%d/h, patient}\n", p, p, p%c)
		fmt.Fprintf(&queues, "p%d: {}, ", p)
	}
	for s := range c {
		var from []string
		for p := s; p < 10; p += c {
			from = append(from, fmt.Sprintf("b/p%d: h", p))
		}
		fmt.Fprintf(&services, "  s%d: {consumes: {%s}, on: {h: [work: 10ms]}}\n", s, strings.Join(from, ", "))
	}
	return "\nload:\n" + loads.String() + "brokers: {b: {queues: {" + strings.TrimSuffix(queues.String(), ", ") + "}}}\nservices:\n" + services.String()
}

func partitions(c int, want float64) truthCase {
	return truthCase{id: fmt.Sprintf("D07-%d", c), text: partitionText(c), seconds: 200, quick: 1, reps: 1, warmup: "0s",
		values: []truth{{"makespan", want, 1e-9, makespan(10), exact}}}
}

// dealt shares messages between a fast and a slow consumer with some credit.
func dealt(credit int, want float64) truthCase {
	return truthCase{id: fmt.Sprintf("D15s-%d", credit), seconds: 10, quick: 1, reps: 1, warmup: "0s",
		text: fmt.Sprintf(`
load: {x0: {to: b/q, arrivals: {constant: 1/s, batch: 60}, count: 60, confirm: {at: [fast/h, slow/h], count: 1}, patient}}
brokers: {b: {queues: {q: {}}}}
services:
  fast: {consumes: {b/q: {handler: h, prefetch: %d}}, on: {h: [work: 10ms]}}
  slow: {consumes: {b/q: {handler: h, prefetch: %d}}, on: {h: [work: 40ms]}}
`, credit, credit),
		values: []truth{{"makespan", want, 0.0001, makespan(1), exact}}}
}

// burstText is a burst into a queue of a consumer of 100/s.
func burstText(after string) string {
	return `
load: {x: {to: b/q, arrivals: {constant: [{for: 10s, rate: 300/s}, {for: 100s, rate: ` + after + `}]}, confirm: s/h, patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
services: {s: {consumes: {b/q: h}, on: {h: [work: 10ms]}}}
`
}

var drainedAfterBurst = scale(m("queue.b/q.drain_time"), 1, 10)

// lastEnd notes when the last task ended and what had expired by 7 s.
func lastEnd(w *watched) {
	w.follow(func(r engine.Record) {
		if r.Kind == engine.TaskEnded {
			w.notes["last"] = float64(r.Time) / 1e9
		}
	})
	w.advance(secs(7))
	w.notes["early"], _ = w.run.Value("queue.b/q.expired")
	w.advance(secs(40))
}

// skewText routes by key: the share of each partition's traffic is given.
func skewText(shares []float64) string {
	var b, services strings.Builder
	b.WriteString("\nload: {x: {to: router/h, arrivals: poisson(100/s), patient}}\nservices:\n  router: {workers: unlimited, on: {h: [choose: [")
	for i, p := range shares {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "{p: %.6f%%, do: [send: p%d/h]}", 100*p, i)
		fmt.Fprintf(&services, "  p%d: {queue: unlimited, on: {h: [work: 10ms]}}\n", i)
	}
	return b.String() + "]]}}\n" + services.String()
}

// zipf is the share of each of n partitions when keys 1..keys have Zipf(1)
// popularity and go to partition key mod n.
func zipf(keys, n int) []float64 {
	shares, total := make([]float64, n), 0.0
	for k := 1; k <= keys; k++ {
		shares[k%n] += 1 / float64(k)
		total += 1 / float64(k)
	}
	for i := range shares {
		shares[i] = float64(int64(shares[i]/total*1e8)) / 1e8 // they must not exceed 100 %
	}
	return shares
}

var truthDeterministic = []truthCase{
	{id: "D05a", text: burstText("0/s"), seconds: 100, quick: 1, reps: 1, warmup: "0s", values: []truth{
		{"peak_backlog", 2000, 2, m("queue.b/q.depth.max"), exact},
		{"drained_at", 30, 0.05, drainedAfterBurst, exact},
		{"max_wait", 20, 0.05, m("queue.b/q.wait.max"), exact},
		{"mean_wait", 10, 0.05, m("queue.b/q.wait.mean"), exact},
	}},
	{id: "D05b", text: burstText("50/s"), seconds: 100, quick: 1, reps: 1, warmup: "0s", values: []truth{
		{"peak_backlog", 2000, 2, m("queue.b/q.depth.max"), exact},
		{"drained_at", 50, 0.05, drainedAfterBurst, exact},
		{"max_wait", 20, 0.05, m("queue.b/q.wait.max"), exact},
	}},
	{
		id: "D06", seconds: 500, quick: 1, reps: 1, warmup: "0s", drive: histograms, text: `
load: {x: {to: b/q, arrivals: constant(80/s), confirm: s/h, patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
services: {s: {on_crash: resume, consumes: {b/q: h}, on: {h: [work: 10ms]}}}
faults: [{crash: s, at: 100s, for: 60s}]
`,
		values: []truth{
			{"peak_backlog", 4800, 2, m("queue.b/q.depth.max"), exact},
			{"recovered_at", 400, 0.1, scale(m("queue.b/q.drain_time"), 1, 160), exact},
			{"delayed", 24000, 2, times(beyond("", "queue.b/q.wait", 0), m("queue.b/q.delivered")), exact},
			{"max_delay", 60, 0.1, m("queue.b/q.wait.max"), exact},
			{"mean_delay", 30, 0.1, scale(times(m("queue.b/q.wait.mean"), m("queue.b/q.delivered")), 1./24000, 0), exact},
		},
	},
	partitions(1, 100), partitions(2, 50), partitions(3, 40), partitions(4, 30), partitions(5, 20),
	partitions(6, 20), partitions(9, 20), partitions(10, 10),
	{
		id: "D08", seconds: 40, quick: 1, reps: 1, warmup: "0s", drive: lastEnd, text: `
load: {x: {to: b/q, arrivals: constant(300/s), stop: 10s, patient}}
brokers: {b: {queues: {q: {ttl: 5s, max_length: unlimited}}}}
services: {s: {consumes: {b/q: h}, on: {h: [work: 10ms]}}}
`,
		values: []truth{
			{"served", 1500, 5, m("queue.b/q.acked"), exact},
			{"expired", 1500, 5, m("queue.b/q.expired"), exact},
			{"last_service_end", 15, 0.05, m("last"), exact},
			{"expired_before_7s", 0, 0, m("early"), exact},
		},
	},
	{id: "D09a", text: skewText([]float64{0.5625, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625}), seconds: 1e4, quick: 0.05, values: []truth{
		{"hot", 0.5625, 0.01, m("service.p0.utilization"), 0}, {"other", 0.0625, 0.02, m("service.p7.utilization"), 0}}},
	{id: "D09b", text: skewText(zipf(1000, 8)), seconds: 1e4, quick: 0.05, values: []truth{
		{"hot (partition 1)", 0.2206575, 0.01, m("service.p1.utilization"), 0}}},
	dealt(1, 0.48), dealt(5, 0.6), dealt(30, 1.2),
}
