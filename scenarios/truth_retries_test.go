package scenarios_test

import (
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"fmt"
	"strings"
)

// Retries, back-off, retry storms: C01 to C04, C08s, C09s, F07 to F09.

// nestedText has k layers, each of which makes up to n attempts at the next one;
// the last one fails with probability p.
func nestedText(k, n int, p string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nload: {x: {to: s1/h, arrivals: constant(1000/s), retry: {attempts: %d}, patient}}\nservices:\n", n)
	for i := 1; i < k; i++ {
		fmt.Fprintf(&b, "  s%d: {workers: unlimited, on: {h: [{call: s%d/h, retry: {attempts: %d}}]}}\n", i, i+1, n)
	}
	fmt.Fprintf(&b, "  s%d: {workers: unlimited, errors: %s, on: {h: [reply]}}\n", k, p)
	return b.String()
}

func backendCalls(k int) calc { return div(fmt.Sprintf("service.s%d.arrived", k), "load.x.offered") }

// doubled notes how often all copies of an operation failed at the service s.
func doubled(w *watched) {
	failed := map[uint64]int{}
	w.follow(func(r engine.Record) {
		if r.Kind == engine.TaskEnded && r.Node == w.node("s") && r.Cause != design.OK {
			failed[r.Op]++
		}
	})
	w.advance(1 << 60)
	n := 0.0
	for _, k := range failed {
		if k == 4 {
			n++
		}
	}
	offered, _ := w.run.Value("load.x.offered")
	w.notes["all"] = n / offered
}

var amplification = m("load.x.amplification")

// decided is the share of successes of the operations that came to an end.
var decided = decidedIn("load.x.")

func decidedIn(load string) calc {
	return over(m(load+"completed"), sum(load+"completed", load+"failed"))
}

// timeoutText gives clients a short patience and three attempts.
func timeoutText(cancel bool) string {
	return fmt.Sprintf(`
load: {x: {to: s/h, arrivals: poisson(50/s), deadline: none, timeout: 200ms, cancel: %v, retry: {attempts: 3}, late_replies: ignore}}
services: {s: {workers: unlimited, on: {h: [work: exp(100ms)]}}}
`, cancel)
}

func timeoutValues(busy float64) []truth {
	success := times(decided, latency)
	failure := times(scale(decided, -1, 1), m("load.x.failed.latency.mean"))
	return []truth{
		{"P_success", 0.9975212, 0.001, decided, 0},
		{"attempts", 1.153651, 0.005, amplification, 0},
		{"mean_latency_success", 0.09850905, 0.005, latency, 0},
		{"mean_latency_all", 0.09975212, 0.005, func(s *sample) float64 { return success(s) + failure(s) }, 0},
		{"server_busy", busy, 0.005, m("service.s.busy.mean"), 0},
	}
}

const backoffs = `
services: {s: {workers: unlimited, errors: 100%, on: {h: [reply]}}}
designs:
  expo: {load: {x: {to: s/h, arrivals: poisson(1/s), retry: {attempts: 6, backoff: "exponential(100ms, max=100s)"}, patient}}}
  full: {load: {x: {to: s/h, arrivals: poisson(1/s), retry: {attempts: 6, backoff: "exponential(100ms, max=100s)", jitter: full}, patient}}}
  equal: {load: {x: {to: s/h, arrivals: poisson(1/s), retry: {attempts: 6, backoff: "exponential(100ms, max=100s)", jitter: equal}, patient}}}
  decorrelated: {load: {x: {to: s/h, arrivals: poisson(1/s), retry: {attempts: 6, backoff: "decorrelated(100ms, max=100s)"}, patient}}}
`

var truthRetries = []truthCase{
	{
		id: "C01", seconds: 200, warmup: "0s", text: `
load: {x: {to: s/h, arrivals: constant(1000/s), patient}}
designs:
  a: {load: {x: {retry: {attempts: 3}}}, services: {s: {workers: unlimited, errors: 30%, on: {h: [reply]}}}}
  b: {load: {x: {retry: {attempts: 4}}}, services: {s: {workers: unlimited, errors: 50%, on: {h: [reply]}}}}
`,
		values: []truth{
			{".3,3.attempts", 1.39, 0.005, m("a|load.x.amplification"), 0},
			{".3,3.success", 0.973, 0.005, m("a|load.x.completed.ratio"), 0},
			{".5,4.attempts", 1.875, 0.005, m("b|load.x.amplification"), 0},
			{".5,4.success", 0.9375, 0.005, m("b|load.x.completed.ratio"), 0},
		},
	},
	{id: "C02-dead-3x4", text: nestedText(3, 4, "100%"), seconds: 1, quick: 1, reps: 1, warmup: "0s", values: []truth{{"calls", 64, 0, backendCalls(3), exact}}},
	{id: "C02-dead-5x3", text: nestedText(5, 3, "100%"), seconds: 1, quick: 1, reps: 1, warmup: "0s", values: []truth{{"calls", 243, 0, backendCalls(5), exact}}},
	{id: "C02-3x3", text: nestedText(3, 3, "90%"), seconds: 100, warmup: "0s", values: []truth{
		{"calls", 9.418503, 0.005, backendCalls(3), 0}, {"failure", 0.05814974, 0.02, m("load.x.failed.ratio"), 0}}},
	{id: "C02-2x3", text: nestedText(2, 3, "50%"), seconds: 100, warmup: "0s", values: []truth{{"calls", 1.996094, 0.005, backendCalls(2), 0}}},
	{
		// Nothing published: four independent times in all, whoever repeats them.
		id: "C02-repeats", seconds: 2e5, drive: histograms, text: `
load: {x: {to: a/h, arrivals: constant(0.1/s), patient}}
services:
  a: {workers: unlimited, on: {h: [{repeat: 2, do: [call: b/h]}]}}
  b: {workers: unlimited, on: {h: [{repeat: 2, do: [work: exp(1s)]}]}}
`,
		values: []truth{
			{"mean", 4, 0.01, latency, 0},
			{"second moment", 20, 0.02, moment("", "load.x.confirmed.latency", 2), 0},
		},
	},
	{
		id: "C02-parallel", seconds: 2e5, drive: histograms, text: `
load: {x: {to: a/h, arrivals: constant(0.1/s), patient}}
services:
  a: {workers: unlimited, on: {h: [parallel: {times: 3, do: [call: b/h]}]}}
  b: {workers: unlimited, on: {h: [parallel: {times: 3, do: [call: c/h]}]}}
  c: {workers: unlimited, on: {h: [work: exp(1s)]}}
`,
		values: []truth{{"longest of nine", 2.828968, 0.01, latency, 0}},
	},
	{
		id: "C02-nested", seconds: 2e5, drive: histograms, text: `
load: {x: {to: a/h, arrivals: constant(0.1/s), patient}}
services:
  a: {workers: unlimited, on: {h: [parallel: {times: 3, do: [parallel: {times: 3, do: [call: c/h]}]}]}}
  c: {workers: unlimited, on: {h: [work: exp(1s)]}}
`,
		values: []truth{{"longest of nine", 2.828968, 0.01, latency, 0}},
	},
	{
		// Four thirds deliveries of one and a half calls each.
		id: "C02-redelivered", seconds: 1e5, warmup: "0s", text: `
load: {x: {to: b/q, arrivals: constant(1/s), patient}}
brokers: {b: {queues: {q: {}}}}
services:
  a: {workers: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [{call: c/h, retry: {attempts: 2}}]}}
  c: {workers: unlimited, errors: 50%, on: {h: [reply]}}
`,
		values: []truth{
			{"deliveries", 4. / 3, 0.005, m("queue.b/q.delivered.ratio"), 0},
			{"calls", 2, 0.005, div("service.c.arrived", "load.x.offered"), 0},
		},
	},
	{
		// A message doubled by the first link and one doubled by the second fail
		// independently: 1 + x copies after a link are one factor of the other.
		id: "C02-doubled", seconds: 1e5, warmup: "0s", drive: doubled, text: `
load: {x: {to: a/h, arrivals: constant(1/s), patient}}
services:
  a: {workers: unlimited, on: {h: [send: s/h]}}
  s: {workers: unlimited, errors: 50%, on: {h: [reply]}}
links: {x -> a: {duplicate: 100%}, a -> s: {duplicate: 100%}}
`,
		values: []truth{{"all four fail", 0.0625, 0.015, m("all"), 0}},
	},
	{id: "C03a", text: timeoutText(false), seconds: 2000, stretch: 2, values: timeoutValues(5.768255)},
	{id: "C03b", text: timeoutText(true), seconds: 2000, values: timeoutValues(4.987606)},
	{
		id: "C04", seconds: 1e5, quick: 0.02, warmup: "0s", text: backoffs,
		values: []truth{
			{"expo", 3.1, 1e-6, m("expo|load.x.failed.latency.mean"), exact},
			{"full", 1.55, 0.01, m("full|load.x.failed.latency.mean"), 0},
			{"equal", 2.325, 0.01, m("equal|load.x.failed.latency.mean"), 0},
			{"decorrelated", 3.45625, 0.01, m("decorrelated|load.x.failed.latency.mean"), 0},
		},
	},
	{
		id: "C09s", seconds: 4e5, quick: 0.1, text: `
load: {x: {to: s/h, arrivals: poisson(0.6/s), retry: {attempts: unlimited, backoff: exp(2s)}, patient}}
services: {s: {queue: none, on: {h: [work: exp(1s)]}}}
`,
		values: []truth{{"mean_in_backoff", 2.7, 0.02, minus(times(m("load.x.offered.rate"), latency), m("service.s.busy.mean")), 0}},
	},
	{
		id: "F07", seconds: 200, quick: 0.05, warmup: "0s", text: f07Text(), values: f07Values(),
	},
	{
		id: "F07 bucket", seconds: 100, quick: 1, quickRep: 2, warmup: "0s", text: f07BucketText(), values: f07BucketValues(),
	},
}

// The published code ran a hundred clients of 10/s each; together they are one
// Poisson process of 1000/s.
func f07Text() string {
	var b strings.Builder
	b.WriteString("\nload: {x: {to: s/h, arrivals: poisson(1000/s), patient}}\nlinks: {x -> s: {latency: exp(10ms)}, s -> x: {latency: 0s}}\ndesigns:\n")
	for _, f := range []int{1, 5, 10, 20, 50} {
		service := fmt.Sprintf("services: {s: {workers: unlimited, errors: %d%%, on: {h: [reply]}}}", f)
		fmt.Fprintf(&b, "  none-%d: {%s}\n  three-%d: {load: {x: {retry: {attempts: 4}}}, %s}\n", f, service, f, service)
	}
	return b.String()
}

func f07Values() (all []truth) {
	for _, r := range []struct {
		f                             int
		noneSuccess, load, withThrees float64
	}{{1, 0.9899, 1.0103, 1}, {5, 0.9501, 1.0541, 1}, {10, 0.9002, 1.1113, 0.9999}, {20, 0.8026, 1.2476, 0.9987}, {50, 0.5001, 1.8701, 0.9378}} {
		none, three := fmt.Sprintf("none-%d|load.x.", r.f), fmt.Sprintf("three-%d|load.x.", r.f)
		all = append(all,
			truth{fmt.Sprintf("%d%%.none.load", r.f), 1, 0, m(none + "amplification"), exact},
			truth{fmt.Sprintf("%d%%.none.success", r.f), r.noneSuccess, 0.005, decidedIn(none), near},
			truth{fmt.Sprintf("%d%%.three.load", r.f), r.load, 0.01, m(three + "amplification"), near},
			truth{fmt.Sprintf("%d%%.three.success", r.f), r.withThrees, 0.005, decidedIn(three), near})
	}
	return all
}

// f07BucketText has the hundred clients as instances: each has a bucket of its own, full
// at first, so that the length of the run counts.
func f07BucketText() string {
	var b strings.Builder
	b.WriteString("\nload: {x: {to: c/h, arrivals: poisson(1000/s), patient}}\nlinks: {c -> s: {latency: exp(10ms)}}\ndesigns:\n")
	for _, f := range []int{10, 20, 50} {
		fmt.Fprintf(&b, "  bucket-%d: {services: {s: {workers: unlimited, errors: %d%%, on: {h: [reply]}}, c: {instances: 100, balance: random, workers: unlimited, on: {h: [{call: s/h, timeout: none, retry: {attempts: 4}, budget: {capacity: 5, ratio: 10%%}}]}}}}\n", f, f)
	}
	return b.String()
}

func f07BucketValues() (all []truth) {
	for _, r := range []struct {
		f             int
		load, success float64
	}{{10, 1.0943, 0.9837}, {20, 1.1033, 0.8838}, {50, 1.1043, 0.5514}} {
		design := fmt.Sprintf("bucket-%d|", r.f)
		all = append(all,
			truth{fmt.Sprintf("%d%%.bucket.load", r.f), r.load, 0.01, div(design+"edge.c/h->s/h.attempts", design+"edge.c/h->s/h.calls"), near},
			truth{fmt.Sprintf("%d%%.bucket.success", r.f), r.success, 0.005, decidedIn(design + "load.x."), near})
	}
	return all
}

// stormText interrupts a server for five seconds; three attempts each keep it
// drowned where three times the load is more than it can serve.
func stormText(rate int) string {
	return fmt.Sprintf(`
load: {x: {to: s/h, arrivals: poisson(%d/s), deadline: none, timeout: 500ms, retry: {attempts: 3}, late_replies: ignore}}
services: {s: {queue: unlimited, on: {h: [work: exp(10ms)]}}}
faults: [{pause: s, at: 50s, for: 5s}]
`, rate)
}

var lateSuccess = m("in window load.x.completed.ratio")

// line notes the length of a service's line, with the task in work, at the given
// times.
func line(at ...float64) func(w *watched) {
	return func(w *watched) {
		occupancies("s")(w)
		for _, t := range at {
			w.advance(secs(t))
			w.notes[fmt.Sprintf("queue(%g)", t)] = float64(w.occupied["s"].n)
		}
	}
}

// stale notes when the last operation came that waited for more than a second.
func stale(w *watched) {
	line(16)(w)
	came := map[uint64]int64{}
	w.notes["last"] = 0
	w.run.SetObserver(nil)
	w.run.SetObserver(w)
	w.more = append(w.more, func(r engine.Record) {
		switch r.Kind {
		case engine.TaskArrived:
			came[r.Msg] = r.Time
		case engine.TaskStarted:
			if at, ok := came[r.Msg]; ok && r.Time-at > 1e9 {
				w.notes["last"] = max(w.notes["last"], float64(at)/1e9)
			}
		}
	})
}

var truthStorms = []truthCase{
	{id: "C08s-20", text: stormText(20), seconds: 300, quick: 1, quickRep: 5, warmup: "0s", drive: histograms, window: span(200, 300), values: []truth{{"recovers", 1, 0.01, lateSuccess, near}}},
	{id: "C08s-30", text: stormText(30), seconds: 300, quick: 1, quickRep: 5, warmup: "0s", drive: histograms, window: span(200, 300), values: []truth{{"recovers", 1, 0.01, lateSuccess, near}}},
	{id: "C08s-40", text: stormText(40), seconds: 300, quick: 1, quickRep: 5, warmup: "0s", drive: histograms, window: span(200, 300), values: []truth{{"stuck", 0, 0.01, lateSuccess, near}}},
	{id: "C08s-80", text: stormText(80), seconds: 300, quick: 1, quickRep: 5, warmup: "0s", drive: histograms, window: span(200, 300), values: []truth{{"stuck", 0, 0.01, lateSuccess, near}}},
	{
		id: "F08", seconds: 100, quick: 1, warmup: "0s", drive: line(30, 59, 100), window: span(31, 100), text: `
load:
  x:
    to: s/h
    arrivals: {constant: [{for: 20s, rate: 9/s}, {for: 10s, rate: 20/s}, {for: 30s, rate: 9/s}, {for: 15s, rate: 7/s}, {for: 15s, rate: 5/s}, {for: 10s, rate: 3/s}]}
    deadline: none
    timeout: 500ms
    retry: {attempts: 5}
services: {s: {queue: unlimited, on: {h: [work: exp(100ms)]}}}
`,
		values: []truth{
			{"queue@30", 1283, 0.08, m("queue(30)"), near},
			{"queue@59", 2355, 0.08, m("queue(59)"), near},
			{"queue@100", 3070, 0.08, m("queue(100)"), near},
			{"success_30_to_100", 0, 0, m("in window load.x.completed"), exact},
		},
	},
	{
		id: "F09", seconds: 120, quick: 1, reps: 50, quickRep: 20, warmup: "0s", drive: stale, text: `
load: {x: {to: s/h, arrivals: poisson(90/s), deadline: none, timeout: 1s}}
services: {s: {workers: 10, queue: unlimited, on: {h: [work: exp(100ms)]}}}
faults: [{slow: s, factor: 3, at: 8s, for: 8s}]
`,
		values: []truth{
			{"backlog_at_16", 459.7, 0.06, m("queue(16)"), near},
			{"last_waiting_over_1s", 57.2, 0.12, m("last"), near},
		},
	},
}
