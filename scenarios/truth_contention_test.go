package scenarios_test

import (
	"fmt"
	"strings"
)

// Clients that write the same row at the same time (C05), and consumers that commit how
// far they have come (D20).

var truthContention = []truthCase{
	{id: "C05", seconds: 120, quick: 1, reps: 100, quickRep: 40, warmup: "0s", text: contentionText(), values: contentionValues()},
	{
		// Crashes come 20 to 25 s after each other, so that each is at a time of the interval
		// of 5 s that is uniform.
		id: "D20", seconds: 11_300, quick: 0.02, warmup: "0s", text: `
load: {x: {to: b/t, arrivals: constant(100/s), deadline: none, confirm: s/h}}
services: {s: {consumes: {b/t: h}, on: {h: [work: 100us]}}}
brokers: {b: {topics: {t: {partitions: 1, durable: true, group: {commit: 5s, session: 50ms}}}, reconnect: {backoff: 1ms}}}
faults: [{name: crash, every: "uniform(20s, 25s)", for: 10ms, crash: s}]
`,
		values: []truth{
			{"mean_reprocessed", 250, 0.04, div("queue.b/t/s.redelivered", "group.b/t/s.rebalances"), 0},
			{"mean_repeated", 250, 0.04, m("group.b/t/s.repeated.mean"), 0},
			{"max", 500, 0.04, greatest, 0},
			{"above_max", 0, 0, func(s *sample) float64 { return max(0, m("group.b/t/s.repeated.max")(s)-500) }, exact},
		},
	},
}

// greatest estimates the bound of a uniform distribution by its greatest sample of n, which
// is n in n + 1 of it on average.
func greatest(s *sample) float64 {
	n := m("group.b/t/s.rebalances")(s) // one for each crash, whose process is back before it is missed
	return m("group.b/t/s.repeated.max")(s) * (n + 1) / n
}

// contended are the clients and back-offs of C05, and the writes and milliseconds of
// the published simulator.
var contended = []struct {
	name, backoff string
	of            map[int][2]float64
	spread        float64 // of the times
}{
	{"Exponential", "backoff: \"exponential(10ms, max=2s)\"", map[int][2]float64{20: {149.95, 14409.3}, 50: {621.81, 36277.6}, 100: {1856.18, 63431.9}}, 0.15},
	{"Decorr", "backoff: \"decorrelated(5ms, max=2s)\"", map[int][2]float64{20: {100.68, 838.3}, 50: {375.07, 2239.7}, 100: {1004.1, 4511.6}}, 0.15},
	{"EqualJitter", "backoff: \"exponential(10ms, max=2s)\", jitter: equal", map[int][2]float64{20: {108.03, 1600.7}, 50: {346.68, 4172.7}, 100: {811.89, 6691.0}}, 0.15},
	{"FullJitter", "backoff: \"exponential(10ms, max=2s)\", jitter: full", map[int][2]float64{20: {100.4, 1020.8}, 50: {332.2, 2848.6}, 100: {795.59, 4893.9}}, 0.15},
	{"None", "backoff: 0s", map[int][2]float64{20: {152.75, 606.5}, 50: {690.67, 1147.0}, 100: {2421.67, 2022.1}}, 0.05},
}

// contentionText has an attempt of a client as one handler: the request brings it to the
// row, which it reads; the value goes back and the new one comes; then it writes.
func contentionText() string {
	var b strings.Builder
	b.WriteString(`
load: {x: {to: s/h, arrivals: {constant: 1/s}, deadline: none, timeout: none}}
services: {s: {workers: unlimited, stores: {t: {}}, on: {h: [read: t, delay: "normal(10ms, 2ms)", delay: "normal(10ms, 2ms)", {set: t, unchanged: true}, reply]}}}
links: {x -> s: {latency: "normal(10ms, 2ms)"}}
designs:
`)
	for _, n := range []int{20, 50, 100} {
		for _, c := range contended {
			fmt.Fprintf(&b, "  %s%d: {load: {x: {count: %d, arrivals: {batch: %d}, retry: {attempts: unlimited, on: [error], %s}}}}\n", c.name, n, n, n, c.backoff)
		}
	}
	return b.String()
}

func contentionValues() (all []truth) {
	for _, n := range []int{20, 50, 100} {
		for _, c := range contended {
			calls := 0.03
			if n == 100 {
				calls = 0.02
			}
			all = append(all,
				truth{fmt.Sprintf("%d.%s.calls", n, c.name), c.of[n][0], calls, m(fmt.Sprintf("%s%d|service.s.arrived", c.name, n)), near},
				truth{fmt.Sprintf("%d.%s.time", n, c.name), c.of[n][1] / 1000, c.spread, m(fmt.Sprintf("%s%d|load.x.confirmed.latency.max", c.name, n)), near})
		}
	}
	return all
}
