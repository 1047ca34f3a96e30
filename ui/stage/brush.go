package stage

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"git.sr.ht/~sbinet/gg"

	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// brush draws outlines and links, in coordinates of the picture.
type brush struct {
	dc     *gg.Context
	colors *colors
	unit   float64 // device pixels for one of the picture
}

func (b brush) fill(c color.Color) {
	b.dc.SetColor(c)
	b.dc.Fill()
}

func (b brush) stroke(c color.Color, width float64, dash ...float64) {
	b.dc.SetColor(c)
	b.dc.SetLineWidth(math.Max(width*b.unit, 1))
	for i := range dash {
		dash[i] *= b.unit
	}
	b.dc.SetDash(dash...)
	b.dc.SetLineCapButt()
	b.dc.Stroke()
}

// node draws the outline of a node's kind; without its ornament a client has room
// for its name. Poor health changes the outline; a
// node that is down is also hatched inside.
func (b brush) node(k topology.Kind, box topology.Box, h control.Health, selected, ornate, group bool) {
	fillName, edgeName := palette.Node(k)
	fill, edge, thick := b.colors.get(fillName), b.colors.get(edgeName), 1.5
	if h != control.Up {
		edge, thick = b.colors.get(palette.Health(h).Color), 2.2
	}
	if selected {
		b.dc.DrawRoundedRectangle(box.X-4, box.Y-4, box.W+8, box.H+8, 10)
		b.fill(faded(b.colors.get(palette.ColorSelection), 0.25))
		b.dc.DrawRoundedRectangle(box.X-4, box.Y-4, box.W+8, box.H+8, 10)
		b.stroke(b.colors.get(palette.ColorSelection), 2)
	}
	if group { // its partitions are pipes, and so is it
		k = topology.Queue
	}
	b.outline(k, box)
	b.dc.SetColor(fill)
	b.dc.FillPreserve()
	if h == control.Down {
		b.hatch(box, faded(edge, 0.28))
		b.outline(k, box)
	}
	switch {
	case h == control.Down || h == control.Partly:
		b.stroke(edge, thick, 6, 3)
	case k == topology.Broker && h == control.Up:
		b.stroke(edge, thick, 2, 3)
	default:
		b.stroke(edge, thick)
	}
	if k != topology.Client || ornate {
		b.ornament(k, box, edge)
	}
}

// clear erases a rectangle.
func (b brush) clear(x, y, w, h float64, behind color.Color) {
	im := b.dc.Image().(*image.RGBA)
	x0, y0 := b.dc.TransformPoint(x, y)
	x1, y1 := b.dc.TransformPoint(x+w, y+h)
	draw.Draw(im, image.Rect(int(x0), int(y0), int(x1), int(y1)), image.NewUniform(behind), image.Point{}, draw.Src)
}

// hatch fills the path with lines that rise to the right.
func (b brush) hatch(box topology.Box, c color.Color) {
	b.dc.Clip()
	for x := box.X - box.H; x < box.X+box.W; x += 8 {
		b.dc.MoveTo(x, box.Y+box.H)
		b.dc.LineTo(x+box.H, box.Y)
	}
	b.stroke(c, 2)
	b.dc.ResetClip()
}

// capW is the width of the round ends of a queue.
const capW = 7.0

func (b brush) outline(k topology.Kind, box topology.Box) {
	dc := b.dc
	switch k {
	case topology.Client:
		dc.DrawRoundedRectangle(box.X, box.Y, box.W, box.H, 18)
	case topology.Queue: // a pipe lying on its side
		dc.NewSubPath()
		dc.DrawEllipticalArc(box.X+capW, box.Y+box.H/2, capW, box.H/2, math.Pi/2, 3*math.Pi/2)
		dc.DrawEllipticalArc(box.X+box.W-capW, box.Y+box.H/2, capW, box.H/2, -math.Pi/2, math.Pi/2)
		dc.ClosePath()
	case topology.Topic: // corners above and below the ends of links
		cut := min(box.H/4, 13)
		dc.MoveTo(box.X+cut, box.Y)
		dc.LineTo(box.X+box.W-cut, box.Y)
		dc.LineTo(box.X+box.W, box.Y+cut)
		dc.LineTo(box.X+box.W, box.Y+box.H-cut)
		dc.LineTo(box.X+box.W-cut, box.Y+box.H)
		dc.LineTo(box.X+cut, box.Y+box.H)
		dc.LineTo(box.X, box.Y+box.H-cut)
		dc.LineTo(box.X, box.Y+cut)
		dc.ClosePath()
	case topology.Broker:
		dc.DrawRoundedRectangle(box.X, box.Y, box.W, box.H, 12)
	case topology.Subscription:
		dc.DrawRoundedRectangle(box.X, box.Y, box.W, box.H, 4)
	default:
		dc.DrawRoundedRectangle(box.X, box.Y, box.W, box.H, 6)
	}
}

// ornament draws the inside of a kind: a person, the end of a pipe, a fan.
func (b brush) ornament(k topology.Kind, box topology.Box, c color.Color) {
	dc := b.dc
	switch k {
	case topology.Client: // a head over shoulders
		x, y := box.X+22, box.Y+box.H/2
		dc.DrawCircle(x, y-6, 4.5)
		b.fill(c)
		dc.DrawArc(x, y+9, 8, math.Pi, 2*math.Pi)
		dc.ClosePath()
		b.fill(c)
	case topology.Queue: // the end where the next message leaves
		dc.NewSubPath()
		dc.DrawEllipticalArc(box.X+box.W-capW, box.Y+box.H/2, capW, box.H/2, math.Pi/2, 3*math.Pi/2)
		b.stroke(c, 1.2)
	case topology.Topic: // one in, many out
		x, y := box.X+16, box.Y+box.H/2
		for _, dy := range [...]float64{-8, 0, 8} {
			dc.MoveTo(x, y)
			dc.LineTo(x+13, y+dy)
		}
		b.stroke(c, 1.3)
		dc.DrawCircle(x, y, 3)
		b.fill(c)
	case topology.Subscription:
		dc.MoveTo(box.X+7, box.Y)
		dc.LineTo(box.X+7, box.Y+box.H)
		b.stroke(c, 1.2)
	}
}

// link draws an edge: solid with a full head for a call, which waits for its
// answer; dashed with an open head otherwise. A cut link is interrupted.
func (b brush) link(e topology.Edge, r topology.Route, cut control.Cuts, width float64, selected bool) {
	if len(r.Points) < 2 {
		return
	}
	c := b.colors.get(palette.ColorEdge)
	if e.Kind == topology.DeadLetter {
		c = b.colors.get(palette.ColorDeadEdge)
	}
	if selected {
		b.way(r, 0, 1)
		b.stroke(faded(b.colors.get(palette.ColorSelection), 0.55), width+6)
	}
	var dash []float64
	switch {
	case e.Kind == topology.DeadLetter:
		dash = []float64{2, 4}
	case e.Kind.Async():
		dash = []float64{7, 4}
	}
	const head = 10.0
	end := 1 - 0.6*head/math.Max(r.Length(), head) // the line stops inside the head
	if e.Kind.Async() {
		end = 1
	}
	if cut == control.Whole {
		b.way(r, 0, end)
		b.stroke(c, width, dash...)
		b.head(r, c, head+width, e.Kind.Async())
		if e.Kind.Async() {
			b.stamp(r, c)
		}
		return
	}
	c = b.colors.get(palette.ColorDown)
	gap, middle := math.Min(11/math.Max(r.Length(), 1), 0.3), cutAt
	b.way(r, 0, middle-gap)
	b.stroke(c, width, dash...)
	b.way(r, middle+gap, end)
	b.stroke(c, width, dash...)
	b.head(r, c, head+width, e.Kind.Async())
	m := r.At(middle)
	for _, d := range [...]float64{-1, 1} {
		b.dc.MoveTo(m.X-6, m.Y-6*d)
		b.dc.LineTo(m.X+6, m.Y+6*d)
	}
	b.stroke(c, 3)
}

// stamp draws an empty envelope in the middle of a link: what goes along it is left there.
func (b brush) stamp(r topology.Route, c color.Color) {
	const wide, high = 15.0, 10.0
	if r.Length() < 3*wide {
		return
	}
	m := r.At(0.5)
	x, y := m.X-wide/2, m.Y-high/2
	b.dc.DrawRectangle(x, y, wide, high)
	b.dc.SetColor(b.colors.get(palette.ColorStage))
	b.dc.FillPreserve()
	b.stroke(c, 1.2)
	b.dc.MoveTo(x, y)
	b.dc.LineTo(m.X, y+0.6*high)
	b.dc.LineTo(x+wide, y)
	b.stroke(c, 1.2)
}

// cutAt is the position of the cut on a link.
const cutAt = 0.5

// way adds the part of a route between two fractions of its length to the path.
func (b brush) way(r topology.Route, from, to float64) {
	p := r.At(from)
	b.dc.MoveTo(p.X, p.Y)
	long := r.Length()
	upto := 0.0
	for i := 1; i < len(r.Points); i++ {
		upto += math.Hypot(r.Points[i].X-r.Points[i-1].X, r.Points[i].Y-r.Points[i-1].Y)
		if upto > from*long && upto < to*long {
			b.dc.LineTo(r.Points[i].X, r.Points[i].Y)
		}
	}
	p = r.At(to)
	b.dc.LineTo(p.X, p.Y)
}

func (b brush) head(r topology.Route, c color.Color, size float64, open bool) {
	tip := r.Points[len(r.Points)-1]
	from := r.At(1 - size/math.Max(r.Length(), size))
	long := math.Hypot(tip.X-from.X, tip.Y-from.Y)
	if long == 0 {
		return
	}
	dx, dy := (tip.X-from.X)/long*size, (tip.Y-from.Y)/long*size
	const slim = 0.45
	b.dc.MoveTo(tip.X-dx-dy*slim, tip.Y-dy+dx*slim)
	b.dc.LineTo(tip.X, tip.Y)
	b.dc.LineTo(tip.X-dx+dy*slim, tip.Y-dy-dx*slim)
	if open {
		b.stroke(c, 1.8)
		return
	}
	b.dc.ClosePath()
	b.fill(c)
}
