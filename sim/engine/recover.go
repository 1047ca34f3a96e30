package engine

import (
	"math"

	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// How long it takes after a fault until all is as it was: fault.NAME.time_to_recover.
// Everything is read from the series, so its resolution is their interval.

// What counts as recovered.
const (
	leastIntervals = 10             // of the calm before
	leastStay      = 10_000_000_000 // ns for which it has to stay so
	stayShare      = 10             // or this part of the fault's length
	goodShare      = 0.99           // of the share of good operations before
	widths         = 3              // standard deviations by which a line may be longer than its longest before
)

// lines are the levels of what waits: in the rooms of services, and in queues that
// somebody reads.
func (r *Run) lines() (all []measure.LevelID) {
	for i := range r.prog.services {
		all = append(all, r.prog.services[i].m.l+metric.ServiceWaiting)
	}
	for i := range r.prog.queues {
		if r.prog.queues[i].consumers > 0 {
			all = append(all, r.prog.queues[i].m.l+metric.QueueDepth)
		}
	}
	return all
}

// recovery finds times to recover. It keeps what faults that began together share.
type recovery struct {
	r           *Run
	first, last int    // the intervals before
	long        []bool // by interval: a line is longer than before
}

// recovered is fault.NAME.time_to_recover in seconds: the longest of the occurrences that
// have one.
func (r *Run) recovered(i int32) float64 {
	longest, find := math.NaN(), recovery{r: r}
	if r.faults[i].slot == 0 {
		return longest
	}
	for k := range r.impact.spans {
		s := &r.impact.spans[k]
		if s.fault != i {
			continue
		}
		if t := find.after(s); math.IsNaN(longest) || t > longest {
			longest = t
		}
	}
	return longest
}

// after is the time to recover of an occurrence; NaN if there is none.
func (f *recovery) after(s *episode) float64 {
	rec := f.r.kept()
	width, n := rec.Width(), rec.Intervals()
	if s.quiet == never || s.ended == never || width != f.r.impact.width {
		return math.NaN()
	}
	first, last := int((s.quiet+width-1)/width), int(s.begun/width)
	if last-first < leastIntervals {
		return math.NaN()
	}
	if f.long == nil || f.first != first || f.last != last {
		f.first, f.last, f.long = first, last, f.r.longer(first, last)
	}
	stay := max(leastStay, (s.ended-s.begun)/stayShare)
	intervals := int((stay + width - 1) / width)
	if s.next < never {
		n = min(n, int(s.next/width))
	}
	shares := f.r.shares(first, last)
	for i := int((s.ended + width - 1) / width); i+intervals <= n; i++ {
		if f.r.good(shares, i, i+intervals) && !anyOf(f.long[i:i+intervals]) {
			return float64(int64(i)*width-s.ended) / 1e9
		}
	}
	return math.NaN()
}

func anyOf(all []bool) bool {
	for _, is := range all {
		if is {
			return true
		}
	}
	return false
}

// longer tells of each interval whether some line was longer in it than its longest in
// the intervals from first to last, plus three standard deviations of its mean lengths
// in these.
func (r *Run) longer(first, last int) []bool {
	rec := r.kept()
	out := make([]bool, rec.Intervals())
	for _, id := range r.lines() {
		most := rec.LevelSeries(id, measure.StatMax).Values
		means := rec.LevelSeries(id, measure.StatMean).Values[first:last]
		limit := 0.0
		for _, v := range most[first:last] {
			limit = max(limit, v)
		}
		limit += float64(widths * measure.Deviation(means))
		for i, v := range most {
			out[i] = out[i] || v > limit
		}
	}
	return out
}

// shares are the shares of good operations by load, of those that arrived in the
// intervals from first to last; NaN of a load without any.
func (r *Run) shares(first, last int) []float64 {
	out := make([]float64, len(r.prog.loads))
	for l := range out {
		sum := r.cameIn(l, first, last)
		out[l] = float64(sum.good) / float64(sum.offered)
	}
	return out
}

func (r *Run) cameIn(load, from, to int) (sum struct{ offered, good uint64 }) {
	n := len(r.prog.loads)
	for i := from; i < to && i*n < len(r.impact.grid); i++ {
		c := r.impact.grid[i*n+load]
		sum.offered += uint64(c.offered)
		sum.good += uint64(c.good)
	}
	return sum
}

// good reports whether of every load enough operations that arrived in the intervals
// are good. A load of which none arrived, or none before, says nothing.
func (r *Run) good(before []float64, from, to int) bool {
	for l, share := range before {
		if sum := r.cameIn(l, from, to); sum.offered > 0 && float64(sum.good) < float64(goodShare*share)*float64(sum.offered) {
			return false
		}
	}
	return true
}
