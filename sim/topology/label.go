package topology

import "math"

// labeller records where labels are, so that they do not cover each other. The cells
// of a coarse grid keep the search cheap with thousands of labels.
type labeller struct{ cells map[[2]int][]Box }

const cellSize = 128.0

func (l *labeller) overlap(b Box) float64 {
	sum := 0.0
	l.each(b, func(key [2]int) {
		for _, o := range l.cells[key] {
			w := min(b.X+b.W, o.X+o.W) - max(b.X, o.X)
			h := min(b.Y+b.H, o.Y+o.H) - max(b.Y, o.Y)
			if w > 0 && h > 0 {
				sum += w * h
			}
		}
	})
	return sum
}

func (l *labeller) add(b Box) {
	if l.cells == nil {
		l.cells = make(map[[2]int][]Box)
	}
	l.each(b, func(key [2]int) { l.cells[key] = append(l.cells[key], b) })
}

func (l *labeller) each(b Box, f func(key [2]int)) {
	for x := int(math.Floor(b.X / cellSize)); x <= int(math.Floor((b.X+b.W)/cellSize)); x++ {
		for y := int(math.Floor(b.Y / cellSize)); y <= int(math.Floor((b.Y+b.H)/cellSize)); y++ {
			f([2]int{x, y})
		}
	}
}

// placeLabel puts the label of an arc's edge on its line, between two columns, where
// it covers other labels least; in the middle if possible.
func (a *arranger) placeLabel(placed *labeller, n *net, arc int, dx, dy float64) {
	edge := n.arcs[arc].edge
	r := &a.out.Routes[edge]
	s := &n.segs[n.labelSeg(arc)]
	va, vb := &n.verts[s.a], &n.verts[s.b]
	left, right := dx+n.columnX[va.rank][1]+lead, dx+n.columnX[vb.rank][0]-lead
	from, to := Point{left, dy + va.y + s.portA}, Point{right, dy + vb.y + s.portB}
	mid := (left + right) / 2
	w, h := a.labelWidth(edge), labelFont+3
	least := math.Inf(1)
	for _, t := range [...]float64{0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88} {
		c := bezier(from, Point{mid, from.Y}, Point{mid, to.Y}, to, t)
		if w == 0 {
			r.LabelAt = c
			return
		}
		if t != 0.5 && (c.X < left+w/2-4 || c.X > right-w/2+4) {
			continue // it would overlap a box
		}
		box := Box{X: c.X - w/2, Y: c.Y - h/2, W: w, H: h}
		// A label on a label cannot be read; a label on a foreign line is only ambiguous.
		o := 10*placed.overlap(box) + w*h*float64(n.linesUnder(box, s, dx, dy))
		if o < least {
			least, r.LabelAt = o, c
		}
		if least == 0 {
			break
		}
	}
	placed.add(Box{X: r.LabelAt.X - w/2, Y: r.LabelAt.Y - h/2, W: w, H: h})
}

// linesUnder counts the lines other than mine that a label between the same columns
// would cover. Between columns with very many lines it does not count.
func (n *net) linesUnder(label Box, mine *seg, dx, dy float64) int {
	const crowded = 150
	rank := n.verts[mine.a].rank
	left, right := dx+n.columnX[rank][1]+lead, dx+n.columnX[rank+1][0]-lead
	first, last := curveAt((label.X-left)/(right-left)), curveAt((label.X+label.W-left)/(right-left))
	count, seen := 0, 0
	for _, v := range n.layers[rank] {
		if seen += len(n.verts[v].out); seen > crowded {
			return 0
		}
		for _, i := range n.verts[v].out {
			s := &n.segs[i]
			if s == mine {
				continue
			}
			y0, y1 := dy+n.verts[s.a].y+s.portA, dy+n.verts[s.b].y+s.portB
			// The curve is monotonic: its heights at the two ends of the label suffice.
			enter, leave := y0+first*(y1-y0), y0+last*(y1-y0)
			if max(enter, leave) > label.Y && min(enter, leave) < label.Y+label.H {
				count++
			}
		}
	}
	return count
}

// curveAt returns the height of a curve of trace, as a fraction, at fraction x of
// its width.
func curveAt(x float64) float64 {
	lo, hi := 0.0, 1.0
	for range 20 {
		if t := (lo + hi) / 2; 1.5*t*(1-t)+t*t*t < x {
			lo = t
		} else {
			hi = t
		}
	}
	t := (lo + hi) / 2
	return t * t * (3 - 2*t)
}
