package stage

import (
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"

	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// tether ties a caller to the callee for as long as it holds on for its answer:
// many are bundled, with their number. To a callee that is down they hold on in vain.
func (d drawer) tether(i int, held int, vain bool) {
	if held <= 0 {
		return
	}
	r := d.s.scene.Layout.Routes[i]
	long := r.Length()
	if long <= 0 {
		return
	}
	c := d.s.colors.get(palette.ColorBlocked)
	wide := math.Min(3+1.5*math.Log10(float64(held)), 8)
	if vain { // a hollow line
		d.along(r, wide+2, c)
		d.along(r, wide-1, d.s.colors.get(palette.ColorStage))
	} else {
		d.along(r, wide+6, faded(c, 0.22))
		d.along(r, wide, faded(c, 0.9))
	}
	if held == 1 {
		return
	}
	w, at := bundleWidth(held), d.s.bundleAt(i, held)
	d.over.rect(rect{x: at.X - w/2, y: at.Y - 8.5, w: w, h: 17, radius: 8.5, fill: c})
	d.over.text(words{s: count(held), x: at.X, y: at.Y, size: stateFont, bold: true, align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorStage)})
}

// along draws a stroke along a route, up to its arrowhead.
func (d drawer) along(r topology.Route, wide float64, c color.Color) {
	const piece, arrowHead = 12.0, 11.0
	long := r.Length()
	n := int(math.Ceil(long / piece))
	p := r.At(0)
	for k := 1; k <= n; k++ {
		q := r.At(float64(k) / float64(n) * (1 - arrowHead/max(long, 2*arrowHead)))
		d.under.line(p, q, wide, c)
		p = q
	}
}

// loose draws the faint stroke of a tether that was there a moment ago.
func (d drawer) loose(i int) {
	const wide = 2.5
	c := faded(d.s.colors.get(palette.ColorBlocked), latelyPart)
	d.along(d.s.scene.Layout.Routes[i], wide, c)
}

// awaitDash and awaitGap are those of the line of an answer that is awaited by nobody who
// holds on: longer than those of a link of messages.
const awaitDash, awaitGap = 12.0, 7.0

// awaited draws an answer that is awaited by nobody who holds on: a tether of dashes, which
// are faint where it was awaited a moment ago.
func (d drawer) awaited(i int, n int) {
	r := d.s.scene.Layout.Routes[i]
	long := r.Length()
	if long <= 0 {
		return
	}
	const wide, lately = 3.5, 0.55
	c := d.s.colors.get(palette.ColorBlocked)
	if n == 0 {
		c = faded(c, lately)
	}
	for at := 0.0; at+awaitDash < long; at += awaitDash + awaitGap {
		d.under.line(r.At(at/long), r.At((at+awaitDash)/long), wide, c)
	}
	if n <= 1 {
		return
	}
	w, at := bundleWidth(n), d.s.bundleAt(i, n)
	d.over.rect(rect{x: at.X - w/2, y: at.Y - 8.5, w: w, h: 17, radius: 8.5, fill: d.s.colors.get(palette.ColorStage), stroke: c, width: 1.5})
	d.over.text(words{s: count(n), x: at.X, y: at.Y, size: stateFont, bold: true, align: fyne.TextAlignCenter, color: c})
}

// bundleAt is where the number of many tethers stands: at the beginning of their link, or left
// of a loop, which it would hide.
func (s *Stage) bundleAt(edge, n int) topology.Point {
	r, w := s.scene.Layout.Routes[edge], bundleWidth(n)
	if s.loops(edge) {
		p := r.At(0)
		return topology.Point{X: p.X - w/2 - 6, Y: p.Y - 11}
	}
	return r.At(math.Min((w/2+3)/r.Length(), 0.3))
}

// loops reports whether a link leads from a node to itself.
func (s *Stage) loops(edge int) bool {
	e := s.scene.Graph.Edges[edge]
	return e.From == e.To
}

// bundleWidth is the width of the number of many tethers.
func bundleWidth(held int) float64 { return textWidth(count(held), stateFont, true) + 10 }

// Flow: messages too fast to be seen one by one are a stream of small marks, the
// denser the higher their rate, which is written beside it.
const (
	flowPace  = 70.0 // pixels a second
	flowSize  = 0.7  // of a message
	flowWide  = 64.0 // pixels from mark to mark at the least rate
	flowClose = 13.0 // at the highest
)

// flowMark is the mark of what flows along an edge.
func flowMark(k topology.EdgeKind) record.Mark {
	switch k {
	case topology.Call:
		return record.MarkRequest
	case topology.DeadLetter:
		return record.MarkDeadLetter
	}
	return record.MarkEvent
}

// flow draws the stream along an edge, and of a call that of its answers.
func (m *motion) flow(s *Stage, i int, l control.LinkState) {
	r := s.scene.Layout.Routes[i]
	long := r.Length() * s.view.zoom
	if !l.Flow || long <= 0 {
		return
	}
	kind := s.scene.Graph.Edges[i].Kind
	size := float32(grown(dotSize, s.view.zoom) * flowSize)
	if kind != topology.Call { // an envelope has to be told from a dash of its line
		size = float32(grown(dotSize, s.view.zoom))
	}
	from := 0.0 // behind the number of its tethers
	if n := max(l.Held, l.Awaited); n > 1 && !s.loops(i) {
		from = min(bundleWidth(n)+6, r.Length()/2) * s.view.zoom
	}
	stream := func(rate float64, mark, other record.Mark, share float64) {
		step := max(flowWide/(1+math.Log10(1+rate)), flowClose)
		usual, first := mark, math.Floor(s.lane.Phase*flowPace/step)
		for k, at := 0.0, math.Mod(s.lane.Phase*flowPace, step); at < long; k, at = k+1, at+step {
			mark = usual
			if n := first - k; math.Floor((n+1)*share) > math.Floor(n*share) {
				mark = other
			}
			d := control.Dot{Edge: int32(i), T: float32(at / long), Mark: mark}
			if mark.Answer() {
				d.T = 1 - d.T
			}
			if float64(d.T)*long < from {
				continue
			}
			m.put(mark, s.view.place(where(r, s.scene.Graph.Edges[i], d, s.view.zoom)), size, s.followed != 0)
		}
	}
	scale := 1 / max(l.Sent, 1) // too few have been seen to tell a rate
	if l.Said > 0 && l.Sent > 0 {
		scale = l.Said / l.Sent
	}
	if l.Sent > 0 && l.Cut&control.CutThere == 0 {
		stream(scale*l.Sent, flowMark(kind), record.MarkRetry, l.Again)
	}
	if back := l.Rate - l.Sent; kind == topology.Call && back > l.Rate/10 && l.Cut&control.CutBack == 0 {
		stream(scale*back, s.answer(i), record.MarkErrorReply, l.Failing)
	}
}

// answer is the mark of the answers along a call: of a callee that is down they are refusals.
func (s *Stage) answer(edge int) record.Mark {
	to := s.ground.at[s.scene.Graph.Edges[edge].To]
	if to < len(s.lane.Nodes) && s.lane.Nodes[to].Health == control.Down {
		return record.MarkErrorReply
	}
	return record.MarkReply
}

// flowRate is the text beside a flow; empty if there is none.
func flowRate(l control.LinkState) string {
	if !l.Flow || l.Said <= 0 {
		return ""
	}
	return locale.T("picture.rate", rateText(l.Said))
}

// rateText writes a number a second in few characters.
func rateText(perSecond float64) string {
	if perSecond < 10 {
		return strconv.FormatFloat(perSecond, 'g', 2, 64)
	}
	return count(int(math.Round(perSecond)))
}
