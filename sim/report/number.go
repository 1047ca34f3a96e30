package report

import (
	"math"
	"strconv"

	"asynclab/sim"
	"asynclab/sim/draw"
)

// rounding is the relative difference up to which values count as equal.
const rounding = 1e-12

// estimate formats a metric: the value, with replications ± half the width of
// its interval.
func estimate(m sim.Metric) string {
	half := (m.High - m.Low) / 2
	if m.N < 2 || math.IsNaN(half) || half <= rounding*math.Abs(m.Mean) {
		return quantity(m.Mean, m.Unit)
	}
	return within(m.Mean, half, m.Unit)
}

// within formats a value with the uncertainty half: half has one digit, two
// where it begins with a 1, and the value has as many decimals as half.
func within(v, half float64, u draw.Unit) string {
	factor, suffix, ok := scale(v, u)
	h := half * factor
	if !ok || u != draw.Ratio && h < 1e-4*math.Abs(v*factor) {
		return quantity(v, u) + " ±" + quantity(draw.Significant(half, 2), u)
	}
	decimals := decimalsOf(h)
	write := func(x float64) string {
		text := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
		if x < 0 {
			return "-" + group(text) + suffix
		}
		return group(text) + suffix
	}
	return write(v*factor) + " ±" + write(h)
}

// scale returns the unit in which a value is written; ok is false where two
// units are used ("2m30s") or the unit is chosen elsewhere.
func scale(v float64, u draw.Unit) (factor float64, suffix string, ok bool) {
	v = math.Abs(v)
	switch u {
	case draw.Seconds:
		switch {
		case v >= 59.95:
			return 0, "", false
		case v >= 0.9995:
			return 1, "s", true
		case v >= 0.9995e-3:
			return 1e3, "ms", true
		case v >= 0.9995e-6:
			return 1e6, "µs", true
		}
		return 1e9, "ns", true
	case draw.Ratio:
		return 100, "%", true
	case draw.PerSecond:
		return 1, "/s", true
	case draw.None:
		return 1, "", v < 1e15
	}
	return 0, "", false
}

// quantity formats a value with three digits; large counts keep all their
// digits, and a share just below 100 % keeps as many as show the difference.
func quantity(v float64, u draw.Unit) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case v < 0:
		return "-" + quantity(-v, u)
	case u == draw.None && v >= 1000 && v < 1e15:
		return group(strconv.FormatFloat(v, 'f', 0, 64))
	case u == draw.PerSecond && v < 0.1 && v > 0:
		return strconv.FormatFloat(draw.Significant(v, 3), 'g', -1, 64) + "/s"
	case u == draw.PerSecond:
		return group(draw.FormatQuantity(v, u))
	case u == draw.Ratio && v >= 0.999 && v < 1 && v > 1-1e-9:
		return draw.FormatQuantity(v, u)
	case u == draw.Ratio && v >= 0.999 && v < 1:
		missing := draw.Significant(100*(1-v), 1)
		return strconv.FormatFloat(100-missing, 'f', -int(math.Floor(math.Log10(missing)+1e-9)), 64) + "%"
	}
	return draw.FormatQuantity(v, u)
}
