package sim_test

import (
	"context"
	"flag"
	"fmt"
	"math"
	"testing"
	"time"

	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
)

var coverageFull = flag.Bool("coverage.full", false, "a thousand repetitions of the experiment whose intervals are counted")

// station is an M/M/1 queue with 100 arrivals per second.
func station(name string, rate float64) *design.Design {
	work, err := draw.Parse(fmt.Sprintf("exp(%gms)", 1000/rate), draw.Seconds, nil)
	if err != nil {
		panic(err)
	}
	return &design.Design{Name: name,
		Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 100}}},
		Services: []design.Service{{Name: "s", Workers: 1, Handlers: []design.Handler{{Name: "h", Steps: []design.Step{{Op: design.Work, Dist: work}}}}}},
	}
}

// The intervals of replications cover the truth in 95 % of all experiments. Theory:
// the time in an M/M/1 queue is exponential with rate µ − λ, so that its mean is
// 1/(µ − λ) and its p99 ln(100)/(µ − λ). In full (make coverage), each of the three
// is between 92.5 and 97.5 % of 1,000 experiments; the quick form allows four
// standard errors of its number.
func TestIntervalsCoverTheTruth(t *testing.T) {
	const lambda, slow, fast = 100.0, 200.0, 250.0
	n := 60
	if *coverageFull {
		n = 1000
	}
	truth := map[string]float64{"mean": 1 / (slow - lambda), "p99": math.Log(100) / (slow - lambda), "paired difference": 1/(fast-lambda) - 1/(slow-lambda)}
	hit := map[string]int{}
	for seed := range n {
		r, err := sim.Run(context.Background(), []*design.Design{station("slow", slow), station("fast", fast)},
			sim.Settings{Duration: 22 * time.Second, Warmup: 2 * time.Second, Seed: uint64(seed + 1), Replications: 6}, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := sim.Compare(r, "slow")
		if err != nil {
			t.Fatal(err)
		}
		count := func(what string, e sim.Estimate) {
			if e.Low <= truth[what] && truth[what] <= e.High {
				hit[what]++
			}
		}
		mean, _ := r.Designs[0].Metric("load.x.confirmed.latency.mean")
		p99, _ := r.Designs[0].Metric("load.x.confirmed.latency.p99")
		count("mean", mean.Estimate)
		count("p99", p99.Estimate)
		for _, d := range c.Pairs[0].Differences {
			if d.Name == mean.Name {
				count("paired difference", d.Estimate)
			}
		}
	}
	least, most := 0.925, 0.975
	if !*coverageFull {
		off := 4 * math.Sqrt(0.95*0.05/float64(n))
		least, most = 0.95-off, 0.95+off
	}
	for what := range truth {
		share := float64(hit[what]) / float64(n)
		t.Logf("%s: %.1f %% of %d intervals cover the truth", what, 100*share, n)
		if share < least || share > most {
			t.Errorf("%s: %.1f %% of %d intervals cover the truth, not %.1f to %.1f %%", what, 100*share, n, 100*least, 100*most)
		}
	}
}

// A single run of a queue in a steady state has intervals by batch means; one with a
// fault has none, nor has one of several replications.
func TestBatchMeansOfOneRun(t *testing.T) {
	run := func(reps int, d *design.Design) []sim.Batch {
		r, err := sim.Run(context.Background(), []*design.Design{d}, sim.Settings{Duration: 10 * time.Minute, Warmup: time.Minute, Seed: 3, Replications: reps}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Designs[0].Batches
	}
	found := false
	for _, b := range run(1, station("a", 200)) {
		if b.Ref.String() == "load.x.confirmed.latency.mean" {
			found = true
			if b.N < 20 || b.N > 30 || b.Low > 0.01 || b.High < 0.01 || b.High-b.Low > 0.001 {
				t.Errorf("the mean is 10 ms by theory, and the run says %+v", b)
			}
		}
	}
	if !found {
		t.Error("a run in a steady state has no interval")
	}
	hurt := station("a", 200)
	hurt.Faults = []design.Fault{{Name: "slow", Kind: design.FaultSlow, Node: "s", Factor: 2, At: 5 * time.Minute, For: draw.Const(1), HasFor: true}}
	if b := run(1, hurt); len(b) > 0 {
		t.Errorf("with a fault: %+v", b)
	}
	if b := run(2, station("a", 200)); len(b) > 0 {
		t.Errorf("with two replications: %+v", b)
	}
}
