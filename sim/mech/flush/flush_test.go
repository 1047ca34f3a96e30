package flush

import "testing"

func TestDue(t *testing.T) {
	for _, c := range []struct {
		p             Policy
		n, first, now int64
		want          int64
	}{
		{Policy{}, 1, 3, 7, 7},                       // each: at once, or when the flush before is over
		{Policy{Every: 10}, 1, 3, 3, 10},             // the next multiple
		{Policy{Every: 10}, 5, 9, 9, 10},             //
		{Policy{Every: 10}, 1, 10, 10, 20},           // came when it was over
		{Policy{Every: 10}, 4, 9, 12, 12},            // overdue: the flush before took long
		{Policy{Count: 3}, 2, 5, 5, Never},           //
		{Policy{Count: 3}, 3, 5, 6, 6},               //
		{Policy{Count: 3}, 7, 5, 6, 6},               // they came during a flush
		{Policy{Every: 10, Count: 3}, 2, 5, 6, 10},   // whichever is first
		{Policy{Every: 10, Count: 3}, 3, 15, 16, 16}, //
	} {
		if got := c.p.Due(c.n, c.first, c.now); got != c.want {
			t.Errorf("%+v: of %d since %d the flush at %d is due at %d, want %d", c.p, c.n, c.first, c.now, got, c.want)
		}
	}
}
