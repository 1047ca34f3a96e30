package scenarios_test

import (
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
)

// runaways are designs that use up what a run may have within the first thousandth of it,
// where no series tells anything yet.
var runaways = []struct{ what, element, says, text string }{
	{"retries without end", "service.a", "waited at a when the run was stopped", `
load: {l: {to: a/h, arrivals: constant(500/s), timeout: 100ms, deadline: none, retry: {attempts: unlimited, backoff: 5ms}}}
services: {a: {workers: 4, queue: unlimited, on: {h: [work: 10ms]}}}
`},
	{"what retries made of it", "service.a", "; retries multiplied the load of a/h by", `
load: {l: {to: a/h, arrivals: constant(500/s), timeout: 100ms, deadline: none, retry: {attempts: unlimited, backoff: 5ms}}}
services: {a: {workers: 4, queue: unlimited, on: {h: [work: 10ms]}}}
`},
	{"a queue without a bound", "queue.b/q", "waited at b/q when", `
load: {l: {to: b/q, arrivals: constant(5000/s)}}
services: {w: {workers: 4, consumes: {b/q: h}, on: {h: [work: 1ms]}}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
`},
	{"came and done", "queue.b/q", ": 5000/s came, 40", `
load: {l: {to: b/q, arrivals: constant(5000/s)}}
services: {w: {workers: 4, consumes: {b/q: h}, on: {h: [work: 1ms]}}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
`},
	{"a store that forgets nothing", "store.w/seen", "were kept by w/seen when", `
load: {l: {to: w/h, arrivals: constant(5000/s)}}
services: {w: {workers: 9, stores: {small: {key: operation, ttl: 1ms}, seen: {key: operation}}, on: {h: [set: small, set: seen]}}}
`},
	{"a cache without a size", "cache.a->s/h", "were kept by a->s/h when", `
load: {l: {to: a/h, arrivals: constant(5000/s), attributes: {who: "integer(1, 1000000000)"}}}
services: {a: {workers: 9, on: {h: [{call: s/h, cache: {key: who}}]}}, s: {workers: 9, on: {h: [reply]}}}
`},
	{"a limit with many keys", "limit.l->a", "were kept by l->a when", `
load: {l: {to: a/h, arrivals: constant(5000/s), attributes: {who: "integer(1, 1000000000)"}, limit: {rate: 1/h, key: who, keys: 10000000}}}
services: {a: {workers: 9, on: {h: [reply]}}}
`},
	{"messages that go round", "service.w", "messages went round: ", `
load: {l: {to: b/q, arrivals: constant(1/s), attributes: {n: [x, y]}}}
services: {w: {workers: 64, consumes: {b/q: h, b/r: g}, on: {h: [work: 1ms, {publish: b/r}], g: [work: 1ms, {publish: b/q, when: n == x}]}}}
brokers: {b: {queues: {q: {max_length: unlimited}, r: {max_length: unlimited}}}}
`},
	{"a link that loses all", "link.l->a", "the link l->a sent a message again 1000000 times", `
load: {l: {to: a/h, arrivals: constant(10/s), timeout: none, deadline: none}}
services: {a: {workers: unlimited, on: {h: [work: 1ms]}}}
links: {default: {latency: 1ms, loss: 100%, retransmit: 1ns}}
`},
	{"retries that take no time", "edge.l->a/h", "attempts of l->a/h failed and were followed by the next at the same instant", `
load: {l: {to: a/h, arrivals: constant(1/s), retry: {attempts: unlimited}}}
services: {a: {on: {h: [fail]}}}
`},
	{"a loop in no time", "run", "things happened at one instant", `
load: {l: {to: a/h, arrivals: constant(1/s)}}
services: {a: {on: {h: [{repeat: 1000, do: [{repeat: 1000, do: [{repeat: 1000, do: [work: 0s]}]}]}]}}}
`},
	{"a link as long as the run", "run", "operations were open when", `
load: {l: {to: a/h, arrivals: constant(5000/s), timeout: none, deadline: none}}
services: {a: {on: {h: [work: 1ms]}}}
links: {default: {latency: 1h}}
`},
}

// A run that ends by a bound says what there was too much of, however soon that was.
func TestRunawaysNameTheirCause(t *testing.T) {
	for _, c := range runaways {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			s, err := scenarios.Parse(nil, "x.yaml", []byte("version: 1\nname: x\nrun: {duration: 10h}"+c.text))
			if err != nil {
				t.Fatal(err)
			}
			r, err := sim.Run(t.Context(), s.Designs, sim.Settings{Duration: s.Run.Duration, Seed: 1, Parallel: 1, MaxInFlight: 10_000, Findings: true}, nil)
			if err != nil {
				t.Fatal(err)
			}
			all := r.Designs[0].Findings
			if !r.OverBudget() || len(all) != 1 || all[0].ID != "runaway" || all[0].Element != c.element || !strings.Contains(all[0].Text(), c.says) {
				t.Errorf("want %s: %s\ngot %+v", c.element, c.says, all)
			}
		})
	}
}
