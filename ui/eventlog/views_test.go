package eventlog

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/engine"
	"asynclab/sim/mech/all"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	lamport "asynclab/sim/sequence"
	"asynclab/ui/control"
	"asynclab/ui/figure"
)

// remedies is a design in which everything happens that a mechanism tells of: retries
// and a budget for them, a limit, a bulkhead, a breaker, a hedge, health checks and
// ejection, an autoscaler, a failover, and a group whose partitions are dealt anew.
const remedies = `
version: 1
name: remedies
run: {duration: 2min, seed: 3}
load:
  retrying: {to: shop/buy, arrivals: poisson(40/s), retry: {attempts: 3}, budget: {ratio: 5%}}
  limited: {to: web/get, arrivals: poisson(40/s), limit: 30/s}
  hedging: {to: web/get, arrivals: poisson(20/s), hedge: {after: 30ms}, timeout: 5s}
  asking: {to: east/get, arrivals: poisson(20/s), failover: {to: [west/get], failures: 3, hold: 5s}, timeout: 200ms}
  checked: {to: api/get, arrivals: poisson(60/s), timeout: 1s}
  events: {to: bus/orders, arrivals: poisson(50/s)}
services:
  shop: {workers: 64, on: {buy: [{call: pay/charge, breaker: {failures: 5, open: 5s}}, {call: web/get, bulkhead: {slots: 2}}]}}
  pay: {workers: 8, on: {charge: [work: 10ms]}}
  web: {instances: 3, workers: 2, scale: {max: 8, utilization: 50%, interval: 5s, start_up: 2s, down_window: 10s}, on: {get: [work: exp(20ms)]}}
  api: {instances: 3, workers: 4, balance: least-busy, health: {interval: 1s, failures: 30, eject: 5s}, on: {get: [work: 10ms]}}
  east: {workers: 4, on: {get: [work: 5ms]}}
  west: {workers: 4, on: {get: [work: 5ms]}}
  worker: {instances: 2, consumes: {bus/orders: do}, on: {do: [work: 2ms]}}
brokers: {bus: {topics: {orders: {partitions: 4, group: {session: 5s, pause: 1s}}}}}
faults:
  - {at: 20s, for: 20s, crash: pay}
  - {at: 30s, for: 20s, crash: east}
  - {at: 40s, for: 20s, errors: api, instance: 1, rate: 100%}
  - {at: 70s, for: 10s, host_crash: api, instance: 2}
  - {at: 50s, for: 20s, crash: worker, instance: 1}
  - {at: 80s, for: 20s, set: {load.hedging.rate: 200/s}}
  - {at: 90s, for: 10s, set: {service.west.instances: 3}}
`

type witness struct {
	entries []lamport.Entry
	nodes   []string
	queues  []string
}

func (a *witness) Observe(r engine.Record) {
	a.entries = append(a.entries, lamport.Named(r, a.nodes, a.queues))
}

// TestEveryEventInAllViews: what mechanisms do, and what they refuse, retries and
// rebalances are seen in the log, in the picture (a sign of the element), in the
// sequence diagram of the operation to which they belong, if they belong to one, and in
// a plot. A mechanism that declares another event has to bring it all, and to let it
// happen here.
func TestEveryEventInAllViews(t *testing.T) {
	sc, err := scenarios.Parse(nil, "remedies.yaml", []byte(remedies))
	if err != nil {
		t.Fatal(err)
	}
	p, err := engine.Compile(sc.Designs[0])
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.NewRun(engine.Config{Duration: 2 * time.Minute, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	log := &witness{nodes: p.Nodes(), queues: append(slices.Clone(p.Queues()), p.Topics()...)}
	r.SetObserver(log)
	signs := map[*metric.Kind]bool{} // that the picture showed
	var snap engine.Snapshot
	for at := time.Second; at <= 2*time.Minute; at += time.Second / 10 {
		r.Advance(int64(at), math.MaxInt)
		r.Snapshot(&snap)
		for i, ref := range p.Signs() {
			if snap.Signs[i] != 0 {
				signs[ref.Kind()] = true
			}
		}
	}
	plots := map[*metric.Kind]bool{} // in which there is something
	for _, ref := range r.Refs() {
		c := ref.Curve
		if c.Plot == nil || plots[ref.Kind()] {
			continue
		}
		if _, ok := figure.Find(c.Plot.ID); !ok {
			t.Errorf("the window has no plot %s", c.Plot.ID)
		}
		ref.Stat = c.Stat
		if v, ok := r.SeriesOf(ref); ok && slices.ContainsFunc(v.Values, func(x float64) bool { return x > 0 }) {
			plots[ref.Kind()] = true
		}
	}
	of := map[uint64][]lamport.Entry{}
	happened := map[record.Class]*lamport.Entry{}
	outside := map[record.Class]bool{}
	for i := range log.entries {
		e := &log.entries[i]
		if of[e.Op] = append(of[e.Op], *e); happened[e.Class()] == nil || e.Op != 0 && happened[e.Class()].Op == 0 {
			happened[e.Class()] = e
		}
		if e.Op == 0 {
			outside[e.Class()] = true
		}
	}
	graph := sim.Graph(sc.Designs[0])
	check := func(c record.Class, k *metric.Kind) {
		e := happened[c]
		if e == nil {
			t.Errorf("%s did not happen", c.ID())
			return
		}
		if text := Say(&control.Entry{Entry: *e}, nil); !strings.Contains(text, c.Say(nil, record.InFlight, e.Why.Word())) || e.NodeName+e.QueueName == "" {
			t.Errorf("the log says %q of %s, at %q", text, c.ID(), e.NodeName)
		}
		if !signs[k] {
			t.Errorf("the picture has no sign of %s: no metric of %s that is not 0 has one", c.ID(), k.Name)
		}
		if !plots[k] {
			t.Errorf("no plot shows %s: no metric of %s has a curve with anything in it", c.ID(), k.Name)
		}
		if outside[c] && e.Op == 0 {
			return
		}
		d := lamport.Build(of[e.Op], graph)
		if !slices.ContainsFunc(d.Notes, func(n lamport.Note) bool { return n.Class == c }) {
			t.Errorf("the diagram of operation %d has no note of %s: %+v", e.Op, c.ID(), d.Notes)
		}
	}
	for _, m := range all.Mechanisms {
		for _, c := range m.Records {
			check(c, m.Metrics)
		}
		if len(m.Causes) > 0 && m.Stands&(1|2) != 0 { // it refuses attempts of callers
			check(record.AttemptRefused, m.Metrics)
		}
	}
	for _, c := range []record.Class{record.InstanceUp, record.InstanceLeaving, record.InstanceAway} {
		if !slices.ContainsFunc(log.entries, func(e lamport.Entry) bool { return e.Class() == c && e.NodeName == "west" }) {
			t.Errorf("%s of a service that nothing scales: not told", c.ID())
		}
	}
	check(record.RetryPlanned, metric.Edge)
	check(record.PartitionsDealt, metric.Group)
}
