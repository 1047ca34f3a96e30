package draw

import "math"

const (
	halfLog2Pi = 0.91893853320467274178
	tiny       = 1e-300
)

// horner evaluates c[0] + c[1]x + c[2]x² + … without fused operations.
func horner(x float64, c *[8]float64) float64 {
	s := c[7]
	for i := 6; i >= 0; i-- {
		s = float64(s*x) + c[i]
	}
	return s
}

// Coefficients of algorithm AS 241, PPND16: M. J. Wichura, "The Percentage Points of the Normal Distribution",
// Applied Statistics 37 (1988), 477-484.
var (
	as241a = [8]float64{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
		1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
		3.3430575583588128105e4, 2.5090809287301226727e3}
	as241b = [8]float64{1, 4.2313330701600911252e1, 6.8718700749205790830e2,
		5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4,
		2.8729085735721942674e4, 5.2264952788528545610e3}
	as241c = [8]float64{1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
		3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
		2.27238449892691845833e-2, 7.74545014278341407640e-4}
	as241d = [8]float64{1, 2.05319162663775882187e0, 1.67638483018380384940e0,
		6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
		5.47593808499534494600e-4, 1.05075007164441684324e-9}
	as241e = [8]float64{6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
		2.96560571828504891230e-1, 2.65321895265760930000e-2, 1.24266094738807843860e-3,
		2.71155556874348757815e-5, 2.01033439929228813265e-7}
	as241f = [8]float64{1, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
		1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
		1.42151175831644588870e-7, 2.04426310338993978564e-15}
)

// NormalQuantile is the inverse of the standard normal distribution function: -Inf at 0, +Inf at 1, NaN outside.
// Algorithm AS 241 (PPND16), relative error about 1e-16 by its author.
func NormalQuantile(p float64) float64 {
	q := p - 0.5
	if q >= -0.425 && q <= 0.425 {
		r := 0.180625 - float64(q*q)
		return q * horner(r, &as241a) / horner(r, &as241b)
	}
	r := p
	if q > 0 {
		r = 1 - p
	}
	switch {
	case !(r >= 0):
		return math.NaN()
	case r == 0:
		return math.Copysign(math.Inf(1), q)
	}
	r = math.Sqrt(-Log(r))
	var z float64
	if r <= 5 {
		r -= 1.6
		z = horner(r, &as241c) / horner(r, &as241d)
	} else {
		r -= 5
		z = horner(r, &as241e) / horner(r, &as241f)
	}
	return math.Copysign(z, q)
}

// NormalCDF is the standard normal distribution function Φ, with small relative error in the lower tail too:
// Φ(-z) = Q(1/2, z²/2)/2.
func NormalCDF(z float64) float64 {
	p, q := gammaPQ(0.5, logGammaHalf3, float64(z*z)/2)
	if z < 0 {
		return q / 2
	}
	return (1 + p) / 2
}

// logGammaHalf3 is log Γ(3/2) = log(√π/2).
const logGammaHalf3 = -0.12078223763524522234

// stirlingRest is δ in Γ(x+1) = √(2πx)·(x/e)^x·e^δ(x), x >= 1 (Stirling's series for x >= 10; below, the recurrence
// δ(x) = δ(x+1) + (x+½)·log(1+1/x) - 1).
func stirlingRest(x float64) float64 {
	sum := 0.0
	for ; x < 10; x++ {
		sum += float64((x+0.5)*Log1p(1/x)) - 1
	}
	y := 1 / float64(x*x)
	s := 1.0/156 - float64(y*(3617.0/122400))
	s = -691.0/360360 + float64(y*s)
	s = 1.0/1188 + float64(y*s)
	s = -1.0/1680 + float64(y*s)
	s = 1.0/1260 + float64(y*s)
	s = -1.0/360 + float64(y*s)
	s = 1.0/12 + float64(y*s)
	return sum + s/x
}

// LogGamma is log Γ(x) for x > 0 (NaN otherwise), by Stirling's formula; the absolute error is a few units of 1e-16
// near the zeros at 1 and 2, the relative error below 1e-14 elsewhere.
func LogGamma(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	less := 0.0
	if x < 1 {
		less = Log(x)
		x++
	}
	return float64((x-0.5)*Log(x)) - x + halfLog2Pi + stirlingRest(x) - less
}

// gammaAid is the part of gammaPQ that depends on the shape only, so that it is computed once: log Γ(a+1) below shape
// 1, δ(a) from there.
func gammaAid(a float64) float64 {
	if a < 1 {
		return LogGamma(a + 1)
	}
	return stirlingRest(a)
}

// gammaFront is x^a·e^(-x)/Γ(a+1). For a >= 1 in Loader's form ("Fast and Accurate Computation of Binomial
// Probabilities", 2000), e^(-δ(a))·e^(-a(λ-1-log λ))/√(2πa) with λ = x/a, which does not cancel for large a.
func gammaFront(a, aid, x float64) float64 {
	if a < 1 {
		return Exp(float64(a*Log(x)) - x - aid)
	}
	d := (x - a) / a
	l := 0.0
	if d > 0.3 || d < -0.3 {
		l = Log(x/a) - d // not log(1+d): near d = -1 the sum has lost the digits of x
	} else {
		l = log1pMinus(d)
	}
	return Exp(float64(a*l)-aid) / math.Sqrt(2*math.Pi*a)
}

// log1pMinus is log(1+d) - d for small d. With s = d/(2+d): log(1+d) = 2s + 2s³/3 + 2s⁵/5 + …, and 2s - d = -s·d.
func log1pMinus(d float64) float64 {
	s := d / (2 + d)
	s2 := float64(s * s)
	term, sum := s2, 0.0
	for n := 3.0; n < 40; n += 2 {
		add := term / n
		sum += add
		if add < 1e-17*sum {
			break
		}
		term = float64(term * s2)
	}
	return float64(s * (float64(2*sum) - d))
}

// gammaPQ uses the power series below x = a+1 and Legendre's continued fraction above (Abramowitz and Stegun 6.5.29
// and 6.5.31, the fraction by the modified method of Lentz).
func gammaPQ(a, aid, x float64) (p, q float64) {
	switch {
	case x <= 0:
		return 0, 1
	case x > 1e10:
		return 1, 0
	}
	front := gammaFront(a, aid, x)
	if x < a+1 {
		term, sum := 1.0, 1.0
		for n := a + 1; term > 1e-17*sum; n++ {
			term = term * x / n
			sum += term
		}
		p = float64(front * sum)
		return p, 1 - p
	}
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for i := 1.0; i < 2000; i++ {
		an := -float64(i * (i - a))
		b += 2
		d = float64(an*d) + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + an/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		step := float64(d * c)
		h = float64(h * step)
		if math.Abs(step-1) < 2e-16 {
			break
		}
	}
	q = float64(front * a * h)
	return 1 - q, q
}

// gammaQuantile starts from the approximation of Wilson and Hilferty (or from the leading term of the series near 0)
// and takes Halley's steps on the smaller tail, inside a bracket so that it always terminates. It stops after a
// relative step below 1e-6: convergence is cubic, so the error left is of the order of the step's third power.
func gammaQuantile(a, aid, p float64) float64 {
	q := 1 - p
	x := gammaStart(a, aid, p)
	if x < 1e-17 {
		return x // the leading term is exact there
	}
	lo, hi := 0.0, math.Inf(1)
	for i := 0; i < 100; i++ {
		cp, cq := gammaPQ(a, aid, x)
		f := cp - p
		if q < 0.5 {
			f = q - cq
		}
		if f > 0 {
			hi = x
		} else {
			lo = x
		}
		t := f / (gammaFront(a, aid, x) * a / x)
		bend := 1 - float64(0.5*float64(t*((a-1)/x-1)))
		next := x - t/math.Max(0.5, math.Min(bend, 2))
		switch {
		case next > lo && next < hi:
		case next == x:
			return x
		case math.IsInf(hi, 1):
			next = 2 * x
		default:
			next = lo + float64((hi-lo)/2)
		}
		if math.Abs(next-x) <= 1e-6*x {
			return next
		}
		x = next
	}
	return x
}

func gammaStart(a, aid, p float64) float64 {
	if a >= 1 {
		g := 1 / (9 * a)
		w := 1 - g + float64(NormalQuantile(p)*math.Sqrt(g))
		if x := a * w * w * w; w > 0.3 {
			return x
		}
		aid = LogGamma(a + 1)
	}
	if x := Exp((Log(p) + aid) / a); x < a+1 {
		return x
	}
	return math.Max(a, -Log(1-p)-aid)
}
