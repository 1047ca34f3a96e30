package topology

import (
	"fmt"
	"math"
	"slices"
)

// Larger graphs are an error.
const (
	maxNodes = 2_000
	maxEdges = 5_000
	// maxBends limits one picture; only graphs that are large, deep and entangled at
	// the same time come near it.
	maxBends = 60_000
)

const layerGap = 72.0 // least horizontal space between columns

// Arrange lays a graph out in layers from left to right, after Sugiyama et al.
// (1981); doc.go lists the steps. Unconnected parts of the design are laid out one
// by one and packed like words on lines.
//
// Every broker is one vertex of the outer picture. Its queues, topics and
// subscriptions are laid out as a small picture inside its frame, with the places
// where edges cross the frame as first and last column. So a frame never overlaps
// anything, and a broker stays one box, however its parts are used.
func Arrange(g Graph, opt Options) (*Layout, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	if !(opt.NodeGap > 0) {
		opt.NodeGap = 28
	}
	if len(g.Nodes) > maxNodes || len(g.Edges) > maxEdges {
		return nil, fmt.Errorf("topology: %d nodes and %d edges are too many to draw, at most %d and %d (hint: draw a part of the design)",
			len(g.Nodes), len(g.Edges), maxNodes, maxEdges)
	}
	a := &arranger{g: g, opt: opt, at: g.index()}
	a.out = &Layout{Boxes: make([]Box, len(g.Nodes)), Routes: make([]Route, len(g.Edges))}
	for i := range g.Nodes {
		a.out.Boxes[i].Node = i
	}
	for i := range g.Edges {
		a.out.Routes[i].Edge = i
	}
	a.sortParts()
	var pictures []*picture
	for _, c := range a.components() {
		p, err := a.solve(c)
		if err != nil {
			return nil, err
		}
		pictures = append(pictures, p)
	}
	a.pack(pictures)
	for i := range a.out.Routes {
		a.out.Routes[i].measure()
	}
	return a.out, nil
}

// arranger holds the state that the steps of one Arrange share.
type arranger struct {
	g     Graph
	opt   Options
	at    map[string]int
	top   []int   // per node: the node that stands for it in the outer picture
	parts [][]int // per node: the nodes inside it
	outer [][]int // per node: edges between it (or its parts) and others, by the edge's start
	inner [][]int // per node: edges between its parts
	loops [][]int // per node: edges to itself
	out   *Layout
}

// picture is the layout of one connected part of the graph.
type picture struct {
	net    *net
	frames []*frame
	x, y   float64
	w, h   float64
}

func (a *arranger) sortParts() {
	n := len(a.g.Nodes)
	a.top, a.parts = make([]int, n), make([][]int, n)
	a.outer, a.inner, a.loops = make([][]int, n), make([][]int, n), make([][]int, n)
	for i, nd := range a.g.Nodes {
		a.top[i] = i
		if nd.Parent != "" {
			a.top[i] = a.at[nd.Parent]
			a.parts[a.top[i]] = append(a.parts[a.top[i]], i)
		}
	}
	for i, e := range a.g.Edges {
		from, to := a.at[e.From], a.at[e.To]
		switch tf, tt := a.top[from], a.top[to]; {
		case from == to:
			a.loops[from] = append(a.loops[from], i)
		case tf == tt:
			a.inner[tf] = append(a.inner[tf], i)
		default:
			a.outer[tf] = append(a.outer[tf], i)
		}
	}
}

// ends returns the nodes an edge joins.
func (a *arranger) ends(edge int) (from, to int) {
	return a.at[a.g.Edges[edge].From], a.at[a.g.Edges[edge].To]
}

// components lists the connected parts of the outer picture, each in declared
// order, ordered by their first node.
func (a *arranger) components() [][]int {
	root := make([]int, len(a.top))
	for i := range root {
		root[i] = i
	}
	find := func(v int) int {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	for i := range a.g.Edges {
		from, to := a.ends(i)
		x, y := find(a.top[from]), find(a.top[to])
		root[max(x, y)] = min(x, y)
	}
	place := make(map[int]int)
	var out [][]int
	for i := range a.top {
		if a.top[i] != i {
			continue
		}
		r := find(i)
		if _, ok := place[r]; !ok {
			place[r] = len(out)
			out = append(out, nil)
		}
		out[place[r]] = append(out[place[r]], i)
	}
	return out
}

// solve lays out one component at the origin.
func (a *arranger) solve(nodes []int) (*picture, error) {
	n := &net{gap: a.opt.NodeGap}
	vertOf := make(map[int]int, len(nodes))
	for _, i := range nodes {
		vertOf[i] = a.addNode(n, i)
	}
	for _, i := range nodes {
		for _, e := range a.outer[i] {
			from, to := a.ends(e)
			n.addArc(e, vertOf[a.top[from]], vertOf[a.top[to]])
		}
	}
	n.breakCycles()
	n.assignRanks()
	if n.bends() > maxBends {
		n.breakByBreadth()
		n.assignRanks()
	}
	if b := n.bends(); b > maxBends {
		return nil, fmt.Errorf("topology: too deep and entangled to draw: edges pass %d columns, at most %d (hint: draw a part of the design)", b, maxBends)
	}
	n.split()
	p := &picture{net: n}
	for v := range n.solids {
		if n.verts[v].fixed {
			p.frames = append(p.frames, a.newFrame(n, v))
		}
	}
	p.reduceCrossings()
	for _, f := range p.frames {
		a.settleFrame(n, f)
	}
	n.spreadPorts()
	n.place()
	n.levelPorts()
	p.w = n.placeColumnsX(a.columnGap(n), a.labelWidth)
	p.h = n.height()
	return p, nil
}

// columnGap is the least space between two columns: of a high picture, as much as its width
// allows, up to thrice the usual or a quarter of its height.
func (a *arranger) columnGap(n *net) float64 {
	between := float64(len(n.layers) - 1)
	if !(a.opt.Wide > 0) || between < 1 {
		return layerGap
	}
	boxes := n.placeColumnsX(layerGap, a.labelWidth) - layerGap*between
	return max(layerGap, min((a.opt.Wide*n.height()-boxes)/between, max(3*layerGap, n.height()/4)))
}

func (a *arranger) addNode(n *net, node int) int {
	nd := a.g.Nodes[node]
	w, h := boxSize(nd, a.opt)
	n.verts = append(n.verts, vert{
		node: node, w: w, h: h, above: a.loopRoom(node),
		anchored: nd.Kind == Client, fixed: len(a.parts[node]) > 0, below: n.gap,
	})
	if a.opt.Gap != nil && !n.framed {
		n.verts[len(n.verts)-1].below = a.opt.Gap(nd)
	}
	return len(n.verts) - 1
}

// loopRoom returns the room that a node needs above it for edges to itself.
func (a *arranger) loopRoom(node int) float64 {
	room := 0.0
	for i, e := range a.loops[node] {
		room = loopH + float64(i)*portGap
		if a.g.Edges[e].Title() != "" {
			room += labelFont
		}
	}
	return room
}

func (a *arranger) labelWidth(edge int) float64 {
	if l := a.g.Edges[edge].Title(); l != "" {
		return TextWidth(l, labelFont) + 8
	}
	return 0
}

// pack puts the pictures on lines, like words, so that the whole has about the
// proportions of a slide.
func (a *arranger) pack(pictures []*picture) {
	area, widest := 0.0, 0.0
	for _, p := range pictures {
		area += (p.w + 2*margin) * (p.h + 2*margin)
		widest = max(widest, p.w)
	}
	limit := max(widest, math.Sqrt(area*16/9))
	x, y, line := 0.0, 0.0, 0.0
	for _, p := range pictures {
		if x > 0 && x+p.w > limit {
			x, y, line = 0, y+line+2*margin, 0
		}
		p.x, p.y = margin+x, margin+y
		x += p.w + 2*margin
		line = max(line, p.h)
		a.out.W = max(a.out.W, p.x+p.w+margin)
		a.out.H = max(a.out.H, p.y+p.h+a.opt.Below+margin)
	}
	if len(pictures) == 0 {
		a.out.W, a.out.H = 2*margin, 2*margin
	}
	for _, p := range pictures {
		a.draw(p)
		for l, column := range p.net.layers {
			for len(a.out.Layers) <= l {
				a.out.Layers = append(a.out.Layers, nil)
			}
			for _, v := range column {
				if p.net.verts[v].kind == solid {
					a.out.Layers[l] = append(a.out.Layers[l], p.net.verts[v].node)
				}
			}
		}
	}
	a.out.Layers = slices.Clip(a.out.Layers)
}
