package measure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

func TestStudentTAgainstGonum(t *testing.T) {
	for nu := 1; nu < 5000; nu += 1 + nu/100 {
		want := distuv.StudentsT{Sigma: 1, Nu: float64(nu)}.Quantile(0.975)
		if got := studentT(nu); math.Abs(got-want) > 2e-9 {
			t.Errorf("t(%d) = %v, gonum %v", nu, got, want)
		}
	}
}

func TestSummarize(t *testing.T) {
	nan := math.NaN()
	values := []float64{3, nan, 5, 4, 8, nan}
	got := Summarize(values)
	mean, dev := stat.MeanStdDev([]float64{3, 5, 4, 8}, nil)
	half := 3.182446305284 * dev / 2
	if got.N != 4 || got.Mean != mean ||
		math.Abs(got.Low-(mean-half)) > 1e-12 || math.Abs(got.High-(mean+half)) > 1e-12 {
		t.Errorf("got %+v, want %v ± %v", got, mean, half)
	}
	if e := Summarize([]float64{nan, 2}); e.N != 1 || e.Mean != 2 || !math.IsNaN(e.Low) || !math.IsNaN(e.High) {
		t.Errorf("one value: %+v", e)
	}
	if e := Summarize([]float64{nan}); e.N != 0 || !math.IsNaN(e.Mean) {
		t.Errorf("no value: %+v", e)
	}
	if e := Summarize([]float64{7, 7, 7}); e.Low != 7 || e.High != 7 {
		t.Errorf("equal values: %+v", e)
	}
}

func TestPaired(t *testing.T) {
	nan := math.NaN()
	got := Paired([]float64{10, 20, nan, 31}, []float64{9, 18, 5, 28})
	if want := Summarize([]float64{1, 2, 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// The interval covers the true mean in 95 % of experiments.
func TestCoverage(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	hit := 0
	for range 4000 {
		var v [6]float64
		for i := range v {
			v[i] = g.NormFloat64()
		}
		if e := Summarize(v[:]); e.Low <= 0 && 0 <= e.High {
			hit++
		}
	}
	if hit < 3740 || hit > 3860 { // 3800 ± 4.4 standard deviations
		t.Errorf("%d of 4000 intervals cover the mean", hit)
	}
}

func TestBatchMeans(t *testing.T) {
	values := present([]float64{99, 1, 3, math.NaN(), 5, 7, 6, 8})
	if got, want := batchMeans(values, 3), []float64{2, 6, 7}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := batchMeans(nil, 10); len(got) != 0 {
		t.Errorf("empty: %v", got)
	}
}

// queue simulates one server with exponential times and records its length.
func queue(seed uint64, lambda, mu float64, seconds int64, bound int64) Series {
	g := rand.New(rand.NewPCG(seed, 7))
	r := new(Recorder)
	l := r.AddLevel(1)
	end := seconds * 1e9
	r.Start(0, end, 240)
	exp := func(rate float64) int64 { return int64(g.ExpFloat64() / rate * 1e9) }
	arrival, departure := exp(lambda), int64(math.MaxInt64)
	for {
		now := min(arrival, departure)
		for r.NextSample() < min(now, end) {
			r.Sample(r.NextSample())
		}
		switch {
		case now >= end:
			r.Finish(end)
			return r.LevelSeries(l, StatMean)
		case departure == now:
			r.Level(l, now, -1)
			departure = math.MaxInt64
			if r.LevelValue(l) > 0 {
				departure = now + exp(mu)
			}
		default:
			if r.LevelValue(l) < bound {
				r.Level(l, now, 1)
			}
			if r.LevelValue(l) == 1 && departure == math.MaxInt64 {
				departure = now + exp(mu)
			}
			arrival = now + exp(lambda)
		}
	}
}

func TestTrend(t *testing.T) {
	const runs = 200
	for _, c := range []struct {
		name       string
		lambda, mu float64
		bound      int64
		low, high  int // of the runs are trending
	}{
		{"stable, rho 0.8", 80, 100, 1e6, 0, 4},
		{"stable, rho 0.5", 50, 100, 1e6, 0, 4},
		{"overloaded, rho 1.1", 110, 100, 1e6, runs, runs},
		{"overloaded, rho 2", 200, 100, 1e6, runs, runs},
		{"full at its bound", 200, 100, 50, 0, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for seed := range uint64(runs) {
				if Trend(queue(seed, c.lambda, c.mu, 120, c.bound).After(20)) > 0 {
					n++
				}
			}
			t.Logf("%d of %d runs trending", n, runs)
			if n < c.low || n > c.high {
				t.Errorf("%d of %d runs trending, want %d to %d", n, runs, c.low, c.high)
			}
		})
	}
}

func TestTrendShapes(t *testing.T) {
	shape := func(f func(x float64) float64) Series {
		s := Series{Width: 1}
		for i := range 200 {
			s.Values = append(s.Values, f(float64(i)/200))
		}
		return s
	}
	wobble := func(x float64) float64 { return math.Sin(x * 300) }
	for _, c := range []struct {
		name string
		f    func(x float64) float64
		want int
	}{
		{"constant", func(x float64) float64 { return 3 }, 0},
		{"zero", func(x float64) float64 { return 0 }, 0},
		{"no data", func(x float64) float64 { return math.NaN() }, 0},
		{"growing from the middle on", func(x float64) float64 { return 5 + wobble(x) + max(0, x-0.5)*1000 }, 1},
		{"growing from a fifth on", func(x float64) float64 { return 5 + wobble(x) + max(0, x-0.2)*1000 }, 1},
		{"draining", func(x float64) float64 { return 1000 - 900*x }, -1},
		{"draining at the end of a long growth", func(x float64) float64 { return min(x, 0.5)*1000 - max(0, x-0.5)*400 }, -1},
		{"growing again after a fault", func(x float64) float64 { return 1000*x - 200*max(0, min(x-0.4, 0.1)) }, 1},
		{"a fault that heals", func(x float64) float64 {
			if x > 0.3 && x < 0.5 {
				return 500
			}
			return 5 + wobble(x)
		}, 0},
		{"creeping utilization", func(x float64) float64 { return 0.8 + 0.01*x }, 0},
	} {
		if got := Trend(shape(c.f)); got != c.want {
			t.Errorf("%s: a trend of %d", c.name, got)
		}
	}
	if Trend(Series{Values: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}}) != 0 {
		t.Error("nine values say nothing")
	}
}

func TestSeriesAfter(t *testing.T) {
	s := Series{Start: 0, Width: 2, Values: []float64{1, 2, 3, 4}}
	got := s.After(3)
	if got.Start != 4 || len(got.Values) != 2 || got.Values[0] != 3 {
		t.Errorf("got %+v", got)
	}
	if got := s.After(100); len(got.Values) != 0 {
		t.Errorf("past the end: %+v", got)
	}
}
