package stage

import (
	"math"

	"asynclab/sim/topology"
	"asynclab/ui/palette"
)

// spot is where the texts of a link stand: its label on one side of its line and its
// rate on the other, so that neither covers what moves along it.
type spot struct {
	label, rate topology.Point
	down        float64 // where what stands behind the rate goes: 1 below it, -1 above it
	bare        bool    // there is no place for its label
	mute        bool    // nor for its rate
}

// placeLabels finds the places of the texts of links at this zoom: near the middle of
// each, where they lie on no node, no other text and no other link, as far as there is such
// a place.
func (s *Stage) placeLabels() {
	if s.scene == nil {
		s.spots, s.placed = s.spots[:0], 0
		return
	}
	if s.placed == s.view.zoom && len(s.spots) == len(s.scene.Graph.Edges) {
		return // panned
	}
	s.spots, s.placed = s.spots[:0], s.view.zoom
	high := s.lineHeight() / 2
	for i, e := range s.scene.Graph.Edges {
		r, wide := s.scene.Layout.Routes[i], s.labelWidth(e.Label)/2
		at, t, far := nearest(r)
		best := s.beside(i, at, t, far, wide, high)
		if len(s.scene.Graph.Edges) <= mostCareful && far <= besideLine {
			var n float64
			if best, n = s.calm(best, i, t, wide, high); n >= crowded && wide > 0 {
				best, _ = s.calm(s.beside(i, at, t, far, 0, high), i, t, 0, high)
				best.bare = true
			}
		}
		best.bare = best.bare || s.stacked(best, e.Label, high) || s.said(e.Label) && s.crossed(area{best.label, wide, high}, i) > 0
		s.spots = append(s.spots, best)
	}
	for i, r := range s.scene.Layout.Routes { // the rates once more, now that all labels stand
		_, t, far := nearest(r)
		if len(s.scene.Graph.Edges) > mostCareful || far > besideLine {
			continue
		}
		here := &s.spots[i]
		least := s.lies(s.column(*here, i, high), i) + s.strikes(*here, i, high)
		for _, off := range offs {
			if least < 0.5 || t+off < 0.12 || t+off > 0.88 {
				continue
			}
			x := s.beside(i, r.At(t+off), t+off, 0, 0, high)
			if c := s.lies(s.column(x, i, high), i) + s.strikes(x, i, high) + math.Abs(off); c < least-0.25 {
				here.rate, here.down, least = x.rate, x.down, c
			}
		}
		m := s.column(*here, i, high)
		here.mute = s.crossed(area{here.rate, min(m.wide, rateWide), high}, i) > 0 || s.strikes(*here, i, high) > 0
	}
}

// stacked reports whether the same label stands directly above or below a spot already.
func (s *Stage) stacked(x spot, label string, high float64) bool {
	m := area{x.label, s.labelWidth(label) / 2, 1.6 * high}
	for k, o := range s.spots {
		if e := s.scene.Graph.Edges[k]; label != "" && e.Label == label && !o.bare && m.meets(area{o.label, m.wide, m.high}) {
			return true
		}
	}
	return false
}

// said reports whether a label stands at another link already.
func (s *Stage) said(label string) bool {
	for k, o := range s.spots {
		if s.scene.Graph.Edges[k].Label == label && !o.bare {
			return true
		}
	}
	return false
}

// offs are the ways along a link that its texts may go from their place.
var offs = [...]float64{-0.1, 0.1, -0.2, 0.2, -0.3, 0.3}

// calm is the place along link i, near t, where its texts lie on least, and on how much.
func (s *Stage) calm(best spot, i int, t, wide, high float64) (spot, float64) {
	r, least := s.scene.Layout.Routes[i], s.crowd(best, i, wide, high)
	for _, x := range [...]spot{best.over(high, -1), best.over(high, 1)} { // both on one side
		if c := s.crowd(x, i, wide, high) + 0.5; least >= 1 && c < least-0.25 {
			best, least = x, c
		}
	}
	for _, off := range offs {
		if least < 0.5 || t+off < 0.12 || t+off > 0.88 {
			continue
		}
		x := s.beside(i, r.At(t+off), t+off, 0, wide, high)
		if c := s.crowd(x, i, wide, high) + math.Abs(off); c < least-0.25 {
			best, least = x, c
		}
	}
	return best, least
}

// over is the spot with both texts above the line (-1) or below it (1), the rate farther
// from it.
func (x spot) over(high, side float64) spot {
	if side > 0 {
		x.label = x.rate
	}
	x.rate, x.down = topology.Point{X: x.label.X, Y: x.label.Y + side*2*high}, side
	return x
}

const (
	mostCareful = 80   // links of a design whose texts are kept apart
	crowded     = 2    // texts and links that a label may not lie on
	besideLine  = 6.0  // a label that is further from its line than this belongs to a loop
	rateWide    = 22.0 // half the width of a rate
	noteWide    = 40.0 // and of what stands behind it
)

// area is the place of a text: its middle, half its width and half its height.
type area struct {
	at         topology.Point
	wide, high float64
}

// column is the place of the rate of link k at a spot, and of what has stood behind it.
func (s *Stage) column(x spot, k int, high float64) area {
	if k >= len(s.notes) || s.notes[k] == 0 {
		return area{x.rate, rateWide, high}
	}
	more := float64(s.notes[k]/2) * (s.highSign() + signGap) / 2 // half of it
	return area{topology.Point{X: x.rate.X, Y: x.rate.Y + x.down*more}, noteWide, high + more}
}

// noted counts what stands behind the rates of links, and reports whether more does than ever
// before: the texts of links need other places then.
func (s *Stage) noted() (more bool) {
	if s.scene == nil {
		return false
	}
	if n := len(s.scene.Graph.Edges); len(s.notes) != n {
		s.notes, s.noting = make([]int, n), make([]int, n)
	}
	now := s.noting
	clear(now)
	for i, l := range s.lane.Links[:min(len(s.lane.Links), len(now))] {
		if _, trouble := linkTexts(l); trouble != "" && s.oneLine(i, trouble) {
			now[i]++
		} else if trouble != "" {
			now[i] += 2
		}
	}
	for _, x := range s.lane.Signs {
		if x.Edge >= 0 && int(x.Edge) < len(now) {
			now[x.Edge] += 2
		}
	}
	for i, n := range now {
		if n > s.notes[i] {
			s.notes[i], more = n, true
		}
	}
	return more
}

// oneLine reports whether a link is long enough for its rate and what is wrong with it on one
// line.
func (s *Stage) oneLine(i int, trouble string) bool {
	const rim = 45.0
	z := s.view.zoom
	return s.scene.Layout.Routes[i].Length() > 2*rateWide+textWidth(trouble, max(stateFont*z, leastText()), true)/z+rim
}

func (a area) meets(b area) bool {
	return math.Abs(a.at.X-b.at.X) < a.wide+b.wide && math.Abs(a.at.Y-b.at.Y) < a.high+b.high
}

// crowd counts what both texts of link i would lie on.
func (s *Stage) crowd(x spot, i int, wide, high float64) float64 {
	rate := s.lies(s.column(x, i, high), i)
	if wide == 0 {
		return 2 * rate
	}
	return rate + s.lies(area{x.label, wide, high}, i)
}

// strikes counts as two if a link passes through its own rate, or another one is about as near
// to it.
func (s *Stage) strikes(x spot, i int, high float64) float64 {
	const slack = 5.0
	m, r := area{x.rate, rateWide - slack, high - slack}, s.scene.Layout.Routes[i]
	for step := range 65 {
		if m.meets(area{r.At(float64(step) / 64), 1, 1}) {
			return 2
		}
	}
	own := s.farFrom(x.rate, i)
	for k := range s.scene.Layout.Routes {
		if k != i && s.farFrom(x.rate, k) < 1.3*own { // it would be read as that of another
			return 2
		}
	}
	return 0
}

// farFrom is how far a point is from a link.
func (s *Stage) farFrom(p topology.Point, link int) float64 {
	least, r := math.Inf(1), s.scene.Layout.Routes[link]
	for step := range 33 {
		q := r.At(float64(step) / 32)
		least = math.Min(least, math.Hypot(q.X-p.X, q.Y-p.Y))
	}
	return least
}

// lies counts what a text of link i would lie on: nodes, texts that are placed, and other
// links.
func (s *Stage) lies(m area, i int) (n float64) {
	if s.covers(m.at, m.wide, m.high) {
		n += 2
	}
	for k, o := range s.spots {
		if half := s.labelWidth(s.scene.Graph.Edges[k].Label) / 2; half > 0 && !o.bare && m.meets(area{o.label, half, s.lineHeight() / 2}) {
			n += 2
		}
		if k != i && m.meets(s.column(o, k, s.lineHeight()/2)) {
			n++
		}
	}
	return n + s.crossed(m, i)
}

// crossed counts the other links, and the borders of frames, that a text of link i would lie
// on.
func (s *Stage) crossed(m area, i int) (n float64) {
	for k, b := range s.scene.Layout.Boxes {
		over := area{topology.Point{X: b.X + b.W/2, Y: b.Y + b.H/2}, b.W / 2, b.H / 2}
		within := math.Abs(m.at.X-over.at.X)+m.wide < over.wide && math.Abs(m.at.Y-over.at.Y)+m.high < over.high
		if s.ground.frames[k] && m.meets(over) && !within {
			n++
		}
	}
	for k, r := range s.scene.Layout.Routes {
		for step := 0; k != i && step <= 32; step++ {
			if m.meets(area{r.At(float64(step) / 32), 1, 1}) {
				n++
				break
			}
		}
	}
	return n
}

// lineHeight is the height of a label in the picture.
func (s *Stage) lineHeight() float64 { return max(labelFont*s.view.zoom, leastText())/s.view.zoom + 3 }

// beside places texts of half a width and half a height on both sides of a route, the
// label above. The label of a loop stands beside it as it is, and one that would cover a
// node on its line.
func (s *Stage) beside(i int, at topology.Point, t, far, wide, high float64) spot {
	r, clear := s.scene.Layout.Routes[i], 8.0 // of the messages beside the line
	if awaits(s.scene.Graph.Edges[i]) {
		clear += besides - aside
	}
	if far > besideLine {
		return spot{label: at, rate: topology.Point{X: at.X, Y: at.Y - 2*high}, down: -1}
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
	place := spot{label: topology.Point{X: at.X + x*up, Y: at.Y + y*up}, rate: topology.Point{X: at.X - x*down, Y: at.Y - y*down}, down: 1}
	if s.covers(place.label, wide, high) {
		off := math.Abs(x)*wide - y*high + clear
		place.label = topology.Point{X: at.X - x*off, Y: at.Y - y*off}
		if !s.covers(place.label, wide, high) { // both below
			place.rate = topology.Point{X: place.label.X, Y: place.label.Y + 2*high}
			return place
		}
		place.label = at
	}
	if s.covers(place.rate, rateWide, high) || place.label == at && math.Abs(place.rate.Y-at.Y) < 2*high {
		place.rate = topology.Point{X: at.X, Y: at.Y + 2*high}
	}
	return place
}

// onPlate writes a text that a link may pass under.
func (s *Stage) onPlate(p pen, t words) {
	z := s.view.zoom
	w, h := textWidth(t.s, max(t.size*z, leastText()), t.bold)/z+4, (leastText()+1)/z
	h = max(h, t.size)
	if t.s != "" && t.size*z >= smallestText {
		p.rect(rect{x: t.x - w/2, y: t.y - h/2, w: w, h: h, radius: 3, fill: faded(s.colors.get(palette.ColorStage), 0.8)})
	}
	p.text(t)
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

// covers reports whether a text would lie on a node that is no frame, or on what is written
// below one.
func (s *Stage) covers(at topology.Point, wide, high float64) bool {
	const below, aside = 2 * near, 25.0
	over := func(b topology.Box) bool {
		return at.X+wide > b.X && at.X-wide < b.X+b.W && at.Y+high > b.Y && at.Y-high < b.Y+b.H
	}
	for i, b := range s.scene.Layout.Boxes {
		if !s.ground.frames[i] && (over(b) || over(topology.Box{X: b.X - aside, Y: b.Y + b.H, W: b.W + 2*aside, H: below})) {
			return true
		}
	}
	return false
}
