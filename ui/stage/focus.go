package stage

import (
	"math"

	"fyne.io/fyne/v2"

	"asynclab/ui/keyed"
)

var _ fyne.Focusable = (*Stage)(nil)

// FocusGained implements fyne.Focusable: the keys choose a node from here on.
func (s *Stage) FocusGained() {
	if s.selected.Kind == None && s.scene != nil && len(s.scene.Graph.Nodes) > 0 && s.OnTapNode != nil {
		s.OnTapNode(s.scene.Graph.Nodes[0].ID)
	}
}

// FocusLost implements fyne.Focusable.
func (s *Stage) FocusLost() {}

// TypedRune implements fyne.Focusable.
func (s *Stage) TypedRune(r rune) { keyed.PassRune(s, r) }

// TypedKey implements fyne.Focusable: arrows lead to the nearest node that way.
func (s *Stage) TypedKey(e *fyne.KeyEvent) {
	toward := map[fyne.KeyName][2]float64{fyne.KeyLeft: {-1, 0}, fyne.KeyRight: {1, 0}, fyne.KeyUp: {0, -1}, fyne.KeyDown: {0, 1}}
	if d, ok := toward[e.Name]; ok && s.OnTapNode != nil {
		if id := s.toward(d[0], d[1]); id != "" {
			s.OnTapNode(id)
		}
		return
	}
	keyed.PassKey(s, e)
}

// toward is the node nearest to the selected one in a direction; what lies aside counts
// twice. "" if there is none.
func (s *Stage) toward(dx, dy float64) (id string) {
	if s.scene == nil || s.selected.Kind != NodeKind {
		return ""
	}
	middle := func(i int) (x, y float64) {
		b := s.scene.Layout.Boxes[i]
		return b.X + b.W/2, b.Y + b.H/2
	}
	var x, y float64
	for i, n := range s.scene.Graph.Nodes {
		if n.ID == s.selected.ID {
			x, y = middle(i)
		}
	}
	best := math.Inf(1)
	for i, n := range s.scene.Graph.Nodes {
		nx, ny := middle(i)
		along, aside := (nx-x)*dx+(ny-y)*dy, math.Abs((nx-x)*dy)+math.Abs((ny-y)*dx)
		if far := along + 2*aside; n.ID != s.selected.ID && along > 1 && far < best {
			best, id = far, n.ID
		}
	}
	return id
}
