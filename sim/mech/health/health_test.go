package health_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/scenarios/audited"
)

const text = `
version: 1
name: one
run: {duration: 100s}
load: {x: {to: s/h, arrivals: constant(10/s), timeout: 300ms}}
services: {s: {instances: %d, health: %s, on: {h: [work: 1ms]}}}
faults: [%s]
`

// Ejected twice, from 10.7 s to the sweep at 25 s and, for 20 s, from 25.7 s to 50 s; the
// sweeps at 55 s and 60 s find it well, so that the third time, from 70.7 s on, it is for
// 10 s again, until 85 s. The third failure comes between 0.6 s and 0.9 s.
func TestSweepsForget(t *testing.T) {
	const fails = "{at: %ds, for: %ds, errors: s, instance: 1, rate: 100%%}"
	r := audited.Start(t, text, 3, "{failures: 3, eject: 10s, longest: 1min, sweep: 5s}", fmt.Sprintf(fails+", "+fails, 10, 17, 70, 2))
	audited.Until(t, r, 100*time.Second, 200)
	if got, want := audited.Value(t, r, "health.s.out.mean"), (14.3+24.3+14.3)/100; math.Abs(got-want) > 0.006 {
		t.Errorf("%v is left out, want %v", got, want)
	}
}

// What is noticed, and when, by hand. The k-th request comes at k/10 s; they go in turn
// to the instances.
func TestNotices(t *testing.T) {
	const checks = "{interval: 2s, timeout: 500ms}"
	for _, c := range []struct {
		what      string
		instances int
		health    string
		fault     string
		want      map[string]float64
	}{
		// The first of two is checked at 1 s, 3 s and so on: those of 11, 13 and 15 s find it down, so that 25 requests are refused in 5 s;
		// it is back at 40 s, and takes part from the second good check on, at 43 s.
		{"checks: down", 2, checks, "{at: 10.05s, for: 29.9s, crash: s, instance: 1}",
			map[string]float64{"load.x.failed.refused": 25, "health.s.failed": 15, "health.s.out.mean": 0.28}},
		// Those who hang do not answer: half a second later, after 27 requests.
		{"checks: silent", 2, checks, "{at: 10.05s, for: 29.9s, hang: s, instance: 1}",
			map[string]float64{"load.x.failed.timeout": 27, "health.s.failed": 15, "health.s.out.mean": 0.275}},
		// As long as the interval: the checks from 10.5 s to 39.5 s are not answered before the next one, nor when it has been started again, at 39.95 s: out from 13.5 s to 41.5 s.
		{"checks: no timeout before the next", 2, "{interval: 1s}", "{at: 10.05s, for: 29.9s, hang: s, instance: 1}",
			map[string]float64{"health.s.failed": 30, "health.s.out.mean": 0.28}},
		{"checks: a pause shorter than the timeout", 2, checks, "{at: 10.9s, for: 400ms, pause: s, instance: 1}",
			map[string]float64{"health.s.failed": 0, "health.s.out.mean": 0}},
		// What the host of a moment did not answer is lost, though it is there again before the timeout.
		{"checks: a host gone for less than the timeout", 2, checks, "{at: 10.9s, for: 400ms, host_crash: s, instance: 1}",
			map[string]float64{"health.s.failed": 1, "health.s.out.mean": 0}},
		// All are down: all count again, the second from 16 s to 42 s: all requests go on as before.
		{"checks: all down", 2, checks, "{at: 10.05s, for: 29.9s, crash: s}",
			map[string]float64{"load.x.failed.refused": 299, "health.s.out.mean": 0.28 + 0.26}},
		// The one that fails is out after three of its requests, from 10.7 s for 10 s, the next three times for 20, 30 and 30 s.
		{"ejection", 3, "{failures: 3, eject: 10s, longest: 30s}", "{at: 10s, for: 90s, errors: s, instance: 1, rate: 100%}",
			map[string]float64{"health.s.ejections": 4, "load.x.failed.error": 12}},
		// Looked at every 10 s: it is back at 30 s, and after 20 s and 30 s more at 60 s and 100 s.
		{"ejection: until the next sweep", 3, "{failures: 3, eject: 10s, longest: 30s, sweep: 10s}", "{at: 10s, for: 90s, errors: s, instance: 1, rate: 100%}",
			map[string]float64{"health.s.ejections": 3, "load.x.failed.error": 9}},
		{"ejection: at most a share", 4, "{failures: 3, eject: 1000s, longest: 1000s, share: 50%}", "{at: 10s, for: 90s, errors: s, rate: 100%}",
			map[string]float64{"health.s.ejections": 2, "health.s.out.max": 2}},
		{"ejection: one may always be", 4, "{failures: 3, eject: 1000s, longest: 1000s, share: 1%}", "{at: 10s, for: 90s, errors: s, rate: 100%}",
			map[string]float64{"health.s.ejections": 1}},
		// A request each 200 ms; the third is given up after 300 ms, when one more is under way.
		{"ejection: who hangs", 2, "{failures: 3, eject: 1000s, longest: 1000s}", "{at: 10.05s, for: 80s, hang: s, instance: 1}",
			map[string]float64{"load.x.failed.timeout": 3 + 1, "health.s.ejections": 1}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := audited.Start(t, text, c.instances, c.health, c.fault)
			audited.Until(t, r, 100*time.Second, 200)
			for name, want := range c.want {
				if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
}
