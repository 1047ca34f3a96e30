package scenarios_test

// twinsOfFaults are of scenarios about links and crashes.
var twinsOfFaults = []libraryTwin{
	{"half-cut", "only requests are lost", []string{"cut: pay -> shop", "cut: shop -> pay"}, []string{
		"back: service.pay.completed",
		"again: service.pay.duplicates",
	}},
	{"half-cut", "no cut", []string{"for: 30s, cut", "for: 1ms, cut"}, []string{
		"both: load.customers.failed",
		"there: load.customers.failed",
		"back: load.customers.failed",
		"again: load.customers.failed",
		"again: service.pay.duplicates",
	}},
	{"lossy-link", "more is lost", []string{"loss: 5%", "loss: 10%"}, []string{
		"raw: load.clients.completed.ratio",
		"retry: load.clients.amplification",
		"retry: load.clients.confirmed.latency.mean",
		"resend: load.clients.confirmed.latency.mean",
		"stream: load.clients.confirmed.latency.mean",
	}},
	{"lossy-link", "the order is not kept", []string{", order: fifo", ""}, []string{
		"stream: load.clients.confirmed.latency.mean",
	}},
	{"availability", "longer repairs", []string{"exp(1s)", "exp(3s)"}, []string{
		"chain: service.shop.instances.mean",
		"chain: load.customers.completed.ratio",
		"spare: load.customers.completed.ratio",
		"queues: load.customers.accepted.ratio",
	}},
	{"availability", "messages that do not wait", []string{"{orders: {}, taken: {}}", "{orders: {ttl: 100ms}, taken: {ttl: 100ms}}"}, []string{
		"queues: load.customers.completed",
	}},
	{"failover", "no accident", []string{"for: 1min, host_crash", "for: 1ms, host_crash"}, []string{
		"alone: load.west-readers.failed.timeout",
		"ask-both: load.west-readers.confirmed.latency.mean",
		"guarded: load.west-readers.confirmed.latency.mean",
		"guarded: breaker.door->west.opened",
		"guarded: service.east.busy.mean",
		"ask-both: service.door.busy.mean",
	}},
	{"failover", "too patient a breaker", []string{"failures: 5,", "failures: 5000,"}, []string{
		"guarded: load.west-readers.confirmed.latency.mean",
		"guarded: breaker.door->west.opened",
		"ask-both: service.door.busy.mean",
	}},
}
