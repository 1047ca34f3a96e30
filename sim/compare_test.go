package sim

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

func of(_ string, m *metric.Metric, element string, s metric.Stat, values ...float64) Metric {
	r := metric.Ref{Metric: m, Element: element, Stat: s}
	return Metric{Name: r.String(), Unit: r.Unit(), Values: values, Ref: r}
}

// By hand: differences 1, 2, 3, 2 have mean 2 and standard deviation 0.8165; with t =
// 3.1824 for three degrees of freedom the interval is 2 ± 1.2992.
func TestCompare(t *testing.T) {
	nan := math.NaN()
	offered := metric.Load.Metric(metric.LoadOffered)
	latency := metric.Load.Metric(metric.LoadConfirmedLatency)
	goodput := metric.Load.Metric(metric.LoadCompleted)
	held, lost := metric.Service.Metric(metric.ServiceHeld), metric.Queue.Metric(metric.QueueLost)
	drain, depth := metric.Queue.Metric(metric.QueueDrainTime), metric.Queue.Metric(metric.QueueDepth)
	p99 := of("", latency, "x", metric.P99, 1, 2, 3, 4)
	p99.Error = 0.5
	a := DesignResult{Name: "a", Metrics: []Metric{
		of("", offered, "x", metric.Plain, 10, 20, 30, 40), of("", goodput, "x", metric.Ratio, .9, .9, .9, .9), p99,
		of("", held, "s", metric.Plain, 5, 5, 5, 5), of("", held, "t", metric.Plain, 1, 1, 1, 1),
	}}
	q99 := of("", latency, "x", metric.P99, 2, 3, 4, nan)
	q99.Error = 0.6
	b := DesignResult{Name: "b", Metrics: []Metric{
		of("", offered, "x", metric.Plain, 11, 22, 33, 42), of("", goodput, "x", metric.Ratio, .9, .9, .9, .9), q99,
		of("", held, "s", metric.Plain, 2, 2, 2, 2), of("", held, "u", metric.Plain, 3, 4, 3, 4),
		of("", lost, "m/q", metric.Plain, 1, 0, 2, 0), of("", depth, "m/q", metric.Max, 7, 7, 7, 7), of("", drain, "m/q", metric.Plain, 3, nan, 3, 3),
		of("", depth, "m/r", metric.Max, 0, 0, 0, 0), of("", drain, "m/r", metric.Plain, nan, nan, nan, nan),
	}}
	c, err := Compare(&Result{Replications: 4, Asked: 4, Designs: []DesignResult{a, b}}, "")
	if err != nil || c.Base != "a" || len(c.Pairs) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	got := map[string]Difference{}
	var order []string
	for _, d := range c.Pairs[0].Differences {
		got[d.Name] = d
		order = append(order, d.Name)
	}
	if d := got["load.x.offered"]; d.Mean != 2 || math.Abs(d.High-3.2992) > 1e-4 || d.Noise() || d.Same() || d.Base != 25 || d.Of != 27 || d.Relative() != 0.08 || !math.IsNaN(d.Median.Low) {
		t.Errorf("offered: %+v", d)
	}
	if d := got["load.x.completed.ratio"]; !d.Same() || d.Noise() || d.Mean != 0 {
		t.Errorf("equal designs: %+v", d)
	}
	// The difference is 1 in three pairs; both histograms may be wrong by 1.1 together.
	if d := got["load.x.confirmed.latency.p99"]; d.N != 3 || d.Mean != 1 || d.Base != 2 || d.Of != 3 || math.Abs(d.Low+0.1) > 1e-12 || !d.Noise() {
		t.Errorf("p99: %+v", d)
	}
	if d := got["service.*.thread_seconds"]; d.Base != 6 || d.Of != 5.5 || d.Mean != -0.5 || !d.Noise() {
		t.Errorf("all worker time: %+v", d)
	}
	if d := got["queue.*.lost"]; d.Base != 0 || d.Of != 0.75 || d.N != 4 || !math.IsNaN(d.Relative()) {
		t.Errorf("losses where one design has no queue: %+v", d)
	}
	// In the second replication the queue was never empty again.
	if d := got["queue.*.drain_time"]; d.N != 0 {
		t.Errorf("recovery beside a design without a queue: %+v", d)
	}
	if m := total(&b, metric.Ref{Metric: drain, Element: Everything}); m.N != 3 || m.Mean != 3 || !math.IsNaN(m.Values[1]) {
		t.Errorf("recovery: %+v", m)
	}
	if want := "load.x.completed.ratio load.x.confirmed.latency.p99 queue.*.lost queue.*.drain_time service.*.thread_seconds service.s.thread_seconds load.x.offered"; strings.Join(order, " ") != want {
		t.Errorf("order: %s", strings.Join(order, " "))
	}
	if _, err := Compare(&Result{Designs: []DesignResult{a, b}}, "c"); err == nil {
		t.Error("there is no design c")
	}
	if _, err := Compare(&Result{Designs: []DesignResult{a}}, ""); err == nil {
		t.Error("one design is no comparison")
	}
}

// A comparison is the same bytes at any number of processors, with real runs.
func TestComparisonBytes(t *testing.T) {
	station := func(name string, work string) *design.Design {
		w, err := draw.Parse(work, draw.Seconds, nil)
		if err != nil {
			t.Fatal(err)
		}
		return &design.Design{Name: name,
			Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 50}}},
			Services: []design.Service{{Name: "s", Workers: 1, Handlers: []design.Handler{{Name: "h", Steps: []design.Step{{Op: design.Work, Dist: w}}}}}},
		}
	}
	var first string
	for _, parallel := range []int{1, 3, 8} {
		s := Settings{Duration: 20 * time.Second, Warmup: time.Second, Seed: 5, Replications: 6, Parallel: parallel}
		r, err := Run(context.Background(), []*design.Design{station("slow", "exp(12ms)"), station("fast", "exp(8ms)")}, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Compare(r, "slow")
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(text)
			// Half the work at equal arrivals: M/M/1 gives 12/(1−0.6) = 30 ms and
			// 8/(1−0.4) = 13.3 ms, and the draws are paired.
			for _, d := range c.Pairs[0].Differences {
				if d.Name == "load.x.confirmed.latency.mean" && (d.Noise() || d.Mean > -0.012 || d.Mean < -0.022) {
					t.Errorf("fast against slow: %+v", d)
				}
			}
		}
		if string(text) != first {
			t.Errorf("with %d at a time the comparison is\n%s\ninstead of\n%s", parallel, text, first)
		}
	}
}

func TestSparedFaults(t *testing.T) {
	all := []*design.Design{{Name: "a", Faults: []design.Fault{{Name: "crash"}, {Name: "cut"}}}, {Name: "b", Faults: []design.Fault{{Name: "cut"}}}, {Name: "c", Faults: []design.Fault{{Name: "cut"}, {Name: "slow"}}}}
	got := SparedFaults(all)
	if len(got) != 2 || got[0].Fault != "crash" || strings.Join(got[0].Designs, " ") != "b c" || got[1].Fault != "slow" || strings.Join(got[1].Designs, " ") != "a b" {
		t.Errorf("%+v", got)
	}
}
