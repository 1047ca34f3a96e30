package ui

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/sim/design"
	"asynclab/sim/topology"
	"asynclab/ui/bench"
)

// faultOf is a crash of the first service.
func faultOf(b *bench.Bench) design.Fault {
	for _, n := range b.Scenes[0].Graph.Nodes {
		if n.Kind == topology.Service {
			return design.Fault{Kind: design.FaultCrash, Node: n.ID}
		}
	}
	return design.Fault{}
}

// choose selects an element as a tap in the picture does.
func (r *rig) choose(b *bench.Bench, element string) {
	r.t.Helper()
	b.Choose(0, element)
	r.settle()
	if len(b.Element.Knobs) == 0 {
		r.t.Fatalf("%s has nothing to change", element)
	}
}

func (r *rig) value(b *bench.Bench, path string) string {
	for _, p := range b.Board.Chosen.Params {
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
	at, size, ok := b.Stages[0].Box("worker")
	if !ok {
		t.Fatal("the picture has no worker")
	}
	b.Stages[0].Tapped(&fyne.PointEvent{Position: fyne.NewPos(at.X+size.Width/2, at.Y+size.Height/2)})
	r.settle()
	if b.Selected != "worker" || !b.Shows(b.Element.Content) || !r.says("service") || b.Element.Knobs["service.worker.workers"] == nil {
		t.Errorf("chosen is %q, knobs %d", b.Selected, len(b.Element.Knobs))
	}
	b.Stages[0].Tapped(&fyne.PointEvent{Position: fyne.NewPos(1, 1)})
	if b.Selected != "" || !r.says("Tap a node or a link") {
		t.Errorf("beside everything, %q is chosen", b.Selected)
	}
}

func TestKnobs(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	r.choose(b, "worker")
	const path = "service.worker.on.handle.work"

	// By text.
	k := b.Element.Knobs["service.worker.workers"]
	k.Entry.SetText("3")
	k.Entry.OnSubmitted("3")
	r.settle()
	if got := r.value(b, "service.worker.workers"); got != "3" {
		t.Errorf("typed 3, it is %s", got)
	}
	if k.Slider == nil || math.Abs(k.Slider.Value-k.Range.At(3)) > 1e-9 {
		t.Error("the slider does not follow the text")
	}

	// Mistakes are told in place, and change nothing.
	for _, wrong := range []string{"many", "-1", "3.5", "3 ms", ""} {
		k.Entry.SetText(wrong)
		k.Entry.OnSubmitted(wrong)
		r.settle()
		if !k.Mistake.Visible() || k.Mistake.Text == "" {
			t.Errorf("%q: no mistake is told", wrong)
		}
		if got := r.value(b, "service.worker.workers"); got != "3" {
			t.Errorf("%q has set it to %s", wrong, got)
		}
	}
	k.Entry.SetText("4")
	k.Entry.OnSubmitted("4")
	r.settle()
	if k.Mistake.Visible() {
		t.Errorf("after a right value it still says %q", k.Mistake.Text)
	}

	// By slider: while it is dragged the text follows, at its end it is set.
	k = b.Element.Knobs[path+".mean"]
	if k == nil {
		t.Fatalf("no knob for %s.mean in %v", path, b.Element.Knobs)
	}
	was := k.Entry.Text
	k.Slider.OnChanged(1)
	if k.Entry.Text == was {
		t.Error("the text does not follow the slider")
	}
	r.settle()
	if got := r.value(b, path+".mean"); got != was {
		t.Errorf("it is set to %s while the slider is dragged", got)
	}
	k.Slider.OnChangeEnded(1)
	r.settle()
	if got := r.value(b, path+".mean"); got != "20s" {
		t.Errorf("at its right end the slider sets ten times 2s to %s", got)
	}
	if len(b.Board.Changes) != 3 {
		t.Errorf("the changes are %v", b.Board.Changes)
	}
	r.quiet()
}

// A value that is being written is not taken away by the next board.
func TestKnobLetsOneWrite(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	r.choose(b, "worker")
	k := b.Element.Knobs["service.worker.workers"]
	r.tap("play")
	k.Entry.SetText("1")
	for range 20 {
		r.tick(100 * time.Millisecond)
	}
	if k.Entry.Text != "1" {
		t.Errorf("what was being written has become %q", k.Entry.Text)
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
		for _, s := range b.Board.Lanes[0].Fault {
			if s.Active {
				active++
			}
		}
		if active != 1 || len(b.Board.Changes) == 0 {
			t.Fatalf("%s: %d faults, %d changes, told %q", f, active, len(b.Board.Changes), r.s.Errors)
		}
		b.SelectTab(b.Changes.Content)
		r.settle()
		if !r.says("Broken now") || !r.says("broken: ") {
			t.Errorf("%s: it is not listed:\n%s", f, strings.Join(r.texts(), "\n"))
		}
		r.tap("heal")
		r.settle()
		if r.says("Broken now") || !r.says("healed: ") {
			t.Errorf("%s: it is not healed", f)
		}
		b.Changes.Undo.OnTapped()
		r.settle()
		if !r.says("Broken now") {
			t.Errorf("%s: healing is not undone", f)
		}
		b.Changes.Redo.OnTapped()
		r.settle()
		if r.says("Broken now") {
			t.Errorf("%s: healing is not made again", f)
		}
		b.Changes.Reset.OnTapped()
		r.settle()
		if len(b.Board.Changes) != 0 || !b.Changes.Reset.Disabled() || !r.says("Nothing yet.") {
			t.Errorf("%s: after reset there is %v", f, b.Board.Changes)
		}
		b.Changes.Undo.OnTapped()
		r.settle()
		if len(b.Board.Changes) == 0 {
			t.Errorf("%s: reset cannot be undone", f)
		}
		r.press("Ctrl+Y")
		b.SelectTab(b.Element.Content)
	}
	link := b.LinkOf(0, 0)
	r.choose(b, link)
	for i, f := range []string{"cut", "lose", "slow", "duplicate"} {
		r.tap("fault:" + f)
		r.settle()
		if len(b.Board.Changes) <= i {
			t.Errorf("%s of link %s: the changes are %v", f, link, b.Board.Changes)
		}
	}
	if b.Frame.Lanes[0].Links[0].Cut == 0 {
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
		for _, n := range b.Scenes[0].Graph.Nodes {
			elements = append(elements, n.ID)
		}
		for i := range b.Scenes[0].Graph.Edges {
			elements = append(elements, b.LinkOf(0, i))
		}
		for _, e := range slices.Compact(elements) {
			b.Choose(0, e)
			r.settle()
			b.Named = withoutFaults(b)
			b.Element.Show(0, e)
			for name := range b.Named {
				if strings.HasPrefix(name, "fault:") {
					r.tap(name)
					r.settle()
				}
			}
		}
		if len(b.Board.Changes) == 0 {
			t.Errorf("%s: nothing was done", name)
		}
	}
	r.quiet()
}

func withoutFaults(b *bench.Bench) map[string]fyne.CanvasObject {
	rest := map[string]fyne.CanvasObject{}
	for name, o := range b.Named {
		if !strings.HasPrefix(name, "fault:") {
			rest[name] = o
		}
	}
	return rest
}
