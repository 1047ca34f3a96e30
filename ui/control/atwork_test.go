package control

import (
	"testing"
	"time"
)

// Work that takes less than a frame is seen: a service has worked lately for a second after
// it began, while the run plays, and not on a picture that stands still.
func TestShortWorkIsSeen(t *testing.T) {
	const quick = 250 // so that 1,000 is a real second
	var a atWork
	for i, c := range []struct {
		now     int64
		started uint64
		busy    bool
		want    bool
	}{
		{0, 0, false, false}, {100, 1, false, false}, // nothing was seen before
		{200, 3, false, true}, {1100, 3, false, true}, {1300, 3, false, false}, // begun and ended between two frames
		{1400, 4, true, true}, {2300, 4, false, true}, {2450, 4, false, false}, // seen at work
		{2500, 5, false, true}, {300, 2, false, false}, {350, 2, false, false}, // gone back
	} {
		if got := a.lately(c.busy, c.started, c.now, quick); got != c.want {
			t.Errorf("%d: at %d, %d started and busy %v: lately %v; want %v", i, c.now, c.started, c.busy, got, c.want)
		}
	}
	a = atWork{}
	for _, now := range []int64{0, 10, 20} {
		if a.lately(false, uint64(now), now, 0) {
			t.Error("a picture that stands still shows work that has ended")
		}
	}
}

// Each instance has its own line, and the line of the slow one is the long one: at random,
// it gets a quarter of 32 a second and does 4 of them, so that 8 - 4 a second stay.
func TestInstancesHaveTheirLines(t *testing.T) {
	s := open(t, "balancing", Options{}, 0)
	var f Frame
	s.Advance(time.Minute, 0)
	s.Fill(&f)
	for i, n := range s.Scenes()[0].Graph.Nodes {
		if n.ID != "api" {
			continue
		}
		st := f.Lanes[0].Nodes[i]
		if st.Apart != 4 || st.Each[3].Health != Slow || st.Each[0].Health != Up {
			t.Fatalf("%d instances: %+v", st.Apart, st.Each)
		}
		sum, busy := 0, 0
		for _, x := range st.Each {
			sum, busy = sum+int(x.Waiting), busy+int(x.Busy)
		}
		if sum != st.Waiting || busy != st.Busy {
			t.Errorf("%d wait and %d are busy, of the instances %d and %d", st.Waiting, st.Busy, sum, busy)
		}
		// 60 s of 4 a second; the standard deviation is that of the 480 that come and the 240 that are done.
		if w := int(st.Each[3].Waiting); w < 240-4*27 || w > 240+4*27 {
			t.Errorf("%d wait before the slow one; want 240", w)
		}
	}
}

// A service that awaits answers without workers says how many tasks it has in hand: 5 a
// second for the 3 s that its three steps take.
func TestAwaitsAreSeen(t *testing.T) {
	for design, want := range map[int]int{0: 15, 2: 0} {
		s := open(t, "orchestration", Options{}, design)
		var f Frame
		s.Advance(30*time.Second+50*time.Millisecond, 0)
		s.Fill(&f)
		for i, n := range s.Scenes()[0].Graph.Nodes {
			if got := f.Lanes[0].Nodes[i].Awaits; n.ID == "flow" && (got < want || got > want+1) {
				t.Errorf("design %d has %d in hand; want %d", design, got, want)
			}
		}
	}
}

// The nodes of a broker: one goes with the leader, and another leads 2 s later.
func TestNodesOfABrokerAreTold(t *testing.T) {
	s := open(t, "replication", Options{}, 1)
	for _, c := range []struct {
		at   time.Duration
		want NodesState
	}{{30 * time.Second, NodesState{3, 3, 3, true}}, {61 * time.Second, NodesState{3, 2, 2, false}}, {63 * time.Second, NodesState{3, 2, 2, true}}, {100 * time.Second, NodesState{3, 3, 3, true}}} {
		var f Frame
		s.Advance(c.at, 0)
		s.Fill(&f)
		for i, n := range s.Scenes()[0].Graph.Nodes {
			if got := f.Lanes[0].Nodes[i].Nodes; n.ID == "bus" && got != c.want {
				t.Errorf("at %v: %+v; want %+v", c.at, got, c.want)
			}
		}
	}
}

// A piece of work of the longest kind takes two seconds at the most where a line is watched.
func TestLineMovesOn(t *testing.T) {
	sc := load(t, "own-sweep")
	s, err := Open(sc, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p := tempoOf(sc, s.Length(), nil); p.line < 0.33/workTime.Seconds()*(1-1e-9) {
		t.Errorf("at %g a second, a job of 0.33 s takes %.0f s", p.line, 0.33/p.line)
	}
}

// A call that is answered between two frames is a call all the same: it was held lately.
func TestShortCallsHold(t *testing.T) {
	var h lastSeen
	const quick = 250
	for i, c := range []struct {
		held bool
		now  int64
		sent bool
		want bool
	}{
		{false, 0, true, false}, // nobody has ever held on: it may be sent without waiting
		{true, 100, false, true}, {false, 900, false, true}, {false, 1200, false, false}, {false, 1300, true, true}, {false, 50, true, false},
	} {
		if got := h.lately(c.held, c.now, quick, c.sent, true); got != c.want {
			t.Errorf("%d: lately %v; want %v", i, got, c.want)
		}
	}
	h = lastSeen{}
	if !h.lately(false, 0, quick, true, false) {
		t.Error("calls that take less than a frame are not held lately")
	}
	if h.lately(false, 1300, 0, true, false) {
		t.Error("calls are held lately where the picture stands still")
	}
}

// From a topic to each of its subscriptions flows what came there: by a publish there is one
// copy for each.
func TestInsideABrokerFlows(t *testing.T) {
	s := open(t, "notice-or-event", Options{}, 0)
	var f Frame
	for i := range 60 {
		s.SetPace(time.Second, 250*time.Millisecond)
		s.Advance(10*time.Second+time.Duration(i)*time.Second, 0)
		s.Fill(&f)
	}
	g, inner, published := &s.Scenes()[0].Graph, 0, 0.0
	for i, e := range g.Edges {
		if e.To == "bus/news" {
			published = f.Lanes[0].Links[i].Sent
		}
	}
	for i, e := range g.Edges {
		if e.From == "bus/news" {
			inner++
			if l := f.Lanes[0].Links[i]; !l.Flow || l.Sent < published*0.9 || l.Sent > published*1.1 {
				t.Errorf("%s → %s: %+v; want a flow of %g a second", e.From, e.To, l, published)
			}
		}
	}
	if inner != 3 || published == 0 {
		t.Errorf("%d subscriptions, %g published a second", inner, published)
	}
}
