package stage

import (
	"fyne.io/fyne/v2"

	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// link draws the tether of a call, and writes the rate and the loss of a link beside
// it; a cut is drawn on the ground.
func (d drawer) link(i int, l control.LinkState) {
	switch {
	case l.Held > 0:
		d.tether(i, l.Held, d.dead(d.s.scene.Graph.Edges[i].To))
	case l.Awaited > 0 || l.AwaitedLately:
		d.awaited(i, l.Awaited)
	case l.HeldLately:
		d.loose(i)
	}
	rate, trouble := linkTexts(l)
	at := d.s.spots[i].rate
	if d.s.spots[i].mute {
		rate = ""
	}
	z := d.s.view.zoom
	half := textWidth(trouble, max(stateFont*z, leastText()), true) / 2 / z
	if rate != "" {
		here := words{s: rate, x: at.X, y: at.Y, size: stateFont, align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorLabel)}
		switch {
		case trouble == "":
		case d.s.oneLine(i, trouble):
			const gap = 8.0
			here.x, at.X = at.X-half-gap/2, at.X+(textWidth(rate, max(stateFont*z, leastText()), false)/z+gap)/2
		default:
			at.Y += d.s.spots[i].down * d.s.lineHeight()
		}
		d.s.onPlate(d.over, here)
	}
	if trouble != "" {
		d.over.mark(palette.Of(record.MarkLost), at.X-half-2, at.Y, 6, 1)
		d.over.text(words{s: trouble, x: at.X + 5, y: at.Y, size: stateFont, bold: true, align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorLostSpark)})
	}
}

// dead reports whether a node is down.
func (d drawer) dead(id string) bool {
	at := d.s.ground.at[id]
	return at < len(d.s.lane.Nodes) && d.s.lane.Nodes[at].Health == control.Down
}

// linkTexts are what is written beside a link, on a line each: its rate, and what is wrong
// with it.
func linkTexts(l control.LinkState) (rate, trouble string) {
	switch {
	case l.Cut == control.CutThere:
		trouble = locale.T("picture.cut-there")
	case l.Cut == control.CutBack:
		trouble = locale.T("picture.cut-back")
	case l.Cut != control.Whole:
		return "", locale.T("picture.cut")
	case l.Loss > 0:
		trouble = locale.T("picture.loss", percent(l.Loss))
	}
	return flowRate(l), trouble
}
