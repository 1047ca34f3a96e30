package draw

// What tests hold the draws against: distribution functions, their inverses, variances.

import "math"

// CDF is P(X <= x).
func (d *Dist) CDF(x float64) float64 {
	if x != x {
		return x
	}
	switch d.kind {
	case Discrete, Mixture, Empirical:
		return d.tableCDF(x)
	case Constant:
		if x >= d.a {
			return 1
		}
		return 0
	case Uniform:
		return math.Min(1, math.Max(0, (x-d.a)/d.b))
	}
	if x <= 0 {
		return 0
	}
	switch d.kind {
	case Exponential:
		return -Expm1(-x / d.a)
	case Erlang, Gamma:
		p, _ := gammaPQ(d.b, d.c, x/d.a)
		return p
	case Normal:
		return math.Max(0, 1-NormalCDF((d.a-x)/d.b)/d.c)
	case Lognormal:
		return NormalCDF(Log(x/d.a) / d.b)
	case Weibull:
		return -Expm1(-Pow(x/d.a, 1/d.b))
	case Pareto:
		if x <= d.a {
			return 0
		}
		return 1 - Pow(x/d.a, 1/d.b)
	case Hyperexponential:
		return -float64(d.c*Expm1(-x/d.a)) - float64((1-d.c)*Expm1(-x/d.b))
	case Geometric:
		if x < 1 {
			return 0
		}
		if d.p[0] == 1 {
			return 1
		}
		return -Expm1(math.Floor(x) * d.a)
	}
	return 0
}

func (d *Dist) tableCDF(x float64) float64 {
	t := d.tab
	sum := 0.0
	switch d.kind {
	case Discrete:
		for i, v := range t.values {
			if v <= x {
				sum = t.cum[i]
			}
		}
	case Mixture:
		for i := range t.dists {
			sum += float64(t.weight(i) * t.dists[i].CDF(x))
		}
	case Empirical:
		lo, hi := 0, len(t.values) // the number of samples <= x, by bisection
		for lo < hi {
			mid := int(uint(lo+hi) >> 1)
			if d.a*t.values[mid] <= x {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		sum = float64(lo) / float64(len(t.values))
	}
	return sum
}

// Quantile is the inverse of CDF: the least x with P(X <= x) >= p. At 0 it is the lower end of the support, at 1 the
// upper end (+Inf for most); NaN outside [0, 1]. For hyperexponential and mixture, where Sample composes, it is found
// by bisection.
func (d *Dist) Quantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case d.kind == Constant:
		return d.a
	case d.kind == Mixture || d.kind == Hyperexponential:
		return d.bisect(p)
	case p == 0:
		return d.lower()
	case p == 1:
		return d.upper()
	case d.kind == Uniform:
		return d.Sample(p)
	case d.kind == Exponential:
		return -float64(d.a * Log1p(-p))
	case d.kind == Empirical:
		n := float64(len(d.tab.values))
		return float64(d.a * d.tab.values[int(math.Max(0, math.Ceil(p*n)-1))])
	}
	return d.quantile(p)
}

func (d *Dist) lower() float64 {
	switch d.kind {
	case Uniform, Pareto:
		return d.a
	case Geometric:
		return 1
	case Discrete, Empirical:
		return d.quantile(0)
	}
	return 0
}

func (d *Dist) upper() float64 {
	switch d.kind {
	case Uniform:
		return d.a + d.b
	case Geometric:
		if d.p[0] == 1 {
			return 1
		}
	case Discrete:
		return d.tab.values[len(d.tab.values)-1]
	case Empirical:
		return float64(d.a * d.tab.values[len(d.tab.values)-1])
	}
	return math.Inf(1)
}

// bisect inverts the CDF between the quantiles of the branches.
func (d *Dist) bisect(p float64) float64 {
	var lo, hi float64
	if d.kind == Hyperexponential {
		l := 0 - Log1p(-p)
		lo, hi = math.Min(d.a, d.b)*l, math.Max(d.a, d.b)*l
	} else {
		lo = math.Inf(1)
		for i := range d.tab.dists {
			q := d.tab.dists[i].Quantile(p)
			lo, hi = math.Min(lo, q), math.Max(hi, q)
		}
	}
	if p == 0 || lo == hi || math.IsInf(hi, 1) && p == 1 {
		if p == 0 {
			return lo
		}
		return hi
	}
	if d.CDF(lo) >= p {
		return lo
	}
	for range 2000 {
		mid := lo + float64((hi-lo)/2)
		if mid <= lo || mid >= hi {
			break
		}
		if d.CDF(mid) >= p {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// GammaP is the regularised lower incomplete gamma function, the distribution function of a gamma law of shape a and
// scale 1; GammaQ is its complement.
func GammaP(a, x float64) float64 {
	p, _ := gammaPQ(a, gammaAid(a), x)
	return p
}

// GammaQ is 1 - GammaP, accurate where it is small.
func GammaQ(a, x float64) float64 {
	_, q := gammaPQ(a, gammaAid(a), x)
	return q
}

// GammaQuantile is the x with GammaP(a, x) = p, shape a between 1e-3 and 1e4, 0 < p < 1.
func GammaQuantile(a, p float64) float64 { return gammaQuantile(a, gammaAid(a), p) }
