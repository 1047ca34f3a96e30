package study

import (
	"math"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

// Curve is a metric of a design along a parameter. Values are by place and replication;
// NaN where a replication has no samples. A place where the design has no such metric
// has none.
type Curve struct {
	Design, Metric string
	Unit           draw.Unit
	X              []float64
	Values         [][]float64
	Error          []float64 // of a percentile: the error of the histogram
}

// At is the estimate at a place: the mean with its 95 % interval.
func (c *Curve) At(i int) measure.Estimate {
	e := measure.Summarize(c.Values[i])
	e.Low -= c.Error[i]
	e.High += c.Error[i]
	return e
}

// Crossing is where two designs change their order in a metric, as far as the values on
// both sides tell them apart: A lies below B on one side, above it on the other.
type Crossing struct {
	Metric    string
	A, B      string
	At        float64 // where straight lines between the means cross
	Low, High float64 // the nearest values on both sides where the difference is clear
	Below     bool    // A is lower below the crossing
}

// crossings compares two curves place by place, replication by replication. With common
// random numbers the paired differences have narrow intervals.
func crossings(a, b *Curve) (out []Crossing) {
	last, side := -1, 0
	var mean []float64
	for i := range a.X {
		d := measure.Paired(a.Values[i], b.Values[i])
		off := a.Error[i] + b.Error[i]
		mean = append(mean, d.Mean)
		now := 0
		switch {
		case d.N < 2:
		case d.Low-off > 0:
			now = 1
		case d.High+off < 0:
			now = -1
		}
		if now == 0 {
			continue
		}
		if last >= 0 && now != side {
			out = append(out, Crossing{Metric: a.Metric, A: a.Design, B: b.Design, Below: side < 0,
				At: crossingAt(a.X[last:i+1], mean[last:i+1]), Low: a.X[last], High: a.X[i]})
		}
		last, side = i, now
	}
	return out
}

// crossingAt is where the line through points, whose ends have different signs, crosses
// 0 first. Points without a value are left out.
func crossingAt(x, y []float64) float64 {
	p := 0
	for i := 1; i < len(x); i++ {
		if math.IsNaN(y[i]) {
			continue
		}
		if (y[p] < 0) != (y[i] < 0) {
			return x[p] + y[p]/(y[p]-y[i])*(x[i]-x[p])
		}
		p = i
	}
	return x[len(x)-1]
}

// Knee is the load that a design carries best: where its power, throughput over mean
// latency, is greatest. On a curve of latency over load this is the point at which a
// line from the origin touches it (Kleinrock, "Power and deterministic rules of thumb",
// 1979); unlike the points of greatest bend it does not depend on how far the curve is
// drawn. Of M/M/1 it lies at half the capacity.
type Knee struct {
	Design, Load string
	Found        bool
	At           float64 // the value of greatest power
	Low, High    float64 // the greatest power lies between these values, as far as the intervals tell
	Rising       bool    // where there is none: the power still rises at the upper end of the range, else it falls from the lower end
	Unclear      bool    // where there is none: within the noise it can be anywhere in the range, or at an end of it
}

// knee finds the greatest power along a curve; ok is false where there are too few
// values to say anything.
func knee(throughput, latency *Curve) (k Knee, ok bool) {
	k = Knee{Design: throughput.Design}
	var x []float64
	var power [][]float64
	for i := range throughput.X {
		p := make([]float64, min(len(throughput.Values[i]), len(latency.Values[i])))
		for r := range p {
			p[r] = throughput.Values[i][r] / latency.Values[i][r]
			if math.IsNaN(p[r]) || math.IsInf(p[r], 0) {
				p[r] = 0 // nothing was completed
			}
		}
		if len(p) > 0 {
			x, power = append(x, throughput.X[i]), append(power, p)
		}
	}
	if len(x) < 3 {
		return k, false
	}
	best, most := 0, math.Inf(-1)
	for i := range x {
		if m := measure.Summarize(power[i]).Mean; m > most {
			best, most = i, m
		}
	}
	if best == 0 || best == len(x)-1 || most == 0 {
		k.Rising = best > 0
		return k, most > 0
	}
	from, to := best, best
	for i := range x {
		if d := measure.Paired(power[best], power[i]); d.N > 1 && d.Low > 0 || d.N == 1 && d.Mean > 0 {
			continue
		}
		from, to = min(from, i), max(to, i)
	}
	k.Found, k.At = true, x[best]
	if from == 0 || to == len(x)-1 || from == 1 && to == len(x)-2 { // the interval would be the whole range
		k.Found, k.Unclear = false, true
		return k, true
	}
	k.Low, k.High = x[from-1], x[to+1]
	return k, true
}
