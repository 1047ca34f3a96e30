package scenarios_test

// Operations that differ: attributes, and what reads them.

// A share of the orders is bad, and stays so: no retry and no redelivery helps.
const attributeText = `
load:
  x: {to: s/h, arrivals: poisson(100/s), patient}
services: {s: {on: {h: [work: 1ms]}}}
designs:
  work: # M/G/1, whose work is 2, 4, 6 or 8 ms
    load: {x: {attributes: {items: "integer(1, 4)"}}}
    services: {s: {on: {h: [work: 2ms * items]}}}
  priority: # M/G/1 with two classes
    load: {x: {arrivals: poisson(80/s), attributes: {tier: [gold, plain]}, priority: tier}}
    services: {s: {discipline: priority, on: {h: [choose: [{when: tier == gold, do: [work: exp(2ms)]}, {do: [work: exp(10ms)]}]]}}}
  retries:
    load: {x: {attributes: {kind: {bad: 20%, good: 80%}}, retry: {attempts: 5, backoff: 10ms}}}
    services: {s: {workers: unlimited, on: {h: [{fail: , when: kind == bad}]}}}
  popular:
    load: {x: {attributes: {customer: "zipf(1000, 1)"}}}
    services: {s: {workers: unlimited, on: {h: [{fail: , when: customer == 1}]}}}
  loops: # M/D/1 in batches of none to four
    load: {x: {attributes: {items: "integer(0, 4)"}}}
    services: {s: {on: {h: [{repeat: items, do: [work: 2ms]}]}}}
`

// Each refund goes to one subscription, each other message to the other, and the third
// gets all.
const filterText = `
load: {x: {to: a/h, arrivals: poisson(100/s), patient, attributes: {kind: {refund: 20%, sale: 80%}}}}
services:
  a: {workers: unlimited, on: {h: [{publish: b/t, confirm: true}]}}
  refunds: {workers: unlimited, consumes: {b/t: h}, on: {h: [{fail: , when: kind != refund}]}}
  sales: {workers: unlimited, consumes: {b/t: h}, on: {h: [{fail: , when: kind == refund}]}}
  all: {workers: unlimited, consumes: {b/t: h}, on: {h: [reply]}}
brokers: {b: {topics: {t: {subscriptions: {refunds: {filter: kind == refund}, sales: {filter: not kind == refund}, all: {}}}}}}
`

// A keyed queue serves each of four customers alone: four queues M/M/1 beside each
// other, whatever number of workers there is. What fails is tried again before the next
// of its customer, so that none is done out of order.
const keyedText = `
load: {x: {to: b/q, arrivals: poisson(200/s), patient, confirm: s/h, attributes: {customer: "integer(1, 4)"}}}
services: {s: {workers: 64, consumes: {b/q: h}, on: {h: [work: exp(10ms)]}}}
brokers: {b: {queues: {q: {key: customer, max_length: unlimited}}}}
designs:
  alone: {}
  failing:
    load: {x: {arrivals: poisson(100/s)}}
    services: {s: {on: {h: [work: exp(10ms), fail: 50%]}}}
    brokers: {b: {queues: {q: {redelivery_delay: 3ms}}}}
`

// A message that is bad is delivered as often as its queue allows.
const poisonText = `
load: {x: {to: b/q, arrivals: poisson(20/s), patient, confirm: s/h, attributes: {kind: {bad: 10%, good: 90%}}}}
services: {s: {workers: unlimited, consumes: {b/q: h}, on: {h: [{fail: , when: kind == bad}]}}}
brokers: {b: {queues: {q: {max_deliveries: 5}}}}
`

// Everybody who reads an attribute of an operation finds the same, and every attempt
// and delivery its number.
const sameText = `
load: {x: {to: a/h, arrivals: poisson(100/s), patient, count: 500, attributes: {kind: {buy: 30%, ask: 70%}, n: "integer(1, 9)"}, retry: {attempts: 3, on: [error]}}}
services:
  a: {workers: unlimited, on: {h: [{parallel: [[{call: c/buy, when: kind == buy}], [{choose: [{when: kind == buy and n > 4, do: [publish: b/q]}, {do: [work: 1ms]}]}]]}, {fail: , when: attempt < 3}]}}
  c: {workers: unlimited, on: {buy: [{fail: , when: not (kind == buy)}]}}
  d: {workers: unlimited, consumes: {b/q: h}, on: {h: [{fail: , when: kind != buy or n <= 4}, {fail: , when: not redelivered}, {fail: , when: delivery < 4}]}}
brokers: {b: {queues: {q: {}}}}
`

var truthAttributes = []truthCase{
	{id: "attributes", seconds: 4_000, quick: 0.1, text: attributeText, values: []truth{
		{"work", 0.005 + 100*30e-6/2/(1-0.5), 0.01, m("work|load.x.accepted.latency.mean"), 0},
		{"priority", (4.16e-3/0.92 + 4.16e-3/0.92/0.52) / 2, 0.02, m("priority|service.s.wait.mean"), 0}, // Cobham 1954
		{"retries", 1 + 0.2*4, 0.01, m("retries|load.x.amplification"), 0},
		{"popular", 1 / harmonic(1000), 0.02, m("popular|load.x.failed.ratio"), 0},
		{"loops", 0.004 + 0.8*100*24e-6/2/(1-0.4), 0.01, m("loops|load.x.accepted.latency.mean"), 0}, // who has no item needs no worker
	}},
	{id: "attributes-poison", seconds: 4_000, quick: 0.1, text: poisonText, values: []truth{
		{"lost", 0.1, 0.02, m("load.x.failed.ratio"), 0},
		{"delivered", 0.9 + 0.1*5, 0.01, func(s *sample) float64 {
			return s.metric("queue.b/q.delivered") / s.metric("queue.b/q.published")
		}, 0},
	}},
	{id: "filters", seconds: 1_000, quick: 0.1, text: filterText, values: []truth{
		{"refunds", 20, 0.02, m("queue.b/t/refunds.published.rate"), 0},
		{"left_out", 80, 0.02, m("queue.b/t/refunds.filtered.rate"), 0},
		{"sales", 80, 0.02, m("queue.b/t/sales.published.rate"), 0},
		{"all", 100, 0.02, m("queue.b/t/all.published.rate"), 0},
		{"wrong", 0, 0, func(s *sample) float64 { return s.metric("service.refunds.failed") + s.metric("service.sales.failed") }, exact},
		{"stored", 1, 0, m("load.x.completed.ratio"), exact},
	}},
	{id: "keyed", seconds: 2_000, quick: 0.1, text: keyedText, values: []truth{
		{"alone", 0.02, 0.02, m("alone|load.x.confirmed.latency.mean"), 0}, // 1 / (mu - lambda / 4)
		// M/G/1 of tries until one succeeds: E = 2·10 ms + 3 ms, Var = 2 Var(try) + Var(number) (13 ms)²
		{"failing", 0.023 + 25*(0.023*0.023+2*1e-4+2*0.013*0.013)/2/(1-25*0.023), 0.02, m("failing|load.x.confirmed.latency.mean"), 0},
		{"order", 0, 0, func(s *sample) float64 {
			return s.metric("alone|service.s.inversions") + s.metric("failing|service.s.inversions")
		}, exact},
	}},
	{id: "attributes-same", seconds: 100, quick: 1, reps: 2, warmup: "0s", text: sameText, values: []truth{
		{"amplification", 3, 0, m("load.x.amplification"), exact},
		{"wrong", 0, 0, m("service.c.failed"), exact},
		{"deliveries", 4, 0, func(s *sample) float64 {
			return s.metric("queue.b/q.delivered") / s.metric("queue.b/q.published")
		}, exact},
	}},
}

// harmonic is 1 + 1/2 + … + 1/n.
func harmonic(n int) (sum float64) {
	for k := 1; k <= n; k++ {
		sum += 1 / float64(k)
	}
	return sum
}
