package maxmessage_test

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
run: {duration: 1000s}
load: {x: {to: %s, arrivals: constant(10/s), size: %s%s}}
services: {s: {workers: unlimited, %s on: {h: [work: 1ms]}}, r: {%s on: {h: []}}}
brokers: {b: {%s}}
faults: [%s]
`

func run(t *testing.T, args ...any) func(metric string) float64 {
	t.Helper()
	r := audited.Start(t, text, args...)
	audited.Until(t, r, 1000*time.Second, 10)
	return func(metric string) float64 { return audited.Value(t, r, metric) }
}

// Of 10,000 messages whose sizes are exponential with a mean of 1 kB, a bound of 2 kB
// leaves out e^-2, in whichever place it stands: a publisher hears of each, once, and
// nothing of it is stored, or worked on.
func TestRefusesWhatIsLarger(t *testing.T) {
	const n = 10_000
	for _, c := range []struct {
		what, at    string
		to, s, r, b string
		read        string // what of it came to s
		subs        float64
	}{
		{"a queue", "b/q", "b/q", "consumes: {b/q: h},", "", "queues: {q: {max_message: 2kB}}", "queue.b/q.acked", 1},
		{"a queue, as a setting of several", "b/q", "b/q", "consumes: {b/q: h},", "", "queues: {q: {max_message: {size: 2kB}}}", "queue.b/q.acked", 1},
		{"a topic, each subscription of it", "b/t/s", "b/t", "consumes: {b/t: h},", "consumes: {b/t: h},", "topics: {t: {max_message: 2kB}}", "queue.b/t/s.acked", 2},
		{"a log, once for all", "b/t", "b/t", "consumes: {b/t: h},", "consumes: {b/t: h},", "topics: {t: {partitions: 3, max_message: 2kB}}", "queue.b/t/s.acked", 2},
		{"a service", "s", "s/h", "max_message: 2kB,", "", "queues: {q: {}}", "service.s.completed", 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			value := run(t, c.to, "exp(1kB)", "", c.s, c.r, c.b, "")
			refused := value("load.x.failed.too_large")
			if want := n * math.Exp(-2); math.Abs(refused-want) > 4*math.Sqrt(want*(1-math.Exp(-2))) {
				t.Errorf("%v are refused, want %v", refused, want)
			}
			for name, want := range map[string]float64{
				"max_message." + c.at + ".refused": refused, "max_message." + c.at + ".asked": n, c.read: n - refused, "load.x.completed": n - refused, "load.x.attempts": n,
			} {
				if got := value(name); got != want {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
			for i := range int(c.subs) {
				sub := []string{"s", "r"}[i]
				name := "queue.b/t/" + sub
				if c.subs == 1 {
					name = "queue.b/q"
				}
				if got := value(name + ".rejected"); got != refused {
					t.Errorf("%s has refused %v, want %v", name, got, refused)
				}
			}
		})
	}
}

// What is just as large is taken, and a message that says nothing has its 1 kB. A retry
// without causes leaves what was too large; one with them may try it, in vain. A bound can
// change: nine messages of 3 kB come while it is 2 kB.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		what, size, load, queue, fault string
		want                           map[string]float64
	}{
		{"just as large", "2kB", "", "max_message: 2kB", "", map[string]float64{"load.x.failed": 0}},
		{"a byte larger", "2001B", "", "max_message: 2kB", "", map[string]float64{"load.x.failed.too_large": 10_000}},
		{"no bound", "1GB", "", "max_message: unlimited", "", map[string]float64{"load.x.failed": 0}},
		{"a retry leaves it", "3kB", ", retry: {attempts: 3}", "max_message: 2kB", "", map[string]float64{"load.x.failed.too_large": 10_000, "load.x.attempts": 10_000}},
		{"a retry that names it", "3kB", ", retry: {attempts: 3, on: [too_large]}", "max_message: 2kB", "", map[string]float64{"load.x.failed.too_large": 10_000, "load.x.attempts": 30_000}},
		{"no breaker opens", "3kB", ", breaker: {failures: 1, open: 1min}", "max_message: 2kB", "", map[string]float64{"load.x.failed.too_large": 10_000}},
		{"for a time", "3kB", "", "max_message: 4kB", "{at: 10.05s, for: 900ms, set: {queue.b/q.max_message.size: 2kB}}", map[string]float64{"load.x.failed.too_large": 9}},
		{"and takes no room", "3kB", "", "max_message: 2kB, max_length: 5", "", map[string]float64{"load.x.failed.too_large": 10_000, "load.x.failed.rejected": 0}},
	} {
		t.Run(c.what, func(t *testing.T) {
			value := run(t, "b/q", c.size, c.load, "", "", "queues: {q: {"+c.queue+"}}", c.fault)
			for name, want := range c.want {
				if got := value(name); got != want {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
			}
		})
	}
}

func TestLogChanges(t *testing.T) {
	value := run(t, "b/t", "3kB", "", "consumes: {b/t: h},", "consumes: {b/t: h},", "topics: {t: {partitions: 2, max_message: 4kB}}", "{at: 10.05s, for: 900ms, set: {queue.b/t.max_message.size: 2kB}}")
	for name, want := range map[string]float64{"load.x.failed.too_large": 9, "queue.b/t/s.rejected": 9, "queue.b/t/r.acked": 9_991} {
		if got := value(name); got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ broker, want string }{
		{"queues: {q: {max_message: 0B}}", "0B"},
		{"queues: {q: {max_message: {}}}", "size"},
		{"topics: {t: {partitions: 1, subscriptions: {s: {max_message: 1kB}}}}", "let the topic say it"},
		{"topics: {t: {partitions: 1, max_message: 2kB, subscriptions: {s: {max_message: 1kB}}}}", "let the topic say it"},
		{"topics: {t: {partitions: 1, limit: 5/s}}", "put it on those who publish"},
	} {
		_, err := scenarios.Parse(nil, "one.yaml", fmt.Appendf(nil, text[1:], "s/h", "1kB", "", "", "", c.broker, ""))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", c.broker, err, c.want)
		}
	}
}
