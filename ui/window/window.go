package window

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios/files"
	"asynclab/sim/design"
	"asynclab/sim/spell"
	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// Window is the part of a window that every place uses: its settings, its
// clock, and its messages and dialogs.
type Window struct {
	App   fyne.App
	Win   fyne.Window
	Prefs *Settings
	Clock control.Clock // the clock of the runs

	Presenting bool // the picture fills the window: no rail, no panels

	hints  *hintLayer
	there  bool                         // it has content
	later  []func()                     // messages shown once it has
	Errors []string                     // shown so far
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

// Show replaces the content of the window, with its hints above.
func (w *Window) Show(content fyne.CanvasObject) {
	w.hints = newHintLayer(w.Win.Canvas())
	w.Win.SetContent(container.NewStack(content, w.hints))
}

// Soon calls a function once the window has content.
func (w *Window) Soon(do func()) {
	if w.there {
		do()
		return
	}
	w.later = append(w.later, do)
}

// NowThere calls the functions that wait for the window's content.
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

// Plain is an error as text for a person: what went wrong, and what to do.
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
	if own, ok := err.(interface{ Says() spell.Text }); ok {
		msg = locale.Mistake(own.Says())
	}
	if wrong, ok := err.(*design.ParamError); ok {
		msg = locale.T("text.with-detail", wrong.Path, msg)
	}
	if own, ok := err.(interface{ Advice() spell.Text }); ok && own.Advice().Format != "" {
		msg = locale.T("error.with-hint", msg, locale.Mistake(own.Advice()))
	}
	if msg == "" {
		return locale.T("error.unknown")
	}
	first, n := utf8.DecodeRuneInString(msg)
	return string(unicode.ToUpper(first)) + msg[n:]
}

const prefRecent = "recent"

// Recent lists the scenarios opened last, newest first.
func (w *Window) Recent() []string { return w.Prefs.StringList(prefRecent) }

// WholePath is the path of a file from the root, so that it can be opened again
// from another folder; the name of a scenario of the library stays as it is.
func WholePath(name string) string {
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return name
	}
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return name
}

// Remember puts a scenario at the head of those opened last.
func (w *Window) Remember(name string) {
	const most = 8
	out := []string{name}
	for _, r := range w.Recent() {
		if r != name && len(out) < most {
			out = append(out, r)
		}
	}
	w.Prefs.Set(prefRecent, out)
}

// Tell briefly shows that something has been done.
func (w *Window) Tell(text string) {
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

// Enlarge shows content in most of the window, for which a panel is too narrow.
func (w *Window) Enlarge(title string, content fyne.CanvasObject) {
	d := dialog.NewCustom(title, locale.T("action.close"), content, w.Win)
	room := w.Win.Canvas().Size()
	d.Resize(fyne.NewSize(room.Width-60, room.Height-40))
	d.Show()
}
