package scenarios_test

// twinsOfWays are of scenarios about ways to communicate.
var twinsOfWays = []libraryTwin{
	{"polling", "the shop is impatient", []string{"1980ms", "980ms"}, []string{
		"poll: load.customers.confirmed.latency.mean",
		"poll: edge.shop/buy->provider/result.failed.error",
	}},
	{"polling", "a shop that forgets", []string{", on_crash: resume", ""}, []string{
		"poll: load.customers.failed",
		"poll: load.customers.confirmed.latency.max",
		"long: load.customers.failed",
		"long: load.customers.confirmed.latency.max",
	}},
	{"direct-subscription", "no pause", []string{"for: 1min, pause", "for: 1ms, pause"}, []string{
		"one-line: load.market.confirmed.latency.max",
		"tell: bulkhead.prices->archive.waiting.max",
		"tell: service.prices.tasks.max",
		"one-line: service.prices.waiting.max",
		"broker: queue.bus/news/archive",
		"crash: service.archive.completed",
		"spared: service.archive.completed",
	}},
	{"direct-subscription", "only so much is kept", []string{"archive/note, timeout: none, bulkhead: {slots: 1, wait: none}", "archive/note, timeout: none, bulkhead: {slots: 1, wait: none, line: 100}"}, []string{
		"tell: bulkhead.prices->archive.waiting.max",
		"tell: service.prices.tasks.max",
		"tell: service.archive.completed",
		"crash: service.archive.completed",
	}},
	{"flooding", "a fence more", []string{"send: e/hear]}}\n      e: {on: {hear: [{stop: , when: seen}, set: seen, send: d/hear]", "send: e/hear]}}\n      e: {on: {hear: [{stop: , when: seen}, set: seen, send: d/hear, send: a/hear]"}, []string{
		"flood: service.a.arrived",
	}},
	{"flooding", "nobody is away", []string{"for: 10s, crash", "for: 1ms, crash"}, []string{
		"hub: load.news.failed",
		"hub: store",
		"flood: load.news.failed",
		"flood: store.e",
	}},
	{"discovery", "believed for longer", []string{"ttl: 15s", "ttl: 40s"}, []string{
		"ask: load.first.failed.refused",
		"ask: edge.shop/ask->pay/do#another.calls",
		"keep: load.first.failed.refused",
		"drop: edge",
	}},
	{"discovery", "nobody says goodbye", []string{"start: 60050ms", "start: 2min"}, []string{
		"leave: load.first.failed",
	}},
	{"full-duplex", "a longer way", []string{"latency: 50ms", "latency: 100ms"}, []string{
		"stop: load",
		"half: load",
		"turns: load.east.throughput",
		"turns: service.right.completed.rate",
		"window: load.east.throughput",
		"window: load.west.throughput",
		"window: load.east.confirmed.latency.mean",
	}},
	{"full-duplex", "large acknowledgements", []string{"reply: 100B", "reply: 100kB"}, []string{
		"stop: load",
		"half: load",
		"turns: load.east.throughput",
		"turns: service.right.completed.rate",
		"window: load.east.throughput",
		"window: load.west.throughput",
		"window: load.east.confirmed.latency.mean",
	}},
	{"sessions", "no crash", []string{"for: 10s, crash", "for: 1ms, crash"}, []string{
		"sticky: load.users.failed.refused",
	}},
	{"sessions", "short sessions", []string{"ttl: 10min", "ttl: 2s"}, []string{
		"sticky: service.login.completed",
		"stateless: service.login.completed",
		"roaming: service.login.completed",
		"sticky: store.web/sessions.lost",
		"stateless: load.users.confirmed.latency.p50",
		"sticky: load.users.confirmed.latency.p50",
	}},
	{"reconciliation", "the night comes too soon", []string{"delay: 1s                  # what is under way arrives", "delay: 0s"}, []string{
		"nightly: counter.bank/repairs",
		"nightly: counter.bank/ledger/money",
	}},
	{"reconciliation", "a link that keeps all", []string{"loss: 2%", "loss: 0%"}, []string{
		"trust: load.customers.failed.lost",
		"nightly: load.customers.confirmed.latency.m",
		"sure: load.customers.accepted.latency.mean",
	}},
	{"two-phase-commit", "no crash", []string{"for: 10s, crash", "for: 1ms, crash"}, []string{
		"two-phase: store.stock/goods.lock_wait.max",
		"two-phase: load.walk-in.confirmed.latency.max within",
		"two-phase: load.walk-in.throughput",
		"two-phase: load.online",
		"saga: load.online.confirmed.latency.max",
		"saga: counter.bank/book/taken.value.mean",
		"events: load.online.failed.refused",
	}},
	{"two-phase-commit", "what fails is not undone", []string{"else: [{call: bank/return, retry: {attempts: unlimited, backoff: 100ms}}, fail]", "else: [fail]"}, []string{
		"saga: counter.bank/book",
	}},
	{"outbox", "nobody sends it again", []string{"retry: {attempts: unlimited, backoff: 1s}", "else: [], degraded: false"}, []string{
		"outbox: queue.bus/events.published",
		"outbox: counter.mail/sent/mails",
		"inbox: counter.mail/sent/mails",
	}},
	{"outbox", "seen, but forgotten", []string{"lives: disk, ttl: 10min", "lives: memory, ttl: 10min"}, []string{
		"inbox: counter.mail/sent/mails",
	}},
	{"gossip", "always the same one", []string{"balance: random", "balance: round-robin"}, []string{
		"one: load.news.confirmed.latency.mean",
		"two: load.news.confirmed.latency.mean",
	}},
	{"gossip", "they soon fall silent", []string{"repeat: 12", "repeat: 3"}, []string{
		"one: service.peer.arrived",
		"one: load.news.completed.ratio",
		"lossy: load.news.completed.ratio",
	}},
	{"payments", "the bank forgets the keys", []string{"            - {stop: , when: keys == charged}\n", ""}, []string{
		"safe: counter.bank/book/charged",
		"safe: load.customers.degraded",
	}},
	{"payments", "nobody gives the goods back", []string{"count: goods.released", "work: 1ms"}, []string{
		"safe: counter.stock/goods/reserved",
	}},
	{"checkout", "the suggestions are waited for", []string{"timeout: 200ms, breaker: {failures: 5, open: 5s}, else: []", "timeout: 20s, else: []"}, []string{
		"guarded: service.shop.waiting.max",
		"guarded: load.customers.degraded",
		"guarded: load.customers.failed <=",
		"log: load.customers.degraded",
		"log: load.customers.confirmed.latency.max",
	}},
	{"telemetry", "a database that is always slow", []string{"at: 3min, for: 2min, slow", "at: 0s, for: 6min, slow"}, []string{
		"direct: load.meters.failed.rejected",
		"queued: queue.bus/readings.depth.max within 2% of (100 - 40)",
		"queued: load.meters.confirmed.latency.max within 2% of 300s",
		"expire: load.meters.failed.expired",
		"batched: load.meters.confirmed.latency.max == 90ms + 25ms + 47.5ms",
	}},
	{"telemetry", "an insert for each row", []string{"batch: 50}", "prefetch: 2}"}, []string{
		"batched: load.meters.confirmed.latency.max == 90ms + 25ms + 47.5ms",
		"batched: load.meters.confirmed.latency.max == 100ms + 35ms + 100ms",
	}},
	{"telemetry", "each reading is a message", []string{", batch: 100ms}", "}"}, []string{
		"batched: link.collector->bus.sent",
		"batched: load.meters.accepted.latency.max",
		"batched: load.meters.confirmed.latency.max == 90ms + 25ms + 47.5ms",
		"batched: load.meters.confirmed.latency.max == 100ms + 35ms + 100ms",
	}},
	{"regions", "a longer way", []string{"latency: 40ms", "latency: 60ms"}, []string{
		"sync: load.users.confirmed.latency.max",
	}},
	{"broken-trace", "the trace is carried again", []string{"paid, trace: false", "paid, trace: true"}, []string{
		"dropped: load.customers.traces",
	}},
	{"broken-trace", "no pause", []string{"for: 10s, pause", "for: 1ms, pause"}, []string{
		"chain: load.customers.confirmed.latency.max == 10s",
		"carried: load.customers.confirmed.latency.max == 10s",
		"dropped: load.customers.confirmed.latency.max == 10s",
		"chain: load.customers.accepted.latency.max",
	}},
	{"broken-trace", "a slower shop", []string{"work: 2ms, {publish: bus/placed, trace: false}", "work: 3ms, {publish: bus/placed, trace: false}"}, []string{
		"dropped: load.customers.confirmed.latency.max",
		"dropped: load.customers.accepted.latency.max",
	}},
	{"regions", "no cut", []string{"at: 2min, for: 10s, cut", "at: 2min, for: 1ms, cut"}, []string{
		"async: counter.west/book/sold",
		"sync: counter.east/book/sold",
	}},
}
