package control

import (
	"math/bits"
	"slices"
	"testing"
	"time"

	"asynclab/sim/metric"
	"asynclab/sim/topology"
)

// pictured is a design of the library, and its picture at some times.
func pictured(t *testing.T, scenario string, design int) (Scene, func(time.Duration) *Lane) {
	s := open(t, scenario, Options{}, design)
	var f Frame
	return s.Scenes()[0], func(at time.Duration) *Lane {
		s.Advance(at, 0)
		s.Fill(&f)
		return &f.Lanes[0]
	}
}

func nodeOf(sc *Scene, id string) int {
	return slices.IndexFunc(sc.Graph.Nodes, func(n topology.Node) bool { return n.ID == id })
}

// The urgent stand before the others, and are as many as have been sent and are not served.
func TestUrgentStandFirst(t *testing.T) {
	sc, at := pictured(t, "priority", 1)
	desk, urgent, normal := nodeOf(&sc, "desk"), nodeOf(&sc, "urgent"), nodeOf(&sc, "normal")
	most := 0
	for now := time.Minute; now < 5*time.Minute; now += 200 * time.Millisecond {
		l := at(now)
		n := l.Nodes[desk]
		first := bits.OnesCount16(n.Line.Urgent)
		if n.Line.Urgent != 1<<first-1 {
			t.Fatalf("%v: the urgent stand at %b", now, n.Line.Urgent)
		}
		switch others := n.Waiting - first; {
		case others == 0 || first == 0: // all are of one kind: nobody goes before others
		case l.Nodes[urgent].Open-first < 0 || l.Nodes[urgent].Open-first > 1 || l.Nodes[urgent].Open-first+l.Nodes[normal].Open-others != 1:
			t.Errorf("%v: %d urgent and %d others wait; %d and %d are open", now, first, others, l.Nodes[urgent].Open, l.Nodes[normal].Open)
		}
		most = max(most, first)
	}
	if most < 3 {
		t.Errorf("at most %d urgent stand in line", most)
	}
	if _, at := pictured(t, "priority", 0); at(90*time.Second + 600*time.Millisecond).Nodes[desk].Line.Urgent != 0 {
		t.Error("first come, first served: nobody goes before others")
	}
}

// The registry believes in the instance that has gone for 15 s after its last sign of life.
func TestStaleRows(t *testing.T) {
	sc, at := pictured(t, "discovery", 1)
	registry := nodeOf(&sc, "registry")
	for _, c := range []struct {
		at   time.Duration
		want int
	}{{59 * time.Second, 0}, {61 * time.Second, 1}, {74900 * time.Millisecond, 1}, {75100 * time.Millisecond, 0}, {121 * time.Second, 0}} {
		l := at(c.at)
		for i, n := range l.Nodes {
			if want := c.want * b2i(i == registry); n.Stale != want {
				t.Errorf("at %v %d rows of %s are stale; want %d", c.at, n.Stale, sc.Graph.Nodes[i].ID, want)
			}
		}
	}
	sc, at = pictured(t, "sessions", 0) // its own users are no register
	if n := at(65 * time.Second).Nodes[nodeOf(&sc, "web")].Stale; n != 0 {
		t.Errorf("%d sessions are stale", n)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// What is sent again is told from what is sent for the first time: 10 of 18 a second are
// further questions, and all that four consumers get are the four messages that nobody can
// handle, 20 ms there and 20 ms back: 100 a second. What a jump has passed over is no rate.
func TestWhatIsSentAgain(t *testing.T) {
	for _, c := range []struct {
		scenario string
		design   int
		from     time.Duration
		edge     [2]string
		share    [2]float64
		metric   string
		rate     [2]float64
	}{
		{"polling", 1, 30 * time.Second, [2]string{"shop", "provider"}, [2]float64{0.375, 0.625}, "retries", [2]float64{8, 12}},
		{"poison", 0, 20 * time.Second, [2]string{"bus/orders", "shop"}, [2]float64{1, 1}, "redelivered", [2]float64{95, 105}},
	} {
		s := open(t, c.scenario, Options{}, c.design)
		var f Frame
		s.Advance(c.from, 0)
		s.Fill(&f)
		s.SetPace(time.Second, time.Second/4)
		for k := range 300 {
			s.Advance(c.from+time.Duration(k)*time.Second/60, 0)
			s.Fill(&f)
			for _, x := range f.Lanes[0].Signs {
				if x.Metric.Name == c.metric && x.Value > 2*c.rate[1] {
					t.Fatalf("%s: after %d frames it says %g/s", c.scenario, k, x.Value)
				}
			}
		}
		for i, e := range s.Scenes()[0].Graph.Edges {
			if l := f.Lanes[0].Links[i]; e.From == c.edge[0] && e.To == c.edge[1] && (l.Again < c.share[0] || l.Again > c.share[1]) {
				t.Errorf("%s: a share of %g is sent again", c.scenario, l.Again)
			} else if e.From == "customers" && l.Again != 0 {
				t.Errorf("%s: customers come once, and a share of %g comes again", c.scenario, l.Again)
			}
		}
		i := slices.IndexFunc(f.Lanes[0].Signs, func(x Sign) bool { return x.Metric.Name == c.metric })
		if i < 0 || f.Lanes[0].Signs[i].Value < c.rate[0] || f.Lanes[0].Signs[i].Value > c.rate[1] {
			t.Errorf("%s: its signs are %v", c.scenario, f.Lanes[0].Signs)
		}
	}
}

// A redelivered message and a request that is sent again are told in the line.
func TestAgainInLine(t *testing.T) {
	sc, at := pictured(t, "thundering-herd", 1)
	api := nodeOf(&sc, "api")
	first, again := 0, 0 // in line
	for now := time.Duration(0); now < 32*time.Second; now += 20 * time.Millisecond {
		switch n := at(now).Nodes[api]; {
		case n.Waiting == 0:
		case n.Line.Again == 0:
			first = max(first, n.Waiting)
		case n.Line.Again == 1<<n.Waiting-1 && now > 30*time.Second:
			again = max(again, n.Waiting)
		default:
			t.Errorf("at %v %d wait, and %b come again", now, n.Waiting, n.Line.Again)
		}
	}
	if first != 10 || again != 10 {
		t.Errorf("%d and %d stand in a line of 10", first, again)
	}
}

// A level that comes and goes stays for as long as a spark, while the run plays.
func TestShortLevelsAreSeen(t *testing.T) {
	s := sign{since: -1}
	for i, c := range []struct{ now, level, want int64 }{
		{0, 0, 0}, {10, 3, 3}, {20, 0, 3}, {109, 0, 3}, {110, 0, 0}, {200, 1, 1}, {150, 0, 0}, {210, 0, 1},
	} {
		if got := s.kept(c.level, c.now, 100); got != c.want {
			t.Errorf("%d: at %d a level of %d is shown as %d; want %d", i, c.now, c.level, got, c.want)
		}
	}
}

// A group that reads again says how far it has to go: 1,200 messages at 1000/7 a second,
// while 10 a second come.
func TestReadsAgain(t *testing.T) {
	_, at := pictured(t, "replay", 1)
	for _, c := range []struct {
		at       time.Duration
		from, to float64
	}{{179 * time.Second, 0, 0}, {180 * time.Second, 1195, 1200}, {184 * time.Second, 1200 - 4*1000/7. - 10, 1200 - 4*1000/7. + 10}, {190 * time.Second, 0, 0}} {
		got := 0.0
		for _, x := range at(c.at).Signs {
			if x.Metric == metric.Group.Metric(metric.GroupAgain) {
				got = x.Value
			}
		}
		if got < c.from || got > c.to {
			t.Errorf("at %v it has %g to go; want %g to %g", c.at, got, c.from, c.to)
		}
	}
}

// Who has given up stands where it has stood: in front where the first is the next, and
// behind where the newest is.
func TestGoneInLine(t *testing.T) {
	for design, want := range []uint16{1<<12 - 1, 0} {
		sc, at := pictured(t, "overload-order", design)
		n := at(40 * time.Second).Nodes[nodeOf(&sc, "api")]
		if n.GaveUp == 0 || n.GaveUp == n.Waiting || n.Line.Gone != want {
			t.Errorf("design %d: of %d who wait %d have given up, in front %b; want %b", design, n.Waiting, n.GaveUp, n.Line.Gone, want)
		}
	}
}

// A queue that is set like a known system's says which.
func TestPresetsAreNamed(t *testing.T) {
	for design, want := range []string{"rabbitmq-4.2/quorum", "sqs/standard"} {
		sc, _ := pictured(t, "known-systems", design)
		d := sc.Graph.Nodes[nodeOf(&sc, "orders/placed")].Detail
		if len(d) == 0 || d[0].Say(nil) != want {
			t.Errorf("design %d: %v; want %s", design, d, want)
		}
	}
}
