package topology

import (
	"cmp"
	"math"
	"slices"
)

// spreadPorts spreads the edges of each vertex over its left and right border, in
// the order of their other ends, so that edges at one box do not cross, and makes
// boxes high enough for them. Vertices with given ports keep them.
func (n *net) spreadPorts() {
	for i := range n.verts {
		v := &n.verts[i]
		if v.fixed || v.kind != solid {
			continue
		}
		v.h = max(v.h, heightFor(n.portsHigh(v.in)), heightFor(n.portsHigh(v.out)))
		slices.SortStableFunc(v.in, func(x, y int) int {
			return cmp.Or(cmp.Compare(n.posA(x), n.posA(y)), n.segs[x].arc-n.segs[y].arc)
		})
		slices.SortStableFunc(v.out, func(x, y int) int {
			return cmp.Or(cmp.Compare(n.posB(x), n.posB(y)), n.segs[x].arc-n.segs[y].arc)
		})
		n.portPlaces(v.h, v.in, func(s int, y float64) { n.arcs[n.segs[s].arc].portTo = y })
		n.portPlaces(v.h, v.out, func(s int, y float64) { n.arcs[n.segs[s].arc].portFrom = y })
	}
	n.carryPorts()
}

// portsHigh is the distance from the first to the last port of one side, unless its box is too
// low. Two edges that run opposite ways are farther apart: what moves along the one is not
// taken for an answer on the other.
func (n *net) portsHigh(side []int) (high float64) {
	for j := range max(len(side)-1, 0) {
		high += n.portStep(side, j)
	}
	return high
}

// portStep is the distance from port j of a side to the next.
func (n *net) portStep(side []int, j int) float64 {
	if n.arcs[n.segs[side[j]].arc].flipped != n.arcs[n.segs[side[j+1]].arc].flipped {
		return oppositeGap
	}
	return portGap
}

// portPlaces spreads the ports of one side of a box of a height.
func (n *net) portPlaces(h float64, side []int, put func(seg int, y float64)) {
	high := n.portsHigh(side)
	scale := 1.0
	if high > 0 {
		scale = min(1, (h-2*portRoom)/high)
	}
	y := h/2 - scale*high/2
	for j, s := range side {
		put(s, y)
		if j+1 < len(side) {
			y += scale * n.portStep(side, j)
		}
	}
}

// placeColumnsX sets x of all vertices, gives all boxes of a column the same width,
// and returns the width of the whole. Between two columns it leaves room for the
// curves (more for steeper ones) and for the labels of the edges that start there.
func (n *net) placeColumnsX(gap float64, labelWidth func(edge int) float64) float64 {
	n.columnX = make([][2]float64, len(n.layers))
	x := 0.0
	for l, column := range n.layers {
		common, all := 0.0, 0.0
		for _, i := range column {
			v := &n.verts[i]
			all = max(all, v.w)
			if v.kind == solid && !v.fixed {
				common = max(common, v.w)
			}
		}
		for _, i := range column {
			v := &n.verts[i]
			if v.kind == solid && !v.fixed {
				v.w = common
			}
			v.x = x + (all-v.w)/2
			if v.kind == bend {
				v.x = x
			}
		}
		n.columnX[l] = [2]float64{x, x + all}
		if x += all; l+1 < len(n.layers) {
			x += n.channelWidth(l, gap, labelWidth)
		}
	}
	return x
}

func (n *net) channelWidth(l int, gap float64, labelWidth func(edge int) float64) float64 {
	width := gap
	if n.framed && (l == 0 || l+2 == len(n.layers)) {
		width = 3 * lead
	}
	steepest := 0.0
	for _, i := range n.layers[l] {
		for _, j := range n.verts[i].out {
			s := &n.segs[j]
			steepest = max(steepest, math.Abs(n.verts[s.a].y+s.portA-n.verts[s.b].y-s.portB))
			if n.labelSeg(s.arc) == j {
				if label := labelWidth(n.arcs[s.arc].edge); label > 0 {
					width = max(width, label+4*lead)
				}
			}
		}
	}
	return max(width, min(0.35*steepest, 180))
}

// labelSeg returns the segment that carries an arc's label: the first in the
// direction of the edge, because that is where a reader wonders which way to take.
// The piece of an edge inside a frame has no label: the piece outside has it.
func (n *net) labelSeg(arc int) int {
	a := &n.arcs[arc]
	if n.verts[a.from].kind != solid || n.verts[a.to].kind != solid {
		return -1
	}
	if a.flipped {
		return a.segs[len(a.segs)-1]
	}
	return a.segs[0]
}

// height returns the height of the net.
func (n *net) height() float64 {
	h := 0.0
	for i := range n.verts {
		h = max(h, n.verts[i].y+n.verts[i].h)
	}
	return h
}
