package draw

import "math"

// Mean is the expectation, in the unit of the samples. It is always finite.
func (d *Dist) Mean() float64 {
	switch d.kind {
	case Normal:
		return d.a + float64(d.b*d.hazardBelow())
	case Uniform:
		return d.a + float64(d.b/2)
	case Integer:
		return d.a + float64((d.b-1)/2)
	case Discrete, Mixture, Zipf:
		return d.tab.mean
	case Empirical:
		return d.a * d.tab.mean
	}
	for i, q := range formSpecs[d.form].params {
		if q.name == "mean" || d.form == formConst {
			return d.p[i] // as written, without the rounding of a conversion back
		}
	}
	switch d.kind {
	case Lognormal: // of the median
		return d.a * Exp(d.b*d.b/2)
	case Weibull:
		return d.a * Exp(LogGamma(1+d.b))
	case Pareto:
		alpha := -1 / d.b
		return d.a * alpha / (alpha - 1)
	case Hyperexponential:
		return float64(d.c*d.a) + float64((1-d.c)*d.b)
	}
	return 0
}

// hazardBelow is λ of a normal law (doc.go): the density at the cut over the probability that remains.
func (d *Dist) hazardBelow() float64 {
	alpha := d.a / d.b
	return Exp(-alpha*alpha/2) / math.Sqrt(2*math.Pi) / d.c
}
