package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/look"
	"asynclab/ui/stage"
)

type stageView = stage.Stage

// bench is where one or more designs of a scenario are watched under one clock.
// It outlives its widgets: build makes them anew.
type bench struct {
	host *window
	ctl  *control.Controller
	box  inbox
	onBench
	scenes  []control.Scene
	next    onBench              // what is to be opened, while opening is not 0
	opening int                  // openings that the controller has not answered yet
	until   time.Duration        // where the timeline ends, when before the end of the run; 0: there
	guard   func() bool          // whether it may run now; nil: always
	onFrame func(*control.Frame) // after a frame was shown; may be nil
	onBoard func(*control.Board)
	front   *container.TabItem  // a panel before the others, on the left; nil: they are on the right
	plotIDs []string            // what a lesson asks for; nil: what the person chose
	plotOf  map[string][]string // of which loads, services, queues; otherwise of all

	frame *control.Frame
	board *control.Board
	lane  int    // of what is selected
	chose string // the element that is selected; ""
	op    uint64 // the operation that is followed

	stages    []*stageView
	transport *transport
	plots     *plotWall
	element   *elementPanel
	changes   *changesPanel
	stories   *storyPanel
	log       *logPanel
	table     *tablePanel
	trial     *trial // nil: none runs, and none is shown
	tabs      *container.AppTabs
	splits    []*container.Split           // that divide the bench, from the whole inwards
	named     map[string]fyne.CanvasObject // for those who drive the window by program
	drawn     uint64                       // frames shown
}

// onBench is what is on a bench, or will be.
type onBench struct {
	words   string // what the ids of its translated texts begin with: "scenario.order-flow"
	path    string // as it was opened
	sc      *scenarios.Scenario
	designs []int
	then    func() // when it is there
}

func newBench(host *window) *bench {
	b := &bench{host: host, frame: &control.Frame{}, board: &control.Board{}, named: map[string]fyne.CanvasObject{}}
	b.box.frame, b.box.boards = b.setFrame, b.setBoard
	b.ctl = control.NewController(host.clock)
	b.ctl.OnFrame, b.ctl.OnBoard = b.box.putFrame, b.box.putBoard
	b.ctl.OnOpen = func(scenes []control.Scene) { fyne.Do(func() { b.opened(scenes) }) }
	b.ctl.OnError = func(err error) { fyne.Do(func() { b.opening = 0; host.fail(locale.T("error.command-failed"), err) }) }
	return b
}

// open puts designs of a scenario on the bench, stopped at the start; then is
// called when they are there. The ids of translated titles begin with words.
func (b *bench) open(words, path string, sc *scenarios.Scenario, designs []int, opt control.Options, then func()) {
	b.next = onBench{words, path, sc, designs, then}
	b.opening++
	b.ctl.Open(sc, designs, opt)
}

func (b *bench) opened(scenes []control.Scene) {
	if b.opening = max(0, b.opening-1); b.opening > 0 {
		return // another one is wanted by now
	}
	b.dropTrial()
	b.onBench, b.scenes = b.next, scenes
	b.lane, b.chose, b.op = 0, "", 0
	b.frame, b.board = &control.Frame{}, &control.Board{}
	if b.then != nil {
		b.then()
	}
}

func (b *bench) close() {
	b.dropTrial()
	b.box.close()
	b.ctl.Quit()
}

// title is that of the scenario, in the language in use.
func (b *bench) title() string { return locale.Word(b.words+".title", b.sc.Title) }

// designTitle is that of a design; the scenario's where it has none.
func (b *bench) designTitle(s *control.Scene) string {
	if s.Title == b.sc.Title {
		return b.title()
	}
	return locale.Word(b.words+".design."+s.Design, s.Title)
}

// build makes the widgets for what is open.
func (b *bench) build() fyne.CanvasObject {
	clear(b.named)
	b.stages = nil
	pictures := container.New(picturesLayout{b.scenes})
	for i := range b.scenes {
		pictures.Add(b.buildStage(i))
	}
	b.transport = newTransport(b)
	b.plots = newPlotWall(b)
	b.nameTransport()
	oldTabs, oldSplits := b.tabs, b.splits
	centre := container.NewVSplit(container.NewStack(pictures, b.legendButton()), b.plots.content)
	centre.SetOffset(0.6)
	whole := container.NewHSplit(centre, b.buildSide())
	whole.SetOffset(0.72)
	if len(b.scenes) > 1 {
		whole.SetOffset(0.64) // the table is wide
	}
	if b.front != nil {
		whole = container.NewHSplit(b.tabs, centre)
		whole.SetOffset(0.38)
	}
	b.splits = []*container.Split{whole, centre}
	b.leaveAsItWas(oldTabs, oldSplits)
	b.setFrame(b.frame)
	b.setBoard(b.board)
	if b.chose != "" {
		b.point(b.lane, b.chose)
	}
	return container.NewBorder(nil, container.NewPadded(b.transport.content), nil, nil, whole)
}

// leaveAsItWas divides the bench as the person did, and turns to the same panel,
// where there are the same panels.
func (b *bench) leaveAsItWas(tabs *container.AppTabs, splits []*container.Split) {
	if tabs == nil || len(tabs.Items) != len(b.tabs.Items) {
		return
	}
	for i, s := range splits {
		b.splits[i].SetOffset(s.Offset)
	}
	if b.front == nil {
		b.tabs.SelectIndex(tabs.SelectedIndex())
	}
}

func (b *bench) buildStage(i int) fyne.CanvasObject {
	st := stage.New()
	b.stages = append(b.stages, st)
	scene := &b.scenes[i]
	st.SetScene(scene)
	st.OnTapNode = func(id string) { b.choose(i, id) }
	st.OnTapEdge = func(e int) { b.choose(i, b.linkOf(i, e)) }
	st.OnTapDot = func(op uint64) { b.story(i, op) }
	st.OnTapNothing = func() { b.unchoose() }
	st.OnMenu = func(e stage.Element, at fyne.Position) { b.stageMenu(i, at) }
	b.named[fmt.Sprintf("stage:%d", i)] = st
	if len(b.scenes) == 1 {
		return st
	}
	title := widget.NewLabelWithStyle(scene.Design, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	sub := widget.NewLabel(b.designTitle(scene))
	sub.Truncation = fyne.TextTruncateEllipsis
	sub.Importance = widget.LowImportance
	if scene.Title == scene.Design {
		sub.Hide()
	}
	return container.NewBorder(container.NewBorder(nil, nil, container.NewHBox(laneSwatch(i), title), nil, sub), nil, nil, nil, st)
}

// legendButton lies in a corner of the pictures and opens what their marks mean.
func (b *bench) legendButton() fyne.CanvasObject {
	button := widget.NewButtonWithIcon(locale.T("legend.title"), look.Icon("legend"), nil)
	button.Importance = widget.LowImportance
	button.OnTapped = func() {
		legend := stage.NewLegend()
		legend.Columns = 2
		scroll := container.NewVScroll(container.NewPadded(legend))
		pop := widget.NewPopUp(scroll, b.host.win.Canvas())
		room := b.host.win.Canvas().Size()
		size := legend.MinSize().AddWidthHeight(28, 28)
		size.Height = min(size.Height, room.Height-40)
		pop.Resize(size)
		at := b.host.app.Driver().AbsolutePositionForObject(button)
		pop.ShowAtPosition(fyne.NewPos(at.X, max(20, min(at.Y, room.Height-size.Height-20))))
	}
	b.named["legend"] = button
	return container.NewVBox(layout.NewSpacer(), container.NewHBox(button))
}

func (b *bench) buildSide() fyne.CanvasObject {
	b.element, b.changes, b.stories, b.log = newElementPanel(b), newChangesPanel(b), newStoryPanel(b), newLogPanel(b)
	b.tabs = container.NewAppTabs(
		container.NewTabItem(locale.T("panel.element"), b.element.content),
		container.NewTabItem(locale.T("panel.changes"), b.changes.content),
		container.NewTabItem(locale.T("panel.stories"), b.stories.content),
		container.NewTabItem(locale.T("panel.log"), b.log.content),
	)
	b.table = nil
	if b.front != nil {
		b.tabs.Items = append([]*container.TabItem{b.front}, b.tabs.Items...)
		b.tabs.SelectIndex(0)
	} else if len(b.scenes) > 1 {
		b.table = newTablePanel(b)
		b.tabs.Items = append([]*container.TabItem{container.NewTabItem(locale.T("panel.table"), b.table.content)}, b.tabs.Items...)
		b.tabs.SelectIndex(0)
	}
	b.tabs.OnSelected = func(*container.TabItem) { b.refreshPanel() }
	return b.tabs
}

// selectTab turns to a panel by its content.
func (b *bench) selectTab(content fyne.CanvasObject) {
	for i, t := range b.tabs.Items {
		if t.Content == content {
			b.tabs.SelectIndex(i)
		}
	}
}

func (b *bench) nameTransport() {
	t := b.transport
	for name, o := range map[string]fyne.CanvasObject{"play": t.play, "to-start": t.toStart, "step-event": t.stepEvent, "step-message": t.stepMessage,
		"to-fault": t.fault, "to-failure": t.failure, "to-time": t.toTime, "speed": t.speed, "timeline": t.timeline} {
		b.named[name] = o
	}
}

// setFrame shows a moment; it is called up to 60 times a second.
func (b *bench) setFrame(f *control.Frame) {
	if b.opening > 0 {
		return // of what was open before, or of what the widgets are not made for yet
	}
	b.frame = f
	if b.transport == nil {
		return
	}
	b.drawn++
	seen := *f
	seen.Length = b.length()
	b.transport.setFrame(&seen)
	for i, st := range b.stages {
		if i < len(f.Lanes) {
			st.SetLane(&f.Lanes[i])
			if b.op == 0 {
				st.Follow(stepped(f, i))
			}
		}
	}
	if b.onFrame != nil {
		b.onFrame(f)
	}
}

// stepped is the operation that is followed step by step, while a message of it
// is to be seen.
func stepped(f *control.Frame, lane int) uint64 {
	if f.InHand != 0 && f.Mode != control.Playing {
		for i := range f.Lanes[lane].Dots {
			if f.Lanes[lane].Dots[i].Op == f.InHand {
				return f.InHand
			}
		}
	}
	return 0
}

// setBoard shows what changes more slowly; it is called up to 10 times a second.
func (b *bench) setBoard(d *control.Board) {
	if b.opening > 0 {
		return
	}
	b.board = d
	if b.transport == nil {
		return
	}
	b.transport.timeline.setBoard(d)
	b.plots.refresh(d)
	b.changes.refresh(d)
	b.refreshPanel()
	if b.onBoard != nil {
		b.onBoard(d)
	}
}

// refreshPanel brings the panel in front up to date; the others are when one
// turns to them.
func (b *bench) refreshPanel() {
	switch d := b.board; {
	case b.shows(b.element.content):
		b.element.refresh(d)
	case b.shows(b.stories.content):
		b.stories.refresh(d)
	case b.shows(b.log.content):
		b.log.refresh(d)
	case b.table != nil && b.shows(b.table.content):
		b.table.refresh(d)
	}
}

func (b *bench) shows(content fyne.CanvasObject) bool {
	return b.tabs != nil && b.tabs.Selected() != nil && b.tabs.Selected().Content == content
}
