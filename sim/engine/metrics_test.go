package engine

import (
	"testing"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"

	"pgregory.net/rapid"
)

// Every metric that is declared is one of a design, and every name of a design
// is one of a declaration.
func TestEveryMetricIsDeclared(t *testing.T) {
	produced := map[*metric.Metric]bool{}
	withElse := called(design.Call, time.Second, draw.Const(0.1), func(s *design.Step) { s.HasElse = true })
	withLog := &design.Design{Loads: []design.Load{burst(10, 0)}, Services: []design.Service{logEater("s", design.Consume{}, work(milli))}, Brokers: logBus(2, "", design.Group{})}
	priced := flow3()
	priced.Prices.Currency = "USD"
	all := []*design.Design{priced, withElse, tenASecond(crashed("s", time.Second/2, time.Second/4)), withLog}
	for seed := range 20 { // with every mechanism, and stores
		all = append(all, rapid.Custom(genDesign).Example(seed))
	}
	for _, d := range all {
		r := start(t, d, Config{Duration: time.Second, Asked: []string{"edge.*.latency.p50"}})
		r.Advance(never, 0)
		values := r.Values()
		for i, v := range r.prog.Metrics() {
			if got, ok := r.Kinds().Parse(v.Name); !ok || got != v.Ref || got.Unit() != v.Unit {
				t.Errorf("%s is taken for %s", v.Name, got)
			}
			if values[i].Name != v.Name {
				t.Errorf("%s has the value of %s", v.Name, values[i].Name)
			}
			produced[v.Ref.Metric] = true
		}
	}
	for _, k := range metric.Core {
		for i := range k.Metrics {
			if m := &k.Metrics[i]; !produced[m] {
				t.Errorf("%s is declared, and no design has it", m.ID())
			}
		}
	}
}

// Only causes that something produces have a metric.
func TestCausesOfMetrics(t *testing.T) {
	p, err := Compile(mm1())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range p.Metrics() {
		if c := v.Ref.Cause; c == "circuit_open" || c == "limited" {
			t.Errorf("%s can only be 0", v.Name)
		}
	}
}
