package expect

import (
	"fmt"
	"math"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

// Change is a metric now beside the same metric in an earlier run, by replication.
type Change struct {
	Now, Base []float64 // NaN: no samples
	// Paired says that both had the same random numbers, replication by replication:
	// the differences of the pairs are judged. Otherwise Welch's interval is.
	Paired    bool
	Higher    bool    // more of it is better
	Tolerance float64 // what may be worse, as a share of the mean of Base
	Off       float64 // how far the difference may be from the true one: errors of histograms
	Unit      draw.Unit
}

// Judge decides whether the metric is worse than before by more than the tolerance: if
// all of the interval of the difference is, the outcome is not met; if none of it, it
// passes; otherwise it is inconclusive. Without an interval it passes only if nothing
// has changed. Bound is the mean of Base with the tolerance added.
func (c Change) Judge() Outcome {
	now, base := measure.Summarize(c.Now), measure.Summarize(c.Base)
	switch {
	case now.N == 0 && base.N == 0:
		out := failed("no samples, as in the baseline")
		out.Pass, out.Unit = true, c.Unit
		return out
	case base.N == 0:
		out := failed("the baseline has no samples")
		out.Inconclusive, out.Unit, out.Value = true, c.Unit, now.Mean
		return out
	case now.N*len(c.Base) < base.N*len(c.Now):
		out := failed(fmt.Sprintf("no samples in %d of %d replications; in the baseline in %d of %d", len(c.Now)-now.N, len(c.Now), len(c.Base)-base.N, len(c.Base)))
		out.Unit = c.Unit
		return out
	}
	worse, allowed := 1.0, c.Tolerance*math.Abs(base.Mean)
	out := Outcome{Value: now.Mean, Low: now.Low, High: now.High, Unit: c.Unit, cmp: atMost}
	if c.Higher {
		worse, out.cmp = -1, atLeast
	}
	out.Bound = base.Mean + float64(worse*allowed)
	d, how := measure.Welch(c.Now, c.Base), "Welch"
	if c.Paired {
		d, how = measure.Paired(c.Now, c.Base), "paired"
	}
	out.Margin = measure.Estimate{Mean: d.Mean - float64(worse*allowed), Low: d.Low - float64(worse*allowed), High: d.High - float64(worse*allowed), N: d.N}
	switch {
	case c.same():
		out.Pass = true
	case d.N < 2:
		out.Inconclusive = true
		out.Detail = fmt.Sprintf("%s against %s, and one replication has no interval", draw.FormatQuantity(out.Value, c.Unit), draw.FormatQuantity(out.Bound, c.Unit))
		return out
	default:
		out.Margin.Low, out.Margin.High = out.Margin.Low-c.Off, out.Margin.High+c.Off
		room := out.Room()
		out.Inconclusive = room.Low < 0 && room.High >= 0
		out.Pass = room.Low >= 0
	}
	out.Detail = c.detail(out, how)
	return out
}

// same reports whether nothing has changed: every value, or where there are not as many
// as before, the only value that there is.
func (c Change) same() bool {
	if !c.Paired {
		all := append(append([]float64(nil), c.Now...), c.Base...)
		for _, v := range all {
			if v != all[0] {
				return false
			}
		}
		return true
	}
	for i, v := range c.Now {
		if b := c.Base[i]; v != b && !(math.IsNaN(v) && math.IsNaN(b)) {
			return false
		}
	}
	return true
}

func (c Change) detail(o Outcome, how string) string {
	show := func(v float64) string { return draw.FormatQuantity(v, c.Unit) }
	text := show(o.Value) + " against " + show(o.Bound)
	if o.Margin.N > 1 {
		text += fmt.Sprintf(", margin %s [%s, %s] (%s)", show(o.Margin.Mean), show(o.Margin.Low), show(o.Margin.High), how)
	}
	if o.Inconclusive {
		text += " straddles the bound"
	}
	return text
}
