package bench

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	for _, c := range []struct {
		t, length, step time.Duration
		want            string
	}{
		{90 * time.Second, 10 * time.Minute, 0, "1:30.0 min"},
		{18794987, 10 * time.Minute, 250 * time.Microsecond, "18.8 ms"},
		{0, 10 * time.Minute, 250 * time.Microsecond, "0:00.0000 min"},
		{46300 * time.Microsecond, 10 * time.Minute, 250 * time.Microsecond, "46.3 ms"},
		{7300 * time.Millisecond, 10 * time.Minute, 50 * time.Millisecond, "7.30 s"},
		{67300 * time.Millisecond, 10 * time.Minute, 50 * time.Millisecond, "1:07.30 min"},
		{1500 * time.Millisecond, 20 * time.Second, 0, "1.50 s"},
		{1500 * time.Millisecond, time.Second, 0, "1.5000 s"},
		{2*time.Hour + 3*time.Minute + 4*time.Second, 24 * time.Hour, 0, "2:03:04 h"},
		{time.Minute, 10 * time.Minute, time.Second, "1:00.0 min"},
	} {
		if got := clockTo(c.t, c.length, c.step); got != c.want {
			t.Errorf("clockTo(%v, %v, %v) = %q, want %q", c.t, c.length, c.step, got, c.want)
		}
	}
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]time.Duration{"1:30.0 min": 90 * time.Second, "90s": 90 * time.Second, "18.8 ms": 18800 * time.Microsecond, "1m30s": 90 * time.Second, "1.50 s": 1500 * time.Millisecond} {
		if got, err := parseClock(text); err != nil || got != want {
			t.Errorf("parseClock(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "soon", "1:70", "-3s"} {
		if got, err := parseClock(text); err == nil {
			t.Errorf("parseClock(%q) = %v, want an error", text, got)
		}
	}
}
