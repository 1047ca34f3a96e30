package scenarios_test

import (
	"strings"
	"testing"

	"asynclab/scenarios"
)

// fetching are consumers that ask for messages, and handlers that take several, each with
// the numbers that follow from what it says.
var fetching = []struct{ name, text string }{
	// Between two polls 2 messages come on average, uniformly over the second: each waits
	// half of it, give or take 0.29 s / sqrt(7200) = 0.7 %. Each second ends with an empty
	// answer, because a poll that found something (a share 1 - 1/e^2) is followed by
	// another at once.
	{"short polls: half the interval, and an empty answer each", `
run: {duration: 1h}
load: {l: {to: b/q, arrivals: poisson(2/s), stop: 59min, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, prefetch: unlimited, pull: {wait: 0s, poll: 1s}}}, on: {h: [ack]}}}
brokers: {b: {queues: {q: {}}}}
expect: ["load.l.confirmed.latency.mean within 3% of 0.5s", "load.l.confirmed.latency.max <= 1s", "consumer.b/q->w.empty == 3600",
  "consumer.b/q->w.pulls within 1.3% of 3600 + 3540 * 0.864665", "consumer.b/q->w.pulled == load.l.offered", "link.w->b.sent == consumer.b/q->w.pulls + load.l.offered"]
`},
	// Nobody waits. Between two messages floor(X / 20 s) pulls end empty, X exponential
	// with a mean of 20 s: (1/e) / (1 - 1/e) = 0.582 on average, with a standard
	// deviation of 0.96: 3 % are four of 18,000 messages.
	{"long polls: no wait, and an empty answer only after 20 s of nothing", `
run: {duration: 100h}
load: {l: {to: b/q, arrivals: poisson(0.05/s), confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, pull: 20s}}, on: {h: [ack]}}}
brokers: {b: {queues: {q: {}}}}
expect: ["load.l.confirmed.latency.max == 0s", "consumer.b/q->w.empty within 4% of 0.581977 * load.l.offered"]
`},
	// A pull takes 10 ms to the broker, its answer 10 ms back: the first message waits for
	// neither, and the second came 5 ms after the answer to it had left: it waits for the
	// answer, 1 ms of work and the next pull.
	{"a pull and its answer travel", `
run: {duration: 10s}
load: {l: {to: b/q, arrivals: constant(200/s), start: 1s, count: 2, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, pull: 20s}}, on: {h: [work: 1ms]}}}
links: {default: {latency: 0s}, w->b: {latency: 10ms}, b->w: {latency: 10ms}}
brokers: {b: {queues: {q: {}}}}
expect: ["load.l.confirmed.latency.max == 27ms", "queue.b/q.wait.max == 16ms", "load.l.confirmed.latency.mean == 19ms"]
`},
	// The answer leaves with the fifth message: they have waited 4, 3, 2, 1 and 0 s. Or it
	// leaves after 3 s, at first with four messages and then 32 times with three: (6 + 32 × 3) / 100.
	{"a pull waits for enough", `
run: {duration: 200s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 100, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, prefetch: 10, pull: {wait: 10s, min: 5}}}, on: {h: [ack]}}}
brokers: {b: {queues: {q: {}}}}
designs: {enough: {}, over: {services: {w: {consumes: {b/q: {pull: {wait: 3s, min: 5}}}}}}}
expect: ["enough: queue.b/q.wait.mean == 2s", "enough: queue.b/q.wait.max == 4s", "over: queue.b/q.wait.mean == 1.02s", "over: queue.b/q.wait.max == 3s"]
`},
	// Four wait 3, 2, 1 and 0 s for their batch; or those that came within 2 s of the first.
	{"a batch lingers until it is full, or for long enough", `
run: {duration: 200s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 100, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, batch: {max: 4, linger: 10s}}}, on: {h: [work: 10ms * batch]}}}
brokers: {b: {queues: {q: {}}}}
designs: {full: {}, lingers: {services: {w: {consumes: {b/q: {batch: {max: 10, linger: 2s}}}}}}}
expect: ["full: consumer.b/q->w.batches == 25", "full: consumer.b/q->w.batch_wait.mean == 1.5s", "full: load.l.confirmed.latency.mean == 1.54s", "full: service.w.completed == 25",
  "full: load.l.completed == 100", "lingers: consumer.b/q->w.batches == 34", "lingers: consumer.b/q->w.batch_wait.max == 2s", "lingers: load.l.confirmed.latency.max == 2.03s"]
`},
	// 25 batches of 4: a row of 2 kB for each message goes to the table, 10 ms of work for each
	// there, and an answer of 100 B for each. Whoever the table calls in turn is told too.
	{"what a batch calls for is told how many messages it has", `
run: {duration: 200s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 100, confirm: w/h}}
services:
  w: {consumes: {b/q: {handler: h, batch: {max: 4, linger: 10s}}}, stores: {seen: {counters: [written]}}, on: {h: [{call: table/insert, size: 2kB * batch, set: {rows: {from: batch}}}, {count: seen.written, add: batch}]}}
  table: {on: {insert: [work: 10ms * rows, call: index/add, reply: 100B * rows]}}
  index: {on: {add: [work: 1ms * rows]}}
brokers: {b: {queues: {q: {}}}}
expect: ["link.w->table.bytes == 25 * 8kB", "link.table->w.bytes == 25 * 400B", "load.l.confirmed.latency.mean == 1.544s", "service.table.started == 25",
  "counter.w/seen/written.value.final == 100"]
`},
	// 12 messages in batches of 4: three deliveries of each, then the dead-letter queue.
	{"a batch that fails returns each of its messages", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 4}, count: 12, confirm: w/h}}
services: {w: {on: {h: [fail]}}}
brokers: {b: {queues: {q: {max_deliveries: 3, dead_letter: dead}, dead: {}}}}
designs:
  push: {services: {w: {consumes: {b/q: {handler: h, batch: {max: 4, linger: 100ms}}}}}}
  pull: {services: {w: {consumes: {b/q: {handler: h, batch: 4, pull: {wait: 20s, min: 4}}}}}}
  automatic: {services: {w: {consumes: {b/q: {handler: h, batch: 4, ack: automatic}}}}}
expect: ["push: queue.b/q.nacked == 36", "push: queue.b/q.dead_lettered == 12", "push: service.w.failed == 9", "push: service.w.duplicates == 24",
  "pull: queue.b/q.nacked == 36", "pull: service.w.failed == 9", "pull: consumer.b/q->w.batched == 36", "automatic: service.w.failed == 3", "automatic: load.l.failed.error == 12"]
`},
	// The crash takes the two of the batch and the two that waited for the next; all four
	// come back, and are done when the service is back, in two batches of 5 s.
	{"a crash loses no message of a batch", `
run: {duration: 2min}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 4}, count: 4, confirm: w/h, deadline: 2min}}
services: {w: {consumes: {b/q: {handler: h, prefetch: 4, batch: 2}}, on: {h: [work: 5s]}}}
brokers: {b: {queues: {q: {}}}}
faults: [{at: 3s, for: 7s, crash: w}]
designs: {push: {}, pull: {services: {w: {consumes: {b/q: {pull: 20s}}}}}}
expect: ["push: load.l.completed == 4", "push: queue.b/q.redelivered == 4", "push: load.l.confirmed.latency.max == 20s", "push: service.w.lost == 1",
  "pull: load.l.completed == 4", "pull: queue.b/q.redelivered == 4", "pull: load.l.confirmed.latency.max == 20s"]
`},
	// The connection is closed at 40 s, after two looks without anything; what was sent into the
	// cut is gone with it, and the consumer asks anew when the cut is over.
	{"a pull that was cut off is made anew", `
run: {duration: 5min}
load: {l: {to: b/q, arrivals: constant(1/s), count: 200, confirm: w/h, deadline: 5min}}
services: {w: {consumes: {b/q: {handler: h, prefetch: 10, pull: 5s}}, on: {h: [work: 10ms]}}}
brokers: {b: {queues: {q: {}}}}
faults: [{at: 20s, for: 60s, cut: w->b}]
expect: ["load.l.completed == 200", "load.l.confirmed.latency.max > 50s", "load.l.confirmed.latency.max < 62s"]
`},
	// An empty poll is an operation, an answer with ten messages one too: a message, 0.1
	// pulls for it and its acknowledgement, and one poll that is empty each second.
	{"a pull is one operation of the broker, whatever it brings", `
run: {duration: 100s}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 10}, stop: 95s, confirm: w/h}}
services: {w: {consumes: {b/q: {handler: h, prefetch: 10, pull: 0s}}, on: {h: [ack]}}}
brokers: {b: {queues: {q: {}}}}
expect: ["broker.b.operations == 2 * load.l.offered + consumer.b/q->w.pulls", "consumer.b/q->w.pulls - consumer.b/q->w.empty == load.l.offered / 10"]
`},
	// Messages at 0, 0.1, … 0.4 s are five, and sent with the fifth; or three of 1 kB are enough.
	{"a publisher sends together what it has gathered", `
run: {duration: 60s}
load: {l: {to: b/q, arrivals: constant(10/s), count: 90, batch: {linger: 1s, max: 5}, confirm: w/h}}
services: {w: {workers: 100, consumes: {b/q: h}, on: {h: [ack]}}}
brokers: {b: {queues: {q: {}}}}
designs: {number: {}, size: {load: {l: {batch: {linger: 1s, size: 3kB}}}}, time: {load: {l: {batch: 250ms}}}}
expect: ["number: link.l->b.sent == 18", "number: publisher.l->b/q.linger.mean == 200ms", "number: load.l.confirmed.latency.max == 400ms", "number: link.l->b.bytes == 90 * 1kB",
  "size: link.l->b.sent == 30", "size: publisher.l->b/q.linger.mean == 100ms", "time: link.l->b.sent == 30", "time: load.l.confirmed.latency.max == 250ms", "time: load.l.completed == 90"]
`},
	// Who waits for the confirmation waits for the batch too: 50 ms at most, and 10 ms there and back.
	{"a batch is confirmed message by message", `
run: {duration: 60s}
load: {l: {to: s/h, arrivals: constant(100/s), stop: 50s}}
services: {s: {workers: 100, on: {h: [{publish: b/q, confirm: true, batch: 50ms}, reply]}}}
links: {default: {latency: 0s}, s->b: {latency: 5ms}, b->s: {latency: 5ms}}
brokers: {b: {queues: {q: {}}}}
expect: ["load.l.accepted == 5000", "load.l.accepted.latency.max == 60ms", "publisher.s/h->b/q.batched == 5000", "queue.b/q.published == 5000", "link.b->s.sent == 5000"]
`},
	{"a crash loses what was not sent", `
run: {duration: 60s}
load: {l: {to: s/h, arrivals: constant(1/s), count: 4, confirm: w/h}}
services:
  s: {on: {h: [reply, {publish: b/q, batch: 10s}]}}
  w: {consumes: {b/q: h}, on: {h: [ack]}}
brokers: {b: {queues: {q: {}}}}
faults: [{at: 5s, for: 1s, crash: s}]
expect: ["load.l.failed.lost == 4", "queue.b/q.published == 0"]
`},
	// Half a minute after the deliveries the channel is closed: both messages come back. What the first tasks acknowledge counts for nothing, and both are done once more.
	{"a consumer that does not acknowledge in time loses its channel", `
run: {duration: 3min}
load: {l: {to: b/q, arrivals: {constant: 1/s, batch: 2}, count: 2, confirm: w/h, deadline: 2min}}
services: {w: {workers: 2, consumes: {b/q: {handler: h, prefetch: 2, consumers: 1}}, on: {h: [{work: 40s, when: not redelivered}, {work: 1s, when: redelivered}]}}}
brokers: {b: {queues: {q: {consumer_timeout: 30s}}}}
designs: {closed: {}, batch: {services: {w: {consumes: {b/q: {batch: 2}}}}}}
expect: ["closed: queue.b/q.redelivered == 2", "closed: queue.b/q.late_acks == 2", "closed: service.w.duplicates == 2", "closed: queue.b/q.unacked.final == 0", "closed: queue.b/q.depth.final == 0",
  "closed: load.l.completed == 2", "batch: queue.b/q.redelivered == 2", "batch: load.l.completed == 2", "batch: load.l.confirmed.latency.max == 40s"]
`},
	// w holds the message for its batch when its channel is closed after 1 s, and the other
	// takes it; the broker restarts before w has another channel. What w has is handled all
	// the same, on its new connection, and not when the next message happens to come.
	{"a batch that lingers outlives its channel and its connection", `
run: {duration: 20s}
load: {l: {to: b/q, arrivals: constant(1/s), count: 1, confirm: v/h}}
services: {w: {consumes: {b/q: {handler: h, batch: {max: 4, linger: 4s}}}, on: {h: [work: 1ms]}}, v: {consumes: {b/q: h}, on: {h: [work: 1ms]}}}
brokers: {b: {reconnect: {backoff: 1s, jitter: none}, queues: {q: {consumer_timeout: 1s}}}}
faults: [{at: 1.2s, for: 100ms, crash: b}]
expect: ["consumer.b/q->w.batches == 1", "service.v.completed == 1"]
`},
}

func TestFetching(t *testing.T) {
	for _, c := range fetching {
		t.Run(c.name, func(t *testing.T) { holds(t, c.text) })
	}
}

func TestFetchingNeedsSense(t *testing.T) {
	for _, c := range []struct{ consumer, wrong string }{
		{"pull: {poll: 1s}", "wait"},
		{"pull: 5s, batch: {max: 3, linger: 1s}", "it is the broker that waits for more messages"},
		{"pull: {wait: 0s, min: 3}", "cannot wait for 3 messages"},
		{"batch: 0", "1"},
		{"batch: {linger: 1s}", "max"},
	} {
		text := "version: 1\nname: wrong\nrun: {duration: 1s}\nload: {l: {to: b/q, arrivals: constant(1/s)}}\nservices: {w: {consumes: {b/q: {handler: h, " + c.consumer + "}}, on: {h: [ack]}}}\nbrokers: {b: {queues: {q: {}}}}\n"
		if _, err := scenarios.Parse(nil, "wrong.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v", c.consumer, err)
		}
	}
}
