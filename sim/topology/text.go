package topology

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Text writes the graph for a terminal: who sends to whom, as a tree that starts
// at the clients. Every node is expanded where it occurs first; later it is only
// named, with ↑ (see above) or ↺ (the edge closes a cycle).
//
//	(shoppers)            poisson(200/s)
//	└──▶ shop             64 workers · exp(2ms)
//	     ├──▶ stock
//	     └─ charge ─▶ pay
func Text(w io.Writer, g Graph) error {
	if err := g.Validate(); err != nil {
		return err
	}
	t := &texter{g: g, at: g.index(), out: make([][]int, len(g.Nodes)), state: make([]uint8, len(g.Nodes))}
	in := make([]int, len(g.Nodes))
	for i, e := range g.Edges {
		t.out[t.at[e.From]] = append(t.out[t.at[e.From]], i)
		if e.From != e.To {
			in[t.at[e.To]]++
		}
	}
	// Roots in the order in which a reader would start: clients, nodes that receive
	// nothing, and the rest.
	for class := range 3 {
		for i, n := range g.Nodes {
			root := class == 2 || class == 0 && n.Kind == Client || class == 1 && in[i] == 0
			// A broker that only its parts use is described below, not as a node.
			idle := n.Kind == Broker && in[i] == 0 && len(t.out[i]) == 0 && hasParts(g, n.ID)
			if root && !idle && t.state[i] == unmet {
				t.open(i, "", "")
			}
		}
	}
	return t.write(w)
}

func hasParts(g Graph, id string) bool {
	for _, n := range g.Nodes {
		if n.Parent == id {
			return true
		}
	}
	return false
}

const (
	unmet = iota
	opened
	closed
)

// texter collects lines; details are aligned once all lines are known.
type texter struct {
	g     Graph
	at    map[string]int
	out   [][]int
	state []uint8
	lines []textLine
	seen  struct{ sync, async, dead, above, cycle bool }
}

type textLine struct{ flow, detail string }

// open writes a node that occurs for the first time, and the nodes it sends to.
// head is written before its name, indent before all lines below it.
func (t *texter) open(i int, head, indent string) {
	n := t.g.Nodes[i]
	t.lines = append(t.lines, textLine{head + t.name(n), strings.Join(n.Details(nil), " · ")})
	t.state[i] = opened
	for k, e := range t.out[i] {
		edge := t.g.Edges[e]
		branch, below := "├", "│"
		if k == len(t.out[i])-1 {
			branch, below = "└", " "
		}
		arrow := t.arrow(edge)
		head := indent + branch + arrow + " "
		to := t.at[edge.To]
		switch t.state[to] {
		case unmet:
			t.open(to, head, indent+below+strings.Repeat(" ", 4))
		case opened:
			t.seen.cycle = true
			t.lines = append(t.lines, textLine{head + t.name(t.g.Nodes[to]) + " ↺", ""})
		default:
			t.seen.above = t.seen.above || len(t.out[to]) > 0
			mark := ""
			if len(t.out[to]) > 0 {
				mark = " ↑"
			}
			t.lines = append(t.lines, textLine{head + t.name(t.g.Nodes[to]) + mark, ""})
		}
	}
	t.state[i] = closed
}

// arrow draws an edge: ──▶ waits for an answer, ╌╌▷ does not, ╌╌✗ leads to a
// dead-letter queue.
func (t *texter) arrow(e Edge) string {
	line, tip := "─", "▶"
	switch {
	case e.Kind == DeadLetter:
		line, tip = "╌", "✗"
		t.seen.dead = true
	case e.Kind.Async():
		line, tip = "╌", "▷"
		t.seen.async = true
	default:
		t.seen.sync = true
	}
	title := e.Title()
	if title == "" {
		return line + line + tip
	}
	return line + " " + oneLine(title) + " " + line + tip
}

// name shows the kind by its brackets: (client), service, [queue], <topic>,
// {subscription}.
func (t *texter) name(n Node) string {
	title := oneLine(n.Title())
	switch n.Kind {
	case Client:
		return "(" + title + ")"
	case Queue:
		return "[" + title + "]"
	case Topic:
		return "<" + title + ">"
	case Subscription:
		return "{" + title + "}"
	}
	return title
}

// oneLine keeps a label from breaking the drawing.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

func (t *texter) write(w io.Writer) error {
	out := bufio.NewWriter(w)
	const farthest = 48 // columns; details of a longer line do not push all others to the right
	column := 0
	for _, l := range t.lines {
		if c := Columns(l.flow); l.detail != "" && c <= farthest {
			column = max(column, c)
		}
	}
	for _, l := range t.lines {
		if l.detail == "" {
			fmt.Fprintln(out, l.flow)
			continue
		}
		fmt.Fprintf(out, "%s%s  %s\n", l.flow, strings.Repeat(" ", max(column-Columns(l.flow), 0)), oneLine(l.detail))
	}
	t.brokers(out)
	cycles, err := t.g.Cycles()
	if err != nil {
		return err
	}
	for _, c := range cycles {
		var ids []string
		for _, i := range c {
			ids = append(ids, t.g.Nodes[i].ID)
		}
		fmt.Fprintf(out, "in a circle: %s\n", strings.Join(ids, ", "))
	}
	t.legend(out)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("topology: write text: %w", err)
	}
	return nil
}

// brokers lists the parts of each broker.
func (t *texter) brokers(out io.Writer) {
	first := true
	for _, n := range t.g.Nodes {
		var parts []string
		for _, p := range t.g.Nodes {
			if n.Kind == Broker && p.Parent == n.ID {
				parts = append(parts, t.name(p))
			}
		}
		if len(parts) == 0 {
			continue
		}
		if first {
			fmt.Fprintln(out)
			first = false
		}
		fmt.Fprintf(out, "broker %s holds %s", t.name(n), strings.Join(parts, " "))
		if len(n.Detail) > 0 {
			fmt.Fprintf(out, " (%s)", oneLine(strings.Join(n.Details(nil), " · ")))
		}
		fmt.Fprintln(out)
	}
}

// legend explains the signs that were used.
func (t *texter) legend(out io.Writer) {
	var keys []string
	add := func(used bool, key string) {
		if used {
			keys = append(keys, key)
		}
	}
	add(t.seen.sync, "──▶ "+LegendWaits.English)
	add(t.seen.async, "╌╌▷ "+LegendMessage.English)
	add(t.seen.dead, "╌╌✗ "+LegendDeadLetters.English)
	add(t.seen.above, "↑ see above")
	add(t.seen.cycle, "↺ closes a cycle")
	if len(keys) > 0 {
		fmt.Fprintf(out, "\n%s\n", strings.Join(keys, "   "))
	}
}
