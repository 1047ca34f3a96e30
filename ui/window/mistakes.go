package window

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios/yamltree"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

func HasMistakes(ds yamltree.Diagnostics) bool {
	return slices.ContainsFunc(ds, func(d yamltree.Diagnostic) bool { return d.Warning == "" })
}

// MistakesPage shows the mistakes in a scenario, each with its line.
func MistakesPage(path string, err error, again, other func()) fyne.CanvasObject {
	list := container.NewVBox()
	ds, ok := err.(yamltree.Diagnostics)
	if !ok {
		text := widget.NewLabel(Plain(err))
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
	if !slices.ContainsFunc(ds, func(d yamltree.Diagnostic) bool { return d.Line > 0 }) {
		hint.Hide() // there is no line to correct: a folder, a picture, nothing
	}
	retry := keyed.NewButton(locale.T("mistakes.try-again"), theme.ViewRefreshIcon(), again)
	retry.Importance = widget.HighImportance
	elsewhere := keyed.NewButton(locale.T("mistakes.open-else"), nil, other)
	return container.NewPadded(container.NewBorder(container.NewVBox(title, hint, container.NewHBox(retry, elsewhere)), nil, nil, nil, container.NewVScroll(list)))
}

// Said is the message of a mistake, in the language in use.
func Said(d yamltree.Diagnostic) string {
	if d.Says.Format == "" {
		return d.Msg
	}
	return locale.Mistake(d.Says)
}

// Advised is its hint.
func Advised(d yamltree.Diagnostic) string {
	if d.Advice.Format == "" {
		return d.Hint
	}
	return locale.Mistake(d.Advice)
}

func mistake(d yamltree.Diagnostic) fyne.CanvasObject {
	where := locale.T("mistakes.line", d.Line)
	if d.Line == 0 {
		where = locale.T("mistakes.whole-file")
	}
	head := widget.NewLabelWithStyle(where+":  "+Said(d), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	head.Wrapping = fyne.TextWrapWord
	if d.Warning == "" {
		head.Importance = widget.DangerImportance
	}
	box := container.NewVBox(head)
	if d.Source != "" {
		source, column := excerpt(d.Source, max(d.Column-1, 0))
		line := widget.NewLabelWithStyle(fmt.Sprintf("%s\n%s^", source, strings.Repeat(" ", column)), fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
		box.Add(container.NewHScroll(line)) // a long line must not widen the window
	}
	if d.Hint != "" {
		hint := widget.NewLabel(Advised(d))
		hint.Wrapping = fyne.TextWrapWord
		box.Add(hint)
	}
	box.Add(widget.NewSeparator())
	return box
}

// excerpt is the part of a long line around a column that fits a window.
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
