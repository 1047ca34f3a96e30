package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/lessons"
	"asynclab/ui/keyed"
	"asynclab/ui/learn"
)

// pupil goes through a step: predicts and answers wrongly first, then rightly.
type pupil struct {
	*rig
	p    *learn.Place
	keys bool // no mouse: everything is reached by Tab, and pressed by a key
}

// tap presses a control, by the mouse or by keys.
func (u *pupil) tap(name string) {
	u.t.Helper()
	if !u.keys {
		u.rig.tap(name)
		return
	}
	u.reach(name)
	key := fyne.KeyReturn
	if _, ok := u.control(name).(*keyed.Button); ok {
		key = fyne.KeySpace
	}
	u.s.Win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	u.tick(200 * time.Millisecond)
}

// reach moves the focus to a control, as the Tab key does.
func (u *pupil) reach(name string) {
	u.t.Helper()
	c, to := u.s.Win.Canvas(), u.control(name)
	for range 500 {
		if any(c.Focused()) == any(to) {
			return
		}
		c.FocusNext()
	}
	u.t.Fatalf("%s is not reached by Tab", name)
}

// write writes into an entry, a key after the other.
func (u *pupil) write(name, text string) {
	u.t.Helper()
	e := u.control(name).(*keyed.Entry)
	if !u.keys {
		e.SetText(text)
		return
	}
	u.reach(name)
	e.SetText("")
	for _, r := range text {
		u.s.Win.Canvas().Focused().TypedRune(r)
	}
}

// change sets a parameter: on the bench or, by keys, in its knob.
func (u *pupil) change(c lessons.Change) {
	u.t.Helper()
	n := len(u.p.Workbench.Board.Changes)
	if knob := "lesson:knob:" + c.Path; u.keys && c.Design == "" {
		u.write(knob, c.Value)
		u.s.Win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	} else {
		u.p.Workbench.Set(max(0, slices.Index(u.p.Workbench.DesignNames(), c.Design)), c.Path, c.Value)
	}
	u.until("the change is made", func() bool { return len(u.p.Workbench.Board.Changes) > n })
}

// predict makes a wrong prediction, after looking that nothing may be done
// before it, and lets it run.
func (u *pupil) predict(a *lessons.Activity) {
	u.t.Helper()
	u.tap("lesson:next")
	if !u.says("first say what you expect") {
		u.t.Error("next: it is not said that a prediction comes first")
	}
	at := u.p.Workbench.Frame.Now
	for _, key := range []string{" ", ".", "m", "f", "x", string(fyne.KeyRight)} {
		u.press(key)
	}
	if u.p.Workbench.Frame.Now != at || u.p.Player.Gate() != a {
		u.t.Fatal("the lab runs before the prediction")
	}
	if a.Number != nil {
		u.write("lesson:guess", "a lot")
		u.tap("lesson:guess-ok")
		if !u.says("Write a number, such as 250.") {
			u.t.Error("it is not said that a number is wanted")
		}
		u.write("lesson:guess", "123456789")
		u.tap("lesson:guess-ok")
	} else {
		u.tap(choice((a.Right() + 1) % len(a.Choices)))
	}
	if _, made := u.p.Player.Guessed(); !made {
		u.t.Fatal("the prediction is not made")
	}
	u.tap("lesson:next")
	if !u.says("first run to the end, and see whether it is what you expected") {
		u.t.Error("next: it is not said that a run comes first")
	}
	u.tap("lesson:to-end")
	u.until("the prediction is compared", func() bool { return u.p.Player.Passed(a) })
	if !u.says("You expected: ") || !u.says("It was: ") {
		u.t.Errorf("it is not told what came of the prediction:\n%s", strings.Join(u.texts(), "\n"))
	}
	if tries := u.p.Player.Tries(a); tries[len(tries)-1].Right {
		u.t.Error("a wrong prediction counts as right")
	}
	if now := u.p.Workbench.Frame.Now; now != u.p.Setup.Until {
		u.t.Errorf("it stopped at %v, not at %v", now, u.p.Setup.Until)
	}
}

func choice(i int) string { return "lesson:choice:" + string(rune('1'+i)) }

func (u *pupil) answer(a *lessons.Activity) {
	u.t.Helper()
	u.tap("lesson:next")
	if !u.says("first answer the question") {
		u.t.Error("next: it is not said that an answer comes first")
	}
	u.tap(choice((a.Right() + 1) % len(a.Choices)))
	if !u.says("Not quite.") || u.p.Player.Passed(a) {
		u.t.Error("a wrong answer is not told")
	}
	u.tap(choice(a.Right()))
	if !u.p.Player.Passed(a) {
		u.t.Error("the right answer does not count")
	}
}

// task runs once without a change, which must not be enough, and then with the
// first repair. Where a try came before, what it turned may be enough.
func (u *pupil) task(a *lessons.Activity, tried bool) {
	u.t.Helper()
	if len(u.p.Workbench.Board.Changes) > 0 { // those of a try before it
		u.tap("lesson:reset")
		u.until("the changes are taken back", func() bool { return len(u.p.Workbench.Board.Changes) == 0 })
		u.tap("lesson:start-over")
		u.until("it is at the start", func() bool { return u.p.Workbench.Frame.Now == u.p.Setup.From })
	}
	judged := len(u.p.Player.Tries(a))
	u.tap("lesson:to-end")
	u.until("the attempt is judged", func() bool { return len(u.p.Player.Tries(a)) == judged+1 })
	if tried && u.p.Player.Passed(a) && u.says("Done.") {
		return
	}
	if !u.says("Not yet.") || u.p.Player.Passed(a) {
		u.t.Error("it is not said that the task is not solved")
	}
	u.tap("lesson:start-over")
	u.until("it is at the start", func() bool { return u.p.Workbench.Frame.Now == 0 })
	for _, c := range a.Repairs[0].Set {
		if c.At > u.p.Workbench.Frame.Now {
			u.p.Workbench.Controller.RunTo(c.At)
			u.until("it is time", func() bool { return u.p.Workbench.Frame.Now == c.At })
		}
		u.change(c)
	}
	u.tap("lesson:to-end")
	u.until("the second attempt is judged", func() bool { return len(u.p.Player.Tries(a)) == judged+2 })
	if !u.p.Player.Passed(a) || !u.says("Done.") {
		u.t.Errorf("the repair does not solve the task; changes %v", u.p.Workbench.Board.Changes)
	}
}

// try doubles, or halves, the first knob that can be, which is kept with what came of it.
func (u *pupil) try(a *lessons.Activity) {
	u.t.Helper()
	for _, path := range a.Setup().Knobs {
		turned := a.Setup().Turn(path, 2)
		if turned == nil { // a weight of 100%
			turned = a.Setup().Turn(path, 0.5)
		}
		if turned == nil {
			continue
		}
		u.tap("lesson:start-over")
		u.until("it is at the start", func() bool { return u.p.Workbench.Frame.Now == 0 })
		u.change(turned.Set[0])
		u.tap("lesson:to-end")
		u.until("the try is kept", func() bool { return len(u.p.Player.Tries(a)) == 1 })
		if said := u.p.Player.Tries(a)[0].Said; !u.says("With " + said) {
			u.t.Errorf("it is not said what came of %s", said)
		}
		return
	}
	u.t.Fatal("no knob can be turned")
}

// hints opens all hints, one by one.
func (u *pupil) hints(a *lessons.Activity) {
	u.t.Helper()
	for i := range a.Hints {
		if got := len(u.p.Player.Hints(a)); got != i {
			u.t.Fatalf("%d hints are open, not %d", got, i)
		}
		u.tap("lesson:hint")
	}
	if got := len(u.p.Player.Hints(a)); got != len(a.Hints) {
		u.t.Errorf("%d of %d hints are open", got, len(a.Hints))
	}
	if u.p.Panel.Named["hint"] != nil {
		u.t.Error("there is one more hint to open")
	}
}

func (u *pupil) step() {
	u.t.Helper()
	u.staged()
	tried := false
	for a := u.p.Player.Gate(); a != nil; a = u.p.Player.Gate() {
		u.hints(a)
		switch a.Kind {
		case lessons.Prediction, lessons.Transfer:
			u.predict(a)
		case lessons.Question:
			u.answer(a)
		case lessons.Trial:
			u.try(a)
			tried = true
		case lessons.Task:
			u.task(a, tried)
		case lessons.Act:
			u.tap("lesson:send")
			u.until("it is sent", func() bool { return u.p.Player.Passed(a) })
		case lessons.Edge:
			u.edge(a)
		}
	}
}

// edge predicts a number that is far off, and has the sweep made.
func (u *pupil) edge(a *lessons.Activity) {
	u.t.Helper()
	u.write("lesson:guess", "123456789")
	u.tap("lesson:guess-ok")
	u.tap("lesson:sweep")
	u.until("the sweep is made", func() bool { return u.p.Player.Passed(a) })
	if tries := u.p.Player.Tries(a); tries[len(tries)-1].Right || !u.says("It turns between") {
		u.t.Errorf("it is not said where it turns:\n%s", strings.Join(u.texts(), "\n"))
	}
}

// Whole lessons are played through the window: the shortest of the library and
// the longest, and one of a lecturer's own.
func TestPlayLessons(t *testing.T) {
	own := template(t, "own-lesson")
	bySteps := slices.SortedFunc(slices.Values(lessons.Library()), func(a, b *lessons.Folder) int {
		return len(a.Lessons[0].Steps) - len(b.Lessons[0].Steps)
	})
	for _, id := range []string{bySteps[0].ID, bySteps[len(bySteps)-1].ID, "own-lesson"} {
		t.Run(id, func(t *testing.T) { playLesson(start(t, "", lecturer(own)), id) })
	}
}

// Lessons of the library are played from their first step to the last by keys alone.
func TestPlayByKeys(t *testing.T) {
	for _, id := range []string{"telephone-and-email", "own-desk", "two-hands"} {
		t.Run(id, func(t *testing.T) {
			u := &pupil{rig: start(t, ""), keys: true}
			u.tap("lesson:" + id)
			u.p = u.learn()
			u.staged()
			u.whole(id)
		})
	}
}

func playLesson(r *rig, id string) {
	u := &pupil{rig: r, p: r.lesson(id)}
	u.whole(id)
}

// whole plays a lesson that is open, step by step.
func (u *pupil) whole(id string) {
	t := u.t
	l := u.p.Player.Lesson()
	for i := range l.Steps {
		if u.p.Player.Index() != i {
			t.Fatalf("at step %d, not %d", u.p.Player.Index(), i)
		}
		u.step()
		if !u.p.Player.StepDone(i) && len(l.Steps[i].Activities()) > 0 {
			t.Errorf("step %s is not done", l.Steps[i].ID)
		}
		if i == 0 {
			u.restartAt(l.Steps[0].ID)
		}
		u.tap("lesson:next")
	}
	if u.p.Player != nil {
		t.Fatal("the end does not lead back to the list")
	}
	if p := u.saved(); !p.Finished(id) {
		for _, s := range l.Steps {
			if log := p.Lessons[id].Steps[s.ID]; log == nil || log.Done.IsZero() {
				t.Errorf("step %s is not done on disk: %+v", s.ID, log)
			}
		}
	}
	u.quiet() // it was started anew
}

// restartAt opens the window anew in the middle of the lesson.
func (u *pupil) restartAt(step string) {
	u.t.Helper()
	lessons := u.s.opt.Lessons
	u.rig = u.restart(func(o *Options) { o.Lessons = lessons })
	u.p = u.learn()
	if u.p.Player == nil || u.p.Player.Step().ID != step {
		u.t.Fatalf("the lesson does not go on at %s", step)
	}
	u.staged()
}

// The language can change in the middle of a step: what was done stays.
func TestLessonChangesLanguage(t *testing.T) {
	r := start(t, "", lecturer(template(t, "own-lesson")))
	u := &pupil{rig: r, p: r.lesson("own-lesson")}
	u.control("lesson:guess").(*keyed.Entry).SetText("5")
	u.tap("lesson:guess-ok")
	u.press("Ctrl+L")
	if got := u.p.Player.Lesson().Language; got != "zh-Hans" {
		t.Errorf("the lesson is in %s", got)
	}
	if _, made := u.p.Player.Guessed(); !made {
		t.Error("the prediction is gone")
	}
	u.tap("lesson:to-end")
	u.until("it is compared", func() bool { return u.p.Player.Gate() == nil || u.p.Player.Gate().Kind != lessons.Prediction })
	u.press("Ctrl+D")
	u.press("Ctrl+2")
	u.press("Ctrl+1")
	if u.p.Player.Lesson().Language != "zh-Hans" || u.p.Player.Index() != 0 {
		t.Errorf("step %d in %s", u.p.Player.Index(), u.p.Player.Lesson().Language)
	}
	r.quiet()
}

// Played at its own speed, beyond the end of a step, the run stops exactly there.
func TestPlayToTheEnd(t *testing.T) {
	r := start(t, "", lecturer(template(t, "own-lesson", "until: 30s", "until: 20s")))
	p := r.lesson("own-lesson")
	r.control("lesson:guess").(*keyed.Entry).SetText("80")
	r.tap("lesson:guess-ok")
	a := p.Player.Gate()
	p.Workbench.Controller.SetSpeed(7)
	r.tap("lesson:run")
	r.until("the end", func() bool { return p.Player.Passed(a) })
	if p.Workbench.Frame.Now != p.Setup.Until {
		t.Errorf("it stopped at %v", p.Workbench.Frame.Now)
	}
	if tries := p.Player.Tries(a); !tries[0].Right {
		t.Errorf("80 ms is the right answer: %+v", tries)
	}
	if !r.says("You expected: 80 ms") || r.says("Not quite") {
		t.Errorf("it says:\n%s", strings.Join(r.texts(), "\n"))
	}

	// The keys move on the timeline that is seen, not on the rest of the run.
	r.press(string(fyne.KeyLeft))
	if want := p.Setup.Until - p.Setup.Until/100; p.Workbench.Frame.Now != want {
		t.Errorf("a hundredth back is %v, not %v", p.Workbench.Frame.Now, want)
	}
	for range 3 {
		r.press(string(fyne.KeyRight))
	}
	if p.Workbench.Frame.Now != p.Setup.Until {
		t.Errorf("forward it is at %v", p.Workbench.Frame.Now)
	}

	// Steps can be gone through quickly while it plays.
	for range 2 {
		p.Workbench.Controller.JumpTo(10 * time.Second)
		p.Workbench.Controller.Play()
		r.tick(200 * time.Millisecond)
		r.tap("lesson:next")
		if g := p.Player.Gate(); g != nil && g.Kind == lessons.Question {
			r.tap(choice(g.Right()))
		}
	}
	r.staged()
	if p.Player.Step().ID != "faster" || len(p.Player.Tries(p.Player.Gate())) != 0 || p.Workbench.Frame.Now != 0 {
		t.Errorf("step %s, tries %v, at %v", p.Player.Step().ID, p.Player.Tries(p.Player.Gate()), p.Workbench.Frame.Now)
	}
	r.quiet()
}
