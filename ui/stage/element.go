package stage

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"

	"asynclab/sim/topology"
)

// Kind is the kind of an Element.
type Kind uint8

// The kinds of element.
const (
	None Kind = iota
	NodeKind
	EdgeKind
	DotKind
)

// Element is a thing on the stage that can be pointed at. The zero Element is
// none.
type Element struct {
	Kind Kind
	ID   string // of a node
	Edge int    // index into Graph.Edges
	Op   uint64 // of a message: the operation it belongs to
}

// Node is the element of a node.
func Node(id string) Element { return Element{Kind: NodeKind, ID: id} }

// Edge is the element of a link.
func Edge(index int) Element { return Element{Kind: EdgeKind, Edge: index} }

// Dot is the element of a message: it stands for all messages of its operation.
func Dot(op uint64) Element { return Element{Kind: DotKind, Op: op} }

// Maximum distance of a tap, in pixels of the screen.
const (
	nearDot  = 9.0
	nearEdge = 7.0
)

// At is the element at a position on the stage: the nearest message, else the
// node, else the nearest link, else a broker's frame, which lies behind its
// links.
func (s *Stage) At(p fyne.Position) Element {
	if s.scene == nil {
		return Element{}
	}
	if op := s.dotAt(p); op != 0 {
		return Dot(op)
	}
	at := s.view.under(p)
	if i := s.nodeAt(at, false); i >= 0 {
		return Node(s.scene.Graph.Nodes[i].ID)
	}
	if i := s.edgeAt(at); i >= 0 {
		return Edge(i)
	}
	if i := s.nodeAt(at, true); i >= 0 {
		return Node(s.scene.Graph.Nodes[i].ID)
	}
	return Element{}
}

func (s *Stage) dotAt(p fyne.Position) uint64 {
	least, op := nearDot*max(1, grown(1, s.view.zoom)), uint64(0)
	for _, d := range s.lane.Dots {
		if d.Edge < 0 || int(d.Edge) >= len(s.scene.Layout.Routes) {
			continue
		}
		at := s.view.place(where(s.scene.Layout.Routes[d.Edge], s.scene.Graph.Edges[d.Edge], d, s.view.zoom))
		if far := math.Hypot(float64(at.X-p.X), float64(at.Y-p.Y)); far < least {
			least, op = far, d.Op
		}
	}
	return op
}

// nodeAt finds a node, or a broker's frame; -1 if there is none.
func (s *Stage) nodeAt(p topology.Point, frame bool) int {
	for i, b := range s.scene.Layout.Boxes {
		if s.ground.frames[i] == frame && p.X >= b.X && p.X <= b.X+b.W && p.Y >= b.Y && p.Y <= b.Y+b.H {
			return i
		}
	}
	return -1
}

func (s *Stage) edgeAt(p topology.Point) int {
	least, found := nearEdge/s.view.zoom, -1
	for i, r := range s.scene.Layout.Routes {
		for k := 1; k < len(r.Points); k++ {
			if far := distance(p, r.Points[k-1], r.Points[k]); far < least {
				least, found = far, i
			}
		}
		label := s.scene.Graph.Edges[i].Label
		if label == "" || found >= 0 {
			continue
		}
		if math.Abs(p.Y-s.spots[i].label.Y) < 8 && math.Abs(p.X-s.spots[i].label.X) < textWidth(label, labelFont, false)/2+3 {
			found = i // least is unchanged: a nearby line takes precedence
		}
	}
	return found
}

// distance is the distance of a point from a segment.
func distance(p, a, b topology.Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	t := 0.0
	if long := dx*dx + dy*dy; long > 0 {
		t = max(0, min(((p.X-a.X)*dx+(p.Y-a.Y)*dy)/long, 1))
	}
	return math.Hypot(p.X-a.X-t*dx, p.Y-a.Y-t*dy)
}

// Box is where a node is on the stage now; ok is false if there is no such node.
func (s *Stage) Box(id string) (at fyne.Position, size fyne.Size, ok bool) {
	i := -1
	if s.scene != nil {
		i = slices.IndexFunc(s.scene.Graph.Nodes, func(n topology.Node) bool { return n.ID == id })
	}
	if i < 0 {
		return fyne.Position{}, fyne.Size{}, false
	}
	b := s.scene.Layout.Boxes[i]
	return s.view.place(topology.Point{X: b.X, Y: b.Y}), fyne.NewSize(float32(b.W*s.view.zoom), float32(b.H*s.view.zoom)), true
}
