package ui

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/window"
)

// Whatever there is to say, the window stays as small as a small screen.
func TestFitsSmallScreens(t *testing.T) {
	for _, place := range []string{"lab", "compare"} {
		for _, lang := range []string{"en", "zh-Hans"} {
			t.Run(place+" "+lang, func(t *testing.T) {
				r := start(t, "", at(place))
				b := r.open("order-flow")
				r.s.setLanguage(lang)
				b.Choose(0, "pay")
				r.settle()
				for _, f := range []control.Frame{
					{Mode: control.Playing, Speed: math.Inf(1), Pace: 12345, Length: 10 * time.Hour, Now: time.Hour},
					{Mode: control.Seeking, Speed: 1e-5, Length: 10 * time.Minute, Now: time.Minute},
					{Stopped: control.FaultChanged, Speed: 1e-5, Length: 10 * time.Minute, Now: time.Minute},
				} {
					b.Transport.SetFrame(&f)
					if m := r.s.Win.Content().MinSize(); m.Width > 1000 || m.Height > 620 {
						t.Errorf("mode %d needs %v", f.Mode, m)
					}
				}
			})
		}
	}
}

// texts in the cells of the table, joined.
func tableText(b *bench.Bench) string {
	return fmt.Sprint(b.Table.View.Table())
}

// Replications can be given up, and shown; then the table says what is not in it.
func TestReplications(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("tracing-outage")
	r.tap("replicate")
	if b.Trial == nil || b.Trial.Result != nil {
		t.Fatal("nothing is under way")
	}
	r.tap("replicate-stop")
	if b.Trial != nil {
		t.Error("it goes on")
	}
	r.tap("replicate")
	now := b.Trial
	r.until("the replications are done", func() bool { return now.Result != nil })
	if now.Result.Replications != 10 || now.Share < 0.5 {
		t.Errorf("%d replications, %g done", now.Result.Replications, now.Share)
	}
	if !strings.Contains(tableText(b), "±") || !r.says(fmt.Sprintf("Means of %d runs", 10)) {
		t.Errorf("the table has no intervals: %s", tableText(b))
	}
	const later = "What you changed since then is not in it."
	if r.says(later) {
		t.Error("nothing was changed")
	}
	b.Set(0, "service.shop.workers", "9")
	r.settle()
	if !r.says(later) {
		t.Error("it is not said that the table is from before the change")
	}
	r.s.setLanguage("zh-Hans")
	r.s.setLanguage("en")
	if !strings.Contains(tableText(b), "±") {
		t.Error("the result is lost with the language")
	}
	r.tap("replicate-page")
	page := r.path("page.html")
	r.answer(r.dir, "page.html")
	r.until("the page is saved", func() bool { return window.Exists(page) })
	if data, err := os.ReadFile(page); err != nil || bytes.Count(data, []byte("<svg")) < 2 || !bytes.Contains(data, []byte("±")) || !bytes.Contains(data, []byte("<title>"+b.Scenario.Name+": ")) {
		t.Errorf("the page has %d pictures, %d bytes: %v", bytes.Count(data, []byte("<svg")), len(data), err)
	}
	r.tap("replicate-back")
	if b.Trial != nil || strings.Contains(tableText(b), "±") {
		t.Error("the run that is watched is not back")
	}
	r.quiet()
}

// A table and a story can be seen larger, and put away by Esc.
func TestEnlarge(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("sync-vs-async")
	b.Jump(time.Second)
	r.settle()
	over := func() fyne.CanvasObject { return r.s.Win.Canvas().Overlays().Top() }
	r.tap("table-larger")
	if over() == nil || b.Table.Large == nil || len(b.Table.Large.Table().Rows) == 0 {
		t.Fatal("there is no larger table")
	}
	r.press(string(fyne.KeyEscape))
	b.Jump(2 * time.Second)
	r.settle()
	if over() != nil || b.Table.Large != nil {
		t.Errorf("the table was not put away: %T %v", over(), b.Table.Large == nil)
	}

	b.SelectTab(b.Story.Content)
	if !b.Story.Larger.Disabled() {
		t.Error("a story that was not told can be enlarged")
	}
	r.control("story:design").(interface{ SetSelectedIndex(int) }).SetSelectedIndex(1)
	r.tap("story:latest")
	r.until("the story is told", func() bool { return b.Story.Told != nil })
	if b.Story.ToldOf != 1 || !r.says(fmt.Sprintf("bus: Operation %d of %s, from ", b.Story.Told.Seq+1, b.Story.Told.Load)) {
		t.Errorf("the story is of lane %d", b.Story.ToldOf)
	}
	r.tap("story-larger")
	if over() == nil {
		t.Error("there is no larger story")
	}
	r.press(string(fyne.KeyEscape))
	b.Choose(0, "a")
	r.press(string(fyne.KeyEscape))
	if b.Selected != "" {
		t.Error("Esc does not let go")
	}
	r.quiet()
}

// The panel in front and the borders that were dragged stay with another language.
func TestStaysAsItWas(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	b.SelectTab(b.Log.Content)
	b.Splits[0].SetOffset(0.55)
	b.Splits[1].SetOffset(0.7)
	r.s.setLanguage("zh-Hans")
	r.settle()
	if !b.Shows(b.Log.Content) || b.Splits[0].Offset != 0.55 || b.Splits[1].Offset != 0.7 {
		t.Errorf("tab %d, %g, %g", b.Panels.SelectedIndex(), b.Splits[0].Offset, b.Splits[1].Offset)
	}
	r.quiet()
}

// The dialogs of files open, and Esc puts them away.
func TestFileDialogs(t *testing.T) {
	r := start(t, "", at("lab"))
	r.open("sync-vs-async")
	over := func() int { return len(r.s.Win.Canvas().Overlays().List()) }
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
	c := r.s.Win.Canvas()
	var first *window.Card
	r.seen(func(o fyne.CanvasObject) {
		if o, ok := o.(*window.Card); ok && first == nil {
			first = o
		}
	})
	c.Focus(first)
	first.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b := r.s.lab().Workbench
	r.until("it is open", func() bool { return ready(b) })
	if c.Focused() != nil {
		t.Errorf("%T has the focus", c.Focused())
	}
	c.Focus(b.Named["to-start"].(fyne.Focusable))
	c.Focused().TypedRune('m')
	r.settle()
	if b.Frame.InHand == 0 {
		t.Error("a button with the focus keeps the keys of the window")
	}
	r.s.goToPlace("compare")
	if c.Focused() != nil {
		t.Errorf("%T has the focus in another place", c.Focused())
	}
	r.quiet()
}
