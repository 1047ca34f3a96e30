package control

import (
	"testing"
	"time"

	"asynclab/sim/engine"
)

// A member dies at 22.5 s, its session of 10 s ends, and a rebalance takes 3 s: until then
// nobody reads its two partitions, then for a while none, and then the other reads all four.
func TestGroupLosesMember(t *testing.T) {
	sc, at := pictured(t, "consumer-group", 1)
	k := nodeOf(&sc, "bus/orders/worker")
	if !sc.Groups[k] || sc.Groups[nodeOf(&sc, "worker")] {
		t.Fatalf("groups are %v", sc.Groups)
	}
	for _, c := range []struct {
		at                     time.Duration
		silent, unread, still  int
		deals                  bool
		leastIdle, mostWaiting int32 // of a partition that nobody reads; 50 messages a second come to each
	}{
		{22 * time.Second, 0, 0, 0, false, 0, 1},
		{24500 * time.Millisecond, 1, 2, 0, false, 95, 240}, // with what was not committed since 20 s
		{32400 * time.Millisecond, 1, 2, 0, false, 490, 640},
		{34 * time.Second, 0, 0, 4, true, 70, 800},
		{59 * time.Second, 0, 0, 0, false, 0, 800},
	} {
		g := at(c.at).Nodes[k].Group
		still := 0
		sum := int32(0)
		for _, p := range g.Each[:g.Partitions] {
			still += b2i(p.Reader == engine.PartStill)
			sum += p.Waiting
			if p.Reader != engine.PartRead && (p.Waiting < c.leastIdle || p.Waiting > c.mostWaiting) {
				t.Errorf("at %v %d wait in a partition that nobody reads; want %d to %d", c.at, p.Waiting, c.leastIdle, c.mostWaiting)
			}
		}
		if g.Partitions != 4 || g.Silent != c.silent || g.Unread != c.unread || still != c.still || g.Deals != c.deals {
			t.Errorf("at %v: %d partitions, %d silent, %d unread, %d still, deals %v; want 4, %d, %d, %d, %v", c.at, g.Partitions, g.Silent, g.Unread, still, g.Deals, c.silent, c.unread, c.still, c.deals)
		}
		if n := at(c.at).Nodes[k].Waiting; int(sum) != n {
			t.Errorf("at %v %d wait in the partitions, and %d in all", c.at, sum, n)
		}
	}
}
