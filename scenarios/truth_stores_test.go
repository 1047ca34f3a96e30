package scenarios_test

import "math"

// What services keep, and what messages carry beside their operation.

// The shop says of its event whether it is of a large order; what follows from an event
// carries it on, until somebody says otherwise.
const setText = `
load: {x: {to: shop/buy, arrivals: poisson(100/s), patient, attributes: {amount: "integer(1, 10)", kind: [web, till]}}}
services:
  shop:
    workers: unlimited
    on:
      buy:
        - choose:
            - {when: amount > 7, do: [{publish: b/t, confirm: true, set: {size: large, kind: event, weight: 3}}]}
            - {do: [{publish: b/t, confirm: true, set: {size: small, kind: event}}]}
        - {fail: , when: kind == event}
  large: {workers: unlimited, consumes: {b/t: h}, on: {h: [{call: audit/h}, {call: audit/other, set: {kind: till, size: small}}, {fail: , when: size != large}]}}
  small: {workers: unlimited, consumes: {b/t: h}, on: {h: [{call: audit/h}, {fail: , when: weight > 0}]}}
  audit:
    workers: unlimited
    on:
      h: [{fail: , when: kind != event}, {repeat: 5, while: size == large, do: [work: 1ms]}]
      other: [{fail: , when: not (kind == till and size == small and weight == 3)}]
brokers: {b: {queues: {dead: {}}, topics: {t: {subscriptions: {large: {filter: size == large, dead_letter: dead, max_deliveries: 1}, small: {filter: size == small, max_deliveries: 1}}}}}}
`

// One lock of a table of one row is a queue with one server, one of four keys is four of
// them, and one for which nobody waits is a server without a line.
const lockText = `
load: {x: {to: s/h, arrivals: poisson(50/s), patient, attributes: {customer: "integer(1, 4)"}}}
services: {s: {workers: unlimited, stores: {t: {}}, on: {h: [{lock: t, patience: none}, work: exp(10ms), unlock: t]}}}
designs:
  alone: {}
  keys:
    load: {x: {arrivals: poisson(200/s)}}
    services: {s: {stores: {t: {key: customer}}, on: {h: [{lock: t, patience: none}, {lock: t, patience: 0s}, work: exp(10ms)]}}}
  hasty:
    services: {s: {on: {h: [{lock: t, patience: 0s}, work: exp(10ms)]}}}
  slots: # M/M/2
    load: {x: {arrivals: poisson(150/s)}}
    services: {s: {stores: {t: {lives: outside, latency: exp(10ms), slots: 2}}, on: {h: [read: t]}}}
`

// Rows that are forgotten, versions that are compared, and states.
const rowText = `
load: {x: {to: s/h, arrivals: poisson(100/s), patient, attributes: {customer: "integer(1, 10)"}}}
services: {s: {workers: unlimited}}
designs:
  inbox: # whose key was seen within 100 ms is done already
    services: {s: {stores: {seen: {key: customer, ttl: 100ms}}, on: {h: [{fail: , when: seen}, set: seen]}}}
  newest: # four of ten equally likely customers have a row
    services: {s: {stores: {seen: {key: customer, rows: 4}}, on: {h: [{choose: [{when: seen, do: [set: seen, fail]}]}, set: seen]}}}
  optimistic: # a write that saw another one between its read and its end fails
    services: {s: {stores: {t: {states: [a, b]}}, on: {h: [read: t, work: 10ms, {set: t, to: b, unchanged: true}]}}}
  sum: # of 1 to 10
    services: {s: {stores: {t: {counters: [paid, orders]}}, on: {h: [{count: t.paid, add: customer}, {count: t.paid, add: -1}, count: t.orders, {fail: , when: t.orders < 1}]}}}
`

// The events of an order overtake each other: its payment is parked until it is placed.
const orderText = `
load: {x: {to: a/h, arrivals: poisson(20/s), patient}}
services:
  a: {workers: unlimited, on: {h: [{send: s/h, set: {event: placed}}, {send: s/h, set: {event: paid}}]}}
  s:
    workers: unlimited
    stores: {o: {key: operation, states: [none, placed, paid], allow: {none: placed, placed: paid}, otherwise: park, patience: none, ttl: 10s}}
    on: {h: [delay: exp(100ms), {set: o, to: placed, when: event == placed}, {set: o, to: paid, when: event == paid}]}
links: {a -> s: {}}
designs:
  park: {}
  ignore: {services: {s: {stores: {o: {otherwise: ignore, patience: null}}}}}
  reject: {services: {s: {stores: {o: {otherwise: reject, patience: null}}}}}
  hasty: {services: {s: {stores: {o: {patience: 100ms}}}}}
`

// A participant holds its lock until it hears the decision; the coordinator crashes while
// the vote is given and the decision is not, and goes on when it is back. In 50 ms at 2/s
// there are 0.1 crashes, of 300 ms each.
const twoPhaseText = `
load: {x: {to: c/h, arrivals: poisson(1/s), deadline: none, timeout: none, retry: {attempts: unlimited, backoff: 1s}}}
services:
  c: {workers: unlimited, on_crash: resume, on: {h: [{call: p/prepare}, work: 50ms, {call: p/commit}]}}
  p: {workers: unlimited, stores: {t: {key: operation, lives: disk, ttl: 1h}}, on: {prepare: [{lock: t, for: operation}], commit: [unlock: t]}}
faults: [{every: exp(0.5s), for: exp(0.3s), crash: c}]
`

// A cache: for a time, for the one used last, the two and the hundred used last, and what
// happens when an answer expires that everybody wants.
const cacheText = `
load: {x: {to: s/h, arrivals: poisson(100/s), patient, attributes: {customer: "integer(1, 10)"}}}
services:
  s: {workers: unlimited, on: {h: [{call: d/get, cache: {key: customer, ttl: 100ms}}]}}
  d: {workers: unlimited, on: {get: [reply]}}
designs:
  ttl: {}
  one:
    load: {x: {attributes: {customer: "zipf(1000, 1)"}}}
    services: {s: {on: {h: [{call: d/get, cache: {key: customer, size: 1}}]}}}
  two:
    load: {x: {attributes: {customer: "zipf(1000, 1)"}}}
    services: {s: {on: {h: [{call: d/get, cache: {key: customer, size: 2}}]}}}
  hundred:
    load: {x: {attributes: {customer: "zipf(1000, 1)"}}}
    services: {s: {on: {h: [{call: d/get, cache: {key: customer, size: 100}}]}}}
  stampede:
    services: {s: {on: {h: [{call: d/get, cache: {ttl: 1s}}]}}, d: {on: {get: [work: 100ms]}}}
  single:
    services: {s: {on: {h: [{call: d/get, cache: {ttl: 1s, single_flight: true}}]}}, d: {on: {get: [work: 100ms]}}}
  stale:
    services: {s: {on: {h: [{call: d/get, cache: {ttl: 1s, stale: while}}]}}, d: {on: {get: [work: 100ms]}}}
  failing:
    services: {s: {on: {h: [{call: d/get, cache: {ttl: 1s, single_flight: true}}]}}, d: {on: {get: [work: 100ms, fail]}}}
`

// zipfHits is the share of hits of the cache that keeps the n used last of 1,000 keys, of
// shares as 1/k: exactly for one and two (King 1971), by Che's approximation otherwise.
func zipfHits(n int) (hits float64) {
	p := make([]float64, 1000)
	for k := range p {
		p[k] = 1 / float64(k+1) / harmonic(1000)
	}
	switch n {
	case 1:
		for _, q := range p {
			hits += q * q
		}
	case 2:
		for i, q := range p {
			for j, s := range p {
				if i != j {
					hits += q * s / (1 - q) * (q + s)
				}
			}
		}
	default:
		low, high := 0.0, 1e6
		for range 100 {
			t, kept := (low+high)/2, 0.0
			for _, q := range p {
				kept += 1 - math.Exp(-q*t)
			}
			if kept < float64(n) {
				low = t
			} else {
				high = t
			}
		}
		for _, q := range p {
			hits += q * (1 - math.Exp(-q*low))
		}
	}
	return hits
}

var truthStores = []truthCase{
	{id: "message-attributes", seconds: 1_000, quick: 0.1, text: setText, values: []truth{
		{"large", 30, 0.02, m("queue.b/t/large.published.rate"), 0},
		{"small", 70, 0.02, m("queue.b/t/small.published.rate"), 0},
		{"wrong", 0, 0, func(s *sample) float64 {
			return s.metric("service.large.failed") + s.metric("service.small.failed") + s.metric("service.audit.failed") + s.metric("load.x.failed")
		}, exact},
		{"worked", 5e-3 * 30, 0.02, m("service.audit.busy.mean"), 0},
	}},
	{id: "locks", seconds: 2_000, quick: 0.1, text: lockText, values: []truth{
		{"alone", 0.02, 0.03, m("alone|load.x.accepted.latency.mean"), 0},
		{"wait", 0.01, 0.05, m("alone|store.s/t.lock_wait.mean"), 0},
		{"held", 0.5, 0.02, m("alone|store.s/t.locked.mean"), 0},
		{"keys", 0.02, 0.03, m("keys|load.x.accepted.latency.mean"), 0},
		{"hasty", 1.0 / 3, 0.02, m("hasty|load.x.failed.no_capacity.ratio"), 0}, // Erlang B of 0.5
		{"slots", 0.01 / (1 - 0.75*0.75), 0.03, m("slots|load.x.accepted.latency.mean"), 0},
	}},
	{id: "rows", seconds: 1_000, quick: 0.1, text: rowText, values: []truth{
		{"inbox", 0.5, 0.02, m("inbox|load.x.failed.ratio"), 0}, // 10/s a key: lambda T / (1 + lambda T)
		{"newest", 0.4, 0.02, m("newest|load.x.failed.ratio"), 0},
		{"rows", 4, 0.001, m("newest|store.s/seen.rows.mean"), 0},
		{"optimistic", 0.5, 0.02, m("optimistic|load.x.failed.ratio"), 0}, // as a counter with a dead time: lambda d / (1 + lambda d)
		{"sum", 4.5, 0.01, func(s *sample) float64 {
			return s.metric("sum|counter.s/t/paid.value.final") / s.metric("sum|counter.s/t/orders.value.final")
		}, 0},
		{"none", 0, 0, m("sum|load.x.failed"), exact},
	}},
	{id: "state-machine", seconds: 20_000, quick: 0.01, text: orderText, values: []truth{
		{"parked", 10, 0.02, m("park|store.s/o.parked.rate"), 0},
		{"wait", 0.1, 0.03, m("park|store.s/o.park_wait.mean"), 0}, // what is left of an exponential time
		{"failed", 0, 0, m("park|service.s.failed"), exact},
		{"ignored", 10, 0.02, m("ignore|store.s/o.ignored.rate"), 0},
		{"rejected", 10, 0.02, m("reject|service.s.failed.rate"), 0},
		{"hasty", 10 / math.E, 0.03, m("hasty|store.s/o.refused.rate"), 0},
	}},
	{id: "caches", seconds: 1_000, quick: 0.1, text: cacheText, values: []truth{
		{"ttl", 0.5, 0.02, m("ttl|cache.s->d/get.hits.ratio"), 0}, // 10/s a key for 100 ms: lambda T / (1 + lambda T)
		{"one", zipfHits(1), 0.05, m("one|cache.s->d/get.hits.ratio"), 0},
		{"two", zipfHits(2), 0.05, m("two|cache.s->d/get.hits.ratio"), 0},
		{"hundred", zipfHits(100), 0.02, m("hundred|cache.s->d/get.hits.ratio"), 0},
		// A cycle: the first miss, those of the next 100 ms, of which the last renews the answer last, and a second.
		{"stampede", 11 / (1/100.0 + 0.1 - (1-math.Exp(-10))/100 + 0.1 + 1), 0.03, m("stampede|service.d.arrived.rate"), 0},
		{"single", 1 / (1/100.0 + 0.1 + 1), 0.01, m("single|service.d.arrived.rate"), 0},
		{"shared", 10 / (1/100.0 + 0.1 + 1), 0.03, m("single|cache.s->d/get.shared.rate"), 0},
		{"stale", 1 / (1/100.0 + 0.1 + 1), 0.01, m("stale|service.d.arrived.rate"), 0},
		{"failing", 1, 0, m("failing|load.x.failed.ratio"), exact},
		{"failures", 1 / (1/100.0 + 0.1), 0.02, m("failing|service.d.arrived.rate"), 0},
	}},
	{id: "two-phase-blocking", seconds: 20_000, quick: 0.1, text: twoPhaseText, values: []truth{
		{"held", 0.05 * (1 + 2*0.3), 0.03, func(s *sample) float64 {
			return s.metric("store.p/t.locked.mean") / s.metric("store.p/t.locks.rate")
		}, 0},
	}},
}
