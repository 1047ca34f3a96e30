package scenarios_test

import "fmt"

// Bounded rooms, losses, impatience, limits of waiting: A06 to A08, A26 to A29,
// A38, A39, A41.

// lossText offers a erlangs to c workers without a waiting room, with three
// kinds of work of the same mean: the loss must not depend on the kind.
func lossText(c int, a float64) string {
	return fmt.Sprintf(`
load: {x: {to: s/h, arrivals: poisson(%g/s), patient}}
designs:
  exp: {services: {s: {workers: %d, queue: none, on: {h: [work: exp(1s)]}}}}
  fixed: {services: {s: {workers: %d, queue: none, on: {h: [work: 1s]}}}}
  h2: {services: {s: {workers: %d, queue: none, on: {h: [work: "hyperexp(1s, cv=2)"]}}}}
`, a, c, c, c)
}

func loss(b, tol float64) (all []truth) {
	for _, d := range []string{"exp", "fixed", "h2"} {
		all = append(all, truth{"B." + d, b, tol, m(d + "|load.x.failed.rejected.ratio"), 0})
	}
	return all
}

var truthRooms = []truthCase{
	{id: "A06-5-4", text: lossText(5, 4), seconds: 1e6 / 4 / 20, stretch: 2, values: loss(0.1990669, 0.02)},
	{id: "A06-10-8", text: lossText(10, 8), seconds: 1e6 / 8 / 20, stretch: 3, values: loss(0.1216611, 0.02)},
	{id: "A06-20-12", text: lossText(20, 12), seconds: 4e6 / 12 / 20, stretch: 2.5, values: loss(0.009795639, 0.05)},
	{id: "A06-15-8", text: lossText(15, 8.108), seconds: 4e6 / 8 / 20, stretch: 14, values: loss(0.009999632, 0.02)},
	{
		id: "A07a", seconds: 1e6 / 0.9 / 20, stretch: 2.5,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.9/s), patient}}
services: {s: {queue: 4, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{
			{"P_drop", 0.1260225, 0.015, m("load.x.failed.rejected.ratio"), 0},
			{"L", 2.194782, 0.015, inSystem("service.s"), 0},
			{"W_accepted", 2.790286, 0.015, m("load.x.accepted.latency.mean"), 0},
		},
	},
	{
		id: "A07b", seconds: 1e6 / 1.2 / 20, stretch: 3,
		text: `
load: {x: {to: s/h, arrivals: poisson(1.2/s), patient}}
services: {s: {queue: 9, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{
			{"P_drop", 0.1925865, 0.015, m("load.x.failed.rejected.ratio"), 0},
			{"L", 6.710709, 0.015, inSystem("service.s"), 0},
			{"W_accepted", 6.926138, 0.015, m("load.x.accepted.latency.mean"), 0},
			{"throughput", 0.9688962, 0.015, m("load.x.throughput"), 0},
		},
	},
	{
		id: "A08", seconds: 1e6 / 3 / 20, stretch: 3.5, quick: 0.05, drive: occupancies("a", "b", "c"),
		text: `
load:
  to-a: {to: a/h, arrivals: poisson(40/s), patient}
  to-b: {to: b/h, arrivals: poisson(50/s), patient}
  to-c: {to: c/h, arrivals: poisson(3/s), patient}
services:
  a: {workers: 3, queue: 4, on: {h: [work: "exp(33.333333ms)"]}}
  b: {workers: 4, queue: 2, on: {h: [work: exp(100ms)]}}
  c: {workers: 2, queue: 3, on: {h: [work: exp(500ms)]}}
`,
		values: []truth{
			{"a.p0", 0.2550369, 0.015, share("", "a", 0, 0), 0},
			{"a.W", 0.03651701, 0.015, m("load.to-a.accepted.latency.mean"), 0},
			{"b.P_drop", 0.293543, 0.015, m("load.to-b.failed.rejected.ratio"), 0},
			{"c.p0", 0.1793345, 0.015, share("", "c", 0, 0), 0},
			{"c.P_drop", 0.08511384, 0.015, m("load.to-c.failed.rejected.ratio"), 0},
			{"c.L", 2.005954, 0.015, inSystem("service.c"), 0},
			{"c.Wq", 0.2308576, 0.015, m("service.c.wait.mean"), 0},
		},
	},
	{
		id: "A26", seconds: 5e5 / 0.8, stretch: 1.5, quick: 0.05, drive: histograms,
		text: `
services: {s: {workers: 50, queue: unlimited, on: {h: [work: exp(1min)]}}}
designs:
  abandon: {load: {x: {to: s/h, arrivals: poisson(48/min), patience: exp(2min), patient}}}
  stay: {load: {x: {to: s/h, arrivals: poisson(48/min), patient}}}
`,
		values: []truth{
			{"P_abandon", 0.03091225, 0.03, m("abandon|load.x.failed.expired.ratio"), 0},
			{"Wq_all", 3.70947, 0.03, scale(m("abandon|service.s.waiting.mean"), 1/0.8, 0), 0},
			{"Lq", 2.967576, 0.03, m("abandon|service.s.waiting.mean"), 0},
			{"util", 0.9303242, 0.01, m("abandon|service.s.utilization"), 0},
			{"P_wait", 0.4677741, 0.02, waited("abandon", "service.s"), 0}, // also of those who give up
			{"stay.Wq", 20.83367, 0.15, m("stay|service.s.wait.mean"), 0},
			{"stay.Lq", 16.66693, 0.15, m("stay|service.s.waiting.mean"), 0},
		},
	},
	{
		id: "A27s", seconds: 250_000,
		text: `
load: {x: {to: b/q, arrivals: poisson(0.8/s), patient}}
brokers: {b: {queues: {q: {ttl: 2s, max_length: unlimited}}}}
services: {s: {consumes: {b/q: h}, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{
			{"P_expired", 0.1878321, 0.02, m("queue.b/q.expired.ratio"), 0},
			{"Wq_served", 0.5309131, 0.02, m("queue.b/q.wait.mean"), 0},
			{"util", 0.6497343, 0.02, m("service.s.utilization"), 0},
		},
	},
	{
		id: "A28s", seconds: 250_000,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.8/s), deadline: 2s, cancel: true, timeout: none}}
services: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{
			{"P_ok", 0.7109094, 0.02, m("load.x.completed.ratio"), 0},
			{"util", 0.5687275, 0.02, m("service.s.utilization"), 0},
			// What is cancelled has begun; those in line at the window's ends are left over.
			{"dead_before_start", 0, 10, minus(minus(m("service.s.arrived"), m("service.s.started")), m("service.s.waiting.final")), exact},
		},
	},
	{
		id: "A29", seconds: 1.25e6, quick: 0.03,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.8/s), timeout: 6s, deadline: none}}
services: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{
			{"P_timeout", 0.3011942, 0.03, m("load.x.failed.timeout.ratio"), 0},
			{"util", 0.8, 0.03, m("service.s.utilization"), 0},
			{"goodput", 0.5590446, 0.03, m("load.x.goodput.rate"), 0},
		},
	},
	{
		// Blocking after service: the publisher holds its worker until the queue
		// of one has room.
		id: "A38", seconds: 1e6 / 0.8 / 20, stretch: 1.5,
		text: `
load: {x: {to: first/h, arrivals: poisson(0.8/s), confirm: second/h, patient}}
brokers: {b: {queues: {q: {max_length: 1, when_full: block}}}}
services:
  first: {queue: 3, on: {h: [work: exp(1s), {publish: b/q, timeout: none}]}}
  second: {consumes: {b/q: h}, on: {h: [work: exp(1s)]}}
`,
		values: []truth{
			{"P_loss", 0.1897687, 0.015, m("load.x.failed.rejected.ratio"), 0},
			{"throughput", 0.648185, 0.015, m("load.x.throughput"), 0},
			{"P_blocked", 0.164172, 0.015, m("service.first.blocked.mean"), 0},
			{"W", 4.695046, 0.015, m("load.x.confirmed.latency.mean"), 0},
		},
	},
	{
		id: "A39", seconds: 1e6 / 2.5 / 20, drive: occupancies("s"),
		text: `
load: {x: {to: s/h, users: 10, think: exp(2s), patient}}
services: {s: {workers: 3, queue: none, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{
			{"time_congestion", 0.4651163, 0.02, share("", "s", 3, 3), 0},
			{"call_congestion", 0.42, 0.02, m("load.x.failed.rejected.ratio"), 0},
		},
	},
	{
		id: "A41", seconds: 3e6 / 5.3333 / 20, stretch: 1.3,
		text: `
load: {x: {to: a/h, arrivals: poisson(5.3333333/s), patient}}
services: {b: {workers: unlimited, on: {h: [work: "lognormal(1s, cv=2)"]}}}
designs:
  sync: {services: {a: {workers: 10, queue: none, on: {h: [work: exp(500ms), {call: b/h, timeout: none}]}}}}
  async: {services: {a: {workers: 10, queue: none, on: {h: [work: exp(500ms), {await: b/h, timeout: none}, reply]}}}}
`,
		values: []truth{
			{"a.P_reject", 0.1216611, 0.02, m("sync|load.x.failed.rejected.ratio"), 0},
			{"a.mean_threads", 7.026711, 0.02, m("sync|service.a.busy.mean"), 0},
			{"b.P_reject", 0.0003482191, 0.2, m("async|load.x.failed.rejected.ratio"), 0},
			{"b.mean_threads", 2.665738, 0.02, m("async|service.a.busy.mean"), 0},
		},
	},
}
