package editor

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/palette"
)

// list is the suggestions at the caret. The keys stay with the text.
type list struct {
	widget.BaseWidget
	e     *Editor
	from  int // byte that they replace the text from
	all   []Suggestion
	at    int // chosen
	first int // in view
}

const (
	listRows  = 8
	listWidth = 30 // characters
	docWidth  = 46
)

func newList(e *Editor) *list {
	l := &list{e: e}
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

func (l *list) shown() bool { return l.Visible() }

func (l *list) hide() {
	if l.Visible() {
		l.Hide()
	}
}

// suggest shows what can stand at the caret; if it was not asked for, only behind a
// word that has begun, or where a value is missing.
func (e *Editor) suggest(asked bool) {
	e.list.hide()
	if e.Complete == nil {
		return
	}
	b := e.buf
	before := b.text[b.Begin(b.LineOf(b.Caret)):b.Caret]
	if !asked && (before == "" || before[len(before)-1] == ' ' && (len(before) < 2 || before[len(before)-2] != ':' && before[len(before)-2] != '-')) {
		return
	}
	from, all := e.Complete(b.text, b.Caret)
	if len(all) == 0 {
		return
	}
	l := e.list
	l.from, l.all, l.at, l.first = from, all, 0, 0
	l.Show()
	l.lay()
	l.Refresh()
}

// lay places the list below the caret, or above it where there is no room.
func (l *list) lay() {
	e := l.e
	line := e.buf.LineOf(e.buf.Caret)
	size := l.MinSize()
	at := fyne.NewPos(e.gutter()+e.x(line, l.from)-e.scroll.Offset.X, float32(line+1)*e.cell.Height-e.scroll.Offset.Y+2)
	if room := e.Size(); at.Y+size.Height > room.Height {
		if above := at.Y - e.cell.Height - size.Height - 4; above >= 0 || above > room.Height-at.Y-size.Height {
			at.Y = max(above, 0)
		}
	}
	at.X = max(0, min(at.X, e.Size().Width-size.Width))
	l.Move(at)
	l.Resize(size)
}

// key uses a key; false: it is for the text.
func (l *list) key(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyUp:
		l.choose(l.at - 1)
	case fyne.KeyDown:
		l.choose(l.at + 1)
	case fyne.KeyPageUp:
		l.choose(max(0, l.at-listRows))
	case fyne.KeyPageDown:
		l.choose(min(len(l.all)-1, l.at+listRows))
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyTab:
		l.accept(l.at)
	case fyne.KeyEscape:
		l.hide()
	default:
		return false
	}
	return true
}

func (l *list) choose(i int) {
	l.at = (i + len(l.all)) % len(l.all)
	l.first = min(max(l.first, l.at-listRows+1), l.at)
	l.Refresh()
}

func (l *list) accept(i int) {
	e := l.e
	l.hide()
	e.buf.Replace(l.from, e.buf.Caret, l.all[i].Text)
	e.changed()
	e.suggest(false)
}

// Tapped implements fyne.Tappable.
func (l *list) Tapped(t *fyne.PointEvent) {
	if i := l.first + int(t.Position.Y/l.e.cell.Height); i < min(l.first+listRows, len(l.all)) {
		l.accept(i)
	}
}

// Scrolled implements fyne.Scrollable.
func (l *list) Scrolled(s *fyne.ScrollEvent) {
	by := 1
	if s.Scrolled.DY > 0 {
		by = -1
	}
	l.choose(min(max(l.at+by, 0), len(l.all)-1))
}

// CreateRenderer implements fyne.Widget.
func (l *list) CreateRenderer() fyne.WidgetRenderer {
	r := &listRenderer{l: l, back: canvas.NewRectangle(nil), at: canvas.NewRectangle(nil), doc: widget.NewLabel("")}
	r.doc.Wrapping, r.doc.SizeName, r.doc.Importance = fyne.TextWrapWord, theme.SizeNameCaptionText, widget.LowImportance
	r.back.CornerRadius = 6
	r.back.StrokeWidth = 1
	for range listRows {
		r.names = append(r.names, canvas.NewText("", nil))
		r.details = append(r.details, canvas.NewText("", nil))
	}
	r.Refresh()
	return r
}

type listRenderer struct {
	l              *list
	back, at       *canvas.Rectangle
	names, details []*canvas.Text
	doc            *widget.Label
	objects        []fyne.CanvasObject
}

func (r *listRenderer) Destroy()                     {}
func (r *listRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *listRenderer) Layout(fyne.Size)             { r.place() }

func (r *listRenderer) MinSize() fyne.Size {
	cell := r.l.e.cell
	return fyne.NewSize(docWidth*cell.Width, float32(min(len(r.l.all), listRows)+3)*cell.Height)
}

func (r *listRenderer) Refresh() {
	r.place()
	canvas.Refresh(r.l)
}

func (r *listRenderer) place() {
	l, cell := r.l, r.l.e.cell
	r.objects = append(r.objects[:0], r.back, r.at)
	r.back.FillColor, r.back.StrokeColor = theme.Color(theme.ColorNameMenuBackground), theme.Color(theme.ColorNameSeparator)
	place(r.back, fyne.Position{}, l.Size())
	r.at.FillColor = theme.Color(theme.ColorNameSelection)
	place(r.at, fyne.NewPos(2, float32(l.at-l.first)*cell.Height+1), fyne.NewSize(l.Size().Width-4, cell.Height-1))
	shown := min(listRows, len(l.all)-l.first)
	for i := range max(shown, 0) {
		s := l.all[l.first+i]
		y := float32(i)*cell.Height + 1
		name, detail := r.names[i], r.details[i]
		name.Text, name.Color, name.TextSize, name.TextStyle = s.Text, theme.Color(theme.ColorNameForeground), theme.TextSize(), mono
		detail.Text, detail.Color, detail.TextSize = s.Detail, theme.Color(palette.ColorMuted), theme.CaptionTextSize()
		detail.Alignment = fyne.TextAlignTrailing
		place(name, fyne.NewPos(cell.Width, y), fyne.NewSize(listWidth*cell.Width, cell.Height-2))
		place(detail, fyne.NewPos(0, y), fyne.NewSize(l.Size().Width-cell.Width, cell.Height-2))
		if l.e.width(s.Text)+fyne.MeasureText(s.Detail, detail.TextSize, fyne.TextStyle{}).Width+3*cell.Width > l.Size().Width {
			detail.Text = ""
		}
		name.Refresh()
		detail.Refresh()
		r.objects = append(r.objects, name, detail)
	}
	if l.at < len(l.all) {
		r.doc.SetText(l.all[l.at].Doc)
	}
	place(r.doc, fyne.NewPos(0, float32(max(shown, 0))*cell.Height), fyne.NewSize(l.Size().Width, 3*cell.Height))
	r.objects = append(r.objects, r.doc)
}
