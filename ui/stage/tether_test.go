package stage

import (
	"image/color"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"

	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// A call ties its caller to the callee as long as it holds on; a message does not.
func TestCallsHold(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "users", Kind: topology.Client}, {ID: "shop", Kind: topology.Service}, {ID: "pay", Kind: topology.Service}},
		Edges: []topology.Edge{{From: "users", To: "shop"}, {From: "shop", To: "pay", Kind: topology.Send, Label: "charge"}},
	}), 900, 400)
	lit := func(links ...control.LinkState) (n int, said map[string]bool) {
		s.SetLane(&control.Lane{Nodes: make([]control.NodeState, 3), Links: links})
		return s.fills.usedLines, texts(s.states)
	}
	if n, _ := lit(control.LinkState{}, control.LinkState{}); n != 0 {
		t.Errorf("without a call, %d pieces of a tether are lit", n)
	}
	one, said := lit(control.LinkState{Held: 1}, control.LinkState{})
	if one < 4 || said["1"] {
		t.Errorf("a call has a tether of %d pieces, and says %v", one, said)
	}
	thin := s.fills.lines[one-1].StrokeWidth
	if n, said := lit(control.LinkState{Held: 64}, control.LinkState{}); n != one || !said["64"] || s.fills.lines[n-1].StrokeWidth <= thin {
		t.Errorf("64 calls have a tether of %d pieces, %v wide, and say %v", n, s.fills.lines[n-1].StrokeWidth, said)
	}
	if n, said := lit(control.LinkState{Awaited: 7}, control.LinkState{}); n < 4 || !said["7"] || s.fills.lines[n-1].StrokeWidth < thin {
		t.Errorf("what 7 await has %d dashes, %v wide, and says %v", n, s.fills.lines[n-1].StrokeWidth, said)
	}
	strength := func(n int) uint32 {
		_, _, _, a := s.fills.lines[n-1].StrokeColor.RGBA()
		return a
	}
	n, _ := lit(control.LinkState{Held: 1}, control.LinkState{})
	now := strength(n)
	if n, _ := lit(control.LinkState{HeldLately: true}, control.LinkState{}); n == 0 || n >= one || strength(n) > now/2 || s.fills.lines[n-1].StrokeWidth >= thin {
		t.Errorf("what was held lately has %d pieces of strength %d; now it has %d of %d", n, strength(n), one, now)
	}
	if n, _ := lit(control.LinkState{}, control.LinkState{Held: 3}); n < 4 || !texts(s.states)["3"] {
		t.Errorf("three publishers that await a confirmation have %d pieces", n)
	}
	state := control.Lane{Nodes: make([]control.NodeState, 3), Links: make([]control.LinkState, 2)}
	state.Nodes[0].Open, state.Links[0].Held = 5, 5
	if s.SetLane(&state); !texts(s.states)["5 open"] {
		t.Errorf("five who stand there: %v", texts(s.states))
	}
	state.Links[0].Held = 1
	if s.SetLane(&state); !texts(s.states)["1 open"] || !texts(s.states)["4 accepted"] {
		t.Errorf("five of whom one stands there: %v", texts(s.states))
	}
	state.Nodes[0].Open, state.Links[0] = 0, control.LinkState{HeldLately: true}
	if s.SetLane(&state); !texts(s.states)["waited a moment ago"] {
		t.Errorf("one who has just gone: %v", texts(s.states))
	}
	state.Nodes[0].Open, state.Links[0].Held, state.Nodes[1].Health = 1, 1, control.Down
	if s.SetLane(&state); s.fills.lines[s.fills.usedLines-1].StrokeColor != s.colors.get(palette.ColorStage) {
		t.Error("the tether to a callee that is down is as that of a call at work")
	}
}

// The number of the calls of a service to itself does not hide their loop.
func TestLoopsAreSeen(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{Nodes: []topology.Node{{ID: "pool", Kind: topology.Service}}, Edges: []topology.Edge{{From: "pool", To: "pool"}}}), 900, 400)
	s.SetLane(&control.Lane{Nodes: make([]control.NodeState, 1), Links: []control.LinkState{{Held: 20}}})
	at, w, r := s.bundleAt(0, 20), bundleWidth(20), s.scene.Layout.Routes[0]
	for k := range 33 {
		if p := r.At(float64(k) / 32); math.Abs(p.X-at.X) < w/2+3 && math.Abs(p.Y-at.Y) < 8.5+3 {
			t.Errorf("at %.2f of the loop it is hidden by its number", float64(k)/32)
		}
	}
	if !texts(s.states)["20"] {
		t.Error("its number is not said")
	}
}

// A worker is in the state of its line: one that holds on is blocked, and one that did lately
// is faint, as its line is, beside those at work now.
func TestWorkersAreAsTheirLines(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{Nodes: []topology.Node{{ID: "shop", Kind: topology.Service}}}), 900, 400)
	blocked, busy := s.colors.get(palette.ColorBlocked), s.colors.get(palette.ColorBusy)
	for _, c := range []struct {
		st   control.NodeState
		want map[color.Color]int
	}{
		{control.NodeState{Busy: 2, Blocked: 1}, map[color.Color]int{busy: 1, blocked: 1}},
		{control.NodeState{Busy: 2, Blocked: 1, Worked: true, HeldOn: true}, map[color.Color]int{busy: 1, blocked: 1}},
		{control.NodeState{Busy: 1, HeldOn: true}, map[color.Color]int{busy: 1, faded(blocked, latelyPart): 1}},
		{control.NodeState{Worked: true, HeldOn: true}, map[color.Color]int{faded(blocked, latelyPart): 1}},
		{control.NodeState{Worked: true}, map[color.Color]int{faded(busy, latelyPart): 1}},
		{control.NodeState{Busy: 4, HeldOn: true}, map[color.Color]int{busy: 4}},
	} {
		for _, workers := range []int{4, 100} { // cells, and a bar
			c.st.Workers = workers
			s.SetLane(&control.Lane{Nodes: []control.NodeState{c.st}})
			got := map[color.Color]int{}
			for _, o := range s.states.box.Objects {
				if r, ok := o.(*canvas.Rectangle); ok {
					got[r.FillColor]++
				}
			}
			for _, fill := range []color.Color{busy, blocked, faded(busy, latelyPart), faded(blocked, latelyPart)} {
				if want := c.want[fill]; workers == 4 && got[fill] != want || workers > 4 && c.st.Busy < 4 && (got[fill] > 0) != (want > 0) {
					t.Errorf("%d busy, %d blocked: %d of %v; want %d", c.st.Busy, c.st.Blocked, got[fill], fill, want)
				}
			}
		}
	}
}

// What a service has in hand is said as it is: who is blocked is not at work, what only time
// brings has a clock, and who gave up does not wait.
func TestInHandIsSaid(t *testing.T) {
	for _, c := range []struct {
		st          control.NodeState
		says, never []string
		clock       bool
	}{
		{st: control.NodeState{Workers: -1, Busy: 5, Blocked: 5}, says: []string{"5 blocked"}, never: []string{"5 at work"}},
		{st: control.NodeState{Workers: -1, Busy: 7, Blocked: 5}, says: []string{"2 at work", "5 blocked"}},
		{st: control.NodeState{Workers: -1, Busy: 19, Blocked: 19, Locked: 19}, says: []string{"19 wait for a lock"}, never: []string{"19 at work", "19 blocked"}},
		{st: control.NodeState{Workers: 9, Busy: 3, Blocked: 2, Locked: 2}, says: []string{"2 wait for a lock"}},
		{st: control.NodeState{Workers: 9, Awaits: 40, Timed: 40}, says: []string{"40 on a timer"}, never: []string{"40 await"}, clock: true},
		{st: control.NodeState{Workers: 9, Awaits: 40, Timed: 30}, says: []string{"10 await", "30 on a timer"}},
		{st: control.NodeState{Workers: 9, Awaits: 4, Timed: 3, Health: control.Down}, says: []string{"4 kept"}},
		{st: control.NodeState{Workers: 9, Waiting: 131, GaveUp: 99, Room: -1}, says: []string{"32 waiting", "+99 gave up"}, never: []string{"131 waiting"}},
		{st: control.NodeState{Workers: 9, Waiting: 50, GaveUp: 32, Room: 50}, says: []string{"full: 18 waiting", "+32 gave up"}},
		{st: control.NodeState{Workers: 9, Busy: 7, Vain: 5, Room: -1}, says: []string{"5 for nobody"}},
		{st: control.NodeState{Workers: 9, Waiting: 9, GaveUp: 9, Room: -1}, says: []string{"+9 gave up"}, never: []string{"0 waiting"}},
	} {
		s := shown(t, arranged(t, topology.Graph{Nodes: []topology.Node{{ID: "shop", Kind: topology.Service}}}), 900, 400)
		s.SetLane(&control.Lane{Nodes: []control.NodeState{c.st}})
		said := texts(s.states)
		for _, want := range c.says {
			if !said[want] {
				t.Errorf("%+v: %q is not said, but %v", c.st, want, said)
			}
		}
		for _, never := range c.never {
			if said[never] {
				t.Errorf("%+v: %q is said", c.st, never)
			}
		}
		if clock := s.states.usedLines == 2; clock != c.clock {
			t.Errorf("%+v: clock %v", c.st, clock)
		}
		for _, o := range s.states.box.Objects {
			if x, ok := o.(*canvas.Text); ok && strings.HasPrefix(x.Text, "+") && x.TextStyle.Bold {
				t.Errorf("%q is bold", x.Text)
			}
		}
	}
}

// Who is between two attempts holds on, and is told apart; where anybody holds on it is not
// said that nobody waits.
func TestBetweenAttemptsIsSaid(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "all the customers of the shop in town", Kind: topology.Client}, {ID: "shop", Kind: topology.Service}},
		Edges: []topology.Edge{{From: "all the customers of the shop in town", To: "shop"}},
	}), 900, 400)
	for _, c := range []struct {
		open int
		link control.LinkState
		says []string
	}{
		{600, control.LinkState{Held: 600, Resting: 580}, []string{"600 open", "580 before another try"}},
		{14, control.LinkState{Held: 1}, []string{"1 open", "13 accepted"}},
		{13, control.LinkState{}, []string{"13 accepted, nobody waits"}},
	} {
		s.SetLane(&control.Lane{Nodes: []control.NodeState{{Open: c.open}, {}}, Links: []control.LinkState{c.link}})
		for _, want := range c.says {
			if !texts(s.states)[want] {
				t.Errorf("%+v: %q is not said, but %v", c.link, want, texts(s.states))
			}
		}
	}
}
