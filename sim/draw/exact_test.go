package draw

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestExactDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "1ns": 1, "999ns": 999, "1.001us": 1001, "1.5ms": 1500 * time.Microsecond, "1s": time.Second,
		"2m0.000000001s": 2*time.Minute + 1, "3d4h": 76 * time.Hour, "7300d23h59m59.999999999s": 7301*24*time.Hour - 1,
	} {
		if got := ExactDuration(want); got != text {
			t.Errorf("%d ns is written %s, want %s", want, got, text)
		}
	}
	for text, want := range map[string]time.Duration{
		"0": 0, " 2min ": 2 * time.Minute, "1_000 ns": 1000, "0.5ns": 1, "0.4ns": 0, "1e-3s": time.Millisecond,
		"1w1d": 8 * 24 * time.Hour, "1e-9999s": 0,
	} {
		if got, err := ParseDuration(text); err != nil && text != "1e-9999s" || got != want {
			t.Errorf("%s is %d ns, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "5", "5/s", "1m1h", "200y", "101 years", "36600d", "five"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// Every nanosecond survives, and both readers agree as far as a float64 goes.
func TestExactDurationRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, 99*365*24*int64(time.Hour)).Draw(t, "ns"))
		if rapid.Bool().Draw(t, "short") {
			d = time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "short ns"))
		}
		text := ExactDuration(d)
		back, err := ParseDuration(text)
		if err != nil || back != d {
			t.Fatalf("%d ns is written %s and read as %d, %v", d, text, back, err)
		}
		q, err := ParseQuantity(text)
		if err != nil || math.Abs(q.Value-d.Seconds()) > 1e-15*d.Seconds() {
			t.Fatalf("%s is %v, %v, want %v s", text, q, err, d.Seconds())
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"1h30m", "2.5s", "1e3ms", "-5s", "1_0us", "9e9d", "1e-400ns"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDuration(s)
		q, qerr := ParseQuantity(s)
		if err != nil {
			return
		}
		if qerr != nil || math.Abs(q.Value-d.Seconds()) > 1e-9+1e-12*math.Abs(q.Value) {
			t.Fatalf("%q is %v by one reader and %v (%v) by the other", s, d, q, qerr)
		}
		if again, err := ParseDuration(ExactDuration(d)); err != nil || again != d && !strings.HasPrefix(s, "-") {
			t.Fatalf("%q: %v, written %s, is %v, %v", s, d, ExactDuration(d), again, err)
		}
	})
}
