package stage

import (
	"testing"

	"fyne.io/fyne/v2/canvas"

	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
)

func line(text string) topology.Detail { return topology.Detail{Word: record.Word{English: text}} }

// signsScene is a client, a service with room for two signs, and a link between them.
func signsScene(t *testing.T) *control.Scene {
	sc := arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "users", Kind: topology.Client, Detail: []topology.Detail{{}, {}}}, {ID: "shop", Kind: topology.Service, Detail: []topology.Detail{line("9,999 wait for a lock"), {}, {}}}},
		Edges: []topology.Edge{{From: "users", To: "shop", Label: "buy"}},
	})
	sc.Graph.Nodes[1].Detail = nil
	sc.Lines = []int{0, 2}
	return sc
}

func TestSignsAreWritten(t *testing.T) {
	s := shown(t, signsScene(t), 900, 400)
	rows, waiting, fail, retries := metric.Store.Metric(metric.StoreRows), metric.Store.Metric(metric.StoreWaiting), metric.Load.Metric(metric.LoadFailed), metric.Edge.Metric(metric.EdgeRetries)
	for i := range metric.Edge.Metrics {
		if m := &metric.Edge.Metrics[i]; m.Name == "retries" {
			retries = m
		}
	}
	s.SetLane(&control.Lane{
		Nodes: []control.NodeState{{Open: 3}, {Workers: 4, Busy: 1}},
		Links: []control.LinkState{{}},
		Signs: []control.Sign{
			{Node: 1, Edge: -1, Metric: rows, Value: 12_345}, {Node: 1, Edge: -1, Metric: waiting, Value: 7},
			{Node: 0, Edge: -1, Metric: fail, Value: 2.5}, {Node: -1, Edge: 0, Metric: retries, Value: 40},
			{Node: 1, Edge: -1, Metric: rows, Value: 99}, // a third line has no room
		},
	})
	said := texts(s.states)
	for _, want := range []string{"12,345 stored", "7 wait for a lock", "2.5/s fail", "40/s again"} {
		if !said[want] {
			t.Errorf("%q is not said, but %v", want, said)
		}
	}
	for p, want := range map[float64]string{1: "100%", 0.02: "2%", 0.005: "0.5%"} {
		if got := percent(p); got != want {
			t.Errorf("a loss of %v is %s, not %s", p, got, want)
		}
	}
	if got := signText(control.Sign{Metric: fail, Value: 1.5e-5}); got != "<0.01/s fail" {
		t.Errorf("a seldom failure is %q", got)
	}
	if said["99 stored"] {
		t.Error("a third sign covers the workers of its node")
	}
	b := s.scene.Layout.Boxes[1]
	for _, o := range s.states.box.Objects {
		if x, ok := o.(*canvas.Text); ok && (x.Text == "12,345 stored" || x.Text == "7 wait for a lock") {
			top, bottom := s.view.place(topology.Point{Y: b.Y}).Y, s.view.place(topology.Point{Y: b.Y + b.H - 12}).Y
			if y := x.Position().Y; y < top || y+x.Size().Height > bottom+2 {
				t.Errorf("%s is from %v to %v, the node from %v to %v", x.Text, y, y+x.Size().Height, top, bottom)
			}
		}
	}
}

// What is written at a link stands beside its line, and on no node.
func TestLabelsDoNotCoverTheirLinks(t *testing.T) {
	beside := 0
	for _, design := range []string{"chain", "broker"} {
		s := shown(t, scene(t, "order-flow", design), 1000, 500)
		for i, e := range s.scene.Graph.Edges {
			if e.Label == "" {
				continue
			}
			r, at := s.scene.Layout.Routes[i], s.spots[i].label
			half, high := s.labelWidth(e.Label)/2, s.lineHeight()/2-2
			if s.covers(at, half, high) {
				t.Errorf("%s: the label %q of %s → %s covers a node", design, e.Label, e.From, e.To)
			}
			if at == r.LabelAt { // there is no room beside it
				continue
			}
			beside++
			for k := range 101 {
				p := r.At(float64(k) / 100)
				if p.X > at.X-half && p.X < at.X+half && p.Y > at.Y-high && p.Y < at.Y+high {
					t.Errorf("%s: the label %q of %s → %s covers its line at %v", design, e.Label, e.From, e.To, p)
					break
				}
			}
		}
	}
	if beside < 4 {
		t.Errorf("only %d labels stand beside their links", beside)
	}
}

// A link that is cut in one direction says in which.
func TestCutSaysItsDirection(t *testing.T) {
	s := shown(t, signsScene(t), 900, 400)
	for cut, want := range map[control.Cuts]string{
		control.CutThere: "nothing gets there", control.CutBack: "nothing comes back", control.CutThere | control.CutBack: "cut", control.Whole: "",
	} {
		s.SetLane(&control.Lane{Nodes: make([]control.NodeState, 2), Links: []control.LinkState{{Cut: cut}}})
		said := texts(s.states)
		if want != "" && !said[want] || want == "" && len(said) > 0 {
			t.Errorf("a link cut in the directions %b says %v; want %q", cut, said, want)
		}
	}
}

// Signs on the upper edge of a node stay within its width, in rows, and on the picture.
func TestSignsStayAtTheirNode(t *testing.T) {
	s := shown(t, signsScene(t), 900, 400)
	var wide []control.Sign
	for _, k := range []any{metric.ServiceOutOfOrder, metric.ServiceInversions, metric.ServiceLost} {
		wide = append(wide, control.Sign{Node: 1, Edge: -1, Metric: metric.Service.Metric(k), Value: 1234})
	}
	s.SetLane(&control.Lane{Nodes: []control.NodeState{{}, {Workers: 4}}, Links: []control.LinkState{{}}, Signs: wide})
	b := s.scene.Layout.Boxes[1]
	right, rows := s.view.place(topology.Point{X: b.X + b.W}).X, map[float32]bool{}
	for _, o := range s.states.box.Objects {
		if x, ok := o.(*canvas.Rectangle); ok && x.Size().Height == signHigh*float32(s.view.zoom) {
			rows[x.Position().Y] = true
			if sparks := s.view.place(topology.Point{X: b.X + 24, Y: b.Y - 5}); x.Position().X < sparks.X-0.5 && x.Position().Y+x.Size().Height > sparks.Y {
				t.Errorf("a sign at %v covers the sparks of its node", x.Position())
			}
			if end := x.Position().X + x.Size().Width; end > right+0.5 {
				t.Errorf("a sign ends at %v, its node at %v", end, right)
			}
		}
	}
	if len(rows) < 2 {
		t.Errorf("three wide signs are in %d rows", len(rows))
	}
}

// Where a node has no room for lines, a level that is seldom there stands on its upper edge,
// and one that is always there is left out.
func TestLevelsBesideSmallNodes(t *testing.T) {
	sc := signsScene(t)
	s := shown(t, sc, 260, 120)
	if s.hasDetails() {
		t.Fatal("the picture has room for details")
	}
	s.SetLane(&control.Lane{Nodes: make([]control.NodeState, 2), Links: make([]control.LinkState, 1), Signs: []control.Sign{
		{Node: 1, Edge: -1, Metric: metric.Store.Metric(metric.StoreRows), Value: 12}, {Node: 1, Edge: -1, Metric: metric.Store.Metric(metric.StoreParking), Value: 7}}})
	said := texts(s.states)
	if !said["7 parked"] || said["12 stored"] {
		t.Errorf("it says %v at a zoom of %g", said, s.view.zoom)
	}
	b := sc.Layout.Boxes[1]
	for _, o := range s.states.box.Objects {
		if x, ok := o.(*canvas.Text); ok && x.Text == "7 parked" && x.Position().Y+x.Size().Height/2 > s.view.place(topology.Point{Y: b.Y}).Y {
			t.Error("it does not stand on the upper edge of its node")
		}
	}
}
