package stage

import (
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
// many are bundled, with their number.
func (d drawer) tether(i int, held int) {
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
	const piece = 12.0
	n := int(math.Ceil(long / piece))
	for _, pass := range [...]struct{ wide, part float64 }{{wide + 6, 0.22}, {wide, 0.9}} {
		p := r.At(0)
		for k := 1; k <= n; k++ {
			q := r.At(float64(k) / float64(n))
			if !d.s.labelled(i, topology.Point{X: (p.X + q.X) / 2, Y: (p.Y + q.Y) / 2}) {
				d.under.line(p, q, pass.wide, faded(c, pass.part))
			}
			p = q
		}
	}
	if held == 1 {
		return
	}
	text := count(held)
	at := r.At(math.Min(26/long, 0.3))
	w := textWidth(text, stateFont, true) + 10
	d.over.rect(rect{x: at.X - w/2, y: at.Y - 8.5, w: w, h: 17, radius: 8.5, fill: c})
	d.over.text(words{s: text, x: at.X, y: at.Y, size: stateFont, bold: true, align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorStage)})
}

// labelled reports whether a point is under the label of an edge.
func (s *Stage) labelled(edge int, p topology.Point) bool {
	label := s.scene.Graph.Edges[edge].Label
	if label == "" || !s.hasLabels() {
		return false
	}
	at := s.scene.Layout.Routes[edge].LabelAt
	return math.Abs(p.X-at.X) < s.labelWidth(label)/2+4 && math.Abs(p.Y-at.Y) < 9
}

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

// flow draws the stream along an edge.
func (m *motion) flow(s *Stage, i int, l control.LinkState) {
	r := s.scene.Layout.Routes[i]
	long := r.Length() * s.view.zoom
	if !l.Flow || l.Sent <= 0 || l.Cut || long <= 0 {
		return
	}
	step := max(flowWide/(1+math.Log10(1+l.Sent)), flowClose)
	mark := flowMark(s.scene.Graph.Edges[i].Kind)
	size := float32(grown(dotSize, s.view.zoom) * flowSize)
	for at := math.Mod(s.lane.Phase*flowPace, step); at < long; at += step {
		d := control.Dot{Edge: int32(i), T: float32(at / long), Mark: mark}
		m.put(mark, s.view.place(where(r, d, s.view.zoom)), size, s.followed != 0)
	}
}

// flowRate is the text beside a flow; empty if there is none.
func flowRate(l control.LinkState) string {
	if !l.Flow || l.Sent <= 0 || l.Cut {
		return ""
	}
	return locale.T("picture.rate", rateText(l.Sent))
}

// rateText writes a number a second in few characters.
func rateText(perSecond float64) string {
	if perSecond < 10 {
		return strconv.FormatFloat(perSecond, 'g', 2, 64)
	}
	return count(int(math.Round(perSecond)))
}
