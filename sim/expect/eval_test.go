package expect

import (
	"math"
	"strings"
	"testing"

	"asynclab/sim/draw"
)

// values gives metrics by name, one value per replication.
type values map[string][]float64

func (v values) lookup(design, metric string, w *Window, rep int) (float64, draw.Unit, bool) {
	name := metric
	if design != "" {
		name = design + "." + metric
	}
	if w != nil {
		name += " in " + w.String()
	}
	all, ok := v[name]
	if !ok {
		return 0, 0, false
	}
	u, _ := testUnit(design, metric)
	return all[rep%len(all)], u, true
}

func TestEvaluate(t *testing.T) {
	nan := math.NaN()
	v := values{
		"a.load.x.offered":               {100},
		"a.load.x.failed":                {0},
		"a.load.x.completed.ratio":       {0.995},
		"a.load.x.latency.p99":           {0.3},
		"a.load.x.latency.p99 in 2s..3s": {0.9},
		"b.load.x.latency.p99":           {0.1},
		"a.load.x.latency.p50":           {nan},
	}
	tests := []struct {
		text         string
		pass         bool
		value, bound float64
		detail       string // a part of it
	}{
		{"a: load.x.offered >= 100", true, 100, 100, ""},
		{"a: load.x.offered > 100", false, 100, 100, ""},
		{"a: load.x.offered <= 100", true, 100, 100, ""},
		{"a: load.x.offered < 100", false, 100, 100, ""},
		{"a: load.x.offered == 100", true, 100, 100, ""},
		{"a: load.x.offered = 100", true, 100, 100, ""},
		{"a: load.x.offered != 100", false, 100, 100, ""},
		{"a: load.x.offered != 99", true, 100, 99, ""},
		{"a: load.x.completed.ratio >= 99.9%", false, 0.995, 0.999, ""},
		{"a: load.x.completed.ratio >= 99%", true, 0.995, 0.99, ""},
		{"a: load.x.latency.p99 > 2 * b.load.x.latency.p99", true, 0.3, 0.2, ""},
		{"a: load.x.latency.p99 == 3 * b.load.x.latency.p99", true, 0.3, 0.3, ""}, // 3·0.1 is not 0.3 in binary
		{"a: load.x.latency.p99 < 300ms", false, 0.3, 0.3, ""},
		{"a: load.x.latency.p99 > 800ms in 2s..3s", true, 0.9, 0.8, ""},
		{"a: load.x.latency.p99 in 2s..3s > load.x.latency.p99", true, 0.9, 0.3, ""},
		{"a: load.x.offered within 2% of 99", true, 100, 99, ""},
		{"a: load.x.offered within 2% of 97", false, 100, 97, ""},
		{"a: load.x.offered within 3 of 97", true, 100, 97, ""},
		{"a: load.x.offered within 3 of 104", false, 100, 104, ""},
		{"a: load.x.offered between 90 and 100", true, 100, 100, ""},
		{"a: load.x.offered between 101 and 110", false, 100, 101, ""},
		{"a: min(load.x.offered, 7, 9) + max(1, 2) - abs(-4) == 5", true, 5, 5, ""},
		{"a: 2 + 3 * 4 - 6 / 2 == load.x.offered - 89", true, 11, 11, ""},
		{"a: 10 - 4 - 3 == load.x.failed + 3", true, 3, 3, ""},
		{"a: load.x.latency.p50 < 1s", false, nan, 1, "no samples for a.load.x.latency.p50"},
		{"a: load.x.latency.p50 == 0", false, nan, 0, "no samples"},
		{"a: load.x.offered / load.x.failed > 1", false, nan, 1, "division by zero"},
		{"a: load.x.nosuch > 1", false, nan, nan, "there is no metric a.load.x.nosuch"},
		{"a: load.x.offered > 1 in 1s..2s", false, nan, nan, "there is no metric a.load.x.offered in 1s..2s"},
	}
	for _, test := range tests {
		e, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		got := e.Evaluate(1, v.lookup, nil)
		if got.Pass != test.pass || got.Inconclusive || !near(got.Value, test.value) || !near(got.Bound, test.bound) {
			t.Errorf("%s: %+v", test.text, got)
		}
		if !strings.Contains(got.Detail, test.detail) {
			t.Errorf("%s: detail %q", test.text, got.Detail)
		}
	}
}

func near(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9
}

func TestReplications(t *testing.T) {
	nan := math.NaN()
	v := values{
		"load.x.sure":     {10, 11, 10, 11, 10},
		"load.x.noise":    {5, 15, 2, 18, 10},
		"load.x.same":     {10, 10, 10, 10, 10},
		"load.x.above":    {11, 12, 11, 12, 11}, // always one more than sure
		"load.x.hole":     {10, nan, 10, 10, 10},
		"load.x.wild":     {100, 900, 300, 500, 200},
		"load.x.followed": {101, 901, 301, 501, 201},
	}
	const pass, fail, unsure = "pass", "fail", "inconclusive"
	tests := []struct{ text, want string }{
		{"load.x.sure > 9", pass},
		{"load.x.sure > 12", fail},
		{"load.x.noise > 9", unsure},
		{"load.x.noise < 9", unsure},
		{"load.x.noise > -100", pass},
		{"load.x.same >= 10", pass},
		{"load.x.same > 10", fail},
		{"load.x.same == 10", pass},
		{"load.x.same != 10", fail},
		{"load.x.sure == 10", unsure}, // some are equal, some are not
		{"load.x.sure != 10", unsure},
		{"load.x.above == load.x.sure", fail},
		{"load.x.above == load.x.sure + 1", pass},
		{"load.x.followed > load.x.wild", pass}, // paired: the noise cancels
		{"load.x.hole > 9", fail},
		{"load.x.sure within 20% of 10", pass},
		{"load.x.sure within 1% of 10.4", unsure},
		{"load.x.sure within 1% of 20", fail},
		{"load.x.sure between 9 and 12", pass},
		{"load.x.sure between 10.5 and 12", unsure},
		{"load.x.sure between 9 and 10.5", unsure},
		{"load.x.sure between 20 and 22", fail},
	}
	for _, test := range tests {
		e, err := Parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		o := e.Evaluate(5, v.lookup, nil)
		got := fail
		switch {
		case o.Pass && o.Inconclusive:
			t.Errorf("%s: both pass and inconclusive", test.text)
		case o.Pass:
			got = pass
		case o.Inconclusive:
			got = unsure
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s: %+v", test.text, got, test.want, o)
		}
	}
	e, _ := Parse("load.x.hole > 9")
	if o := e.Evaluate(5, v.lookup, nil); !strings.Contains(o.Detail, "in 1 of 5 replications") {
		t.Errorf("detail of a hole: %q", o.Detail)
	}
	e, _ = Parse("load.x.sure < 100")
	if o := e.Evaluate(5, v.lookup, nil); !near(o.Margin.Mean, 10.4-100) || o.Margin.Low > o.Margin.High {
		t.Errorf("margin of <: %+v", o.Margin)
	}
}

func TestValue(t *testing.T) {
	v := values{"a.load.x.offered": {20}, "a.load.x.latency.p50": {0.1}, "a.param.link.x.latency": {0.005}, "b.param.link.x.latency": {0.01}}
	for _, c := range []struct {
		text string
		want float64
		err  string
	}{
		{"a: load.x.offered", 20, ""},
		{"a: 2 * param.link.x.latency", 0.01, ""},
		{"a: param.link.x.latency + b.param.link.x.latency", 0.015, ""},
		{"0.5 * 0.5", 0.25, ""},
		{"800/min-35/min", 12.75, ""},
		{"6/(800/min-35.5/min)", 6 / (764.5 / 60), ""},
		{"1/s-0.5/s", 0.5, ""},
		{"a: load.x.offered > 3", 0, "expected the end of the line"},
		{"a: load.x.offered + load.x.offered in 1m..2m", 0, ""},
		{"two", 0, "is not a metric"},
		{"", 0, "is missing"},
	} {
		e, err := ParseValue(c.text, "param")
		if err != nil || c.err != "" {
			if err == nil || c.err == "" || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v, want %q", c.text, err, c.err)
			}
			continue
		}
		if refs := e.Metrics(); strings.Contains(c.text, " in ") {
			if len(refs) != 2 || refs[0].Window == nil || refs[1].Window == nil {
				t.Errorf("%q: the window is not that of the line: %+v", c.text, refs)
			}
		} else if got := e.Evaluate(1, v.lookup, nil); !near(got.Value, c.want) || !got.Pass {
			t.Errorf("%q: %+v, want %v", c.text, got, c.want)
		}
	}
	if _, err := Parse("a.param.link.x.latency > 1"); err == nil {
		t.Error("a name that is not of a metric is one")
	}
}

// A histogram's error is part of the interval: values that are all equal, because they
// are in one bin, do not decide by themselves.
func TestUncertainty(t *testing.T) {
	v := values{"load.x.confirmed.latency.p95": {8.62, 8.62, 8.62}, "load.x.offered": {100, 100, 100}}
	off := func(_, metric string, _ *Window) float64 {
		if metric == "load.x.confirmed.latency.p95" {
			return 0.034
		}
		return 0
	}
	for _, c := range []struct {
		text               string
		pass, inconclusive bool
	}{
		{"load.x.confirmed.latency.p95 <= 8.605s", false, true},
		{"load.x.confirmed.latency.p95 >= 8.605s", false, true},
		{"load.x.confirmed.latency.p95 <= 8.7s", true, false},
		{"load.x.confirmed.latency.p95 <= 8.5s", false, false},
		{"load.x.confirmed.latency.p95 * 2 <= 17.3s", false, true},
		{"load.x.confirmed.latency.p95 * 2 <= 17.31s", true, false},
		{"8.63s >= load.x.confirmed.latency.p95", false, true},
		{"load.x.confirmed.latency.p95 within 1% of 8.6s", true, false},
		{"load.x.confirmed.latency.p95 within 0.5% of 8.6s", false, true},
		{"load.x.offered >= 100", true, false},
	} {
		e, err := Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got := e.Evaluate(3, v.lookup, off)
		if got.Pass != c.pass || got.Inconclusive != c.inconclusive {
			t.Errorf("%s: pass %v, inconclusive %v: %s", c.text, got.Pass, got.Inconclusive, got.Detail)
		}
		if one := e.Evaluate(1, v.lookup, off); one.Inconclusive {
			t.Errorf("%s: a single run is inconclusive", c.text)
		}
	}
}
