package theory

import (
	"math"
	"strings"
	"testing"
)

// A verdict follows from the difference, the interval and the kind of the prediction.
func TestVerdicts(t *testing.T) {
	exact := Prediction{Metric: "m", Value: 10, Kind: Exact}
	about := Prediction{Metric: "m", Value: 10, Kind: Approximation}
	least := Prediction{Metric: "m", Value: math.NaN(), Low: 10, High: math.Inf(1), Kind: Bound}
	rare := Prediction{Metric: "m", Value: 1e-9, Kind: Exact, Rate: 1e-4}
	for _, c := range []struct {
		p           Prediction
		mean, error float64
		n           int
		memory      float64
		want        string
	}{
		{exact, 10.3, 0.1, 8, 0, Agrees},
		{exact, 10.5, 0.1, 8, 0, Differs},
		{exact, 10.5, 0.1, 8, 500, TooShort},
		{exact, 12, 1, 8, 0, TooRough},
		{exact, 10.04, 0, 1, 0, Agrees},
		{exact, 10.5, 0, 1, 0, OneRun},
		{exact, 10.5, 0, 0, 0, NoSamples},
		{about, 10.5, 0.1, 8, 0, Near},
		{about, 12, 0.1, 8, 0, FarOff},
		{least, 11, 0.1, 8, 0, Within},
		{least, 9, 0.1, 8, 0, Outside},
		{rare, 0, 0, 8, 0, TooRare},
	} {
		f := []Finding{{Predictions: []Prediction{c.p}, Memory: c.memory}}
		parts := Compare(f, Window{Warmup: 10, Measured: 1000}, func(string) (Estimate, bool) {
			return Estimate{Mean: c.mean, Error: c.error, N: c.n}, c.n > 0
		})
		if got := parts[0].Lines[0].Verdict; got != c.want {
			t.Errorf("%+v measured as %g ± %g: %s, not %s", c.p, c.mean, c.error, got, c.want)
		}
	}
	if s := (Window{10, 1000}).short(40); !strings.Contains(s, "a warm-up of 2min and a measured time of 13.3min") {
		t.Error(s)
	}
	if s := (Window{150, 1000}).short(40); s != "" {
		t.Error(s)
	}
}
