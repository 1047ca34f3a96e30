package topology

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"asynclab/sim/record"

	"github.com/dominikbraun/graph"
)

// Kind is the kind of a node; it chooses only the node's shape.
type Kind uint8

// The kinds of node.
const (
	Client Kind = iota
	Service
	Broker
	Queue
	Topic
	Subscription
)

var kinds = [...]record.Word{
	Client: {ID: "node.client", English: "client"}, Service: {ID: "node.service", English: "service"}, Broker: {ID: "node.broker", English: "broker"},
	Queue: {ID: "node.queue", English: "queue"}, Topic: {ID: "node.topic", English: "topic"}, Subscription: {ID: "node.subscription", English: "subscription"},
}

// Word returns the name of the kind.
func (k Kind) Word() record.Word { return kinds[k] }

// String returns the kind in lower case: "client", "service", ...
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k].English
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// EdgeKind says how a message travels along an edge.
type EdgeKind uint8

// The kinds of edge. Only Call waits for an answer; the others are drawn dashed.
const (
	Call EdgeKind = iota
	Publish
	Deliver
	Send
	DeadLetter
)

var edgeKinds = [...]record.Word{
	Call: {ID: "link.call", English: "call"}, Publish: {ID: "link.publish", English: "publish"}, Deliver: {ID: "link.deliver", English: "deliver"},
	Send: {ID: "link.send", English: "send"}, DeadLetter: {ID: "link.dead-letter", English: "dead-letter"},
}

// Word returns the name of the kind.
func (k EdgeKind) Word() record.Word { return edgeKinds[k] }

// String returns the kind in lower case: "call", "publish", ...
func (k EdgeKind) String() string {
	if int(k) < len(edgeKinds) {
		return edgeKinds[k].English
	}
	return fmt.Sprintf("edgekind(%d)", uint8(k))
}

// What a legend says of edges drawn solid or dashed.
var (
	LegendWaits       = record.Word{ID: "link.waits", English: "call, waits"}
	LegendMessage     = record.Word{ID: "link.message", English: "message, does not wait"}
	LegendDeadLetters = record.Word{ID: "link.dead-letters", English: "dead letters"}
)

// Words returns all words of this package that can be translated.
func Words() []record.Word {
	all := []record.Word{LegendWaits, LegendMessage, LegendDeadLetters}
	return slices.Concat(all, kinds[:], edgeKinds[:])
}

// Async reports whether the sender goes on without waiting for an answer.
func (k EdgeKind) Async() bool { return k != Call }

// Mark tells what became of a node or an edge between two designs. It is shown by a sign
// before the name, and by a colour.
type Mark uint8

// The marks.
const (
	Same Mark = iota
	Added
	Removed
	Differs
)

var marks = [...]struct{ sign, word string }{{}, {"+ ", " added"}, {"− ", " removed"}, {"~ ", " differs"}}

// String is the word: "added", "removed", "differs"; "" for what is the same.
func (m Mark) String() string { return strings.TrimSpace(m.class()) }

// Sign is what stands before the name: "+ ", "− " or "~ "; "" for what is the same.
func (m Mark) Sign() string { return marks[m].sign }

func (m Mark) class() string { return marks[m].word }

// Node is one participant of a design.
type Node struct {
	ID     string   // unique, not empty
	Label  string   // shown instead of the ID; may be empty
	Kind   Kind     // chooses the shape
	Parent string   // ID of the broker a queue, topic or subscription belongs to; "" otherwise
	Detail []Detail // short lines shown in the node: "64 workers"
	Mark   Mark     // of a picture of two designs
}

// Detail is a short line of a node: a format and its arguments. An argument that
// is a Detail is written in the same language.
type Detail struct {
	record.Word
	Args []any
}

// Say returns the line in the language of the voice; nil is English.
func (d Detail) Say(v record.Voice) string {
	if len(d.Args) == 0 {
		return v.Say(d.Word)
	}
	args := slices.Clone(d.Args)
	for i, a := range args {
		if inner, ok := a.(Detail); ok {
			args[i] = inner.Say(v)
		}
	}
	return v.Sayf(d.Word, args...)
}

// Details returns all lines of the node in the language of the voice.
func (n Node) Details(v record.Voice) []string {
	lines := make([]string, len(n.Detail))
	for i, d := range n.Detail {
		lines[i] = d.Say(v)
	}
	return lines
}

// Title returns the label, or the ID where there is none, behind the sign of its mark.
func (n Node) Title() string {
	if n.Label != "" {
		return n.Mark.Sign() + n.Label
	}
	return n.Mark.Sign() + n.ID
}

// Edge is a connection along which messages go. Several edges between the same two
// nodes and edges from a node to itself are allowed.
type Edge struct {
	From, To string // node IDs
	Kind     EdgeKind
	Label    string // may be empty
	Mark     Mark   // of a picture of two designs
}

// Title is the label behind the sign of its mark.
func (e Edge) Title() string { return strings.TrimSpace(e.Mark.Sign() + e.Label) }

// Graph is a design as declared. All output depends only on it, and that includes
// the order of its nodes and edges.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// Validate reports all mistakes in the graph, one a line.
func (g Graph) Validate() error {
	var bad []string
	mistake := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	at := g.index()
	for i, n := range g.Nodes {
		switch {
		case n.ID == "":
			mistake("node %d has no id", i)
		case at[n.ID] != i:
			mistake("node %d: id %q is already taken by node %d", i, n.ID, at[n.ID])
		}
		if int(n.Kind) >= len(kinds) {
			mistake("node %q: unknown %v", n.ID, n.Kind)
		}
		if n.Parent == "" {
			continue
		}
		p, ok := at[n.Parent]
		switch {
		case !ok:
			mistake("node %q: its parent %q does not exist", n.ID, n.Parent)
		case g.Nodes[p].Kind != Broker:
			mistake("node %q: its parent %q is a %v (hint: only a broker holds other nodes)", n.ID, n.Parent, g.Nodes[p].Kind)
		case n.Kind != Queue && n.Kind != Topic && n.Kind != Subscription:
			mistake("node %q: a %v cannot belong to broker %q (hint: only queues, topics and subscriptions do)", n.ID, n.Kind, n.Parent)
		}
	}
	for i, e := range g.Edges {
		f, okF := at[e.From]
		t, okT := at[e.To]
		if !okF {
			mistake("edge %d: it starts at %q, which does not exist", i, e.From)
		}
		if !okT {
			mistake("edge %d: it ends at %q, which does not exist", i, e.To)
		}
		if int(e.Kind) >= len(edgeKinds) {
			mistake("edge %d: unknown %v", i, e.Kind)
		}
		if okF && okT && (g.Nodes[f].Parent == e.To || g.Nodes[t].Parent == e.From) {
			mistake("edge %d: %q and %q are a broker and its own part (hint: the frame shows that already)", i, e.From, e.To)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("topology: %s", strings.Join(bad, "\n"))
}

// index maps each ID to the first node that has it.
func (g Graph) index() map[string]int {
	at := make(map[string]int, len(g.Nodes))
	for i, n := range g.Nodes {
		if _, ok := at[n.ID]; !ok {
			at[n.ID] = i
		}
	}
	return at
}

// Cycles returns the sets of nodes that can reach each other along edges: the
// strongly connected components of more than one node, and nodes with an edge
// to themselves. Nodes are indices in declared order. The graph must be valid.
func (g Graph) Cycles() ([][]int, error) {
	// Keys count from 1: v0.23.0 of the library loses the component of the vertex whose
	// key is the zero value (findSCC stops on it before it begins).
	d := graph.New(graph.IntHash, graph.Directed())
	for i := range g.Nodes {
		if err := d.AddVertex(i + 1); err != nil {
			return nil, fmt.Errorf("topology: %w", err)
		}
	}
	at := g.index()
	loop := make(map[int]bool)
	for _, e := range g.Edges {
		if e.From == e.To {
			loop[at[e.From]] = true
			continue
		}
		// The library knows no parallel edges; one of them is enough here.
		if err := d.AddEdge(at[e.From]+1, at[e.To]+1); err != nil && !errors.Is(err, graph.ErrEdgeAlreadyExists) {
			return nil, fmt.Errorf("topology: %w", err)
		}
	}
	found, err := graph.StronglyConnectedComponents(d)
	if err != nil {
		return nil, fmt.Errorf("topology: %w", err)
	}
	var out [][]int
	for _, c := range found {
		for i := range c {
			c[i]--
		}
		if len(c) > 1 || loop[c[0]] {
			slices.Sort(c)
			out = append(out, c)
		}
	}
	// The library walks maps: its order of components is not ours.
	slices.SortFunc(out, func(a, b []int) int { return a[0] - b[0] })
	return out, nil
}
