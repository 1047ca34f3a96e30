package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/keyed"
)

// card is a surface that can be tapped anywhere, and by the keyboard.
type card struct {
	widget.BaseWidget
	content fyne.CanvasObject
	onTap   func()
	over    bool
	focused bool
}

var (
	_ fyne.Tappable      = (*card)(nil)
	_ fyne.Focusable     = (*card)(nil)
	_ desktop.Hoverable  = (*card)(nil)
	_ desktop.Cursorable = (*card)(nil)
)

func newCard(content fyne.CanvasObject, onTap func()) *card {
	c := &card{content: content, onTap: onTap}
	c.ExtendBaseWidget(c)
	return c
}

func (c *card) Tapped(*fyne.PointEvent)        { c.onTap() }
func (c *card) MouseIn(*desktop.MouseEvent)    { c.over = true; c.Refresh() }
func (c *card) MouseMoved(*desktop.MouseEvent) {}
func (c *card) MouseOut()                      { c.over = false; c.Refresh() }
func (c *card) Cursor() desktop.Cursor         { return desktop.PointerCursor }
func (c *card) FocusGained()                   { c.focused = true; c.Refresh() }
func (c *card) FocusLost()                     { c.focused = false; c.Refresh() }

func (c *card) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace {
		c.onTap()
		return
	}
	keyed.PassKey(c, e)
}

// TypedRune is for the toolkit.
func (c *card) TypedRune(r rune) {
	if r != ' ' {
		keyed.PassRune(c, r)
	}
}

func (c *card) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius, back.StrokeWidth = 8, 1
	r := &cardRenderer{c: c, back: back, box: container.NewStack(back, container.NewPadded(c.content))}
	r.Refresh()
	return r
}

type cardRenderer struct {
	c    *card
	back *canvas.Rectangle
	box  *fyne.Container
}

func (r *cardRenderer) MinSize() fyne.Size           { return r.box.MinSize() }
func (r *cardRenderer) Layout(s fyne.Size)           { r.box.Resize(s) }
func (r *cardRenderer) Destroy()                     {}
func (r *cardRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box} }

func (r *cardRenderer) Refresh() {
	th, v := r.c.Theme(), fyne.CurrentApp().Settings().ThemeVariant()
	r.back.FillColor = th.Color(theme.ColorNameInputBackground, v)
	r.back.StrokeColor = th.Color(theme.ColorNameSeparator, v)
	if r.c.over || r.c.focused {
		r.back.FillColor = th.Color(theme.ColorNameHover, v)
		r.back.StrokeColor = th.Color(theme.ColorNamePrimary, v)
	}
	r.back.Refresh()
}
