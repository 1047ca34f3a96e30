package hedge_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/audited"
	"asynclab/sim/engine"
)

const text = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: %s, deadline: none, timeout: %s, hedge: %s}}
services: {s: {instances: %d, workers: unlimited, on: {h: [work: "%s"]}}}
`

func run(t *testing.T, text string, args ...any) *engine.Run {
	t.Helper()
	r := audited.Start(t, text, args...)
	audited.Until(t, r, 10*time.Second, 40)
	return r
}

// A hedge every time: 100 attempts a second for 10 s, each of 15 ms. The last one of 1,000
// attempts comes 10 ms before the end, to which what happens at the end does not belong.
func TestHedges(t *testing.T) {
	for _, c := range []struct {
		what, timeout, hedge, work string
		metric                     string
		want                       float64
	}{
		{"one after 10 ms", "none", "10ms", "15ms", "hedge.x->s.sent", 999},
		{"the answer comes when the first is done", "none", "10ms", "15ms", "load.x.confirmed.latency.max", 0.015},
		{"none before its time", "none", "20ms", "15ms", "hedge.x->s.sent", 0},
		{"each one after the last", "none", "{after: 4ms, most: 9}", "15ms", "hedge.x->s.sent", 2999},
		{"at most so many", "none", "{after: 1ms, most: 2}", "15ms", "hedge.x->s.sent", 2000},
		{"each is a request", "none", "10ms", "15ms", "load.x.attempts", 2000},
		{"also in amplification", "none", "10ms", "15ms", "load.x.amplification", 2},
		{"and on the edge", "none", "10ms", "15ms", "edge.x->s/h.hedges", 1000},
		{"a budget of a tenth", "none", "{after: 10ms, budget: 10%}", "15ms", "hedge.x->s.sent", 100},
		{"denied by it", "none", "{after: 10ms, budget: 10%}", "15ms", "hedge.x->s.denied", 899},
		// A hedge that loses goes on working, or is stopped: a request is 15 ms, of which 5 ms are before the answer.
		{"losers work on", "none", "10ms", "15ms", "service.s.cancelled", 0},
		{"losers are cancelled", "none", "{after: 10ms, cancel: true}", "15ms", "service.s.cancelled", 999},
		// Each request has its timeout from its own sending: 12 ms and 10 + 12 ms.
		{"the last timeout fails the attempt", "12ms", "10ms", "1s", "load.x.failed.latency.max", 0.022},
		{"by its cause", "12ms", "10ms", "1s", "load.x.failed.timeout", 1000},
		{"each timeout is counted", "12ms", "10ms", "1s", "edge.x->s/h.failed.timeout", 2000},
		{"a bulkhead has no slot for it", "none, bulkhead: {slots: 2, wait: none}", "10ms", "15ms", "hedge.x->s.sent", 0},
		{"it does not wait for one", "none, bulkhead: {slots: 2, wait: none}", "10ms", "15ms", "hedge.x->s.no_slot", 999},
		{"it takes one", "none, bulkhead: {slots: 3, wait: none}", "10ms", "15ms", "bulkhead.x->s.held.max", 3},
		{"it takes a token", "none, limit: {rate: 1000/s, burst: 1}", "10ms", "15ms", "limit.x->s.asked", 1999},
		{"for a breaker the group is one", "12ms, breaker: {failures: 500, open: 1min}", "10ms", "1s", "load.x.failed.timeout", 502}, // two are under way when it opens
	} {
		r := run(t, text, "constant(100/s)", c.timeout, c.hedge, 4, c.work)
		if got := audited.Value(t, r, c.metric); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %s is %v, want %v", c.what, c.metric, got, c.want)
		}
	}
}

// A hedge goes to another instance: one of two is slow, and no operation meets it twice.
func TestAnotherInstance(t *testing.T) {
	for _, balance := range []string{"round-robin", "random", "least-busy", "two-choices"} {
		r := run(t, `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: s/h, arrivals: poisson(100/s), deadline: none, timeout: none, hedge: 10ms}}
services: {s: {instances: 2, balance: %s, workers: unlimited, on: {h: [work: 1ms]}}}
faults: [{at: 1us, slow: s, instance: 1, factor: 1000}]
`, balance)
		if got := audited.Value(t, r, "load.x.confirmed.latency.max"); got > 0.0111 {
			t.Errorf("%s: an operation took %v s", balance, got)
		}
	}
}

// Of exponential times with mean m, a hedge after d leaves the mean
// m·(1 − e^(−d/m)) + e^(−d/m)·m/2: the minimum of two, from then on.
func TestMinimum(t *testing.T) {
	r := run(t, text, "poisson(2000/s)", "none", "10ms", 4, "exp(20ms)")
	p := math.Exp(-0.5)
	want := 0.020*(1-p) + p*0.010
	if got := audited.Value(t, r, "load.x.confirmed.latency.mean"); math.Abs(got-want) > 4*0.012/math.Sqrt(20000) {
		t.Errorf("mean latency %v, want %v", got, want)
	}
	if got := audited.Value(t, r, "hedge.x->s.sent.ratio"); math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/20000) {
		t.Errorf("%v hedges for an attempt, want %v", got, p)
	}
	// The hedge wins half of what it enters: exponential times have no memory.
	if got := audited.Value(t, r, "hedge.x->s.won.ratio"); math.Abs(got-p/2) > 4*math.Sqrt(p/2*(1-p/2)/20000) {
		t.Errorf("hedges win %v of the attempts, want %v", got, p/2)
	}
}

// After the 98th percentile of the last 1,000, the 980th, one attempt in 1001/21 is still
// under way, whatever the distribution: 1.02 requests each.
func TestPercentile(t *testing.T) {
	for _, work := range []string{"exp(1ms)", "lognormal(1ms, cv=3)", "uniform(50us, 1500us)"} {
		r := run(t, text, "poisson(2000/s)", "none", "{percentile: 98%, cancel: true}", 4, work)
		want := 1 + 21./1001
		if got := audited.Value(t, r, "load.x.amplification"); math.Abs(got-want) > 4*math.Sqrt(0.021*0.979/20000)*1.4 { // percentiles vary too
			t.Errorf("%s: %v requests, want %v", work, got, want)
		}
	}
	r := run(t, text, "constant(100/s)", "none", "{percentile: 50%}", 4, "1ms") // none before 100, and none that is not later
	if got := audited.Value(t, r, "hedge.x->s.sent"); got != 0 {
		t.Errorf("%v hedges of equal latencies", got)
	}
}

// Bad input is found before the run.
func TestBadHedges(t *testing.T) {
	for _, hedge := range []string{"{}", "{after: 1ms, percentile: 50%}", "{after: 0s}", "{percentile: 100%}", "{after: 1ms, most: 0}", "{after: 1ms, budget: 0}"} {
		if _, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "constant(1/s)", "none", hedge, 1, "1ms")); err == nil {
			t.Errorf("%s is accepted", hedge)
		}
	}
	const publish = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: b/q, arrivals: constant(1/s), hedge: 10ms}}
brokers: {b: {queues: {q: {}}}}
services: {s: {consumes: {b/q: h}, on: {h: [work: 1ms]}}}
`
	if _, err := scenarios.Parse(nil, "one.yaml", []byte(publish[1:])); err == nil {
		t.Error("a hedged publish is accepted")
	}
}
