package learn

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// askForClass lets a lecturer choose the folder with the files of progress of a class.
func (p *Place) askForClass() {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil || u == nil {
			return
		}
		go func() {
			class, err := lessons.ReadClass([]string{u.Path()})
			fyne.Do(func() { p.ShowClass(class, err) })
		}()
	}, p.host.Win)
	p.host.ShowFiles(d)
}

// ShowClass shows what a class has answered, or why it cannot be read.
func (p *Place) ShowClass(class lessons.Class, err error) {
	all := class.Answers(p.Shelf, locale.Current())
	if err == nil && len(all) == 0 {
		err = errors.New(locale.T("class.nothing"))
	}
	if err != nil {
		p.host.Fail(locale.T("class.unreadable"), err)
		return
	}
	csv := keyed.NewButton(locale.T("class.save"), theme.DocumentSaveIcon(), func() {
		p.host.SaveAs(locale.T("class.save"), "asynclab-class.csv", func(string) ([]byte, error) {
			var b bytes.Buffer
			err := class.CSV(&b, p.Shelf)
			return b.Bytes(), err
		}, nil)
	})
	p.host.Enlarge(locale.T("class.title", len(class)), container.NewBorder(nil, container.NewHBox(csv), nil, nil, classPage(all)))
}

const mostBelieved = 3 // of what a class believes, at the head of its page

// classPage shows first what most students were sure of and wrong about, then each
// activity with the share of each option.
func classPage(all []lessons.Asked) fyne.CanvasObject {
	page := container.NewVBox()
	believed := slices.Clone(all)
	slices.SortStableFunc(believed, func(a, b lessons.Asked) int {
		switch x, y := a.SureAndWrong(), b.SureAndWrong(); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for i, a := range believed[:min(len(believed), mostBelieved)] {
		if a.SureAndWrong() == 0 {
			break
		}
		if i == 0 {
			page.Add(heading(locale.T("class.believed")))
		}
		page.Add(wrapped(locale.T("class.sure-wrong", share(a.SureAndWrong()), a.Lesson.Title, a.Activity.Ask.String())))
	}
	lesson := ""
	for _, a := range all {
		if a.Lesson.ID != lesson {
			lesson = a.Lesson.ID
			page.Add(widget.NewSeparator())
			page.Add(heading(a.Lesson.Title))
		}
		page.Add(wrapped(a.Activity.Ask.String()))
		for _, o := range a.Options {
			page.Add(optionRow(a, o))
		}
	}
	return container.NewVScroll(container.NewPadded(page))
}

// optionRow is an option, with a bar as long as the share of those who chose it; of a
// wrong one the part who were sure is darker.
func optionRow(a lessons.Asked, o lessons.Option) fyne.CanvasObject {
	text := o.Name + ") " + o.Text.String()
	if len(o.Text) == 0 {
		if text = locale.T("class.wrong"); o.Right {
			text = locale.T("class.right")
		}
	}
	color, chose, sure := theme.ColorNameWarning, float64(o.Chose)/float64(a.Students), float64(o.Sure)/float64(a.Students)
	if o.Right {
		color = theme.ColorNameSuccess
	}
	bar := canvas.NewRectangle(theme.Color(color))
	bar.SetMinSize(fyne.NewSize(float32(barWidth*chose), 8))
	dark := canvas.NewRectangle(theme.Color(theme.ColorNameError))
	if o.Right {
		dark.FillColor = theme.Color(theme.ColorNamePrimary)
	}
	dark.SetMinSize(fyne.NewSize(float32(barWidth*sure), 8))
	room := canvas.NewRectangle(theme.Color(theme.ColorNameSeparator))
	room.SetMinSize(fyne.NewSize(barWidth, 8))
	left := func(o fyne.CanvasObject) fyne.CanvasObject { return container.NewHBox(o, layout.NewSpacer()) }
	bars := container.NewCenter(container.NewStack(room, left(bar), left(dark)))
	told := widget.NewLabel(locale.T("class.share", share(chose), o.Chose, a.Students, share(sure)))
	return container.NewVBox(wrapped(text), container.NewHBox(bars, told))
}

const barWidth = 240

// share is a share in whole per cent.
func share(v float64) string { return fmt.Sprintf("%.0f%%", 100*v) }
