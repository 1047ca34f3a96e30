package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/sequence"
)

// storyPanel shows what happened to one operation, as a sequence diagram.
type storyPanel struct {
	b       *bench
	view    *sequence.View
	picks   [6]*widget.Button
	ops     [6]uint64
	lane    int
	title   *widget.Label
	asked   uint64 // the operation whose story is shown or on its way
	content fyne.CanvasObject
}

func newStoryPanel(b *bench) *storyPanel {
	p := &storyPanel{b: b, view: sequence.New(), title: widget.NewLabel("")}
	p.title.Wrapping = fyne.TextWrapWord
	names := [6]string{locale.T("Slowest"), locale.T("Lost"), locale.T("Doubled"), locale.T("Failed"), locale.T("Dead-lettered"), locale.T("Latest")}
	grid := container.NewGridWithColumns(3)
	for i, n := range names {
		p.picks[i] = widget.NewButton(n, func() { b.story(p.lane, p.ops[i]) })
		b.named["story:"+[6]string{"slowest", "lost", "doubled", "failed", "dead", "latest"}[i]] = p.picks[i]
		grid.Add(p.picks[i])
	}
	p.view.OnExport = func(name string, write func() ([]byte, error)) { b.s.saveAs(locale.T("Save the diagram"), name, write) }
	p.title.SetText(locale.T("Tap a message in the picture, or pick one here: what happened to it is told hop by hop."))
	p.content = container.NewBorder(container.NewVBox(grid, p.title), nil, nil, nil, p.view)
	if b.op != 0 {
		p.ask(b.lane, b.op)
	}
	return p
}

func (p *storyPanel) refresh(d *control.Board) {
	p.lane = min(max(p.b.lane, 0), len(d.Lanes)-1)
	if p.lane < 0 {
		return
	}
	k := d.Lanes[p.lane].Picks
	p.ops = [6]uint64{k.Slowest, k.Lost, k.Duplicated, k.Failed, k.DeadLettered, k.Last}
	for i, b := range p.picks {
		enable(b, p.ops[i] != 0)
	}
}

// ask finds the story of an operation, off the window's goroutine.
func (p *storyPanel) ask(lane int, op uint64) {
	p.asked, p.lane = op, lane
	p.title.SetText(locale.T("Looking it up …"))
	p.b.ctl.Story(lane, op, func(st control.Story, err error) {
		fyne.Do(func() {
			if p.asked != op {
				return
			}
			if err != nil {
				p.title.SetText(plain(err))
				return
			}
			p.show(st)
		})
	})
}

func (p *storyPanel) show(st control.Story) {
	text := locale.T("Operation %d of %s, from %s", st.Seq+1, st.Load, clock(st.Arrived, p.b.frame.Length))
	if st.Cut {
		text += " · " + locale.T("only its first part: it is very long")
	}
	p.title.SetText(text)
	p.view.Graph = p.b.scenes[p.lane].Graph
	p.view.SetStory(st)
}
