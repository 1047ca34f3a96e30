package draw

import (
	"fmt"
	"math"
)

// Limits of the parameters. They keep every derived number finite and every inversion fast; a model that needs more
// should use another family.
const (
	maxValue = 1e18 // any value, in its base unit
	maxShape = 1e4  // Gamma, Erlang: cv of 1 %, where the normal distribution is nearly the same
	minShape = 1e-3 // Gamma: cv of about 32
	maxSigma = 10   // lognormal
	maxCV    = 1000
	maxWhole = 1e15 // integer
	maxZipf  = 1e9  // values of zipf
)

// check validates the arguments. It returns the index of the invalid one, the problem and how to mend it; the message
// is empty if all are valid.
func (d *Dist) check() (at int, msg, hint string) {
	for i, q := range formSpecs[d.form].params {
		v := d.p[i]
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			return i, q.name + " is not a finite number", ""
		case q.class != plain && v < 0:
			return i, q.name + " is negative", "values start at 0"
		case q.class != plain && q.class != size && v == 0:
			return i, q.name + " is zero, must be positive", "for no variation write const(…)"
		case v > maxValue:
			return i, q.name + " is too large", ""
		}
	}
	if d.kind == Lognormal {
		return d.checkLognormal()
	}
	return d.checkShape()
}

// within reports a parameter outside its range.
func (d *Dist) within(i int, lo, hi float64, hint string) (int, string, string) {
	if d.p[i] >= lo && d.p[i] <= hi {
		return -1, "", ""
	}
	name := formSpecs[d.form].params[i].name
	return i, fmt.Sprintf("%s is %v, must be between %v and %v", name, d.p[i], lo, hi), hint
}

func (d *Dist) checkShape() (at int, msg, hint string) {
	switch d.form {
	case formUniform:
		if d.p[1] <= d.p[0] {
			return 1, "max must be greater than min", "write uniform(min, max), smaller first; for no variation const(…)"
		}
	case formErlang:
		if d.p[0] != math.Floor(d.p[0]) {
			return 0, "shape must be a whole number", "gamma(shape=…, mean=…) takes any shape"
		}
		return d.within(0, 1, maxShape, "for less variation write normal(mean, sd)")
	case formGammaShape:
		return d.within(0, minShape, maxShape, "for less variation write normal(mean, sd)")
	case formGammaCV:
		return d.within(1, 1/math.Sqrt(maxShape), 1/math.Sqrt(minShape), "for less variation write normal(mean, sd)")
	case formWeibullScale, formWeibullMean:
		return d.within(0, 0.05, 1000, "shape 1 is exponential, below 1 has a heavy tail")
	case formParetoMin, formParetoMean:
		if d.p[0] <= 1 {
			return 0, fmt.Sprintf("alpha is %v: the mean is infinite", d.p[0]), "alpha must be greater than 1, and greater than 2 for a finite variance"
		}
		return d.within(0, 1, 1000, "")
	case formHyperexp:
		if d.p[0] <= 0 || d.p[0] >= 1 {
			return 0, fmt.Sprintf("p is %v, must be between 0 and 1", d.p[0]), "p is the probability of the first mean"
		}
	case formHyperexpCV:
		return d.within(1, 1, maxCV, "for cv below 1 use erlang, gamma or lognormal")
	case formGeometric:
		return d.within(0, 1, 1e15, "the counts start at 1, so the mean is at least 1")
	case formInteger:
		for i := range 2 {
			if v := d.p[i]; v < 0 || v > maxWhole || v != math.Floor(v) {
				return i, formSpecs[d.form].params[i].name + " is not a whole number from 0 to 1e15", ""
			}
		}
		if d.p[1] < d.p[0] {
			return 1, "to is less than from", "write integer(from, to), smaller first"
		}
	case formZipf:
		if d.p[0] != math.Floor(d.p[0]) {
			return 0, "n is not a whole number", "the values are 1, 2, … n"
		}
		if at, msg, hint = d.within(0, 1, maxZipf, "the values are 1, 2, … n"); msg == "" {
			return d.within(1, 0, 10, "with s = 0 all values are equally likely; words on the web have about 1")
		}
		return at, msg, hint
	}
	return -1, "", ""
}

func (d *Dist) checkLognormal() (at int, msg, hint string) {
	switch d.form {
	case formLognormalCV:
		if d.p[1] <= 0 {
			return 1, "cv must be positive", "for no variation write const(…)"
		}
		return d.within(1, 0, maxCV, "")
	case formLognormalSigma, formLognormalMedian:
		if d.p[1] <= 0 {
			return 1, "sigma must be positive", "for no variation write const(…)"
		}
		return d.within(1, 0, maxSigma, "")
	}
	level := d.p[2]
	if !(level > 0.5 && level < 1) {
		return 2, fmt.Sprintf("the level %v is not between 0.5 and 1", level), "write p90, p95, p99 or p999"
	}
	first := formSpecs[d.form].params[0].name
	name := levelName(level)
	if d.p[1] <= d.p[0] {
		return 1, fmt.Sprintf("%s must be greater than the %s", name, first), ""
	}
	z := NormalQuantile(level)
	ratio := d.p[1] / d.p[0]
	if d.form == formLognormalQuantile && 2*Log(ratio) > z*z {
		return 1, fmt.Sprintf("no lognormal has a %s of %.4g times its mean; the most is %.4g times", name, ratio, Exp(z*z/2)),
			fmt.Sprintf("write lognormal(median=…, %s=…), or hyperexp or pareto for a heavier tail", name)
	}
	if d.form == formLognormalMedianQuantile && Log(ratio)/z > maxSigma {
		return 1, fmt.Sprintf("%s is too far from the median", name), ""
	}
	return -1, "", ""
}

// derive computes the fields that sampling needs from the arguments.
func (d *Dist) derive() {
	p := &d.p
	switch d.form {
	case formConst:
		d.a = p[0]
		d.nanos = toNanos(p[0])
	case formUniform:
		d.a, d.b = p[0], p[1]-p[0]
	case formExp:
		d.a = p[0]
	case formErlang, formGammaShape:
		d.a, d.b, d.c = p[1]/p[0], p[0], gammaAid(p[0])
	case formGammaCV:
		d.b = 1 / float64(p[1]*p[1])
		d.a, d.c = p[0]/d.b, gammaAid(d.b)
	case formNormal:
		d.a, d.b = p[0], p[1]
		d.c = NormalCDF(p[0] / p[1])
	case formWeibullScale:
		d.a, d.b = p[1], 1/p[0]
	case formWeibullMean:
		d.a, d.b = p[1]/Exp(LogGamma(1+1/p[0])), 1/p[0]
	case formParetoMin:
		d.a, d.b = p[1], -1/p[0]
	case formParetoMean:
		d.a, d.b = p[1]*(p[0]-1)/p[0], -1/p[0]
	case formHyperexp:
		d.a, d.b, d.c = p[1], p[2], p[0]
	case formHyperexpCV:
		v := float64(p[1] * p[1])
		d.c = float64((1 + math.Sqrt((v-1)/(v+1))) / 2)
		d.a, d.b = p[0]/(2*d.c), p[0]/(2*(1-d.c))
	case formGeometric:
		d.a = Log1p(-1 / p[0])
	case formInteger:
		d.a, d.b = p[0], p[1]-p[0]+1
	case formZipf:
		d.deriveZipf()
	default:
		d.deriveLognormal()
	}
}

// deriveLognormal finds median (a) and sigma (b).
func (d *Dist) deriveLognormal() {
	p := &d.p
	mean := p[0]
	switch d.form {
	case formLognormalCV:
		d.b = math.Sqrt(Log1p(p[1] * p[1]))
	case formLognormalSigma:
		d.b = p[1]
	case formLognormalQuantile:
		z := NormalQuantile(p[2])
		// The root with the minus sign, as 2L/(z+√…): no cancellation when the quantile is close to the mean.
		l := 2 * Log(p[1]/p[0])
		d.b = l / (z + math.Sqrt(math.Max(0, float64(z*z)-l)))
	case formLognormalMedian:
		d.a, d.b = p[0], p[1]
		return
	case formLognormalMedianQuantile:
		d.a, d.b = p[0], Log(p[1]/p[0])/NormalQuantile(p[2])
		return
	}
	d.a = mean * Exp(-(d.b*d.b)/2)
}
