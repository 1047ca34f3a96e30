package eventlog

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/record"
	lamport "asynclab/sim/sequence"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// row is a line of the log: its time, a stripe in the colour of its group, and
// its text.
type row struct {
	widget.BaseWidget
	when, what *canvas.Text
	stripe     *canvas.Rectangle
	group      record.Group
}

func newRow() *row {
	r := &row{when: canvas.NewText("", nil), what: canvas.NewText("", nil), stripe: canvas.NewRectangle(nil)}
	r.when.Alignment = fyne.TextAlignTrailing
	r.ExtendBaseWidget(r)
	r.paint()
	return r
}

func (r *row) show(e *control.Entry, lanes []string, name func(node string) string) {
	r.when.Text = lamport.Clock(time.Duration(e.Time))
	r.what.Text = Say(e, name)
	if len(lanes) > 1 && e.Lane >= 0 && e.Lane < len(lanes) {
		r.what.Text = lanes[e.Lane] + ":  " + r.what.Text
	}
	r.group = e.Group()
	r.Refresh()
}

// Refresh redraws with the current colours.
func (r *row) Refresh() {
	r.paint()
	r.BaseWidget.Refresh()
}

func (r *row) paint() {
	size := theme.CaptionTextSize()
	r.when.TextSize, r.what.TextSize = size, size
	r.when.Color = theme.Color(palette.ColorMuted)
	r.what.Color = theme.Color(theme.ColorNameForeground)
	r.stripe.FillColor = theme.Color(palette.Stripe(r.group))
}

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer { return &rowRenderer{r} }

type rowRenderer struct{ row *row }

func (r *rowRenderer) Destroy() {}
func (r *rowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.row.when, r.row.stripe, r.row.what}
}
func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(200, rowHeight()) }

func (r *rowRenderer) Layout(size fyne.Size) {
	wide := fyne.MeasureText("00 min 00.000 s", theme.CaptionTextSize(), fyne.TextStyle{}).Width
	for _, o := range []fyne.CanvasObject{r.row.when, r.row.what} {
		o.Resize(fyne.NewSize(wide, size.Height))
	}
	r.row.when.Move(fyne.NewPos(2, 0))
	r.row.stripe.Resize(fyne.NewSize(3, size.Height))
	r.row.stripe.Move(fyne.NewPos(wide+8, 0))
	r.row.what.Move(fyne.NewPos(wide+17, 0))
	r.row.what.Resize(fyne.NewSize(max(size.Width-wide-17, 1), size.Height))
}

func (r *rowRenderer) Refresh() {
	r.Layout(r.row.Size())
	r.row.when.Refresh()
	r.row.what.Refresh()
	r.row.stripe.Refresh()
}
