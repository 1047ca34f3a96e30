package topology

// vertKind is the kind of a vertex of a net.
type vertKind uint8

const (
	solid vertKind = iota // a node or a whole broker
	bend                  // an edge passing through a column (a dummy vertex in Sugiyama's terms)
	west                  // where an edge enters or leaves the left side of a broker's frame
	east                  // the same on its right side
)

// vert is a vertex of a net.
type vert struct {
	kind     vertKind
	node     int // index into Graph.Nodes; -1 for bends
	w, h     float64
	above    float64 // extra room above it, for edges to itself
	below    float64 // least space to what is below it
	anchored bool    // stays in the first column if it can: clients
	fixed    bool    // its arcs have given ports (a broker with parts); others spread them freely
	rank     int     // column
	pos      int     // place in its column, from the top
	y        float64 // top
	x        float64 // left
	in, out  []int   // segments to the column before and after
}

// arc is an edge of a net. Once the cycles are broken it always runs left to
// right; flipped means that the edge it stands for runs the other way.
type arc struct {
	edge             int // index into Graph.Edges
	from, to         int // vertices
	flipped          bool
	keyFrom, keyTo   float64 // order of its ports at fixed vertices, in [0,1)
	portFrom, portTo float64 // how far below the vertex's top it is attached
	segs             []int
}

// seg is the part of an arc between two neighbouring columns.
type seg struct {
	arc          int
	a, b         int // vertices: a left, b right
	keyA, keyB   float64
	portA, portB float64
	weight       float64
}

// net is a layered drawing problem: a whole picture, or the inside of a broker.
type net struct {
	verts   []vert
	arcs    []arc
	segs    []seg
	layers  [][]int
	solids  int // verts[:solids] are not bends
	gap     float64
	columnX [][2]float64 // left and right end of each column
	framed  bool         // the inside of a broker: ports in the first and last column
}

// free is the port key of arcs at vertices that spread their ports freely: one
// value for all, so that they never count as crossing each other.
const free = 0.5

func (n *net) addArc(edge, from, to int) {
	n.arcs = append(n.arcs, arc{edge: edge, from: from, to: to, keyFrom: free, keyTo: free})
}

// bends counts the bends that the current ranks need.
func (n *net) bends() int {
	total := 0
	for i := range n.arcs {
		if a := &n.arcs[i]; a.from != a.to {
			total += max(n.verts[a.to].rank-n.verts[a.from].rank-1, 0)
		}
	}
	return total
}

// split cuts arcs into segments between neighbouring columns.
func (n *net) split() {
	n.solids = len(n.verts)
	for i := range n.arcs {
		a := &n.arcs[i]
		prev := a.from
		for r := n.verts[a.from].rank + 1; r < n.verts[a.to].rank; r++ {
			n.verts = append(n.verts, vert{kind: bend, node: -1, rank: r})
			v := len(n.verts) - 1
			n.addSeg(i, prev, v)
			prev = v
		}
		n.addSeg(i, prev, a.to)
	}
	n.carryKeys()
}

func (n *net) addSeg(arc, a, b int) {
	// Long edges should be straight: Gansner et al. 1993 weigh a segment 1, 2 or 8
	// by how many of its ends are bends.
	weight := 1.0
	switch bends := b2i(n.verts[a].kind == bend) + b2i(n.verts[b].kind == bend); bends {
	case 1:
		weight = 2
	case 2:
		weight = 8
	}
	n.segs = append(n.segs, seg{arc: arc, a: a, b: b, keyA: free, keyB: free, weight: weight})
	s := len(n.segs) - 1
	n.arcs[arc].segs = append(n.arcs[arc].segs, s)
	n.verts[a].out = append(n.verts[a].out, s)
	n.verts[b].in = append(n.verts[b].in, s)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// carryKeys copies the arcs' port keys to the segments at their ends.
func (n *net) carryKeys() {
	for i := range n.arcs {
		a := &n.arcs[i]
		n.segs[a.segs[0]].keyA = a.keyFrom
		n.segs[a.segs[len(a.segs)-1]].keyB = a.keyTo
	}
}

// carryPorts copies the arcs' ports to the segments at their ends.
func (n *net) carryPorts() {
	for i := range n.arcs {
		a := &n.arcs[i]
		n.segs[a.segs[0]].portA = a.portFrom
		n.segs[a.segs[len(a.segs)-1]].portB = a.portTo
	}
}

// posA and posB return how far down in its column an end of a segment is,
// counted in vertices; the fraction is the place of the port at the vertex.
func (n *net) posA(s int) float64 { return float64(n.verts[n.segs[s].a].pos) + n.segs[s].keyA }
func (n *net) posB(s int) float64 { return float64(n.verts[n.segs[s].b].pos) + n.segs[s].keyB }

// setOrder puts the vertices of each column in the given order.
func (n *net) setOrder(layers [][]int) {
	n.layers = layers
	for _, l := range layers {
		for i, v := range l {
			n.verts[v].pos = i
		}
	}
}

func copyLayers(layers [][]int) [][]int {
	out := make([][]int, len(layers))
	for i, l := range layers {
		out[i] = append([]int(nil), l...)
	}
	return out
}
