package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// The picture and what plays it have room in the usual window at every size of text while
// one presents, and all of the window up to 150 %.
func TestLargeTextFits(t *testing.T) {
	r := start(t, "", with("order-flow"), at("lab"))
	r.until("it is open", func() bool { b := r.s.bench(); return b != nil && ready(b) })
	defer r.s.setScale(1)
	for _, presents := range []bool{false, true} {
		for _, x := range scales {
			if r.s.setScale(x); presents {
				r.press("F11")
			}
			if presents || x <= 1.5 {
				r.until("it shows the time", func() bool { return ready(r.s.bench()) })
				if least, room := r.s.Win.Content().MinSize(), fyne.NewSize(1280, 720); least.Width > room.Width || least.Height > room.Height {
					t.Errorf("text of %.0f %% needs %v (presents: %v)", 100*x, least, presents)
				}
			}
			if presents {
				r.press("Escape")
			}
		}
	}
}
