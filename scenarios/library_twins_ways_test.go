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
}
