package window

import (
	"cmp"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/keyed"
)

// pointed shows a hint while the pointer rests on a widget.
type pointed struct {
	Text  string
	timer *time.Timer
	shown *hint
}

const (
	hintAfter = 500 * time.Millisecond
	hintCheck = 300 * time.Millisecond
	hintWidth = 360 // pixels; a longer text has more lines
)

func (p *pointed) in(o fyne.CanvasObject) {
	p.out()
	p.timer = time.AfterFunc(hintAfter, func() { fyne.Do(func() { p.show(o) }) })
}

func (p *pointed) show(o fyne.CanvasObject) {
	if p.timer == nil || p.shown != nil || p.Text == "" {
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil || layers[c] == nil {
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	p.shown = layers[c].show(p.Text, at, o.Size(), c.Size())
	p.watch(o, at)
}

// watch removes the hint when its widget is no longer where it was: a widget that
// is hidden or replaced under the pointer is not told that the pointer has left.
func (p *pointed) watch(o fyne.CanvasObject, at fyne.Position) {
	p.timer = time.AfterFunc(hintCheck, func() {
		fyne.Do(func() {
			switch {
			case p.shown == nil:
			case fyne.CurrentApp().Driver().AbsolutePositionForObject(o) != at || !o.Visible():
				p.out()
			default:
				p.watch(o, at)
			}
		})
	})
}

func (p *pointed) out() {
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	if p.shown != nil {
		p.shown.layer.remove(p.shown)
		p.shown = nil
	}
}

// Button is a button with a picture only: a hint, shown while the pointer rests
// on it, describes its action.
type Button struct {
	keyed.Button
	Pointed pointed
}

var _ desktop.Hoverable = (*Button)(nil)

// AccessibilityLabel implements fyne.Accessible: its text, or its hint where it has only
// an icon.
func (b *Button) AccessibilityLabel() string { return cmp.Or(b.Text, b.Pointed.Text) }

func NewButton(icon fyne.Resource, text string, do func()) *Button {
	b := &Button{Pointed: pointed{Text: text}}
	b.Icon, b.OnTapped = icon, do
	b.Extend(b)
	return b
}

func (b *Button) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.Pointed.in(b)
}

func (b *Button) MouseMoved(e *desktop.MouseEvent) { b.Button.MouseMoved(e) }

func (b *Button) MouseOut() {
	b.Button.MouseOut()
	b.Pointed.out()
}

func (b *Button) Tapped(e *fyne.PointEvent) {
	b.Pointed.out()
	b.Button.Tapped(e)
}

// Label is a label with a hint, shown while the pointer rests on it.
type Label struct {
	widget.Label
	Pointed pointed
}

var _ desktop.Hoverable = (*Label)(nil)

func NewLabel(text, doc string) *Label {
	l := &Label{Pointed: pointed{Text: doc}}
	l.Text = text
	l.Truncation = fyne.TextTruncateEllipsis
	l.ExtendBaseWidget(l)
	return l
}

func (l *Label) MouseIn(*desktop.MouseEvent)    { l.Pointed.in(l) }
func (l *Label) MouseMoved(*desktop.MouseEvent) {}
func (l *Label) MouseOut()                      { l.Pointed.out() }

// hintLayer lies above everything in a window and holds the hints. It receives
// no events, unlike an overlay of the canvas.
type hintLayer struct {
	widget.BaseWidget
	hints []*hint
}

type hint struct {
	layer *hintLayer
	back  *canvas.Rectangle
	lines []*canvas.Text
}

var layers = map[fyne.Canvas]*hintLayer{} // by window; use on the window's goroutine only

func newHintLayer(c fyne.Canvas) *hintLayer {
	l := &hintLayer{}
	l.ExtendBaseWidget(l)
	layers[c] = l
	return l
}

func (l *hintLayer) show(text string, at fyne.Position, of, canvasSize fyne.Size) *hint {
	v := fyne.CurrentApp().Settings().ThemeVariant()
	th := l.Theme()
	h := &hint{layer: l, back: canvas.NewRectangle(th.Color(theme.ColorNameForeground, v))}
	h.back.CornerRadius = 4
	size := fyne.Size{}
	font := th.Size(theme.SizeNameCaptionText)
	for _, line := range linesOf(text, font, min(hintWidth, canvasSize.Width-20)) {
		t := canvas.NewText(line, th.Color(theme.ColorNameBackground, v))
		t.TextSize = font
		m := t.MinSize()
		t.Move(fyne.NewPos(0, size.Height))
		t.Resize(m)
		size.Width, size.Height = max(size.Width, m.Width), size.Height+m.Height
		h.lines = append(h.lines, t)
	}
	x := max(min(max(at.X+of.Width/2-size.Width/2, 6), canvasSize.Width-size.Width-8), 6)
	y := at.Y - size.Height - 8
	if y < 2 {
		y = at.Y + of.Height + 4
	}
	h.back.Move(fyne.NewPos(x-6, y-2))
	h.back.Resize(size.AddWidthHeight(12, 6))
	for _, t := range h.lines {
		t.Move(t.Position().AddXY(x, y))
	}
	l.hints = append(l.hints, h)
	l.Refresh()
	return h
}

// linesOf breaks a text into lines of a width, at spaces; where there are none, as in
// Chinese, anywhere.
func linesOf(text string, font, width float32) (lines []string) {
	fits := func(s string) bool { return fyne.MeasureText(s, font, fyne.TextStyle{}).Width <= width }
	rest := []rune(text)
	for len(rest) > 0 {
		n, space := 0, 0
		for n < len(rest) && fits(string(rest[:n+1])) {
			n++
			if n < len(rest) && rest[n] == ' ' {
				space = n
			}
		}
		if n < len(rest) && space > 0 {
			n = space
		}
		n = max(n, 1)
		lines = append(lines, string(rest[:n]))
		for rest = rest[n:]; len(rest) > 0 && rest[0] == ' '; {
			rest = rest[1:]
		}
	}
	return lines
}

func (l *hintLayer) remove(h *hint) {
	for i, x := range l.hints {
		if x == h {
			l.hints = append(l.hints[:i], l.hints[i+1:]...)
			break
		}
	}
	l.Refresh()
}

func (l *hintLayer) CreateRenderer() fyne.WidgetRenderer { return &hintRenderer{l} }

type hintRenderer struct{ l *hintLayer }

func (r *hintRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *hintRenderer) Layout(fyne.Size)   {}
func (r *hintRenderer) Destroy()           {}
func (r *hintRenderer) Refresh()           { canvas.Refresh(r.l) }
func (r *hintRenderer) Objects() []fyne.CanvasObject {
	var o []fyne.CanvasObject
	for _, h := range r.l.hints {
		o = append(o, h.back)
		for _, t := range h.lines {
			o = append(o, t)
		}
	}
	return o
}

// Hints are the lines of the hints that are shown now.
func (w *Window) Hints() (lines []string) {
	for _, h := range w.hints.hints {
		for _, t := range h.lines {
			lines = append(lines, t.Text)
		}
	}
	return lines
}
