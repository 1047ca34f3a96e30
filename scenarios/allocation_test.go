package scenarios

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"asynclab/sim/engine"
)

// An event allocates nothing: not a retry, a timeout that is cancelled, an error, a
// message that comes again, nor a mechanism that lets an attempt go, refuses it, lets
// it wait, or is told how it ended.
func TestEventsAllocateNothing(t *testing.T) {
	const call = `
load: {x: {to: a/h, arrivals: poisson(800/s), deadline: none, timeout: none}}
services:
  s: {workers: 32, errors: 20%, on: {h: [work: exp(3ms)]}}
  a: {workers: 64, on: {h: [{call: s/h, `
	for _, c := range []struct{ name, text string }{
		{"timeout and retry", call + `timeout: 1s, retry: {attempts: 2, backoff: exponential(10ms)}}]}}`},
		{"decorrelated", call + `timeout: 5ms, retry: {attempts: 3, backoff: decorrelated(5ms), jitter: full}}]}}`},
		{"breaker", call + `timeout: none, breaker: {failures: 3, open: 1s}}]}}`},
		{"breaker by window", call + `timeout: none, breaker: {rate: 50%, calls: 20, open: 100ms}}]}}`},
		{"limit", call + `timeout: none, limit: {rate: 700/s, burst: 20, wait: 10ms}}]}}`},
		{"bulkhead", call + `timeout: none, bulkhead: {slots: 3, wait: 5ms}}]}}`},
		{"shedding", strings.Replace(call, "s: {workers: 32,", "s: {workers: 2, shed: {policy: codel}, concurrency: {policy: gradient},", 1) + `timeout: 1s}]}}`},
		{"scaling", strings.Replace(call, "s: {workers: 32,", "s: {workers: 2, balance: least-busy, scale: {utilization: 50%, interval: 100ms, start_up: 100ms, down_window: 1s},", 1) + `timeout: 1s}]}}`},
		{"health", strings.Replace(call, "s: {workers: 32,", "s: {workers: 32, instances: 4, health: {interval: 10ms, failures: 3, eject: 100ms},", 1) + `timeout: 5ms}]}}`},
		{"hedge", call + `timeout: 100ms, hedge: {percentile: 90%, most: 2, cancel: true}}]}}`},
		{"retry budget", call + `timeout: none, retry: {attempts: 3}, budget: {earn: success, minimum: 10/s}}]}}`},
		{"balancers", `
load: {x: {to: a/h, arrivals: poisson(800/s)}}
services:
  s: {workers: 4, instances: 20, balance: least-busy, on: {h: [work: exp(3ms)]}}
  a: {workers: 64, instances: 3, balance: two-choices, on: {h: [{call: s/h, timeout: 1s}]}}`},
		{"redelivery", `
load: {x: {to: b/q, arrivals: poisson(400/s)}}
brokers: {b: {queues: {q: {redelivery_delay: exponential(5ms), max_deliveries: 5, visibility: 1s}}}}
services: {s: {workers: 32, consumes: {b/q: {handler: h, prefetch: 2}}, on: {h: [work: exp(3ms), fail: 20%]}}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Parse(fstest.MapFS{}, "x.yaml", []byte("version: 1\nname: x\nrun: {duration: 10h}\n"+c.text+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			p, err := engine.Compile(s.Designs[0])
			if err != nil {
				t.Fatal(err)
			}
			r, err := p.NewRun(engine.Config{Duration: 10 * time.Hour, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			now := int64(200 * time.Second) // within the second bucket of the series, which allocates at its end
			r.Advance(now, 0)
			before := r.Events()
			const steps = 100
			n := testing.AllocsPerRun(steps, func() { now += int64(200 * time.Millisecond); r.Advance(now, 0) })
			events := float64(r.Events()-before) / (steps + 1)
			if n > 1 { // now and then a store grows
				t.Errorf("%v allocations in %.0f events", n, events)
			}
			if events < 100 {
				t.Errorf("only %.0f events: this does not show anything", events)
			}
		})
	}
}
