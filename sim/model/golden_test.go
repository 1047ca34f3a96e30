package model

import (
	"fmt"
	"testing"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/golden"
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
func storm() *Design {
	dist := seconds
	retry := Retry{Attempts: 3, Backoff: BackoffExponential, Base: dist("5ms"), Jitter: FullJitter}
	return &Design{
		Name: "storm",
		Loads: []Load{
			{Name: "shoppers", To: Target{"shop", "order"}, Arrivals: Arrivals{Kind: Poisson, Profile: []Segment{{For: 3 * time.Second, From: 20, To: 120}, {For: 2 * time.Second, From: 40, To: 40}}, Repeat: true}, Timeout: 400 * time.Millisecond, Retry: retry, Confirm: []Target{{"mail", "send"}}, Cancel: true},
			{Name: "staff", To: Target{"shop", "order"}, Users: 5, Think: dist("lognormal(50ms, cv=2)"), Patience: dist("weibull(2, mean=80ms)"), HasLimit: true, Priority: 1},
			{Name: "meters", To: Target{"bus", "orders"}, Arrivals: Arrivals{Kind: Renewal, Interval: dist("erlang(3, 30ms)"), Batch: draw.Must(draw.GeometricDist(3)), HasBatch: true}},
		},
		Default: LinkParams{Latency: dist("normal(2ms, 1ms)"), Jitter: dist("exp(200us)"), Loss: 0.01, Duplicate: 0.01, Reorder: 0.02, Corrupt: 0.005, Bandwidth: 1e7},
		Services: []Service{
			{Name: "shop", Workers: 4, Instances: 2, Room: 20, HasRoom: true, Discipline: Preemptive, Balance: LeastBusy, Handlers: []Handler{{Name: "order", Steps: []Step{
				{Op: Work, Dist: dist("gamma(4ms, cv=0.7)")},
				{Op: Parallel, Need: 1, Branches: [][]Step{{{Op: Call, To: Target{"pay", "charge"}, Timeout: 100 * time.Millisecond, Retry: retry, Cancel: true}}, {{Op: Delay, Dist: dist("pareto(2.5, mean=60ms)")}}}},
				{Op: Choose, Weights: []float64{0.3}, Branches: [][]Step{{{Op: Await, To: Target{"pay", "charge"}, HasElse: true}}}},
				{Op: Repeat, Count: 2, Branches: [][]Step{{{Op: Publish, To: Target{"bus", "placed"}}}}},
			}}}},
			{Name: "pay", Workers: 3, Discipline: Sharing, Errors: 0.02, Handlers: []Handler{{Name: "charge", Steps: []Step{{Op: Work, Dist: dist("hyperexp(10ms, cv=2)")}, {Op: Fail, Prob: 0.05, HasProb: true}}}}},
			{Name: "mail", Workers: 2, Handlers: []Handler{{Name: "send", Steps: []Step{{Op: Work, Dist: dist("uniform(1ms, 9ms)")}, {Op: Fail, Prob: 0.1, HasProb: true}}}},
				Consumes: []Consume{{From: Target{"bus", "placed"}, Handler: "send", Prefetch: 2}, {From: Target{"bus", "orders"}, Handler: "send", Ack: Automatic}}},
		},
		Brokers: []Broker{{Name: "bus",
			Queues: []Queue{{Name: "orders", MaxLength: 50, Overflow: OverflowDropHead, TTL: time.Second}, {Name: "dead"}},
			Topics: []Topic{{Name: "placed", Template: Queue{Visible: 300 * time.Millisecond, MaxDeliveries: 3, DeadLetter: "dead", Durable: true, RedeliveryDelay: Retry{Base: dist("20ms"), Backoff: BackoffDecorrelated}}}}}},
		Faults: []Fault{
			{Name: "crash", Kind: FaultCrash, Node: "mail", Every: dist("exp(3s)"), HasEvery: true, For: dist("exp(300ms)"), HasFor: true},
			{Name: "slow", Kind: FaultSlow, Node: "pay", Factor: 4, At: 2 * time.Second, For: dist("1s"), HasFor: true},
			{Name: "broker", Kind: FaultCrash, Node: "bus", At: 5 * time.Second, For: dist("500ms"), HasFor: true},
			{Name: "cut", Kind: FaultCut, Cut: []Cut{{"shop", "pay"}}, At: 7 * time.Second, For: dist("200ms"), HasFor: true},
		},
	}
}

// Whole runs, down to the last bit of every metric, on every processor. A name
// may come or go; bits that change without a change of meaning in the model are
// a bug.
func TestGoldenRuns(t *testing.T) {
	got := map[string]string{}
	for _, d := range []*Design{mm1(), chain3(), flow3(), storm(), mill(), depot()} {
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
