package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"asynclab/ui/comparison"
	"asynclab/ui/control"
	"asynclab/ui/eventlog"
	"asynclab/ui/locale"
)

// logPanel is the event log; a line leads to the story of its operation.
type logPanel struct {
	b       *bench
	view    *eventlog.View
	content fyne.CanvasObject
}

func newLogPanel(b *bench) *logPanel {
	p := &logPanel{b: b, view: eventlog.New()}
	p.view.OnPick = b.story
	p.content = p.view
	return p
}

func (p *logPanel) refresh(d *control.Board) {
	p.view.Lanes = p.b.designNames()
	p.view.Set(d)
}

// tablePanel is the table of designs side by side: of the run that is watched, or
// of a trial.
type tablePanel struct {
	b       *bench
	view    *comparison.View
	large   *comparison.View // with all there is to read; nil: not shown
	bar     *trialBar
	content fyne.CanvasObject
}

func newTablePanel(b *bench) *tablePanel {
	p := &tablePanel{b: b, view: comparison.New()}
	p.view.Brief = true
	p.bar = newTrialBar(b, p.fill)
	large := newHintButton(theme.ViewFullScreenIcon(), locale.T("table.larger"), p.enlarge)
	b.named["table-larger"] = large
	p.content = container.NewBorder(nil, container.NewPadded(container.NewBorder(nil, nil, nil, large, p.bar.content)), nil, nil, p.view)
	return p
}

func (p *tablePanel) refresh(*control.Board) { p.fill() }

// fill shows the numbers as they are now.
func (p *tablePanel) fill() {
	p.bar.show()
	if p.b.host.win.Canvas().Overlays().Top() == nil {
		p.large = nil // it was put away
	}
	for _, v := range []*comparison.View{p.view, p.large} {
		switch trial := p.b.trial; {
		case v == nil:
		case trial != nil && trial.result != nil:
			v.Set(trial.result.Designs)
		default:
			v.SetBoard(p.b.designNames(), p.b.board)
		}
	}
}

func (p *tablePanel) enlarge() {
	p.large = comparison.New()
	p.b.host.enlarge(p.b.title(), p.large)
	p.fill()
}

// designNames are the names of the designs on the bench, in the order of the lanes.
func (b *bench) designNames() []string {
	names := make([]string, len(b.scenes))
	for i := range b.scenes {
		names[i] = b.scenes[i].Design
	}
	return names
}
