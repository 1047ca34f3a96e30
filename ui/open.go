package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/locale"
)

// firstScenario is the one that somebody new should see first.
const firstScenario = "sync-vs-async"

// openPage offers what can be opened: one thing to begin with, what was open
// before, the library, and files; those with one design too, or not.
func (s *Shell) openPage(intro string, oneDesign bool, open func(name string)) fyne.CanvasObject {
	title := widget.NewLabelWithStyle(intro, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameHeadingText
	title.Wrapping = fyne.TextWrapWord
	file := widget.NewButtonWithIcon(locale.T("open.file"), theme.FolderOpenIcon(), func() { s.askForFile(open) })
	start := widget.NewButtonWithIcon(locale.T("open.start-here"), theme.MediaPlayIcon(), func() { open(firstScenario) })
	start.Importance = widget.HighImportance
	s.startHere = start

	page := container.NewVBox(title, container.NewHBox(start, file, layout.NewSpacer()))
	if recent := s.recent(); len(recent) > 0 {
		page.Add(sectionTitle(locale.T("open.recent")))
		grid := container.NewGridWrap(cardSize)
		for _, r := range recent {
			grid.Add(scenarioCard(filepath.Base(r), r, open))
		}
		page.Add(grid)
	}
	page.Add(sectionTitle(locale.T("open.library")))
	grid := container.NewGridWrap(cardSize)
	for _, e := range scenarios.Library() {
		if !strings.HasPrefix(e.Name, "bench/") {
			grid.Add(scenarioCard(locale.Word("scenario."+e.Name+".title", e.Title), e.Name, open))
		}
	}
	page.Add(grid)
	if !oneDesign {
		return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
	}
	page.Add(sectionTitle(locale.T("open.benchmarks")))
	grid = container.NewGridWrap(cardSize)
	for _, e := range scenarios.Library() {
		if strings.HasPrefix(e.Name, "bench/") {
			grid.Add(scenarioCard(locale.Word("scenario."+e.Name+".title", e.Title), e.Name, open))
		}
	}
	page.Add(grid)
	return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
}

var cardSize = fyne.NewSize(360, 104)

func sectionTitle(text string) fyne.CanvasObject {
	l := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	l.SizeName = theme.SizeNameSubHeadingText
	return l
}

// scenarioCard is a scenario that can be opened with a tap anywhere on it.
func scenarioCard(title, name string, open func(string)) fyne.CanvasObject {
	text := widget.NewLabel(title)
	text.Wrapping = fyne.TextWrapWord
	where := widget.NewLabel(name)
	where.SizeName, where.Importance, where.Truncation = theme.SizeNameCaptionText, widget.LowImportance, fyne.TextTruncateEllipsis
	return newCard(container.NewBorder(nil, where, nil, nil, text), func() { open(name) })
}

func (s *Shell) askForFile(open func(string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			s.fail(locale.T("error.file-not-opened"), err)
			return
		}
		if r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close()
		open(path)
	}, s.win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".yaml", ".yml"}))
	if folder, err := storage.ListerForURI(storage.NewFileURI(s.saveFolder())); err == nil {
		d.SetLocation(folder)
	}
	s.showFiles(d)
}

// showFiles shows a dialog of files or folders in a good size. The toolkit takes
// a size only of one that is shown, and none where the system has its own.
func (s *Shell) showFiles(d *dialog.FileDialog) {
	over := s.win.Canvas().Overlays()
	was := len(over.List())
	d.Show()
	if len(over.List()) > was {
		d.Resize(fyne.NewSize(860, 560))
	}
}

// mistakesPage shows what is wrong with a scenario, each mistake with its line.
func mistakesPage(path string, err error, again, other func()) fyne.CanvasObject {
	list := container.NewVBox()
	ds, ok := err.(scenarios.Diagnostics)
	if !ok {
		text := widget.NewLabel(plain(err))
		text.Wrapping = fyne.TextWrapWord
		list.Add(text)
	}
	const most = 50
	for i, d := range ds {
		if i == most {
			list.Add(widget.NewLabel(locale.T("mistakes.more", len(ds)-most)))
			break
		}
		list.Add(mistake(d))
	}
	title := widget.NewLabelWithStyle(locale.T("mistakes.title", filepath.Base(path)), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameHeadingText
	hint := widget.NewLabel(locale.T("mistakes.help"))
	if !slices.ContainsFunc(ds, func(d scenarios.Diagnostic) bool { return d.Line > 0 }) {
		hint.Hide() // there is no line to mend: a folder, a picture, nothing
	}
	retry := widget.NewButtonWithIcon(locale.T("mistakes.try-again"), theme.ViewRefreshIcon(), again)
	retry.Importance = widget.HighImportance
	elsewhere := widget.NewButton(locale.T("mistakes.open-else"), other)
	return container.NewPadded(container.NewBorder(container.NewVBox(title, hint, container.NewHBox(retry, elsewhere)), nil, nil, nil, container.NewVScroll(list)))
}

func mistake(d scenarios.Diagnostic) fyne.CanvasObject {
	where := locale.T("mistakes.line", d.Line)
	if d.Line == 0 {
		where = locale.T("mistakes.whole-file")
	}
	head := widget.NewLabelWithStyle(where+":  "+d.Msg, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.Wrapping = fyne.TextWrapWord
	if !d.Warning {
		head.Importance = widget.DangerImportance
	}
	box := container.NewVBox(head)
	if d.Source != "" {
		source, column := excerpt(d.Source, max(d.Column-1, 0))
		line := widget.NewLabelWithStyle(fmt.Sprintf("%s\n%s^", source, strings.Repeat(" ", column)), fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
		box.Add(container.NewHScroll(line)) // a long line must not widen the window
	}
	if d.Hint != "" {
		hint := widget.NewLabel(d.Hint)
		hint.Wrapping = fyne.TextWrapWord
		box.Add(hint)
	}
	box.Add(widget.NewSeparator())
	return box
}

// excerpt is the part of a long line around a column that a window has room for.
func excerpt(line string, column int) (string, int) {
	const room, before = 110, 70 // characters
	all := []rune(line)
	from := max(0, min(column-before, len(all)-room))
	to := min(len(all), from+room)
	text := string(all[from:to])
	if from > 0 {
		text, column = "… "+text, column+2
	}
	if to < len(all) {
		text += " …"
	}
	return text, column - from
}
