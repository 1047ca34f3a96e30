package ui

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/sim/draw"
	"asynclab/sim/model"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/look"
	"asynclab/ui/stage"
)

type stageView = stage.Stage

// bench is where one or more designs of a scenario are watched under one clock.
// It outlives its widgets: build makes them anew.
type bench struct {
	s   *Shell
	ctl *control.Controller
	box inbox
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
	path    string // as it was opened
	sc      *scenarios.Scenario
	designs []int
	then    func() // when it is there
}

func newBench(s *Shell) *bench {
	b := &bench{s: s, frame: &control.Frame{}, board: &control.Board{}, named: map[string]fyne.CanvasObject{}}
	b.box.frame, b.box.boards = b.setFrame, b.setBoard
	b.ctl = control.NewController(s.opt.clock)
	b.ctl.OnFrame, b.ctl.OnBoard = b.box.putFrame, b.box.putBoard
	b.ctl.OnOpen = func(scenes []control.Scene) { fyne.Do(func() { b.opened(scenes) }) }
	b.ctl.OnError = func(err error) { fyne.Do(func() { b.opening = 0; s.fail(locale.T("That did not work"), err) }) }
	return b
}

// open puts designs of a scenario on the bench, stopped at the start; then is
// called when they are there.
func (b *bench) open(path string, sc *scenarios.Scenario, designs []int, opt control.Options, then func()) {
	b.next = onBench{path, sc, designs, then}
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
	sub := widget.NewLabel(locale.Doc(scene.Title))
	sub.Truncation = fyne.TextTruncateEllipsis
	sub.Importance = widget.LowImportance
	if scene.Title == scene.Design {
		sub.Hide()
	}
	return container.NewBorder(container.NewBorder(nil, nil, container.NewHBox(laneSwatch(i), title), nil, sub), nil, nil, nil, st)
}

// legendButton lies in a corner of the pictures and opens what their marks mean.
func (b *bench) legendButton() fyne.CanvasObject {
	button := widget.NewButtonWithIcon(locale.T("Legend"), look.Icon("legend"), nil)
	button.Importance = widget.LowImportance
	button.OnTapped = func() {
		legend := stage.NewLegend()
		legend.Columns = 2
		scroll := container.NewVScroll(container.NewPadded(legend))
		pop := widget.NewPopUp(scroll, b.s.win.Canvas())
		room := b.s.win.Canvas().Size()
		size := legend.MinSize().AddWidthHeight(28, 28)
		size.Height = min(size.Height, room.Height-40)
		pop.Resize(size)
		at := b.s.app.Driver().AbsolutePositionForObject(button)
		pop.ShowAtPosition(fyne.NewPos(at.X, max(20, min(at.Y, room.Height-size.Height-20))))
	}
	b.named["legend"] = button
	return container.NewVBox(layout.NewSpacer(), container.NewHBox(button))
}

func (b *bench) buildSide() fyne.CanvasObject {
	b.element, b.changes, b.stories, b.log = newElementPanel(b), newChangesPanel(b), newStoryPanel(b), newLogPanel(b)
	b.tabs = container.NewAppTabs(
		container.NewTabItem(locale.T("Element"), b.element.content),
		container.NewTabItem(locale.T("Changes"), b.changes.content),
		container.NewTabItem(locale.T("Stories"), b.stories.content),
		container.NewTabItem(locale.T("Log"), b.log.content),
	)
	b.table = nil
	if b.front != nil {
		b.tabs.Items = append([]*container.TabItem{b.front}, b.tabs.Items...)
		b.tabs.SelectIndex(0)
	} else if len(b.scenes) > 1 {
		b.table = newTablePanel(b)
		b.tabs.Items = append([]*container.TabItem{container.NewTabItem(locale.T("Table"), b.table.content)}, b.tabs.Items...)
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

// choose selects a node or a link and shows what can be done with it.
func (b *bench) choose(lane int, element string) {
	b.point(lane, element)
	b.selectTab(b.element.content)
}

// point selects a node or a link without turning to its panel.
func (b *bench) point(lane int, element string) {
	b.lane, b.chose = lane, element
	for i, st := range b.stages {
		if i == lane {
			st.Select(b.elementOf(lane, element))
		} else {
			st.Select(stage.Element{})
		}
	}
	b.ctl.Select(lane, element)
	b.element.show(lane, element)
	b.stories.turnTo(lane)
}

func (b *bench) unchoose() {
	b.chose = ""
	for _, st := range b.stages {
		st.Select(stage.Element{})
		st.Follow(0)
	}
	b.op = 0
	b.ctl.Follow(0)
	b.element.empty()
}

// story shows what happened to an operation.
func (b *bench) story(lane int, op uint64) {
	if op == 0 {
		return
	}
	b.op, b.lane = op, lane
	for i, st := range b.stages {
		if i == lane {
			st.Follow(op)
		}
	}
	b.selectTab(b.stories.content)
	b.stories.ask(lane, op)
}

// may does something that lets time pass, where that is allowed.
func (b *bench) may(do func()) func() {
	return func() {
		if b.guard == nil || b.guard() {
			do()
		}
	}
}

// toggle plays and pauses; at the end of a lesson's run it begins again.
func (b *bench) toggle() {
	b.may(func() {
		if b.until > 0 && b.frame.Now >= b.until && b.frame.Mode == control.Paused {
			b.ctl.JumpTo(0)
			b.ctl.Play()
			return
		}
		b.ctl.Toggle()
	})()
}

func (b *bench) stepEvent()   { b.may(b.ctl.StepEvent)() }
func (b *bench) stepMessage() { b.may(func() { b.ctl.StepMessage(b.op) })() }
func (b *bench) nextFault()   { b.may(b.ctl.NextFault)() }
func (b *bench) nextFailure() { b.may(b.ctl.NextFailure)() }

func (b *bench) jump(to time.Duration) { b.may(func() { b.ctl.JumpTo(to) })() }

func (b *bench) zoom(f func(*stageView)) {
	for _, st := range b.stages {
		f(st)
	}
}

// length is how long what is watched is: the run, or a lesson's part of it.
func (b *bench) length() time.Duration {
	if b.until > 0 {
		return min(b.frame.Length, b.until)
	}
	return b.frame.Length
}

// nudge moves by hundredths of the timeline.
func (b *bench) nudge(hundredths int) {
	b.jump(min(b.frame.Now+time.Duration(hundredths)*b.length()/100, b.length()))
}

func (b *bench) laneName(i int) string {
	if i < 0 || i >= len(b.scenes) {
		return locale.T("all designs")
	}
	return b.scenes[i].Design
}

func (b *bench) kindOf(lane int, element string) topology.Kind {
	for _, n := range b.scenes[lane].Graph.Nodes {
		if n.ID == element {
			return n.Kind
		}
	}
	return topology.Service
}

// linkOf is the name of the link under an edge: links join services, loads and
// brokers, edges also the parts of a broker.
func (b *bench) linkOf(lane, edge int) string {
	e := b.scenes[lane].Graph.Edges[edge]
	whole := func(id string) string {
		for _, n := range b.scenes[lane].Graph.Nodes {
			if n.ID == id && n.Parent != "" {
				return n.Parent
			}
		}
		return id
	}
	from, to := whole(e.From), whole(e.To)
	if from == to {
		return from
	}
	return from + "->" + to
}

func (b *bench) elementOf(lane int, element string) stage.Element {
	if !strings.Contains(element, "->") {
		return stage.Node(element)
	}
	for i := range b.scenes[lane].Graph.Edges {
		if b.linkOf(lane, i) == element {
			return stage.Edge(i)
		}
	}
	return stage.Element{}
}

func (b *bench) set(lane int, path, value string) { b.ctl.Set(b.all(lane), path, value) }
func (b *bench) inject(lane int, f model.Fault)   { b.ctl.Inject(b.all(lane), f) }

// all is the lane that a change is for: where several designs are compared, a
// change is made to all of them that have the parameter.
func (b *bench) all(lane int) int {
	if len(b.scenes) > 1 {
		return -1
	}
	return lane
}

// valid tells whether a parameter can have a value.
func (b *bench) valid(lane int, path, value string) error {
	return b.sc.Designs[b.designs[lane]].Valid(path, value)
}

// slowLink makes a link ten times as slow.
func (b *bench) slowLink(lane int, link string) {
	for _, p := range b.board.Chosen.Params {
		if b.board.Chosen.Element == link && strings.HasSuffix(p.Path, ".latency.mean") {
			b.set(lane, p.Path, draw.FormatDuration(p.Value*10))
			return
		}
	}
}

func (b *bench) askForTime() {
	entry := widget.NewEntry()
	entry.SetText(clock(b.frame.Now, b.length()))
	entry.SetPlaceHolder("90s")
	d := dialog.NewForm(locale.T("Run to a time"), locale.T("Run"), locale.T("Cancel"),
		[]*widget.FormItem{widget.NewFormItem(locale.T("Time"), entry)}, func(ok bool) {
			if !ok {
				return
			}
			at, err := parseClock(entry.Text)
			if err != nil {
				b.s.fail(locale.T("That is no time"), err)
				return
			}
			b.may(func() { b.ctl.RunTo(min(at, b.length())) })()
		}, b.s.win)
	d.Show()
	entry.OnSubmitted = func(string) { d.Submit() }
	b.s.asked = map[string]fyne.CanvasObject{"ask:time": entry}
	b.s.win.Canvas().Focus(entry)
}

// controls are what can be pressed, by name, for programs that drive the window.
func (b *bench) controls() map[string]fyne.CanvasObject { return b.named }

// save writes the scenario with the changes made by hand.
func (b *bench) save() {
	if b.sc == nil {
		return
	}
	name := strings.TrimSuffix(filepath.Base(b.path), filepath.Ext(b.path)) + "-changed.yaml"
	b.s.saveAs(locale.T("Save as a scenario"), name, func() (data []byte, err error) {
		err = errors.New(locale.T("Nothing is open that could be saved."))
		b.ctl.Ask(func(s *control.Session) {
			var text string
			text, err = s.SaveText()
			data = []byte(text)
		})
		return data, err
	})
}

func (b *bench) stageMenu(lane int, at fyne.Position) {
	st := b.stages[lane]
	name := b.sc.Name + "-" + b.scenes[lane].Design
	menu := fyne.NewMenu("",
		fyne.NewMenuItemWithIcon(locale.T("Fit the picture"), look.Icon("fit"), st.Fit),
		fyne.NewMenuItemWithIcon(locale.T("Save the picture as PNG …"), theme.DocumentSaveIcon(), func() {
			b.savePicture(name+".png", func(w io.Writer) error { return st.PNG(w, 2) })
		}),
		fyne.NewMenuItemWithIcon(locale.T("Save the picture as SVG …"), theme.DocumentSaveIcon(), func() {
			b.savePicture(name+".svg", st.SVG)
		}))
	widget.ShowPopUpMenuAtPosition(menu, b.s.win.Canvas(), at)
}

// savePicture draws a picture now, as it is seen, and then asks where to keep it.
func (b *bench) savePicture(name string, write func(io.Writer) error) {
	data, err := encode(write)
	if err != nil {
		b.s.fail(locale.T("The picture could not be drawn"), err)
		return
	}
	b.s.saveAs(locale.T("Save the picture"), name, func() ([]byte, error) { return data, nil })
}

// encode turns a writer of a picture into bytes.
func encode(write func(io.Writer) error) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b)
	return b.Bytes(), err
}

// parseClock reads a time as clock writes it, or with units: 1:30, 90s, 1.5min.
func parseClock(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if m, s, ok := strings.Cut(strings.TrimSuffix(text, " min"), ":"); ok {
		mins, err1 := strconv.Atoi(m)
		secs, err2 := strconv.ParseFloat(s, 64)
		if err1 == nil && err2 == nil && mins >= 0 && secs >= 0 && secs < 60 {
			return time.Duration(mins)*time.Minute + time.Duration(secs*float64(time.Second)), nil
		}
		return 0, fmt.Errorf("%q is no time; write it as 1:30 or 90s", text)
	}
	if d, err := time.ParseDuration(strings.ReplaceAll(text, " ", "")); err == nil && d >= 0 {
		return d, nil
	}
	return 0, fmt.Errorf("%q is no time; write it as 1:30 or 90s", text)
}
