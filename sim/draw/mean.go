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

// Variance is the second central moment, in the square of the unit; +Inf where it does not exist.
func (d *Dist) Variance() float64 {
	a, b, c := d.a, d.b, d.c
	switch d.kind {
	case Uniform:
		return b * b / 12
	case Exponential:
		return a * a
	case Erlang, Gamma:
		return a * a * b
	case Normal:
		alpha, lambda := -a/b, d.hazardBelow()
		return b * b * (1 + float64(alpha*lambda) - float64(lambda*lambda))
	case Lognormal:
		m := d.Mean()
		return m * m * Expm1(b*b)
	case Weibull:
		g := Exp(LogGamma(1 + b))
		return a * a * (Exp(LogGamma(1+float64(2*b))) - float64(g*g))
	case Pareto:
		alpha := -1 / b
		if alpha <= 2 {
			return math.Inf(1)
		}
		return a * a * alpha / ((alpha - 1) * (alpha - 1) * (alpha - 2))
	case Hyperexponential:
		m := d.Mean()
		return float64(2*(float64(c*a*a)+float64((1-c)*b*b))) - float64(m*m)
	case Geometric:
		return d.p[0] * (d.p[0] - 1)
	case Integer:
		return (float64(b*b) - 1) / 12
	case Zipf:
		return d.zipfVariance()
	case Discrete, Mixture, Empirical:
		return d.tableVariance()
	}
	return 0
}

func (d *Dist) tableVariance() float64 {
	mean, sum := d.Mean(), 0.0
	for i, v := range d.tab.values {
		share := 1 / float64(len(d.tab.values))
		if d.kind == Discrete {
			share = d.tab.weight(i)
		} else {
			v = float64(v * d.a)
		}
		sum += float64(share * (v - mean) * (v - mean))
	}
	for i := range d.tab.dists {
		delta := d.tab.dists[i].Mean() - mean
		sum += float64(d.tab.weight(i) * (d.tab.dists[i].Variance() + float64(delta*delta)))
	}
	return sum
}

// Kind returns the family of the distribution.
func (d *Dist) Kind() Kind { return d.kind }
