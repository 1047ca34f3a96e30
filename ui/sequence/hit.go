package sequence

import (
	"math"

	"asynclab/sim/sequence"
)

// item is an arrow or a bar of a diagram, or neither.
type item struct {
	some  bool
	bar   bool
	index int
}

// near is the maximum distance of the pointer from a line, in pixels.
const near = 7.0

// hit finds the item at a position: the nearest arrow or its label, else a bar.
func hit(d *sequence.Diagram, l *sequence.Layout, x, y float64) item {
	best, found := near, item{}
	for i := range d.Messages {
		a := l.Arrows[i]
		if b := a.Label.Box; x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H {
			return item{some: true, index: i}
		}
		for k, q := range a.Points[1:] {
			if away := distance(sequence.Point{X: x, Y: y}, a.Points[k], q); away < best {
				best, found = away, item{some: true, index: i}
			}
		}
	}
	if found.some {
		return found
	}
	for i, b := range l.Bars {
		if x >= b.X-4 && x < b.X+b.W+4 && y >= b.Y-2 && y < b.Y+b.H+2 {
			found = item{some: true, bar: true, index: i} // bars drawn later lie in front
		}
	}
	return found
}

// distance is the distance of a point from a segment.
func distance(at, p, q sequence.Point) float64 {
	dx, dy := q.X-p.X, q.Y-p.Y
	along := 0.0
	if n := dx*dx + dy*dy; n > 0 {
		along = min(max(((at.X-p.X)*dx+(at.Y-p.Y)*dy)/n, 0), 1)
	}
	return math.Hypot(at.X-p.X-along*dx, at.Y-p.Y-along*dy)
}
