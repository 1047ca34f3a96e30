package chart

import "math"

// curves draws the lines in order: the last lies on top.
func (l *layout) curves() {
	for i := range l.fig.Curves {
		c := &l.fig.Curves[i]
		for _, run := range l.runs(c) {
			l.run(c, run)
		}
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
