package concurrency_test

import (
	"fmt"
	"math"
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

// The laws, step by step. Of aimd one more after as many successes as the limit is, and a
// tenth less with each that is late; of a gradient, where all latencies are the same, a
// fifth of the way to limit + √limit each window, until half of it is more than is there.
func TestLaws(t *testing.T) {
	const steady = `
version: 1
name: one
run: {duration: 60s}
load: {x: {to: s/h, arrivals: constant(%s), deadline: none, timeout: none}}
services: {s: {workers: unlimited, queue: unlimited, concurrency: %s, on: {h: [work: %s]}}}
`
	grown := 20.0
	for n := 2995.0; n >= grown; grown++ { // of 50/s those end in time that come until 59.9 s
		n -= grown
	}
	until := 20.0
	for until/2 <= 99 { // a hundred are there, of whom one has just left
		until += 0.2 * math.Sqrt(until)
	}
	for _, c := range []struct {
		what, rate, concurrency, work string
		want                          float64
	}{
		{"aimd grows", "50/s", "{target: 200ms}", "100ms", grown},
		{"aimd shrinks", "50/s", "{target: 50ms, initial: 1000}", "59.79s", math.Floor(1000 * math.Pow(0.9, 11))}, // those that come until 0.2 s end until 60 s
		{"gradient grows", "100/s", "{policy: gradient}", "1s", math.Floor(until)},
	} {
		r := audited.Start(t, steady, c.rate, c.concurrency, c.work)
		r.Advance(int64(60*time.Second-time.Millisecond), 0)
		if got := audited.Value(t, r, "concurrency.s.limit.final"); got != c.want {
			t.Errorf("%s: the limit is %v, want %v", c.what, got, c.want)
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
