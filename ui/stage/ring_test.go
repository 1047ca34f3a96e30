package stage

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Who presents has a large ring round the pointer while it is on the stage, and nobody else.
func TestRingFollowsPointer(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 900, 400)
	at := func(x, y float32) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
	}
	if s.MouseMoved(at(100, 90)); s.ring.Visible() {
		t.Error("there is a ring, and nobody presents")
	}
	s.Ring(true)
	for _, p := range []fyne.Position{{X: 100, Y: 90}, {X: 400, Y: 300}} {
		s.MouseMoved(at(p.X, p.Y))
		size := s.ring.Size()
		if got := s.ring.Position().AddXY(size.Width/2, size.Height/2); !s.ring.Visible() || got != p || size.Width < 60 {
			t.Errorf("the ring of %v is at %v, the pointer at %v", size, got, p)
		}
	}
	if s.MouseOut(); s.ring.Visible() {
		t.Error("the ring stays when the pointer has left")
	}
}
