package figure

import (
	"image"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/chart"
)

// Figure is a widget that shows a chart. Its methods must be called on the
// window's goroutine.
type Figure struct {
	widget.BaseWidget

	OnPoint  func(x float64)   // the pointer is at x of the data; NaN: it has left the figure
	OnTap    func(x float64)   // x was clicked
	OnExport func(kind Export) // an export was requested; see Write

	fig    chart.Figure // as set
	scale  axisScale    // of the y axis, chosen by hand
	pixels image.Point  // of the raster, when it was last painted
	sheet  sheet
	parts  *renderer // nil while the figure is not shown

	mu    sync.Mutex // in tests, the worker's goroutine is also the window's
	point float64    // where the cross-hair is; NaN: nowhere
	shown drawing
	spare *image.RGBA // the worker's, while it draws
}

// drawing is a finished picture.
type drawing struct {
	image *image.RGBA
	frame chart.Frame
	fig   chart.Figure
	scale float64 // pixels of the image for one of the window
}

var (
	_ desktop.Hoverable      = (*Figure)(nil)
	_ desktop.Cursorable     = (*Figure)(nil)
	_ fyne.Tappable          = (*Figure)(nil)
	_ fyne.SecondaryTappable = (*Figure)(nil)
)

// New is a figure with nothing in it.
func New() *Figure {
	f := &Figure{point: math.NaN()}
	f.ExtendBaseWidget(f)
	return f
}

// Set replaces the content of the figure; it is drawn soon after.
func (f *Figure) Set(fig chart.Figure) {
	f.fig = fig
	f.redraw()
}

// Chart is the content of the figure, with the scale chosen by hand.
func (f *Figure) Chart() chart.Figure {
	fig := f.fig
	if f.scale != asGiven {
		fig.Y.Log = f.scale == logarithmic
	}
	return fig
}

// axisScale is the scale of the y axis chosen by hand.
type axisScale uint8

const (
	asGiven axisScale = iota
	linear
	logarithmic
)

// SetPointer shows the cross-hair at x; NaN hides it. OnPoint is not called.
func (f *Figure) SetPointer(x float64) {
	if f.setPoint(x) {
		f.layOver()
	}
}

// setPoint moves the cross-hair and reports whether its place has changed.
func (f *Figure) setPoint(x float64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.point == x || math.IsNaN(f.point) && math.IsNaN(x) {
		return false
	}
	f.point = x
	return true
}

// Close cancels pending drawing. The figure may still be used; then it is drawn
// again.
func (f *Figure) Close() { shared.forget(&f.sheet) }

// redraw asks the worker to draw in the current size and colours.
func (f *Figure) redraw() {
	size := f.Size()
	if f.pixels.X <= 0 || f.pixels.Y <= 0 || size.Width <= 0 {
		return // not painted yet: the raster calls redraw when it is
	}
	fig, pixels := f.Chart(), f.pixels
	style := styleNow(float64(pixels.X) / float64(size.Width))
	shared.ask(&f.sheet, func() {
		f.mu.Lock()
		img := f.spare
		f.mu.Unlock()
		if img == nil || img.Bounds().Size() != pixels {
			img = image.NewRGBA(image.Rectangle{Max: pixels})
		}
		frame := chart.Draw(img, fig, style)
		fyne.Do(func() { f.take(drawing{img, frame, fig, style.Scale}) })
	})
}

// take shows a finished drawing; the image shown before is reused for the next.
func (f *Figure) take(d drawing) {
	f.mu.Lock()
	f.shown, f.spare = d, f.shown.image
	pointing := !math.IsNaN(f.point)
	f.mu.Unlock()
	shared.taken(&f.sheet)
	if f.parts == nil {
		return
	}
	if pointing {
		f.layOver()
	}
	f.parts.raster.Refresh()
}

func (f *Figure) current() drawing {
	d, _ := f.pointed()
	return d
}

func (f *Figure) pointed() (d drawing, at float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shown, f.point
}

// paint is the image for the raster: while the figure is being resized the
// image has another size and is stretched.
func (f *Figure) paint(w, h int) image.Image {
	d := f.current()
	if size := image.Pt(w, h); f.pixels != size || d.image == nil {
		f.pixels = size
		f.redraw()
	}
	if d.image == nil {
		return nothing
	}
	return d.image
}

// xAt is the value of the x axis at a position in the widget.
func (f *Figure) xAt(p fyne.Position) (x float64, inside bool) {
	d := f.current()
	if d.image == nil {
		return math.NaN(), false
	}
	px, py := float64(p.X)*d.scale, float64(p.Y)*d.scale
	if !d.frame.Inside(px, py) {
		return math.NaN(), false
	}
	return d.frame.PixelToX(px), true
}

// MouseIn implements desktop.Hoverable.
func (f *Figure) MouseIn(e *desktop.MouseEvent) { f.MouseMoved(e) }

// MouseMoved moves the cross-hair.
func (f *Figure) MouseMoved(e *desktop.MouseEvent) {
	x, _ := f.xAt(e.Position)
	f.pointAt(x)
}

// MouseOut hides the cross-hair.
func (f *Figure) MouseOut() { f.pointAt(math.NaN()) }

func (f *Figure) pointAt(x float64) {
	_, before := f.pointed()
	f.SetPointer(x)
	if f.OnPoint != nil && !(math.IsNaN(x) && math.IsNaN(before)) {
		f.OnPoint(x)
	}
}

// Tapped calls OnTap with the x that was clicked.
func (f *Figure) Tapped(e *fyne.PointEvent) {
	if x, inside := f.xAt(e.Position); inside && f.OnTap != nil {
		f.OnTap(x)
	}
}

// Cursor is a cross over the figure.
func (f *Figure) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// MinSize is the smallest size at which a figure is readable.
func (f *Figure) MinSize() fyne.Size {
	f.ExtendBaseWidget(f)
	return f.BaseWidget.MinSize()
}

// nothing is shown before the first drawing.
var nothing = image.NewRGBA(image.Rect(0, 0, 1, 1))
