package keyed

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// After a click on any of these, the keys of the window work as before, and Enter
// does what Space does in the toolkit's.
func TestKeysPass(t *testing.T) {
	did := 0
	check := NewCheck("", func(bool) { did++ })
	slider := NewSlider(0, 10)
	slider.OnChanged = func(float64) { did++ }
	choice := NewSelect([]string{"a", "b"}, func(string) { did++ })
	list := NewList(func() int { return 3 }, func() fyne.CanvasObject { return widget.NewLabel("") }, func(int, fyne.CanvasObject) {})
	list.OnSelected = func(int) { did++ }
	table := NewTable(func() (int, int) { return 3, 3 }, func() fyne.CanvasObject { return widget.NewLabel("") }, func(widget.TableCellID, fyne.CanvasObject) {})
	table.OnSelected = func(widget.TableCellID) { did++ }

	for name, c := range map[string]struct {
		widget fyne.Focusable
		own    fyne.KeyName // does something
	}{
		"check": {check, fyne.KeyReturn}, "slider": {slider, fyne.KeyRight}, "list": {list, fyne.KeyReturn}, "table": {table, fyne.KeyEnter}, "select": {choice, ""},
	} {
		t.Run(name, func(t *testing.T) {
			test.NewTempApp(t)
			w := test.NewTempWindow(t, c.widget.(fyne.CanvasObject))
			w.Resize(fyne.NewSize(300, 200))
			var runes []rune
			var keys []fyne.KeyName
			w.Canvas().SetOnTypedRune(func(r rune) { runes = append(runes, r) })
			w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
			w.Canvas().Focus(c.widget)
			did = 0
			c.widget.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) // as the driver does, both
			c.widget.TypedRune(' ')
			c.widget.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
			if did != 0 || string(runes) != " " || len(keys) != 2 || keys[1] != fyne.KeyHome {
				t.Errorf("Space and Home did %d things, and %q and %v were passed on", did, string(runes), keys)
			}
			if c.own == "" {
				c.widget.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
				if w.Canvas().Overlays().Top() == nil {
					t.Error("Enter does not open it")
				}
				return
			}
			c.widget.TypedKey(&fyne.KeyEvent{Name: c.own})
			if did != 1 || len(keys) != 2 {
				t.Errorf("%s did %d things, and %v were passed on", c.own, did, keys)
			}
		})
	}
}

// In a line of text F11 works, and Escape leaves it.
func TestEntryPasses(t *testing.T) {
	test.NewTempApp(t)
	e := NewEntry()
	w := test.NewTempWindow(t, e)
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	w.Canvas().Focus(e)
	test.Type(e, "a b")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF11})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if e.Text != "a b" || len(keys) != 1 || e.CursorColumn != 0 {
		t.Errorf("the text is %q, %v were passed on", e.Text, keys)
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Focused() != nil {
		t.Error("Escape does not leave it")
	}
}
