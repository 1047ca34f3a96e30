package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/lessons"
	"asynclab/ui/learn"
	"asynclab/ui/window"
)

func (r *rig) learn() *learn.Place { return r.s.learn() }

// lesson opens a lesson from the list.
func (r *rig) lesson(id string) *learn.Place {
	r.t.Helper()
	r.tap("lesson:" + id)
	p := r.learn()
	if p.Player == nil {
		r.t.Fatalf("%s is not open; told %q", id, r.s.Errors)
	}
	r.staged()
	return p
}

// staged waits until the lab of the step is there.
func (r *rig) staged() {
	r.t.Helper()
	p := r.learn()
	r.until("the lab of the step is there", func() bool {
		return p.Player.Step().Setup == nil || p.Setup == p.Player.Step().Setup && ready(p.Workbench)
	})
}

// saved is the progress on disk.
func (r *rig) saved() *lessons.Progress {
	r.t.Helper()
	r.learn().Saver.Flush()
	_, p, notice, err := lessons.OpenStore(r.path("progress.json"))
	if err != nil || notice != "" {
		r.t.Fatalf("%v, %q", err, notice)
	}
	return p
}

// template writes the lesson that new lessons begin from into a folder.
func template(t *testing.T, id string, replace ...string) (folder string) {
	t.Helper()
	files, err := lessons.Template(id, "short")
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
		taken := p.Progress.Of(first.ID, time.Now())
		if taken.Steps == nil {
			taken.Steps = map[string]*lessons.StepLog{}
		}
		taken.Steps[s.ID] = &lessons.StepLog{Done: time.Now()}
	}
	p.Refill()
	if !r.says("Go on: "+first.Title) || !r.says("2 of ") {
		t.Errorf("the list says %q", r.texts())
	}
	p.Progress.Of(first.ID, time.Now()).Finished = time.Now()
	p.Refill()
	if !r.says("done") || r.says("Start here: "+first.Title) {
		t.Error("a finished lesson is not marked")
	}
	for _, f := range p.Shelf {
		p.Progress.Of(f.ID, time.Now()).Finished = time.Now()
	}
	p.Refill()
	if !r.says("You have been through all lessons.") {
		t.Error("the end is not told")
	}
	r.quiet()
}

// A lesson with mistakes is in the list, says what is wrong with it, and is read
// again when it was mended.
func TestLessonWithMistakes(t *testing.T) {
	folder := template(t, "own-lesson", "load.shoppers.confirmed.latency.p50", "load.shopers.confirmed.latency.p50")
	r := start(t, "", lecturer(folder))
	if !r.says("This lesson has mistakes. Tap to see them.") {
		t.Fatalf("the list says %q", r.texts())
	}
	var broken *window.Card
	r.seen(func(o fyne.CanvasObject) {
		if c, ok := o.(*window.Card); ok && slices.Contains(textsIn(c), "own-lesson") {
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
	var broken *window.Card
	r.seen(func(o fyne.CanvasObject) {
		if c, ok := o.(*window.Card); ok && slices.Contains(textsIn(c), "This lesson has mistakes. Tap to see them.") {
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
	if p := r.lesson("dominoes"); p.Player.Lesson().Path == "" || len(p.Player.Lesson().Steps) < 4 {
		t.Errorf("%s is open", p.Player.Lesson().Path)
	}
}

// A folder without lessons is told of, and is no reason not to start.
func TestNoLessonsThere(t *testing.T) {
	r := start(t, "", lecturer(filepath.Join(t.TempDir(), "nothing")))
	if len(r.s.Errors) != 1 || !strings.Contains(r.s.Errors[0], "nothing") {
		t.Errorf("told is %q", r.s.Errors)
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
	if len(r.s.Errors) != 1 || !r.says("put aside as") {
		t.Errorf("told is %q", r.s.Errors)
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
		p.Changed(false)
		p.Saver.Flush()
	}
	r.settle()
	if len(r.s.Errors) != 1 || !r.says("Your progress could not be saved") {
		t.Errorf("told is %q", r.s.Errors)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	p.Changed(false)
	if len(r.saved().Lessons) != 1 {
		t.Error("it is not saved when it can be")
	}
}

// Words of the glossary and other lessons are a tap away, and progress is saved
// as a table.
func TestAroundLessons(t *testing.T) {
	r := start(t, "")
	r.tap("progress-csv")
	r.answer(r.dir, "progress.csv")
	r.until("it is saved", func() bool { return window.Exists(r.path("progress.csv")) })
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
		p.Hooks().Links.Term(e.ID, fyne.Position{})
		if !r.says(e.Text) {
			t.Errorf("%s is not explained", e.ID)
		}
		r.closeDialogs()
	}
	p.OpenLesson("no-such-lesson")
	if !r.says("There is no lesson no-such-lesson here.") {
		t.Errorf("told is %q", r.s.Errors)
	}
	r.closeDialogs()
	p.OpenLesson("dominoes")
	if p.Player.Lesson().ID != "dominoes" {
		t.Error("a link does not lead to the other lesson")
	}
}

// Lessons are read when their place is shown, and not before the first picture of
// another.
func TestLessonsAreReadWhenShown(t *testing.T) {
	r := start(t, "", at("lab"))
	if n := len(r.s.learn().Shelf); n > 0 {
		t.Errorf("%d lessons are read in the lab", n)
	}
	r.press("Ctrl+1")
	if n := len(r.s.learn().Shelf); n == 0 {
		t.Error("no lessons in Learn")
	}
}
