package fault_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios/audited"
)

// begin is what the rows have in common. Operations come one after another, from 1 s on, 50 ms
// apart; clients give up 10 s later.
const begin = `
version: 1
name: one
run: {duration: 20s}
`

// A row of the table is a place that a crash touches, with one of the ways it can end there.
type place struct {
	what string
	text string // the rest of the design, and its fault
	want map[string]float64
}

// What a crash leaves, place by place (SEMANTICS, Crash). Where nothing else is said the
// instance is down from 1.1 s to 2.1 s, and work takes 300 ms.
func TestCrashPlaces(t *testing.T) {
	for _, all := range [][]place{inHand, waiting, calling, stored, locked, sagas, gathered, held, atBroker, guards} {
		for _, p := range all {
			t.Run(p.what, func(t *testing.T) {
				r := audited.Start(t, begin+"%s", p.text)
				audited.Until(t, r, 20*time.Second, 200)
				for name, want := range p.want {
					if got := audited.Value(t, r, name); math.Abs(got-want) > 1e-9 {
						t.Errorf("%s is %v, want %v", name, got, want)
					}
				}
			})
		}
	}
}

// The task in service.
var inHand = []place{
	{"in hand: lost, a reset at once", one("lose") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.failed.latency.max": .1, "service.s.lost": 1}},
	{"in hand: lost in silence", one("lose") + "faults: [{at: 1.1s, for: 1s, host_crash: s}]", map[string]float64{
		"load.x.failed.timeout": 1, "load.x.failed.latency.max": 10, "service.s.lost": 1}},
	{"in hand: keep is the waiting room", one("keep") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 1, "service.s.lost": 1}},
	{"in hand: goes on where it was", one("resume") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.confirmed.latency.max": 1.3, "service.s.lost": 0, "service.s.restarted": 0}},
	{"in hand: begins again", one("restart") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.confirmed.latency.max": 1.4, "service.s.lost": 0, "service.s.restarted": 1}},
	// A delay is a timer of the process: at 1.5 s it is over while nobody is there, at 4 s somebody is.
	{"a delay: lost", one("lose", "delay: 500ms") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.failed.latency.max": .1}},
	{"a delay: over in the meantime", one("resume", "delay: 500ms") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.confirmed.latency.max": 1.1}},
	{"a delay: over later", one("restart", "delay: 3s") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.confirmed.latency.max": 3}},
}

func one(policy string, steps ...string) string { return room(1, policy, steps...) }

// room is so many requests to a service with one worker.
func room(n int, policy string, steps ...string) string {
	work := "work: 300ms"
	for _, s := range steps {
		work = s
	}
	return load(n, "s/h") + "services: {s: {workers: 1, on_crash: " + policy + ", on: {h: [" + work + "]}}}\n"
}

// load is n operations from 1 s on.
func load(n int, to string, more ...string) string {
	text := "load: {x: {to: " + to + ", arrivals: constant(20/s), start: 1s, count: " + string(rune('0'+n)) + ", deadline: none"
	if len(more) == 0 {
		text += ", timeout: 10s"
	}
	for _, m := range more {
		text += ", " + m
	}
	return text + "}}\n"
}

// The waiting room: a second request, of 1.05 s.
var waiting = []place{
	{"waiting room: lost", room(2, "lose") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 2, "service.s.lost": 2}},
	{"waiting room: kept", room(2, "keep") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 1, "service.s.lost": 1, "load.x.confirmed.latency.max": 2.1 + .3 - 1.05}},
	{"waiting room: behind work that goes on", room(2, "resume") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.completed": 2, "load.x.confirmed.latency.max": 2.3 + .3 - 1.05}},
	{"waiting room: behind work that begins again", room(2, "restart") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.completed": 2, "load.x.confirmed.latency.max": 2.4 + .3 - 1.05}},
	{"waiting room: whoever comes meanwhile is refused", room(4, "resume") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 2, "load.x.completed": 2}},
}

// The open call of a caller that crashes, and of one whose callee does.
var calling = []place{
	{"an open call: nobody is left for the answer", call("lose") + "faults: [{at: 1.1s, for: 1s, crash: a}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.failed.latency.max": .1, "service.s.completed": 1, "edge.a/h->s/h.ok": 0}},
	{"an open call: its answer waits for the caller", call("resume") + "faults: [{at: 1.1s, for: 1s, crash: a}]", map[string]float64{
		"load.x.confirmed.latency.max": 1.1, "service.s.completed": 1, "edge.a/h->s/h.attempts": 1}},
	{"an open call: it is not work that begins again", call("restart") + "faults: [{at: 1.1s, for: 1s, crash: a}]", map[string]float64{
		"load.x.confirmed.latency.max": 1.1, "service.a.restarted": 0, "edge.a/h->s/h.attempts": 1}},
	{"an open call: the callee's crash is a reset", call("lose") + "faults: [{at: 1.1s, for: 1s, crash: s}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.failed.latency.max": .1, "edge.a/h->s/h.failed.refused": 1}},
	{"an open call: the callee's host is silent", call("lose") + "faults: [{at: 1.1s, for: 1s, host_crash: s}]", map[string]float64{
		"load.x.failed.timeout": 1, "load.x.failed.latency.max": 5, "edge.a/h->s/h.failed.timeout": 1}},
	{"an open call: its timeout is over while the caller is away", call("resume") + "faults: [{at: 1.1s, for: 5s, crash: a}, {at: 1.1s, for: 10s, host_crash: s}]", map[string]float64{
		"load.x.failed.timeout": 1, "load.x.failed.latency.max": 5.1, "edge.a/h->s/h.failed.timeout": 1}},
}

func call(policy string) string {
	return load(1, "a/h") + "services: {a: {on_crash: " + policy + ", on: {h: [{call: s/h, timeout: 5s}]}}, s: {on: {h: [work: 300ms]}}}\n"
}

// Rows that three operations have written before, and one after the crash.
var stored = []place{
	{"a store in memory: empty", store("lose", "memory"), map[string]float64{"counter.s/t/n.value.final": 1, "store.s/t.rows.final": 1}},
	{"a store in memory: empty, too, where only the room is kept", store("keep", "memory"), map[string]float64{"counter.s/t/n.value.final": 1}},
	{"a store in memory: kept with the process", store("resume", "memory"), map[string]float64{"counter.s/t/n.value.final": 4}},
	{"a store on disk", store("lose", "disk"), map[string]float64{"counter.s/t/n.value.final": 4}},
	{"a store outside", store("lose", "outside"), map[string]float64{"counter.s/t/n.value.final": 4}},
}

func store(policy, lives string) string {
	return "load: {x: {to: s/h, arrivals: constant(20/s), start: 1s, count: 3}, y: {to: s/h, arrivals: constant(20/s), start: 3s, count: 1}}\n" +
		"services: {s: {on_crash: " + policy + ", stores: {t: {lives: " + lives + ", counters: [n]}}, on: {h: [work: 1ms, count: t.n]}}}\n" +
		"faults: [{at: 2s, for: 500ms, crash: s}]\n"
}

// The lock of a row, in a database: one of two instances has it from 1 s on, the other waits
// for it from 1.05 s on.
var locked = []place{
	{"a lock: free at once", lock(2, "lose", "{}") + "faults: [{at: 1.1s, for: 1s, crash: s#1}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.confirmed.latency.max": 1.1 + .3 - 1.05}},
	{"a lock: free after its lease", lock(2, "lose", "{lease: 500ms}") + "faults: [{at: 1.1s, for: 1s, crash: s#1}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.confirmed.latency.max": 1.6 + .3 - 1.05}},
	{"a lock: its holder goes on", lock(2, "resume", "{}") + "faults: [{at: 1.1s, for: 1s, crash: s#1}]", map[string]float64{
		"load.x.completed": 2, "load.x.confirmed.latency.max": 2.3 + .3 - 1.05}},
	// A third comes at the moment of the crash to the one that has the lock, and has it from 1.3 s on.
	{"a lock that is waited for: who waits is gone", lock(3, "lose", "{}") + "faults: [{at: 1.1s, for: 1s, crash: s#2}]", map[string]float64{
		"load.x.failed.refused": 1, "load.x.completed": 2, "load.x.confirmed.latency.max": 1.3 + .3 - 1.1, "store.s/t.locked.final": 0}},
	{"a lock that is waited for: who waits has its turn while it is down", lock(3, "resume", "{}") + "faults: [{at: 1.1s, for: 1s, crash: s#2}]", map[string]float64{
		"load.x.completed": 3, "load.x.confirmed.latency.max": 2.1 + .3 + .3 - 1.1}},
	// A participant votes at 1.05 s, and hears the decision at 1.35 s. Who comes at 1.25 s waits for that.
	{"the lock of a vote: held again after a restart", vote("disk"), map[string]float64{
		"load.x.completed": 1, "load.y.confirmed.latency.max": 1.35 + .05 + .3 - 1.25}},
	{"the lock of a vote that is nowhere but in memory", vote("memory"), map[string]float64{
		"load.y.confirmed.latency.max": .35}},
	// The one place of a store that takes 300 ms.
	{"the place of an access: free at once", access("lose"), map[string]float64{
		"load.x.failed.refused": 1, "load.x.confirmed.latency.max": 1.1 + .3 - 1.05}},
}

func lock(n int, policy, store string) string {
	return load(n, "s/h") + "services: {s: {instances: 2, workers: 2, on_crash: " + policy + ", stores: {t: " + strings.Replace(store, "{", "{lives: outside, ", 1) + "}, on: {h: [lock: t, work: 300ms]}}}\n"
}

func vote(lives string) string {
	return "load: {x: {to: c/h, arrivals: constant(20/s), start: 1s, count: 1}, y: {to: c/h, arrivals: constant(20/s), start: 1.25s, count: 1}}\n" +
		"services: {c: {workers: 9, on: {h: [call: s/prepare, work: 300ms, call: s/commit]}}, " +
		"s: {workers: 9, stores: {t: {lives: " + lives + "}}, on: {prepare: [{lock: t, for: operation}, work: 50ms], commit: [unlock: t]}}}\n" +
		"faults: [{at: 1.1s, for: 100ms, crash: s}]\n"
}

func access(policy string) string {
	return load(2, "s/h") + "services: {s: {instances: 2, on_crash: " + policy + ", stores: {t: {lives: outside, latency: 300ms, slots: 1}}, on: {h: [read: t]}}}\n" +
		"faults: [{at: 1.1s, for: 1s, crash: s#1}]\n"
}

// A saga: money is taken until 1.1 s; goods are reserved, or refused, until 1.4 s; what was
// taken is given back until 1.7 s.
var sagas = []place{
	{"a saga forward: forgotten half way", saga("lose", "0%") + "faults: [{at: 1.15s, for: 1s, crash: a}]", map[string]float64{
		"load.x.failed.refused": 1, "counter.bank/b/taken.value.final": 1, "counter.bank/b/back.value.final": 0, "service.stock.completed": 1}},
	{"a saga forward: goes on behind the answer", saga("resume", "0%") + "faults: [{at: 1.15s, for: 1s, crash: a}]", map[string]float64{
		"load.x.confirmed.latency.max": 1.15, "service.stock.completed": 1, "counter.bank/b/back.value.final": 0}},
	{"a saga backward: goes on", saga("resume", "100%") + "faults: [{at: 1.45s, for: 1s, crash: a}]", map[string]float64{
		"load.x.failed.error": 1, "load.x.failed.latency.max": 1.45, "counter.bank/b/back.value.final": 1}},
	{"a saga backward: its coordinator is away when it would begin", saga("lose", "100%") + "faults: [{at: 1.15s, for: 1s, crash: a}]", map[string]float64{
		"load.x.failed.refused": 1, "counter.bank/b/taken.value.final": 1, "counter.bank/b/back.value.final": 0}},
	// Each tenth of a second from 1.45 s to 2.45 s, of which the last finds the bank.
	{"a saga backward: the compensation is tried again", saga("lose", "100%") + "faults: [{at: 1.45s, for: 1s, crash: bank}]", map[string]float64{
		"load.x.failed.error": 1, "load.x.failed.latency.max": 1.75, "counter.bank/b/back.value.final": 1, "edge.a/h->bank/back.attempts": 1 + 10}},
}

func saga(policy, refused string) string {
	return load(1, "a/h") + "services: {a: {on_crash: " + policy + ", on: {h: [call: bank/take, {call: stock/reserve, else: [{call: bank/back, retry: {attempts: unlimited, backoff: 100ms}}, fail]}]}}, " +
		"bank: {stores: {b: {lives: disk, counters: [taken, back]}}, on: {take: [work: 100ms, count: b.taken], back: [work: 300ms, count: b.back]}}, " +
		"stock: {on: {reserve: [work: 300ms, fail: " + refused + "]}}}\n"
}

// A batch that is not full: two messages of 1 s and 1.05 s, to be sent at 2 s.
var gathered = []place{
	{"a publisher's batch: gone", batch("lose"), map[string]float64{"queue.bus/q.published": 0, "load.x.failed.lost": 2}},
	{"a publisher's batch: sent when it is back", batch("resume"), map[string]float64{"queue.bus/q.published": 2, "load.x.completed": 2, "load.x.confirmed.latency.max": 1.1}},
	// The handler waits a second for four.
	{"a consumer's batch: returned", taken("lose"), map[string]float64{"queue.bus/q.redelivered": 2, "queue.bus/q.acked": 2, "service.z.completed": 1}},
	{"a consumer's batch: gathered on", taken("resume"), map[string]float64{"queue.bus/q.redelivered": 0, "queue.bus/q.acked": 2, "load.x.confirmed.latency.max": 1.1}},
}

func batch(policy string) string {
	return load(2, "s/h", "confirm: z/h") + "services: {s: {on_crash: " + policy + ", on: {h: [{publish: bus/q, batch: 1s}]}}, z: {consumes: {bus/q: h}, on: {h: [reply]}}}\n" +
		"brokers: {bus: {queues: {q: {}}}}\nfaults: [{at: 1.1s, for: 1s, crash: s}]\n"
}

func taken(policy string) string {
	return load(2, "bus/q", "confirm: z/h") + "services: {z: {on_crash: " + policy + ", consumes: {bus/q: {handler: h, prefetch: 4, batch: {max: 4, linger: 1s}}}, on: {h: [reply]}}}\n" +
		"brokers: {bus: {queues: {q: {}}}}\nfaults: [{at: 1.1s, for: 1s, crash: z}]\n"
}

// Deliveries at a consumer: one is worked at, 300 ms, the others wait for it there.
var held = []place{
	{"prefetched: returned at once, and done after the restart", eats(3, "lose", "prefetch: 3", "{}") + "faults: [{at: 1.2s, for: 1s, crash: s}]", map[string]float64{
		"queue.bus/q.redelivered": 3, "service.s.lost": 3, "queue.bus/q.acked": 3, "load.x.confirmed.latency.max": 2.2 + .9 - 1.1}},
	{"prefetched: kept with the process", eats(3, "resume", "prefetch: 3", "{}") + "faults: [{at: 1.2s, for: 1s, crash: s}]", map[string]float64{
		"queue.bus/q.redelivered": 0, "load.x.confirmed.latency.max": 2.3 + .6 - 1.1}},
	{"prefetched: acknowledged too soon", eats(3, "lose", "ack: automatic", "{}") + "faults: [{at: 1.2s, for: 1s, crash: s}]", map[string]float64{
		"queue.bus/q.redelivered": 0, "service.s.lost": 3, "load.x.failed.lost": 3}},
	{"prefetched: the visibility timeout counts", eats(1, "lose", "prefetch: 1", "{visibility: 5s, on_disconnect: wait}") + "faults: [{at: 1.2s, for: 1s, crash: s}]", map[string]float64{
		"queue.bus/q.redelivered": 1, "load.x.confirmed.latency.max": 5.3}},
	// Looks at 4 s and 6 s find that nothing has come since the ones before.
	{"a connection: its client's host is silent", eats(1, "lose", "prefetch: 1", "{}") + "faults: [{at: 1.2s, for: 6s, host_crash: s}]", map[string]float64{
		"connection.s->bus.closed": 1, "load.x.confirmed.latency.max": 7.2 + .3 - 1}},
}

func eats(n int, policy, consumes, queue string) string {
	return load(n, "bus/q", "confirm: s/h") + "services: {s: {on_crash: " + policy + ", consumes: {bus/q: {handler: h, " + consumes + "}}, on: {h: [work: 300ms]}}}\n" + bus(queue)
}

// bus is a broker, whose clients try each second to connect again.
func bus(queue string) string {
	return "brokers: {bus: {heartbeat: 2s, reconnect: {backoff: 1s, jitter: none}, queues: {q: " + queue + "}}}\n"
}

// Messages at a broker that is down from 2 s on: of 1 s, 1.05 s and 1.1 s.
var atBroker = []place{
	{"a queue: its messages are gone", load(3, "bus/q") + bus("{}") + down("crash"), map[string]float64{"queue.bus/q.lost": 3, "queue.bus/q.depth.final": 0}},
	{"a queue on disk", load(3, "bus/q") + bus("{durable: true}") + down("host_crash"), map[string]float64{"queue.bus/q.lost": 0, "queue.bus/q.depth.final": 3}},
	{"a queue on disk: messages that are not", load(3, "bus/q", "transient: true") + bus("{durable: true}") + down("crash"), map[string]float64{"queue.bus/q.lost": 3}},
	{"a queue on disk: what came since the last flush", load(3, "bus/q") + bus("{durable: true, flush: {every: 1.04s}}") + down("crash"), map[string]float64{
		"queue.bus/q.lost": 2, "load.x.failed.refused": 2, "load.x.completed": 1}},
	{"a queue on disk: confirmed too soon", load(3, "bus/q") + bus("{durable: true, flush: {every: 1.04s, confirm: received}}") + down("crash"), map[string]float64{
		"queue.bus/q.lost": 2, "load.x.completed": 3}},
	{"a queue on disk: the system has it", load(3, "bus/q") + bus("{durable: true, flush: {every: 1.04s, buffer: system}}") + down("crash"), map[string]float64{"queue.bus/q.lost": 0}},
	{"a queue on disk: the system's host is gone", load(3, "bus/q") + bus("{durable: true, flush: {every: 1.04s, buffer: system}}") + down("host_crash"), map[string]float64{"queue.bus/q.lost": 2}},
	{"a delay at the broker: its timer goes on", waits("3s") + "faults: [{at: 2s, for: 500ms, crash: bus}]", map[string]float64{"load.x.confirmed.latency.max": 3}},
	{"a delay at the broker: over in the meantime", waits("3s") + "faults: [{at: 2s, for: 4s, crash: bus}]", map[string]float64{"load.x.confirmed.latency.max": 5}},
	// The consumer's work goes on until 1.3 s; its acknowledgement has nowhere to go.
	{"a delivery: done a second time", eats(1, "lose", "prefetch: 1", "{durable: true}") + "faults: [{at: 1.1s, for: 1s, crash: bus}]", map[string]float64{
		"queue.bus/q.redelivered": 1, "service.s.completed": 2, "service.s.duplicates": 1, "queue.bus/q.acked": 1}},
	{"a publisher that waits for room: refused", load(2, "bus/q") + bus("{durable: true, max_length: 1, when_full: block}") + down("crash"), map[string]float64{
		"load.x.failed.refused": 1, "load.x.failed.latency.max": 2 - 1.05, "queue.bus/q.depth.final": 1}},
	{"de-duplication: forgotten", twice("{deduplicate: {window: 1m, key: k}}"), map[string]float64{"queue.bus/q.deduplicated": 0}},
	{"de-duplication: on disk", twice("{durable: true, deduplicate: {window: 1m, key: k}}"), map[string]float64{"queue.bus/q.deduplicated": 1, "queue.bus/q.depth.final": 1}},
	{"an offset that is committed", group("", "s"), map[string]float64{"service.s.completed": 3, "service.s.duplicates": 0}},
	{"an offset that is not", group("commit: 10s", "s"), map[string]float64{"service.s.completed": 6, "service.s.duplicates": 3}},
	{"a follower: too few for a message", load(3, "bus/q") + nodes("acks: all, min_in_sync: 3") + "faults: [{at: 1.04s, for: 1s, crash: 'bus#2'}]", map[string]float64{
		"load.x.failed.refused": 2, "load.x.completed": 1, "queue.bus/q.lost": 0}},
	{"a leader: what the followers do not have", load(3, "bus/q") + nodes("acks: leader, lag: 100ms, failover: 500ms") + "faults: [{at: 1.12s, for: 1s, crash: bus}]", map[string]float64{
		"load.x.completed": 3, "queue.bus/q.lost": 2, "queue.bus/q.depth.final": 1}},
}

func down(how string) string { return "faults: [{at: 2s, for: 1s, " + how + ": bus}]\n" }

func waits(d string) string {
	return load(1, "bus/q", "confirm: s/h") + "services: {s: {consumes: {bus/q: h}, on: {h: [reply]}}}\n" + bus("{durable: true, delayed: "+d+"}")
}

func twice(queue string) string {
	return "load: {x: {to: bus/q, arrivals: constant(20/s), start: 1s, count: 1, attributes: {k: 7}}, y: {to: bus/q, arrivals: constant(20/s), start: 5s, count: 1, attributes: {k: 7}}}\n" + bus(queue) + down("crash")
}

func group(settings, who string) string {
	return load(3, "bus/t", "confirm: s/h") + "services: {s: {consumes: {bus/t: h}, on: {h: [work: 10ms]}}}\n" +
		"brokers: {bus: {topics: {t: {partitions: 1, durable: true, keep: 1h, group: {" + settings + "}}}}}\nfaults: [{at: 1.2s, for: 1s, crash: " + who + "}]\n"
}

func nodes(settings string) string {
	return "brokers: {bus: {replicas: {nodes: 3, " + settings + "}, queues: {q: {durable: true}}}}\n"
}

// What stands at a call of a, which is down from 1.6 s to 1.8 s; s is down until 1.4 s. An
// operation comes at 1 s, and one at 2 s.
var guards = []place{
	{"a breaker: forgotten", guard("lose", "breaker: {failures: 1, open: 1h}"), map[string]float64{"load.y.completed": 1}},
	{"a breaker: kept with the process", guard("resume", "breaker: {failures: 1, open: 1h}"), map[string]float64{"load.y.failed.circuit_open": 1}},
	{"a rate limit: full", guard("lose", "limit: {rate: 1/h}"), map[string]float64{"load.y.completed": 1}},
	{"a rate limit: kept with the process", guard("resume", "limit: {rate: 1/h}"), map[string]float64{"load.y.failed.limited": 1}},
	// The only token is spent at 1.45 s; at 2 s the callee is down again.
	{"a budget: full", spends("lose"), map[string]float64{"edge.a/h->s/h.attempts": 4, "load.x.completed": 1, "load.y.completed": 1}},
	{"a budget: kept with the process", spends("resume"), map[string]float64{"edge.a/h->s/h.attempts": 3, "load.x.completed": 1, "load.y.failed.refused": 1}},
	{"failover: forgotten", guard("lose", "failover: {to: [b/h], failures: 1, hold: 1h}"), map[string]float64{"service.b.arrived": 0, "load.y.completed": 1}},
	{"failover: kept with the process", guard("resume", "failover: {to: [b/h], failures: 1, hold: 1h}"), map[string]float64{"service.b.arrived": 1}},
	{"a cache: empty", asks("lose", "cache: {ttl: 1h}", "1ms"), map[string]float64{"service.s.arrived": 2}},
	{"a cache: kept with the process", asks("resume", "cache: {ttl: 1h}", "1ms"), map[string]float64{"service.s.arrived": 1}},
	{"a bulkhead: its places are free", asks("lose", "bulkhead: {slots: 1}", "5s"), map[string]float64{"load.x.failed.refused": 1, "load.y.completed": 1}},
	{"a bulkhead: kept with the process", asks("resume", "bulkhead: {slots: 1}", "5s"), map[string]float64{"load.x.completed": 1, "load.y.failed.no_capacity": 1}},
	{"an adaptive limit: as at first", grows("lose"), map[string]float64{"concurrency.s.limit.final": 1}},
	{"an adaptive limit: kept with the process", grows("resume"), map[string]float64{"concurrency.s.limit.final": 2}},
	// Of two instances one hangs from 0 s to 2.5 s, is found out at 0.5 s, and crashes at 3 s: its balancer knows.
	{"health: what the balancer knows", "load: {x: {to: s/h, arrivals: constant(20/s), start: 4s, count: 4}}\nservices: {s: {instances: 2, health: {interval: 500ms, timeout: 1ms, unhealthy: 1, healthy: 1000}, on: {h: [work: 1ms]}}}\n" +
		"faults: [{at: 100ms, for: 2s, hang: s#1}, {at: 3s, for: 100ms, crash: s#1}]\n", map[string]float64{"load.x.completed": 4, "health.s.out.final": 1}},
}

func guard(policy, with string) string {
	return both + "services: {a: {on_crash: " + policy + ", on: {h: [{call: s/h, " + with + "}]}}, s: {on: {h: [work: 1ms]}}, b: {on: {h: [work: 1ms]}}}\n" +
		"faults: [{at: 1.6s, for: 200ms, crash: a}, {at: 900ms, for: 500ms, crash: s}]\n"
}

func spends(policy string) string {
	return strings.Replace(guard(policy, "budget: {capacity: 1, ratio: 0%}, retry: {attempts: 9, backoff: 450ms}"), "faults: [", "faults: [{at: 1.9s, for: 500ms, crash: s}, ", 1)
}

const both = "load: {x: {to: a/h, arrivals: constant(20/s), start: 1s, count: 1}, y: {to: a/h, arrivals: constant(20/s), start: 2s, count: 1}}\n"

func asks(policy, with, work string) string {
	return both + "services: {a: {workers: 9, on_crash: " + policy + ", on: {h: [{call: s/h, " + with + "}]}}, s: {workers: 9, on: {h: [work: " + work + "]}}}\n" +
		"faults: [{at: 1.6s, for: 200ms, crash: a}]\n"
}

func grows(policy string) string {
	return load(1, "s/h") + "services: {s: {on_crash: " + policy + ", concurrency: {target: 1s, initial: 1}, on: {h: [work: 1ms]}}}\nfaults: [{at: 2s, for: 1s, crash: s}]\n"
}
