package stage

import (
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2/canvas"

	"asynclab/sim/engine"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// Of several instances each has its own workers and its own line: the one that is slow is
// seen, and that the others are free while its line grows.
func TestInstancesApart(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "users", Kind: topology.Client}, {ID: "api", Kind: topology.Service, Detail: []topology.Detail{line("4 × 1 worker")}}},
		Edges: []topology.Edge{{From: "users", To: "api"}},
	}), 900, 400)
	st := control.NodeState{Health: control.Slow, Ills: 1 << control.Slow, Workers: 4, Busy: 2, Waiting: 21, Room: -1, Apart: 4}
	st.Each[1] = control.InstanceState{Busy: 1, Waiting: 1}
	st.Each[3] = control.InstanceState{Busy: 1, Waiting: 20, Health: control.Slow}
	s.SetLane(&control.Lane{Nodes: []control.NodeState{{}, st}, Links: []control.LinkState{{}}})

	b := s.scene.Layout.Boxes[1]
	at := func(x float32) int { // the instance over which something is
		i := 0
		for i < 3 && (float64(x)-s.view.x)/s.view.zoom >= part(b, i+1, 4).X {
			i++
		}
		return i
	}
	cells, people := map[int]int{}, map[int]int{}
	for _, o := range s.states.box.Objects {
		switch o := o.(type) {
		case *canvas.Rectangle:
			if o.FillColor == s.colors.get(palette.ColorBusy) {
				cells[at(o.Position().X)]++
			}
		case *canvas.Circle:
			if o.FillColor == s.colors.get(palette.ColorWaiting) {
				people[at(o.Position1.X)]++
			}
		}
	}
	if len(cells) != 2 || cells[1] != 1 || cells[3] != 1 {
		t.Errorf("busy are %v; want one of the second and one of the fourth instance", cells)
	}
	if len(people) != 2 || people[1] != 1 || people[3] != fewer {
		t.Errorf("before the instances wait %v; want 1 before the second and %d before the fourth", people, fewer)
	}
	if !texts(s.states)["21 waiting"] {
		t.Errorf("how many wait altogether is not said: %v", texts(s.states))
	}
	if said := texts(s.states); !said["20"] || said["1"] {
		t.Errorf("20 wait before the fourth, which is not said: %v", said)
	}
	if d := (drawer{s: s}); d.apart(b, control.NodeState{Apart: 1}) || d.apart(topology.Box{W: 50}, st) {
		t.Error("one instance, or too many for the width, are drawn one by one")
	}
}

// The lines of neighbours do not run together, and a long one is not like a short one: the
// gap between two lines is wider than that between two who stand in one.
func TestLinesOfNeighboursApart(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "users", Kind: topology.Client}, {ID: "api", Kind: topology.Service, Detail: []topology.Detail{line("4 × 1 worker")}}},
		Edges: []topology.Edge{{From: "users", To: "api"}},
	}), 900, 400)
	st := control.NodeState{Workers: 4, Busy: 4, Waiting: 26, Room: -1, Apart: 4}
	for i, n := range []int32{3, 4, 18, 1} {
		st.Each[i] = control.InstanceState{Busy: 1, Waiting: n}
	}
	s.SetLane(&control.Lane{Nodes: []control.NodeState{{}, st}, Links: []control.LinkState{{}}})
	rows := map[float32][]float32{} // the left ends of those who stand at one height
	size := float32(0)
	for _, o := range s.states.box.Objects {
		if c, ok := o.(*canvas.Circle); ok && c.FillColor == s.colors.get(palette.ColorWaiting) {
			y := c.Position1.Y
			rows[y] = append(rows[y], c.Position1.X)
			size = c.Position2.X - c.Position1.X
		}
	}
	if len(rows) != 2 {
		t.Fatalf("they stand in rows %v", rows)
	}
	for y, xs := range rows {
		slices.Sort(xs)
		inside, between := float32(0), float32(1e9)
		b := s.scene.Layout.Boxes[1]
		of := func(x float32) int {
			return int((float64(x+size/2) - s.view.x - (b.X+5)*s.view.zoom) / ((b.W - 10) / 4 * s.view.zoom))
		}
		for i := 1; i < len(xs); i++ {
			if gap := xs[i] - xs[i-1] - size; of(xs[i]) == of(xs[i-1]) {
				inside = max(inside, gap)
			} else {
				between = min(between, gap)
			}
		}
		if between < 4*inside || between < 5 {
			t.Errorf("at %v the gap in a line is %v, that between lines %v", y, inside, between)
		}
	}
	if said := texts(s.states); !said["18"] || said["4"] || said["3"] {
		t.Errorf("of the lines is said %v; want 18 alone", said)
	}
	// The only line has the number of all, below it.
	st.Waiting, st.Each = 18, [engine.MostApart]control.InstanceState{2: {Busy: 1, Waiting: 18}}
	s.SetLane(&control.Lane{Nodes: []control.NodeState{{}, st}, Links: []control.LinkState{{}}})
	if said := texts(s.states); said["18"] || !said["18 waiting"] {
		t.Errorf("of the only line is said %v", said)
	}
	p := part(s.scene.Layout.Boxes[1], 2, 4)
	for _, o := range s.states.box.Objects {
		if x, ok := o.(*canvas.Text); ok && x.Text == "18 waiting" {
			left, right := ends(x)
			if middle := (float64(left+right)/2 - s.view.x) / s.view.zoom; math.Abs(middle-p.X-p.W/2) > 2 {
				t.Errorf("its number is at %.0f, the line at %.0f", middle, p.X+p.W/2)
			}
		}
	}
}

// A broker of several nodes shows who leads, who follows, and who is not there.
func TestNodesOfABroker(t *testing.T) {
	s := shown(t, arranged(t, topology.Graph{
		Nodes: []topology.Node{{ID: "bus", Kind: topology.Broker}, {ID: "bus/jobs", Kind: topology.Queue, Parent: "bus"}},
	}), 900, 400)
	for _, c := range []struct {
		nodes              control.NodesState
		up, behind, leader int
		says               string
	}{
		{control.NodesState{All: 3, Up: 3, InStep: 3, Leads: true}, 3, 0, 1, "leader"},
		{control.NodesState{All: 3, Up: 2, InStep: 1, Leads: true}, 1, 1, 1, "leader"},
		{control.NodesState{All: 3, Up: 2, InStep: 2}, 2, 0, 0, "no leader"},
	} {
		s.SetLane(&control.Lane{Nodes: []control.NodeState{{Nodes: c.nodes}, {}}})
		up, behind, leader := 0, 0, 0
		for _, o := range s.states.box.Objects {
			switch o := o.(type) {
			case *canvas.Circle:
				switch {
				case o.StrokeColor == s.colors.get(palette.ColorSlow):
					behind++
				case o.FillColor == s.colors.get(palette.ColorUp) && o.Size().Width > 8*float32(s.view.zoom): // not the mark of its health
					up++
				}
			case *canvas.Rectangle:
				if o.StrokeColor == s.colors.get(palette.ColorLabel) {
					leader++
				}
			}
		}
		if up != c.up || behind != c.behind || leader != c.leader || !texts(s.states)[c.says] {
			t.Errorf("%+v: %d in step, %d behind, %d lead, says %v", c.nodes, up, behind, leader, texts(s.states))
		}
	}
}

// The texts of links that cross do not lie on each other: what has no place is left out.
func TestLabelsApart(t *testing.T) {
	var g topology.Graph
	for _, n := range []string{"shop", "desk", "bank", "stock"} {
		g.Nodes = append(g.Nodes, topology.Node{ID: n, Kind: topology.Service})
	}
	for _, from := range []string{"shop", "desk"} {
		for _, to := range []string{"bank", "stock"} {
			g.Edges = append(g.Edges, topology.Edge{From: from, To: to, Label: "prepare, abort"})
		}
	}
	s := shown(t, arranged(t, g), 900, 400)
	high, written := s.lineHeight(), 0
	for i, a := range s.spots {
		if a.bare {
			continue
		}
		written++
		for k, b := range s.spots[:i] {
			wide := s.labelWidth(g.Edges[i].Label)/2 + s.labelWidth(g.Edges[k].Label)/2
			if dx, dy := a.label.X-b.label.X, a.label.Y-b.label.Y; !b.bare && max(dx, -dx) < wide && max(dy, -dy) < high {
				t.Errorf("the labels of links %d and %d are at %v and %v", i, k, a.label, b.label)
			}
		}
	}
	if written < 2 {
		t.Errorf("only %d labels are written", written)
	}
}

// An envelope of a line does not run into the next one, and along a link it lies on it.
func TestEnvelopesAreTold(t *testing.T) {
	if wide := float64((palette.Mark{Shape: palette.Envelope}).Size(envelopeSize * wideStep).Width); wide > wideStep-1.5 {
		t.Errorf("an envelope is %.1f wide, and the next one begins %.1f further", wide, wideStep)
	}
	r := shown(t, scene(t, "order-queue", ""), 900, 400).scene.Layout.Routes[0]
	d := control.Dot{T: 0.5}
	if on, at := where(r, topology.Edge{Kind: topology.Publish}, d, 1), r.At(0.5); on != at {
		t.Errorf("a message is at %v, its link at %v", on, at)
	}
	if beside, at := where(r, topology.Edge{Kind: topology.Call}, d, 1), r.At(0.5); beside == at {
		t.Error("a request is on its link, where its answer comes")
	}
}
