package measure

import (
	"math"
	"slices"
)

// Span is a stretch of time [From, To) in nanoseconds.
type Span struct{ From, To int64 }

// Windows for expectations such as `in 2m..3m` are cut from the series: they
// consist of the closed buckets that overlap the requested window, including
// the warm-up, and every function returns the span it covers. The span is empty
// when no bucket overlaps. Quantiles need the bins at both ends of a window, so
// that only the windows given to Watch have some.

// overlap returns the buckets [first, end) that overlap the window, and their
// span.
func (r *Recorder) overlap(from, to int64) (first, end int, span Span) {
	from = max(from, 0)
	for b := range r.rows.n {
		begin, stop := int64(b)*r.clock.width, r.bucketEnd(b)
		if from >= to || begin >= to || stop <= from {
			continue
		}
		if span == (Span{}) {
			first, span.From = b, begin
		}
		end, span.To = b+1, stop
	}
	if end == 0 {
		return 0, 0, Span{from, from}
	}
	return first, end, span
}

// CountWindow is a counter over the buckets that overlap a window.
func (r *Recorder) CountWindow(c Counter, from, to int64) (uint64, Span) {
	first, end, span := r.overlap(from, to)
	if end == 0 {
		return 0, span
	}
	total := r.rows.count(end-1, int(c))
	if first > 0 {
		total -= r.rows.count(first-1, int(c))
	}
	return total, span
}

// LevelPart is a level over a window.
type LevelPart struct {
	Mean     float64 // NaN if the window is empty
	Integral float64 // unit·seconds
	Max      int64
	Final    int64 // at the end of the span
}

// LevelWindow is a level over the buckets that overlap a window.
func (r *Recorder) LevelWindow(l LevelID, from, to int64) (LevelPart, Span) {
	first, end, span := r.overlap(from, to)
	if end == 0 {
		return LevelPart{Mean: math.NaN()}, span
	}
	last := r.rows.level(end-1, int(l))
	area := last.area
	if first > 0 {
		area = area.minus(r.rows.level(first-1, int(l)).area)
	}
	part := LevelPart{
		Mean:     area.float() / float64(span.To-span.From),
		Integral: area.seconds(),
		Max:      last.max,
		Final:    last.value,
	}
	for b := first; b < end; b++ {
		part.Max = max(part.Max, r.rows.level(b, int(l)).max)
	}
	return part, span
}

// HistWindow is a histogram over the buckets that overlap a window, without
// quantiles: see QuantileWindow.
func (r *Recorder) HistWindow(h HistID, from, to int64) (HistPart, Span) {
	first, end, span := r.overlap(from, to)
	part := HistPart{max: none}
	if end == 0 {
		return part, span
	}
	last := r.rows.hist(end-1, int(h))
	part.Count, part.sum = last.count, last.sum
	if first > 0 {
		before := r.rows.hist(first-1, int(h))
		part.Count -= before.count
		part.sum = part.sum.minus(before.sum)
	}
	for b := first; b < end; b++ {
		part.max = max(part.max, r.rows.hist(b, int(h)).max)
	}
	return part, span
}

// watched is a window whose quantiles are asked for.
type watched struct {
	span   Span
	begun  bool
	over   bool
	at     int // in past: the bins as they were at its beginning; once it is over, those of the window
	blocks int // how many bins those are
}

// Watch adds a window for QuantileWindow. Its bins are kept: once for a window
// that has begun, twice for one that is over.
func (r *Recorder) Watch(s Span) {
	r.mustBeOpen()
	r.watched = append(r.watched, watched{span: s})
}

// watch begins the windows that lie in the bucket that begins at a boundary, and
// ends those that ended before it.
func (r *Recorder) watch(at int64) {
	width := r.clock.width
	if r.full() {
		width *= 2 // the next bucket will be joined with the one behind it
	}
	for i := range r.watched {
		w := &r.watched[i]
		if w.begun && !w.over && w.span.To <= at {
			w.at, w.blocks = r.keep(func(bin int) uint64 { return r.binIn(w, bin) })
			w.over = true
		}
		if !w.begun && max(w.span.From, at) < w.span.To && w.span.From-at < width {
			w.at, w.blocks = r.keep(func(bin int) uint64 { return r.bins[bin] })
			w.begun = true
		}
	}
}

// keep appends a number for every bin to past.
func (r *Recorder) keep(of func(bin int) uint64) (at, blocks int) {
	at, blocks = len(r.past), len(r.bins)
	for i := range r.bins {
		r.past = append(r.past, of(i))
	}
	return at, blocks
}

// binIn is how many values of a window are in a bin.
func (r *Recorder) binIn(w *watched, bin int) uint64 {
	past := uint64(0)
	if bin < w.blocks {
		past = r.past[w.at+bin]
	}
	if w.over {
		return past
	}
	return r.bins[bin] - past
}

// resetWatched keeps what windows have seen when the bins begin again.
func (r *Recorder) resetWatched() {
	for i := range r.watched {
		if w := &r.watched[i]; w.begun && !w.over {
			w.at, w.blocks = r.keep(func(bin int) uint64 { return -r.binIn(w, bin) })
		}
	}
}

// WindowError is the relative error of a quantile over a window.
const WindowError = 1.0 / (2 * octaveBins)

// QuantileWindow is the nearest-rank quantile of a histogram over a window
// given to Watch, in seconds and as near as HistQuantile. Like all windows it
// consists of whole buckets; those that double while it lasts, as they are at
// its ends. Values given to [Recorder.ObserveOp] do not count. Without values ok is
// false.
func (r *Recorder) QuantileWindow(h HistID, from, to int64, q float64) (value float64, ok bool) {
	i := slices.IndexFunc(r.watched, func(w watched) bool { return w.span == Span{from, to} })
	part, _ := r.HistWindow(h, from, to)
	if i < 0 || !r.watched[i].begun || part.Count == 0 {
		return math.NaN(), false
	}
	w, n := &r.watched[i], uint64(0)
	for _, count := range r.binsOf(h, w) {
		n += count
	}
	k := rank(q, n)
	if k == part.Count {
		return part.Max(), true
	}
	for bin, count := range r.binsOf(h, w) {
		if count >= k {
			return min(binMiddle(bin), float64(part.max)) / 1e9, true
		}
		k -= count
	}
	return math.NaN(), false
}
