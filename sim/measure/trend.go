package measure

import "math"

// The rule of Trend: ten batches, of whose 45 pairs at most five may be out
// of order, and a change from the first to the last quarter of at least 10 % of
// the mean. Ten independent values pass the first part by chance, rising or
// falling, once in about a thousand series; the second part keeps a run whose
// utilization creeps from 0.800 to 0.801 from being reported as a trend.
const (
	trendBatches = 10
	trendScore   = 45 - 2*5 // pairs in order minus pairs out of order
	trendChange  = 0.10
	trendPoints  = 2 * trendBatches // with fewer values there is no verdict
	lateChange   = 0.02             // within the last quarter; one that grows all the time changes by 25 %
)

// Trend reports whether a series still rises (1) or falls (-1) at its end, for the
// warning "this run never reached a steady state"; 0 is neither. Give it the time
// average of a queue's length (LevelSeries with StatMean) cut to the measured window
// with [Series.After].
//
// The rule (Mann and Kendall's, on batch means): the values with data are cut
// into ten batches, and of the 45 pairs of batch means at most five may be out
// of order for one direction; and the means of the first and the last quarter
// of the values differ by at least 10 % of the mean of all. The same rule is
// applied to the second half alone, for a queue that only begins to grow after
// a fault in the middle of the run. Short runs get no warning: fewer than 20
// values with data have no trend.
//
// The direction is that of the last quarter: its second half against its first, by
// at least 2 % of the mean. A
// queue that has been growing for most of the run and drains at its end is draining.
//
// A queue that has filled up to its bound is steady again, and so is one whose
// length oscillates around a level; a single late jump is not a trend.
func Trend(s Series) int {
	values := present(s.Values)
	if !trending(values) && !trending(values[len(values)/2:]) {
		return 0
	}
	eighth := len(values) / 8
	end := values[len(values)-2*eighth:]
	switch change := average(end[eighth:]) - average(end[:eighth]); {
	case math.Abs(change) < lateChange*average(values):
		return 0
	case change < 0:
		return -1
	}
	return 1
}

func trending(values []float64) bool {
	if len(values) < trendPoints {
		return false
	}
	means := batchMeans(values, trendBatches)
	score := 0
	for i, a := range means {
		for _, b := range means[i+1:] {
			switch {
			case b > a:
				score++
			case b < a:
				score--
			}
		}
	}
	if score < trendScore && score > -trendScore {
		return false
	}
	quarter := len(values) / 4
	change := average(values[len(values)-quarter:]) - average(values[:quarter])
	return math.Abs(change) >= float64(trendChange*math.Abs(average(values)))
}
