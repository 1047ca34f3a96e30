package draw

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"asynclab/sim/golden"
)

// goldenText lists the bits of draws. They are the same on every processor and for ever: a change here breaks every
// recorded result and needs a new version of the format.
func goldenText(t testing.TB) []byte {
	var b bytes.Buffer
	for _, k := range []Key{NewKey(0, 0, "", ""), NewKey(7, 0, "pay", "service"), NewKey(7, 1, "pay", "service"),
		NewKey(math.MaxUint64, 3, "shop -> pay", "latency")} {
		fmt.Fprintf(&b, "key %016x bits %016x %016x %016x\n", uint64(k), k.Bits(0, 0), k.Bits(1, 0), k.Bits(1, Mix(2, 3)))
	}
	fmt.Fprintf(&b, "hash %016x mix %016x\n", HashString("pay"), Mix(1, 2))
	us := []float64{0x1p-53, 1.0 / 3, 0.5, 0.87, 0.999, 1 - 0x1p-53}
	for _, f := range families {
		d := mustParse(t, f.expr)
		writeGolden(&b, f.expr, &d, us)
	}
	g := Must(GeometricDist(7))
	writeGolden(&b, g.String(), &g, us)
	k := NewKey(7, 0, "elementary", "golden")
	for _, f := range []struct {
		name string
		f    func(u, v float64) float64
	}{
		{"Log", func(u, _ float64) float64 { return Log(u * 1e3) }}, {"Exp", func(u, _ float64) float64 { return Exp(float64(u*100) - 50) }},
		{"Log1p", func(u, _ float64) float64 { return Log1p(u - 0.5) }}, {"Expm1", func(u, _ float64) float64 { return Expm1(float64(u*4) - 2) }},
		{"Pow", func(u, v float64) float64 { return Pow(u*9, float64(v*40)-20) }}, {"NormalQuantile", func(u, _ float64) float64 { return NormalQuantile(u) }},
		{"NormalCDF", func(u, _ float64) float64 { return NormalCDF(float64(u*12) - 8) }}, {"LogGamma", func(u, _ float64) float64 { return LogGamma(float64(u * 30)) }},
		{"GammaP", func(u, v float64) float64 { return GammaP(u*50, v*60) }},
	} {
		h := uint64(0)
		for i := range uint64(2000) {
			h = Mix(h, math.Float64bits(f.f(k.Uniform(i, 0), k.Uniform(i, 1))))
		}
		fmt.Fprintf(&b, "%s: hash of 2000 values %016x\n", f.name, h)
	}
	return b.Bytes()
}

func writeGolden(b *bytes.Buffer, name string, d *Dist, us []float64) {
	fmt.Fprintf(b, "%s:", name)
	for _, u := range us {
		fmt.Fprintf(b, " %016x", math.Float64bits(d.Sample(u)))
	}
	k := NewKey(7, 0, name, "golden")
	h := uint64(0)
	for i := range uint64(2000) {
		h = Mix(h, uint64(d.SampleNanos(k.Uniform(i, 0))))
	}
	fmt.Fprintf(b, " hash of 2000 draws %016x mean %016x\n", h, math.Float64bits(d.Mean()))
}

// TestGolden holds the bits of the draws.
func TestGolden(t *testing.T) { golden.Equal(t, "testdata/golden.txt", goldenText(t)) }
