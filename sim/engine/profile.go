package engine

import (
	"asynclab/sim/design"
	"math"
	"sort"
)

// profile is the rate of an arrival process over time and its integral, the
// expected number of arrivals: piecewise linear, so that the integral is
// piecewise quadratic and can be inverted in closed form.
type profile struct {
	rate   float64 // constant rate, when there are no pieces
	pieces []piece
	period float64 // seconds after which the pieces repeat; 0: the last rate goes on
	total  float64 // expected arrivals in all pieces
}

type piece struct {
	at, until float64 // seconds
	rate      float64 // at the start
	slope     float64
	before    float64 // expected arrivals before the piece
}

func newProfile(a *design.Arrivals) profile {
	scale := a.Scale
	if scale == 0 {
		scale = 1
	}
	p := profile{rate: a.Rate * scale}
	t := 0.0
	for _, s := range a.Profile {
		d := s.For.Seconds()
		if d <= 0 {
			continue
		}
		from, to := float64(s.From*scale), float64(s.To*scale)
		p.pieces = append(p.pieces, piece{at: t, until: t + d, rate: from, slope: (to - from) / d, before: p.total})
		p.total += float64(float64((from+to)*d) / 2)
		t += d
		p.rate = to
	}
	if a.Repeat {
		p.period = t
	}
	return p
}

// count is the expected number of arrivals in [0, t) seconds.
func (p *profile) count(t float64) float64 {
	if len(p.pieces) == 0 {
		return p.rate * t
	}
	sum := 0.0
	if p.period > 0 {
		k := math.Floor(t / p.period)
		sum = float64(k * p.total)
		t -= float64(k * p.period)
	} else if last := &p.pieces[len(p.pieces)-1]; t >= last.until {
		return p.total + float64(p.rate*(t-last.until))
	}
	i := sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].until > t })
	if i == len(p.pieces) {
		return sum + p.total
	}
	q := &p.pieces[i]
	d := t - q.at
	return sum + q.before + float64(q.rate*d) + float64(float64(float64(q.slope*d)*d)/2)
}

// when inverts count: the time in seconds at which n arrivals are expected;
// +Inf when that never comes.
func (p *profile) when(n float64) float64 {
	if len(p.pieces) == 0 {
		return n / p.rate
	}
	return p.whenVaries(n)
}

func (p *profile) whenVaries(n float64) float64 {
	start := 0.0
	if p.period > 0 {
		if p.total <= 0 {
			return math.Inf(1)
		}
		k := math.Floor(n / p.total)
		start = float64(k * p.period)
		n -= float64(k * p.total)
	} else if n >= p.total {
		if p.rate <= 0 {
			return math.Inf(1)
		}
		return p.pieces[len(p.pieces)-1].until + (n-p.total)/p.rate
	}
	// The last piece that begins at or before n, skipping those without arrivals.
	i := sort.Search(len(p.pieces), func(i int) bool { return p.pieces[i].before > n }) - 1
	i = max(i, 0)
	for i+1 < len(p.pieces) && p.pieces[i].rate == 0 && p.pieces[i].slope == 0 {
		i++
	}
	q := &p.pieces[i]
	m := n - q.before
	d := 0.0
	switch {
	case m <= 0:
	case q.slope == 0:
		d = m / q.rate
	default: // the stable form of the root of slope/2·d² + rate·d = m
		disc := float64(q.rate*q.rate) + float64(2*float64(q.slope*m))
		d = 2 * m / (q.rate + math.Sqrt(max(0, disc)))
	}
	return start + min(q.at+d, q.until)
}

// never is later than any run lasts.
const never = int64(1) << 60

func nanos(seconds float64) int64 {
	if !(seconds < 1e9) {
		return never
	}
	return int64(float64(seconds*1e9) + 0.5)
}
