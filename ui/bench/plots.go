package bench

import (
	"io"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/figure"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/window"
)

// plotWall shows the chosen plots, as many side by side as fit, with one
// pointer shared by all that have the same time axis.
type plotWall struct {
	b       *Bench
	lanes   []*figure.Lane
	Shown   []figure.Plot
	of      [][]*figure.Lane // lanes that each figure shows
	Figures []*figure.Figure
	grid    *fyne.Container
	content fyne.CanvasObject
}

// mostPlots is the maximum number of plots shown together.
const mostPlots = 6

func newPlotWall(b *Bench) *plotWall {
	p := &plotWall{b: b, grid: container.New(&wallLayout{})}
	for i := range b.Scenes {
		lane, err := figure.LaneOf(i, b.Scenes[i].Design, b.Scenario.Designs[b.Designs[i]])
		if err != nil {
			b.host.Fail(locale.T("plot.not-drawn"), err)
			continue
		}
		lane.Word = Names(b.Words)
		p.lanes = append(p.lanes, lane)
	}
	choose := window.NewButton(palette.Icon("plots"), locale.T("plot.choose"), nil)
	choose.OnTapped = func() { p.menu(choose) }
	choose.Importance = widget.LowImportance
	b.Named["plots"] = choose
	save := window.NewButton(theme.DocumentSaveIcon(), locale.T("plot.save"), p.AskExport)
	save.Importance = widget.LowImportance
	b.Named["export"] = save
	p.content = container.NewBorder(nil, nil, nil, container.NewVBox(choose, save), p.grid)
	p.fill()
	return p
}

// wanted are the plots to show: those chosen, or, if none of them applies, the
// first that do.
func (p *plotWall) wanted() []string {
	if p.b.PlotIDs != nil {
		return p.b.PlotIDs
	}
	chosen := p.b.host.Prefs.StringList(prefPlots)
	if chosen != nil && len(chosen) == 0 {
		return nil // no plots is a valid choice
	}
	var first []string
	for _, plot := range figure.Plots() {
		switch {
		case !plot.Applies(p.lanes):
		case slices.Contains(chosen, plot.ID):
			return chosen
		case len(first) < 3:
			first = append(first, plot.ID)
		}
	}
	return first
}

const prefPlots = "plots"

func (p *plotWall) fill() {
	for _, f := range p.Figures {
		f.Close()
	}
	p.Shown, p.of, p.Figures, p.grid.Objects = nil, nil, nil, nil
	wanted := p.wanted()
	for _, plot := range figure.Plots() {
		if slices.Contains(wanted, plot.ID) && plot.Applies(p.lanes) && len(p.Shown) < mostPlots {
			p.add(plot)
		}
	}
	p.b.Controller.Watch(p.Watched())
	p.grid.Refresh()
	p.refresh(p.b.Board)
}

// Watched are the metrics and the distributions of the shown plots.
func (p *plotWall) Watched() (curves, bars []string) {
	for i := range p.Shown {
		c, b := figure.Watch(p.Shown[i:i+1], p.of[i])
		curves, bars = append(curves, c...), append(bars, b...)
	}
	slices.Sort(curves)
	slices.Sort(bars)
	return slices.Compact(curves), slices.Compact(bars)
}

// Redraw draws the plots of the present board again.
func (p *plotWall) Redraw() { p.refresh(p.b.Board) }

func (p *plotWall) add(plot figure.Plot) {
	f := figure.New()
	plot.Until = p.b.Until
	switch plot.ID {
	case "throughput", "attempts", "failures", "workers":
		plot.Calm = p.b.Until / 20
	}
	lanes := p.lanes
	if names := p.b.PlotOf[plot.ID]; len(names) > 0 {
		lanes = make([]*figure.Lane, len(p.lanes))
		for i := range lanes {
			lanes[i] = p.lanes[i].Only(names)
		}
	}
	p.Shown, p.of, p.Figures = append(p.Shown, plot), append(p.of, lanes), append(p.Figures, f)
	p.b.Named["plot:"+plot.ID] = f
	f.OnExport = func(kind figure.Export) { p.export(plot, f, kind) }
	if plot.Time {
		f.OnTap = func(x float64) { p.b.Jump(time.Duration(x * float64(time.Second))) }
		f.OnPoint = func(x float64) { p.point(f, x) }
	}
	p.grid.Add(f)
}

// point shows the pointer's position in one plot in the others too.
func (p *plotWall) point(from *figure.Figure, x float64) {
	for i, f := range p.Figures {
		if f != from && p.Shown[i].Time {
			f.SetPointer(x)
		}
	}
}

func (p *plotWall) export(plot figure.Plot, f *figure.Figure, kind figure.Export) {
	data, err := encode(func(w io.Writer) error { return f.Write(w, kind) }) // as shown now: the run may go on
	if err != nil {
		p.b.host.Fail(locale.T("plot.not-drawn"), err)
		return
	}
	p.b.host.SaveAs(locale.T("save.plot"), p.b.Scenario.Name+"-"+plot.ID+kind.Extension(), func(string) ([]byte, error) { return data, nil }, nil)
}

// AskExport asks which plot to save, and in which format.
func (p *plotWall) AskExport() {
	if len(p.Shown) == 0 {
		return
	}
	var titles []string
	for _, plot := range p.Shown {
		titles = append(titles, plot.Title)
	}
	which := widget.NewSelect(titles, nil)
	which.SetSelectedIndex(0)
	kinds := []figure.Export{figure.PNG, figure.SVG, figure.CSV}
	as := widget.NewRadioGroup([]string{locale.T("save.kind-png"), locale.T("save.kind-svg"), locale.T("save.kind-csv")}, nil)
	as.SetSelected(as.Options[0])
	var d dialog.Dialog
	ok := keyed.NewButton(locale.T("action.go-on"), theme.ConfirmIcon(), func() {
		d.Hide()
		i := which.SelectedIndex()
		p.export(p.Shown[i], p.Figures[i], kinds[max(0, slices.Index(as.Options, as.Selected))])
	})
	ok.Importance = widget.HighImportance
	cancel := keyed.NewButton(locale.T("action.cancel"), nil, func() { d.Hide() })
	d = dialog.NewCustomWithoutButtons(locale.T("save.a-plot"), container.NewVBox(which, as, container.NewGridWithColumns(2, cancel, ok)), p.b.host.Win)
	p.b.host.Asked = map[string]fyne.CanvasObject{"ask:ok": ok}
	d.Show()
}

func (p *plotWall) refresh(d *control.Board) {
	if len(d.Lanes) != len(p.b.Scenes) {
		return
	}
	said := p.b.worded(d)
	for i, f := range p.Figures {
		fig := p.Shown[i].Figure(said, p.of[i])
		if p.b.OnPlot != nil {
			p.b.OnPlot(p.Shown[i], p.of[i], &fig)
		}
		f.Set(fig)
	}
}

// menu offers the choice of plots.
func (p *plotWall) menu(from fyne.CanvasObject) {
	var items []*fyne.MenuItem
	on := func(id string) bool {
		return slices.ContainsFunc(p.Shown, func(s figure.Plot) bool { return s.ID == id })
	}
	for _, plot := range figure.Plots() {
		if !plot.Applies(p.lanes) {
			continue
		}
		item := fyne.NewMenuItem(plot.Title, func() { p.Toggle(plot.ID, !on(plot.ID)) })
		item.Checked = on(plot.ID)
		item.Disabled = !item.Checked && len(p.Shown) >= mostPlots
		items = append(items, item)
	}
	pop := widget.NewPopUpMenu(fyne.NewMenu("", items...), p.b.host.Win.Canvas())
	at := p.b.host.App.Driver().AbsolutePositionForObject(from)
	pop.ShowAtPosition(fyne.NewPos(at.X-pop.MinSize().Width, max(4, at.Y-pop.MinSize().Height)))
}

func (p *plotWall) Toggle(id string, on bool) {
	ids := append([]string{}, p.wanted()...) // including those that do not apply here
	ids = slices.DeleteFunc(ids, func(have string) bool { return have == id })
	if on {
		ids = append(ids, id)
	}
	if p.b.PlotIDs != nil {
		p.b.PlotIDs = ids
	} else {
		p.b.host.Prefs.Set(prefPlots, ids)
	}
	p.fill()
}

// wallLayout arranges figures in the grid whose cells have the best
// proportions.
type wallLayout struct{}

func (wallLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, 130) }

func (wallLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	n := len(objects)
	if n == 0 {
		return
	}
	const good, gap = 1.7, 4
	columns, best := 1, math.Inf(1)
	for c := 1; c <= n; c++ {
		rows := (n + c - 1) / c
		shape := float64(size.Width/float32(c)) / float64(size.Height/float32(rows))
		waste := float64(c*rows-n) / float64(c*rows)
		if d := math.Abs(math.Log(shape/good)) + waste; d < best {
			columns, best = c, d
		}
	}
	rows := (n + columns - 1) / columns
	w := (size.Width - gap*float32(columns-1)) / float32(columns)
	h := (size.Height - gap*float32(rows-1)) / float32(rows)
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i%columns)*(w+gap), float32(i/columns)*(h+gap)))
		o.Resize(fyne.NewSize(w, h))
	}
}
