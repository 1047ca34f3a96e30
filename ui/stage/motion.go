package stage

import (
	"image/color"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"asynclab/sim"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// motion is the messages in flight. Each kind has its own pool: the order of
// the objects stays the same, so a graphics card rarely has to switch its
// shader program.
type motion struct {
	colors *colors
	kinds  [record.NumMarks]pool // by mark
	rings  *fyne.Container
	ring   []*canvas.Circle
	sparks *layer
}

// pool is the dots of one kind of mark.
type pool struct {
	box  *fyne.Container
	all  []dot
	used int
}

type dot struct {
	o     fyne.CanvasObject
	faint bool // drawn faint: its operation is not the one that is followed
}

func newMotion(c *colors) *motion {
	m := &motion{colors: c, rings: newBox(), sparks: newLayer(c)}
	for k := range m.kinds {
		m.kinds[k].box = newBox()
	}
	return m
}

func (m *motion) boxes() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for k := range m.kinds {
		out = append(out, m.kinds[k].box)
	}
	return append(out, m.rings, m.sparks.box)
}

// Sizes in pixels of the screen, so that messages stay visible in a large
// design.
const (
	dotSize   = 9.0
	sparkSize = 11.0
	// aside is the distance of messages and their answers from the middle of a
	// link.
	aside = 4.0
	// besides is the distance of an acknowledgement from a message, which is in the middle
	// of a link that nobody waits on, and of both from the middle of one whose answers are
	// awaited without holding a worker: there dashes are.
	besides = 9.0
)

// grown is a size at a zoom: it grows more slowly than the zoom.
func grown(size, zoom float64) float64 {
	return size * max(0.55, min(math.Sqrt(zoom), 2))
}

// where is the position of a message in the picture: along a call to the right of its
// direction, so that replies do not cover requests.
func where(r topology.Route, e topology.Edge, d control.Dot, zoom float64) topology.Point {
	off, k := grown(aside, zoom), e.Kind
	if awaits(e) {
		off = grown(besides, zoom)
	}
	switch answer := d.Mark.Answer(); {
	case k == topology.Call && answer:
		off = -off
	case k != topology.Call && answer:
		off = -grown(besides, zoom)
	case k != topology.Call:
		off = 0
	}
	return beside(r, float64(d.T), off/zoom)
}

// awaits reports whether the answers of an edge are awaited without holding a worker.
func awaits(e topology.Edge) bool {
	return e.Kind == topology.Call && strings.Contains(e.Label, sim.AwaitNote)
}

// beside is the point of a route at a part of its length, moved to the right of its
// direction.
func beside(r topology.Route, at, off float64) topology.Point {
	p := r.At(at)
	const ahead = 0.01
	a, b := r.At(at-ahead), r.At(at+ahead)
	dx, dy := b.X-a.X, b.Y-a.Y
	long := math.Hypot(dx, dy)
	if long == 0 {
		return p
	}
	return topology.Point{X: p.X - dy*off/long, Y: p.Y + dx*off/long}
}

// draw moves every dot and spark to its current position.
func (m *motion) draw(s *Stage) {
	for k := range m.kinds {
		m.kinds[k].used = 0
	}
	rings := 0
	if s.scene != nil {
		size := float32(grown(dotSize, s.view.zoom))
		for _, d := range s.lane.Dots {
			if d.Edge < 0 || int(d.Edge) >= len(s.scene.Layout.Routes) || d.Mark >= record.NumMarks {
				continue
			}
			at := s.view.place(where(s.scene.Layout.Routes[d.Edge], s.scene.Graph.Edges[d.Edge], d, s.view.zoom))
			m.put(d.Mark, at, size, s.followed != 0 && d.Op != s.followed)
			if d.Op != 0 && (d.Op == s.followed || s.selected == Dot(d.Op)) {
				m.highlight(rings, at, size*2.1)
				rings++
			}
		}
		for i, l := range s.lane.Links[:min(len(s.lane.Links), len(s.scene.Graph.Edges))] {
			m.flow(s, i, l)
		}
	}
	for k := range m.kinds {
		p := &m.kinds[k]
		p.box.Objects = p.box.Objects[:0]
		for i := range p.all[:p.used] {
			p.box.Objects = append(p.box.Objects, p.all[i].o)
		}
	}
	m.rings.Objects = m.rings.Objects[:0]
	for _, c := range m.ring[:rings] {
		m.rings.Objects = append(m.rings.Objects, c)
	}
	m.drawSparks(s)
}

// put moves the next dot of a kind.
func (m *motion) put(k record.Mark, at fyne.Position, size float32, faint bool) {
	p, mark := &m.kinds[k], palette.Of(k)
	if p.used == len(p.all) {
		p.all = append(p.all, dot{o: mark.Object()})
		m.paint(k, &p.all[p.used], faint)
	}
	d := &p.all[p.used]
	p.used++
	if d.faint != faint {
		m.paint(k, d, faint)
	}
	if c, ok := d.o.(*canvas.Circle); ok { // most dots: a repaint of the canvas is not requested for each
		half := size / 2
		c.Position1 = fyne.NewPos(at.X-half, at.Y-half)
		c.Position2 = fyne.NewPos(at.X+half, at.Y+half)
		return
	}
	mark.Place(d.o, at, size)
}

func (m *motion) paint(k record.Mark, d *dot, faint bool) {
	mark := palette.Of(k)
	c := m.colors.get(mark.Color)
	if faint {
		c = faded(c, 0.3)
	}
	mark.Paint(d.o, c, m.colors.get(palette.ColorStage))
	d.faint = faint
}

// repaint gives every dot the current colours.
func (m *motion) repaint() {
	for k := range m.kinds {
		for i := range m.kinds[k].all {
			d := &m.kinds[k].all[i]
			m.paint(record.Mark(k), d, d.faint)
		}
	}
}

// highlight puts a ring round a dot.
func (m *motion) highlight(i int, at fyne.Position, size float32) {
	if i == len(m.ring) {
		m.ring = append(m.ring, &canvas.Circle{FillColor: color.Transparent, StrokeWidth: 2})
	}
	c := m.ring[i]
	c.StrokeColor = m.colors.get(palette.ColorFollowed)
	half := size / 2
	c.Position1 = fyne.NewPos(at.X-half, at.Y-half)
	c.Position2 = fyne.NewPos(at.X+half, at.Y+half)
}

// drawSparks draws recent losses, failures and rejections: a spark grows, rises and
// fades; a failure or rejection, of which there may be many, only fades.
func (m *motion) drawSparks(s *Stage) {
	m.sparks.begin(s.view)
	if s.scene != nil {
		s.drawSparksWith(m.sparks)
	}
}

func (s *Stage) drawSparksWith(p pen) {
	for i, k := range s.lane.Sparks {
		at, ok := s.sparkAt(k)
		if !ok || superseded(s.lane.Sparks[i+1:], k) {
			continue
		}
		age := max(0, min(float64(k.Age), 1))
		size := grown(sparkSize, s.view.zoom) / s.view.zoom
		if k.Mark == record.MarkRejected || k.Mark == record.MarkFailed {
			p.mark(palette.Of(k.Mark), at.X, at.Y, size, 1-age*age)
			continue
		}
		p.mark(palette.Of(k.Mark), at.X, at.Y-size*age, size*(1+0.6*age), 1-age*age)
	}
}

// superseded reports whether a rejection or a failure has been followed by another at the
// same place: only the last is drawn, because a heap of them would look like a line, or like
// something else.
func superseded(later []control.Spark, k control.Spark) bool {
	return (k.Mark == record.MarkRejected || k.Mark == record.MarkFailed) && slices.ContainsFunc(later, func(x control.Spark) bool {
		return x.Mark == k.Mark && x.Edge == k.Edge && x.Node == k.Node && x.T == k.T
	})
}

// Where a rejection is drawn: beside the way back, behind the arrowhead; on a node, outside
// of its corner, where no sign is.
const (
	beforeDoor = 20.0
	besideWay  = 12.0
	outside    = 7.0
)

func (s *Stage) sparkAt(k control.Spark) (topology.Point, bool) {
	switch {
	case k.Edge >= 0 && int(k.Edge) < len(s.scene.Layout.Routes):
		r := s.scene.Layout.Routes[k.Edge]
		if long := r.Length(); k.Mark == record.MarkRejected && long > 0 {
			back := min(grown(beforeDoor, s.view.zoom)/s.view.zoom/long, 0.5)
			return beside(r, math.Min(math.Max(float64(k.T), back), 1-back), -grown(besideWay, s.view.zoom)/s.view.zoom), true
		}
		return r.At(float64(k.T)), true
	case k.Node >= 0 && int(k.Node) < len(s.scene.Layout.Boxes):
		b := s.scene.Layout.Boxes[k.Node]
		if k.Mark == record.MarkRejected {
			off := grown(outside, s.view.zoom) / s.view.zoom
			return topology.Point{X: b.X - off, Y: b.Y - off}, true
		}
		return topology.Point{X: b.X + 12, Y: b.Y - 2}, true // badges are at the right
	}
	return topology.Point{}, false
}

// drawNote writes on the stage that not every message is shown.
func (s *Stage) drawNote() {
	s.note.begin(view{zoom: 1})
	text := s.thinned()
	if text == "" {
		return
	}
	const size = 12.0
	w := textWidth(text, size, false) + 20
	x, y := float64(s.size.Width)-w-10, float64(s.size.Height)-34 // the legend is on the other side
	s.note.rect(rect{x: x, y: y, w: w, h: 24, radius: 12, fill: faded(s.colors.get(palette.ColorStage), 0.9),
		stroke: s.colors.get(palette.ColorMuted), width: 1})
	s.note.text(words{s: text, x: x + 10, y: y + 12, size: size, color: s.colors.get(palette.ColorLabel)})
}

// thinned is the text on how many messages are shown; empty if all are.
func (s *Stage) thinned() string {
	shown := len(s.lane.Dots)
	switch {
	case shown == 0 || s.lane.Moving <= shown:
		return ""
	case s.lane.Moving < 2*shown: // "1 of 1" or "1 of 2" would be wrong
		return locale.T("picture.share-shown", 100*shown/s.lane.Moving)
	}
	return locale.T("picture.one-of", (s.lane.Moving+shown/2)/shown)
}
