package scenarios_test

import (
	"asynclab/sim/engine"
	"fmt"
)

// Delivery, redelivery, loss, fan-out: D01 to D04, D13, D14, D18, D21.

// deliveries counts how many operations were delivered how often, as notes
// "twice" and "thrice" (or more).
func deliveries(w *watched) {
	n := map[uint64]int{}
	w.notes["twice"], w.notes["thrice"] = 0, 0
	w.follow(func(r engine.Record) {
		if r.Kind == engine.MsgArrived && r.Message == engine.DeliverMessage {
			switch n[r.Op]++; n[r.Op] {
			case 2:
				w.notes["twice"]++
			case 3:
				w.notes["thrice"]++
			}
		}
	})
}

func perMessage(name string) calc { return div(name, "queue.b/q.published") }

var truthQueued = []truthCase{
	{
		id: "D17", seconds: 50_000, quick: 0.02, warmup: "0s", text: `
load: {x: {to: b/q, arrivals: poisson(20/s), batch: 100ms, confirm: s/h, patient}}
brokers: {b: {queues: {q: {}}}}
services: {s: {workers: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [reply]}}}
`,
		values: []truth{
			{"mean_batch", 3, 0.005, div("publisher.x->b/q.batched", "publisher.x->b/q.batches"), 0},
			{"mean_added_wait", 0.06666667, 0.005, m("load.x.confirmed.latency.mean"), 0},
		},
	},
	{
		id: "D01", seconds: 5000, warmup: "0s", drive: deliveries, text: `
load: {x: {to: b/q, arrivals: constant(10/s), patient}}
brokers: {b: {queues: {q: {visibility: 1s}}}}
services: {s: {workers: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [reply]}}}
links: {s -> b: {loss: 20%, retransmit: none}, b -> s: {latency: 0s}}
`,
		values: []truth{
			{"deliveries", 1.25, 0.003, m("queue.b/q.delivered.ratio"), absolute},
			{"duplicates", 0.25, 0.003, perMessage("service.s.duplicates"), absolute},
			{"P_any_dup", 0.2, 0.0025, perMessage("twice"), absolute},
			{"P_ge3_deliveries", 0.04, 0.002, perMessage("thrice"), absolute},
		},
	},
	{
		// Duplicates are recognised by the consumer, as its metrics do: what is left
		// is what a de-duplicating broker would have stored.
		id: "D02", seconds: 1e6, stretch: 7, quick: 0.1, warmup: "0s", text: `
brokers: {b: {queues: {q: {}}}}
services: {s: {workers: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [reply]}}}
links: {x -> b: {loss: 10%, retransmit: none}, b -> x: {loss: 5%, retransmit: none}, s -> b: {latency: 0s}, b -> s: {latency: 0s}}
designs:
  confirms: {load: {x: {to: b/q, arrivals: constant(0.1/s), timeout: 1s, deadline: none, retry: {attempts: 4}}}}
  once: {load: {x: {to: b/q, arrivals: constant(0.1/s), timeout: 1s, deadline: none}}}
`,
		values: []truth{
			{"attempts", 1.169074, 0.003, m("confirms|load.x.amplification"), 0},
			{"copies_no_dedupe", 1.052166, 0.003, div("confirms|queue.b/q.published", "confirms|load.x.offered"), 0},
			{"copies_dedupe", 0.9999, 0.003, over(minus(m("confirms|service.s.started"), m("confirms|service.s.duplicates")), m("confirms|load.x.offered")), 0},
			{"P_lost", 0.0001, 0.15, scale(over(minus(m("confirms|service.s.started"), m("confirms|service.s.duplicates")), m("confirms|load.x.offered")), -1, 1), 0},
			{"P_unconfirmed", 0.0004420506, 0.15, m("confirms|load.x.failed.ratio"), 0},
			{"at_most_once", 0.9, 0.003, div("once|queue.b/q.published", "once|load.x.offered"), 0},
		},
	},
	{
		id: "D03s", seconds: 2e5, quick: 0.1, text: `
load: {x: {to: b/q, arrivals: poisson(1/s), patient}}
brokers: {b: {queues: {q: {visibility: 20s}}}}
services: {s: {workers: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [work: exp(10s)]}}}
`,
		values: []truth{{"deliveries", 1.13782, 0.02, m("queue.b/q.delivered.ratio"), 0}},
	},
	{
		id: "D04", seconds: 10_000, quick: 0.1, warmup: "0s", text: `
load: {x: {to: b/q, arrivals: constant(10/s), patient}}
brokers: {b: {queues: {q: {max_deliveries: 5, dead_letter: dead}, dead: {max_length: unlimited}}}}
services: {s: {workers: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [fail: 40%]}}}
`,
		values: []truth{
			{"P_dlq", 0.01024, 0.04, m("queue.b/q.dead_lettered.ratio"), 0},
			{"deliveries", 1.6496, 0.003, m("queue.b/q.delivered.ratio"), 0},
		},
	},
	{
		// The poller looks once a second, at whole seconds, when requests come too:
		// between its looks it is paused. The answer is in a queue meanwhile.
		id: "D13", seconds: 1e5, stretch: 1.5, quick: 0.1, warmup: "0s", drain: "none" /* it has no polls */, text: `
brokers: {b: {queues: {results: {}}}}
services:
  poller: {workers: unlimited, consumes: {b/results: {handler: look, prefetch: unlimited, consumers: 1}}, on: {look: [work: 100ns]}}
load:
  x: {to: job/h, arrivals: constant(1/s), confirm: poller/look, patient}
faults: [{pause: poller, at: 1us, for: 999999us, period: 1s}]
designs:
  random: {services: {job: {workers: unlimited, on: {h: [work: exp(2s), publish: b/results]}}}}
  fixed: {services: {job: {workers: unlimited, on: {h: [work: 2300ms, publish: b/results]}}}}
`,
		values: []truth{
			{"poll_latency", 2.541494, 0.003, m("random|load.x.confirmed.latency.mean"), 0},
			{"callback", 2, 0.003, m("random|load.x.accepted.latency.mean"), 0},
			{"fixed_2_3_latency", 3, 1e-5, m("fixed|load.x.confirmed.latency.mean"), exact},
		},
	},
	{
		id: "D18", seconds: 1e5, stretch: 2, quick: 0.1, warmup: "0s", text: `
load: {x: {to: s/h, arrivals: constant(1/s), deadline: none, timeout: 1s, retry: {attempts: unlimited}}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
links: {x -> s: {latency: 50ms, loss: 10%}}
`,
		values: []truth{
			{"mean_latency", 0.3345679, 0.004, latency, 0},
			{"tries", 1.234568, 0.004, amplification, 0},
			{"executions", 1.111111, 0.004, div("service.s.arrived", "load.x.offered"), 0},
		},
	},
	{
		id: "D21", seconds: 2e5, quick: 0.05, text: `
load: {x: {to: b/t, arrivals: constant(1/s), confirm: {at: [s1/h, s2/h, s3/h], count: 3}, patient}}
brokers: {b: {topics: {t: {}}}}
services:
  s1: {workers: unlimited, consumes: {b/t: {handler: h, ack: automatic, prefetch: unlimited, consumers: 1}}, on: {h: [reply]}}
  s2: {workers: unlimited, consumes: {b/t: {handler: h, ack: automatic, prefetch: unlimited, consumers: 1}}, on: {h: [reply]}}
  s3: {workers: unlimited, consumes: {b/t: {handler: h, ack: automatic, prefetch: unlimited, consumers: 1}}, on: {h: [reply]}}
links: {b -> s1: {latency: exp(1s), loss: 2%, retransmit: none, order: none}, b -> s2: {latency: exp(1s), loss: 2%, retransmit: none, order: none}, b -> s3: {latency: exp(1s), loss: 2%, retransmit: none, order: none}}
`,
		values: []truth{
			{"copies", 2.94, 0.003, over(sum("service.s1.completed", "service.s2.completed", "service.s3.completed"), m("load.x.offered")), 0},
			{"P_all", 0.941192, 0.003, decided, 0},
			{"mean_last_if_all", 1.833333, 0.003, latency, 0},
		},
	},
}

// windowText is a slow connection with a deep queue and prefetch p.
func windowText(p int) string {
	return fmt.Sprintf(`
load: {x: {to: b/q, arrivals: constant(400/s), patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
services: {s: {workers: 1, consumes: {b/q: {handler: h, prefetch: %d}}, on: {h: [work: 4ms]}}}
links: {b -> s: {latency: 50ms}}
`, p)
}

func window(p int, rate float64) truthCase {
	return truthCase{id: fmt.Sprintf("D14-%d", p), text: windowText(p), seconds: 100, quick: 1, reps: 1,
		values: []truth{{"throughput", rate, 0.005 * rate, m("service.s.completed.rate"), exact}}}
}

var truthLinks = []truthCase{window(1, 9.615385), window(2, 19.23077), window(10, 96.15385), window(26, 250), window(50, 250)}
