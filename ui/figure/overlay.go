package figure

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"asynclab/sim/chart"
)

// mostRows is how many values the readout shows; what is beyond is left out from
// the end.
const mostRows = 12

// renderer shows the image, and above it the cross-hair and the values there.
type renderer struct {
	f       *Figure
	raster  *canvas.Raster
	line    *canvas.Line
	box     *canvas.Rectangle
	head    *canvas.Text
	rows    [mostRows]row
	objects []fyne.CanvasObject
}

// row is a value in the readout.
type row struct {
	sample      *canvas.Rectangle
	name, value *canvas.Text
}

// CreateRenderer is for Fyne.
func (f *Figure) CreateRenderer() fyne.WidgetRenderer {
	r := &renderer{
		f: f, raster: canvas.NewRaster(f.paint), line: canvas.NewLine(nil),
		box: canvas.NewRectangle(nil), head: canvas.NewText("", nil),
	}
	r.box.CornerRadius, r.box.StrokeWidth = 4, 1
	r.objects = []fyne.CanvasObject{r.raster, r.line, r.box, r.head}
	for i := range r.rows {
		r.rows[i] = row{canvas.NewRectangle(nil), canvas.NewText("", nil), canvas.NewText("", nil)}
		r.objects = append(r.objects, r.rows[i].sample, r.rows[i].name, r.rows[i].value)
	}
	f.parts = r
	r.layOver()
	return r
}

func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *renderer) MinSize() fyne.Size { return fyne.NewSize(200, 110) }

func (r *renderer) Layout(size fyne.Size) {
	r.raster.Resize(size) // asks for a new image when it is painted
	r.layOver()
}

// Refresh comes with another theme or language, too.
func (r *renderer) Refresh() {
	r.f.redraw()
	r.layOver()
}

// Destroy gives up drawing; a figure that is shown again gets a new renderer.
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

// layOver puts cross-hair and readout where the pointer is.
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
	r.readOut(&d.fig, point, fyne.NewPos(x, top), unscaled(d.frame.Left), unscaled(d.frame.Right))
}

// readOut writes the values at the cross-hair beside it: on the right if there
// is room, otherwise on the left.
func (r *renderer) readOut(fig *chart.Figure, point float64, cross fyne.Position, left, right float32) {
	const gap, sample = 5, 10
	size := theme.Size(theme.SizeNameCaptionText)
	colors := styleNow(1)
	write := func(t *canvas.Text, text string) fyne.Size {
		t.Text, t.TextSize, t.Color = text, size, colors.Foreground
		return fyne.MeasureText(text, size, t.TextStyle)
	}
	readings := fig.At(point)
	readings = readings[:min(len(readings), mostRows)]
	headSize := write(r.head, fig.X.Format(point))
	var names, values float32
	for i, v := range readings {
		names = max(names, write(r.rows[i].name, v.Name).Width)
		values = max(values, write(r.rows[i].value, fig.Y.Format(v.Y)).Width)
	}
	step := headSize.Height
	width := max(headSize.Width, sample+gap+names+2*gap+values) + 2*gap
	height := step*float32(len(readings)+1) + 2*gap
	at := cross.AddXY(8, 0)
	if at.X+width > right {
		at.X = max(cross.X-8-width, left)
	}
	at.Y = max(0, min(at.Y, r.f.Size().Height-height))
	r.box.FillColor, r.box.StrokeColor = theme.Color(theme.ColorNameOverlayBackground), theme.Color(theme.ColorNameSeparator)
	r.box.Move(at)
	r.box.Resize(fyne.NewSize(width, height))
	r.head.Move(at.AddXY(gap, gap))
	shown := []fyne.CanvasObject{r.box, r.head}
	for i, v := range readings {
		y := gap + step*float32(i+1)
		q := &r.rows[i]
		q.sample.FillColor = colors.Color(v.Color)
		q.sample.Move(at.AddXY(gap, y+step/2-1.5))
		q.sample.Resize(fyne.NewSize(sample, 3))
		q.name.Move(at.AddXY(gap+sample+gap, y))
		q.value.Move(at.AddXY(width-gap-fyne.MeasureText(q.value.Text, size, q.value.TextStyle).Width, y))
		shown = append(shown, q.sample, q.name, q.value)
	}
	for _, o := range shown {
		o.Show()
		o.Refresh()
	}
}
