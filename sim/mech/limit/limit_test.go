package limit_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/scenarios/audited"
)

const text = `
version: 1
name: one
run: {duration: %s}
load: {x: {to: b/q, arrivals: %s, deadline: none, timeout: none%s}}
brokers: {b: {queues: {q: {max_length: unlimited%s}}}}
services: {s: {workers: unlimited, consumes: {b/q: h}, on: {h: [work: 1ms]}}}
faults: [%s]
`

// A broker that takes so many messages a second refuses what M/D/1/K loses, whoever
// publishes; a fault that throttles it is another rate for a time.
func TestThrottledBroker(t *testing.T) {
	const fast, throttled = ", limit: {rate: 1000/s}", "{at: 4s, for: 2s, set: {%s.limit.rate: 10/s}}"
	for _, c := range []struct {
		what, load, queue, fault string
		want                     map[string]float64
	}{
		// A full bucket of five, and a token each fifth of a second from the first message on, the last at 9.8 s.
		{"so many a second", "", ", limit: {rate: 5/s, burst: 5}", "", map[string]float64{
			"queue.b/q.acked": 5 + 49, "load.x.failed.limited": 946, "limit.b/q.limited": 946, "queue.b/q.rejected": 946,
		}},
		// From 4 s to 6 s one each tenth of a second is taken.
		{"throttled for a time", "", fast, fmt.Sprintf(throttled, "queue.b/q"), map[string]float64{
			"load.x.failed.limited": 180, "load.x.completed": 820,
		}},
		{"a publisher that asks again gets through", ", retry: {attempts: unlimited, on: [limited], backoff: 100ms, jitter: full}", fast, fmt.Sprintf(throttled, "queue.b/q"), map[string]float64{
			"load.x.failed": 0, "load.x.completed": 1000,
		}},
		{"a publisher's own limit makes it wait instead", ", limit: {rate: 1000/s, wait: none}", "", fmt.Sprintf(throttled, "load.x"), map[string]float64{
			"load.x.failed": 0, "limit.x->b.waiting.max": 180,
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := audited.Start(t, text, "10s", "constant(100/s)", c.load, c.queue, c.fault)
			audited.Until(t, r, 10*time.Second, 20)
			for name, want := range c.want {
				if got := audited.Value(t, r, name); got != want {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
	r := audited.Start(t, text, "200s", "poisson(100/s)", "", ", limit: {rate: 100/s, burst: 2}", "")
	audited.Until(t, r, 200*time.Second, 10)
	want := 1 - 1/(math.Exp(-1)+1) // M/D/1/2 at a load of 1: a departure leaves nobody with probability e^-1
	if got := audited.Value(t, r, "limit.b/q.limited.ratio"); math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/20_000)*1.5 {
		t.Errorf("%v are refused, want %v", got, want)
	}
}

// Tokens come at whole nanoseconds, and the part of one is carried, however often the
// bucket is emptied as soon as there is one: the last of 301 goes after 300 thirds of a second.
func TestTokensKeepTime(t *testing.T) {
	for burst, want := range map[int]float64{1: 100, 2: 299. / 3} {
		r := audited.Start(t, text, "101s", "{constant: 1/s, batch: 301}", fmt.Sprintf(", count: 301, limit: {rate: 3/s, burst: %d, wait: none}", burst), "", "")
		audited.Until(t, r, 101*time.Second, 7)
		if got := audited.Value(t, r, "load.x.accepted.latency.max"); math.Abs(got-want) > 1e-9 {
			t.Errorf("with a burst of %d the last waits for %v s, want %v", burst, got, want)
		}
	}
}

func says(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v, want %q in it", what, err, want)
	}
}

func TestMistakes(t *testing.T) {
	for queue, want := range map[string]string{
		", limit: {rate: 5/s, wait: 1s}": "nothing waits at the door of a queue",
		", limit: {}":                    "rate",
	} {
		_, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "10s", "constant(1/s)", "", queue, ""))
		says(t, queue, err, want)
	}
	const log = `
version: 1
name: one
run: {duration: 1s}
load: {x: {to: b/t, arrivals: constant(1/s)}}
brokers: {b: {topics: {t: {partitions: 2, limit: 5/s}}}}
services: {s: {consumes: {b/t: h}, on: {h: [work: 1ms]}}}
`
	if _, err := scenarios.Parse(nil, "one.yaml", []byte(log[1:])); err == nil || !strings.Contains(err.Error(), "takes every message") {
		t.Errorf("a limit on a log: %v", err)
	}
}
