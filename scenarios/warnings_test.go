package scenarios_test

import (
	"strings"
	"testing"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/warning"
)

// quiet is a scenario without warnings, which the cases below change.
const quiet = `version: 1
name: x
run: {duration: 200s, warmup: 10s, seed: 1}
load: {l: {to: p/do, arrivals: poisson(100/s), confirm: w/do}}
services:
  p: {workers: 8, on: {do: [work: 1ms, {publish: b/q, confirm: true}]}}
  w: {workers: 8, consumes: {b/q: do}, on: {do: [work: exp(10ms)]}}
brokers: {b: {queues: {q: {}}}}
links: {default: {latency: 1ms}}
faults: [{at: 50s, for: 1s, slow: w, factor: 2}]
changes: [{at: 60s, set: service.w.workers, to: 9}]
expect: ["load.l.offered in 20s..30s > 0"]
`

// Every warning is given where it must be, and not where the difference that it is
// about is missing: the second change of each pair is close to the first.
func TestEveryWarning(t *testing.T) {
	swap := func(pairs ...string) string {
		text := strings.NewReplacer(pairs...).Replace(quiet)
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(quiet, pairs[i]) {
				t.Fatalf("%q is not in the scenario", pairs[i])
			}
		}
		return text
	}
	const (
		load   = "{to: p/do, arrivals: poisson(100/s), confirm: w/do}"
		work   = "[work: exp(10ms)]"
		queue  = "q: {}"
		faults = "[{at: 50s, for: 1s, slow: w, factor: 2}]"
		lossy  = "links: {default: {latency: 1ms}"
		// Two services that can do something and undo it.
		sagaServices = "  s: {workers: 8, stores: {book: {counters: [n]}}, on: {do: [count: book.n], undo: [count: book.n]}}\n" +
			"  u: {workers: 8, stores: {book: {counters: [n]}}, on: {do: [count: book.n], undo: [count: book.n]}}\n  p:"
		either = "{choose: [{p: 50%, do: [{publish: b/q, confirm: true}]}, {do: [call: w/undo]}]}"
		change = "changes: [{at: 60s, set: service.w.workers, to: 9}]\n"
	)
	cases := map[warning.Kind]struct{ given, spared string }{
		warning.BudgetEvents:   {swap("seed: 1", "seed: 1, max_events: 1000"), swap("seed: 1", "seed: 1, max_events: 10000000")},
		warning.BudgetInFlight: {swap(lossy, "links: {default: {latency: 20s}"), quiet},
		warning.BudgetWaiting:  {swap(work, "[work: exp(100ms)]"), quiet},
		warning.BudgetInstant:  {swap("seed: 1", "seed: 1, completions: 100", work, "[{repeat: 1000, do: [{repeat: 1000, do: [{repeat: 1000, do: [work: 0s]}]}]}]"), quiet},
		warning.BudgetRetries: {swap(load, "{to: s/do, arrivals: {constant: 1/s}, retry: {attempts: unlimited}}", "  p:", "  s: {on: {do: [fail]}}\n  p:", lossy, "links: {default: {latency: 0s}"),
			swap(load, "{to: s/do, arrivals: {constant: 1/s}, retry: {attempts: unlimited, backoff: 1s}}", "  p:", "  s: {on: {do: [fail]}}\n  p:", lossy, "links: {default: {latency: 0s}")},
		warning.BudgetVisits: {swap("poisson(100/s)", "{constant: 1/s}, count: 1", "confirm: w/do", "confirm: w/end", work, "[{choose: [{p: 99.999%, do: [{publish: b/q}]}, {do: [{call: w/end}]}]}], end: []"),
			swap("poisson(100/s)", "{constant: 1/s}, count: 1", work, "[fail]", "b/q: do", "b/q: do, b/r: do", queue, "q: {max_deliveries: 1, dead_letter: r}, r: {max_deliveries: 1, dead_letter: q}")},
		warning.BudgetResends: {swap(lossy, "links: {default: {latency: 1ms, loss: 100%, retransmit: 1ns}"), swap(lossy, "links: {default: {latency: 1ms, loss: 99%, retransmit: 1ms}", "poisson(100/s)", "poisson(1/s)")},
		// Either of the two is done for an operation, and never both.
		warning.Unconfirmed: {swap("confirm: w/do", "confirm: [w/do, w/undo]", "{publish: b/q, confirm: true}", either, "{do: "+work, "{undo: [work: 1ms], do: "+work),
			swap("confirm: w/do", "confirm: {at: [w/do, w/undo], count: 1}", "{publish: b/q, confirm: true}", either, "{do: "+work, "{undo: [work: 1ms], do: "+work)},
		warning.Unfinished:    {swap("seed: 1", "seed: 1, drain: none", work, "[reply, ack, delay: 5s]"), swap(work, "[reply, ack, delay: 5s]")},
		warning.NoWorkers:     {swap("w: {workers: 8", "w: {workers: 0"), quiet},
		warning.NeverLetIn:    {swap("p: {workers: 8", "p: {workers: 8, discipline: sharing, queue: none"), swap("p: {workers: 8", "p: {workers: 8, discipline: sharing, queue: 1")},
		warning.HeldLost:      {swap("}\nfaults", ", b -> w: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults"), swap(queue, "q: {visibility: 1s}", "}\nfaults", ", b -> w: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults")},
		warning.ResentForEver: {swap(lossy, "links: {default: {latency: 1ms, loss: 100%, retransmit: 1s}"), swap(lossy, "links: {default: {latency: 1ms, loss: 99%, retransmit: 1s}")},
		warning.DeadInstance:  {swap("p: {workers: 8", "p: {instances: 2, workers: 8", "slow: w, factor: 2", "crash: p, instance: 1"), swap("p: {workers: 8", "p: {instances: 2, workers: 8", "slow: w, factor: 2", "slow: p, factor: 2, instance: 1")},
		warning.DeadLooksIdle: {swap("p: {workers: 8", "p: {instances: 2, balance: least-busy, workers: 8", "slow: w, factor: 2", "crash: p, instance: 1"), swap("p: {workers: 8", "p: {instances: 2, workers: 8", "slow: w, factor: 2", "crash: p, instance: 1")},
		warning.ServedInTurn: {swap("confirm: w/do}}", "confirm: w/do}, m: {to: b/r, arrivals: poisson(1/s), confirm: w/do, priority: 3}}", queue, "q: {}, r: {}", "w: {workers: 8, consumes: {b/q: do}", "w: {workers: 8, discipline: priority, consumes: {b/q: do, b/r: do}"),
			swap("confirm: w/do}}", "confirm: w/do}, m: {to: b/r, arrivals: poisson(1/s), confirm: w/do, priority: 3}}", queue, "q: {}, r: {}", "w: {workers: 8, consumes: {b/q: do}", "w: {workers: 8, discipline: priority, consumes: {b/q: {handler: do, prefetch: 9}, b/r: {handler: do, prefetch: 9}}")},
		warning.UnboundedBuffer: {swap("b/q: do", "b/q: {handler: do, ack: automatic}"), swap("b/q: do", "b/q: {handler: do, ack: automatic, prefetch: 5}")},
		warning.NoLoad:          {swap("load: {l: "+load+"}\n", "", change, "", "\"load.l.offered in 20s..30s > 0\"", ""), quiet},
		warning.NoOperations:    {swap("poisson(100/s)", "{constant: 100/s}, count: 3"), quiet},
		warning.HeldWhenLost:    {swap("}\nfaults", ", b -> w: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults"), swap(queue, "q: {visibility: 10s}", "}\nfaults", ", b -> w: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults")},
		warning.Growing:         {swap(work, "[work: exp(100ms)]"), quiet},
		warning.Draining:        {swap(work, "[work: exp(75ms)]", "poisson(100/s)", "{poisson: [{for: 40s, rate: 200/s}, {for: 200s, rate: 80/s}]}"), swap("poisson(100/s)", "{poisson: [{for: 40s, rate: 200/s}, {for: 200s, rate: 80/s}]}")},
		// By theory: work of 12 ms at 100/s is 120 % of one worker and 60 % of two.
		warning.Saturated: {swap(load, "{to: w/do, arrivals: poisson(100/s)}", "w: {workers: 8", "w: {workers: 1", work, "[work: exp(12ms)]", change, ""),
			swap(load, "{to: w/do, arrivals: poisson(100/s)}", "w: {workers: 8", "w: {workers: 2", work, "[work: exp(12ms)]", change, "")},
		// The same one worker is called by eight, who wait for it nearly all of the time.
		warning.AllBlocked: {swap(", confirm: w/do", "", "{publish: b/q, confirm: true}", "{call: w/do}", "w: {workers: 8", "w: {workers: 1", work, "[work: exp(12ms)]", change, ""),
			swap(", confirm: w/do", "", "{publish: b/q, confirm: true}", "{call: w/do}", "w: {workers: 8", "w: {workers: 2", work, "[work: exp(12ms)]", change, "")},
		// 200 users come at once, and one worker takes two seconds to serve them all.
		warning.ShortWarmup: {swap(load, "{to: w/do, users: 200, think: exp(10s), stagger: false}", "w: {workers: 8", "w: {workers: 1", "warmup: 10s, ", "", "faults: "+faults+"\n", "", change, ""),
			swap(load, "{to: w/do, users: 200, think: exp(10s), stagger: false}", "w: {workers: 8", "w: {workers: 1", "faults: "+faults+"\n", "", change, "")},
		warning.LateFault:         {swap("at: 50s", "at: 300s"), quiet},
		warning.NeverHeld:         {swap("at: 50s", "when: queue.b/q.depth > 1e6"), swap("at: 50s", "when: load.l.offered > 1000")},
		warning.LateChange:        {swap("at: 60s", "at: 300s"), quiet},
		warning.LateWindow:        {swap("20s..30s", "200s..300s"), swap("20s..30s", "100s..200s")},
		warning.CutWindow:         {swap("20s..30s", "100s..300s"), swap("20s..30s", "100s..200s")},
		warning.DoneWhenPublished: {swap("to: p/do", "to: b/q", ", confirm: w/do", "", "  p: {workers: 8, on: {do: [work: 1ms, {publish: b/q, confirm: true}]}}\n", ""), swap("to: p/do", "to: b/q", "  p: {workers: 8, on: {do: [work: 1ms, {publish: b/q, confirm: true}]}}\n", "")},
		warning.DoneWhenAnswered:  {swap(", confirm: w/do", ""), swap(", confirm: w/do", "", "{publish: b/q, confirm: true}", "{call: w/do}")},
		warning.LostUnseen:        {swap("{publish: b/q, confirm: true}", "{publish: b/q}", "}\nfaults", ", p -> b: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults", queue, "q: {}"), swap("}\nfaults", ", p -> b: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults")},
		warning.StepWaits:         {swap("confirm: true", "confirm: true, timeout: none", "}\nfaults", ", p -> b: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults"), swap("}\nfaults", ", p -> b: {latency: 1ms, loss: 1%, retransmit: none}}\nfaults")},
		warning.ClientWaits:       {swap("confirm: w/do", "confirm: w/do, timeout: none", "}\nfaults", ", l -> p: {latency: 1ms, loss: 1%}}\nfaults"), swap("confirm: w/do", "confirm: w/do, timeout: none")},
		warning.NeverClosed:       {swap("confirm: w/do", "confirm: w/do, deadline: none", "}\nfaults", ", l -> p: {latency: 1ms, loss: 1%}}\nfaults"), swap("confirm: w/do", "confirm: w/do, deadline: none")},
		warning.ReturnsForEver:    {swap(work, "[work: 10ms, fail]", ", confirm: w/do", ", confirm: w/do, count: 1"), swap(work, "[work: 10ms, fail]", queue, "q: {max_deliveries: 3}")},
		warning.RetriesForEver:    {swap("confirm: w/do", "confirm: w/do, retry: {attempts: unlimited}"), swap("confirm: w/do", "confirm: w/do, retry: {attempts: unlimited, backoff: 1s}")},
		warning.GoesRound: {swap("confirm: w/do", "confirm: w/do, attributes: {kind: [a, b]}", work, "[work: 1ms, {publish: b/q, when: kind == a, set: {kind: b}}]"),
			swap("w: {workers: 8", "w: {workers: 8, stores: {seen: {key: operation, ttl: 1s}}", work, "[work: 1ms, {stop: , when: seen}, set: seen, publish: b/q]")},
		warning.LockOrder: {swap("w: {workers: 8", "w: {workers: 8, stores: {a: {key: operation}, c: {key: operation}}", work, "[lock: a, lock: c, work: 1ms, unlock: a, unlock: c, lock: c, lock: a]"),
			swap("w: {workers: 8", "w: {workers: 8, stores: {a: {key: operation}, c: {key: operation}}", work, "[lock: a, lock: c, work: 1ms, unlock: a, unlock: c, lock: a, lock: c]")},
		warning.NotUndone: {swap("[work: 1ms, {publish", "[{call: s/do}, {call: u/do, else: [{call: s/undo}, fail]}, {call: u/do}, {publish", "  p:", sagaServices),
			swap("[work: 1ms, {publish", "[{call: s/do}, {call: u/do, else: [{call: s/undo}, fail]}, {call: u/do, else: [{call: s/undo}, {call: u/undo}, fail]}, {publish", "  p:", sagaServices)},
		warning.UsersTurnedAway:  {swap(load, "{to: s/do, users: 9}", "  p:", "  s: {workers: 1, queue: 2, on: {do: [work: 1ms]}}\n  p:", lossy, "links: {default: {latency: 0s}"), swap(load, "{to: s/do, users: 3}", "  p:", "  s: {workers: 1, queue: 2, on: {do: [work: 1ms]}}\n  p:", lossy, "links: {default: {latency: 0s}")},
		warning.UsersRefused:     {swap(load, "{to: s/do, users: 1}", "  p:", "  s: {on: {do: [work: 1ms]}}\n  p:", lossy, "links: {default: {latency: 0s}", "slow: w, factor: 2", "crash: s"), swap(load, "{to: s/do, users: 1}", "  p:", "  s: {on: {do: [work: 1ms]}}\n  p:", lossy, "links: {default: {latency: 0s}")},
		warning.UnboundedQueue:   {swap(queue, "q: {max_length: unlimited}"), swap(queue, "q: {max_length: 100}")},
		warning.UnboundedRoom:    {swap("w: {workers: 8", "w: {workers: 8, queue: unlimited"), swap("w: {workers: 8", "w: {workers: 8, queue: 100")},
		warning.Unreached:        {swap(work, work+", other: [reply]"), quiet},
		warning.NeverHappens:     {swap(work, "[work: 1ms, stop, work: 1ms]"), swap(work, "[work: 1ms, work: 1ms]")},
		warning.NotConsumed:      {swap(queue, "q: {}, r: {}"), swap(queue, "q: {dead_letter: r}, r: {}")},
		warning.NoSubscription:   {swap("{queues: {q: {}}}", "{queues: {q: {}}, topics: {t: {}}}"), quiet},
		warning.NoTraffic:        {swap("}\nfaults", ", l -> w: {latency: 1ms}}\nfaults"), swap("}\nfaults", ", l -> p: {latency: 1ms}}\nfaults")},
		warning.AlreadyForgotten: {swap("b/q: do", "b/q: {handler: do, ack: automatic}", work, "[work: 1ms, nack]"), swap(work, "[work: 1ms, ack]")},
		warning.IdleMembers: {swap("{queues: {q: {}}}", "{queues: {q: {}}, topics: {t: {partitions: 2}}}", "b/q: do", "b/q: do, b/t: {handler: do, consumers: 3}"),
			swap("{queues: {q: {}}}", "{queues: {q: {}}, topics: {t: {partitions: 3}}}", "b/q: do", "b/q: do, b/t: {handler: do, consumers: 3}")},
		warning.NotConsuming: {swap("[work: 1ms,", "[work: 1ms, ack,"), quiet},
		warning.NoBatch: {swap("b/q: do", "b/q: {handler: do, batch: {max: 5}}", "[work: 1ms,", "[work: 1ms * batch,"),
			swap("b/q: do", "b/q: {handler: do, batch: {max: 5}}", work, "[work: 1ms * batch]")},
		warning.StepByPosition: {swap(work, "[work: 1ms, work: 1ms]", "service.w.workers, to: 9", "service.w.on.do.work2, to: 2ms"),
			swap(work, "[work: 1ms, work: 1ms]", "service.w.workers, to: 9", "service.w.on.do.work#2, to: 2ms")},
		warning.CauseIgnored: {swap("confirm: w/do", "confirm: w/do, retry: {attempts: 2, on: [timeout, lost]}"), swap("confirm: w/do", "confirm: w/do, retry: {attempts: 2, on: [timeout]}")},
		warning.CauseNever:   {swap("confirm: w/do", "confirm: w/do, retry: {attempts: 2, on: [timeout, circuit_open]}"), swap("confirm: w/do", "confirm: w/do, retry: {attempts: 2, on: [timeout, refused]}")},
		warning.NoElse:       {swap("confirm: true", "confirm: true, degraded: false"), swap("confirm: true", "confirm: true, degraded: false, else: []")},
		warning.NeverRead:    {swap("confirm: w/do", "confirm: w/do, attributes: {kind: [a, b]}"), swap("confirm: w/do", "confirm: w/do, attributes: {kind: [a, b]}", "[work: 1ms,", "[{work: 1ms, when: kind == a},")},
		warning.FaultsWithoutNumbers: {swap(faults, "["+strings.Repeat("{at: 50s, for: 1s, slow: w, factor: 2}, ", 64)+"{at: 60s, for: 1s, slow: w, factor: 2}]"),
			swap(faults, "["+strings.Repeat("{at: 50s, for: 1s, slow: w, factor: 2}, ", 63)+"{at: 60s, for: 1s, slow: w, factor: 2}]")},
		warning.BudgetRows: {swap("w: {", "w: {stores: {t: {key: operation}}, ", work, "[work: exp(10ms), set: t]"),
			swap("w: {", "w: {stores: {t: {key: operation, ttl: 100ms}}, ", work, "[work: exp(10ms), set: t]")},
		warning.UnboundedStore:      {swap("w: {", "w: {stores: {t: {key: operation}}, "), swap("w: {", "w: {stores: {t: {key: operation, ttl: 1s}}, ")},
		warning.FewerReplications:   {swap("seed: 1", "seed: 1, replications: 4", work, "[work: exp(10ms), choose: [{p: 0.003%, do: [fail]}]]", queue, "q: {max_deliveries: 1}"), swap("seed: 1", "seed: 1, replications: 4", work, "[work: exp(60ms)]")},
		warning.PrecisionNotReached: {swap("seed: 1", "seed: 1, replications: 5", "200s, warmup: 10s", "20s"), swap("seed: 1", "seed: 1, replications: 12", "200s, warmup: 10s", "20s", "poisson(100/s)", "{constant: 100/s}", work, "[work: 10ms]")},
		warning.FewSamples:          {swap("poisson(100/s)", "poisson(10/s)"), quiet},
	}
	for _, k := range warning.Kinds() {
		c, ok := cases[k]
		if !ok {
			t.Errorf("%s has no case", k.ID())
			continue
		}
		t.Run(k.ID(), func(t *testing.T) {
			if k == warning.BudgetInstant && testing.Short() {
				t.Skip("20 million events")
			}
			if !warns(t, k, c.given) {
				t.Errorf("not given for\n%s", c.given)
			}
			if warns(t, k, c.spared) {
				t.Errorf("given for\n%s", c.spared)
			}
		})
	}
}

// warns reports whether a scenario has a warning: those about a design in validate,
// all of them in a run.
func warns(t *testing.T, k warning.Kind, text string) bool {
	t.Helper()
	s, err := scenarios.Parse(nil, "x.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, w := range s.Warnings {
		if w.Warning == k.ID() {
			if w.Hint == "" || w.Line == 0 {
				t.Errorf("%v", w)
			}
			return true
		}
	}
	if k.From() == warning.Check {
		return false
	}
	settings := sim.Settings{Duration: s.Run.Duration, Warmup: s.Run.Warmup, Seed: s.Run.Seed, Replications: s.Run.Replications, MaxEvents: s.Run.MaxEvents, Drain: s.Run.Drain}
	switch k {
	case warning.BudgetInFlight, warning.BudgetWaiting, warning.BudgetVisits, warning.BudgetRows:
		settings.MaxInFlight = 100
	case warning.PrecisionNotReached:
		settings.Precision = 0.005
	}
	r, err := sim.Run(t.Context(), s.Designs, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range r.Designs[0].Warnings {
		if w.Kind == k {
			return true
		}
	}
	return false
}
