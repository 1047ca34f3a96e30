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
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/look"
)

// Options is what the program is started with.
type Options struct {
	Scenario string    // a path or a library name; empty: where one left off
	DataDir  string    // where progress is kept
	Lessons  []string  // further folders with lessons
	Size     fyne.Size // of the window; zero: as the last time
	Describe string    // a file that is kept up to date with what the window shows, for tests; empty: none
	Place    string    // "learn", "lab", "compare"; empty: where one left off

	clock control.Clock // that the runs are played by; nil: the wall's
}

// Shell is the window: a rail of places, and the place one is in.
type Shell struct {
	app   fyne.App
	win   fyne.Window
	opt   Options
	prefs *settings

	places  []place
	at      int
	body    *fyne.Container
	rail    *fyne.Container
	hints   *hintLayer
	theme   *look.Theme
	closers []func()

	stopped   bool
	settings  fyne.CanvasObject
	later     []func() // what is told once the window is there
	startHere fyne.CanvasObject
	errors    []string                     // told so far
	asked     map[string]fyne.CanvasObject // controls of the dialog that was opened last, by name
}

// place is one of the rooms of the window. Its state outlives its content,
// which is made anew when the language or the theme changes.
type place interface {
	id() string
	title() string
	icon() fyne.Resource
	build() fyne.CanvasObject // new content for the state as it is
	enter()
	leave()
	bench() *bench
	close()
}

// Open makes the window and fills it; the caller shows it and runs the app.
func Open(app fyne.App, opt Options) *Shell {
	if opt.clock == nil {
		opt.clock = control.WallClock{}
	}
	s := &Shell{app: app, opt: opt}
	var lost error
	s.prefs, lost = loadSettings(filepath.Join(opt.DataDir, "settings.json"))
	app.SetIcon(look.AppIcon())
	locale.Use(s.prefs.String(prefLanguage))
	s.applyTheme()
	s.win = app.NewWindow("asynclab")
	s.win.SetPadded(false)
	s.win.Resize(s.firstSize())
	s.places = []place{newLearn(s), newLab(s), newCompare(s)}
	s.at = s.placeAt(s.prefs.String(prefPlace))
	if opt.Place != "" {
		s.at = s.placeAt(opt.Place)
	}
	s.rebuild()
	s.keys()
	s.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { s.dropped(files) })
	s.win.SetCloseIntercept(s.Close)
	app.Lifecycle().SetOnStopped(s.stop)
	if opt.Scenario != "" {
		s.openHere(opt.Scenario)
	}
	s.places[s.at].enter()
	s.fail(locale.T("error.settings-lost"), lost)
	for _, do := range s.later {
		do()
	}
	if opt.Describe != "" {
		s.closers = append(s.closers, describeTo(s, opt.Describe))
	}
	return s
}

// firstSize is what was asked for, or as it was left, or what every screen has.
func (s *Shell) firstSize() fyne.Size {
	if s.opt.Size.Width > 0 {
		return s.opt.Size
	}
	w, h := s.prefs.Float(prefWidth), s.prefs.Float(prefHeight)
	if w < 400 || h < 300 {
		w, h = 1280, 720
	}
	return fyne.NewSize(float32(w), float32(h))
}

// mode is light, dark, or as the system.
func (s *Shell) mode() string {
	if m := s.prefs.String(prefTheme); m != "" {
		return m
	}
	return string(look.System)
}

// Window is the window itself.
func (s *Shell) Window() fyne.Window { return s.win }

const (
	prefLanguage = "language"
	prefTheme    = "theme"
	prefPlace    = "place"
	prefWidth    = "window.width"
	prefHeight   = "window.height"
	prefRecent   = "recent"
)

func (s *Shell) placeAt(id string) int {
	for i, p := range s.places {
		if p.id() == id {
			return i
		}
	}
	return 0
}

// Close remembers how things are, stops what runs, and closes the window.
func (s *Shell) Close() {
	size := s.win.Canvas().Size()
	s.prefs.set(prefWidth, float64(size.Width))
	s.prefs.set(prefHeight, float64(size.Height))
	s.prefs.set(prefPlace, s.places[s.at].id())
	s.stop()
	s.win.Close()
}

// stop ends everything that runs beside the window.
func (s *Shell) stop() {
	if s.stopped {
		return
	}
	s.stopped = true
	for _, p := range s.places {
		p.close()
	}
	for _, c := range s.closers {
		c()
	}
	s.prefs.flush()
}

func (s *Shell) applyTheme() {
	s.theme = look.NewTheme(look.Mode(s.mode()))
	s.app.Settings().SetTheme(s.theme)
}

// rebuild makes all of the content anew, in the language and colours of now.
func (s *Shell) rebuild() {
	s.hints = newHintLayer(s.win.Canvas())
	s.rail = container.NewVBox()
	s.body = container.NewStack()
	s.fillRail()
	s.body.Objects = []fyne.CanvasObject{s.places[s.at].build()}
	back := canvas.NewRectangle(s.theme.Color(look.ColorStage, s.app.Settings().ThemeVariant()))
	rail := container.NewStack(back, container.NewPadded(container.NewBorder(s.rail, s.settingsButton(), nil, nil)))
	s.win.SetContent(container.NewStack(container.NewBorder(nil, nil, rail, nil, s.body), s.hints))
}

func (s *Shell) fillRail() {
	s.rail.Objects = nil
	for i, p := range s.places {
		b := newRailButton(p.icon(), p.title(), i == s.at, func() { s.goTo(i) })
		s.rail.Add(b)
	}
	s.rail.Refresh()
}

func (s *Shell) goTo(i int) {
	if i == s.at {
		return
	}
	s.places[s.at].leave()
	s.at = i
	s.prefs.set(prefPlace, s.places[i].id())
	s.fillRail()
	s.body.Objects = []fyne.CanvasObject{s.places[i].build()}
	s.body.Refresh()
	s.win.Canvas().Unfocus() // what had the focus is gone, and would still get the keys
	s.places[i].enter()
}

func (s *Shell) goToPlace(id string) { s.goTo(s.placeAt(id)) }

// bench is the one in front of the person; nil where there is none.
func (s *Shell) bench() *bench { return s.places[s.at].bench() }

func (s *Shell) lab() *labPlace         { return s.places[s.placeAt("lab")].(*labPlace) }
func (s *Shell) compare() *comparePlace { return s.places[s.placeAt("compare")].(*comparePlace) }

// openHere opens a scenario in the place where one is, or else in the lab.
func (s *Shell) openHere(name string) {
	if s.places[s.at] == place(s.compare()) {
		s.compare().open(name)
		return
	}
	s.openInLab(name)
}

// openInLab opens a scenario by its path or library name and goes there.
func (s *Shell) openInLab(name string) {
	s.lab().open(name)
	s.goToPlace("lab")
}

func (s *Shell) dropped(files []fyne.URI) {
	for _, f := range files {
		if f.Scheme() == "file" {
			s.openInLab(f.Path())
			return
		}
	}
}

func (s *Shell) settingsButton() fyne.CanvasObject {
	var b *hintButton
	s.settings = nil
	b = newHintButton(theme.SettingsIcon(), locale.T("settings.title"), func() {
		at := s.app.Driver().AbsolutePositionForObject(b)
		menu := widget.NewPopUpMenu(s.settingsMenu(), s.win.Canvas())
		menu.ShowAtPosition(fyne.NewPos(at.X+b.Size().Width+4, at.Y-menu.MinSize().Height+b.Size().Height))
	})
	b.Importance = widget.LowImportance
	s.settings = b
	return b
}

func (s *Shell) settingsMenu() *fyne.Menu {
	choose := func(label, value, pref string, now string, then func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() {
			s.prefs.set(pref, value)
			then()
		})
		i.Checked = now == value
		return i
	}
	mode := s.mode()
	themes := []*fyne.MenuItem{}
	for _, m := range []struct{ value, label string }{{"system", locale.T("theme.system")}, {"light", locale.T("theme.light")}, {"dark", locale.T("theme.dark")}} {
		themes = append(themes, choose(m.label, m.value, prefTheme, mode, func() { s.applyTheme(); s.rebuild() }))
	}
	langs := []*fyne.MenuItem{}
	for _, l := range locale.Languages() {
		langs = append(langs, choose(l.Name, l.Tag, prefLanguage, locale.Current(), func() { locale.Use(l.Tag); s.rebuild() }))
	}
	themeItem, langItem := fyne.NewMenuItem(locale.T("theme.title"), nil), fyne.NewMenuItem("Language · 语言", nil)
	themeItem.ChildMenu, langItem.ChildMenu = fyne.NewMenu("", themes...), fyne.NewMenu("", langs...)
	return fyne.NewMenu("", langItem, themeItem, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(locale.T("keys.title"), s.showKeys),
		fyne.NewMenuItem(locale.T("about.title"), s.showAbout))
}

func (s *Shell) setTheme(mode string) {
	s.prefs.set(prefTheme, mode)
	s.applyTheme()
	s.rebuild()
}

func (s *Shell) setLanguage(tag string) {
	s.prefs.set(prefLanguage, tag)
	locale.Use(tag)
	s.rebuild()
}

func (s *Shell) showAbout() {
	text := widget.NewLabel(locale.T("about.text"))
	text.Wrapping = fyne.TextWrapWord
	licence := widget.NewLabel(locale.T("about.licence"))
	licence.Wrapping, licence.Importance = fyne.TextWrapWord, widget.LowImportance
	d := dialog.NewCustom("asynclab", locale.T("action.close"), container.New(layout.NewGridWrapLayout(fyne.NewSize(460, 200)), container.NewVBox(text, licence)), s.win)
	d.Show()
}

// soon does something once the window is there.
func (s *Shell) soon(do func()) {
	if s.rail != nil {
		do()
		return
	}
	s.later = append(s.later, do)
}

// fail tells of something that did not work, in plain words, with a way on.
func (s *Shell) fail(what string, err error) {
	if err == nil {
		return
	}
	const most = 100
	if s.errors = append(s.errors, what+": "+err.Error()); len(s.errors) > most {
		s.errors = s.errors[1:]
	}
	text := widget.NewLabel(plain(err))
	text.Wrapping = fyne.TextWrapWord
	text.Selectable = true
	scroll := container.NewVScroll(text)
	scroll.SetMinSize(fyne.NewSize(520, 120))
	d := dialog.NewCustom(what, locale.T("action.close"), scroll, s.win)
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

// recent lists the scenarios opened last, newest first.
func (s *Shell) recent() []string { return s.prefs.StringList(prefRecent) }

func (s *Shell) remember(name string) {
	const most = 8
	if filepath.IsAbs(name) {
		if abs, err := filepath.Abs(name); err == nil {
			name = abs
		}
	}
	out := []string{name}
	for _, r := range s.recent() {
		if r != name && len(out) < most {
			out = append(out, r)
		}
	}
	s.prefs.set(prefRecent, out)
}

// tell says that something is done, for a moment, where it disturbs nobody.
func (s *Shell) tell(text string) {
	h := s.hints.show(text, fyne.NewPos(s.win.Canvas().Size().Width/2, s.win.Canvas().Size().Height-90), fyne.NewSize(0, 0), s.win.Canvas().Size())
	layer := s.hints
	time.AfterFunc(4*time.Second, func() { fyne.Do(func() { layer.remove(h) }) })
}

// openWeb opens a page in the person's browser.
func (s *Shell) openWeb(address string) {
	u, err := url.Parse(address)
	if err == nil {
		err = s.app.OpenURL(u)
	}
	s.fail(locale.T("error.page-not-opened"), err)
}
