package sweep

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/scenarios/study"
	"asynclab/scenarios/study/picture"
	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/figure"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// Place is the place in which a parameter is varied.
type Place struct {
	host    *window.Window
	inLab   func(name string, sc *scenarios.Scenario)
	inBuild func(name string, text []byte)

	name  string              // of the scenario, as it was asked for
	sc    *scenarios.Scenario // nil: the page of what can be opened is shown
	plan  plan
	asked int // scenarios asked for, so that only the last one is opened

	cancel context.CancelFunc // of the sweep that runs; nil: none
	turn   int                // sweeps begun
	doing  string             // what the sweep does now
	share  float64            // done of the jobs of this phase
	swept  *study.Swept       // the last result

	shown    *fyne.Container
	controls map[string]fyne.CanvasObject
	start    *keyed.Button
	stop     *keyed.Button
	state    *widget.Label
	bar      *widget.ProgressBar
	results  *fyne.Container
	figures  []*figure.Figure
}

// NewPlace makes the place; inLab shows a scenario in the lab, inBuild opens a text to
// edit and save.
func NewPlace(host *window.Window, inLab func(string, *scenarios.Scenario), inBuild func(string, []byte)) *Place {
	return &Place{host: host, inLab: inLab, inBuild: inBuild, controls: map[string]fyne.CanvasObject{}}
}

// Open reads a scenario, outside the window's goroutine.
func (p *Place) Open(name string) {
	name = window.WholePath(name)
	p.asked++
	turn := p.asked
	go func() {
		src, err := control.Load(name)
		if err == nil && window.HasMistakes(src.Problems) {
			err = src.Problems
		}
		fyne.Do(func() {
			switch {
			case turn != p.asked:
			case err != nil:
				p.host.Fail(locale.T("error.file-not-opened"), err)
			default:
				p.Vary(name, src.Scenario, "")
			}
		})
	}()
}

// Vary shows the plan for a parameter of a scenario; "" is its most important one.
func (p *Place) Vary(name string, sc *scenarios.Scenario, path string) {
	p.asked++
	p.end()
	if p.name != name || p.sc == nil || path == "" {
		p.plan = planOf(sc)
	}
	p.name, p.sc, p.swept = name, sc, nil
	if path != "" {
		p.plan.vary(sc, path)
	}
	p.refill()
}

// OpenResults goes on from the file of results of a sweep, as asynclab sweep --file writes
// it: its plan is asked for again, and what the file has is not run again. A file of
// another scenario than the one that is open opens that of the library.
func (p *Place) OpenResults(file string) {
	file = window.WholePath(file)
	p.asked++
	turn := p.asked
	name, sc := p.name, p.sc
	go func() {
		h, err := study.ReadHeader(file)
		if err == nil && (sc == nil || sc.Name != h.Scenario) {
			var src *control.Source
			name = h.Scenario
			if src, err = control.Load(name); err == nil {
				sc = src.Scenario
			} else {
				err = &study.InputError{Where: file, Msg: "is of the scenario " + name + ", which is not in the library", Hint: locale.T("sweep.open-first")}
			}
		}
		fyne.Do(func() {
			if turn != p.asked {
				return
			}
			if err == nil {
				p.Vary(name, sc, "")
				p.plan = planOf(sc)
				err = p.plan.of(file, h, sc)
			}
			if err != nil {
				p.host.Fail(locale.T("error.file-not-opened"), err)
				return
			}
			p.refill()
			p.Run()
		})
	}()
}

// end ends the sweep that runs.
func (p *Place) end() {
	if p.cancel != nil {
		p.cancel()
	}
	p.cancel, p.turn = nil, p.turn+1
}

// Build makes the content of the place.
func (p *Place) Build() fyne.CanvasObject {
	p.shown = container.NewStack()
	p.refill()
	return p.shown
}

func (p *Place) refill() {
	if p.shown == nil {
		return
	}
	clear(p.controls)
	p.closeFigures()
	var o fyne.CanvasObject
	if p.sc == nil {
		o = p.firstPage()
	} else {
		o = p.bench()
	}
	p.shown.Objects = []fyne.CanvasObject{o}
	p.shown.Refresh()
	p.host.Win.Canvas().Unfocus() // the focused widget is gone, and would still receive the keys
}

func (p *Place) firstPage() fyne.CanvasObject {
	title := widget.NewLabelWithStyle(locale.T("sweep.intro"), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.SizeName, title.Wrapping = theme.SizeNameHeadingText, fyne.TextWrapWord
	file := keyed.NewButton(locale.T("open.file"), theme.FolderOpenIcon(), func() { p.host.AskForFile(p.Open) })
	grid := container.NewGridWrap(window.ScenarioCardSize())
	for _, e := range scenarios.Library() {
		if !strings.HasPrefix(e.Name, "bench/") {
			c := window.ScenarioCard(locale.Word("scenario."+e.Name+".title", e.Title), e.Name, p.Open)
			p.controls["sweep:open:"+e.Name] = c
			grid.Add(c)
		}
	}
	page := container.NewVBox(title, container.NewHBox(file, p.openResults()), window.SectionTitle(locale.T("open.library")), grid)
	return container.NewVScroll(container.NewPadded(container.NewPadded(page)))
}

func (p *Place) openResults() *keyed.Button {
	b := keyed.NewButton(locale.T("sweep.open-results"), theme.FolderOpenIcon(), func() { p.host.AskFor(nil, p.OpenResults) })
	p.controls["sweep:results"] = b
	return b
}

// bench is the plan beside its results.
func (p *Place) bench() fyne.CanvasObject {
	home := window.NewButton(palette.Icon("scenario"), locale.T("scenario.open-another"), func() { p.end(); p.sc = nil; p.refill() })
	home.Importance = widget.LowImportance
	p.controls["open-another"] = home
	title := widget.NewLabelWithStyle(locale.Word("scenario."+p.name+".title", p.sc.Title), fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	title.Truncation = fyne.TextTruncateEllipsis
	p.results = container.NewVBox()
	whole := container.NewHSplit(window.NewForm(container.NewPadded(p.form())), container.NewVScroll(container.NewPadded(p.results)))
	whole.SetOffset(0.3)
	p.showProgress()
	p.showResults()
	return container.NewBorder(container.NewVBox(container.NewBorder(nil, nil, home, nil, title), widget.NewSeparator()), nil, nil, nil, whole)
}

// form asks for the plan.
func (p *Place) form() fyne.CanvasObject {
	form := container.New(layout.NewFormLayout())
	entry := func(name, label string, at *string) *keyed.Entry {
		e := keyed.NewEntry()
		e.SetText(*at)
		e.OnChanged = func(text string) { *at = strings.TrimSpace(text) }
		e.OnSubmitted = func(string) { p.Run() }
		p.controls["sweep:"+name] = e
		form.Add(widget.NewLabel(label))
		form.Add(e)
		return e
	}
	all := paths(p.sc)
	path := keyed.NewSelect(all, nil)
	path.Selected = p.plan.path
	p.controls["sweep:path"] = path
	form.Add(widget.NewLabel(locale.T("sweep.parameter")))
	form.Add(path)
	from := entry("from", locale.T("sweep.from"), &p.plan.from)
	to := entry("to", locale.T("sweep.to"), &p.plan.to)
	path.OnChanged = func(text string) {
		p.plan.vary(p.sc, text)
		p.plan.file = "" // its results are of another parameter
		from.SetText(p.plan.from)
		to.SetText(p.plan.to)
	}
	entry("points", locale.T("sweep.points"), &p.plan.points)
	ratio := keyed.NewCheck(locale.T("sweep.log"), func(on bool) { p.plan.log = on })
	ratio.Checked = p.plan.log
	form.Add(widget.NewLabel(""))
	form.Add(ratio)
	entry("reps", locale.T("sweep.replications"), &p.plan.reps)
	entry("metric", locale.T("sweep.metric"), &p.plan.metric).SetPlaceHolder(locale.T("sweep.metric-default"))
	designs := container.NewVBox()
	for i, d := range p.sc.Designs {
		c := keyed.NewCheck(d.Name, func(on bool) { p.plan.designs[i] = on })
		c.Checked = p.plan.designs[i]
		p.controls["sweep:design:"+d.Name] = c
		designs.Add(c)
	}
	form.Add(widget.NewLabel(locale.T("sweep.designs")))
	form.Add(designs)
	p.start = keyed.NewButton(locale.T("sweep.run"), theme.MediaPlayIcon(), p.Run)
	p.start.Importance = widget.HighImportance
	p.stop = keyed.NewButton(locale.T("action.cancel"), theme.MediaStopIcon(), p.Cancel)
	p.controls["sweep:run"], p.controls["sweep:cancel"] = p.start, p.stop
	p.state = widget.NewLabel("")
	p.state.Wrapping = fyne.TextWrapWord
	p.bar = widget.NewProgressBar()
	kept := window.Wrapped("")
	if p.plan.file != "" {
		kept.SetText(locale.T("sweep.kept", p.plan.file))
	}
	kept.Hidden = p.plan.file == ""
	return container.NewVBox(form, p.openResults(), kept, container.NewGridWithColumns(2, p.start, p.stop), p.bar, p.state)
}

// Run runs the sweep as it is asked for now.
func (p *Place) Run() {
	if p.sc == nil || p.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.turn++
	p.cancel, p.swept, p.doing, p.share = cancel, nil, locale.T("sweep.begins"), 0
	p.showProgress()
	p.showResults()
	turn, sc, plan := p.turn, p.sc, p.plan
	plan.designs = slices.Clone(plan.designs)
	tell := func(do func()) {
		fyne.Do(func() {
			if turn == p.turn {
				do()
			}
		})
	}
	go func() {
		defer cancel()
		out, err := p.execute(ctx, &plan, sc, tell)
		tell(func() {
			p.cancel, p.swept = nil, out
			p.showProgress()
			if err != nil {
				p.host.Fail(locale.T("sweep.failed"), err)
				return
			}
			p.showResults()
		})
	}()
}

// execute runs on a goroutine of its own.
func (p *Place) execute(ctx context.Context, plan *plan, sc *scenarios.Scenario, tell func(func())) (*study.Swept, error) {
	s, err := plan.study(sc, study.Build(study.Version))
	if err != nil {
		return nil, err
	}
	s.Curves = func(part *study.Swept) { tell(func() { p.swept = part; p.showResults() }) }
	last := time.Time{}
	runner := &study.Local{Parallel: max(1, runtime.GOMAXPROCS(0)-1), Status: func(st study.Status) { // one core is the window's
		if now := time.Now(); now.Sub(last) > 100*time.Millisecond {
			last = now
			tell(func() { p.share = st.Share; p.showProgress() })
		}
	}}
	var file *study.File
	if plan.file != "" {
		if file, err = study.OpenFile(plan.file, s.Header()); err != nil {
			return nil, err
		}
	}
	out, err := s.Execute(ctx, runner, file, func(phase string, runs int) {
		tell(func() { p.doing, p.share = locale.T("sweep.doing", phase, runs), 0; p.showProgress() })
	})
	if file != nil {
		err = errors.Join(err, file.Close())
	}
	return out, err
}

// Cancel ends the sweep; what is finished is shown.
func (p *Place) Cancel() {
	if p.cancel != nil {
		p.cancel()
	}
}

func (p *Place) showProgress() {
	if p.shown == nil || p.sc == nil {
		return
	}
	window.Enable(p.start, p.cancel == nil)
	window.Enable(p.stop, p.cancel != nil)
	p.bar.Hidden = p.cancel == nil
	p.bar.SetValue(p.share)
	text := ""
	switch {
	case p.cancel != nil:
		text = p.doing
	case p.swept != nil && p.swept.Interrupted:
		text = locale.T("sweep.cancelled", len(p.swept.Points))
	case p.swept != nil:
		text = locale.T("sweep.done", p.swept.Runs)
	}
	p.state.SetText(text)
}

// showResults shows the curves, and in words what was found on them.
func (p *Place) showResults() {
	if p.shown == nil || p.sc == nil {
		return
	}
	p.closeFigures()
	p.results.Objects = nil
	switch {
	case p.swept == nil || len(p.swept.Points) == 0:
		hint := window.Wrapped(locale.T("sweep.hint"))
		hint.Importance = widget.LowImportance
		p.results.Add(hint)
	default:
		for _, line := range append(p.swept.Sentences(), p.swept.Troubles()...) {
			p.results.Add(window.Wrapped(locale.Mistake(line)))
		}
		grid := container.NewGridWithColumns(1)
		all := picture.Figures(p.swept)
		if len(all) > 1 {
			grid = container.NewGridWithColumns(2)
		}
		for _, fig := range all[:min(len(all), study.MaxFigures)] {
			f := figure.New()
			f.Set(fig)
			f.OnTap = p.tapped
			room := canvas.NewRectangle(nil)
			room.SetMinSize(fyne.NewSize(200, 280))
			p.controls["sweep:figure:"+strconv.Itoa(len(p.figures))] = f
			p.figures = append(p.figures, f)
			grid.Add(container.NewStack(room, f))
		}
		p.results.Add(grid)
		tap := window.Wrapped(locale.T("sweep.tap"))
		tap.Importance = widget.LowImportance
		p.results.Add(tap)
	}
	p.results.Refresh()
}

func (p *Place) closeFigures() {
	for _, f := range p.figures {
		f.Close()
	}
	p.figures = nil
}

// tapped offers the designs at the value nearest to where a figure was tapped.
func (p *Place) tapped(x float64) {
	axis := p.swept.Axes[0]
	best := axis.Places[0]
	for i, at := range axis.Places {
		where, of := at.X, best.X
		if !axis.Number {
			where, of = float64(i), float64(slices.Index(axis.Places, best))
		}
		if abs(where-x) < abs(of-x) {
			best = at
		}
	}
	var items []*fyne.MenuItem
	for _, d := range p.swept.Designs {
		if _, err := d.Lookup(axis.Path); err == nil {
			items = append(items, fyne.NewMenuItem(locale.T("sweep.in-the-lab", d.Name, axis.Path, best.Text), func() { p.lab(d.Name, axis.Path, best.Text) }),
				fyne.NewMenuItem(locale.T("sweep.use", d.Name, axis.Path, best.Text), func() { p.use(d.Name, axis.Path, best.Text) }))
		}
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), p.host.Win.Canvas())
	p.host.Asked = map[string]fyne.CanvasObject{}
	for i, item := range menu.Items {
		p.host.Asked["ask:"+strconv.Itoa(i)] = item
	}
	size := p.host.Win.Canvas().Size()
	menu.ShowAtPosition(fyne.NewPos(size.Width/2, size.Height/2))
}

func abs(x float64) float64 { return max(x, -x) }

// lab shows a design with a value of the parameter in the lab.
func (p *Place) lab(design, path, value string) {
	sc, name := p.sc, p.sc.Name+", "+path+" = "+value
	go func() {
		with, err := sc.With(design, path, value)
		fyne.Do(func() {
			if err != nil {
				p.host.Fail(locale.T("sweep.failed"), err)
				return
			}
			for i, d := range with.Designs { // the lab opens the first
				if d.Name == design {
					with.Designs[0], with.Designs[i] = with.Designs[i], with.Designs[0]
					with.DesignTitles[0], with.DesignTitles[i] = with.DesignTitles[i], with.DesignTitles[0]
				}
			}
			p.inLab(name, with)
		})
	}()
}

// use opens the scenario with a value of the parameter in Build, where it is saved.
func (p *Place) use(design, path, value string) {
	sc, name := p.sc, p.name
	go func() {
		with, err := sc.With(design, path, value)
		var text []byte
		if err == nil {
			var b *scenarios.Bundle
			if b, err = with.Bundle(); err == nil {
				text = b.Text
			}
		}
		fyne.Do(func() {
			if err != nil {
				p.host.Fail(locale.T("sweep.failed"), err)
				return
			}
			p.inBuild(name, text)
		})
	}()
}

// Enter shows the place.
func (p *Place) Enter() {}

// Leave keeps a sweep that runs.
func (p *Place) Leave() { p.closeFigures(); p.shown = nil }

// Close ends a sweep that runs.
func (p *Place) Close() { p.asked++; p.closeFigures(); p.end() }

// Bench is none: nothing is watched here.
func (p *Place) Bench() *bench.Bench { return nil }

// Describe is the state of the place.
func (p *Place) Describe() map[string]string {
	d := map[string]string{"scenario": p.name, "running": strconv.FormatBool(p.cancel != nil), "points": "0"}
	if p.swept != nil {
		d["points"] = strconv.Itoa(len(p.swept.Points))
	}
	d["path"], d["from"], d["to"] = p.plan.path, p.plan.from, p.plan.to
	return d
}

// Controls are what can be pressed, by name.
func (p *Place) Controls() map[string]fyne.CanvasObject { return p.controls }
