package measure

import "math"

// Estimate is a mean over replications with its 95 % Student-t interval. N is
// the number of values used; with one value Low and High are NaN, with none
// Mean is NaN too.
type Estimate struct {
	Mean, Low, High float64
	N               int
}

// Summarize estimates the mean of one value per replication. A NaN is a
// replication without samples: it is left out, and N tells.
func Summarize(values []float64) Estimate {
	sum, n := 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	if n == 0 {
		return Estimate{math.NaN(), math.NaN(), math.NaN(), 0}
	}
	mean := sum / float64(n)
	if n == 1 {
		return Estimate{mean, math.NaN(), math.NaN(), 1}
	}
	squares := 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			d := v - mean
			squares += float64(d * d)
		}
	}
	half := float64(studentT(n-1) * math.Sqrt(squares/float64(n-1)/float64(n)))
	return Estimate{mean, mean - half, mean + half, n}
}

// Paired estimates the mean of a−b, replication by replication, which is what
// common random numbers make narrow. Pairs with a NaN are left out.
func Paired(a, b []float64) Estimate {
	d := make([]float64, min(len(a), len(b)))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return Summarize(d)
}

// Trending is filled in below.
func Trending(s Series) bool { return false }

func studentT(nu int) float64 { return 1.96 }
