package editor

import (
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios/yamltree"
	"asynclab/ui/palette"
)

// page is the text with its line numbers, as long and as wide as all of it. It draws
// the lines that are in view.
type page struct {
	widget.BaseWidget
	e       *Editor
	focused bool
}

// gutter is the width of the line numbers.
func (e *Editor) gutter() float32 {
	digits := max(3, len(strconv.Itoa(e.buf.Lines())))
	return float32(digits+2) * e.cell.Width
}

// x is where a place of a line is, from the begin of its text.
func (e *Editor) x(line, at int) float32 {
	return e.width(e.buf.text[e.buf.Begin(line):at])
}

// width is that of a piece of text. Characters outside of ASCII may have any.
func (e *Editor) width(text string) float32 {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			return fyne.MeasureText(strings.ReplaceAll(text, "\t", " "), theme.TextSize(), mono).Width
		}
	}
	return float32(len(text)) * e.cell.Width
}

// near is the place of a line that is nearest to x.
func (e *Editor) near(line int, x float32) int {
	b := e.buf
	at, end := b.Begin(line), b.End(line)
	for at < end {
		next := b.next(at)
		if (e.x(line, at)+e.x(line, next))/2 > x {
			break
		}
		at = next
	}
	return at
}

// MinSize is that of all of the text.
func (p *page) MinSize() fyne.Size {
	e := p.e
	if e.cell.Height == 0 {
		e.measure()
	}
	longest := 0
	for line := range e.buf.Lines() {
		longest = max(longest, e.buf.End(line)-e.buf.Begin(line))
	}
	return fyne.NewSize(e.gutter()+float32(longest+4)*e.cell.Width, float32(e.buf.Lines()+1)*e.cell.Height)
}

// CreateRenderer implements fyne.Widget.
func (p *page) CreateRenderer() fyne.WidgetRenderer {
	r := &pageRenderer{p: p, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil), caret: canvas.NewRectangle(nil)}
	r.Refresh()
	return r
}

type pageRenderer struct {
	p                 *page
	back, line, caret *canvas.Rectangle
	boxes             []*canvas.Rectangle // selection and marks
	texts             []*canvas.Text
	objects           []fyne.CanvasObject
}

func (r *pageRenderer) Destroy()                     {}
func (r *pageRenderer) MinSize() fyne.Size           { return r.p.MinSize() }
func (r *pageRenderer) Layout(fyne.Size)             { r.Refresh() }
func (r *pageRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *pageRenderer) Refresh() {
	e := r.p.e
	if e.cell.Height == 0 {
		return
	}
	h, view, off := e.cell.Height, e.scroll.Size(), e.scroll.Offset
	from := max(int(off.Y/h), 0)
	to := min(from+int(view.Height/h)+2, e.buf.Lines())
	r.objects = append(r.objects[:0], r.back, r.line)
	r.back.FillColor = theme.Color(palette.ColorStage)
	place(r.back, off, view)
	now := e.buf.LineOf(e.buf.Caret)
	r.line.FillColor = theme.Color(theme.ColorNameHover)
	place(r.line, fyne.NewPos(off.X, float32(now)*h), fyne.NewSize(view.Width, h))

	boxes, texts := 0, 0
	box := func(x, y, w, h float32, c color.Color) {
		if boxes == len(r.boxes) {
			r.boxes = append(r.boxes, canvas.NewRectangle(nil))
		}
		r.boxes[boxes].FillColor = c
		place(r.boxes[boxes], fyne.NewPos(x, y), fyne.NewSize(w, h))
		r.objects = append(r.objects, r.boxes[boxes])
		boxes++
	}
	text := func(s string, x, y float32, c color.Color, bold bool) {
		if texts == len(r.texts) {
			r.texts = append(r.texts, canvas.NewText("", nil))
		}
		t := r.texts[texts]
		if t.Text != s || t.Color != c || t.TextSize != theme.TextSize() {
			t.Text, t.Color, t.TextSize, t.TextStyle = s, c, theme.TextSize(), mono
			t.Refresh()
		}
		place(t, fyne.NewPos(x, y+1), fyne.NewSize(e.width(s), h-2))
		r.objects = append(r.objects, t)
		texts++
	}
	r.selection(from, to, box)
	wrong := r.marks(from, to, box)
	for line := from; line < to; line++ {
		y := float32(line) * h
		for i := e.first[line]; i < len(e.spans) && e.spans[i].From < e.buf.End(line); i++ {
			s := e.spans[i]
			text(strings.ReplaceAll(e.buf.text[s.From:s.To], "\t", " "), e.gutter()+e.x(line, s.From), y, classColor(s.Class), false)
		}
		c := theme.Color(palette.ColorMuted)
		if name, ok := wrong[line]; ok {
			c = theme.Color(name)
		}
		number := strconv.Itoa(line + 1)
		text(number, e.gutter()-float32(len(number)+1)*e.cell.Width, y, c, false)
	}
	r.caret.FillColor = theme.Color(theme.ColorNameForeground)
	r.caret.Hidden = !r.p.focused
	place(r.caret, fyne.NewPos(e.gutter()+e.x(now, e.buf.Caret)-1, float32(now)*h), fyne.NewSize(2, h))
	r.objects = append(r.objects, r.caret)
	canvas.Refresh(r.p)
}

func place(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
	if o.Position() != at {
		o.Move(at)
	}
	if o.Size() != size {
		o.Resize(size)
	}
}

// selection draws what is selected in some lines.
func (r *pageRenderer) selection(from, to int, box func(x, y, w, h float32, c color.Color)) {
	e := r.p.e
	a, b := e.buf.Selection()
	if a == b {
		return
	}
	for line := max(from, e.buf.LineOf(a)); line < min(to, e.buf.LineOf(b)+1); line++ {
		left, right := max(a, e.buf.Begin(line)), min(b, e.buf.End(line))
		x, w := e.x(line, left), e.x(line, right)-e.x(line, left)
		if b > e.buf.End(line) {
			w += e.cell.Width // the line break
		}
		box(e.gutter()+x, float32(line)*e.cell.Height, w, e.cell.Height, theme.Color(theme.ColorNameSelection))
	}
}

// marks draws the mistakes of some lines, and tells which lines have some.
func (r *pageRenderer) marks(from, to int, box func(x, y, w, h float32, c color.Color)) map[int]fyne.ThemeColorName {
	e := r.p.e
	lines := map[int]fyne.ThemeColorName{}
	for _, m := range e.marks {
		line := e.buf.LineOf(m.From)
		if line < from || line >= to {
			continue
		}
		name := theme.ColorNameError
		if m.Warning {
			name = theme.ColorNameWarning
		}
		if lines[line] != theme.ColorNameError {
			lines[line] = name
		}
		x := e.x(line, m.From)
		w := max(e.x(line, min(m.To, e.buf.End(line)))-x, e.cell.Width)
		box(e.gutter()+x, float32(line+1)*e.cell.Height-3, w, 2, theme.Color(name))
		box(0, float32(line)*e.cell.Height, 3, e.cell.Height, theme.Color(name))
	}
	return lines
}

func classColor(c yamltree.Class) color.Color {
	switch c {
	case yamltree.Key:
		return theme.Color(palette.ColorCodeKey)
	case yamltree.Number:
		return theme.Color(palette.ColorCodeNumber)
	case yamltree.Quoted:
		return theme.Color(palette.ColorCodeQuoted)
	case yamltree.Comment, yamltree.Mark:
		return theme.Color(palette.ColorMuted)
	}
	return theme.Color(theme.ColorNameForeground)
}
