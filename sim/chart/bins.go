package chart

import (
	"math"

	"asynclab/sim/measure"
)

// barsPerDecade is the number of bars for a factor of ten on a logarithmic
// axis.
const barsPerDecade = 20

// Histogram returns the share of values in each bar: bars of equal width on the
// axis, 20 for each factor of ten on a logarithmic one, otherwise 20 to 50 in
// all. A bin of the measurement that overlaps two bars is divided between them.
func Histogram(bins []measure.Bin, log bool) []Bin {
	total := count(bins)
	if total == 0 {
		return nil
	}
	edge := logEdge
	if !log {
		width := above(bins[len(bins)-1].Hi / 50)
		edge = func(i int) float64 { return float64(i) * width }
	}
	index := func(v float64) int { // the bar that contains v
		i := int(math.Floor(v / edge(1)))
		if log {
			i = int(math.Floor(math.Log10(max(v, least)) * barsPerDecade))
		}
		for v >= edge(i+1) {
			i++
		}
		for v < edge(i) && (!log || v > least) {
			i--
		}
		return i
	}
	var out []Bin
	add := func(i int, share float64) {
		if n := len(out); n > 0 && out[n-1].Lo == edge(i) {
			out[n-1].Y += share
			return
		}
		out = append(out, Bin{edge(i), edge(i + 1), share})
	}
	for _, b := range bins {
		lo := b.Lo
		share := float64(b.Count) / total
		for i := index(lo); ; i++ {
			hi := min(b.Hi, edge(i+1))
			if b.Hi <= edge(i+1)*(1+1e-12) {
				add(i, share*(b.Hi-lo)/(b.Hi-b.Lo))
				break
			}
			add(i, share*(hi-lo)/(b.Hi-b.Lo))
			lo = hi
		}
	}
	return out
}

// least is the shortest time on a logarithmic axis; shorter times, and 0, fall
// into its first bar.
const least = 1e-9

func logEdge(i int) float64 { return math.Pow(10, float64(i)/barsPerDecade) }

func count(bins []measure.Bin) float64 {
	total := 0.0
	for _, b := range bins {
		total += float64(b.Count)
	}
	return total
}

// CCDF returns the share of values above each value (the complementary
// cumulative distribution); a logarithmic y axis shows its tail.
func CCDF(bins []measure.Bin) []XY {
	total := count(bins)
	if total == 0 {
		return nil
	}
	share := func(n float64) float64 { return (total - n) / total }
	out := []XY{{bins[0].Lo, share(0)}}
	n := 0.0
	for _, b := range bins {
		if last := out[len(out)-1].X; b.Lo > last {
			out = append(out, XY{b.Lo, share(n)})
		}
		n += float64(b.Count)
		out = append(out, XY{b.Hi, share(n)})
	}
	return out
}
