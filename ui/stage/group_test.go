package stage

import (
	"slices"
	"testing"

	"asynclab/sim/engine"
	"asynclab/sim/metric"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/palette"
)

// A group is told from its service, has a pipe for each partition, and a mark where nobody
// reads; it counts the members that live.
func TestGroupTellsWhoReads(t *testing.T) {
	s0 := scene(t, "consumer-group", "each")
	roomy := s0.Graph
	roomy.Nodes = slices.Clone(roomy.Nodes)
	for i := range roomy.Nodes {
		if roomy.Nodes[i].ID == "bus/orders/worker" {
			roomy.Nodes[i].Detail = []topology.Detail{line("members: 9, silent: 9 and some")}
		}
	}
	sc := arranged(t, roomy)
	sc.Graph = s0.Graph
	sc.Groups, sc.Lines = make([]bool, len(sc.Graph.Nodes)), make([]int, len(sc.Graph.Nodes))
	k := -1
	for i, n := range sc.Graph.Nodes {
		if n.ID == "bus/orders/worker" {
			k = i
		}
	}
	sc.Groups[k], sc.Lines[k] = true, 1
	s := shown(t, sc, 900, 400)
	if got := texts(s.names); !got["group worker"] || !got["worker"] {
		t.Errorf("the group and its service are called %v", got)
	}
	marked := func(h control.Health) int { return s.states.usedMarks[palette.Health(h)] }
	show := func(g engine.GroupNow, waiting int) map[string]bool {
		l := &control.Lane{Nodes: make([]control.NodeState, len(sc.Graph.Nodes)), Links: make([]control.LinkState, len(sc.Graph.Edges)),
			Signs: []control.Sign{{Node: int32(k), Edge: -1, Metric: metric.Group.Metric(metric.GroupMembers), Value: 2}}}
		l.Nodes[k] = control.NodeState{Room: -1, Waiting: waiting, Group: g}
		s.SetLane(l)
		return texts(s.states)
	}
	g := engine.GroupNow{Partitions: 4}
	if said := show(g, 0); !said["members: 2"] || marked(control.Down) != 0 || s.fills.usedRects != 4 {
		t.Errorf("all are read, and the picture says %v, with %d marks and %d pipes", said, marked(control.Down), s.fills.usedRects)
	}
	g.Silent, g.Unread = 1, 2
	for i := range 2 {
		g.Each[i] = engine.PartNow{Waiting: 67, Reader: engine.PartSilent}
	}
	if said := show(g, 134); !said["members: 1, silent: 1"] || !said["134 waiting"] || !said["nobody reads 2 of 4"] || marked(control.Down) != 2 {
		t.Errorf("one is silent, and the picture says %v, with %d marks", said, marked(control.Down))
	}
	g.Silent, g.Unread, g.Deals = 0, 0, true
	for i := range 4 {
		g.Each[i].Reader = engine.PartStill
	}
	if said := show(g, 134); !said["members: 2"] || !said["deals anew"] || marked(control.Stopped) != 4 {
		t.Errorf("the partitions are dealt anew, and the picture says %v, with %d marks", said, marked(control.Stopped))
	}
}
