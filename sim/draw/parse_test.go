package draw

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseReads(t *testing.T) {
	tests := []struct {
		expr, canonical string
		mean            float64
	}{
		{"5ms", "5ms", 0.005}, {" const( 5ms ) ", "5ms", 0.005}, {"0", "0s", 0}, {"1h30m", "1h30m", 5400},
		{"exp(5ms)", "exp(5ms)", 0.005}, {"exp(mean=5ms)", "exp(5ms)", 0.005}, {"uniform(1ms,9ms)", "uniform(1ms, 9ms)", 0.005},
		{"uniform(0, 10ms)", "uniform(0s, 10ms)", 0.005}, {"erlang(4, 10ms)", "erlang(4, 10ms)", 0.010},
		{"gamma(cv=0.5, mean=10ms)", "gamma(10ms, cv=0.5)", 0.010}, {"gamma(shape=4,mean=10ms)", "gamma(shape=4, mean=10ms)", 0.010},
		{"gamma(10ms, cv=50%)", "gamma(10ms, cv=0.5)", 0.010},
		{"lognormal(10ms, p99=80ms)", "lognormal(10ms, p99=80ms)", 0.010}, {"lognormal(10ms, p90 = 15 ms)", "lognormal(10ms, p90=15ms)", 0.010},
		{"weibull(2, mean=5ms)", "weibull(2, mean=5ms)", 0.005}, {"pareto(2.5, min=3ms)", "pareto(2.5, min=3ms)", 0.005},
		{"hyperexp(10ms, cv=2)", "hyperexp(10ms, cv=2)", 0.010}, {"hyperexp(0.5, 1ms, 3ms)", "hyperexp(0.5, 1ms, 3ms)", 0.002},
		{"discrete(5ms: 1, 1ms: 2, 5ms: 1)", "discrete(1ms: 2, 5ms: 2)", 0.003},
		{"mix(50%: 1ms, 50%: exp(3ms))", "mix(0.5: 1ms, 0.5: exp(3ms))", 0.002},
		{`empirical("six")`, `empirical("six")`, 0.023 / 6},
		{`empirical("six", unit=ms, column="response time",scale=2)`, `empirical("six", scale=2, column="response time", unit=ms)`, 0.023 / 3},
		{`empirical("six", column=2)`, `empirical("six", column=2)`, 0.023 / 6}, {`empirical("six", column="latency")`, `empirical("six", column=latency)`, 0.023 / 6},
	}
	for _, c := range tests {
		d, err := Parse(c.expr, Seconds, sixSamples)
		if err != nil {
			t.Errorf("%s: %v", c.expr, err)
			continue
		}
		if d.String() != c.canonical || math.Abs(d.Mean()-c.mean) > 1e-15 || d.unit != Seconds {
			t.Errorf("%s reads as %v, mean %v", c.expr, d, d.Mean())
		}
	}
	for _, c := range []struct {
		expr string
		want Unit
		text string
		mean float64
	}{{"geometric(5)", None, "geometric(5)", 5}, {"discrete(1: 3, 5: 1)", None, "discrete(1: 3, 5: 1)", 2}, {"0.1%", Ratio, "0.1%", 0.001},
		{"uniform(0.1, 0.3)", Ratio, "uniform(10%, 30%)", 0.2}, {"exp(4KiB)", Bytes, "exp(4KiB)", 4096}, {"200/s", PerSecond, "200/s", 200},
		{"normal(8Mbit/s, 1kB/s)", BytesPerSecond, "normal(1MB/s, 1kB/s)", 1e6}} {
		d, err := Parse(c.expr, c.want, nil)
		if err != nil || d.String() != c.text || math.Abs(d.Mean()-c.mean) > 1e-12*c.mean {
			t.Errorf("%s reads as %v (mean %v), %v", c.expr, d, d.Mean(), err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		expr   string
		offset int
		msg    string // of the whole error, hint included
	}{
		{"exp(5)", 4, "5 has no unit (write 5s or 5ms)"},
		{"5", 0, "5 has no unit"}, {"", 0, "ends too early"}, {"exp", 0, "exp needs arguments (write exp(5ms))"},
		{"expo(5ms)", 0, "did you mean exp?"}, {"lognormall(5ms, cv=1)", 0, "did you mean lognormal?"}, {"frobnicate(5ms)", 0, "known are const"},
		{"exp(5ms", 7, `"," or ")" is missing`}, {"exp(5ms))", 8, `unexpected ")"`}, {"exp(5ms) 3", 9, `unexpected "3"`},
		{"exp()", 0, "these are not the arguments of exp"}, {"exp(5ms, 3ms)", 0, "write exp(5ms)"}, {"exp(-5ms)", 4, "mean is negative"},
		{"exp(0)", 4, "mean is zero"}, {"-5ms", 0, "negative"}, {"exp(5/s)", 4, "5/s is a rate, here a duration is wanted"},
		{"exp(5msec)", 5, `unknown unit "msec"`}, {"exp(5MS)", 5, `did you mean ms?`}, {"exp(x)", 4, `"x" is not a number`},
		{"lognormal(10ms, p99=200ms)", 20, "no lognormal has a p99 of 20 times its mean; the most is 14.97 times"},
		{"lognormal(10ms, p99=5ms)", 20, "p99 must be greater than the mean"}, {"lognormal(10ms, p40=5ms)", 16, "level 0.4"},
		{"lognormal(10ms, sigam=2)", 16, "did you mean sigma?"}, {"lognormal(10ms, cv=1, cv=2)", 22, "cv is given twice"},
		{"lognormal(10ms, cv=1ms)", 19, "must be a plain number without unit"}, {"lognormal(10ms, cv=0)", 19, "cv must be positive"},
		{"gamma(10ms, 0.5)", 0, "gamma(10ms, cv=0.5) or gamma(shape=4, mean=10ms)"}, {"erlang(10ms, 4)", 7, "shape is"},
		{"erlang(2.5, 4ms)", 7, "shape must be a whole number"}, {"uniform(9ms, 1ms)", 13, "max must be greater than min"},
		{"pareto(1, mean=5ms)", 7, "the mean is infinite"}, {"hyperexp(5ms, cv=0.5)", 17, "must be between 1 and 1000"},
		{"hyperexp(1.5, 1ms, 2ms)", 9, "p is 1.5"}, {"weibull(0.01, mean=1ms)", 8, "must be between 0.05 and 1000"},
		{"geometric(5)", 0, "geometric counts"}, {"discrete(5ms)", 9, "value: weight pairs"}, {"discrete(5ms: 0)", 14, "is not positive"},
		{"discrete()", 0, "at least one"}, {"mix(exp(1ms))", 4, "weight: distribution pairs"}, {"mix(1: exp(1ms), x: 2ms)", 17, "is not a number"},
		{"mix(1:mix(1:mix(1:mix(1:exp(1ms)))))", 24, "nested more than 4 deep"}, {"exp(exp(5ms))", 4, "a number is wanted here"},
		{"exp(1: 5ms)", 4, "exp takes no weights"}, {`"file"`, 0, "no distribution"}, {`empirical("file)`, 10, "does not end"},
		{"empirical(file)", 0, "takes the name of a file"}, {`empirical("bad")`, 10, `cannot read "bad": no such file`},
		{`empirical("six", unit=kB)`, 22, "kB is the unit of a size, here a duration is wanted"}, {`empirical("six", unit=msec)`, 22, "unknown unit"},
		{`empirical("six", column=exp(1))`, 24, "or its number"}, {`empirical("six", unit=s, unit=ms)`, 25, "unit is given twice"},
		{`empirical("six", colunm=a)`, 17, "no such argument (write empirical(\"file.csv\", column=latency"},
		{`empirical("none")`, 10, "between 1 and"}, {`empirical("six", scale=0)`, 23, "scale must be positive"},
		{"mix(1: 1ms," + strings.Repeat(" 1: 1ms,", 64) + " 1: 1ms)", 516, "more than 64 branches"}, {"exp(\x005ms)", 4, "is not a number"},
		{strings.Repeat(" ", 5000), 4096, "longer than 4 KiB"}, {"exp(\xff)", 0, "not UTF-8"}, {"exp(101y)", 7, "unknown unit"}, {"exp(60000d)", 4, "longer than 100 years"},
		{"exp(5ms,)", 8, `unexpected ")"`}, {"mix(1e17: 1ms, 1: 2ms)", 0, "a weight is too"},
	}
	load := func(f File) ([]float64, error) {
		name := f.Name
		switch name {
		case "bad":
			return nil, errors.New("no such file")
		case "none":
			return nil, nil
		}
		return sixSamples(f)
	}
	for _, c := range tests {
		d, err := Parse(c.expr, Seconds, load)
		var e *ExprError
		if !errors.As(err, &e) {
			t.Errorf("%s reads as %v, want an error", c.expr, d)
			continue
		}
		if !strings.Contains(err.Error(), c.msg) || e.Offset != c.offset {
			t.Errorf("%.40s: error at %d: %v\n\twant at %d: %s", c.expr, e.Offset, err, c.offset, c.msg)
		}
	}
	if _, err := Parse(`empirical("x")`, Seconds, nil); err == nil || !strings.Contains(err.Error(), "cannot be read here") {
		t.Errorf("without a loader: %v", err)
	}
	if _, err := Parse("5ms", Unit(99), nil); err == nil {
		t.Error("an unknown unit passes")
	}
}

func TestConstructorErrors(t *testing.T) {
	for name, f := range map[string]func() (Dist, error){
		"nan":         func() (Dist, error) { return ExpDist(math.NaN()) },
		"inf":         func() (Dist, error) { return NormalDist(math.Inf(1), 1) },
		"huge":        func() (Dist, error) { return ExpDist(1e19) },
		"weights":     func() (Dist, error) { return DiscreteDist([]float64{1, 2}, []float64{1}) },
		"negative":    func() (Dist, error) { return DiscreteDist([]float64{-1}, []float64{1}) },
		"samples":     func() (Dist, error) { return FromSamples([]float64{1, math.NaN()}) },
		"units":       func() (Dist, error) { return MixtureDist([]float64{1, 1}, []Dist{Const(1), Const(1).In(Seconds)}) },
		"nan weight":  func() (Dist, error) { return MixtureDist([]float64{math.NaN()}, []Dist{Const(1)}) },
		"level":       func() (Dist, error) { return LognormalQuantile(1, math.NaN(), 2) },
		"geometric":   func() (Dist, error) { return GeometricDist(0.5) },
		"huge sigma":  func() (Dist, error) { return LognormalMedianQuantile(1e-18, 0.51, 1e18) },
		"gamma shape": func() (Dist, error) { return GammaDist(1e5, 1) },
	} {
		if d, err := f(); err == nil {
			t.Errorf("%s: %v passes", name, d)
		}
	}
}

// genDist draws any distribution within the limits of the text form.
func genDist(depth int) *rapid.Generator[Dist] {
	return rapid.Custom(func(t *rapid.T) Dist {
		value := func(name string) float64 { return rapid.Float64Range(1e-9, 1e6).Draw(t, name) }
		number := func(lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, "number") }
		weights := func(n int) []float64 {
			return rapid.SliceOfN(rapid.Float64Range(0.001, 100), n, n).Draw(t, "weights")
		}
		last := 17
		if depth <= 1 {
			last = 16
		}
		mean := value("mean")
		switch rapid.IntRange(0, last).Draw(t, "form") {
		case 0:
			return Const(mean)
		case 1:
			return Must(UniformDist(mean, mean*number(1.1, 9)))
		case 2:
			return Must(ExpDist(mean))
		case 3:
			return Must(ErlangDist(rapid.IntRange(1, 100).Draw(t, "k"), mean))
		case 4:
			return Must(GammaDist(number(0.01, 100), mean))
		case 5:
			return Must(GammaCV(mean, number(0.02, 20)))
		case 6:
			return Must(NormalDist(mean, value("sd")))
		case 7:
			return Must(LognormalCV(mean, number(0.01, 100)))
		case 8:
			return Must(LognormalQuantile(mean, 0.99, mean*number(1.01, 14)))
		case 9:
			return Must(LognormalMedianQuantile(mean, number(0.6, 0.99999), mean*number(1.01, 9)))
		case 10:
			return Must(WeibullMean(number(0.1, 20), mean))
		case 11:
			return Must(ParetoDist(number(1.01, 20), mean))
		case 12:
			return Must(HyperexpDist(number(0.01, 0.99), mean, value("mean2")))
		case 13:
			return Must(HyperexpCV(mean, number(1, 100)))
		case 14:
			n := rapid.IntRange(1, 20).Draw(t, "n")
			return Must(DiscreteDist(rapid.SliceOfN(rapid.Float64Range(0, 1e6), n, n).Draw(t, "values"), weights(n)))
		case 15:
			d := Must(FromSamples([]float64{1, 2, mean})).Named("some file.csv")
			return d.Scaled(number(0.1, 9))
		case 16:
			return Must(LognormalMedian(mean, number(0.01, 9)))
		}
		n := rapid.IntRange(1, 3).Draw(t, "n")
		return Must(MixtureDist(weights(n), rapid.SliceOfN(genDist(depth-1), n, n).Draw(t, "branches")))
	})
}

func TestStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]Unit{None, Seconds, PerSecond, Bytes, BytesPerSecond, Ratio}).Draw(t, "unit")
		d := genDist(3).Draw(t, "dist").In(unit)
		load := func(File) ([]float64, error) { return d.anySamples(), nil }
		back, err := Parse(d.String(), unit, load)
		if err != nil {
			t.Fatalf("%v: %v", d, err)
		}
		if !back.Equal(&d) && !d.hasSamples(1) {
			t.Fatalf("%v reads back as %v", d, back)
		}
		if back.String() != d.String() {
			t.Fatalf("%v reads back as %v", d, back)
		}
	})
}

// anySamples is the first table of samples in d; hasSamples counts whether there are more than n tables.
func (d *Dist) anySamples() []float64 {
	if d.kind == Empirical {
		return d.tab.values
	}
	if d.kind == Mixture {
		for i := range d.tab.dists {
			if s := d.tab.dists[i].anySamples(); s != nil {
				return s
			}
		}
	}
	return nil
}

func (d *Dist) hasSamples(n int) bool { return strings.Count(d.String(), "empirical") > n }

func FuzzParse(f *testing.F) {
	for _, c := range families {
		f.Add(c.expr, uint8(Seconds))
	}
	f.Add("geometric(5)", uint8(None))
	f.Add(`mix(1: empirical("a", scale=2), 5%: 1_0e3)`, uint8(None))
	f.Add(`empirical("a", column="b c", unit=ms)`, uint8(Seconds))
	f.Fuzz(func(t *testing.T, expr string, unit uint8) {
		d, err := Parse(expr, Unit(unit), sixSamples)
		if err != nil {
			var e *ExprError
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(expr) || e.Msg == "" {
				t.Fatalf("%q: %#v", expr, err)
			}
			return
		}
		if m := d.Mean(); !(m >= 0) || math.IsInf(m, 0) {
			t.Fatalf("%q: mean %v", expr, m)
		}
		for _, u := range []float64{0x1p-53, 0.3, 1 - 0x1p-53} {
			if x := d.Sample(u); !(x >= 0) {
				t.Fatalf("%q: sample %v", expr, x)
			}
			if n := d.SampleNanos(u); n < 0 || n > MaxNanos {
				t.Fatalf("%q: %d ns", expr, n)
			}
		}
		text := d.String()
		if len(text) > maxExpr {
			return
		}
		back, err := Parse(text, Unit(unit), sixSamples)
		if err != nil || !back.Equal(&d) {
			t.Fatalf("%q is %q, which reads back as %q, %v", expr, text, back, err)
		}
	})
}
