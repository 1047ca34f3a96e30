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
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Dialogs of the bench: a time, a file.

func (b *Bench) AskForTime() {
	entry := widget.NewEntry()
	entry.SetText(clock(b.Frame.Now, b.length()))
	entry.SetPlaceHolder("90s")
	d := dialog.NewForm(locale.T("run-to-time.title"), locale.T("action.run"), locale.T("action.cancel"),
		[]*widget.FormItem{widget.NewFormItem(locale.T("run-to-time.time"), entry)}, func(ok bool) {
			if !ok {
				return
			}
			at, err := parseClock(entry.Text)
			if err != nil {
				b.host.Fail(locale.T("run-to-time.no-time"), err)
				return
			}
			b.may(func() { b.Controller.RunTo(min(at, b.length())) })()
		}, b.host.Win)
	d.Show()
	entry.OnSubmitted = func(string) { d.Submit() }
	b.host.Asked = map[string]fyne.CanvasObject{"ask:time": entry}
	b.host.Win.Canvas().Focus(entry)
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
	b.host.SaveAs(locale.T("save.scenario"), name, func() (data []byte, err error) {
		err = errors.New(locale.T("save.nothing-open"))
		b.Controller.Ask(func(s *control.Session) {
			var text string
			text, err = s.SaveText()
			data = []byte(text)
		})
		return data, err
	})
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

// savePicture draws the picture at once, as it is shown, and then asks for a
// file.
func (b *Bench) savePicture(name string, write func(io.Writer) error) {
	data, err := encode(write)
	if err != nil {
		b.host.Fail(locale.T("picture.not-drawn"), err)
		return
	}
	b.host.SaveAs(locale.T("save.picture"), name, func() ([]byte, error) { return data, nil })
}

// encode returns as bytes the output of a function that writes a picture.
func encode(write func(io.Writer) error) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.Bytes(), err
}

// parseClock parses a time in the format of clock, or with units: 1:30, 90s,
// 1.5min.
func parseClock(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if m, s, ok := strings.Cut(strings.TrimSuffix(text, " min"), ":"); ok {
		mins, err1 := strconv.Atoi(m)
		secs, err2 := strconv.ParseFloat(s, 64)
		if err1 == nil && err2 == nil && mins >= 0 && secs >= 0 && secs < 60 {
			return time.Duration(mins)*time.Minute + time.Duration(secs*float64(time.Second)), nil
		}
		return 0, fmt.Errorf("%q is no time; write it as 1:30 or 90s", text)
	}
	if d, err := time.ParseDuration(strings.ReplaceAll(text, " ", "")); err == nil && d >= 0 {
		return d, nil
	}
	return 0, fmt.Errorf("%q is no time; write it as 1:30 or 90s", text)
}
