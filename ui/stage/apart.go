package stage

import (
	"fyne.io/fyne/v2"

	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// Instances of a service, and nodes of a broker, one by one: which of them is slow, which
// has the line, which one leads.

// leastPart is the width, in the picture, that an instance needs for its workers and its line.
const leastPart = 22.0

// apart reports whether the instances of a service are drawn one by one.
func (d drawer) apart(b topology.Box, st control.NodeState) bool {
	return st.Apart > 1 && b.W/float64(st.Apart) >= leastPart
}

// part is the share of a box that one of several instances has.
func part(b topology.Box, i, of int) topology.Box {
	const inset = 5.0
	w := (b.W - 2*inset) / float64(of)
	return topology.Box{X: b.X + inset + w*float64(i), Y: b.Y, W: w, H: b.H}
}

// groups draws the workers of each instance: its cells, or a bar, and below them in the
// colour of its health a stroke, if it is not well.
func (d drawer) groups(b topology.Box, st control.NodeState) {
	c := &d.s.colors
	for i := range st.Apart {
		in, p := st.Each[i], part(b, i, st.Apart)
		x, w := p.X+2, p.W-4
		each := max(st.Workers/st.Apart, int(in.Busy)) // of unlimited workers there are as many cells as work
		y := b.Y + b.H - workersHigh - 4
		if each > 0 {
			d.staff(x, y, w, control.NodeState{Workers: each, Busy: int(in.Busy), Blocked: int(in.Blocked), Worked: in.Worked, HeldOn: in.Worked && st.HeldOn})
		}
		if in.Health != control.Up {
			m := palette.Health(in.Health)
			d.over.rect(rect{x: x - 1.5, y: y - 2.5, w: w + 3, h: workersHigh + 5, radius: 3, stroke: c.get(m.Color), width: 2})
			if in.Busy == 0 { // or it would cover who works
				d.over.mark(m, x+w/2, y+workersHigh/2, 9, 1)
			}
		}
	}
}

// nodes draws the nodes of a broker in the upper right corner of its frame: filled discs,
// the leader in a ring; hollow what is up and not in step, a cross what is down.
func (d drawer) nodes(b topology.Box, n control.NodesState) {
	if n.All < 2 {
		return
	}
	const step, size, room = 17.0, 10.0, 26.0
	x, y := b.X+b.W-room-step*float64(n.All-1), b.Y+16
	down := palette.Health(control.Down)
	up := palette.Health(control.Up)
	behind := palette.Mark{Shape: palette.Disc, Hollow: true, Color: palette.ColorSlow}
	for i := range int(n.All) {
		at := x + step*float64(i)
		switch {
		case i < int(n.InStep):
			if i == 0 && n.Leads {
				d.over.rect(rect{x: at - 8, y: y - 8, w: 16, h: 16, radius: 8, stroke: d.s.colors.get(palette.ColorLabel), width: 2})
			}
			d.over.mark(up, at, y, size, 1)
		case i < int(n.Up):
			d.over.mark(behind, at, y, size, 1)
		default:
			d.over.mark(down, at, y, size, 1)
		}
	}
	text := locale.T("picture.leads")
	c := d.s.colors.get(palette.ColorMuted)
	if !n.Leads {
		text, c = locale.T("picture.nobody-leads"), d.s.colors.get(palette.Stripe(record.Fault))
	}
	d.over.text(words{s: text, x: x - 12, y: y, size: stateFont, bold: !n.Leads, align: fyne.TextAlignTrailing, color: c})
}
