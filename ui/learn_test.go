package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
)

func (r *rig) learn() *learnPlace { return r.s.places[0].(*learnPlace) }

// lesson opens a lesson from the list.
func (r *rig) lesson(id string) *learnPlace {
	r.t.Helper()
	r.tap("lesson:" + id)
	p := r.learn()
	if p.player == nil {
		r.t.Fatalf("%s is not open; told %q", id, r.s.errors)
	}
	r.staged()
	return p
}

// staged waits until the lab of the step is there.
func (r *rig) staged() {
	r.t.Helper()
	p := r.learn()
	r.until("the lab of the step is there", func() bool {
		return p.player.Step().Setup == nil || p.setup == p.player.Step().Setup && p.b.ready()
	})
}

// saved is the progress on disk.
func (r *rig) saved() *lessons.Progress {
	r.t.Helper()
	r.learn().saver.flush()
	_, p, notice, err := lessons.OpenStore(r.path("progress.json"))
	if err != nil || notice != "" {
		r.t.Fatalf("%v, %q", err, notice)
	}
	return p
}

// template writes the lesson that new lessons begin from into a folder.
func template(t *testing.T, id string, replace ...string) (folder string) {
	t.Helper()
	files, err := lessons.Template(id)
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, id), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text := strings.NewReplacer(replace...).Replace(string(f.Data))
		if err := os.WriteFile(filepath.Join(folder, id, f.Name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func lecturer(folder string) func(*Options) {
	return func(o *Options) { o.Lessons = []string{folder} }
}

func TestLessonList(t *testing.T) {
	r := start(t, "")
	for _, f := range lessons.Library() {
		if !r.says(f.In("en").Title) || !r.says(f.In("en").Summary) {
			t.Errorf("%s is not in the list", f.ID)
		}
		if len(f.In("en").Prerequisites) > 0 && !r.says("first: ") {
			t.Errorf("it is not said what comes before %s", f.ID)
		}
	}
	first := lessons.Library()[0].In("en")
	if !r.says("Start here: " + first.Title) {
		t.Error("it does not begin with the first lesson")
	}

	// What was begun is gone on with.
	p := r.learn()
	for _, s := range first.Steps[:2] {
		taken := p.progress.Of(first.ID, time.Now())
		if taken.Steps == nil {
			taken.Steps = map[string]*lessons.StepLog{}
		}
		taken.Steps[s.ID] = &lessons.StepLog{Done: time.Now()}
	}
	p.refill()
	if !r.says("Go on: "+first.Title) || !r.says("2 of ") {
		t.Errorf("the list says %q", r.texts())
	}
	p.progress.Of(first.ID, time.Now()).Finished = time.Now()
	p.refill()
	if !r.says("done") || r.says("Start here: "+first.Title) {
		t.Error("a finished lesson is not marked")
	}
	for _, f := range p.shelf {
		p.progress.Of(f.ID, time.Now()).Finished = time.Now()
	}
	p.refill()
	if !r.says("You have been through all lessons.") {
		t.Error("the end is not told")
	}
	r.quiet()
}

// pupil goes through a step: predicts and answers wrongly first, then rightly.
type pupil struct {
	*rig
	p *learnPlace
}

// predict makes a wrong prediction, after looking that nothing may be done
// before it, and lets it run.
func (u *pupil) predict(a *lessons.Activity) {
	u.t.Helper()
	u.tap("lesson:next")
	if !u.says("first say what you expect") {
		u.t.Error("next: it is not said that a prediction comes first")
	}
	at := u.p.b.frame.Now
	for _, key := range []string{" ", ".", "m", "f", "x", string(fyne.KeyRight)} {
		u.press(key)
	}
	if u.p.b.frame.Now != at || u.p.player.Gate() != a {
		u.t.Fatal("the lab runs before the prediction")
	}
	if a.Number != nil {
		u.control("lesson:guess").(*widget.Entry).SetText("a lot")
		u.tap("lesson:guess-ok")
		if !u.says("Write a number, such as 250.") {
			u.t.Error("it is not said that a number is wanted")
		}
		u.control("lesson:guess").(*widget.Entry).SetText("123456789")
		u.tap("lesson:guess-ok")
	} else {
		u.tap(choice((a.Right() + 1) % len(a.Choices)))
	}
	if _, made := u.p.player.Guessed(); !made {
		u.t.Fatal("the prediction is not made")
	}
	u.tap("lesson:next")
	if !u.says("first run to the end, and see whether it is what you expected") {
		u.t.Error("next: it is not said that a run comes first")
	}
	u.tap("lesson:to-end")
	u.until("the prediction is compared", func() bool { return u.p.player.Passed(a) })
	if !u.says("You expected: ") || !u.says("It was: ") {
		u.t.Errorf("it is not told what came of the prediction:\n%s", strings.Join(u.texts(), "\n"))
	}
	if tries := u.p.player.Tries(a); tries[len(tries)-1].Right {
		u.t.Error("a wrong prediction counts as right")
	}
	if now := u.p.b.frame.Now; now != u.p.setup.Until {
		u.t.Errorf("it stopped at %v, not at %v", now, u.p.setup.Until)
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
	if !u.says("Not quite.") || u.p.player.Passed(a) {
		u.t.Error("a wrong answer is not told")
	}
	u.tap(choice(a.Right()))
	if !u.p.player.Passed(a) {
		u.t.Error("the right answer does not count")
	}
}

// task runs once without a change, which must not be enough, and then with the
// solution.
func (u *pupil) task(a *lessons.Activity) {
	u.t.Helper()
	u.tap("lesson:to-end")
	u.until("the attempt is judged", func() bool { return len(u.p.player.Tries(a)) == 1 })
	if !u.says("Not yet.") || u.p.player.Passed(a) {
		u.t.Error("it is not said that the task is not solved")
	}
	u.tap("lesson:start-over")
	u.until("it is at the start", func() bool { return u.p.b.frame.Now == 0 })
	for _, c := range a.Solution.Set {
		if c.At > u.p.b.frame.Now {
			u.p.b.ctl.RunTo(c.At)
			u.until("it is time", func() bool { return u.p.b.frame.Now == c.At })
		}
		lane := max(0, slices.Index(u.p.b.designNames(), c.Design))
		n := len(u.p.b.board.Changes)
		u.p.b.set(lane, c.Path, c.Value)
		u.until("the change is made", func() bool { return len(u.p.b.board.Changes) > n })
	}
	u.tap("lesson:to-end")
	u.until("the second attempt is judged", func() bool { return len(u.p.player.Tries(a)) == 2 })
	if !u.p.player.Passed(a) || !u.says("Done.") {
		u.t.Errorf("the solution does not solve the task; changes %v", u.p.b.board.Changes)
	}
}

// hints opens all hints, one by one.
func (u *pupil) hints(a *lessons.Activity) {
	u.t.Helper()
	for i := range a.Hints {
		if got := len(u.p.player.Hints(a)); got != i {
			u.t.Fatalf("%d hints are open, not %d", got, i)
		}
		u.tap("lesson:hint")
	}
	if got := len(u.p.player.Hints(a)); got != len(a.Hints) {
		u.t.Errorf("%d of %d hints are open", got, len(a.Hints))
	}
	if u.p.panel.Named["hint"] != nil {
		u.t.Error("there is one more hint to open")
	}
}

func (u *pupil) step() {
	u.t.Helper()
	u.staged()
	for a := u.p.player.Gate(); a != nil; a = u.p.player.Gate() {
		u.hints(a)
		switch a.Kind {
		case lessons.Prediction:
			u.predict(a)
		case lessons.Question:
			u.answer(a)
		case lessons.Task:
			u.task(a)
		}
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

func playLesson(r *rig, id string) {
	t := r.t
	u := &pupil{r, r.lesson(id)}
	l := u.p.player.Lesson()
	for i := range l.Steps {
		if u.p.player.Index() != i {
			t.Fatalf("at step %d, not %d", u.p.player.Index(), i)
		}
		u.step()
		if !u.p.player.StepDone(i) && len(l.Steps[i].Activities()) > 0 {
			t.Errorf("step %s is not done", l.Steps[i].ID)
		}
		if i == 0 {
			u.restartAt(l.Steps[0].ID)
		}
		u.tap("lesson:next")
	}
	if u.p.player != nil {
		t.Fatal("the end does not lead back to the list")
	}
	if p := u.saved(); !p.Finished(id) {
		for _, s := range l.Steps {
			if log := p.Lessons[id].Steps[s.ID]; log == nil || log.Done.IsZero() {
				t.Errorf("step %s is not done on disk: %+v", s.ID, log)
			}
		}
	}
	r.quiet()
}

// restartAt opens the window anew in the middle of the lesson.
func (u *pupil) restartAt(step string) {
	u.t.Helper()
	lessons := u.s.opt.Lessons
	u.rig = u.restart(func(o *Options) { o.Lessons = lessons })
	u.p = u.learn()
	if u.p.player == nil || u.p.player.Step().ID != step {
		u.t.Fatalf("the lesson does not go on at %s", step)
	}
	u.staged()
}

// A lesson with mistakes is in the list, says what is wrong with it, and is read
// again when it was mended.
func TestLessonWithMistakes(t *testing.T) {
	folder := template(t, "own-lesson", "load.shoppers.confirmed.latency.p50", "load.shopers.confirmed.latency.p50")
	r := start(t, "", lecturer(folder))
	if !r.says("This lesson has mistakes. Tap to see them.") {
		t.Fatalf("the list says %q", r.texts())
	}
	var broken *card
	r.seen(func(o fyne.CanvasObject) {
		if c, ok := o.(*card); ok && slices.Contains(textsIn(c), "own-lesson") {
			broken = c
		}
	})
	broken.Tapped(nil)
	if !r.says("shopers") || !r.says("line ") || !r.says("own-lesson cannot be opened yet") {
		t.Errorf("shown is:\n%s", strings.Join(r.texts(), "\n"))
	}
	mended := template(t, "own-lesson")
	for _, name := range []string{"en.md", "zh-Hans.md"} {
		data, err := os.ReadFile(filepath.Join(mended, "own-lesson", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "own-lesson", name), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	r.button("Try again").OnTapped()
	r.quiet()
	if r.says("This lesson has mistakes") {
		t.Error("the mended lesson is not read again")
	}
	r.lesson("own-lesson")
	r.quiet()
}

func textsIn(o fyne.CanvasObject) (all []string) {
	walk(o, func(o fyne.CanvasObject) { all = append(all, textsOf(o)...) })
	return all
}

// A lecturer's lesson with the id of another says so, and the other is there.
func TestLessonOfTheSameName(t *testing.T) {
	r := start(t, "", lecturer(template(t, "dominoes")))
	var broken *card
	r.seen(func(o fyne.CanvasObject) {
		if c, ok := o.(*card); ok && slices.Contains(textsIn(c), "This lesson has mistakes. Tap to see them.") {
			broken = c
		}
	})
	if broken == nil {
		t.Fatal("it is not told")
	}
	broken.Tapped(nil)
	if !r.says("there is another lesson dominoes in library/dominoes") {
		t.Errorf("it says:\n%s", strings.Join(r.texts(), "\n"))
	}
	r.closeDialogs()
	if p := r.lesson("dominoes"); p.player.Lesson().Path == "" || len(p.player.Lesson().Steps) < 4 {
		t.Errorf("%s is open", p.player.Lesson().Path)
	}
}

// A folder without lessons is told of, and is no reason not to start.
func TestNoLessonsThere(t *testing.T) {
	r := start(t, "", lecturer(filepath.Join(t.TempDir(), "nothing")))
	if len(r.s.errors) != 1 || !strings.Contains(r.s.errors[0], "nothing") {
		t.Errorf("told is %q", r.s.errors)
	}
	r.closeDialogs()
	r.lesson(lessons.Library()[0].ID)
}

// Damaged progress is kept aside, and told of.
func TestDamagedProgress(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "progress.json"), []byte(`{"version": 1, "lessons": {`), 0o644); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir)
	if len(r.s.errors) != 1 || !r.says("put aside as") {
		t.Errorf("told is %q", r.s.errors)
	}
	r.closeDialogs()
	r.lesson(lessons.Library()[0].ID)
	if len(r.saved().Lessons) != 1 {
		t.Error("new progress is not kept")
	}
}

// Progress that cannot be saved is told of, once, and is there when it can be
// saved again.
func TestProgressCannotBeSaved(t *testing.T) {
	r := start(t, "")
	file := r.path("progress.json")
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	p := r.lesson(lessons.Library()[0].ID)
	for range 3 {
		p.changed(false)
		p.saver.flush()
	}
	r.settle()
	if len(r.s.errors) != 1 || !r.says("Your progress could not be saved") {
		t.Errorf("told is %q", r.s.errors)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	p.changed(false)
	if len(r.saved().Lessons) != 1 {
		t.Error("it is not saved when it can be")
	}
}

// The language can change in the middle of a step: what was done stays.
func TestLessonChangesLanguage(t *testing.T) {
	r := start(t, "", lecturer(template(t, "own-lesson")))
	u := &pupil{r, r.lesson("own-lesson")}
	u.control("lesson:guess").(*widget.Entry).SetText("5")
	u.tap("lesson:guess-ok")
	u.press("Ctrl+L")
	if got := u.p.player.Lesson().Language; got != "zh-Hans" {
		t.Errorf("the lesson is in %s", got)
	}
	if _, made := u.p.player.Guessed(); !made {
		t.Error("the prediction is gone")
	}
	u.tap("lesson:to-end")
	u.until("it is compared", func() bool { return u.p.player.Gate() == nil || u.p.player.Gate().Kind != lessons.Prediction })
	u.press("Ctrl+D")
	u.press("Ctrl+2")
	u.press("Ctrl+1")
	if u.p.player.Lesson().Language != "zh-Hans" || u.p.player.Index() != 0 {
		t.Errorf("step %d in %s", u.p.player.Index(), u.p.player.Lesson().Language)
	}
	r.quiet()
}

// Played at its own speed, beyond the end of a step, the run stops exactly there.
func TestPlayToTheEnd(t *testing.T) {
	r := start(t, "", lecturer(template(t, "own-lesson", "until: 30s", "until: 20s")))
	p := r.lesson("own-lesson")
	r.control("lesson:guess").(*widget.Entry).SetText("80")
	r.tap("lesson:guess-ok")
	a := p.player.Gate()
	p.b.ctl.SetSpeed(7)
	r.tap("lesson:run")
	r.until("the end", func() bool { return p.player.Passed(a) })
	if p.b.frame.Now != p.setup.Until {
		t.Errorf("it stopped at %v", p.b.frame.Now)
	}
	if tries := p.player.Tries(a); !tries[0].Right {
		t.Errorf("80 ms is the right answer: %+v", tries)
	}
	if !r.says("You expected: 80 ms") || r.says("Not quite") {
		t.Errorf("it says:\n%s", strings.Join(r.texts(), "\n"))
	}

	// The keys move on the timeline that is seen, not on the rest of the run.
	r.press(string(fyne.KeyLeft))
	if want := p.setup.Until - p.setup.Until/100; p.b.frame.Now != want {
		t.Errorf("a hundredth back is %v, not %v", p.b.frame.Now, want)
	}
	for range 3 {
		r.press(string(fyne.KeyRight))
	}
	if p.b.frame.Now != p.setup.Until {
		t.Errorf("forward it is at %v", p.b.frame.Now)
	}

	// Steps can be gone through quickly while it plays.
	for range 2 {
		p.b.ctl.JumpTo(10 * time.Second)
		p.b.ctl.Play()
		r.tick(200 * time.Millisecond)
		r.tap("lesson:next")
		if g := p.player.Gate(); g != nil && g.Kind == lessons.Question {
			r.tap(choice(g.Right()))
		}
	}
	r.staged()
	if p.player.Step().ID != "faster" || len(p.player.Tries(p.player.Gate())) != 0 || p.b.frame.Now != 0 {
		t.Errorf("step %s, tries %v, at %v", p.player.Step().ID, p.player.Tries(p.player.Gate()), p.b.frame.Now)
	}
	r.quiet()
}

// Words of the glossary and other lessons are a tap away, and progress is saved
// as a table.
func TestAroundLessons(t *testing.T) {
	r := start(t, "")
	r.tap("progress-csv")
	r.answer(r.dir, "progress.csv")
	r.until("it is saved", func() bool { return exists(r.path("progress.csv")) })
	data, err := os.ReadFile(r.path("progress.csv"))
	if err != nil || !strings.Contains(string(data), ",") {
		t.Errorf("%q, %v", data, err)
	}
	r.closeDialogs()
	r.tap("glossary")
	for _, e := range lessons.Glossary("en") {
		if !r.says(e.Name) || !r.says(e.Text) {
			t.Errorf("%s is not in the glossary", e.ID)
		}
	}
	r.closeDialogs()
	p := r.lesson("telephone-and-email")
	for _, e := range lessons.Glossary("en") {
		p.hooks().Links.Term(e.ID)
		if !r.says(e.Text) {
			t.Errorf("%s is not explained", e.ID)
		}
		r.closeDialogs()
	}
	p.openLesson("no-such-lesson")
	if !r.says("There is no lesson no-such-lesson here.") {
		t.Errorf("told is %q", r.s.errors)
	}
	r.closeDialogs()
	p.openLesson("dominoes")
	if p.player.Lesson().ID != "dominoes" {
		t.Error("a link does not lead to the other lesson")
	}
}
