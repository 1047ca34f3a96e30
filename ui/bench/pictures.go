package bench

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// picturesLayout arranges the pictures of designs in the grid that makes the
// smallest of them largest.
type picturesLayout struct{ scenes []control.Scene }

const pictureHead = 36 // the name above each

func (p picturesLayout) MinSize(objects []fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 160) }

func (p picturesLayout) columns(size fyne.Size) int {
	n := len(p.scenes)
	best, columns := float64(-1), 1
	for c := 1; c <= n; c++ {
		rows := (n + c - 1) / c
		w, h := float64(size.Width)/float64(c), float64(size.Height)/float64(rows)-pictureHead
		smallest := 1e9
		for _, s := range p.scenes {
			smallest = min(smallest, w/s.Layout.W, h/s.Layout.H)
		}
		if smallest > best {
			best, columns = smallest, c
		}
	}
	return columns
}

func (p picturesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if len(objects) == 0 {
		return
	}
	columns := p.columns(size)
	rows := (len(objects) + columns - 1) / columns
	w, h := size.Width/float32(columns), size.Height/float32(rows)
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i%columns)*w, float32(i/columns)*h))
		o.Resize(fyne.NewSize(w, h))
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
