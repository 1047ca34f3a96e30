package keyed

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

var space = &fyne.KeyEvent{Name: fyne.KeySpace}

// PassRune passes on to the canvas a character that a widget does not use.
func PassRune(o fyne.CanvasObject, r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// PassKey passes on to the canvas a key that a widget does not use.
func PassKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

func enter(e *fyne.KeyEvent) bool { return e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter }

// PassShortcut passes on to the canvas a shortcut that a widget does not use.
func PassShortcut(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// Entry is a line of text. Shortcuts of the window work in it, and Escape leaves it.
type Entry struct {
	widget.Entry
	Outer fyne.CanvasObject // what embeds it, or itself
}

// NewEntry makes a line of text.
func NewEntry() *Entry {
	e := &Entry{}
	e.Extend(e)
	return e
}

// Extend makes it part of a widget that embeds it.
func (e *Entry) Extend(outer fyne.Widget) {
	e.Outer = outer
	e.ExtendBaseWidget(outer)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*desktop.CustomShortcut); ok {
		PassShortcut(e.Outer, s)
	}
	e.Entry.TypedShortcut(s)
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		if c := fyne.CurrentApp().Driver().CanvasForObject(e.Outer); c != nil && c.Overlays().Top() == nil {
			c.Unfocus()
			return
		}
		PassKey(e.Outer, k)
	case fyne.KeyF11:
		PassKey(e.Outer, k)
	default:
		e.Entry.TypedKey(k)
	}
}

// Button is a button that is pressed by Space or Enter.
type Button struct {
	widget.Button
	Outer fyne.CanvasObject // what embeds it, or itself
}

// NewButton makes a button; icon may be nil.
func NewButton(text string, icon fyne.Resource, do func()) *Button {
	b := &Button{}
	b.Text, b.Icon, b.OnTapped = text, icon, do
	b.Extend(b)
	return b
}

// Extend makes it part of a widget that embeds it.
func (b *Button) Extend(outer fyne.Widget) {
	b.Outer = outer
	b.ExtendBaseWidget(outer)
}

// TypedRune implements fyne.Focusable.
func (b *Button) TypedRune(r rune) {
	if r != ' ' {
		PassRune(b.Outer, r)
	}
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(e *fyne.KeyEvent) {
	if enter(e) || e.Name == fyne.KeySpace {
		b.Button.TypedKey(space)
		return
	}
	PassKey(b.Outer, e)
}

// Check is a check box that is switched by Enter.
type Check struct{ widget.Check }

// NewCheck makes a check box.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{widget.Check{Text: label, OnChanged: changed}}
	c.ExtendBaseWidget(c)
	return c
}

// TypedRune implements fyne.Focusable.
func (c *Check) TypedRune(r rune) { PassRune(c, r) }

// TypedKey implements fyne.Focusable.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	if enter(e) {
		c.Check.TypedRune(' ')
		return
	}
	PassKey(c, e)
}

// Select is a choice that is opened by Enter, or the keys up and down.
type Select struct{ widget.Select }

// NewSelect makes a choice.
func NewSelect(options []string, changed func(string)) *Select {
	s := &Select{widget.Select{Options: options, OnChanged: changed}}
	s.ExtendBaseWidget(s)
	return s
}

// TypedRune implements fyne.Focusable.
func (s *Select) TypedRune(r rune) { PassRune(s, r) }

// TypedKey implements fyne.Focusable.
func (s *Select) TypedKey(e *fyne.KeyEvent) {
	switch {
	case enter(e):
		s.Select.TypedKey(space)
	case e.Name == fyne.KeyUp, e.Name == fyne.KeyDown:
		s.Select.TypedKey(e)
	default:
		PassKey(s, e)
	}
}

// Slider is a slider that is moved by the keys left and right.
type Slider struct{ widget.Slider }

// NewSlider makes a slider.
func NewSlider(low, high float64) *Slider {
	s := &Slider{widget.Slider{Min: low, Max: high, Step: 1}}
	s.ExtendBaseWidget(s)
	return s
}

// TypedRune implements fyne.Focusable.
func (s *Slider) TypedRune(r rune) { PassRune(s, r) }

// TypedKey implements fyne.Focusable.
func (s *Slider) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight {
		s.Slider.TypedKey(e)
		return
	}
	PassKey(s, e)
}

// List is a list whose current line is picked by Enter.
type List struct{ widget.List }

// NewList makes a list.
func NewList(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject)) *List {
	l := &List{widget.List{Length: length, CreateItem: create, UpdateItem: update}}
	l.ExtendBaseWidget(l)
	return l
}

// TypedRune implements fyne.Focusable.
func (l *List) TypedRune(r rune) { PassRune(l, r) }

// TypedKey implements fyne.Focusable.
func (l *List) TypedKey(e *fyne.KeyEvent) {
	switch {
	case enter(e):
		l.List.TypedKey(space)
	case e.Name == fyne.KeyUp, e.Name == fyne.KeyDown:
		l.List.TypedKey(e)
	default:
		PassKey(l, e)
	}
}

// Table is a table whose current line is picked by Enter.
type Table struct{ widget.Table }

// NewTable makes a table.
func NewTable(length func() (rows, columns int), create func() fyne.CanvasObject, update func(widget.TableCellID, fyne.CanvasObject)) *Table {
	t := &Table{widget.Table{Length: length, CreateCell: create, UpdateCell: update}}
	t.ExtendBaseWidget(t)
	return t
}

// TypedRune implements fyne.Focusable.
func (t *Table) TypedRune(r rune) { PassRune(t, r) }

// TypedKey implements fyne.Focusable.
func (t *Table) TypedKey(e *fyne.KeyEvent) {
	switch {
	case enter(e):
		t.Table.TypedKey(space)
	case e.Name == fyne.KeyUp, e.Name == fyne.KeyDown, e.Name == fyne.KeyLeft, e.Name == fyne.KeyRight:
		t.Table.TypedKey(e)
	default:
		PassKey(t, e)
	}
}
