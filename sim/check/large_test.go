package check

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Files are untrusted: at the limits of a design Check must stay quick. The test
// fails by taking minutes, not by a clock.
func TestCheckLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("the largest designs; nothing in it is concurrent or indexes unseen")
	}
	name := func(i int) string { return fmt.Sprintf("%s%d", strings.Repeat("a", 90), i) }
	mesh := func(n, each int, op design.StepOp, p float64, far int) *design.Design {
		d := &design.Design{Loads: []design.Load{{Name: "l", To: design.Target{Node: name(0), Entry: "h"}, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 1}}}}
		d.Default.Latency = draw.Const(0.001)
		for i := range n {
			var steps []design.Step
			for j := range each {
				to := design.Step{Op: op, To: design.Target{Node: name((i*31 + j*17 + far) % (n + far)), Entry: "h"}, Timeout: design.None}
				steps = append(steps, design.Step{Op: design.Choose, Weights: []float64{p}, Branches: [][]design.Step{{to}}})
			}
			d.Services = append(d.Services, design.Service{Name: name(i), Handlers: []design.Handler{{Name: "h", Steps: steps}}})
		}
		return d
	}
	faulty := mesh(1900, 5, design.Call, 0.1, 0)
	for i := range 9_000 {
		faulty.Faults = append(faulty.Faults, design.Fault{Name: fmt.Sprint("f", i), Kind: design.FaultCut, Cut: []design.Cut{{From: name(i % 1899), To: name(1899)}}})
	}
	lost := mesh(1900, 5, design.Call, 0.1, 0)
	for range 9_000 {
		lost.Faults = append(lost.Faults, design.Fault{Name: "f", Kind: design.FaultSet, Set: []design.Setting{{Path: "service." + name(77) + ".on.h.choose9.call.timeot", Value: "1s"}}})
	}
	topics := mesh(900, 1, design.Call, 0.1, 0)
	topics.Brokers = []design.Broker{{Name: "bus"}}
	for i := range 1000 {
		topics.Brokers[0].Topics = append(topics.Brokers[0].Topics, design.Topic{Name: name(i)})
	}
	for i := range topics.Services {
		for j := range 20 {
			topics.Services[i].Consumes = append(topics.Services[i].Consumes, design.Consume{From: design.Target{Node: "bus", Entry: name(i + j)}, Handler: "h"})
		}
	}
	for _, c := range []struct {
		name   string
		d      *design.Design
		broken bool
	}{
		{"sparse mesh that dies out", mesh(1900, 5, design.Call, 0.1, 0), false},
		{"dense mesh that dies out", mesh(90, 100, design.Call, 0.005, 0), false},
		{"mesh that grows", mesh(1900, 5, design.Send, 0.5, 0), true},
		{"unknown names", mesh(1000, 9, design.Send, 0.1, 3000), true},
		{"faults", faulty, false},
		{"unknown settings", lost, true},
		{"topics", topics, false},
	} {
		failed := false
		for _, p := range Design(c.d) {
			failed = failed || p.Warning == nil
		}
		if failed != c.broken {
			t.Errorf("%s: failed is %v", c.name, failed)
			for _, p := range Design(c.d)[:1] {
				t.Logf("%.300v", p)
			}
		}
	}
}

// The checks of large designs take about as long as their parts together.
func TestCheckIsLinear(t *testing.T) {
	ring := func(n int) *design.Design {
		d := &design.Design{Brokers: []design.Broker{{Name: "bus", Topics: []design.Topic{{Name: "t"}}}}}
		for i := range n {
			next := design.Target{Node: fmt.Sprint("s", (i+1)%n), Entry: "h"}
			steps := []design.Step{{Op: design.Work, Dist: draw.Const(0.001)},
				{Op: design.Choose, Weights: []float64{0.9}, Branches: [][]design.Step{{{Op: design.Call, To: next, Timeout: design.None}}}}}
			s := design.Service{Name: fmt.Sprint("s", i), Handlers: []design.Handler{{Name: "h", Steps: steps}}}
			s.Consumes = []design.Consume{{From: design.Target{Node: "bus", Entry: "t"}, Handler: "h"}}
			d.Services = append(d.Services, s)
			d.Links = append(d.Links, design.Link{From: s.Name, To: next.Node})
			d.Loads = append(d.Loads, design.Load{Name: fmt.Sprint("l", i), To: next, Arrivals: design.Arrivals{Kind: design.Poisson, Rate: 1}})
		}
		return d
	}
	least := [2]time.Duration{time.Hour, time.Hour}
	for try := 0; try < 10; try++ {
		for i, n := range []int{400, 4000} {
			d := ring(n)
			began := time.Now()
			for _, p := range Design(d) {
				if p.Warning == nil {
					t.Fatalf("%v", p)
				}
			}
			least[i] = min(least[i], time.Since(began))
		}
		if least[1] < 50*least[0] { // 15 on a quiet machine, for the caches; 100 would be the square
			return
		}
	}
	t.Errorf("%v for 4,000 services, and %v for 400", least[1], least[0])
}
