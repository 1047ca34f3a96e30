package scenarios_test

// twinsOfEffects are of scenarios about loads, lines and retries.
var twinsOfEffects = []libraryTwin{
	{"retry-storm", "less load", []string{"poisson(30/s)", "poisson(14/s)"}, []string{
		"storm: load.clients.completed.ratio == 0%",
		"storm: load.clients.attempts",
		"storm: service.api.busy.mean",
		"backoff: load.clients.completed.ratio",
		"backoff: load.clients.attempts",
		"budgeted: load.clients.amplification within 2%",
		"budgeted: load.clients.completed.ratio == 0%",
	}},
	{"retry-storm", "a breaker that never opens", []string{"failures: 5,", "failures: 20000,"}, []string{
		"guarded: load.clients.completed.ratio",
		"guarded: breaker.clients->api.opened",
	}},
	{"retry-storm", "a budget for a retry each", []string{"ratio: 20%", "ratio: 100%"}, []string{
		"budgeted: load.clients.amplification",
		"budgeted: load.clients.completed.ratio == 100%",
	}},
	{"retry-storm", "a longer line", []string{"queue: 25}", "queue: 500}"}, []string{
		"short: load.clients.completed.ratio",
	}},
	{"thundering-herd", "no jitter", []string{", jitter: full", "", ", jitter: equal", ""}, []string{
		"spread: load.clients.completed",
		"spread: load.clients.amplification",
		"spread: load.clients.confirmed.latency.max",
		"half: load.clients.completed",
		"half: load.clients.amplification",
	}},
	{"thundering-herd", "a line for all", []string{"queue: 10,", "queue: 1000,"}, []string{
		"at-once: load.clients.completed",
		"at-once: load.clients.amplification",
		"together: load.clients.completed",
		"together: load.clients.amplification",
		"spread: load.clients.amplification",
		"spread: load.clients.confirmed.latency.max",
		"half: load.clients.amplification",
	}},
	{"knee", "two workers", []string{"workers: 1,", "workers: 2,"}, []string{
		"even: service.desk.utilization",
		"random: service.desk.utilization",
		"rough: service.desk.utilization",
		"even: service.desk.wait.mean",
		"random: service.desk.wait.mean within 35%",
		"rough: service.desk.wait.mean within",
		"calm: service.desk.wait.mean",
		"full: service.desk.wait.mean",
	}},
	{"knee", "rough is random", []string{"\"lognormal(100ms, cv=2)\"", "exp(100ms)"}, []string{
		"rough: service.desk.wait.mean",
	}},
	{"tail", "no slow answers", []string{"99: 10ms, 1: 1s", "99: 10ms, 1: 10ms"}, []string{
		"hundred: service.shard.sojourn.mean",
		"ten: load.readers.confirmed.latency.mean",
		"hundred: load.readers.confirmed.latency.mean",
		"hundred: load.readers.confirmed.latency.p50",
	}},
	{"tail", "waits for both copies", []string{"], need: 1}", "], need: 2}"}, []string{
		"twice: load.readers.confirmed.latency.mean",
		"twice: load.readers.confirmed.latency.p50",
	}},
	{"omission", "no freeze", []string{"for: 10s, pause", "for: 10ms, pause"}, []string{
		"closed: load.users.completed",
		"closed: load.users.confirmed.latency.max",
		"closed: load.users.confirmed.latency.mean",
		"open: load.users.confirmed.latency.max",
		"open: load.users.confirmed.latency.p99",
		"open: load.users.confirmed.latency.mean",
	}},
	{"percentiles", "nothing varies", []string{"[work: exp(100ms)]", "[work: 100ms]"}, []string{
		"exponential: service.stock.sojourn.p99",
		"exponential: service.pay.sojourn.p99",
		"exponential: load.shoppers.confirmed.latency.p99",
	}},
	{"one-to-many", "no crash", []string{"faults:\n  - {at: 1min, for: 30s, crash: archive}\n", ""}, []string{
		"in-turn: load.customers.failed",
		"parallel: load.customers.failed",
		"publish: queue.bus/moved/archive.depth.max",
	}},
	{"one-to-many", "a short queue", []string{"{topics: {moved: {}}}", "{topics: {moved: {max_length: 100}}}"}, []string{
		"publish: link.office->bus.sent",
		"publish: load.customers.failed",
		"publish: queue.bus/moved/archive.depth.max",
	}},
	{"priority", "all alike", []string{"discipline: priority", "discipline: fifo"}, []string{
		"priority: load.urgent.confirmed.latency.mean within",
	}},
	{"priority", "the urgent are last", []string{"priority: 0", "priority: 2"}, []string{
		"priority: load.urgent.confirmed.latency.mean within",
		"priority: load.normal.confirmed.latency.mean",
		"preemptive: load.urgent.confirmed.latency.mean",
		"preemptive: load.normal.confirmed.latency.mean",
	}},
	{"overload-order", "no burst", []string{"peak=100/s", "peak=20/s"}, []string{
		"fifo: load.clients.failed.timeout",
		"fifo: load.clients.completed.ratio",
		"lifo: load.clients.failed.timeout",
		"patience: load.clients.failed.expired",
		"short: load.clients.failed.rejected",
		"patience: load.clients.confirmed.latency.p99",
		"short: load.clients.confirmed.latency.max",
	}},
	{"overload-order", "patient clients", []string{"timeout: 2s", "timeout: 2min"}, []string{
		"fifo: load.clients.failed.timeout",
		"fifo: load.clients.completed.ratio",
		"lifo: load.clients.failed.timeout",
		"lifo: load.clients.confirmed.latency.p95",
	}},
	{"cancellation", "nobody cancels", []string{", cancel: true", ""}, []string{
		"cancel: service.index.utilization",
		"cancel: load.readers.completed.ratio",
		"cancel: load.readers.confirmed.latency.max",
		"cancel: service.index.cancelled",
	}},
	{"cancellation", "no slow queries", []string{"10: 5s", "10: 20ms"}, []string{
		"late: service.index.busy.mean",
		"late: load.readers.completed.ratio",
		"shrunk: load.readers.completed.ratio",
		"late: service.search.thread_seconds.blocked",
		"cancel: service.index.utilization",
		"cancel: load.readers.completed.ratio",
	}},
	{"hard-deadline", "a smaller diary", []string{"batch: 100", "batch: 3"}, []string{
		"line: load.brakes.failed.deadline",
		"line: load.diary.confirmed.latency.max",
	}},
	{"hard-deadline", "no priority", []string{"discipline: priority", "discipline: fifo"}, []string{
		"first: load.brakes.completed.ratio",
		"first: load.brakes.confirmed.latency.max",
	}},
	{"first-results", "all of ten", []string{"need: 7", "need: 10"}, []string{
		"seven: load.readers.confirmed.latency.mean",
	}},
	{"first-results", "nothing before the end", []string{", reply]", "]"}, []string{
		"stream: load.readers.accepted.latency.mean",
	}},
	{"balancing", "all alike", []string{"factor: 5", "factor: 1"}, []string{
		"random: service.api.waiting.final",
		"in-turn: service.api.waiting.final",
		"random: load.clients.confirmed.latency.max",
		"two: load.clients.confirmed.latency.mean <",
	}},
	{"balancing", "two is one", []string{"balance: two-choices", "balance: random"}, []string{
		"two: service.api.waiting.max",
		"two: load.clients.confirmed.latency.mean <",
	}},
	{"fails-fast", "slow to fail", []string{"errors: api, instance: 4, rate: 100%", "slow: api, instance: 4, factor: 10"}, []string{
		"in-turn: load.clients.failed.ratio",
		"least-busy: load.clients.failed.ratio",
		"least-busy: service.api.waiting.max",
		"retry: load.clients.failed.ratio",
		"retry: load.clients.amplification",
		"ejected: health.api.ejections",
		"ejected: service.api.failed",
		"ejected: health.api.out.mean",
	}},
	{"fails-fast", "patient", []string{"failures: 5", "failures: 9"}, []string{"ejected: service.api.failed"}},
	{"fails-fast", "none is least busy", []string{"balance: least-busy", "balance: random"}, []string{
		"least-busy: load.clients.failed.ratio",
		"least-busy: service.api.waiting.max",
		"retry: load.clients.failed.ratio",
		"retry: load.clients.amplification",
	}},
	{"autoscaling", "slow again", []string{"interval: 5s, start_up: 5s", "interval: 15s, start_up: 60s"}, []string{"soon:"}},
	{"autoscaling", "nobody knew", []string{"min: 14", "min: 1"}, []string{"ahead:"}},
	{"handshakes", "kept", []string{"setup: 60ms, idle: 2s", "setup: 60ms, idle: 90s"}, []string{
		"short: bulkhead.shop->rates.opened.ratio",
		"short: load.clients.confirmed.latency.mean",
		"short: load.clients.confirmed.latency.p50",
		"spread: bulkhead.shop->rates.opened.ratio",
		"spread: load.clients.confirmed.latency.mean",
	}},
	{"handshakes", "kept by nobody", []string{"idle: 90s", "idle: 2s"}, []string{
		"long: bulkhead.shop->rates.opened",
		"long: load.clients.confirmed.latency.p50",
	}},
	{"cache", "each for itself", []string{"single_flight: true", "single_flight: false"}, []string{
		"single: service.db.arrived == 6",
		"single: service.db.arrived == 20",
		"single: service.db.waiting.max",
	}},
	{"cache", "one page", []string{"key: page, ", ""}, []string{
		"single: service.db.arrived",
		"plain: service.db.arrived",
	}},
	{"nested-pool", "two too few", []string{"workers: 21", "workers: 20"}, []string{
		"twenty-one: load.threads.failed",
		"twenty-one: load.threads.confirmed.latency.max",
		"twenty-one: load.threads.throughput",
	}},
	{"nested-pool", "one too many", []string{"workers: 20}", "workers: 21}"}, []string{
		"twenty: load.threads.completed",
		"twenty: service.pool.blocked.final",
		"twenty: load.threads.failed.deadline",
	}},
}
