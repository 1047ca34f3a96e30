package stage

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"

	"asynclab/ui/keyed"
	"asynclab/ui/locale"
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

// TypedKey implements fyne.Focusable: arrows lead to the nearest node that way, Enter to
// the links of a node one after the other, and back to it.
func (s *Stage) TypedKey(e *fyne.KeyEvent) {
	toward := map[fyne.KeyName][2]float64{fyne.KeyLeft: {-1, 0}, fyne.KeyRight: {1, 0}, fyne.KeyUp: {0, -1}, fyne.KeyDown: {0, 1}}
	if d, ok := toward[e.Name]; ok && s.OnTapNode != nil {
		if id := s.toward(d[0], d[1]); id != "" {
			s.OnTapNode(id)
		}
		return
	}
	if (e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter) && s.OnTapEdge != nil && s.nextLink() {
		return
	}
	keyed.PassKey(s, e)
}

// nextLink chooses the next link of the node from which the keys came to the links, or the
// node again after the last one.
func (s *Stage) nextLink() bool {
	if s.scene == nil || s.selected.Kind != NodeKind && s.selected.Kind != EdgeKind {
		return false
	}
	after := -1
	if s.selected.Kind == NodeKind {
		s.linksOf = s.selected.ID
	} else {
		after = s.selected.Edge
	}
	for i, e := range s.scene.Graph.Edges {
		if i > after && (e.From == s.linksOf || e.To == s.linksOf) {
			s.OnTapEdge(i)
			return true
		}
	}
	if after >= 0 && s.linksOf != "" {
		s.OnTapNode(s.linksOf)
	}
	return true
}

// toward is the node nearest to the selected node or link in a direction; what lies aside counts
// twice. "" if there is none.
func (s *Stage) toward(dx, dy float64) (id string) {
	if s.scene == nil || s.selected.Kind != NodeKind && s.selected.Kind != EdgeKind {
		return ""
	}
	middle := func(i int) (x, y float64) {
		b := s.scene.Layout.Boxes[i]
		return b.X + b.W/2, b.Y + b.H/2
	}
	ends := []string{s.selected.ID}
	if s.selected.Kind == EdgeKind { // from its middle
		e := s.scene.Graph.Edges[s.selected.Edge]
		ends = []string{e.From, e.To}
	}
	var x, y float64
	for i, n := range s.scene.Graph.Nodes {
		if slices.Contains(ends, n.ID) {
			nx, ny := middle(i)
			x, y = x+nx/float64(len(ends)), y+ny/float64(len(ends))
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

// AccessibilityLabel implements fyne.Accessible: the design, and what is chosen in it.
func (s *Stage) AccessibilityLabel() string {
	if s.scene == nil {
		return ""
	}
	switch s.selected.Kind {
	case NodeKind:
		return locale.T("text.with-detail", s.scene.Title, s.selected.ID)
	case EdgeKind:
		e := s.scene.Graph.Edges[s.selected.Edge]
		return locale.T("text.with-detail", s.scene.Title, e.From+" → "+e.To)
	}
	return s.scene.Title
}

// AccessibilityRole implements fyne.Accessible.
func (s *Stage) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }
