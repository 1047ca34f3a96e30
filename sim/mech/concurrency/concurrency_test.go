package concurrency_test

import (
	"fmt"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/audited"
)

const text = `
version: 1
name: one
run: {duration: 60s, warmup: 10s}
load: {x: {to: s/h, arrivals: %s, deadline: none, timeout: none}}
services: {s: {workers: 10, queue: unlimited, concurrency: %s, on: {h: [work: %s]}}}
faults: [%s]
`

func value(t *testing.T, arrivals, concurrency, work, fault, metric string) float64 {
	t.Helper()
	r := audited.Start(t, text, arrivals, concurrency, work, fault)
	audited.Until(t, r, time.Minute, 60)
	return audited.Value(t, r, metric)
}

// Ten workers of 100 ms each do 100 a second: with L tasks there a task takes L/100 s.
func TestLimits(t *testing.T) {
	const aimd, gradient = "{target: 200ms}", "{policy: gradient}"
	for _, c := range []struct {
		what, arrivals, concurrency, work, fault, metric string
		least, most                                      float64
	}{
		// Above 20 tasks they take three rounds of 100 ms: each that is late takes a tenth.
		{"aimd: the top of the saw", "constant(300/s)", aimd, "100ms", "", "concurrency.s.limit.max", 20, 22},
		{"aimd: its mean", "constant(300/s)", aimd, "100ms", "", "concurrency.s.limit.mean", 10, 20},
		{"aimd: latencies stay at the target", "constant(300/s)", aimd, "100ms", "", "load.x.confirmed.latency.p99", 0.2, 0.3},
		{"aimd: most workers stay busy", "constant(300/s)", aimd, "100ms", "", "service.s.utilization", 0.8, 1},
		{"aimd: nothing is refused where there is room", "constant(50/s)", aimd, "100ms", "", "concurrency.s.refused", 0, 0},
		{"aimd: it grows where latencies are good", "constant(50/s)", "{target: 200ms, initial: 8, max: 40}", "100ms", "", "concurrency.s.limit.final", 40, 40},
		{"aimd: it does not fall below the least", "constant(300/s)", "{target: 50ms, min: 5}", "100ms", "", "concurrency.s.limit.final", 5, 5},
		{"gradient: all workers stay busy", "poisson(300/s)", gradient, "exp(100ms)", "", "service.s.utilization", 0.95, 1},
		{"gradient: with a line, but not a long one", "poisson(300/s)", gradient, "exp(100ms)", "", "load.x.confirmed.latency.mean", 0.1, 3},
		{"gradient: what is too much is refused", "poisson(300/s)", gradient, "exp(100ms)", "", "concurrency.s.refused.ratio", 0.6, 0.7},
		{"after a crash it begins anew", "constant(50/s)", "{target: 200ms, initial: 8, max: 40}", "100ms", "{at: 59s, for: 500ms, crash: s}", "concurrency.s.limit.final", 8, 11},
	} {
		if got := value(t, c.arrivals, c.concurrency, c.work, c.fault, c.metric); !(got >= c.least && got <= c.most) {
			t.Errorf("%s: %s is %v, want %v to %v", c.what, c.metric, got, c.least, c.most)
		}
	}
}

func TestBadLimits(t *testing.T) {
	for _, s := range []string{"{}", "{target: 1s, min: 10, max: 5}", "{policy: vegas}", "{policy: gradient, smoothing: 0}"} {
		if _, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "constant(1/s)", s, "1ms", "")); err == nil {
			t.Errorf("%s is accepted", s)
		}
	}
}
