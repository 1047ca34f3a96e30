package scenarios_test

// What theory says about the scenarios of ways to communicate, with other numbers
// than those of the files.

import (
	"testing"
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
