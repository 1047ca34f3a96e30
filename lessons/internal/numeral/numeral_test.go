package numeral

import (
	"math"
	"testing"

	"asynclab/sim/draw"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		text        string
		value, half float64
		unit        draw.Unit
	}{
		{"102 ms", 0.102, 0.0005, draw.Seconds},
		{"102ms", 0.102, 0.0005, draw.Seconds},
		{"about 0.1 s", 0.1, 0.05, draw.Seconds},
		{"1.50 seconds", 1.5, 0.005, draw.Seconds},
		{"1 min 30 s", 90, 0.5, draw.Seconds},
		{"2 分钟", 120, 30, draw.Seconds},
		{"20 毫秒", 0.02, 0.0005, draw.Seconds},
		{"3 hours", 10800, 1800, draw.Seconds},
		{"95.1 %", 0.951, 0.0005, draw.Ratio},
		{"40 percent of them", 0.4, 0.005, draw.Ratio},
		{"百分之 40", 0.4, 0.005, draw.Ratio},
		{"2,760 letters", 2760, 0.5, draw.None},
		{"5 services", 5, 0.5, draw.None},
		{"4 messages", 4, 0.5, draw.None},
		{"50 requests a second", 50, 0.5, draw.PerSecond},
		{"50/s", 50, 0.5, draw.PerSecond},
		{"120 per minute", 2, 0.5 / 60, draw.PerSecond},
		{"每秒 50 个", 50, 0.5, draw.PerSecond},
		{"50 个/秒", 50, 0.5, draw.PerSecond},
		{"2 MB", 2e6, 5e5, draw.Bytes},
		{"2 MB/s", 2e6, 5e5, draw.BytesPerSecond},
	} {
		got, err := Read(c.text)
		if err != nil || got.Unit != c.unit || math.Abs(got.Value-c.value) > 1e-12*c.value || math.Abs(got.Half-c.half) > 1e-12*c.half {
			t.Errorf("%q: %+v, %v", c.text, got, err)
		}
	}
	for _, text := range []string{"", "many", "10 to 20 ms", "5 of 6"} {
		if got, err := Read(text); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestStrays(t *testing.T) {
	for text, want := range map[string]int{
		"It takes 30 ms.": 1, "p99 and HTTP/1.1 and a-1": 0, "three services": 0, "two seconds": 1, "a second": 0, "per second": 0,
		"twenty-five": 0, "thirty minutes, 4 times": 2, "共5个": 1, "三秒": 1, "几秒": 0, "每秒": 0, "百分之四十": 1, "the 99th": 1, "": 0,
	} {
		if got := Strays(text); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string][2]float64{
		"9 to 13 s": {9, 13}, "about 800 ms to 1.1 s": {0.8, 1.1}, "9 到 13 秒": {9, 13}, "between 40 % and 50 %": {0.4, 0.5},
		"10–20 %": {0.1, 0.2}, "每秒 5 到 7 个": {5, 7}, "1,000 to 1,200": {1000, 1200},
		"13 to 9 s": {}, "9 s": {}, "1 min 30 s": {}, "to 9 s": {}, "5 s to 9": {},
	} {
		low, high, ok := Span(text)
		if ok != (want[1] > 0) || ok && (math.Abs(low.Value-want[0]) > 1e-9 || math.Abs(high.Value-want[1]) > 1e-9) {
			t.Errorf("%q: %v to %v, %v", text, low, high, ok)
		}
	}
}

func TestSpoken(t *testing.T) {
	for text, want := range map[string][2]string{
		"469ms": {"469 ms", "469 毫秒"}, "1.2s": {"1.2 s", "1.2 秒"}, "1m30s": {"1 min 30 s", "1 分钟 30 秒"}, "–": {"–", "–"}, "5ms!": {"5ms!", "5ms!"},
	} {
		if got := [2]string{Spoken(text, "en"), Spoken(text, "zh-Hans")}; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
