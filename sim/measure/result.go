package measure

import (
	"math"
	"math/bits"
)

// Results cover the measured window: from the end of the warm-up to Finish.
// Before Finish they end at the latest instant the recorder knows (see AsOf),
// and before the end of the warm-up they cover the run so far.

// Window is the measured window in nanoseconds.
func (r *Recorder) Window() (start, end int64) {
	return r.clock.cut, max(r.clock.now, r.clock.cut)
}

// Count is a counter over the measured window; of operations, those that arrived
// in it.
func (r *Recorder) Count(c Counter) uint64 { return r.Happened(c) - r.outside[c] }

// Happened is a counter over the measured window; of operations too, by the
// moment at which they were counted.
func (r *Recorder) Happened(c Counter) uint64 { return r.counters[c] - r.began[c] }

// Total is a counter from the beginning of the run, warm-up included.
func (r *Recorder) Total(c Counter) uint64 { return r.counters[c] }

func (r *Recorder) levelArea(id LevelID) wide {
	l := &r.levels[id]
	return l.areaAt(r.clock.now).minus(r.levelPasts[id].base)
}

// LevelIntegral is the time integral of a level in unit·seconds: exact in
// nanoseconds, rounded once.
func (r *Recorder) LevelIntegral(id LevelID) float64 { return r.levelArea(id).seconds() }

// LevelSoFar is the time integral of a level from the beginning of the run until now, in
// unit·nanoseconds.
func (r *Recorder) LevelSoFar(id LevelID, now int64) int64 { return int64(r.levels[id].areaAt(now).lo) }

// LevelMean is the time average of a level; NaN over an empty window.
func (r *Recorder) LevelMean(id LevelID) float64 {
	length := r.clock.now - r.clock.cut
	if length <= 0 {
		return math.NaN()
	}
	return r.levelArea(id).float() / float64(length)
}

// LevelMax is the highest value of a level, including its value at the
// beginning of the window.
func (r *Recorder) LevelMax(id LevelID) int64 {
	return max(r.levels[id].max, r.levelPasts[id].max)
}

// LevelFinal is the value of a level at the end.
func (r *Recorder) LevelFinal(id LevelID) int64 { return r.levels[id].value }

// HistCount is the number of values.
func (r *Recorder) HistCount(id HistID) uint64 { return r.hists[id].count - r.histPasts[id].count }

// histSum is the exact sum of the values.
func (r *Recorder) histSum(id HistID) wide { return r.hists[id].sum.minus(r.histPasts[id].base) }

// HistMean is the mean in seconds, from the exact sum; NaN without values.
func (r *Recorder) HistMean(id HistID) float64 {
	n := r.HistCount(id)
	if n == 0 {
		return math.NaN()
	}
	return r.histSum(id).float() / float64(n) / 1e9
}

// HistMax is the exact largest value in seconds; NaN without values.
func (r *Recorder) HistMax(id HistID) float64 {
	if r.HistCount(id) == 0 {
		return math.NaN()
	}
	return seconds(r.histMax(id))
}

func (r *Recorder) histMax(id HistID) int64 { return max(r.hists[id].max, r.histPasts[id].max) }

// HistQuantile is the nearest-rank quantile in seconds, at most 0.5 % (in fact
// 1/256) away from the true value, exact below 256 ns and at the first and last
// rank, and never outside the values seen. Without values ok is false.
func (r *Recorder) HistQuantile(id HistID, q float64) (value float64, ok bool) {
	value, _, ok = r.quantile(id, q)
	return value, ok
}

// HistQuantileError is how far the true quantile may be from HistQuantile, in
// seconds: half a bin, less where the bin reaches beyond the values seen.
func (r *Recorder) HistQuantileError(id HistID, q float64) float64 {
	_, off, _ := r.quantile(id, q)
	return off
}

func (r *Recorder) quantile(id HistID, q float64) (value, off float64, ok bool) {
	n := r.HistCount(id)
	if n == 0 {
		return math.NaN(), 0, false
	}
	h := &r.hists[id]
	lowest, highest := h.min, r.histMax(id)
	k := rank(q, n)
	switch k {
	case 1:
		return seconds(lowest), 0, true
	case n:
		return seconds(highest), 0, true
	}
	for i, count := range r.binsOf(id, nil) {
		if count >= k {
			lo, width := binRange(i)
			least, most := max(float64(lo), float64(lowest)), min(float64(lo+width-1), float64(highest))
			v := min(max(binMiddle(i), least), most)
			return v / 1e9, max(v-least, most-v) / 1e9, true
		}
		k -= count
	}
	return seconds(highest), 0, true // unreachable: the bins hold n values
}

// binsOf yields the non-empty bins in ascending order: of the measured window, or
// of one that is watched.
func (r *Recorder) binsOf(id HistID, in *watched) func(yield func(bin uint, count uint64) bool) {
	return func(yield func(uint, uint64) bool) {
		h := &r.hists[id]
		for left := h.have; left != 0; left &= left - 1 {
			octave := uint(bits.TrailingZeros64(left))
			first := h.place(octave << octaveShift)
			for i, count := range r.bins[first:][:octaveBins] {
				if in != nil {
					count = r.binIn(in, first+i)
				}
				if count != 0 && !yield(octave<<octaveShift|uint(i), count) {
					return
				}
			}
		}
	}
}

// Bin is a bar of a histogram: Count values in [Lo, Hi), in seconds.
type Bin struct {
	Lo, Hi float64
	Count  uint64
}

// Distribution is the non-empty bins of a histogram in ascending order.
func (r *Recorder) Distribution(id HistID) []Bin {
	var bins []Bin
	for i, count := range r.binsOf(id, nil) {
		lo, width := binRange(i)
		bins = append(bins, Bin{float64(lo) / 1e9, float64(lo+width) / 1e9, count})
	}
	return bins
}
