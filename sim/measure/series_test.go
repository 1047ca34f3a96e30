package measure

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const second = 1_000_000_000

func TestSeries(t *testing.T) {
	r := newScripted()
	r.Start(3*second, 8*second, 4) // buckets of 2 s; the warm-up ends inside the second
	at := func(now int64) int64 { sampleBefore(r, now); return now }
	r.Level(1, at(1*second), 4)
	r.Add(1, 10)
	r.Observe(1, 100)
	r.Level(1, at(2*second), -4) // at the boundary: in the second bucket
	r.Inc(1)
	r.Observe(1, 200)
	r.Observe(1, 220)
	at(4 * second)
	r.Add(1, 5)
	r.Level(1, at(5*second), 2)
	r.Level(1, at(6*second), -1)
	finish(r, 7*second) // a last bucket of 1 s
	nan := math.NaN()
	series := func(values ...float64) Series { return Series{0, 2, values} }
	for _, c := range []struct {
		name      string
		got, want Series
	}{
		{"count", r.CountSeries(1, false), series(10, 1, 5, 0)},
		{"rate", r.CountSeries(1, true), series(5, 0.5, 2.5, 0)},
		{"level mean", r.LevelSeries(1, StatMean), series(2, 0, 1, 1)},
		{"level max", r.LevelSeries(1, StatMax), series(4, 4, 2, 2)},
		{"hist mean", r.HistSeries(1, StatMean), series(100e-9, 210e-9, nan, nan)},
		{"hist max", r.HistSeries(1, StatMax), series(100e-9, 220e-9, nan, nan)},
		{"hist p99", r.HistSeries(1, Quantile(0.99)), series(100e-9, 220e-9, nan, nan)},
		{"hist p50", r.HistSeries(1, Quantile(0.5)), series(100e-9, 203.5e-9, nan, nan)},
		{"untouched", r.HistSeries(0, StatMean), series(nan, nan, nan, nan)},
	} {
		if d := cmp.Diff(c.want, c.got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-15, 0)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	// The level of 4 that left at 2 s was seen by the second bucket for no time,
	// and is not in the measured window.
	if r.LevelMax(1) != 2 || r.Count(1) != 5 || r.HistCount(1) != 0 || !math.IsNaN(r.HistMean(1)) {
		t.Errorf("measured: max %d count %d hist %d", r.LevelMax(1), r.Count(1), r.HistCount(1))
	}
}

// Sampling comes one nanosecond before a boundary, so that what happens at the
// boundary belongs to the bucket and the window that begin there.
func TestHalfOpen(t *testing.T) {
	r := newScripted()
	r.Start(100, 1000, 10)
	if r.NextSample() != 99 {
		t.Fatalf("first sample at %d", r.NextSample())
	}
	r.Inc(0) // at 99, before sampling
	r.Sample(99)
	r.Add(0, 10) // at 100
	if r.NextSample() != 199 {
		t.Fatalf("second sample at %d", r.NextSample())
	}
	finish(r, 1000)
	if got := r.CountSeries(0, false).Values; got[0] != 1 || got[1] != 10 || len(got) != 10 {
		t.Errorf("series %v", got)
	}
	if r.Count(0) != 10 {
		t.Errorf("count %d", r.Count(0))
	}
}

func TestEnds(t *testing.T) {
	t.Run("within the warm-up", func(t *testing.T) {
		r := newScripted()
		r.Start(500, 1000, 10)
		r.Inc(0)
		r.Observe(0, 9)
		finish(r, 300)
		from, to := r.Window()
		_, ok := r.HistQuantile(0, 0.5)
		if from != 300 || to != 300 || r.Count(0) != 0 || ok || !math.IsNaN(r.LevelMean(0)) {
			t.Errorf("window %d..%d, count %d", from, to, r.Count(0))
		}
		if got := r.CountSeries(0, false).Values; got[0] != 1 {
			t.Errorf("series %v", got)
		}
	})
	t.Run("at once", func(t *testing.T) {
		r := newScripted()
		r.Start(0, 0, 10)
		r.Finish(0)
		if from, to := r.Window(); from != 0 || to != 0 || len(r.LevelSeries(0, StatMean).Values) != 0 {
			t.Errorf("window %d..%d", from, to)
		}
	})
	t.Run("later than planned", func(t *testing.T) {
		r := newScripted()
		r.Start(0, 1000, 10)
		r.Level(0, 0, 3)
		finish(r, 3500)
		s := r.LevelSeries(0, StatMean)
		if len(s.Values) != 9 || s.Width != 400e-9 || s.Values[8] != 3 || r.LevelMean(0) != 3 {
			t.Errorf("series %v, mean %v", s, r.LevelMean(0))
		}
	})
	t.Run("twice", func(t *testing.T) {
		r := newScripted()
		r.Start(0, 1000, 10)
		finish(r, 1000)
		r.Finish(2000)
		if _, to := r.Window(); to != 1000 || r.NextSample() != math.MaxInt64 {
			t.Errorf("window to %d, next sample %d", to, r.NextSample())
		}
	})
}

// A run can be asked while it goes on, and asking changes nothing later.
func TestAsOf(t *testing.T) {
	r := newScripted()
	r.Start(0, 1000, 10)
	r.Level(0, 0, 2)
	r.AsOf(50)
	if r.LevelMean(0) != 2 || r.LevelIntegral(0) != 100e-9 {
		t.Errorf("mean %v integral %v", r.LevelMean(0), r.LevelIntegral(0))
	}
	finish(r, 1000)
	if got := r.LevelIntegral(0); got != 2000e-9 {
		t.Errorf("integral %v", got)
	}
}

// Operations belong to the measured window by their arrival.
func TestOperationsByArrival(t *testing.T) {
	r := newScripted()
	r.Start(100, 1000, 10)
	r.IncOp(0, 0) // offered at 90
	r.ObserveOp(0, 40, 90)
	sampleBefore(r, 130)
	r.EndOp(1, 0, 5_000, 90) // completed at 130, arrived in the warm-up
	r.IncOp(0, 130)
	r.EndOp(1, 0, 70, 130)
	finish(r, 1000)
	if r.Count(0) != 1 || r.Count(1) != 1 || r.HistCount(0) != 1 || r.histSum(0).seconds() != 70e-9 || r.HistMax(0) != 70e-9 {
		t.Errorf("counts %d %d, hist %d sum %v max %v", r.Count(0), r.Count(1), r.HistCount(0), r.histSum(0).seconds(), r.HistMax(0))
	}
	if v, _ := r.HistQuantile(0, 1); v != 70e-9 {
		t.Errorf("p100 %v", v)
	}
	part, _ := r.HistWindow(0, 0, 1000)
	if c, _ := r.CountWindow(1, 0, 1000); c != 2 || part.Count != 3 || part.Max() != 5_000e-9 || part.sum.seconds() != 5_110e-9 {
		t.Errorf("series: count %d, %d values, max %v", c, part.Count, part.Max())
	}
}

func TestAddAfterStart(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	r := newScripted()
	r.Start(0, 1000, 10)
	r.AddCounter(1)
}

// An open-ended run neither allocates nor grows once its buckets have been
// coalesced a few times, however long it is.
func TestMemoryIsBounded(t *testing.T) {
	r := newScripted()
	r.Start(second, -1, 240)
	now, x := int64(0), uint64(1)
	run := func(until int64) {
		step := (until - now) / 100_000
		for now+step <= until {
			now += step
			sampleBefore(r, now)
			x = x*6364136223846793005 + 1442695040888963407
			r.Inc(Counter(x >> 62 & 1))
			r.Level(0, now, int64(x>>40&3)-1)
			r.Observe(HistID(x>>62&1), int64(x>>44))
		}
	}
	for e := int64(1); e < 1<<20; e *= 2 {
		run(e * second)
	}
	before := []int{cap(r.bins), cap(r.rows.counts.data), cap(r.rows.cells) + cap(r.rows.aside)}
	until := int64(1 << 20 * second)
	if n := testing.AllocsPerRun(5, func() { run(until); until *= 2 }); n > 0 {
		t.Errorf("%v allocations per doubling of the run", n)
	}
	after := []int{cap(r.bins), cap(r.rows.counts.data), cap(r.rows.cells) + cap(r.rows.aside)}
	if d := cmp.Diff(before, after); d != "" {
		t.Error(d)
	}
}

// A metric to which nothing has happened takes no place in the series.
func TestQuietMetricsTakeNoRows(t *testing.T) {
	var r Recorder
	c, l, h := r.AddCounter(1000), r.AddLevel(1000), r.AddHist(1000)
	r.Start(0, 1000, 10)
	for now := int64(100); now <= 1000; now += 100 {
		if now > 500 {
			r.Inc(c + 7)
			r.Level(l+7, now-50, 1)
			r.Observe(h+7, 3)
		}
		r.Sample(now - 1)
	}
	r.Finish(1000)
	if n := []int{len(r.rows.counts.data), len(r.rows.levels.data), len(r.rows.hists.data)}; !slices.Equal(n, []int{5, 5, 5}) {
		t.Errorf("%v rows of metrics, want 5 of each kind", n)
	}
	if got, want := r.CountSeries(c+7, false).Values, []float64{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("the series is %v", got)
	}
	if got, want := r.LevelSeries(l+7, StatMax).Values, []float64{0, 0, 0, 0, 0, 1, 2, 3, 4, 5}; !slices.Equal(got, want) {
		t.Errorf("the level's series is %v", got)
	}
	if got := r.LevelSeries(l+8, StatMean).Values; !slices.Equal(got, make([]float64, 10)) {
		t.Errorf("the series of a quiet level is %v", got)
	}
}

// Where there are very many metrics, buckets double before the points are used up.
func TestRowsAreBoundedInBytes(t *testing.T) {
	var r Recorder
	c := r.AddCounter(100)
	r.Start(0, 2400, 240)
	r.clock.bytes = 100 * 8 * 50
	for now := int64(9); now < 2400; now += 10 {
		for i := range Counter(100) {
			r.Inc(c + i)
		}
		for r.NextSample() <= now {
			r.Sample(r.NextSample())
		}
		if n := r.rows.next() - 800; n > r.clock.bytes {
			t.Fatalf("%d bytes of rows at %d", n, now)
		}
	}
	r.Finish(2400)
	s := r.CountSeries(c+7, false)
	if len(s.Values) != 30 || s.Width != 80e-9 {
		t.Fatalf("%d values of %v s", len(s.Values), s.Width)
	}
	for _, v := range s.Values {
		if v != 8 {
			t.Fatalf("the series is %v", s.Values)
		}
	}
}
