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
}
