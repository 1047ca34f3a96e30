package topology

import (
	"math"
	"slices"
)

// Final improvements that add no crossing: the declared order, and lines that are
// level rather than nearly so.

// tidy brings the columns closer to the declared order. An order and its mirror
// image have the same crossings, so the whole picture may be mirrored; then
// neighbours are swapped where that changes no crossing.
func (p *picture) tidy() {
	nets := []*net{p.net}
	for _, f := range p.frames {
		nets = append(nets, f.net)
	}
	wrong, all := 0, 0
	for _, n := range nets {
		w, a := n.disorder()
		wrong, all = wrong+w, all+a
	}
	for _, n := range nets {
		if 2*wrong > all {
			for _, column := range n.layers {
				slices.Reverse(column)
			}
			n.setOrder(n.layers)
		}
	}
	for _, f := range p.frames {
		f.carryKeys(p.net)
	}
	for _, n := range nets {
		n.restoreOrder()
	}
}

// disorder counts the pairs of neighbours in columns that are not in declared
// order, and all pairs.
func (n *net) disorder() (wrong, all int) {
	for _, column := range n.layers {
		last := -1
		for _, v := range column {
			if n.verts[v].kind != solid {
				continue
			}
			if last >= 0 {
				all++
				wrong += b2i(n.verts[v].node < last)
			}
			last = n.verts[v].node
		}
	}
	return wrong, all
}

// restoreOrder swaps neighbouring nodes that are not in declared order, where that
// adds no crossing.
func (n *net) restoreOrder() {
	if len(n.segs) > transposeAtMost {
		return
	}
	for _, column := range n.layers {
		for swapped, rounds := true, len(column); swapped && rounds > 0; rounds-- {
			swapped = false
			for i := 0; i+1 < len(column); i++ {
				v, w := column[i], column[i+1]
				if n.verts[v].kind != solid || n.verts[w].kind != solid || n.verts[v].node < n.verts[w].node {
					continue
				}
				if asIs, other := n.pairCrossings(v, w); other <= asIs {
					column[i], column[i+1] = w, v
					n.verts[v].pos, n.verts[w].pos = i+1, i
					swapped = true
				}
			}
		}
	}
}

// an edge off level by at most this is drawn level, in px
const nearly = 14.0

// levelPorts moves ports a little up or down where that makes edges level that
// would look crooked otherwise. All ports of a side move together.
func (n *net) levelPorts() {
	for i := range n.verts {
		v := &n.verts[i]
		if v.fixed || v.kind != solid {
			continue
		}
		if by := n.shift(v, v.in, true); by != 0 {
			for _, s := range v.in {
				n.segs[s].portB += by
				n.arcs[n.segs[s].arc].portTo += by
			}
		}
		if by := n.shift(v, v.out, false); by != 0 {
			for _, s := range v.out {
				n.segs[s].portA += by
				n.arcs[n.segs[s].arc].portFrom += by
			}
		}
	}
}

// shift returns how far the ports of one side have to move for all their edges to
// be level; 0 if that is not possible or too far.
func (n *net) shift(v *vert, side []int, in bool) float64 {
	by := 0.0
	for k, i := range side {
		s := &n.segs[i]
		port, d := s.portA, n.verts[s.b].y+s.portB-n.verts[s.a].y-s.portA
		if in {
			port, d = s.portB, -d
		}
		if k == 0 {
			by = d
		}
		if math.Abs(d-by) > 1e-6 || port+d < portRoom || port+d > v.h-portRoom {
			return 0
		}
	}
	if math.Abs(by) > nearly {
		return 0
	}
	return by
}
