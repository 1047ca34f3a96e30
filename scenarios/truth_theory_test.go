package scenarios_test

import "math"

// Queues that the table of the sources does not have: closed forms, and chains that were
// solved elsewhere, whose digits stand here. "Chain" is a Markov chain of what the comment
// names, cut where its states no longer count.

// serviceUnder is M/M/1 with work of 1 s, and what befalls it.
func serviceUnder(rate, faults string) string {
	return "\nload: {x: {to: s/h, arrivals: \"poisson(" + rate + ")\", patient}}\nservices: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}\nfaults: [" + faults + "]\n"
}

// breakerOf is a breaker before a service that fails a share of what it gets.
func breakerOf(breaker, errors string) string {
	return "\nload: {x: {to: s/h, arrivals: poisson(20/s), patient, breaker: {" + breaker + "}}}\nservices: {s: {workers: unlimited, errors: " + errors + ", on: {h: [reply]}}}\n"
}

const (
	// A consumer that breaks down at work gets its message again: the same work, as it
	// belongs to the operation, or another, as it is drawn for each delivery.
	againText = `
load: {x: {to: b/q, arrivals: poisson(0.2/s), confirm: s/h, attributes: {n: "uniform(1s, 2s)"}, patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
faults: [{crash: s, every: exp(3.3333333333s), clock: busy, for: exp(1s)}]
silence: [never-read]
designs:
  same: {services: {s: {consumes: {b/q: h}, on: {h: [work: n]}}}}
  anew: {services: {s: {consumes: {b/q: h}, on: {h: [work: "uniform(1s, 2s)"]}}}}
`
	sharedText = `
load: {x: {to: s/h, arrivals: poisson(0.8/s), patient}}
services: {s: {discipline: sharing, queue: 5}}
designs:
  fixed: {services: {s: {on: {h: [work: 1s]}}}}
  varied: {services: {s: {on: {h: [work: "hyperexp(0.9, 500ms, 5.5s)"]}}}}
`
	threeText = `
load: {x: {to: s/h, arrivals: poisson(2.1/s), patient}}
services: {s: {instances: 3, queue: unlimited, on: {h: [work: exp(1s)]}}}
designs: {least: {services: {s: {balance: least-busy}}}, two: {services: {s: {balance: two-choices}}}}
`
	wireText = `
load: {x: {to: s/h, arrivals: poisson(8/s), size: exp(100kB), patient}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
links: {x -> s: {bandwidth: 1MB/s}, s -> x: {}}
`
	spareText = `
load:
  a: {to: s/h, arrivals: poisson(0.3/s), priority: 0, patient}
  b: {to: s/h, arrivals: poisson(0.5/s), priority: 1, patient}
services: {s: {queue: 9, shed: {length: 3, spare: 1}, on: {h: [work: exp(1s)]}}}
`
	awayText = `
load: {x: {to: a/h, arrivals: poisson(10/s), patient, failover: {to: b/h, failures: 1, hold: 5s}}}
services: {a: {workers: unlimited, on: {h: [reply]}}, b: {workers: unlimited, on: {h: [reply]}}}
faults: [{crash: a, every: exp(20s), for: exp(2s)}]
`
	bulkText = `
load: {x: {to: b/q, arrivals: poisson(3/s), confirm: s/h, patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
services: {s: {consumes: {b/q: {handler: h, prefetch: 5, batch: {max: 5}, pull: {wait: 1h, min: 2}}}, on: {h: [work: exp(1s)]}}}
`
	stationsText = `
load: {x: {to: f/h, arrivals: poisson(0.8/s), patient}}
services: {a: {queue: unlimited, on: {h: [work: 1s]}}, b: {queue: unlimited, on: {h: [work: 700ms]}}}
designs:
  slow-first: {services: {f: {workers: unlimited, on: {h: [{await: a/h, timeout: none}, {await: b/h, timeout: none}]}}}}
  fast-first: {services: {f: {workers: unlimited, on: {h: [{await: b/h, timeout: none}, {await: a/h, timeout: none}]}}}}
`
)

// awayFor is the share of time that a caller is away from a target which is up for 20 s and
// down for 2 s on average: from the first failed call on it stays away for 5 s, and for as
// long again each time that the next call finds the target down.
func awayFor() float64 {
	const fails, heals, calls, hold = 1. / 20, 1. / 2, 10., 5.
	up := heals / (fails + heals)
	after := up - up*math.Exp(-(fails+heals)*hold)                   // up when the hold is over
	found := up + (after-up)*calls/(calls+fails+heals)               // and at the next call
	there := (1/fails + 1/(calls+heals)) / (calls / (calls + heals)) // until a call fails
	away := (hold + 1/calls) / found
	return away / (away + there)
}

var truthTheory = []truthCase{
	// A crash clears the line: the number is geometric, with the root of a quadratic (Jain and Sigman 1996).
	{id: "disasters", seconds: 200_000, quick: 0.01, text: serviceUnder("0.9/s", "{crash: s, every: exp(10s), for: 1ns}"), values: []truth{
		{"busy", 1 - math.Sqrt(0.1), 0.01, m("service.s.utilization"), 0}, // (2 - √0.4) / 2
		{"L", 1/math.Sqrt(0.1) - 1, 0.02, m("service.s.tasks.mean"), 0},
	}},
	// Speed 1 for 20 s and a quarter for 10 s on average. Chain of tasks and speed.
	{id: "random-environment", seconds: 300_000, quick: 0.04, text: serviceUnder("0.6/s", "{slow: s, factor: 4, every: exp(20s), for: exp(10s)}"), values: []truth{
		{"W", 13.40595, 0.08, latency, 0},
	}},
	// MMPP/M/1: 0.3/s for 10 s and 1.6/s for 5 s on average. Chain of tasks and rate.
	{id: "mmpp", seconds: 300_000, quick: 0.02, text: serviceUnder("0.3/s", "{set: {load.x.rate: 1.6/s}, every: exp(10s), for: exp(5s)}"), values: []truth{
		{"L", 6.487639, 0.06, m("service.s.tasks.mean"), 0},
	}},
	// M_t/M/1: 1.5/s for 5 s of each 20 s. The periodic solution of Kolmogorov's equations.
	{id: "periodic", seconds: 100_000, quick: 0.05, text: serviceUnder("bursts(base=0.3/s, peak=1.5/s, for=5s, every=20s)", ""), values: []truth{
		{"L", 1.973169, 0.03, m("service.s.tasks.mean"), 0},
	}},
	// Preemptive repeat, identical and different: Pollaczek and Khinchine with the moments of
	// the time that a job takes, from the transforms of Gaver (1962).
	{id: "done-again", seconds: 200_000, quick: 0.03, text: againText, values: []truth{
		{"same", 4.480887, 0.03, m("same|load.x.confirmed.latency.mean"), 0},
		{"anew", 4.247858, 0.03, m("anew|load.x.confirmed.latency.mean"), 0},
	}},
	// M/G/1/5 with processor sharing loses what M/M/1/5 loses, whatever the law of work.
	{id: "sharing-loss", seconds: 200_000, quick: 0.02, text: sharedText, values: []truth{
		{"fixed", fullMMC(0.8, 1, 4), 0.02, m("fixed|load.x.failed.rejected.ratio"), 0},
		{"varied", fullMMC(0.8, 1, 4), 0.04, m("varied|load.x.failed.rejected.ratio"), 0},
	}},
	// Three servers at 70 %. Chain of their numbers.
	{id: "three-servers", seconds: 200_000, quick: 0.01, text: threeText, values: []truth{
		{"least", 1.708876, 0.01, m("least|load.x.confirmed.latency.mean"), 0},
		{"two", 1.884792, 0.01, m("two|load.x.confirmed.latency.mean"), 0},
	}},
	{id: "wire", seconds: 50_000, quick: 0.03, text: wireText, values: []truth{{"W", 0.5, 0.02, latency, 0}}}, // M/M/1
	// A batch of two to five at a time: M/M^[2,5]/1. Chain of those in line.
	{id: "bulk-minimum", seconds: 100_000, quick: 0.02, text: bulkText, values: []truth{
		{"W", 2.480619, 0.01, latency, 0}, {"busy", 0.8646572, 0.003, m("service.s.utilization"), 0},
	}},
	// Three attempts at one worker without a room. Chain of those in their first and second back-off.
	{id: "three-attempts", seconds: 100_000, quick: 0.03, text: `
load: {x: {to: s/h, arrivals: poisson(0.9/s), patient, retry: {attempts: 3, backoff: exp(2s)}}}
services: {s: {queue: none, on: {h: [work: exp(1s)]}}}
`, values: []truth{{"done", 0.6937430, 0.005, m("load.x.completed.ratio"), 0}, {"attempts", 2.060218, 0.005, amplification, 0}}},
	// Three attempts, 200 ms apart, race where late answers count: none of them is done after
	// 600, 400 and 200 ms, of work of 500 ms.
	{id: "late-answers", seconds: 5_000, quick: 0.02, warmup: "0s", text: `
load: {x: {to: s/h, arrivals: poisson(50/s), deadline: none, timeout: 200ms, retry: {attempts: 3}}}
services: {s: {workers: unlimited, on: {h: [work: exp(500ms)]}}}
`, values: []truth{{"done", 1 - math.Exp(-2.4), 0.002, m("load.x.completed.ratio"), 0}, {"attempts", 1 + math.Exp(-0.4) + math.Exp(-1.2), 0.002, amplification, 0}}},
	// A bucket of tokens that failures spend and successes earn, as gRPC has it. Chain of tokens.
	{id: "throttle", seconds: 5_000, quick: 0.06, text: `
load: {x: {to: s/h, arrivals: poisson(50/s), patient, retry: {attempts: 4}, budget: {capacity: 10, ratio: 10%, earn: success, spend: failure, floor: 5}}}
services: {s: {workers: unlimited, errors: 10%, on: {h: [reply]}}}
`, values: []truth{{"attempts", 1.020350, 0.002, amplification, 0}, {"done", 0.9183149, 0.003, m("load.x.completed.ratio"), 0}}},
	// Half of the last four calls open it, two good probes close it. Chain of the last four.
	{id: "breaker-window", seconds: 20_000, quick: 0.03, warmup: "0s", text: breakerOf("calls: 4, min_calls: 4, rate: 50%, open: 1s, probes: 2", "30%"), values: []truth{
		{"refused", 0.7701395, 0.004, circuitOpen, 0},
	}},
	// Of three to six calls half open it; half open, five decide.
	{id: "breaker-outcomes", seconds: 20_000, quick: 0.03, warmup: "0s", text: breakerOf("calls: 6, min_calls: 3, rate: 50%, open: 1s, probes: 1, outcomes: 5", "30%"), values: []truth{
		{"refused", 0.5594287, 0.006, circuitOpen, 0},
	}},
	// Open for 1, 2, 4, 4, … s, and four probes of five fail: 12.4 s, five probes and 1.25 calls.
	{id: "breaker-growth", seconds: 20_000, quick: 0.05, warmup: "0s", text: breakerOf("failures: 1, open: 1s, growth: 2, max_open: 4s", "80%"), values: []truth{
		{"refused", 20 * 15.4 / (20*15.4 + 5 + 1.25), 0.001, circuitOpen, 0},
	}},
	// Places kept for what is more important: births of 0.8/s up to three in line, then of 0.3/s.
	{id: "spared", seconds: 100_000, quick: 0.02, text: spareText, values: []truth{
		{"shed", 0.1653979, 0.03, m("load.b.failed.shed.ratio"), 0}, {"L", 1.754554, 0.02, m("service.s.tasks.mean"), 0},
	}},
	{id: "away", seconds: 50_000, quick: 0.03, warmup: "0s", text: awayText, values: []truth{{"away", awayFor(), 0.03, m("failover.x->a.away.mean"), 0}}},
	// Of two stations with fixed work the faster never waits behind the slower, and whichever
	// comes first, each operation takes as long (Friedman 1965).
	{id: "stations", seconds: 20_000, quick: 0.02, text: stationsText, values: []truth{
		{"T", 3.7, 0.05, m("slow-first|load.x.confirmed.latency.mean"), 0},
		{"waits", 0, 0, m("slow-first|service.b.wait.max"), exact},
		{"difference", 0, 1e-9, minus(m("slow-first|load.x.confirmed.latency.mean"), m("fast-first|load.x.confirmed.latency.mean")), exact},
	}},
}
