package control

import (
	"asynclab/sim/engine"
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
)

// way is the edge along which a message is drawn, and whether it goes against
// the edge, as answers and acknowledgements do. A negative way is not drawn.
type way int32

const noWay way = -1

func newWay(edge int32, back bool) way {
	w := way(edge) << 1
	if back {
		w |= 1
	}
	return w
}

func (w way) edge() int32 { return int32(w >> 1) }
func (w way) back() bool  { return w&1 != 0 }

// ways finds the way of a message in constant time: a small cache of recent
// look-ups in front of a map of all.
type ways struct {
	recent [256]struct {
		key uint64
		way way
	}
	known map[uint64]way
	edges map[[2]string]int32 // by the IDs of their ends
	nodes []string            // Program.Nodes
	sites []string            // Program.Queues, then Program.Topics
	index map[string]int32    // Graph.Nodes by ID
}

func newWays(p *engine.Program, g *topology.Graph) *ways {
	w := &ways{known: map[uint64]way{}, edges: map[[2]string]int32{}, nodes: p.Nodes(), sites: append(p.Queues(), p.Topics()...), index: map[string]int32{}}
	for i, n := range g.Nodes {
		w.index[n.ID] = int32(i)
	}
	for i, e := range g.Edges {
		ends := [2]string{e.From, e.To}
		if _, ok := w.edges[ends]; !ok || e.Kind == topology.Call {
			w.edges[ends] = int32(i)
		}
	}
	return w
}

func (w *ways) find(r *engine.Record) way {
	key := uint64(r.Node+1) | uint64(r.To+1)<<16 | uint64(r.Queue+1)<<32 | uint64(r.Message)<<48
	c := &w.recent[key*0x9e3779b97f4a7c15>>56]
	if c.key == key {
		return c.way
	}
	found, ok := w.known[key]
	if !ok {
		found = w.lookUp(r)
		w.known[key] = found
	}
	c.key, c.way = key, found
	return found
}

func (w *ways) lookUp(r *engine.Record) way {
	from, to, back := w.name(r.Node), w.name(r.To), false
	switch r.Message {
	case engine.ReplyMessage: // a confirmation comes from the queue or topic
		from, to, back = to, w.site(r.Queue, from), true
	case engine.PublishMessage:
		to = w.site(r.Queue, to)
	case engine.DeliverMessage, engine.FetchedMessage:
		from = w.site(r.Queue, from)
	case engine.AckMessage, engine.NackMessage, engine.PullMessage:
		from, to, back = w.site(r.Queue, to), from, true
	case engine.CancelMessage:
		if _, ok := w.edges[[2]string{from, to}]; !ok {
			from, to, back = to, from, true
		}
	}
	if e, ok := w.edges[[2]string{from, to}]; ok {
		return newWay(e, back)
	}
	return noWay
}

func (w *ways) name(node int32) string {
	if node < 0 || int(node) >= len(w.nodes) {
		return ""
	}
	return w.nodes[node]
}

// site is the queue or topic if there is one, otherwise the node.
func (w *ways) site(queue int32, node string) string {
	if queue < 0 || int(queue) >= len(w.sites) {
		return node
	}
	return w.sites[queue]
}

// named adds the names to a record.
func (w *ways) named(r *engine.Record) sequence.Entry { return sequence.Named(*r, w.nodes, w.sites) }

// place is the node of the picture for a record that is not about a message in
// flight: a queue rather than its broker.
func (w *ways) place(r *engine.Record) int32 {
	if i, ok := w.index[w.site(r.Queue, w.name(r.Node))]; ok {
		return i
	}
	return -1
}
