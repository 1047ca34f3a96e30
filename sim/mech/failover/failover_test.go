package failover_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/audited"
	"asynclab/sim/engine"
)

const text = `
version: 1
name: one
run: {duration: 40s}
load: {x: {to: shop/h, arrivals: {constant: 10/s}, start: 50ms, deadline: none, timeout: none}}
services:
  shop: {workers: unlimited, %s, on: {h: [{call: eu/h, failover: %s, %s}]}}
  eu: {workers: unlimited, on: {h: [work: 1ms]}}
  us: {workers: unlimited, on: {h: [work: 1ms]}}
  asia: {workers: unlimited, on: {h: [work: 1ms]}}
faults: [%s]
`

func run(t *testing.T, shop, failover, call, faults string) *engine.Run {
	t.Helper()
	r := audited.Start(t, text, shop, failover, call, faults)
	audited.Until(t, r, 40*time.Second, 80)
	return r
}

// Ten calls a second, at 50 ms, 150 ms …, and eu refuses them from 10 to 20 s: those of
// 10.05, 10.15 and 10.25 s fail; eu is then left alone for 5 s. That of 15.25 s is a probe,
// which fails, that of 20.25 s one that succeeds: from 10.25 to 20.25 s shop asks us.
func TestFirstTargetThatIsUp(t *testing.T) {
	const down = "{at: 10s, for: 10s, crash: eu}"
	for _, c := range []struct {
		what, shop, failover, call, faults string
		want                               map[string]float64
	}{
		{"noticed, probed, and back", "instances: 1", "{to: [us/h], hold: 5s}", "timeout: none", down, map[string]float64{
			"load.x.failed.refused": 4, "service.us.arrived": 98, "failover.shop->eu/h.elsewhere": 98, "failover.shop->eu/h.switches": 2,
			"failover.shop->eu/h.probes": 2, "failover.shop->eu/h.away.mean": 10.001 / 40, "edge.shop/h->eu/h.calls": 400, "load.x.degraded": 0,
		}},
		{"a retry makes up for what it takes to notice", "instances: 1", "{to: [us/h], hold: 5s, failures: 1}", "retry: {attempts: 2}", down, map[string]float64{
			"load.x.failed": 0, "load.x.goodput.ratio": 1, "service.us.arrived": 100, "edge.shop/h->eu/h.attempts": 402, // at 10.05 and 15.05 s
		}},
		{"every instance finds out by itself", "instances: 2", "{to: [us/h], hold: 5s}", "timeout: none", down, map[string]float64{
			"load.x.failed.refused": 8, "failover.shop->eu/h.switches": 4, "failover.shop->eu/h.away.max": 2,
		}},
		{"the third where the second is down, too", "instances: 1", "{to: [us/h, asia/h], hold: 1m}", "timeout: none", down + ", {at: 10s, crash: us}", map[string]float64{
			"load.x.failed.refused": 6, "service.asia.arrived": 400 - 100 - 6, "failover.shop->eu/h.switches": 2,
		}},
		{"the first where all are down: a probe at a time", "instances: 1", "{to: [us/h], hold: 1m}", "timeout: none", down + ", {at: 10s, crash: us}", map[string]float64{
			"load.x.failed.refused": 100, "service.us.arrived": 0, "service.eu.arrived": 300, "failover.shop->eu/h.away.final": 0,
		}},
		{"each target has its own breaker", "instances: 1", "{to: [us/h], failures: 2, hold: 5s}", "breaker: {failures: 2, open: 1s}", down, map[string]float64{
			"load.x.failed.refused": 3, "breaker.shop->eu.opened": 2, "breaker.shop->us.opened": 0,
		}},
	} {
		r := run(t, c.shop, c.failover, c.call, c.faults)
		for name, want := range c.want {
			if got := audited.Value(t, r, name); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %v, want %v", c.what, name, got, want)
			}
		}
	}
}

// A load is a caller, too; a crash of a caller forgets what it knew.
func TestCallers(t *testing.T) {
	const clients = `
version: 1
name: one
run: {duration: 40s}
load: {x: {to: eu/h, arrivals: {constant: 10/s}, start: 50ms, deadline: none, timeout: none, failover: us/h}}
services:
  eu: {workers: unlimited, on: {h: [work: 1ms]}}
  us: {workers: unlimited, on: {h: [work: 1ms]}}
faults: [{at: 10s, for: 20s, crash: eu}]
`
	r := audited.Start(t, clients) // left alone for 30 s, from 10.25 s on
	audited.Until(t, r, 40*time.Second, 40)
	for name, want := range map[string]float64{"load.x.failed.refused": 3, "service.us.arrived": 297, "failover.x->eu.away.final": 1} {
		if got := audited.Value(t, r, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	r = run(t, "instances: 1", "{to: [us/h], hold: 1h}", "timeout: none", "{at: 10s, for: 10s, crash: eu}, {at: 25s, for: 1ms, crash: shop}")
	for name, want := range map[string]float64{"service.us.arrived": 150 - 3, "failover.shop->eu/h.away.mean": 14.75 / 40} {
		if got := audited.Value(t, r, name); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for failover, want := range map[string]string{
		"{to: [eu/h]}":                            "eu/h is there twice",
		"{to: [us/other]}":                        "us has no handler",
		"{to: [mars/h]}":                          "there is no service or broker \"mars\"",
		"{to: [us/h], failures: 0}":               "failures",
		"{hold: 3s}":                              "to",
		"{to: [us/h], interval: 1s, timeout: 2s}": "a check would still wait",
	} {
		_, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "instances: 1", failover, "timeout: none", ""))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", failover, err, want)
		}
	}
}

// Checks each second from 1 s on: of what goes at 10 s the one at that moment knows, so that
// nothing is lost; of what is back at 20 s the one at 20 s.
func TestChecks(t *testing.T) {
	const checked = "{to: [us/h], failures: 1, hold: 5s, interval: 1s, timeout: 300ms}"
	for _, c := range []struct {
		what, failover, faults string
		want                   map[string]float64
	}{
		{"down: nothing is lost", checked, "{at: 10s, for: 10s, crash: eu}", map[string]float64{
			"load.x.failed": 0, "service.us.arrived": 100, "failover.shop->eu/h.switches": 2, "failover.shop->eu/h.away.mean": 10. / 40,
			"failover.shop->eu/h.probes": 0, "failover.shop->eu/h.checks": 2 * 39, "failover.shop->eu/h.failed": 10}}, // at 10, 11 … 19 s
		{"not before its hold is over", checked, "{at: 10s, for: 2s, crash: eu}", map[string]float64{
			"load.x.failed": 0, "service.us.arrived": 50, "failover.shop->eu/h.failed": 2}},
		{"three of them: those of 2 s are lost, or two attempts before", "{to: [us/h], failures: 30, interval: 1s, hold: 1s}", "{at: 10s, for: 10s, crash: eu}", map[string]float64{
			"load.x.failed.refused": 30, "failover.shop->eu/h.switches": 2}}, // 30 attempts until 12.95 s
		// The check of 10 s has no answer until 10.3 s: those of 10.05, 10.15 and 10.25 s are lost.
		{"silent", "{to: [us/h], failures: 1, hold: 5s, interval: 1s, timeout: 300ms, on: [error]}", "{at: 10s, for: 10s, host_crash: eu}", map[string]float64{
			"load.x.failed": 3, "service.us.arrived": 97, "failover.shop->eu/h.failed": 10}},
		{"a pause shorter than the timeout", checked, "{at: 9.9s, for: 300ms, pause: eu}", map[string]float64{
			"failover.shop->eu/h.failed": 0, "service.us.arrived": 0, "load.x.completed": 400}},
		// The check of 10 s is lost with the host, which is there again before its timeout: away from 10.3 s until the check of 16 s.
		{"a host gone for less than the timeout", "{to: [us/h], failures: 1, hold: 5s, interval: 1s, timeout: 300ms, on: [error]}", "{at: 9.9s, for: 300ms, host_crash: eu}", map[string]float64{
			"failover.shop->eu/h.failed": 1, "service.us.arrived": 57, "failover.shop->eu/h.switches": 2}},
		{"behind a cut", "{to: [us/h], failures: 1, hold: 5s, interval: 1s, timeout: 300ms, on: [error]}", "{at: 10s, for: 10s, cut: shop -> eu}", map[string]float64{
			"load.x.failed": 3, "service.us.arrived": 97}},
		{"the other is down: nobody asks it", checked, "{at: 9.5s, for: 20s, crash: us}", map[string]float64{
			"load.x.completed": 400, "failover.shop->eu/h.switches": 0, "failover.shop->eu/h.failed": 20}},
		{"nobody asks while the caller is down", checked, "{at: 9.5s, for: 2s, crash: shop}", map[string]float64{
			"failover.shop->eu/h.checks": 2 * (9 + 29)}}, // until 9 s, and from 11.5 s on
	} {
		r := run(t, "instances: 1", c.failover, "timeout: 10s", c.faults)
		for name, want := range c.want {
			if got := audited.Value(t, r, name); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %s is %v, want %v", c.what, name, got, want)
			}
		}
	}
}

// A second broker takes what the first cannot. Its own queue has it, and one reader reads both.
func TestBrokers(t *testing.T) {
	const brokers = `
version: 1
name: one
run: {duration: 40s}
load: {x: {to: %s, arrivals: {constant: 10/s}, start: 50ms, deadline: none, timeout: 10s%s}}
services:
  shop: {workers: unlimited, on: {h: [{publish: a/q, confirm: true, timeout: 10s, failover: %s}]}}
  mail: {workers: unlimited, consumes: {a/q: h, b/q: h}, on: {h: [work: 1ms]}}
brokers: {a: {reconnect: {backoff: 1s, jitter: none}, queues: {q: {durable: true}}}, b: {queues: {q: {durable: true}}}}
faults: [%s]
`
	const down = "{at: 10s, for: 10s, crash: a}"
	for _, c := range []struct {
		what, to, load, failover, faults string
		want                             map[string]float64
	}{
		{"noticed by attempts, probed, and back", "shop/h", "", "{to: [b/q], hold: 5s}", down, map[string]float64{ // as of services
			"load.x.failed.refused": 4, "queue.b/q.published": 98, "service.mail.completed": 400 - 4}},
		{"noticed by checks", "shop/h", "", "{to: [b/q], hold: 5s, failures: 1, interval: 1s}", down, map[string]float64{
			"load.x.failed": 0, "queue.b/q.published": 100, "queue.a/q.published": 300, "service.mail.completed": 400}},
		// Its host is back at 20 s, and knows nothing of the three.
		{"silent, noticed by checks", "shop/h", "", "{to: [b/q], hold: 5s, failures: 1, interval: 1s, timeout: 300ms}", "{at: 10s, for: 10s, host_crash: a}", map[string]float64{
			"load.x.failed.refused": 3, "queue.b/q.published": 97}},
		{"a load is a publisher, too", "a/q", ", failover: {to: [b/q], hold: 5s}", "b/q", down, map[string]float64{
			"load.x.failed.refused": 4, "queue.b/q.published": 98, "service.mail.completed": 400 - 4}},
	} {
		r := audited.Start(t, brokers, c.to, c.load, c.failover, c.faults)
		audited.Until(t, r, 40*time.Second, 80)
		for name, want := range c.want {
			if got := audited.Value(t, r, name); got != want {
				t.Errorf("%s: %s is %v, want %v", c.what, name, got, want)
			}
		}
	}
}

// A cache stands before all targets: an answer is fresh for 900 ms, so that one call of ten is
// made, at 50 ms, 1.05 s and so on; those of 10.05 to 12.05 s find eu down, as the first of
// their second, and the nine behind each, who find nothing to be fresh.
func TestCacheBeforeTargets(t *testing.T) {
	r := run(t, "instances: 1", "{to: [us/h], failures: 1, interval: 1s, hold: 5s}", "cache: {ttl: 950ms}", "{at: 10s, for: 10s, crash: eu}")
	for name, want := range map[string]float64{
		"load.x.completed": 400, "service.eu.arrived": 30, "service.us.arrived": 10, "cache.shop->eu/h.hits": 360, "cache.shop->eu/h.misses": 40,
	} {
		if got := audited.Value(t, r, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// Two regions do 100/s each, and have 60/s to do. While the east is down, from 10 to 20 s,
// checks send its own to the west, where 20/s more come than it can do: 200 wait at the end,
// who are done after another 200/40 s.
func TestSurge(t *testing.T) {
	const regions = `
version: 1
name: one
run: {duration: 40s}
load:
  x: {to: east/h, arrivals: {constant: 60/s}, deadline: none, timeout: none, failover: {to: [west/h], failures: 1, interval: 1s, hold: 1s}}
  y: {to: west/h, arrivals: {constant: 60/s}, deadline: none, timeout: none, failover: {to: [east/h], failures: 1, interval: 1s, hold: 1s}}
services:
  east: {workers: 1, queue: unlimited, on: {h: [work: 10ms]}}
  west: {workers: 1, queue: unlimited, on: {h: [work: 10ms]}}
faults: [{at: 10s, for: 10s, crash: east}]
`
	r := audited.Start(t, regions)
	for _, c := range []struct {
		at      time.Duration
		waiting float64 // in front of the west
	}{{12 * time.Second, 40}, {15 * time.Second, 100}, {20 * time.Second, 200}, {22500 * time.Millisecond, 100}, {25200 * time.Millisecond, 0}} {
		audited.Until(t, r, c.at, 5)
		if got := audited.Value(t, r, "service.west.waiting.final"); math.Abs(got-c.waiting) > 2 {
			t.Errorf("at %v there are %v in front of the west, want %v", c.at, got, c.waiting)
		}
	}
	audited.Until(t, r, 40*time.Second, 5)
	if got := audited.Value(t, r, "load.x.failed"); got > 1 { // who was in hand
		t.Errorf("%v failed", got)
	}
	if got := audited.Value(t, r, "load.x.confirmed.latency.max"); math.Abs(got-2) > .03 {
		t.Errorf("the longest was %v s, want 200 before it, of 10 ms each", got)
	}
}
