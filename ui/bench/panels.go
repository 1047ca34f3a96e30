package bench

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"asynclab/ui/comparison"
	"asynclab/ui/control"
	"asynclab/ui/eventlog"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

// logPanel is the event log; a tap on a line shows the story of its operation.
type logPanel struct {
	b       *Bench
	view    *eventlog.View
	Content fyne.CanvasObject
}

func newLogPanel(b *Bench) *logPanel {
	p := &logPanel{b: b, view: eventlog.New()}
	p.view.OnPick = b.ShowStory
	p.view.Name = func(node string) string { return called(b.Words)(node) }
	p.Content = p.view
	return p
}

func (p *logPanel) refresh(d *control.Board) {
	p.view.Lanes = p.b.DesignNames()
	p.view.Set(d)
}

// tablePanel is the table of designs side by side: of the run that is shown, or
// of a trial.
type tablePanel struct {
	b       *Bench
	View    *comparison.View
	Large   *comparison.View // the enlarged table; nil: not shown
	bar     *trialBar
	content fyne.CanvasObject
}

func newTablePanel(b *Bench) *tablePanel {
	p := &tablePanel{b: b, View: comparison.New()}
	p.View.Brief = true
	p.bar = newTrialBar(b, p.fill)
	large := window.NewButton(theme.ViewFullScreenIcon(), locale.T("table.larger"), p.enlarge)
	b.Named["table-larger"] = large
	p.content = container.NewBorder(nil, container.NewPadded(container.NewBorder(nil, nil, nil, large, p.bar.content)), nil, nil, p.View)
	return p
}

func (p *tablePanel) refresh(*control.Board) { p.fill() }

// fill shows the current numbers.
func (p *tablePanel) fill() {
	p.bar.show()
	if p.b.host.Win.Canvas().Overlays().Top() == nil {
		p.Large = nil // the enlarged table was closed
	}
	for _, v := range []*comparison.View{p.View, p.Large} {
		switch trial := p.b.Trial; {
		case v == nil:
		case trial != nil && trial.Result != nil:
			v.Set(trial.Result.Designs)
		default:
			v.SetBoard(p.b.DesignNames(), p.b.Board)
		}
	}
}

func (p *tablePanel) enlarge() {
	p.Large = comparison.New()
	p.b.host.Enlarge(p.b.Title(), p.Large)
	p.fill()
}

// DesignNames are the names of the designs on the bench, in the order of the lanes.
func (b *Bench) DesignNames() []string {
	names := make([]string, len(b.Scenes))
	for i := range b.Scenes {
		names[i] = b.Scenes[i].Design
	}
	return names
}
