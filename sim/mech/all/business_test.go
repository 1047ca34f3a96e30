package all_test

import (
	"math"
	"testing"
	"time"

	"asynclab/scenarios/audited"
)

// want is a metric's value, and how far it may be away.
type want struct {
	metric      string
	value, away float64
}

func agrees(t *testing.T, what string, length time.Duration, all []want, text string, args ...any) {
	t.Helper()
	r := audited.Start(t, text, args...)
	audited.Until(t, r, length, 100)
	for _, w := range all {
		if got := audited.Value(t, r, w.metric); math.Abs(got-w.value) > w.away+1e-9 {
			t.Errorf("%s: %s is %v, want %v ± %v", what, w.metric, got, w.value, w.away)
		}
	}
}

// How long a two-phase commit blocks. The coordinator of x begins at 1 s: votes until 1.005 s, the
// decision is on disk at 1.055 s, and both have done it at 1.06 s. An operation y of another
// coordinator wants the same row from some time on: it needs 60 ms once it has it. A
// coordinator that is down for D with votes in its hand blocks it for D longer.
func TestTwoPhaseCommitBlocks(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 30s}
load:
  x: {to: c/sell, arrivals: constant(1/s), start: 1s, count: 1}
  y: {to: d/sell, arrivals: constant(1/s), start: %s, count: 1}
services:
  c: {workers: 9, on_crash: resume, on: {sell: [{parallel: [[call: bank/prepare], [call: stock/prepare]]}, work: 50ms, {parallel: [[{call: bank/commit, retry: {attempts: unlimited, backoff: 100ms}}], [{call: stock/commit, retry: {attempts: unlimited, backoff: 100ms}}]]}]}}
  d: {workers: 9, on: {sell: [{parallel: [[call: bank/prepare], [call: stock/prepare]]}, work: 50ms, {parallel: [[call: bank/commit], [call: stock/commit]]}]}}
  bank: {workers: 9, on: {prepare: [work: 5ms], commit: [work: 5ms]}}
  stock: {workers: 9, stores: {goods: {lives: disk, counters: [sold]}}, on: {prepare: [{lock: goods, for: operation, patience: none}, work: 5ms], commit: [work: 5ms, count: goods.sold, unlock: goods]}}
faults: [%s]
`
	for _, c := range []struct {
		what, y, fault string
		x, yLatency    float64
	}{
		{"nobody crashes", "1.01s", "", .06, 1.06 + .06 - 1.01},
		{"the coordinator, before it has the votes", "1.01s", "{at: 1.002s, for: 10s, crash: c}", 10.057, 11.057 + .06 - 1.01},
		{"the coordinator, with the votes in its hand", "1.01s", "{at: 1.03s, for: 10s, crash: c}", 10.06, 10 + 1.06 + .06 - 1.01},
		{"the coordinator, when the decision is on its way: nobody waits for it", "1.01s", "{at: 1.057s, for: 10s, crash: c}", 10.057, 1.06 + .06 - 1.01},
		// The decision is told again each tenth of a second until 2.055 s; the vote holds the row meanwhile.
		{"a participant that has voted", "2.03s", "{at: 1.02s, for: 1s, crash: stock}", 1.06, 2.06 + .06 - 2.03},
		// What it was doing when it crashed is gone with its lock: there is no commit, and nothing is held.
		{"a participant, when it does it", "3s", "{at: 1.058s, for: 1s, crash: stock}", 1.063, .06}, // told again at 1.058 s + n · 100 ms, of which that of 2.058 s is heard
	} {
		agrees(t, c.what, 30*time.Second, []want{{"load.x.confirmed.latency.max", c.x, 0}, {"load.y.confirmed.latency.max", c.yLatency, 0}, {"counter.stock/goods/sold.value.final", 2, 0}, {"store.stock/goods.locked.final", 0, 0}}, text, c.y, c.fault)
	}
}

// An outbox that is read each second: an event waits for half of one, in the mean. What
// crashes does not lose any, and the inbox does each once.
func TestOutbox(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 2min}
load: {x: {to: shop/order, arrivals: constant(20/s), stop: 100s, deadline: none, confirm: mail/write}}
services:
  shop: {workers: unlimited, on_crash: resume, stores: {orders: {lives: disk, counters: [placed]}}, on: {order: [work: 5ms, count: orders.placed, reply, delay: "uniform(0s, 1s)", {publish: bus/events, confirm: true, timeout: 1s, retry: {attempts: unlimited, backoff: 1s}}]}}
  mail: {workers: 40, consumes: {bus/events: write}, stores: {sent: {key: operation, lives: disk, counters: [mails]}}, on: {write: [{count: sent.mails, when: not sent}, work: 10ms]}}
brokers: {bus: {reconnect: {backoff: 1s, jitter: none}, queues: {events: {durable: true}}}}
faults: [%s]
`
	agrees(t, "nobody crashes", 2*time.Minute, []want{
		{"load.x.confirmed.latency.mean", .005 + .5 + .01, 4 * math.Sqrt(1./12/2000)}, // standard errors of 2,000 uniform waits
		{"counter.shop/orders/placed.value.final", 2000, 0}, {"store.mail/sent.rows.final", 2000, 0}, {"queue.bus/events.redelivered", 0, 0},
	}, text, "")
	// Orders are refused for the second in which the shop is down: 20 of them. All others are mailed, each once.
	agrees(t, "all crash", 2*time.Minute, []want{
		{"load.x.failed.refused", 20, 0}, {"load.x.completed", 1980, 0},
		{"counter.shop/orders/placed.value.final", 1980, 0}, {"store.mail/sent.rows.final", 1980, 0}, {"counter.mail/sent/mails.value.final", 1980, 0},
	}, text, "{at: 30.01s, for: 10s, crash: bus}, {at: 60.02s, for: 1s, crash: shop}, {at: 90.01s, for: 1s, crash: mail}")
}

// Adapters in front of a service, in order: a log of 2 ms, a look at the key of 3 ms, a limit of
// 5/s, a change of version of 4 ms. Ten operations a second, 4 of 10 without a key: those cost
// the first two and are refused; of 6/s with one a token is there for 5/s, and for five more at first.
func TestAdapters(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 100s}
load:
  good: {to: gateway/get, arrivals: constant(6/s), attributes: {key: [good]}}
  bad: {to: gateway/get, arrivals: constant(4/s), start: 37ms, attributes: {key: [none]}}
services:
  gateway: {workers: 100, on: {get: [{work: 2ms, name: log}, {work: 3ms, name: look}, {fail: , when: key == none}, {call: gate/get, limit: {rate: 5/s, burst: 5}}]}}
  gate: {workers: 100, on: {get: [{work: 4ms, name: version}, call: api/get]}}
  api: {workers: 100, on: {get: [work: 20ms]}}
`
	agrees(t, "adapters", 100*time.Second, []want{
		{"load.bad.failed.error", 400, 0}, {"load.bad.failed.latency.max", .005, 0},
		{"load.good.confirmed.latency.max", .002 + .003 + .004 + .02, 0}, {"load.good.confirmed.latency.mean", .029, 0},
		{"load.good.completed", 504, 1}, {"load.good.failed.limited", 96, 1}, {"service.api.arrived", 504, 1},
		{"service.gateway.utilization", (10*.005 + 5.04*.024) / 100, 1e-5}, // a worker is held while the call is out
	}, text)
}
