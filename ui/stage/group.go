package stage

import (
	"asynclab/sim/engine"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// A group is a pipe of pipes: one for each partition, and at its end, where the next message
// leaves, a mark if nobody reads it.

// isGroup reports whether a node is a group that reads partitions.
func (s *Stage) isGroup(node int) bool { return node < len(s.scene.Groups) && s.scene.Groups[node] }

// title is the name of a node; that of a group is told from the service it consists of.
func (s *Stage) title(node int) string {
	name := s.scene.Graph.Nodes[node].Title()
	if s.isGroup(node) {
		return locale.T("picture.group", name)
	}
	return name
}

// lanes reports whether each partition of a group has a pipe of its own.
func (d drawer) lanes(b topology.Box, st control.NodeState) bool {
	n := st.Group.Partitions
	return n > 0 && n <= engine.MostParts && b.H*d.s.view.zoom/float64(n) >= 3
}

// partitions draws the pipes of a group's partitions, with what waits in each.
func (d drawer) partitions(b topology.Box, st control.NodeState) {
	c := &d.s.colors
	const inset = 3.0
	pitch := (b.H - 2*inset) / float64(st.Group.Partitions)
	high := pitch - min(2, pitch/4)
	x, w := b.X+capW-2, b.W-3*capW+1 // up to the end of the pipe around them
	_, edge := palette.Node(topology.Subscription)
	calm := 0.4
	if st.Group.Partitions > 6 { // the name lies over many lines
		calm = 0.25
	}
	for i, p := range st.Group.Each[:st.Group.Partitions] {
		y := b.Y + inset + pitch*float64(i) + (pitch-high)/2
		rim := faded(c.get(edge), calm)
		var sick control.Health
		switch p.Reader {
		case engine.PartSilent:
			sick = control.Down
		case engine.PartStill:
			sick = control.Stopped
		}
		if sick != control.Up {
			rim = c.get(palette.Health(sick).Color)
		}
		if p.Waiting > 0 {
			part := max(w*full(control.NodeState{Waiting: int(p.Waiting), Room: -1}), 2)
			d.under.rect(rect{x: x + w - part, y: y, w: part, h: high, radius: min(high/2, 4), fill: faded(c.get(palette.ColorWaiting), 0.4)})
		}
		d.under.rect(rect{x: x, y: y, w: w, h: high, radius: min(high/2, 4), stroke: rim, width: 1})
		if sick != control.Up {
			d.over.mark(palette.Health(sick), x+w-max(high/2, 6), y+high/2, min(high-1, 11), 1)
		}
	}
}

// ofGroup says what a group does about its partitions, if they are not all read.
func ofGroup(g engine.GroupNow) string {
	switch {
	case g.Deals:
		return locale.T("picture.deals")
	case g.Unread > 0:
		return locale.T("picture.unread", g.Unread, g.Partitions)
	}
	return ""
}
