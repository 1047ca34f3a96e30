package sequence

import (
	"fmt"
	"io"
	"slices"

	"asynclab/sim/record"
	"asynclab/sim/svg"
	"asynclab/sim/topology"
)

// Theme is the style of an SVG; the zero value follows the reader's system.
type Theme = topology.Theme

// SVG writes the picture as one self-contained image. Messages, bars and notes are
// groups with a <title>, which browsers show as a tooltip. l must be the layout of d.
func SVG(w io.Writer, d *Diagram, l *Layout, voice record.Voice, theme Theme) error {
	if len(l.Arrows) != len(d.Messages) || len(l.Bars) != len(d.Bars) || len(l.Heads) != len(d.Lanes) {
		return fmt.Errorf("sequence: the layout is not that of this diagram (hint: call Arrange again after a change)")
	}
	prefix, css := style(theme)
	s := &svgPen{svg.Open(w, svg.Document{
		Class: prefix, W: l.W, H: l.H, Title: theme.Title, CSS: css, Background: theme.Background,
	}), d, l, voice}
	s.lanes()
	for i := range d.Bars {
		s.bar(i)
	}
	for i := range d.Messages {
		s.arrow(i)
	}
	for i := range d.Messages {
		s.label("label "+d.Messages[i].Class.Mark().ID()+bad(d.Messages[i].Fate.Bad()), l.Arrows[i].Label)
	}
	for _, n := range l.Notes {
		s.label("note"+bad(d.bad(n)), n.Label)
	}
	for _, r := range l.Rows {
		s.label("time", r.Label)
	}
	for _, g := range l.Gaps {
		s.label("gap", g)
	}
	if l.Foot.Text != "" {
		s.label("gap", l.Foot)
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("sequence: %w", err)
	}
	return nil
}

// bad returns the style class of failures.
func bad(is bool) string {
	if is {
		return " bad"
	}
	return ""
}

func (d *Diagram) bad(n NoteLabel) bool {
	return slices.ContainsFunc(n.Notes, func(i int) bool { return d.Notes[i].Class.Group().Bad() })
}

// svgPen draws a layout; l must be the layout of d.
type svgPen struct {
	*svg.Pen
	d     *Diagram
	l     *Layout
	voice record.Voice
}

func (s *svgPen) lanes() {
	for i, lane := range s.d.Lanes {
		b, x := s.l.Heads[i], svg.Num(s.l.Lines[i])
		s.Put(`<g class="lane %v"><title>%s (%v)</title>`, lane.Kind, svg.Escape(lane.ID), lane.Kind)
		s.Put(`<line class="life" x1="%s" y1="%s" x2="%s" y2="%s"/>`, x, svg.Num(s.l.Top), x, svg.Num(s.l.Bottom))
		s.Put(`<rect class="head" x="%s" y="%s" width="%s" height="%s" rx="6"/>`, svg.Num(b.X), svg.Num(b.Y), svg.Num(b.W), svg.Num(b.H))
		s.Text("name", "middle", s.l.Lines[i], b.Y+b.H/2+HeadFont*0.34, lane.Label)
		s.Put("</g>\n")
	}
}

var stateClass = [...]string{"waits", "works", "blocked"}

func (s *svgPen) bar(i int) {
	bar, b := s.d.Bars[i], s.l.Bars[i]
	s.Put(`<g class="bar %s"><title>%s</title>`, stateClass[bar.State], svg.Escape(s.d.TellBar(bar, s.voice)))
	s.Put(`<rect x="%s" y="%s" width="%s" height="%s"/></g>`+"\n", svg.Num(b.X), svg.Num(b.Y), svg.Num(b.W), svg.Num(b.H))
}

func (s *svgPen) arrow(i int) {
	m, a := s.d.Messages[i], s.l.Arrows[i]
	s.Put(`<g class="message %s"><title>%s</title><path class="way" d="M%s`, m.Class.Mark().ID(), svg.Escape(s.d.TellMessage(m, s.voice)), at(a.Points[0]))
	for _, p := range a.Points[1:] {
		s.Put(" L%s", at(p))
	}
	s.Put(`"/>`)
	if a.Head {
		p := a.HeadPoints()
		s.Put(`<path class="tip" d="M%s L%s L%s Z"/>`, at(p[0]), at(p[1]), at(p[2]))
	}
	if a.Cross {
		p := a.Points[len(a.Points)-1]
		const r = 5
		s.Put(`<path class="cross" d="M%s L%s M%s L%s"/>`, at(Point{p.X - r, p.Y - r}), at(Point{p.X + r, p.Y + r}),
			at(Point{p.X - r, p.Y + r}), at(Point{p.X + r, p.Y - r}))
	}
	s.Put("</g>\n")
}

// HeadPoints returns the corners of an arrow's head, the tip first.
func (a Arrow) HeadPoints() [3]Point {
	return topology.ArrowHead(a.Points[len(a.Points)-2], a.Points[len(a.Points)-1])
}

// TellMessage describes in one line what became of a message.
func (d *Diagram) TellMessage(m Message, voice record.Voice) string {
	text := fmt.Sprintf("%s: %s → %s, %s", m.label(voice), d.Lanes[m.From].ID, d.Lanes[m.To].ID, Clock(d.Since(m.Sent)))
	if m.Fate == record.Lost || m.Fate == record.InFlight {
		return text
	}
	return fmt.Sprintf("%s → %s (+ %s)", text, Clock(d.Since(m.Arrived)), Span(d.Moments[m.Arrived]-d.Moments[m.Sent]))
}

// TellBar describes the state of a bar in one line.
func (d *Diagram) TellBar(b Bar, voice record.Voice) string {
	text := fmt.Sprintf("%s: %s, %s", d.Lanes[b.Lane].ID, b.label(voice), Clock(d.Since(b.From)))
	if b.Open {
		return text + " → …"
	}
	return fmt.Sprintf("%s → %s (%s)", text, Clock(d.Since(b.To)), Span(d.Moments[b.To]-d.Moments[b.From]))
}

func (s *svgPen) label(class string, l Label) {
	s.Text(class, "middle", l.Box.X+l.Box.W/2, l.Box.Y+l.Box.H/2+LabelFont*0.34, l.Text)
	s.Put("\n")
}

func at(p Point) string { return svg.At(p.X, p.Y) }
