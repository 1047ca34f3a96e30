package failover_test

import (
	"fmt"
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
		"{to: [eu/h]}":              "eu/h is there twice",
		"{to: [us/other]}":          "us has no handler",
		"{to: [mars/h]}":            "there is no service or broker \"mars\"",
		"{to: [us/h], failures: 0}": "failures",
		"{hold: 3s}":                "to",
	} {
		_, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "instances: 1", failover, "timeout: none", ""))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", failover, err, want)
		}
	}
	if _, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "instances: 1", "us/h", "cache: {ttl: 1s}", "")); err == nil || !strings.Contains(err.Error(), "answers of one target only") {
		t.Errorf("with a cache: %v", err)
	}
}
