package topology

import (
	"fmt"
	"strings"
)

// Kind says what a node is; it chooses the node's shape and nothing else.
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

var kindNames = [...]string{"client", "service", "broker", "queue", "topic", "subscription"}

// String returns the kind in lower case: "client", "service", ...
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
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

var edgeKindNames = [...]string{"call", "publish", "deliver", "send", "dead-letter"}

// String returns the kind in lower case: "call", "publish", ...
func (k EdgeKind) String() string {
	if int(k) < len(edgeKindNames) {
		return edgeKindNames[k]
	}
	return fmt.Sprintf("edgekind(%d)", uint8(k))
}

// Async reports whether the sender goes on without waiting for an answer.
func (k EdgeKind) Async() bool { return k != Call }

// Node is one participant of a design.
type Node struct {
	ID     string   // unique, not empty
	Label  string   // what is shown; the ID if empty
	Kind   Kind     // chooses the shape
	Parent string   // ID of the broker a queue, topic or subscription belongs to; "" otherwise
	Detail []string // short lines shown in the node: "64 workers", "exp(2ms)"
}

// Title returns the label, or the ID where there is none.
func (n Node) Title() string {
	if n.Label != "" {
		return n.Label
	}
	return n.ID
}

// Edge is one way messages go. Several edges between the same two nodes and
// edges from a node to itself are allowed.
type Edge struct {
	From, To string // node IDs
	Kind     EdgeKind
	Label    string // may be empty
}

// Graph is a design as declared. All output depends only on it, including the
// order of its nodes and edges.
type Graph struct {
	Nodes []Node
	Edges []Edge
}

// Validate reports every mistake in the graph at once, one a line.
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
		if int(n.Kind) >= len(kindNames) {
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
		if int(e.Kind) >= len(edgeKindNames) {
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
