package chart

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

func genAxis(t *rapid.T, name string) Axis {
	return Axis{
		Label: rapid.SampledFrom([]string{"", "latency", "a label that is longer than any that fits"}).Draw(t, name+" label"),
		Unit:  draw.Unit(rapid.IntRange(0, int(draw.Ratio)).Draw(t, name+" unit")),
		Log:   rapid.Bool().Draw(t, name+" log"),
	}
}

func genFigure(t *rapid.T) Figure {
	f := Figure{Title: rapid.SampledFrom([]string{"", "Throughput", "吞吐量"}).Draw(t, "title"), X: genAxis(t, "x"), Y: genAxis(t, "y")}
	size := math.Pow(10, rapid.Float64Range(-5, 6).Draw(t, "size"))
	for range rapid.IntRange(0, 3).Draw(t, "curves") {
		c := Curve{Name: "c", Step: rapid.Bool().Draw(t, "step"), Dash: Dash(rapid.IntRange(0, 3).Draw(t, "dash"))}
		x := 0.0
		for range rapid.IntRange(0, 40).Draw(t, "points") {
			x += size * rapid.Float64Range(0, 1).Draw(t, "dx")
			y := size * rapid.SampledFrom([]float64{0, 1e-3, 0.5, 1, 70, -2, math.NaN(), math.Inf(1)}).Draw(t, "y")
			c.XY = append(c.XY, XY{x, y})
		}
		f.Curves = append(f.Curves, c)
	}
	return f
}

// Labels never meet and never leave the figure, whatever its size and data; and
// pixels and data belong together.
func TestLayout(t *testing.T) {
	style := Light()
	rapid.Check(t, func(t *rapid.T) {
		f := genFigure(t)
		w, h := rapid.Float64Range(200, 2000).Draw(t, "w"), rapid.Float64Range(100, 1500).Draw(t, "h")
		l := newLayout(&f, &pen{style: &style, w: w, h: h, points: 1, snaps: true})
		if l.data.width() < w/4 || l.data.height() < h/4 {
			t.Fatalf("%v left for the data of %vx%v", l.data, w, h)
		}
		checkTicks(t, "x", &l.x)
		checkTicks(t, "y", &l.y)
		end := 0.0
		for _, k := range l.x.ticks {
			if k.label == "" {
				continue
			}
			at, half := l.place(k.value, l.y.span.lo).x, l.p.width(l.small, k.label)/2
			at = max(at, half+margin/2) // moved into the figure
			if at-half < end || at+half > w {
				t.Fatalf("x label %q from %v to %v, the one before ends at %v", k.label, at-half, at+half, end)
			}
			end = at + half
		}
		last := math.Inf(1)
		for _, k := range l.y.ticks {
			if k.label == "" {
				continue
			}
			y := l.place(l.x.span.lo, k.value).y
			if y+l.small > last || l.data.x0-tickGap-l.p.width(l.small, k.label) < 0 {
				t.Fatalf("y label %q at %v, the one below at %v", k.label, y, last)
			}
			last = y
		}
		frame := l.frame()
		px := rapid.Float64Range(frame.Left, frame.Right).Draw(t, "px")
		if back := frame.XToPixel(frame.PixelToX(px)); math.Abs(back-px) > 1e-6 {
			t.Fatalf("pixel %v became %v", px, back)
		}
	})
}

func checkTicks(t *rapid.T, name string, a *axis) {
	labelled := map[string]bool{}
	last := math.Inf(-1)
	for _, k := range a.ticks {
		if !(k.value > last) {
			t.Fatalf("%s ticks are not in order: %v", name, a.ticks)
		}
		last = k.value
		if p := a.span.part(k.value); p < -1e-6 || p > 1+1e-6 {
			t.Fatalf("%s tick %v is outside %v", name, k, a.span)
		}
		if k.label != "" && labelled[k.label] {
			t.Fatalf("%s label %q stands twice: %v in %v", name, k.label, a.ticks, a.span)
		}
		labelled[k.label] = true
	}
	if len(labelled) == 0 && a.span.lo == 0 {
		t.Fatalf("%s has no labels in %v", name, a.span)
	}
}

// Thinning keeps order, ends, and the extremes of each column; what is few is
// left alone.
func TestThin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := make([]point, rapid.IntRange(1, 500).Draw(t, "n"))
		x := 0.0
		for i := range run {
			x += rapid.Float64Range(0, 0.5).Draw(t, "dx")
			run[i] = point{x, float64(rapid.IntRange(0, 50).Draw(t, "y"))}
		}
		got := thin(run, 1)
		type ends struct{ low, high float64 }
		extremes := func(points []point) map[float64]ends {
			m := map[float64]ends{}
			for _, q := range points {
				c := math.Floor(q.x)
				e, ok := m[c]
				if !ok {
					e = ends{q.y, q.y}
				}
				m[c] = ends{min(e.low, q.y), max(e.high, q.y)}
			}
			return m
		}
		want, have := extremes(run), extremes(got)
		for c, e := range want {
			if have[c] != e {
				t.Fatalf("column %v has %v, want %v", c, have[c], e)
			}
		}
		if got[0] != run[0] || got[len(got)-1] != run[len(run)-1] || len(got) > max(8, 4*len(want)) {
			t.Fatalf("%d points of %d in %d columns", len(got), len(run), len(want))
		}
		if !slices.IsSortedFunc(got, func(a, b point) int { return int(math.Copysign(1, a.x-b.x)) * b2i(a.x != b.x) }) {
			t.Fatal("the order is lost")
		}
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Drawing survives any figure in any size.
func TestDrawAnything(t *testing.T) {
	style := Dark()
	rapid.Check(t, func(t *rapid.T) {
		f := genFigure(t)
		f.Bands = []Band{{From: rapid.Float64().Draw(t, "from"), To: rapid.Float64().Draw(t, "to"), Name: "fault"}}
		f.Cursor, f.HasCursor = rapid.Float64().Draw(t, "cursor"), true
		style.Scale = rapid.Float64Range(0.5, 3).Draw(t, "scale")
		drawn(f, style, rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h"))
	})
}

// No value is lost or counted twice: the bars hold a share of 1, do not overlap,
// and none of a value lies outside the bars around it.
func TestHistogram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bins []measure.Bin
		v := rapid.SampledFrom([]float64{0, 1e-9, 1e-3, 7}).Draw(t, "first")
		total := 0.0
		for range rapid.IntRange(1, 60).Draw(t, "bins") {
			width := max(1e-9, v/128)
			n := uint64(rapid.IntRange(1, 1000).Draw(t, "count"))
			bins = append(bins, measure.Bin{Lo: v, Hi: v + width, Count: n})
			total += float64(n)
			v += width * float64(rapid.IntRange(1, 300).Draw(t, "gap"))
		}
		log := rapid.Bool().Draw(t, "log")
		sum, end := 0.0, math.Inf(-1)
		bars := Histogram(bins, log)
		for _, b := range bars {
			if b.Lo < end*(1-1e-12) || b.Hi <= b.Lo || b.Y <= 0 {
				t.Fatalf("bar %v after %v", b, end)
			}
			sum, end = sum+b.Y, b.Hi
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the bars hold %v", sum)
		}
		if !log && len(bars) > 51 {
			t.Fatalf("%d bars", len(bars))
		}
		ccdf := CCDF(bins)
		if ccdf[0].Y != 1 || ccdf[len(ccdf)-1].Y != 0 {
			t.Fatalf("the ends are %v and %v", ccdf[0], ccdf[len(ccdf)-1])
		}
		for i, p := range ccdf[1:] {
			if p.X <= ccdf[i].X || p.Y > ccdf[i].Y {
				t.Fatalf("point %d: %v after %v", i+1, p, ccdf[i])
			}
		}
	})
	if Histogram(nil, true) != nil || CCDF(nil) != nil {
		t.Error("something out of nothing")
	}
}
