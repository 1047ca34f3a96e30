package measure

import (
	"math"
	"math/bits"
)

// clock is the progress of the run as the recorder knows it.
type clock struct {
	started, warm, finished bool

	warmup int64
	cut    int64  // operations that arrived before this are not measured; 0 until the warm-up is over
	span   uint64 // nor are those that arrived this much later, or more
	now    int64  // the latest instant that results refer to
	width  int64  // of a bucket
	edge   int64  // the end of the current bucket
	next   int64  // the next sampling instant
	points int    // the most buckets kept
	bytes  int    // and the memory of their rows
}

// Without a known end the first bucket is this wide and doubles when 240 points
// are used up, first after 240 ms of simulated time.
const firstWidth = 1_000_000

const defaultPoints = 240

// Start begins recording at time 0. Results exclude the warm-up, series include
// it. With end ≥ 0 the series divides the run into the given number of points;
// with end < 0 (run until something has happened) buckets begin small and
// double in width whenever the points are used up; so do those of a run that
// goes on past its end. An odd number of points is raised by one.
func (r *Recorder) Start(warmup, end int64, points int) {
	if points <= 0 {
		points = defaultPoints
	}
	points += points & 1
	width := int64(firstWidth)
	if end >= 0 {
		width = max(1, end/int64(points))
		if width*int64(points) < end {
			width++
		}
	}
	r.clock = clock{
		started: true, warm: warmup <= 0, warmup: max(warmup, 0), span: math.MaxInt64,
		width: width, edge: width, points: points, bytes: maxRows,
	}
	r.plan()
	r.rows = rows{counts: newTable[uint64](len(r.counters)), levels: newTable[levelRow](len(r.levels)), hists: newTable[histRow](len(r.hists))}
	r.watch(0)
}

// NextSample is the time at which Sample is due next: one nanosecond before a
// boundary. Sampling is the last phase of an instant, so that a bucket is
// closed after the last event before the boundary and before the first event at
// it: buckets and the measured window are exactly half-open.
func (r *Recorder) NextSample() int64 { return r.clock.next }

func (r *Recorder) plan() {
	c := &r.clock
	c.next = c.edge - 1
	if !c.warm {
		c.next = min(c.next, c.warmup-1)
	}
}

// Sample closes the bucket or ends the warm-up that is due at NextSample. Call
// it after all other events of that time.
func (r *Recorder) Sample(now int64) {
	c := &r.clock
	if now < c.next || c.finished {
		return
	}
	r.settle()
	at := c.next + 1
	c.now = max(c.now, at)
	if at == c.edge {
		if r.full() {
			r.rows.coalesce()
			c.width *= 2 // the current bucket is half over, and goes on
		} else {
			r.closeBucket(at)
		}
		c.edge = int64(r.rows.n+1) * c.width
		if c.edge <= 0 || c.edge/c.width != int64(r.rows.n+1) {
			c.edge = math.MaxInt64
		}
	}
	if !c.warm && at == c.warmup {
		r.begin(at)
	}
	r.plan()
}

// AsOf sets the time up to which results are computed when they are read during
// the run. It changes no result of the finished run.
func (r *Recorder) AsOf(now int64) {
	if !r.clock.finished {
		r.settle()
		r.clock.now = max(r.clock.now, now)
	}
}

// Finish ends recording at the end of the run; the last bucket may be shorter
// than the others. A run that ended within its warm-up has an empty measured
// window. To go on afterwards, finish a copy.
func (r *Recorder) Finish(now int64) {
	c := &r.clock
	if c.finished {
		return
	}
	r.settle()
	begun := int64(r.rows.n) * c.width
	c.now = max(now, begun)
	if now > begun {
		if r.full() {
			r.rows.coalesce()
			c.width *= 2
		}
		r.closeBucket(now)
	}
	if !c.warm {
		c.warmup = c.now
		r.begin(c.now)
	}
	c.finished, c.next = true, math.MaxInt64
}

// Close finishes the record at the end of the measured window and returns it. The
// receiver goes on with the operations that arrived in the window, whenever
// they end: Count, HistMean and the like are of these from now on. It has no
// more series.
func (r *Recorder) Close(now int64) Recorder {
	r.Finish(now)
	shut := *r
	r.rows, r.watched, r.past = rows{}, nil, nil
	*r = r.Clone()
	r.clock.span = uint64(now - r.clock.cut)
	return shut
}

// begin starts the measured window: the totals so far become the base that
// results subtract.
func (r *Recorder) begin(at int64) {
	r.clock.warm, r.clock.cut = true, at
	copy(r.began, r.counters)
	for i := range r.levels {
		l, past := &r.levels[i], &r.levelPasts[i]
		past.base = l.areaAt(at)
		past.bucket, past.max = max(past.bucket, l.max), math.MinInt64
		l.max = l.value
	}
	r.resetWatched()
	for i := range r.hists {
		r.resetHist(i)
	}
}

// areaAt is the integral from 0 to a time that is not before the last change.
func (l *Level) areaAt(at int64) wide { return product(l.value, at).minus(l.moment.minus(middle)) }

// maxRows bounds the memory of all rows, in bytes: where a design has very many
// metrics, buckets double before the points are used up.
const (
	maxRows   = 256 << 20
	minPoints = 16
)

// full reports whether the bucket that is open now will be joined with the one
// behind it.
func (r *Recorder) full() bool {
	return r.rows.n == r.clock.points || r.rows.n >= minPoints && r.rows.n%2 == 0 && r.rows.next() > r.clock.bytes
}

// closeBucket appends one row: running totals at the boundary, so that any
// window is a difference of two rows and coalescing only drops rows; and the
// maxima and cells of the bucket.
func (r *Recorder) closeBucket(at int64) {
	w, left := &r.rows, r.clock.points-r.rows.n
	for i, n := range r.counters {
		if n != 0 && w.counts.place[i] == 0 {
			w.counts.join(i)
		}
	}
	w.counts.reserve(left)
	for _, i := range w.counts.metrics {
		w.counts.data = append(w.counts.data, r.counters[i])
	}
	w.counts.close()
	r.closeLevels(at, left)
	r.closeHists(left)
	w.n++
	r.watch(at)
}

func (r *Recorder) closeLevels(at int64, left int) {
	t := &r.rows.levels
	for i := range r.levels {
		if t.place[i] != 0 {
			continue
		}
		if l, past := &r.levels[i], &r.levelPasts[i]; l.value != 0 || l.max != 0 || past.bucket > 0 || l.moment != middle {
			t.join(i)
		} else {
			past.max, past.bucket = max(past.max, 0), math.MinInt64
		}
	}
	t.reserve(left)
	for _, i := range t.metrics {
		l, past := &r.levels[i], &r.levelPasts[i]
		t.data = append(t.data, levelRow{l.areaAt(at), max(past.bucket, l.max), l.value})
		past.max, past.bucket = max(past.max, l.max), math.MinInt64
		l.max = l.value
	}
	t.close()
}

func (r *Recorder) closeHists(left int) {
	t := &r.rows.hists
	for i := range r.hists {
		if r.hists[i].count != 0 && t.place[i] == 0 {
			t.join(i)
		}
	}
	t.reserve(left)
	r.rows.reserveCells(left)
	for _, i := range t.metrics {
		h, past := &r.hists[i], &r.histPasts[i]
		for left := h.touched; left != 0; left &= left - 1 {
			octave := bits.TrailingZeros64(left)
			r.harvest(h, octave)
			h.base[octave] |= idle
		}
		h.touched = 0
		t.data = append(t.data, histRow{h.sum, h.count, max(past.bucket, h.max), len(r.rows.cells)})
		past.max, past.bucket = max(past.max, h.max), none
		h.max = none
	}
	t.close()
}

// harvest appends the cells of one octave that received values since the last
// boundary.
func (r *Recorder) harvest(h *Hist, octave int) {
	block := h.block(uint(octave))
	bins := r.bins[block*octaveBins:][:octaveBins]
	seen := r.seen[block*octaveCells:][:octaveCells]
	for c := range seen {
		total := sum8(bins[c*cellBins:])
		if total != seen[c] {
			r.rows.cells = appendCell(r.rows.cells, octave*octaveCells+c, total-seen[c])
			seen[c] = total
		}
	}
}
