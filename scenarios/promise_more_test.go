package scenarios_test

import (
	"fmt"
	"strings"
)

// promisesOfLogs are those of Kafka.
var promisesOfLogs = []promise{
	// 1,200 records come at once, each of 10 ms of work: the first poll brings what there is, and the others 500.
	{"kafka: a poll brings 500 records at most", `
run: {duration: 30s}
load: {l: {to: b/t, arrivals: {constant: 0.1/s, batch: 1200}, count: 1200, confirm: w/h}}
services: {w: {workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 10ms]}}}
brokers: {b: {topics: {t: {use: kafka-4/topic, group: {commit: null}}}}}
expect: ["queue.b/t/w.unacked.max == 500", "load.l.completed == 1200"]
`},
	// Ten records a second, done at once. What was done is committed at 5 s and 10 s; at 12 s the
	// process dies, and who takes over 45 s later does those of 10 s to 12 s again.
	{"kafka: offsets are committed every 5 s, and what was done since is done again", `
run: {duration: 2min}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 60s, confirm: w/h, deadline: none}}
services: {w: {instances: 2, workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
faults: [{at: 12s, for: 2min, host_crash: w, instance: 1}]
designs: {interval: {}, each: {brokers: {b: {topics: {t: {group: {commit: null}}}}}}}
expect: ["interval: group.b/t/w.repeated.max within 1 of (12 - 10) * 10", "interval: service.w.duplicates within 1 of 20", "each: service.w.duplicates <= 1", "interval: load.l.completed == load.l.offered"]
`},
	// A record takes 4 min of the 5 min that a poll may take, or 6 min: then its member has left.
	{"kafka: a member that does not poll for 5 min has left", `
run: {duration: 30min, drain: none}
load: {l: {to: b/t, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
designs:
  four: {services: {w: {instances: 2, workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 4min]}}}}
  six: {services: {w: {instances: 2, workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 6min]}}}}
expect: ["four: queue.b/t/w.delivered == 1", "six: queue.b/t/w.delivered >= 2", "six: group.b/t/w.rebalances >= 2"]
`},
	// Records of 1 kB: with the seventeenth a batch is larger than 16,384 bytes, and does not linger.
	{"kafka: a batch of 16,384 bytes does not linger", `
run: {duration: 20s}
services:
  p: {workers: 99, on: {h: [{publish: b/t, use: kafka-4/producer}]}}
  w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [reply]}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
designs:
  full: {load: {l: {to: p/h, arrivals: {constant: 1/s, batch: 17}}}}
  not: {load: {l: {to: p/h, arrivals: {constant: 1/s, batch: 16}}}}
expect: ["full: publisher.p/h->b/t.linger.max == 0s", "not: publisher.p/h->b/t.linger.max == 5ms", "full: publisher.p/h->b/t.batched == 17 * publisher.p/h->b/t.batches"]
`},
	// Both followers are gone: the leader alone is enough, unless two have to be in step.
	{"kafka: one replica in sync is enough, unless min.insync.replicas says more", `
run: {duration: 20s}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 15s}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {use: kafka-4/cluster, topics: {t: {use: kafka-4/topic}}}}
faults: [{at: 5.05s, for: 5s, crash: [b#2, b#3]}]
designs: {one: {}, two: {brokers: {b: {replicas: {min_in_sync: 2}}}}}
expect: ["one: load.l.failed == 0", "two: load.l.failed.refused within 1 of 50", "two: replication.b.refused within 1 of 50"]
`},
	// The followers come back behind, and then the leader goes: nobody in step is left until it is
	// back at 40 s. An unclean election would not wait, and would lose what came meanwhile.
	{"kafka: no unclean election", `
run: {duration: 1min}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 50s, deadline: none, timeout: 1s, retry: {attempts: unlimited, backoff: 100ms}}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {use: kafka-4/cluster, reconnect: 10ms, replicas: {catch_up: 1min}, topics: {t: {use: kafka-4/topic}}}}
faults: [{at: 5s, for: 5s, crash: [b#2, b#3]}, {at: 15s, for: 25s, crash: b}]
designs: {clean: {}, unclean: {brokers: {b: {replicas: {unclean: true}}}}}
expect: ["clean: replication.b.unclean == 0", "clean: replication.b.lost == 0", "clean: load.l.accepted.latency.max > 24s", "unclean: replication.b.unclean == 1", "unclean: replication.b.lost > 50"]
`},
	{"kafka: a topic has one partition, so that one of two members is idle", `
run: {duration: 60s, drain: none}
load: {l: {to: b/t, arrivals: poisson(100/s)}}
services: {w: {instances: 2, workers: 1, consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 100ms]}}}
brokers: {b: {topics: {t: {use: kafka-4/topic}}}}
expect: ["service.w.busy.max == 1", "group.b/t/w.members.max == 2", "service.w.out_of_order == 0"]
`},
	// Half of the waits of 100 ms, 200 ms and so on to 1 s are below, and each is within a fifth.
	{"kafka: a retry waits from 100 ms to 1 s, give or take a fifth", `
run: {duration: 200s}
load: {l: {to: b/t, use: kafka-4/producer-load, arrivals: constant(5/s), retry: {attempts: 2}}}
services: {w: {consumes: {b/t: {handler: h, use: kafka-4/consumer}}, on: {h: [work: 1ms]}}}
brokers: {b: {reconnect: 1h, topics: {t: {use: kafka-4/topic}}}}
faults: [{at: 0s, for: 1h, crash: b}]
expect: ["load.l.failed.latency.max between 118ms and 120ms", "load.l.failed.latency.p50 within 3% of 100ms", "load.l.failed.latency.mean within 1.5% of 100ms"]
`},
}

// promisesOfRest are those that a value of the other presets makes.
var promisesOfRest = []promise{
	// A fifth of them fails, and comes again: of one key nothing passes it.
	{"pubsub: with message ordering those of a key come in order", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: poisson(20/s), stop: 50s, confirm: w/h, attributes: {key: "integer(1, 10)"}}}
services: {w: {workers: 8, consumes: {b/q: h}, on: {h: [work: exp(50ms), {fail: 20%}]}}}
designs:
  ordered: {brokers: {b: {queues: {q: {use: pubsub/ordered, key: key}}}}}
  plain: {brokers: {b: {queues: {q: {use: pubsub/subscription}}}}}
expect: ["ordered: service.w.out_of_order == 0", "plain: service.w.out_of_order > 50", "ordered: queue.b/q.redelivered > 100", "ordered: load.l.completed.ratio == 100%"]
`},
	// 150 messages into a stream of 100, whose consumer is not there: the oldest 50 are gone.
	{"jetstream: a full stream discards the oldest", `
run: {duration: 30s, drain: none}
load: {l: {to: b/q, arrivals: constant(10/s), count: 150}}
services: {w: {workers: 1, consumes: {b/q: {handler: h, prefetch: 0}}, on: {h: [work: 1ms]}}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer, max_length: 100}}}}
expect: ["queue.b/q.dropped == 50", "queue.b/q.depth.final == 100", "load.l.accepted == 150"]
`},
	{"jetstream: no limit of deliveries", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [work: 9ms, fail]}}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered > 1000", "queue.b/q.dead_lettered == 0"]
`},
	// Each of three fails twice and stays.
	{"jetstream: after MaxDeliver a message stays in the stream and is not delivered again", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 3, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [work: 9ms, fail]}}}
brokers: {b: {queues: {q: {use: jetstream-2.15/consumer, max_deliveries: 2}}}}
expect: ["queue.b/q.delivered == 6", "queue.b/q.set_aside.final == 3", "queue.b/q.dropped == 0", "load.l.failed.error == 3"]
`},
	// An express message is in memory: a crash of the machine loses it. A recoverable one is not.
	{"msmq and ibm mq: what is not recoverable, or persistent, is lost with the queue manager", `
run: {duration: 20s, drain: none}
load: {l: {to: b/q, arrivals: constant(10/s), count: 50}}
faults: [{at: 10s, for: 1s, crash: b}]
designs:
  express: {brokers: {b: {queues: {q: {use: msmq/queue}}}}}
  recoverable: {brokers: {b: {queues: {q: {use: msmq/queue, durable: true}}}}}
  not-persistent: {brokers: {b: {queues: {q: {use: ibm-mq-9.4}}}}}
expect: ["express: queue.b/q.lost == 50", "recoverable: queue.b/q.lost == 0", "not-persistent: queue.b/q.lost == 50"]
`},
	{"redis streams and ibm mq: nobody counts deliveries", `
run: {duration: 10s, drain: none}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [work: 9ms, fail]}}}
designs:
  redis: {brokers: {b: {queues: {q: {use: redis-streams-7/group, visibility: 30s}}}}}
  ibm: {brokers: {b: {queues: {q: {use: ibm-mq-9.4}}}}}
expect: ["redis: queue.b/q.delivered > 1000", "ibm: queue.b/q.delivered > 1000", "ibm: queue.b/q.dropped == 0"]
`},
	{"nginx: a proxy waits for 60 s", `
run: {duration: 5min}
load: {l: {to: w/h, use: nginx/proxy, arrivals: constant(1/s), count: 10, deadline: none}}
services: {w: {workers: 99, on: {h: [work: 2min, reply]}}}
expect: ["load.l.failed.timeout == 10", "load.l.failed.latency.max == 60s"]
`},
	// Each wait of a second is within a fifth of it, and all of them as likely.
	{"grpc: a retry policy waits, give or take a fifth", `
run: {duration: 1000s}
load: {l: {to: w/h, arrivals: constant(2/s), use: [grpc/call, grpc/retry-policy], retry: {attempts: 2, backoff: 1s}}}
services: {w: {workers: 99, on: {h: [fail]}}}
expect: ["load.l.failed.latency.max between 1.19s and 1.2s", "load.l.failed.latency.mean within 1% of 1s", "load.l.failed.latency.p90 within 1% of 1.16s"]
`},
	// Ten tokens, and every attempt that fails takes one: four retries, until five are left.
	{"grpc: no retries below half of the tokens", `
run: {duration: 100s}
load: {l: {to: w/h, arrivals: constant(2/s), use: [grpc/call, grpc/retry-policy, grpc/retry-throttle], retry: {attempts: 5, backoff: 10ms}, budget: {capacity: 10, ratio: 10%, floor: 5}}}
services: {w: {workers: 99, on: {h: [fail]}}}
expect: ["load.l.attempts == load.l.offered + 4", "load.l.failed == load.l.offered"]
`},
	// To each one message of just the largest size, and one that is a byte larger.
	{"sqs, sns, service bus, event grid, pub/sub, jetstream, rabbitmq, kafka, ibm mq and msmq: the largest message", `
run: {duration: 10s}
load:
  fits: {to: b/q, arrivals: constant(1/s), count: 1, size: 1MiB}
  larger: {to: b/q, arrivals: constant(1/s), count: 1, size: 1048577B}
brokers: {b: {queues: {q: {}}}}
designs:
  sqs: {brokers: {b: {queues: {q: {use: sqs/standard}}}}}
  jetstream: {brokers: {b: {queues: {q: {use: jetstream-2.15/consumer}}}}}
  sns: {load: {fits: {to: b/t, size: 256KiB}, larger: {to: b/t, size: 262145B}}, brokers: {b: {topics: {t: {use: sns/topic, subscriptions: {s: {}}}}}}}
  service-bus: {load: {fits: {size: 256KiB}, larger: {size: 262145B}}, brokers: {b: {queues: {q: {use: azure-service-bus/queue, dead_letter: dead}, dead: {}}}}}
  event-grid: {load: {fits: {to: b/t, size: 1MB}, larger: {to: b/t, size: 1000001B}}, brokers: {b: {topics: {t: {use: event-grid/topic, subscriptions: {s: {}}}}}}}
  pubsub: {load: {fits: {size: 10MB}, larger: {size: 10000001B}}, brokers: {b: {queues: {q: {use: pubsub/subscription}}}}}
  rabbitmq-3: {load: {fits: {size: 128MiB}, larger: {size: 134217729B}}, brokers: {b: {queues: {q: {use: rabbitmq-3.10/quorum}}}}}
  rabbitmq-4: {load: {fits: {size: 16MiB}, larger: {size: 16777217B}}, brokers: {b: {queues: {q: {use: rabbitmq-4.2/classic}}}}}
  kafka: {load: {fits: {to: b/t, size: 1048588B}, larger: {to: b/t, size: 1048589B}}, brokers: {b: {topics: {t: {use: kafka-4/topic, subscriptions: {s: {}}}}}}}
  ibm-mq: {load: {fits: {size: 4194304B}, larger: {size: 4194305B}}, brokers: {b: {queues: {q: {use: ibm-mq-9.4}}}}}
  msmq: {load: {fits: {size: 4MiB}, larger: {size: 4194305B}}, brokers: {b: {queues: {q: {use: msmq/queue}}}}}
` + expects("sqs jetstream sns service-bus event-grid pubsub rabbitmq-3 rabbitmq-4 kafka ibm-mq msmq", "load.fits.completed == 1", "load.larger.failed.too_large == 1")},
	// Tried at 0 s, 10 s, 40 s, 100 s, 400 s, 1,000 s, 2,800 s, 6,400 s, and each hour from there: 30 times until 23 h 46 min 40 s.
	{"event grid: thirty attempts, by its schedule", `
run: {duration: 30h}
load: {l: {to: b/t, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {consumes: {b/t: h}, on: {h: [fail]}}}
brokers: {b: {queues: {dead: {}}, topics: {t: {use: event-grid/topic, subscriptions: {w: {use: event-grid/webhook, dead_letter: dead}}}}}}
expect: ["queue.b/t/w.delivered == 30", "queue.b/t/w.dead_lettered == 1", "load.l.failed.latency.max within 0.001% of 6400s + 22 * 3600s"]
`},
	// 400 and 413 are what its handler knows will never work.
	{"event grid: what is a bad request is a dead letter at once", `
run: {duration: 30h}
load: {l: {to: b/q, arrivals: constant(1/s), count: 10, deadline: none, confirm: w/h, attributes: {status: [ok, bad]}}}
services: {w: {consumes: {b/q: h}, on: {h: [{nack: drop, when: status == bad}]}}}
brokers: {b: {queues: {q: {use: event-grid/webhook, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 10", "queue.b/q.redelivered == 0", "queue.b/q.dead_lettered + load.l.completed == 10", "queue.b/q.dead_lettered between 1 and 9", "load.l.failed.latency.max == 0s"]
`},
	// 3 at once, 2 a second apart, 10 that grow from 1 s to 20 s, 100,000 of 20 s: 23 days and 3.5 hours.
	{"sns: to a queue or a function 100,015 retries over 23 days", `
run: {duration: 600h}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, deadline: none, confirm: w/h}}
services: {w: {consumes: {b/q: h}, on: {h: [fail]}}}
brokers: {b: {queues: {q: {use: sns/queue, dead_letter: dead}, dead: {}}}}
expect: ["queue.b/q.delivered == 100016", "queue.b/q.dead_lettered == 1", "load.l.failed.latency.max within 0.001% of 2s + 68.107s + 100000 * 20s"]
`},
	// A hundred at once, each confirmed after 20 ms: 32, 64, 96 and the last four.
	{"rabbitmq quorum: 32 messages of a publisher are unconfirmed", `
run: {duration: 10s}
load: {l: {to: p/h, arrivals: {constant: 1/s, batch: 100}, count: 100, confirm: w/h}}
links: {p -> b: {latency: 10ms}}
services:
  p: {workers: 1000, on: {h: [{publish: b/q, use: rabbitmq-4.2/quorum-publisher}, reply]}}
  w: {workers: 1000, consumes: {b/q: h}, on: {h: []}}
brokers: {b: {queues: {q: {use: rabbitmq-4.2/quorum, dead_letter: dead}, dead: {use: rabbitmq-4.2/quorum}}}}
expect: ["bulkhead.p->b.held.max == 32", "bulkhead.p->b.waiting.max == 68", "load.l.completed == 100", "load.l.accepted.latency.max == 80ms"]
`},
	{"nginx takes a body of 1 MiB, and a grpc server a message of 4 MiB", `
run: {duration: 10s}
load:
  fits: {to: w/h, arrivals: constant(1/s), count: 1, size: 1MiB}
  larger: {to: w/h, arrivals: constant(1/s), count: 1, size: 1048577B, retry: {attempts: 3, backoff: 1s}}
services: {w: {workers: 9, on: {h: [work: 1ms]}}}
designs:
  nginx: {services: {w: {use: nginx/body}}}
  grpc: {services: {w: {use: grpc/server}}, load: {fits: {size: 4MiB}, larger: {size: 4194305B}}}
` + expects("nginx grpc", "load.fits.completed == 1", "load.larger.failed.too_large == 1", "load.larger.attempts == 1", "service.w.completed == 1")},
}

// promisesOfStreams are those of the page of RabbitMQ's streams, sentence by sentence.
var promisesOfStreams = []promise{
	{"rabbitmq stream: consumers read the same messages, as many times as they want", `
run: {duration: 30s}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 10s}}
services:
  a: {workers: 9, consumes: {b/t: h}, on: {h: []}}
  z: {workers: 9, consumes: {b/t: h}, on: {h: []}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream, subscriptions: {a: {}, z: {replay: {at: 20s, from: start}}}}}}}
expect: ["service.a.completed == 100", "service.z.completed == 200", "retention.b/t.deleted == 0", "retention.b/t.records.final == 100"]
`},
	{"rabbitmq stream: without a retention all is kept", `
run: {duration: 1000h, drain: none}
load: {l: {to: b/t, arrivals: constant(1/h)}}
services: {w: {consumes: {b/t: h}, on: {h: []}}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream}}}}
expect: ["retention.b/t.deleted == 0", "retention.b/t.records.final within 1 of 1000"]
`},
	// By age a week of 42 days, by size a hundred of a thousand; both, whichever is less.
	{"rabbitmq stream: the oldest are deleted by age, by size, or by both", `
run: {duration: 1000h, drain: none}
load: {l: {to: b/t, arrivals: constant(1/h), size: 1kB}}
services: {w: {consumes: {b/t: h}, on: {h: []}}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream}}}}
designs:
  age: {brokers: {b: {topics: {t: {keep: {for: 168h}}}}}}
  size: {brokers: {b: {topics: {t: {keep: {for: none, size: 100kB}}}}}}
  both: {brokers: {b: {topics: {t: {keep: {for: 168h, size: 100kB}}}}}}
expect: ["age: retention.b/t.records.final within 1 of 168", "size: retention.b/t.records.final == 100", "both: retention.b/t.records.final == 100", "size: retention.b/t.deleted within 1 of 900"]
`},
	// The consumer comes after 10 s, when a hundred are there.
	{"rabbitmq stream: a consumer that says nothing begins behind the newest message", `
run: {duration: 30s}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 20s}}
services: {w: {workers: 9, consumes: {b/t: {handler: h, prefetch: 0}}, on: {h: []}}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream}}}}
faults: [{at: 10s, set: {service.w.consumes.b/t.prefetch: 9}}]
designs: {next: {}, first: {brokers: {b: {topics: {t: {group: {begin: start}}}}}}}
expect: ["next: service.w.completed within 1 of 100", "first: service.w.completed == 200"]
`},
	{"rabbitmq stream: of several consumers of one name one is active, and another takes over", `
run: {duration: 60s}
load: {l: {to: b/t, arrivals: constant(20/s), stop: 40s}}
services: {w: {instances: 3, workers: 5, consumes: {b/t: h}, on: {h: [work: 10ms]}}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream}}}}
designs: {calm: {}, crash: {faults: [{at: 10s, for: 5min, crash: w, instance: 1}, {at: 15s, for: 5min, crash: w, instance: 2}]}}
expect: ["calm: service.w.busy.max == 1", "calm: service.w.out_of_order == 0", "crash: load.l.completed == 800", "crash: service.w.out_of_order == 0"]
`},
	{"rabbitmq super stream: a partition has one active consumer, in its order", `
run: {duration: 60s}
load: {l: {to: b/t, arrivals: poisson(100/s), stop: 40s, attributes: {customer: "integer(1, 100)"}}}
services: {w: {instances: 4, workers: 5, consumes: {b/t: h}, on: {h: [work: 10ms]}}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream, partitions: 3, key: customer}}}}
expect: ["service.w.busy.max == 3", "service.w.out_of_order == 0", "load.l.completed == load.l.offered"]
`},
	// The follower has it after 50 ms, and the leader hears of that.
	{"rabbitmq stream: a confirmed message has a majority of the replicas, and outlives its leader", `
run: {duration: 60s}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 30s, confirm: w/h, retry: {attempts: unlimited, backoff: 1s}}}
services: {w: {workers: 9, consumes: {b/t: h}, on: {h: []}}}
brokers: {b: {use: rabbitmq-4.2/quorum-cluster, replicas: {nodes: 3, acks: majority, lag: 50ms, failover: 1s}, topics: {t: {use: rabbitmq-4.2/stream}}}}
faults: [{at: 10.02s, for: 20s, host_crash: b}]
expect: ["load.l.accepted.latency.p50 >= 50ms", "load.l.completed == 300", "load.l.failed == 0"]
`},
	// Written back each 30 s: a server that dies leaves all to the page cache, a machine what is not on disk.
	{"rabbitmq stream: nothing is flushed but by the operating system", `
run: {duration: 2min}
load: {l: {to: b/t, arrivals: constant(10/s), stop: 45s}}
brokers: {b: {topics: {t: {use: rabbitmq-4.2/stream, subscriptions: {s: {}}}}}}
designs:
  server: {faults: [{at: 45.5s, for: 1s, crash: b}]}
  machine: {faults: [{at: 45.5s, for: 1s, host_crash: b}]}
expect: ["server: retention.b/t.records.final == 450", "machine: retention.b/t.records.final within 1 of 300", "machine: load.l.failed == 0"]
`},
	{"rabbitmq stream: no poison message handling, and no dead letters", `
run: {duration: 10s, drain: none}
load: {l: {to: b/t, arrivals: constant(1/s), count: 2}}
services: {w: {consumes: {b/t: h}, on: {h: [work: 9ms, fail]}}}
brokers: {b: {queues: {dead: {}}, topics: {t: {use: rabbitmq-4.2/stream, dead_letter: dead}}}}
expect: ["queue.b/t/w.delivered > 500", "queue.b/t/w.dead_lettered == 0"]
`},
}

// expects are the same expectations of several designs.
func expects(designs string, all ...string) string {
	text := "expect:\n"
	for _, d := range strings.Fields(designs) {
		for _, e := range all {
			text += fmt.Sprintf("  - %q\n", d+": "+e)
		}
	}
	return text
}
