package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"asynclab/sim"
	"asynclab/sim/finding"
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
	const want = "broker completes 5.2% of all operations more, [4.9, 5.5]; has what it completes done 14.0ms later, [13.4, 14.6]; " +
		"has the slowest hundredth done 100ms sooner, [87, 113]; there is no difference beyond chance in the time to the answer and worker time"
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

// What a sentence says of other operations, of equal replications, and of money.
func TestVerdictClauses(t *testing.T) {
	cost, held := metric.Run.Metric(metric.RunCost), metric.Service.Metric(metric.ServiceHeld)
	all := number4(completed, "x", metric.Ratio, 1, 1, 1, 1)
	for _, c := range []struct {
		name     string
		base, of []map[metric.Ref][]float64
		want     string
	}{
		// Survivors of a storm: a third is completed, and of these alone the latency is.
		{"few completed", []map[metric.Ref][]float64{number4(completed, "x", metric.Ratio, .99, .98, .99, .98), number4(confirmed, "x", metric.Mean, 3, 3.1, 3, 3.1)},
			[]map[metric.Ref][]float64{number4(completed, "x", metric.Ratio, .33, .34, .33, .34), number4(confirmed, "x", metric.Mean, 1, 1.1, 1, 1.1)},
			"broker completes 65% of all operations less, [63, 67]; the time until all is done is not compared: it is of different operations, as 33.5% of all are completed, against 98.5%"},
		{"equal each time", []map[metric.Ref][]float64{all, number4(confirmed, "x", metric.Mean, .05, .05, .05, .05), number4(held, "s", metric.Plain, 400, 400, 400, 400)},
			[]map[metric.Ref][]float64{all, number4(confirmed, "x", metric.Mean, .02, .02, .02, .02), number4(held, "s", metric.Plain, 76, 76, 76, 76)},
			"broker has its operations done 30ms sooner, every time; holds its workers for 5m24s less, every time; there is no difference beyond chance in what is completed"},
		{"minutes with an interval", []map[metric.Ref][]float64{number4(held, "s", metric.Plain, 400, 401, 400, 401)}, []map[metric.Ref][]float64{number4(held, "s", metric.Plain, 76, 76, 77, 77)},
			"broker holds its workers for 324.0s less, [322.7, 325.3]"},
		// Users who wait for their answers come more often where these are quick.
		{"closed", []map[metric.Ref][]float64{all, number4(through, "x", metric.Plain, 10, 11, 10, 11)}, []map[metric.Ref][]float64{all, number4(through, "x", metric.Plain, 20, 21, 21, 20)},
			"broker completes 10.0/s more, [8.7, 11.3]; there is no difference beyond chance in what is completed"},
		{"money", []map[metric.Ref][]float64{number4(cost, "", metric.Plain, 1.2, 1.3, 1.2, 1.3)}, []map[metric.Ref][]float64{number4(cost, "", metric.Plain, 1, 1, 1, 1)},
			"broker costs 0.25 EUR less, [0.16, 0.34]"},
		// 3 ± 2.96: the lower end is not 0.
		{"just above nothing", []map[metric.Ref][]float64{number4(held, "s", metric.Plain, 0, 0, 0, 0)}, []map[metric.Ref][]float64{number4(held, "s", metric.Plain, 0.72, 3, 5.28, 3)},
			"broker holds its workers for 3.00s more, [0.04, 5.96]"},
	} {
		r := pairOf(t, c.base, c.of)
		r.Pairs[0].Currency = "EUR"
		if got := Verdict(&r.Pairs[0]); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// With a few replications far from the rest, the mean's interval has 0 in it and that of
// the median has not: the row says so.
func TestDisputedMedian(t *testing.T) {
	held := metric.Service.Metric(metric.ServiceHeld)
	base, of := make([]float64, 12), make([]float64, 12)
	for i := range base {
		base[i], of[i] = 10, 11
	}
	of[3] = -60 // one replication in which all was lost
	ref := metric.Ref{Metric: held, Element: "s"}
	c := pairOf(t, []map[metric.Ref][]float64{{ref: base}}, []map[metric.Ref][]float64{{ref: of}})
	d := &c.Pairs[0].Differences[0]
	if !d.Noise() || !d.Disputed() {
		t.Fatalf("%+v", d)
	}
	if got := (&Comparison{Comparison: c}).cells(d)[3]; got != "median +1s [1s, 1s]" {
		t.Errorf("the row says %q", got)
	}
	of[3] = 11.5
	c = pairOf(t, []map[metric.Ref][]float64{{ref: base}}, []map[metric.Ref][]float64{{ref: of}})
	if d := &c.Pairs[0].Differences[0]; d.Disputed() {
		t.Errorf("both say there is a difference: %+v", d)
	}
}

// Findings stand side by side: those that only some designs have first, each with the
// replications in which it was found.
func TestComparisonFindings(t *testing.T) {
	c := shopPair(t)
	crash := finding.Finding{Kind: finding.Fault, Element: "fault.crash-pay"}
	starved := finding.Finding{Kind: finding.Starved, Element: "service.shop", In: 3, Of: 4}
	c.Designs[0].Findings = []finding.Finding{crash, starved}
	c.Designs[1].Findings = []finding.Finding{crash}
	for format, want := range map[string]string{
		"text": `
what happened, and in how many replications    chain   broker
  starved service.shop                        3 of 4        -
`,
		"markdown": `
## What happened

| in how many replications | chain | broker | |
|---|---:|---:|---|
| starved service.shop | 3 of 4 | - |`,
	} {
		var b strings.Builder
		if err := (&Comparison{Comparison: c}).Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s has not\n%s\nbut\n%s", format, want, b.String())
		}
		if strings.Index(b.String(), "fault fault.crash-pay") < strings.Index(b.String(), "starved service.shop") {
			t.Errorf("%s: what both have comes first", format)
		}
	}
}
