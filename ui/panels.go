package ui

import (
	"fyne.io/fyne/v2"

	"asynclab/ui/comparison"
	"asynclab/ui/control"
	"asynclab/ui/eventlog"
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

// tablePanel is the table of designs side by side.
type tablePanel struct {
	b       *bench
	view    *comparison.View
	content fyne.CanvasObject
}

func newTablePanel(b *bench) *tablePanel {
	p := &tablePanel{b: b, view: comparison.New()}
	p.content = p.view
	return p
}

func (p *tablePanel) refresh(d *control.Board) { p.view.SetBoard(p.b.designNames(), d) }

// designNames are the names of the designs on the bench, in the order of the lanes.
func (b *bench) designNames() []string {
	names := make([]string, len(b.scenes))
	for i := range b.scenes {
		names[i] = b.scenes[i].Design
	}
	return names
}
