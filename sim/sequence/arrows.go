package sequence

import (
	"math"

	"asynclab/sim/record"
)

// arrows draws the messages.
func (a *arranger) arrows() {
	a.taken = append(a.taken, a.l.Bars...)
	for i, m := range a.d.Messages {
		arrow := a.arrow(m)
		if k := a.twins(i); k > 0 { // draw them side by side
			for j := range arrow.Points {
				arrow.Points[j].Y += 5 * float64(k)
			}
		}
		a.l.Arrows = append(a.l.Arrows, arrow)
	}
}

// labels labels the messages.
func (a *arranger) labels() {
	for i, m := range a.d.Messages {
		arrow := &a.l.Arrows[i]
		arrow.Label = a.label(m.label(a.o.Voice), arrow.Points)
		a.taken = append(a.taken, arrow.Label.Box)
	}
}

// twins counts the earlier messages that would be drawn on the same line.
func (a *arranger) twins(i int) (n int) {
	m := a.d.Messages[i]
	for _, o := range a.d.Messages[:i] {
		if o.Sent == m.Sent && (o.From == m.From && o.To == m.To && o.Arrived == m.Arrived && o.Fate == m.Fate ||
			o.From == m.To && o.To == m.From && o.Arrived == o.Sent && m.Arrived == m.Sent) {
			n++
		}
	}
	return n
}

func (a *arranger) arrow(m Message) Arrow {
	out := Arrow{Head: m.Fate == record.Arrived, Cross: m.Fate.Bad()}
	share := 1.0 // drawn share of the path
	y, to := a.ys[m.Sent], 0.0
	switch {
	case m.Fate == record.Lost:
		share = 0.5
		to = a.y(a.d.Moments[m.Sent] + max(m.Due-a.d.Moments[m.Sent], 0)/2)
		to = max(to, y+6) // visibly downwards
	case m.Fate == record.InFlight:
		share = a.way(m)
		to = a.l.Bottom
	default:
		to = a.ys[m.Arrived]
	}
	if m.From == m.To {
		x := a.side(m.From, m.Sent, +1)
		far := x + selfLoop*share
		out.Points = []Point{{x, y}, {far, y}, {far, max(to, y+9)}, {x, max(to, y+9)}}
		if share < 1 {
			out.Points = out.Points[:3]
		}
		return out
	}
	way := +1.0
	if m.To < m.From {
		way = -1
	}
	from := a.side(m.From, m.Sent, way)
	end := a.side(m.To, m.Arrived, -way)
	out.Points = []Point{{from, y}, {from + (end-from)*share, to}}
	return out
}

// way returns the share of its path that a message in flight has travelled.
func (a *arranger) way(m Message) float64 {
	last := a.d.Moments[len(a.d.Moments)-1]
	sent := a.d.Moments[m.Sent]
	if m.Due <= last || m.Due <= sent {
		return 0.5
	}
	return min(max(float64(last-sent)/float64(m.Due-sent), 0.25), 0.9)
}

// label finds a free place for a text along a line: above the middle, or else
// nearer to one of the ends.
func (a *arranger) label(text string, way []Point) Label {
	w := a.width(text)
	p, q := way[0], way[1]
	if len(way) > 2 { // a loop: beside it
		return Label{text, Box{way[1].X + 4, (way[1].Y+way[2].Y)/2 - lineH/2, w, lineH}}
	}
	at := func(share, lift float64) Box {
		return Box{p.X + (q.X-p.X)*share - w/2, p.Y + (q.Y-p.Y)*share - lineH/2 - lift, w, lineH}
	}
	lift := lineH * 0.55
	if long := math.Abs(q.X - p.X); long > 0 { // a steep line runs through the text
		lift += min(math.Abs(q.Y-p.Y)/long*w*0.25, 6)
	}
	var best Box
	for i, share := range [...]float64{0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8} {
		for j, l := range [...]float64{lift, 0, -lift} {
			box := at(share, l)
			if i == 0 && j == 0 {
				best = box
			}
			if box.Y > a.l.Top && !a.busy(box) {
				return Label{text, box}
			}
		}
	}
	return Label{text, best}
}
