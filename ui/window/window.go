package window

import (
	"errors"
	"io/fs"
	"net/url"
	"path/filepath"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios/files"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// Window is what every place needs of the window: its settings, its clock, and
// the ways to tell a person something and to ask for it.
type Window struct {
	App   fyne.App
	Win   fyne.Window
	Prefs *Settings
	Clock control.Clock // that the runs are played by

	hints  *hintLayer
	there  bool                         // it has content
	later  []func()                     // messages shown once it has
	Errors []string                     // told so far
	Asked  map[string]fyne.CanvasObject // controls of the dialog that was opened last, by name
}

// New opens an empty window with the settings kept in a folder; err is why
// they begin anew.
func New(app fyne.App, clock control.Clock, dataDir string) (w *Window, err error) {
	if clock == nil {
		clock = control.WallClock{}
	}
	w = &Window{App: app, Clock: clock}
	w.Prefs, err = loadSettings(filepath.Join(dataDir, "settings.json"))
	return w, err
}

// Show puts new content into the window, with its hints above.
func (w *Window) Show(content fyne.CanvasObject) {
	w.hints = newHintLayer(w.Win.Canvas())
	w.Win.SetContent(container.NewStack(content, w.hints))
}

// Soon does something once the window is there.
func (w *Window) Soon(do func()) {
	if w.there {
		do()
		return
	}
	w.later = append(w.later, do)
}

// NowThere does what waited for the window.
func (w *Window) NowThere() {
	w.there = true
	for _, do := range w.later {
		do()
	}
	w.later = nil
}

// Fail shows an error in plain words, with a hint.
func (w *Window) Fail(what string, err error) {
	if err == nil {
		return
	}
	const most = 100
	if w.Errors = append(w.Errors, what+": "+err.Error()); len(w.Errors) > most {
		w.Errors = w.Errors[1:]
	}
	text := widget.NewLabel(Plain(err))
	text.Wrapping = fyne.TextWrapWord
	text.Selectable = true
	scroll := container.NewVScroll(text)
	scroll.SetMinSize(fyne.NewSize(520, 120))
	d := dialog.NewCustom(what, locale.T("action.close"), scroll, w.Win)
	d.Show()
}

// Plain is an error as a person reads it: what, and what to do.
func Plain(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path.Op == files.OpFolder:
			return locale.T("error.no-folder", path.Path)
		case errors.Is(err, fs.ErrNotExist):
			return locale.T("error.no-file", path.Path)
		case errors.Is(err, fs.ErrPermission):
			return locale.T("error.no-permission", path.Path)
		}
	}
	msg := err.Error()
	if msg == "" {
		return locale.T("error.unknown")
	}
	first, n := utf8.DecodeRuneInString(msg)
	return string(unicode.ToUpper(first)) + msg[n:]
}

const prefRecent = "recent"

// Recent lists the scenarios opened last, newest first.
func (w *Window) Recent() []string { return w.Prefs.StringList(prefRecent) }

func (w *Window) Remember(name string) {
	const most = 8
	if filepath.IsAbs(name) {
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
	}
	out := []string{name}
	for _, r := range w.Recent() {
		if r != name && len(out) < most {
			out = append(out, r)
		}
	}
	w.Prefs.Set(prefRecent, out)
}

// tell shows for a moment that something is done.
func (w *Window) tell(text string) {
	h := w.hints.show(text, fyne.NewPos(w.Win.Canvas().Size().Width/2, w.Win.Canvas().Size().Height-90), fyne.NewSize(0, 0), w.Win.Canvas().Size())
	layer := w.hints
	time.AfterFunc(4*time.Second, func() { fyne.Do(func() { layer.remove(h) }) })
}

// OpenWeb opens a page in the person's browser.
func (w *Window) OpenWeb(address string) {
	u, err := url.Parse(address)
	if err == nil {
		err = w.App.OpenURL(u)
	}
	w.Fail(locale.T("error.page-not-opened"), err)
}

// Enlarge shows something in most of the window, where a panel is too narrow for
// it.
func (w *Window) Enlarge(title string, content fyne.CanvasObject) {
	d := dialog.NewCustom(title, locale.T("action.close"), content, w.Win)
	room := w.Win.Canvas().Size()
	d.Resize(fyne.NewSize(room.Width-60, room.Height-40))
	d.Show()
}
