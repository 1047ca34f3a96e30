package model

import (
	"fmt"
	"strings"
	"testing"

	"asynclab/sim/draw"
)

// Files are untrusted: at the limits of a design Check must stay quick. The test
// fails by taking minutes, not by a clock.
func TestCheckLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("the largest designs; nothing in it is concurrent or indexes unseen")
	}
	name := func(i int) string { return fmt.Sprintf("%s%d", strings.Repeat("a", 90), i) }
	mesh := func(n, each int, op StepOp, p float64, far int) *Design {
		d := &Design{Loads: []Load{{Name: "l", To: Target{name(0), "h"}, Arrivals: Arrivals{Kind: Poisson, Rate: 1}}}}
		d.Default.Latency = draw.Const(0.001)
		for i := range n {
			var steps []Step
			for j := range each {
				to := Step{Op: op, To: Target{name((i*31 + j*17 + far) % (n + far)), "h"}, Timeout: None}
				steps = append(steps, Step{Op: Choose, Weights: []float64{p}, Branches: [][]Step{{to}}})
			}
			d.Services = append(d.Services, Service{Name: name(i), Handlers: []Handler{{"h", steps}}})
		}
		return d
	}
	faulty := mesh(1900, 5, Call, 0.1, 0)
	for i := range 9_000 {
		faulty.Faults = append(faulty.Faults, Fault{Name: fmt.Sprint("f", i), Kind: FaultCut, Cut: []Cut{{name(i % 1899), name(1899)}}})
	}
	lost := mesh(1900, 5, Call, 0.1, 0)
	for range 9_000 {
		lost.Faults = append(lost.Faults, Fault{Name: "f", Kind: FaultSet, Set: []Setting{{"service." + name(77) + ".on.h.choose9.call.timeot", "1s"}}})
	}
	topics := mesh(900, 1, Call, 0.1, 0)
	topics.Brokers = []Broker{{Name: "bus"}}
	for i := range 1000 {
		topics.Brokers[0].Topics = append(topics.Brokers[0].Topics, Topic{Name: name(i)})
	}
	for i := range topics.Services {
		for j := range 20 {
			topics.Services[i].Consumes = append(topics.Services[i].Consumes, Consume{From: Target{"bus", name(i + j)}, Handler: "h"})
		}
	}
	for _, c := range []struct {
		name   string
		d      *Design
		broken bool
	}{
		{"sparse mesh that dies out", mesh(1900, 5, Call, 0.1, 0), false},
		{"dense mesh that dies out", mesh(90, 100, Call, 0.005, 0), false},
		{"mesh that grows", mesh(1900, 5, Send, 0.5, 0), true},
		{"unknown names", mesh(1000, 9, Send, 0.1, 3000), true},
		{"faults", faulty, false},
		{"unknown settings", lost, true},
		{"topics", topics, false},
	} {
		failed := false
		for _, p := range Check(c.d) {
			failed = failed || !p.Warning
		}
		if failed != c.broken {
			t.Errorf("%s: failed is %v", c.name, failed)
			for _, p := range Check(c.d)[:1] {
				t.Logf("%.300v", p)
			}
		}
	}
}
