package topology

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"asynclab/sim/record"
	"asynclab/sim/svg"
)

// SVG writes the picture as one self-contained image: no script, no fonts or styles
// from outside. Every node and edge is a group with a <title>, which browsers show
// as a tooltip, and with data-node or data-edge, so that a page can find it.
// l must be the layout of g.
func SVG(w io.Writer, g Graph, l *Layout, theme Theme) error {
	if err := g.Validate(); err != nil {
		return err
	}
	if l == nil || len(l.Boxes) != len(g.Nodes) || len(l.Routes) != len(g.Edges) {
		return fmt.Errorf("topology: the layout is not that of this graph (hint: call Arrange again after a change)")
	}
	theme = theme.Complete()
	s := &svgPen{svg.Open(w, svg.Document{
		Class: theme.Prefix, W: l.W, H: l.H, Title: theme.Title, CSS: theme.css() + g.markCSS(theme.Prefix), Background: theme.Background,
	}), g, l, theme.Voice}
	for i, n := range g.Nodes { // frames are behind everything
		if n.Kind == Broker && hasParts(g, n.ID) {
			s.frame(n, l.Boxes[i])
		}
	}
	for i := range g.Edges {
		s.edge(i)
	}
	for i, n := range g.Nodes {
		if n.Kind != Broker || !hasParts(g, n.ID) {
			s.node(n, l.Boxes[i])
		}
	}
	for i := range g.Edges { // labels are in front of lines
		s.label(i)
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("topology: %w", err)
	}
	return nil
}

// svgPen draws a layout; l must be the layout of g.
type svgPen struct {
	*svg.Pen
	g     Graph
	l     *Layout
	voice record.Voice
}

func (s *svgPen) frame(n Node, b Box) {
	s.Put(`<g class="node broker%s" data-node="%s"><title>%s</title>`, n.Mark.class(), svg.Escape(n.ID), svg.Escape(s.tooltip(n)))
	s.Put(`<rect class="shape" x="%s" y="%s" width="%s" height="%s" rx="12"/>`, svg.Num(b.X), svg.Num(b.Y), svg.Num(b.W), svg.Num(b.H))
	s.Text("name", "start", b.X+padX, b.Y+23, n.Title())
	for i, d := range n.Details(s.voice) {
		s.Text("detail", "start", b.X+padX, b.Y+39+float64(i)*detailLine, d)
	}
	s.Put("</g>\n")
}

func (s *svgPen) node(n Node, b Box) {
	s.Put(`<g class="node %v%s" data-node="%s"><title>%s</title>`, n.Kind, n.Mark.class(), svg.Escape(n.ID), svg.Escape(s.tooltip(n)))
	s.shape(n.Kind, b)
	left, right := textInset(n.Kind)
	x := b.X + left + (b.W-left-right)/2
	// The block of lines is centred; a baseline is about a third of the font below
	// the middle of its line.
	y := b.Y + b.H/2 - (titleLine+detailLine*float64(len(n.Detail)))/2 + titleLine/2 + titleFont*0.34
	s.Text("name", "middle", x, y, n.Title())
	for i, d := range n.Details(s.voice) {
		s.Text("detail", "middle", x, y+16+float64(i)*detailLine, d)
	}
	s.Put("</g>\n")
}

func (s *svgPen) edge(i int) {
	e, r := s.g.Edges[i], s.l.Routes[i]
	if len(r.Curve) < 4 || len(r.Points) < 2 {
		return
	}
	s.Put(`<g class="edge %v%s" data-edge="%d"><title>%s</title>`, e.Kind, e.Mark.class(), i, svg.Escape(s.story(e)))
	head := ArrowHead(r.Points[len(r.Points)-2], r.Points[len(r.Points)-1])
	// The line stops inside the head, so that its square end does not show.
	c := slices.Clone(r.Curve)
	c[len(c)-1] = Point{head[0].X*0.3 + (head[1].X+head[2].X)*0.35, head[0].Y*0.3 + (head[1].Y+head[2].Y)*0.35}
	s.Put(`<path class="line" d="M%s`, at(c[0]))
	for k := 1; k+2 < len(c); k += 3 {
		s.Put(" C%s %s %s", at(c[k]), at(c[k+1]), at(c[k+2]))
	}
	s.Put(`"/><path class="head" d="M%s L%s L%s Z"/></g>`+"\n", at(head[0]), at(head[1]), at(head[2]))
}

// ArrowHead returns the corners of an arrow's head, the tip first.
func ArrowHead[P ~struct{ X, Y float64 }](from, tip P) [3]P {
	a, b := Point(from), Point(tip)
	dx, dy := b.X-a.X, b.Y-a.Y
	if long := math.Hypot(dx, dy); long > 0 {
		dx, dy = dx/long, dy/long
	}
	const head, half = 9.0, 4.2
	x, y := b.X-dx*head, b.Y-dy*head
	return [3]P{tip, {x - dy*half, y + dx*half}, {x + dy*half, y - dx*half}}
}

func (s *svgPen) label(i int) {
	e, r := s.g.Edges[i], s.l.Routes[i]
	title := e.Title()
	if title == "" {
		return
	}
	s.Put(`<g class="edge %v%s">`, e.Kind, e.Mark.class())
	s.Text("label", "middle", r.LabelAt.X, r.LabelAt.Y+labelFont*0.34, title)
	s.Put("</g>\n")
}

// story describes an edge in words.
func (s *svgPen) story(e Edge) string {
	text := fmt.Sprintf("%s → %s (%s)", e.From, e.To, s.voice.Say(e.Kind.Word()))
	if title := e.Title(); title != "" {
		text = title + ": " + text
	}
	return text
}

func (s *svgPen) tooltip(n Node) string {
	return strings.Join(append([]string{fmt.Sprintf("%s (%s)", n.Title(), s.voice.Say(n.Kind.Word()))}, n.Details(s.voice)...), "\n")
}

func at(p Point) string { return svg.At(p.X, p.Y) }
