package topology

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

var dotNode = [...]string{
	Client:       `shape=box, style="rounded,filled", fillcolor="#eef2ff"`,
	Service:      `shape=box, style=filled, fillcolor="#f0fdf4"`,
	Broker:       `shape=component, style=filled, fillcolor="#f8fafc"`,
	Queue:        `shape=cylinder, style=filled, fillcolor="#fff7ed"`,
	Topic:        `shape=hexagon, style=filled, fillcolor="#faf5ff"`,
	Subscription: `shape=note, style=filled, fillcolor="#faf5ff"`,
}

var dotEdge = [...]string{
	Call:       `style=solid`,
	Publish:    `style=dashed, arrowhead=empty`,
	Deliver:    `style=dashed, arrowhead=normal`,
	Send:       `style=dashed, arrowhead=vee`,
	DeadLetter: `style=dotted, color="#b91c1c", fontcolor="#b91c1c"`,
}

// dotMark overrides the colours of what has a mark.
func dotMark(m Mark) string {
	if m == Same {
		return ""
	}
	return fmt.Sprintf(`, color="%s", penwidth=3`, markColours[m])
}

// DOT writes the graph for Graphviz: brokers with parts are clusters, shapes show
// the kinds, and asynchronous edges are dashed. Node names are the IDs.
func DOT(w io.Writer, g Graph) error {
	if err := g.Validate(); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "digraph topology {\n",
		"  rankdir=LR;\n  compound=true;\n  fontname=\"Helvetica\"; fontsize=12;\n",
		"  node [fontname=\"Helvetica\", fontsize=12];\n  edge [fontname=\"Helvetica\", fontsize=10];\n")
	anchors := make(map[string]string) // a broker's ID to the part that stands for its frame
	for _, n := range g.Nodes {
		if n.Parent != "" {
			if _, ok := anchors[n.Parent]; !ok {
				anchors[n.Parent] = n.ID
			}
		}
	}
	for i, n := range g.Nodes {
		switch {
		case n.Parent != "":
		case anchors[n.ID] != "":
			fmt.Fprintf(out, "  subgraph cluster_%d {\n    label=%s; style=rounded; color=\"#94a3b8\";\n", i, dotText(n))
			for _, p := range g.Nodes {
				if p.Parent == n.ID {
					fmt.Fprintf(out, "    %s [label=%s, %s%s];\n", quote(p.ID), dotText(p), dotNode[p.Kind], dotMark(p.Mark))
				}
			}
			fmt.Fprint(out, "  }\n")
		default:
			fmt.Fprintf(out, "  %s [label=%s, %s%s];\n", quote(n.ID), dotText(n), dotNode[n.Kind], dotMark(n.Mark))
		}
	}
	at := g.index()
	for _, e := range g.Edges {
		attrs := dotEdge[e.Kind]
		if title := e.Title(); title != "" {
			attrs = "label=" + quote(title) + ", " + attrs
		}
		attrs += dotMark(e.Mark)
		from, to := e.From, e.To
		// Graphviz joins only nodes: an edge to a cluster is an edge to one of its
		// nodes, cut off at the cluster's border.
		if p := anchors[from]; p != "" {
			attrs += fmt.Sprintf(", ltail=cluster_%d", at[from])
			from = p
		}
		if p := anchors[to]; p != "" {
			attrs += fmt.Sprintf(", lhead=cluster_%d", at[to])
			to = p
		}
		fmt.Fprintf(out, "  %s -> %s [%s];\n", quote(from), quote(to), attrs)
	}
	fmt.Fprint(out, "}\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("topology: write dot: %w", err)
	}
	return nil
}

func dotText(n Node) string {
	return quote(strings.Join(append([]string{n.Title()}, n.Details(nil)...), "\n"))
}

// quote writes a DOT string. Backslashes are doubled: DOT gives meaning to \N, \l
// and others inside labels.
func quote(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
