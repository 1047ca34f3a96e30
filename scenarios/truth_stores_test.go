package scenarios_test

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

var truthStores = []truthCase{
	{id: "message-attributes", seconds: 1_000, quick: 0.1, text: setText, values: []truth{
		{"large", 30, 0.02, m("queue.b/t/large.published.rate"), 0},
		{"small", 70, 0.02, m("queue.b/t/small.published.rate"), 0},
		{"wrong", 0, 0, func(s *sample) float64 {
			return s.metric("service.large.failed") + s.metric("service.small.failed") + s.metric("service.audit.failed") + s.metric("load.x.failed")
		}, exact},
		{"worked", 5e-3 * 30, 0.02, m("service.audit.busy.mean"), 0},
	}},
}
