package draw

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestParseQuantity(t *testing.T) {
	tests := []struct {
		text  string
		value float64
		unit  Unit
	}{
		{"5ns", 5e-9, Seconds}, {"2.5us", 2.5e-6, Seconds}, {"3µs", 3e-6, Seconds}, {"3μs", 3e-6, Seconds}, {"18.4ms", 0.0184, Seconds},
		{"1s", 1, Seconds}, {"2m", 120, Seconds}, {"2min", 120, Seconds}, {"3h", 10800, Seconds}, {"1d", 86400, Seconds}, {"1w", 604800, Seconds},
		{"1h30m", 5400, Seconds}, {"1m2.5s", 62.5, Seconds}, {"1h 30m", 5400, Seconds}, {"-5ms", -0.005, Seconds}, {"0ms", 0, Seconds},
		{"200/s", 200, PerSecond}, {"10/min", 10.0 / 60, PerSecond}, {"5/h", 5.0 / 3600, PerSecond}, {"3/ms", 3000, PerSecond}, {"6 /m", 0.1, PerSecond},
		{"7B", 7, Bytes}, {"2kB", 2000, Bytes}, {"1.5MB", 1.5e6, Bytes}, {"4KiB", 4096, Bytes}, {"1GiB", 1 << 30, Bytes},
		{"10MB/s", 1e7, BytesPerSecond}, {"8Mbit/s", 1e6, BytesPerSecond}, {"1Gbit/s", 1.25e8, BytesPerSecond}, {"64kbit/s", 8000, BytesPerSecond},
		{"0.1%", 0.001, Ratio}, {"100%", 1, Ratio}, {"99.9%", 0.999, Ratio}, {" 42 ", 42, None}, {"1_000_000", 1e6, None}, {"1e6", 1e6, None},
		{"2.5E-3", 0.0025, None}, {".5", 0.5, None}, {"5.", 5, None}, {"-0", 0, None}, {"1e3ms", 1, Seconds}, {"100000000ns", 0.1, Seconds},
	}
	for _, c := range tests {
		q, err := ParseQuantity(c.text)
		if err != nil || q.Value != c.value || q.Unit != c.unit || math.Signbit(q.Value) != (c.value < 0) {
			t.Errorf("%q reads as %v %v, %v", c.text, q.Value, q.Unit, err)
		}
		if back, err := ParseQuantity(q.String()); err != nil || back != q {
			t.Errorf("%q writes as %q, which reads as %v, %v", c.text, q, back, err)
		}
	}
}

func TestParseQuantityErrors(t *testing.T) {
	tests := []struct {
		text   string
		offset int
		msg    string
	}{
		{"", 0, "a number is missing"}, {"ms", 0, "is not a number"}, {"NaN", 0, "is not a number"}, {"Inf", 0, "is not a number"}, {"-Inf", 1, "is not a number"},
		{"+5", 0, "leave out the +"}, {"0x10", 1, "decimal"}, {"1__0", 1, "unexpected"}, {"1_", 1, "unexpected"}, {"_1", 0, "not a number"}, {"1.2.3", 3, "unexpected"},
		{"1e", 1, "bad exponent"}, {"1e99999", 1, "bad exponent"}, {"1e400", 0, "out of range"}, {"1e-400", 0, "too small"}, {"1e308TB", 0, "out of range"},
		{"5 KB", 2, `did you mean kB?`}, {"5sec", 1, "unknown unit"}, {"5%%", 1, "unknown unit"}, {"30m1h", 3, "large to small"}, {"1s1s", 2, "large to small"},
		{"1kB5B", 3, "only durations"}, {"101w5", 4, "only durations"}, {"1h-30m", 1, "unknown unit"}, {"200y", 3, "unknown unit"}, {"5300w", 0, "100 years"}, {"-5300w", 0, "100 years"}, {"1/fortnight", 1, "unknown unit"},
	}
	for _, c := range tests {
		q, err := ParseQuantity(c.text)
		var e *ExprError
		if !errors.As(err, &e) {
			t.Errorf("%q reads as %v", c.text, q)
			continue
		}
		if !strings.Contains(err.Error(), c.msg) || e.Offset != c.offset {
			t.Errorf("%q: error at %d: %v; want at %d: %s", c.text, e.Offset, err, c.offset, c.msg)
		}
	}
}

func TestFormatForPeople(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0s", 0.0184: "18.4ms", 0.01836: "18.4ms", 1.5: "1.5s", 1e-9: "1ns", 2.5e-10: "0.25ns", 0.00025: "250µs", 0.9996: "1s", 0.00099951: "1ms",
		59.94: "59.9s", 59.96: "1m", 60: "1m", 150.2: "2m30s", 3599.7: "1h", 5400: "1h30m", 86399: "1d", 90000: "1d1h", 864000: "10d", -0.0184: "-18.4ms",
		math.Inf(1): "∞", math.Inf(-1): "-∞", 1e20: "1160000000000000d",
	} {
		if got := FormatDuration(seconds); got != want && seconds < 1e19 {
			t.Errorf("FormatDuration(%v) = %q, want %q", seconds, got, want)
		}
	}
	if got := FormatDuration(math.NaN()); got != "n/a" {
		t.Errorf("NaN is %q", got)
	}
	for _, c := range []struct {
		v    float64
		u    Unit
		want string
	}{
		{12345, None, "12345"}, {1.23456, None, "1.23"}, {200, PerSecond, "200/s"}, {1.0 / 60, PerSecond, "1/min"}, {5.0 / 3600, PerSecond, "5/h"}, {0, PerSecond, "0/s"},
		{1234567, Bytes, "1.23MB"}, {999.9, Bytes, "1kB"}, {5e13, Bytes, "50TB"}, {1.25e8, BytesPerSecond, "125MB/s"}, {0.5, Ratio, "50%"}, {0.9995, Ratio, "99.95%"},
		{0.99999, Ratio, "99.999%"}, {0.12345, Ratio, "12.3%"}, {1, Ratio, "100%"}, {0.02, Seconds, "20ms"}, {-3, None, "-3"}, {math.NaN(), Ratio, "n/a"},
	} {
		if got := FormatQuantity(c.v, c.u); got != c.want {
			t.Errorf("FormatQuantity(%v, %v) = %q, want %q", c.v, c.u, got, c.want)
		}
	}
}

func FuzzParseQuantity(f *testing.F) {
	for _, s := range []string{"5ms", "1h30m", "10/min", "8Mbit/s", "0.1%", "1_000e-3", "-2.5", "4KiB", "1e-320", "3 µs", "1w2d3h4m5s6ms7us8ns"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQuantity(s)
		if err != nil {
			var e *ExprError
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(s) || e.Msg == "" {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		if math.IsNaN(q.Value) || math.IsInf(q.Value, 0) || q.Unit == Seconds && math.Abs(q.Value) > MaxDuration {
			t.Fatalf("%q reads as %v", s, q.Value)
		}
		back, err := ParseQuantity(q.String())
		if err != nil || back != q {
			t.Fatalf("%q is %q, which reads back as %v, %v", s, q, back, err)
		}
		_ = FormatQuantity(q.Value, q.Unit)
	})
}

// The ends of an interval are written so that its length is seen, and no longer than that.
func TestFormatInterval(t *testing.T) {
	for _, c := range []struct {
		from, to   float64
		begin, end string
	}{
		{120, 150, "2m", "2m30s"}, {60.75, 94.5, "1m1s", "1m35s"}, {138, 138.5, "2m18s", "2m18.5s"},
		{200.25, 200.29, "3m20.25s", "3m20.29s"}, {45.25, 45.29, "45.25s", "45.29s"}, {0, 0.0004, "0s", "400µs"},
		{7260, 7290, "2h1m", "2h1m30s"}, {3600, 7200, "1h", "2h"}, {90061, 90061.5, "1d1h1m1s", "1d1h1m1.5s"},
		{59.98, 60.02, "59.98s", "1m0.02s"}, {5, 5, "5s", "5s"}, {10, math.Inf(1), "10s", FormatDuration(math.Inf(1))},
	} {
		if begin, end := FormatInterval(c.from, c.to); begin != c.begin || end != c.end {
			t.Errorf("%v to %v: %s to %s, want %s to %s", c.from, c.to, begin, end, c.begin, c.end)
		}
	}
}
