package topology

import (
	"cmp"
	"slices"
)

// frame is the inside of a broker: a net of its parts, whose first and last
// columns are the ports where edges pass the frame.
type frame struct {
	vertex int // in the outer net
	net    *net
	partAt map[int]int // node to vertex of net
	ports  []port
	header float64 // room for the broker's title, above the net
}

// port is where an arc of the outer net crosses a frame.
type port struct {
	arc  int // of the outer net
	vert int // of the frame's net
	leg  int // arc of the frame's net that goes on to a part; -1 if the edge ends at the frame
}

// newFrame builds the net inside the broker at vertex v of the outer net.
func (a *arranger) newFrame(n *net, v int) *frame {
	broker := n.verts[v].node
	f := &frame{vertex: v, net: &net{gap: max(a.opt.NodeGap*0.7, a.opt.Below*1.5), framed: true}, partAt: make(map[int]int)}
	_, f.header = headerSize(a.g.Nodes[broker], a.opt)
	for _, part := range a.parts[broker] {
		f.partAt[part] = a.addNode(f.net, part)
	}
	for _, e := range a.inner[broker] {
		from, to := a.ends(e)
		f.net.addArc(e, f.partAt[from], f.partAt[to])
	}
	for i, arc := range n.arcs {
		if arc.from != v && arc.to != v {
			continue
		}
		kind := east
		if arc.to == v {
			kind = west
		}
		f.net.verts = append(f.net.verts, vert{kind: kind, node: -1})
		p := port{arc: i, vert: len(f.net.verts) - 1, leg: -1}
		end, to := a.ends(arc.edge)
		if (arc.to == v) != arc.flipped {
			end = to
		}
		if part, ok := f.partAt[end]; ok {
			p.leg = len(f.net.arcs)
			if kind == west {
				f.net.addArc(arc.edge, p.vert, part)
			} else {
				f.net.addArc(arc.edge, part, p.vert)
			}
		}
		f.ports = append(f.ports, p)
	}
	f.net.breakCycles()
	f.net.assignRanks()
	f.net.split()
	return f
}

// reduceCrossings orders the outer net and the nets in its frames in turn: the
// outer net decides in which order edges reach a frame, then the inner net may
// change that order, and the outer one follows. The best of several rounds is kept.
func (p *picture) reduceCrossings() {
	n := p.net
	n.reduceCrossings(false)
	if len(p.frames) == 0 {
		p.tidy()
		return
	}
	type order struct{ layers [][]int }
	var best []order
	least := -1
	const rounds = 4
	for round := range rounds {
		outsideFirst := round%2 == 0
		for _, f := range p.frames {
			if outsideFirst {
				f.portsAsOutside(n)
			}
			f.net.reduceCrossings(outsideFirst)
			f.carryKeys(n)
		}
		n.reduceCrossings(false)
		total := n.crossings()
		for _, f := range p.frames {
			total += f.net.crossings()
		}
		if least < 0 || total < least {
			least, best = total, []order{{copyLayers(n.layers)}}
			for _, f := range p.frames {
				best = append(best, order{copyLayers(f.net.layers)})
			}
		}
	}
	n.setOrder(best[0].layers)
	for i, f := range p.frames {
		f.net.setOrder(best[i+1].layers)
		f.carryKeys(n)
	}
	p.tidy()
}

// portsAsOutside puts the ports into the order in which the outer net reaches them.
func (f *frame) portsAsOutside(n *net) {
	if f.net.layers == nil {
		f.net.setOrder(f.net.walk(false))
	}
	outside := make([]float64, len(f.net.verts))
	for _, p := range f.ports {
		segs := n.arcs[p.arc].segs
		if f.net.verts[p.vert].kind == west {
			outside[p.vert] = n.posA(segs[len(segs)-1])
		} else {
			outside[p.vert] = n.posB(segs[0])
		}
	}
	for _, l := range []int{0, len(f.net.layers) - 1} {
		slices.SortStableFunc(f.net.layers[l], func(x, y int) int { return cmp.Compare(outside[x], outside[y]) })
	}
	f.net.setOrder(f.net.layers)
}

// carryKeys copies the order of the frame's ports to the outer net.
func (f *frame) carryKeys(n *net) {
	first, last := len(f.net.layers[0]), len(f.net.layers[len(f.net.layers)-1])
	for _, p := range f.ports {
		pos := float64(f.net.verts[p.vert].pos + 1)
		if f.net.verts[p.vert].kind == west {
			n.arcs[p.arc].keyTo = pos / float64(first+1)
		} else {
			n.arcs[p.arc].keyFrom = pos / float64(last+1)
		}
	}
	n.carryKeys()
}

// settleFrame fixes the layout inside a frame, and sets the size and the ports of
// its vertex in the outer net.
func (a *arranger) settleFrame(n *net, f *frame) {
	f.net.spreadPorts()
	f.net.place()
	f.net.levelPorts()
	w := f.net.placeColumnsX(layerGap*0.7, a.labelWidth)
	v := &n.verts[f.vertex]
	least, _ := headerSize(a.g.Nodes[v.node], a.opt)
	if w < least {
		f.net.widen(least - w)
		w = least
	}
	v.w, v.h = w, f.header+f.net.height()+framePad+a.opt.Below
	for _, p := range f.ports {
		y := f.header + f.net.verts[p.vert].y
		if f.net.verts[p.vert].kind == west {
			n.arcs[p.arc].portTo = y
		} else {
			n.arcs[p.arc].portFrom = y
		}
	}
}

// widen centres the parts in a frame that its title makes wider, and moves the
// right ports to the new border.
func (n *net) widen(by float64) {
	for i := range n.verts {
		switch n.verts[i].kind {
		case west:
		case east:
			n.verts[i].x += by
		default:
			n.verts[i].x += by / 2
		}
	}
	n.columnX[0] = [2]float64{0, 0}
	for l := 1; l < len(n.columnX); l++ {
		shift := by / 2
		if l == len(n.columnX)-1 {
			shift = by
		}
		n.columnX[l][0] += shift
		n.columnX[l][1] += shift
	}
}
