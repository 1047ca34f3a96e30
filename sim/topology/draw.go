package topology

import (
	"math"
	"slices"
)

// draw sets the boxes and routes of a picture that has its place.
func (a *arranger) draw(p *picture) {
	a.drawBoxes(p.net, p.x, p.y)
	frameOf := make(map[int]*frame, len(p.frames))
	for _, f := range p.frames {
		v := &p.net.verts[f.vertex]
		frameOf[f.vertex] = f
		a.drawBoxes(f.net, p.x+v.x, p.y+v.y+f.header)
	}
	labels := &labeller{}
	for i := range p.net.arcs {
		arc := &p.net.arcs[i]
		var way pen
		if f := frameOf[arc.from]; f != nil {
			a.drawLeg(&way, p, f, i)
		}
		p.net.trace(&way, i, p.x, p.y)
		if f := frameOf[arc.to]; f != nil {
			a.drawLeg(&way, p, f, i)
		}
		a.finish(p.net, i, way)
		a.placeLabel(labels, p.net, i, p.x, p.y)
	}
	for _, f := range p.frames {
		v := &p.net.verts[f.vertex]
		x, y := p.x+v.x, p.y+v.y+f.header
		for i := range f.net.arcs {
			if f.net.labelSeg(i) < 0 {
				continue // a leg of an edge already drawn
			}
			var way pen
			f.net.trace(&way, i, x, y)
			a.finish(f.net, i, way)
			a.placeLabel(labels, f.net, i, x, y)
		}
	}
}

// drawLeg draws the piece of an outer arc inside a frame.
func (a *arranger) drawLeg(way *pen, p *picture, f *frame, arc int) {
	for _, port := range f.ports {
		if port.arc == arc && port.leg >= 0 {
			v := &p.net.verts[f.vertex]
			f.net.trace(way, port.leg, p.x+v.x, p.y+v.y+f.header)
		}
	}
}

func (a *arranger) drawBoxes(n *net, x, y float64) {
	for i := range n.solids {
		v := &n.verts[i]
		if v.kind != solid {
			continue
		}
		b := Box{Node: v.node, X: x + v.x, Y: y + v.y, W: v.w, H: v.h}
		a.out.Boxes[v.node] = b
		for j, e := range a.loops[v.node] {
			a.drawLoop(b, e, j)
		}
	}
}

// drawLoop draws an edge from a node to itself: an arch over the right end of its
// box; several are nested.
func (a *arranger) drawLoop(b Box, edge, i int) {
	half := min(12+11*float64(i), b.W/2-4)
	mid := b.X + b.W - max(half, 24) - 12
	mid = max(mid, b.X+half)
	high := (loopH - 2 + float64(i)*portGap)
	var way pen
	way.moveTo(Point{mid - half, b.Y})
	// A cubic whose control points are at height c reaches 3/4 of it.
	way.cubic(Point{mid - half*1.3, b.Y - high*4/3}, Point{mid + half*1.3, b.Y - high*4/3}, Point{mid + half, b.Y})
	r := &a.out.Routes[edge]
	r.Curve, r.Points = way.curve, way.flatten()
	r.LabelAt = Point{mid, b.Y - high - labelFont*0.6}
	if i > 0 || len(a.loops[b.Node]) > 1 {
		r.LabelAt.Y = b.Y - high
	}
}

// finish sets the points of the route of an arc's edge.
func (a *arranger) finish(n *net, arc int, way pen) {
	r := &a.out.Routes[n.arcs[arc].edge]
	if n.arcs[arc].flipped {
		slices.Reverse(way.curve)
		r.Reversed = true
	}
	r.Curve, r.Points = way.curve, way.flatten()
}

// trace draws an arc left to right: level across columns, where bends keep boxes
// away, and in curves between them, where there are no boxes.
func (n *net) trace(way *pen, arc int, dx, dy float64) {
	segs := n.arcs[arc].segs
	for k, i := range segs {
		s := &n.segs[i]
		a, b := &n.verts[s.a], &n.verts[s.b]
		left, right := n.columnX[a.rank][1]+lead, n.columnX[b.rank][0]-lead
		y0, y1 := a.y+s.portA, b.y+s.portB
		if k == 0 {
			way.lineTo(Point{dx + a.x + a.w, dy + y0})
		}
		way.curveTo(Point{dx + left, dy + y0}, Point{dx + right, dy + y1})
		if k == len(segs)-1 {
			way.lineTo(Point{dx + b.x, dy + y1})
		}
	}
}

// pen collects the control points of a route.
type pen struct{ curve []Point }

func (p *pen) moveTo(to Point) { p.curve = append(p.curve[:0], to) }

func (p *pen) cubic(c, d, to Point) { p.curve = append(p.curve, c, d, to) }

// lineTo draws a line; it starts the route if there is none, and extends the last
// piece if both are level.
func (p *pen) lineTo(to Point) {
	k := len(p.curve)
	if k == 0 {
		p.moveTo(to)
		return
	}
	from := p.curve[k-1]
	// Sums over different routes differ in the last bits.
	if math.Abs(to.Y-from.Y) < 1e-6 {
		to.Y = from.Y
		if math.Abs(to.X-from.X) < 1e-6 {
			return
		}
	}
	if k >= 4 && to.Y == from.Y && p.curve[k-4].Y == from.Y && p.curve[k-3].Y == from.Y && p.curve[k-2].Y == from.Y {
		p.curve = p.curve[:k-3]
		from = p.curve[k-4]
	}
	p.cubic(Point{from.X + (to.X-from.X)/3, from.Y + (to.Y-from.Y)/3},
		Point{from.X + (to.X-from.X)*2/3, from.Y + (to.Y-from.Y)*2/3}, to)
}

// curveTo draws a level line to from and then a curve to to, level at both ends.
func (p *pen) curveTo(from, to Point) {
	const level = 0.01
	if math.Abs(from.Y-to.Y) < level {
		to.Y = from.Y
		p.lineTo(from)
		p.lineTo(to)
		return
	}
	p.lineTo(from)
	mid := (from.X + to.X) / 2
	p.cubic(Point{mid, from.Y}, Point{mid, to.Y}, to)
}

// flatten turns the route into a polyline, with a point about every 6 px where it
// bends.
func (p *pen) flatten() []Point {
	if len(p.curve) == 0 {
		return nil
	}
	out := []Point{p.curve[0]}
	for i := 0; i+3 < len(p.curve); i += 3 {
		a, b, c, d := p.curve[i], p.curve[i+1], p.curve[i+2], p.curve[i+3]
		steps := 1
		if !(a.Y == b.Y && b.Y == c.Y && c.Y == d.Y) {
			steps = int(math.Hypot(d.X-a.X, d.Y-a.Y)/6) + 6
			steps = min(steps, 32)
		}
		for s := 1; s < steps; s++ {
			t := float64(s) / float64(steps)
			out = append(out, bezier(a, b, c, d, t))
		}
		out = append(out, d)
	}
	return out
}

func bezier(a, b, c, d Point, t float64) Point {
	u := 1 - t
	k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return Point{k0*a.X + k1*b.X + k2*c.X + k3*d.X, k0*a.Y + k1*b.Y + k2*c.Y + k3*d.Y}
}
