package ui

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

	"asynclab/ui/control"
	"asynclab/ui/locale"
)

// window is what every place needs of the window: its settings, its clock, and
// the ways to tell a person something and to ask for it.
type window struct {
	app   fyne.App
	win   fyne.Window
	prefs *settings
	clock control.Clock // that the runs are played by

	hints  *hintLayer
	there  bool                         // it has content
	later  []func()                     // what is told once it has
	errors []string                     // told so far
	asked  map[string]fyne.CanvasObject // controls of the dialog that was opened last, by name
}

// newWindow opens an empty window with the settings kept in a folder; err is why
// they begin anew.
func newWindow(app fyne.App, clock control.Clock, dataDir string) (w *window, err error) {
	if clock == nil {
		clock = control.WallClock{}
	}
	w = &window{app: app, clock: clock}
	w.prefs, err = loadSettings(filepath.Join(dataDir, "settings.json"))
	return w, err
}

// show puts new content into the window, with its hints above.
func (w *window) show(content fyne.CanvasObject) {
	w.hints = newHintLayer(w.win.Canvas())
	w.win.SetContent(container.NewStack(content, w.hints))
}

// soon does something once the window is there.
func (w *window) soon(do func()) {
	if w.there {
		do()
		return
	}
	w.later = append(w.later, do)
}

// nowThere does what waited for the window.
func (w *window) nowThere() {
	w.there = true
	for _, do := range w.later {
		do()
	}
	w.later = nil
}

// fail tells of something that did not work, in plain words, with a way on.
func (w *window) fail(what string, err error) {
	if err == nil {
		return
	}
	const most = 100
	if w.errors = append(w.errors, what+": "+err.Error()); len(w.errors) > most {
		w.errors = w.errors[1:]
	}
	text := widget.NewLabel(plain(err))
	text.Wrapping = fyne.TextWrapWord
	text.Selectable = true
	scroll := container.NewVScroll(text)
	scroll.SetMinSize(fyne.NewSize(520, 120))
	d := dialog.NewCustom(what, locale.T("action.close"), scroll, w.win)
	d.Show()
}

// plain is an error as a person reads it: what, and what to do.
func plain(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path.Op == writeInto:
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

// recent lists the scenarios opened last, newest first.
func (w *window) recent() []string { return w.prefs.StringList(prefRecent) }

func (w *window) remember(name string) {
	const most = 8
	if filepath.IsAbs(name) {
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
	}
	out := []string{name}
	for _, r := range w.recent() {
		if r != name && len(out) < most {
			out = append(out, r)
		}
	}
	w.prefs.set(prefRecent, out)
}

// tell says that something is done, for a moment, where it disturbs nobody.
func (w *window) tell(text string) {
	h := w.hints.show(text, fyne.NewPos(w.win.Canvas().Size().Width/2, w.win.Canvas().Size().Height-90), fyne.NewSize(0, 0), w.win.Canvas().Size())
	layer := w.hints
	time.AfterFunc(4*time.Second, func() { fyne.Do(func() { layer.remove(h) }) })
}

// openWeb opens a page in the person's browser.
func (w *window) openWeb(address string) {
	u, err := url.Parse(address)
	if err == nil {
		err = w.app.OpenURL(u)
	}
	w.fail(locale.T("error.page-not-opened"), err)
}

// enlarge shows something in most of the window, where a panel is too narrow for
// it.
func (w *window) enlarge(title string, content fyne.CanvasObject) {
	d := dialog.NewCustom(title, locale.T("action.close"), content, w.win)
	room := w.win.Canvas().Size()
	d.Resize(fyne.NewSize(room.Width-60, room.Height-40))
	d.Show()
}
