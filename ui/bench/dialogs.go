package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Dialogs of the bench: a time, a file.

// AskForTime asks for a time, or for a condition, and runs to it.
func (b *Bench) AskForTime() {
	entry := widget.NewEntry()
	entry.SetText(clock(b.Frame.Now, b.length()))
	entry.SetPlaceHolder(locale.T("run-to-time.example"))
	d := dialog.NewForm(locale.T("run-to-time.title"), locale.T("action.run"), locale.T("action.cancel"),
		[]*widget.FormItem{widget.NewFormItem(locale.T("run-to-time.time"), entry)}, func(ok bool) {
			if !ok {
				return
			}
			if strings.ContainsAny(entry.Text, "<>=") {
				b.may(func() { b.Controller.RunUntil(entry.Text) })()
				return
			}
			at, err := parseClock(entry.Text)
			if err != nil {
				b.host.Fail(locale.T("run-to-time.no-time"), err)
				return
			}
			b.may(func() { b.Controller.RunTo(min(at, b.length())) })()
		}, b.host.Win)
	d.SetOnClosed(entry.FocusLost) // or its cursor would go on blinking
	d.Show()
	entry.OnSubmitted = func(string) { d.Submit() }
	b.host.Asked = map[string]fyne.CanvasObject{"ask:time": entry}
	b.host.Win.Canvas().Focus(entry)
	entry.TypedShortcut(&fyne.ShortcutSelectAll{}) // typing replaces it
}

// Controls are the controls that can be pressed, by name, for programs that
// drive the window.
func (b *Bench) Controls() map[string]fyne.CanvasObject { return b.Named }

// Save writes the scenario with the changes made by hand.
func (b *Bench) Save() {
	if b.Scenario == nil {
		return
	}
	name := strings.TrimSuffix(filepath.Base(b.Path), filepath.Ext(b.Path)) + "-changed.yaml"
	written := b.saved
	b.host.SaveAs(locale.T("save.scenario"), name, func(string) (data []byte, err error) {
		err = errors.New(locale.T("save.nothing-open"))
		b.Controller.Ask(func(s *control.Session) {
			var text string
			text, err = s.SaveText()
			data = []byte(text)
			written = fmt.Sprint(s.Changes())
		})
		return data, err
	}, func(string) { b.saved = written })
}

// unsaved is the number of changes by hand, if they are not those of a file.
func (b *Bench) unsaved() int {
	if fmt.Sprint(b.Board.Changes) == b.saved {
		return 0
	}
	return len(b.Board.Changes)
}

// Leaving calls leave; if changes made by hand would be lost, it asks first, and
// calls stay (unless it is nil) if the person does not want that.
func (b *Bench) Leaving(leave, stay func()) {
	n := b.unsaved()
	if n == 0 {
		leave()
		return
	}
	if stay == nil {
		stay = func() {}
	}
	var d dialog.Dialog
	button := func(text string, icon fyne.Resource, do func()) *keyed.Button {
		return keyed.NewButton(text, icon, func() { d.Hide(); do() })
	}
	keep := button(locale.T("leave.save"), theme.DocumentSaveIcon(), func() { stay(); b.Save() })
	lose := button(locale.T("leave.lose"), theme.DeleteIcon(), func() { b.saved = fmt.Sprint(b.Board.Changes); leave() })
	back := button(locale.T("leave.stay"), theme.CancelIcon(), stay)
	keep.Importance = widget.HighImportance
	text := widget.NewLabel(locale.T("leave.changes", n))
	text.Wrapping = fyne.TextWrapWord
	buttons := container.NewGridWithColumns(3, back, lose, keep)
	d = dialog.NewCustomWithoutButtons(locale.T("leave.title"), container.NewVBox(text, buttons), b.host.Win)
	b.host.Asked = map[string]fyne.CanvasObject{"ask:save": keep, "ask:lose": lose, "ask:stay": back}
	d.Show()
	d.Resize(fyne.NewSize(560, d.MinSize().Height))
}

func (b *Bench) stageMenu(lane int, at fyne.Position) {
	st := b.Stages[lane]
	name := b.Scenario.Name + "-" + b.Scenes[lane].Design
	menu := fyne.NewMenu("",
		fyne.NewMenuItemWithIcon(locale.T("picture.fit"), palette.Icon("fit"), st.Fit),
		fyne.NewMenuItemWithIcon(locale.T("picture.save-png"), theme.DocumentSaveIcon(), func() {
			b.savePicture(name+".png", func(w io.Writer) error { return st.PNG(w, 2) })
		}),
		fyne.NewMenuItemWithIcon(locale.T("picture.save-svg"), theme.DocumentSaveIcon(), func() {
			b.savePicture(name+".svg", st.SVG)
		}))
	widget.ShowPopUpMenuAtPosition(menu, b.host.Win.Canvas(), at)
}

// SavePicture saves the picture of the design that was looked at last.
func (b *Bench) SavePicture() {
	if b.lane < len(b.Stages) {
		st := b.Stages[b.lane]
		b.savePicture(b.Scenario.Name+"-"+b.Scenes[b.lane].Design+".png", func(w io.Writer) error { return st.PNG(w, 2) })
	}
}

// savePicture draws the picture at once, as it is shown, and then asks for a
// file.
func (b *Bench) savePicture(name string, write func(io.Writer) error) {
	data, err := encode(write)
	if err != nil {
		b.host.Fail(locale.T("picture.not-drawn"), err)
		return
	}
	b.host.SaveAs(locale.T("save.picture"), name, func(string) ([]byte, error) { return data, nil }, nil)
}

// encode returns as bytes the output of a function that writes a picture.
func encode(write func(io.Writer) error) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.Bytes(), err
}

// units are those that the window writes in Chinese.
var units = strings.NewReplacer("毫秒", "ms", "秒", "s", "分", "min", "时", "h")

// parseClock parses a time in the format of clock, or with units: 1:30, 90s,
// 1.5min.
func parseClock(text string) (time.Duration, error) {
	text = strings.TrimSpace(units.Replace(text))
	if m, s, ok := strings.Cut(strings.TrimSuffix(text, " min"), ":"); ok {
		mins, err1 := strconv.Atoi(m)
		secs, err2 := strconv.ParseFloat(s, 64)
		if err1 == nil && err2 == nil && mins >= 0 && secs >= 0 && secs < 60 {
			return time.Duration(mins)*time.Minute + time.Duration(secs*float64(time.Second)), nil
		}
		return 0, fmt.Errorf("%q is no time; write it as 1:30 or 90s", text)
	}
	if d, err := time.ParseDuration(strings.NewReplacer(" ", "", "min", "m").Replace(text)); err == nil && d >= 0 {
		return d, nil
	}
	return 0, fmt.Errorf("%q is no time; write it as 1:30 or 90s", text)
}
