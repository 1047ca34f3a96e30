package measure

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// toBig is a wide as a big.Int.
func toBig(a wide) *big.Int {
	n := new(big.Int).Lsh(big.NewInt(int64(a.hi)), 64)
	return n.Add(n, new(big.Int).SetUint64(a.lo))
}

func bigSeconds(n *big.Int) float64 {
	f, _ := new(big.Float).SetInt(n).Float64()
	return f / 1e9
}

// The level integral is exact to the bit for a level of a million over ten
// million seconds, and for negative levels.
func TestLevelIntegralExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := new(Recorder)
		l := r.AddLevel(2) + 1
		r.Start(0, -1, 240)
		want, now, value := new(big.Int), int64(0), int64(0)
		steps := rapid.IntRange(1, 100).Draw(t, "steps")
		for range steps {
			dt := rapid.Int64Range(0, 1e14).Draw(t, "dt")
			delta := rapid.Int64Range(-1_000_000, 2_000_000).Draw(t, "delta")
			want.Add(want, new(big.Int).Mul(big.NewInt(value), big.NewInt(dt)))
			now, value = now+dt, value+delta
			r.Level(l, now, delta)
		}
		r.Finish(now)
		if got := toBig(r.levelArea(l)); got.Cmp(want) != 0 {
			t.Fatalf("integral %v, want %v", got, want)
		}
		if got, want := r.LevelIntegral(l), bigSeconds(want); math.Abs(got-want) > 1e-15*math.Abs(want) {
			t.Fatalf("integral %v s, want %v s", got, want)
		}
	})
}

func TestLevelHuge(t *testing.T) {
	r := new(Recorder)
	l := r.AddLevel(1)
	r.Start(0, -1, 240)
	r.SetLevel(l, 0, 1_000_000)
	r.SetLevel(l, 10_000_000*1e9, 0)
	finish(r, 20_000_000*1e9)
	if got := toBig(r.levelArea(l)).String(); got != "10000000000000000000000" {
		t.Errorf("integral %s unit·ns", got)
	}
	if r.LevelIntegral(l) != 1e13 || r.LevelMean(l) != 500_000 || r.LevelMax(l) != 1_000_000 || r.LevelFinal(l) != 0 {
		t.Errorf("integral %v mean %v max %v", r.LevelIntegral(l), r.LevelMean(l), r.LevelMax(l))
	}
}

// model is the slow truth about a script over [from, to).
type model struct {
	counts [scriptSize]uint64
	area   [scriptSize]big.Int
	max    [scriptSize]int64
	value  [scriptSize]int64
	sorted [scriptSize][]int64
	sum    [scriptSize]big.Int
}

// newModel replays a script. With byArrival, operations count by their arrival,
// otherwise by the time of the event.
func newModel(script []event, from, to int64, byArrival bool) *model {
	m := new(model)
	var last [scriptSize]int64
	for i := range m.max {
		m.max[i] = math.MinInt64
	}
	level := func(i int, at, delta int64) {
		dt := max(0, min(at, to)-max(last[i], from))
		m.area[i].Add(&m.area[i], new(big.Int).Mul(big.NewInt(m.value[i]), big.NewInt(dt)))
		if at >= from && last[i] <= from {
			m.max[i] = max(m.max[i], m.value[i])
		}
		if at < to {
			last[i] = at
			m.value[i] += delta
			if at >= from {
				m.max[i] = max(m.max[i], m.value[i])
			}
		}
	}
	for _, e := range script {
		in := from <= e.at && e.at < to
		if byArrival && e.kind >= 3 {
			in = in && e.from >= from
		}
		switch {
		case e.kind == 0 && in:
			m.counts[e.id] += 1 + uint64(e.at%3)
		case e.kind == 3 && in:
			m.counts[e.id]++
		case e.kind == 1 && e.at < to:
			level(e.id, e.at, e.value)
		case (e.kind == 2 || e.kind == 4) && in:
			m.sorted[e.id] = append(m.sorted[e.id], e.value)
			m.sum[e.id].Add(&m.sum[e.id], big.NewInt(e.value))
		}
	}
	for i := range scriptSize {
		level(i, to, 0)
		slices.Sort(m.sorted[i])
	}
	return m
}

// The measured window agrees with the slow truth: counts, integrals, sums and
// maxima exactly, wherever the warm-up ends inside a bucket.
func TestWarmupCutExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.Int64Range(1, 3000).Draw(t, "end")
		warmup := rapid.Int64Range(0, end-1).Draw(t, "warmup")
		if rapid.Bool().Draw(t, "on a bucket") {
			warmup -= warmup % 10
		}
		script := drawScript(t, end, 10)
		r := newScripted()
		r.Start(warmup, rapid.SampledFrom([]int64{100, end}).Draw(t, "planned end"), 10)
		play(r, script)
		finish(r, end)
		if from, to := r.Window(); from != warmup || to != end {
			t.Fatalf("window %d..%d, want %d..%d", from, to, warmup, end)
		}
		m := newModel(script, warmup, end, true)
		for i := range scriptSize {
			l, h := LevelID(i), HistID(i)
			if got := r.Count(Counter(i)); got != m.counts[i] {
				t.Fatalf("count %d, want %d", got, m.counts[i])
			}
			if got := toBig(r.levelArea(l)); got.Cmp(&m.area[i]) != 0 {
				t.Fatalf("integral %v, want %v", got, &m.area[i])
			}
			if r.LevelMax(l) != m.max[i] || r.LevelFinal(l) != m.value[i] {
				t.Fatalf("level max %d final %d, want %d %d", r.LevelMax(l), r.LevelFinal(l), m.max[i], m.value[i])
			}
			sorted := m.sorted[i]
			if r.HistCount(h) != uint64(len(sorted)) || toBig(r.histSum(h)).Cmp(&m.sum[i]) != 0 {
				t.Fatalf("hist count %d sum %v, want %d %v", r.HistCount(h), toBig(r.histSum(h)), len(sorted), &m.sum[i])
			}
			if len(sorted) > 0 && (seconds(r.hists[h].min) != seconds(sorted[0]) || r.HistMax(h) != seconds(sorted[len(sorted)-1])) {
				t.Fatalf("hist range %v..%v, want %d..%d ns", seconds(r.hists[h].min), r.HistMax(h), sorted[0], sorted[len(sorted)-1])
			}
			checkQuantiles(t, sorted, 1.0/256, 0, func(q float64) (float64, bool) { return r.HistQuantile(h, q) })
			total := uint64(0)
			for _, b := range r.Distribution(h) {
				total += b.Count
			}
			if total != r.HistCount(h) {
				t.Fatalf("bins hold %d of %d values", total, r.HistCount(h))
			}
		}
	})
}

// Windows agree with the slow truth over the span they say they cover.
func TestWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.Int64Range(1, 3000).Draw(t, "end")
		warmup := rapid.Int64Range(0, end).Draw(t, "warmup")
		script := drawScript(t, end, 10)
		from := rapid.Int64Range(-5, end+10).Draw(t, "from")
		to := rapid.Int64Range(-5, end+10).Draw(t, "to")
		r := newScripted()
		for i := range rapid.IntRange(0, 2).Draw(t, "others") {
			r.Watch(Span{from / 2, to - int64(i)})
		}
		r.Watch(Span{from, to})
		r.Start(warmup, rapid.SampledFrom([]int64{100, end}).Draw(t, "planned end"), 10)
		width := r.clock.width
		play(r, script)
		finish(r, end)
		_, span := r.CountWindow(0, from, to)
		if max(from, 0) < min(to, end) {
			if span.From > max(from, 0) || span.To < min(to, end) ||
				max(from, 0)-span.From >= r.clock.width || span.To-min(to, end) >= r.clock.width {
				t.Fatalf("span %v for %d..%d with width %d", span, from, to, r.clock.width)
			}
		} else if span.From != span.To {
			t.Fatalf("span %v for an empty window %d..%d of %d", span, from, to, end)
		}
		m := newModel(script, span.From, span.To, false)
		for i := range scriptSize {
			count, s1 := r.CountWindow(Counter(i), from, to)
			level, s2 := r.LevelWindow(LevelID(i), from, to)
			hist, s3 := r.HistWindow(HistID(i), from, to)
			if s1 != span || s2 != span || s3 != span {
				t.Fatalf("spans %v %v %v", s1, s2, s3)
			}
			if count != m.counts[i] || hist.Count != uint64(len(m.sorted[i])) || toBig(hist.sum).Cmp(&m.sum[i]) != 0 {
				t.Fatalf("count %d, %d values; want %d, %d", count, hist.Count, m.counts[i], len(m.sorted[i]))
			}
			if span.From < span.To && (level.Max != m.max[i] || level.Final != m.value[i] ||
				level.Integral != bigSeconds(&m.area[i])) {
				t.Fatalf("level %+v, want max %d final %d area %v", level, m.max[i], m.value[i], &m.area[i])
			}
			ofOperations := slices.ContainsFunc(script, func(e event) bool { return e.kind == 4 && e.id == i })
			if r.clock.width == width && !ofOperations { // otherwise the quantiles' window may be narrower
				checkQuantiles(t, m.sorted[i], WindowError, 0, func(q float64) (float64, bool) { return r.QuantileWindow(HistID(i), from, to, q) })
			}
		}
	})
}

// checkQuantiles compares with nearest ranks in a sorted sample of nanoseconds.
func checkQuantiles(t *rapid.T, sorted []int64, relative, absolute float64, quantile func(float64) (float64, bool)) {
	t.Helper()
	n := len(sorted)
	if n == 0 {
		if v, ok := quantile(0.5); ok || !math.IsNaN(v) {
			t.Fatalf("quantile of nothing is %v, %v", v, ok)
		}
		return
	}
	for _, q := range []float64{0, 0.01, 0.07, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1} {
		// ⌈q·n⌉ in whole numbers: q has at most four decimals.
		k := (int(math.Round(q*10_000))*n + 9_999) / 10_000
		want := float64(sorted[max(k, 1)-1])
		got, ok := quantile(q)
		if !ok {
			t.Fatalf("quantile %v of %d values: not ok", q, n)
		}
		got *= 1e9
		if math.Abs(got-want) > relative*want+absolute+1e-6 || got > float64(sorted[n-1])*(1+1e-15) {
			t.Fatalf("quantile %v of %d values is %v ns, want %v", q, n, got, want)
		}
		if relative < 1.0/200 && want < 256 && math.Round(got) != want {
			t.Fatalf("quantile %v is %v ns, want exactly %v", q, got, want)
		}
	}
}
