package comparison

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	colours "asynclab/ui/look"
)

const (
	padding = 8  // left and right of a text, in the toolkit's pixels
	indent  = 10 // of metrics below their element
)

// look is how a cell looks. Lane is the design whose colour underlines it, or -1.
type look struct {
	text                      string
	left, bold, faint, indent bool
	lane                      int
}

// cell is a text in a table.
type cell struct {
	widget.BaseWidget
	look look
	text *canvas.Text
	line *canvas.Rectangle
}

func newCell() *cell {
	c := &cell{text: canvas.NewText("", nil), line: canvas.NewRectangle(nil)}
	c.look.lane = -1
	c.ExtendBaseWidget(c)
	c.paint()
	return c
}

func (c *cell) show(l look) {
	if c.look == l {
		return
	}
	c.look = l
	c.Refresh()
}

// Refresh draws with the colours of now.
func (c *cell) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

var lanes = [...]fyne.ThemeColorName{colours.ColorLane1, colours.ColorLane2, colours.ColorLane3, colours.ColorLane4}

func (c *cell) paint() {
	t := c.text
	t.Text, t.TextSize, t.TextStyle.Bold = c.look.text, theme.CaptionTextSize(), c.look.bold
	t.Color = theme.Color(theme.ColorNameForeground)
	if c.look.faint {
		t.Color = theme.Color(colours.ColorMuted)
	}
	t.Alignment = fyne.TextAlignTrailing
	if c.look.left {
		t.Alignment = fyne.TextAlignLeading
	}
	c.line.Hidden = c.look.lane < 0
	if !c.line.Hidden {
		c.line.FillColor = theme.Color(lanes[c.look.lane%len(lanes)])
	}
}

// cellWidth is how wide a column has to be for a text.
func cellWidth(text string, bold bool) float32 {
	return fyne.MeasureText(text, theme.CaptionTextSize(), fyne.TextStyle{Bold: bold}).Width + 2*padding
}

func (c *cell) width() float32 { return cellWidth(c.look.text, c.look.bold) }

// CreateRenderer implements fyne.Widget.
func (c *cell) CreateRenderer() fyne.WidgetRenderer { return &cellRenderer{c} }

type cellRenderer struct{ cell *cell }

func (r *cellRenderer) Destroy() {}
func (r *cellRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.cell.text, r.cell.line}
}

func (r *cellRenderer) MinSize() fyne.Size {
	return fyne.NewSize(60, fyne.MeasureText("M", theme.CaptionTextSize(), fyne.TextStyle{}).Height+4)
}

func (r *cellRenderer) Layout(size fyne.Size) {
	left := float32(padding)
	if r.cell.look.indent {
		left += indent
	}
	r.cell.text.Move(fyne.NewPos(left, 0))
	r.cell.text.Resize(fyne.NewSize(max(size.Width-left-padding, 1), size.Height))
	r.cell.line.Move(fyne.NewPos(padding, size.Height-2))
	r.cell.line.Resize(fyne.NewSize(max(size.Width-2*padding, 1), 3))
}

func (r *cellRenderer) Refresh() {
	r.Layout(r.cell.Size())
	r.cell.text.Refresh()
	r.cell.line.Refresh()
}
