package scenarios_test

// twinsOfEffects are of scenarios about loads, lines and retries.
var twinsOfEffects = []libraryTwin{
	{"retry-storm", "less load", []string{"poisson(30/s)", "poisson(14/s)"}, []string{
		"storm: load.clients.completed.ratio == 0%",
		"storm: load.clients.attempts",
		"storm: service.api.busy.mean",
		"backoff: load.clients.completed.ratio",
		"backoff: load.clients.attempts",
	}},
	{"retry-storm", "a breaker that never opens", []string{"failures: 5,", "failures: 20000,"}, []string{
		"guarded: load.clients.completed.ratio",
		"guarded: breaker.clients->api.opened",
	}},
	{"retry-storm", "a longer line", []string{"queue: 25}", "queue: 500}"}, []string{
		"short: load.clients.completed.ratio",
	}},
}
