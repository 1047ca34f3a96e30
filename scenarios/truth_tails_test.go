package scenarios_test

import "fmt"

// Tails of fan-outs, hedging: A30, B07 to B10.

// fanOut sends every operation to n legs at once and waits for some of them.
func fanOut(n, need int, rate, leg, more string) string {
	return fmt.Sprintf(`
load: {x: {to: front/h, arrivals: constant(%s), %s}}
services:
  front: {workers: unlimited, on: {h: [{parallel: {times: %d, do: [{call: leg/h, timeout: none}]}, need: %d}]}}
  leg: {workers: unlimited, on: {h: [work: "%s"]}}
`, rate, more, n, need, leg)
}

var (
	latency   = m("load.x.confirmed.latency.mean")
	latency99 = m("load.x.confirmed.latency.p99")
)

const twoKinds = "hyperexp(0.99, 1ms, 10ms)" // of legs

var truthTails = []truthCase{
	{id: "A30-10", text: fanOut(10, 10, "0.1/s", "exp(1s)", "patient"), seconds: 6e5, quick: 0.1,
		values: []truth{{"n10.mean", 2.928968, 0.005, latency, 0}, {"n10_p99", 6.903237, 0.01, latency99, 0}}},
	{id: "A30-100", text: fanOut(100, 100, "0.1/s", "exp(1s)", "patient"), seconds: 2e5, quick: 0.05,
		values: []truth{{"n100.mean", 5.187378, 0.005, latency, 0}, {"n100_p99", 9.20537, 0.01, latency99, 0}}},
	{id: "A30-first", text: fanOut(10, 1, "0.1/s", "exp(1s)", "patient"), seconds: 6e5, quick: 0.1,
		values: []truth{{"first_of_10", 0.1, 0.005, latency, 0}}},
	{id: "A30-quorum", text: fanOut(3, 2, "0.1/s", "exp(1s)", "patient"), seconds: 6e5, quick: 0.1,
		values: []truth{{"2of3.mean", 0.8333333, 0.005, latency, 0}}},
	{
		id: "B07", seconds: 500, quick: 0.1, text: `
load: {x: {to: front/h, arrivals: constant(100/s), patient}}
services: {leg: {workers: unlimited, on: {h: [work: exp(10ms)]}}}
designs:
  sequence: {services: {front: {workers: unlimited, on: {h: [call: leg/h, call: leg/h, call: leg/h, call: leg/h, call: leg/h]}}}}
  at-once: {services: {front: {workers: unlimited, on: {h: [parallel: [[call: leg/h], [call: leg/h], [call: leg/h], [call: leg/h], [call: leg/h]]]}}}}
`,
		values: []truth{
			{"seq_mean", 0.05, 0.005, m("sequence|load.x.confirmed.latency.mean"), 0},
			{"seq_p99", 0.1160463, 0.01, m("sequence|load.x.confirmed.latency.p99"), 0},
			{"par_mean", 0.02283333, 0.005, m("at-once|load.x.confirmed.latency.mean"), 0},
			{"par_p99", 0.06210592, 0.01, m("at-once|load.x.confirmed.latency.p99"), 0},
		},
	},
	// A slow leg makes the operation miss its deadline of a second.
	{id: "B08-100", text: fanOut(100, 100, "0.1/s", "discrete(500ms: 99, 1500ms: 1)", "deadline: 1s, timeout: none"), seconds: 5e4, quick: 0.1, warmup: "0s",
		values: []truth{{"P_slow", 0.6339677, 0.01, m("load.x.failed.deadline.ratio"), absolute}}},
	{id: "B08-2000", text: fanOut(2000, 2000, "0.1/s", "discrete(500ms: 9999, 1500ms: 1)", "deadline: 1s, timeout: none"), seconds: 5e3, quick: 0.06, warmup: "0s",
		values: []truth{{"P_slow", 0.1812774, 0.02, m("load.x.failed.deadline.ratio"), absolute}}},
	{id: "B09-1", text: fanOut(1, 1, "1000/s", twoKinds, "patient"), seconds: 200, quick: 0.1,
		values: []truth{{"n1_p99", 0.005460761, 0.01, latency99, 0}, {"n1.mean", 0.00109, 0.01, latency, 0}}},
	{id: "B09-10", text: fanOut(10, 10, "1000/s", twoKinds, "patient"), seconds: 50, stretch: 8,
		values: []truth{{"n10_p99", 0.02298067, 0.01, latency99, 0}, {"n10.mean", 0.003665553, 0.01, latency, 0}}},
	{id: "B09-100", text: fanOut(100, 100, "1000/s", twoKinds, "patient"), seconds: 10, stretch: 9,
		values: []truth{{"n100_p99", 0.04600199, 0.01, latency99, 0}, {"n100.mean", 0.01038961, 0.01, latency, 0}}},
	{
		id: "B10", seconds: 1e6, quick: 0.1, text: `
load: {x: {to: front/h, arrivals: constant(0.1/s), patient}}
services: {leg: {workers: unlimited, on: {h: [work: exp(1s)]}}}
designs:
  hedged: {services: {front: {workers: unlimited, on: {h: [{parallel: [[call: leg/h], [delay: 2s, call: leg/h]], need: 1}]}}}}
  plain: {services: {front: {workers: unlimited, on: {h: [call: leg/h]}}}}
`,
		values: []truth{
			{"mean", 0.9323324, 0.005, m("hedged|load.x.confirmed.latency.mean"), 0},
			{"hedged_p99", 3.302585, 0.01, m("hedged|load.x.confirmed.latency.p99"), 0},
			{"hedged_p999", 4.453878, 0.02, m("hedged|load.x.confirmed.latency.p999"), 0},
			{"unhedged_p99", 4.60517, 0.01, m("plain|load.x.confirmed.latency.p99"), 0},
			{"extra_load", 0.1353353, 0.02, scale(div("hedged|service.leg.arrived", "hedged|load.x.offered"), 1, -1), 0},
		},
	},
}
