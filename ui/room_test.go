package ui

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/ui/control"
)

// Whatever there is to say, the window stays as small as a small screen.
func TestFitsSmallScreens(t *testing.T) {
	for _, place := range []string{"lab", "compare"} {
		for _, lang := range []string{"en", "zh-Hans"} {
			t.Run(place+" "+lang, func(t *testing.T) {
				r := start(t, "", at(place))
				b := r.open("order-flow")
				r.s.setLanguage(lang)
				b.choose(0, "pay")
				r.settle()
				for _, f := range []control.Frame{
					{Mode: control.Playing, Speed: math.Inf(1), Pace: 12345, Length: 10 * time.Hour, Now: time.Hour},
					{Mode: control.Seeking, Speed: 1e-5, Length: 10 * time.Minute, Now: time.Minute},
					{Stopped: control.FaultChanged, Speed: 1e-5, Length: 10 * time.Minute, Now: time.Minute},
				} {
					b.transport.setFrame(&f)
					if m := r.s.win.Content().MinSize(); m.Width > 1000 || m.Height > 620 {
						t.Errorf("mode %d needs %v", f.Mode, m)
					}
				}
			})
		}
	}
}

// texts in the cells of the table, joined.
func tableText(b *bench) string {
	return fmt.Sprint(b.table.view.Table())
}

// Replications can be given up, and shown; then the table says what is not in it.
func TestReplications(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("tracing-outage")
	r.tap("replicate")
	if b.trial == nil || b.trial.result != nil {
		t.Fatal("nothing is under way")
	}
	r.tap("replicate-stop")
	if b.trial != nil {
		t.Error("it goes on")
	}
	r.tap("replicate")
	now := b.trial
	r.until("the replications are done", func() bool { return now.result != nil })
	if now.result.Replications != 10 || now.share < 0.5 {
		t.Errorf("%d replications, %g done", now.result.Replications, now.share)
	}
	if !strings.Contains(tableText(b), "±") || !r.says(fmt.Sprintf("Means of %d runs", 10)) {
		t.Errorf("the table has no intervals: %s", tableText(b))
	}
	const later = "What you changed since then is not in it."
	if r.says(later) {
		t.Error("nothing was changed")
	}
	b.set(0, "service.shop.workers", "9")
	r.settle()
	if !r.says(later) {
		t.Error("it is not said that the table is from before the change")
	}
	r.s.setLanguage("zh-Hans")
	r.s.setLanguage("en")
	if !strings.Contains(tableText(b), "±") {
		t.Error("the result is lost with the language")
	}
	r.tap("replicate-back")
	if b.trial != nil || strings.Contains(tableText(b), "±") {
		t.Error("the run that is watched is not back")
	}
	r.quiet()
}

// A table and a story can be seen larger, and put away by Esc.
func TestEnlarge(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("sync-vs-async")
	b.jump(time.Second)
	r.settle()
	over := func() fyne.CanvasObject { return r.s.win.Canvas().Overlays().Top() }
	r.tap("table-larger")
	if over() == nil || b.table.large == nil || len(b.table.large.Table().Rows) == 0 {
		t.Fatal("there is no larger table")
	}
	r.press(string(fyne.KeyEscape))
	b.jump(2 * time.Second)
	r.settle()
	if over() != nil || b.table.large != nil {
		t.Errorf("the table was not put away: %T %v", over(), b.table.large == nil)
	}

	b.selectTab(b.stories.content)
	if !b.stories.larger.Disabled() {
		t.Error("a story that was not told can be enlarged")
	}
	r.control("story:design").(interface{ SetSelectedIndex(int) }).SetSelectedIndex(1)
	r.tap("story:latest")
	r.until("the story is told", func() bool { return b.stories.told != nil })
	if b.stories.toldOf != 1 || !r.says(fmt.Sprintf("bus: Operation %d of %s, from ", b.stories.told.Seq+1, b.stories.told.Load)) {
		t.Errorf("the story is of lane %d", b.stories.toldOf)
	}
	r.tap("story-larger")
	if over() == nil {
		t.Error("there is no larger story")
	}
	r.press(string(fyne.KeyEscape))
	b.choose(0, "a")
	r.press(string(fyne.KeyEscape))
	if b.chose != "" {
		t.Error("Esc does not let go")
	}
	r.quiet()
}

// The panel in front and the borders that were dragged stay with another language.
func TestStaysAsItWas(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	b.selectTab(b.log.content)
	b.splits[0].SetOffset(0.55)
	b.splits[1].SetOffset(0.7)
	r.s.setLanguage("zh-Hans")
	r.settle()
	if !b.shows(b.log.content) || b.splits[0].Offset != 0.55 || b.splits[1].Offset != 0.7 {
		t.Errorf("tab %d, %g, %g", b.tabs.SelectedIndex(), b.splits[0].Offset, b.splits[1].Offset)
	}
	r.quiet()
}

// The dialogs of files open, and Esc puts them away.
func TestFileDialogs(t *testing.T) {
	r := start(t, "", at("lab"))
	r.open("sync-vs-async")
	over := func() int { return len(r.s.win.Canvas().Overlays().List()) }
	r.press("Ctrl+O")
	if over() != 1 {
		t.Errorf("%d dialogs to open a file", over())
	}
	r.press(string(fyne.KeyEscape))
	r.press("Ctrl+S")
	r.tap("ask:choose")
	if over() != 2 {
		t.Errorf("%d dialogs to choose a folder", over())
	}
	r.press(string(fyne.KeyEscape))
	r.press(string(fyne.KeyEscape))
	if over() != 0 {
		t.Errorf("%d dialogs are left", over())
	}
	r.quiet()
}

// Who opens a scenario by keys plays it by keys: what had the focus is gone.
func TestKeysAfterOpening(t *testing.T) {
	r := start(t, "", at("lab"))
	c := r.s.win.Canvas()
	var first *card
	r.seen(func(o fyne.CanvasObject) {
		if o, ok := o.(*card); ok && first == nil {
			first = o
		}
	})
	c.Focus(first)
	first.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b := r.s.lab().b
	r.until("it is open", func() bool { return ready(b) })
	if c.Focused() != nil {
		t.Errorf("%T has the focus", c.Focused())
	}
	c.Focus(b.named["to-start"].(fyne.Focusable))
	c.Focused().TypedRune('m')
	r.settle()
	if b.frame.InHand == 0 {
		t.Error("a button with the focus keeps the keys of the window")
	}
	r.s.goToPlace("compare")
	if c.Focused() != nil {
		t.Errorf("%T has the focus in another place", c.Focused())
	}
	r.quiet()
}
