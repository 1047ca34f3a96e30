package sequence

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Theme says how an SVG looks; the zero value follows the reader's system.
type Theme = topology.Theme

// SVG writes the picture as one self-contained image. Messages, bars and notes are
// groups with a <title>, which browsers show as a tooltip. l must be the layout of d.
func SVG(w io.Writer, d *Diagram, l *Layout, voice record.Voice, theme Theme) error {
	if len(l.Arrows) != len(d.Messages) || len(l.Bars) != len(d.Bars) || len(l.Heads) != len(d.Lanes) {
		return fmt.Errorf("sequence: the layout is not that of this diagram (hint: call Arrange again after a change)")
	}
	out := bufio.NewWriter(w)
	s := &svg{out: out, d: d, l: l, voice: voice}
	s.open(theme)
	s.lanes()
	for i := range d.Bars {
		s.bar(i)
	}
	for i := range d.Messages {
		s.arrow(i)
	}
	for i := range d.Messages {
		s.text("label "+d.Messages[i].Class.Mark().ID()+bad(d.Messages[i].Fate.Bad()), l.Arrows[i].Label)
	}
	for _, n := range l.Notes {
		s.text("note"+bad(d.bad(n)), n.Label)
	}
	for _, r := range l.Rows {
		s.text("time", r.Label)
	}
	for _, g := range l.Gaps {
		s.text("gap", g)
	}
	if l.Foot.Text != "" {
		s.text("gap", l.Foot)
	}
	s.put("</svg>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("sequence: write svg: %w", err)
	}
	return nil
}

// bad is the style class of what goes wrong.
func bad(is bool) string {
	if is {
		return " bad"
	}
	return ""
}

func (d *Diagram) bad(n NoteLabel) bool {
	return slices.ContainsFunc(n.Notes, func(i int) bool { return d.Notes[i].Class.Group().Bad() })
}

type svg struct {
	out   *bufio.Writer
	d     *Diagram
	l     *Layout
	voice record.Voice
}

func (s *svg) put(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

func (s *svg) open(theme Theme) {
	prefix, css := style(theme)
	w, h := num(math.Ceil(s.l.W)), num(math.Ceil(s.l.H))
	s.put(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" width="%s" height="%s" viewBox="0 0 %s %s" role="img">`+"\n",
		prefix, w, h, w, h)
	if theme.Title != "" {
		s.put("<title>%s</title>\n", escape(theme.Title))
	}
	s.put("<style>\n%s</style>\n", css)
	if theme.Background {
		s.put(`<rect class="back" width="%s" height="%s"/>`+"\n", w, h)
	}
}

func (s *svg) lanes() {
	for i, lane := range s.d.Lanes {
		b, x := s.l.Heads[i], num(s.l.Lines[i])
		s.put(`<g class="lane %v"><title>%s (%v)</title>`, lane.Kind, escape(lane.ID), lane.Kind)
		s.put(`<line class="life" x1="%s" y1="%s" x2="%s" y2="%s"/>`, x, num(s.l.Top), x, num(s.l.Bottom))
		s.put(`<rect class="head" x="%s" y="%s" width="%s" height="%s" rx="6"/>`, num(b.X), num(b.Y), num(b.W), num(b.H))
		s.put(`<text class="name" text-anchor="middle" x="%s" y="%s">%s</text></g>`+"\n", x, num(b.Y+b.H/2+HeadFont*0.34), escape(lane.Label))
	}
}

var stateClass = [...]string{"waits", "works", "blocked"}

func (s *svg) bar(i int) {
	bar, b := s.d.Bars[i], s.l.Bars[i]
	s.put(`<g class="bar %s"><title>%s</title>`, stateClass[bar.State], escape(s.d.TellBar(bar, s.voice)))
	s.put(`<rect x="%s" y="%s" width="%s" height="%s"/></g>`+"\n", num(b.X), num(b.Y), num(b.W), num(b.H))
}

func (s *svg) arrow(i int) {
	m, a := s.d.Messages[i], s.l.Arrows[i]
	s.put(`<g class="message %s"><title>%s</title><path class="way" d="M%s`, m.Class.Mark().ID(), escape(s.d.TellMessage(m, s.voice)), at(a.Points[0]))
	for _, p := range a.Points[1:] {
		s.put(" L%s", at(p))
	}
	s.put(`"/>`)
	if a.Head {
		p := a.HeadPoints()
		s.put(`<path class="tip" d="M%s L%s L%s Z"/>`, at(p[0]), at(p[1]), at(p[2]))
	}
	if a.Cross {
		p := a.Points[len(a.Points)-1]
		const r = 5
		s.put(`<path class="cross" d="M%s L%s M%s L%s"/>`, at(Point{p.X - r, p.Y - r}), at(Point{p.X + r, p.Y + r}),
			at(Point{p.X - r, p.Y + r}), at(Point{p.X + r, p.Y - r}))
	}
	s.put("</g>\n")
}

// HeadPoints are the corners of an arrow's head, the tip first.
func (a Arrow) HeadPoints() [3]Point {
	tip, from := a.Points[len(a.Points)-1], a.Points[len(a.Points)-2]
	dx, dy := tip.X-from.X, tip.Y-from.Y
	if long := math.Hypot(dx, dy); long > 0 {
		dx, dy = dx/long, dy/long
	}
	const head, half = 9.0, 4.2
	x, y := tip.X-dx*head, tip.Y-dy*head
	return [3]Point{tip, {x - dy*half, y + dx*half}, {x + dy*half, y - dx*half}}
}

// TellMessage says in one line what became of a message.
func (d *Diagram) TellMessage(m Message, voice record.Voice) string {
	text := fmt.Sprintf("%s: %s → %s, %s", m.label(voice), d.Lanes[m.From].ID, d.Lanes[m.To].ID, Clock(d.Since(m.Sent)))
	if m.Fate == record.Lost || m.Fate == record.InFlight {
		return text
	}
	return fmt.Sprintf("%s → %s (+ %s)", text, Clock(d.Since(m.Arrived)), Span(d.Moments[m.Arrived]-d.Moments[m.Sent]))
}

// TellBar says in one line what goes on in a bar.
func (d *Diagram) TellBar(b Bar, voice record.Voice) string {
	text := fmt.Sprintf("%s: %s, %s", d.Lanes[b.Lane].ID, b.label(voice), Clock(d.Since(b.From)))
	if b.Open {
		return text + " → …"
	}
	return fmt.Sprintf("%s → %s (%s)", text, Clock(d.Since(b.To)), Span(d.Moments[b.To]-d.Moments[b.From]))
}

func (s *svg) text(class string, l Label) {
	s.put(`<text class="%s" text-anchor="middle" x="%s" y="%s">%s</text>`+"\n", class,
		num(l.Box.X+l.Box.W/2), num(l.Box.Y+l.Box.H/2+LabelFont*0.34), escape(l.Text))
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
