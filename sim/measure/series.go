package measure

import "math"

// Series is a metric over time, warm-up included: one value per bucket, the
// first beginning at Start, each Width seconds long except the last, which ends
// with the run. A value is NaN where there is no data.
type Series struct {
	Start, Width float64 // seconds
	Values       []float64
}

// After is the part of a series whose buckets begin at or after a time in
// seconds, for instance the measured window.
func (s Series) After(start float64) Series {
	i := 0
	start -= float64(s.Width * 1e-9) // a boundary in seconds is not exact
	for i < len(s.Values) && s.begin(i) < start {
		i++
	}
	return Series{s.begin(i), s.Width, s.Values[i:]}
}

// At is when an interval begins, in seconds.
func (s Series) At(i int) float64 { return s.begin(i) }

func (s Series) begin(i int) float64 { return s.Start + float64(float64(i)*s.Width) }

// Stat is a statistic of a level or a histogram: one of the constants, or a
// [Quantile].
type Stat float64

const (
	StatMean Stat = -1
	StatMax  Stat = -2
)

// Quantile is the statistic for quantile q, from 0 to 1.
func Quantile(q float64) Stat { return Stat(min(max(q, 0), 1)) }

func (r *Recorder) newSeries() Series {
	return Series{Width: seconds(r.clock.width), Values: make([]float64, r.rows.n)}
}

// bucketEnd is the end of a closed bucket in nanoseconds.
func (r *Recorder) bucketEnd(b int) int64 {
	end := int64(b+1) * r.clock.width
	if r.clock.finished {
		end = min(end, r.clock.now)
	}
	return end
}

func (r *Recorder) bucketLength(b int) int64 { return r.bucketEnd(b) - int64(b)*r.clock.width }

// Interval is the bounds of an interval of a series, in nanoseconds.
func (r *Recorder) Interval(b int) (from, to int64) {
	to = r.bucketEnd(b)
	return to - r.bucketLength(b), to
}

// CountSeries is a counter per bucket, or its rate per second.
func (r *Recorder) CountSeries(c Counter, perSecond bool) Series {
	s := r.newSeries()
	before := uint64(0)
	for b := range s.Values {
		total := r.rows.count(b, int(c))
		s.Values[b] = float64(int64(total - before)) // a counter may hold a difference
		if perSecond {
			s.Values[b] /= seconds(r.bucketLength(b))
		}
		before = total
	}
	return s
}

// LevelSeries is the time average (StatMean) or the maximum (StatMax) of a level
// per bucket.
func (r *Recorder) LevelSeries(l LevelID, stat Stat) Series {
	s := r.newSeries()
	var before wide
	for b := range s.Values {
		row := r.rows.level(b, int(l))
		if stat == StatMax {
			s.Values[b] = float64(row.max)
		} else {
			s.Values[b] = row.area.minus(before).float() / float64(r.bucketLength(b))
		}
		before = row.area
	}
	return s
}

// HistSeries is a statistic of a histogram per bucket, in seconds. Mean and maximum
// are exact; a quantile is at most 3.2 % away from the true value (8 ns below
// 128 ns), because buckets keep the coarse form.
func (r *Recorder) HistSeries(h HistID, stat Stat) Series {
	s := r.newSeries()
	var before histRow
	for b := range s.Values {
		row := r.rows.hist(b, int(h))
		part := HistPart{
			Count: row.count - before.count,
			sum:   row.sum.minus(before.sum),
			max:   row.max,
			cells: r.rows.cellsOf(b, int(h)),
		}
		s.Values[b] = part.Stat(stat)
		before = row
	}
	return s
}

// HistPart summarises the values of a histogram in some buckets, from the rows
// of the series.
type HistPart struct {
	Count uint64

	sum   wide
	max   int64
	cells []cell
}

// Mean is the exact mean in seconds; NaN without values.
func (p HistPart) Mean() float64 {
	if p.Count == 0 {
		return math.NaN()
	}
	return p.sum.float() / float64(p.Count) / 1e9
}

// Max is the exact maximum in seconds; NaN without values.
func (p HistPart) Max() float64 {
	if p.Count == 0 {
		return math.NaN()
	}
	return seconds(p.max)
}

// Quantile is the nearest-rank quantile in seconds, at most 3.2 % away from the
// true value (8 ns below 128 ns). Without values ok is false.
func (p HistPart) Quantile(q float64) (value float64, ok bool) {
	if p.Count == 0 {
		return math.NaN(), false
	}
	k := rank(q, p.Count)
	if k == p.Count {
		return seconds(p.max), true
	}
	for _, c := range p.cells {
		if c.count() >= k {
			return min(cellMiddle(c.code()), float64(p.max)) / 1e9, true
		}
		k -= c.count()
	}
	return seconds(p.max), true // unreachable: the cells hold Count values
}

// Stat is one statistic; NaN without values.
func (p HistPart) Stat(stat Stat) float64 {
	switch stat {
	case StatMean:
		return p.Mean()
	case StatMax:
		return p.Max()
	}
	v, _ := p.Quantile(float64(stat))
	return v
}

// Width is how long the intervals of series are, in nanoseconds. It doubles while a run
// without a known end goes on.
func (r *Recorder) Width() int64 { return r.clock.width }

// Intervals is how many intervals series have so far.
func (r *Recorder) Intervals() int { return r.rows.n }
