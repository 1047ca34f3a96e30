package study

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"asynclab/sim/draw"
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

// spending is an evaluation that may take so many runs.
func spending(runs int, eval func(context.Context, []float64, int) ([]probe, error)) func(context.Context, []float64, int) ([]probe, error) {
	return func(ctx context.Context, xs []float64, reps int) ([]probe, error) {
		if runs -= len(xs) * reps; runs < 0 {
			return nil, errSpent
		}
		return eval(ctx, xs, reps)
	}
}

// A search that may take few runs gives a wider interval, which contains the true value
// all the same, in 95 % of the cases; without a single one it says so.
func TestFlipBudget(t *testing.T) {
	truth, line := 60., func(x float64) float64 { return 60 - x }
	for _, budget := range []int{25, 60, 150} {
		const trials = 300
		hit, spent, width := 0, 0, 0.0
		for trial := range trials {
			asked := 0
			f := &flipper{outer: grid(5, 99, 12), precision: 0.001, least: 5, most: 40}
			f.eval = spending(budget, noisy(uint64(trial), 3, 0, line, &asked))
			got, err := f.search(context.Background(), f.outer[6], f.outer[7])
			if err != nil || asked > budget {
				t.Fatalf("%d runs of %d: %v", asked, budget, err)
			}
			if got.Low <= truth && truth <= got.High {
				hit++
			}
			if got.Spent {
				spent++
			}
			width += got.High - got.Low
		}
		if share := float64(hit) / trials; share < 0.91 || spent < trials*9/10 {
			t.Errorf("with %d runs %.1f%% of the intervals contain the true value, %d of %d are spent", budget, 100*share, spent, trials)
		}
		t.Logf("%d runs: %.1f%% covered, mean width %.2f", budget, 100*float64(hit)/trials, width/trials)
	}
	asked := 0
	f := &flipper{eval: spending(9, noisy(1, 3, 0, line, &asked)), outer: grid(5, 99, 12), precision: 0.01, least: 5, most: 40}
	if got, err := f.search(context.Background(), 50, 65); !errors.Is(err, errSpent) {
		t.Errorf("%+v, %v", got, err)
	}
}

// Values are written with the digits that the width of their interval has a use for.
func TestRoundings(t *testing.T) {
	rate, pause := &Axis{Unit: draw.PerSecond}, &Axis{Unit: draw.Seconds}
	for _, c := range []struct {
		a             *Axis
		at, low, high float64
		want          string
	}{
		{rate, 3141.59, 3090.2, 3199.8, "3140/s [3090/s, 3200/s]"},
		{rate, 66.6666666667, 60, 80, "67/s [60/s, 80/s]"},
		{rate, 26.5812345, 26.58041, 26.59019, "26.581/s [26.58/s, 26.591/s]"},
		{rate, 12345.6, 12000, 16000, "12,000/s [12,000/s, 16,000/s]"},
		{pause, 0.01234567, 0.0121, 0.0129, "12.3ms [12.1ms, 12.9ms]"},
		{rate, 50, 50, 50, "50/s [50/s, 50/s]"},
		{&Axis{Integer: true}, 64, 60, 70, "64 [60, 70]"},
	} {
		if got := c.a.flip(Flip{At: c.at, Low: c.low, High: c.high}).String(); got != c.want {
			t.Errorf("%v in [%v, %v] is %s, want %s", c.at, c.low, c.high, got, c.want)
		}
	}
}

// A knee that can be anywhere is not located.
func TestKneeOverTheWholeRange(t *testing.T) {
	curve := func(values ...[]float64) *Curve {
		c := &Curve{Design: "d"}
		for i, v := range values {
			c.X, c.Values, c.Error = append(c.X, float64(i)), append(c.Values, v), append(c.Error, 0)
		}
		return c
	}
	one := []float64{1, 1, 1}
	latency := curve(one, one, one, one, one)
	sharp := curve([]float64{1, 1, 1}, []float64{3, 3, 3}, []float64{5, 5.1, 5}, []float64{3, 3, 3}, []float64{1, 1, 1})
	if k, ok := knee(sharp, latency); !ok || !k.Found || k.At != 2 || k.Low != 1 || k.High != 3 {
		t.Errorf("%+v", k)
	}
	flat := curve([]float64{1, 1, 1}, []float64{5, 4, 5}, []float64{5, 5.1, 4}, []float64{4, 5, 5}, []float64{1, 1, 1})
	if k, ok := knee(flat, latency); !ok || k.Found || !k.Unclear {
		t.Errorf("it can be at each of the inner values: %+v", k)
	}
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
		{sides(1, 1), "is met at every value"}, {sides(-1, -1), "is missed at every value"}, {sides(0, 0), "is inconclusive at every value"},
		{[]probe{{side: 1}, {side: 0, room: measure.Estimate{Mean: 1}}}, "is met at 1 of 2 values, inconclusive at the others"}, {sides(0, -1), "is missed at 1 of 2 values, inconclusive at the others"},
	} {
		if got := throughout(c.probes).String(); got != c.want || len(flips(c.probes)) > 0 {
			t.Errorf("%v: %q", c.probes, got)
		}
	}
}
