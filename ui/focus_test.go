package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// What has the focus and is no text passes on the keys that it has no use for: the keys of
// the window work wherever Tab, or a click, has led.
func TestFocusPassesKeysOn(t *testing.T) {
	r := start(t, "", at("lab"))
	c := r.s.Win.Canvas()
	var got []rune
	c.SetOnTypedRune(func(k rune) { got = append(got, k) })
	look := func(where string) {
		t.Helper()
		seen := map[fyne.Focusable]bool{}
		c.Unfocus()
		for {
			c.FocusNext()
			f := c.Focused()
			if f == nil || seen[f] {
				break
			}
			seen[f] = true
			if b, toolkits := f.(*widget.Button); toolkits && b.Text == "" {
				continue // the toolkit's own, for tabs that do not fit
			}
			if _, text := f.(interface{ SelectedText() string }); text {
				continue
			}
			if text, ok := f.(fyne.Tabbable); ok && text.AcceptsTab() {
				continue // a text
			}
			got = nil
			f.TypedRune('p')
			f.TypedRune('1')
			if string(got) != "p1" {
				t.Errorf("%s: of P and 1, a %T passes on %q", where, f, string(got))
			}
		}
		if len(seen) < 3 {
			t.Errorf("%s: only %d things are reached by Tab", where, len(seen))
		}
		t.Logf("%s: %d things are reached", where, len(seen))
	}
	look("the first page of the lab")
	b := r.open("order-queue")
	r.choose(b, "shop")
	for _, tab := range b.Panels.Items {
		b.Panels.Select(tab)
		r.tick(200 * time.Millisecond)
		look("the lab, " + tab.Text)
	}
	for place, has := range map[string]string{"compare": "play", "sweep": "sweep:run", "build": "editor"} {
		r.tap("place:" + place)
		look(place + ", its first page")
		r.s.openHere("order-flow")
		r.until("it is open", func() bool { return r.s.places[r.s.at].Controls()[has] != nil })
		look(place)
	}
	r.tap("place:learn")
	look("the lessons")
	r.lesson("broker-and-queue")
	look("a lesson")
}
