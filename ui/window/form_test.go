package window

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"asynclab/ui/keyed"
)

// The wheel over a text field scrolls the form. What takes it there takes nothing else: a
// click reaches the field below.
func TestWheelOverAField(t *testing.T) {
	test.NewTempApp(t)
	box := container.NewVBox()
	var first *keyed.Entry
	for range 30 {
		e := keyed.NewEntry()
		if first == nil {
			first = e
		}
		box.Add(e)
	}
	form := NewForm(box)
	w := test.NewTempWindow(t, form)
	w.Resize(fyne.NewSize(300, 200))
	over := fyne.CurrentApp().Driver().AbsolutePositionForObject(first).AddXY(60, 10)
	test.Scroll(w.Canvas(), over, 0, -40)
	switch any(&wheel{}).(type) {
	case fyne.Tappable, fyne.SecondaryTappable, fyne.DoubleTappable, fyne.Focusable, fyne.Draggable, desktop.Mouseable, desktop.Hoverable, desktop.Cursorable:
		t.Error("it takes more than the wheel")
	}
	if form.Offset.Y != 40 {
		t.Errorf("the form is scrolled by %g", form.Offset.Y)
	}
}
