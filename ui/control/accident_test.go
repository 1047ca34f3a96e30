package control

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/design"
	"asynclab/sim/topology"
)

// told are the nodes of a picture that the story of a scenario is about: those that
// its expectations measure and that its faults strike.
func told(sc *scenarios.Scenario, l *lane) map[int]bool {
	about := map[int]bool{}
	note := func(id string) {
		if i := l.node(id); i >= 0 {
			about[i] = true
		}
	}
	for _, e := range sc.Expect {
		for _, r := range e.Parsed.Metrics() {
			name, _, _ := strings.Cut(strings.TrimPrefix(r.Metric[strings.Index(r.Metric, ".")+1:], "."), ".")
			from, to, _ := strings.Cut(name, "->") // of a link, a consumer
			note(from)
			note(to)
		}
	}
	for i := range l.given.Faults {
		for _, m := range l.given.Faults[i].Members() {
			note(m.Node)
		}
	}
	return about
}

// seen reports whether a picture shows something at one of these nodes: a message on
// its way from or to it, a caller that holds, work, a line.
func seen(f *Lane, g *topology.Graph, about map[int]bool, l *lane) bool {
	near := func(e int32) bool { return about[l.node(g.Edges[e].From)] || about[l.node(g.Edges[e].To)] }
	for _, d := range f.Dots {
		if near(d.Edge) {
			return true
		}
	}
	for i, s := range f.Links {
		if (s.Flow && s.Sent > 0 || s.Held > 0) && near(int32(i)) {
			return true
		}
	}
	for i, n := range f.Nodes {
		if about[i] && n.Busy+n.Waiting+n.Unacked > 0 {
			return true
		}
	}
	return false
}

// staged is a scenario that plays, and which of its designs have shown something.
type staged struct {
	*desk
	s    *Session
	seen []bool
	now  time.Duration
}

func play(t *testing.T, name string, designs []int) *staged {
	p := &staged{desk: newDesk(t, name, Options{})}
	p.Open(load(t, name), designs, Options{})
	p.do(func(open *Session) {
		p.s, p.seen = open, make([]bool, len(open.lanes))
		p.OnBoard = nil // most of the work of a test that shows nothing
		about := make([]map[int]bool, len(open.lanes))
		for i, l := range open.lanes {
			about[i] = told(open.sc, l)
		}
		p.OnFrame = func(f *Frame) {
			p.now = f.Now
			for i := range f.Lanes {
				p.seen[i] = p.seen[i] || seen(&f.Lanes[i], &open.lanes[i].scene.Graph, about[i], open.lanes[i])
			}
		}
	})
	p.Play()
	p.Sync()
	return p
}

func (p *staged) goOn(span, step time.Duration) {
	for ; span > 0; span -= step {
		p.clock.Move(step)
		p.Sync()
	}
}

// Within 2 s of Play every library scenario shows something of its story, also where one
// of its designs is shown alone; and within 15 s its accident, if it has one, has come.
func TestStoryAndAccident(t *testing.T) {
	accidents := 0
	for _, e := range scenarios.Library() {
		p := play(t, e.Name, nil)
		p.goOn(2*time.Second, 50*time.Millisecond)
		if !slices.Contains(p.seen, true) {
			t.Errorf("%s: 2 s after Play it is %v, and nothing of its story is on the screen", e.Name, p.now)
		}
		for i, seen := range p.seen {
			if seen {
				continue
			}
			alone := play(t, e.Name, []int{i})
			alone.goOn(2*time.Second, 50*time.Millisecond)
			if !alone.seen[0] {
				t.Errorf("%s: 2 s after Play it is %v, and nothing of %s is on the screen", e.Name, alone.now, p.s.lanes[i].scene.Design)
			}
		}
		if !accident(p.s) {
			continue
		}
		accidents++
		p.goOn(13*time.Second, 100*time.Millisecond)
		if marks := p.s.marks(); !slices.ContainsFunc(marks, func(m Mark) bool { return m.From > 0 && !m.Planned }) {
			t.Errorf("%s: 15 s after Play it is %v, before the accident: %v", e.Name, p.now, marks)
		} else if len(p.s.leaps) > 0 {
			t.Logf("%s: %v", e.Name, p.s.leaps)
		}
	}
	if accidents < 40 {
		t.Errorf("only %d scenarios of the library have an accident", accidents)
	}
}

// accident reports whether a run has a fault after its beginning, or a surge.
func accident(s *Session) bool {
	return slices.ContainsFunc(s.marks(), func(m Mark) bool { return m.From > 0 }) || slices.ContainsFunc(s.lanes, func(l *lane) bool {
		return slices.ContainsFunc(l.given.Faults, func(f design.Fault) bool { return f.HasEvery || f.When != "" })
	})
}

// slowClock is the clock of a machine that does little between two looks at it.
type slowClock struct {
	ManualClock
	look time.Duration
}

func (c *slowClock) Now() time.Time {
	c.Move(c.look)
	return c.ManualClock.Now()
}

// An accident that a slow machine would not reach in time, and one whose time nobody
// knows before, are jumped to, and the board says which stretch was not shown.
func TestLeap(t *testing.T) {
	const text = `version: 1
name: far
run: {duration: 14h}
load: {u: {to: s/x, arrivals: constant(%s)}}
services: {s: {on: {x: [work: 1ms]}}}
faults: [%s]
`
	for _, c := range []struct {
		name, rate, fault string
		look              time.Duration
		from, to          time.Duration // of the end of the leap
	}{
		{"far", "20/s", "{at: 13h, for: 1h, slow: s, factor: 2}", 10 * time.Millisecond, 12 * time.Hour, 13 * time.Hour},
		{"unknown", "1/s", "{every: 5h, for: 1h, slow: s, factor: 2}", time.Microsecond, 4 * time.Hour, 5 * time.Hour},
	} {
		clock := &slowClock{look: c.look}
		d := NewController(clock)
		var board *Board
		d.OnBoard = func(b *Board) { board = b }
		d.OnError = func(err error) { t.Error(err) }
		d.Open(parsed(t, fmt.Sprintf(text, c.rate, c.fault)), nil, Options{})
		d.Play()
		for range 2_000 {
			clock.Move(10 * time.Millisecond)
			done := make(chan struct{})
			d.do(func(*Session) { close(done) })
			<-done
		}
		d.Pause()
		d.Sync()
		clock.Move(time.Second)
		d.Sync()
		if len(board.Leaps) != 1 || board.Leaps[0].To < c.from || board.Leaps[0].To > c.to || board.Now < board.Leaps[0].To {
			t.Errorf("%s: at %v it has leapt %v", c.name, board.Now, board.Leaps)
		}
		d.Quit()
	}
}
