package ui

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"asynclab/lessons"
	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/learn"
	"asynclab/ui/locale"
	"asynclab/ui/stage"
)

// learnPlace is the list of lessons, and the lesson one is in beside a lab.
type learnPlace struct {
	host     *window
	b        *bench
	shelf    lessons.Shelf
	folders  []string // further ones, from the command line and added by hand
	store    *lessons.Store
	progress *lessons.Progress
	saver    saver
	player   *lessons.Player // nil: the list is shown
	panel    *learn.Panel
	setup    *lessons.Setup // that the bench is in
	ended    bool           // the run has come to the end of the step, and that was told
	shown    *fyne.Container
	cards    map[string]fyne.CanvasObject
}

// newLearn keeps progress in a folder, and has the lessons of further ones.
func newLearn(host *window, dataDir string, folders []string) *learnPlace {
	p := &learnPlace{host: host, b: newBench(host)}
	p.b.guard = p.mayRun
	p.b.onFrame = p.frame
	p.b.onBoard = func(*control.Board) {
		if p.panel != nil {
			p.panel.Refresh()
		}
	}
	p.folders = append(append(p.folders, folders...), host.prefs.StringList(prefLessons)...)
	p.readShelf()
	var notice string
	var err error
	p.store, p.progress, notice, err = lessons.OpenStore(filepath.Join(dataDir, "progress.json"))
	if err != nil {
		p.progress = &lessons.Progress{}
	} else if notice != "" {
		err = errors.New(notice)
	}
	p.saver.store = p.store
	p.saver.failed = func(err error) {
		fyne.Do(func() { host.fail(locale.T("error.progress-not-saved"), err) })
	}
	if err != nil {
		host.soon(func() { host.fail(locale.T("error.progress"), err) })
	}
	return p
}

const (
	prefLessons = "lessons.folders"
	prefLesson  = "lessons.open"
)

// readShelf reads the lessons that come with the program, and those of the
// folders.
func (p *learnPlace) readShelf() {
	p.shelf = lessons.Library()
	for _, f := range p.folders {
		more, err := lessons.Open(f)
		if err != nil {
			p.host.soon(func() { p.host.fail(locale.T("lessons.unreadable-folder", f), err) })
			continue
		}
		p.add(more)
	}
}

// add puts more lessons on the shelf. Two cannot have the same id: progress is
// kept by it.
func (p *learnPlace) add(more lessons.Shelf) {
	for _, f := range more {
		if other := p.shelf.Find(f.ID); other != nil {
			f.Mistakes = append(f.Mistakes, lessons.Diagnostic{File: f.Path, Msg: "there is another lesson " + f.ID + " in " + other.Path, Hint: "give it an id of its own: the name of its folder, and id: in its front matter"})
		}
		p.shelf = append(p.shelf, f)
	}
}

func (p *learnPlace) bench() *bench {
	if p.player == nil || p.shown == nil {
		return nil
	}
	return p.b
}

func (p *learnPlace) enter() {
	if id := p.host.prefs.String(prefLesson); id != "" && p.player == nil {
		p.openLesson(id)
	}
}

func (p *learnPlace) leave() {
	p.b.ctl.Pause()
	p.shown = nil
}

func (p *learnPlace) close() {
	p.saver.flush()
	p.b.close()
}

func (p *learnPlace) build() fyne.CanvasObject {
	p.shown = container.NewStack()
	if p.player != nil {
		if f := p.shelf.Find(p.player.Lesson().ID); f != nil && f.In(locale.Current()) != nil {
			p.player = p.player.In(f.In(locale.Current()))
		}
	}
	p.refill()
	return p.shown
}

func (p *learnPlace) refill() {
	if p.shown == nil {
		return
	}
	var o fyne.CanvasObject
	if p.player == nil {
		o = p.list()
	} else {
		o = p.lesson()
	}
	p.shown.Objects = []fyne.CanvasObject{o}
	p.shown.Refresh()
}

// lesson is the text beside the bench.
func (p *learnPlace) lesson() fyne.CanvasObject {
	p.panel = learn.NewPanel(p.player, p.hooks())
	if p.b.sc == nil || len(p.b.scenes) == 0 {
		return p.panel.Content
	}
	p.b.front = container.NewTabItem(locale.T("panel.lesson"), p.panel.Content)
	return p.b.build()
}

func (p *learnPlace) hooks() learn.Hooks {
	return learn.Hooks{
		Links: learn.Links{
			Term:   p.term,
			Lesson: p.openLesson,
			Web:    func(a string) { p.host.openWeb(a) },
			Files:  p.player.Lesson().FS,
			Design: p.picture,
		},
		Now:       time.Now,
		Run:       func() { p.run(p.b.ctl.Play) },
		ToEnd:     func() { p.run(func() { p.b.ctl.RunTo(p.setup.Until) }) },
		StartOver: func() { p.ended = false; p.b.ctl.JumpTo(0) },
		Reset:     func() { p.ended = false; p.b.ctl.ResetChanges() },
		Changed:   p.changed,
		Leave:     p.leaveLesson,
		Goals: func() (goals []lessons.GoalVerdict) {
			p.b.ctl.Ask(func(s *control.Session) { goals = p.player.Goals(s) })
			return goals
		},
	}
}

// run plays, unless a prediction comes first; a run that is over begins again.
func (p *learnPlace) run(how func()) {
	if !p.mayRun() || p.setup == nil {
		return
	}
	if p.b.frame.Now >= p.setup.Until {
		p.ended = false
		p.b.ctl.JumpTo(0)
	}
	how()
}

func (p *learnPlace) mayRun() bool {
	if p.player == nil {
		return true
	}
	if err := p.player.MayRun(); err != nil {
		p.panel.Say(err)
		return false
	}
	return true
}

// frame watches for the end of the step's run: there it stops, and what was
// predicted is compared, what was to be reached is judged.
func (p *learnPlace) frame(f *control.Frame) {
	if p.player == nil || p.setup == nil || len(f.Lanes) == 0 {
		return
	}
	if f.Now < p.setup.Until {
		p.ended = false
		return
	}
	if p.ended || f.Mode == control.Seeking {
		return
	}
	var now time.Duration // the frame may be one from before the last command
	var v *lessons.Verdict
	p.b.ctl.Ask(func(s *control.Session) {
		if s.Seeking() {
			return
		}
		if now = s.Now(); now == p.setup.Until {
			v = p.player.Finished(s, time.Now())
		}
	})
	if now < p.setup.Until {
		return
	}
	p.b.ctl.Pause()
	if now > p.setup.Until {
		p.b.ctl.JumpTo(p.setup.Until) // exactly to the end
		return
	}
	p.ended = true
	if v != nil {
		p.b.selectTab(p.panel.Content) // what came of it is told there
	}
	p.panel.Ended(v)
}

// changed keeps the progress, and sets the lab up when another step was entered.
func (p *learnPlace) changed(entered bool) {
	p.saver.save(p.progress)
	if entered {
		p.stage()
	}
}

// stage puts what the step needs on the bench.
func (p *learnPlace) stage() {
	step := p.player.Step()
	if step.Setup == nil || step.Setup == p.setup && !step.Fresh && p.b.sc != nil {
		return
	}
	u := step.Setup
	sc, designs, err := staged(p.player.Lesson(), u)
	if err != nil {
		p.host.fail(locale.T("lesson.lab-not-set-up"), err)
		return
	}
	p.setup, p.ended = u, false
	p.b.plotIDs, p.b.plotOf = plotsOf(u)
	p.b.until = u.Until
	p.b.open("lesson."+p.player.Lesson().ID+"."+u.Scenario, u.Scenario, sc, designs, control.Options{}, func() {
		p.refill()
		p.b.ctl.SetSpeed(u.Speed)
		if u.Select != "" {
			p.b.point(0, u.Select)
		}
		if u.Play && p.player.MayRun() == nil {
			p.b.ctl.Play()
		}
	})
}

// staged is the scenario of a setup with its designs alone, as the setup has
// them, and which of them stand on the bench.
func staged(l *lessons.Lesson, u *lessons.Setup) (sc *scenarios.Scenario, designs []int, err error) {
	ready, err := l.Designs(u)
	if err != nil {
		return nil, nil, err
	}
	whole := l.Scenario(u.Scenario)
	shown := *whole
	shown.Designs, shown.DesignTitles = ready, nil
	for i, d := range ready {
		for j := range whole.Designs {
			if whole.Designs[j].Name == d.Name {
				shown.DesignTitles = append(shown.DesignTitles, whole.DesignTitles[j])
			}
		}
		if i < control.MaxLanes {
			designs = append(designs, i)
		}
	}
	return &shown, designs, nil
}

// plotsOf are the plots that a step asks for, and of what each is.
func plotsOf(u *lessons.Setup) (ids []string, of map[string][]string) {
	ids, of = []string{}, map[string][]string{}
	for _, plot := range u.Plots {
		id := plot.Kind
		if id == "depth" {
			id = "queues"
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if plot.Element != "" {
			of[id] = append(of[id], plot.Element)
		}
	}
	if len(ids) == 0 {
		ids = []string{"throughput", "median"}
	}
	return ids, of
}

func (p *learnPlace) openLesson(id string) {
	f := p.shelf.Find(id)
	if f == nil || f.In(locale.Current()) == nil {
		var err error = errors.New(locale.T("lesson.not-here", id))
		if f != nil {
			err = f.Mistakes
		}
		p.host.fail(locale.T("lesson.not-opened"), err)
		return
	}
	l := f.In(locale.Current())
	p.player = lessons.NewPlayer(l, p.progress.Of(id, time.Now()))
	if p.player.Done() && p.player.Index() == len(l.Steps)-1 {
		_ = p.player.Go(0, time.Now()) // to read it once more; a step that was reached can be gone to
	}
	p.host.prefs.set(prefLesson, id)
	p.setup, p.b.sc, p.b.scenes = nil, nil, nil
	p.saver.save(p.progress)
	p.refill()
	p.stage()
}

func (p *learnPlace) leaveLesson() {
	p.b.ctl.Pause()
	p.player, p.panel, p.setup = nil, nil, nil
	p.host.prefs.set(prefLesson, "")
	p.refill()
}

// picture is a design of a scenario, at rest.
func (p *learnPlace) picture(scenario, design string) fyne.CanvasObject {
	sc := p.player.Lesson().Scenario(scenario)
	if sc == nil || sc.Design(design) == nil {
		return nil
	}
	g := sim.Graph(sc.Design(design))
	l, err := topology.Arrange(g, topology.Options{})
	if err != nil {
		return nil
	}
	st := stage.New()
	st.SetScene(&control.Scene{Design: design, Title: design, Graph: g, Layout: l})
	return st
}

func (p *learnPlace) describe() map[string]string {
	d := map[string]string{"lesson": "", "finished": ""}
	for _, f := range p.shelf {
		if p.progress.Finished(f.ID) {
			d["finished"] += f.ID + " "
		}
	}
	if p.player == nil {
		return d
	}
	d["lesson"], d["step"] = p.player.Lesson().ID, p.player.Step().ID
	d["index"], d["steps"] = strconv.Itoa(p.player.Index()), strconv.Itoa(len(p.player.Lesson().Steps))
	if g := p.player.Gate(); g != nil {
		d["gate"] = g.Kind.String()
		d["right"] = strconv.Itoa(g.Right() + 1)
	}
	tries := 0
	for _, a := range p.player.Step().Activities() {
		tries += len(p.player.Tries(a))
	}
	d["tries"] = strconv.Itoa(tries)
	_, guessed := p.player.Guessed()
	d["guessed"] = strconv.FormatBool(guessed)
	d["now"], d["mode"] = p.b.frame.Now.String(), strconv.Itoa(int(p.b.frame.Mode))
	d["changes"], d["chose"] = strconv.Itoa(len(p.b.board.Changes)), p.b.chose
	return d
}

func (p *learnPlace) controls() map[string]fyne.CanvasObject {
	out := map[string]fyne.CanvasObject{}
	if p.player == nil {
		for id, c := range p.cards {
			out[id] = c
		}
		return out
	}
	for name, o := range p.b.controls() {
		out[name] = o
	}
	for name, o := range p.panel.Named {
		out["lesson:"+name] = o
	}
	return out
}
