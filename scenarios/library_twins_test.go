package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"asynclab/sim"
)

// libraryTwin is a scenario that is broken on purpose: pieces of its text are
// replaced, pairs of old and new. The expectations that have to fail are named by
// their beginnings; all others have to hold, because what they claim is still so.
type libraryTwin struct {
	scenario, broken string
	edits            []string
	fails            []string
}

func TestLibraryTwins(t *testing.T) {
	for _, twin := range slices.Concat(twins, twinsOfEffects, twinsOfMessages, twinsOfFaults, twinsOfWays) {
		t.Run(twin.scenario+"/"+strings.ReplaceAll(twin.broken, " ", "-"), func(t *testing.T) {
			t.Parallel()
			r := libraryRun(t, libraryScenario(t, twin.scenario, twin.edits...), func(s *sim.Settings) {
				if twin.broken == "automatic" && twin.scenario == "order-flow" {
					s.Replications = 8 // in a third of all runs pay has nothing in hand when it crashes
				}
			})
			used := make([]bool, len(twin.fails))
			for _, v := range r.Expectations {
				expected := false
				for i, prefix := range twin.fails {
					if strings.HasPrefix(v.Expect, prefix) {
						expected, used[i] = true, true
					}
				}
				switch {
				case v.Pass && expected:
					t.Errorf("holds in the broken twin: %s: %s", v.Expect, v.Detail)
				case !v.Pass && !expected:
					t.Errorf("fails in the broken twin: %s: %s", v.Expect, v.Detail)
				}
			}
			for i, u := range used {
				if !u {
					t.Errorf("no expectation begins with %q", twin.fails[i])
				}
			}
			if len(twin.fails) == 0 {
				t.Error("a broken twin has to fail")
			}
		})
	}
}

var twins = []libraryTwin{
	{"bench/mm1", "slow worker", []string{"work: exp(1s)", "work: exp(1.1s)"}, []string{
		"mm1: service.server.utilization",
		"mm1: load.clients.confirmed.latency.mean",
		"mm1: load.clients.confirmed.latency.p50",
		"mm1: load.clients.confirmed.latency.p99",
		"mm1: service.server.waiting.mean",
	}},
	{"bench/mm1", "two workers", []string{"workers: 1", "workers: 2"}, []string{
		"mm1: service.server.utilization",
		"mm1: load.clients.confirmed.latency.mean",
		"mm1: load.clients.confirmed.latency.p50",
		"mm1: load.clients.confirmed.latency.p99",
		"mm1: service.server.waiting.mean",
	}},
	{"bench/sync-chain", "slow c", []string{"work: exp(10ms)", "work: exp(12ms)"}, []string{
		"sync-chain: load.users.confirmed.latency.mean",
		"sync-chain: load.users.confirmed.latency.p50",
		"sync-chain: load.users.confirmed.latency.p99",
		"sync-chain: service.a.busy.mean",
		"sync-chain: service.a.blocked.mean",
		"sync-chain: service.c.busy.mean",
	}},
	{"bench/sync-chain", "too few workers", []string{"workers: 32", "workers: 3"}, []string{
		"sync-chain: load.users.confirmed.latency.mean",
		"sync-chain: load.users.confirmed.latency.p50",
		"sync-chain: load.users.confirmed.latency.p99",
		"sync-chain: service.a.busy.mean",
		"sync-chain: service.a.blocked.mean",
	}},
	{"bench/broker-flow", "automatic", []string{"ack: manual", "ack: automatic"}, []string{
		"broker-flow: queue.bus1/q1.redelivered.ratio",
		"broker-flow: queue.bus3/q3.redelivered.ratio",
		"broker-flow: load.users.failed",
	}},
	{"bench/broker-flow", "acknowledgements on the way", []string{"default: {latency: 0s}", "default: {latency: 1ms}"}, []string{
		"broker-flow: load.users.confirmed.latency.mean",
		"broker-flow: load.users.confirmed.latency.p50",
		"broker-flow: load.users.confirmed.latency.p99",
	}},
	{"sync-vs-async", "slow c", []string{"work: 30ms", "work: 60ms"}, []string{
		"http: load.client.confirmed.latency.mean",
		"http: load.client.confirmed.latency.max",
		"bus: load.client.confirmed.latency.mean ==",
		"bus: load.client.confirmed.latency.max",
		"http: service.a.busy.mean",
		"http: service.a.blocked.mean",
	}},
	{"sync-vs-async", "too few workers", []string{"a: {workers: 20}", "a: {workers: 3}"}, []string{
		"http: load.client.confirmed.latency.mean",
		"http: load.client.confirmed.latency.max",
		"bus: load.client.confirmed.latency.mean >",
		"http: service.a.busy.mean",
		"http: service.a.blocked.mean",
	}},
	{"sync-vs-async", "far away broker", []string{"{latency: 3ms}", "{latency: 30ms}"}, []string{
		"bus: load.client.accepted.latency.max",
		"bus: load.client.confirmed.latency.mean ==",
		"bus: load.client.confirmed.latency.max",
		"bus: load.client.accepted.latency.mean",
		"bus: service.a.busy.mean",
	}},
	{"order-flow", "no crash", []string{"faults:\n  - {at: 4min, for: 30s, crash: pay}\n", ""}, []string{
		"chain: load.shoppers.completed.ratio",
		"chain: load.shoppers.failed",
		"broker: load.shoppers.confirmed.latency.max",
		"broker: queue.bus/placed/pay.depth.max",
		"broker: queue.bus/placed/pay.drain_time",
	}},
	{"order-flow", "short queues", []string{"{durable: true}", "{durable: true, max_length: 500}"}, []string{
		"broker: load.shoppers.completed.ratio",
		"hybrid: load.shoppers.completed.ratio",
		"broker: load.shoppers.failed",
		"hybrid: load.shoppers.failed",
		"broker: queue.bus/placed/pay.depth.max",
		"broker: queue.bus/placed/pay.drain_time",
	}},
	{"order-flow", "slow payment", []string{"workers: 6 ", "workers: 2 "}, []string{
		"chain: load.shoppers.failed",
		"chain: load.shoppers.accepted.latency.mean",
		"broker: queue.bus/placed/pay.drain_time",
	}},
	{"order-flow", "automatic", []string{"prefetch: 2", "prefetch: 2, ack: automatic"}, []string{
		"broker: load.shoppers.failed",
		"hybrid: load.shoppers.failed",
	}},
	{"tracing-outage", "short queue", []string{"traces: {}", "traces: {max_length: 1000}"}, []string{
		"queued: queue.bus/traces.acked",
		"queued: service.tracer.completed",
		"queued: queue.bus/traces.depth.max",
		"queued: queue.bus/traces.drain_time",
	}},
	{"tracing-outage", "senders that wait for room", []string{
		"publish: bus/traces", "{publish: bus/traces, confirm: true}", "traces: {}", "traces: {max_length: 1000, when_full: block}",
	}, []string{
		"queued: load.shoppers.confirmed.latency.mean",
		"queued: load.shoppers.confirmed.latency.max",
		"queued: load.shoppers.failed",
		"queued: queue.bus/traces.published",
		"queued: queue.bus/traces.depth.max",
		"queued: queue.bus/traces.drain_time", // what returns from the silent machine makes the peak
	}},
	{"tracing-outage", "slow tracer", []string{"workers: 4 ", "workers: 1 "}, []string{
		"queued: queue.bus/traces.acked",
		"queued: service.tracer.completed",
		"queued: queue.bus/traces.drain_time",
		"calm: queue.bus/traces.depth.max",
	}},
	{"tracing-outage", "no outage", []string{"    faults:\n      - {at: 3min, for: 1min, host_crash: tracer}\n", ""}, []string{
		"queued: queue.bus/traces.depth.max",
		"queued: queue.bus/traces.drain_time",
		"direct: load.shoppers.confirmed.latency.p50",
		"direct: service.tracer.completed",
	}},
	{"tracing-outage", "automatic", []string{"prefetch: 10", "prefetch: 10, ack: automatic"}, []string{
		"queued: service.tracer.completed",
	}},
	{"order-queue", "automatic everywhere", []string{"prefetch: 5", "prefetch: 5, ack: automatic"}, []string{
		"manual: load.shop.completed",
		"manual: queue.rabbit/orders.redelivered",
		"manual: service.worker.duplicates",
	}},
	{"order-queue", "no crash", []string{"    faults:\n      - {at: 61s, for: 30s, crash: worker, instance: 2}\n", ""}, []string{
		"automatic: load.shop.failed.lost",
		"manual: queue.rabbit/orders.redelivered",
		"manual: service.worker.duplicates",
	}},
	{"order-queue", "slow consumers", []string{"handle: [work: 2s]", "handle: [work: 3s]"}, []string{
		"one: service.worker.completed.rate",
		"two: service.worker.completed.rate",
		"four: service.worker.completed.rate",
		"eight: service.worker.completed.rate",
		"one: load.shop.confirmed.latency.max",
		"two: load.shop.confirmed.latency.max",
		"four: load.shop.confirmed.latency.max",
		"eight: load.shop.confirmed.latency.max",
		"automatic: load.shop.failed.lost",
	}},
	{"peak-shaving", "quicker mill", []string{"workers: 5\n", "workers: 10\n"}, []string{
		"shaved: queue.bus/orders.depth.max",
		"shaved: queue.bus/orders.drain_time",
		"shaved: load.shoppers.confirmed.latency.max",
		"reject: load.shoppers.failed.rejected",
		"timeout: load.shoppers.failed.timeout",
		"timeout: load.shoppers.completed.ratio",
	}},
	{"peak-shaving", "short queue", []string{"{orders: {}}", "{orders: {max_length: 1000}}"}, []string{
		"shaved: queue.bus/orders.depth.max",
		"shaved: queue.bus/orders.drain_time",
		"shaved: load.shoppers.confirmed.latency.max",
		"shaved: load.shoppers.completed",
		"shaved: load.shoppers.failed",
		"timeout: service.mill.completed",
	}},
	{"peak-shaving", "patient callers", []string{"timeout: 2s", "timeout: 2min"}, []string{
		"timeout: load.shoppers.failed.timeout",
		"timeout: load.shoppers.completed.ratio",
	}},
	{"dominoes", "mail stays fast", []string{"factor: 500", "factor: 1"}, []string{
		"chain: load.shoppers.completed.ratio <=",
		"chain: service.web.blocked.mean",
		"chain: service.cart.blocked.mean",
		"chain: service.stock.blocked.mean",
		"chain: service.pay.blocked.mean",
		"chain: service.mail.completed.rate",
		"broker: queue.bus/to-mail.depth.max",
	}},
	{"dominoes", "more errors", []string{"errors: 1%", "errors: 3%"}, []string{
		"chain: load.shoppers.completed.ratio within 0.8%",
		"broker: load.shoppers.completed.ratio",
		"chain: load.shoppers.completed.ratio within 1%",
		"broker: load.shoppers.accepted.ratio",
		"broker: load.shoppers.failed",
	}},
	{"dominoes", "no redelivery", []string{"to-mail: {}", "to-mail: {max_deliveries: 1}", "to-pay: {}", "to-pay: {max_deliveries: 1}"}, []string{
		"broker: load.shoppers.completed.ratio",
		"broker: load.shoppers.failed",
	}},
	{"circuit-breaker", "too patient a breaker", []string{"failures: 5", "failures: 20000"}, []string{
		"guarded: service.shop.busy.max",
		"guarded: load.visitors",
		"guarded: breaker.shop->pay.opened",
		"guarded: load.buyers.failed.circuit_open",
		"guarded: service.pay.arrived",
	}},
	{"bulkhead", "too many slots", []string{"slots: 10}", "slots: 100}"}, []string{
		"guarded: bulkhead.shop->pay.held.max",
		"guarded: load.buyers.failed.no_capacity",
		"guarded: service.shop.waiting.max",
		"patient: service.shop.thread_seconds.blocked", // more than guarded
	}},
	{"bulkhead", "a line without end", []string{"wait: 2s, line: 20", "wait: none"}, []string{
		"patient: service.shop.waiting.max",
		"patient: bulkhead.shop->pay.waiting.max",
		"patient: load.buyers.completed",
	}},
	{"load-shedding", "an age without end", []string{"policy: codel", "age: 1min"}, []string{
		"codel: load.clients.completed.ratio",
	}},
	{"load-shedding", "too patient a target", []string{"target: 20ms", "target: 5s", "target: 300ms", "target: 30s"}, []string{
		"controlled: load.clients", "adaptive: load.clients.completed.ratio within",
	}},
	{"hedging", "a hedge that comes too late", []string{"after: 20ms}", "after: 1500ms}", "after: 20ms, budget", "after: 1500ms, budget"}, []string{
		"hedged: load.readers.confirmed.latency",
		"hedged: hedge.readers->shard.sent.ratio",
		"hedged: load.readers.failed",
		"budgeted: load.readers.confirmed.latency.p999",
	}},
	{"hedging", "a budget of every question", []string{"budget: 5%", "budget: 100%"}, []string{
		"budgeted: load.readers.failed",
	}},
	{"retry-budget", "a budget without a bottom", []string{"budget: {ratio: 20%}}}\n", "budget: {capacity: 1e6, ratio: 20%}}}\n", "budget: {ratio: 20%}}]", "budget: {capacity: 1e6, ratio: 20%}}]"}, []string{
		"budgeted: service.stock.arrived",
		"budgeted: load.clients.amplification",
		"budgeted: budget.shop->stock.denied > 0",
	}},
	{"rate-limit", "too large a bucket", []string{"burst: 40}", "burst: 4000}"}, []string{
		"limited: load.users.confirmed.latency.p99",
		"limited: load.crawler.completed",
	}},
	{"rate-limit", "no patience", []string{", wait: 60s", ", wait: 1s"}, []string{
		"shaped: load.crawler.failed",
		"shaped: load.crawler.confirmed.latency.max",
	}},
}
