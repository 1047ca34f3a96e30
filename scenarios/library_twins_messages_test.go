package scenarios_test

// twinsOfMessages are of scenarios about queues, topics and brokers.
var twinsOfMessages = []libraryTwin{
	{"async-api", "no crash", []string{"faults:\n  - {at: 60.1s, for: 30s, crash: checker}\n", ""}, []string{
		"call: load.customers.failed",
		"message: load.customers.failed.deadline",
	}},
	{"async-api", "patient customers", []string{"deadline: 20s", "deadline: 40s"}, []string{
		"message: load.customers.failed.deadline",
	}},
	{"queue-or-topic", "mail wants all", []string{"{filter: kind == cancelled}", "{filter: kind == cancelled or kind == placed}"}, []string{
		"filtered: service.mail.completed",
		"filtered: link.bus->mail.sent",
	}},
	{"queue-or-topic", "room for one copy", []string{"{topics: {orders: {}}}", "{topics: {orders: {max_length: 1}}}"}, []string{
		"topic: service.stock.completed",
		"topic: service.mail.completed",
		"topic: service.audit.completed",
	}},
	{"polls", "it asks more often", []string{"poll: 10s", "poll: 5s"}, []string{
		"short: load.orders.confirmed.latency.mean",
		"short: consumer.bus/orders->kitchen.empty",
	}},
	{"polls", "the question does not wait for long", []string{"pull: 20s", "pull: {wait: 5s, poll: 5s}"}, []string{
		"long: load.orders.confirmed.latency.mean",
		"long: consumer.bus/orders->kitchen.empty",
	}},
	{"batches", "it lingers for half as long", []string{"linger: 200ms", "linger: 100ms"}, []string{
		"linger: consumer.bus/readings->store.batched",
		"linger: consumer.bus/readings->store.batch_wait",
		"linger: load.readings.confirmed.latency.mean",
		"linger: service.store.utilization",
	}},
	{"batches", "sent one by one", []string{"load: {readings: {batch: 50ms}}", "load: {readings: {batch: 1us}}"}, []string{
		"together: link.readings->bus.sent",
		"together: publisher.readings->bus/readings.linger.mean",
		"together: load.readings.confirmed.latency.mean",
	}},
	{"poison", "nothing is spoilt", []string{"corrupt: 1%", "corrupt: 0%"}, []string{
		"forever: service.shop.completed",
		"forever: load.partner.throughput",
		"forever: queue.bus/orders.redelivered",
		"forever: queue.bus/orders.depth.max",
		"parked: load.partner.failed between",
		"checked: link.partner->bus.corrupted",
		"checked: load.partner.confirmed.latency.mean",
	}},
	{"poison", "more deliveries", []string{"max_deliveries: 3", "max_deliveries: 6"}, []string{
		"dropped: queue.bus/orders.redelivered",
	}},
	{"full-queue", "quick enough", []string{"work: 20ms", "work: 8ms"}, []string{
		"reject: service.store.completed.rate",
		"oldest: service.store.completed.rate",
		"block: service.store.completed.rate",
		"reject: queue.bus/readings.wait.mean",
		"oldest: queue.bus/readings.wait.mean",
		"ttl: queue.bus/readings.wait.mean",
		"ttl: queue.bus/readings.depth.max",
		"reject: load.sensor.failed.rejected",
		"oldest: load.sensor.failed.dropped",
		"ttl: load.sensor.failed.expired",
		"parked: queue.bus/later.published",
		"block: service.probe.utilization",
		"block: service.probe.rejected",
		"block: load.sensor.accepted.latency.mean",
	}},
	{"full-queue", "a longer queue", []string{"max_length: 100", "max_length: 150"}, []string{
		"reject: queue.bus/readings.wait.mean",
		"oldest: queue.bus/readings.wait.mean",
	}},
	{"partitions", "fewer partitions", []string{"partitions: 12", "partitions: 10"}, []string{
		"five: load.source.confirmed.latency.max",
		"twenty: load.source.confirmed.latency.max",
		"six: load.source.confirmed.latency.max",
		"twenty: service.worker.busy.max",
		"five: queue.bus/orders/worker/9.published",
	}},
	{"partitions", "customers alike", []string{"zipf(12, 1)", "integer(1, 12)"}, []string{
		"hot: queue.bus/orders/worker/1.published",
		"hot: load.source.confirmed.latency.max",
	}},
	{"consumer-group", "it leaves at once", []string{"session: 10s", "session: 1s"}, []string{
		"cooperative: queue.bus/orders/worker/0.lag_time.max",
		"interval: queue.bus/orders/worker.depth.max",
		"cooperative: queue.bus/orders/worker.depth.max",
	}},
	{"consumer-group", "longer between commits", []string{"commit: 5s", "commit: 9s"}, []string{
		"interval: queue.bus/orders/worker.redelivered",
		"interval: service.worker.duplicates",
		"cooperative: service.worker.duplicates",
		"cooperative: queue.bus/orders/worker/0.lag_time.max",
		"interval: queue.bus/orders/worker.depth.max",
		"cooperative: queue.bus/orders/worker.depth.max",
	}},
	{"replication", "followers that are further behind", []string{"acks: leader, lag: 40ms", "acks: leader, lag: 90ms"}, []string{
		"leader: load.shop.failed.lost",
		"leader: replication.bus.lost",
	}},
	{"replication", "the leader's word for all", []string{"{nodes: 3, acks: all", "{nodes: 3, acks: leader"}, []string{
		"all: load.shop.failed",
		"all: replication.bus.lost",
		"all: load.shop.accepted.latency.p50",
	}},
	{"replication", "a slow election", []string{"lag: 40ms, failover: 2s", "lag: 40ms, failover: 5s"}, []string{
		"leader: load.shop.accepted.latency.max",
		"all: load.shop.accepted.latency.max",
	}},
	{"replay", "kept for less", []string{"keep: 100s", "keep: 80s"}, []string{
		"short: store.ledger/booked.rows.final",
		"short: group.bus/payments/ledger.replayed",
		"short: retention.bus/payments.records.max",
	}},
	{"replay", "a shorter bug", []string{"for: 1min, set", "for: 30s, set"}, []string{
		"reread: store.ledger/booked.known",
		"gone: store.ledger/booked.rows.final",
		"twice: counter.ledger/sum/payments.value.final",
	}},
	{"replay", "read again from a later place", []string{"time: 1min", "time: 90s"}, []string{
		"reread: group.bus/payments/ledger.again.max",
		"reread: store.ledger/booked.rows.final",
		"reread: counter.ledger/sum/payments.value.final",
		"reread: group.bus/payments/ledger.replayed",
		"twice: counter.ledger/sum/payments.value.final",
		"short: store.ledger/booked.rows.final",
		"short: group.bus/payments/ledger.replayed",
		"reread: queue.bus/payments/ledger.lag_time.max",
		"reread: queue.bus/payments/ledger.drain_time",
	}},
	{"consumer-order", "one is four", []string{"one: {title: one consumer}", "one: {title: one consumer, services: {worker: {workers: 4}}}"}, []string{
		"one: service.worker.inversions",
		"one: service.worker.out_of_order",
		"one: load.source.confirmed.latency.max",
	}},
	{"consumer-order", "returned to the tail", []string{"{work: {}}", "{work: {requeue: tail}}"}, []string{
		"alone: service.worker.inversions",
		"alone: service.worker.out_of_order",
	}},
	{"consumer-order", "nothing fails", []string{"errors: 10%", "errors: 0%"}, []string{
		"retry: service.worker.inversions",
		"alone: queue.bus/work.redelivered",
		"retry: queue.bus/work.redelivered",
	}},
	{"own-sweep", "nobody is killed", []string{"    faults:\n      - {at: 3s, crash: worker, instance: 2}\n", ""}, []string{
		"killed: load.coordinator.confirmed.latency.max",
		"killed: load.coordinator.confirmed.latency.p95",
		"short: load.coordinator.confirmed.latency.max",
		"killed: queue.nats/jobs.redelivered",
		"short: queue.nats/jobs.redelivered",
		"killed: service.worker.lost",
		"killed: service.worker.duplicates",
	}},
	{"own-sweep", "the server hears of it", []string{"on_disconnect: wait", "on_disconnect: return"}, []string{
		"killed: load.coordinator.confirmed.latency.max",
	}},
	{"own-sweep", "a job too few", []string{"count: 80", "count: 79"}, []string{
		"whole: load.coordinator.completed",
		"killed: load.coordinator.completed",
		"short: load.coordinator.completed",
	}},
	{"own-sweep", "the server is impatient", []string{"visibility: 30s", "visibility: 300ms"}, []string{
		"whole: load.coordinator.confirmed.latency.max",
		"killed: load.coordinator.confirmed.latency.max",
		"whole: queue.nats/jobs.redelivered",
		"killed: queue.nats/jobs.redelivered",
		"whole: service.worker.duplicates",
		"killed: service.worker.duplicates",
	}},
	{"own-sweep", "slower jobs", []string{"uniform(260ms, 400ms)", "uniform(300ms, 500ms)"}, []string{
		"whole: load.coordinator.confirmed.latency.max",
		"killed: load.coordinator.confirmed.latency.p95",
		"short: load.coordinator.confirmed.latency.max",
	}},
	{"known-systems", "a shorter visibility timeout", []string{"use: sqs/standard", "use: sqs/standard, visibility: 5s"}, []string{
		"cloud: queue.orders/placed.redelivered",
		"cloud: load.shop.confirmed.latency.max",
	}},
	{"known-systems", "the same system twice", []string{"rabbitmq-4.2/quorum", "sqs/standard"}, []string{
		"rabbit: load.shop.confirmed.latency.max",
	}},
	{"visibility", "work that is always quick", []string{"exp(10s)", "8s"}, []string{
		"short: queue.cloud/jobs.redelivered",
		"strict: queue.cloud/jobs.redelivered",
	}},
	{"visibility", "a crash that is noticed", []string{"on_disconnect: wait", "on_disconnect: return"}, []string{
		"long: load.source.confirmed.latency.max",
	}},
	{"out-of-order", "the order is first", []string{"payment: {workers: 100, on: {go: [delay: \"exp(50ms)\"", "payment: {workers: 100, on: {go: [delay: \"5s\""}, []string{
		"careless: state.shipping/orders/placed",
		"careless: state.shipping/orders/paid",
		"rejects: queue.bus/events.dead_lettered",
		"rejects: state.shipping/orders/paid",
		"parks: store.shipping/orders.parked",
		"parks: store.shipping/orders.park_wait",
	}},
	{"out-of-order", "impatient", []string{"patience: 1min", "patience: 1ms"}, []string{
		"parks: store.shipping/orders.parked",
		"parks: store.shipping/orders.park_wait",
		"parks: state.shipping/orders/paid",
		"parks: queue.bus/events.redelivered",
	}},
	{"idempotency", "no loss", []string{"{loss: 10%}", "{loss: 0%}"}, []string{
		"naive: service.bank.completed",
		"naive: counter.bank/book/charged",
	}},
	{"idempotency", "a key for each attempt", []string{"{stop: , when: keys}, ", ""}, []string{
		"keyed: store.bank/keys.known",
		"keyed: counter.bank/book/charged",
	}},
	{"idempotency", "keys that last", []string{"ttl: 150ms", "ttl: 2h"}, []string{
		"short: counter.bank/book/charged",
	}},
	{"staleness", "no standstill", []string{"for: 30s, pause", "for: 1ms, pause"}, []string{
		"together: load.editors.failed",
		"events: load.editors.confirmed.latency.max within",
		"events: queue.bus/changes.depth.max",
		"events: queue.bus/changes.drain_time",
	}},
	{"staleness", "a slow search", []string{"work: 20ms", "work: 40ms"}, []string{
		"events: load.editors.confirmed.latency.max ==",
		"events: queue.bus/changes.drain_time",
	}},
	{"event-bus", "no crash", []string{"faults:\n  - {at: 60.04s, for: 1s, crash: shop}\n", ""}, []string{
		"called: load.customers.failed.refused",
		"emitted: load.customers.failed.refused",
		"emitted: load.customers.failed.lost",
		"queued: load.customers.failed",
		"queued: queue.bus/placed.redelivered",
	}},
	{"event-bus", "automatic", []string{"prefetch: unlimited", "prefetch: unlimited, ack: automatic"}, []string{
		"queued: load.customers.failed",
		"queued: queue.bus/placed.redelivered",
	}},
	{"window", "a wider line", []string{"2Mbit/s", "20Mbit/s"}, []string{
		"stop: load.sender.confirmed.latency.max",
		"stop: load.sender.throughput",
		"eight: load.sender.throughput",
		"forty: load.sender.throughput",
		"forty: load.sender.confirmed.latency.mean",
	}},
	{"window", "nothing is lost", []string{"loss: 10%", "loss: 0%"}, []string{
		"lossy: load.sender.confirmed.latency.mean",
		"lossy: load.sender.throughput",
		"lossy: service.receiver.duplicates",
	}},
	{"price-list", "acknowledged by being handed over", []string{"bus/orders: reserve", "bus/orders: {handler: reserve, ack: automatic}"}, []string{
		"broker: broker.bus.operations", "broker: run.cost within",
	}},
	{"price-list", "dear messages", []string{"broker_million: 0.40", "broker_million: 1.00"}, []string{
		"broker: run.cost",
	}},
	{"price-list", "slow payment", []string{"work: 30ms", "work: 40ms"}, []string{
		"chain: service.shop.thread_seconds",
	}},
	{"notice-or-event", "a far catalogue", []string{"latency: 5ms", "latency: 20ms"}, []string{
		"event: load.editors.confirmed.latency.max",
		"notice: load.editors.confirmed.latency.max",
		"rare: load.editors.confirmed.latency.p50",
	}},
	{"notice-or-event", "all are wanted", []string{"p: 10%", "p: 100%"}, []string{
		"rare: load.editors.confirmed.latency.p50",
		"rare: service.catalogue.completed",
		"rare: link.catalogue->web.bytes",
	}},
	{"bug-fix", "no bug", []string{"rate: 100%", "rate: 0%"}, []string{
		"called: load.customers.failed",
		"dropped: load.customers.failed.dropped",
		"redrive: load.customers.confirmed.latency.max",
	}},
	{"bug-fix", "the clerk never comes", []string{"service.clerk.workers: 1", "service.clerk.workers: 0"}, []string{
		"redrive: load.customers.failed",
		"redrive: load.customers.completed",
		"redrive: load.customers.confirmed.latency.max",
		"redrive: queue.bus/failed.depth.final",
	}},
	{"orchestration", "no crash", []string{"faults:\n  - {at: 60.1s, for: 10s, crash: flow}\n", ""}, []string{
		"memory: load.customers.failed.refused",
		"durable: load.customers.failed.refused",
		"events: load.customers.failed.refused",
		"memory: service.flow.lost",
		"memory: load.customers.failed.lost",
		"memory: service.stock.completed",
		"durable: load.customers.failed",
		"durable: load.customers.confirmed.latency.max",
		"events: load.customers.failed",
	}},
	{"orchestration", "nothing is written down", []string{"on_crash: resume, ", ""}, []string{
		"durable: load.customers.failed ==",
		"durable: service.stock.completed",
		"durable: load.customers.confirmed.latency.max",
	}},
	{"flush", "yes before the disk has it", []string{"flush: {every: 1s}}", "flush: {every: 1s, confirm: received}}"}, []string{
		"second: load.orders.accepted.latency.p50",
		"second: load.orders.completed.ratio",
		"second: flush.bus/orders.unflushed.max",
	}},
	{"flush", "the power stays", []string{"host_crash: bus", "crash: bus"}, []string{
		"before: queue.bus/orders.lost",
		"before: load.orders.failed.lost",
	}},
	{"broker-crash", "no crash", []string{"  - {at: 1min, for: 10s, crash: bus}\n", ""}, []string{
		"memory: load.customers.failed.lost",
		"durable: queue.bus/orders.depth.max",
		"memory: load.customers.failed.refused",
		"durable: load.customers.failed.refused",
		"confirm: load.customers.accepted.latency.max",
		"confirm: service.shop.thread_seconds.blocked",
	}},
	{"broker-crash", "nothing on disk", []string{"{durable: true}", "{}"}, []string{
		"durable: load.customers.failed.lost",
		"durable: queue.bus/orders.depth.max",
		"confirm: load.customers.failed",
	}},
	{"broker-crash", "the shop does not ask again", []string{"attempts: 20", "attempts: 1"}, []string{
		"confirm: load.customers.failed",
		"confirm: load.customers.accepted.latency.max",
		"confirm: service.shop.thread_seconds.blocked",
	}},
	{"callback", "no crash", []string{"faults:\n  - {at: 60.1s, for: 10s, crash: shop}\n", ""}, []string{
		"call: load.customers.failed",
		"once: load.customers.accepted ==",
		"once: load.customers.failed",
		"once: service.provider.failed",
		"again: load.customers.failed",
		"again: load.customers.confirmed.latency.max",
	}},
	{"callback", "it calls back once", []string{"attempts: 10", "attempts: 1"}, []string{
		"again: load.customers.failed",
		"again: load.customers.confirmed.latency.max",
	}},
	{"strangler", "no mistake", []string{"errors: 20%", "errors: 0%"}, []string{
		"at-once: load.customers.failed",
		"at-once: load.customers.completed.ratio",
	}},
	{"strangler", "never mended", []string{"service.teller.errors: 0%", "service.teller.errors: 20%"}, []string{
		"at-once: load.customers.failed",
		"careful: load.customers.failed",
		"careful: load.customers.completed.ratio ==",
	}},
	{"gateway", "fewer intruders", []string{"poisson(60/s)", "poisson(5/s)"}, []string{
		"bare: service.api.completed",
		"limit-first: load.users.completed.ratio",
		"limit-first: limit.gateway.limited",
	}},
	{"gateway", "nobody is turned away", []string{"fail: 100%", "fail: 0%"}, []string{
		"limit-first: load.intruders.completed",
		"key-first: load.users.completed.ratio",
		"key-first: load.intruders.failed.error",
		"key-first: service.api.completed",
	}},
}
