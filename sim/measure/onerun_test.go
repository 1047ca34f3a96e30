package measure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// With 20 values the interval of the median is from the 6th to the 15th: the sum of
// the binomial probabilities of 6 … 14 is 0.9586 (tables of Conover 1999).
func TestMedian(t *testing.T) {
	var values []float64
	for i := range 20 {
		values = append(values, float64((i*7)%20+1)) // 1 … 20 in another order
	}
	if got, want := MedianOf(values), (Median{10.5, 6, 15, 20}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := MedianOf([]float64{1, math.NaN(), 2, 3, 4, 5}); got.Value != 3 || got.N != 5 || !math.IsNaN(got.Low) || !math.IsNaN(got.High) {
		t.Errorf("five values have an interval: %+v", got)
	}
	if got, want := MedianOf([]float64{6, 5, 4, 3, 2, 1}), (Median{3.5, 1, 6, 6}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// The interval of the median covers it whatever the distribution: here one with no
// mean (Cauchy) and one that is skewed.
func TestMedianCoverage(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 4))
	for name, c := range map[string]struct {
		draw   func() float64
		median float64
	}{
		"Cauchy":    {func() float64 { return math.Tan(math.Pi * (g.Float64() - 0.5)) }, 0},
		"lognormal": {func() float64 { return math.Exp(2 * g.NormFloat64()) }, 1},
	} {
		hit := 0
		for range 4000 {
			var v [20]float64
			for i := range v {
				v[i] = c.draw()
			}
			if m := MedianOf(v[:]); m.Low <= c.median && c.median <= m.High {
				hit++
			}
		}
		if hit < 3780 || hit > 3890 { // 0.9586 of 4000 = 3834, ± 4.4 standard deviations
			t.Errorf("%s: %d of 4000 intervals cover the median", name, hit)
		}
	}
}

// By hand: four batches at 10, the others at 2. Cutting four leaves no variance.
func TestWarmup(t *testing.T) {
	s := Series{Start: 0, Width: 2, Values: make([]float64, 120)}
	for i := range s.Values {
		s.Values[i] = 2
		if i < 4*mserBatch {
			s.Values[i] = 10
		}
	}
	if end, ok := Warmup(s); end != 40 || !ok {
		t.Errorf("advises %v, %v; want 40 s", end, ok)
	}
	if advised, short := ShortWarmup(s, 10); !short || advised != 40 {
		t.Errorf("after 10 s: %v, %v", advised, short)
	}
	if _, short := ShortWarmup(s, 40); short {
		t.Error("a warm-up of 40 s is long enough")
	}
	for i := range s.Values { // steps up to the very end: nothing to cut
		s.Values[i] = float64(i)
	}
	if end, ok := Warmup(s); ok {
		t.Errorf("advises %v for a series that has no steady state", end)
	}
	s.Values[7] = math.NaN()
	if _, ok := Warmup(s); ok {
		t.Error("advises with a point without data")
	}
}

// An M/M/1 queue that begins with a backlog needs a warm-up until it is gone; one that
// begins empty, with the warm-up that it had, does not.
func TestShortWarmup(t *testing.T) {
	const runs = 200
	warned := func(backlog float64) (n int) {
		for seed := range uint64(runs) {
			s := queue(seed, 80, 100, 240, 1e6)
			for i := range s.Values {
				s.Values[i] += max(0, backlog*(1-float64(i)/80)) // gone after 80 s
			}
			if _, short := ShortWarmup(s, 20); short {
				n++
			}
		}
		return n
	}
	if n := warned(0); n > 4 {
		t.Errorf("%d of %d healthy runs are warned about", n, runs)
	}
	if n := warned(100); n < runs*80/100 {
		t.Errorf("%d of %d runs with a backlog of 80 s are warned about", n, runs)
	}
}

// Batch means of a series of known correlation. Independent values: the interval
// covers the mean in 95 % of those that are shown. A first-order autoregression with
// coefficient 0.9 over 240 points: the batches stay correlated, and the check finds it.
func TestOneRunInterval(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 6))
	series := func(phi float64) Series {
		s := Series{Width: 1, Values: make([]float64, 216)}
		x := g.NormFloat64()
		for i := range s.Values {
			x = float64(phi*x) + float64(math.Sqrt(1-phi*phi)*g.NormFloat64())
			s.Values[i] = 5 + x
		}
		return s
	}
	count := func(phi float64) (shown, hit int) {
		for range 2000 {
			b, ok := BatchMeans(series(phi))
			if ok {
				shown++
				if b.N < batchFewest || b.N > batchMost {
					t.Fatalf("%d batches", b.N)
				}
				if b.Low <= 5 && 5 <= b.High {
					hit++
				}
			}
		}
		return shown, hit
	}
	shown, hit := count(0)
	if shown < 1850 || shown > 1945 { // the check is at the 5 % level
		t.Errorf("independent: %d of 2000 shown", shown)
	}
	if share := float64(hit) / float64(shown); share < 0.93 || share > 0.97 {
		t.Errorf("independent: %.3f of the intervals cover the mean", share)
	}
	if shown, _ := count(0.97); shown > 700 {
		t.Errorf("strongly correlated: %d of 2000 shown", shown)
	}
	if _, ok := BatchMeans(Series{Width: 1, Values: make([]float64, 100)}); ok {
		t.Error("a series that does not move has no interval")
	}
}

// The rule of SEMANTICS: 2 % of the value, 0.1 percentage points of a ratio.
func TestPrecision(t *testing.T) {
	p := Precision{0.02}
	for _, c := range []struct {
		mean, half float64
		n          int
		ratio, ok  bool
	}{
		{100, 1.99, 5, false, true}, {100, 2.01, 5, false, false}, {-100, 1.99, 5, false, true},
		{0.5, 0.00099, 5, true, true}, {0.5, 0.00101, 5, true, false}, {0, 0, 5, false, true}, {0, 0.1, 5, false, false},
		{math.NaN(), math.NaN(), 0, false, true}, {3, math.NaN(), 1, false, false},
	} {
		if ok, _ := p.Reached(Estimate{c.mean, c.mean - c.half, c.mean + c.half, c.n}, c.ratio); ok != c.ok {
			t.Errorf("%+v: %v", c, ok)
		}
	}
}
