package study

import (
	"context"
	"errors"
	"math"
	"slices"

	"asynclab/sim/measure"
	"asynclab/sim/spell"
)

// Flip is the value of a parameter at which an expectation ceases to be met, or begins
// to be. The answer lies in [Low, High] with 95 % confidence.
type Flip struct {
	At, Low, High     float64
	Below             bool // met below, missed above
	OpenLow, OpenHigh bool // the interval goes on beyond what was varied
	Replications      int
	Reached           bool // the interval is as narrow as it was to be
	Spent             bool // the search ended with the runs it was allowed
	// Missed is the end of the interval at which the expectation is missed, and Found what
	// matters most of what happened there in the first replication, design by design.
	Missed float64
	Found  []spell.Text
}

// errSpent says that a search has no runs left.
var errSpent = errors.New("the runs of the search are spent")

// probe is an expectation at a value of the parameter: which side is clear, and how much
// room there is to the bound, with its 95 % interval.
type probe struct {
	x    float64
	side int // 1: met, -1: missed, 0: the interval straddles the bound
	room measure.Estimate
}

// met is the side of the mean.
func (p probe) met() bool { return p.side > 0 || p.side == 0 && p.room.Mean > 0 }

// flipper searches for a flip.
//
// With common random numbers the first R replications are one random function of the
// parameter, room_R(x), and its 95 % interval another. Which values x do not contradict
// a flip at x, {x: 0 is in the interval at x}, is then settled before the search begins:
// the search only looks for the ends of this set, and however it gets there, the set
// contains the true value with 95 % (the inversion of a test, as in Fieller, 1954, for a
// sample average as in Kleywegt, Shapiro & Homem-de-Mello, 2002). R is doubled until
// the set is narrow; a stopping rule that looks at its width alone keeps the
// confidence in the limit (Chow & Robbins, 1965).
type flipper struct {
	eval      func(ctx context.Context, xs []float64, reps int) ([]probe, error) // in the order of xs
	outer     []float64                                                          // values at which the interval may end, ascending; the search stays inside
	log       bool                                                               // equal ratios
	integer   bool
	precision float64 // half the width of the interval, as a share of the value, at which to stop
	least     int     // replications to begin with
	most      int
}

// search finds the flip between two values with different sides, given by the means.
// When the runs are spent it is known as well as it is by then.
func (f *flipper) search(ctx context.Context, a, b float64) (Flip, error) {
	h := &hunt{flipper: f, lo: a, hi: b}
	var best *Flip
	for reps := f.least; ; reps = min(2*reps, f.most) {
		h.reps, h.known = reps, nil
		err := h.bracket(ctx)
		if err == nil {
			err = h.narrow(ctx)
			out := h.flip() // of what is known, whether it is all
			if best == nil || err == nil || out.High-out.Low < best.High-best.Low {
				best = &out
			}
		}
		switch {
		case errors.Is(err, errSpent) && best != nil:
			best.Spent = !best.Reached
			return *best, nil
		case err != nil:
			return Flip{}, err
		case best.Reached || reps == f.most:
			return *best, nil
		}
		h.lo, h.hi = best.Low, best.High
	}
}

// hunt is the search with one number of replications.
type hunt struct {
	*flipper
	lo, hi float64
	reps   int
	known  []probe // ascending
	first  int     // the side at the lower end of the bracket, -1 or 1
	open   [2]bool // no end of the range is clear
}

// ask evaluates the values that are not known.
func (h *hunt) ask(ctx context.Context, xs ...float64) error {
	slices.Sort(xs)
	xs = slices.DeleteFunc(slices.Compact(xs), func(x float64) bool {
		return slices.ContainsFunc(h.known, func(p probe) bool { return p.x == x })
	})
	if len(xs) == 0 {
		return nil
	}
	got, err := h.eval(ctx, xs, h.reps)
	if err != nil {
		return err
	}
	h.known = append(h.known, got...)
	slices.SortFunc(h.known, func(a, b probe) int { return cmpFloat(a.x, b.x) })
	return nil
}

func (h *hunt) at(x float64) probe {
	return h.known[slices.IndexFunc(h.known, func(p probe) bool { return p.x == x })]
}

// bracket widens [lo, hi] until the sides of both ends are clear, and different.
func (h *hunt) bracket(ctx context.Context) error {
	if err := h.ask(ctx, h.lo, h.hi); err != nil {
		return err
	}
	h.open = [2]bool{}
	lo, hi := h.at(h.lo), h.at(h.hi)
	for i := len(h.outer) - 1; lo.side == 0 || lo.side == hi.side; i-- {
		for i >= 0 && h.outer[i] >= lo.x {
			i--
		}
		if i < 0 {
			h.open[0] = true
			break
		}
		if err := h.ask(ctx, h.outer[i]); err != nil {
			return err
		}
		lo = h.at(h.outer[i])
	}
	for i := 0; hi.side == 0 || hi.side == lo.side; i++ {
		for i < len(h.outer) && h.outer[i] <= hi.x {
			i++
		}
		if i == len(h.outer) {
			h.open[1] = true
			break
		}
		if err := h.ask(ctx, h.outer[i]); err != nil {
			return err
		}
		hi = h.at(h.outer[i])
	}
	h.lo, h.hi, h.first = lo.x, hi.x, lo.side
	if h.first == 0 {
		h.first = -hi.side
	}
	if h.first == 0 { // unclear everywhere: the mean decides which way it goes
		h.first = -1
		if lo.met() {
			h.first = 1
		}
	}
	return nil
}

// The three places that are looked for: the ends of the interval, and the flip of the
// mean.
const (
	lowEnd = iota
	middle
	highEnd
)

// before reports whether a probe lies before the place: on the side of the lower end.
func (h *hunt) before(place int, p probe) bool {
	switch place {
	case lowEnd:
		return p.side == h.first
	case highEnd:
		return p.side != -h.first
	}
	return p.met() == (h.first > 0)
}

// gap is the step of known values over which the place lies: the first for the lower
// end and the middle, the last for the upper end, so that what is not monotone widens
// the interval. ok is false where the place is at the edge of the range.
func (h *hunt) gap(place int) (a, b probe, ok bool) {
	for i := 1; i < len(h.known); i++ {
		p, q := h.known[i-1], h.known[i]
		if p.x < h.lo || q.x > h.hi || !h.before(place, p) || h.before(place, q) {
			continue
		}
		a, b, ok = p, q, true
		if place != highEnd {
			break
		}
	}
	return a, b, ok
}

// height is the number that is 0 at the place.
func (h *hunt) height(place int, p probe) float64 {
	switch {
	case place == middle:
		return p.room.Mean
	case (place == lowEnd) == (h.first > 0):
		return p.room.Low
	}
	return p.room.High
}

const maxRounds = 40

// narrow asks for values until the three places are known well enough.
func (h *hunt) narrow(ctx context.Context) error {
	for round := range maxRounds {
		fine := h.fineness()
		var next []float64
		for place := range 3 {
			a, b, ok := h.gap(place)
			if !ok || h.scale(b.x)-h.scale(a.x) <= fine {
				continue
			}
			if x := h.between(place, a, b, round); x > a.x && x < b.x && !slices.Contains(next, x) {
				next = append(next, x)
			}
		}
		if len(next) == 0 {
			return nil
		}
		if err := h.ask(ctx, next...); err != nil {
			return err
		}
	}
	return nil
}

// scale is a coordinate in which the search has equal steps.
func (h *hunt) scale(x float64) float64 {
	if h.log {
		return math.Log(x)
	}
	return x
}

func (h *hunt) unscale(u float64) float64 {
	if h.log {
		return math.Exp(u)
	}
	return u
}

// fineness is the step within which a place is known well enough: a tenth of the
// interval as it is known, and no less than what can be told apart.
func (h *hunt) fineness() float64 {
	if h.integer {
		if h.log {
			return 0
		}
		return 1
	}
	lo, hi := h.scale(h.lo), h.scale(h.hi)
	if a, _, ok := h.gap(lowEnd); ok {
		lo = h.scale(a.x)
	}
	if _, b, ok := h.gap(highEnd); ok {
		hi = h.scale(b.x)
	}
	least := h.precision / 50
	if !h.log {
		least *= max(math.Abs(lo), math.Abs(hi))
	}
	return max((hi-lo)/10, least)
}

// between is the next value to ask for in a gap: where a straight line crosses 0, kept
// away from the ends; each third time the middle.
func (h *hunt) between(place int, a, b probe, round int) float64 {
	u, v := h.scale(a.x), h.scale(b.x)
	part := 0.5
	y, z := h.height(place, a), h.height(place, b)
	if round%3 != 2 && y != z && !math.IsInf(y, 0) && !math.IsInf(z, 0) && (y <= 0) != (z <= 0) {
		part = min(max(y/(y-z), 0.1), 0.9)
	}
	x := h.unscale(u + part*(v-u))
	if h.integer {
		return min(max(math.Round(x), a.x+1), b.x-1)
	}
	return significant(x, v-u, h.log)
}

// significant rounds a value to digits well below the width of the gap.
func significant(x, width float64, log bool) float64 {
	step := width / 100
	if log {
		step *= math.Abs(x)
	}
	if step <= 0 || math.IsInf(step, 0) {
		return x
	}
	unit := math.Pow10(int(math.Floor(math.Log10(step))))
	if unit < 1 { // dividing by a power of ten gives the nearest number to the decimal
		inverse := math.Round(1 / unit)
		return math.Round(x*inverse) / inverse
	}
	return math.Round(x/unit) * unit
}

// flip is what is known at the end.
func (h *hunt) flip() Flip {
	out := Flip{Low: h.lo, High: h.hi, Below: h.first > 0, OpenLow: h.open[0], OpenHigh: h.open[1], Replications: h.reps}
	if a, _, ok := h.gap(lowEnd); ok {
		out.Low = a.x
	}
	if _, b, ok := h.gap(highEnd); ok {
		out.High = b.x
	}
	out.At = math.NaN()
	if a, b, ok := h.gap(middle); ok {
		switch y, z := a.room.Mean, b.room.Mean; {
		case h.integer && h.first > 0:
			out.At = a.x
		case h.integer:
			out.At = b.x
		case y != z && !math.IsInf(y, 0) && !math.IsInf(z, 0):
			out.At = h.unscale(h.scale(a.x) + y/(y-z)*(h.scale(b.x)-h.scale(a.x)))
		default:
			out.At = h.unscale((h.scale(a.x) + h.scale(b.x)) / 2)
		}
	}
	if h.integer { // the value at a clear end that is missed is not an answer
		if h.first > 0 && !out.OpenHigh {
			out.High = max(out.High-1, out.Low)
		} else if h.first < 0 && !out.OpenLow {
			out.Low = min(out.Low+1, out.High)
		}
	}
	half := (out.High - out.Low) / 2
	out.Reached = !out.OpenLow && !out.OpenHigh && (half <= h.precision*math.Abs(out.At) || h.integer && half < 0.5)
	return out
}

// flips are the steps of a curve over which an expectation flips: between two values
// whose sides are clear and differ; where all that are clear agree, between two whose
// means differ.
func flips(probes []probe) [][2]float64 {
	clear := changes(probes, func(p probe) int { return p.side })
	if len(clear) > 0 || !slices.ContainsFunc(probes, func(p probe) bool { return p.side != 0 }) {
		return clear
	}
	return changes(probes, func(p probe) int {
		if p.met() {
			return 1
		}
		return -1
	})
}

// changes are the steps between values of different sides; 0 is no side.
func changes(probes []probe, side func(probe) int) (out [][2]float64) {
	last := -1
	for i, p := range probes {
		if side(p) == 0 {
			continue
		}
		if last >= 0 && side(probes[last]) != side(p) {
			out = append(out, [2]float64{probes[last].x, p.x})
		}
		last = i
	}
	return out
}

// throughout says what an expectation without a flip does over the whole range.
func throughout(probes []probe) spell.Text {
	met, missed := 0, 0
	for _, p := range probes {
		switch p.side {
		case 1:
			met++
		case -1:
			missed++
		}
	}
	switch n := len(probes); {
	case met == n:
		return spell.Textf("is met at every value")
	case missed == n:
		return spell.Textf("is missed at every value")
	case met == 0 && missed == 0:
		return spell.Textf("is inconclusive at every value")
	case missed == 0:
		return spell.Textf("is met at %d of %d values, inconclusive at the others", met, n)
	case met == 0:
		return spell.Textf("is missed at %d of %d values, inconclusive at the others", missed, n)
	}
	return spell.Text{}
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
