package scenarios_test

import (
	"math"
	"testing"
	"time"

	"asynclab/scenarios/audited"
)

// leaseText has one row that the first operation locks, at 0 s, for a work of 10 s; the
// next ones come each second and need a millisecond.
const leaseText = `
version: 1
name: one
run: {duration: 20s}
load:
  first: {to: s/long, arrivals: constant(1/s), count: 1, deadline: none, timeout: none}
  next: {to: s/short, arrivals: constant(1/s), start: 2500ms, count: 10, deadline: none, timeout: none}
services:
  s:
    workers: unlimited
    stores: {t: {lives: outside, lease: %s}}
    on:
      long: [{lock: t, patience: 0s%s}, work: %s]
      short: [{lock: t, patience: %s}, work: 1ms]
faults: [%s]
`

// TestLeases: how long a lock outlives its holder.
func TestLeases(t *testing.T) {
	const crash = "{at: 1s, for: 500ms, crash: s}"
	for _, c := range []struct {
		what, lease, whose, work, patience, fault string
		want                                      map[string]float64
	}{
		{"without one a crash frees it at once", "0s", "", "10s", "0s", crash, map[string]float64{"store.s/t.lock_wait.max": 0, "load.next.completed": 10}},
		// Noticed at 1 s + 4 s: those of 2.5, 3.5 and 4.5 s wait.
		{"after a crash, so long", "4s", "", "10s", "none", crash, map[string]float64{"store.s/t.lock_wait.max": 2.5, "load.next.completed": 10}},
		{"who has no patience fails", "4s", "", "10s", "0s", crash, map[string]float64{"load.next.failed.no_capacity": 3, "load.next.completed": 7}},
		{"patience for a second", "4s", "", "10s", "1s", crash, map[string]float64{"load.next.failed.no_capacity": 2, "store.s/t.lock_wait.max": 1, "load.next.confirmed.latency.max": 0.501}},
		{"for ever", "none", "", "10s", "0s", crash, map[string]float64{"load.next.failed.no_capacity": 10}},
		// Nobody crashes: until the work is done, at 10 s, whatever the lease.
		{"while its holder lives it lasts", "4s", "", "10s", "0s", "", map[string]float64{"load.next.failed.no_capacity": 8}},
		// An operation holds it until it is given back, at most for the lease.
		{"of an operation", "5s", ", for: operation", "1ms", "0s", "", map[string]float64{"load.next.failed.no_capacity": 3}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := audited.Start(t, leaseText, c.lease, c.whose, c.work, c.patience, c.fault)
			audited.Until(t, r, 20*time.Second, 40)
			for name, want := range c.want {
				if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
}

// TestBackoffs: what all back-offs of a call that never succeeds add up to, by hand.
func TestBackoffs(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: poisson(%d/s), deadline: none, timeout: none, retry: {attempts: 6, backoff: %q, jitter: %s}}}
services: {s: {workers: unlimited, errors: 100%%, on: {h: [reply]}}}
`
	for _, c := range []struct {
		backoff, jitter string
		sum, deviation  float64 // of one operation
	}{
		{"100ms", "none", 0.5, 0},
		{"linear(100ms)", "none", 1.5, 0},
		{"linear(100ms, max=250ms)", "none", 0.1 + 0.2 + 3*0.25, 0},
		{"exponential(100ms, factor=3)", "none", 0.1 + 0.3 + 0.9 + 2.7 + 8.1, 0},
		{"exponential(100ms, max=1s)", "none", 0.1 + 0.2 + 0.4 + 0.8 + 1, 0},
		{"linear(100ms)", "full", 0.75, 0.1 * math.Sqrt(55./12)},
		{"100ms", "equal", 0.375, 0.05 * math.Sqrt(5./12)},
		{"exp(100ms)", "none", 0.5, 0.1 * math.Sqrt(5)},
	} {
		r := audited.Start(t, text, 100, c.backoff, c.jitter)
		audited.Until(t, r, 10*time.Second, 10)
		n := audited.Value(t, r, "load.x.failed")
		if got := audited.Value(t, r, "load.x.failed.latency.mean"); math.Abs(got-c.sum) > 1e-9+4*c.deviation/math.Sqrt(n) {
			t.Errorf("%s, jitter %s: %v s, want %v", c.backoff, c.jitter, got, c.sum)
		}
	}
}

// TestElse: what fails with probability p is degraded by so much and complete all the same;
// of two fallbacks in a row the second is asked for p of those.
func TestElse(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 100s}
load: {x: {to: a/h, arrivals: constant(100/s), deadline: none, timeout: none}}
services:
  a: {workers: unlimited, on: {h: [{call: b/h, else: [{call: c/h, else: [work: 1ms]}]}]}}
  b: {workers: unlimited, errors: %d%%, on: {h: [reply]}}
  c: {workers: unlimited, errors: %d%%, on: {h: [reply]}}
`
	for _, c := range []struct{ b, c int }{{0, 50}, {20, 0}, {30, 40}, {100, 100}} {
		r := audited.Start(t, text, c.b, c.c)
		audited.Until(t, r, 100*time.Second, 10)
		p, q := float64(c.b)/100, float64(c.c)/100
		for _, v := range []struct {
			name  string
			share float64
			of    float64
		}{
			{"load.x.completed", 1, 10_000}, {"load.x.degraded", p, 10_000}, {"load.x.goodput.ratio", 1 - p, 1},
			{"edge.a/h->b/h.fallbacks", p, 10_000}, {"service.c.arrived", p, 10_000}, {"edge.a/h->c/h.fallbacks", p * q, 10_000},
		} {
			got := audited.Value(t, r, v.name) / v.of
			if spread := 4 * math.Sqrt(v.share*(1-v.share)/10_000); math.Abs(got-v.share) > spread+1e-9 {
				t.Errorf("%v: %s is %v of the operations, want %v ± %v", c, v.name, got, v.share, spread)
			}
		}
	}
}
