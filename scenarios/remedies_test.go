package scenarios_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
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

// anotherText has instances of which the first ones fail every request, in 1 ms as the
// others take.
const anotherText = `
version: 1
name: one
run: {duration: 100s}
load: {x: {to: %s, arrivals: poisson(200/s), deadline: none, attributes: {who: "integer(0, 999)"}, retry: {attempts: %d, instance: %s}}}
services:
  a: {workers: unlimited, on: {h: [{call: s/h, retry: {attempts: %d, instance: %s}}]}}
  s: {instances: %d, balance: %s, workers: unlimited, on: {h: [work: 1ms]}}
faults: [%s]
`

// TestRetryAtAnotherInstance: of n instances m fail always. Where each attempt goes to one
// at random, k of them fail with (m/n)^k; where none goes to one twice, with
// m/n · (m-1)/(n-1) · …
func TestRetryAtAnotherInstance(t *testing.T) {
	const sticky = "sticky, key: who"
	for _, c := range []struct {
		n, m, attempts    int
		instance, balance string
	}{
		{4, 1, 2, "any", "random"}, {4, 1, 2, "another", "random"}, {4, 1, 2, "another", "two-choices"}, {4, 1, 2, "another", "round-robin"},
		{4, 2, 2, "any", "random"}, {4, 2, 2, "another", "random"}, {4, 2, 3, "another", "random"}, {4, 3, 2, "another", "random"}, {4, 3, 3, "another", "random"},
		{4, 2, 2, "any", sticky}, {4, 2, 2, "another", sticky}, {2, 1, 4, "another", "random"}, {2, 2, 4, "another", "random"},
	} {
		var faults []string
		for i := range c.m {
			faults = append(faults, fmt.Sprintf("{at: 0s, errors: s, instance: %d, rate: 100%%}", i+1))
		}
		want, sum := 1.0, 0.0 // the share that fails, and the mean number of attempts
		for k := range c.attempts {
			sum += want
			switch {
			case c.instance == "another" && k < c.n:
				want *= float64(c.m-min(k, c.m)) / float64(c.n-k)
			case c.balance == sticky: // the same one again
				want = float64(c.m) / float64(c.n)
			case c.m < c.n:
				want *= float64(c.m) / float64(c.n)
			}
		}
		for _, of := range []struct{ load, edge string }{{"s/h", "load.x.attempts"}, {"a/h", "edge.a/h->s/h.attempts"}} {
			mine, its := c.attempts, 1
			first, second := c.instance, "any"
			if of.load == "a/h" {
				mine, its, first, second = 1, c.attempts, "any", c.instance
			}
			t.Run(fmt.Sprint(c.n, c.m, c.attempts, c.instance, c.balance, of.load), func(t *testing.T) {
				r := audited.Start(t, anotherText, of.load, mine, first, its, second, c.n, c.balance, strings.Join(faults, ", "))
				audited.Until(t, r, 100*time.Second, 10)
				n := audited.Value(t, r, "load.x.offered")
				if got := audited.Value(t, r, "load.x.failed") / n; math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/n) {
					t.Errorf("%v of the operations failed, want %v", got, want)
				}
				switch c.balance {
				case "round-robin": // a retry takes the turn of the next operation: 4 requests for 3 of them
					sum = 4. / 3
				case "two-choices": // the others have the retries to do too, so that more of the first attempts come to it
					return
				}
				// The attempts of an operation are 1 to a few: their standard deviation is below half their range.
				if got := audited.Value(t, r, of.edge) / n; math.Abs(got-sum) > 4*float64(c.attempts-1)/2/math.Sqrt(n) {
					t.Errorf("%v attempts an operation, want %v", got, sum)
				}
			})
		}
	}
}

// An instance that is down refuses at once: of two, a retry at the other always succeeds,
// and one at either fails half of the time.
func TestAnotherInstanceAfterACrash(t *testing.T) {
	for instance, want := range map[string]float64{"another": 0, "any": 0.25} {
		r := audited.Start(t, anotherText, "s/h", 2, instance, 1, "any", 2, "random", "{at: 0s, crash: s, instance: 2}")
		audited.Until(t, r, 100*time.Second, 10)
		n := audited.Value(t, r, "load.x.offered")
		if got := audited.Value(t, r, "load.x.failed") / n; math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/n) {
			t.Errorf("%s: %v of the operations failed, want %v", instance, got, want)
		}
	}
}

// TestBackoffs: what all back-offs of a call that never succeeds add up to, by hand.
func TestBackoffs(t *testing.T) {
	const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: poisson(%d/s), deadline: none, timeout: none, retry: {attempts: 6, backoff: %s, jitter: %s}}}
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
		{"[0s, 0s, 1s, 500ms]", "none", 1 + 2*0.5, 0}, // the last stays
		{"[1s, 2s, 3s, 4s, 5s, 6s]", "none", 1 + 2 + 3 + 4 + 5, 0},
		{"[1s, 2s]", "equal", 0.75 * (1 + 4*2), 0.5 * math.Sqrt((1+4*4)/12.)},
	} {
		r := audited.Start(t, text, 100, quoted(c.backoff), c.jitter)
		audited.Until(t, r, 10*time.Second, 10)
		n := audited.Value(t, r, "load.x.failed")
		if got := audited.Value(t, r, "load.x.failed.latency.mean"); math.Abs(got-c.sum) > 1e-9+4*c.deviation/math.Sqrt(n) {
			t.Errorf("%s, jitter %s: %v s, want %v", c.backoff, c.jitter, got, c.sum)
		}
	}
}

// quoted is a back-off as a scenario has it: an expression, or a list.
func quoted(backoff string) string {
	if strings.HasPrefix(backoff, "[") {
		return backoff
	}
	return strconv.Quote(backoff)
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
