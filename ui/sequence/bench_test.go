package sequence

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"asynclab/ui/palette"
)

func BenchmarkSetStory(b *testing.B) {
	st, g := story(b, "dominoes", "broker", time.Minute)
	v, _ := shown(b, palette.Light, fyne.NewSize(900, 520), st, g)
	for b.Loop() {
		v.SetStory(st)
	}
}
