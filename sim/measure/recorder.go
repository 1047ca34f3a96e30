package measure

import (
	"math"
	"slices"
)

// Counter, LevelID and HistID are indices into a [Recorder]. A group of n
// metrics added in one call is consecutive, so that a per-service or per-cause
// metric is the first index plus an offset.
type (
	Counter int32
	LevelID int32
	HistID  int32
)

// none is the maximum of nothing for a histogram, whose values are never
// negative.
const none = -1

// Level holds the data of one level that the hot path touches: 32 bytes. Its
// integral from 0 to T is value·T − moment: a change of delta at time t
// contributes delta·(T − t), so that a change costs an addition and the product
// is left to whoever asks.
type Level struct {
	value  int64
	max    int64 // since the last cut: the beginning of the bucket, or the warm-up
	moment wide  // sum of delta·t over all changes so far, plus middle
}

// middle is where moments begin: a sum near zero, as that of a level that comes and goes
// is, then hardly ever carries into its upper word.
var middle = wide{0, 1 << 63}

// levelPast holds the data of one level that only cuts and results touch.
type levelPast struct {
	base   wide  // area at the end of the warm-up
	max    int64 // of the measured window, without the time since the last cut
	bucket int64 // of the current bucket, before a warm-up cut inside it
}

// Hist holds the data of one histogram that the hot path touches.
type Hist struct {
	sum      wide // nanoseconds since the beginning of the run
	count    uint64
	zeros    uint64     // waits of zero not yet added to the bins (see settle)
	touched  uint64     // octaves that received a value in the current bucket
	max, min int64      // max since the last cut; min of the measured window
	have     uint64     // octaves with a block in bins
	base     [64]uint32 // octave → what makes of the number of a bin its place among all bins, see place | idle, 1
}

type histPast struct {
	base   wide
	count  uint64
	max    int64
	bucket int64
}

// Recorder holds every metric of one run. The zero value is ready for
// AddCounter, AddLevel and AddHist; then Start, then the hot path.
//
// It is plain data: no pointers, maps, functions or interfaces, and no slice
// inside a slice, so that a checkpoint is a flat copy.
type Recorder struct {
	counters []uint64
	levels   []Level
	hists    []Hist

	// Measured counts of all histograms, in blocks of octaveBins, and the sums
	// over each coarse cell at the last bucket boundary, in blocks of
	// octaveCells.
	bins []uint64
	seen []uint64

	began      []uint64 // counters at the end of the warm-up
	outside    []uint64 // of operations that arrived outside the measured window
	levelPasts []levelPast
	histPasts  []histPast

	clock clock
	rows  rows

	watched []watched
	past    []uint64 // bins of watched windows
}

// AddCounter adds n consecutive counters and returns the first.
func (r *Recorder) AddCounter(n int) Counter {
	r.mustBeOpen()
	first := len(r.counters)
	r.counters = append(r.counters, make([]uint64, n)...)
	r.began = append(r.began, make([]uint64, n)...)
	r.outside = append(r.outside, make([]uint64, n)...)
	return Counter(first)
}

// AddLevel adds n consecutive levels, all zero from time 0, and returns the
// first.
func (r *Recorder) AddLevel(n int) LevelID {
	r.mustBeOpen()
	first := len(r.levels)
	r.levels, r.levelPasts = slices.Grow(r.levels, n), slices.Grow(r.levelPasts, n)
	for range n {
		r.levels = append(r.levels, Level{moment: middle})
		r.levelPasts = append(r.levelPasts, levelPast{max: math.MinInt64, bucket: math.MinInt64})
	}
	return LevelID(first)
}

// AddHist adds n consecutive histograms and returns the first.
func (r *Recorder) AddHist(n int) HistID {
	r.mustBeOpen()
	first := len(r.hists)
	r.hists, r.histPasts = slices.Grow(r.hists, n), slices.Grow(r.histPasts, n)
	h := Hist{max: none, min: math.MaxInt64}
	for octave := range h.base {
		h.base[octave] = idle
	}
	for range n {
		r.hists = append(r.hists, h)
		r.histPasts = append(r.histPasts, histPast{max: none, bucket: none})
	}
	return HistID(first)
}

func (r *Recorder) mustBeOpen() {
	if r.clock.started {
		panic("measure: metrics must be added before Start")
	}
}

// CounterAt, LevelAt and HistAt give metrics at hand, for what counts in many of them at
// once. They are valid until the recorder is closed or cloned.
func (r *Recorder) CounterAt(c Counter) *uint64 { return nth(r.counters, c) }

func (r *Recorder) LevelAt(l LevelID) *Level { return nth(r.levels, l) }

func (r *Recorder) HistAt(id HistID) *Hist { return nth(r.hists, id) }

// Inc adds one to a counter.
func (r *Recorder) Inc(c Counter) { *nth(r.counters, c)++ }

// Add adds n to a counter.
func (r *Recorder) Add(c Counter, n uint64) { *nth(r.counters, c) += n }

// IncOp adds one to a counter of operations for an operation that arrived at
// the given time. Operations belong to the measured window by their arrival:
// one that arrived during the warm-up is in the series and in Happened, not in
// Count, so that offered = completed + failed + unfinished holds exactly.
func (r *Recorder) IncOp(c Counter, arrival int64) {
	if *nth(r.counters, c)++; !r.clock.measures(arrival) {
		r.countOutside(c)
	}
}

// countOutside is seldom: inlined into IncOp, it would keep that from being inlined.
//
//go:noinline
func (r *Recorder) countOutside(c Counter) { *nth(r.outside, c)++ }

// AddOps adds n to a counter of operations, of which so many belong to the measured
// window.
func (r *Recorder) AddOps(c Counter, n, measured uint64) {
	*nth(r.counters, c) += n
	*nth(r.outside, c) += n - measured
}

// measures reports whether an operation that arrived at the given time belongs
// to the measured window.
func (c *clock) measures(arrival int64) bool { return uint64(arrival-c.cut) < c.span }

// Level changes a level by delta at time now, which must not be before the
// level's last change.
func (r *Recorder) Level(l LevelID, now, delta int64) {
	v := nth(r.levels, l)
	v.moment = v.moment.plus(product(delta, now))
	v.value += delta
	v.max = max(v.max, v.value)
}

// Up is Level by one.
func (r *Recorder) Up(l LevelID, now int64) { nth(r.levels, l).Up(now) }

// Down is Level by minus one.
func (r *Recorder) Down(l LevelID, now int64) { nth(r.levels, l).Down(now) }

// Up is Recorder.Up for a level at hand.
func (v *Level) Up(now int64) {
	if v.moment.lo += uint64(now); v.moment.lo < uint64(now) {
		v.moment.hi++
	}
	if v.value++; v.value > v.max {
		v.max = v.value
	}
}

// Down is Recorder.Down for a level at hand.
func (v *Level) Down(now int64) {
	if v.moment.lo < uint64(now) {
		v.moment.hi--
	}
	v.moment.lo -= uint64(now)
	v.value--
}

// SetLevel gives a level a new value at time now.
func (r *Recorder) SetLevel(l LevelID, now, value int64) {
	r.Level(l, now, value-nth(r.levels, l).value)
}

// LevelValue is the current value of a level.
func (r *Recorder) LevelValue(l LevelID) int64 { return nth(r.levels, l).value }

// ObserveWait is Observe for durations that are mostly zero, as waits are:
// zeros are only counted, and settle adds them to the histogram.
func (r *Recorder) ObserveWait(id HistID, nanos int64) {
	if nanos == 0 {
		nth(r.hists, id).zeros++
		return
	}
	r.Observe(id, nanos)
}

// ObserveNoWait is ObserveWait of zero.
func (r *Recorder) ObserveNoWait(id HistID) { nth(r.hists, id).NoWait() }

// NoWait is Recorder.ObserveNoWait for a histogram at hand.
func (h *Hist) NoWait() { h.zeros++ }

// settle adds the counted zeros to the histograms. It must run before a bucket
// or the warm-up ends and before results are read.
func (r *Recorder) settle() {
	for i := range r.hists {
		if n := r.hists[i].zeros; n > 0 {
			r.hists[i].zeros = 0
			r.Observe(HistID(i), 0)
			h := &r.hists[i]
			r.bins[h.place(0)] += n - 1
			h.count += n - 1
		}
	}
}

// Observe adds a duration to a histogram. A negative duration is an error of
// the caller and counts as 0.
func (r *Recorder) Observe(id HistID, nanos int64) { r.ObserveAt(nth(r.hists, id), nanos) }

// ObserveAt is Observe for a histogram at hand.
func (r *Recorder) ObserveAt(h *Hist, nanos int64) {
	v := uint64(nanos)
	i := binOf(v)
	base := h.base[i>>octaveShift&63]
	if base >= idle { // of a negative duration, too
		if !r.touch(h, nanos) {
			return
		}
		base = h.base[i>>octaveShift&63]
	}
	*nth(r.bins, int32(base+uint32(i)-shifted))++
	if h.sum.lo += v; h.sum.lo < v {
		h.sum.hi++
	}
	h.count++
	if int64(v) > h.max { // seldom: a branch costs less than a store
		h.max = int64(v)
	}
	if int64(v) < h.min {
		h.min = int64(v)
	}
}

// ObserveOp adds a duration to a histogram of operations for an operation that
// arrived at the given time; see [Recorder.IncOp].
func (r *Recorder) ObserveOp(id HistID, nanos, arrival int64) {
	if !r.clock.measures(arrival) {
		r.observeOutside(id, nanos)
		return
	}
	r.Observe(id, nanos)
}

// EndOp is IncOp and ObserveOp in one.
func (r *Recorder) EndOp(c Counter, id HistID, nanos, arrival int64) {
	if *nth(r.counters, c)++; r.clock.measures(arrival) {
		r.Observe(id, nanos)
		return
	}
	r.countOutside(c)
	r.observeOutside(id, nanos)
}

// Ramp records that a level has risen from its value to another linearly between
// two times, as the age of the oldest waiting message does; it has not changed
// since the first. Half units are rounded down.
func (r *Recorder) Ramp(l LevelID, since, now, to int64) {
	v := nth(r.levels, l)
	above := product((v.value+to)/2-v.value, now-since) // the triangle
	v.moment = v.moment.minus(above)
	r.Level(l, now, to-v.value)
}
