package draw

import (
	"math"
	"testing"
)

// The quantile must be that of the sums, added up one by one.
func TestZipfInvertsItsSums(t *testing.T) {
	for _, s := range []float64{0, 0.3, 0.99, 1, 1.1, 2, 5} {
		for _, n := range []float64{1, 2, 63, 64, 65, 1000, 20000} {
			d := Must(Parse("zipf("+plainText(n)+", "+plainText(s)+")", None, nil))
			total, mean, square := 0.0, 0.0, 0.0
			for k := 1.0; k <= n; k++ {
				total += math.Pow(k, -s)
				mean += math.Pow(k, 1-s)
				square += math.Pow(k, 2-s)
			}
			if got := d.Mean(); math.Abs(got/(mean/total)-1) > 1e-11 {
				t.Errorf("zipf(%v, %v) has mean %v, want %v", n, s, got, mean/total)
			}
			if want := square/total - mean/total*mean/total; math.Abs(d.Variance()-want) > 1e-9*square/total {
				t.Errorf("zipf(%v, %v) has variance %v, want %v", n, s, d.Variance(), want)
			}
			sum := 0.0
			for k := 1.0; k <= n; k++ {
				before := sum / total
				sum += math.Pow(k, -s)
				width := sum/total - before
				if width < 1e-10 {
					continue
				}
				if k > 200 && int(k)%97 != 0 && k != n {
					continue
				}
				for _, at := range []float64{0.001, 0.5, 0.999} {
					if got := d.Sample(before + at*width); got != k {
						t.Fatalf("zipf(%v, %v): %v of value %v gives %v", n, s, at, k, got)
					}
				}
			}
		}
	}
}

func TestZipfOfMany(t *testing.T) {
	d := Must(Parse("zipf(1e9, 1)", None, nil))
	// H(1e9) = ln 1e9 + γ + 1/2e9
	h := math.Log(1e9) + 0.57721566490153286 + 0.5e-9
	if got := d.Mean(); math.Abs(got/(1e9/h)-1) > 1e-12 {
		t.Errorf("mean %v, want %v", got, 1e9/h)
	}
	half := d.Sample(0.5) // H(k) = H/2: k = exp(H/2 - γ)
	if want := math.Exp(h/2 - 0.57721566490153286); math.Abs(half-want) > 2 {
		t.Errorf("median %v, want %v", half, want)
	}
}

func TestIntegerIsEven(t *testing.T) {
	d := Must(Parse("integer(3, 6)", None, nil))
	for i, want := range []float64{3, 4, 5, 6} {
		for _, at := range []float64{0.001, 0.999} {
			if got := d.Sample((float64(i) + at) / 4); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		}
	}
	if d.Mean() != 4.5 || d.Variance() != 1.25 {
		t.Error(d.Mean(), d.Variance())
	}
}
