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
