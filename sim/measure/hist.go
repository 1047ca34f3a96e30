package measure

import (
	"math"
	"math/bits"
)

// The histogram is log-linear. Octave 0 holds 0..127 ns and octave 1 holds
// 128..255 ns, one bin per nanosecond; every further octave is twice as wide and
// has the same number of bins. The middle of a bin is at most 1/256 (0.39 %) of
// the value away from any value in it.
//
// A cell is eight bins: the coarse form that series keep per bucket. Its middle
// is at most 1/32 (3.2 %) away, or 8 ns below 128 ns.
const (
	octaveShift = 7
	octaveBins  = 1 << octaveShift
	cellShift   = 3 // bins per cell
	cellBins    = 1 << cellShift
	octaveCells = octaveBins / cellBins
	octaves     = 57 // the last one ends at 2⁶³
	cellCodes   = octaves * octaveCells
)

// binOf is the bin of a value below 2⁶³.
func binOf(v uint64) uint {
	e := uint(bits.Len64(v|octaveBins)) - (octaveShift + 1)
	return e<<octaveShift + uint(v>>(e&63))
}

// binRange is the first value of a bin and how many values it holds.
func binRange(i uint) (lo, width uint64) {
	if i < 2*octaveBins {
		return uint64(i), 1
	}
	e := i>>octaveShift - 1
	return uint64(i-e<<octaveShift) << e, 1 << e
}

// binMiddle is the value, in nanoseconds, that stands for all values of a bin.
func binMiddle(i uint) float64 {
	lo, width := binRange(i)
	return float64(lo) + float64(float64(width-1)/2)
}

// cellMiddle is the value that stands for all values of a cell. The lowest cell
// stands for 0, because "did not wait" is far more frequent than "waited 3 ns".
func cellMiddle(code uint) float64 {
	if code == 0 {
		return 0
	}
	lo, width := binRange(code << cellShift)
	return float64(lo) + float64(float64(cellBins*width-1)/2)
}

// firstBlocks is for how many octaves of all histograms there is room at first: 144 kB.
const firstBlocks = 128

// touch marks the octave of a value as changed in the current bucket, before its first
// value there. A negative value is in one that there is not: it is observed as 0, and
// touch reports false.
//
//go:noinline
func (r *Recorder) touch(h *Hist, nanos int64) bool {
	if nanos < 0 {
		r.ObserveAt(h, 0)
		return false
	}
	r.touchOctave(h, binOf(uint64(nanos))>>octaveShift)
	return true
}

// touchOctave is touch, of an octave. This is the only place where a histogram allocates:
// once per octave and run.
func (r *Recorder) touchOctave(h *Hist, octave uint) {
	if h.have>>octave&1 == 0 {
		if r.bins == nil { // the memory is not resident before it is used: growing it from nothing touches it twice
			r.bins, r.seen = make([]uint64, 0, firstBlocks*octaveBins), make([]uint64, 0, firstBlocks*octaveCells)
		}
		h.base[octave] = uint32(len(r.bins)) - uint32(octave)*octaveBins + shifted
		var bins [octaveBins]uint64
		var cells [octaveCells]uint64
		r.bins = append(r.bins, bins[:]...)
		r.seen = append(r.seen, cells[:]...)
		h.have |= 1 << octave
	}
	h.base[octave] &^= idle
	h.touched |= 1 << octave
}

// A bit of an octave's base says that no value of it has come in the current bucket; the
// base is shifted, so that it is never negative.
const (
	idle    = 1 << 31
	shifted = octaves * octaveBins
)

// place is where a bin of a histogram is among all bins.
func (h *Hist) place(i uint) int { return int(h.base[i>>octaveShift]&^idle + uint32(i) - shifted) }

// block is where the bins of an octave are, in blocks.
func (h *Hist) block(octave uint) int { return h.place(octave<<octaveShift) / octaveBins }

// observeOutside records a value of an operation that arrived outside the
// measured window: in the series, not in the results. The series takes the difference of
// the bins and seen; lowering seen by one makes the next difference one larger.
func (r *Recorder) observeOutside(id HistID, nanos int64) {
	h, past := &r.hists[id], &r.histPasts[id]
	v := max(nanos, 0)
	i := binOf(uint64(v))
	octave := i >> octaveShift
	r.touchOctave(h, octave)
	r.seen[h.place(i)>>cellShift]--
	sum := wide{0, uint64(v)}
	h.sum, past.base = h.sum.plus(sum), past.base.plus(sum)
	h.count++
	past.count++
	past.bucket = max(past.bucket, v)
}

// resetHist begins the measured window of a histogram. The bins start again
// from zero; seen, the counts at the last boundary, is lowered by the same
// amounts, so that the difference at the end of the bucket still covers the
// whole bucket.
func (r *Recorder) resetHist(id int) {
	h, past := &r.hists[id], &r.histPasts[id]
	past.base, past.count = h.sum, h.count
	past.bucket, past.max = max(past.bucket, h.max), none
	h.max, h.min = none, math.MaxInt64
	for left := h.have; left != 0; left &= left - 1 {
		block := h.block(uint(bits.TrailingZeros64(left)))
		bins := r.bins[block*octaveBins:][:octaveBins]
		seen := r.seen[block*octaveCells:][:octaveCells]
		for c := range seen {
			seen[c] -= sum8(bins[c*cellBins:])
		}
		clear(bins)
	}
}

func sum8(b []uint64) uint64 {
	b = b[:8]
	return b[0] + b[1] + b[2] + b[3] + b[4] + b[5] + b[6] + b[7]
}

// rank is the nearest rank of quantile q among n > 0 values, from 1 to n. The
// tolerance keeps 0.07·100, which is 7.000000000000001 in floating point, at
// rank 7.
func rank(q float64, n uint64) uint64 {
	x := float64(q * float64(n)) // rounded, not fused with the subtraction
	k := math.Ceil(x - float64(x*1e-12))
	switch {
	case !(k > 1):
		return 1
	case k >= float64(n):
		return n
	}
	return uint64(k)
}
