package scenarios_test

// Open and closed networks: A14 to A20, A31s, A42s, C10.

var truthNetworks = []truthCase{
	{
		id: "A14", seconds: 2e5 / 3., stretch: 1.5, drive: histograms,
		text: `
load: {x: {to: s1/h, arrivals: poisson(3/s), confirm: s3/h, patient}}
services:
  s1: {queue: unlimited, on: {h: [work: exp(200ms), send: s2/h]}}
  s2: {queue: unlimited, on: {h: [work: exp(250ms), send: s3/h]}}
  s3: {queue: unlimited, on: {h: [work: "exp(166.666667ms)"]}}
`,
		values: []truth{
			{"W1", 0.5, 0.02, m("service.s1.sojourn.mean"), 0},
			{"W2", 1, 0.02, m("service.s2.sojourn.mean"), 0},
			{"W3", 0.3333333, 0.02, m("service.s3.sojourn.mean"), 0},
			{"W", 1.833333, 0.02, m("load.x.confirmed.latency.mean"), 0},
			{"L", 5.5, 0.02, sum("service.s1.busy.mean", "service.s1.waiting.mean", "service.s2.busy.mean",
				"service.s2.waiting.mean", "service.s3.busy.mean", "service.s3.waiting.mean"), 0},
			{"W_p95", 4.077344, 0.03, m("load.x.confirmed.latency.p95"), 0},
			{"W_p99", 5.700436, 0.03, m("load.x.confirmed.latency.p99"), 0},
			{"var_W", 1.361111, 0.06, minus(moment("", "load.x.confirmed.latency", 2),
				times(moment("", "load.x.confirmed.latency", 1), moment("", "load.x.confirmed.latency", 1))), 0},
		},
	},
	{
		id: "A15", seconds: 1e5,
		text: `
load: {x: {to: s/h, arrivals: poisson(2/s), confirm: out/h, patient}}
services:
  s: {queue: unlimited, on: {h: [work: exp(100ms), choose: [{p: 60%, do: [send: s/h]}, {p: 40%, do: [send: out/h]}]]}}
  out: {on: {h: [reply]}}
`,
		values: []truth{
			{"lambda_eff", 5, 0.02, m("service.s.arrived.rate"), 0},
			{"rho", 0.5, 0.02, m("service.s.utilization"), 0},
			{"L", 1, 0.02, inSystem("service.s"), 0},
			{"W", 0.5, 0.02, m("load.x.confirmed.latency.mean"), 0},
			{"visits", 2.5, 0.02, div("service.s.arrived", "load.x.offered"), 0},
		},
	},
	{
		id: "A16", seconds: 1.2e7, quick: 0.1,
		text: `
load:
  c: {to: cold/h, arrivals: poisson(0.3/min), confirm: till/h, patient}
  w: {to: hot/h, arrivals: poisson(0.2/min), confirm: till/h, patient}
services:
  cold: {queue: unlimited, on: {h: [work: exp(1min), choose: [{p: 30%, do: [send: hot/h]}, {p: 70%, do: [send: till/h]}]]}}
  hot: {workers: 2, queue: unlimited, on: {h: [work: exp(2.5min), send: till/h]}}
  till: {workers: 2, queue: unlimited, on: {h: [work: exp(2min)]}}
`,
		values: []truth{
			{"L_cold", 0.4285714, 0.02, inSystem("service.cold"), 0},
			{"L_hot", 0.8346825, 0.02, inSystem("service.hot"), 0},
			{"L_till", 1.333333, 0.02, inSystem("service.till"), 0},
			{"W_net", 5.193175 * 60, 0.02, scale(over(sum("service.cold.busy.mean", "service.cold.waiting.mean", "service.hot.busy.mean",
				"service.hot.waiting.mean", "service.till.busy.mean", "service.till.waiting.mean"), m("service.till.arrived.rate")), 1, 0), 0},
			{"throughput", 0.5 / 60, 0.02, sum("load.c.throughput", "load.w.throughput"), 0},
		},
	},
	{
		id: "A17", seconds: 5e4, text: `
load: {x: {to: s4/h, arrivals: poisson(4/s), confirm: out/h, patient}}
services:
  s1: {queue: unlimited, on: {h: [work: exp(40ms), choose: [{p: 50%, do: [send: s2/h]}, {p: 50%, do: [send: s3/h]}]]}}
  s2: {queue: unlimited, on: {h: [work: exp(30ms), send: s1/h]}}
  s3: {queue: unlimited, on: {h: [work: exp(60ms), choose: [{p: 60%, do: [send: s1/h]}, {p: 40%, do: [send: out/h]}]]}}
  s4: {queue: unlimited, on: {h: [work: exp(50ms), send: s1/h]}}
  out: {on: {h: [reply]}}
`,
		values: stations([]string{"s1", "s2", "s3", "s4"}, []float64{20, 10, 10, 4}, []float64{0.8, 0.3, 0.6, 0.2},
			[]float64{0.2, 0.042857, 0.15, 0.0625}, []float64{4, 0.428571, 1.5, 0.25}),
	},
	{
		id: "A18", seconds: 5e4,
		text: `
services: {s: {queue: unlimited, on: {h: [work: exp(200ms)]}}}
designs:
  n20: {load: {x: {to: s/h, users: 20, think: exp(5s), patient}}}
  n40: {load: {x: {to: s/h, users: 40, think: exp(5s), patient}}}
`,
		values: []truth{
			{"N20.X", 3.600549, 0.01, m("n20|load.x.throughput"), 0},
			{"N20.R", 0.5547081, 0.01, m("n20|load.x.confirmed.latency.mean"), 0},
			{"N20.U", 0.7201098, 0.01, m("n20|service.s.utilization"), 0},
			{"N40.X", 4.992946, 0.01, m("n40|load.x.throughput"), 0},
			{"N40.R", 3.011303, 0.01, m("n40|load.x.confirmed.latency.mean"), 0},
			{"N40.U", 0.9985892, 0.01, m("n40|service.s.utilization"), 0},
		},
	},
	{
		id: "A19", seconds: 1.5e5, text: `
load: {x: {to: cpu/h, users: 20, think: exp(4s), confirm: out/h, patient}}
services:
  cpu: {queue: unlimited, on: {h: [work: exp(125ms), choose: [{p: 62.5%, do: [send: da/h]}, {p: 31.25%, do: [send: db/h]}, {p: 6.25%, do: [send: out/h]}]]}}
  da: {queue: unlimited, on: {h: [work: exp(300ms), send: cpu/h]}}
  db: {queue: unlimited, on: {h: [work: exp(200ms), send: cpu/h]}}
  out: {on: {h: [reply]}}
`,
		values: append(stations([]string{"cpu", "da", "db"}, nil, nil, []float64{0.3733391, 4.85426, 0.2999218}, []float64{1.990623, 16.17665, 0.4997395}),
			truth{"X", 0.3332465, 0.02, m("load.x.throughput"), 0},
			truth{"R_sys", 56.01563, 0.02, m("load.x.confirmed.latency.mean"), 0}),
	},
	{
		id: "A20", seconds: 2e4, text: `
load: {x: {to: s1/h, users: 6, confirm: out/h, patient}}
services:
  s1: {queue: unlimited, on: {h: [work: exp(20ms), choose: [{p: 40%, do: [send: s2/h]}, {p: 20%, do: [send: s3/h]}, {p: 10%, do: [send: s4/h]}, {p: 30%, do: [send: out/h]}]]}}
  s2: {queue: unlimited, on: {h: [work: exp(200ms), send: out/h]}}
  s3: {queue: unlimited, on: {h: [work: exp(400ms), send: out/h]}}
  s4: {queue: unlimited, on: {h: [work: exp(600ms), send: out/h]}}
  out: {on: {h: [reply]}}
`,
		values: append(stations([]string{"s1", "s2", "s3", "s4"}, nil, []float64{0.19839672, 0.79358688, 0.79358688, 0.59519016},
			[]float64{0.02455839, 0.5698274, 1.139655, 1.244284}, []float64{0.2436153, 2.261038, 2.261038, 1.234309}),
			truth{"X", 9.919836, 0.02, m("load.x.throughput"), 0}),
	},
	{
		id: "A31s", seconds: 4e5, quick: 0.1, text: `
load: {x: {to: fork/h, arrivals: poisson(0.5/s), patient}}
services:
  fork: {workers: unlimited, on: {h: [parallel: [[{call: left/h, timeout: none}], [{call: right/h, timeout: none}]]]}}
  left: {queue: unlimited, on: {h: [work: exp(1s)]}}
  right: {queue: unlimited, on: {h: [work: exp(1s)]}}
`,
		values: []truth{{"T_forkjoin", 2.875, 0.02, m("load.x.confirmed.latency.mean"), 0}},
	},
	{
		id: "A42s", seconds: 2e5 / 3.5, stretch: 2, text: `
load: {x: {to: a/h, arrivals: poisson(3.5/s), patient}}
services:
  a: {workers: 4, queue: unlimited, on: {h: [work: exp(100ms), {call: b/h, timeout: none}]}}
  b: {queue: unlimited, on: {h: [work: exp(200ms)]}}
`,
		values: []truth{
			{"W", 0.76828, 0.02, m("load.x.confirmed.latency.mean"), 0},
			{"Wq_thread", 0.1867394, 0.03, m("service.a.wait.mean"), 0},
		},
	},
	{
		id: "C10", seconds: 1.25e5, quick: 0.05, text: `
services:
  open: {queue: unlimited, on: {h: [work: exp(100ms)]}}
  one: {queue: unlimited, on: {h: [work: exp(100ms)]}}
  ten: {queue: unlimited, on: {h: [work: exp(100ms)]}}
  two-kinds: {queue: unlimited, on: {h: [work: "hyperexp(0.999, 100ms, 10s)"]}}
load:
  a-open: {to: open/h, arrivals: poisson(8/s), patient}
  a-one: {to: one/h, users: 1, think: exp(20ms), patient}
  a-ten: {to: ten/h, users: 10, think: exp(1.145s), patient}
  b-one: {to: two-kinds/h, users: 1, think: exp(21.98ms), patient}
`,
		values: []truth{
			{"A.open_p99", 2.302585, 0.02, m("load.a-open.confirmed.latency.p99"), 0},
			{"A.closed1_p99", 0.460517, 0.02, m("load.a-one.confirmed.latency.p99"), 0},
			{"A.closed10.X", 7.209997, 0.02, m("load.a-ten.throughput"), 0},
			{"A.closed10.R", 0.2419632, 0.02, m("load.a-ten.confirmed.latency.mean"), 0},
			{"B.closed1_p99", 0.4704437, 0.02, m("load.b-one.confirmed.latency.p99"), 0},
		},
	},
	{
		id: "C10-slow", seconds: 1.25e6, quick: 0.05, text: `
load: {x: {to: s/h, arrivals: poisson(7.279344859/s), patient}}
services: {s: {queue: unlimited, on: {h: [work: "hyperexp(0.999, 100ms, 10s)"]}}}
`,
		values: []truth{
			{"B.open.meanW", 4.113176, 0.1, m("load.x.confirmed.latency.mean"), 0},
			{"B.open_p99", 45.79751, 0.1, m("load.x.confirmed.latency.p99"), long},
		},
	},
}

// stations is what is known about the stations of a network: throughput,
// utilisation, time per visit, number present.
func stations(names []string, x, u, r, q []float64) (all []truth) {
	for i, n := range names {
		s := "service." + n
		if x != nil {
			all = append(all, truth{"X." + n, x[i], 0.02, m(s + ".arrived.rate"), 0})
		}
		if u != nil {
			all = append(all, truth{"U." + n, u[i], 0.02, m(s + ".utilization"), 0})
		}
		all = append(all, truth{"R." + n, r[i], 0.02, m(s + ".sojourn.mean"), 0}, truth{"Q." + n, q[i], 0.02, inSystem(s), 0})
	}
	return all
}
