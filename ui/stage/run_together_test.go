package stage

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// A name and the number of those who wait beside it do not run together ("orders1.6k").
func TestNameAndNumberApart(t *testing.T) {
	for _, waiting := range []int{5, 1600, 9999} {
		s, _ := lineOf(t, waiting, 10_000)
		var all []*canvas.Text
		for _, l := range []*layer{s.names, s.states} {
			for _, o := range l.box.Objects {
				if x, ok := o.(*canvas.Text); ok && x.Visible() && x.Text != "" {
					all = append(all, x)
				}
			}
		}
		if len(all) < 3 {
			t.Fatalf("only %d texts are there", len(all))
		}
		for i, a := range all {
			for _, b := range all[:i] {
				if apart(a, b) {
					continue
				}
				t.Errorf("%d wait: %q and %q run together", waiting, a.Text, b.Text)
			}
		}
	}
}

// apart reports whether two texts stand on different lines, or with a gap between them.
func apart(a, b *canvas.Text) bool {
	al, ar := ends(a)
	bl, br := ends(b)
	ay, by := a.Position().Y+a.Size().Height/2, b.Position().Y+b.Size().Height/2
	return max(ay-by, by-ay) > (a.TextSize+b.TextSize)*0.4 || ar+3 < bl || br+3 < al
}

func ends(x *canvas.Text) (left, right float32) {
	at, room, wide := x.Position().X, x.Size().Width, fyne.MeasureText(x.Text, x.TextSize, x.TextStyle).Width
	switch x.Alignment {
	case fyne.TextAlignCenter:
		at += (room - wide) / 2
	case fyne.TextAlignTrailing:
		at += room - wide
	}
	return at, at + wide
}
