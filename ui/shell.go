package ui

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/bench"
	"asynclab/ui/build"
	"asynclab/ui/control"
	"asynclab/ui/lab"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/sweep"
	"asynclab/ui/window"
)

// Options are the start options of the program.
type Options struct {
	Scenario string    // a path or a library name; empty: as at the last exit
	DataDir  string    // folder for progress and settings
	Lessons  []string  // further folders with lessons
	Size     fyne.Size // of the window; zero: as at the last exit
	Describe string    // a file that describes the content of the window continuously, for tests; empty: none
	Place    string    // "learn", "lab", "compare", "sweep", "build"; empty: as at the last exit
	End      func()    // ends the program, once all is stored; nil: by closing the window

	clock control.Clock // the clock of the runs; nil: the wall clock
}

// Shell is the window: a rail of places, and the current place.
type Shell struct {
	*window.Window
	opt Options

	places  []namedPlace
	at      int
	body    *fyne.Container
	rail    *fyne.Container
	theme   *palette.Theme
	closers []func()

	stopped  bool
	settings fyne.CanvasObject
}

// Open makes the window and fills it; the caller shows it and runs the app.
func Open(app fyne.App, opt Options) *Shell {
	w, lost := window.New(app, opt.clock, opt.DataDir)
	s := &Shell{Window: w, opt: opt}
	app.SetIcon(palette.AppIcon())
	locale.Use(s.Prefs.String(prefLanguage))
	s.applyTheme()
	s.Win = app.NewWindow("asynclab")
	s.Win.SetPadded(false)
	s.Win.Resize(s.firstSize())
	for _, row := range placeTable() {
		s.places = append(s.places, namedPlace{row.id, row.open(s)})
	}
	s.at = s.placeAt(s.Prefs.String(prefPlace))
	if opt.Place != "" {
		s.at = s.placeAt(opt.Place)
	}
	s.rebuild()
	s.keys()
	s.Win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { s.dropped(files) })
	s.Win.SetCloseIntercept(s.leave)
	app.Lifecycle().SetOnStopped(s.stop)
	if opt.Scenario != "" {
		s.openHere(opt.Scenario)
	}
	s.places[s.at].Enter()
	s.Fail(locale.T("error.settings-lost"), lost)
	s.NowThere()
	if opt.Describe != "" {
		s.closers = append(s.closers, describeTo(s, opt.Describe))
	}
	return s
}

// firstSize is the requested size, or the last one, or one that fits every
// screen.
func (s *Shell) firstSize() fyne.Size {
	if s.opt.Size.Width > 0 {
		return s.opt.Size
	}
	w, h := s.Prefs.Float(prefWidth), s.Prefs.Float(prefHeight)
	if w < 400 || h < 300 {
		w, h = 1280, 720
	}
	return fyne.NewSize(float32(w), float32(h))
}

// mode is light, dark, or the system's.
func (s *Shell) mode() string {
	if m := s.Prefs.String(prefTheme); m != "" {
		return m
	}
	return string(palette.System)
}

const (
	prefLanguage = "language"
	prefTheme    = "theme"
	prefPlace    = "place"
	prefScale    = "text.scale"
	prefWidth    = "window.width"
	prefHeight   = "window.height"
)

func (s *Shell) placeAt(id string) int {
	for i, p := range s.places {
		if p.id == id {
			return i
		}
	}
	return 0
}

// leave closes the window; it asks first if changes made by hand, or a text, would be lost.
func (s *Shell) leave() {
	leave := s.Close
	for _, b := range []*bench.Bench{s.lab().Workbench, s.compare().Workbench} { // a lesson sets up its changes again
		next := leave
		leave = func() { b.Leaving(next, nil) }
	}
	s.building().Leaving(leave)
}

// Close is the one end of the program: it stores the state, stops what runs, and ends.
func (s *Shell) Close() {
	if s.stopped {
		return
	}
	size := s.Win.Canvas().Size()
	s.Prefs.Set(prefWidth, float64(size.Width))
	s.Prefs.Set(prefHeight, float64(size.Height))
	s.Prefs.Set(prefPlace, s.places[s.at].id)
	s.stop()
	if s.opt.End != nil {
		s.opt.End()
		return
	}
	s.Win.Close()
}

// stop ends all background work of the window.
func (s *Shell) stop() {
	if s.stopped {
		return
	}
	s.stopped = true
	for _, p := range s.places {
		p.Close()
	}
	for _, c := range s.closers {
		c()
	}
	s.Prefs.Flush()
}

func (s *Shell) applyTheme() {
	s.theme = palette.NewTheme(palette.Mode(s.mode()))
	s.theme.Scale = s.scale()
	if s.body != nil { // it is built again: the toolkit need not refresh all of it before
		s.Win.SetContent(container.NewWithoutLayout())
	}
	s.App.Settings().SetTheme(s.theme)
}

// rebuild builds all of the content again, in the current language and colours.
func (s *Shell) rebuild() {
	s.rail = container.NewVBox()
	s.body = container.NewStack()
	s.fillRail()
	s.body.Objects = []fyne.CanvasObject{s.places[s.at].Build()}
	back := canvas.NewRectangle(s.theme.Color(palette.ColorStage, s.App.Settings().ThemeVariant()))
	rail := container.NewStack(back, container.NewPadded(container.NewBorder(s.rail, s.settingsButton(), nil, nil)))
	if s.Presenting {
		s.Show(s.body)
		return
	}
	s.Show(container.NewBorder(nil, nil, rail, nil, s.body))
}

// present shows the picture on the whole screen, or ends that.
func (s *Shell) present() {
	s.Presenting = !s.Presenting
	s.Win.SetFullScreen(s.Presenting)
	s.rebuild()
	if s.Presenting {
		s.Tell(locale.T("present.end"))
	}
}

// scales are the sizes of text that can be chosen.
var scales = []float32{1, 1.25, 1.5, 1.75, 2}

// scale is that of text; 1 is the usual one.
func (s *Shell) scale() float32 {
	if x := float32(s.Prefs.Float(prefScale)); slices.Contains(scales, x) {
		return x
	}
	return 1
}

func (s *Shell) setScale(x float32) {
	s.Prefs.Set(prefScale, float64(x))
	s.applyTheme()
	s.rebuild()
}

func (s *Shell) fillRail() {
	s.rail.Objects = nil
	for i, row := range placeTable() {
		b := newRailButton(palette.Icon(row.id), row.title, i == s.at, func() { s.goTo(i) })
		s.rail.Add(b)
	}
	s.rail.Refresh()
}

func (s *Shell) goTo(i int) {
	if i == s.at {
		return
	}
	s.places[s.at].Leave()
	s.at = i
	s.Prefs.Set(prefPlace, s.places[i].id)
	s.fillRail()
	s.body.Objects = []fyne.CanvasObject{s.places[i].Build()}
	s.body.Refresh()
	s.Win.Canvas().Unfocus() // the focused widget is gone, and would still receive the keys
	s.places[i].Enter()
}

func (s *Shell) goToPlace(id string) { s.goTo(s.placeAt(id)) }

// bench is the bench shown; nil if there is none.
func (s *Shell) bench() *bench.Bench { return s.places[s.at].Bench() }

func (s *Shell) lab() *lab.Lab         { return s.places[s.placeAt("lab")].place.(*lab.Lab) }
func (s *Shell) compare() *lab.Compare { return s.places[s.placeAt("compare")].place.(*lab.Compare) }

func (s *Shell) building() *build.Place { return s.places[s.placeAt("build")].place.(*build.Place) }

// openHere opens a scenario in the current place, or else in the lab.
func (s *Shell) openHere(name string) {
	switch s.places[s.at].id {
	case "compare":
		s.openInCompare(name)
	case "build":
		s.openInBuild(name)
	case "sweep":
		s.places[s.at].place.(*sweep.Place).Open(name)
	default:
		s.openInLab(name)
	}
}

// openInBuild opens the text of a scenario, or a copy of one of the library, and goes
// there.
func (s *Shell) openInBuild(name string) {
	s.building().Open(name)
	s.goToPlace("build")
}

// useInBuild opens a scenario in Build with another text.
func (s *Shell) useInBuild(name string, text []byte) {
	s.building().OpenWith(name, text)
	s.goToPlace("build")
}

// openTextInLab shows a scenario in the lab: that of a file if sc is nil.
func (s *Shell) openTextInLab(name string, sc *scenarios.Scenario) {
	if sc == nil {
		s.openInLab(name)
		return
	}
	s.lab().OpenText(name, sc)
	s.goToPlace("lab")
}

// varyInSweep shows the plan of a sweep over a parameter of a scenario.
func (s *Shell) varyInSweep(name string, sc *scenarios.Scenario, path string) {
	s.places[s.placeAt("sweep")].place.(*sweep.Place).Vary(name, sc, path)
	s.goToPlace("sweep")
}

// openTextInCompare shows a scenario in Compare: that of a file or the library if sc is
// nil.
func (s *Shell) openTextInCompare(name string, sc *scenarios.Scenario) {
	if sc == nil {
		s.openInCompare(name)
		return
	}
	s.compare().OpenText(name, sc)
	s.goToPlace("compare")
}

// openInLab opens a scenario by its path or library name and goes there.
func (s *Shell) openInLab(name string) {
	s.lab().Open(name)
	s.goToPlace("lab")
}

// openInCompare opens a scenario by its path or library name and goes there.
func (s *Shell) openInCompare(name string) {
	s.compare().Open(name)
	s.goToPlace("compare")
}

func (s *Shell) dropped(files []fyne.URI) {
	for _, f := range files {
		if f.Scheme() == "file" {
			s.openHere(f.Path())
			return
		}
	}
}

func (s *Shell) settingsButton() fyne.CanvasObject {
	var b *window.Button
	s.settings = nil
	b = window.NewButton(theme.SettingsIcon(), locale.T("settings.title"), func() {
		at := s.App.Driver().AbsolutePositionForObject(b)
		menu := widget.NewPopUpMenu(s.settingsMenu(), s.Win.Canvas())
		menu.ShowAtPosition(fyne.NewPos(at.X+b.Size().Width+4, at.Y-menu.MinSize().Height+b.Size().Height))
	})
	b.Importance = widget.LowImportance
	s.settings = b
	return b
}

func (s *Shell) settingsMenu() *fyne.Menu {
	choose := func(label, value, pref string, now string, then func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() {
			s.Prefs.Set(pref, value)
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
	sizes := []*fyne.MenuItem{}
	for _, x := range scales {
		i := fyne.NewMenuItem(fmt.Sprintf("%.0f %%", x*100), func() { s.setScale(x) })
		i.Checked = x == s.scale()
		sizes = append(sizes, i)
	}
	sizeItem := fyne.NewMenuItem(locale.T("settings.text-size"), nil)
	sizeItem.ChildMenu = fyne.NewMenu("", sizes...)
	themeItem, langItem := fyne.NewMenuItem(locale.T("theme.title"), nil), fyne.NewMenuItem("Language · 语言", nil)
	themeItem.ChildMenu, langItem.ChildMenu = fyne.NewMenu("", themes...), fyne.NewMenu("", langs...)
	return fyne.NewMenu("", sizeItem, langItem, themeItem, // the one with the most choices first: they open downwards
		fyne.NewMenuItem(locale.T("present.title"), s.present), fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(locale.T("keys.title"), s.showKeys),
		fyne.NewMenuItem(locale.T("about.title"), s.showAbout))
}

func (s *Shell) setTheme(mode string) {
	s.Prefs.Set(prefTheme, mode)
	s.applyTheme()
	s.rebuild()
}

func (s *Shell) setLanguage(tag string) {
	s.Prefs.Set(prefLanguage, tag)
	locale.Use(tag)
	s.rebuild()
}

func (s *Shell) showAbout() {
	text := widget.NewLabel(locale.T("about.text"))
	text.Wrapping = fyne.TextWrapWord
	licence := widget.NewLabel(locale.T("about.licence"))
	licence.Wrapping, licence.Importance = fyne.TextWrapWord, widget.LowImportance
	d := dialog.NewCustom("asynclab", locale.T("action.close"), container.New(layout.NewGridWrapLayout(window.WithText(460, 200)), container.NewVBox(text, licence)), s.Win)
	d.Show()
}

// ShowAndRun shows the window and runs the app until it is closed.
func (s *Shell) ShowAndRun() { s.Win.ShowAndRun() }
