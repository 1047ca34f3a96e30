package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"asynclab/lessons"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
	"asynclab/ui/window"
)

// A key that the toolkit does not know has no name; it does nothing.
func TestUnknownKey(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	r.s.Win.Canvas().OnTypedKey()(&fyne.KeyEvent{Physical: fyne.HardwareKey{ScanCode: 127}})
	r.tick(200 * time.Millisecond)
	if b.Frame.Mode != control.Paused {
		t.Error("an unknown key plays")
	}
}

// The time that is filled in is selected: typing replaces it.
func TestTimeIsSelected(t *testing.T) {
	r := start(t, "", at("lab"))
	r.open("order-queue")
	r.press("t")
	entry := r.control("ask:time").(*widget.Entry)
	if entry.SelectedText() != entry.Text || entry.Text == "" {
		t.Errorf("of %q, %q is selected", entry.Text, entry.SelectedText())
	}
}

// A file that was opened by a relative path is found again from another folder.
func TestRecentFilesAreWhole(t *testing.T) {
	dir := t.TempDir()
	copyScenario(t, "order-queue", filepath.Join(dir, "mine.yaml"))
	t.Chdir(dir)
	r := start(t, "", at("lab"))
	r.s.openHere("mine.yaml")
	r.until("it is open", func() bool { return r.s.bench() != nil && ready(r.s.bench()) })
	want, _ := filepath.EvalSymlinks(filepath.Join(dir, "mine.yaml"))
	got, _ := filepath.EvalSymlinks(r.s.Recent()[0])
	if got != want || !filepath.IsAbs(r.s.Recent()[0]) {
		t.Errorf("it is remembered as %q", r.s.Recent()[0])
	}
	t.Chdir(os.TempDir())
	r = r.restart()
	r.until("it is open again", func() bool { return r.s.bench() != nil && ready(r.s.bench()) })
	r.quiet()
}

// Another design goes on from the same time at the same speed.
func TestDesignKeepsTime(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	b.Jump(90 * time.Second)
	r.press("]")
	r.settle()
	speed := b.Frame.Speed
	r.control("design").(*keyed.Select).SetSelected("broker")
	r.until("the other design is there", func() bool { return b.Scenes[0].Design == "broker" && b.Frame.Now > 0 })
	r.settle()
	if b.Frame.Now != 90*time.Second || b.Frame.Speed != speed {
		t.Errorf("it stands at %v at speed %g, not at 1m30s at %g", b.Frame.Now, b.Frame.Speed, speed)
	}
}

// Changes made by hand are not lost without a question.
func TestChangesAreNotLost(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	b.Inject(0, faultOf(b))
	r.settle()
	design := r.control("design").(*keyed.Select)
	design.SetSelected("broker")
	r.settle()
	if b.Scenes[0].Design == "broker" || !r.says("1 changes made by hand") {
		t.Fatal("the changes vanish without a question")
	}
	r.tap("ask:stay")
	if b.Scenes[0].Design != "chain" || design.Selected != "chain" || len(b.Board.Changes) != 1 {
		t.Errorf("who stays sees %s, chosen %s", b.Scenes[0].Design, design.Selected)
	}
	r.s.leave()
	if r.s.stopped || !r.says("1 changes made by hand") {
		t.Fatal("the window closes without a question")
	}
	r.tap("ask:stay")
	r.tap("open-another")
	r.tap("ask:lose")
	if r.s.bench() != nil {
		t.Error("it does not go on to the page of scenarios")
	}
	r.s.leave()
	if !r.s.stopped {
		t.Error("it asks for what is gone")
	}
}

// A service is crashed once: the same button heals it.
func TestCrashIsAToggle(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	active := func() (n int) {
		for _, f := range b.Board.Lanes[0].Fault {
			if f.Active {
				n++
			}
		}
		return n
	}
	r.choose(b, "pay")
	for _, want := range []int{1, 0, 1, 0} {
		r.tap("fault:crash")
		r.settle()
		if active() != want {
			t.Fatalf("%d faults are active, not %d", active(), want)
		}
		if heal := r.says("Heal: pay crashes"); heal != (want == 1) {
			t.Errorf("with %d faults, it offers to heal: %v", want, heal)
		}
	}
	b.SelectTab(b.Changes.Content)
	r.settle()
	if !r.says("broken: pay crashes") || !r.says("healed: pay crashes") {
		t.Errorf("it is not told in words:\n%s", strings.Join(r.texts(), "\n"))
	}
	link := b.LinkOf(0, 0)
	r.choose(b, link)
	for _, want := range []string{"20%", "0%"} {
		r.tap("fault:lose")
		r.settle()
		if got := r.value(b, "link."+link+".loss"); got != want {
			t.Errorf("the loss is %s, not %s", got, want)
		}
	}
}

// A scenario without a description still has something to tell.
func TestAboutIsNeverEmpty(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bare.yaml")
	text := "version: 1\nname: bare\nrun: {duration: 10s, warmup: 2s}\nload: {web: {to: a/b, arrivals: constant(5/s)}}\nservices: {a: {on: {b: [work: 1ms]}}}\nfaults: [{at: 4s, for: 1s, crash: a}]\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	r := start(t, "", at("lab"))
	r.open(file)
	r.s.lab().About()
	for _, want := range []string{"10s, of which the first 2s are warm-up", "at 4s: a crashes"} {
		if !r.says(want) {
			t.Errorf("it does not say %q:\n%s", want, strings.Join(r.texts(), "\n"))
		}
	}

	// Numbers begin again after the warm-up, and say so.
	r.closeDialogs()
	r.choose(r.s.bench(), "a")
	if !r.says("Numbers, since the warm-up (") {
		t.Errorf("it is not said since when the numbers count:\n%s", strings.Join(r.texts(), "\n"))
	}
}

// A hint has lines that fit, and goes with its widget.
func TestHints(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	r.choose(b, "worker")
	var name *window.Label
	r.seen(func(o fyne.CanvasObject) {
		l, ok := o.(*window.Label)
		if ok && !strings.HasPrefix(l.Pointed.Text, "How much time") && (name == nil || len(l.Pointed.Text) > len(name.Pointed.Text)) {
			name = l
		}
	})
	if name == nil {
		t.Fatal("no number of the element has a hint")
	}
	name.MouseIn(&desktop.MouseEvent{})
	words := strings.Fields(name.Pointed.Text)
	part := words[0] + " " + words[1]
	r.until("the hint is there", func() bool { return r.says(part) && len(r.s.Hints()) > 1 })
	for _, line := range r.s.Hints() {
		if w := fyne.MeasureText(line, 12, fyne.TextStyle{}).Width; w > 380 {
			t.Errorf("a line of the hint is %v wide", w)
		}
	}
	b.SelectTab(b.Log.Content)
	r.until("the hint is gone", func() bool { return len(r.s.Hints()) == 0 })
}

// The story of an operation that is followed grows with the run, to its end.
func TestStoryGrows(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.press("m")
	op := b.Frame.InHand
	b.ShowStory(0, op)
	told := func() int {
		if b.Story.Told == nil || b.Story.Told.Op != op {
			return 0
		}
		return len(b.Story.Told.Entries)
	}
	r.until("its beginning is told", func() bool { return told() > 0 })
	first := told()
	b.Jump(b.Frame.Now + 20*time.Millisecond)
	r.until("more is told", func() bool { return told() > first })
	b.Jump(b.Frame.Now + time.Minute)
	r.until("its end is told", func() bool { return b.Story.Told != nil && b.Story.Told.Over })
	whole := told()
	b.Jump(b.Frame.Now - time.Minute)
	r.until("back in time it is shorter", func() bool { return told() > 0 && told() < whole })
	r.quiet()
}

// Everything that a lesson asks can be answered by the keys alone.
func TestChoicesByKeys(t *testing.T) {
	r := start(t, "", at("learn"))
	r.tap("start")
	r.until("the lesson is there", func() bool { return r.s.bench() != nil && r.s.learn().Panel != nil })
	p := r.s.learn()
	gate := p.Player.Gate()
	if gate != nil && gate.Kind == lessons.Act {
		act := gate
		r.tap("lesson:send")
		r.until("it is sent", func() bool { return p.Player.Passed(act) })
		gate = p.Player.Gate()
	}
	if gate == nil || gate.Right() < 0 {
		t.Fatal("the first step has no question")
	}
	c := r.s.Win.Canvas()
	var focused []fyne.Focusable
	for range 60 {
		c.FocusNext()
		if slices.Contains(focused, c.Focused()) {
			break
		}
		focused = append(focused, c.Focused())
	}
	for n := range gate.Choices {
		choice, ok := p.Panel.Named["choice:"+string(rune('1'+n))].(fyne.Focusable)
		if !ok || !slices.Contains(focused, choice) {
			t.Fatalf("choice %d is not reached by Tab", n+1)
		}
		if n == gate.Right() {
			c.Focus(choice)
		}
	}
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.settle()
	if !p.Player.Passed(gate) {
		t.Error("Enter does not choose")
	}
}
