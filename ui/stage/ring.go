package stage

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"asynclab/ui/palette"
)

// ringSize is the diameter of the ring round the pointer, in pixels, at the usual size of
// text: it is seen from the back of a room.
const ringSize = 64.0

// Ring shows a large ring round the pointer, wherever it is on the stage; for those who
// watch a presentation.
func (s *Stage) Ring(yes bool) {
	if s.ring == nil {
		s.ring = &canvas.Circle{FillColor: color.Transparent, StrokeWidth: 4}
		s.ring.Hide()
	}
	if s.ringed = yes; !yes {
		s.ring.Hide()
	}
}

// pointAt moves the ring to where the pointer is.
func (s *Stage) pointAt(at fyne.Position) {
	if !s.ringed {
		return
	}
	size := float32(ringSize * leastText() / textFloor)
	s.ring.StrokeColor = s.colors.get(palette.ColorSelection)
	s.ring.Resize(fyne.NewSquareSize(size))
	s.ring.Move(at.SubtractXY(size/2, size/2))
	s.ring.Show()
	canvas.Refresh(s.tick)
}
