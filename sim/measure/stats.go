package measure

import "math"

// Estimate is a mean over replications with its 95 % Student-t interval. N is
// the number of values used; with one value Low and High are NaN, with none
// Mean is NaN too.
type Estimate struct {
	Mean, Low, High float64
	N               int
}

// Deviation is the standard deviation of values that are all there are.
func Deviation(values []float64) float64 {
	return math.Sqrt(squares(values) / float64(len(values)))
}

// Summarize estimates the mean of one value per replication. A NaN is a
// replication without samples: it is left out and not counted in N.
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

// Paired estimates the mean of a−b, replication by replication. Common random
// numbers make its interval narrow. Pairs with a NaN are left out.
func Paired(a, b []float64) Estimate {
	d := make([]float64, min(len(a), len(b)))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	return Summarize(d)
}

// Welch estimates the difference of two means, a's less b's, of replications that have
// nothing to do with each other and need not vary equally. The degrees of freedom are
// those of Welch and Satterthwaite, rounded down. N is the smaller number of values;
// below 2 there is no interval.
func Welch(a, b []float64) Estimate {
	x, y := Summarize(a), Summarize(b)
	mean, n := x.Mean-y.Mean, min(x.N, y.N)
	if n < 2 {
		return Estimate{mean, math.NaN(), math.NaN(), n}
	}
	u, v := squareError(x), squareError(y)
	if u+v == 0 {
		return Estimate{mean, mean, mean, n}
	}
	nu := float64((u+v)*(u+v)) / (float64(u*u)/float64(x.N-1) + float64(v*v)/float64(y.N-1))
	half := float64(studentT(max(int(nu), n-1)) * math.Sqrt(u+v))
	return Estimate{mean, mean - half, mean + half, n}
}

// squareError is the variance of the mean of an estimate.
func squareError(e Estimate) float64 {
	half := (e.High - e.Low) / 2 / studentT(e.N-1)
	return float64(half * half)
}

// present returns the values that are not NaN.
func present(values []float64) []float64 {
	kept := make([]float64, 0, len(values))
	for _, v := range values {
		if !math.IsNaN(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// batchMeans cuts values into batches of equally many consecutive ones (the
// oldest values, the remainder of the division, are left out) and returns their
// means. With fewer values than batches every value is a batch.
func batchMeans(values []float64, batches int) []float64 {
	batches = max(1, min(batches, len(values)))
	size := len(values) / batches
	values = values[len(values)-size*batches:]
	means := make([]float64, 0, batches)
	for i := 0; i < len(values); i += size {
		means = append(means, average(values[i:i+size]))
	}
	return means
}

func average(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// studentT is the 97.5 % quantile of Student's t distribution. It is not
// computed by gonum, whose incomplete beta function may come out differently in
// the last bits where the compiler fuses multiplication and addition; the tests
// compare the two. Past the table the expansion of Cornish and Fisher, in which
// nothing can be fused, has an error below 10⁻⁹.
func studentT(nu int) float64 {
	if nu <= len(tTable) {
		return tTable[nu-1]
	}
	n := float64(nu)
	return 1.959963984540054 + (2.372271230298561+(2.822498615739609+(2.555849679507719+1.589534053393820/n)/n)/n)/n
}

var tTable = [60]float64{
	12.706204736175, 4.302652729749, 3.182446305284, 2.776445105198, 2.570581835636,
	2.446911851145, 2.364624251593, 2.306004135204, 2.262157162798, 2.228138851986,
	2.200985160092, 2.178812829667, 2.160368656463, 2.144786687918, 2.131449545560,
	2.119905299221, 2.109815577833, 2.100922040241, 2.093024054408, 2.085963447266,
	2.079613844728, 2.073873067904, 2.068657610419, 2.063898561628, 2.059538552753,
	2.055529438643, 2.051830516480, 2.048407141795, 2.045229642133, 2.042272456301,
	2.039513446396, 2.036933343460, 2.034515297449, 2.032244509318, 2.030107928250,
	2.028094000980, 2.026192463029, 2.024394163912, 2.022690920037, 2.021075390306,
	2.019540970441, 2.018081702818, 2.016692199228, 2.015367574444, 2.014103388881,
	2.012895598919, 2.011740513730, 2.010634757624, 2.009575237129, 2.008559112101,
	2.007583770316, 2.006646805062, 2.005745995318, 2.004879288188, 2.004044783289,
	2.003240718848, 2.002465459291, 2.001717484145, 2.000995378088, 2.000297822014,
}
