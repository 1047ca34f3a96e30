package comparison

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim"
	"asynclab/sim/metric"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// View is a widget with the table. Its methods must be called on Fyne's
// goroutine.
type View struct {
	widget.BaseWidget
	Brief bool // differences as a share only, if they have one; the line below the table has them in full

	table  Table
	chosen metric.Ref // the metric explained below the table
	widths []float32
	runs   int // of each design

	grid    *keyed.Table
	detail  *widget.Label
	content fyne.CanvasObject
}

// New makes a table that shows nothing yet.
func New() *View {
	v := &View{}
	v.grid = keyed.NewTable(
		func() (int, int) { return len(v.table.Rows), v.columns() },
		func() fyne.CanvasObject { return newCell() },
		func(at widget.TableCellID, o fyne.CanvasObject) { v.fill(at, o.(*cell)) },
	)
	v.grid.ShowHeaderRow, v.grid.StickyColumnCount, v.grid.HideSeparators = true, 1, true
	v.grid.CreateHeader = func() fyne.CanvasObject { return newCell() }
	v.grid.UpdateHeader = func(at widget.TableCellID, o fyne.CanvasObject) { v.head(at, o.(*cell)) }
	v.grid.OnSelected = v.choose
	v.detail = widget.NewLabel("")
	v.detail.Wrapping = fyne.TextWrapWord
	v.detail.SizeName = theme.SizeNameCaptionText
	v.content = container.NewBorder(nil, v.detail, nil, nil, v.grid)
	v.ExtendBaseWidget(v)
	v.tell()
	return v
}

// CreateRenderer implements fyne.Widget.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// SetBoard shows the present values of the designs of a run.
func (v *View) SetBoard(names []string, d *control.Board) { v.Set(Live(names, d.Lanes)) }

// Set shows designs side by side, compared with the first.
func (v *View) Set(designs []sim.DesignResult) {
	was, ranWas := v.columns(), v.runs
	v.table, v.runs = Compare(designs), runs(designs)
	if v.columns() != was || v.runs != ranWas {
		v.widths = nil
	}
	v.widen()
	v.tell()
	v.grid.Refresh()
}

// Table is the table shown.
func (v *View) Table() Table { return v.table }

// runs is the number of runs per design; values of several runs have an
// interval.
func runs(designs []sim.DesignResult) int {
	if len(designs) == 0 || len(designs[0].Metrics) == 0 {
		return 0
	}
	return len(designs[0].Metrics[0].Values)
}

// columns is the number of columns: the metric, the first design, and two for
// each other design.
func (v *View) columns() int { return 2 * len(v.table.Designs) }

// column is the design of a column, and whether the column has its differences;
// design -1 has the names of metrics.
func column(col int) (design int, diff bool) {
	if col == 0 {
		return -1, false
	}
	return col / 2, col%2 == 1 && col > 1
}

// text is the text of a cell.
func (v *View) text(row Row, col int) (text string, noise bool) {
	design, diff := column(col)
	switch {
	case design < 0:
		return row.Name, false
	case row.Section || design >= len(row.Cells):
		return "", false
	case diff:
		d := row.Cells[design].Diff
		if v.Brief {
			return brief(d), d.Noise || d.Same
		}
		return Difference(d), d.Noise || d.Same
	}
	return row.Cells[design].Value, false
}

// Difference formats a difference in absolute terms and as a share of the first
// value.
func Difference(d Diff) string {
	switch {
	case !d.Known:
		return ""
	case d.Same:
		return "="
	case d.Noise:
		return "~"
	}
	if p := Percent(d.Relative); p != "" {
		return locale.T("table.difference", d.Absolute, p)
	}
	return d.Absolute
}

// brief formats a difference as a share of the first value, or, if it has none,
// in absolute terms.
func brief(d Diff) string {
	if p := Percent(d.Relative); p != "" && d.Known && !d.Same && !d.Noise {
		return p
	}
	return Difference(d)
}

func (v *View) fill(at widget.TableCellID, c *cell) {
	if at.Row >= len(v.table.Rows) {
		return
	}
	row := v.table.Rows[at.Row]
	text, faint := v.text(row, at.Col)
	_, diff := column(at.Col)
	c.show(style{text: text, left: at.Col == 0, bold: row.Section, faint: faint || diff, lane: -1, indent: at.Col == 0 && !row.Section})
}

func (v *View) head(at widget.TableCellID, c *cell) {
	design, diff := column(at.Col)
	switch {
	case at.Col < 0 || design >= len(v.table.Designs):
		c.show(style{lane: -1})
	case design < 0:
		c.show(style{text: locale.T("table.metric"), left: true, bold: true, lane: -1})
	case diff:
		text := locale.T("table.against", v.table.Designs[0])
		if v.Brief {
			text = "Δ"
		}
		c.show(style{text: text, faint: true, lane: -1})
	default:
		c.show(style{text: v.table.Designs[design], bold: true, lane: design})
	}
}

// widen makes columns wide enough for their texts. They never become narrower
// while the same designs are compared, because a table that moves cannot be
// read.
func (v *View) widen() {
	if v.widths == nil {
		v.widths = make([]float32, v.columns())
	}
	for col := range v.widths {
		c := newCell()
		v.head(widget.TableCellID{Row: -1, Col: col}, c)
		wide := max(v.widths[col], c.width())
		for i := range v.table.Rows {
			text, _ := v.text(v.table.Rows[i], col)
			if _, diff := column(col); len(text) > 3 || !diff {
				wide = max(wide, cellWidth(text, v.table.Rows[i].Section)+left(col))
			}
		}
		if wide != v.widths[col] {
			v.widths[col] = wide
			v.grid.SetColumnWidth(col, wide)
		}
	}
}

// left is the width that the names of metrics need below those of their
// elements.
func left(col int) float32 {
	if col == 0 {
		return indent
	}
	return 0
}

func (v *View) choose(at widget.TableCellID) {
	v.grid.Unselect(at)
	if at.Row < 0 || at.Row >= len(v.table.Rows) || v.table.Rows[at.Row].Section {
		return
	}
	v.chosen = v.table.Rows[at.Row].Ref
	v.tell()
}

// tell explains the selected metric.
func (v *View) tell() {
	switch {
	case len(v.table.Rows) == 0:
		v.detail.SetText("")
	case v.chosen.Metric == nil && v.Brief:
		v.detail.SetText(locale.T("table.help-differences"))
	case v.chosen.Metric == nil:
		v.detail.SetText(locale.T("table.help"))
	default:
		text := locale.T("text.with-detail", v.chosen.String(), locale.Metric(v.chosen))
		if v.Brief {
			text += v.differences()
		}
		v.detail.SetText(text)
	}
}

// differences describes in full how the designs differ in the selected metric.
func (v *View) differences() (text string) {
	for _, r := range v.table.Rows {
		for i, c := range r.Cells {
			if d := Difference(c.Diff); d != "" && r.Ref == v.chosen {
				text += "\n" + locale.T("table.detail-difference", v.table.Designs[i], v.table.Designs[0], d)
			}
		}
	}
	return text
}
