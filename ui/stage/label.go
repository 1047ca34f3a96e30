package stage

import (
	"math"

	"asynclab/sim/topology"
)

// spot is where the texts of a link stand: its label on one side of its line and its
// rate on the other, so that neither covers what moves along it.
type spot struct {
	label, rate topology.Point
	down        float64 // where what stands behind the rate goes: 1 below it, -1 above it
}

// placeLabels finds the places of the texts of links at this zoom.
func (s *Stage) placeLabels() {
	s.spots = s.spots[:0]
	if s.scene == nil {
		return
	}
	for i, e := range s.scene.Graph.Edges {
		s.spots = append(s.spots, s.beside(s.scene.Layout.Routes[i], s.labelWidth(e.Label)/2, s.lineHeight()/2))
	}
}

// lineHeight is the height of a label in the picture.
func (s *Stage) lineHeight() float64 { return max(labelFont*s.view.zoom, leastText())/s.view.zoom + 3 }

// beside places texts of half a width and half a height on both sides of a route, the
// label above. The label of a loop stands beside it as it is, and one that would cover a
// node on its line.
func (s *Stage) beside(r topology.Route, wide, high float64) spot {
	const near, clear, rateWide = 6, 8, 22.0 // clear of the messages beside the line
	at, t, least := nearest(r)
	if least > near {
		return spot{at, topology.Point{X: at.X, Y: at.Y - 2*high}, -1}
	}
	a, b := r.At(t-0.02), r.At(t+0.02)
	x, y := b.Y-a.Y, a.X-b.X
	if y > 0 {
		x, y = -x, -y
	}
	long := math.Hypot(x, y)
	if long == 0 {
		x, y, long = 0, -1, 1
	}
	x, y = x/long, y/long
	up := math.Abs(x)*wide - y*high + clear
	down := math.Abs(x)*rateWide - y*high + clear
	place := spot{topology.Point{X: at.X + x*up, Y: at.Y + y*up}, topology.Point{X: at.X - x*down, Y: at.Y - y*down}, 1}
	if s.covers(place.label, wide, high) {
		place.label = at
	}
	if s.covers(place.rate, rateWide, high) || place.label == at && math.Abs(place.rate.Y-at.Y) < 2*high {
		place.rate = topology.Point{X: at.X, Y: at.Y + 2*high}
	}
	return place
}

// nearest is where a route is nearest to its label, and how far that is.
func nearest(r topology.Route) (at topology.Point, t, far float64) {
	at, far = r.LabelAt, math.Inf(1)
	for k := range 65 {
		p := r.At(float64(k) / 64)
		if d := math.Hypot(p.X-at.X, p.Y-at.Y); d < far {
			far, t = d, float64(k)/64
		}
	}
	return at, t, far
}

// covers reports whether a text would lie on a node that is no frame.
func (s *Stage) covers(at topology.Point, wide, high float64) bool {
	for i, b := range s.scene.Layout.Boxes {
		if !s.ground.frames[i] && at.X+wide > b.X && at.X-wide < b.X+b.W && at.Y+high > b.Y && at.Y-high < b.Y+b.H {
			return true
		}
	}
	return false
}
