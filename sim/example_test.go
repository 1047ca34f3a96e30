package sim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"asynclab/sim"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/expect"
)

// shop is one service that works for a time on every order.
func shop(name, work string) *design.Design {
	dist, err := draw.Parse(work, draw.Seconds, nil)
	if err != nil {
		panic(err)
	}
	return &design.Design{
		Name: name,
		Loads: []design.Load{{Name: "shoppers", To: design.Target{Node: "shop", Entry: "order"},
			Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 50}}},
		Services: []design.Service{{Name: "shop", Workers: 4, Handlers: []design.Handler{
			{Name: "order", Steps: []design.Step{{Op: design.Work, Dist: dist}}}}}},
	}
}

func ExampleRun() {
	better, err := expect.Parse("fast: load.shoppers.confirmed.latency.p50 < slow.load.shoppers.confirmed.latency.p50")
	if err != nil {
		panic(err)
	}
	designs := []*design.Design{shop("slow", "20ms"), shop("fast", "10ms")}
	result, err := sim.Run(context.Background(), designs, sim.Settings{
		Duration: time.Minute, Warmup: 10 * time.Second, Seed: 7, Replications: 5,
		Expect: []*expect.Expectation{better},
	}, nil)
	if err != nil {
		panic(err)
	}
	for _, d := range result.Designs {
		m, _ := d.Metric("load.shoppers.confirmed.latency.p50")
		fmt.Println(d.Name, draw.FormatQuantity(m.Mean, m.Unit))
	}
	fmt.Println("met:", result.Met())
	// Output:
	// slow 20ms
	// fast 10ms
	// met: true
}

// The real engine gives the same bytes however the runs are spread.
func TestSameBytes(t *testing.T) {
	var first []byte
	for _, parallel := range []int{1, 3} {
		r, err := sim.Run(context.Background(), []*design.Design{shop("a", "exp(60ms)"), shop("b", "exp(70ms)")},
			sim.Settings{Duration: time.Minute, Seed: 7, Replications: 4, Parallel: parallel}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Engine.Wall = time.Second
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(first, text) {
			t.Errorf("with %d at a time the result differs", parallel)
		}
	}
}
