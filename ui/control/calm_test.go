package control

import (
	"math"
	"testing"
	"time"
)

// A rate that is read is known from enough messages, follows a change within seconds, and
// does not count what a jump has passed over.
func TestRatesToRead(t *testing.T) {
	const recent, frame = 2.5, 16 * time.Millisecond
	var r rate
	now, seen, said := time.Duration(0), uint64(0), 0.0
	play := func(perSecond float64, d time.Duration) {
		from, begun := now, seen
		for now < from+d {
			now += frame
			seen = begun + uint64(perSecond*(now-from).Seconds())
			said = r.calm(seen, int64(now), recent)
		}
	}
	if play(100, 30*time.Millisecond); said != 0 {
		t.Errorf("after %d messages it says %g/s", seen, said)
	}
	if play(100, 2*time.Second); math.Abs(said-100) > 5 {
		t.Errorf("it says %g/s of 100", said)
	}
	if play(1000, 3*time.Second); math.Abs(said-1000) > 100 {
		t.Errorf("3 s after a change to 1,000/s it says %g/s", said)
	}
	now, seen = now+time.Minute, seen+6
	if said = r.calm(seen, int64(now), recent); said != 0 {
		t.Errorf("right after a jump it says %g/s", said)
	}
	if play(100, 2*time.Second); math.Abs(said-100) > 5 {
		t.Errorf("2 s after a jump it says %g/s of 100", said)
	}
	for range 4 { // a rare one is averaged over a long time
		play(2, 5*time.Second)
	}
	if play(2, 5*time.Second); math.Abs(said-2) > 0.5 {
		t.Errorf("it says %g/s of 2", said)
	}
}

// A sign says the rate since its first, not since long before.
func TestSignsBegin(t *testing.T) {
	const recent, frame = 2.5, int64(16 * time.Millisecond)
	s, now, total, said := sign{since: -1}, int64(0), int64(0), 0.0
	for ; now < int64(20*time.Second); now += frame {
		if said = s.counted(total, now, int64(time.Second), recent); said != 0 {
			t.Fatalf("a sign of nothing: %g/s", said)
		}
	}
	for end := now + int64(time.Second); now < end; now += frame {
		total++
		said = s.counted(total, now, int64(time.Second), recent)
	}
	if math.Abs(said-62.5) > 4 {
		t.Errorf("after a second it says %g/s of 62.5", said)
	}
}

// An answer that is awaited without a worker is told from one that somebody holds on for.
func TestAwaitsHaveTheirLinks(t *testing.T) {
	s := open(t, "direct-subscription", Options{}, 0)
	s.Advance(65*time.Second, 0)
	var f Frame
	s.Fill(&f)
	for i, e := range s.Scenes()[0].Graph.Edges {
		l := f.Lanes[0].Links[i]
		if slow := e.To == "archive"; slow != (l.Awaited > 50) || slow && l.Held > 0 {
			t.Errorf("%s → %s: %d awaited, %d held", e.From, e.To, l.Awaited, l.Held)
		}
	}
}
