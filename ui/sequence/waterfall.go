package sequence

import (
	"bytes"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/sequence"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// fall is the picture of a trace over time, as wide as the panel.
type fall struct {
	widget.BaseWidget
	view  *View
	trace sequence.Trace
	w     *sequence.Waterfall
	width float32 // it is laid out for
}

var _ fyne.Tappable = (*fall)(nil)

func newFall(v *View) *fall {
	f := &fall{view: v}
	f.ExtendBaseWidget(f)
	f.arrange(0)
	return f
}

func (f *fall) arrange(width float32) {
	f.width = width
	f.w = sequence.NewWaterfall(&f.trace, float64(width), sequence.Options{Voice: locale.Word, Measure: measure})
}

// Resize lays the picture out again when the panel has another width.
func (f *fall) Resize(size fyne.Size) {
	if size.Width != f.width {
		f.arrange(size.Width)
		f.Refresh()
	}
	f.BaseWidget.Resize(size)
}

// Tapped tells of the bar that was tapped.
func (f *fall) Tapped(e *fyne.PointEvent) {
	const near = 4
	x, y := float64(e.Position.X), float64(e.Position.Y)
	text := locale.T("diagram.help")
	for _, b := range f.w.Bars {
		if x >= b.Box.X-near && x <= b.Box.X+b.Box.W+near && y >= b.Box.Y-near && y <= b.Box.Y+b.Box.H+near {
			text = b.Tip
		}
	}
	f.view.detail.SetText(text)
}

func (f *fall) CreateRenderer() fyne.WidgetRenderer {
	r := &fallRenderer{fall: f}
	r.Refresh()
	return r
}

type fallRenderer struct {
	fall    *fall
	objects []fyne.CanvasObject
}

func (r *fallRenderer) Destroy()                     {}
func (r *fallRenderer) Layout(fyne.Size)             {}
func (r *fallRenderer) Objects() []fyne.CanvasObject { return r.objects }

// MinSize is as narrow as it can be read: the width follows the panel.
func (r *fallRenderer) MinSize() fyne.Size { return fyne.NewSize(300, float32(r.fall.w.H)) }

func (r *fallRenderer) Refresh() {
	w := r.fall.w
	b := &brush{}
	ink, muted, path := theme.Color(palette.ColorLabel), theme.Color(palette.ColorMuted), theme.Color(palette.ColorLostSpark)
	for _, t := range w.Ticks {
		b.line(sequence.Point{X: t.X, Y: w.Top - 8}, sequence.Point{X: t.X, Y: w.Bottom}, theme.Color(palette.ColorGrid), 1)
		b.left(sequence.Label{Text: t.Text, Box: sequence.Box{X: t.X + 2, H: w.Top - 8}}, muted)
	}
	for _, t := range w.Texts {
		b.left(t, ink)
	}
	for _, x := range w.Bars {
		b.stretch(x.State, x.Box)
	}
	for _, x := range w.Path {
		b.rect(x, path, nil, 0, 0)
	}
	for _, k := range w.Keys {
		if k.Path {
			b.rect(k.Box, path, nil, 0, 0)
		} else {
			b.stretch(k.State, k.Box)
		}
		b.left(k.Label, muted)
	}
	r.objects = b.out
	canvas.Refresh(r.fall)
}

// left writes a text from the left of its box.
func (b *brush) left(l sequence.Label, c color.Color) {
	t := canvas.NewText(l.Text, c)
	t.TextSize = sequence.LabelFont
	high := t.MinSize().Height
	t.Move(fyne.NewPos(float32(l.Box.X), float32(l.Box.Y)+(float32(l.Box.H)-high)/2))
	b.out = append(b.out, t)
}

// stretch draws a part of a span: by its shape as well as by its colour.
func (b *brush) stretch(s sequence.SpanState, box sequence.Box) {
	switch s {
	case sequence.OnTheWay:
		b.rect(box, theme.Color(palette.ColorMuted), nil, 0, 0)
	case sequence.InQueue, sequence.InLine:
		c := theme.Color(palette.ColorWaiting)
		b.rect(box, theme.Color(palette.ColorStage), c, 1, 0)
		for x, step := box.X+3, max(5, box.W/40); x < box.X+box.W-1; x += step { // hatched
			b.line(sequence.Point{X: x, Y: box.Y + 1}, sequence.Point{X: x, Y: box.Y + box.H - 1}, c, 1)
		}
	case sequence.AtWork:
		b.rect(box, theme.Color(palette.ColorBusy), nil, 0, 0)
	case sequence.ForAnswer:
		b.rect(box, theme.Color(palette.ColorStage), theme.Color(palette.ColorBlocked), 1.5, 0)
	}
}

// setTrace shows the trace of a story.
func (f *fall) setTrace(t sequence.Trace) {
	f.trace = t
	f.arrange(f.width)
	f.Refresh()
}

// svg is the picture as a file.
func (f *fall) svg() func() ([]byte, error) {
	w := f.w
	return func() ([]byte, error) {
		var b bytes.Buffer
		err := w.SVG(&b, sequence.Theme{Background: true})
		return b.Bytes(), err
	}
}

// image draws the picture.
func (f *fall) image() image.Image {
	again := newFall(f.view)
	again.trace = f.trace
	size := fyne.NewSize(float32(f.w.W), float32(f.w.H))
	again.Resize(size)
	return captured(size, again)
}

// captured draws objects on the stage's ground, on a canvas of their own.
func captured(size fyne.Size, objects ...fyne.CanvasObject) image.Image {
	c := software.NewCanvas() // drawn here, because the toolkit draws on its own goroutine only
	c.SetPadded(false)
	c.SetScale(pngScale)
	back := canvas.NewRectangle(theme.Color(palette.ColorStage))
	back.Resize(size)
	c.SetContent(container.NewWithoutLayout(append([]fyne.CanvasObject{back}, objects...)...))
	c.Resize(size)
	return c.Capture()
}
