package scenarios_test

// Single queues without bound: A01 to A05, A09 to A13, A32, A02 as heavy load.

var truthQueues = []truthCase{
	{
		id: "A01", seconds: 25_000, stretch: 3, drive: occupancies("s"),
		text: `
load: {x: {to: s/h, arrivals: poisson(8/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: exp(100ms)]}}}
`,
		values: []truth{
			{"rho", 0.8, 0.02, m("service.s.utilization"), 0},
			{"L", 4, 0.02, inSystem("service.s"), 0},
			{"Lq", 3.2, 0.02, m("service.s.waiting.mean"), 0},
			{"W", 0.5, 0.02, m("service.s.sojourn.mean"), 0},
			{"W_client", 0.5, 0.02, m("load.x.confirmed.latency.mean"), 0},
			{"Wq", 0.4, 0.02, m("service.s.wait.mean"), 0},
			{"P0", 0.2, 0.005, share("", "s", 0, 0), absolute},
			{"P_N5", 0.065536, 0.02, share("", "s", 5, 5), 0},
			{"P_N_ge_10", 0.1073742, 0.05, share("", "s", 10, many), 0},
			{"W_p50", 0.3465736, 0.025, m("service.s.sojourn.p50"), 0},
			{"W_p95", 1.497866, 0.025, m("service.s.sojourn.p95"), 0},
			{"W_p99", 2.302585, 0.025, m("service.s.sojourn.p99"), 0},
			{"Wq_p99", 2.191013, 0.025, m("service.s.wait.p99"), 0},
			{"P_wait", 0.8, 0.01, waited("", "service.s"), 0},
		},
	},
	{
		id: "A02", seconds: 2e6 / 9.5, stretch: 7, quick: 0.05,
		text: `
load: {x: {to: s/h, arrivals: poisson(9.5/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: exp(100ms)]}}}
`,
		values: []truth{
			{"L", 19, 0.03, inSystem("service.s"), 0},
			{"W", 2, 0.03, m("service.s.sojourn.mean"), 0},
			{"Wq", 1.9, 0.03, m("service.s.wait.mean"), 0},
			{"W_p99", 9.21034, 0.03, m("service.s.sojourn.p99"), long},
		},
	},
	{
		id: "A03", seconds: 125_000, drive: histograms,
		text: `
load: {x: {to: s/h, arrivals: poisson(1.6/s), patient}}
services: {s: {workers: 2, queue: unlimited, on: {h: [work: exp(1s)]}}}
`,
		values: pool(0.7111111, 1.777778, 2.777778, 2.844444, 10.66061),
	},
	{
		id: "A04", seconds: 50_000, stretch: 2.5, drive: histograms,
		text: `
load: {x: {to: s/h, arrivals: poisson(4/s), patient}}
services: {s: {workers: 5, queue: unlimited, on: {h: [work: exp(1s)]}}}
`,
		values: pool(0.5541126, 0.5541126, 1.554113, 2.21645, 4.014783),
	},
	{
		id: "A05", seconds: 1e6 / 18, stretch: 2, quick: 0.05, drive: histograms,
		text: `
load: {x: {to: s/h, arrivals: poisson(18/s), patient}}
services: {s: {workers: 20, queue: unlimited, on: {h: [work: exp(1s)]}}}
`,
		values: pool(0.550769, 0.2753845, 1.275385, 4.956921, 2.004365),
	},
	{
		id: "A09", seconds: 250_000, drive: histograms,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.8/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: 1s]}}}
`,
		values: []truth{
			{"Wq", 2, 0.02, m("service.s.wait.mean"), 0},
			{"W", 3, 0.02, m("service.s.sojourn.mean"), 0},
			{"Lq", 1.6, 0.02, m("service.s.waiting.mean"), 0},
			{"P_wait", 0.8, 0.01, waited("", "service.s"), 0},
			{"Wq_p95", 6.620325, 0.035, m("service.s.wait.p95"), 0},
			{"Wq_p99", 10.35589, 0.035, m("service.s.wait.p99"), 0},
		},
	},
	{
		id: "A10", seconds: 1e6 / 0.7, quick: 0.03,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.7/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: "lognormal(1s, cv=2)"]}}}
`,
		values: []truth{
			{"Wq", 5.833333, 0.04, m("service.s.wait.mean"), 0},
			{"W", 6.833333, 0.04, m("service.s.sojourn.mean"), 0},
			{"L", 4.783333, 0.04, inSystem("service.s"), 0},
		},
	},
	{
		id: "A11", seconds: 1.25e6, quick: 0.05,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.8/s), patient}}
designs:
  h2: {services: {s: {queue: unlimited, on: {h: [work: "hyperexp(0.8872983, 563.5083ms, 4.4364917s)"]}}}}
  erlang: {services: {s: {queue: unlimited, on: {h: [work: "erlang(4, 1s)"]}}}}
`,
		values: []truth{
			{"a.Wq", 10, 0.03, m("h2|service.s.wait.mean"), 0},
			{"a.W", 11, 0.03, m("h2|service.s.sojourn.mean"), 0},
			{"b.Wq", 2.5, 0.03, m("erlang|service.s.wait.mean"), 0},
			{"b.W", 3.5, 0.03, m("erlang|service.s.sojourn.mean"), 0},
		},
	},
	{
		id: "A12", seconds: 250_000, drive: histograms,
		text: `
services: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}
designs:
  even: {load: {x: {to: s/h, arrivals: constant(0.8/s), patient}}}
  erlang: {load: {x: {to: s/h, arrivals: "every(erlang(2, 1.25s))", patient}}}
`,
		values: []truth{
			{"a.P_wait", 0.6286298, 0.025, waited("even", "service.s"), 0},
			{"a.Wq", 1.692731, 0.025, m("even|service.s.wait.mean"), 0},
			{"a.W", 2.692731, 0.025, m("even|service.s.sojourn.mean"), 0},
			{"b.P_wait", 0.7398529, 0.025, waited("erlang", "service.s"), 0},
			{"b.W", 3.84398, 0.025, m("erlang|service.s.sojourn.mean"), 0},
		},
	},
	{
		id: "A13", seconds: 1e5, quick: 0.02, drive: occupancies("s"),
		text: `
load: {x: {to: s/h, arrivals: poisson(10/s), patient}}
services: {s: {workers: unlimited, on: {h: [work: "lognormal(2s, cv=2)"]}}}
`,
		values: []truth{
			{"L", 20, 0.01, m("service.s.busy.mean"), 0},
			{"var", 20, 0.04, variance("s"), 0},
			{"P_N_gt_30", 0.01347468, 0.05, share("", "s", 31, many), 0},
		},
	},
	{
		id: "A32", seconds: 1.25e6, quick: 0.02,
		text: `
services: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}
designs:
  five: {load: {x: {to: s/h, arrivals: {poisson: 0.16/s, batch: 5}, patient}}}
  geometric: {load: {x: {to: s/h, arrivals: {poisson: 0.16/s, batch: geometric(5)}, patient}}}
`,
		values: []truth{
			{"a.L", 12, 0.04, inSystem("five|service.s"), 0},
			{"a.W", 15, 0.04, m("five|service.s.sojourn.mean"), 0},
			{"b.L", 20, 0.04, inSystem("geometric|service.s"), 0},
			{"b.W", 25, 0.04, m("geometric|service.s.sojourn.mean"), 0},
		},
	},
	{
		id: "A33", seconds: 2e5 * 3.165677 / 3, quick: 0.05,
		text: `
load: {x: {to: b/q, arrivals: poisson(3/s), confirm: s/h, patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
services: {s: {on: {h: [work: exp(1s)]}}}
designs: # asked for when the batch before is done, or handed over as there is room: then up to four of the queue wait at the consumer
  push: {services: {s: {consumes: {b/q: {handler: h, batch: 5}}}}}
  pull: {services: {s: {consumes: {b/q: {handler: h, batch: 5, pull: 10min}}}}}
`,
		values: append(bulk("pull", ""), bulk("push", "push ")[2:]...),
	},
}

// bulk is what is known of a server that takes up to five customers at a time (Bailey).
func bulk(design, name string) []truth {
	d := design + "|"
	return []truth{
		{name + "Lq", 4.772275, 0.02, m(d + "queue.b/q.depth.mean"), 0},
		{name + "Wq", 1.590758, 0.02, m(d + "queue.b/q.wait.mean"), 0},
		{name + "W", 2.590758, 0.02, m(d + "load.x.confirmed.latency.mean"), 0},
		{name + "P_idle", 0.05233552, 0.02, scale(m(d+"service.s.utilization"), -1, 1), 0},
		{name + "mean_batch", 3.165677, 0.02, over(m(d+"consumer.b/q->s.batched"), m(d+"consumer.b/q->s.batches")), 0},
	}
}

// pool is what is known about a pool of workers with one line.
func pool(pWait, wq, w, lq, wq99 float64) []truth {
	return []truth{
		{"P_wait", pWait, 0.01, waited("", "service.s"), 0},
		{"Wq", wq, 0.03, m("service.s.wait.mean"), 0},
		{"W", w, 0.03, m("service.s.sojourn.mean"), 0},
		{"Lq", lq, 0.03, m("service.s.waiting.mean"), 0},
		{"Wq_p99", wq99, 0.045, m("service.s.wait.p99"), long},
	}
}
