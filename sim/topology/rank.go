package topology

import "slices"

// The first two steps of Sugiyama, Tagawa & Toda, "Methods for visual
// understanding of hierarchical system structures" (1981): break the cycles, and
// give every vertex a column.

// breakCycles flips the arcs that close a cycle. It follows the arcs depth-first
// from the clients on, as messages go, and flips those that lead back to a vertex
// still on the stack: for a reader, the call back.
func (n *net) breakCycles() {
	out := n.outArcs()
	const (
		unseen = iota
		inside
		done
	)
	state := make([]uint8, len(n.verts))
	var visit func(v int)
	visit = func(v int) {
		state[v] = inside
		for _, i := range out[v] {
			switch to := n.arcs[i].to; state[to] {
			case unseen:
				visit(to)
			case inside:
				n.flip(i)
			}
		}
		state[v] = done
	}
	for _, v := range n.roots() {
		if state[v] == unseen {
			visit(v)
		}
	}
}

// breakByBreadth flips arcs so that all lead away from the roots, or, at the same
// distance from them, follow the declared order. It flips more arcs than
// breakCycles but leaves shorter paths: a picture of hundreds of entangled nodes
// does not get hundreds of columns.
func (n *net) breakByBreadth() {
	for i := range n.arcs {
		if n.arcs[i].flipped {
			n.flip(i)
		}
	}
	out := n.outArcs()
	order := make([]int, len(n.verts)) // 1 + turn at which a vertex is met
	turn := 0
	for _, root := range n.roots() {
		if order[root] != 0 {
			continue
		}
		turn++
		order[root] = turn
		for level := []int{root}; len(level) > 0; {
			var next []int
			for _, v := range level {
				for _, i := range out[v] {
					if to := n.arcs[i].to; order[to] == 0 {
						order[to] = -1
						next = append(next, to)
					}
				}
			}
			slices.Sort(next)
			for _, v := range next {
				turn++
				order[v] = turn
			}
			level = next
		}
	}
	for i := range n.arcs {
		if order[n.arcs[i].from] > order[n.arcs[i].to] {
			n.flip(i)
		}
	}
}

func (n *net) flip(i int) {
	a := &n.arcs[i]
	a.from, a.to = a.to, a.from
	a.keyFrom, a.keyTo = a.keyTo, a.keyFrom
	a.flipped = !a.flipped
}

// roots lists all vertices in the order in which a reader would start: clients,
// then vertices that receive nothing, then the rest as declared.
func (n *net) roots() []int {
	in := make([]int, len(n.verts))
	for _, a := range n.arcs {
		in[a.to]++
	}
	order := make([]int, len(n.verts))
	for i := range order {
		order[i] = i
	}
	class := func(v int) int {
		switch {
		case n.verts[v].anchored || n.verts[v].kind == west:
			return 0
		case in[v] == 0:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(order, func(a, b int) int { return class(a) - class(b) })
	return order
}

func (n *net) outArcs() [][]int {
	out := make([][]int, len(n.verts))
	for i, a := range n.arcs {
		out[a.from] = append(out[a.from], i)
	}
	return out
}

// assignRanks gives every vertex a column: first as far left as its arcs allow
// (longest path), then pulled towards whichever side has more arcs, until nothing
// moves. That shortens edges much as the network simplex of Gansner et al. (1993)
// does, though it is not always the optimum. The arcs must be free of cycles.
func (n *net) assignRanks() {
	in := make([][]int, len(n.verts))
	missing := make([]int, len(n.verts))
	out := make([][]int, len(n.verts))
	for i, a := range n.arcs {
		if n.verts[a.from].kind != solid || n.verts[a.to].kind != solid {
			continue // the ports of a frame do not pull: they have columns of their own
		}
		in[a.to] = append(in[a.to], i)
		out[a.from] = append(out[a.from], i)
		missing[a.to]++
	}
	topo := make([]int, 0, len(n.verts))
	for v := range n.verts {
		n.verts[v].rank = 0
		if missing[v] == 0 {
			topo = append(topo, v)
		}
	}
	for i := 0; i < len(topo); i++ {
		v := topo[i]
		for _, j := range out[v] {
			to := n.arcs[j].to
			n.verts[to].rank = max(n.verts[to].rank, n.verts[v].rank+1)
			if missing[to]--; missing[to] == 0 {
				topo = append(topo, to)
			}
		}
	}
	if n.framed {
		n.pinPorts()
	}
	const passes = 16 // each pass only shortens; more than a few make no difference
	for pass, moved := 0, true; moved && pass < passes; pass++ {
		moved = false
		for i := range topo {
			// Alternate the direction, so that pulls travel along chains both ways.
			v := topo[i]
			if pass%2 == 0 {
				v = topo[len(topo)-1-i]
			}
			moved = n.pull(v, in[v], out[v]) || moved
		}
	}
}

// pinPorts puts the ports of a broker's frame into columns of their own, before
// and after all others.
func (n *net) pinPorts() {
	last := 0
	for v := range n.verts {
		if n.verts[v].kind == solid {
			n.verts[v].rank++
			last = max(last, n.verts[v].rank)
		}
	}
	for v := range n.verts {
		switch n.verts[v].kind {
		case west:
			n.verts[v].rank = 0
		case east:
			n.verts[v].rank = last + 1
		}
	}
}

// pull moves a vertex to the end of its slack that shortens its arcs, and reports
// whether it moved.
func (n *net) pull(v int, in, out []int) bool {
	vt := &n.verts[v]
	if vt.kind != solid || vt.anchored && len(in) == 0 || len(in) == len(out) {
		return false
	}
	to := 0
	if len(in) > len(out) {
		for _, i := range in {
			to = max(to, n.verts[n.arcs[i].from].rank+1)
		}
	} else {
		to = -1
		for _, i := range out {
			if r := n.verts[n.arcs[i].to].rank - 1; to < 0 || r < to {
				to = r
			}
		}
	}
	if to == vt.rank {
		return false
	}
	vt.rank = to
	return true
}

// columns returns the number of columns. The column for the right ports of a
// frame counts even when it is empty.
func (n *net) columns() int {
	count := 0
	for i := range n.verts {
		c := n.verts[i].rank + 1
		if n.framed && n.verts[i].kind == solid {
			c++
		}
		count = max(count, c)
	}
	return count
}
