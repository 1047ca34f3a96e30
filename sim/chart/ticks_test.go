package chart

import (
	"strings"
	"testing"

	"asynclab/sim/draw"
)

func labels(ticks []tick) string {
	var out []string
	for _, k := range ticks {
		if k.label != "" {
			out = append(out, k.label)
		}
	}
	return strings.Join(out, " ")
}

// The labels of both axes, and the caption, for data up to a value at 640×240.
func TestTicksForPeople(t *testing.T) {
	for _, c := range []struct {
		unit      draw.Unit
		log       bool
		lo, hi    float64
		x, y, cap string
	}{
		{draw.Seconds, false, 0, 600, "0s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m", "0s 2m 4m 6m 8m 10m", ""},
		{draw.Seconds, false, 0, 60, "0s 5s 10s 15s 20s 25s 30s 35s 40s 45s 50s 55s 60s", "0 10 20 30 40 50 60", "s"},
		{draw.Seconds, false, 0, 0.0121, "0ms 1ms 2ms 3ms 4ms 5ms 6ms 7ms 8ms 9ms 10ms 11ms 12ms", "0 5 10 15", "ms"},
		{draw.Seconds, false, 0, 4e-4, "0µs 50µs 100µs 150µs 200µs 250µs 300µs 350µs 400µs", "0 100 200 300 400", "µs"},
		{draw.Seconds, true, 0.004, 3, "2ms 5ms 10ms 20ms 50ms 100ms 200ms 500ms 1s 2s 5s", "2ms 5ms 10ms 20ms 50ms 100ms 200ms 500ms 1s 2s 5s", ""},
		{draw.PerSecond, false, 0, 230, "0/s 20/s 40/s 60/s 80/s 100/s 120/s 140/s 160/s 180/s 200/s 220/s", "0 50 100 150 200 250", "/s"},
		{draw.PerSecond, false, 0, 23_000, "0/s 2k/s 4k/s 6k/s 8k/s 10k/s 12k/s 14k/s 16k/s 18k/s 20k/s 22k/s", "0 5k 10k 15k 20k 25k", "/s"},
		{draw.Ratio, false, 0, 0.93, "0 10% 20% 30% 40% 50% 60% 70% 80% 90%", "0 20% 40% 60% 80% 100%", ""},
		{draw.None, false, 0, 3, "0 0.2 0.4 0.6 0.8 1.0 1.2 1.4 1.6 1.8 2.0 2.2 2.4 2.6 2.8 3.0", "0 0.5 1.0 1.5 2.0 2.5 3.0", ""},
		{draw.Bytes, false, 0, 5e7, "0MB 5MB 10MB 15MB 20MB 25MB 30MB 35MB 40MB 45MB 50MB", "0 10 20 30 40 50", "MB"},
	} {
		f := Figure{X: Axis{Unit: c.unit, Log: c.log}, Y: Axis{Unit: c.unit, Log: c.log}, Curves: []Curve{{XY: []XY{{c.lo, c.lo}, {c.hi, c.hi}}}}}
		style := Light()
		l := newLayout(&f, &pen{style: &style, w: 640, h: 240, points: 1, snaps: true})
		if x, y := labels(l.x.ticks), labels(l.y.ticks); x != c.x || y != c.y || l.caption != c.cap {
			t.Errorf("%v up to %v:\n x %s\nwant %s\n y %s\nwant %s\n caption %q, want %q", c.unit, c.hi, x, c.x, y, c.y, l.caption, c.cap)
		}
	}
}

// An axis that grows while a run goes on keeps its unit.
func TestUnitOfAGrowingAxis(t *testing.T) {
	style := Light()
	for _, most := range []float64{0.6, 1.2, 10} {
		f := Figure{X: Axis{Unit: draw.Seconds, Max: most, Grows: 10}}
		if l := newLayout(&f, &pen{style: &style, w: 640, h: 240, points: 1, snaps: true}); l.x.measure.name != "s" {
			t.Errorf("up to %g s the unit is %q", most, l.x.measure.name)
		}
	}
}

// The numbers of an axis of times stay in the unit that was chosen for it, be they small
// or large, and on a logarithmic scale too.
func TestKeptUnit(t *testing.T) {
	style := Light()
	for _, c := range []struct {
		as, most float64
		log      bool
		want     string
	}{
		{0.01, 0.04, false, "0 10 20 30 40"},
		{0.01, 40, false, "0 10,000 20,000 30,000 40,000"},
		{10, 0.04, false, "0 0.01 0.02 0.03 0.04"},
		{0.01, 100, true, "10ms 100ms 1000ms 10,000ms 100,000ms"},
	} {
		f := Figure{Y: Axis{Unit: draw.Seconds, As: c.as, Log: c.log}, Curves: []Curve{{XY: []XY{{0, 0.01}, {1, c.most}}}}}
		l := newLayout(&f, &pen{style: &style, w: 640, h: 240, points: 1, snaps: true})
		if got := labels(l.y.ticks); got != c.want {
			t.Errorf("as %g s, up to %g s: %s, want %s", c.as, c.most, got, c.want)
		}
	}
}
