package topology

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
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
	out := bufio.NewWriter(w)
	s := &svg{out: out, g: g, l: l, prefix: theme.Prefix}
	s.open(theme)
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
	s.put("</svg>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("topology: write svg: %w", err)
	}
	return nil
}

type svg struct {
	out    *bufio.Writer
	g      Graph
	l      *Layout
	prefix string
}

func (s *svg) put(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

func (s *svg) open(theme Theme) {
	w, h := num(math.Ceil(s.l.W)), num(math.Ceil(s.l.H))
	s.put(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" width="%s" height="%s" viewBox="0 0 %s %s" role="img">`+"\n",
		s.prefix, w, h, w, h)
	if theme.Title != "" {
		s.put("<title>%s</title>\n", escape(theme.Title))
	}
	s.put("<style>\n%s</style>\n", theme.css())
	if theme.Background {
		s.put(`<rect class="back" width="%s" height="%s"/>`+"\n", w, h)
	}
}

func (s *svg) frame(n Node, b Box) {
	s.put(`<g class="node broker" data-node="%s"><title>%s</title>`, escape(n.ID), escape(tooltip(n)))
	s.put(`<rect class="shape" x="%s" y="%s" width="%s" height="%s" rx="12"/>`, num(b.X), num(b.Y), num(b.W), num(b.H))
	s.text("name", "start", b.X+padX, b.Y+23, n.Title())
	for i, d := range n.Detail {
		s.text("detail", "start", b.X+padX, b.Y+39+float64(i)*detailLine, d)
	}
	s.put("</g>\n")
}

func (s *svg) node(n Node, b Box) {
	s.put(`<g class="node %v" data-node="%s"><title>%s</title>`, n.Kind, escape(n.ID), escape(tooltip(n)))
	s.shape(n.Kind, b)
	left, right := textInset(n.Kind)
	x := b.X + left + (b.W-left-right)/2
	// The block of lines is centred; a baseline is about a third of the font below
	// the middle of its line.
	y := b.Y + b.H/2 - (titleLine+detailLine*float64(len(n.Detail)))/2 + titleLine/2 + titleFont*0.34
	s.text("name", "middle", x, y, n.Title())
	for i, d := range n.Detail {
		s.text("detail", "middle", x, y+16+float64(i)*detailLine, d)
	}
	s.put("</g>\n")
}

func (s *svg) text(class, anchor string, x, y float64, text string) {
	s.put(`<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, num(x), num(y), escape(text))
}

func (s *svg) edge(i int) {
	e, r := s.g.Edges[i], s.l.Routes[i]
	if len(r.Curve) < 4 || len(r.Points) < 2 {
		return
	}
	s.put(`<g class="edge %v" data-edge="%d"><title>%s</title>`, e.Kind, i, escape(s.story(e)))
	tip, from := r.Points[len(r.Points)-1], r.Points[len(r.Points)-2]
	long := math.Hypot(tip.X-from.X, tip.Y-from.Y)
	dx, dy := (tip.X-from.X)/long, (tip.Y-from.Y)/long
	const head, half = 9.0, 4.2
	// The line stops inside the head, so that its square end does not show.
	c := append([]Point(nil), r.Curve...)
	c[len(c)-1] = Point{tip.X - dx*head*0.7, tip.Y - dy*head*0.7}
	s.put(`<path class="line" d="M%s`, at(c[0]))
	for k := 1; k+2 < len(c); k += 3 {
		s.put(" C%s %s %s", at(c[k]), at(c[k+1]), at(c[k+2]))
	}
	bx, by := tip.X-dx*head, tip.Y-dy*head
	s.put(`"/><path class="head" d="M%s L%s L%s Z"/></g>`+"\n", at(tip),
		at(Point{bx - dy*half, by + dx*half}), at(Point{bx + dy*half, by - dx*half}))
}

func (s *svg) label(i int) {
	e, r := s.g.Edges[i], s.l.Routes[i]
	if e.Label == "" {
		return
	}
	s.put(`<g class="edge %v">`, e.Kind)
	s.text("label", "middle", r.LabelAt.X, r.LabelAt.Y+labelFont*0.34, e.Label)
	s.put("</g>\n")
}

// story says in words what an edge is.
func (s *svg) story(e Edge) string {
	text := fmt.Sprintf("%s → %s (%v)", e.From, e.To, e.Kind)
	if e.Label != "" {
		text = e.Label + ": " + text
	}
	return text
}

func tooltip(n Node) string {
	return strings.Join(append([]string{fmt.Sprintf("%s (%v)", n.Title(), n.Kind)}, n.Detail...), "\n")
}

func at(p Point) string { return num(p.X) + "," + num(p.Y) }

// num writes a coordinate with at most two decimals. Rounding hides the last bits,
// in which architectures may differ.
func num(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // no -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder never fails
	}
	return b.String()
}
