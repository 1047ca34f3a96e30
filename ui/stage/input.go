package stage

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
)

// The interfaces through which a stage receives input.
var (
	_ fyne.Tappable          = (*Stage)(nil)
	_ fyne.SecondaryTappable = (*Stage)(nil)
	_ fyne.Draggable         = (*Stage)(nil)
	_ fyne.Scrollable        = (*Stage)(nil) // it also makes Fyne clip drawing to the stage
	_ desktop.Hoverable      = (*Stage)(nil)
	_ desktop.Cursorable     = (*Stage)(nil)
)

// Tapped calls the callback of the element that was tapped.
func (s *Stage) Tapped(e *fyne.PointEvent) {
	if s.goTo(e.Position) {
		return
	}
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

// TappedSecondary requests a menu.
func (s *Stage) TappedSecondary(e *fyne.PointEvent) {
	if s.OnMenu != nil {
		s.OnMenu(s.At(e.Position), e.AbsolutePosition)
	}
}

// Pull is the dragging of a connection out of a node.
type Pull struct {
	From      string  // the node
	To        Element // that it has come to
	Start, At fyne.Position
	Done      bool
}

// Dragged pans, or pulls a connection out of a node where OnPull is set.
func (s *Stage) Dragged(e *fyne.DragEvent) {
	start := e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY)
	if from := s.At(start); s.OnPull != nil && !s.dragged && from.Kind == NodeKind {
		s.pull = Pull{From: from.ID, Start: start}
	}
	s.dragged = true
	if s.pull.From == "" {
		s.pan(e.Dragged.DX, e.Dragged.DY)
		return
	}
	s.pull.At, s.pull.To = e.Position, s.At(e.Position)
	s.OnPull(s.pull)
}

// DragEnd implements fyne.Draggable.
func (s *Stage) DragEnd() {
	if s.pull.From != "" {
		s.pull.Done = true
		s.OnPull(s.pull)
	}
	s.pull, s.dragged = Pull{}, false
}

// Scrolled zooms around the pointer.
func (s *Stage) Scrolled(e *fyne.ScrollEvent) {
	const notch = 40 // of most wheels, in pixels; one or two notches equal one key press
	s.zoom(math.Pow(zoomStep, float64(e.Scrolled.DY)/notch), e.Position)
}

// MouseIn implements desktop.Hoverable.
func (s *Stage) MouseIn(e *desktop.MouseEvent) { s.MouseMoved(e) }

// MouseMoved records whether the pointer is over an element that can be tapped.
func (s *Stage) MouseMoved(e *desktop.MouseEvent) {
	s.pointer = s.At(e.Position).Kind != None
	s.pointAt(e.Position)
}

// MouseOut implements desktop.Hoverable.
func (s *Stage) MouseOut() {
	s.pointer = false
	s.ring.Hide()
	canvas.Refresh(s.tick)
}

// Cursor is a hand over elements that can be tapped.
func (s *Stage) Cursor() desktop.Cursor {
	if s.pointer {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}
