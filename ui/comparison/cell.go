package comparison

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/palette"
)

const (
	padding = 8  // left and right of a text, in the toolkit's pixels
	indent  = 10 // of metrics below their element
)

// style is the text and look of a cell. Lane is the design whose colour
// underlines it, or -1.
type style struct {
	text                      string
	left, bold, faint, indent bool
	lane                      int
}

// cell is a text in a table.
type cell struct {
	widget.BaseWidget
	style style
	text  *canvas.Text
	line  *canvas.Rectangle
}

func newCell() *cell {
	c := &cell{text: canvas.NewText("", nil), line: canvas.NewRectangle(nil)}
	c.style.lane = -1
	c.ExtendBaseWidget(c)
	c.paint()
	return c
}

func (c *cell) show(s style) {
	if c.style == s {
		return
	}
	c.style = s
	c.Refresh()
}

// Refresh redraws with the current colours.
func (c *cell) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

var lanes = [...]fyne.ThemeColorName{palette.ColorLane1, palette.ColorLane2, palette.ColorLane3, palette.ColorLane4}

func (c *cell) paint() {
	t := c.text
	t.Text, t.TextSize, t.TextStyle.Bold = c.style.text, theme.CaptionTextSize(), c.style.bold
	t.Color = theme.Color(theme.ColorNameForeground)
	if c.style.faint {
		t.Color = theme.Color(palette.ColorMuted)
	}
	t.Alignment = fyne.TextAlignTrailing
	if c.style.left {
		t.Alignment = fyne.TextAlignLeading
	}
	c.line.Hidden = c.style.lane < 0
	if !c.line.Hidden {
		c.line.FillColor = theme.Color(lanes[c.style.lane%len(lanes)])
	}
}

// cellWidth is the width that a column needs for a text.
func cellWidth(text string, bold bool) float32 {
	return fyne.MeasureText(text, theme.CaptionTextSize(), fyne.TextStyle{Bold: bold}).Width + 2*padding
}

func (c *cell) width() float32 { return cellWidth(c.style.text, c.style.bold) }

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
	if r.cell.style.indent {
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
