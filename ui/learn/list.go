package learn

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/sim/record"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// list is the page of all lessons, with the next one highlighted.
func (p *Place) list() fyne.CanvasObject {
	p.cards = map[string]fyne.CanvasObject{}
	title := widget.NewLabelWithStyle(locale.T("lessons.title"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName = theme.SizeNameHeadingText
	page := container.NewVBox(title, p.begin())
	grid := container.NewGridWrap(window.WithText(380, 176))
	for i, f := range p.Shelf {
		grid.Add(p.lessonCard(i+1, f))
	}
	page.Add(grid)
	page.Add(p.tools())
	return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
}

// begin is the lesson to take now: one that is in progress, or the first
// unfinished one.
func (p *Place) begin() fyne.CanvasObject {
	var next *lessons.Lesson
	for _, f := range p.Shelf {
		l := f.In(locale.Current())
		if l == nil || p.Progress.Finished(f.ID) {
			continue
		}
		done, _ := p.Progress.Count(l)
		if next == nil || done > 0 && len(p.Progress.Missing(l)) == 0 {
			next = l
			if done > 0 {
				break
			}
		}
	}
	if next == nil {
		return window.Wrapped(locale.T("lessons.all-finished"))
	}
	text := locale.T("lessons.start-here", next.Title)
	if next != p.Shelf[0].In(locale.Current()) {
		text = locale.T("lessons.next", next.Title)
	}
	if done, _ := p.Progress.Count(next); done > 0 {
		text = locale.T("lessons.go-on", next.Title)
	}
	b := keyed.NewButton(text, theme.MediaPlayIcon(), func() { p.OpenLesson(next.ID) })
	b.Importance = widget.HighImportance
	p.cards["start"] = b
	return container.NewHBox(b, layout.NewSpacer())
}

func (p *Place) lessonCard(n int, f *lessons.Folder) fyne.CanvasObject {
	l := f.In(locale.Current())
	if l == nil || window.HasMistakes(f.Mistakes) {
		return p.brokenCard(f)
	}
	title := widget.NewLabelWithStyle(locale.T("lessons.numbered", n, l.Title), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.Wrapping = fyne.TextWrapWord
	done, of := p.Progress.Count(l)
	about := locale.T("lessons.minutes", l.Minutes)
	if done > 0 {
		about += " · " + locale.T("lessons.steps-done", done, of)
	}
	if p.Progress.Finished(f.ID) {
		about = locale.T("lessons.finished")
	} else if missing := p.Progress.Missing(l); len(missing) > 0 {
		var first []string
		for _, id := range missing {
			if i := slices.IndexFunc(p.Shelf, func(f *lessons.Folder) bool { return f.ID == id }); i >= 0 {
				first = append(first, strconv.Itoa(i+1))
			}
		}
		about += " · " + locale.T("lessons.first", record.Voice(locale.Word).Listed(first))
	}
	what := widget.NewLabel(about)
	what.Importance, what.SizeName, what.Truncation = widget.LowImportance, theme.SizeNameCaptionText, fyne.TextTruncateEllipsis
	c := window.NewCard(container.NewBorder(title, container.NewVBox(what, stepBar(done, of)), nil, nil, window.Wrapped(l.Summary)), func() { p.OpenLesson(f.ID) })
	p.cards["lesson:"+f.ID] = c
	return c
}

// stepBar shows progress: one part for each step.
func stepBar(done, of int) fyne.CanvasObject {
	bar := container.NewGridWithColumns(max(of, 1))
	for i := range of {
		r := canvas.NewRectangle(theme.Color(theme.ColorNameSeparator))
		if i < done {
			r.FillColor = theme.Color(theme.ColorNameSuccess)
		}
		r.CornerRadius = 2
		r.SetMinSize(fyne.NewSize(4, 5))
		bar.Add(r)
	}
	return bar
}

// brokenCard is a lesson that cannot be read: a tap shows the reason.
func (p *Place) brokenCard(f *lessons.Folder) fyne.CanvasObject {
	title := widget.NewLabelWithStyle(f.ID, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	text := window.Wrapped(locale.T("lessons.has-mistakes"))
	text.Importance = widget.DangerImportance
	return window.NewCard(container.NewBorder(title, nil, nil, nil, text), func() {
		var d *dialog.CustomDialog
		again := func() { d.Hide(); p.readShelf(); p.Refill() }
		page := window.MistakesPage(f.Path, f.Mistakes, again, func() { d.Hide() })
		d = dialog.NewCustomWithoutButtons(f.ID, container.New(layout.NewGridWrapLayout(fyne.NewSize(760, 480)), page), p.host.Win)
		d.Show()
	})
}

// tools are the buttons beside the lessons.
func (p *Place) tools() fyne.CanvasObject {
	words := keyed.NewButton(locale.T("glossary.title"), palette.Icon("glossary"), p.Glossary)
	csv := keyed.NewButton(locale.T("lessons.save-progress-csv"), theme.DocumentSaveIcon(), func() {
		progress := p.Progress.Clone()
		p.host.SaveAs(locale.T("lessons.save-progress"), "asynclab-progress.csv", func(string) ([]byte, error) {
			var b bytes.Buffer
			err := progress.CSV(io.Writer(&b), p.stepsOf)
			return b.Bytes(), err
		}, nil)
	})
	more := keyed.NewButton(locale.T("lessons.own"), theme.FolderOpenIcon(), p.addFolder)
	zip := keyed.NewButton(locale.T("lessons.own-zip"), theme.FileIcon(), p.addZip)
	class := keyed.NewButton(locale.T("lessons.class"), theme.AccountIcon(), p.askForClass)
	lead := keyed.NewCheck(locale.T("lessons.lead"), func(on bool) { p.host.Prefs.Set(prefLead, on) })
	lead.Checked = p.host.Prefs.Bool(prefLead)
	p.cards["glossary"], p.cards["progress-csv"], p.cards["class"], p.cards["lead"] = words, csv, class, lead
	return container.NewVBox(container.NewHBox(words, csv, more, zip), container.NewHBox(class, lead))
}

func (p *Place) stepsOf(lesson string) (ids []string) {
	if f := p.Shelf.Find(lesson); f != nil && len(f.Lessons) > 0 {
		for _, s := range f.Lessons[0].Steps {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// addFolder adds a lecturer's lessons to the list, and stores the folder.
func (p *Place) addFolder() {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil || u == nil {
			return
		}
		p.AddLessons(u.Path())
	}, p.host.Win)
	p.host.ShowFiles(d)
}

// addZip adds the lessons in a zip file.
func (p *Place) addZip() {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil || r == nil {
			return
		}
		path := r.URI().Path()
		_ = r.Close()
		p.AddLessons(path)
	}, p.host.Win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".zip"}))
	p.host.ShowFiles(d)
}

// AddLessons adds the lessons in a folder or a zip file to the list, and stores its path.
func (p *Place) AddLessons(path string) {
	more, err := lessons.Open(path)
	if err != nil {
		p.host.Fail(locale.T("lessons.unreadable-folder", path), err)
		return
	}
	known := p.host.Prefs.StringList(prefLessons)
	if !slices.Contains(known, path) {
		p.host.Prefs.Set(prefLessons, append(known, path))
		p.folders = append(p.folders, path)
	}
	p.add(more)
	p.Refill()
}
