package control

import (
	"testing"
	"time"

	"asynclab/scenarios"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// lost counts messages that have no edge in the picture.
type lost struct {
	t     *testing.T
	ways  *ways
	graph *topology.Graph
	seen  map[record.Mark]int
	name  string
}

func (l *lost) Observe(r engine.Record) {
	if r.Kind != engine.MsgSent && r.Kind != engine.MsgDuplicated {
		return
	}
	w := l.ways.find(&r)
	if w == noWay {
		l.t.Fatalf("%s: no edge for %+v", l.name, r)
	}
	l.seen[r.Class().Mark()]++
	e := l.graph.Edges[w.edge()]
	if answer := r.Message == engine.ReplyMessage || r.Message == engine.AckMessage || r.Message == engine.NackMessage || r.Message == engine.PullMessage; answer != w.back() {
		l.t.Fatalf("%s: %+v goes the wrong way on %v", l.name, r, e)
	}
	if deliver := r.Message == engine.DeliverMessage || r.Message == engine.FetchedMessage || r.Message == engine.AckMessage || r.Message == engine.NackMessage || r.Message == engine.PullMessage; deliver != (e.Kind == topology.Deliver) {
		l.t.Fatalf("%s: %+v is on %v", l.name, r, e)
	}
}

// Every message of every library scenario has its place in the picture.
func TestEveryMessageHasAnEdge(t *testing.T) {
	seen := map[record.Mark]int{}
	for _, e := range scenarios.Library() {
		sc := load(t, e.Name)
		for d := range sc.Designs {
			s := open(t, e.Name, Options{}, d)
			l := s.lanes[0]
			l.run.SetObserver(&lost{t, l.watch.ways, &l.scene.Graph, seen, e.Name})
			l.run.Advance(s.length, 100_000)
		}
	}
	for _, k := range []record.Mark{record.MarkRequest, record.MarkReply, record.MarkErrorReply, record.MarkEvent, record.MarkAck, record.MarkRetry} {
		if seen[k] == 0 {
			t.Errorf("no dot with mark %d in the whole library: %v", k, seen)
		}
	}
}

// A frame tells the truth about what is on its way.
func TestFrame(t *testing.T) {
	s := open(t, "order-flow", Options{}, 1)
	var f Frame
	shown := map[uint64]float32{}
	for i := range 200 {
		s.Advance(time.Second+time.Duration(i)*time.Millisecond/4, 0)
		s.Fill(&f)
		l := &f.Lanes[0]
		if l.Moving != len(l.Dots) || len(l.Nodes) != len(s.Scenes()[0].Graph.Nodes) || len(l.Links) != len(s.Scenes()[0].Graph.Edges) {
			t.Fatalf("%d of %d dots, %d nodes, %d links", len(l.Dots), l.Moving, len(l.Nodes), len(l.Links))
		}
		here := map[uint64]float32{}
		for _, d := range l.Dots {
			back := d.Mark.Answer()
			if was, ok := shown[d.Msg]; ok && (d.T > was) == back {
				t.Fatalf("dot %+v was at %g", d, was)
			}
			here[d.Msg] = d.T
		}
		shown = here
	}
	s.Advance(30*time.Second, 0)
	s.Fill(&f)
	s.Advance(60*time.Second, 0)
	s.Fill(&f)
	for i, e := range s.Scenes()[0].Graph.Edges {
		if e.From == "shoppers" && (f.Lanes[0].Links[i].Rate < 80 || f.Lanes[0].Links[i].Rate > 120) {
			t.Errorf("%v carries %g messages a second, not 50 there and 50 back", e, f.Lanes[0].Links[i].Rate)
		}
	}
	s.Advance(4*time.Minute+10*time.Second, 0)
	s.Fill(&f)
	for i, n := range s.Scenes()[0].Graph.Nodes {
		got := f.Lanes[0].Nodes[i]
		switch n.ID {
		case "pay":
			if got.Health != Down {
				t.Errorf("pay has crashed, and is %v", got)
			}
		case "bus/placed/pay":
			if got.Waiting < 300 || got.Waiting > 700 {
				t.Errorf("ten seconds of orders wait, not %d", got.Waiting)
			}
		}
	}
}

// Thinning keeps whom it shows, and says how many there are.
func TestThinned(t *testing.T) {
	s := open(t, "order-flow", Options{Dots: 20}, 1)
	if err := s.Set(0, "link.default.latency", "2s"); err != nil {
		t.Fatal(err)
	}
	var f Frame
	s.Advance(20*time.Second, 0)
	s.Fill(&f)
	kept, gone := map[uint64]bool{}, 0
	for i := range 300 {
		s.Advance(20*time.Second+time.Duration(i)*10*time.Millisecond, 0)
		s.Fill(&f)
		l := &f.Lanes[0]
		if l.Moving < 80 || len(l.Dots) > 20 || len(l.Dots) == 0 {
			t.Fatalf("%d of %d", len(l.Dots), l.Moving)
		}
		now := map[uint64]bool{}
		for _, d := range l.Dots {
			now[d.Msg] = true
			if d.T > 0.05 && d.T < 0.95 && !kept[d.Msg] && i > 0 {
				gone++
			}
		}
		kept = now
	}
	if gone > 60 {
		t.Errorf("%d dots came out of nowhere in 300 frames", gone)
	}
	s.Follow(s.lanes[0].watch.moving[0].op)
	s.Fill(&f)
	for _, d := range f.Lanes[0].Dots {
		if d.Op == s.follow {
			return
		}
	}
	t.Error("the operation that is followed is not shown")
}

// Nothing is allocated for a frame, nor by the observer in steady state.
func TestFrameAllocatesNothing(t *testing.T) {
	s := open(t, "order-flow", Options{Spacing: 1 << 40})
	var f Frame
	s.Advance(20*time.Second, 0)
	now := s.Now()
	if n := testing.AllocsPerRun(100, func() { s.Fill(&f) }); n > 0 {
		t.Errorf("a frame allocates %v times", n)
	}
	n := testing.AllocsPerRun(100, func() { now += 20 * time.Millisecond; s.Advance(now, 0); s.Fill(&f) })
	if n > 5 { // now and then a series or a slab of the engine grows
		t.Errorf("going on allocates %v times", n)
	}
}

// What is kept does not grow with the length of the run.
func TestMemoryIsFlat(t *testing.T) {
	s := open(t, "order-queue", Options{Length: time.Hour, Memory: 8 << 20, Spacing: 1_000})
	size := func() int {
		n := 0
		for _, l := range s.lanes {
			o := l.watch
			n += cap(o.moving) + len(o.open.cells) + len(o.faults) + len(o.ways.known)
		}
		return n
	}
	s.Advance(2*time.Minute, 0)
	early := size()
	s.Advance(time.Hour, 0)
	if late := size(); late > 2*early {
		t.Errorf("%d at 2 minutes, %d at an hour", early, late)
	}
	if n, bytes := s.Checkpoints(); bytes > 8<<20 || n < 3 {
		t.Errorf("%d checkpoints of %d bytes", n, bytes)
	}
}
