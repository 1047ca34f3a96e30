package chart

import (
	"math"
	"slices"
)

// curves draws the lines in order: the last lies on top.
func (l *layout) curves() {
	for i := range l.fig.Curves {
		l.intervals(&l.fig.Curves[i])
	}
	for i := range l.fig.Curves {
		c := &l.fig.Curves[i]
		for _, run := range l.runs(c) {
			if !c.Apart {
				l.run(c, run)
			}
			for k := 0; (c.Dots || c.Apart) && k < len(run); k++ {
				l.dot(c, run[k])
			}
		}
	}
}

// dot marks a point.
func (l *layout) dot(c *Curve, q point) {
	const r = 2.4
	if q.y < l.data.y0-1 || q.y > l.data.y1+1 || q.x < l.data.x0-1 || q.x > l.data.x1+1 {
		return
	}
	corners := make([]point, 0, 12)
	for k := range 12 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 6)
		corners = append(corners, point{q.x + r*cos, q.y + r*sin})
	}
	l.p.polygon(l.p.style.Color(c.Color), corners)
}

// intervals draws those of a curve: a band, or whiskers where points stand apart.
func (l *layout) intervals(c *Curve) {
	var upper, lower []point
	band := func() {
		if len(upper) > 1 {
			slices.Reverse(lower)
			l.p.polygon(faded(l.p.style.Color(c.Color), 0.18), append(upper, lower...))
		}
		upper, lower = nil, nil
	}
	for i, q := range c.XY {
		low, high, ok := c.interval(i)
		if !ok || math.IsNaN(q.Y) || l.y.span.log && high <= 0 || l.x.span.log && q.X <= 0 {
			band()
			continue
		}
		if l.y.span.log {
			low = max(low, l.y.span.lo)
		}
		a, b := l.inside(l.place(q.X, high)), l.inside(l.place(q.X, low))
		if c.Apart {
			l.p.line(faded(l.p.style.Color(c.Color), 0.6), l.p.hair()*1.5, Solid, a, b)
			continue
		}
		upper, lower = append(upper, a), append(lower, b)
	}
	band()
}

// inside moves a point into the area of the data.
func (l *layout) inside(q point) point {
	return point{min(max(q.x, l.data.x0), l.data.x1), min(max(q.y, l.data.y0), l.data.y1)}
}

// cells fills the fields of a heat map, and writes into those with room.
func (l *layout) cells() {
	p := l.p
	for _, c := range l.fig.Cells {
		a, b := l.place(float64(c.X)-0.5, float64(c.Y)+0.5), l.place(float64(c.X)+0.5, float64(c.Y)-0.5)
		r := rect{p.snap(a.x), p.snap(a.y), p.snap(b.x), p.snap(b.y)}
		shade := faded(p.style.Color(0), 0.05+0.95*min(max(c.Part, 0), 1))
		p.fill(shade, r)
		w := p.width(l.small, c.Text)
		if c.Text == "" || w > r.width()-4 || 1.3*l.small > r.height() {
			continue
		}
		ink := p.style.Foreground
		if under := p.style.Background; under != nil && contrast(under, over(shade, under)) > contrast(ink, over(shade, under)) {
			ink = under
		}
		p.text(ink, l.small, point{(r.x0 + r.x1 - w) / 2, (r.y0+r.y1)/2 + l.small*0.36}, c.Text)
	}
}

// runs returns the parts of a curve between its gaps, in pixels. A value that a
// logarithmic axis cannot show makes a gap.
func (l *layout) runs(c *Curve) [][]point {
	var out [][]point
	var run []point
	for _, q := range c.XY {
		gone := math.IsNaN(q.Y) || math.IsInf(q.Y, 0) || l.y.span.log && q.Y <= 0 || l.x.span.log && q.X <= 0
		if !gone {
			run = append(run, l.place(q.X, q.Y))
			continue
		}
		if c.Step && len(run) > 0 { // the last value holds until the gap
			run = append(run, point{l.place(max(q.X, l.x.span.lo), l.y.span.hi).x, run[len(run)-1].y})
		}
		if len(run) > 0 {
			out, run = append(out, run), nil
		}
	}
	if len(run) > 0 {
		out = append(out, run)
	}
	return out
}

func (l *layout) run(c *Curve, run []point) {
	run = thin(run, l.p.points)
	if c.Step {
		run = stairs(run)
	}
	// Widen the area, so that a line along its edge keeps its full width.
	area := rect{l.data.x0, l.data.y0 - 1, l.data.x1 + 1, l.data.y1 + 1}
	if len(run) == 1 { // a single value between gaps is drawn as a dot
		const dot = 2.2
		run = []point{{run[0].x - dot, run[0].y}, {run[0].x + dot, run[0].y}}
		area = rect{area.x0 - dot, area.y0 - dot, area.x1 + dot, area.y1 + dot}
		l.p.polyline(l.p.style.Color(c.Color), 2*dot, Solid, run, area)
		return
	}
	l.p.polyline(l.p.style.Color(c.Color), lineWidth, c.Dash, run, area)
}

// thin keeps, of all points in one column of pixels, the first, the lowest, the
// highest and the last, in order: the drawing is the same, and no peak is lost.
// perPixel is the number of columns per unit of x.
func thin(run []point, perPixel float64) []point {
	if len(run) < 8 {
		return run
	}
	out := make([]point, 0, len(run))
	column := func(i int) float64 { return math.Floor(run[i].x * perPixel) }
	for i := 0; i < len(run); {
		first, low, high := i, i, i
		col := column(i)
		for i++; i < len(run) && column(i) == col; i++ {
			if run[i].y < run[low].y {
				low = i
			}
			if run[i].y > run[high].y {
				high = i
			}
		}
		last := -1
		for _, k := range [...]int{first, min(low, high), max(low, high), i - 1} {
			if k > last {
				out, last = append(out, run[k]), k
			}
		}
	}
	return out
}

// stairs holds each value until the next one.
func stairs(run []point) []point {
	out := make([]point, 0, 2*len(run))
	for i, q := range run {
		if i > 0 && q.y != run[i-1].y {
			out = append(out, point{q.x, run[i-1].y})
		}
		if n := len(out); i > 0 && i < len(run)-1 && n > 0 && q.y == run[i-1].y {
			continue // the same value: the step continues
		}
		out = append(out, q)
	}
	return out
}
