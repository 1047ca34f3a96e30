package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios/yamltree"
)

// Suggestion is something that can be put where the caret stands.
type Suggestion struct {
	Text   string
	Detail string // what kind of value it takes, or is
	Doc    string // one line
}

// Mark is a piece of the text with a mistake, or a warning.
type Mark struct {
	From, To int // bytes
	Warning  bool
}

// Editor is a text that can be edited.
type Editor struct {
	widget.BaseWidget
	OnChange func() // the text has changed
	OnMove   func() // the caret has moved, or the text has changed
	// Complete lists what can stand at a place, and where what it replaces begins.
	Complete func(text string, at int) (from int, all []Suggestion)

	buf    *Buffer
	spans  []yamltree.Span
	first  []int // of each line: its first span
	marks  []Mark
	page   *page
	scroll *container.Scroll
	list   *list
	column float32 // the caret's, before it moved by lines; < 0: where it is
	shift  bool
	cell   fyne.Size // of a character of a text in ASCII
}

// New returns an editor of a text.
func New(b *Buffer) *Editor {
	e := &Editor{column: -1}
	e.page = &page{e: e}
	e.page.ExtendBaseWidget(e.page)
	e.scroll = container.NewScroll(e.page)
	e.scroll.OnScrolled = func(fyne.Position) {
		e.page.Refresh()
		if e.list.shown() {
			e.list.lay()
		}
	}
	e.list = newList(e)
	e.ExtendBaseWidget(e)
	e.SetBuffer(b)
	return e
}

// SetBuffer edits another text.
func (e *Editor) SetBuffer(b *Buffer) {
	e.buf, e.marks = b, nil
	e.list.hide()
	e.scan()
	e.scroll.Offset = fyne.Position{}
	e.page.Resize(e.page.MinSize().Max(e.scroll.Size()))
	e.draw()
}

// Buffer is the text with its caret.
func (e *Editor) Buffer() *Buffer { return e.buf }

// SetMarks marks mistakes.
func (e *Editor) SetMarks(marks []Mark) {
	e.marks = marks
	e.page.Refresh()
}

// Suggest shows what can stand at the caret.
func (e *Editor) Suggest() { e.suggest(true) }

// Focused is what takes the keys.
func (e *Editor) Focused() fyne.Focusable { return e.page }

// Replace puts a text in the place of another, as an edit that can be undone.
func (e *Editor) Replace(from, to int, text string) {
	e.buf.Replace(from, to, text)
	e.changed()
}

// GoTo puts the caret to a place and shows it.
func (e *Editor) GoTo(at int) {
	e.buf.Move(at, false)
	e.moved()
}

// changed shows the text anew.
func (e *Editor) changed() {
	e.scan()
	e.column = -1
	e.marks = nil // their places are no longer true
	e.draw()
	e.reveal()
	if e.OnChange != nil {
		e.OnChange()
	}
	if e.OnMove != nil {
		e.OnMove()
	}
}

func (e *Editor) moved() {
	e.column = -1
	e.list.hide()
	e.draw()
	e.reveal()
	if e.OnMove != nil {
		e.OnMove()
	}
}

func (e *Editor) scan() {
	e.spans = yamltree.Spans(e.buf.text)
	e.first = e.first[:0]
	i := 0
	for line := range e.buf.Lines() {
		for begin := e.buf.Begin(line); i < len(e.spans) && e.spans[i].From < begin; i++ {
		}
		e.first = append(e.first, i)
	}
}

// draw shows the text, and gives it the room that it needs now.
func (e *Editor) draw() {
	if size := e.page.MinSize().Max(e.scroll.Size()); size != e.page.Size() {
		e.scroll.Refresh()
	}
	e.page.Refresh()
}

// rows is how many lines are in view.
func (e *Editor) rows() int { return max(1, int(e.scroll.Size().Height/e.cell.Height)-1) }

// reveal scrolls to the caret.
func (e *Editor) reveal() {
	if e.cell.Height == 0 || e.scroll.Size().Height == 0 {
		return
	}
	line := e.buf.LineOf(e.buf.Caret)
	at := fyne.NewPos(e.gutter()+e.x(line, e.buf.Caret), float32(line)*e.cell.Height)
	off, view := e.scroll.Offset, e.scroll.Size()
	off.Y = min(max(off.Y, at.Y+2*e.cell.Height-view.Height), at.Y)
	off.X = max(off.X, at.X+4*e.cell.Width-view.Width)
	if left := at.X - e.gutter(); left < off.X {
		off.X = max(0, left-4*e.cell.Width)
	}
	if off != e.scroll.Offset {
		e.scroll.ScrollToOffset(off)
		e.page.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (e *Editor) CreateRenderer() fyne.WidgetRenderer {
	return &editorRenderer{e}
}

type editorRenderer struct{ e *Editor }

func (r *editorRenderer) Destroy()           {}
func (r *editorRenderer) MinSize() fyne.Size { return fyne.NewSize(200, 120) }
func (r *editorRenderer) Refresh() {
	r.e.measure()
	r.e.scroll.Refresh()
	r.e.page.Refresh()
	r.e.list.Refresh()
}
func (r *editorRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.e.scroll, r.e.list}
}
func (r *editorRenderer) Layout(size fyne.Size) {
	r.e.measure()
	r.e.scroll.Resize(size)
	r.e.page.Refresh()
	if r.e.list.shown() {
		r.e.list.lay()
	}
}

// measure is how large a character is.
func (e *Editor) measure() {
	const some = 100 // the toolkit rounds the width of a text
	probe := make([]byte, some)
	for i := range probe {
		probe[i] = 'm'
	}
	size := fyne.MeasureText(string(probe), theme.TextSize(), mono)
	e.cell = fyne.NewSize(size.Width/some, size.Height+2)
}

var mono = fyne.TextStyle{Monospace: true}

// MouseDown implements desktop.Mouseable.
func (p *page) MouseDown(m *desktop.MouseEvent) {
	e := p.e
	if c := fyne.CurrentApp().Driver().CanvasForObject(p); c != nil {
		c.Focus(p)
	}
	if m.Button == desktop.MouseButtonPrimary {
		e.list.hide()
		e.buf.Move(e.under(m.Position), m.Modifier&fyne.KeyModifierShift != 0)
		e.moved()
	}
}

// MouseUp implements desktop.Mouseable.
func (p *page) MouseUp(*desktop.MouseEvent) {}

// Dragged implements fyne.Draggable: it selects.
func (p *page) Dragged(d *fyne.DragEvent) {
	p.e.buf.Move(p.e.under(d.Position), true)
	p.e.moved()
}

// DragEnd implements fyne.Draggable.
func (p *page) DragEnd() {}

// DoubleTapped implements fyne.DoubleTappable: it selects a word.
func (p *page) DoubleTapped(t *fyne.PointEvent) {
	b := p.e.buf
	at := p.e.under(t.Position)
	b.Move(b.wordBegin(b.wordEnd(at)), false)
	b.Move(b.wordEnd(b.Caret), true)
	p.e.moved()
}

// Cursor implements desktop.Cursorable.
func (p *page) Cursor() desktop.Cursor { return desktop.TextCursor }

// FocusGained implements fyne.Focusable.
func (p *page) FocusGained() { p.focused = true; p.Refresh() }

// FocusLost implements fyne.Focusable.
func (p *page) FocusLost() { p.focused, p.e.shift = false, false; p.e.list.hide(); p.Refresh() }

// under is the place of the text under a point of the page.
func (e *Editor) under(at fyne.Position) int {
	if e.cell.Height == 0 {
		return 0
	}
	line := min(max(int(at.Y/e.cell.Height), 0), e.buf.Lines()-1)
	return e.near(line, at.X-e.gutter())
}
