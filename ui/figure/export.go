package figure

import (
	"fmt"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/chart"
	"asynclab/ui/locale"
)

// Export is a file format for a figure.
type Export uint8

// The file formats.
const (
	PNG Export = iota
	SVG
	CSV
)

// Extension is the file name extension, with the dot.
func (k Export) Extension() string { return [...]string{".png", ".svg", ".csv"}[k] }

// Minimum size of an exported picture, in pixels of scale 1.
const exportWidth, exportHeight = 640, 360

// Write writes the figure as a file: pictures at the size shown, at least
// 640×360, PNG at twice the resolution.
func (f *Figure) Write(w io.Writer, kind Export) error {
	fig, style := f.Chart(), styleNow(1)
	size := f.Size()
	width, height := max(exportWidth, int(size.Width)), max(exportHeight, int(size.Height))
	switch kind {
	case PNG:
		style.Scale = 2
		return chart.PNG(w, fig, style, width, height)
	case SVG:
		return chart.SVG(w, fig, style, width, height)
	case CSV:
		return chart.CSV(w, fig)
	}
	return fmt.Errorf("figure: there is no export of kind %d", kind)
}

// TappedSecondary shows the menu of the figure.
func (f *Figure) TappedSecondary(e *fyne.PointEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(f)
	if c == nil {
		return
	}
	widget.ShowPopUpMenuAtPosition(f.menu(), c, e.AbsolutePosition)
}

func (f *Figure) menu() *fyne.Menu {
	export := func(kind Export) func() {
		return func() {
			if f.OnExport != nil {
				f.OnExport(kind)
			}
		}
	}
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(locale.T("plot.save-png"), export(PNG)),
		fyne.NewMenuItem(locale.T("plot.save-svg"), export(SVG)),
		fyne.NewMenuItem(locale.T("plot.save-csv"), export(CSV)),
		fyne.NewMenuItem(locale.T("plot.copy-numbers"), f.copyNumbers),
	}
	if len(f.fig.Bars) == 0 {
		log := fyne.NewMenuItem(locale.T("plot.logarithmic"), f.toggleLog)
		log.Checked = f.Chart().Y.Log
		items = append(items, fyne.NewMenuItemSeparator(), log)
	}
	return fyne.NewMenu("", items...)
}

func (f *Figure) toggleLog() {
	if f.Chart().Y.Log {
		f.scale = linear
	} else {
		f.scale = logarithmic
	}
	f.redraw()
}

func (f *Figure) copyNumbers() {
	var text strings.Builder
	if err := f.Write(&text, CSV); err != nil {
		fyne.LogError("the numbers of a figure", err) // writing to memory does not fail
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(text.String())
}
