package ui

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/sim/model"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
)

// copyScenario writes a scenario of the library into a file, with texts
// replaced: each second one in place of the one before.
func copyScenario(t *testing.T, name, file string, replace ...string) {
	t.Helper()
	for _, e := range scenarios.Library() {
		if e.Name == name {
			text := strings.NewReplacer(replace...).Replace(string(e.Content))
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no scenario %s", name)
}

// faultOf is a crash of the first service.
func faultOf(b *bench) model.Fault {
	for _, n := range b.scenes[0].Graph.Nodes {
		if n.Kind == topology.Service {
			return model.Fault{Kind: model.FaultCrash, Node: n.ID}
		}
	}
	return model.Fault{}
}

// Every scenario of the library can be opened, and its pictures and plots made.
func TestOpenLibrary(t *testing.T) {
	r := start(t, "", at("lab"))
	for _, e := range scenarios.Library() {
		b := r.open(e.Name)
		if b.path != e.Name || len(b.stages) != 1 || len(b.plots.figures) == 0 || b.frame.Length == 0 {
			t.Errorf("%s: path %s, %d pictures, %d plots, %v long", e.Name, b.path, len(b.stages), len(b.plots.figures), b.frame.Length)
		}
	}
	if got := r.s.recent(); len(got) == 0 || got[0] != scenarios.Library()[len(scenarios.Library())-1].Name {
		t.Errorf("opened before: %v", got)
	}
	r.quiet()
}

// A file with mistakes shows them, with line and hint; mended, it is read again
// by itself, and read again when it changes.
func TestMistakesAndMending(t *testing.T) {
	r := start(t, "", at("lab"))
	file := r.path("mine.yaml")
	copyScenario(t, "order-queue", file, "workers: 1", "workres: 1", "work: 2s", "work: 2 parsecs")
	r.s.openInLab(file)
	r.until("the mistakes are shown", func() bool { return r.s.lab().err != nil })
	for _, want := range []string{"line 35:", "workres", "did you mean \"workers\"?", "parsecs", "mine.yaml cannot be opened yet"} {
		if !r.says(want) {
			t.Errorf("%q is not said in\n%s", want, strings.Join(r.texts(), "\n"))
		}
	}
	if r.s.bench() != nil {
		t.Error("there is something to play")
	}
	r.press(" ") // must do nothing

	mend := func(replace ...string) {
		copyScenario(t, "order-queue", file, replace...)
		later := r.s.lab().src.Scenario
		when := time.Now().Add(time.Duration(len(replace)+1) * time.Second)
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
		r.until("the file is read again", func() bool {
			return r.s.bench() != nil && r.s.lab().sc != later && len(r.s.bench().frame.Lanes) > 0
		})
	}
	mend()
	b := r.s.bench()
	r.press("f")
	if b.frame.Now == 0 {
		t.Error("the mended scenario does not run")
	}
	r.control("design").(*keyed.Select).SetSelected("manual")
	r.until("the design is there", func() bool { return b.scenes[0].Design == "manual" })
	mend("20min", "19min", "  one:", "  uno:", `"one:`, `"uno:`)
	if b.scenes[0].Design != "manual" || b.frame.Length != 19*time.Minute {
		t.Errorf("after the change there is %s, %v long", b.scenes[0].Design, b.frame.Length)
	}
	r.quiet()

	// After another was opened, the file may change as it likes.
	r.open("sync-vs-async")
	copyScenario(t, "order-queue", file, "20min", "7min")
	r.tick(5 * time.Second)
	r.tick(5 * time.Second)
	if b.path != "sync-vs-async" {
		t.Errorf("%s is open", b.path)
	}
}

func TestDropAFile(t *testing.T) {
	r := start(t, "")
	file := r.path("dropped.yaml")
	copyScenario(t, "order-queue", file)
	r.s.dropped([]fyne.URI{storage.NewFileURI(file)})
	r.until("it is open", func() bool { return r.s.bench() != nil })
	if r.place() != "lab" || r.s.bench().path != file {
		t.Errorf("in %s, %s", r.place(), r.s.bench().path)
	}
}

// Opening one after the other at once ends with the last.
func TestOpenTwiceAtOnce(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("order-queue")
	r.s.compare().putOn(b.sc, []int{0, 1, 2, 3})
	r.s.compare().putOn(b.sc, []int{4})
	r.press("Ctrl+L") // everything is built anew in the midst of it
	r.s.compare().putOn(b.sc, []int{1, 5})
	r.until("the last choice is there", func() bool { return len(b.scenes) == 2 })
	if got := b.designNames(); !slices.Equal(got, []string{"two", "manual"}) || len(b.stages) != 2 || len(b.frame.Lanes) != 2 {
		t.Errorf("designs %v, %d pictures, %d lanes", got, len(b.stages), len(b.frame.Lanes))
	}
	r.quiet()
}

func TestTransport(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	events := func() uint64 { return b.frame.Events }

	// Play and pause, by button and by key.
	for _, toggle := range []func(){func() { r.tap("play") }, func() { r.press(" ") }} {
		was := b.frame.Now
		toggle()
		if b.frame.Mode != control.Playing {
			t.Fatalf("mode %v after play", b.frame.Mode)
		}
		speed := b.frame.Speed
		for range 10 {
			r.tick(100 * time.Millisecond)
		}
		went := (b.frame.Now - was).Seconds()
		if went < 0.9*speed || went > 1.5*speed {
			t.Errorf("in a second at %g× it went %g s", speed, went)
		}
		toggle()
		if b.frame.Mode != control.Paused {
			t.Fatalf("mode %v after pause", b.frame.Mode)
		}
		now := b.frame.Now
		r.tick(time.Second)
		if b.frame.Now != now {
			t.Error("it goes on while it is paused")
		}
	}
	r.settle()

	// One event, one message.
	for _, step := range []func(){func() { r.tap("step-event") }, func() { r.press(".") }} {
		was := events()
		step()
		if events() != was+1 {
			t.Errorf("a step is %d events", events()-was)
		}
	}
	for _, step := range []func(){func() { r.tap("step-message") }, func() { r.press("M") }} {
		was := events()
		step()
		if events() <= was || b.frame.InHand == 0 {
			t.Errorf("a step of a message: %d events, operation %d", events()-was, b.frame.InHand)
		}
	}

	// Speed.
	r.press("]")
	faster := b.frame.Speed
	r.press("[")
	if b.frame.Speed >= faster {
		t.Errorf("slower than %g is %g", faster, b.frame.Speed)
	}
	r.control("speed").(*keyed.Slider).SetValue(speedStops)
	r.settle()
	if !math.IsInf(b.frame.Speed, 1) {
		t.Errorf("at the end of the slider the speed is %g", b.frame.Speed)
	}

	// To a time, to the end, to the start.
	r.press("t")
	entry := r.control("ask:time").(*widget.Entry)
	entry.SetText("30s")
	entry.OnSubmitted(entry.Text)
	r.settle()
	if b.frame.Now != 30*time.Second {
		t.Errorf("run to 30s came to %v", b.frame.Now)
	}
	r.press(string(fyne.KeyRight))
	if b.frame.Now != 30*time.Second+b.frame.Length/100 {
		t.Errorf("a hundredth forward is %v", b.frame.Now)
	}
	r.press(string(fyne.KeyLeft))
	r.press(string(fyne.KeyLeft))
	if b.frame.Now != 30*time.Second-b.frame.Length/100 {
		t.Errorf("two back is %v", b.frame.Now)
	}
	r.press(string(fyne.KeyHome))
	if b.frame.Now != 0 {
		t.Errorf("home is %v", b.frame.Now)
	}
	r.tap("play")
	r.settle()
	if b.frame.Mode != control.Ended || b.frame.Now != b.frame.Length {
		t.Errorf("as fast as possible ends at %v in mode %v", b.frame.Now, b.frame.Mode)
	}
	r.press(".") // at the end nothing happens, and nothing breaks
	r.tap("to-start")
	if b.frame.Now != 0 {
		t.Errorf("back to the start is %v", b.frame.Now)
	}
	r.quiet()
}

func TestToFaultAndFailure(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.tap("to-fault")
	if b.frame.Now == 0 || len(b.board.Marks) == 0 || b.frame.Now != b.board.Marks[0].From {
		t.Errorf("the next fault is at %v, marks %v", b.frame.Now, b.board.Marks)
	}
	if !r.says("a fault has begun or ended") {
		t.Error("it is not said why it stopped")
	}
	began := b.frame.Now
	r.tap("to-failure")
	if b.frame.Now < began || !r.says("something has failed") {
		t.Errorf("the next failure is at %v", b.frame.Now)
	}
	r.press("F")
	if b.frame.Now != b.board.Marks[0].To {
		t.Errorf("the end of the fault is at %v, not %v", b.frame.Now, b.board.Marks[0].To)
	}
	r.quiet()
}

// drag drags the timeline to shares of its width, through places in between.
func (r *rig) drag(b *bench, shares ...float32) {
	r.t.Helper()
	tl := b.transport.timeline
	if tl.Size().Width < 100 {
		r.t.Fatalf("the timeline is %v large", tl.Size())
	}
	for _, s := range shares {
		x := timelinePad + s*(tl.Size().Width-2*timelinePad)
		tl.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 20)}})
	}
	tl.DragEnd()
	r.settle()
}

// The timeline goes both ways, and forward again is the same run.
func TestTimelineBothWays(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.drag(b, 0.1, 0.2, 0.5)
	there, prints, events := b.frame.Now, b.board.Fingerprints[0], b.frame.Events
	if share := float64(there) / float64(b.frame.Length); math.Abs(share-0.5) > 0.001 || events == 0 {
		t.Fatalf("dragged to the half it is at %v, %d events", there, events)
	}
	for range 3 {
		r.drag(b, 0.4, 0.2, 0.03)
		if b.frame.Now >= there/2 || b.frame.Reached < there {
			t.Errorf("dragged back it is at %v, reached %v", b.frame.Now, b.frame.Reached)
		}
		r.drag(b, 0.01, 0.9, 0.5)
		if b.frame.Now != there || b.board.Fingerprints[0] != prints || b.frame.Events != events {
			t.Fatalf("forward again it is another run: %v, %d events, %x, before %v, %d, %x", b.frame.Now, b.frame.Events, b.board.Fingerprints[0], there, events, prints)
		}
	}
	b.transport.timeline.Tapped(&fyne.PointEvent{Position: fyne.NewPos(0, 20)})
	r.settle()
	if b.frame.Now != 0 {
		t.Errorf("a tap at its beginning leads to %v", b.frame.Now)
	}
	r.quiet()
}

// Frames come to the picture: messages move on it.
func TestFramesArrive(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	drawn := b.drawn
	r.tap("play")
	for range 20 {
		r.tick(time.Second / 30)
	}
	if b.drawn < drawn+15 {
		t.Errorf("%d frames in twenty thirtieths of a second", b.drawn-drawn)
	}
	seen := false
	for range 50 {
		r.tick(time.Second / 30)
		seen = seen || len(b.frame.Lanes[0].Dots) > 0
	}
	if !seen {
		t.Error("no message was seen")
	}
	r.tap("play")
	svg := func() []byte {
		data, err := encode(b.stages[0].SVG)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	before := svg()
	r.press("m")
	if bytes.Equal(before, svg()) {
		t.Error("the picture stays as it is when a message moves")
	}
	r.quiet()
}

// choose selects an element as a tap in the picture does.
func (r *rig) choose(b *bench, element string) {
	r.t.Helper()
	b.choose(0, element)
	r.settle()
	if len(b.element.knobs) == 0 {
		r.t.Fatalf("%s has nothing to change", element)
	}
}

func (r *rig) value(b *bench, path string) string {
	for _, p := range b.board.Chosen.Params {
		if p.Path == path {
			return p.Text
		}
	}
	r.t.Fatalf("there is no parameter %s", path)
	return ""
}

// A tap on a node of the picture shows what can be changed about it.
func TestTapNode(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	at, size, ok := b.stages[0].Box("worker")
	if !ok {
		t.Fatal("the picture has no worker")
	}
	b.stages[0].Tapped(&fyne.PointEvent{Position: fyne.NewPos(at.X+size.Width/2, at.Y+size.Height/2)})
	r.settle()
	if b.chose != "worker" || !b.shows(b.element.content) || !r.says("service") || b.element.knobs["service.worker.workers"] == nil {
		t.Errorf("chosen is %q, knobs %d", b.chose, len(b.element.knobs))
	}
	b.stages[0].Tapped(&fyne.PointEvent{Position: fyne.NewPos(1, 1)})
	if b.chose != "" || !r.says("Tap a node or a link") {
		t.Errorf("beside everything, %q is chosen", b.chose)
	}
}

func TestKnobs(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	r.choose(b, "worker")
	const path = "service.worker.on.handle.work"

	// By text.
	k := b.element.knobs["service.worker.workers"]
	k.entry.SetText("3")
	k.entry.OnSubmitted("3")
	r.settle()
	if got := r.value(b, "service.worker.workers"); got != "3" {
		t.Errorf("typed 3, it is %s", got)
	}
	if k.slider == nil || math.Abs(k.slider.Value-k.r.at(3)) > 1e-9 {
		t.Error("the slider does not follow the text")
	}

	// Mistakes are told in place, and change nothing.
	for _, wrong := range []string{"many", "-1", "3.5", "3 ms", ""} {
		k.entry.SetText(wrong)
		k.entry.OnSubmitted(wrong)
		r.settle()
		if !k.mistake.Visible() || k.mistake.Text == "" {
			t.Errorf("%q: no mistake is told", wrong)
		}
		if got := r.value(b, "service.worker.workers"); got != "3" {
			t.Errorf("%q has set it to %s", wrong, got)
		}
	}
	k.entry.SetText("4")
	k.entry.OnSubmitted("4")
	r.settle()
	if k.mistake.Visible() {
		t.Errorf("after a right value it still says %q", k.mistake.Text)
	}

	// By slider: while it is dragged the text follows, at its end it is set.
	k = b.element.knobs[path+".mean"]
	if k == nil {
		t.Fatalf("no knob for %s.mean in %v", path, b.element.knobs)
	}
	was := k.entry.Text
	k.slider.OnChanged(1)
	if k.entry.Text == was {
		t.Error("the text does not follow the slider")
	}
	r.settle()
	if got := r.value(b, path+".mean"); got != was {
		t.Errorf("it is set to %s while the slider is dragged", got)
	}
	k.slider.OnChangeEnded(1)
	r.settle()
	if got := r.value(b, path+".mean"); got != "20s" {
		t.Errorf("at its right end the slider sets ten times 2s to %s", got)
	}
	if len(b.board.Changes) != 3 {
		t.Errorf("the changes are %v", b.board.Changes)
	}
	r.quiet()
}

// A value that is being written is not taken away by the next board.
func TestKnobLetsOneWrite(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	r.choose(b, "worker")
	k := b.element.knobs["service.worker.workers"]
	r.tap("play")
	k.entry.SetText("1")
	for range 20 {
		r.tick(100 * time.Millisecond)
	}
	if k.entry.Text != "1" {
		t.Errorf("what was being written has become %q", k.entry.Text)
	}
}

func TestFaultsAndChanges(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	service := faultOf(b).Node
	r.choose(b, service)
	for _, f := range []string{"crash", "silent", "slow", "pause", "fail", "cut"} {
		r.tap("fault:" + f)
		r.settle()
		active := 0
		for _, s := range b.board.Lanes[0].Fault {
			if s.Active {
				active++
			}
		}
		if active != 1 || len(b.board.Changes) == 0 {
			t.Fatalf("%s: %d faults, %d changes, told %q", f, active, len(b.board.Changes), r.s.errors)
		}
		b.selectTab(b.changes.content)
		r.settle()
		if !r.says("Broken now") || !r.says("broken: ") {
			t.Errorf("%s: it is not listed:\n%s", f, strings.Join(r.texts(), "\n"))
		}
		r.tap("heal")
		r.settle()
		if r.says("Broken now") || !r.says("healed: ") {
			t.Errorf("%s: it is not healed", f)
		}
		b.changes.undo.OnTapped()
		r.settle()
		if !r.says("Broken now") {
			t.Errorf("%s: healing is not undone", f)
		}
		b.changes.redo.OnTapped()
		r.settle()
		if r.says("Broken now") {
			t.Errorf("%s: healing is not made again", f)
		}
		b.changes.reset.OnTapped()
		r.settle()
		if len(b.board.Changes) != 0 || !b.changes.reset.Disabled() || !r.says("Nothing yet.") {
			t.Errorf("%s: after reset there is %v", f, b.board.Changes)
		}
		b.changes.undo.OnTapped()
		r.settle()
		if len(b.board.Changes) == 0 {
			t.Errorf("%s: reset cannot be undone", f)
		}
		r.press("Ctrl+Y")
		b.selectTab(b.element.content)
	}
	link := b.linkOf(0, 0)
	r.choose(b, link)
	for i, f := range []string{"cut", "lose", "slow", "duplicate"} {
		r.tap("fault:" + f)
		r.settle()
		if len(b.board.Changes) <= i {
			t.Errorf("%s of link %s: the changes are %v", f, link, b.board.Changes)
		}
	}
	if !b.frame.Lanes[0].Links[0].Cut {
		t.Error("the link is not cut")
	}
	r.quiet()
}

// Every node and link of every scenario offers what can go wrong with it, and it
// then does.
func TestEveryFaultOfEveryElement(t *testing.T) {
	r := start(t, "", at("lab"))
	for _, name := range []string{"sync-vs-async", "order-queue"} {
		b := r.open(name)
		elements := []string{}
		for _, n := range b.scenes[0].Graph.Nodes {
			elements = append(elements, n.ID)
		}
		for i := range b.scenes[0].Graph.Edges {
			elements = append(elements, b.linkOf(0, i))
		}
		for _, e := range slices.Compact(elements) {
			b.choose(0, e)
			r.settle()
			b.named = withoutFaults(b)
			b.element.show(0, e)
			for name := range b.named {
				if strings.HasPrefix(name, "fault:") {
					r.tap(name)
					r.settle()
				}
			}
		}
		if len(b.board.Changes) == 0 {
			t.Errorf("%s: nothing was done", name)
		}
	}
	r.quiet()
}

func withoutFaults(b *bench) map[string]fyne.CanvasObject {
	rest := map[string]fyne.CanvasObject{}
	for name, o := range b.named {
		if !strings.HasPrefix(name, "fault:") {
			rest[name] = o
		}
	}
	return rest
}

// answer fills in where to save and confirms.
func (r *rig) answer(folder, name string) {
	r.t.Helper()
	r.control("ask:folder").(*widget.Entry).SetText(folder)
	entry := r.control("ask:name").(*widget.Entry)
	entry.SetText(name)
	entry.OnSubmitted(name)
}

// What was changed is saved as a scenario that runs the same way; a file that is
// there is not replaced without asking.
func TestSaveScenario(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	b.jump(20 * time.Second)
	r.settle()
	r.choose(b, "worker")
	k := b.element.knobs["service.worker.workers"]
	k.entry.OnSubmitted("2")
	r.settle()
	r.tap("fault:crash")
	b.jump(100 * time.Second)
	r.settle()
	print := b.board.Fingerprints[0]

	r.press("Ctrl+S")
	file := r.path("saved.yaml")
	r.answer(r.dir, "saved.yaml")
	r.until("it is saved", func() bool { return exists(file) })
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scenarios.Parse(os.DirFS(r.dir), "saved.yaml", data); err != nil {
		t.Fatalf("what was saved cannot be read: %v", err)
	}
	r.until("it is told", func() bool { return r.says("Saved as " + file) })

	// Replacing it is asked for.
	if err := os.WriteFile(file, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.closeDialogs()
	b.save()
	r.answer(r.dir, "saved.yaml")
	if !r.says("Replace the file?") {
		t.Error("it is not asked whether to replace the file")
	}
	r.button("No").OnTapped()
	r.settle()
	if data, _ := os.ReadFile(file); string(data) != "precious" {
		t.Fatalf("the file was replaced: %.40q", data)
	}
	b.save()
	r.answer(r.dir, "saved.yaml")
	r.button("Yes").OnTapped()
	r.until("it is replaced", func() bool { data, _ := os.ReadFile(file); return string(data) != "precious" })
	r.settle()
	r.closeDialogs()

	b = r.open(file)
	b.jump(100 * time.Second)
	r.settle()
	if b.board.Fingerprints[0] != print {
		t.Errorf("what was saved is another run: %x, not %x", b.board.Fingerprints[0], print)
	}
	r.quiet()

	// A folder that is not there.
	b.save()
	missing := filepath.Join(r.dir, "no", "such")
	r.answer(missing, "x.yaml")
	r.until("it is told", func() bool { return len(r.s.errors) > 0 })
	if !r.says("There is no folder " + missing + ". Choose another place.") {
		t.Errorf("told is %q", r.s.errors)
	}
	left, _ := filepath.Glob(filepath.Join(r.dir, ".saved*"))
	if len(left) > 0 {
		t.Errorf("left lying about: %v", left)
	}
}

// Plots are chosen, and exported as files of their kind.
func TestPlots(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.press("f")
	for range 12 { // more than can be shown
		for _, it := range r.plotMenu(b) {
			if !it.Checked && !it.Disabled {
				it.Action()
				break
			}
		}
	}
	if len(b.plots.shown) != mostPlots {
		t.Errorf("%d plots are shown", len(b.plots.shown))
	}
	r.settle()
	for i, f := range b.plots.figures {
		if c := f.Chart(); len(c.Curves)+len(c.Bars) == 0 {
			t.Errorf("%s shows nothing", b.plots.shown[i].ID)
		}
	}
	for i, begins := range []string{"\x89PNG", "<?xml", "time"} {
		b.plots.askExport()
		var kinds *widget.RadioGroup
		r.seen(func(o fyne.CanvasObject) {
			if g, ok := o.(*widget.RadioGroup); ok {
				kinds = g
			}
		})
		kinds.SetSelected(kinds.Options[i])
		r.control("ask:ok").(*widget.Button).OnTapped()
		name := r.control("ask:name").(*widget.Entry).Text
		r.answer(r.dir, name)
		r.until(name+" is written", func() bool { return exists(r.path(name)) })
		data, err := os.ReadFile(r.path(name))
		if err != nil || !bytes.Contains(data[:min(len(data), 400)], []byte(begins)) || len(data) < 300 {
			t.Errorf("%s is %d bytes: %.60q, %v", name, len(data), data, err)
		}
	}
	// None is a choice too.
	for len(b.plots.shown) > 0 {
		b.plots.toggle(b.plots.shown[0].ID, false)
	}
	b = r.open("sync-vs-async")
	if len(b.plots.shown) != 0 {
		t.Errorf("%v came by themselves", plotIDs(b))
	}
	r.quiet()
}

// plotMenu is what the button beside the plots offers.
func (r *rig) plotMenu(b *bench) (items []*fyne.MenuItem) {
	r.t.Helper()
	r.control("plots").(*hintButton).OnTapped()
	r.seen(func(o fyne.CanvasObject) {
		if m, ok := o.(*widget.PopUpMenu); ok {
			for _, it := range m.Items { // of a type that the toolkit does not tell
				items = append(items, reflect.ValueOf(it).Elem().FieldByName("Item").Interface().(*fyne.MenuItem))
			}
		}
	})
	r.closeDialogs()
	return items
}

// The story of a message is told, and the log leads to stories.
func TestStories(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	b.jump(5 * time.Minute) // a service was away for a while
	r.settle()
	b.selectTab(b.stories.content)
	for _, pick := range []string{"latest", "failed", "slowest"} {
		b.stories.title.SetText("")
		r.tap("story:" + pick)
		r.until("the story is told", func() bool { return strings.HasPrefix(b.stories.title.Text, "Operation ") })
	}
	if b.op == 0 {
		t.Error("no operation is followed")
	}
	b.selectTab(b.log.content)
	r.settle()
	if len(b.board.Log) == 0 {
		t.Error("the log is empty")
	}
	if !slices.ContainsFunc(b.tabs.Items, func(i *container.TabItem) bool { return i.Content == b.log.content }) {
		t.Error("there is no log")
	}
	r.quiet()
}

// A long line with a mistake is cut around the mistake: it must not widen the window.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("abcdefghij", 40)
	for _, column := range []int{0, 5, 69, 70, 71, 200, 398, 399, 400} {
		text, at := excerpt(long, column)
		runes := []rune(text)
		if len(runes) > 114 || at > len(runes) {
			t.Errorf("column %d: %d of %d", column, at, len(runes))
		}
		if column < len(long) && runes[at] != rune(long[column]) {
			t.Errorf("column %d points at %q", column, runes[at])
		}
	}
	if text, at := excerpt("  key: 值 x", 7); text != "  key: 值 x" || at != 7 {
		t.Errorf("%q %d", text, at)
	}
}

// What is named on the command line is opened; a name that is not there is told,
// with what may have been meant.
func TestCommandLine(t *testing.T) {
	r := start(t, "", with("order-flow"))
	r.until("it is open", func() bool { return r.s.bench() != nil && r.s.bench().path == "order-flow" })
	if r.place() != "lab" {
		t.Errorf("it is open in %s", r.place())
	}
	r = start(t, "", with("ordr-flow"))
	r.until("it is told", func() bool { return r.says("ordr-flow cannot be opened yet") })
	if !r.says("order-flow") {
		t.Errorf("it is not said what may have been meant:\n%s", strings.Join(r.texts(), "\n"))
	}
	r = start(t, "", with("order-flow"), at("compare"))
	r.until("it is open", func() bool { return r.s.bench() != nil && len(r.s.bench().scenes) == 3 })
	if r.place() != "compare" {
		t.Errorf("it is open in %s", r.place())
	}
}
