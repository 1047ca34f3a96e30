package window

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/keyed"
)

// Card is a surface that can be tapped anywhere, and by the keyboard.
type Card struct {
	widget.BaseWidget
	content fyne.CanvasObject
	onTap   func()
	over    bool
	focused bool
}

var (
	_ fyne.Tappable      = (*Card)(nil)
	_ fyne.Focusable     = (*Card)(nil)
	_ desktop.Hoverable  = (*Card)(nil)
	_ desktop.Cursorable = (*Card)(nil)
)

func NewCard(content fyne.CanvasObject, onTap func()) *Card {
	c := &Card{content: content, onTap: onTap}
	c.ExtendBaseWidget(c)
	return c
}

func (c *Card) Tapped(*fyne.PointEvent)        { c.onTap() }
func (c *Card) MouseIn(*desktop.MouseEvent)    { c.over = true; c.Refresh() }
func (c *Card) MouseMoved(*desktop.MouseEvent) {}
func (c *Card) MouseOut()                      { c.over = false; c.Refresh() }
func (c *Card) Cursor() desktop.Cursor         { return desktop.PointerCursor }
func (c *Card) FocusGained()                   { c.focused = true; c.Refresh() }
func (c *Card) FocusLost()                     { c.focused = false; c.Refresh() }

// AccessibilityLabel implements fyne.Accessible: the texts on the card.
func (c *Card) AccessibilityLabel() string { return strings.Join(labelsIn(c.content), ", ") }

// AccessibilityRole implements fyne.Accessible.
func (c *Card) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func labelsIn(o fyne.CanvasObject) (all []string) {
	switch o := o.(type) {
	case *widget.Label:
		return []string{o.Text}
	case *fyne.Container:
		for _, c := range o.Objects {
			all = append(all, labelsIn(c)...)
		}
	}
	return all
}

func (c *Card) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter || e.Name == fyne.KeySpace {
		c.onTap()
		return
	}
	keyed.PassKey(c, e)
}

// TypedRune implements fyne.Focusable.
func (c *Card) TypedRune(r rune) {
	if r != ' ' {
		keyed.PassRune(c, r)
	}
}

func (c *Card) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius, back.StrokeWidth = 8, 1
	r := &cardRenderer{c: c, back: back, box: container.NewStack(back, container.NewPadded(c.content))}
	r.Refresh()
	return r
}

type cardRenderer struct {
	c    *Card
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

// ScenarioCardSize is the size of a ScenarioCard.
func ScenarioCardSize() fyne.Size { return WithText(360, 104) }

// WithText is the size of what is so large at the usual size of text, at the one in use.
func WithText(w, h float32) fyne.Size {
	const usual = 14 // theme.TextSize where nothing was chosen
	by := theme.TextSize() / usual
	return fyne.NewSize(w*by, h*by)
}

// ScenarioCard is a scenario that can be opened by a tap anywhere on it.
func ScenarioCard(title, name string, open func(string)) *Card {
	text := widget.NewLabel(title)
	text.Wrapping = fyne.TextWrapWord
	where := widget.NewLabel(name)
	where.SizeName, where.Importance, where.Truncation = theme.SizeNameCaptionText, widget.LowImportance, fyne.TextTruncateEllipsis
	return NewCard(container.NewBorder(nil, where, nil, nil, text), func() { open(name) })
}
