package scenarios_test

import (
	"asynclab/sim/engine"
	"slices"
	"strconv"
)

// Order: D10, D11s. Flow conservation: D22.

// order notes, from the times at which a service saw the messages of a stream,
// how often one was overtaken by the next, and how many pairs were inverted per
// message.
func order(kind engine.RecordKind) func(w *watched) {
	return func(w *watched) {
		type seen struct {
			op uint64
			at int64
		}
		var all []seen
		w.follow(func(r engine.Record) {
			if r.Kind == kind && r.Node == w.node("s") {
				all = append(all, seen{r.Seq, r.Time})
			}
		})
		w.advance(1 << 60)
		slices.SortFunc(all, func(a, b seen) int { return int(int64(a.op - b.op)) })
		next, pairs := 0, 0
		for i := range all {
			for j := i + 1; j < min(i+100, len(all)); j++ {
				if all[j].at < all[i].at {
					pairs++
					if j == i+1 {
						next++
					}
				}
			}
		}
		w.notes["overtaken"], w.notes["inversions"] = float64(next)/float64(len(all)), float64(pairs)/float64(len(all))
	}
}

var overtaken, counted = m("overtaken"), m("service.s.inversions.ratio")

func streamText(latency string) string {
	return `
load: {x: {to: r/h, arrivals: constant(2/s), patient}}
services:
  r: {workers: unlimited, on: {h: [send: s/h]}}
  s: {workers: unlimited, on: {h: [reply]}}
links: {r -> s: {latency: "` + latency + `"}}
`
}

// saturatedText has a full queue from the start.
func saturatedText(consumers int) string {
	return `
load: {x: {to: b/q, arrivals: {constant: 0.001/s, batch: 20000}, patient}}
brokers: {b: {queues: {q: {max_length: unlimited}}}}
services: {s: {workers: ` + strconv.Itoa(consumers) + `, consumes: {b/q: h}, on: {h: [work: exp(1s)]}}}
`
}

// bookkeeping follows every task by hand: the time it spends at the service,
// those still there included.
func bookkeeping(w *watched) {
	since := map[uint64]int64{}
	total := int64(0)
	w.follow(func(r engine.Record) {
		switch r.Kind {
		case engine.TaskArrived:
			since[r.Msg] = r.Time
		case engine.TaskEnded, engine.TaskRejected, engine.TaskCancelled, engine.TaskLost:
			total += r.Time - since[r.Msg]
			delete(since, r.Msg)
		}
	})
	w.advance(1 << 60)
	for _, at := range since {
		total += w.run.Now() - at
	}
	w.notes["visits"] = float64(total) / 1e9
	w.notes["present"] = float64(len(since))
}

var truthOrder = []truthCase{
	{id: "D10-exp", text: streamText("exp(1s)"), seconds: 25_000, warmup: "0s", drive: order(engine.TaskArrived), values: []truth{
		{"overtaken", 0.3032653, 0.01, overtaken, 0}, {"inversions", 0.770747, 0.01, m("inversions"), 0}}},
	{id: "D10-uniform", text: streamText("uniform(0s, 2s)"), seconds: 25_000, warmup: "0s", drive: order(engine.TaskArrived), values: []truth{{"overtaken", 0.28125, 0.01, overtaken, 0}}},
	{id: "D10-normal", text: streamText("normal(5s, 1s)"), seconds: 25_000, warmup: "0s", drive: order(engine.TaskArrived), values: []truth{{"overtaken", 0.3618368, 0.01, overtaken, 0}}},
	{id: "D11s-3", text: saturatedText(3), seconds: 6000, quick: 0.2, warmup: "0s", drive: order(engine.TaskEnded), values: []truth{{"c3", 0.3333333, 0.02, overtaken, 0}, {"c3-counted", 0.3333333, 0.02, counted, 0}}},
	{id: "D11s-5", text: saturatedText(5), seconds: 3600, quick: 0.2, warmup: "0s", drive: order(engine.TaskEnded), values: []truth{{"c5", 0.4, 0.02, overtaken, 0}, {"c5-counted", 0.4, 0.02, counted, 0}}},
	{
		id: "D22", seconds: 5000, warmup: "0s", drive: bookkeeping, text: `
load: {x: {to: s/h, arrivals: poisson(2/s), deadline: 8s, timeout: 3s, cancel: true, retry: {attempts: 3, backoff: exp(1s)}, patience: exp(5s)}}
services: {s: {workers: 2, queue: 6, on_crash: keep, on: {h: [work: exp(1s), fail: 5%]}}}
links: {x -> s: {latency: exp(100ms), loss: 1%}}
faults: [{crash: s, every: exp(100s), for: exp(5s)}]
`,
		values: []truth{
			// Relative to the visits' time.
			{"little", 0, 1e-9, over(minus(times(inSystem("service.s"), m("run.duration")), m("visits")), m("visits")), exact},
			{"tasks", 0, 0, minus(minus(m("service.s.arrived"), sum("service.s.completed", "service.s.failed", "service.s.rejected", "service.s.cancelled", "service.s.lost")), m("present")), exact},
			{"operations", 0, 0, minus(m("load.x.offered"), sum("load.x.completed", "load.x.failed", "load.x.unfinished")), exact},
		},
	},
}
