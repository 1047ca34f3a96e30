package deal

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestDeals(t *testing.T) {
	for _, c := range []struct {
		of      *Strategy
		before  []int32
		members int32
		want    []int32
	}{
		{Range, make([]int32, 7), 3, []int32{0, 0, 0, 1, 1, 2, 2}},
		{RoundRobin, make([]int32, 7), 3, []int32{0, 1, 2, 0, 1, 2, 0}},
		{Range, make([]int32, 2), 3, []int32{0, 1}},
		{Sticky, []int32{0, 0, 0, 0, 0, 0}, 1, []int32{0, 0, 0, 0, 0, 0}},
		{Sticky, []int32{0, 0, 0, 0, 0, 0}, 2, []int32{0, 0, 0, 1, 1, 1}},           // one more comes: half moves, and no more
		{Sticky, []int32{0, 1, 2, 0, 1, 2}, 2, []int32{0, 1, 0, 0, 1, 1}},           // the last one goes: only its own move
		{Sticky, []int32{1, 1, 1, 0, 0}, 2, []int32{1, 1, 1, 0, 0}},                 // who has more keeps the larger share
		{Sticky, []int32{Nobody, Nobody, Nobody}, 2, []int32{0, 0, 1}},              // nobody has any
		{Sticky, []int32{0, 0, Nobody, Nobody, 1, 1}, 3, []int32{0, 0, 2, 2, 1, 1}}, // a newcomer takes what is left over
	} {
		got := slices.Clone(c.before)
		c.of.Deal(got, c.members)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s of %v to %d members: %v, want %v", c.of.Word, c.before, c.members, got, c.want)
		}
	}
}

// Whatever there was before, no member has two more than another, and sticky moves no
// more than it must: what is above the shares, or nobody's.
func TestDealsEvenly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members := rapid.Int32Range(1, 9).Draw(t, "members")
		before := rapid.SliceOfN(rapid.Int32Range(-1, 9), 0, 40).Draw(t, "owners")
		for _, s := range All {
			owners := slices.Clone(before)
			s.Deal(owners, members)
			count, had := make([]int, members), make([]int, members)
			kept := 0
			for p, m := range owners {
				count[m]++
				if b := before[p]; b >= 0 && b < members {
					had[b]++
				}
				if m == before[p] {
					kept++
				}
			}
			if slices.Max(count)-slices.Min(count) > 1 {
				t.Fatalf("%s: %v", s.Word, count)
			}
			if s != Sticky {
				continue
			}
			most, larger := 0, len(before)%int(members)
			for _, n := range had {
				keep := min(n, len(before)/int(members))
				if n > keep && larger > 0 {
					keep, larger = keep+1, larger-1
				}
				most += keep
			}
			if kept != most {
				t.Fatalf("sticky kept %d of %v, %d could stay: %v", kept, before, most, owners)
			}
		}
	})
}
