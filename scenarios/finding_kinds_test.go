package scenarios_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/finding"
)

// findingCauses has for each kind of finding a design with its cause, the same without
// it (old is replaced by by), and the element that it is about.
var findingCauses = []struct {
	kind    *finding.Kind
	element string
	text    string
	old, by string
}{
	// Acknowledgements get lost and are not sent again: each takes a slot for good, 10 of
	// them all. With retransmission none is lost.
	{finding.Held, "queue.b/q", `
load: {l: {to: b/q, arrivals: poisson(20/s)}}
services: {w: {workers: 2, consumes: {b/q: {handler: h, prefetch: 5}}, on: {h: [work: 10ms]}}}
brokers: {b: {queues: {q: {max_length: 100000}}}}
links: {w -> b: {latency: 1ms, loss: 2%, retransmit: none}, b -> w: {latency: 1ms}}
`, "loss: 2%", "loss: 0%"},
	// The only consumer comes a minute late: there is no before to compare with, and so no
	// fault that changed something. With a second one the queue is served.
	{finding.Away, "queue.b/q", `
load: {l: {to: b/q, arrivals: poisson(20/s)}}
services: {w: {instances: 1, workers: 2, consumes: {b/q: h}, on: {h: [work: 10ms]}}}
brokers: {b: {queues: {q: {max_length: 100000}}}}
faults: [{at: 0s, for: 1min, crash: w, instance: 1}]
`, "instances: 1", "instances: 2"},
	// Half of all messages have one key, which takes 24/s * 50 ms = 1.2 of one place; the
	// workers are idle beside it. With even keys none is above 0.24.
	{finding.Hot, "queue.b/q", `
load: {l: {to: b/q, arrivals: poisson(48/s), attributes: {k: {a: 50%, b: 10%, c: 10%, d: 10%, e: 10%, f: 10%}}}}
services: {w: {workers: 20, consumes: {b/q: h}, on: {h: [work: 50ms]}}}
brokers: {b: {queues: {q: {key: k, max_length: 100000}}}}
`, "{a: 50%, b: 10%, c: 10%, d: 10%, e: 10%, f: 10%}", `"integer(1, 1000)"`},
	// By a key with three quarters on one value one instance has 1.2 of what it can do.
	{finding.Uneven, "service.w", `
load: {l: {to: w/h, arrivals: poisson(64/s), timeout: none, deadline: none, attributes: {k: {a: 75%, b: 25%}}}}
services: {w: {instances: 4, workers: 1, queue: 100000, balance: hash, key: k, on: {h: [work: 25ms, reply]}}}
`, "balance: hash, key: k", "balance: least-busy"},
	// 16/s * 60 ms = 0.96 of a worker, of which those who go first take 0.48: by Cobham's
	// law the others wait 13 times as long. First come first served, all wait alike.
	{finding.Starved, "load.low", `
load:
  high: {to: w/h, arrivals: poisson(8/s), priority: 0}
  low: {to: w/h, arrivals: poisson(8/s), priority: 1, timeout: none, deadline: none}
services: {w: {workers: 1, discipline: priority, queue: 100000, on: {h: [work: exp(60ms), reply]}}}
`, "discipline: priority", "discipline: fifo"},
	// 20 messages of 1 kB a second over a link that carries 15 of them; over one that
	// carries 40 they hardly wait.
	{finding.Bottleneck, "link.a->b", `
load: {l: {to: a/h, arrivals: poisson(20/s), timeout: none, deadline: none}}
services: {a: {workers: 10000, on: {h: [{call: b/g, timeout: none}, reply]}}, b: {workers: 50, on: {g: [work: 10ms, reply]}}}
links: {a -> b: {latency: 1ms, bandwidth: 15kB/s}, b -> a: {latency: 1ms}}
`, "15kB/s", "40kB/s"},
	// One lock that each of 20/s holds for 60 ms is needed 1.2 of the time, and 0.4 for 20 ms.
	{finding.Bottleneck, "store.a/rows", `
load: {l: {to: a/h, arrivals: poisson(20/s), timeout: none, deadline: none}}
services: {a: {workers: 10000, queue: 100000, stores: {rows: {lives: outside}}, on: {h: [{lock: rows, patience: none}, work: 60ms, unlock: rows, reply]}}}
`, "60ms", "20ms"},
	// One slot that each call of 20/s holds for 60 ms; with four it is free mostly.
	{finding.Bottleneck, "bulkhead.a->b", `
load: {l: {to: a/h, arrivals: poisson(20/s), timeout: none, deadline: none}}
services: {a: {workers: 10000, on: {h: [{call: b/g, timeout: none, bulkhead: {slots: 1, wait: none}}, reply]}}, b: {workers: 50, on: {g: [work: 60ms, reply]}}}
`, "slots: 1", "slots: 4"},
	// For 20 s three times as many as usual, of which two workers can do two thirds.
	{finding.Burst, "load.l", `
load: {l: {to: a/h, arrivals: "poisson(bursts(base=20/s, peak=60/s, for=20s, every=1h, at=1min))", timeout: none, deadline: none}}
services: {a: {workers: 2, queue: 100000, on: {h: [work: exp(50ms), reply]}}}
`, "peak=60/s", "peak=20/s"},
	// One in seven needs longer than its deadline: exp(-98/50).
	{finding.Impatient, "load.l", `
load: {l: {to: b/g, arrivals: poisson(20/s), deadline: 100ms}}
services: {b: {workers: 50, on: {g: [work: exp(50ms)]}}}
`, "100ms", "10s"},
	{finding.Impatient, "edge.a/h->b/g", `
load: {l: {to: a/h, arrivals: poisson(20/s)}}
services: {a: {workers: 50, on: {h: [{call: b/g, timeout: 70ms}]}}, b: {workers: 50, on: {g: [work: exp(50ms)]}}}
`, "70ms", "2s"},
	// 45 % of its tasks fail, and all operations are done in the end.
	{finding.Failing, "service.b", `
load: {l: {to: a/h, arrivals: poisson(20/s)}}
services: {a: {workers: 100, on: {h: [{call: b/g, retry: {attempts: 50}}, reply]}}, b: {workers: 50, errors: 45%, on: {g: [work: 10ms, reply]}}}
`, "errors: 45%", "errors: 0%"},
}

// Each kind is found where its cause is, with what shows it, and not without it.
func TestFindingKinds(t *testing.T) {
	for _, c := range findingCauses {
		t.Run(c.kind.ID+" "+c.element, func(t *testing.T) {
			if !strings.Contains(c.text, c.old) {
				t.Fatalf("the design has not %q", c.old)
			}
			for _, text := range []string{c.text, strings.Replace(c.text, c.old, c.by, 1)} {
				s, err := scenarios.Parse(nil, "x.yaml", []byte("version: 1\nname: x\nrun: {duration: 5min}"+text))
				if err != nil {
					t.Fatal(err)
				}
				r, err := sim.Run(context.Background(), s.Designs, sim.Settings{Duration: s.Run.Duration, Seed: 1, Parallel: 1, Findings: true}, nil)
				if err != nil {
					t.Fatal(err)
				}
				all := r.Designs[0].Findings
				i := slices.IndexFunc(all, func(f finding.Finding) bool { return f.Kind == c.kind && f.Element == c.element })
				switch {
				case (i >= 0) != (text == c.text):
					t.Errorf("found at %d (-1: not) in\n%s", i, text)
				case i >= 0 && (len(all[i].Evidence) == 0 || all[i].To <= all[i].From || all[i].Hurt <= 0):
					t.Errorf("%+v shows nothing", all[i])
				}
				for k := range all {
					t.Log(all[k].ID, all[k].Element, all[k].Text())
				}
			}
		})
	}
}
