package measure

import "math"

// Span is a stretch of time [From, To) in nanoseconds.
type Span struct{ From, To int64 }

// Windows for expectations such as `in 2m..3m` are cut from the series: they
// consist of the closed buckets that overlap the requested window, including
// the warm-up, and every function returns the span it covers. The span is empty
// when no bucket overlaps.

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
	total := r.rows.counts[(end-1)*len(r.counters)+int(c)]
	if first > 0 {
		total -= r.rows.counts[(first-1)*len(r.counters)+int(c)]
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
	n := len(r.levels)
	last := r.rows.levels[(end-1)*n+int(l)]
	area := last.area
	if first > 0 {
		area = area.minus(r.rows.levels[(first-1)*n+int(l)].area)
	}
	part := LevelPart{
		Mean:     area.float() / float64(span.To-span.From),
		Integral: area.seconds(),
		Max:      last.max,
		Final:    last.value,
	}
	for b := first; b < end; b++ {
		part.Max = max(part.Max, r.rows.levels[b*n+int(l)].max)
	}
	return part, span
}

// WindowError is the relative error of a quantile of a HistPart.
const WindowError = 1.0 / 32

// HistWindow is a histogram over the buckets that overlap a window. Its
// quantiles have the error of the series, 3.2 %.
func (r *Recorder) HistWindow(h HistID, from, to int64) (HistPart, Span) {
	first, end, span := r.overlap(from, to)
	part := HistPart{max: none}
	if end == 0 {
		return part, span
	}
	n := len(r.hists)
	last := r.rows.hists[(end-1)*n+int(h)]
	part.Count, part.sum = last.count, last.sum
	if first > 0 {
		before := r.rows.hists[(first-1)*n+int(h)]
		part.Count -= before.count
		part.sum = part.sum.minus(before.sum)
	}
	var counts [cellCodes]uint64
	for b := first; b < end; b++ {
		part.max = max(part.max, r.rows.hists[b*n+int(h)].max)
		for _, c := range r.rows.cellsOf(b, int(h), n) {
			counts[c.code()] += c.count()
		}
	}
	for code, count := range counts {
		if count > 0 {
			part.cells = appendCell(part.cells, code, count)
		}
	}
	return part, span
}
