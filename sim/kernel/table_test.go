package kernel

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A table does what a map and a list do, whatever happens to it.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type row struct {
			key   uint64
			index int32
			word  int64
		}
		var want []row
		got := Table{Width: 2}
		at := func(key uint64) int { return slices.IndexFunc(want, func(r row) bool { return r.key == key }) }
		for step := range rapid.IntRange(1, 300).Draw(t, "steps") {
			// Few keys, and many with the same home.
			key := rapid.Uint64Range(0, 40).Draw(t, "key") << rapid.SampledFrom([]uint{0, 58}).Draw(t, "shift")
			i := at(key)
			found := got.Find(key)
			if (i < 0) != (found == NoRow) || i >= 0 && found != want[i].index {
				t.Fatalf("step %d: found row %d for key %d", step, found, key)
			}
			switch rapid.IntRange(0, 9).Draw(t, "action") {
			case 0, 1, 2, 3, 4:
				r, added := got.Add(key)
				if added != (i < 0) {
					t.Fatalf("step %d: added %v", step, added)
				}
				if added {
					if w := got.Words(r); w[0] != 0 || w[1] != 0 {
						t.Fatalf("step %d: a new row has the words %v", step, w)
					}
					want = append(want, row{key, r, int64(step)})
					got.Words(r)[1] = int64(step)
				}
			case 5, 6:
				if i >= 0 {
					got.Remove(found)
					want = slices.Delete(want, i, i+1)
				}
			case 7, 8:
				if i >= 0 {
					got.Last(found)
					r := want[i]
					want = append(slices.Delete(want, i, i+1), r)
				}
			case 9:
				if rapid.IntRange(0, 20).Draw(t, "clear") == 0 {
					got.Clear()
					want = nil
				}
				c := got.Clone()
				got.Clear()
				got = c
			}
			k := 0
			for r := got.First(); r != NoRow; r = got.Next(r) {
				if k >= len(want) || got.Key(r) != want[k].key || r != want[k].index || got.Words(r)[1] != want[k].word {
					t.Fatalf("step %d: row %d has the key %d", step, k, got.Key(r))
				}
				k++
			}
			if k != len(want) || got.Len() != k {
				t.Fatalf("step %d: %d rows of %d, want %d", step, k, got.Len(), len(want))
			}
		}
	})
}
