package stage

import (
	"testing"

	"fyne.io/fyne/v2"

	"asynclab/sim/topology"
	"asynclab/ui/control"
)

// The arrows lead from node to node, and stop where there is none.
func TestArrows(t *testing.T) {
	g := topology.Graph{Nodes: []topology.Node{{ID: "a"}, {ID: "b"}, {ID: "c"}}, Edges: []topology.Edge{{From: "a", To: "b"}, {From: "a", To: "c"}}}
	l, err := topology.Arrange(g, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := New()
	s.OnTapNode = func(id string) { s.Select(Node(id)) }
	s.SetScene(&control.Scene{Graph: g, Layout: l})
	s.FocusGained()
	press := func(k fyne.KeyName) string { s.TypedKey(&fyne.KeyEvent{Name: k}); return s.Selected().ID }
	right := press(fyne.KeyRight)
	if right != "b" && right != "c" {
		t.Fatalf("right of a is %q", right)
	}
	up, down := fyne.KeyUp, fyne.KeyDown
	if l.Boxes[1].Y > l.Boxes[2].Y == (right == "b") {
		up, down = down, up
	}
	if got := press(down); got == right || got == "a" {
		t.Errorf("beside %s is %q", right, got)
	}
	if got := press(up); got != right {
		t.Errorf("back is %q, not %q", got, right)
	}
	if got := press(fyne.KeyRight); got != right {
		t.Errorf("right of the last is %q", got)
	}
	if got := press(fyne.KeyLeft); got != "a" {
		t.Errorf("left is %q", got)
	}
}

// Enter leads to the links of a node, one after the other, and back; arrows lead from a
// link to a node at its end.
func TestEnterChoosesLinks(t *testing.T) {
	g := topology.Graph{Nodes: []topology.Node{{ID: "a"}, {ID: "b"}, {ID: "c"}}, Edges: []topology.Edge{{From: "a", To: "b"}, {From: "b", To: "c"}}}
	l, err := topology.Arrange(g, topology.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := New()
	s.OnTapNode = func(id string) { s.Select(Node(id)) }
	s.OnTapEdge = func(e int) { s.Select(Edge(e)) }
	s.SetScene(&control.Scene{Graph: g, Layout: l})
	s.FocusGained()
	press := func(k fyne.KeyName) Element { s.TypedKey(&fyne.KeyEvent{Name: k}); return s.Selected() }
	press(fyne.KeyRight)
	for _, want := range []Element{Edge(0), Edge(1), Node("b"), Edge(0)} {
		if got := press(fyne.KeyReturn); got != want {
			t.Fatalf("Enter chooses %v, not %v", got, want)
		}
	}
	if got := press(fyne.KeyLeft); got != Node("a") {
		t.Errorf("left of the first link is %v", got)
	}
}
