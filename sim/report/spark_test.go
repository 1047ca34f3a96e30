package report

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"asynclab/sim"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// On a terminal a row has its course over the run beside each number, on one scale for
// all designs; a row that never changes has none, and where the terminal is too narrow
// for all of them, no row has.
func TestSparks(t *testing.T) {
	ref := func(m *metric.Metric, s metric.Stat) metric.Ref { return metric.Ref{Metric: m, Element: "x", Stat: s} }
	design := func(name string, done ...float64) sim.DesignResult {
		d := sim.DesignResult{Name: name, Ended: sim.Duration}
		for r, values := range map[metric.Ref][]float64{ref(through, metric.Plain): done, ref(offered, metric.Plain): {5, 5, 5, 5, 5, 5, 5, 5}} {
			d.Metrics = append(d.Metrics, sim.Metric{Name: r.String(), Unit: r.Unit(), Values: []float64{7}, Ref: r, Estimate: measure.Summarize([]float64{7})})
			d.Sparks = append(d.Sparks, sim.MetricSeries{Metric: r.String(), Series: measure.Series{Width: 1, Values: values}})
		}
		slices.SortFunc(d.Metrics, func(a, b sim.Metric) int { return strings.Compare(a.Name, b.Name) })
		return d
	}
	nan := math.NaN()
	r := &Report{Width: 80, Result: &sim.Result{Scenario: "s", Asked: 1, Replications: 1, Designs: []sim.DesignResult{
		// Sixteen values in eight characters: the mean of each two, up to 16.
		design("a", 0, 0, 2, 2, 4, 4, 7, 9, 8, 8, 16, 16, nan, nan, nan, 16), design("b", 1, 1, 1, 1, 1, 1, 1, 1),
	}}}
	var b bytes.Buffer
	if err := r.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"  throughput   7/s ▁▂▃▅▅█ █   7/s ▁▁▁▁▁▁▁▁\n", "  offered        7              7\n", "▁▂▃▄▅▆▇█ is the course over the run"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	for _, r.Width = range []int{0, 40} {
		b.Reset()
		if err := r.Write(&b, "text"); err != nil || strings.Contains(b.String(), "▁") {
			t.Errorf("with %d columns, %v:\n%s", r.Width, err, b.String())
		}
	}
}
