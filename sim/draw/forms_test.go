package draw

// What Parse builds from text, by name, with mean and variance as doc.go has them.

// UniformDist is uniform on [lo, hi): mean (lo+hi)/2, variance (hi-lo)²/12.
func UniformDist(lo, hi float64) (Dist, error) { return made(build(formUniform, lo, hi)) }

// ErlangDist is the sum of k exponential phases: variance mean²/k.
func ErlangDist(k int, mean float64) (Dist, error) { return made(build(formErlang, float64(k), mean)) }

// GammaDist has the given shape and mean: variance mean²/shape.
func GammaDist(shape, mean float64) (Dist, error) { return made(build(formGammaShape, shape, mean)) }

// GammaCV is gamma with shape 1/cv²: variance (cv·mean)².
func GammaCV(mean, cv float64) (Dist, error) { return made(build(formGammaCV, mean, cv)) }

// NormalDist is the normal law N(mu, sigma²) truncated to [0, ∞). With α = -mu/sigma and λ = φ(α)/(1-Φ(α)):
// mean mu + sigma·λ, variance sigma²·(1 + αλ - λ²). For mu >= 4·sigma these are mu and sigma² to a few parts in 10⁴.
func NormalDist(mu, sigma float64) (Dist, error) { return made(build(formNormal, mu, sigma)) }

// LognormalCV is lognormal with mean and coefficient of variation: sigma² = log(1+cv²), variance (cv·mean)².
func LognormalCV(mean, cv float64) (Dist, error) { return made(build(formLognormalCV, mean, cv)) }

// LognormalSigma is lognormal with mean and shape sigma: variance mean²·(exp(sigma²)-1).
func LognormalSigma(mean, sigma float64) (Dist, error) {
	return made(build(formLognormalSigma, mean, sigma))
}

// LognormalQuantile is lognormal with mean, and value q at the level (0.99 for p99). With z = Φ⁻¹(level) two sigmas
// may solve it; the smaller, z - sqrt(z² - 2·log(q/mean)), is taken. There is none if q/mean > exp(z²/2).
func LognormalQuantile(mean, level, q float64) (Dist, error) {
	return made(build(formLognormalQuantile, mean, q, level))
}

// LognormalMedian is lognormal with median and shape sigma: mean median·exp(sigma²/2).
func LognormalMedian(median, sigma float64) (Dist, error) {
	return made(build(formLognormalMedian, median, sigma))
}

// LognormalMedianQuantile is lognormal with median, and value q at the level: sigma = log(q/median)/Φ⁻¹(level).
func LognormalMedianQuantile(median, level, q float64) (Dist, error) {
	return made(build(formLognormalMedianQuantile, median, q, level))
}

// WeibullDist has P(X > x) = exp(-(x/scale)^shape): mean scale·Γ(1+1/shape),
// variance scale²·(Γ(1+2/shape) - Γ(1+1/shape)²).
func WeibullDist(shape, scale float64) (Dist, error) {
	return made(build(formWeibullScale, shape, scale))
}

// WeibullMean is Weibull with the scale that gives the mean.
func WeibullMean(shape, mean float64) (Dist, error) { return made(build(formWeibullMean, shape, mean)) }

// ParetoDist has P(X > x) = (minimum/x)^alpha, alpha > 1: mean alpha·minimum/(alpha-1),
// variance minimum²·alpha/((alpha-1)²(alpha-2)), infinite for alpha <= 2.
func ParetoDist(alpha, minimum float64) (Dist, error) {
	return made(build(formParetoMin, alpha, minimum))
}

// ParetoMean is Pareto with the minimum mean·(alpha-1)/alpha.
func ParetoMean(alpha, mean float64) (Dist, error) { return made(build(formParetoMean, alpha, mean)) }

// HyperexpDist is exponential with mean1 with probability p, otherwise with mean2.
func HyperexpDist(p, mean1, mean2 float64) (Dist, error) {
	return made(build(formHyperexp, p, mean1, mean2))
}

// HyperexpCV is hyperexponential with cv >= 1 and balanced means (p·mean1 = (1-p)·mean2):
// p = (1 + sqrt((cv²-1)/(cv²+1)))/2, mean1 = mean/(2p), mean2 = mean/(2(1-p)); variance (cv·mean)².
func HyperexpCV(mean, cv float64) (Dist, error) { return made(build(formHyperexpCV, mean, cv)) }

// GeometricDist counts 1, 2, 3 … with P(X = n) = (1-q)^(n-1)·q, q = 1/mean, mean >= 1: variance mean·(mean-1).
func GeometricDist(mean float64) (Dist, error) { return made(build(formGeometric, mean)) }
