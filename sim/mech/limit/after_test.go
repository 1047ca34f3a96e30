package limit_test

import (
	"fmt"
	"testing"
	"time"

	"asynclab/scenarios/audited"
)

const afterText = `
version: 1
name: one
run: {duration: 10s}
load: {x: {to: %s, arrivals: constant(10/s), count: %d, attributes: {who: [a]}, retry: {attempts: 2, %s}%s}}
brokers: {b: {queues: {q: {%s}}}}
services: {s: {workers: unlimited, consumes: {b/q: h}, %s on: {h: [reply], g: [{call: t/h, retry: {attempts: 2, on: [limited]}}]}}, t: {workers: unlimited, %s on: {h: [reply]}}}
links: {default: {latency: %s}}
`

// There is a token a second, which the first of two attempts takes; the second comes
// 100 ms later and has to wait for 900 ms. Of three the last comes at 200 ms, finds one in
// line before it and has to wait for 1.8 s.
func TestRetryAfter(t *testing.T) {
	const limited, tells = "on: [limited]", "limit: {rate: 1/s, retry_after: true},"
	const load, queue, door, callee, latency = 3, 4, 5, 6, 7
	for _, c := range []struct {
		what  string
		to    string
		count int
		retry string
		edit  map[int]string
		want  map[string]float64
	}{
		{"it does not say", "s/h", 2, limited, map[int]string{door: "limit: 1/s,"}, map[string]float64{"load.x.failed.limited": 1, "load.x.attempts": 3, "load.x.failed.latency.max": 0}},
		{"a door", "s/h", 2, limited, map[int]string{door: tells}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 0.9, "limit.s.limited": 1}},
		{"a shorter back-off", "s/h", 2, limited + ", backoff: 50ms", map[int]string{door: tells}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 0.9}},
		{"a longer back-off", "s/h", 2, limited + ", backoff: 2s", map[int]string{door: tells}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 2}},
		{"not listed", "s/h", 2, "on: [timeout]", map[int]string{door: tells}, map[string]float64{"load.x.failed.limited": 1, "load.x.failed.latency.max": 0}},
		{"after the deadline", "s/h", 2, limited, map[int]string{door: tells, load: ", deadline: 500ms"}, map[string]float64{"load.x.failed.deadline": 1, "load.x.failed.latency.max": 0}},
		// It is told when the answer comes, after 20 ms, and the second attempt takes as long.
		{"a way there and back", "s/h", 2, limited, map[int]string{door: tells, latency: "10ms"}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 0.94}},
		{"the answer comes too late to be heard", "s/h", 2, "on: [limited, timeout]", map[int]string{door: tells, latency: "10ms", load: ", timeout: 15ms, deadline: 1s"}, map[string]float64{"load.x.failed.timeout": 1, "load.x.failed.latency.max": 0.03}},
		{"a door with a key", "s/h", 2, limited, map[int]string{door: "limit: {rate: 1/s, key: who, retry_after: true},"}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 0.9}},
		{"the client's own", "s/h", 2, limited, map[int]string{load: ", limit: {rate: 1/s, retry_after: true}"}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 0.9}},
		{"a line at the client", "s/h", 3, limited, map[int]string{load: ", limit: {rate: 1/s, wait: none, line: 1, retry_after: true}"}, map[string]float64{"load.x.completed": 3, "load.x.confirmed.latency.max": 1.8, "load.x.attempts": 4}},
		{"a line at a door", "s/h", 3, limited, map[int]string{door: "limit: {rate: 1/s, wait: none, line: 1, retry_after: true},"}, map[string]float64{"load.x.completed": 3, "load.x.confirmed.latency.max": 1.8, "load.x.attempts": 4}},
		{"a queue", "b/q", 2, limited, map[int]string{queue: "limit: {rate: 1/s, retry_after: true}"}, map[string]float64{"load.x.completed": 2, "load.x.accepted.latency.max": 0.9, "queue.b/q.acked": 2}},
		{"a handler that calls", "s/g", 2, "on: [timeout]", map[int]string{callee: tells}, map[string]float64{"load.x.completed": 2, "load.x.confirmed.latency.max": 0.9}},
	} {
		t.Run(c.what, func(t *testing.T) {
			args := []any{c.to, c.count, c.retry, "", "", "", "", "0s"}
			for i, text := range c.edit {
				args[i] = text
			}
			r := audited.Start(t, afterText, args...)
			audited.Until(t, r, 10*time.Second, 1)
			for name, want := range c.want {
				if got := audited.Value(t, r, name); fmt.Sprintf("%.6f", got) != fmt.Sprintf("%.6f", want) {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
}
