package draw

import "math"

// Kind is the family of a distribution.
type Kind uint8

// The families. The zero Dist is the constant 0.
const (
	Constant Kind = iota
	Uniform
	Exponential
	Erlang
	Gamma
	Normal
	Lognormal
	Weibull
	Pareto
	Hyperexponential
	Geometric
	Integer
	Zipf
	Discrete
	Mixture
	Empirical
)

// Dist is a probability distribution on the non-negative numbers: a small value, cheap to copy, immutable. Its samples
// have the unit its expression had; durations are in seconds. Two values from the same expression are Equal.
type Dist struct {
	kind Kind
	unit Unit
	form form       // the notation of the arguments, which defines the meaning of p
	p    [3]float64 // the arguments as written, so that String reproduces them
	// The parameters of sampling, derived from p; their meaning depends on kind (see derive).
	a, b, c float64
	nanos   int64  // the constant in nanoseconds
	tab     *table // branches, values or samples; shared and never written after construction
}

// table holds the parts of variable length. It is immutable once a Dist points to it.
type table struct {
	file    File      // empirical only
	weights []float64 // as written
	cum     []float64 // cumulative and normalised, the last is 1
	values  []float64 // sorted: discrete values or samples
	dists   []Dist    // branches of a mixture
	mean    float64
}

// MaxNanos is the largest duration SampleNanos returns, about 36.5 years: sums of a few never overflow an int64.
const MaxNanos = 1 << 60

// IsConstant reports whether every sample is the same.
func (d *Dist) IsConstant() bool { return d.kind == Constant }

// IsZero reports whether every sample is 0.
func (d *Dist) IsZero() bool { return d.kind == Constant && d.a == 0 }

// SampleNanos is Sample of a duration in seconds, in nanoseconds: rounded to nearest, clamped to [0, MaxNanos].
func (d *Dist) SampleNanos(u float64) int64 {
	if d.kind == Constant {
		return d.nanos
	}
	return toNanos(d.Sample(u))
}

// Nanos is SampleNanos of Unit01(bits), in fewer steps.
//
//go:noinline
func (d *Dist) Nanos(bits uint64) int64 {
	switch d.kind {
	case Exponential:
		return d.ExpNanos(unitExp(bits))
	case Constant:
		return d.nanos
	}
	return toNanos(d.Sample(Unit01(bits)))
}

// IsExponential reports whether a sample is a multiple of a unit exponential: see ExpNanos.
func (d *Dist) IsExponential() bool { return d.kind == Exponential }

// ExpNanos is the sample of an exponential distribution in nanoseconds for a sample of mean 1 (Key.UnitExpsOf).
func (d *Dist) ExpNanos(unit float64) int64 {
	if x := float64(float64(d.a*unit) * 1e9); x < MaxNanos {
		return int64(x + belowHalf)
	}
	return MaxNanos
}

// belowHalf is the number before ½. Adding it and cutting off rounds half up without an error: ½ itself would
// make 1 of the number before ½.
const belowHalf = 0.5 - 0x1p-54

// toNanos rounds half up. The comparisons are written so that NaN becomes MaxNanos: the result of converting NaN to an
// integer differs between processors.
func toNanos(seconds float64) int64 {
	x := float64(seconds * 1e9)
	if !(x < MaxNanos) {
		return MaxNanos
	}
	if x <= 0 {
		return 0
	}
	return int64(x + belowHalf)
}

// Sample maps one uniform number in (0,1) to a sample. Every family but two is sampled by inversion, so that the sample
// grows with u and a changed parameter keeps draws paired; hyperexponential and mixture choose the branch with u and
// rescale the remainder for the sample (composition), which keeps draws paired while the weights are unchanged.
func (d *Dist) Sample(u float64) float64 {
	switch d.kind {
	case Exponential:
		return -float64(d.a * unitLog(1-u))
	case Constant:
		return d.a
	case Uniform:
		return d.a + float64(d.b*u)
	case Hyperexponential:
		// The complement of the rescaled uniform, directly: it is never 0, so the logarithm is finite.
		if u < d.c {
			return -float64(d.a * unitLog((d.c-u)/d.c))
		}
		return -float64(d.b * unitLog((1-u)/(1-d.c)))
	case Mixture:
		return d.tab.sampleMixture(u)
	}
	return d.quantile(u)
}

func (t *table) sampleMixture(u float64) float64 {
	i := t.find(u)
	lo := 0.0
	if i > 0 {
		lo = t.cum[i-1]
	}
	v := (u - lo) / (t.cum[i] - lo)
	// Rounding must not push the rescaled uniform to 0 or 1.
	v = math.Min(math.Max(v, 0x1p-54), 1-0x1p-53)
	return t.dists[i].Sample(v)
}

// find is the first index whose cumulative weight exceeds u.
func (t *table) find(u float64) int {
	lo, hi := 0, len(t.cum)-1
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if t.cum[mid] > u {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// quantile inverts the cumulative distribution function of the families that Sample inverts.
func (d *Dist) quantile(u float64) float64 {
	switch d.kind {
	case Erlang, Gamma: // a: scale, b: shape, c: see gammaAid
		return float64(d.a * gammaQuantile(d.b, d.c, u))
	case Normal: // a: mu, b: sigma, c: probability above 0 of the untruncated law
		return math.Max(0, d.a-float64(d.b*NormalQuantile(d.c*(1-u))))
	case Lognormal: // a: median, b: sigma
		return float64(d.a * Exp(d.b*NormalQuantile(u)))
	case Weibull: // a: scale, b: 1/shape
		return float64(d.a * Pow(-Log(1-u), d.b))
	case Pareto: // a: minimum, b: -1/alpha
		return float64(d.a * Pow(1-u, d.b))
	case Geometric: // a: log(1-1/mean), or -Inf for the constant 1
		return math.Max(1, math.Ceil(Log(1-u)/d.a))
	case Integer: // a: the least, b: how many
		return d.a + math.Min(math.Floor(u*d.b), d.b-1)
	case Zipf:
		return d.zipf(u)
	case Discrete:
		return d.tab.values[d.tab.find(u)]
	case Empirical: // a: scale
		n := len(d.tab.values)
		return float64(d.a * d.tab.values[min(int(u*float64(n)), n-1)])
	}
	return 0
}
