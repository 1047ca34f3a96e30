package control

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"asynclab/sim/engine"
	"asynclab/sim/metric"
	"asynclab/sim/topology"
)

// Sign is a metric that the picture shows now, at a node or a link.
type Sign struct {
	Node   int32 // index into Graph.Nodes; -1: on a link
	Edge   int32 // index into Graph.Edges; -1: on a node
	Metric *metric.Metric
	Value  float64 // of a level; of a count, what it goes up by in a simulated second
}

// sign is where a metric is shown. Metrics of the same place are added up.
type sign struct {
	place
	sources []int32 // in engine.Snapshot.Signs
	total   int64   // of a count, and of a level that is shown when it changes
	since   int64   // when a count was last seen to go up, a level to change or to be more than 0; -1: never
	last    int64   // the last value of a level above 0
	frame   int64   // when it was read last
	looked  bool    // at a level that is shown when it changes
	rate    rate
}

type place struct {
	node, edge int32
	metric     *metric.Metric
}

// findSigns places the metrics of the design that have signs.
func (l *lane) findSigns(w *ways) {
	known := map[place]int{}
	for k, ref := range l.prog.Signs() {
		if ref.Metric.Sign.Asked && !slices.ContainsFunc(l.cfg.Asked, func(name string) bool { return strings.HasPrefix(name, ref.String()) }) {
			continue
		}
		if ref.Metric.Key == metric.ServiceInstances && l.prog.Scales(ref.Element) {
			continue // the autoscaler has a sign for it
		}
		p := l.placeOf(w, ref.Element)
		p.metric = ref.Metric
		i, ok := known[p]
		if !ok {
			i = len(l.signs)
			known[p] = i
			l.signs = append(l.signs, sign{place: p, since: -1})
		}
		l.signs[i].sources = append(l.signs[i].sources, int32(k))
	}
}

// placeOf is the node or link that shows an element, as metrics call it.
func (l *lane) placeOf(w *ways, element string) place {
	from, to, ok := strings.Cut(element, "->")
	if !ok {
		return place{node: w.longest(element), edge: -1}
	}
	a, b := w.longest(from), w.longest(to)
	if a < 0 || b < 0 {
		return place{node: a, edge: -1}
	}
	nodes := l.scene.Graph.Nodes
	for _, ends := range [][2]string{{nodes[a].ID, nodes[b].ID}, {nodes[b].ID, nodes[a].ID}} {
		if e, ok := w.edges[ends]; ok {
			return place{node: -1, edge: e}
		}
		for i, e := range l.scene.Graph.Edges { // the link of a broker is that of its queues
			if w.outer(nodes, e.From) == ends[0] && w.outer(nodes, e.To) == ends[1] {
				return place{node: -1, edge: int32(i)}
			}
		}
	}
	return place{node: a, edge: -1}
}

// longest is the node with the longest name that an element begins with, or -1.
func (w *ways) longest(element string) int32 {
	element, _, _ = strings.Cut(element, "#")
	for {
		if i, ok := w.index[element]; ok {
			return i
		}
		cut := strings.LastIndexByte(element, '/')
		if cut < 0 {
			return -1
		}
		element = element[:cut]
	}
}

// outer is the ID of a node, or of the broker that it is part of.
func (w *ways) outer(nodes []topology.Node, id string) string {
	if i, ok := w.index[id]; ok && nodes[i].Parent != "" {
		return nodes[i].Parent
	}
	return id
}

// mostLines is how many signs a node has room for.
const mostLines = 2

// Steady reports whether a sign has a line of its own in its node: a level, which is
// there for a while. Those of queues and loads have other places, and those that are
// shown when they change come and go.
func Steady(m *metric.Metric) bool {
	return m.Shape() == metric.Level && m.Kind() != metric.Queue && !m.Sign.Moved
}

// reserved is the graph with room for the signs of nodes and links, and how many lines
// that is for each node.
func (l *lane) reserved() (topology.Graph, []int) {
	g, lines := l.scene.Graph, make([]int, len(l.scene.Graph.Nodes))
	g.Nodes, g.Edges = slices.Clone(g.Nodes), slices.Clone(g.Edges)
	for _, s := range l.signs {
		if s.edge >= 0 && s.metric.Kind() != metric.Edge && s.metric.Kind() != metric.Link { // which every edge has
			e := &g.Edges[s.edge]
			if text := fmt.Sprintf(s.metric.Sign.Says+"  ", "999"); len(text) > len(e.Label) {
				e.Label = text
			}
		}
		if s.node < 0 || !Steady(s.metric) || lines[s.node] == mostLines {
			continue
		}
		lines[s.node]++
		n := &g.Nodes[s.node]
		most := "9,999"
		if s.metric == metric.Group.Metric(metric.GroupMembers) { // some of whom may be silent
			most = "9, silent: 9"
		}
		n.Detail = append(slices.Clip(n.Detail), topology.Detail{Word: s.metric.SignWord(), Args: []any{most}})
	}
	return g, lines
}

// fillSigns lists the signs of this moment. A count is shown until it has not gone up
// for as long as a spark is seen, and so long a level that has fallen to 0 while the run
// plays: it may come and go between two frames.
func (l *lane) fillSigns(f *Lane, now, fade int64, recent float64) {
	f.Signs = f.Signs[:0]
	if cap(f.Signs) < len(l.signs) {
		f.Signs = make([]Sign, 0, len(l.signs))
	}
	for i := range l.signs {
		s := &l.signs[i]
		total := s.sum(&l.snapshot)
		if s.line() { // of the same moment as who holds on
			total = s.sum(&l.shown)
		}
		if s.node >= 0 && s.metric.Key == metric.LoadFailed {
			f.Nodes[s.node].Failed = int(total)
		}
		if s.metric.Sign.Moved {
			if s.metric.Key == metric.ServiceInstances { // those that are there, up or down
				total = int64(l.snapshot.Services[l.nodes[s.node].index].Instances)
			}
			if s.moved(total, now, fade) {
				f.Signs = append(f.Signs, Sign{Node: s.node, Edge: s.edge, Metric: s.metric, Value: float64(total)})
			}
			continue
		}
		value := float64(total)
		switch {
		case s.metric.Shape() != metric.Level:
			value = s.counted(total, now, fade, recent)
		case !s.metric.Sign.Kept && !math.IsInf(recent, 1) && !s.line():
			value = float64(s.kept(total, now, fade))
		}
		if value > 0 || s.metric.Sign.Kept {
			f.Signs = append(f.Signs, Sign{Node: s.node, Edge: s.edge, Metric: s.metric, Value: value})
		}
	}
}

// line reports whether a sign counts those who stand in a line: they are there or not.
func (s *sign) line() bool { return s.metric.Tells == metric.Lines }

// sum is the present value of a sign in a snapshot.
func (s *sign) sum(in *engine.Snapshot) (total int64) {
	for _, k := range s.sources {
		if int(k) < len(in.Signs) {
			total += in.Signs[k]
		}
	}
	return total
}

// moved reports whether a level has changed a moment ago.
func (s *sign) moved(total, now, fade int64) bool {
	if now < s.frame { // after going back
		s.since = -1
	} else if s.looked && total != s.total {
		s.since = now
	}
	s.total, s.frame, s.looked = total, now, true
	return s.since >= 0 && now-s.since < fade
}

// kept is a level, or the one from which it has just fallen to 0.
func (s *sign) kept(level, now, fade int64) int64 {
	switch {
	case level > 0:
		s.last, s.since = level, now
	case s.since >= 0 && now >= s.since && now-s.since < fade:
		return s.last
	}
	return level
}

// counted is the rate of a count with that total now; 0 while it is not shown.
func (s *sign) counted(total, now, fade int64, recent float64) float64 {
	if total < s.total || now < s.since { // after going back
		s.rate, s.since, s.frame = rate{}, -1, now
	}
	jumped := math.IsInf(recent, 1) || float64(now-s.frame) > 2e9*recent
	s.frame = now
	if total > s.total {
		switch {
		case jumped: // what was passed over does not count
			s.rate = rate{seen: uint64(total), at: now, begun: true}
		case s.since < 0 || now-s.since >= fade: // it begins now, not in the quiet before
			s.rate = rate{seen: uint64(s.total), at: now, begun: true}
		}
		s.since = now
	}
	s.total = total
	r := s.rate.calm(uint64(total), now, recent)
	if s.since < 0 || now-s.since >= fade {
		return 0
	}
	return r
}
