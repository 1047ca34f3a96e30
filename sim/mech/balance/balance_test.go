package balance

import "testing"

// one is a request with a key.
type one struct {
	key uint64
	n   int32
}

func (o one) Instances() int32        { return o.n }
func (one) Turn() uint64              { return 0 }
func (o one) Key() uint64             { return o.key }
func (one) Among(uint64, int32) int32 { return 0 }
func (one) Tasks(int32) int32         { return 0 }
func (one) Fewest() int32             { return 1 }
func (one) NthFewest(int32) int32     { return 0 }

// Consistent hashing: keys are even, and one more instance takes its share of them
// from all; no other key moves.
func TestHashIsConsistent(t *testing.T) {
	const keys = 100_000
	for n := int32(1); n < 12; n++ {
		count, moved := make([]int, n+1), 0
		for k := range uint64(keys) {
			a, b := Hash.Pick(one{k, n}), Hash.Pick(one{k, n + 1})
			if a != b {
				moved++
				if b != n {
					t.Fatalf("key %d goes from %d to %d of %d", k, a, b, n+1)
				}
			}
			count[b]++
		}
		want := keys / float64(n+1)
		for i, c := range count {
			if d := float64(c) - want; d*d > 25*want {
				t.Errorf("instance %d of %d has %d keys, want about %.0f", i, n+1, c, want)
			}
		}
		if d := float64(moved) - want; d*d > 25*want {
			t.Errorf("%d of %d keys moved to instance %d, want about %.0f", moved, keys, n, want)
		}
	}
}

func TestStickyIsTheRemainder(t *testing.T) {
	for _, k := range []uint64{0, 1, 7, 1 << 63} {
		if got := Sticky.Pick(one{k, 4}); got != int32(k%4) {
			t.Errorf("key %d goes to %d", k, got)
		}
	}
}
