package scenarios_test

import (
	"fmt"
	"strings"
)

// Transactions (E01 to E05) and published peers (F01 to F06, F10; F07 to F09
// are with the retries).

// sagaText runs five steps, each of which may fail; then those before it are
// undone in turn. undo is how a compensation is called.
func sagaText(undo, errors string) string {
	var b strings.Builder
	b.WriteString(`
load: {x: {to: saga/h, arrivals: constant(0.1/s), patient}}
services:
  step: {workers: unlimited, on: {h: [work: exp(1s), fail: 5%]}}
  undo: {workers: unlimited, on: {h: [work: exp(500ms)` + errors + `]}}
  saga: {workers: unlimited, on: {h: [`)
	for k := range 5 {
		fmt.Fprintf(&b, "{call: step/h, else: [%sfail]}, ", strings.Repeat(undo+", ", k))
	}
	b.WriteString("reply]}}\n")
	return b.String()
}

var sagaDuration = func(s *sample) float64 {
	good, bad := s.metric("load.x.completed"), s.metric("load.x.failed")
	return (good*latency(s) + bad*s.metric("load.x.failed.latency.mean")) / (good + bad)
}

var truthTransactions = []truthCase{
	{
		id: "E01s", seconds: 1e6, quick: 0.1, text: `
load: {x: {to: coordinator/h, arrivals: constant(0.1/s), patient}}
services:
  coordinator: {workers: unlimited, on: {h: [{parallel: {times: 5, do: [call: participant/vote]}}]}}
  participant: {workers: unlimited, on: {vote: [reply]}}
links: {coordinator -> participant: {latency: exp(1s)}}
`,
		values: []truth{{"to_decision", 3.808272, 0.005, latency, 0}},
	},
	{
		id: "E02", seconds: 1e6, stretch: 8, quick: 0.1, text: sagaText("call: undo/h", ""),
		values: []truth{
			{"P_complete", 0.7737809, 0.003, decided, 0},
			{"mean_steps_run", 4.524381, 0.003, div("service.step.arrived", "load.x.offered"), 0},
			{"mean_compensations", 0.4292575, 0.003, div("service.undo.completed", "load.x.offered"), 0},
			{"mean_duration", 4.73901, 0.003, sagaDuration, 0},
			{"mean_duration_failed", 3.846295, 0.003, m("load.x.failed.latency.mean"), 0},
		},
	},
	{
		id: "E03", seconds: 1e6, stretch: 6, quick: 0.1, text: sagaText("{call: undo/h, retry: {attempts: unlimited}}", ", fail: 20%"),
		values: []truth{
			{"mean_compensation_attempts", 0.5365719, 0.004, div("service.undo.arrived", "load.x.offered"), 0},
			{"mean_duration", 4.792667, 0.004, sagaDuration, 0},
		},
	},
	{
		// The coordinator decides one transaction after the other, so that crashes
		// hit transactions in doubt only.
		id: "E04", seconds: 10_000, stretch: 6, quick: 0.5, drive: histograms, text: `
load: {x: {to: coordinator/decide, users: 1, stagger: false, patient}}
services: {coordinator: {on_crash: resume, on: {decide: [work: 50ms]}}}
faults: [{crash: coordinator, every: exp(50s), for: exp(30s)}]
`,
		values: []truth{
			{"P_blocked", 0.0009995002, 0.05, beyond("", "load.x.confirmed.latency", 0.0505), 0},
			{"mean_extra_lock_time", 0.029985, 0.05, scale(latency, 1, -0.05), 0},
		},
	},
	{
		id: "E05", seconds: 100, quick: 0.2, warmup: "0s", text: `
load: {x: {to: front/h, arrivals: constant(1000/s), patient}}
services: {part: {workers: unlimited, errors: 0.1%, on: {h: [reply]}}}
designs:
  two-phase: {services: {front: {workers: unlimited, on: {h: [{parallel: {times: 4, do: [call: part/h]}}]}}}}
  saga: {services: {front: {workers: unlimited, on: {h: [{repeat: 4, do: [{call: part/h, retry: {attempts: 3}}]}]}}}}
`,
		values: []truth{
			{"two_pc", 0.996006, 0.0005, m("two-phase|load.x.completed.ratio"), absolute},
			{"saga", 1, 1e-5, m("saga|load.x.completed.ratio"), near},
		},
	},
}

// terminals share a processor that gives each its turn; the time of a turn's
// change is in the work.
func terminals(n int, response float64) truthCase {
	return truthCase{id: fmt.Sprintf("F06-%d", n), seconds: 40_000, text: fmt.Sprintf(`
load: {x: {to: cpu/job, users: %d, think: exp(25s), patient}}
services: {cpu: {discipline: sharing, on: {job: [work: "exp(927.6562ms)"]}}}
`, n), values: []truth{{"R.PS_exact", response, 0.02, latency, 0}}}
}

// queueAt is the mean number at a processor-sharing station.
func queueAt(service string) calc {
	return times(m("service."+service+".arrived.rate"), m("service."+service+".sojourn.mean"))
}

var truthPeers = []truthCase{
	{
		id: "F01", seconds: 40320 * 60 * 20, quick: 0.05, text: `
load: {x: {to: repairman/fix, users: 10, think: exp(300min), patient}}
services: {repairman: {on: {fix: [work: 30min]}}}
`,
		values: []truth{
			{"up_fraction", 0.8210033, 0.01, scale(inSystem("service.repairman"), -0.1, 1), 0},
			{"parts_per_machine", 3310.285, 0.01, scale(inSystem("service.repairman"), -0.1*4032, 4032), 0},
		},
	},
	{
		id: "F02", seconds: 1e6 * 60, quick: 0.05, text: `
load: {x: {to: counter/serve, arrivals: poisson(0.1/min), patience: "uniform(1min, 3min)", patient}}
services: {counter: {queue: unlimited, on: {serve: [work: exp(12min)]}}}
`,
		values: []truth{
			{"P_renege", 0.5078673, 0.01, m("load.x.failed.expired.ratio"), 0},
			{"util", 0.5905592, 0.01, m("service.counter.utilization"), 0},
		},
	},
	{
		id: "F03", seconds: 1e6 * 60, stretch: 2, quick: 0.05, text: `
load: {x: {to: bank/serve, arrivals: poisson(0.2/min), patient}}
designs:
  c3: {services: {bank: {workers: 3, queue: unlimited, on: {serve: [work: exp(10min)]}}}}
  c4: {services: {bank: {workers: 4, queue: unlimited, on: {serve: [work: exp(10min)]}}}}
`,
		values: []truth{
			{"c3_Wq", 4.444444 * 60, 0.02, m("c3|service.bank.wait.mean"), 0},
			{"c4_Wq", 0.8695652 * 60, 0.02, m("c4|service.bank.wait.mean"), 0},
		},
	},
	{
		id: "F04", seconds: 1e5, quick: 0.05, text: `
load: {x: {to: s/h, arrivals: poisson(9/s), patient}}
designs:
  c2: {services: {s: {workers: 2, queue: unlimited, on: {h: [work: exp(200ms)]}}}}
  c4: {services: {s: {workers: 4, queue: unlimited, on: {h: [work: exp(200ms)]}}}}
`,
		values: []truth{
			{"c2.Lq", 7.673684, 0.03, m("c2|service.s.waiting.mean"), 0},
			{"c2.W", 1.052632, 0.03, m("c2|load.x.confirmed.latency.mean"), 0},
			{"c4.Lq", 0.1051639, 0.03, m("c4|service.s.waiting.mean"), 0},
			{"c4.W", 0.2116849, 0.03, m("c4|load.x.confirmed.latency.mean"), 0},
		},
	},
	{
		id: "F05", seconds: 2e5, quick: 0.05, text: `
load:
  a: {to: cpu/a, users: 1, confirm: disk/a, patient}
  b: {to: cpu/b, users: 1, confirm: disk/b, patient}
services:
  cpu: {discipline: sharing, on: {a: [work: exp(1s), send: disk/a], b: [work: exp(2s), send: disk/b]}}
  disk: {discipline: sharing, on: {a: [work: exp(3s)], b: [work: exp(4s)]}}
`,
		values: []truth{
			{"X_A", 0.1578947, 0.01, m("load.a.throughput"), 0},
			{"X_B", 0.1052632, 0.01, m("load.b.throughput"), 0},
			{"Q.cpu", 0.2105263 + 0.2631579, 0.01, queueAt("cpu"), 0},
			{"Q.disk", 0.7894737 + 0.7368421, 0.01, queueAt("disk"), 0},
		},
	},
	terminals(10, 1.331931), terminals(20, 2.353141), terminals(30, 5.285382), terminals(40, 12.25783),
	terminals(60, 30.65937), terminals(80, 49.2125),
	{
		// Without its cache the database sees ten times the load, and lives with it
		// below 300/s only.
		id: "F10", seconds: 40, quick: 1, reps: 4, quickRep: 2, warmup: "20s", text: `
services:
  front: {workers: unlimited, on: {h: [choose: [{p: 10%, do: [call: db/h]}]]}}
  db: {queue: unlimited, on: {h: [work: "3.333333ms"]}}
designs:
  warm: {load: {x: {to: front/h, arrivals: poisson(2900/s), deadline: 1s, timeout: none}}}
  cold: {load: {x: {to: front/h, arrivals: poisson(2900/s), deadline: 1s, timeout: none}}, services: {front: {on: {h: [call: db/h]}}}}
  cold-below: {load: {x: {to: front/h, arrivals: poisson(290/s), deadline: 1s, timeout: none}}, services: {front: {on: {h: [call: db/h]}}}}
  cold-above: {load: {x: {to: front/h, arrivals: poisson(330/s), deadline: 1s, timeout: none}}, services: {front: {on: {h: [call: db/h]}}}}
`,
		values: []truth{
			{"amplification", 10, 0.02, div("cold|service.db.arrived", "warm|service.db.arrived"), near},
			{"warm", 1, 0.01, m("warm|load.x.completed.ratio"), near},
			{"cold_below", 1, 0.01, m("cold-below|load.x.completed.ratio"), near},
			{"cold_above", 0, 0.01, m("cold-above|load.x.completed.ratio"), near},
			{"cold", 0, 0.01, m("cold|load.x.completed.ratio"), near},
		},
	},
}
