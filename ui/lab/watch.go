package lab

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/sim/draw"
	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// watchPlace is the common part of Lab and Compare: a scenario from the library
// or a file, on a bench, read again when the file changes on disk.
type watchPlace struct {
	host      *window.Window
	name      string // "lab", "compare"
	Workbench *bench.Bench
	path      string
	Scenario  *scenarios.Scenario
	Err       error // why the scenario could not be read; its mistakes
	Source    *control.Source
	Unsaved   *scenarios.Scenario // the scenario, where it is a text that no file has; nil: it is that of path
	stop      chan struct{}       // closing it ends the watching of the file
	shown     *fyne.Container
	startHere fyne.CanvasObject // the button of the page of scenarios to open
	loading   int               // counts openings, so that only the newest is used

	pick   func(sc *scenarios.Scenario, wanted []string) []int // the designs to open first
	Wanted []string                                            // names of the designs, from before a reload or from the last start
	header func() fyne.CanvasObject
}

func (w *watchPlace) pref(what string) string { return w.name + "." + what }

// Open reads a scenario, outside the window's goroutine, and puts it on the
// bench.
func (w *watchPlace) Open(path string) {
	w.Workbench.Leaving(func() {
		w.Wanted = nil
		w.Load(path)
	}, nil)
}

// OpenText puts a scenario on the bench that no file has; name is shown.
func (w *watchPlace) OpenText(name string, sc *scenarios.Scenario) {
	w.Workbench.Leaving(func() {
		w.loading++ // drops a scenario that is still being read
		w.path, w.Source, w.Err, w.Unsaved, w.Wanted = name, nil, nil, sc, nil
		w.watch()
		w.host.Prefs.Set(w.pref("scenario"), "")
		w.PutOn(sc, w.pick(sc, nil), control.Options{})
	}, nil)
}

func (w *watchPlace) Load(path string) {
	path = window.WholePath(path)
	w.loading++
	turn := w.loading
	go func() {
		src, err := control.Load(path)
		fyne.Do(func() {
			if turn == w.loading {
				w.loaded(path, src, err)
			}
		})
	}()
}

func (w *watchPlace) loaded(path string, src *control.Source, err error) {
	w.path, w.Source, w.Err, w.Unsaved = path, src, err, nil
	if src != nil && window.HasMistakes(src.Problems) {
		w.Err = src.Problems
	}
	w.watch()
	if w.Err != nil {
		w.Scenario = nil
		w.refill()
		return
	}
	w.host.Remember(path)
	w.host.Prefs.Set(w.pref("scenario"), path)
	w.PutOn(src.Scenario, w.pick(src.Scenario, w.Wanted), control.Options{})
}

// change puts other designs of the scenario on the bench, which go on from the same
// time at the same speed. undo is called if the person stays with the present ones.
func (w *watchPlace) change(designs []int, undo func()) {
	w.Workbench.Leaving(func() {
		w.PutOn(w.Scenario, designs, control.Options{At: w.Workbench.Frame.Now, Speed: w.Workbench.Frame.Speed})
	}, undo)
}

// PutOn puts designs of a scenario on the bench.
func (w *watchPlace) PutOn(sc *scenarios.Scenario, designs []int, opt control.Options) {
	w.Wanted = nil
	for _, d := range designs {
		w.Wanted = append(w.Wanted, sc.Designs[d].Name)
	}
	w.host.Prefs.Set(w.pref("designs"), w.Wanted)
	w.Workbench.Open("scenario."+w.path, w.path, sc, designs, opt, func() {
		w.Scenario = sc
		w.refill()
	})
}

// watch checks once a second whether the file has changed.
func (w *watchPlace) watch() {
	if w.stop != nil {
		close(w.stop)
		w.stop = nil
	}
	if w.Source == nil {
		return
	}
	stop := make(chan struct{})
	w.stop = stop
	path, src, clock := w.path, w.Source, w.host.Clock
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-clock.After(time.Second):
			}
			if src.Stale() {
				fyne.Do(func() {
					if w.Source == src {
						w.Workbench.Leaving(func() { w.Load(path) }, nil)
					}
				})
				return
			}
		}
	}()
}

func (w *watchPlace) Build() fyne.CanvasObject {
	w.shown = container.NewStack()
	w.refill()
	return w.shown
}

func (w *watchPlace) refill() {
	if w.shown == nil {
		return
	}
	var o fyne.CanvasObject
	switch {
	case w.Err != nil:
		o = window.MistakesPage(w.path, w.Err, func() { w.Load(w.path) }, w.LeaveScenario)
	case w.Scenario == nil || len(w.Workbench.Scenes) == 0:
		o = w.openPage(w.intro(), w.name == "lab", w.Open)
	default:
		watched := w.Workbench.Build() // Build clears the names of controls, including those of the header
		o = container.NewBorder(container.NewVBox(w.header(), widget.NewSeparator()), nil, nil, nil, watched)
	}
	w.shown.Objects = []fyne.CanvasObject{o}
	w.shown.Refresh()
	w.host.Win.Canvas().Unfocus() // the focused widget is gone, and would still receive the keys
}

func (w *watchPlace) intro() string {
	if w.name == "compare" {
		return locale.T("compare.intro")
	}
	return locale.T("lab.intro")
}

// LeaveScenario returns to the page of scenarios to open.
func (w *watchPlace) LeaveScenario() {
	w.Workbench.Leaving(w.close, nil)
}

func (w *watchPlace) close() {
	w.Workbench.Controller.Pause()
	w.Scenario, w.Err, w.path, w.Source, w.Unsaved = nil, nil, "", nil, nil
	w.loading++ // drops a scenario that is still being read
	w.watch()
	w.host.Prefs.Set(w.pref("scenario"), "")
	w.refill()
}

// Enter opens the scenario that was open last.
func (w *watchPlace) Enter() {
	if w.Scenario == nil && w.Err == nil && w.loading == 0 {
		if path := w.host.Prefs.String(w.pref("scenario")); path != "" {
			w.Wanted = w.host.Prefs.StringList(w.pref("designs"))
			w.Load(path)
		}
	}
}

func (w *watchPlace) Leave() {
	w.Workbench.Controller.Pause()
	w.shown = nil
}

func (w *watchPlace) Close() {
	w.loading++ // drops a scenario that is still being read
	w.Source = nil
	w.watch()
	w.Workbench.Close()
}

func (w *watchPlace) Bench() *bench.Bench {
	if w.Scenario == nil || w.Err != nil || w.shown == nil {
		return nil
	}
	return w.Workbench
}

// titleBar shows the title and summary of the scenario.
func (w *watchPlace) titleBar(more ...fyne.CanvasObject) fyne.CanvasObject {
	text := w.Workbench.Title()
	if w.Unsaved != nil {
		text = w.path + " · " + text
	}
	title := widget.NewLabelWithStyle(text, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.Truncation = fyne.TextTruncateEllipsis
	home := window.NewButton(palette.Icon("scenario"), locale.T("scenario.open-another"), w.LeaveScenario)
	home.Importance = widget.LowImportance
	about := window.NewButton(theme.InfoIcon(), locale.T("scenario.about"), w.About)
	about.Importance = widget.LowImportance
	w.Workbench.Named["open-another"] = home
	right := container.NewHBox(more...)
	right.Add(about)
	return container.NewBorder(nil, nil, home, right, title)
}

// About tells what the scenario is about, and what is in it.
func (w *watchPlace) About() {
	text := widget.NewLabel(w.aboutText())
	text.Selectable, text.Wrapping = true, fyne.TextWrapWord
	scroll := container.NewScroll(text)
	scroll.SetMinSize(fyne.NewSize(680, 380))
	dialog.NewCustom(w.Workbench.Title(), locale.T("action.close"), scroll, w.host.Win).Show()
}

// aboutText is the description, and a summary, which a scenario without a
// description has too.
func (w *watchPlace) aboutText() string {
	var parts []string
	part := func(title string, lines ...string) {
		if len(lines) > 0 {
			parts = append(parts, title+"\n"+strings.Join(lines, "\n"))
		}
	}
	sc, b := w.Scenario, w.Workbench
	if text := locale.Word(b.Words+".description", sc.Description); text != "" {
		parts = append(parts, text)
	}
	length := draw.FormatDuration(b.Board.Length.Seconds())
	if b.Board.Warmup > 0 {
		part(locale.T("about.run"), locale.T("about.run-warmup", length, draw.FormatDuration(b.Board.Warmup.Seconds()), sc.Run.Seed))
	} else {
		part(locale.T("about.run"), locale.T("about.run-text", length, sc.Run.Seed))
	}
	var designs, faults, expect []string
	for i, d := range sc.Designs {
		line := "• " + d.Name
		if i < len(sc.DesignTitles) && sc.DesignTitles[i] != d.Name && sc.DesignTitles[i] != sc.Title {
			line += ": " + locale.Word(b.Words+".design."+d.Name, sc.DesignTitles[i])
		}
		designs = append(designs, line)
		for k := range d.Faults {
			f := &d.Faults[k]
			line := "• " + f.Sentence(locale.Word, bench.Names(b.Words))
			if !f.HasEvery && f.When == "" {
				line = "• " + locale.T("about.fault-at", draw.FormatDuration(f.At.Seconds()), f.Sentence(locale.Word, bench.Names(b.Words)))
			}
			if !slices.Contains(faults, line) {
				faults = append(faults, line)
			}
		}
	}
	for _, e := range sc.Expect {
		expect = append(expect, "• "+e.Text)
	}
	part(locale.T("about.designs"), designs...)
	part(locale.T("about.faults"), faults...)
	part(locale.T("about.expect"), expect...)
	return strings.Join(parts, "\n\n")
}

func (w *watchPlace) Describe() map[string]string {
	d := map[string]string{"path": w.path, "mode": strconv.Itoa(int(w.Workbench.Frame.Mode)), "now": w.Workbench.Frame.Now.String(), "length": w.Workbench.Frame.Length.String(),
		"reached": w.Workbench.Frame.Reached.String(), "speed": fmt.Sprint(w.Workbench.Frame.Speed), "jumped": w.Workbench.Jumped.String(), "events": strconv.FormatUint(w.Workbench.Frame.Events, 10), "frames": strconv.FormatUint(w.Workbench.Drawn, 10),
		"changes": strconv.Itoa(len(w.Workbench.Board.Changes)), "chose": w.Workbench.Selected, "lanes": strconv.Itoa(len(w.Workbench.Scenes)), "fingerprints": strings.Trim(fmt.Sprint(w.Workbench.Board.Fingerprints), "[]")}
	if w.Err != nil {
		d["mistakes"] = w.Err.Error()
	}
	moving := 0
	for _, l := range w.Workbench.Frame.Lanes {
		moving += l.Moving
	}
	d["moving"] = strconv.Itoa(moving)
	return d
}

func (w *watchPlace) Controls() map[string]fyne.CanvasObject {
	if w.Bench() == nil {
		return map[string]fyne.CanvasObject{"start": w.startHere}
	}
	return w.Workbench.Controls()
}
