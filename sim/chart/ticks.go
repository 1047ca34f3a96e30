package chart

import (
	"math"
	"strconv"
	"strings"

	"asynclab/sim/draw"
)

// tick is a mark on an axis; one without a label is a thinner line.
type tick struct {
	value float64
	label string
}

// span is the drawn range of an axis.
type span struct {
	lo, hi float64
	log    bool
}

// part returns the position of a value in the span, from 0 to 1.
func (s span) part(v float64) float64 {
	if s.log {
		return math.Log(v/s.lo) / math.Log(s.hi/s.lo)
	}
	return (v - s.lo) / (s.hi - s.lo)
}

func (s span) value(part float64) float64 {
	if s.log {
		return s.lo * math.Pow(s.hi/s.lo, part)
	}
	return s.lo + part*(s.hi-s.lo)
}

// measureUnit says how to write the numbers of an axis: multiplied, and each
// with a suffix. A clock has no single unit ("1m30s").
type measureUnit struct {
	times  float64
	name   string // of the unit, for the label of the axis
	suffix string // of each number
	clock  bool
}

var secondUnits = []struct {
	below float64
	unit  measureUnit
}{{1e-6, measureUnit{1e9, "ns", "", false}}, {1e-3, measureUnit{1e6, "µs", "", false}}, {1, measureUnit{1e3, "ms", "", false}}, {180, measureUnit{1, "s", "", false}}}

// unitFor chooses the unit of an axis that goes up to a value.
func unitFor(u draw.Unit, most float64) measureUnit {
	switch u {
	case draw.Seconds:
		for _, s := range secondUnits {
			if most <= s.below {
				return s.unit
			}
		}
		return measureUnit{1, "", "", true}
	case draw.Ratio:
		return measureUnit{100, "", "%", false}
	case draw.Bytes, draw.BytesPerSecond:
		per := ""
		if u == draw.BytesPerSecond {
			per = "/s"
		}
		for i, name := range []string{"B", "kB", "MB", "GB"} {
			if most < math.Pow10(3*i+4) || i == 3 {
				return measureUnit{math.Pow10(-3 * i), name + per, "", false}
			}
		}
	}
	m := measureUnit{times: 1}
	if u == draw.PerSecond {
		m.name = "/s"
	}
	for _, s := range []struct {
		from   float64
		suffix string
	}{{1e10, "G"}, {1e7, "M"}, {1e4, "k"}} {
		if most >= s.from {
			m.times, m.suffix = 10/s.from, s.suffix
			return m
		}
	}
	return m
}

// label writes a tick; step is the distance to the next, in the base unit.
func (m measureUnit) label(v, step float64, withName bool) string {
	if m.clock {
		return draw.Quantity{Value: math.Round(v), Unit: draw.Seconds}.String()
	}
	text := "0"
	if math.Abs(v) > step*1e-6 {
		decimals := max(0, -int(math.Floor(math.Log10(step*m.times)+1e-9)))
		text = thousands(strconv.FormatFloat(v*m.times, 'f', decimals, 64)) + m.suffix
	}
	if withName {
		text += m.name
	}
	return text
}

// thousands sets a comma after each three digits of a number from 10,000 on.
func thousands(number string) string {
	whole, rest, _ := strings.Cut(number, ".")
	if len(strings.TrimPrefix(whole, "-")) < 5 {
		return number
	}
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	return whole
}

// steps yields round distances between ticks, ascending, from at least some
// distance on.
func steps(least float64, clock bool) func(yield func(float64) bool) {
	return func(yield func(float64) bool) {
		if clock {
			for _, s := range []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200} {
				if s >= least && !yield(s) {
					return
				}
			}
			for day := 86400.0; ; {
				for _, f := range []float64{1, 2, 5} {
					if f*day >= least && !yield(f*day) {
						return
					}
				}
				day *= 10
			}
		}
		for ten := math.Floor(math.Log10(least)); ; ten++ {
			for _, f := range []float64{1, 2, 5} {
				s := power(ten) * f
				if s >= least*(1-1e-9) && !yield(s) {
					return
				}
			}
		}
	}
}

// power returns a power of ten; negative ones by a division, which is exact
// where Pow is not.
func power(ten float64) float64 {
	if ten < 0 {
		return 1 / math.Pow(10, -ten)
	}
	return math.Pow(10, ten)
}

// linearTicks returns the ticks at multiples of a step inside a span.
func linearTicks(s span, step float64, m measureUnit, withName bool) []tick {
	var out []tick
	first := math.Ceil(s.lo/step - 1e-9)
	for k := first; k*step <= s.hi+step*1e-9; k++ {
		v := k * step
		out = append(out, tick{v, m.label(v, step, withName)})
	}
	return out
}

// logTicks returns ticks at 1, 2, 5 times each power of ten, or only at the
// powers; every is the distance of labels: 0 labels all three, 1 each power, 2
// every other one …
func logTicks(s span, every int, label func(v float64) string) []tick {
	var out []tick
	from, to := math.Floor(math.Log10(s.lo)+1e-9), math.Ceil(math.Log10(s.hi)-1e-9)
	for ten := from; ten <= to; ten++ {
		for f := 1.0; f < 10; f++ {
			v := power(ten) * f
			if v < s.lo*(1-1e-9) || v > s.hi*(1+1e-9) {
				continue
			}
			labelled := f == 1 && (every <= 1 || math.Mod(ten-from, float64(every)) == 0) ||
				every == 0 && (f == 2 || f == 5)
			switch {
			case labelled:
				out = append(out, tick{v, label(v)})
			case every <= 1:
				out = append(out, tick{v, ""})
			}
		}
	}
	return out
}

// logLabel writes a tick of a logarithmic axis, where each tick has its own
// unit, but for an axis that keeps one. Times stay in seconds, of which 1, 2 and 5 times a
// power of ten are round: 200s instead of 3m20s.
func (a *axis) logLabel(v float64) string {
	u := a.unit
	if a.kept {
		return a.measure.label(v, v, true)
	}
	if u == draw.Seconds && v >= 60 && v < 1e6 {
		return strconv.FormatFloat(v, 'f', 0, 64) + "s"
	}
	if u == draw.Seconds || u == draw.Ratio {
		return draw.FormatQuantity(v, u)
	}
	return unitFor(u, v).label(v, v, true)
}

// fitting chooses the ticks for a length in pixels: as many as leave space
// between the labels; room returns the size of a label along the axis. Of names each,
// each second … has its label.
func (a *axis) fitting(names []string, length float64, room func(label string) float64) []tick {
	for every := 1; len(names) > 0; every++ {
		var t []tick
		for i, name := range names {
			if i%every != 0 {
				name = ""
			}
			t = append(t, tick{float64(i), name})
		}
		if every >= len(names) || a.apart(t, length, room) {
			return t
		}
	}
	if a.span.log {
		for every := 0; ; every++ {
			t := logTicks(a.span, every, a.logLabel)
			if every > 400 || a.apart(t, length, room) {
				return t
			}
		}
	}
	size := a.span.hi - a.span.lo
	for step := range steps(size*a.closest/max(length, 1), a.measure.clock) {
		t := linearTicks(a.span, step, a.measure, a.names)
		if a.apart(t, length, room) {
			return t
		}
	}
	return nil
}

// apart reports whether no label comes too near the next.
func (a *axis) apart(ticks []tick, length float64, room func(label string) float64) bool {
	end := math.Inf(-1)
	for _, t := range ticks {
		if t.label == "" {
			continue
		}
		half := room(t.label) / 2
		middle := max(a.span.part(t.value)*length, half-a.lead)
		if middle-half < end {
			return false
		}
		end = middle + half
	}
	return true
}

// axis is an axis during its layout.
type axis struct {
	span    span
	unit    draw.Unit
	measure measureUnit
	names   bool    // each tick shows its unit
	kept    bool    // all ticks are in the unit of measure, those of a logarithmic axis too
	closest float64 // ticks are at least so many pixels apart
	lead    float64 // room for labels before the beginning; a label that needs more is moved
	ticks   []tick
}

// logSpan returns a span around positive data that ends at 1, 2 or 5 times a
// power of ten.
func logSpan(e extent) span {
	if e.empty() {
		return span{0.001, 1, true}
	}
	lo, hi := below(e.lo), above(e.hi)
	for hi < 4*lo {
		if hi/e.hi < e.lo/lo {
			hi = above(hi * 1.01)
		} else {
			lo = below(lo * 0.99)
		}
	}
	return span{lo, hi, true}
}

func above(v float64) float64 {
	ten := power(math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 2, 5} {
		if v <= ten*f*(1+1e-9) {
			return ten * f
		}
	}
	return ten * 10
}

func below(v float64) float64 {
	ten := power(math.Floor(math.Log10(v)))
	for _, f := range []float64{5, 2} {
		if v >= ten*f*(1-1e-9) {
			return ten * f
		}
	}
	return ten
}

// linearSpan returns a span that includes 0 and ends at a tick; closest is the
// least distance of ticks as a share of the axis.
func linearSpan(e extent, u draw.Unit, closest float64, clock bool) span {
	if e.empty() {
		return span{0, 1, false}
	}
	lo, hi := min(e.lo, 0), max(e.hi, 0)
	if lo == hi {
		return span{0, 1, false}
	}
	if u == draw.Ratio && lo == 0 && hi > 0.5 && hi <= 1 {
		return span{0, 1, false}
	}
	for step := range steps((hi-lo)*closest, clock) {
		s := span{math.Floor(lo/step+1e-9) * step, math.Ceil(hi/step-1e-9) * step, false}
		if (s.hi-s.lo)*closest <= step || step >= hi-lo {
			return s
		}
	}
	return span{lo, hi, false}
}
