package scenarios_test

import (
	"maps"
	"math"
	"slices"
)

// Timelines by hand: what comes back to a queue and when, what a crash repeats or loses,
// who notices it. Loads of a few messages at known times, work that never varies, and every
// number from the words of the reference.

// timeline is a case of one short run, each of whose values is exact to the nanosecond.
func timeline(id string, seconds float64, text string, values map[string]float64) truthCase {
	c := truthCase{id: "timeline-" + id, text: text, seconds: seconds, quick: 1, reps: 1, warmup: "0s", drain: "none"}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		c.values = append(c.values, truth{name, values[name], 1e-9, m(name), exact})
	}
	return c
}

var truthTimelines = []truthCase{
	// Work of 2.5 s by two consumers, visible again after 1 s. Accepted, the first answer ends
	// the message at 2.5 s. Refused, it is handed over at 2.5 k and 2.5 k + 1 s, for ever.
	timeline("late-ack", 10, `
load: {x: {to: b/q, arrivals: constant(1/s), count: 1, confirm: s/h, patient}}
services: {s: {instances: 2, consumes: {b/q: h}, on: {h: [work: 2500ms]}}}
designs:
  accept: {brokers: {b: {queues: {q: {visibility: 1s}}}}}
  refuse: {brokers: {b: {queues: {q: {visibility: 1s, late_ack: refuse}}}}}
`, map[string]float64{
		"accept|load.x.confirmed.latency.max": 2.5, "accept|queue.b/q.delivered": 2, "accept|queue.b/q.late_acks": 2, "accept|queue.b/q.acked": 1,
		"refuse|queue.b/q.delivered": 8, "refuse|queue.b/q.acked": 0, "refuse|load.x.confirmed.latency.max": 2.5,
	}),
	// Refused three times, then failed twice, a second apart: only failures count, up to two.
	// And held through two crashes: at the second it is dead, or goes on where a lost
	// connection does not count.
	timeline("counted-ends", 10, `
load: {x: {to: b/q, arrivals: constant(1/s), count: 1, confirm: s/h, patient}}
designs:
  refused:
    brokers: {b: {queues: {q: {max_deliveries: 2, counted: [failure], redelivery_delay: 1s, dead_letter: d}, d: {}}}}
    services: {s: {consumes: {b/q: h}, on: {h: [{nack: requeue, when: delivery <= 3}, fail]}}}
  lost:
    brokers: {b: {queues: {q: {max_deliveries: 2, dead_letter: d}, d: {}}}}
    services: {s: {consumes: {b/q: h}, on: {h: [work: 1h]}}}
    faults: [{crash: s, at: 1s, for: 500ms}, {crash: s, at: 3s, for: 500ms}]
  spared:
    extends: lost
    brokers: {b: {queues: {q: {counted: [failure, nack, timeout]}}}}
`, map[string]float64{
		"refused|queue.b/q.delivered": 5, "refused|load.x.failed.latency.max": 4, "refused|queue.b/q.dead_lettered": 1,
		"lost|queue.b/q.delivered": 2, "lost|load.x.failed.latency.max": 3, "spared|queue.b/q.delivered": 3, "spared|queue.b/q.dead_lettered": 0,
	}),
	// The first of a key fails once and waits 5 s: those behind it wait too, until 8 s and 9 s;
	// those of the other key do not.
	timeline("key-held-back", 10, `
load:
  p: {to: b/q, arrivals: constant(1/s), count: 1, confirm: s/h, attributes: {k: [a], bad: [yes]}}
  x: {to: b/q, arrivals: {constant: 1/s, batch: 2}, count: 2, confirm: s/h, attributes: {k: [a], bad: [no]}}
  y: {to: b/q, arrivals: {constant: 1/s, batch: 2}, count: 2, confirm: s/h, attributes: {k: [c], bad: [no]}}
brokers: {b: {queues: {q: {key: k, redelivery_delay: 5s}}}}
services: {s: {workers: 4, consumes: {b/q: h}, on: {h: [work: 1s, {fail: , when: bad == yes and delivery == 1}]}}}
`, map[string]float64{"load.p.confirmed.latency.max": 7, "load.x.confirmed.latency.mean": 8.5, "load.y.confirmed.latency.mean": 1.5}),
	// What is urgent comes at 0.5 s, before four that wait, or behind the three that the
	// consumer holds already. Two to one, behind a message of neither: urgent at 2, 3, 5, 6, 8, 9 s.
	timeline("priorities", 15, `
load:
  lo: {to: b/q, arrivals: {constant: 1/s, batch: 5}, count: 5, confirm: s/h, priority: 1}
  hi: {to: b/q, arrivals: constant(1/s), start: 500ms, count: 1, confirm: s/h, priority: 0}
brokers: {b: {queues: {q: {priorities: 2}}}}
services: {s: {consumes: {b/q: h}, on: {h: [work: 1s]}}}
designs:
  one: {}
  three: {services: {s: {consumes: {b/q: {handler: h, prefetch: 3}}}}}
  ratio:
    load:
      z: {to: b/q, arrivals: constant(1/s), count: 1, confirm: s/h}
      hi: {arrivals: {constant: 1/s, batch: 6}, count: 6}
      lo: {arrivals: {constant: 1/s, batch: 3}, count: 3, start: 500ms}
    brokers: {b: {queues: {q: {priorities: {levels: 2, ratio: 2}}}}}
`, map[string]float64{
		"one|load.hi.confirmed.latency.max": 1.5, "one|load.lo.confirmed.latency.mean": 19. / 5,
		"three|load.hi.confirmed.latency.max": 3.5, "three|load.lo.confirmed.latency.mean": 17. / 5,
		"ratio|load.hi.confirmed.latency.mean": 33./6 - 0.5, "ratio|load.lo.confirmed.latency.mean": 21./3 - 0.5,
	}),
	// Behind work of 3 s wait one with 8 s to live and one with 1 s, which is looked at when it
	// is at the head or wherever it stands. A dead letter lives anew: 1 s, 2 s, and then work.
	timeline("ttl", 10, `
load:
  w: {to: b/q, arrivals: constant(1/s), count: 1, confirm: s/h}
  long: {to: b/q, arrivals: constant(1/s), start: 100ms, count: 1, confirm: s/h, ttl: 8s}
  short: {to: b/q, arrivals: constant(1/s), start: 200ms, count: 1, confirm: s/h, ttl: 1s}
services: {s: {consumes: {b/q: h}, on: {h: [work: 3s]}}}
designs:
  head: {brokers: {b: {queues: {q: {expire: head}}}}}
  any: {brokers: {b: {queues: {q: {expire: any}}}}}
  dead:
    load: {long: null, short: null, w: {to: b/r}}
    services: {s: {consumes: {b/e: h}}}
    brokers: {b: {queues: {q: {}, r: {ttl: 1s, expire: any, dead_letter: d}, d: {ttl: 2s, expire: any, dead_letter: e}, e: {}}}}
`, map[string]float64{"head|load.short.failed.latency.max": 2.8, "any|load.short.failed.latency.max": 1, "any|load.long.confirmed.latency.max": 5.9, "dead|load.w.confirmed.latency.max": 6}),
	// Ten records of 1 s, a crash at 4.5 s; back at 6.5 s. Committed one by one, the fifth is
	// begun again; each 3 s, so is the fourth; ten at a time, all; and of polls of four (one, then
	// the next four) three and the one in work.
	timeline("commits", 20, `
load: {x: {to: b/t, arrivals: {constant: 1/s, batch: 10}, count: 10, confirm: s/h}}
services: {s: {consumes: {b/t: h}, on: {h: [work: 1s]}}}
faults: [{crash: s, at: 4500ms, for: 2s}]
designs:
  each: {brokers: {b: {topics: {t: {partitions: 1, group: {session: 1s}}}}}}
  third: {brokers: {b: {topics: {t: {partitions: 1, group: {session: 1s, commit: 3s}}}}}}
  tenth: {brokers: {b: {topics: {t: {partitions: 1, group: {session: 1s, commit: 10s}}}}}}
  polls: {brokers: {b: {topics: {t: {partitions: 1, group: {session: 1s, commit: 1s}}}}}, services: {s: {consumes: {b/t: {handler: h, prefetch: 4}}}}}
`, map[string]float64{
		"each|load.x.confirmed.latency.max": 12.5, "each|service.s.duplicates": 1,
		"third|load.x.confirmed.latency.max": 13.5, "third|service.s.duplicates": 2, "third|group.b/t/s.repeated.max": 1,
		"tenth|load.x.confirmed.latency.max": 16.5, "tenth|service.s.duplicates": 5, "tenth|group.b/t/s.repeated.max": 4,
		"polls|load.x.confirmed.latency.max": 15.5, "polls|service.s.duplicates": 4, "polls|group.b/t/s.repeated.max": 3,
	}),
	// One of two members dies at 5.05 s and is missed at 8.05 s: four partitions stand still for
	// the pause of 2 s, or the two that move; no less if its process is back in time.
	timeline("rebalance", 20, `
load: {x: {to: b/t, arrivals: {constant: 10/s, batch: 4}, stop: 10s, confirm: s/h, patient}}
services: {s: {instances: 2, consumes: {b/t: h}, on: {h: [work: 10ms]}}}
designs:
  eager: {brokers: {b: {topics: {t: {partitions: 4, group: {pause: 2s, session: 3s}}}}}, faults: [{crash: s, instance: 2, at: 5050ms}]}
  again: {brokers: {b: {topics: {t: {partitions: 4, group: {pause: 2s, session: 3s}}}}}, faults: [{crash: s, instance: 2, at: 5050ms, for: 1s}]}
  some: {brokers: {b: {topics: {t: {partitions: 4, group: {pause: 2s, session: 3s, rebalance: cooperative, deal: sticky}}}}}, faults: [{crash: s, instance: 2, at: 5050ms}]}
`, map[string]float64{
		"eager|group.b/t/s.rebalances": 1, "eager|group.b/t/s.stopped.mean": 4 * 2. / 20, "again|group.b/t/s.rebalances": 1, "again|group.b/t/s.stopped.mean": 4 * 2. / 20,
		"some|group.b/t/s.rebalances": 1, "some|group.b/t/s.stopped.mean": 2 * 2. / 20,
	}),
	// Ten records a second. A reader is away for 10 s: kept for 5 s it misses 50 of 100; kept up to
	// 20 kB, 80. A reader of five a second is 4 s behind at 8 s, and misses half from then on.
	timeline("retention", 48, `
load: {x: {to: b/t, arrivals: constant(10/s)}}
designs:
  time:
    services: {s: {consumes: {b/t: h}, on: {h: [work: 1ms]}}}
    brokers: {b: {topics: {t: {partitions: 1, keep: 5s, group: {session: none}}}}}
    faults: [{crash: s, at: 10050ms, for: 10s}]
  size:
    services: {s: {consumes: {b/t: h}, on: {h: [work: 1ms]}}}
    brokers: {b: {topics: {t: {partitions: 1, keep: {size: 20kB}, group: {session: none}}}}}
    faults: [{crash: s, at: 10050ms, for: 10s}]
  slow:
    services: {s: {consumes: {b/t: h}, on: {h: [work: 200ms]}}}
    brokers: {b: {topics: {t: {partitions: 1, keep: 4s}}}}
`, map[string]float64{"time|queue.b/t/s.expired": 50, "size|queue.b/t/s.expired": 80, "slow|queue.b/t/s.expired": 200}),
	// At 10 s a hundred are there, the first at 0.05 s: from offset 30 on, or from 4 s on; and
	// forward, of fifty the 45 that are not begun at 4.5 s.
	timeline("replay", 20, `
load: {x: {to: b/t, arrivals: constant(10/s), start: 50ms}}
services: {s: {consumes: {b/t: h}, on: {h: [work: 1ms]}}}
designs:
  offset: {brokers: {b: {topics: {t: {partitions: 1, keep: 1h, subscriptions: {s: {replay: {at: 10s, offset: 30}}}}}}}}
  time: {brokers: {b: {topics: {t: {partitions: 1, keep: 1h, subscriptions: {s: {replay: {at: 10s, time: 4s}}}}}}}}
  ahead:
    load: {x: {arrivals: {constant: 1/s, batch: 50}, count: 50, start: 0s}}
    services: {s: {on: {h: [work: 1s]}}}
    brokers: {b: {topics: {t: {partitions: 1, keep: 1h, subscriptions: {s: {replay: {at: 4500ms, from: now}}}}}}}
`, map[string]float64{"offset|group.b/t/s.replayed": 70, "time|group.b/t/s.replayed": 60, "ahead|queue.b/t/s.expired": 45, "ahead|service.s.completed": 5}),
	// A hundred a second; the leader dies at 5 s with what the followers, 95 ms behind, have not:
	// those of 4.915 s to 4.995 s, all of them confirmed. Where all have to have it, they and that
	// of 4.905 s are refused, and so are those of the 2 s until a follower leads.
	timeline("leader-crash", 10, `
load: {x: {to: b/q, arrivals: constant(100/s), start: 5ms, confirm: s/h, timeout: 1s, deadline: none}}
services: {s: {workers: 0, consumes: {b/q: h}, on: {h: [work: 1ms]}}}
faults: [{crash: b, at: 5s, for: 20s}]
designs:
  leader: {brokers: {b: {replicas: {nodes: 3, acks: leader, lag: 95ms, failover: 2s}, reconnect: {backoff: 100ms}, queues: {q: {}}}}}
  all: {brokers: {b: {replicas: {nodes: 3, acks: all, lag: 95ms, failover: 2s}, reconnect: {backoff: 100ms}, queues: {q: {}}}}}
`, map[string]float64{
		"leader|replication.b.lost": 9, "leader|load.x.failed.lost": 9, "leader|load.x.failed.refused": 200, "leader|load.x.accepted": 800,
		"all|replication.b.lost": 0, "all|load.x.failed.lost": 0, "all|load.x.failed.refused": 210, "all|load.x.accepted": 490 + 290,
	}),
	// A consumer's host is gone at 5.1 s. The broker looks each 2 s: at 6 s it has heard of it at
	// 5 s, at 8 s and 10 s not, and gives what it held to the other, who needs a second.
	timeline("heartbeats", 20, `
load: {x: {to: b/q, arrivals: constant(1/s), count: 1, start: 4500ms, confirm: {at: [r/h, s/h], count: 1}}}
brokers: {b: {heartbeat: 2s, queues: {q: {}}}}
services: {r: {consumes: {b/q: h}, on: {h: [work: 1s]}}, s: {consumes: {b/q: h}, on: {h: [work: 1s]}}}
faults: [{host_crash: r, at: 5100ms}]
`, map[string]float64{"load.x.confirmed.latency.max": 6.5, "queue.b/q.redelivered": 1}),
	// Two-phase commit, a millisecond apart: prepared at 2 ms, both votes at 33 ms, the decision
	// forced until 83 ms, the lock of the first participant free at 89 ms, when a reader of 51 ms has
	// it. Its coordinator is away for 2 s from 60 ms on, with 23 ms to go, or from 20 ms on, when it
	// finds the votes that came meanwhile as it returns and begins the 50 ms.
	timeline("in-doubt", 10, `
load: {x: {to: c/h, arrivals: constant(1/s), count: 1, patient}, y: {to: p/read, arrivals: constant(1/s), start: 50ms, count: 1, patient}}
services:
  c: {workers: unlimited, on_crash: resume, on: {h: [{parallel: [[call: p/prepare], [call: r/prepare]]}, work: 50ms, {parallel: [[call: p/commit], [call: r/commit]]}]}}
  p: {workers: unlimited, stores: {t: {lives: disk}}, on: {prepare: [{lock: t, for: operation, patience: none}, work: 10ms], commit: [work: 5ms, unlock: t], read: [{lock: t, patience: none}, reply]}}
  r: {workers: unlimited, stores: {t: {lives: disk}}, on: {prepare: [{lock: t, for: operation, patience: none}, work: 30ms], commit: [work: 5ms, unlock: t]}}
links: {default: {latency: 1ms}}
designs:
  well: {}
  decided: {faults: [{crash: c, at: 60ms, for: 2s}]}
  voting: {faults: [{crash: c, at: 20ms, for: 2s}]}
`, map[string]float64{"well|load.y.confirmed.latency.max": 0.040, "well|load.x.confirmed.latency.max": 0.091, "decided|load.y.confirmed.latency.max": 2.040, "voting|load.y.confirmed.latency.max": 2.027}),
	// The relay of an outbox dies at 1.5 s between its publish and its acknowledgement: that one is
	// published twice, and done once, for the inbox knows it.
	timeline("relay-crash", 20, `
load: {x: {to: o/q, arrivals: {constant: 1/s, batch: 3}, count: 3, confirm: mail/h}}
brokers: {o: {queues: {q: {durable: true}}}, b: {queues: {q: {}}}}
services:
  relay: {consumes: {o/q: h}, on: {h: [{publish: b/q, confirm: true}, work: 1s]}}
  mail: {workers: 9, consumes: {b/q: h}, stores: {seen: {key: operation, lives: disk}, book: {lives: disk, counters: [n]}}, on: {h: [{stop: , when: seen}, set: seen, count: book.n]}}
faults: [{crash: relay, at: 1500ms, for: 1s}]
`, map[string]float64{"queue.b/q.published": 4, "counter.mail/book/n.value.final": 3, "store.mail/seen.known": 1, "load.x.confirmed.latency.max": 3.5}),
	// Whose answers are lost for 1.2 s publishes at 0, 0.5, 1 and 1.5 s: four copies, or one of
	// an idempotent producer.
	timeline("lost-confirms", 10, `
load: {x: {to: b/q, arrivals: constant(1/s), count: 1, timeout: 500ms, retry: {attempts: 5}, confirm: s/h}}
services: {s: {consumes: {b/q: h}, on: {h: [reply]}}}
brokers: {b: {queues: {q: {}}}}
links: {x -> b: {}, b -> x: {retransmit: none}}
faults: [{cut: b -> x, at: 0s, for: 1200ms}]
designs: {plain: {}, idempotent: {load: {x: {idempotent: true}}}}
`, map[string]float64{"plain|queue.b/q.published": 4, "idempotent|queue.b/q.published": 1, "idempotent|queue.b/q.deduplicated": 3, "idempotent|load.x.accepted.latency.max": 1.5}),
	// Of keys a.b, a.b.c, b.a and a, ten each: a star is one word, a hash any number of them.
	timeline("wildcards", 10, `
load:
  k1: {to: b/t, arrivals: constant(1/s), attributes: {k: [a.b]}}
  k2: {to: b/t, arrivals: constant(1/s), attributes: {k: [a.b.c]}}
  k3: {to: b/t, arrivals: constant(1/s), attributes: {k: [b.a]}}
  k4: {to: b/t, arrivals: constant(1/s), attributes: {k: [a]}}
brokers: {b: {topics: {t: {subscriptions: {one: {filter: 'k matches "a.*"'}, any: {filter: 'k matches "a.#"'}, end: {filter: 'k matches "#.a"'}, three: {filter: 'k matches "*.*.*"'}, mid: {filter: 'k matches "a.#.c"'}}}}}}
`, map[string]float64{"queue.b/t/one.published": 10, "queue.b/t/one.filtered": 30, "queue.b/t/any.published": 30, "queue.b/t/end.published": 20, "queue.b/t/three.published": 10, "queue.b/t/mid.published": 10}),
	// A holder of a lock dies at 1 s: its lease of 2 s is over at 3 s. Two take two locks each the
	// other way round: the first loses its patience at 2.5 s, and the other goes on.
	timeline("locks", 20, `
load: {x: {to: s/ab, arrivals: constant(1/s), count: 1}, y: {to: t/ba, arrivals: constant(1/s), start: 100ms, count: 1}}
designs:
  lease:
    services:
      s: {on: {ab: [call: d/first]}}
      t: {on: {ba: [call: d/second]}}
      d: {instances: 2, workers: 9, stores: {r: {lives: outside, lease: 2s}}, on: {first: [{lock: r}, work: 10s], second: [{lock: r}, work: 1s]}}
    faults: [{crash: d, instance: 1, at: 1s}]
  circle:
    services:
      s: {on: {ab: [call: d/ab]}}
      t: {on: {ba: [call: d/ba]}}
      d: {workers: 9, stores: {p: {}, q: {}}, on: {ab: [{lock: p}, work: 500ms, {lock: q, patience: 2s}, work: 1s], ba: [{lock: q}, work: 500ms, {lock: p, patience: 2s}, work: 1s]}}
`, map[string]float64{"lease|load.y.confirmed.latency.max": 3.9, "circle|load.x.failed.latency.max": 2.5, "circle|load.y.confirmed.latency.max": 3.4}),
	{
		// Ten steps of 2 s, each begun again after a crash; up for exp(10 s), down for 1 s: a step
		// takes (e^0.2 - 1)(10 + 1) s, and one in eleven jobs finds it down, for half a second.
		id: "steps-begun-again", seconds: 400_000, quick: 0.1, warmup: "0s", text: `
load: {x: {to: b/q, arrivals: constant(0.005/s), confirm: s/h, patient}}
brokers: {b: {queues: {q: {}}}}
services: {s: {workers: unlimited, on_crash: restart, consumes: {b/q: {handler: h, prefetch: unlimited, consumers: 1}}, on: {h: [{repeat: 10, do: [work: 2s]}]}}}
faults: [{every: exp(10s), for: 1s, crash: s}]
`,
		values: []truth{{"done", 10*(math.Exp(0.2)-1)*11 + 0.5/11, 0.005, m("load.x.confirmed.latency.mean"), 0}},
	},
}
