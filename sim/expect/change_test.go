package expect

import (
	"math"
	"strings"
	"testing"

	"asynclab/sim/draw"
)

// By hand. Paired: the differences 1, 2, 3 have mean 2 and t(2)·1/√3 = 2.4841. Welch: the
// means 12 and 20 of 10, 12, 14 and 18, 20, 22, 20 have variances 4/3 and (8/3)/4 = 2/3;
// degrees of freedom 2²/((4/3)²/2 + (2/3)²/3) = 3.857, so 3; t(3)·√2 = 4.5006.
func TestChange(t *testing.T) {
	nan := math.NaN()
	seq := func(v ...float64) []float64 { return v }
	for _, c := range []struct {
		name      string
		change    Change
		want      string // verdict
		mean, low float64
		detail    string
	}{
		{"paired, worse", Change{Now: seq(101, 202, 303), Base: seq(100, 200, 300), Paired: true}, "inconclusive", 2, 2 - 2.4841377, "(paired) straddles the bound"},
		{"paired, worse within the tolerance", Change{Now: seq(101, 202, 303), Base: seq(100, 200, 300), Paired: true, Tolerance: .03}, "pass", 2 - 6, -4 - 2.4841377, "(paired)"},
		{"paired, clearly worse", Change{Now: seq(106, 207, 308), Base: seq(100, 200, 300), Paired: true, Tolerance: .02}, "not met", 3, 3 - 2.4841377, "(paired)"},
		{"paired, more is better", Change{Now: seq(106, 207, 308), Base: seq(100, 200, 300), Paired: true, Higher: true}, "pass", 7, 7 - 2.4841377, ""},
		{"paired, less of what is good", Change{Now: seq(94, 193, 292), Base: seq(100, 200, 300), Paired: true, Higher: true, Tolerance: .02}, "not met", -3, -3 - 2.4841377, ""},
		{"the errors of histograms widen it", Change{Now: seq(106, 207, 308), Base: seq(100, 200, 300), Paired: true, Tolerance: .02, Off: 1}, "inconclusive", 3, 3 - 3.4841377, ""},
		{"equal, whatever the errors", Change{Now: seq(1, 2, 3), Base: seq(1, 2, 3), Paired: true, Off: 1}, "pass", 0, 0, ""},
		{"Welch, worse", Change{Now: seq(18, 20, 22, 20), Base: seq(10, 12, 14)}, "not met", 8, 8 - 4.5006584, "(Welch)"},
		{"Welch, within the tolerance", Change{Now: seq(18, 20, 22, 20), Base: seq(10, 12, 14), Tolerance: 2}, "pass", -16, -16 - 4.5006584, ""},
		{"Welch, better or not", Change{Now: seq(18, 20, 22, 20), Base: seq(10, 12, 14), Tolerance: .5}, "inconclusive", 2, 2 - 4.5006584, ""},
		{"none, then some each time", Change{Now: seq(3, 3), Base: seq(0, 0), Paired: true}, "not met", 3, 3, ""},
		{"one replication, equal", Change{Now: seq(5), Base: seq(5), Paired: true}, "pass", 0, nan, "5 against 5"},
		{"one replication, better", Change{Now: seq(4), Base: seq(5), Paired: true}, "inconclusive", -1, nan, "one replication has no interval"},
		{"one replication against two", Change{Now: seq(4), Base: seq(5, 5)}, "inconclusive", -1, nan, "one replication has no interval"},
		{"no samples any more", Change{Now: seq(nan, 4), Base: seq(5, 5), Paired: true}, "not met", nan, nan, "no samples in 1 of 2 replications; in the baseline in 0 of 2"},
		{"never any samples", Change{Now: seq(nan), Base: seq(nan), Paired: true}, "pass", nan, nan, "no samples, as in the baseline"},
		{"no samples before", Change{Now: seq(4), Base: seq(nan), Paired: true}, "inconclusive", nan, nan, "the baseline has no samples"},
	} {
		c.change.Unit = draw.None
		o := c.change.Judge()
		got := map[bool]string{true: "pass"}[o.Pass]
		switch {
		case o.Inconclusive:
			got += "inconclusive"
		case !o.Pass:
			got = "not met"
		}
		near := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-6 }
		if got != c.want || !near(o.Margin.Mean, c.mean) || !near(o.Margin.Low, c.low) || !strings.Contains(o.Detail, c.detail) {
			t.Errorf("%s: %s %+v %q, want %s with mean %g and low %g and %q", c.name, got, o.Margin, o.Detail, c.want, c.mean, c.low, c.detail)
		}
	}
}
