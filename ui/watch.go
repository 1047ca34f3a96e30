package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/look"
)

// watchPlace is what Lab and Compare have in common: a scenario from the library
// or a file, on a bench, read again when the file changes on disk.
type watchPlace struct {
	host      *window
	name      string // "lab", "compare"
	b         *bench
	path      string
	sc        *scenarios.Scenario
	err       error // why it could not be read; its mistakes
	src       *control.Source
	stop      chan struct{} // ends the watching of the file
	shown     *fyne.Container
	startHere fyne.CanvasObject // the button of the page of what can be opened
	loading   int               // counts openings, so that only the newest counts

	pick   func(sc *scenarios.Scenario, wanted []string) []int // which designs to begin with
	wanted []string                                            // designs by name, from before a reload or from the last time
	header func() fyne.CanvasObject
}

func (w *watchPlace) pref(what string) string { return w.name + "." + what }

// open reads a scenario, off the window's goroutine, and puts it on the bench.
func (w *watchPlace) open(path string) {
	w.wanted = nil
	w.load(path)
}

func (w *watchPlace) load(path string) {
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
	w.path, w.src, w.err = path, src, err
	if src != nil && hasMistakes(src.Problems) {
		w.err = src.Problems
	}
	w.watch()
	if w.err != nil {
		w.sc = nil
		w.refill()
		return
	}
	w.host.remember(path)
	w.host.prefs.set(w.pref("scenario"), path)
	w.putOn(src.Scenario, w.pick(src.Scenario, w.wanted))
}

// putOn puts designs of a scenario on the bench.
func (w *watchPlace) putOn(sc *scenarios.Scenario, designs []int) {
	w.wanted = nil
	for _, d := range designs {
		w.wanted = append(w.wanted, sc.Designs[d].Name)
	}
	w.host.prefs.set(w.pref("designs"), w.wanted)
	w.b.open("scenario."+w.path, w.path, sc, designs, control.Options{}, func() {
		w.sc = sc
		w.refill()
	})
}

// watch looks once a second whether the file has changed.
func (w *watchPlace) watch() {
	if w.stop != nil {
		close(w.stop)
		w.stop = nil
	}
	if w.src == nil {
		return
	}
	stop := make(chan struct{})
	w.stop = stop
	path, src, clock := w.path, w.src, w.host.clock
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-clock.After(time.Second):
			}
			if src.Stale() {
				fyne.Do(func() {
					if w.src == src {
						w.load(path)
					}
				})
				return
			}
		}
	}()
}

func (w *watchPlace) build() fyne.CanvasObject {
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
	case w.err != nil:
		o = mistakesPage(w.path, w.err, func() { w.load(w.path) }, w.leaveScenario)
	case w.sc == nil || len(w.b.scenes) == 0:
		o = w.openPage(w.intro(), w.name == "lab", w.open)
	default:
		watched := w.b.build() // it forgets the names of controls, the header's too
		o = container.NewBorder(container.NewVBox(w.header(), widget.NewSeparator()), nil, nil, nil, watched)
	}
	w.shown.Objects = []fyne.CanvasObject{o}
	w.shown.Refresh()
	w.host.win.Canvas().Unfocus() // what had the focus is gone, and would still get the keys
}

func (w *watchPlace) intro() string {
	if w.name == "compare" {
		return locale.T("compare.intro")
	}
	return locale.T("lab.intro")
}

// leaveScenario goes back to the page of what can be opened.
func (w *watchPlace) leaveScenario() {
	w.b.ctl.Pause()
	w.sc, w.err, w.path, w.src = nil, nil, "", nil
	w.loading++ // what is still being read is wanted no more
	w.watch()
	w.host.prefs.set(w.pref("scenario"), "")
	w.refill()
}

// enter opens what was open the last time.
func (w *watchPlace) enter() {
	if w.sc == nil && w.err == nil && w.loading == 0 {
		if path := w.host.prefs.String(w.pref("scenario")); path != "" {
			w.wanted = w.host.prefs.StringList(w.pref("designs"))
			w.load(path)
		}
	}
}

func (w *watchPlace) leave() {
	w.b.ctl.Pause()
	w.shown = nil
}

func (w *watchPlace) close() {
	w.loading++ // what is still being read comes too late
	w.src = nil
	w.watch()
	w.b.close()
}

func (w *watchPlace) bench() *bench {
	if w.sc == nil || w.err != nil || w.shown == nil {
		return nil
	}
	return w.b
}

// titleBar names the scenario and says what it is about.
func (w *watchPlace) titleBar(more ...fyne.CanvasObject) fyne.CanvasObject {
	title := widget.NewLabelWithStyle(w.b.title(), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.Truncation = fyne.TextTruncateEllipsis
	home := newHintButton(look.Icon("scenario"), locale.T("scenario.open-another"), w.leaveScenario)
	home.Importance = widget.LowImportance
	about := newHintButton(theme.InfoIcon(), locale.T("scenario.about"), w.about)
	about.Importance = widget.LowImportance
	w.b.named["open-another"] = home
	right := container.NewHBox(more...)
	right.Add(about)
	return container.NewBorder(nil, nil, home, right, title)
}

func (w *watchPlace) about() {
	text := widget.NewLabel(locale.Word(w.b.words+".description", w.sc.Description))
	text.Selectable, text.Wrapping = true, fyne.TextWrapWord
	scroll := container.NewScroll(text)
	scroll.SetMinSize(fyne.NewSize(680, 380))
	dialog.NewCustom(w.b.title(), locale.T("action.close"), scroll, w.host.win).Show()
}

func (w *watchPlace) describe() map[string]string {
	d := map[string]string{"path": w.path, "mode": strconv.Itoa(int(w.b.frame.Mode)), "now": w.b.frame.Now.String(), "length": w.b.frame.Length.String(),
		"reached": w.b.frame.Reached.String(), "speed": fmt.Sprint(w.b.frame.Speed), "events": strconv.FormatUint(w.b.frame.Events, 10), "frames": strconv.FormatUint(w.b.drawn, 10),
		"changes": strconv.Itoa(len(w.b.board.Changes)), "chose": w.b.chose, "lanes": strconv.Itoa(len(w.b.scenes)), "fingerprints": strings.Trim(fmt.Sprint(w.b.board.Fingerprints), "[]")}
	if w.err != nil {
		d["mistakes"] = w.err.Error()
	}
	moving := 0
	for _, l := range w.b.frame.Lanes {
		moving += l.Moving
	}
	d["moving"] = strconv.Itoa(moving)
	return d
}

func (w *watchPlace) controls() map[string]fyne.CanvasObject {
	if w.bench() == nil {
		return map[string]fyne.CanvasObject{"start": w.startHere}
	}
	return w.b.controls()
}
