package scenarios_test

import (
	"context"
	"io/fs"
	"slices"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
)

type promise struct{ name, text string }

// promises are what the documentation of a system promises, and a design with its preset
// does: one scenario each, with the number that the page says.
var promises = []promise{
	// 20 failed returns are let happen, the 21st ends the message.
	{"rabbitmq quorum: the limit of 20 lets 21 deliveries happen", `
run: {duration: 10s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum, dead_letter: dead}, dead: {use: rabbitmq-4.2/quorum}}}}
expect: ["queue.b/q.delivered == 21", "queue.b/q.dead_lettered == 1", "load.l.failed.dead_lettered == 1"]
`},
	{"rabbitmq quorum: a nack does not count towards the limit", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
links: {default: {latency: 10ms}}
services: {w: {consumes: {b/q: h}, on: {h: [nack: requeue]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum, dead_letter: dead}, dead: {use: rabbitmq-4.2/quorum}}}}
expect: ["queue.b/q.delivered > 400", "queue.b/q.dead_lettered == 0"]
`},
	// It is up for 900 ms, holds the message, and is down for 100 ms, 21 times.
	{"rabbitmq quorum: what a client holds that dies counts towards the limit", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: 1min, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [work: 1h]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum, dead_letter: dead}, dead: {use: rabbitmq-4.2/quorum}}}}
faults: [{crash: w, at: 900ms, for: 100ms, every: 900ms}]
expect: ["queue.b/q.delivered == 21", "queue.b/q.dead_lettered == 1", "queue.b/q.delayed.max == 0"]
`},
	// The timeout of 30 min closes the channel of who holds it, 30 times in 15 h 15 min.
	{"rabbitmq quorum: a consumer timeout does not count towards the limit", `
run: {duration: 15h 15min, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {workers: 100, consumes: {b/q: {handler: h, prefetch: 1}}, on: {h: [work: 1000h]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum, consumer_timeout: 30min, dead_letter: dead}, dead: {use: rabbitmq-4.2/quorum}}}}
expect: ["queue.b/q.delivered == 31", "queue.b/q.dead_lettered == 0"]
`},
	// One of two servers is down: the first it gets fails at 0 s, and another every 10 s.
	{"nginx: a server that failed once is not asked for 10 s", `
run: {duration: 59s, drain: none}
load: {l: {to: w/h, arrivals: constant(10/s), attributes: {id: "integer(1, 9)"}}}
services: {w: {use: nginx/upstream, instances: 2, workers: 9, on: {h: [work: 1ms]}}}
faults: [{at: 0s, crash: w, instance: 1}]
expect: ["load.l.failed within 1 of 6", "health.w.ejections == 6"]
`},
	// Of two at the same moment, every 200 ms, one is refused.
	{"nginx: limit_req without a burst refuses what comes too early", `
run: {duration: 20s}
load: {l: {to: w/h, arrivals: {constant: 5/s, batch: 2}}}
services: {w: {use: nginx/limit-req, limit: {rate: 10/s}, workers: 9, on: {h: [work: 1ms]}}}
expect: ["load.l.failed.limited == 100", "load.l.completed == 100"]
`},
	// 10 r/s and burst=5: of seven at one moment the first goes at once, five wait 100 ms to
	// 500 ms, and one is refused; each address for itself.
	{"nginx: limit_req with a burst delays, by key", `
run: {duration: 20s}
load:
  l: {to: w/h, arrivals: {constant: 1/s, batch: 7}, attributes: {address: [here]}}
  m: {to: w/h, arrivals: {constant: 1/s, batch: 7}, attributes: {address: [there]}}
services: {w: {use: [nginx/limit-req-burst, nginx/limit-req-zone], limit: {rate: 10/s, line: 5, key: address}, workers: 99, on: {h: [reply]}}}
expect: ["load.l.completed == 120", "load.l.failed.limited == 20", "load.l.confirmed.latency.mean == 250ms", "load.l.confirmed.latency.max == 500ms", "load.m.completed == 120", "load.m.confirmed.latency.max == 500ms"]
`},
	// Of three servers one refuses: its third of the requests is asked for again, and never fails.
	{"nginx: a request whose server refuses goes to the next, and an answer 500 does not", `
run: {duration: 100s}
load: {l: {to: w/h, arrivals: poisson(30/s), use: [nginx/proxy, nginx/next-upstream], retry: {attempts: 3}}}
services: {w: {instances: 3, balance: random, workers: 99, on: {h: [work: 1ms]}}}
faults: [{at: 0s, crash: w, instance: 1}]
designs: {refuses: {}, errors: {faults: [{at: 0s, errors: w, instance: 2, rate: 100%}]}}
expect: ["refuses: load.l.failed == 0", "refuses: load.l.attempts within 5% of 4 / 3 * load.l.offered", "errors: load.l.failed within 10% of load.l.offered / 2"]
`},
	// Of ten servers two fail, and one at most is left out: a tenth. It fails five in a row, at
	// 10 requests a second for each, before it is.
	{"envoy: outlier detection ejects after five failures, a tenth at most", `
run: {duration: 25s, drain: none}
load: {l: {to: w/h, arrivals: constant(100/s)}}
services: {w: {use: envoy/outlier-detection, instances: 10, workers: 9, on: {h: [work: 1ms]}}}
faults: [{at: 0s, errors: w, instance: 1, rate: 100%}]
designs: {one: {}, two: {faults: [{at: 0s, errors: w, instance: 2, rate: 100%}]}}
expect: ["one: load.l.failed == 5", "one: health.w.out.final == 1", "two: health.w.out.max == 1", "two: load.l.failed > 250"]
`},
	// Ejected for 30 s after five failures, at 10 requests a second: from 0.5 s to the interval
	// at 40 s; then for 60 s, from 40.5 s to 110 s, and for 90 s: out for 39.5 + 69.5 + 89.5 s.
	{"envoy: a host comes back at an interval, after 30 s for each time", `
run: {duration: 200s, drain: none}
load: {l: {to: w/h, arrivals: constant(100/s)}}
services: {w: {use: envoy/outlier-detection, instances: 10, workers: 9, on: {h: [work: 1ms]}}}
faults: [{at: 0s, errors: w, instance: 1, rate: 100%}]
expect: ["load.l.failed == 15", "health.w.ejections == 3", "health.w.out.mean within 0.5% of 198.5 / 200"]
`},
	// 150 calls at once, of a second each: 100 streams, and the others behind them. Nobody gives up.
	{"grpc: a call has no deadline, and a connection 100 streams", `
run: {duration: 10s, drain: none}
load:
  l: {to: w/h, arrivals: {constant: 0.1/s, batch: 150}, count: 150, deadline: none, use: [grpc/call, grpc/streams]}
  long: {to: w/long, arrivals: constant(0.1/s), count: 1, deadline: none, use: grpc/call}
services: {w: {workers: unlimited, on: {h: [work: 1s], long: [work: 1h]}}}
expect: ["load.l.completed == 150", "load.l.confirmed.latency.max == 2s", "load.l.confirmed.latency.mean within 0.001% of (100 + 2 * 50) / 150 * 1s", "load.long.unfinished == 1"]
`},
	// 8,193 at once: 200 threads, 7,992 that wait accepted, and one too many.
	{"spring boot: tomcat works on 200, and accepts 8,192", `
run: {duration: 1s, drain: none}
load: {l: {to: w/h, arrivals: {constant: 1/s, batch: 8193}, count: 8193}}
services: {w: {use: spring-boot/tomcat, on: {h: [work: 1h]}}}
expect: ["service.w.rejected == 1", "service.w.busy.max == 200", "service.w.waiting.max == 7992"]
`},
	{"go: the default client waits as long as it takes; urlsession a minute", `
run: {duration: 200s, drain: none}
load:
  go: {to: w/h, arrivals: constant(1/s), count: 1, deadline: none, use: go-http/client}
  apple: {to: w/h, arrivals: constant(1/s), count: 1, deadline: none, use: urlsession/request}
services: {w: {workers: 9, on: {h: [work: 100s]}}}
expect: ["load.go.confirmed.latency.max == 100s", "load.apple.failed.timeout == 1", "load.apple.failed.latency.max == 60s"]
`},
	{"resilience4j: a bulkhead of 25, and nobody waits", `
run: {duration: 9s}
load: {l: {to: w/h, arrivals: {constant: 1/s, batch: 26}, count: 26, use: resilience4j/bulkhead}}
services: {w: {workers: 99, on: {h: [work: 1s]}}}
expect: ["load.l.completed == 25", "load.l.failed.no_capacity == 1", "load.l.failed.latency.max == 0s"]
`},
	{"polly: three retries, each after 2 s", `
run: {duration: 60s}
load: {l: {to: w/h, arrivals: constant(1/s), count: 10, use: polly/retry}}
services: {w: {workers: 9, on: {h: [fail]}}}
expect: ["load.l.attempts == 40", "load.l.failed == 10", "load.l.failed.latency.max == 6s"]
`},
	// One retry, after 0 to 25 ms: 12.5 ms on average, with a standard deviation of 7.2 ms.
	{"envoy: one retry within 25 ms", `
run: {duration: 100s}
load: {l: {to: w/h, arrivals: constant(40/s), count: 4000, use: envoy/retry-policy}}
services: {w: {workers: 9, on: {h: [fail]}}}
expect: ["load.l.attempts == 8000", "load.l.failed.latency.max <= 25ms", "load.l.failed.latency.mean within 3.6% of 12.5ms"]
`},
	// 2,049 at once: 1,024 requests, 1,024 that are pending, and one too many.
	{"envoy: 1,024 requests, and 1,024 pending", `
run: {duration: 9s}
load: {l: {to: w/h, arrivals: {constant: 1/s, batch: 2049}, count: 2049, use: envoy/circuit-breakers}}
services: {w: {workers: unlimited, on: {h: [work: 1s]}}}
expect: ["load.l.completed == 2048", "load.l.failed.no_capacity == 1", "load.l.confirmed.latency.max == 2s"]
`},
	{"rabbitmq quorum: before 4.0 there was no limit", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
links: {default: {latency: 10ms}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: rabbitmq-3.10/quorum, dead_letter: dead}, dead: {use: rabbitmq-3.10/quorum}}}}
expect: ["queue.b/q.delivered > 21", "queue.b/q.dead_lettered == 0"]
`},
	// A message id that comes again within 10 min is stored once: 0, 5, 10 min; the window is
	// over at 10 min, when the third comes.
	{"azure service bus: duplicates within 10 min are stored once", `
run: {duration: 16min}
load: {l: {to: b/q, arrivals: constant(0.2/min), count: 3, attributes: {id: "integer(7, 7)"}}}
brokers: {b: {queues: {q: {use: [azure-service-bus/queue, azure-service-bus/duplicate-detection], deduplicate: {key: id}, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.deduplicated == 1", "queue.b/q.depth.final == 2", "load.l.completed == 3"]
`},
	// The last sync was at 2 min; what came since goes with the machine, not with the server.
	{"jetstream: a power cut loses what came since the last sync, a crash of the server nothing", `
run: {duration: 4min}
load: {l: {to: b/q, arrivals: constant(1/s), stop: 150s}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer}}}}
designs:
  server: {faults: [{at: 150.5s, for: 1s, crash: b}]}
  machine: {faults: [{at: 150.5s, for: 1s, host_crash: b}]}
expect: ["server: queue.b/q.lost == 0", "machine: queue.b/q.lost within 1 of 30", "machine: load.l.failed == 0"]
`},
	{"redis streams: with the append-only file a power cut loses a second at most", `
run: {duration: 2min}
load: {l: {to: b/q, arrivals: constant(100/s), stop: 1min}}
brokers: {b: {queues: {q: {use: [redis-streams-7/append-only, redis-streams-7/group], durable: true, visibility: 30s}}}}
faults: [{at: 60.5s, for: 1s, host_crash: b}]
expect: ["queue.b/q.lost within 1 of 0", "flush.b/q.unflushed.max within 1 of 100"]
`},
	{"kafka: records are kept for 168 h, whoever has read them", `
run: {duration: 170h, drain: none}
load: {l: {to: b/t, arrivals: constant(1/h), confirm: w/h}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: []}}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
expect: ["retention.b/t.deleted within 1 of 170 - 168", "retention.b/t.records.final within 1 of 168", "load.l.failed == 0"]
`},
	// The dead consumer held five: they are done again, before those behind them.
	{"rabbitmq classic: what a closed channel held comes back in its place", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: constant(12/s), stop: 30s, confirm: w/h}}
services: {w: {workers: 1, consumes: {b/q: {handler: h, prefetch: 5}}, on: {h: [work: 95ms]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/classic}}}}
faults: [{at: 10s, for: 2s, crash: w}]
designs: {classic: {}, tail: {brokers: {b: {queues: {q: {requeue: tail}}}}}}
expect: ["classic: queue.b/q.redelivered == 5", "classic: service.w.out_of_order == 0", "tail: service.w.out_of_order >= 1", "classic: load.l.failed == 0"]
`},
	{"rabbitmq quorum: a consumer without a prefetch is given 2,000", `
run: {duration: 60s, drain: none}
load: {l: {to: b/q, arrivals: constant(100/s), count: 3000}}
services: {w: {workers: 1, consumes: {b/q: {handler: h, use: rabbitmq-4.2/quorum-consumer}}, on: {h: [work: 1h]}}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum}}}}
expect: ["queue.b/q.unacked.max == 2000", "queue.b/q.depth.final == 1000"]
`},
	// The consumer dies with the message in hand: nothing but the timeout brings it back.
	{"sqs standard: at least once, when the visibility timeout of 30 s is over", `
run: {duration: 3min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, use: sqs/consumer}}, on: {h: [work: 5s]}}}
brokers: {b: {queues: {q: {use: sqs/standard}}}}
faults: [{at: 3s, for: 1s, crash: w}]
expect: ["queue.b/q.delivered == 2", "load.l.failed == 0", "load.l.confirmed.latency.max within 1% of 30s + 5s"]
`},
	// 31 s of work are one more than the message is hidden for: it is done twice.
	{"sqs standard: work longer than the visibility timeout is done twice", `
run: {duration: 3min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {workers: 2, consumes: {b/q: {handler: h, use: sqs/consumer}}, on: {h: [{work: 31s, when: not redelivered}, {work: 5s, when: redelivered}]}}}
brokers: {b: {queues: {q: {use: sqs/standard}}}}
expect: ["queue.b/q.delivered == 2", "service.w.completed == 2", "service.w.duplicates == 1"]
`},
	{"sqs fifo: in order in each group, standard not", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: poisson(20/s), stop: 50s, confirm: w/h, attributes: {group: "integer(1, 10)"}}}
services: {w: {workers: 8, consumes: {b/q: {handler: h, use: sqs/consumer}}, on: {h: [work: exp(100ms)]}}}
designs:
  fifo: {brokers: {b: {queues: {q: {use: sqs/fifo, key: group}}}}}
  standard: {brokers: {b: {queues: {q: {use: sqs/standard}}}}}
expect: ["fifo: service.w.out_of_order == 0", "standard: service.w.out_of_order > 100", "fifo: load.l.completed.ratio == 100%"]
`},
	{"sqs: a message is kept for 4 days", `
run: {duration: 100h, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1}}
services: {w: {workers: 0, consumes: {b/q: h}, on: {h: [work: 1s]}}}
brokers: {b: {queues: {q: {use: sqs/standard}}}}
expect: ["queue.b/q.expired == 1", "queue.b/q.age.max within 1% of 96h"]
`},
	// Four members, three partitions: one is idle, however much there is to do.
	{"kafka: a partition has one consumer of a group", `
run: {duration: 60s, drain: none}
load: {l: {to: b/t, arrivals: poisson(100/s), attributes: {k: "integer(1, 100)"}}}
services: {w: {instances: 4, workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 100ms]}}}
brokers: {b: {topics: {t: {use: kafka-4/topic, partitions: 3, key: k}}}}
expect: ["service.w.busy.max == 3", "service.w.out_of_order == 0"]
`},
	// 45 s until the group knows that the member has gone, then what it had is done.
	{"kafka: a member that is silent is missed after 45 s", `
run: {duration: 3min}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 2min, confirm: w/h}}
services: {w: {instances: 2, workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {use: kafka-4/topic, partitions: 2}}}}
faults: [{at: 30s, for: 5min, host_crash: w, instance: 1}]
expect: ["load.l.confirmed.latency.max between 42s and 46s", "load.l.failed == 0"]
`},
	{"kafka: a record that cannot be sent fails after 2 min", `
run: {duration: 5min}
load: {l: {to: b/t, use: kafka-4/producer-load, arrivals: constant(1/s), stop: 1min}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
faults: [{at: 0s, for: 4min, crash: b}]
expect: ["load.l.completed == 0", "load.l.failed.latency.max <= 2min", "load.l.failed.latency.p50 > 119s"]
`},
	{"pubsub: the acknowledgement deadline is 10 s", `
run: {duration: 3min}
load: {l: {to: b/t, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/t: {handler: h, subscription: s}}, on: {h: [work: 5s]}}}
brokers: {b: {topics: {t: {subscriptions: {s: {use: pubsub/subscription}}}}}}
faults: [{at: 3s, for: 1s, crash: w}]
expect: ["queue.b/t/s.delivered == 2", "load.l.confirmed.latency.max within 1% of 10s + 5s"]
`},
	{"jetstream: AckWait is 30 s, whatever the connection does", `
run: {duration: 3min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, use: jetstream-2.15/puller}}, on: {h: [work: 5s]}}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer}}}}
faults: [{at: 3s, for: 1s, crash: w}]
expect: ["queue.b/q.delivered == 2", "load.l.confirmed.latency.max within 1% of 30s + 5s"]
`},
	{"azure service bus: 10 deliveries, then the dead-letter queue", `
run: {duration: 10s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: azure-service-bus, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 10", "queue.b/dead.depth.final == 1"]
`},
	// The second comes 299 s after the first and is the same, the third 598 s after it and is not.
	{"sqs fifo: an id is remembered for 5 min", `
run: {duration: 1000s, drain: none}
load: {l: {to: b/q, arrivals: every(299s), count: 3, attributes: {group: {g: 100%}, id: {x: 100%}}}}
brokers: {b: {queues: {q: {use: sqs/fifo, key: group, deduplicate: {key: id}}}}}
expect: ["queue.b/q.published == 2", "queue.b/q.deduplicated == 1", "load.l.failed == 0"]
`},
	{"sqs fifo: what one send sends again is stored once", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, timeout: 20ms, retry: {attempts: 3, backoff: 0s}, attributes: {group: {g: 100%}}}}
links: {l -> b: {latency: 0s}, b -> l: {latency: 30ms}}
brokers: {b: {queues: {q: {use: sqs/fifo, key: group}}}}
designs: {fifo: {}, standard: {brokers: {b: {queues: {q: {use: sqs/standard}}}}}}
expect: ["fifo: queue.b/q.published == 1", "fifo: queue.b/q.deduplicated == 1", "standard: queue.b/q.published == 2"]
`},
	{"jetstream: a message id is remembered for 2 min", `
run: {duration: 400s, drain: none}
load: {l: {to: b/q, arrivals: every(119s), count: 3, attributes: {id: {x: 100%}}}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer, deduplicate: {key: id}}}}}
expect: ["queue.b/q.published == 2", "queue.b/q.deduplicated == 1", "load.l.failed == 0"]
`},
	// Its confirmations take 31 s, it waits for 30 s: it sends again and again.
	{"kafka: what a producer sends again is stored once", `
run: {duration: 100s, drain: none}
load: {l: {to: p/h, arrivals: constant(1/s), count: 1, timeout: none, confirm: w/h}}
services:
  p: {on: {h: [{publish: b/t, use: kafka-4/producer}]}}
  w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}
links: {p -> b: {latency: 1ms}, b -> p: {latency: 31s}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
expect: ["queue.b/t/w.deduplicated >= 2", "service.w.completed == 1"]
`},
	// The followers are 50 ms behind the leader that crashes.
	{"rabbitmq quorum: a confirmed message outlives its leader", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: constant(100/s), stop: 20s, retry: {attempts: 30, backoff: 500ms}, confirm: w/h}}
services: {w: {workers: 8, consumes: {b/q: h}, on: {h: [work: 100ms]}}}
brokers: {b: {use: rabbitmq-4.2/quorum-cluster, replicas: {lag: 50ms, failover: 1s}, queues: {q: {use: rabbitmq-4.2/quorum}}}}
faults: [{at: 10s, for: 5s, crash: b}]
designs: {quorum: {}, leader: {brokers: {b: {replicas: {acks: leader}}}}}
expect: ["quorum: replication.b.lost == 0", "quorum: load.l.completed.ratio == 100%", "leader: replication.b.lost within 1 of 5"]
`},
	{"jetstream: a new leader after 4 to 9 s", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: constant(10/s), stop: 20s, retry: {attempts: unlimited, backoff: 10ms}}}
brokers: {b: {use: jetstream-2.15/cluster, reconnect: 10ms, queues: {q: {use: jetstream-2.15/consumer}}}}
faults: [{at: 10s, for: 30s, crash: b}]
expect: ["load.l.accepted.latency.max between 4s and 9.2s", "replication.b.failovers == 1"]
`},
	// It stands still from 10 s to 70 s: what is sent meanwhile waits for it until it has been
	// out of reach for 30 s.
	{"kafka: a replica leaves the in-sync set after 30 s", `
run: {duration: 2min}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 100s, timeout: none, deadline: none}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {use: kafka-4/cluster, topics: {t: {use: kafka-4/topic}}}}
faults: [{pause: b#2, at: 10s, for: 1min}]
expect: ["replication.b.shrinks == 1", "replication.b.in_sync.final == 3", "load.l.accepted.latency.max within 1% of 30s", "load.l.failed == 0"]
`},
	{"kafka: a broker that crashes is missed after 9 s", `
run: {duration: 1min}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 40s, retry: {attempts: unlimited, backoff: 10ms}}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {use: kafka-4/cluster, reconnect: 10ms, topics: {t: {use: kafka-4/topic}}}}
faults: [{at: 10s, for: 20s, crash: b}]
expect: ["load.l.accepted.latency.max within 1% of 9s", "replication.b.failovers == 1"]
`},
	{"kafka: a share group locks a record for 30 s, five times", `
run: {duration: 5min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {workers: 9, consumes: {b/q: h}, on: {h: [work: 10min]}}}
brokers: {b: {queues: {q: {use: kafka-4/share-group, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 5", "queue.b/q.dead_lettered == 1"]
`},
	// Ten at once, 1 s each: the first that comes is done, then those of 7 before those of 0.
	{"ibm mq: by priority, the highest first", `
run: {duration: 30s}
load:
  low: {to: b/q, arrivals: {constant: 1/s, batch: 5}, count: 5, confirm: w/h}
  high: {to: b/q, arrivals: {constant: 1/s, batch: 5}, count: 5, priority: 7, confirm: w/h}
services: {w: {consumes: {b/q: h}, on: {h: [work: 1s]}}}
brokers: {b: {queues: {q: {use: ibm-mq-9.4}}}}
expect: ["load.high.confirmed.latency.max within 1% of 6s", "load.low.confirmed.latency.max within 1% of 10s"]
`},
	{"jetstream: 1,000 unacknowledged over all subscribers", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 3000}, count: 3000}}
services: {w: {instances: 4, workers: 9, consumes: {b/q: {handler: h, use: jetstream-2.15/puller}}, on: {h: [work: 1h]}}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer}}}}
expect: ["queue.b/q.unacked.max == 1000", "queue.b/q.delivered == 1000"]
`},
	{"sqs standard: 120,000 in flight", `
run: {duration: 3s, drain: none}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 120500}, count: 120500}}
services: {w: {workers: 1, queue: unlimited, consumes: {b/q: {handler: h, prefetch: unlimited}}, on: {h: [work: 1h]}}}
brokers: {b: {queues: {q: {use: sqs/standard}}}}
expect: ["queue.b/q.unacked.max == 120000", "queue.b/q.delivered == 120000"]
`},
	{"sqs: a long poll waits for 20 s", `
run: {duration: 10min, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), start: 9min 59s, count: 1}}
services: {w: {consumes: {b/q: {handler: h, use: sqs/long-poller}}, on: {h: [work: 1ms]}}}
brokers: {b: {queues: {q: {use: sqs/standard}}}}
expect: ["consumer.b/q->w.empty == 29"]
`},
	{"azure service bus: a message is locked for a minute", `
run: {duration: 5min, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {workers: 3, consumes: {b/q: h}, on: {h: [work: 90s]}}}
brokers: {b: {queues: {q: {use: azure-service-bus, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 2", "service.w.duplicates >= 1"]
`},
	{"pubsub: a message is kept for 7 days", `
run: {duration: 200h, drain: none}
load: {l: {to: b/q, arrivals: every(1h), count: 2, deadline: none}}
brokers: {b: {queues: {q: {use: pubsub/subscription}}}}
expect: ["queue.b/q.expired == 2", "queue.b/q.age.max == 168h"]
`},
	// 10, 20, 40 … 320 s, then 600 s each.
	{"pubsub: a retry policy waits from 10 s to 600 s", `
run: {duration: 4000s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: [pubsub/subscription, pubsub/retry-policy]}}}}
expect: ["queue.b/q.delivered == 12"]
`},
	{"pubsub: a dead-letter policy has 5 attempts", `
run: {duration: 1min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: [pubsub/subscription, pubsub/retry-policy, pubsub/dead-letter-policy], redelivery_delay: 0s, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 5", "queue.b/dead.depth.final == 1"]
`},
	{"sns: an endpoint is asked 3 times more, 20 s apart", `
run: {duration: 5min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: sns/http, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 4", "queue.b/q.dead_lettered == 1", "load.l.failed.latency.max within 1% of 60s"]
`},
	{"msmq through WCF: a message lives for a day", `
run: {duration: 30h, drain: none}
load: {l: {to: b/q, arrivals: every(1h), count: 2, deadline: none}}
brokers: {b: {queues: {q: {use: msmq/wcf}}}}
expect: ["queue.b/q.expired == 2", "queue.b/q.age.max == 24h"]
`},
	// It dies at 3 s with the message, and is back at 4 s; the others claim what is idle for 30 s.
	{"redis streams: what a dead consumer held returns when it is claimed", `
run: {duration: 2min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [work: 5s]}}}
brokers: {b: {queues: {q: {use: redis-streams-7/group, visibility: 30s}}}}
faults: [{at: 3s, for: 1s, crash: w}]
expect: ["queue.b/q.delivered == 2", "load.l.confirmed.latency.max within 1% of 30s + 5s"]
`},
	{"rabbitmq: a client that is gone in silence is missed after two to three heartbeats of 60 s", `
run: {duration: 10min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {instances: 2, consumes: {b/q: {handler: h, prefetch: 1}}, on: {h: [work: 5s]}}}
brokers: {b: {use: rabbitmq-4.2/broker, queues: {q: {use: rabbitmq-4.2/classic}}}}
faults: [{at: 3s, for: 9min, host_crash: w, instance: 1}]
expect: ["queue.b/q.delivered == 2", "load.l.confirmed.latency.max between 120s and 185s"]
`},
	{"rabbitmq classic: a full queue drops its head", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(10/s), count: 20}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/classic, max_length: 5}}}}
expect: ["queue.b/q.dropped == 15", "queue.b/q.depth.final == 5", "load.l.accepted == 20"]
`},
	// Records come every 100 ms, alone, and are sent 5 ms later.
	{"kafka: a producer lingers for 5 ms", `
run: {duration: 20s}
load: {l: {to: p/h, arrivals: constant(10/s), confirm: w/h}}
services:
  p: {on: {h: [{publish: b/t, use: kafka-4/producer}]}}
  w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
expect: ["load.l.confirmed.latency.max within 1% of 6ms"]
`},
	{"sqs: 10 messages per receive at most", `
run: {duration: 5s, drain: none}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 100}, count: 100}}
services: {w: {consumes: {b/q: {handler: h, use: sqs/long-poller}}, on: {h: [work: 1h]}}}
brokers: {b: {queues: {q: {use: sqs/standard}}}}
expect: ["queue.b/q.unacked.max == 10"]
`},
	{"event grid: an event is given up after a day", `
run: {duration: 30h, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: event-grid/webhook}}}}
expect: ["queue.b/q.expired + queue.b/q.dropped == 1", "queue.b/q.delivered between 10 and 30"]
`},
	{"ibm mq: the 5,001st message is refused", `
run: {duration: 60s, drain: none}
load: {l: {to: b/q, arrivals: constant(100/s), count: 5001}}
brokers: {b: {queues: {q: {use: ibm-mq-9.4}}}}
expect: ["queue.b/q.depth.max == 5000", "load.l.failed.rejected == 1"]
`},
	// 100 calls that fail, in 34 operations of up to three attempts; then the breaker is
	// open for a minute and nothing arrives.
	// Ten requests at once, 100 ms each: one after the other, over six connections in two
	// rounds, or as streams of one connection, of which 100 fit.
	{"http: head-of-line blocking of 1.1, a pool of connections, and the streams of 2", `
run: {duration: 10s}
load: {l: {to: w/h, arrivals: constant(1/s), count: 1}}
services:
  s: {workers: unlimited, on: {h: [work: 100ms]}}
designs:
  one: {services: {w: {on: {h: [parallel: {times: 10, do: [{call: s/h, use: http-1.1}]}]}}}}
  pool: {services: {w: {on: {h: [parallel: {times: 10, do: [{call: s/h, use: http-1.1, bulkhead: {slots: 6}}]}]}}}}
  two: {services: {w: {on: {h: [parallel: {times: 10, do: [{call: s/h, use: http-2}]}]}}}}
  many: {services: {w: {on: {h: [parallel: {times: 101, do: [{call: s/h, use: http-2}]}]}}}}
  grpc: {services: {w: {on: {h: [parallel: {times: 101, do: [{call: s/h, use: grpc/streams}]}]}}}}
expect:
  - "one: load.l.confirmed.latency.max == 10 * 100ms"
  - "pool: load.l.confirmed.latency.max == 2 * 100ms"
  - "two: load.l.confirmed.latency.max == 100ms"
  - "many: load.l.confirmed.latency.max == 2 * 100ms"
  - "grpc: load.l.confirmed.latency.max == 2 * 100ms"
`},
	{"resilience4j: the breaker opens after 100 calls, the retry makes 3 attempts", `
run: {duration: 60s, drain: none}
load: {l: {to: w/h, arrivals: constant(10/s)}}
services:
  w: {workers: 100, on: {h: [{call: s/h, use: resilience4j}, reply]}}
  s: {workers: 100, on: {h: [fail]}}
expect: ["breaker.w->s.opened == 1", "service.s.arrived == 100"]
`},
	{"polly: the breaker opens after 100 calls within 30 s and is open for 5 s", `
run: {duration: 100s, drain: none}
load: {l: {to: w/h, arrivals: constant(10/s), timeout: 1min}}
services:
  w: {workers: 1000, on: {h: [{call: s/h, use: polly/circuit-breaker}, reply]}}
  s: {workers: 100, on: {h: [fail]}}
expect: ["breaker.w->s.opened >= 2", "service.s.arrived within 1% of 100 + 90s / 5s"]
`},
	// A quota of 500 at 5 a retry: 100 retries, and none after them, for nothing succeeds.
	{"aws sdk: the quota of 500 is good for 100 retries", `
run: {duration: 5min}
load: {l: {to: s/h, use: aws-sdk/standard, arrivals: constant(1/s), stop: 4min}}
services: {s: {workers: 100, on: {h: [fail]}}}
expect: ["service.s.arrived == load.l.offered + 100"]
`},
	{"envoy: a route times out after 15 s", `
run: {duration: 60s}
load: {l: {to: s/h, use: envoy, arrivals: constant(1/s), stop: 20s}}
services: {s: {workers: 100, on: {h: [work: 20s, reply]}}}
expect: ["load.l.failed.timeout == load.l.offered", "load.l.failed.latency.max == 15s"]
`},
}

func TestPromises(t *testing.T) {
	for _, p := range slices.Concat(promises, promisesOfLogs, promisesOfRest, promisesOfStreams) {
		t.Run(p.name, func(t *testing.T) { holds(t, p.text) })
	}
}

// holds runs a scenario, and reports what it expects and is not so.
func holds(t *testing.T, text string) {
	t.Helper()
	holdsIn(t, nil, text)
}

// holdsIn does so for a scenario that reads files.
func holdsIn(t *testing.T, files fs.FS, text string) {
	t.Helper()
	s, err := scenarios.Parse(files, "promise.yaml", []byte("version: 1\nname: promise"+text))
	if err != nil {
		t.Fatal(err)
	}
	settings := sim.Settings{Duration: s.Run.Duration, Drain: s.Run.Drain, Seed: 1, Parallel: 1}
	for _, e := range s.Expect {
		settings.Expect = append(settings.Expect, e.Parsed)
	}
	r, err := sim.Run(context.Background(), s.Designs, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Expectations {
		if !v.Pass {
			t.Errorf("%s: %s", v.Expect, v.Detail)
		}
	}
}
