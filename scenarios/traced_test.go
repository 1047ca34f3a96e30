package scenarios_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
)

// A message that does not carry its trace is counted where it is sent, a topic's for every
// subscription, and changes nothing else: 1 + 1 (a call) + 2 (a topic of two) + 1 (a queue)
// + 2 (a topic with partitions, of two groups).
const traced = `version: 1
name: traced
run: {duration: 20s}
load: {c: {to: shop/do, arrivals: poisson(50/s)}}
links: {default: {latency: 1ms}}
brokers: {bus: {queues: {q: {}}, topics: {news: {}, log: {partitions: 2}}}}
services:
  shop: {workers: 4, on: {do: [work: exp(5ms), {call: pay/do, trace: false}, {publish: bus/news, trace: false}, {publish: bus/q, confirm: true, trace: false}, {publish: bus/log, trace: false}]}}
  pay: {workers: 2, on: {do: [work: exp(10ms)]}}
  a: {workers: 2, consumes: {bus/news: do, bus/log: do}, on: {do: [work: exp(10ms)]}}
  b: {workers: 2, consumes: {bus/news: do, bus/log: do}, on: {do: [work: exp(10ms)]}}
  e: {workers: 2, consumes: {bus/q: do}, on: {do: [work: exp(10ms)]}}
designs: {d: {}}
`

func TestBrokenTraces(t *testing.T) {
	values := func(text string) map[string]float64 {
		s, err := scenarios.Parse(nil, "traced.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		r, err := sim.Run(context.Background(), s.Designs, sim.Settings{Duration: 20 * time.Second, Seed: 3, Replications: 1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]float64{}
		for _, m := range r.Designs[0].Metrics {
			all[m.Name] = m.Mean
		}
		return all
	}
	broken, whole := values(traced), values(strings.ReplaceAll(traced, "false", "true"))
	offered := whole["load.c.offered"]
	if whole["load.c.traces"] != offered || broken["load.c.traces"] != 7*offered || offered < 800 {
		t.Errorf("%v operations: %v traces, and %v broken", offered, whole["load.c.traces"], broken["load.c.traces"])
	}
	for name, v := range whole {
		if b := broken[name]; b != v && !(math.IsNaN(b) && math.IsNaN(v)) && !strings.HasPrefix(name, "load.c.traces") {
			t.Errorf("%s is %v, and %v where traces break", name, v, b)
		}
	}
}
