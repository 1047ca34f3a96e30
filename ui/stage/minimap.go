package stage

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"git.sr.ht/~sbinet/gg"

	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// The minimap shows, while only a part of a design is seen, all of it and where that
// part is; a tap on it goes there. It is one image, drawn again when the view changes.
const (
	miniWide   = 150.0 // pixels at most
	miniShare  = 0.3   // of the stage at most
	miniMargin = 10.0  // to the corner
	miniDot    = 2.5   // the least side of a node
)

// mini is the place of the minimap on the stage, in pixels, and its zoom; 0: there is none.
func (s *Stage) mini() (at topology.Box, zoom float64) {
	if s.scene == nil || !s.moved {
		return at, 0
	}
	w, h := s.scene.Layout.W, s.scene.Layout.H
	if w*s.view.zoom <= float64(s.size.Width)+1 && h*s.view.zoom <= float64(s.size.Height)+1 {
		return at, 0
	}
	zoom = min(miniWide/w, miniShare*float64(s.size.Width)/w, miniShare*float64(s.size.Height)/h)
	at = topology.Box{W: w * zoom, H: h * zoom}
	at.X, at.Y = float64(s.size.Width)-at.W-miniMargin, float64(s.size.Height)-at.H-miniMargin
	return at, zoom
}

// goTo moves the view to a point of the minimap; false: the position is not on it.
func (s *Stage) goTo(p fyne.Position) bool {
	at, zoom := s.mini()
	x, y := float64(p.X)-at.X, float64(p.Y)-at.Y
	if zoom == 0 || x < 0 || y < 0 || x > at.W || y > at.H {
		return false
	}
	middle := s.middle()
	v := s.view
	v.x, v.y = float64(middle.X)-x/zoom*v.zoom, float64(middle.Y)-y/zoom*v.zoom
	s.look(v.held(s.scene.Layout.W, s.scene.Layout.H, s.size))
	return true
}

// placeMini shows the minimap, or hides it.
func (s *Stage) placeMini() {
	at, zoom := s.mini()
	if zoom == 0 {
		s.chart.Hide()
		return
	}
	s.chart.Move(fyne.NewPos(float32(at.X), float32(at.Y)))
	s.chart.Resize(fyne.NewSize(float32(at.W), float32(at.H)))
	s.chart.Show()
	canvas.Refresh(s.chart)
}

// paintMini draws the minimap in so many device pixels.
func (s *Stage) paintMini(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	at, zoom := s.mini()
	if zoom == 0 {
		return img
	}
	dc := gg.NewContextForRGBA(img)
	dc.Scale(float64(w)/at.W, float64(h)/at.H)
	fill := func(x, y, w, h float64, c color.Color) {
		dc.DrawRectangle(x, y, w, h)
		dc.SetColor(c)
		dc.Fill()
	}
	frame := func(x, y, w, h float64, c color.Color) {
		dc.DrawRectangle(x, y, w, h)
		dc.SetColor(c)
		dc.SetLineWidth(1.5)
		dc.Stroke()
	}
	fill(0, 0, at.W, at.H, s.colors.get(palette.ColorStage))
	for i, n := range s.scene.Graph.Nodes {
		if s.ground.frames[i] {
			continue
		}
		_, edge := palette.Node(n.Kind)
		if s.ground.health[i] != control.Up {
			edge = palette.Health(s.ground.health[i]).Color
		}
		b := s.scene.Layout.Boxes[i]
		fill(b.X*zoom, b.Y*zoom, max(b.W*zoom, miniDot), max(b.H*zoom, miniDot), s.colors.get(edge))
	}
	frame(0, 0, at.W, at.H, s.colors.get(palette.ColorMuted))
	low, high := s.view.under(fyne.NewPos(0, 0)), s.view.under(fyne.NewPos(s.size.Width, s.size.Height))
	x0, y0 := max(low.X*zoom, 1), max(low.Y*zoom, 1)
	x1, y1 := min(high.X*zoom, at.W-1), min(high.Y*zoom, at.H-1)
	frame(x0, y0, max(x1-x0, miniDot), max(y1-y0, miniDot), s.colors.get(palette.ColorSelection))
	return img
}
