package build

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// firstPage offers what to begin with: nothing, the template, a file, a copy of a
// scenario of the library.
func (p *Place) firstPage() fyne.CanvasObject {
	title := widget.NewLabelWithStyle(locale.T("build.intro"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName, title.Wrapping = theme.SizeNameHeadingText, fyne.TextWrapWord
	button := func(name, text string, icon fyne.Resource, do func()) *keyed.Button {
		b := keyed.NewButton(text, icon, do)
		p.controls["build:"+name] = b
		return b
	}
	least := button("new", locale.T("build.new"), theme.DocumentCreateIcon(), func() { p.new(scenarios.Least()) })
	least.Importance = widget.HighImportance
	page := container.NewVBox(title, container.NewHBox(least,
		button("template", locale.T("build.template"), theme.DocumentIcon(), func() { p.new(scenarios.Template("")) }),
		button("file", locale.T("open.file"), theme.FolderOpenIcon(), func() { p.host.AskForFile(p.Open) })))
	grid := container.NewGridWrap(window.ScenarioCardSize())
	for _, name := range p.host.Recent() {
		if filepath.IsAbs(name) {
			grid.Add(p.card(filepath.Base(name), name))
		}
	}
	if len(grid.Objects) > 0 {
		page.Add(window.SectionTitle(locale.T("open.recent")))
		page.Add(grid)
	}
	page.Add(window.SectionTitle(locale.T("build.copy")))
	grid = container.NewGridWrap(window.ScenarioCardSize())
	for _, e := range scenarios.Library() {
		if !strings.HasPrefix(e.Name, "bench/") {
			grid.Add(p.card(locale.Word("scenario."+e.Name+".title", e.Title), e.Name))
		}
	}
	page.Add(grid)
	return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
}

func (p *Place) card(title, name string) fyne.CanvasObject {
	c := window.ScenarioCard(title, name, p.Open)
	p.controls["build:open:"+name] = c
	return c
}
