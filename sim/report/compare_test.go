package report

import (
	"bytes"
	"math"
	"testing"

	"asynclab/sim"
	"asynclab/sim/golden"
	"asynclab/sim/metric"
)

func compared(values map[metric.Ref][]float64) (out []sim.Metric) {
	for _, k := range metric.Core {
		for i := range k.Metrics {
			for r, v := range values {
				if r.Metric == &k.Metrics[i] {
					out = append(out, sim.Metric{Name: r.String(), Unit: r.Unit(), Values: v, Ref: r})
				}
			}
		}
	}
	return out
}

func number4(m *metric.Metric, element string, s metric.Stat, a, b, c, d float64) map[metric.Ref][]float64 {
	return map[metric.Ref][]float64{{Metric: m, Element: element, Stat: s}: {a, b, c, d}}
}

func pairOf(t *testing.T, base, of []map[metric.Ref][]float64) *sim.Comparison {
	t.Helper()
	join := func(all []map[metric.Ref][]float64) (out []sim.Metric) {
		for _, m := range all {
			out = append(out, compared(m)...)
		}
		return out
	}
	r := &sim.Result{Scenario: "shop", Seed: 7, Replications: 4, Asked: 4, Designs: []sim.DesignResult{{Name: "chain", Metrics: join(base), Ended: sim.Duration}, {Name: "broker", Metrics: join(of), Ended: sim.Duration}}}
	r.Engine.Events = 12345
	c, err := sim.Compare(r, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Pairs {
		c.Pairs[i].Verdict = Verdict(&c.Pairs[i])
	}
	return c
}

// The example of the order flow: 5.2 % of all operations more, done 14 ms later.
func shopPair(t *testing.T) *sim.Comparison {
	held := metric.Service.Metric(metric.ServiceHeld)
	c := pairOf(t, []map[metric.Ref][]float64{
		number4(completed, "orders", metric.Ratio, .945, .947, .948, .948), number4(accepted, "orders", metric.Mean, .100, .102, .101, .101),
		number4(confirmed, "orders", metric.Mean, .100, .102, .101, .101), number4(confirmed, "orders", metric.P99, .5, .5, .5, .5), number4(held, "shop", metric.Plain, 100, 100, 100, 100),
	}, []map[metric.Ref][]float64{
		number4(completed, "orders", metric.Ratio, 1, .998, 1, .998), number4(accepted, "orders", metric.Mean, .100, .103, .1, .1015),
		number4(confirmed, "orders", metric.Mean, .114, .1165, .115, .1145), number4(confirmed, "orders", metric.P99, .4, .41, .39, .4), number4(held, "shop", metric.Plain, 100, 100, 100, 100),
	})
	c.Spared = []sim.Spared{{Fault: "bus-crash", Designs: []string{"chain"}}}
	return c
}

func TestVerdict(t *testing.T) {
	got := shopPair(t).Pairs[0].Verdict
	// By hand: ratios differ by .055 .051 .052 .050, mean .052, t₃·s/2 = .0034; done by
	// 14, 14.5, 14, 13.5 ms, mean 14.0, ±0.65; the p99 goes the other way.
	const want = "broker completes 5.2% of all operations more, [4.9, 5.5]; has its operations done 14.0ms later, [13.4, 14.6]; " +
		"has the slowest hundredth done 100ms sooner, [87, 113]; no difference beyond chance in the time to the answer and worker time"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	nan := math.NaN()
	one := pairOf(t, []map[metric.Ref][]float64{number4(completed, "orders", metric.Ratio, .9, nan, nan, nan)}, []map[metric.Ref][]float64{number4(completed, "orders", metric.Ratio, .8, nan, nan, nan)})
	if got := one.Pairs[0].Verdict; got != "between broker and chain there is no difference beyond chance" {
		t.Errorf("of one pair: %s", got)
	}
}

func TestComparisonFormats(t *testing.T) {
	for _, f := range ComparisonFormats() {
		c := &Comparison{Comparison: shopPair(t), Title: "a <shop>", Expected: []string{"service.shop.thread_seconds"}, Width: 90}
		var b bytes.Buffer
		if err := c.Write(&b, f); err != nil {
			t.Fatal(err)
		}
		golden.Equal(t, "testdata/compare."+f, b.Bytes())
	}
	c := &Comparison{Comparison: shopPair(t), Median: true}
	var b bytes.Buffer
	if err := c.Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	golden.Equal(t, "testdata/compare-median.text", b.Bytes())
}
