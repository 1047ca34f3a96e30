package stage

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
)

// The minimap is there while only a part is seen, and a tap on it goes there.
func TestMinimap(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "broker"), 900, 400)
	if _, zoom := s.mini(); zoom != 0 {
		t.Error("there is a minimap of what is seen whole")
	}
	for range 6 {
		s.ZoomIn()
	}
	at, zoom := s.mini()
	if zoom == 0 || at.X+at.W > 900 || at.Y+at.H > 400 || at.W > miniWide || at.H > miniShare*400+1 {
		t.Fatalf("the minimap is at %+v", at)
	}
	b := s.scene.Layout.Boxes[0]
	x, y := b.X+b.W/2, b.Y+b.H/2
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(float32(at.X+x*zoom), float32(at.Y+y*zoom))})
	if got := s.view.under(s.middle()); math.Hypot(got.X-x, got.Y-y) > 2 {
		t.Errorf("a tap on the first node of the minimap goes to %v; want %v,%v", got, x, y)
	}
	if m, now := s.mini(); now != zoom || m != at {
		t.Errorf("the minimap moved from %+v to %+v", at, m)
	}
	s.Fit()
	if _, zoom := s.mini(); zoom != 0 {
		t.Error("the minimap stays")
	}
}
