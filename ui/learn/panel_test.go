package learn

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
)

// desk is a panel with a lab beside it that only notes what it is asked for.
type desk struct {
	t       *testing.T
	player  *lessons.Player
	taken   *lessons.Taken
	panel   *Panel
	asked   []string
	entered int
	saved   int
	goals   []lessons.GoalVerdict
	values  map[string]string // of parameters, now
}

// sit opens the lesson that new ones begin from at one of its steps.
func sit(t *testing.T, step string) *desk { return sitAt(t, "short", step) }

// sitAt opens a new lesson of a rhythm.
func sitAt(t *testing.T, rhythm, step string) *desk {
	t.Helper()
	files, err := lessons.Template("own", rhythm)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "own")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shelf, err := lessons.Open(folder)
	if err != nil || len(shelf) != 1 || len(shelf[0].Mistakes) > 0 {
		t.Fatalf("%v, %v", err, shelf.Mistakes())
	}
	d := &desk{t: t, values: map[string]string{}, taken: &lessons.Taken{Step: step}}
	d.player = lessons.NewPlayer(shelf[0].In("en"), d.taken)
	test.NewTempApp(t)
	note := func(what string) func() { return func() { d.asked = append(d.asked, what) } }
	d.panel = NewPanel(d.player, Hooks{
		Links: Links{Term: func(id string, _ fyne.Position) { note("term " + id)() }},
		Now:   time.Now, Run: note("run"), ToEnd: note("to the end"), StartOver: note("start over"), Reset: note("reset"), Leave: note("leave"),
		Changed: func(entered bool) {
			d.saved++
			if entered {
				d.entered++
			}
		},
		Goals: func() []lessons.GoalVerdict { return d.goals },
		Set:   func(path, value string) error { note(path + "=" + value)(); return nil },
		Value: func(path string) string { return d.values[path] },
		Sweep: func(a *lessons.Activity, done func([]lessons.Turned, error)) {
			done(a.Swept(context.Background(), d.player.Lesson(), nil))
		},
	})
	w := test.NewWindow(d.panel.Content)
	w.Resize(fyne.NewSize(420, 640))
	t.Cleanup(w.Close)
	return d
}

func (d *desk) tap(name string) {
	d.t.Helper()
	o, ok := d.panel.Named[name].(fyne.Tappable)
	if !ok {
		d.t.Fatalf("there is no %s to tap", name)
	}
	o.Tapped(&fyne.PointEvent{})
}

// text is all that can be read.
func (d *desk) text() string { return textOf(d.panel.Content) }

func textOf(o fyne.CanvasObject) string {
	var b strings.Builder
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *Paragraph:
			b.WriteString(o.String() + "\n")
		case *widget.Label:
			b.WriteString(o.Text + "\n")
		case *keyed.Button:
			b.WriteString(o.Text + "\n")
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(o)
	return b.String()
}

func (d *desk) says(want string, yes bool) {
	d.t.Helper()
	if got := strings.Contains(d.text(), want); got != yes {
		d.t.Errorf("%q is said: %v, in\n%s", want, got, d.text())
	}
}

// ran lets the run of the step end, with a parameter changed before.
func (d *desk) ran(path, value string) {
	d.t.Helper()
	u := d.player.Step().Setup
	sc, designs, err := staged(d.player.Lesson(), u)
	if err != nil {
		d.t.Fatal(err)
	}
	s, err := control.Open(sc, designs, control.Options{})
	if err == nil && path != "" {
		err = s.Set(-1, path, value)
	}
	if err == nil {
		err = s.JumpTo(u.Until)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.panel.Ended(d.player.Finished(s, time.Now()))
}

func TestPredictANumber(t *testing.T) {
	d := sit(t, "round-trip")
	d.says("A shop asks payment for every order.", true) // the introduction
	d.says("What do you expect?", true)
	d.says("The answer came after", false) // stands behind the prediction
	d.tap("next")
	d.says("first say what you expect", true)
	if d.panel.Named["run"] != nil {
		t.Error("it can be run before the prediction")
	}

	entry := d.panel.Named["guess"].(*keyed.Entry)
	entry.SetText("12")
	d.tap("hint")
	d.says("Count the legs", true)
	if d.panel.Named["hint"] != nil {
		t.Error("there is another hint")
	}
	entry = d.panel.Named["guess"].(*keyed.Entry)
	if entry.Text != "12" {
		t.Errorf("after a hint %q is being written", entry.Text)
	}
	entry.SetText("long")
	entry.OnSubmitted(entry.Text)
	d.says("Write a number, such as 250.", true)
	d.says("Noted.", false)
	entry.SetText("1,250 ms")
	entry.OnSubmitted(entry.Text)
	d.says("Noted. Now let it run, and see.", true)
	if g, ok := d.player.Guessed(); !ok || g.Value != 1250 {
		t.Errorf("the guess is %+v, %v", g, ok)
	}
	d.tap("next")
	d.says("first run to the end, and see whether it is what you expected", true)
	d.tap("run")
	d.tap("to-end")
	if !slices.Equal(d.asked, []string{"run", "to the end"}) {
		t.Errorf("the lab was asked to %q", d.asked)
	}

	d.panel.Ended(nil) // a run that nothing waited for
	d.says("You expected:", false)
	saved := d.saved
	d.ran("", "")
	d.says("You expected: 1,250 ms", true)
	d.says("It was: 80 ms", true)
	d.says("The answer came after 80 ms.", true)
	if d.saved == saved {
		t.Error("what came of it is not kept")
	}
	d.tap("next")
	if d.entered != 1 || d.player.Step().ID != "who-waits" {
		t.Errorf("%d steps entered, in %s", d.entered, d.player.Step().ID)
	}
}

func TestAnswerAQuestion(t *testing.T) {
	d := sit(t, "who-waits")
	d.says("That is the price of a call.", false)
	d.tap("next")
	d.says("first answer the question", true)
	d.tap("choice:1")
	d.says("Not quite.", true)
	d.says("It cannot. It holds the order", true)
	d.tap("choice:2")
	d.says("Not quite.", false)
	d.says("A call blocks the worker that makes it.", true)
	d.says("That is the price of a call.", true)
	if d.panel.Named["choice:1"] != nil {
		t.Error("it can be answered again")
	}
	d.tap("back")
	d.tap("next")
	d.says("first say what you expect", true) // one may look at a step before, and is told what is left there
}

func TestSolveATask(t *testing.T) {
	d := sit(t, "faster")
	a := d.player.Gate()
	d.goals = []lessons.GoalVerdict{{Goal: &a.Goals[0]}, {Goal: &a.Goals[1]}}
	d.goals[1].Pass = true
	d.panel.Refresh()
	d.says("Half of the shoppers wait for less than 60 ms.", true)
	for _, name := range []string{"start-over", "reset", "to-end"} {
		d.tap(name)
	}
	if !slices.Equal(d.asked, []string{"start over", "reset", "to the end"}) {
		t.Errorf("the lab was asked to %q", d.asked)
	}
	d.ran("service.pay.workers", "64")
	d.says("Not yet.", true)
	d.ran("service.pay.on.charge.work", "25ms")
	d.says("Not yet.", false)
	d.says("Done.", true)
	d.says("More workers do not help", true)
	d.panel.Refresh() // the goals are there no more; nothing breaks

	d.asked = nil
	d.says("Finish", true)
	d.tap("next")
	if !slices.Equal(d.asked, []string{"leave"}) {
		t.Errorf("the end leads to %q", d.asked)
	}
}

// The dots lead to the steps that were reached, and to no other.
func TestDots(t *testing.T) {
	d := sit(t, "who-waits")
	d.tap("choice:2")
	d.tap("next")
	dot := func(i int) { d.panel.dots.Objects[i].(*tap).Tapped(nil) }
	for _, c := range []struct{ to, want int }{{0, 0}, {1, 1}, {2, 2}} {
		if dot(c.to); d.player.Index() != c.want {
			t.Errorf("dot %d leads to step %d", c.to, d.player.Index())
		}
	}
	d = sit(t, "round-trip")
	dot(2)
	if d.player.Index() != 0 || d.entered != 0 {
		t.Errorf("a dot leads to step %d, which was not reached", d.player.Index())
	}
}

func TestReadNumber(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		want       float64
	}{
		{"250", "ms", 250}, {" 250 ms ", "ms", 250}, {"250ms", "ms", 250}, {"0.5", "s", 0.5}, {"0,5", "s", 0.5}, {"0,125", "s", 0.125},
		{"1,300", "ms", 1300}, {"1,300,000.5", "", 1300000.5}, {"1,30", "s", 1.3}, {"-3", "%", -3}, {"40 %", "%", 40}, {"20 orders a second", "orders a second", 20},
	} {
		if got, ok := readNumber(c.text, c.unit); !ok || got != c.want {
			t.Errorf("%q in %q is %v, %v; want %v", c.text, c.unit, got, ok, c.want)
		}
	}
	for _, text := range []string{"", "ms", "a lot", "1,2,3", "NaN", "Inf", "1e999", "1 2", "250 s"} {
		if got, ok := readNumber(text, "ms"); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// Every lesson can be read in every language, at any width, and says all of its
// text.
func TestEveryLessonIsShown(t *testing.T) {
	test.NewTempApp(t)
	for _, f := range lessons.Library() {
		for _, l := range f.Lessons {
			locale.Use(l.Language)
			links := &Links{Term: func(string, fyne.Position) {}, Lesson: func(string) {}, Web: func(string) {}, Files: l.FS,
				Design: func(string, string) fyne.CanvasObject { return widget.NewLabel("a picture") }}
			blocks := slices.Clone(l.Intro)
			for _, s := range l.Steps {
				blocks = append(blocks, s.Blocks...)
				for _, a := range s.Activities() {
					for _, h := range a.Hints {
						blocks = append(blocks, h...)
					}
				}
			}
			text := Text(blocks, links)
			scroll := container.NewVScroll(text)
			for _, width := range []float32{320, 700} {
				scroll.Resize(fyne.NewSize(width, 400))
				if w := text.MinSize().Width; w > width {
					t.Errorf("%s, %s: at %v wide it needs %v", l.ID, l.Language, width, w)
				}
			}
			got := textOf(text)
			for i := range blocks {
				if b := &blocks[i]; b.Kind == lessons.Paragraph && !strings.Contains(got, b.Text.String()) {
					t.Errorf("%s, %s: not shown: %q", l.ID, l.Language, b.Text.String())
				}
			}
			if strings.Contains(got, ".svg is missing") {
				t.Errorf("%s, %s: a picture is missing", l.ID, l.Language)
			}
		}
	}
	locale.Use("en")
}

// A picture that is not there is told of in its place.
func TestMissingPicture(t *testing.T) {
	test.NewTempApp(t)
	links := &Links{Files: os.DirFS(t.TempDir())}
	got := textOf(Text([]lessons.Block{{Kind: lessons.Picture, File: "gone.svg"}}, links))
	if !strings.Contains(got, "gone.svg") {
		t.Errorf("shown is %q", got)
	}
}

// Words of the glossary lead to their explanation.
func TestLinks(t *testing.T) {
	test.NewTempApp(t)
	var went []string
	links := &Links{
		Term:   func(id string, _ fyne.Position) { went = append(went, "term "+id) },
		Lesson: func(id string) { went = append(went, "lesson "+id) },
		Web:    func(a string) { went = append(went, "web "+a) },
	}
	p := links.Line(lessons.Text{
		{Text: "A "}, {Kind: lessons.Term, Text: "queue", Target: "queue"}, {Text: " as in "},
		{Kind: lessons.LessonLink, Text: "Dominoes", Target: "dominoes"}, {Text: " or "}, {Kind: lessons.Web, Text: "there", Target: "https://example.org"},
	}, "text")
	w := test.NewWindow(p)
	defer w.Close()
	w.Resize(fyne.NewSize(600, 100))
	for _, o := range test.WidgetRenderer(p).Objects() {
		if o, ok := o.(fyne.Tappable); ok {
			o.Tapped(&fyne.PointEvent{})
		}
	}
	if want := []string{"term queue", "lesson dominoes", "web https://example.org"}; !slices.Equal(went, want) {
		t.Errorf("the links lead to %q", went)
	}
	for _, o := range test.WidgetRenderer((&Links{}).Line(lessons.Text{{Kind: lessons.Term, Text: "queue", Target: "queue"}}, "text")).Objects() {
		if _, ok := o.(fyne.Tappable); ok {
			t.Error("a link that leads nowhere can be tapped")
		}
	}
}

// Every kind of activity has its card.
func TestCards(t *testing.T) {
	for _, kind := range lessons.Activities {
		if cards[kind] == nil || cards[kind](&Panel{}).title == "" {
			t.Errorf("%s has no card", kind)
		}
	}
}

// A number stands in a card as it stands in the lesson's text.
func TestWithUnit(t *testing.T) {
	for v, want := range map[float64]string{2800: "2,800 ms", 119.4: "119 ms", 0.25: "0.25 ms", 123456: "123,000 ms", 2e6: "2e+06 ms"} {
		if got := withUnit(v, "ms"); got != want {
			t.Errorf("%v is written as %q, want %q", v, got, want)
		}
	}
}

// Who is sure of a prediction can say so once it is made, and change it.
func TestSure(t *testing.T) {
	d := sit(t, "round-trip")
	if d.panel.Named["sure"] != nil {
		t.Error("one can be sure of nothing")
	}
	d.panel.Named["guess"].(*keyed.Entry).SetText("40")
	d.tap("guess-ok")
	d.panel.Named["sure"].(*keyed.Check).SetChecked(true)
	d.panel.Named["guess"].(*keyed.Entry).SetText("50")
	d.tap("guess-ok")
	if g, made := d.player.Guessed(); !made || !g.Sure || g.Value != 50 {
		t.Errorf("%+v", g)
	}
	d.ran("", "")
	d.says("You expected: 50 ms (sure)", true)
	if tries := d.taken.Steps["round-trip"].Of(lessons.Prediction); len(tries) != 1 || !tries[0].Sure || tries[0].Right {
		t.Errorf("%+v", tries)
	}
}
