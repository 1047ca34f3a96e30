package figure

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// renderer shows the image, and above it the cross-hair and the values there.
type renderer struct {
	f       *Figure
	raster  *canvas.Raster
	line    *canvas.Line
	box     *canvas.Rectangle
	texts   []*canvas.Text // of the readout; unused ones are hidden
	samples []*canvas.Rectangle
	objects []fyne.CanvasObject
}

// CreateRenderer implements fyne.Widget.
func (f *Figure) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{f: f, raster: canvas.NewRaster(f.paint), line: canvas.NewLine(nil), box: canvas.NewRectangle(nil)}
	r.box.CornerRadius, r.box.StrokeWidth = 4, 1
	r.objects = []fyne.CanvasObject{r.raster, r.line, r.box}
	f.parts = r
	r.layOver()
	return r
}

func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(200, 110) }

func (r *renderer) Layout(size fyne.Size) {
	r.raster.Resize(size) // requests a new image when it is painted
	r.layOver()
}

// Refresh is also called when the theme or the language changes.
func (r *renderer) Refresh() {
	r.f.redraw()
	r.layOver()
}

// Destroy cancels drawing; a figure that is shown again gets a new renderer.
func (r *renderer) Destroy() {
	r.f.Close()
	if r.f.parts == r {
		r.f.parts = nil
	}
}

func (f *Figure) layOver() {
	if f.parts != nil {
		f.parts.layOver()
	}
}

// layOver places the cross-hair and the readout at the pointer.
func (r *renderer) layOver() {
	d, point := r.f.pointed()
	for _, o := range r.objects[1:] {
		o.Hide()
	}
	if math.IsNaN(point) || d.image == nil {
		return
	}
	lo, hi := d.frame.XRange()
	if point < lo || point > hi {
		return
	}
	unscaled := func(v float64) float32 { return float32(v / d.scale) }
	x, top, bottom := unscaled(d.frame.XToPixel(point)), unscaled(d.frame.Top), unscaled(d.frame.Bottom)
	r.line.StrokeColor, r.line.StrokeWidth = theme.Color(theme.ColorNamePrimary), 1
	r.line.Position1, r.line.Position2 = fyne.NewPos(x, top), fyne.NewPos(x, bottom)
	r.line.Show()
	r.line.Refresh()
	r.readOut(tableAt(&d.fig, point), fyne.NewPos(x, top), unscaled(d.frame.Left), unscaled(d.frame.Right))
}
