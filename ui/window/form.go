package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// NewForm makes a form that scrolls. The toolkit's text fields take the wheel for
// themselves and do nothing with it; here it scrolls the form.
func NewForm(content fyne.CanvasObject) *container.Scroll {
	w := &wheel{}
	w.ExtendBaseWidget(w)
	w.form = container.NewVScroll(container.NewStack(content, w))
	return w.form
}

// wheel lies over a form and takes nothing but the wheel.
type wheel struct {
	widget.BaseWidget
	form *container.Scroll
}

var _ fyne.Scrollable = (*wheel)(nil)

// Scrolled implements fyne.Scrollable.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) { w.form.Scrolled(e) }

// CreateRenderer implements fyne.Widget.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
