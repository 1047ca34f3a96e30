package lab

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// firstScenario is the scenario recommended to newcomers.
const firstScenario = "sync-vs-async"

// openPage offers scenarios to open: a recommended one, recent ones, the
// library, and files; oneDesign includes those with only one design.
func (w *watchPlace) openPage(intro string, oneDesign bool, open func(name string)) fyne.CanvasObject {
	title := widget.NewLabelWithStyle(intro, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameHeadingText
	title.Wrapping = fyne.TextWrapWord
	file := keyed.NewButton(locale.T("open.file"), theme.FolderOpenIcon(), func() { w.host.AskForFile(open) })
	start := keyed.NewButton(locale.T("open.start-here"), theme.MediaPlayIcon(), func() { open(firstScenario) })
	start.Importance = widget.HighImportance
	w.startHere = start

	page := container.NewVBox(title, container.NewHBox(start, file, layout.NewSpacer()))
	if recent := w.host.Recent(); len(recent) > 0 {
		page.Add(window.SectionTitle(locale.T("open.recent")))
		grid := container.NewGridWrap(window.ScenarioCardSize())
		for _, r := range recent {
			grid.Add(window.ScenarioCard(filepath.Base(r), r, open))
		}
		page.Add(grid)
	}
	page.Add(window.SectionTitle(locale.T("open.library")))
	grid := container.NewGridWrap(window.ScenarioCardSize())
	for _, e := range scenarios.Library() {
		if !strings.HasPrefix(e.Name, "bench/") {
			grid.Add(window.ScenarioCard(locale.Word("scenario."+e.Name+".title", e.Title), e.Name, open))
		}
	}
	page.Add(grid)
	if !oneDesign {
		return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
	}
	page.Add(window.SectionTitle(locale.T("open.benchmarks")))
	grid = container.NewGridWrap(window.ScenarioCardSize())
	for _, e := range scenarios.Library() {
		if strings.HasPrefix(e.Name, "bench/") {
			grid.Add(window.ScenarioCard(locale.Word("scenario."+e.Name+".title", e.Title), e.Name, open))
		}
	}
	page.Add(grid)
	return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
}
