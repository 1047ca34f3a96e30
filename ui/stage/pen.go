package stage

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"asynclab/ui/palette"
)

// pen draws in coordinates of the picture: on the stage, or into a file.
type pen interface {
	rect(r rect)
	text(t words)
	mark(m palette.Mark, x, y, size, strength float64)
}

type rect struct {
	x, y, w, h float64
	radius     float64
	fill       color.Color // nil: empty
	stroke     color.Color // nil: none
	width      float64     // of the stroke, in pixels of the screen
}

type words struct {
	s     string
	x, y  float64 // the beginning, end or middle of the text, as align says; y is the middle of the line
	size  float64
	room  float64 // maximum width: wider text is written smaller; 0: unlimited
	bold  bool
	align fyne.TextAlign
	color color.Color
}

// smallestText is the size in pixels below which a text is left out: it would
// be unreadable, and would hide the shape.
const smallestText = 5

func (t words) style() fyne.TextStyle { return fyne.TextStyle{Bold: t.bold} }

// fitted is the size at which the text fits its maximum width.
func (t words) fitted() float64 {
	if t.room <= 0 {
		return t.size
	}
	if w := textWidth(t.s, t.size, t.bold); w > t.room {
		return t.size * t.room / w
	}
	return t.size
}

func textWidth(s string, size float64, bold bool) float64 {
	return float64(fyne.MeasureText(s, float32(size), fyne.TextStyle{Bold: bold}).Width)
}

// layer is a pen whose strokes are canvas objects. Each drawing starts from the
// beginning and reuses the objects of the drawing before.
type layer struct {
	box    *fyne.Container
	view   view
	rects  []*canvas.Rectangle
	texts  []*canvas.Text
	marks  map[palette.Mark][]fyne.CanvasObject
	colors *colors

	usedRects, usedTexts int
	usedMarks            map[palette.Mark]int
}

func newLayer(c *colors) *layer {
	return &layer{box: newBox(), colors: c, marks: map[palette.Mark][]fyne.CanvasObject{}, usedMarks: map[palette.Mark]int{}}
}

// begin starts a new drawing without any strokes.
func (l *layer) begin(v view) {
	l.view = v
	l.usedRects, l.usedTexts = 0, 0
	clear(l.usedMarks)
	l.box.Objects = l.box.Objects[:0]
}

func (l *layer) rect(r rect) {
	if l.usedRects == len(l.rects) {
		l.rects = append(l.rects, &canvas.Rectangle{})
	}
	o := l.rects[l.usedRects]
	l.usedRects++
	z := float32(l.view.zoom)
	o.FillColor, o.StrokeColor, o.StrokeWidth = r.fill, r.stroke, float32(r.width)
	o.CornerRadius = float32(r.radius) * z
	o.Resize(fyne.NewSize(float32(r.w)*z, float32(r.h)*z))
	o.Move(l.place(r.x, r.y))
	l.box.Objects = append(l.box.Objects, o)
}

func (l *layer) text(t words) {
	size := float32(t.fitted() * l.view.zoom)
	if t.s == "" || size < smallestText {
		return
	}
	if l.usedTexts == len(l.texts) {
		l.texts = append(l.texts, &canvas.Text{})
	}
	o := l.texts[l.usedTexts]
	l.usedTexts++
	o.Text, o.TextSize, o.TextStyle, o.Color = t.s, size, t.style(), t.color
	m := fyne.MeasureText(t.s, size, o.TextStyle)
	at := l.place(t.x, t.y)
	switch t.align {
	case fyne.TextAlignCenter:
		at.X -= m.Width / 2
	case fyne.TextAlignTrailing:
		at.X -= m.Width
	}
	at.Y -= m.Height / 2
	o.Resize(m)
	o.Move(at)
	l.box.Objects = append(l.box.Objects, o)
}

func (l *layer) mark(m palette.Mark, x, y, size, strength float64) {
	n := l.usedMarks[m]
	if n == len(l.marks[m]) {
		l.marks[m] = append(l.marks[m], m.Object())
	}
	o := l.marks[m][n]
	l.usedMarks[m]++
	m.Paint(o, faded(l.colors.get(m.Color), strength), faded(l.colors.get(palette.ColorStage), strength))
	m.Place(o, l.place(x, y), float32(size*l.view.zoom))
	l.box.Objects = append(l.box.Objects, o)
}

func (l *layer) place(x, y float64) fyne.Position {
	return fyne.NewPos(float32(x*l.view.zoom+l.view.x), float32(y*l.view.zoom+l.view.y))
}
