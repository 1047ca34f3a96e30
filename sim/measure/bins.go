package measure

import "slices"

// Bins are plain histograms of durations that can begin again: what they hold is cheap to
// throw away, and there is no series of it. The bins are those of a Recorder. The zero
// value has no histogram.
type Bins struct {
	blocks []uint32 // by histogram and octave: its place in counts, plus one; 0: nothing yet
	counts []uint32
}

// NewBins makes n empty histograms.
func NewBins(n int) Bins { return Bins{blocks: make([]uint32, n*octaves)} }

// BinOf is the number of the bin of a duration in nanoseconds. A longer duration is never
// in a bin with a smaller number.
func BinOf(nanos int64) int32 { return int32(binOf(uint64(max(nanos, 0)))) }

// Add adds a value, in nanoseconds, to the h-th histogram.
func (b *Bins) Add(h int, nanos int64) {
	i := binOf(uint64(max(nanos, 0)))
	block := &b.blocks[h*octaves+int(i>>octaveShift)]
	if *block == 0 {
		b.counts = append(b.counts, make([]uint32, octaveBins)...)
		*block = uint32(len(b.counts) / octaveBins)
	}
	b.counts[int(*block-1)*octaveBins+int(i&(octaveBins-1))]++
}

// Quantile is the bin of the nearest-rank quantile of the h-th histogram, and how many
// values are in bins above it. Without values ok is false.
func (b *Bins) Quantile(h int, q float64) (bin int32, above uint64, ok bool) {
	blocks, n := b.blocks[h*octaves:][:octaves], uint64(0)
	for _, block := range blocks {
		for _, c := range b.block(block) {
			n += uint64(c)
		}
	}
	if n == 0 {
		return 0, 0, false
	}
	k := rank(q, n)
	for octave, block := range blocks {
		for i, c := range b.block(block) {
			if n -= uint64(c); uint64(c) >= k {
				return int32(octave*octaveBins + i), n, true
			}
			k -= uint64(c)
		}
	}
	return 0, 0, false // unreachable: the bins hold n values
}

func (b *Bins) block(place uint32) []uint32 {
	if place == 0 {
		return nil
	}
	return b.counts[int(place-1)*octaveBins:][:octaveBins]
}

// Reset empties all histograms and keeps their memory.
func (b *Bins) Reset() {
	clear(b.blocks)
	b.counts = b.counts[:0]
}

// Clone is a copy that shares no memory.
func (b *Bins) Clone() Bins { return Bins{slices.Clone(b.blocks), slices.Clone(b.counts)} }

// Bytes is the memory that the histograms take.
func (b *Bins) Bytes() int { return 4 * (len(b.blocks) + len(b.counts)) }
