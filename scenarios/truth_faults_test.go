package scenarios_test

import (
	"asynclab/sim/engine"
	"fmt"
	"strings"
)

// Availability, repair, crashes that happen again and again: B01 to B06, B04s,
// A25s, D16s, D19.

// chainText is a chain of n services, each of which fails by itself.
func chainText(n int, errors string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nload: {x: {to: s1/h, arrivals: constant(1000/s), patient}}\nservices:\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "  s%d: {workers: unlimited, errors: %s, on: {h: [call: s%d/h]}}\n", i, errors, i+1)
	}
	fmt.Fprintf(&b, "  s%d: {workers: unlimited, errors: %s, on: {h: [reply]}}\n", n, errors)
	return b.String()
}

var completed = m("load.x.completed.ratio")

// strikes counts how often faults began in the measured window.
func strikes(w *watched) { w.look() }

func struck(design string) calc {
	return func(s *sample) float64 { return s.watched[design].counts[engine.FaultBegan] }
}

// upDown is a service that is down a tenth of the time.
func upDown(down string) string {
	return `
load: {x: {to: s/h, arrivals: poisson(10/s), patient}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
faults: [{crash: s, every: exp(90s), for: "` + down + `"}]
`
}

func upDownValues() []truth {
	return []truth{
		{"availability", 0.9, 0.006, completed, absolute},
		{"P_call_fails", 0.1, 0.006, m("load.x.failed.refused.ratio"), absolute},
		{"failures/1e5s", 1000, 0.05, func(s *sample) float64 { return struck("")(s) / s.metric("run.duration") * 1e5 }, 0},
	}
}

// bothDown notes when first both units are in repair.
func bothDown(w *watched) {
	n := 0
	w.follow(func(r engine.Record) {
		switch r.Kind {
		case engine.TaskArrived:
			n++
		case engine.TaskEnded:
			n--
		}
		if _, known := w.notes["first"]; n == 2 && !known {
			w.notes["first"] = float64(r.Time) / 1e9 / 3600
		}
	})
	for t := 3600 * 500.; w.notes["first"] == 0; t += 3600 * 500 {
		w.advance(secs(t))
	}
}

var truthAvailability = []truthCase{
	{id: "B01-5", text: chainText(5, "1%"), seconds: 100, warmup: "0s", values: []truth{{"n5", 0.95099, 0.001, completed, absolute}}},
	{id: "B01-30", text: chainText(30, "0.01%"), seconds: 100, quick: 0.1, warmup: "0s", values: []truth{{"n30", 0.9970043, 0.0005, completed, absolute}}},
	{
		id: "B01-retry", seconds: 1000, quick: 0.05, warmup: "0s", text: `
load: {x: {to: front/h, arrivals: constant(1000/s), patient}}
services:
  back: {workers: unlimited, errors: 1%, on: {h: [reply]}}
  front: {workers: unlimited, on: {h: [{repeat: 5, do: [{call: back/h, retry: {attempts: 2}}]}]}}
`,
		values: []truth{{"n5_retry1", 0.9995001, 0.0001, completed, absolute}},
	},
	{
		id: "B02", seconds: 100, warmup: "0s", text: `
load: {x: {to: front/h, arrivals: constant(1000/s), patient}}
services: {back: {workers: unlimited, errors: 1%, on: {h: [reply]}}}
designs:
  one-of-2: {services: {front: {workers: unlimited, on: {h: [{parallel: {times: 2, do: [call: back/h]}, need: 1}]}}}}
  two-of-3: {services: {front: {workers: unlimited, on: {h: [{parallel: {times: 3, do: [call: back/h]}, need: 2}]}}}}
  three-of-5: {services: {front: {workers: unlimited, on: {h: [{parallel: {times: 5, do: [call: back/h]}, need: 3}]}}}}
  ec2-db: {services: {front: {workers: unlimited, on: {h: [{parallel: {times: 2, do: [call: back/h]}, need: 1}, call: db/h]}}, db: {workers: unlimited, errors: 1%, on: {h: [reply]}}}}
`,
		values: []truth{
			{"1of2", 0.9999, 0.0001, m("one-of-2|load.x.completed.ratio"), absolute},
			{"2of3", 0.999702, 0.0001, m("two-of-3|load.x.completed.ratio"), absolute},
			{"3of5", 0.9999901, 0.0001, m("three-of-5|load.x.completed.ratio"), absolute},
			{"ec2x2_db", 0.989901, 0.0005, m("ec2-db|load.x.completed.ratio"), absolute},
		},
	},
	{id: "B03-fixed", text: upDown("10s"), seconds: 1e5, drive: strikes, values: upDownValues()},
	{id: "B03-exp", text: upDown("exp(10s)"), seconds: 1e5, drive: strikes, values: upDownValues()},
	{id: "B03-lognormal", text: upDown("lognormal(10s, cv=1)"), seconds: 1e5, drive: strikes, values: upDownValues()},
	{
		id: "B04s", seconds: 1e6, quick: 0.05, text: `
load: {x: {to: s/h, arrivals: poisson(1/s), retry: {attempts: 2, backoff: 2s}, patient}}
services: {s: {workers: unlimited, on: {h: [reply]}}}
faults: [{crash: s, every: exp(50s), for: exp(5s)}]
`,
		values: []truth{{"P_both_fail", 0.06149061, 0.02, m("load.x.failed.ratio"), 0}},
	},
	{
		id: "B05", seconds: 1e5, quick: 0.1, drive: histograms, text: `
load: {x: {to: crew/h, users: 2, think: exp(1s), patient}}
designs:
  two: {services: {crew: {workers: 2, on: {h: [work: exp(500ms)]}}}}
  one: {services: {crew: {workers: 1, on: {h: [work: exp(500ms)]}}}}
`,
		values: []truth{
			{"a.up_fraction", 0.6666667, 0.01, scale(inSystem("two|service.crew"), -0.5, 1), 0},
			{"b.up_fraction", 0.6, 0.01, scale(inSystem("one|service.crew"), -0.5, 1), 0},
			{"b.P_immediate_repair", 0.6666667, 0.01, scale(waited("one", "service.crew"), -1, 1), 0},
		},
	},
	{
		id: "B06-mttf", seconds: 36e6 * 3, quick: 1, reps: 10_000, quickRep: 400, warmup: "0s", drive: bothDown, text: `
load: {x: {to: crew/h, users: 2, think: exp(100h), stop: 10000h, patient}}
services: {crew: {on: {h: [work: exp(10h)]}}}
`,
		values: []truth{{"MTTF", 650, 0.04, m("first"), 0}},
	},
	{
		id: "B06", seconds: 36e7, stretch: 1.7, reps: 100, quickRep: 20, drive: occupancies("crew"), text: `
load: {x: {to: crew/h, users: 2, think: exp(100h), patient}}
services: {crew: {on: {h: [work: exp(10h)]}}}
`,
		values: []truth{{"P_both_down", 0.01639344, 0.04, share("", "crew", 2, 2), 0}},
	},
	{
		// Once as a pause, once as a crash behind a queue.
		id: "A25s", seconds: 2e5 / 0.3, quick: 0.1, text: `
services: {s: {queue: unlimited, on_crash: resume, on: {h: [work: exp(1s)]}}}
designs:
  pause:
    load: {x: {to: s/h, arrivals: poisson(0.3/s), patient}}
    faults: [{pause: s, every: exp(10s), for: exp(2.5s)}]
  crash:
    load: {x: {to: b/q, arrivals: poisson(0.3/s), patient}}
    brokers: {b: {queues: {q: {max_length: unlimited}}}}
    services: {s: {consumes: {b/q: h}}}
    faults: [{crash: s, every: exp(10s), for: exp(2.5s)}]
`,
		values: []truth{
			{"L_pause", 0.84, 0.02, inSystem("pause|service.s"), 0},
			{"L_crash", 0.84, 0.02, sum("crash|queue.b/q.depth.mean", "crash|queue.b/q.unacked.mean"), 0},
		},
	},
	{
		// The next job begins when the last is done, so that a crash always hits
		// one that is being worked on.
		id: "D16s", seconds: 6e5, quick: 0.05, text: `
load: {x: {to: s/h, users: 1, stagger: false, patient}}
services: {s: {on_crash: restart, on: {h: [work: 2s]}}}
faults: [{crash: s, every: exp(4s), for: exp(1s)}]
`,
		values: []truth{{"mean_completion", 3.243606, 0.02, m("load.x.confirmed.latency.mean"), 0}},
	},
	{
		id: "D19", seconds: 30_000, quick: 0.2, warmup: "0s", text: `
load: {x: {to: s/h, arrivals: poisson(2/s), deadline: none, timeout: 5s}}
services: {s: {workers: unlimited, on: {h: [delay: 500ms, work: 100ms]}}}
faults: [{cut: x <-> s, at: 60s, for: 30s, period: 300s}] # not at 0s, where nobody is under way
`,
		values: []truth{
			{"P_fail", 0.102, 0.002, m("load.x.failed.timeout.ratio"), absolute},
			{"P_executed_no_reply", 0.002, 0.0005, over(minus(m("service.s.completed"), m("load.x.completed")), m("load.x.offered")), absolute},
			{"P_never_executed", 0.1, 0.002, scale(div("service.s.arrived", "load.x.offered"), -1, 1), absolute},
		},
	},
}
