package stage

import (
	"testing"

	"fyne.io/fyne/v2"

	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// A design that is too large for its stage has smaller boxes there, and so a larger zoom; who
// zooms in until details can be read gets those with details, and stays at the same node.
func TestSmallBoxes(t *testing.T) {
	g := topology.Graph{Nodes: []topology.Node{{ID: "u", Kind: topology.Client}}}
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		g.Nodes = append(g.Nodes, topology.Node{ID: id, Kind: topology.Service, Detail: []topology.Detail{{Args: []any{"a long line of details"}}, {Args: []any{"and another"}}}})
		g.Edges = append(g.Edges, topology.Edge{From: "u", To: id})
	}
	sc := arranged(t, g)
	bare := g
	bare.Nodes = append([]topology.Node(nil), g.Nodes...)
	for i := range bare.Nodes {
		bare.Nodes[i].Detail = nil
	}
	sc.Small = arranged(t, bare).Layout
	s := shown(t, sc, 700, 300)
	if s.scene == sc || s.Scene() != sc || s.view.zoom < 1.15*fit(sc.Layout.W, sc.Layout.H, s.size).zoom {
		t.Fatalf("zoom %.2f, of the boxes with details %.2f", s.view.zoom, fit(sc.Layout.W, sc.Layout.H, s.size).zoom)
	}
	s.SetLane(&control.Lane{Nodes: make([]control.NodeState, 7), Links: make([]control.LinkState, 6)})
	middle := func() fyne.Position {
		b := s.scene.Layout.Boxes[4]
		return s.view.place(topology.Point{X: b.X + b.W/2, Y: b.Y + b.H/2})
	}
	for range 10 {
		at := middle()
		s.zoom(zoomStep, at)
		if now := middle(); s.size.Width > 0 && (now.X-at.X > 1 || at.X-now.X > 1 || now.Y-at.Y > 1 || at.Y-now.Y > 1) {
			t.Fatalf("the node under the pointer went from %v to %v", at, now)
		}
	}
	if s.scene != sc || !s.hasDetails() {
		t.Errorf("zoom %.2f, and no details", s.view.zoom)
	}
	if s.Fit(); s.scene == sc {
		t.Error("fitted, it has the large boxes")
	}
	s.Resize(fyne.NewSize(2000, 1600))
	if s.scene != sc {
		t.Error("on a large stage it has no details")
	}
}
