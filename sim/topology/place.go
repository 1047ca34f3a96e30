package topology

import (
	"cmp"
	"math"
	"slices"
)

// The fourth step: the vertical position of each vertex. Every vertex is to be
// level with its neighbours, port to port; the order in the column and the gaps are
// constraints. For one column with fixed neighbours, the positions with the least
// total (weighted) offset are found exactly by pooling adjacent violators, each
// pool taking the weighted median of its members' wishes. Sweeps over the columns
// in both directions do the rest. The objective is that of Gansner et al. (1993),
// §4; medians rather than means because, as in Brandes & Köpf, "Fast and simple
// horizontal coordinate assignment" (2001), it is better that most edges are
// straight than that all are nearly so.

// wish is a preferred position of a vertex or a pool, with its weight.
type wish struct{ at, weight float64 }

// pool is a group of adjacent vertices in a column that touch each other.
type pool struct {
	first, last int // places in the column
	wishes      []wish
	at          float64
}

// gapBetween returns the least space between two vertices one above the other.
func (n *net) gapBetween(up, down *vert) float64 {
	switch solids := b2i(up.kind == solid) + b2i(down.kind == solid); solids {
	case 2:
		return up.below
	case 1:
		return n.gap * 0.75
	}
	return portGap // lines next to each other
}

// place sets y of all vertices; the topmost is at 0.
func (n *net) place() {
	for _, column := range n.layers {
		y := 0.0
		for i, v := range column {
			if i > 0 {
				y += n.gapBetween(&n.verts[column[i-1]], &n.verts[v])
			}
			y += n.verts[v].above
			n.verts[v].y = y
			y += n.verts[v].h
		}
		for _, v := range column { // start with all columns centred on each other
			n.verts[v].y -= y / 2
		}
	}
	rounds := max(min(12, 400_000/(len(n.verts)+1)), 2)
	best, cost := n.ys(nil), n.offsets()
	keep := func() {
		if c := n.offsets(); c < cost-1e-6 {
			best, cost = n.ys(best), c
		}
	}
	for r := range rounds {
		for l := range n.layers {
			n.placeColumn(l, true, r >= rounds/2)
		}
		keep()
		for l := range slices.Backward(n.layers) {
			n.placeColumn(l, r >= rounds/2, true)
		}
		keep()
	}
	top := math.Inf(1)
	for i := range n.verts {
		n.verts[i].y = best[i]
		top = min(top, best[i]-n.verts[i].above)
	}
	for i := range n.verts {
		n.verts[i].y -= top
	}
}

func (n *net) ys(into []float64) []float64 {
	into = into[:0]
	for i := range n.verts {
		into = append(into, n.verts[i].y)
	}
	return into
}

// offsets returns the weighted sum of how far segments are from level, which place
// minimizes.
func (n *net) offsets() float64 {
	sum := 0.0
	for i := range n.segs {
		s := &n.segs[i]
		sum += s.weight * math.Abs(n.verts[s.a].y+s.portA-n.verts[s.b].y-s.portB)
	}
	return sum
}

// placeColumn moves the vertices of one column to where their neighbours to the
// left (in) and right (out) pull them.
func (n *net) placeColumn(l int, in, out bool) {
	column := n.layers[l]
	pools := make([]pool, 0, len(column))
	room := 0.0 // least distance below the column's first vertex
	rooms := make([]float64, len(column))
	for i, v := range column {
		vt := &n.verts[v]
		if i > 0 {
			up := &n.verts[column[i-1]]
			room += up.h + n.gapBetween(up, vt) + vt.above
		}
		rooms[i] = room
		p := pool{first: i, last: i, wishes: n.wishes(v, room, in, out)}
		p.at = wishedFor(p.wishes)
		for len(pools) > 0 && pools[len(pools)-1].at >= p.at {
			up := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			p.first = up.first
			p.wishes = merge(up.wishes, p.wishes)
			p.at = wishedFor(p.wishes)
		}
		pools = append(pools, p)
	}
	for _, p := range pools {
		for i := p.first; i <= p.last; i++ {
			n.verts[column[i]].y = p.at + rooms[i]
		}
	}
}

// wishes returns, sorted, where the neighbours of a vertex would have the column's
// first vertex. A vertex without neighbours prefers, with a small weight, to stay.
func (n *net) wishes(v int, room float64, in, out bool) []wish {
	vt := &n.verts[v]
	w := make([]wish, 0, len(vt.in)+len(vt.out))
	if in {
		for _, i := range vt.in {
			s := &n.segs[i]
			w = append(w, wish{n.verts[s.a].y + s.portA - s.portB - room, s.weight})
		}
	}
	if out {
		for _, i := range vt.out {
			s := &n.segs[i]
			w = append(w, wish{n.verts[s.b].y + s.portB - s.portA - room, s.weight})
		}
	}
	if len(w) == 0 {
		w = append(w, wish{vt.y - room, 1e-3})
	}
	slices.SortFunc(w, func(a, b wish) int { return cmp.Compare(a.at, b.at) })
	return w
}

// merge merges two sorted lists.
func merge(a, b []wish) []wish {
	out := make([]wish, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].at <= b[0].at {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// wishedFor returns the weighted median; between two middle values, their mean.
func wishedFor(w []wish) float64 {
	total := 0.0
	for _, x := range w {
		total += x.weight
	}
	sum := 0.0
	for i, x := range w {
		sum += x.weight
		switch {
		case sum > total/2+1e-9:
			return x.at
		case sum > total/2-1e-9 && i+1 < len(w):
			return (x.at + w[i+1].at) / 2
		}
	}
	return w[len(w)-1].at
}
