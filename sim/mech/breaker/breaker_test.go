package breaker_test

import (
	"math"
	"testing"
	"time"

	"asynclab/scenarios/audited"
)

const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: constant(100/s), deadline: none, timeout: none, breaker: %s}}
services: {s: {workers: unlimited, on: {h: [work: 1ms]}}}
faults: [%s]
`

// 1,000 attempts come, the k-th at k·10 ms; one that is let through fails at once or is
// done a millisecond later: what the breaker does follows by hand.
func TestStates(t *testing.T) {
	const (
		dead   = "{at: 0s, for: 1h, errors: s, rate: 100%}"
		late   = "{at: 5s, for: 1h, errors: s, rate: 100%}"
		slowed = "{at: 5s, for: 1h, slow: s, factor: 8}"
	)
	for _, c := range []struct {
		what, breaker, fault string
		want                 map[string]float64
	}{
		{"after five failures in a row nobody asks", "{failures: 5, open: 1h}", dead, map[string]float64{
			"load.x.failed.error": 5, "load.x.failed.circuit_open": 995, "breaker.x->s.opened": 1, "breaker.x->s.refused": 995,
		}},
		// Open from 0.04 s to 1.04 s; that of 1.05 s is a probe and fails: one each 1.01 s, the ninth at 9.13 s.
		{"one failed probe a period", "{failures: 5, open: 1s}", dead, map[string]float64{
			"service.s.arrived": 5 + 9, "breaker.x->s.probes": 9, "breaker.x->s.opened": 1 + 9, "breaker.x->s.open.mean": (10 - 0.04 - 9*0.01) / 10,
		}},
		// For 1 s, 2 s, and no longer than 2.5 s: probes at 1.05, 3.06, 5.57 and 8.08 s.
		{"each time for longer", "{failures: 5, open: 1s, growth: 2, max_open: 2500ms}", dead, map[string]float64{
			"breaker.x->s.probes": 4, "breaker.x->s.opened": 5,
		}},
		// Probes at 1.05 s and 2.06 s fail, that of 3.07 s does not: three times a hundred were turned away.
		{"a good probe shuts it", "{failures: 5, open: 1s}", "{at: 0s, for: 2500ms, errors: s, rate: 100%}", map[string]float64{
			"load.x.failed.error": 5 + 2, "load.x.failed.circuit_open": 300, "breaker.x->s.probes": 3, "load.x.completed": 1000 - 307,
		}},
		{"three good ones in a row", "{failures: 1, open: 1s, probes: 3}", "{at: 0s, for: 500ms, errors: s, rate: 100%}", map[string]float64{
			"load.x.failed.circuit_open": 100, "breaker.x->s.probes": 3, "breaker.x->s.opened": 1,
		}},
		// Of the probes at 1.01 to 1.04 s two fail, a half; those from 2.05 s on do not.
		{"the share of four outcomes decides", "{failures: 1, open: 1s, outcomes: 4, rate: 50%}", "{at: 0s, for: 1025ms, errors: s, rate: 100%}", map[string]float64{
			"breaker.x->s.opened": 2, "breaker.x->s.probes": 8, "load.x.failed.error": 3,
		}},
		{"and fewer than the share do not open it", "{failures: 1, open: 1s, outcomes: 4, rate: 51%}", "{at: 0s, for: 1025ms, errors: s, rate: 100%}", map[string]float64{
			"breaker.x->s.opened": 1, "breaker.x->s.probes": 4, "load.x.failed.error": 3,
		}},
		{"half of the last 20 calls", "{calls: 20, rate: 50%, open: 1h}", late, map[string]float64{"load.x.failed.error": 10, "breaker.x->s.opened": 1}},
		{"a quarter of them", "{calls: 20, rate: 25%, open: 1h}", late, map[string]float64{"load.x.failed.error": 5}},
		{"not before ten are in the window", "{calls: 20, rate: 50%, open: 1h}", dead, map[string]float64{"load.x.failed.error": 10}},
		{"or thirty", "{calls: 40, min_calls: 30, rate: 50%, open: 1h}", dead, map[string]float64{"load.x.failed.error": 30}},
		// Nine whole tenths with ten calls each and c of the present one: 40 + c failures of 90 + c.
		{"half of those of a second", "{window: 1s, rate: 50%, open: 1h}", late, map[string]float64{"load.x.failed.error": 50}},
		{"45 % of them", "{window: 1s, rate: 45%, open: 1h}", late, map[string]float64{"load.x.failed.error": 41}},
		{"slow calls: eight of ten", "{calls: 10, slow: 5ms, slow_rate: 80%, open: 1h}", slowed, map[string]float64{"load.x.completed": 508, "load.x.failed.circuit_open": 492}},
		{"slow calls: none of so long", "{calls: 10, slow: 9ms, slow_rate: 80%, open: 1h}", slowed, map[string]float64{"breaker.x->s.opened": 0}},
		{"only what it is told to count", "{failures: 5, on: [timeout]}", dead, map[string]float64{"breaker.x->s.opened": 0, "load.x.failed.error": 1000}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := audited.Start(t, text, c.breaker, c.fault)
			audited.Until(t, r, 10*time.Second, 20)
			for name, want := range c.want {
				if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
}

// At most two probes are under way at a time: calls take 200 ms, and those that come from
// 5 s on are not answered.
func TestProbesAtATime(t *testing.T) {
	const slow = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: constant(100/s), deadline: none, timeout: 300ms, breaker: {failures: 3, open: 1s, probes: 2}}}
services: {s: {workers: unlimited, on: {h: [work: 200ms]}}}
faults: [{at: 5s, for: 1100ms, hang: s}]
`
	r := audited.Start(t, slow)
	audited.Until(t, r, 10*time.Second, 20)
	// The third timeout is that of 5.02 s, at 5.32 s; until 6.32 s a hundred are turned away. The probes of 6.33 and 6.34 s take
	// until 6.53 and 6.54 s, and 18 more are turned away; that of 6.53 s takes the place of the first, and the second shuts it.
	for name, want := range map[string]float64{"breaker.x->s.opened": 1, "breaker.x->s.probes": 3, "load.x.failed.circuit_open": 118} {
		if got := audited.Value(t, r, name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// A crash of the caller forgets what it knew: five more attempts find it out again. Each
// instance of a caller has its own.
func TestCallers(t *testing.T) {
	const chain = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: a/h, arrivals: constant(100/s), deadline: none, timeout: none}}
services:
  a: {instances: %d, balance: round-robin, workers: unlimited, on: {h: [{call: s/h, timeout: none, breaker: {failures: 5, open: 1h}}]}}
  s: {workers: unlimited, errors: 100%%, on: {h: [work: 1ms]}}
faults: [%s]
`
	for _, c := range []struct {
		instances int
		fault     string
		want      float64
	}{{1, "", 5}, {1, "{at: 5s, for: 100ms, crash: a}", 10}, {3, "", 15}, {3, "{at: 5s, for: 100ms, crash: a, instance: 2}", 20}} {
		r := audited.Start(t, chain, c.instances, c.fault)
		audited.Until(t, r, 10*time.Second, 20)
		if got := audited.Value(t, r, "service.s.arrived"); got != c.want {
			t.Errorf("%d instances, %q: %v attempts, want %v", c.instances, c.fault, got, c.want)
		}
	}
}
