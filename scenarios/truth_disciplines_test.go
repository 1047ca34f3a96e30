package scenarios_test

import (
	"fmt"
	"math"
	"strings"
)

// Disciplines, vacations and balancing: A21 to A24, A36, A37, A40. Transients:
// A34, A35.

var truthDisciplines = []truthCase{
	{
		id: "A21", seconds: 1.25e6, quick: 0.05,
		text: `
load:
  first: {to: s/h, arrivals: poisson(0.4/s), priority: 0, patient}
  second: {to: s/h, arrivals: poisson(0.4/s), priority: 1, patient}
designs:
  polite: {services: {s: {queue: unlimited, discipline: priority, on: {h: [work: exp(1s)]}}}}
  rude: {services: {s: {queue: unlimited, discipline: preemptive, on: {h: [work: exp(1s)]}}}}
`,
		values: []truth{
			{"a.Wq1+1", 2.333333, 0.03, m("polite|load.first.confirmed.latency.mean"), 0},
			{"a.Wq2+1", 7.666667, 0.03, m("polite|load.second.confirmed.latency.mean"), 0},
			{"a.mean_Wq", 4, 0.03, m("polite|service.s.wait.mean"), 0},
			{"b.T1", 1.666667, 0.03, m("rude|load.first.confirmed.latency.mean"), 0},
			{"b.T2", 8.333333, 0.03, m("rude|load.second.confirmed.latency.mean"), 0},
			{"b.mean_T", 5, 0.03, m("rude|service.s.sojourn.mean"), 0},
		},
	},
	{
		// The two kinds of work of a hyperexponential, as two loads: each is
		// slowed down alike, whatever its size.
		id: "A22", seconds: 5e5 / 0.7, quick: 0.05,
		text: `
load:
  small: {to: s/small, arrivals: poisson(0.62110881/s), patient}
  large: {to: s/large, arrivals: poisson(0.07889119/s), patient}
services: {s: {discipline: sharing, on: {small: [work: "exp(563.508327ms)"], large: [work: "exp(4.436491673s)"]}}}
`,
		values: []truth{
			{"T", 3.333333, 0.03, m("service.s.sojourn.mean"), 0},
			{"slowdown_small", 3.333333, 0.03, scale(m("load.small.confirmed.latency.mean"), 1/0.563508327, 0), 0},
			{"slowdown_large", 3.333333, 0.03, scale(m("load.large.confirmed.latency.mean"), 1/4.436491673, 0), 0},
			{"util", 0.7, 0.03, m("service.s.utilization"), 0},
		},
	},
	{
		id: "A23", seconds: 1e5, quick: 0.03, drive: occupancies("s"),
		text: `
load: {x: {to: s/h, arrivals: poisson(10/s), patient}}
services: {s: {workers: 3, discipline: sharing, on: {h: [work: "exp(83.3333333ms)"]}}}
`,
		values: shares("s", 0.432133, 0.3601108, 0.1500462, 0.04167949, 0.01157764),
	},
	{
		// The sleeper is a customer whom all others come before: two of them, so
		// that one is always in line.
		id: "A24", seconds: 4e5, quick: 0.2,
		text: `
load:
  x: {to: s/h, arrivals: poisson(0.5/s), patient}
  sleeper: {to: s/sleep, users: 2, stagger: false, priority: 7, patient}
designs:
  exp: {services: {s: {queue: unlimited, discipline: priority, on: {h: [work: exp(1s)], sleep: [work: exp(2s)]}}}}
  fixed: {services: {s: {queue: unlimited, discipline: priority, on: {h: [work: exp(1s)], sleep: [work: 2s]}}}}
`,
		values: []truth{
			{"a.Wq", 3, 0.02, scale(m("exp|load.x.confirmed.latency.mean"), 1, -1), 0},
			{"b.Wq", 2, 0.02, scale(m("fixed|load.x.confirmed.latency.mean"), 1, -1), 0},
		},
	},
	{
		id: "A36", seconds: 5e5 / 1.6, quick: 0.1,
		text: `
load: {x: {to: s/h, arrivals: poisson(1.6/s), patient}}
designs:
  random: {services: {s: {instances: 2, queue: unlimited, balance: random, on: {h: [work: exp(1s)]}}}}
  turns: {services: {s: {instances: 2, queue: unlimited, balance: round-robin, on: {h: [work: exp(1s)]}}}}
  shortest: {services: {s: {instances: 2, queue: unlimited, balance: least-busy, on: {h: [work: exp(1s)]}}}}
  shared: {services: {s: {workers: 2, queue: unlimited, on: {h: [work: exp(1s)]}}}}
`,
		values: []truth{
			{"random_W", 5, 0.02, m("random|load.x.confirmed.latency.mean"), 0},
			{"round_robin_W", 3.84398, 0.02, m("turns|load.x.confirmed.latency.mean"), 0},
			{"jsq_W", 2.955737, 0.02, m("shortest|load.x.confirmed.latency.mean"), 0},
			{"shared_queue_W", 2.777778, 0.02, m("shared|load.x.confirmed.latency.mean"), 0},
		},
	},
	{
		id: "A37", seconds: 1300, quick: 0.3,
		text: `
services: {s: {instances: 100, queue: unlimited, balance: two-choices, on: {h: [work: exp(1s)]}}}
designs:
  l70: {load: {x: {to: s/h, arrivals: poisson(70/s), patient}}}
  l90: {load: {x: {to: s/h, arrivals: poisson(90/s), patient}}}
  l95: {load: {x: {to: s/h, arrivals: poisson(95/s), patient}}}
`,
		values: []truth{
			{"T.70", 1.614454, 0.05, m("l70|load.x.confirmed.latency.mean"), above},
			{"T.90", 2.614057, 0.05, m("l90|load.x.confirmed.latency.mean"), above},
			{"T.95", 3.383046, 0.05, m("l95|load.x.confirmed.latency.mean"), above},
		},
	},
	{
		id: "A40", seconds: 1.25e6, quick: 0.1, drive: histograms,
		text: `
load: {x: {to: s/h, arrivals: poisson(0.8/s), patient}}
designs:
  fifo: {services: {s: {queue: unlimited, on: {h: [work: exp(1s)]}}}}
  lifo: {services: {s: {queue: unlimited, discipline: lifo, on: {h: [work: exp(1s)]}}}}
`,
		values: []truth{
			{"Wq", 4, 0.03, m("lifo|service.s.wait.mean"), 0},
			{"Wq_FIFO", 4, 0.03, m("fifo|service.s.wait.mean"), 0},
			{"EWq2_FIFO", 40, 0.1, moment("fifo", "service.s.wait", 2), 0},
			{"EWq2_LIFO", 200, 0.1, moment("lifo", "service.s.wait", 2), 0},
		},
	},
}

// shares is the probability of 0, 1, 2, … tasks at a service.
func shares(service string, p ...float64) (all []truth) {
	for n, want := range p {
		all = append(all, truth{fmt.Sprintf("p%d", n), want, 0.005, share("", service, n, n), absolute})
	}
	return all
}

// Transients are ensembles: every run holds several copies of the system, and
// there are many runs.
const copies = 10

func ensemble(load, service string) string {
	var b strings.Builder
	b.WriteString("\nload:\n")
	for i := range copies {
		fmt.Fprintf(&b, "  x%d: {to: s%d/h, %s}\n", i, i, load)
	}
	b.WriteString("services:\n")
	for i := range copies {
		fmt.Fprintf(&b, "  s%d: {%s}\n", i, service)
	}
	return b.String()
}

// snapshots notes the number in system at the given times: the mean over the
// copies, and their variance.
func snapshots(at ...float64) func(w *watched) {
	return func(w *watched) {
		var names []string
		for i := range copies {
			names = append(names, fmt.Sprintf("s%d", i))
		}
		occupancies(names...)(w)
		w.keep = false
		for _, t := range at {
			w.advance(secs(t))
			sum, ss := 0.0, 0.0 // whole numbers: the same in any order
			for _, o := range w.occupied {
				sum += float64(o.n)
				ss += float64(o.n * o.n)
			}
			mean := sum / copies
			w.notes[fmt.Sprintf("N(%g)", t)] = mean
			w.notes[fmt.Sprintf("var(%g)", t)] = math.Max(0, ss-copies*mean*mean) / (copies - 1)
		}
	}
}

var truthTransients = []truthCase{
	{
		id: "A34", seconds: 100, quick: 1, reps: 10_000, quickRep: 400, warmup: "0s", drive: snapshots(5, 10, 20, 50, 100),
		text: ensemble("arrivals: poisson(0.8/s), patient", "queue: unlimited, on: {h: [work: exp(1s)]}"),
		values: []truth{
			{"E[N(5)]", 1.469461, 0.02, m("N(5)"), 0},
			{"E[N(10)]", 2.030282, 0.02, m("N(10)"), 0},
			{"E[N(20)]", 2.647635, 0.02, m("N(20)"), 0},
			{"E[N(50)]", 3.405039, 0.02, m("N(50)"), 0},
			{"E[N(100)]", 3.791873, 0.02, m("N(100)"), 0},
		},
	},
	{
		id: "A35", seconds: 25, quick: 1, reps: 2000, quickRep: 60, warmup: "0s", drive: snapshots(9.99, 12, 15, 17, 20, 25),
		text: ensemble("arrivals: {poisson: [{for: 10s, rate: 10/s}, {for: 5s, rate: 100/s}, {for: 1s, rate: 10/s}]}, patient",
			"workers: unlimited, on: {h: [work: exp(2s)]}"),
		values: []truth{
			{"m(9.99)", 19.86457, 0.01, m("N(9.99)"), 0},
			{"m(12)", 133.7321, 0.01, m("N(12)"), 0},
			{"m(15)", 185.2136, 0.01, m("N(15)"), 0},
			{"m(17)", 80.7787, 0.01, m("N(17)"), 0},
			{"m(20)", 33.56156, 0.01, m("N(20)"), 0},
			{"m(25)", 21.1132, 0.01, m("N(25)"), 0},
			{"var/mean(12)", 1, 0.05, scale(m("var(12)"), 1/133.7321, 0), 0},
			{"var/mean(17)", 1, 0.05, scale(m("var(17)"), 1/80.7787, 0), 0},
		},
	},
}
