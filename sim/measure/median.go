package measure

import (
	"math"
	"slices"

	"github.com/aclements/go-moremath/stats"
)

// Median is the median over replications with an interval that assumes nothing
// about their distribution: both ends are values that were measured. Low and High
// are NaN with fewer than six values, and all of it without any.
type Median struct {
	Value, Low, High float64
	N                int // of the values used
}

// MedianOf estimates the median of one value per replication; a NaN is left out.
//
// The number of values below the true median is binomial with probability 1/2,
// whatever the distribution, so that the ranks of both ends follow from the number
// of values alone; the interval covers the median with at least 95 % (David &
// Nagaraja 2003, section 7.1). The ranks are those of golang.org/x/perf/benchmath,
// from the library below it: 20 values give the 6th and the 15th.
func MedianOf(values []float64) Median {
	kept := present(values)
	n := len(kept)
	if n == 0 {
		return Median{math.NaN(), math.NaN(), math.NaN(), 0}
	}
	slices.Sort(kept)
	m := Median{kept[n/2], math.NaN(), math.NaN(), n}
	if n%2 == 0 {
		m.Value = (kept[n/2-1] + kept[n/2]) / 2
	}
	if ci := stats.QuantileCI(n, 0.5, 0.95); ci.LoOrder >= 1 && ci.HiOrder <= n {
		m.Low, m.High = kept[ci.LoOrder-1], kept[ci.HiOrder-1]
	}
	return m
}
