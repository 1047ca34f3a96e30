package sim

import (
	"context"
	"slices"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// The courses of a result are those of what tables show, of the first replication.
func TestSparks(t *testing.T) {
	work, err := draw.Parse("exp(10ms)", draw.Seconds, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &design.Design{Name: "d",
		Loads:    []design.Load{{Name: "x", To: design.Target{Node: "s", Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Regular, Rate: 10}, Start: 10 * time.Second}},
		Services: []design.Service{{Name: "s", Handlers: []design.Handler{{Name: "h", Steps: []design.Step{{Op: design.Work, Dist: work}}}}}},
	}
	s := Settings{Duration: 20 * time.Second, Seed: 1, Replications: 3, Points: 20, Sparks: true}
	r, err := Run(context.Background(), []*design.Design{d}, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int {
		return slices.IndexFunc(r.Designs[0].Sparks, func(m MetricSeries) bool { return m.Metric == name })
	}
	if at("load.x.completed.ratio") >= 0 || at("load.x.failed.latency.p99") >= 0 || at("service.s.utilization") >= 0 {
		t.Error("a ratio, a metric without a row, and a value without a series have no course")
	}
	i := at("load.x.offered")
	if i < 0 {
		t.Fatal("no course of what is offered")
	}
	// Ten a second, from the middle of the run on.
	v := r.Designs[0].Sparks[i].Values
	if half := len(v) / 2; len(v) < 10 || v[half/2] != 0 || v[half+half/2] != 10*r.Designs[0].Sparks[i].Width {
		t.Errorf("offered: %v", v)
	}
	s.Sparks = false
	if r, err := Run(context.Background(), []*design.Design{d}, s, nil); err != nil || len(r.Designs[0].Sparks) > 0 {
		t.Errorf("%v: nobody asked", err)
	}
}
