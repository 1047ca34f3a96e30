package stage

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// What a person can do to a stage.
var (
	_ fyne.Tappable          = (*Stage)(nil)
	_ fyne.SecondaryTappable = (*Stage)(nil)
	_ fyne.Draggable         = (*Stage)(nil)
	_ fyne.Scrollable        = (*Stage)(nil) // which also has Fyne clip what is drawn to the stage
	_ desktop.Hoverable      = (*Stage)(nil)
	_ desktop.Cursorable     = (*Stage)(nil)
)

// Tapped tells what was tapped.
func (s *Stage) Tapped(e *fyne.PointEvent) {
	switch at := s.At(e.Position); {
	case at.Kind == NodeKind && s.OnTapNode != nil:
		s.OnTapNode(at.ID)
	case at.Kind == EdgeKind && s.OnTapEdge != nil:
		s.OnTapEdge(at.Edge)
	case at.Kind == DotKind && s.OnTapDot != nil:
		s.OnTapDot(at.Op)
	case at.Kind == None && s.OnTapNothing != nil:
		s.OnTapNothing()
	}
}

// TappedSecondary asks for a menu.
func (s *Stage) TappedSecondary(e *fyne.PointEvent) {
	if s.OnMenu != nil {
		s.OnMenu(s.At(e.Position), e.AbsolutePosition)
	}
}

// Dragged pans.
func (s *Stage) Dragged(e *fyne.DragEvent) { s.pan(e.Dragged.DX, e.Dragged.DY) }

// DragEnd implements fyne.Draggable.
func (s *Stage) DragEnd() {}

// Scrolled zooms around the pointer.
func (s *Stage) Scrolled(e *fyne.ScrollEvent) {
	const notch = 40 // of most wheels, in pixels; a notch or two is a step of a key
	s.zoom(math.Pow(zoomStep, float64(e.Scrolled.DY)/notch), e.Position)
}

// MouseIn implements desktop.Hoverable.
func (s *Stage) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved remembers whether there is something to tap.
func (s *Stage) MouseMoved(e *desktop.MouseEvent) { s.pointer = s.At(e.Position).Kind != None }

// MouseOut implements desktop.Hoverable.
func (s *Stage) MouseOut() { s.pointer = false }

// Cursor is a hand where there is something to tap.
func (s *Stage) Cursor() desktop.Cursor {
	if s.pointer {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
