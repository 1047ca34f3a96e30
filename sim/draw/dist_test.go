package draw

import (
	"math"
	"testing"
	"unsafe"

	"gonum.org/v1/gonum/stat/distuv"
)

type oracle interface {
	Mean() float64
	Variance() float64
	CDF(x float64) float64
}

// families is every form once or more, with gonum's distribution where it has one.
var families = []struct {
	expr   string
	oracle oracle
}{
	{"5ms", nil},
	{"uniform(1ms, 9ms)", distuv.Uniform{Min: 0.001, Max: 0.009}},
	{"exp(5ms)", distuv.Exponential{Rate: 200}},
	{"erlang(4, 10ms)", distuv.Gamma{Alpha: 4, Beta: 400}},
	{"erlang(60, 10ms)", distuv.Gamma{Alpha: 60, Beta: 6000}},
	{"gamma(10ms, cv=0.5)", distuv.Gamma{Alpha: 4, Beta: 400}},
	{"gamma(10ms, cv=2)", distuv.Gamma{Alpha: 0.25, Beta: 25}},
	{"gamma(shape=2.5, mean=10ms)", distuv.Gamma{Alpha: 2.5, Beta: 250}},
	{"normal(20ms, 2ms)", distuv.Normal{Mu: 0.020, Sigma: 0.002}}, // the cut is at 10 sigma
	{"normal(20ms, 30ms)", truncated{0.020, 0.030}},
	{"normal(0s, 30ms)", truncated{0, 0.030}},
	{"lognormal(10ms, cv=0.8)", distuv.LogNormal{Mu: math.Log(0.01) - math.Log1p(0.64)/2, Sigma: math.Sqrt(math.Log1p(0.64))}},
	{"lognormal(10ms, sigma=0.5)", distuv.LogNormal{Mu: math.Log(0.01) - 0.125, Sigma: 0.5}},
	{"lognormal(median=8ms, sigma=0.5)", distuv.LogNormal{Mu: math.Log(0.008), Sigma: 0.5}},
	{"lognormal(10ms, p99=30ms)", nil},
	{"lognormal(median=8ms, p999=40ms)", nil},
	{"weibull(1.5, scale=5ms)", distuv.Weibull{K: 1.5, Lambda: 0.005}},
	{"weibull(0.7, mean=5ms)", distuv.Weibull{K: 0.7, Lambda: 0.005 / math.Gamma(1+1/0.7)}},
	{"pareto(4.5, min=1ms)", distuv.Pareto{Xm: 0.001, Alpha: 4.5}},
	{"pareto(6, mean=5ms)", distuv.Pareto{Xm: 0.005 * 5 / 6, Alpha: 6}},
	{"hyperexp(0.9, 1ms, 50ms)", nil},
	{"hyperexp(5ms, cv=2)", nil},
	{"discrete(1ms: 90, 20ms: 8, 7ms: 2)", nil},
	{"mix(0.9: exp(1ms), 0.1: mix(1: exp(10ms), 1: 3ms))", nil},
	{`empirical("six")`, nil},
	{`empirical("six", scale=2.5)`, nil},
}

// truncated is the normal law cut at 0, from package math, independent of the code under test.
type truncated struct{ mu, sigma float64 }

func (d truncated) CDF(x float64) float64 {
	n := distuv.Normal{Mu: d.mu, Sigma: d.sigma}
	return (n.CDF(x) - n.CDF(0)) / n.Survival(0)
}

func (d truncated) moment(k float64) float64 { // Simpson's rule over 12 sigma
	n := distuv.Normal{Mu: d.mu, Sigma: d.sigma}
	const steps = 20000
	h := (d.mu + 12*d.sigma) / steps
	sum := 0.0
	for i := range steps + 1 {
		w := float64(2 + 2*(i%2))
		if i == 0 || i == steps {
			w = 1
		}
		x := h * float64(i)
		sum += w * math.Pow(x, k) * n.Prob(x)
	}
	return sum * h / 3 / n.Survival(0)
}

func (d truncated) Mean() float64     { return d.moment(1) }
func (d truncated) Variance() float64 { return d.moment(2) - d.moment(1)*d.moment(1) }

func sixSamples(File) ([]float64, error) {
	return []float64{0.003, 0.001, 0.004, 0.001, 0.005, 0.009}, nil
}

func mustParse(t testing.TB, expr string) Dist {
	t.Helper()
	d, err := Parse(expr, Seconds, sixSamples)
	if err != nil {
		t.Fatalf("Parse(%q): %v", expr, err)
	}
	return d
}

// checkMoments compares draws with the stated mean and variance, in standard errors. That of the variance is
// estimated from the fourth moment of the draws.
func checkMoments(t *testing.T, name string, d *Dist, n int) {
	t.Helper()
	key := NewKey(11, 0, name, "moments")
	mean, variance := d.Mean(), d.Variance()
	var s1, s2, s4 float64
	for i := range n {
		x := d.Sample(key.Uniform(uint64(i), 0))
		if !(x >= 0) || math.IsInf(x, 0) {
			t.Fatalf("%s: sample %v", name, x)
		}
		dev := x - mean
		s1 += dev
		s2 += dev * dev
		s4 += dev * dev * dev * dev
	}
	f := float64(n)
	if variance == 0 {
		if s1 != 0 {
			t.Errorf("%s: a constant varies", name)
		}
		return
	}
	zMean := s1 / f / math.Sqrt(variance/f)
	zVar := (s2/f - variance) / math.Sqrt((s4/f-(s2/f)*(s2/f))/f)
	t.Logf("%-40s z(mean) %+.2f z(variance) %+.2f", name, zMean, zVar)
	if !(math.Abs(zMean) < 4.5) || !(math.Abs(zVar) < 4.5) {
		t.Errorf("%s: mean off by %.2f, variance by %.2f standard errors", name, zMean, zVar)
	}
}

func TestMomentsOfDraws(t *testing.T) {
	for _, f := range families {
		d := mustParse(t, f.expr)
		checkMoments(t, f.expr, &d, 200000)
	}
	for _, mean := range []float64{1, 1.3, 7, 1000} {
		d := Must(GeometricDist(mean))
		checkMoments(t, d.String(), &d, 200000)
	}
}

func TestAgainstOracle(t *testing.T) {
	for _, f := range families {
		if f.oracle == nil {
			continue
		}
		d := mustParse(t, f.expr)
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 2e-9*math.Abs(want) {
				t.Errorf("%s: %s %v, want %v", f.expr, what, got, want)
			}
		}
		near("mean", d.Mean(), f.oracle.Mean())
		near("variance", d.Variance(), f.oracle.Variance())
		for _, p := range []float64{1e-6, 0.001, 0.05, 0.3, 0.5, 0.77, 0.95, 0.999, 1 - 1e-6} {
			x := d.Sample(p)
			if got := f.oracle.CDF(x); math.Abs(got-p) > 1e-11 {
				t.Errorf("%s: CDF(Sample(%v)) = %v", f.expr, p, got)
			}
		}
	}
}

// TestQuantileInvertsCDF holds for every family, also those that Sample composes.
func TestQuantileInvertsCDF(t *testing.T) {
	check := func(d *Dist) {
		last := -1.0
		for _, p := range []float64{0, 1e-9, 1e-3, 0.1, 0.25, 0.5, 0.9, 0.99, 1 - 1e-6, 1} {
			x := d.Quantile(p)
			if !(x >= last) {
				t.Errorf("%v: quantile %v at %v is below %v", d, x, p, last)
			}
			last = x
			if math.IsInf(x, 1) && p == 1 {
				continue
			}
			above, below := d.CDF(x*(1+1e-9)), d.CDF(x*(1-1e-9)-1e-300)
			if above < p-1e-12 || below > p+1e-12 {
				t.Errorf("%v: quantile %v at %v has the CDF %v … %v", d, x, p, below, above)
			}
		}
		if !math.IsNaN(d.Quantile(-0.1)) || !math.IsNaN(d.Quantile(math.NaN())) || !math.IsNaN(d.CDF(math.NaN())) {
			t.Errorf("%v: quantiles outside [0, 1] must be NaN", d)
		}
	}
	for _, f := range families {
		d := mustParse(t, f.expr)
		check(&d)
	}
	for _, mean := range []float64{1, 1.3, 7} {
		d := Must(GeometricDist(mean))
		check(&d)
	}
}

// TestSampleIsMonotone: inversion grows with u, except where Sample composes.
func TestSampleIsMonotone(t *testing.T) {
	for _, f := range families {
		d := mustParse(t, f.expr)
		if d.kind == Mixture || d.kind == Hyperexponential {
			continue
		}
		last := 0.0
		for i := range 4001 {
			u := (float64(i) + 0.5) / 4001
			x := d.Sample(u)
			if x < last*(1-1e-13) {
				t.Fatalf("%s: Sample(%v) = %v after %v", f.expr, u, x, last)
			}
			last = x
		}
	}
}

// TestExtremeUniforms: the ends of (0,1) give finite, non-negative samples.
func TestExtremeUniforms(t *testing.T) {
	for _, f := range families {
		d := mustParse(t, f.expr)
		for _, u := range []float64{0x1p-53, 0x3p-53, 0.5, 0.9, math.Nextafter(0.9, 0), 1 - 0x1p-52, 1 - 0x1p-53} {
			x := d.Sample(u)
			n := d.SampleNanos(u)
			if !(x >= 0) || math.IsInf(x, 0) || n < 0 || n > MaxNanos {
				t.Errorf("%s: Sample(%v) = %v, %d ns", f.expr, u, x, n)
			}
			if want := math.Round(x * 1e9); math.Abs(float64(n)-want) > 0 && want < MaxNanos {
				t.Errorf("%s: %v s is %d ns", f.expr, x, n)
			}
		}
	}
}

func TestParametersFromMeanAndTail(t *testing.T) {
	d := Must(LognormalQuantile(0.010, 0.99, 0.080))
	if q := d.Quantile(0.99); math.Abs(q-0.080) > 1e-14 || d.Mean() != 0.010 {
		t.Errorf("p99 %v mean %v", q, d.Mean())
	}
	z := NormalQuantile(0.99)
	if d.b >= z {
		t.Errorf("sigma %v is the larger root", d.b)
	}
	d = Must(LognormalMedianQuantile(0.008, 0.999, 0.080))
	if q := d.Quantile(0.999); math.Abs(q-0.080) > 1e-14 || math.Abs(d.Quantile(0.5)-0.008) > 1e-16 {
		t.Errorf("p999 %v median %v", q, d.Quantile(0.5))
	}
	d = Must(HyperexpCV(1, 2)) // scv 4, balanced means
	if math.Abs(d.c-0.887298) > 1e-6 || math.Abs(d.a-0.563508) > 1e-6 || math.Abs(d.b-4.436492) > 1e-6 {
		t.Errorf("hyperexp: p %v means %v %v", d.c, d.a, d.b)
	}
	if v := d.Variance(); math.Abs(v-4) > 1e-12 {
		t.Errorf("hyperexp: variance %v", v)
	}
	if v := Must(ParetoDist(2, 1)); !math.IsInf(v.Variance(), 1) || v.Mean() != 2 {
		t.Errorf("pareto: mean %v variance %v", v.Mean(), v.Variance())
	}
}

func TestScaled(t *testing.T) {
	for _, f := range families {
		d := mustParse(t, f.expr)
		s := d.Scaled(3)
		for _, u := range []float64{0.01, 0.4, 0.97} {
			if got, want := s.Sample(u), 3*d.Sample(u); math.Abs(got-want) > 1e-12*want {
				t.Errorf("%s: scaled sample %v, want %v", f.expr, got, want)
			}
		}
		if got := s.Mean() / d.Mean(); math.Abs(got-3) > 1e-12 {
			t.Errorf("%s: mean scaled by %v", f.expr, got)
		}
		if got := s.Variance() / d.Variance(); d.Variance() > 0 && math.Abs(got-9) > 1e-9 {
			t.Errorf("%s: variance scaled by %v", f.expr, got)
		}
		back := mustParse(t, s.String())
		if !back.Equal(&s) {
			t.Errorf("%s: scaled reads back as %v", s, back)
		}
		for _, zero := range []float64{0, -1, math.NaN()} {
			if z := d.Scaled(zero); !z.IsZero() || z.unit != Seconds {
				t.Errorf("%s scaled by %v is %v", f.expr, zero, z)
			}
		}
	}
	g := Must(GeometricDist(4))
	if s := g.Scaled(0.01); s.Mean() != 1 || s.Sample(0.9) != 1 {
		t.Errorf("geometric scaled down: %v", s)
	}
}

func TestZeroValueAndConst(t *testing.T) {
	var d Dist
	if !d.IsZero() || !d.IsConstant() || d.Sample(0.3) != 0 || d.SampleNanos(0.3) != 0 || d.String() != "0" {
		t.Errorf("the zero Dist is %v", d)
	}
	for _, c := range []struct {
		seconds float64
		nanos   int64
	}{{0, 0}, {0.005, 5e6}, {1.4999e-9, 1}, {1.5e-9, 2}, {0.49999999999999994e-9, 0}, {1e18, MaxNanos},
		{math.Inf(1), MaxNanos}, {math.NaN(), 0}, {-3, 0}, {86400 * 365, 86400 * 365 * 1e9}} {
		d := Const(c.seconds)
		if got := d.SampleNanos(0.5); got != c.nanos {
			t.Errorf("Const(%v) is %d ns, want %d", c.seconds, got, c.nanos)
		}
	}
	if size := unsafe.Sizeof(d); size > 80 {
		t.Errorf("Dist has %d bytes", size)
	}
}

// Nanos is the same to the bit as what it saves the steps of: the sample of the number that the
// bits stand for, rounded half up.
func TestNanos(t *testing.T) {
	slow := func(seconds float64) int64 {
		x := float64(seconds * 1e9)
		switch {
		case !(x < MaxNanos):
			return MaxNanos
		case x <= 0:
			return 0
		}
		n := int64(x)
		if x-float64(n) >= 0.5 {
			n++
		}
		return n
	}
	for _, x := range []float64{0, 0.25, math.Nextafter(0.5, 0), 0.5, 0.75, 1.5, 2.5, 1<<52 - 0.5, 1 << 52, 1<<52 + 1, 1<<53 - 1, 1 << 59, MaxNanos, math.Inf(1), math.NaN(), -1} {
		for _, x := range []float64{math.Nextafter(x, 0), x, math.Nextafter(x, math.Inf(1))} {
			if got, want := toNanos(x/1e9), slow(x/1e9); got != want {
				t.Errorf("%v ns: %d, not %d", x, got, want)
			}
		}
	}
	for _, text := range []string{"exp(1s)", "exp(1ns)", "exp(200ms)", "exp(10000d)", "3ms", "uniform(1ms,2ms)", "hyperexp(1s,cv=2)"} {
		d := mustParse(t, text)
		for i := range uint64(100_000) {
			bits := Key(7).Bits(i, 0)
			switch {
			case i < 64:
				bits = 1 << i
			case i < 128:
				bits = 1<<(i-64) - 1
			case i < 192:
				bits = -(1 << (i - 128))
			}
			if got, want := d.Nanos(bits), slow(d.Sample(Unit01(bits))); got != want || d.SampleNanos(Unit01(bits)) != want {
				t.Fatalf("%s at %#x: %d, not %d", text, bits, got, want)
			}
		}
	}
	exps := make([]float64, 8)
	for i := range uint64(10_000) {
		Key(9).UnitExps(i, exps)
		for k, got := range exps {
			if want := -unitLog(1 - Key(9).Uniform(i+uint64(k), 0)); got != want {
				t.Fatalf("draw %d: %v, not %v", i+uint64(k), got, want)
			}
		}
	}
}
