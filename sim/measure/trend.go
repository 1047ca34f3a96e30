package measure

import "math"

// The rule of Trending: ten batches, of whose 45 pairs at most five may be out
// of order, and a change from the first to the last quarter of at least 10 % of
// the mean. Ten independent values pass the first part by chance, rising or
// falling, once in about a thousand series; the second part keeps a run whose
// utilization creeps from 0.800 to 0.801 from being reported as a trend.
const (
	trendBatches = 10
	trendScore   = 45 - 2*5 // pairs in order minus pairs out of order
	trendChange  = 0.10
	trendPoints  = 2 * trendBatches // with fewer values there is no verdict
)

// Trending reports whether a series still rises or falls at its end, for the
// warning "this run never reached a steady state". Give it the time average of a
// queue's length (LevelSeries with StatMean) cut to the measured window with
// [Series.After].
//
// The rule (Mann and Kendall's, on batch means): the values with data are cut
// into ten batches, and of the 45 pairs of batch means at most five may be out
// of order for one direction; and the means of the first and the last quarter
// of the values differ by at least 10 % of the mean of all. The same rule is
// applied to the second half alone, for a queue that only begins to grow after
// a fault in the middle of the run. Short runs get no warning: fewer than 20
// values with data are never trending.
//
// A queue that has filled up to its bound is steady again, and so is one whose
// length oscillates around a level; a single late jump is not a trend.
func Trending(s Series) bool {
	values := present(s.Values)
	return trending(values) || trending(values[len(values)/2:])
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
