package bench

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/sim/chart"
	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/figure"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
	"asynclab/ui/stage"
	"asynclab/ui/window"
)

type StageView = stage.Stage

// Bench shows one or more designs of a scenario running under one clock. It
// outlives its widgets: Build makes them again.
type Bench struct {
	host       *window.Window
	Controller *control.Controller
	box        inbox
	onBench
	Scenes   []control.Scene
	next     onBench              // content to be opened, while Opening is not 0
	Opening  int                  // requests to open that the controller has not answered yet
	Until    time.Duration        // end of the timeline, if before the end of the run; 0: the end of the run
	Guard    func() bool          // reports whether the run may go on now; nil: always
	OnChange func()               // before a change by hand; may be nil
	OnFrame  func(*control.Frame) // after a frame was shown; may be nil
	OnBoard  func(*control.Board)
	OnVary   func(path string)                                            // shows a sweep over a parameter; nil: not offered
	Front    *container.TabItem                                           // a first panel, on the left; nil: the panels are on the right
	PlotIDs  []string                                                     // plots of a lesson; nil: those the person chose
	PlotOf   map[string][]string                                          // loads, services and queues that a plot is limited to; otherwise all
	OnPlot   func(plot figure.Plot, of []*figure.Lane, fig *chart.Figure) // may add to a plot before it is drawn; may be nil
	Locked   func(path string) bool                                       // parameters that cannot be changed now; nil: none

	Frame    *control.Frame
	Board    *control.Board
	lane     int    // of the selected element
	Selected string // the selected element; "" if none
	Followed uint64 // the operation that is followed

	Stages    []*StageView
	Transport *transport
	Plots     *plotWall
	Element   *elementPanel
	Changes   *changesPanel
	Story     *storyPanel
	Log       *logPanel
	Findings  *findingsPanel
	Warnings  *warningsPanel
	Table     *tablePanel
	Trial     *trial // nil: none runs, and none is shown
	Panels    *container.AppTabs
	Splits    []*container.Split           // dividers of the bench, from the outermost inwards
	Named     map[string]fyne.CanvasObject // for programs that drive the window
	marks     []time.Duration              // a person's own on the timeline, in order
	film      *film                        // that is being made; nil: none
	Drawn     uint64                       // frames shown
	given     []control.Scene              // Scenes with the names as they are written
	asked     time.Time                    // when a jump was asked for that is not shown yet
	Jumped    time.Duration                // how long the last jump took, until it was shown
}

// onBench is the present or next content of a bench.
type onBench struct {
	Words    string // prefix of the ids of its translated texts: "scenario.order-flow"
	Path     string // as given when it was opened
	Scenario *scenarios.Scenario
	Designs  []int
	saved    string // the changes by hand that are in a file; those of the scenario at first
	then     func() // called when the content is open
}

func New(host *window.Window) *Bench {
	b := &Bench{host: host, Frame: &control.Frame{}, Board: &control.Board{}, Named: map[string]fyne.CanvasObject{}}
	b.box.frame, b.box.boards = b.setFrame, b.setBoard
	b.Controller = control.NewController(host.Clock)
	b.Controller.OnFrame, b.Controller.OnBoard = b.box.putFrame, b.box.putBoard
	b.Controller.OnOpen = func(scenes []control.Scene) { fyne.Do(func() { b.opened(scenes) }) }
	b.Controller.OnError = func(err error) { fyne.Do(func() { b.Opening = 0; host.Fail(locale.T("error.command-failed"), err) }) }
	return b
}

// Open puts designs of a scenario on the bench, paused at the start; then is
// called when they are open. words is the prefix of the ids of translated
// titles.
func (b *Bench) Open(words, path string, sc *scenarios.Scenario, designs []int, opt control.Options, then func()) {
	b.next = onBench{Words: words, Path: path, Scenario: sc, Designs: designs, then: then}
	b.Opening++
	opt.Voice, opt.Name = locale.Word, Names(words)
	b.Controller.Open(sc, designs, opt)
}

func (b *Bench) opened(scenes []control.Scene) {
	if b.Opening = max(0, b.Opening-1); b.Opening > 0 {
		return // another scenario has been requested since
	}
	b.dropTrial()
	b.onBench, b.given = b.next, scenes
	b.nameNodes()
	b.lane, b.Selected, b.Followed = 0, "", 0
	b.Frame, b.Board = &control.Frame{}, &control.Board{}
	if b.then != nil {
		b.then()
	}
}

// nameNodes gives the nodes and the operations on links their names in the language in use.
func (b *Bench) nameNodes() {
	b.Scenes = slices.Clone(b.given)
	name := Names(b.Words)
	if name == nil {
		return
	}
	for i := range b.Scenes {
		nodes := slices.Clone(b.Scenes[i].Graph.Nodes)
		for k, n := range nodes {
			if word := name(n.ID); word != "" {
				nodes[k].Label = word
			}
		}
		b.Scenes[i].Graph.Nodes = nodes
		edges := slices.Clone(b.Scenes[i].Graph.Edges)
		for k, e := range edges {
			edges[k].Label = operations(b.Words, e.Label)
		}
		b.Scenes[i].Graph.Edges = edges
	}
}

// operations are those in the label of a link, in the language in use; what stands in
// brackets, and a number of others, stays.
func operations(words, label string) string {
	if label == "" {
		return ""
	}
	all := strings.Split(label, ", ")
	for i, one := range all {
		name, note, noted := strings.Cut(one, " (")
		all[i] = locale.Word(words+".op."+name, locale.Word("op."+name, name))
		if noted {
			all[i] += " (" + note
		}
	}
	return record.Voice(locale.Word).Listed(all)
}

// elementName is how the picture calls an element, an ID or "a->b", and its name in the
// scenario's text behind it, where that is another.
func (b *Bench) elementName(element string) string {
	name, told := called(b.Words), []string{}
	for _, id := range strings.Split(element, "->") {
		told = append(told, cmp.Or(name(id), id))
	}
	if text := strings.Join(told, "->"); text != element {
		return locale.T("text.with-detail", text, element)
	}
	return element
}

// called is Names, also where the picture has the nodes' own names.
func called(words string) func(node string) string {
	if names := Names(words); names != nil {
		return names
	}
	return func(string) string { return "" }
}

// Names is how the nodes of a scenario are called in the language in use, where it may
// have names of its own; "" where that is their own name; nil for a scenario that is
// neither the library's nor a lesson's.
func Names(words string) func(node string) string {
	if !strings.HasPrefix(words, "lesson.") && locale.Word(words+".title", "") == "" {
		return nil
	}
	return func(node string) string {
		name := node[strings.LastIndexByte(node, '/')+1:]
		if word := locale.Word(words+".node."+name, locale.Word("node."+name, name)); word != name {
			return word
		}
		return ""
	}
}

func (b *Bench) Close() {
	b.dropTrial()
	if b.Findings != nil {
		b.Findings.stop()
	}
	b.box.close()
	b.Controller.Quit()
}

// Title is the scenario's title, in the language in use.
func (b *Bench) Title() string { return locale.Word(b.Words+".title", b.Scenario.Title) }

// designTitle is the title of a design; the scenario's if it has none.
func (b *Bench) designTitle(s *control.Scene) string {
	if s.Title == b.Scenario.Title {
		return b.Title()
	}
	return locale.Word(b.Words+".design."+s.Design, s.Title)
}

// Build makes the widgets for the open designs.
func (b *Bench) Build() fyne.CanvasObject {
	clear(b.Named)
	b.nameNodes() // the language may be another
	b.Stages = nil
	pictures := container.New(picturesLayout{b.Scenes})
	for i := range b.Scenes {
		pictures.Add(b.buildStage(i))
	}
	b.Transport = newTransport(b)
	b.Plots = newPlotWall(b)
	b.nameTransport()
	oldTabs, oldSplits := b.Panels, b.Splits
	centre := container.NewVSplit(container.NewStack(pictures, b.legendButton()), b.Plots.content)
	centre.SetOffset(0.6)
	whole := container.NewHSplit(centre, b.buildSide())
	whole.SetOffset(0.72)
	if len(b.Scenes) > 1 {
		whole.SetOffset(0.64) // the table needs the width
	}
	if b.Front != nil {
		whole = container.NewHSplit(b.Panels, centre)
		whole.SetOffset(0.38)
	}
	b.Splits = []*container.Split{whole, centre}
	b.leaveAsItWas(oldTabs, oldSplits)
	b.setFrame(b.Frame)
	b.setBoard(b.Board)
	if b.Selected != "" {
		b.Select(b.lane, b.Selected)
	}
	if b.host.Presenting && b.Front == nil {
		return container.NewBorder(nil, container.NewPadded(b.Transport.content), nil, nil, container.NewStack(pictures, b.legendButton()))
	}
	return container.NewBorder(nil, container.NewPadded(b.Transport.content), nil, nil, whole)
}

// leaveAsItWas restores the dividers and the panel of the previous widgets, if
// they have the same panels.
func (b *Bench) leaveAsItWas(tabs *container.AppTabs, splits []*container.Split) {
	if tabs == nil || len(tabs.Items) != len(b.Panels.Items) {
		return
	}
	for i, s := range splits {
		b.Splits[i].SetOffset(s.Offset)
	}
	if b.Front == nil {
		b.Panels.SelectIndex(tabs.SelectedIndex())
	}
}

func (b *Bench) buildStage(i int) fyne.CanvasObject {
	st := stage.New()
	st.Ring(b.host.Presenting)
	b.Stages = append(b.Stages, st)
	scene := &b.Scenes[i]
	st.SetScene(scene)
	st.OnTapNode = func(id string) { b.Choose(i, id) }
	st.OnTapEdge = func(e int) { b.Choose(i, b.LinkOf(i, e)) }
	st.OnTapDot = func(op uint64) { b.ShowStory(i, op) }
	st.OnTapNothing = func() { b.Unchoose() }
	st.OnMenu = func(e stage.Element, at fyne.Position) { b.stageMenu(i, at) }
	b.Named[fmt.Sprintf("stage:%d", i)] = st
	if len(b.Scenes) == 1 {
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

// legendButton lies in a corner of the pictures and opens the legend of their
// marks.
func (b *Bench) legendButton() fyne.CanvasObject {
	button := keyed.NewButton(locale.T("legend.title"), palette.Icon("legend"), nil)
	button.Importance = widget.LowImportance
	button.OnTapped = func() {
		legend := stage.NewLegend()
		legend.Columns = 2
		scroll := container.NewVScroll(container.NewPadded(legend))
		pop := widget.NewPopUp(scroll, b.host.Win.Canvas())
		room := b.host.Win.Canvas().Size()
		size := legend.MinSize().AddWidthHeight(28, 28)
		size.Height = min(size.Height, room.Height-40)
		pop.Resize(size)
		at := b.host.App.Driver().AbsolutePositionForObject(button)
		pop.ShowAtPosition(fyne.NewPos(at.X, max(20, min(at.Y, room.Height-size.Height-20))))
	}
	b.Named["legend"] = button
	return container.NewVBox(layout.NewSpacer(), container.NewHBox(button))
}

func (b *Bench) buildSide() fyne.CanvasObject {
	b.Element, b.Changes, b.Story, b.Log = newElementPanel(b), newChangesPanel(b), newStoryPanel(b), newLogPanel(b)
	b.Findings, b.Warnings = newFindingsPanel(b), newWarningsPanel(b)
	b.Panels = container.NewAppTabs(
		container.NewTabItem(locale.T("panel.element"), b.Element.Content),
		container.NewTabItem(locale.T("panel.findings"), b.Findings.Content),
		container.NewTabItem(locale.T("panel.changes"), b.Changes.Content),
		container.NewTabItem(locale.T("panel.stories"), b.Story.Content),
		container.NewTabItem(locale.T("panel.log"), b.Log.Content),
		container.NewTabItem(locale.T("panel.warnings"), b.Warnings.Content),
	)
	b.Table = nil
	if b.Front != nil {
		b.Panels.Items = append([]*container.TabItem{b.Front}, b.Panels.Items...)
		b.Panels.SelectIndex(0)
	} else if len(b.Scenes) > 1 {
		b.Table = newTablePanel(b)
		b.Panels.Items = append([]*container.TabItem{container.NewTabItem(locale.T("panel.table"), b.Table.content)}, b.Panels.Items...)
		b.Panels.SelectIndex(0)
	}
	b.Panels.OnSelected = func(*container.TabItem) { b.refreshPanel() }
	return b.Panels
}

// NextPanel shows the next panel; the toolkit's tabs cannot be reached by keys.
func (b *Bench) NextPanel() {
	b.Panels.SelectIndex((b.Panels.SelectedIndex() + 1) % len(b.Panels.Items))
}

// SelectTab selects a panel by its content.
func (b *Bench) SelectTab(content fyne.CanvasObject) {
	for i, t := range b.Panels.Items {
		if t.Content == content {
			b.Panels.SelectIndex(i)
		}
	}
}

func (b *Bench) nameTransport() {
	t := b.Transport
	for name, o := range map[string]fyne.CanvasObject{"play": t.play, "to-start": t.toStart, "step-event": t.stepEvent, "step-message": t.stepMessage,
		"to-fault": t.fault, "to-failure": t.failure, "to-time": t.toTime, "tempo": t.tempo, "to-accident": t.accident, "speed": t.speed, "timeline": t.Timeline} {
		b.Named[name] = o
	}
}

// setFrame shows a frame; it is called up to 60 times a second.
func (b *Bench) setFrame(f *control.Frame) {
	if b.Opening > 0 {
		return // of the scenario open before, or the widgets for it are not built yet
	}
	b.Frame = f
	if b.Transport == nil {
		return
	}
	b.Drawn++
	seen := *f
	seen.Length = b.length()
	b.Transport.SetFrame(&seen)
	for i, st := range b.Stages {
		if i < len(f.Lanes) {
			st.SetLane(&f.Lanes[i])
			if b.Followed == 0 {
				st.Follow(stepped(f, i))
			}
		}
	}
	if !b.asked.IsZero() && f.Mode != control.Seeking {
		b.Jumped, b.asked = b.host.Clock.Now().Sub(b.asked), time.Time{}
	}
	if b.film != nil {
		b.shoot()
	}
	if b.OnFrame != nil {
		b.OnFrame(f)
	}
}

// stepped is the operation that is followed step by step, while one of its
// messages is visible.
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

// setBoard shows a board; it is called up to 10 times a second.
func (b *Bench) setBoard(d *control.Board) {
	if b.Opening > 0 {
		return
	}
	if b.Board.Length == 0 { // the first of this scenario
		b.marks, b.film = nil, nil
		b.saved = fmt.Sprint(d.Changes)
	}
	b.Board = d
	if b.Transport == nil {
		return
	}
	b.Transport.Timeline.setBoard(d)
	b.Plots.refresh(d)
	b.Changes.refresh(d)
	b.refreshPanel()
	if b.OnBoard != nil {
		b.OnBoard(d)
	}
}

// refreshPanel updates the selected panel; the others are updated when they are
// selected.
func (b *Bench) refreshPanel() {
	switch d := b.Board; {
	case b.Shows(b.Element.Content):
		b.Element.refresh(d)
	case b.Shows(b.Story.Content):
		b.Story.refresh(d)
	case b.Shows(b.Log.Content):
		b.Log.refresh(d)
	case b.Shows(b.Findings.Content):
		b.Findings.refresh(d)
	case b.Shows(b.Warnings.Content):
		b.Warnings.refresh(d)
	case b.Table != nil && b.Shows(b.Table.content):
		b.Table.refresh(d)
	}
}

func (b *Bench) Shows(content fyne.CanvasObject) bool {
	return b.Panels != nil && b.Panels.Selected() != nil && b.Panels.Selected().Content == content
}
