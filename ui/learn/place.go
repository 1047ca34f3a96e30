package learn

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"asynclab/lessons"
	"asynclab/sim"
	"asynclab/sim/topology"
	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/stage"
	"asynclab/ui/window"
)

// Place is the list of lessons, or a lesson beside a bench.
type Place struct {
	host      *window.Window
	Workbench *bench.Bench
	Shelf     lessons.Shelf
	folders   []string // additional ones, from the command line and added by hand
	store     *lessons.Store
	Progress  *lessons.Progress
	Saver     lessons.Saver
	Player    *lessons.Player // nil: the list of lessons is shown
	Panel     *Panel
	Setup     *lessons.Setup // present setup of the bench
	ended     bool           // the run has reached the end of the step, and the panel has its verdict
	spent     bool           // the run has passed an activity: it is no attempt at the next one
	bands     bands
	stopSweep context.CancelFunc // of the sweep that is being made; nil: none was
	shown     *fyne.Container
	cards     map[string]fyne.CanvasObject
}

// NewPlace stores progress in dataDir; folders have additional lessons.
func NewPlace(host *window.Window, dataDir string, folders []string) *Place {
	p := &Place{host: host, Workbench: bench.New(host)}
	p.Workbench.Guard = p.mayRun
	p.Workbench.OnChange = p.changing
	p.Workbench.OnFrame = p.frame
	p.Workbench.OnPlot = p.over
	p.Workbench.Locked = p.locked
	p.Workbench.OnBoard = func(*control.Board) {
		if p.Panel != nil {
			p.Panel.Refresh()
		}
	}
	p.folders = append(append(p.folders, folders...), host.Prefs.StringList(prefLessons)...)
	var notice string
	var err error
	p.store, p.Progress, notice, err = lessons.OpenStore(filepath.Join(dataDir, "progress.json"))
	if err != nil {
		p.Progress = &lessons.Progress{}
	} else if notice != "" {
		err = errors.New(notice)
	}
	p.Saver.Store = p.store
	failing := false // said once, until a save succeeds
	p.Saver.Saved = func(_ *lessons.Progress, err error) {
		if err != nil && !failing {
			fyne.Do(func() { host.Fail(locale.T("error.progress-not-saved"), err) })
		}
		failing = err != nil
	}
	if err != nil {
		host.Soon(func() { host.Fail(locale.T("error.progress"), err) })
	}
	return p
}

const (
	prefLessons = "lessons.folders"
	prefLesson  = "lessons.open"
	prefLead    = "lessons.lead"
)

// readShelf reads the lessons included in the program, and those of the
// folders.
func (p *Place) readShelf() {
	p.Shelf = lessons.Library()
	for _, f := range p.folders {
		more, err := lessons.Open(f)
		if err != nil {
			p.host.Soon(func() { p.host.Fail(locale.T("lessons.unreadable-folder", f), err) })
			continue
		}
		p.add(more)
	}
}

// add puts more lessons on the shelf. Their ids must be unique, because
// progress is stored by id.
func (p *Place) add(more lessons.Shelf) {
	for _, f := range more {
		if other := p.Shelf.Find(f.ID); other != nil {
			f.Mistakes = append(f.Mistakes, lessons.Diagnostic{File: f.Path, Msg: "there is another lesson " + f.ID + " in " + other.Path, Hint: "give it an id of its own: the name of its folder, and id: in its front matter"})
		}
		p.Shelf = append(p.Shelf, f)
	}
}

func (p *Place) Bench() *bench.Bench {
	if p.Player == nil || p.shown == nil {
		return nil
	}
	return p.Workbench
}

func (p *Place) Enter() {
	if id := p.host.Prefs.String(prefLesson); id != "" && p.Player == nil {
		p.OpenLesson(id)
	}
}

func (p *Place) Leave() {
	p.Workbench.Controller.Pause()
	p.shown = nil
}

// drop ends what is made away from the window for the present step.
func (p *Place) drop() {
	p.bands.stop()
	if p.stopSweep != nil {
		p.stopSweep()
	}
}

func (p *Place) Close() {
	p.drop()
	p.Saver.Flush()
	p.Workbench.Close()
}

func (p *Place) Build() fyne.CanvasObject {
	if p.Shelf == nil { // the place may never be shown
		p.readShelf()
	}
	p.shown = container.NewStack()
	if p.Player != nil {
		if f := p.Shelf.Find(p.Player.Lesson().ID); f != nil && f.In(locale.Current()) != nil {
			p.Player = p.Player.In(f.In(locale.Current()))
		}
	}
	p.Refill()
	return p.shown
}

func (p *Place) Refill() {
	if p.shown == nil {
		return
	}
	var o fyne.CanvasObject
	if p.Player == nil {
		o = p.list()
	} else {
		o = p.lesson()
	}
	p.shown.Objects = []fyne.CanvasObject{o}
	p.shown.Refresh()
}

// lesson is the panel beside the bench.
func (p *Place) lesson() fyne.CanvasObject {
	p.Panel = NewPanel(p.Player, p.Hooks())
	if p.Workbench.Scenario == nil || len(p.Workbench.Scenes) == 0 {
		return p.Panel.Content
	}
	p.Workbench.Front = container.NewTabItem(locale.T("panel.lesson"), p.Panel.Content)
	return p.Workbench.Build()
}

func (p *Place) Hooks() Hooks {
	return Hooks{
		Links: Links{
			Term:   p.term,
			Lesson: p.OpenLesson,
			Web:    func(a string) { p.host.OpenWeb(a) },
			Files:  p.Player.Lesson().FS,
			Design: p.picture,
		},
		Now:       time.Now,
		Run:       func() { p.run(p.Workbench.Controller.Play) },
		ToEnd:     func() { p.run(func() { p.Workbench.Controller.RunTo(p.Setup.Until) }) },
		StartOver: p.startOver,
		Sweep:     p.sweep,
		Set:       p.set,
		Value:     p.value,
		Called:    p.called,
		Reset:     p.reset,
		Changed:   p.Changed,
		Leave:     p.LeaveLesson,
		Goals: func() (goals []lessons.GoalVerdict) {
			p.Workbench.Controller.Ask(func(s *control.Session) { goals = p.Player.Goals(s) })
			return goals
		},
	}
}

// called is how the picture calls an element, an ID or "a->b".
func (p *Place) called(element string) string {
	names := bench.Names(p.Workbench.Words)
	if names == nil {
		return element
	}
	ids := strings.Split(element, "->")
	for i, id := range ids {
		ids[i] = cmp.Or(names(id), id)
	}
	return strings.Join(ids, "->")
}

// run plays, unless a prediction must be made first; a run that has ended
// starts again.
func (p *Place) run(how func()) {
	if !p.mayRun() || p.Setup == nil {
		return
	}
	if p.Workbench.Frame.Now >= p.Setup.Until {
		p.startOver()
	}
	how()
}

// startOver returns to the start of the run, with its changes.
func (p *Place) startOver() {
	p.ended, p.spent = false, false
	p.Workbench.Controller.JumpTo(p.Setup.From)
}

// reset takes back all changes; at the end of the run it starts a new one, because what
// would be simulated again is no attempt.
func (p *Place) reset() {
	if p.Workbench.Frame.Now >= p.Setup.Until {
		p.startOver()
	}
	p.Workbench.Controller.ResetChanges()
}

// changing must be called before a change by hand. At the end of the run, where it
// would change nothing any more, it is made at the start of a new one.
func (p *Place) changing() {
	if p.Setup == nil {
		return
	}
	p.spent = false
	if p.Workbench.Frame.Now >= p.Setup.Until {
		p.startOver()
	}
}

func (p *Place) mayRun() bool {
	if p.Player == nil {
		return true
	}
	if err := p.Player.MayRun(); err != nil {
		p.Panel.Say(err)
		return false
	}
	return true
}

// frame detects the end of the step's run: it stops the run there, compares the
// prediction, and judges the goals.
func (p *Place) frame(f *control.Frame) {
	if p.Player == nil || p.Setup == nil || len(f.Lanes) == 0 {
		return
	}
	if f.Now < p.Setup.From && f.Mode != control.Seeking {
		p.Workbench.Controller.JumpTo(p.Setup.From) // what is before has happened
	}
	if f.Now < p.Setup.Until {
		if p.ended = false; f.Now <= p.Setup.From && f.Mode != control.Seeking {
			p.spent = false
		}
		return
	}
	if p.ended || f.Mode == control.Seeking {
		return
	}
	var now time.Duration // the frame may be from before the last command
	var v *lessons.Verdict
	p.Workbench.Controller.Ask(func(s *control.Session) {
		if s.Seeking() {
			return
		}
		if now = s.Now(); now == p.Setup.Until && !p.spent {
			gate := p.Player.Gate()
			v = p.Player.Finished(s, time.Now())
			p.spent = p.Player.Gate() != gate
		}
	})
	if now < p.Setup.Until {
		return
	}
	p.Workbench.Controller.Pause()
	if now > p.Setup.Until {
		p.Workbench.Controller.JumpTo(p.Setup.Until) // exactly to the end
		return
	}
	p.ended = true
	if v != nil {
		p.Workbench.SelectTab(p.Panel.Content) // it shows the result
	}
	p.Panel.Ended(v)
	if p.Player.Gate() == nil || v != nil {
		p.makeBands()
	}
}

// set changes a parameter of the setup in every design that has it.
func (p *Place) set(path, value string) error {
	c, err := p.Setup.Change(path + "=" + value)
	if err == nil {
		p.changing()
		p.Workbench.Controller.Set(-1, c.Path, c.Value)
	}
	return err
}

// value is what a parameter is in the run.
func (p *Place) value(path string) (value string) {
	p.Workbench.Controller.Ask(func(s *control.Session) {
		for _, name := range p.Setup.Designs {
			if d := s.Design(name); d != nil {
				if v, err := d.Get(path); err == nil {
					value = v
					return
				}
			}
		}
	})
	return value
}

// locked tells whether a parameter is beside the point of the step.
func (p *Place) locked(path string) bool {
	return p.Player != nil && p.Setup != nil && len(p.Setup.Knobs) > 0 && !slices.ContainsFunc(p.Setup.Knobs, func(knob string) bool {
		return path == knob || strings.HasPrefix(path, knob+".")
	})
}

// Changed saves the progress, and sets up the lab when another step was
// entered.
func (p *Place) Changed(entered bool) {
	p.Saver.Save(p.Progress)
	if entered {
		p.stage()
	}
}

func (p *Place) OpenLesson(id string) {
	f := p.Shelf.Find(id)
	if f == nil || f.In(locale.Current()) == nil {
		var err error = errors.New(locale.T("lesson.not-here", id))
		if f != nil {
			err = f.Mistakes
		}
		p.host.Fail(locale.T("lesson.not-opened"), err)
		return
	}
	l := f.In(locale.Current())
	p.Player = lessons.NewPlayer(l, p.Progress.Of(id, time.Now()))
	if p.host.Prefs.Bool(prefLead) {
		p.Player.Lead()
	}
	if p.Player.Done() && p.Player.Index() == len(l.Steps)-1 {
		_ = p.Player.Go(0, time.Now()) // a finished lesson is opened again at its first step, which can always be entered
	}
	p.host.Prefs.Set(prefLesson, id)
	p.Setup, p.Workbench.Scenario, p.Workbench.Scenes = nil, nil, nil
	p.Saver.Save(p.Progress)
	p.Refill()
	p.stage()
}

func (p *Place) LeaveLesson() {
	p.Workbench.Controller.Pause()
	p.drop()
	p.Player, p.Panel, p.Setup = nil, nil, nil
	p.host.Prefs.Set(prefLesson, "")
	p.Refill()
}

// picture is the picture of a design of a scenario, at rest.
func (p *Place) picture(scenario, design string) fyne.CanvasObject {
	sc := p.Player.Lesson().Scenario(scenario)
	if sc == nil || sc.Design(design) == nil {
		return nil
	}
	g := sim.Graph(sc.Design(design))
	name := bench.Names("lesson." + p.Player.Lesson().ID + "." + scenario)
	for i, n := range g.Nodes {
		if word := name(n.ID); word != "" {
			g.Nodes[i].Label = word
		}
	}
	l, err := topology.Arrange(g, topology.Options{Voice: locale.Word})
	if err != nil {
		return nil
	}
	st := stage.New()
	st.SetScene(&control.Scene{Design: design, Title: design, Graph: g, Layout: l})
	return st
}

func (p *Place) Describe() map[string]string {
	d := map[string]string{"lesson": "", "finished": ""}
	for _, f := range p.Shelf {
		if p.Progress.Finished(f.ID) {
			d["finished"] += f.ID + " "
		}
	}
	if p.Player == nil {
		return d
	}
	d["lesson"], d["step"] = p.Player.Lesson().ID, p.Player.Step().ID
	d["index"], d["steps"] = strconv.Itoa(p.Player.Index()), strconv.Itoa(len(p.Player.Lesson().Steps))
	if g := p.Player.Gate(); g != nil {
		d["gate"] = g.Kind.String()
		d["right"] = strconv.Itoa(g.Right() + 1)
	}
	tries := 0
	for _, a := range p.Player.Step().Activities() {
		tries += len(p.Player.Tries(a))
	}
	d["tries"] = strconv.Itoa(tries)
	_, guessed := p.Player.Guessed()
	d["guessed"] = strconv.FormatBool(guessed)
	d["now"], d["mode"] = p.Workbench.Frame.Now.String(), strconv.Itoa(int(p.Workbench.Frame.Mode))
	d["changes"], d["chose"] = strconv.Itoa(len(p.Workbench.Board.Changes)), p.Workbench.Selected
	return d
}

func (p *Place) Controls() map[string]fyne.CanvasObject {
	out := map[string]fyne.CanvasObject{}
	if p.Player == nil {
		for id, c := range p.cards {
			out[id] = c
		}
		return out
	}
	for name, o := range p.Workbench.Controls() {
		out[name] = o
	}
	for name, o := range p.Panel.Named {
		out["lesson:"+name] = o
	}
	return out
}
