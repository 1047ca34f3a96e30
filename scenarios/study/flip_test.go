package study

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"asynclab/sim/measure"
)

// noisy makes the eval of an expectation whose room in replication r is f(x) plus noise
// that depends on r alone, and a little that depends on x too.
func noisy(seed uint64, spread, own float64, f func(x float64) float64, asked *int) func(context.Context, []float64, int) ([]probe, error) {
	common := rand.New(rand.NewPCG(seed, 1))
	noise := make([]float64, 1000)
	for i := range noise {
		noise[i] = spread * common.NormFloat64()
	}
	return func(_ context.Context, xs []float64, reps int) (out []probe, _ error) {
		for _, x := range xs {
			values := make([]float64, reps)
			for r := range values {
				local := rand.New(rand.NewPCG(seed, math.Float64bits(x)^uint64(r)<<17))
				values[r] = f(x) + noise[r] + own*local.NormFloat64()
			}
			*asked += reps
			out = append(out, probeOf(x, values))
		}
		return out, nil
	}
}

func probeOf(x float64, values []float64) probe {
	p := probe{x: x, room: measure.Summarize(values)}
	switch inf := math.Inf(-1); {
	case math.IsInf(values[0], 0):
		return probe{x, -1, measure.Estimate{Mean: inf, Low: inf, High: inf}}
	case p.room.Low > 0:
		p.side = 1
	case p.room.High < 0:
		p.side = -1
	}
	return p
}

func grid(from, to float64, n int) (out []float64) {
	for i := range n {
		out = append(out, from+(to-from)*float64(i)/float64(n-1))
	}
	return out
}

// The interval of the flip contains the true value in 95 % of the cases, whatever the
// shape, and the search is cheap.
func TestFlipCoverage(t *testing.T) {
	for _, c := range []struct {
		name        string
		f           func(x float64) float64
		truth       float64
		spread, own float64
		log         bool
		below       bool
	}{
		{"falling line", func(x float64) float64 { return 60 - x }, 60, 3, 0, false, true},
		{"rising line", func(x float64) float64 { return x - 60 }, 60, 3, 0, false, false},
		{"latency of a queue", func(x float64) float64 { return 0.1 - 1/(100-x) }, 90, 0.004, 0.0005, false, true},
		{"ratios", func(x float64) float64 { return math.Log(20 / x) }, 20, 0.1, 0.01, true, true},
	} {
		const trials = 600
		hit, asked, wrongWay := 0, 0, 0
		for trial := range trials {
			f := &flipper{eval: noisy(uint64(trial), c.spread, c.own, c.f, &asked), outer: grid(5, 99, 12), log: c.log, precision: 0.02, least: 5, most: 40}
			var probes []probe
			for _, x := range f.outer {
				p, _ := f.eval(context.Background(), []float64{x}, 5)
				probes = append(probes, p[0])
			}
			asked -= 12 * 5 // the curve is there anyway
			found := flips(probes)
			if len(found) == 0 {
				t.Fatalf("%s: no flip on the curve", c.name)
			}
			got, err := f.search(context.Background(), found[0][0], found[0][1])
			if err != nil {
				t.Fatal(err)
			}
			if got.Low <= c.truth && c.truth <= got.High {
				hit++
			}
			if got.Below != c.below {
				wrongWay++
			}
			if !(got.Low <= got.At && got.At <= got.High) {
				t.Errorf("%s: %+v", c.name, got)
			}
		}
		// Binomial, p = 0.95, n = 600: one standard error is 0.9 %.
		if share := float64(hit) / trials; share < 0.92 || share > 0.99 {
			t.Errorf("%s: %.1f%% of the intervals contain the true value", c.name, 100*share)
		}
		if wrongWay > 0 || asked/trials > 800 {
			t.Errorf("%s: the wrong way %d times, %d runs each", c.name, wrongWay, asked/trials)
		}
		t.Logf("%-20s %.1f%% covered, %d runs each", c.name, 100*float64(hit)/trials, asked/trials)
	}
}

func TestFlipExact(t *testing.T) {
	asked := 0
	search := func(f *flipper, a, b float64) Flip {
		t.Helper()
		got, err := f.search(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	// Without noise the value is found to within a fiftieth of the precision.
	f := &flipper{eval: noisy(1, 0, 0, func(x float64) float64 { return 1/math.Sqrt(x) - 0.125 }, &asked), outer: grid(1, 101, 11), precision: 0.01, least: 2, most: 40}
	if got := search(f, 61, 71); math.Abs(got.At-64) > 0.02 || got.Low > 64 || got.High < 64 || got.High-got.Low > 0.05 || !got.Below || got.Replications != 2 || !got.Reached {
		t.Errorf("%+v", got)
	}
	// The largest, or smallest, count.
	f.integer, f.outer = true, grid(1, 101, 11)
	f.eval = noisy(1, 0, 0, func(x float64) float64 { return 64.5 - x }, &asked)
	if got := search(f, 61, 71); got.At != 64 || got.Low != 64 || got.High != 64 || !got.Reached {
		t.Errorf("the largest count: %+v", got)
	}
	f.eval = noisy(1, 0, 0, func(x float64) float64 { return x - 64.5 }, &asked)
	if got := search(f, 61, 71); got.At != 65 || got.Low != 65 || got.High != 65 || !got.Reached {
		t.Errorf("the smallest count: %+v", got)
	}
	// What cannot be told apart inside the range is said to be open.
	f = &flipper{eval: noisy(3, 100, 0, func(x float64) float64 { return 50 - x }, &asked), outer: grid(0, 100, 11), precision: 0.01, least: 5, most: 10}
	if got := search(f, 40, 60); !(got.OpenLow || got.OpenHigh) || got.Reached || got.Replications != 10 {
		t.Errorf("open: %+v", got)
	}
	// A step: the side is clear everywhere but at the step.
	f = &flipper{eval: noisy(4, 0, 0, func(x float64) float64 {
		if x < 33.3 {
			return math.Inf(-1)
		}
		return 1
	}, &asked), outer: grid(0, 100, 11), precision: 0.01, least: 2, most: 10}
	if got := search(f, 30, 40); got.Low > 33.3 || got.High < 33.3 || got.High-got.Low > 0.4 || got.Below {
		t.Errorf("a step: %+v", got)
	}
}

func TestFlipsOfACurve(t *testing.T) {
	sides := func(all ...int) (out []probe) {
		for i, s := range all {
			out = append(out, probe{x: float64(i), side: s})
		}
		return out
	}
	if got := flips(sides(1, 1, 0, -1, -1, 0, 1)); len(got) != 2 || got[0] != [2]float64{1, 3} || got[1] != [2]float64{4, 6} {
		t.Errorf("%v", got)
	}
	// Where no other side is clear, the means say where to look.
	means := []probe{{x: 1, side: 1}, {x: 2, room: measure.Estimate{Mean: 1}}, {x: 3, room: measure.Estimate{Mean: -1}}}
	if got := flips(means); len(got) != 1 || got[0] != [2]float64{2, 3} {
		t.Errorf("%v", got)
	}
	for _, c := range []struct {
		probes []probe
		want   string
	}{
		{sides(1, 1), "met at every value"}, {sides(-1, -1), "missed at every value"}, {sides(0, 0), "inconclusive at every value"},
		{[]probe{{side: 1}, {side: 0, room: measure.Estimate{Mean: 1}}}, "met at 1 of 2 values, inconclusive at the others"}, {sides(0, -1), "missed at 1 of 2 values, inconclusive at the others"},
	} {
		if got := throughout(c.probes); got != c.want || len(flips(c.probes)) > 0 {
			t.Errorf("%v: %q", c.probes, got)
		}
	}
}
