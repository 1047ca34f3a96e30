package scenarios_test

import "math"

// Mechanisms: C07s and its siblings by the same closed form.

// What fails with probability p opens the breaker after k failures in a row, on average
// once in (1-p^k)/(p^k(1-p)) attempts; it then turns away all that come in the time d,
// and lets one probe through, until one succeeds.
const breakerText = `
load: {x: {to: s/h, arrivals: poisson(10/s), patient, breaker: {failures: 3, open: 5s}}}
services: {s: {workers: unlimited, errors: 50%, on: {h: [reply]}}}
`

const flushText = `
load: {x: {to: b/q, arrivals: poisson(100/s), patient}}
brokers: {b: {reconnect: {backoff: 1ms}, queues: {q: {durable: true, max_length: unlimited}}}}
designs:
  interval: {brokers: {b: {queues: {q: {flush: {every: 100ms}}}}}}
  count: {brokers: {b: {queues: {q: {flush: {count: 10}}}}}}
  together: {brokers: {b: {queues: {q: {flush: {takes: exp(10ms)}}}}}}
  crash:
    brokers: {b: {queues: {q: {flush: {every: 1s, confirm: received}}}}}
    faults: [{crash: b, every: "uniform(4s, 6s)", for: 2ms}]
`

var circuitOpen = m("load.x.failed.circuit_open.ratio")

var truthMechanisms = []truthCase{
	{id: "C07s", seconds: 20_000, warmup: "0s", text: breakerText, values: []truth{
		{"frac_rejected", 100. / 116, 0.02, circuitOpen, 0},
		{"open", 100. / 116, 0.02, m("breaker.x->s.open.mean"), 0},
	}},
	// A fifth of a token for each first attempt, and each failure asks for one: with more
	// than a fifth of failures every token is spent, and load is 1.2 of which 70 % succeed.
	{id: "C06s", seconds: 2_000, warmup: "0s", text: budgetText, values: []truth{
		{"load", 1.2, 0.02, amplification, 0},
		{"success", 0.84, 0.02, decided, 0},
	}},
	// Of exponential times a hedge after d leaves the mean (1 - e^-d) + e^-d/2, in means; a
	// hedge after the 980th of the last 1,000 is sent 21 times in 1,001.
	{id: "hedge", seconds: 1_000, warmup: "10s", text: hedgeText, values: []truth{
		{"mean", 1e-3 * (1 - math.Exp(-0.5)/2), 0.01, m("late|load.x.confirmed.latency.mean"), 0},
		{"hedges", math.Exp(-0.5), 0.01, m("late|hedge.x->s.sent.ratio"), 0},
		{"twice", 1e-3 * (1 - math.Exp(-0.5)/2 - math.Exp(-1.5)/6), 0.01, m("twice|load.x.confirmed.latency.mean"), 0}, // three at once, from 2d on: a third of the mean
		{"p98", 1 + 21./1001, 0.002, m("p98|load.x.amplification"), 0},
	}},
	// With flushes at multiples of 100 ms a publisher waits for what is left of one, uniform
	// from 0 to 100 ms (PASTA); with one for ten messages for those that follow, 4.5 on
	// average. Where each flush takes an exponential time of mean 10 ms and the next takes all
	// that came meanwhile, who finds one under way waits for two, and who finds none for one;
	// none is under way for 1 / (1 + a + a²) of the time (a = 1). A crash at random costs what
	// came since the last flush: half an interval of 1 s. Until the next one that is missing
	// from what is not on disk, u (1 - u) seconds of messages for each second: a sixth, every 5 s.
	{id: "flush", seconds: 1_000, warmup: "0s", text: flushText, values: []truth{
		{"interval", 0.05, 0.01, m("interval|load.x.accepted.latency.mean"), 0},
		{"interval_p95", 0.095, 0.01, m("interval|load.x.accepted.latency.p95"), 0},
		{"count", 0.045, 0.01, m("count|load.x.accepted.latency.mean"), 0},
		{"group", 0.01 * (2 - 1./3), 0.02, m("together|load.x.accepted.latency.mean"), 0},
		{"lost", 50, 0.1, over(m("crash|queue.b/q.lost"), m("crash|connection.x->b.closed")), 0},
		{"unflushed", 50 - 100./6/5, 0.02, m("crash|flush.b/q.unflushed.mean"), 0},
	}},
	{id: "bulkhead", seconds: 20_000, quick: 0.1, text: bulkheadText, values: []truth{
		{"loss", fullMMC(8, 10, 0), 0.02, m("loss|bulkhead.x->s.refused.ratio"), 0}, // Erlang B
		{"held", 8 * (1 - fullMMC(8, 10, 0)), 0.01, m("loss|bulkhead.x->s.held.mean"), 0},
		{"fixed", fullMMC(8, 10, 0), 0.02, m("fixed|bulkhead.x->s.refused.ratio"), 0}, // whatever the times of service
		{"each", fullMMC(8, 10, 0), 0.02, m("each|bulkhead.a->s.refused.ratio"), 0},
		{"line", fullMMC(8, 10, 5), 0.04, m("line|bulkhead.x->s.refused.ratio"), 0},
		{"mean_wait", 1 + waitsMMC(8, 10)/(10-8), 0.01, m("endless|load.x.confirmed.latency.mean"), 0}, // Erlang C
		{"waiting", 8 * waitsMMC(8, 10) / (10 - 8), 0.04, m("endless|bulkhead.x->s.waiting.mean"), 0},
		{"patience", lostInMMCD(8, 10, 0.25), 0.03, m("patience|bulkhead.x->s.refused.ratio"), 0},
		{"overload", lostInMMCD(12, 10, 0.5), 0.01, m("overload|bulkhead.x->s.refused.ratio"), 0},
	}},
	{id: "limit-loss", seconds: 2_000, warmup: "0s", text: limitText, values: []truth{
		{"under", lostInMD1K(0.8, 3), 0.05, m("under|limit.x->s.limited.ratio"), 0},
		{"even", lostInMD1K(1, 5), 0.02, m("even|limit.x->s.limited.ratio"), 0},
		{"over", lostInMD1K(1.5, 10), 0.01, m("over|limit.x->s.limited.ratio"), 0},
		{"door", lostInMD1K(1, 5), 0.02, m("door|limit.s.limited.ratio"), 0},
	}},
	{id: "limit-wait", seconds: 20_000, warmup: "0s", text: tokenText, values: []truth{
		{"mean_wait", 0.2, 0.02, latency, 0}, // M/D/1: rho D / 2(1 - rho)
		{"waiting", 1.6, 0.02, m("limit.x->s.waiting.mean"), 0},
	}},
	{id: "limit-saturated", seconds: 10, quick: 1, reps: 1, warmup: "0s", drain: "none", text: bucketText, values: []truth{
		{"passed", 20 + math.Floor(7*9.999), 0, m("load.x.completed"), exact}, // burst and rate·T, T being the last arrival
	}},
}

const budgetText = `
load: {x: {to: s/h, arrivals: poisson(100/s), patient, retry: {attempts: unlimited}, budget: {capacity: 10, ratio: 20%}}}
services: {s: {workers: unlimited, errors: 30%, on: {h: [reply]}}}
`

const hedgeText = `
load: {x: {to: s/h, arrivals: poisson(200/s), patient}}
services: {s: {instances: 3, workers: unlimited, on: {h: [work: exp(1ms)]}}}
designs:
  late: {load: {x: {hedge: 500us}}}
  twice: {load: {x: {hedge: {after: 500us, most: 2}}}}
  p98: {load: {x: {hedge: {percentile: 98%}}}}
`

const bulkheadText = `
load: {x: {to: s/h, arrivals: poisson(8/s), patient}}
services: {s: {workers: unlimited, on: {h: [work: exp(1s)]}}}
designs:
  loss: {load: {x: {bulkhead: {slots: 10}}}}
  fixed: {load: {x: {bulkhead: {slots: 10}}}, services: {s: {on: {h: [work: 1s]}}}}
  each:
    load: {x: {to: a/h, arrivals: poisson(16/s)}}
    services: {a: {instances: 2, balance: random, workers: unlimited, on: {h: [{call: s/h, timeout: none, bulkhead: {slots: 10}}]}}}
  line: {load: {x: {bulkhead: {slots: 10, wait: none, line: 5}}}}
  endless: {load: {x: {bulkhead: {slots: 10, wait: none}}}}
  patience: {load: {x: {bulkhead: {slots: 10, wait: 250ms}}}}
  overload: {load: {x: {arrivals: poisson(12/s), bulkhead: {slots: 10, wait: 500ms}}}}
`

const limitText = `
load: {x: {to: s/h, patient}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
designs:
  under: {load: {x: {arrivals: poisson(80/s), limit: {rate: 100/s, burst: 3}}}}
  even: {load: {x: {arrivals: poisson(100/s), limit: {rate: 100/s, burst: 5}}}}
  over: {load: {x: {arrivals: poisson(150/s), limit: {rate: 100/s, burst: 10}}}}
  door: {load: {x: {arrivals: poisson(100/s)}}, services: {s: {limit: {rate: 100/s, burst: 5}}}}
`

const tokenText = `
load: {x: {to: s/h, arrivals: poisson(8/s), patient, limit: {rate: 10/s, wait: none}}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
`

const bucketText = `
load: {x: {to: s/h, arrivals: constant(1000/s), patient, limit: {rate: 7/s, burst: 20}}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
`

// lostInMD1K is the share of Poisson arrivals that find M/D/1/K full, of K places with
// the one in service: from the chain at the ends of service (Gross and Harris), in which
// a_k is the probability of k arrivals during one.
func lostInMD1K(rho float64, k int) float64 {
	a := make([]float64, k+1)
	a[0] = math.Exp(-rho)
	for i := 1; i <= k; i++ {
		a[i] = a[i-1] * rho / float64(i)
	}
	q := make([]float64, k) // left behind by a departure: 0 to K-1
	q[0] = 1
	for j := range k - 1 {
		x := q[j] - q[0]*a[j]
		for i := 1; i <= j; i++ {
			x -= q[i] * a[j-i+1]
		}
		q[j+1] = x / a[0]
	}
	sum := 0.0
	for _, x := range q {
		sum += x
	}
	empty := q[0] / sum
	return 1 - 1/(empty+rho)
}

// fullMMC is the share of a erlangs, for c servers with k places to wait, that find all
// of it full: Erlang's B where k is 0.
func fullMMC(a float64, c, k int) float64 {
	p, sum := 1.0, 1.0
	for n := 1; n <= c+k; n++ {
		p *= a / float64(min(n, c))
		sum += p
	}
	return p / sum
}

// waitsMMC is the share of a erlangs that have to wait for one of c servers: Erlang's C.
func waitsMMC(a float64, c int) float64 {
	b := fullMMC(a, c, 0)
	return b / (1 - a/float64(c)*(1-b))
}

// lostInMMCD is the share that is lost in M/M/c whose customers wait at most for d, in
// mean times of service. The density of the work before the next free server is that of
// M/M/c up to d; beyond it nobody joins, and it falls by c (Barrer 1957).
func lostInMMCD(a float64, c int, d float64) float64 {
	p, sum := 1.0, 1.0
	for n := 1; n < c; n++ {
		p *= a / float64(n)
		sum += p
	}
	at, r := a*p, float64(c)-a
	lost := at * math.Exp(-r*d) / float64(c)
	return lost / (sum + at*(1-math.Exp(-r*d))/r + lost)
}
