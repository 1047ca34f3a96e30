package scenarios_test

import (
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
)

// TestLibraryFindings: the first finding of each design is what its scenario is about;
// designs in which all is well have none.
func TestLibraryFindings(t *testing.T) {
	if raceEnabled {
		t.Skip("a run has no goroutines; the race detector makes it twenty times slower")
	}
	for _, e := range scenarios.Library() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			r := libraryRun(t, libraryScenario(t, e.Name), func(c *sim.Settings) { c.Findings, c.Expect = true, nil })
			for _, d := range r.Designs {
				name, first := e.Name+"/"+d.Name, ""
				if len(d.Findings) > 0 {
					first = d.Findings[0].ID + " " + d.Findings[0].Element
				}
				if want := libraryFindings[name]; first != want {
					t.Errorf("%s: found %q first, want %q: see the line of libraryFindings", name, first, want)
					for i := range d.Findings {
						t.Log(d.Findings[i].ID, d.Findings[i].Text())
					}
				}
			}
		})
	}
}

// libraryFindings are the kind and the element of the first findings, by scenario and
// design.
var libraryFindings = map[string]string{
	"async-api/call":             "fault fault.crash-checker",
	"async-api/message":          "fault fault.crash-checker",
	"autoscaling/fixed":          "saturated service.web",
	"autoscaling/late":           "saturated service.web",
	"autoscaling/soon":           "saturated service.web",
	"availability/chain":         "fault fault.crash-stock",
	"availability/queues":        "fault fault.crash-shop",
	"availability/spare":         "fault fault.crash-shop",
	"balancing/in-turn":          "fault fault.slow-api",
	"balancing/random":           "fault fault.slow-api",
	"broker-crash/call":          "fault fault.pause-worker",
	"broker-crash/confirm":       "fault fault.pause-worker",
	"broker-crash/durable":       "fault fault.pause-worker",
	"broker-crash/memory":        "fault fault.crash-bus",
	"bug-fix/called":             "fault fault.errors-invoices",
	"bug-fix/dropped":            "fault fault.errors-invoices",
	"bug-fix/redrive":            "fault fault.set-service-clerk-workers",
	"bulkhead/bare":              "fault fault.slow-pay",
	"bulkhead/guarded":           "fault fault.slow-pay",
	"bulkhead/patient":           "fault fault.slow-pay",
	"cache/none":                 "fault fault.crash-shop",
	"cache/plain":                "fault fault.errors-db",
	"cache/single":               "fault fault.errors-db",
	"cache/stale":                "fault fault.crash-shop",
	"callback/again":             "fault fault.crash-shop",
	"callback/call":              "fault fault.crash-shop",
	"callback/once":              "fault fault.crash-shop",
	"cancellation/late":          "saturated service.index",
	"cancellation/shrunk":        "saturated service.index",
	"circuit-breaker/bare":       "fault fault.pause-pay",
	"circuit-breaker/guarded":    "fault fault.pause-pay",
	"consumer-group/cooperative": "fault fault.crash-worker",
	"consumer-group/each":        "fault fault.crash-worker",
	"consumer-group/interval":    "fault fault.crash-worker",
	"consumer-order/one":         "saturated service.worker",
	"consumer-order/retry":       "saturated service.worker",
	"dominoes/broker":            "fault fault.slow-mail",
	"dominoes/chain":             "fault fault.slow-mail",
	"event-bus/called":           "fault fault.crash-shop",
	"event-bus/emitted":          "fault fault.crash-shop",
	"event-bus/queued":           "fault fault.crash-shop",
	"failover/alone":             "fault fault.host-crash-west",
	"failover/ask-both":          "fault fault.host-crash-west",
	"failover/guarded":           "fault fault.host-crash-west",
	"fails-fast/checks":          "fault fault.errors-api",
	"fails-fast/ejected":         "fault fault.errors-api",
	"fails-fast/in-turn":         "fault fault.errors-api",
	"fails-fast/least-busy":      "fault fault.errors-api",
	"fails-fast/retry":           "fault fault.errors-api",
	"full-queue/block":           "saturated service.store",
	"full-queue/oldest":          "saturated service.store",
	"full-queue/parked":          "saturated service.store",
	"full-queue/reject":          "saturated service.store",
	"full-queue/ttl":             "saturated service.store",
	"gateway/key-first":          "failing service.gateway",
	"gateway/limit-first":        "failing service.gateway",
	"half-cut/again":             "fault fault.cut-pay-shop",
	"half-cut/back":              "fault fault.cut-pay-shop",
	"half-cut/both":              "fault fault.cut-shop-pay",
	"half-cut/there":             "fault fault.cut-shop-pay",
	"hedging/budgeted":           "fault fault.slow-shard",
	"hedging/hedged":             "fault fault.slow-shard",
	"hedging/single":             "fault fault.slow-shard",
	"idempotency/keyed":          "lossy-link link.bank->shop",
	"idempotency/naive":          "lossy-link link.bank->shop",
	"idempotency/short":          "lossy-link link.bank->shop",
	"lossy-link/raw":             "lossy-link link.clients->api",
	"lossy-link/resend":          "lossy-link link.clients->api",
	"lossy-link/retry":           "lossy-link link.clients->api",
	"lossy-link/stream":          "lossy-link link.clients->api",
	"nested-pool/twenty":         "deadlock service.pool",
	"omission/closed":            "fault fault.pause-server",
	"omission/open":              "fault fault.pause-server",
	"one-to-many/in-turn":        "fault fault.crash-archive",
	"one-to-many/parallel":       "fault fault.crash-archive",
	"one-to-many/publish":        "fault fault.crash-archive",
	"orchestration/durable":      "fault fault.crash-flow",
	"orchestration/events":       "fault fault.crash-flow",
	"orchestration/memory":       "fault fault.crash-flow",
	"order-flow/broker":          "fault fault.crash-pay",
	"order-flow/chain":           "fault fault.crash-pay",
	"order-flow/hybrid":          "fault fault.crash-pay",
	"order-queue/automatic":      "fault fault.crash-worker",
	"order-queue/four":           "growing-queue queue.rabbit/orders",
	"order-queue/manual":         "fault fault.crash-worker",
	"order-queue/one":            "saturated service.worker",
	"order-queue/two":            "growing-queue queue.rabbit/orders",
	"out-of-order/rejects":       "failing service.shipping",
	"overload-order/fifo":        "saturated service.api",
	"overload-order/lifo":        "saturated service.api",
	"overload-order/patience":    "saturated service.api",
	"overload-order/short":       "saturated service.api",
	"peak-shaving/reject":        "saturated service.mill",
	"peak-shaving/shaved":        "saturated service.mill",
	"peak-shaving/timeout":       "saturated service.mill",
	"partitions/hot":             "saturated service.worker",
	"poison/dropped":             "failing service.shop",
	"poison/forever":             "failing service.shop",
	"poison/parked":              "failing service.shop",
	"known-systems/rabbit":       "fault fault.crash-packer",
	"known-systems/cloud":        "fault fault.crash-packer",
	"load-shedding/adaptive":     "saturated service.api",
	"load-shedding/bare":         "saturated service.api",
	"load-shedding/codel":        "saturated service.api",
	"load-shedding/controlled":   "saturated service.api",
	"load-shedding/deadline":     "saturated service.api",
	"rate-limit/limited":         "refusing limit.crawler->api",
	"rate-limit/open":            "saturated service.api",
	"retry-budget/budgeted":      "fault fault.errors-stock",
	"retry-budget/naive":         "fault fault.errors-stock",
	"retry-budget/throttled":     "fault fault.errors-stock",
	"retry-storm/backoff":        "retry-storm edge.clients->api/get",
	"retry-storm/guarded":        "fault fault.pause-api",
	"retry-storm/short":          "fault fault.pause-api",
	"retry-storm/single":         "fault fault.pause-api",
	"retry-storm/storm":          "retry-storm edge.clients->api/get",
	"staleness/events":           "fault fault.pause-search",
	"staleness/together":         "fault fault.pause-search",
	"strangler/at-once":          "fault fault.set-service-shop-on-buy-way-weight",
	"strangler/careful":          "fault fault.set-service-shop-on-buy-way-weight-4",
	"thundering-herd/at-once":    "refusing service.api",
	"thundering-herd/half":       "refusing service.api",
	"thundering-herd/spread":     "refusing service.api",
	"thundering-herd/together":   "refusing service.api",
	"tracing-outage/direct":      "fault fault.host-crash-tracer",
	"tracing-outage/queued":      "fault fault.host-crash-tracer",
	"own-sweep/killed":           "fault fault.crash-worker",
	"own-sweep/short":            "fault fault.crash-worker",
	"visibility/long":            "duplicates service.worker",
	"visibility/short":           "duplicates queue.cloud/jobs",
	"visibility/strict":          "duplicates queue.cloud/jobs",
	"window/lossy":               "lossy-link link.sender->receiver",

	// ways to communicate, transactions and whole systems
	"polling/callback":             "fault fault.crash-shop",
	"polling/poll":                 "fault fault.crash-shop",
	"polling/often":                "fault fault.crash-shop",
	"polling/long":                 "fault fault.crash-shop",
	"direct-subscription/one-line": "fault fault.pause-archive",
	"direct-subscription/broker":   "fault fault.pause-archive",
	"direct-subscription/crash":    "fault fault.crash-prices",
	"direct-subscription/spared":   "fault fault.pause-archive",
	"flooding/hub":                 "fault fault.crash-hub",
	"flooding/flood":               "fault fault.crash-d",
	"flooding/polite":              "fault fault.crash-d",
	"discovery/list":               "fault fault.crash-pay",
	"discovery/ask":                "fault fault.crash-pay",
	"discovery/keep":               "fault fault.crash-pay",
	"discovery/drop":               "fault fault.crash-pay",
	"discovery/leave":              "fault fault.crash-pay",
}
