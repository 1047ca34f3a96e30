package draw

import "math"

// form is one notation of a distribution: its name and its parameters. The table formSpecs describes each, and drives
// String, Parse, Scaled and the validity checks, so that they cannot disagree.
type form uint8

const (
	formConst form = iota
	formUniform
	formExp
	formErlang
	formGammaCV
	formGammaShape
	formNormal
	formLognormalCV
	formLognormalSigma
	formLognormalQuantile
	formLognormalMedian
	formLognormalMedianQuantile
	formWeibullScale
	formWeibullMean
	formParetoMin
	formParetoMean
	formHyperexp
	formHyperexpCV
	formGeometric
	formInteger
	formZipf
	formDiscrete
	formMix
	formEmpirical
)

// class restricts the values of a parameter.
type class uint8

const (
	plain    class = iota // a number without unit, checked by the form
	size                  // a value in the unit of the samples, >= 0
	positive              // a value in the unit of the samples, > 0
	quantile              // written pNN=value: value in p[i], the level NN in p[i+1]
)

type param struct {
	name    string
	class   class
	keyOnly bool // must be written name=value
}

type formSpec struct {
	kind   Kind
	name   string
	usage  string
	params []param
}

var formSpecs = [...]formSpec{
	formConst:   {Constant, "const", "const(5ms)", []param{{"value", size, false}}},
	formUniform: {Uniform, "uniform", "uniform(1ms, 9ms)", []param{{"min", size, false}, {"max", size, false}}},
	formExp:     {Exponential, "exp", "exp(5ms)", []param{{"mean", positive, false}}},
	formErlang:  {Erlang, "erlang", "erlang(4, 10ms)", []param{{"shape", plain, false}, {"mean", positive, false}}},
	formGammaCV: {Gamma, "gamma", "gamma(10ms, cv=0.5)", []param{{"mean", positive, false}, {"cv", plain, true}}},
	formGammaShape: {Gamma, "gamma", "gamma(shape=4, mean=10ms)",
		[]param{{"shape", plain, true}, {"mean", positive, true}}},
	formNormal: {Normal, "normal", "normal(20ms, 5ms)", []param{{"mean", size, false}, {"sd", positive, false}}},
	formLognormalCV: {Lognormal, "lognormal", "lognormal(10ms, cv=2)",
		[]param{{"mean", positive, false}, {"cv", plain, true}}},
	formLognormalSigma: {Lognormal, "lognormal", "lognormal(10ms, sigma=0.5)",
		[]param{{"mean", positive, false}, {"sigma", plain, true}}},
	formLognormalQuantile: {Lognormal, "lognormal", "lognormal(10ms, p99=80ms)",
		[]param{{"mean", positive, false}, {"p99", quantile, true}}},
	formLognormalMedian: {Lognormal, "lognormal", "lognormal(median=8ms, sigma=0.5)",
		[]param{{"median", positive, true}, {"sigma", plain, true}}},
	formLognormalMedianQuantile: {Lognormal, "lognormal", "lognormal(median=8ms, p99=80ms)",
		[]param{{"median", positive, true}, {"p99", quantile, true}}},
	formWeibullScale: {Weibull, "weibull", "weibull(0.7, scale=5ms)",
		[]param{{"shape", plain, false}, {"scale", positive, true}}},
	formWeibullMean: {Weibull, "weibull", "weibull(0.7, mean=5ms)",
		[]param{{"shape", plain, false}, {"mean", positive, true}}},
	formParetoMin: {Pareto, "pareto", "pareto(2.5, min=1ms)",
		[]param{{"alpha", plain, false}, {"min", positive, true}}},
	formParetoMean: {Pareto, "pareto", "pareto(2.5, mean=5ms)",
		[]param{{"alpha", plain, false}, {"mean", positive, true}}},
	formHyperexp: {Hyperexponential, "hyperexp", "hyperexp(0.9, 1ms, 50ms)",
		[]param{{"p", plain, false}, {"mean1", positive, false}, {"mean2", positive, false}}},
	formHyperexpCV: {Hyperexponential, "hyperexp", "hyperexp(5ms, cv=2)",
		[]param{{"mean", positive, false}, {"cv", plain, true}}},
	formGeometric: {Geometric, "geometric", "geometric(5)", []param{{"mean", plain, false}}},
	formInteger:   {Integer, "integer", "integer(1, 6)", []param{{"from", plain, false}, {"to", plain, false}}},
	formZipf:      {Zipf, "zipf", "zipf(1000, 1.1)", []param{{"n", plain, false}, {"s", plain, false}}},
	formDiscrete:  {Discrete, "discrete", "discrete(1ms: 90, 20ms: 10)", nil},
	formMix:       {Mixture, "mix", "mix(0.99: exp(1ms), 0.01: exp(10ms))", nil},
	formEmpirical: {Empirical, "empirical", `empirical("file.csv")`, nil},
}

// build checks the arguments of a form and derives the distribution. With an error it returns the index of the invalid
// argument, or -1.
func build(f form, p ...float64) (Dist, int, *ExprError) {
	d := Dist{kind: formSpecs[f].kind, form: f}
	copy(d.p[:], p)
	if at, msg, hint := d.check(); msg != "" {
		return Dist{}, at, Mistake(0, hint, "%s: %s", formSpecs[f].name, msg)
	}
	d.derive()
	return d, -1, nil
}

func made(d Dist, _ int, err *ExprError) (Dist, error) {
	if err != nil {
		return Dist{}, err // not a typed nil
	}
	return d, nil
}

// Must returns d and panics on an error: for tables and tests whose arguments are literals.
func Must(d Dist, err error) Dist {
	if err != nil {
		panic("draw: " + err.Error())
	}
	return d
}

// Const is the constant v, with mean v and variance 0. Negative values and NaN give 0.
func Const(v float64) Dist {
	d := Dist{}
	d.p[0] = math.Min(math.Max(0, v), maxValue)
	if v != v {
		d.p[0] = 0
	}
	d.derive()
	return d
}

// ExpDist is exponential: mean m, variance m².
func ExpDist(mean float64) (Dist, error) { return made(build(formExp, mean)) }
