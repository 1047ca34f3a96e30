package scenarios_test

import (
	"os"
	"testing"
)

// measured are flows that were run on real brokers (RabbitMQ 3.10.8, classic queues; NATS
// JetStream 2.15.2; Redis 7.0.15) on one machine, with consumers that sleep for their work.
// Two constants of the machine, measured beforehand, are in the designs: how much longer a
// sleep takes than it says, and half of the time from the end of a work to the next start.
// Numbers of messages are exact, times within 5 % of what was measured.
var measured = []struct{ name, text string }{
	// 480 messages in 3 s, 50 ms of work each.
	{"work queue", `
run: {duration: 60s, seed: 1}
load: {shop: {to: mq/orders, arrivals: constant(160/s), stop: 3s, deadline: 1h, confirm: worker/handle}}
brokers: {mq: {queues: {orders: {durable: true, max_length: 100000}}}}
services: {worker: {workers: 1, consumes: {mq/orders: {handler: handle, prefetch: 1}}, on: {handle: [work: 50580us]}}}
links: {default: {latency: 245us}}
designs:
  classic-1: {services: {worker: {instances: 1}}}
  classic-2: {services: {worker: {instances: 2}}}
  classic-4: {services: {worker: {instances: 4}}}
  classic-8: {services: {worker: {instances: 8}}}
  nats-1: {services: {worker: {instances: 1, on: {handle: [work: 50590us]}}}, links: {default: {latency: 135us}}}
  nats-4: {services: {worker: {instances: 4, on: {handle: [work: 50590us]}}}, links: {default: {latency: 135us}}}
  redis-1: {services: {worker: {instances: 1}}, links: {default: {latency: 250us}}}
  redis-4: {services: {worker: {instances: 4}}, links: {default: {latency: 250us}}}
expect:
  - "classic-1: load.shop.confirmed.latency.max within 5% of 21.52s"
  - "classic-1: queue.mq/orders.wait.mean within 5% of 10.73s"
  - "classic-2: load.shop.confirmed.latency.max within 5% of 9.305s"
  - "classic-4: load.shop.confirmed.latency.max within 5% of 3.191s"
  - "classic-4: queue.mq/orders.depth.max == 244"
  - "classic-8: load.shop.confirmed.latency.p50 within 5% of 78.3ms"
  - "classic-8: load.shop.confirmed.latency.p99 within 5% of 111ms"
  - "nats-1: load.shop.confirmed.latency.max within 5% of 21.50s"
  - "nats-4: load.shop.confirmed.latency.max within 5% of 3.126s"
  - "nats-4: queue.mq/orders.depth.max == 244"
  - "redis-1: load.shop.confirmed.latency.max within 5% of 21.56s"
  - "redis-4: load.shop.confirmed.latency.max within 5% of 3.157s"
`},
	// 50/s, for 4 s 300/s, and eight consumers that do 160/s.
	{"burst", `
run: {duration: 60s, seed: 1}
load: {shop: {to: mq/orders, arrivals: "constant(bursts(base=50/s, peak=300/s, for=4s, every=100s, at=2s))", stop: 14s, deadline: 1h, confirm: worker/handle}}
brokers: {mq: {queues: {orders: {durable: true, max_length: 100000}}}}
services: {worker: {instances: 8, workers: 1, consumes: {mq/orders: {handler: handle, prefetch: 1}}, on: {handle: [work: 50580us]}}}
designs:
  classic: {links: {default: {latency: 245us}}}
  nats: {services: {worker: {on: {handle: [work: 50590us]}}}, links: {default: {latency: 135us}}}
  redis: {links: {default: {latency: 250us}}}
expect:
  - "classic: queue.mq/orders.depth.max within 5% of 569"
  - "classic: load.shop.confirmed.latency.p99 within 5% of 3.661s"
  - "classic: queue.mq/orders.wait.mean within 5% of 1.572s"
  - "nats: queue.mq/orders.depth.max within 5% of 569"
  - "nats: load.shop.confirmed.latency.p99 within 5% of 3.631s"
  - "nats: queue.mq/orders.wait.mean within 5% of 1.556s"
  - "redis: queue.mq/orders.depth.max within 5% of 571"
  - "redis: load.shop.confirmed.latency.p99 within 5% of 3.668s"
`},
	// The same arrivals and the same work, message by message: a Poisson process of 64/s, and
	// four consumers.
	{"same path", `
run: {duration: 30s, seed: 1}
load: {shop: {to: mq/orders, arrivals: trace("arrivals.csv"), deadline: 1h, confirm: worker/handle}}
brokers: {mq: {queues: {orders: {durable: true, max_length: 100000}}}}
services: {worker: {instances: 4, workers: 1, consumes: {mq/orders: {handler: handle, prefetch: 1}}}}
designs:
  classic: {links: {default: {latency: 220us}}, services: {worker: {on: {handle: [work: 50340us]}}}}
  nats: {links: {default: {latency: 185us}}, services: {worker: {on: {handle: [work: 50400us]}}}}
expect:
  - "classic: load.shop.completed == 1317"
  - "classic: load.shop.confirmed.latency.p50 within 5% of 66.3ms"
  - "classic: load.shop.confirmed.latency.p99 within 5% of 168.4ms"
  - "classic: load.shop.confirmed.latency.max within 5% of 190ms"
  - "classic: queue.mq/orders.wait.mean + 440us within 5% of 26.5ms"
  - "classic: queue.mq/orders.depth.max == 11"
  - "nats: load.shop.confirmed.latency.p50 within 5% of 65.8ms"
  - "nats: load.shop.confirmed.latency.p99 within 5% of 167.9ms"
  - "nats: load.shop.confirmed.latency.max within 5% of 191.2ms"
  - "nats: queue.mq/orders.depth.max == 11"
`},
	// The consumers are away for 4 s. The median, 6.8 % too short, is missed: half of the
	// messages come while the line drains, at 98 % of what the consumers can do.
	{"consumers away", `
run: {duration: 40s, seed: 1}
load: {shop: {to: mq/orders, arrivals: constant(50/s), stop: 14s, deadline: 1h, confirm: worker/handle}}
brokers: {mq: {queues: {orders: {durable: true, max_length: 100000}}}}
services: {worker: {instances: 2, workers: 1, consumes: {mq/orders: {handler: handle, prefetch: 1}}, on: {handle: [work: 20340us]}}}
links: {default: {latency: 225us}}
faults: [{at: 2005ms, for: 4s, crash: worker}]
expect:
  - "load.shop.completed == load.shop.offered"
  - "queue.mq/orders.depth.max within 1 of 200"
  - "queue.mq/orders.redelivered <= 2"
  - "load.shop.confirmed.latency.p99 within 5% of 3.956s"
  - "load.shop.confirmed.latency.max within 5% of 4.03s"
  - "queue.mq/orders.wait.mean within 5% of 1.208s"
`},
	// 100 messages, a consumer that takes 200 ms and one that takes 20 ms.
	{"prefetch", `
run: {duration: 40s, seed: 1}
load: {shop: {to: mq/orders, arrivals: constant(10000/s), count: 100, deadline: 1h, confirm: {at: [slow/handle, fast/handle], count: 1}}}
brokers: {mq: {queues: {orders: {max_length: 100000}}}}
services:
  slow: {consumes: {mq/orders: {handler: handle, prefetch: 1}}, on: {handle: [work: 200ms]}}
  fast: {consumes: {mq/orders: {handler: handle, prefetch: 1}}, on: {handle: [work: 20ms]}}
links: {default: {latency: 300us}}
designs:
  one: {}
  ten: {services: {slow: {consumes: {mq/orders: {prefetch: 10}}}, fast: {consumes: {mq/orders: {prefetch: 10}}}}}
  unlimited: {services: {slow: {consumes: {mq/orders: {prefetch: unlimited}}}, fast: {consumes: {mq/orders: {prefetch: unlimited}}}}}
expect:
  - "one: service.slow.completed == 10"
  - "one: load.shop.confirmed.latency.max within 5% of 2.007s"
  - "ten: service.slow.completed == 17"
  - "ten: load.shop.confirmed.latency.max within 5% of 3.408s"
  - "unlimited: service.slow.completed == 50"
  - "unlimited: load.shop.confirmed.latency.max within 5% of 10.04s"
`},
}

func TestMeasured(t *testing.T) {
	for _, c := range measured {
		t.Run(c.name, func(t *testing.T) {
			holdsIn(t, os.DirFS("testdata/measured"), c.text)
		})
	}
}
