package topology

import "math"

// Route is the path of an edge from the border of one box to the border of
// another.
//
// Points is a polyline in the direction of the edge, with its bends already
// rounded: draw straight lines between the points and put the arrow head on the
// last one. Curve is the same path as cubic Bézier control points, one point
// and then three for each piece, for renderers that draw curves.
type Route struct {
	Edge     int // index into Graph.Edges
	Points   []Point
	Curve    []Point
	LabelAt  Point // the middle of the edge's label
	Reversed bool  // it runs right to left, because it closes a cycle

	upto []float64 // upto[i] is the length of Points[:i+1]
}

// Length returns the length of the route.
func (r Route) Length() float64 {
	if len(r.upto) == 0 {
		return 0
	}
	return r.upto[len(r.upto)-1]
}

// At returns the point at fraction t of the route's length; t is clamped to
// [0,1]. It allocates nothing and takes O(log n) time for n points, so that
// thousands of messages can be moved each frame.
func (r Route) At(t float64) Point {
	if len(r.Points) == 0 {
		return Point{}
	}
	last := len(r.Points) - 1
	switch {
	case !(t > 0) || len(r.upto) != len(r.Points): // also NaN
		return r.Points[0]
	case t >= 1:
		return r.Points[last]
	}
	want := t * r.upto[last]
	lo, hi := 0, last // upto[lo] <= want < upto[hi]
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if r.upto[mid] <= want {
			lo = mid
		} else {
			hi = mid
		}
	}
	a, b := r.Points[lo], r.Points[hi]
	step := r.upto[hi] - r.upto[lo]
	if step <= 0 {
		return b
	}
	f := (want - r.upto[lo]) / step
	return Point{a.X + f*(b.X-a.X), a.Y + f*(b.Y-a.Y)}
}

// measure fills the table of lengths that At searches.
func (r *Route) measure() {
	r.upto = make([]float64, len(r.Points))
	for i := 1; i < len(r.Points); i++ {
		a, b := r.Points[i-1], r.Points[i]
		r.upto[i] = r.upto[i-1] + math.Hypot(b.X-a.X, b.Y-a.Y)
	}
}
