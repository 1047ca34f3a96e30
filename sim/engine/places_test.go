package engine

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// places give the neighbour that a sorted list gives, whatever comes and goes.
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p places
		var sorted []uint64
		most := rapid.SampledFrom([]int{3, 70, 1000}).Draw(t, "most")
		next := uint64(0)
		for range rapid.IntRange(1, 3000).Draw(t, "steps") {
			switch what := rapid.IntRange(0, 3).Draw(t, "what"); {
			case what == 0 && len(sorted) > 0: // the head goes
				p.remove(sorted[0])
				sorted = sorted[1:]
			case what == 1 && len(sorted) > 0: // any goes
				i := rapid.IntRange(0, len(sorted)-1).Draw(t, "i")
				p.remove(sorted[i])
				sorted = slices.Delete(sorted, i, i+1)
			case len(sorted) < most:
				next += 1000
				place := next // a new one
				if what == 2 {
					place = uint64(rapid.IntRange(0, int(next)).Draw(t, "place")) // one returns
				}
				i, there := slices.BinarySearch(sorted, place)
				if there {
					continue
				}
				want := none
				if i > 0 {
					want = int32(sorted[i-1])
				}
				if got := p.insert(place, int32(place)); got != want {
					t.Fatalf("before %d is %d, not %d", place, got, want)
				}
				sorted = slices.Insert(sorted, i, place)
			}
		}
		for _, place := range sorted {
			p.remove(place)
		}
		if len(p.order) > 0 || len(p.free) != len(p.blocks) {
			t.Fatalf("%d blocks are left, %d of %d are free", len(p.order), len(p.free), len(p.blocks))
		}
	})
}
