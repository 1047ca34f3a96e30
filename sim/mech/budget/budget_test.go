package budget_test

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
load: {x: {to: s/h, arrivals: constant(100/s), deadline: none, timeout: %s, retry: {attempts: %s, on: [error, timeout, refused]}, budget: %s}}
services: {s: {workers: unlimited, errors: %s, on: {h: [work: 1ms]}}}
faults: [%s]
`

func run(t *testing.T, timeout, attempts, budget, errors, fault string) *engine.Run {
	t.Helper()
	r := audited.Start(t, text, timeout, attempts, budget, errors, fault)
	audited.Until(t, r, 10*time.Second, 10)
	return r
}

// 1,000 first attempts come, 10 ms apart. Of those that fail one after the other, the
// first finds the budget full, and the n-th retry needs n tokens.
func TestTokens(t *testing.T) {
	for _, c := range []struct {
		what, timeout, attempts, budget, errors, fault string
		metric                                         string
		want                                           float64
	}{
		// 10 at once, then one for each five first attempts: 10 + ⌊0.2·999⌋.
		{"all fail", "none", "unlimited", "{}", "100%", "", "load.x.attempts", 1000 + 10 + 199},
		{"each call fails by its own cause", "none", "unlimited", "{}", "100%", "", "load.x.failed.error", 1000},
		{"one denial ends a call", "none", "unlimited", "{}", "100%", "", "budget.x->s.denied", 1000},
		{"at most two attempts: the same", "none", "2", "{}", "100%", "", "load.x.attempts", 1000 + 10 + 199},
		{"the least amplification", "none", "unlimited", "{capacity: 1, ratio: 0}", "100%", "", "load.x.attempts", 1001},
		{"a cost", "none", "unlimited", "{cost: 5}", "100%", "", "load.x.attempts", 1000 + 2 + 39},
		{"a floor is left", "none", "unlimited", "{floor: 5}", "100%", "", "load.x.attempts", 1000 + 5 + 199},
		{"by themselves", "none", "unlimited", "{ratio: 0, minimum: 10/s}", "100%", "", "load.x.attempts", 1000 + 10 + 99},
		{"timeouts cost more", "500us", "unlimited", "{timeout_cost: 2}", "0%", "", "load.x.attempts", 1000 + 5 + 99},
		{"nothing succeeds, nothing is earned", "none", "unlimited", "{earn: success}", "100%", "", "load.x.attempts", 1010},
		// gRPC: of 10 tokens each failure takes one, and with half of them nothing is tried again.
		{"failures spend", "none", "unlimited", "{earn: success, ratio: 10%, spend: failure, cost: 1, floor: 5}", "100%", "", "load.x.attempts", 1004},
		{"failures spend all", "none", "unlimited", "{earn: success, ratio: 10%, spend: failure}", "100%", "", "load.x.attempts", 1009},
		{"a bucket for a second of failures", "none", "unlimited", "{capacity: 30, ratio: 0}", "0%", "{at: 2s, for: 1s, crash: s}", "load.x.attempts", 1030},
	} {
		r := run(t, c.timeout, c.attempts, c.budget, c.errors, c.fault)
		if got, err := r.Value(c.metric); got != c.want {
			t.Errorf("%s: %s is %v (%v), want %v", c.what, c.metric, got, err, c.want)
		}
	}
}

// Whatever fails, requests are at most 1 + ratio + (capacity + minimum·T) ÷ first
// attempts of what they were.
func TestAmplificationIsBounded(t *testing.T) {
	for _, errors := range []string{"1%", "10%", "50%", "90%", "100%"} {
		for _, b := range []struct {
			budget string
			most   float64
		}{
			{"{}", 1 + 0.2 + 10./1000}, {"{capacity: 100, ratio: 50%}", 1 + 0.5 + 100./1000},
			{"{ratio: 5%, minimum: 3/s}", 1 + 0.05 + (10+3*10)/1000.}, {"{earn: success, ratio: 100%}", 2 + 10./1000},
		} {
			r := run(t, "none", "unlimited", b.budget, errors, "")
			if got, _ := r.Value("load.x.amplification"); !(got <= b.most+1e-9) || math.IsNaN(got) {
				t.Errorf("%s with %s errors: amplification %v, at most %v", b.budget, errors, got, b.most)
			}
		}
	}
}

// Bad input is found before the run.
func TestBadBudgets(t *testing.T) {
	for _, c := range []struct{ attempts, budget string }{{"3", "{capacity: 0}"}, {"3", "{capacity: 5, floor: 4.5}"}, {"3", "{cost: 20}"}, {"3", "{ratio: -1}"}, {"3", "{minimum: 5ms}"}} {
		if _, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "none", c.attempts, c.budget, "0%", "")); err == nil {
			t.Errorf("%s with %s attempts is accepted", c.budget, c.attempts)
		} else {
			t.Log(err)
		}
	}
}
