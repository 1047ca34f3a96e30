package ui

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/sim/model"
	"asynclab/sim/topology"
)

// faultOf is a crash of the first service.
func faultOf(b *bench) model.Fault {
	for _, n := range b.scenes[0].Graph.Nodes {
		if n.Kind == topology.Service {
			return model.Fault{Kind: model.FaultCrash, Node: n.ID}
		}
	}
	return model.Fault{}
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
