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

// The saw of AIMD where one task in P is late, and λ a second are not: the limit L grows by one
// for each L of them, so that L² grows by 2λP until the next, which leaves 0.9² of it. So it is
// between T = √(2λP/(1 - 0.81)) and 0.9 T, and (1 - 0.9³)/(1.5 · (1 - 0.81)) = 0.951 of T in the mean.
// Steps are whole: the step from L takes L successes where the curve takes L + ½, which is m = T/10
// for all of them, and one that is not finished when a task is late is lost, 0 to T successes. So T
// is between the roots of 0.19 T² - T/10 = 2λP and 0.19 T² + 2T - T/10 = 2λP; the level is the whole
// part, and stairs are half a step below their curve.
func TestSaw(t *testing.T) {
	const saw = `
version: 1
name: one
run: {duration: 300s, warmup: 60s}
load:
  x: {to: s/h, arrivals: constant(%v/s), deadline: none, timeout: none}
  y: {to: s/late, arrivals: every(%vs), start: 3ms, deadline: none, timeout: none}
services: {s: {workers: unlimited, queue: unlimited, concurrency: {target: 500ms}, on: {h: [work: 10ms], late: [work: 1s]}}}
`
	for _, c := range []struct{ rate, period float64 }{{100, 2}, {100, 10}, {400, 5}} {
		r := audited.Start(t, saw, c.rate, c.period)
		audited.Until(t, r, 5*time.Minute, 20)
		root := func(b float64) float64 { return (-b + math.Sqrt(b*b+4*.19*2*c.rate*c.period)) / (2 * .19) }
		low, high := root(1.9), root(-.1)
		if got := audited.Value(t, r, "concurrency.s.limit.max"); got < low-1 || got > high {
			t.Errorf("λ %v, P %v: the limit is at most %v, want %v to %v", c.rate, c.period, got, low, high)
		}
		const mean = (1 - .729) / (1.5 * .19)
		if got := audited.Value(t, r, "concurrency.s.limit.mean") + 1; got < mean*low-.5 || got > mean*high+.5 {
			t.Errorf("λ %v, P %v: the limit is %v in the mean, want %v to %v", c.rate, c.period, got, mean*low, mean*high)
		}
	}
}

// The gradient of a service that is always full: μ a second are done, so that L tasks take L/μ,
// and the long mean follows with τ = 600/μ. Then 1 - long/short is τL'/L - τ²L"/L, and each 100 ms
// take L a fifth of the way to L · long/short + √L: L' = 2 (√L - τL' + τ²L"). So √L grows by
// s = (1 + 2τ²s²/√L)/(1 + 2τ) a second: there is no fixed point but max, as of Gradient2Limit, for
// which a line that grows slowly is the usual one. (Later a task takes longer than the law's
// time, and the limit swings.)
func TestGradientGrows(t *testing.T) {
	const full = `
version: 1
name: one
run: {duration: 200s}
load: {x: {to: s/h, arrivals: constant(2000/s), deadline: none, timeout: none}}
services: {s: {workers: 1, queue: unlimited, concurrency: {policy: gradient, max: %d}, on: {h: [work: %vms]}}}
`
	for _, rate := range []float64{100, 200} {
		r := audited.Start(t, full, 1000, 1000/rate)
		var at [2]float64
		for i, end := range []time.Duration{20 * time.Second, 60 * time.Second} {
			audited.Until(t, r, end, 10)
			at[i] = math.Sqrt(audited.Value(t, r, "concurrency.s.limit.final") + .5)
		}
		tau, want := 600/rate, 0.
		for range 20 {
			want = (1 + 2*tau*tau*want*want/((at[0]+at[1])/2)) / (1 + 2*tau)
		}
		if got := (at[1] - at[0]) / 40; math.Abs(got-want) > .03*want {
			t.Errorf("μ %v: the root of the limit grows by %v a second, want %v", rate, got, want)
		}
	}
	r := audited.Start(t, full, 40, 10)
	audited.Until(t, r, 200*time.Second, 10)
	if got := audited.Value(t, r, "concurrency.s.limit.final"); got != 40 {
		t.Errorf("at last it is %v, want its max", got)
	}
}
