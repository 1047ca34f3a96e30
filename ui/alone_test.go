package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"asynclab/lessons"
	"asynclab/ui/control"
	"asynclab/ui/editor"
)

// hand is a person who has only a keyboard.
type hand struct {
	*rig
}

// to presses Tab until a control has the focus.
func (h hand) to(name string) {
	h.t.Helper()
	c, want := h.s.Win.Canvas(), h.control(name)
	var seen []fyne.Focusable
	for range 1000 {
		c.FocusNext()
		f := c.Focused()
		if f == nil {
			break
		}
		if o, ok := f.(fyne.CanvasObject); ok && o == want {
			return
		}
		if len(seen) > 0 && f == seen[0] {
			break
		}
		seen = append(seen, f)
	}
	h.t.Fatalf("Tab does not lead to %s, only to %d others", name, len(seen))
}

// key presses a key, as the toolkit passes it on: to what has the focus, or to the window.
func (h hand) key(names ...fyne.KeyName) {
	h.t.Helper()
	c := h.s.Win.Canvas()
	for _, name := range names {
		f := c.Focused()
		if f == nil {
			h.press(string(name))
			continue
		}
		f.TypedKey(&fyne.KeyEvent{Name: name})
		if name == fyne.KeySpace {
			f.TypedRune(' ')
		}
		h.tick(0)
	}
}

// types types a text into what has the focus.
func (h hand) types(text string) {
	for _, r := range text {
		h.s.Win.Canvas().Focused().TypedRune(r)
	}
	h.tick(0)
}

// Everything of the window is done once by the keys alone: in each place something is
// opened, done, and shown.
func TestByKeysAlone(t *testing.T) {
	h := hand{start(t, "", at("learn"))}
	h.lessons(t)
	h.lab(t)
	h.compare(t)
	h.sweep(t)
	h.build(t)
}

func (h hand) lessons(t *testing.T) {
	h.to("start")
	h.key(fyne.KeySpace)
	h.until("the lesson is there", func() bool { return h.s.bench() != nil && h.s.learn().Panel != nil })
	gate := h.s.learn().Player.Gate()
	if gate != nil && gate.Kind == lessons.Act {
		act := gate
		h.to("lesson:send")
		h.key(fyne.KeySpace)
		h.until("it is sent", func() bool { return h.s.learn().Player.Passed(act) })
		gate = h.s.learn().Player.Gate()
	}
	if gate == nil || gate.Right() < 0 {
		t.Fatal("the first step has no question")
	}
	h.types("") // nothing has the focus that takes a number
	h.to("lesson:choice:" + string(rune('1'+gate.Right())))
	h.key(fyne.KeyReturn)
	h.settle()
	if !h.s.learn().Player.Passed(gate) {
		t.Error("the question is not answered")
	}
}

func (h hand) lab(t *testing.T) {
	h.press("Ctrl+2")
	h.to("start")
	h.key(fyne.KeySpace)
	h.until("a scenario is open", func() bool { return h.place() == "lab" && h.s.bench() != nil && ready(h.s.bench()) })
	b := h.s.bench()
	h.to("stage:0")
	node := b.Stages[0].Selected()
	if node.ID == "" {
		t.Fatal("the picture has the focus, and nothing is chosen")
	}
	h.key(fyne.KeyRight)
	if next := b.Stages[0].Selected(); next.ID == "" || next == node {
		t.Errorf("right of %v is %v", node, next)
	}
	h.key(fyne.KeyReturn)
	h.until("the link is chosen", func() bool { return strings.Contains(b.Board.Chosen.Element, "->") })
	h.key(fyne.KeyRight)
	h.until("a node is chosen", func() bool { return b.Board.Chosen.Element != "" && !strings.Contains(b.Board.Chosen.Element, "->") })
	h.to("fault:crash")
	h.key(fyne.KeySpace)
	h.until("it is down", func() bool { return len(b.Board.Changes) == 1 })
	h.to("stage:0") // which leaves the keys of the window to it
	h.key(fyne.KeySpace)
	h.until("it plays", func() bool { return b.Frame.Mode == control.Playing })
	h.key(fyne.KeySpace)
	panel := b.Panels.SelectedIndex()
	h.press("p")
	if b.Panels.SelectedIndex() == panel {
		t.Error("P shows no other panel")
	}
	h.press("Ctrl+Z")
	h.until("it is undone", func() bool { return b.Frame.Mode == control.Paused && len(b.Board.Changes) == 0 })
}

func (h hand) compare(t *testing.T) {
	h.press("Ctrl+3")
	h.to("start")
	h.key(fyne.KeySpace)
	h.until("designs are open", func() bool {
		return h.place() == "compare" && h.s.bench() != nil && ready(h.s.bench()) && len(h.s.bench().Scenes) > 1
	})
	b := h.s.bench()
	h.to("stage:1")
	h.until("a node of the second design is chosen", func() bool { return b.Board.Chosen.Lane == 1 && b.Board.Chosen.Element != "" })
	h.types("t")
	h.types("10s")
	h.key(fyne.KeyReturn)
	h.until("it has run there", func() bool { return b.Frame.Mode == control.Paused && b.Frame.Now.Seconds() == 10 })
}

func (h hand) sweep(t *testing.T) {
	h.press("Ctrl+4")
	h.to("sweep:open:knee")
	h.key(fyne.KeyReturn)
	h.until("the plan is there", func() bool { return h.s.sweeping().Describe()["path"] != "" })
	h.to("sweep:points")
	h.key(fyne.KeyEnd)
	for range 4 {
		h.key(fyne.KeyBackspace)
	}
	h.types("many")
	h.to("sweep:run")
	h.key(fyne.KeySpace)
	h.until("the mistake is told", func() bool { return len(h.s.Errors) == 1 })
	h.press("Escape")
}

func (h hand) build(t *testing.T) {
	h.press("Ctrl+5")
	h.to("build:new")
	h.key(fyne.KeySpace)
	h.until("a text is there", func() bool { return h.s.building().Describe()["fresh"] == "true" })
	e := h.control("editor").(*editor.Editor)
	before := e.Buffer().Text()
	if h.s.Win.Canvas().Focused() == nil {
		t.Fatal("the text has not the focus")
	}
	h.types("# mine")
	h.key(fyne.KeyReturn)
	if e.Buffer().Text() != "# mine\n"+before {
		t.Errorf("the text is %q", e.Buffer().Text())
	}
	h.key(fyne.KeyEscape)
	h.press("Ctrl+Z")
	h.press("Ctrl+Z")
	h.until("it is undone", func() bool { return !strings.Contains(e.Buffer().Text(), "mine\n") })
}

// What can be pressed has a name for screen readers, in every place.
func TestNamesForScreenReaders(t *testing.T) {
	r := start(t, "", at("learn"))
	named := 0
	check := func(where string) {
		r.seen(func(o fyne.CanvasObject) {
			_, focus := o.(fyne.Focusable)
			_, tap := o.(fyne.Tappable)
			a, ok := o.(fyne.Accessible)
			if !ok || !focus && !tap {
				return
			}
			if named++; a.AccessibilityLabel() == "" {
				t.Errorf("%s: a %T has no name", where, o)
			}
		})
	}
	check("lessons")
	for _, place := range []string{"lab", "compare", "sweep", "build"} {
		r.tap("place:" + place)
		check(place)
	}
	r.tap("place:compare")
	r.open("order-queue")
	check("a bench")
	if named < 100 {
		t.Errorf("only %d have names", named)
	}
}
