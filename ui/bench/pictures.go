package bench

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// picturesLayout arranges the pictures of designs in the grid in which all of
// them can have the largest zoom. Rows and columns are as large as their pictures
// need at that zoom; what is left over is shared.
type picturesLayout struct{ scenes []control.Scene }

const pictureHead = 36 // the name above each

func (p picturesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 160) }

func (p picturesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	var best pictureGrid
	for columns := 1; columns <= len(p.scenes); columns++ {
		if g := p.grid(columns, size); columns == 1 || g.zoom > best.zoom { // with no room at all the zoom is less than 0
			best = g
		}
	}
	at := fyne.Position{}
	for i, o := range objects {
		row, column := i/len(best.widths), i%len(best.widths)
		if column == 0 && row > 0 {
			at = fyne.NewPos(0, at.Y+best.heights[row-1])
		}
		o.Move(at)
		o.Resize(fyne.NewSize(best.widths[column], best.heights[row]))
		at.X += best.widths[column]
	}
}

type pictureGrid struct {
	zoom            float32 // that all pictures can have
	widths, heights []float32
}

func (p picturesLayout) grid(columns int, size fyne.Size) pictureGrid {
	rows := (len(p.scenes) + columns - 1) / columns
	g := pictureGrid{widths: make([]float32, columns), heights: make([]float32, rows)}
	for i, s := range p.scenes {
		w, h := &g.widths[i%columns], &g.heights[i/columns]
		l := s.Layout
		if s.Small != nil {
			l = s.Small
		}
		*w, *h = max(*w, float32(l.W)), max(*h, float32(l.H))
	}
	room := size.Height - pictureHead*float32(rows)
	g.zoom = min(size.Width/sum(g.widths), room/sum(g.heights))
	spread(g.widths, g.zoom, size.Width)
	spread(g.heights, g.zoom, room)
	for i := range g.heights {
		g.heights[i] += pictureHead
	}
	return g
}

func sum(all []float32) (s float32) {
	for _, x := range all {
		s += x
	}
	return s
}

// spread zooms lengths, and shares what is left of the room.
func spread(lengths []float32, zoom, room float32) {
	spare := (room - zoom*sum(lengths)) / float32(len(lengths))
	for i := range lengths {
		lengths[i] = lengths[i]*zoom + spare
	}
}

// laneSwatch is a spot in the colour of a design's curves.
func laneSwatch(i int) fyne.CanvasObject {
	names := [...]fyne.ThemeColorName{palette.ColorLane1, palette.ColorLane2, palette.ColorLane3, palette.ColorLane4}
	r := canvas.NewRectangle(theme.Color(names[i%len(names)]))
	r.CornerRadius = 4
	r.SetMinSize(fyne.NewSquareSize(14))
	return container.NewCenter(r)
}
