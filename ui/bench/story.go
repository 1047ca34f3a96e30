package bench

import (
	"cmp"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/sequence"
	"asynclab/ui/window"
)

// storyPanel shows the story of one operation as a sequence diagram.
type storyPanel struct {
	b       *Bench
	View    *sequence.View
	picks   [6]*keyed.Button
	ops     [6]uint64
	lane    int
	design  *keyed.Select // the design of the stories; nil if there is only one
	Title   *widget.Label
	Larger  *window.Button
	large   *sequence.View // the enlarged diagram; nil: not shown
	Told    *control.Story // the story shown; nil: none
	ToldOf  int            // its lane
	asking  bool           // a story has been asked for and is not there yet
	asked   uint64         // the operation whose story is shown or loading, and its lane
	askedOf int
	Content fyne.CanvasObject
}

func newStoryPanel(b *Bench) *storyPanel {
	p := &storyPanel{b: b, View: sequence.New(), Title: widget.NewLabel("")}
	p.Title.Wrapping = fyne.TextWrapWord
	names := [6]string{locale.T("story.slowest"), locale.T("story.lost"), locale.T("story.duplicated"), locale.T("story.failed"), locale.T("story.dead-lettered"), locale.T("story.latest")}
	grid := container.NewGridWithColumns(3)
	for i, n := range names {
		p.picks[i] = keyed.NewButton(n, nil, func() { b.ShowStory(p.lane, p.ops[i]) })
		b.Named["story:"+[6]string{"slowest", "lost", "duplicated", "failed", "dead", "latest"}[i]] = p.picks[i]
		grid.Add(p.picks[i])
	}
	p.View.OnExport = p.export
	p.Larger = window.NewButton(theme.ViewFullScreenIcon(), locale.T("story.larger"), p.enlarge)
	p.Larger.Disable()
	b.Named["story-larger"] = p.Larger
	p.Title.SetText(locale.T("story.help"))
	head := container.NewVBox()
	if len(b.Scenes) > 1 {
		p.design = keyed.NewSelect(b.DesignNames(), nil)
		p.design.OnChanged = func(string) {
			p.lane = p.design.SelectedIndex()
			p.refresh(b.Board)
		}
		head.Add(p.design)
		b.Named["story:design"] = p.design
	}
	head.Add(grid)
	head.Add(container.NewBorder(nil, nil, nil, container.NewVBox(p.Larger), p.Title))
	p.Content = container.NewBorder(head, nil, nil, nil, p.View)
	p.turnTo(b.lane)
	if b.Followed != 0 {
		p.ask(b.lane, b.Followed)
	}
	return p
}

// turnTo switches to the stories of another design.
func (p *storyPanel) turnTo(lane int) {
	p.lane = min(max(lane, 0), len(p.b.Scenes)-1)
	if p.design != nil {
		p.design.SetSelectedIndex(p.lane)
	}
}

func (p *storyPanel) refresh(d *control.Board) {
	if p.lane >= len(d.Lanes) {
		return
	}
	k := d.Lanes[p.lane].Picks
	p.ops = [6]uint64{k.Slowest, k.Lost, k.Duplicated, k.Failed, k.DeadLettered, k.Last}
	for i, b := range p.picks {
		window.Enable(b, p.ops[i] != 0)
	}
	if p.grows(d.Now) {
		p.fetch()
	}
}

// grows reports whether the story that is shown is not that of the present
// moment: the run has gone on, or back.
func (p *storyPanel) grows(now time.Duration) bool {
	if p.asked == 0 || p.asking || p.b.Frame.Mode == control.Seeking {
		return false
	}
	return p.Told == nil || now < p.Told.Told || now > p.Told.Told && !p.Told.Over
}

// ask requests the story of an operation, outside the window's goroutine.
func (p *storyPanel) ask(lane int, op uint64) {
	p.asked, p.askedOf, p.Told = op, lane, nil
	p.turnTo(lane)
	p.Title.SetText(locale.T("story.loading"))
	p.fetch()
}

// fetch asks for the story up to now. One story is told at a time, so a long one
// is renewed less often.
func (p *storyPanel) fetch() {
	op, lane := p.asked, p.askedOf
	p.asking = true
	p.b.Controller.Story(lane, op, func(st control.Story, err error) {
		fyne.Do(func() {
			if p.asked != op || p.askedOf != lane {
				return
			}
			p.asking = false
			if err != nil {
				p.asked = 0
				p.Title.SetText(window.Plain(err))
				return
			}
			p.show(lane, st)
		})
	})
}

func (p *storyPanel) show(lane int, st control.Story) {
	text := locale.T("story.operation", st.Seq+1, cmp.Or(called(p.b.Words)(st.Load), st.Load), clock(st.Arrived, p.b.Frame.Length))
	if st.Cut {
		text += " · " + locale.T("story.cut")
	}
	if p.design != nil {
		text = locale.T("text.with-detail", p.b.LaneName(lane), text)
	}
	p.Title.SetText(text)
	p.Told, p.ToldOf = &st, lane
	p.Larger.Enable()
	p.tellIn(p.View)
	if p.large != nil && p.b.host.Win.Canvas().Overlays().Top() != nil {
		p.tellIn(p.large)
	}
}

func (p *storyPanel) tellIn(v *sequence.View) {
	v.Graph = p.b.Scenes[p.ToldOf].Graph
	v.SetStory(*p.Told)
}

func (p *storyPanel) export(name string, write func() ([]byte, error)) {
	p.b.host.SaveAs(locale.T("story.save"), name, func(string) ([]byte, error) { return write() }, nil)
}

// enlarge shows the story in most of the window.
func (p *storyPanel) enlarge() {
	v := sequence.New()
	v.OnExport = p.export
	p.tellIn(v)
	p.large = v
	p.b.host.Enlarge(p.Title.Text, v)
}
