package engine

import (
	"fmt"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/golden"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/overflow"
)

// seconds reads a distribution of times.
func seconds(s string) draw.Dist {
	d, err := draw.Parse(s, draw.Seconds, nil)
	if err != nil {
		panic(err)
	}
	return d
}

// storm is a design with a little of everything that draws, so that its
// fingerprint hangs on every distribution and every kind of event.
func storm() *design.Design {
	dist := seconds
	retry := design.Retry{Attempts: 3, Backoff: backoff.Exponential, Base: dist("5ms"), Jitter: design.FullJitter}
	return &design.Design{
		Name: "storm",
		Loads: []design.Load{
			{Name: "shoppers", To: design.Target{Node: "shop", Entry: "order"}, Arrivals: design.Arrivals{Kind: design.Poisson, Profile: []design.Segment{{For: 3 * time.Second, From: 20, To: 120}, {For: 2 * time.Second, From: 40, To: 40}}, Repeat: true}, Timeout: 400 * time.Millisecond, Retry: retry, Confirm: []design.Target{{Node: "mail", Entry: "send"}}, Cancel: true},
			{Name: "staff", To: design.Target{Node: "shop", Entry: "order"}, Users: 5, Think: dist("lognormal(50ms, cv=2)"), Patience: dist("weibull(2, mean=80ms)"), HasLimit: true, Priority: 1},
			{Name: "meters", To: design.Target{Node: "bus", Entry: "orders"}, Arrivals: design.Arrivals{Kind: design.Renewal, Interval: dist("erlang(3, 30ms)"), Batch: draw.Must(draw.Parse("geometric(3)", draw.None, nil)), HasBatch: true}},
		},
		Default: design.LinkParams{Latency: dist("normal(2ms, 1ms)"), Jitter: dist("exp(200us)"), Loss: 0.01, Duplicate: 0.01, Reorder: 0.02, Corrupt: 0.005, Bandwidth: 1e7},
		Services: []design.Service{
			{Name: "shop", Workers: 4, Instances: 2, Room: 20, HasRoom: true, Discipline: design.Preemptive, Balance: balance.LeastBusy, Handlers: []design.Handler{{Name: "order", Steps: []design.Step{
				{Op: design.Work, Dist: dist("gamma(4ms, cv=0.7)")},
				{Op: design.Parallel, Need: 1, Branches: [][]design.Step{{{Op: design.Call, To: design.Target{Node: "pay", Entry: "charge"}, Timeout: 100 * time.Millisecond, Retry: retry, Cancel: true}}, {{Op: design.Delay, Dist: dist("pareto(2.5, mean=60ms)")}}}},
				{Op: design.Choose, Weights: []float64{0.3}, Branches: [][]design.Step{{{Op: design.Await, To: design.Target{Node: "pay", Entry: "charge"}, HasElse: true, Harmless: true}}}},
				{Op: design.Repeat, Count: 2, Branches: [][]design.Step{{{Op: design.Publish, To: design.Target{Node: "bus", Entry: "placed"}}}}},
			}}}},
			{Name: "pay", Workers: 3, Discipline: design.Sharing, Errors: 0.02, Handlers: []design.Handler{{Name: "charge", Steps: []design.Step{{Op: design.Work, Dist: dist("hyperexp(10ms, cv=2)")}, {Op: design.Fail, Prob: 0.05, HasProb: true}}}}},
			{Name: "mail", Workers: 2, Handlers: []design.Handler{{Name: "send", Steps: []design.Step{{Op: design.Work, Dist: dist("uniform(1ms, 9ms)")}, {Op: design.Fail, Prob: 0.1, HasProb: true}}}},
				Consumes: []design.Consume{{From: design.Target{Node: "bus", Entry: "placed"}, Handler: "send", Prefetch: 2}, {From: design.Target{Node: "bus", Entry: "orders"}, Handler: "send", Ack: design.Automatic}}},
		},
		Brokers: []design.Broker{{Name: "bus",
			Queues: []design.Queue{{Name: "orders", MaxLength: 50, Overflow: overflow.DropOldest, TTL: time.Second}, {Name: "dead"}},
			Topics: []design.Topic{{Name: "placed", Template: design.Queue{Visible: 300 * time.Millisecond, MaxDeliveries: 3, DeadLetter: "dead", Durable: true, RedeliveryDelay: design.Retry{Base: dist("20ms"), Backoff: backoff.Decorrelated}}}}}},
		Faults: []design.Fault{
			{Name: "crash", Kind: design.FaultCrash, Node: "mail", Every: dist("exp(3s)"), HasEvery: true, For: dist("exp(300ms)"), HasFor: true},
			{Name: "slow", Kind: design.FaultSlow, Node: "pay", Factor: 4, At: 2 * time.Second, For: dist("1s"), HasFor: true},
			{Name: "broker", Kind: design.FaultCrash, Node: "bus", At: 5 * time.Second, For: dist("500ms"), HasFor: true},
			{Name: "cut", Kind: design.FaultCut, Cut: []design.Cut{{From: "shop", To: "pay"}}, At: 7 * time.Second, For: dist("200ms"), HasFor: true},
		},
	}
}

// Whole runs, down to the last bit of every metric, on every processor. A name
// may come or go; bits that change without a change of meaning in the model are
// a bug.
func TestGoldenRuns(t *testing.T) {
	got := map[string]string{}
	for _, d := range []*design.Design{mm1(), chain3(), flow3(), storm(), mill(), depot()} {
		p, err := Compile(d)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(2) {
			r, err := p.NewRun(Config{Duration: 20 * time.Second, Warmup: 2 * time.Second, Seed: seed, Changes: byHand[d.Name]})
			if err != nil {
				t.Fatal(err)
			}
			r.Advance(never, 0)
			run := fmt.Sprintf("%s %d ", d.Name, seed)
			got[run+"fingerprint"] = fmt.Sprintf("%016x", r.Fingerprint())
			for _, v := range r.Values() {
				got[run+v.Name] = golden.Bits(v.Value)
			}
		}
	}
	golden.Check(t, "testdata/golden_runs.txt", got, nil)
}
