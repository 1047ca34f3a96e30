package stage

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"asynclab/sim/topology"
	"asynclab/ui/palette"
)

// pen draws in coordinates of the picture: on the stage, or into a file.
type pen interface {
	rect(r rect)
	line(from, to topology.Point, width float64, c color.Color)
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
	room  float64 // maximum width; 0: unlimited
	bold  bool
	keep  bool // a text that is too wide is cut; otherwise it is left out
	align fyne.TextAlign
	color color.Color
}

// textFloor is the least size of a text in pixels. What does not fit at that size
// is left out, or cut.
const textFloor = 12.0

// leastText is textFloor at the size of text that the person has chosen.
func leastText() float64 { return textFloor * float64(theme.TextSize()) / usualText }

const usualText = 14 // theme.TextSize where nothing was chosen

// smallestText is the size in pixels, before the floor, below which a text is left
// out: it would hide the shape. The name of a node is left out later: a shape without
// a name says nothing.
const (
	smallestText = 5
	smallestName = 3
)

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

// cut is the longest beginning of a text that fits a width.
func cut(s string, size float64, bold bool, room float64) string {
	letters := []rune(s)
	for len(letters) > 1 && textWidth(string(letters)+"…", size, bold) > room {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
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
	lines  []*canvas.Line
	texts  []*canvas.Text
	marks  map[palette.Mark][]fyne.CanvasObject
	colors *colors

	usedRects, usedTexts, usedLines int
	usedMarks                       map[palette.Mark]int
}

func newLayer(c *colors) *layer {
	return &layer{box: newBox(), colors: c, marks: map[palette.Mark][]fyne.CanvasObject{}, usedMarks: map[palette.Mark]int{}}
}

// begin starts a new drawing without any strokes.
func (l *layer) begin(v view) {
	l.view = v
	l.usedRects, l.usedTexts, l.usedLines = 0, 0, 0
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

func (l *layer) line(from, to topology.Point, width float64, c color.Color) {
	if l.usedLines == len(l.lines) {
		l.lines = append(l.lines, &canvas.Line{})
	}
	o := l.lines[l.usedLines]
	l.usedLines++
	o.StrokeColor, o.StrokeWidth = c, float32(width*max(l.view.zoom, 0.6))
	o.Position1, o.Position2 = l.place(from.X, from.Y), l.place(to.X, to.Y)
	l.box.Objects = append(l.box.Objects, o)
}

// text writes a text that fits at a size that can be read.
func (l *layer) text(t words) {
	smallest := float64(smallestText)
	if t.keep {
		smallest = smallestName
	}
	if t.s == "" || t.size*l.view.zoom < smallest {
		return
	}
	size := float32(max(t.size*l.view.zoom, leastText()))
	if room := t.room * l.view.zoom; t.room > 0 && textWidth(t.s, float64(size), t.bold) > room+0.5 {
		if !t.keep {
			return
		}
		t.s = cut(t.s, float64(size), t.bold, room)
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
