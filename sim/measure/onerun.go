package measure

import "math"

// What one run says about itself: how long it warms up, and how sure its mean is.
// Both look at a series, one value per interval, and both are about runs in which
// nothing happens but chance: with a fault or a rate that changes there is no
// steady state to find.

// The parts of a series that Warmup works with.
const (
	mserBatch  = 5    // points of a series in a batch
	mserFewest = 20   // batches; fewer say nothing
	biasLeast  = 0.02 // of the mean: a bias below it is not worth a warning
	biasScore  = 4.0  // standard errors
)

// Warmup advises where to begin measuring: the end of the first part of a series
// that makes the mean of the rest least sure. The rule is MSER-5 (White 1997;
// Franklin & White 2008): of the means of five points each, cut the first d for
// which the squared standard error of the mean of the others,
//
//	Σ (Yi − Ȳ)² / (k − d)²   over the k − d that are left,
//
// is least. The result is in seconds of simulated time. There is no advice (ok is
// false) with fewer than 100 points, where points have no data, or where the cut
// would take more than half: such a run is too short to tell.
func Warmup(s Series) (end float64, ok bool) {
	means, ok := mserMeans(s)
	if !ok || len(means) < mserFewest {
		return 0, false
	}
	cut := mserCut(means)
	return s.begin(cut * mserBatch), cut < len(means)/2
}

// mserMeans are the means of five points each, the oldest first; the remainder of the
// division at the end is left out. ok is false where points have no data.
func mserMeans(s Series) (means []float64, ok bool) {
	if len(present(s.Values)) < len(s.Values) {
		return nil, false
	}
	means = make([]float64, len(s.Values)/mserBatch)
	for i := range means {
		means[i] = average(s.Values[i*mserBatch:][:mserBatch])
	}
	return means, true
}

// mserCut is the number of batches to cut, at most half of them: the mean of the few
// that would be left of more is erratic.
func mserCut(means []float64) int {
	best, least := 0, math.Inf(1)
	for d := range len(means)/2 + 1 {
		rest := means[d:]
		if z := squares(rest) / float64(len(rest)) / float64(len(rest)); z < least {
			best, least = d, z
		}
	}
	return best
}

// squares is the sum of the squared distances from the mean.
func squares(values []float64) (sum float64) {
	mean := average(values)
	for _, v := range values {
		d := v - mean
		sum += float64(d * d)
	}
	return sum
}

// lag1 is the correlation of neighbours; 0 where nothing moves.
func lag1(values []float64) float64 {
	sum, mean, all := 0.0, average(values), squares(values)
	if all == 0 {
		return 0
	}
	for i, v := range values[1:] {
		sum += float64((v - mean) * (values[i] - mean))
	}
	return sum / all
}

// ShortWarmup reports whether a run needs a longer warm-up than it had, in seconds,
// and which one: where Warmup advises a later beginning, and the part between
// changes the mean, by at least 2 % and by more than chance does. Without the
// second condition half of all healthy runs would be warned about: in a steady
// state the cut is wherever chance puts it.
func ShortWarmup(s Series, warmup float64) (advised float64, short bool) {
	advised, ok := Warmup(s)
	if !ok || advised <= warmup {
		return 0, false
	}
	all, _ := mserMeans(s.After(warmup))
	rest, _ := mserMeans(s.After(advised))
	if len(all) <= len(rest) {
		return 0, false
	}
	begin := all[:len(all)-len(rest)]
	mean := average(rest)
	if math.Abs(average(all)-mean) < float64(biasLeast*math.Abs(mean)) {
		return 0, false
	}
	// Neighbours that are correlated like a first-order autoregression make the mean
	// less sure by (1 + r)/(1 − r).
	r := min(max(lag1(rest), 0), 0.9)
	variance := squares(rest) / float64(len(rest)-1) * (1 + r) / (1 - r)
	noise := math.Sqrt(variance * (1/float64(len(begin)) + 1/float64(len(rest))))
	off, aside := average(begin)-mean, 0
	for _, v := range begin {
		if (v > mean) == (off > 0) {
			aside++
		}
	}
	// A peak somewhere is no warm-up: what warms up is off from its beginning on.
	return advised, math.Abs(off) > float64(biasScore*noise) && 10*aside >= 9*len(begin)
}

// The batches of one run.
const (
	batchFewest = 20
	batchMost   = 30
	lag1Score   = -1.6449 // 5 % quantile of the normal distribution
)

// Batched is the mean of one long run with its 95 % interval. N of the estimate is
// the number of batches.
type Batched struct {
	Estimate
	Lag1 float64 // correlation of neighbouring batches, from −1 to 1
}

// BatchMeans estimates the mean of a series from the means of 20 to 30 batches of
// equally many neighbouring points, as if each batch were a replication (Conway
// 1963; Schmeiser 1982 on why 30 are enough). That holds only where batches are
// long enough to be nearly independent: the ratio of von Neumann (1941), of squared
// differences of neighbours over squared distances from the mean, is 2 for
// independent batches and smaller for correlated ones. Where it is too small at the
// 5 % level, the interval would be too narrow and ok is false; so it is with fewer
// than 20 points, points without data, and a series that does not move.
func BatchMeans(s Series) (b Batched, ok bool) {
	n := len(s.Values)
	if n < batchFewest || len(present(s.Values)) < n {
		return Batched{}, false
	}
	size := (n + batchMost) / (batchMost + 1) // the smallest with at most 30 batches
	for n/size > batchMost {
		size++
	}
	means := batchMeans(s.Values, n/size)
	if len(means) < batchFewest {
		return Batched{}, false
	}
	all := squares(means)
	if all == 0 {
		return Batched{}, false
	}
	steps := 0.0
	for i, m := range means[1:] {
		d := m - means[i]
		steps += float64(d * d)
	}
	k := float64(len(means))
	// Mean 2 and variance 4(k−2)/(k²−1) for independent normal values.
	score := (steps/all - 2) / math.Sqrt(4*(k-2)/(float64(k*k)-1))
	return Batched{Summarize(means), lag1(means)}, score > lag1Score
}

// Precision is how narrow the intervals of metrics are to be before replications
// end.
type Precision struct {
	Relative float64 // of the value: 0.02 for 2 %
}

// The rule of Precision.
const (
	PrecisionFirst = 5     // replications with which it begins
	PrecisionStays = 3     // more replications for which it has to hold
	precisionRatio = 0.001 // of a ratio: 0.1 percentage points
)

// Reached reports whether an interval is narrow enough: half of it is below
// Relative of the value or, of a ratio, below 0.1 percentage points. A metric
// without samples has nothing to be precise about. short is by how much the half
// exceeds what is asked for, from 0.
func (p Precision) Reached(e Estimate, ratio bool) (ok bool, short float64) {
	if e.N == 0 {
		return true, 0
	}
	if e.N == 1 {
		return false, math.Inf(1)
	}
	want := float64(p.Relative * math.Abs(e.Mean))
	if ratio {
		want = precisionRatio
	}
	half := (e.High - e.Low) / 2
	if half == 0 {
		return true, 0
	}
	return half < want, half / want
}
