package measure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Bins tile the values from 0 to 2⁶³ without gaps, exact below 256 and with the
// promised error above.
func TestBins(t *testing.T) {
	next := uint64(0)
	for i := range uint(octaves * octaveBins) {
		lo, width := binRange(i)
		if lo != next {
			t.Fatalf("bin %d begins at %d, want %d", i, lo, next)
		}
		if binOf(lo) != i || binOf(lo+width-1) != i {
			t.Fatalf("bin %d holds neither %d nor %d", i, lo, lo+width-1)
		}
		if lo < 256 && width != 1 {
			t.Fatalf("bin %d is %d wide", i, width)
		}
		if err := float64(width-1) / 2; err > float64(lo)/256 {
			t.Fatalf("bin %d at %d: error %v", i, lo, err)
		}
		if c := i >> cellShift; lo >= 128 && math.Abs(cellMiddle(c)-float64(lo)) > float64(lo)/32 {
			t.Fatalf("cell %d stands for %v, holds %d", c, cellMiddle(c), lo)
		}
		next = lo + width
	}
	if next != 1<<63 {
		t.Errorf("the last bin ends at %d", next)
	}
}

func TestRank(t *testing.T) {
	for _, c := range []struct {
		q    float64
		n    uint64
		want uint64
	}{
		{0, 10, 1}, {1, 10, 10}, {0.5, 1, 1}, {0.5, 2, 1}, {0.5, 3, 2}, {0.07, 100, 7}, {0.29, 100, 29},
		{0.95, 20, 19}, {0.951, 20, 20}, {0.999, 1000, 999}, {0.999, 1001, 1000}, {-1, 10, 1}, {2, 10, 10},
		{math.NaN(), 10, 1}, {0.9999, 1_000_000_000, 999_900_000},
	} {
		if got := rank(c.q, c.n); got != c.want {
			t.Errorf("rank of %v in %d is %d, want %d", c.q, c.n, got, c.want)
		}
	}
}

// Large samples of every shape, heavy tails included, against sorting.
func TestQuantilesAgainstSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		scale := math.Exp2(rapid.Float64Range(2, 40).Draw(t, "scale"))
		shapes := map[string]func() float64{
			"constant":    func() float64 { return 1 },
			"uniform":     g.Float64,
			"exponential": g.ExpFloat64,
			"lognormal":   func() float64 { return math.Exp(2 * g.NormFloat64()) },
			"pareto":      func() float64 { return math.Pow(1-g.Float64(), -1/1.05) },
			"two peaks":   func() float64 { return 1 + 1000*float64(g.IntN(2)) + 0.01*g.NormFloat64() },
			"mostly zero": func() float64 { return max(0, g.NormFloat64()-1.5) },
		}
		names := []string{"constant", "uniform", "exponential", "lognormal", "pareto", "two peaks", "mostly zero"}
		draw := shapes[rapid.SampledFrom(names).Draw(t, "shape")]
		r := new(Recorder)
		h := r.AddHist(2) + 1
		r.Watch(Span{0, 500})
		r.Start(0, 1000, 10)
		sorted := make([]int64, rapid.IntRange(1, 20_000).Draw(t, "n"))
		for i := range sorted {
			sorted[i] = int64(min(scale*draw(), 1<<62))
			r.Observe(h, sorted[i])
		}
		r.Finish(500)
		slices.Sort(sorted)
		checkQuantiles(t, sorted, 1.0/256, 0, func(q float64) (float64, bool) { return r.HistQuantile(h, q) })
		for q := 1.0 / 64; q < 1; q += 1.0 / 64 {
			v, _ := r.HistQuantile(h, q)
			if is := seconds(sorted[rank(q, uint64(len(sorted)))-1]); math.Abs(v-is) > r.HistQuantileError(h, q)*(1+1e-9)+1e-15*v {
				t.Fatalf("quantile %v is %v ± %v, and %v in truth", q, v, r.HistQuantileError(h, q), is)
			}
		}
		checkQuantiles(t, sorted, WindowError, 0, func(q float64) (float64, bool) { return r.QuantileWindow(h, 0, 500, q) })
		checkQuantiles(t, sorted, 1.0/32, 8, func(q float64) (float64, bool) {
			v := r.HistSeries(h, Quantile(q)).Values[0]
			return v, !math.IsNaN(v)
		})
		last := -1.0
		for q := 0.0; q <= 1; q += 1.0 / 64 {
			v, _ := r.HistQuantile(h, q)
			if v < last || v < seconds(r.hists[h].min) || v > r.HistMax(h) {
				t.Fatalf("quantile %v is %v after %v, in %v..%v", q, v, last, seconds(r.hists[h].min), r.HistMax(h))
			}
			last = v
		}
	})
}

func TestDistribution(t *testing.T) {
	r := new(Recorder)
	h := r.AddHist(1)
	r.Start(0, 1000, 10)
	if len(r.Distribution(h)) != 0 {
		t.Error("an empty histogram has bins")
	}
	for _, v := range []int64{5, 5, 1000, -7} {
		r.Observe(h, v)
	}
	want := []Bin{{0, 1e-9, 1}, {5e-9, 6e-9, 2}, {1000e-9, 1004e-9, 1}}
	if got := r.Distribution(h); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The exact sum goes past 64 bits.
func TestHistSumWide(t *testing.T) {
	r := new(Recorder)
	h := r.AddHist(1)
	r.Start(0, 1000, 10)
	for range 1000 {
		r.Observe(h, 1<<62)
	}
	r.Finish(1000)
	if got, want := r.histSum(h).seconds(), 1000*float64(1<<62)/1e9; got != want {
		t.Errorf("sum %v, want %v", got, want)
	}
	if got, want := r.HistMean(h), float64(1<<62)/1e9; got != want {
		t.Errorf("mean %v, want %v", got, want)
	}
}
