package scenarios_test

// What theory says about the scenarios of ways to communicate, with other numbers
// than those of the files.

import (
	"fmt"
	"testing"

	"asynclab/sim"
)

// TestTheoryPolling: half an interval of waiting, and one empty poll for each whole
// interval of the work.
func TestTheoryPolling(t *testing.T) {
	t.Parallel()
	s := libraryScenario(t, "polling", "uniform(4s, 8s)", "uniform(1s, 5s)", "faults:\n  - {at: 60.1s, for: 10s, crash: shop}\n", "")
	l := replicated(t, s, nil)
	l.near("callback", "load.customers.confirmed.latency.mean", 3.031, 0)
	l.near("long", "load.customers.confirmed.latency.mean", 3.031, 0)
	// Where the interval does not go into the work: of 1 to 2 s, 2 to 4 s and 4 to 5 s, all
	// found at the end of theirs.
	l.near("poll", "load.customers.confirmed.latency.mean", 0.031+0.25*2+0.5*4+0.25*6, 0)
	l.near("often", "load.customers.confirmed.latency.mean", 0.031+3+0.5, 0)
	l.near("poll", "edge.shop/buy->provider/result.failed.error", 360*(0.25*0+0.5*1+0.25*2), 0)
	l.near("often", "edge.shop/buy->provider/result.failed.error", 360*(1+2+3+4)/4, 0)
	l.exact("poll", "load.customers.failed", 0, 0)
}

// TestTheorySubscription: a subscriber that stands still for T leaves rate x T with
// whoever keeps its line, and that is what a crash of the sender costs.
func TestTheorySubscription(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{10, 40} {
		s := libraryScenario(t, "direct-subscription", "for: 1min, pause", "for: 45s, pause", "constant(20/s)", fmt.Sprintf("constant(%g/s)", rate))
		l := replicated(t, s, func(c *sim.Settings) { c.Replications = 2 })
		l.exact("tell", "bulkhead.prices->archive.waiting.max", rate*45, 0)
		l.exact("one-line", "service.prices.waiting.max", rate*45, 0)
		l.exact("broker", "queue.bus/news/archive.depth.max", rate*45+1, 0)
		l.exact("crash", "service.archive.completed", rate*(170-1-30), 1)
		l.exact("spared", "service.archive.completed", rate*(170-1)+1, 1)
		l.exact("tell", "load.market.confirmed.latency.max", 0.005, 1e-9)
	}
}
