package control

import (
	"math"
	"testing"
	"time"

	"asynclab/sim/topology"
)

// playAt fills a frame at 60 a second of real time, at a speed, and looks at each.
func playAt(s *Session, from, to time.Duration, speed float64, look func(f *Frame)) {
	var f Frame
	s.SetPace(time.Duration(speed*0.8e9), time.Duration(speed*0.25e9))
	for at := from; at < to; at += time.Duration(speed / 60 * 1e9) {
		s.Advance(at, 0)
		s.Fill(&f)
		look(&f)
	}
}

// Lines, workers and numbers are of one instant, at any speed: as many customers are open as
// hold on, and of a service that calls one other at a time as many workers are blocked.
func TestOneInstant(t *testing.T) {
	for _, speed := range []float64{0.05, 1, 8} {
		s := open(t, "strangler", Options{}, 0)
		g := &s.Scenes()[0].Graph
		frames, lit, last, changes := 0, 0, LinkState{}, 0
		playAt(s, 10*time.Second, 10*time.Second+time.Duration(20*speed*1e9), speed, func(f *Frame) {
			held := map[string]int{}
			for i, e := range g.Edges {
				held[e.From] += f.Lanes[0].Links[i].Held
				if e.From == "customers" {
					if l := f.Lanes[0].Links[i]; l.Held != last.Held {
						changes, last = changes+1, l
					}
				}
			}
			for i, n := range g.Nodes {
				st := f.Lanes[0].Nodes[i]
				if n.Kind == topology.Client && st.Open != held[n.ID] || n.Kind == topology.Service && st.Blocked != held[n.ID] {
					t.Fatalf("speed %g: %s has %d open, %d blocked, and its lines are held %d times", speed, n.ID, st.Open, st.Blocked, held[n.ID])
				}
			}
			if frames++; held["customers"] > 0 {
				lit++
			}
		})
		if lit == 0 || speed >= 1 && changes > 20*7 {
			t.Errorf("speed %g: of %d frames, somebody waits in %d, and their number changes %d times", speed, frames, lit, changes)
		}
	}
}

// How often a state is shown is how often it is there: 4 calls a second that are refused after
// 2 hops do not look as if somebody held on all the time.
func TestAsOftenAsItIsThere(t *testing.T) {
	s := open(t, "async-api", Options{}, 0)
	edge := -1
	for i, e := range s.Scenes()[0].Graph.Edges {
		if e.To == "checker" {
			edge = i
		}
	}
	frames, lit, faint, live := 0, 0, 0, 0
	down := false
	playAt(s, 50*time.Second, 110*time.Second, 1, func(f *Frame) {
		l := f.Lanes[0].Links[edge]
		if !f.Lanes[0].down(s.lanes[0].ends[edge][1]) {
			return
		}
		down = true
		frames++
		if l.Held > 0 {
			lit++
		}
		if l.HeldLately {
			faint++
		}
		if s.lanes[0].snapshot.Links[s.lanes[0].links[edge][0]].Held > 0 {
			live++
		}
	})
	share, true_ := float64(lit)/float64(frames), float64(live)/float64(frames)
	if !down || faint > 0 || math.Abs(share-true_) > 0.08 {
		t.Errorf("down %v: of %d frames it is lit in %.2f, and held in %.2f; faint in %d", down, frames, share, true_, faint)
	}
}

// What has gone is not shown for long where nothing more happens.
func TestShownCatchesUp(t *testing.T) {
	s := open(t, "async-api", Options{}, 0)
	playAt(s, time.Second, 4*time.Second, 0.3, func(f *Frame) {
		l := s.lanes[0]
		if age := l.snapshot.Loads[0].Open - l.shown.Loads[0].Open; age != 0 && s.now-l.shownAt > int64(s.quick) {
			t.Fatalf("at %v it shows what was %v before", f.Now, time.Duration(s.now-l.shownAt))
		}
	})
}

// Whoever waits has a line to what it waits for, or says that it is a lock or a time.
func TestWhatIsWaitedForIsTold(t *testing.T) {
	holder := ""
	at := func(name string, design int, now time.Duration, from, to string) (LinkState, NodeState, NodeState) {
		s := open(t, name, Options{}, design)
		s.Advance(now, 0)
		var f Frame
		s.Fill(&f)
		var l LinkState
		for i, e := range s.Scenes()[0].Graph.Edges {
			if e.From == from && e.To == to {
				l = f.Lanes[0].Links[i]
			}
		}
		node := func(id string) (n NodeState) {
			if i := s.lanes[0].node(id); i >= 0 {
				n = f.Lanes[0].Nodes[i]
			}
			if n.Holder > 0 {
				holder = s.Scenes()[0].Graph.Nodes[n.Holder-1].ID
			}
			return n
		}
		return l, node(from), node(to)
	}
	// A publisher holds its worker until the queue has confirmed: with when_full: block, all the time.
	if l, probe, _ := at("full-queue", 4, 30*time.Second, "probe", "bus/readings"); l.Held != 1 || probe.Blocked != 1 {
		t.Errorf("full-queue: the line to the queue is held by %d, and %d of its workers are blocked", l.Held, probe.Blocked)
	}
	// 20 a second for a delay of 2 s.
	if _, _, shop := at("event-bus", 0, 30010*time.Millisecond, "customers", "shop"); shop.Timed != 40 || shop.Awaits != 40 {
		t.Errorf("event-bus: %d of %d wait for a time; want 40", shop.Timed, shop.Awaits)
	}
	// The desk sells five times a second while the lock is held: 4.94 s since the crash. The
	// operation that has it is one of those that the shop had in hand.
	if l, _, stock := at("two-phase-commit", 0, 65*time.Second, "desk", "stock"); holder != "online" || stock.Locked < 24 || stock.Locked > 26 || stock.Locked != stock.Blocked || l.Held != stock.Locked {
		t.Errorf("two-phase-commit: %d of %d wait for a lock of %q, for whom %d hold on", stock.Locked, stock.Blocked, holder, l.Held)
	}
	// Ten calls at a time, of which each takes 200 ms: as many hold on as the callee has in hand.
	if l, page, source := at("first-results", 0, 30*time.Second, "page", "source"); l.Held == 0 || l.Held < page.Blocked || l.Held < source.Busy || l.Awaited != 0 {
		t.Errorf("first-results: %d hold on for %d at work, of %d blocked", l.Held, source.Busy, page.Blocked)
	}
}
