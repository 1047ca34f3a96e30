package stage

import (
	"image/color"
	"math"
	"strings"

	"fyne.io/fyne/v2"

	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// The line of what waits: the first stand one by one, people before a door and
// envelopes in a pipe, the next to go at the right. Longer lines have a bar below
// them on a logarithmic scale, with marks at 100 and 1,000.
const (
	standing     = 12       // drawn one by one
	abreast      = 3        // stand in a row before one of several instances,
	fewer        = 6        // and so many at the most: behind the others
	shortBar     = 0.3      // of the bar, for one more than that
	longest      = 10_000.0 // fills the bar, unless there is room for fewer
	tokenSize    = 8.0
	tokenStep    = 9.0
	wideStep     = 12.0 // of envelopes, which are wide and have a gap between them
	tokenRow     = 9.0  // distance of their middles from the node
	barRow       = 17.0 // of the bar's upper edge
	barHigh      = 8.0
	envelopeSize = 0.56 // of its step: it is half as wide again as a disc of its size
	belowRow     = 10.0 // of the middle of a text, where nothing waits
	fewRow       = 23.0 // below the tokens
	manyRow      = 35.0 // below the bar
)

// line draws what waits, and returns the distance of the text below it.
func (d drawer) line(b topology.Box, st control.NodeState, shape palette.Shape, fill fyne.ThemeColorName) float64 {
	n := st.Waiting
	if n <= 0 {
		return belowRow
	}
	c := d.s.colors.get(fill)
	const least, inset = float64(standing), 4.0
	room := b.W - 2*inset
	step, size := math.Min(tokenStep, room/least), tokenSize/tokenStep
	if shape == palette.Envelope {
		step, size = math.Min(wideStep, room/least), envelopeSize
	}
	most := min(int((room+0.01)/step), standing)
	d.tokens(st.Line, palette.Mark{Shape: shape, Color: fill}, min(n, most), size*step, func(i int) topology.Point {
		return topology.Point{X: b.X + b.W - inset - step*(float64(i)+0.5), Y: b.Y + b.H + tokenRow}
	})
	if n <= most {
		return fewRow
	}
	x, y, w := b.X+inset, b.Y+b.H+barRow, room
	d.over.rect(rect{x: x, y: y, w: w, h: barHigh, radius: 2, fill: d.s.colors.get(palette.ColorIdle)})
	d.over.rect(rect{x: x + w*(1-full(st)), y: y, w: w * full(st), h: barHigh, radius: 2, fill: c})
	if out := w * full(st) * min(float64(st.Unacked)/float64(n), 1); out > 0 {
		d.over.rect(rect{x: x + w - out, y: y, w: out, h: barHigh, radius: 2, fill: d.s.colors.get(palette.ColorMuted)})
	}
	for _, at := range [...]int{100, 1000} {
		if part := full(control.NodeState{Waiting: at, Room: st.Room}); part < 1 {
			d.over.rect(rect{x: x + w*(1-part), y: y, w: 1.5, h: barHigh, fill: d.s.colors.get(palette.ColorStage)})
		}
	}
	return manyRow
}

// still is a line without those who gave up, who hold their places and wait no longer.
func still(st control.NodeState) control.NodeState {
	line := st.Line
	st.Waiting, st.Line, st.GaveUp = st.Waiting-st.GaveUp, engine.Standing{}, 0
	for i, k := 0, 0; i < standing; i++ {
		if line.Gone>>i&1 == 0 {
			st.Line.Again |= line.Again >> i & 1 << k
			st.Line.Urgent |= line.Urgent >> i & 1 << k
			k++
		}
	}
	return st
}

// tokens draws the first n of those that wait, the next to go first. Who is gone is hollow.
func (d drawer) tokens(line engine.Standing, usual palette.Mark, n int, size float64, at func(i int) topology.Point) {
	for i := range n {
		token, p := usual, at(i)
		if line.Gone>>i&1 == 1 {
			token.Hollow, token.Color = true, palette.ColorMuted
		}
		if line.Again>>i&1 == 1 {
			token.Shape = palette.Of(record.MarkRetry).Shape
		}
		if line.Urgent>>i&1 == 1 {
			d.over.rect(urgent(p.X, p.Y, size, d.s.colors.get(palette.ColorLabel)))
		}
		d.over.mark(token, p.X, p.Y, size, 1)
	}
}

// urgent is the stroke over the token of one that goes before others.
func urgent(x, y, size float64, c color.Color) rect {
	const high, gap = 2.0, 1.5
	return rect{x: x - size/2, y: y - size/2 - gap - high, w: size, h: high, radius: 1, fill: c}
}

// narrowLine draws what waits before one of several instances: below its workers, apart from
// the lines beside it, in two rows; of more, its own number stands below them, unless it is
// the number of all.
func (d drawer) narrowLine(b topology.Box, own bool, st control.NodeState, fill fyne.ThemeColorName) float64 {
	if st.Waiting <= 0 {
		return belowRow
	}
	const gap = 8.0 // between the lines of neighbours
	step := math.Min(tokenStep, (b.W-gap)/abreast)
	d.tokens(st.Line, palette.Mark{Shape: palette.Disc, Color: fill}, min(st.Waiting, fewer), step*tokenSize/tokenStep, func(i int) topology.Point {
		column := float64(i%abreast) - (abreast-1)/2.0
		return topology.Point{X: b.X + b.W/2 - step*column, Y: b.Y + b.H + tokenRow*float64(1+i/abreast)}
	})
	switch {
	case st.Waiting <= abreast:
		return fewRow
	case st.Waiting <= fewer || !own:
		return fewRow + tokenRow
	}
	d.over.text(words{s: count(st.Waiting), x: b.X + b.W/2, y: b.Y + b.H + fewRow + tokenRow - 2, size: stateFont, bold: true,
		align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorLabel)})
	return fewRow + 2.5*tokenRow
}

// full is the length of the bar of what waits, from 0 to 1, on a logarithmic scale
// from those who stand one by one to as many as there is room for.
func full(st control.NodeState) float64 {
	top := longest
	if st.Room > 0 && st.Room < longest {
		top = float64(st.Room)
	}
	n := float64(st.Waiting)
	switch {
	case n <= 0:
		return 0
	case n >= top:
		return 1
	case n <= standing || top <= standing:
		return shortBar
	}
	return shortBar + (1-shortBar)*math.Log(n/standing)/math.Log(top/standing)
}

// waiting says how many still wait: those who gave up are told apart.
func waiting(st control.NodeState) string {
	if st.Waiting == st.Room {
		return locale.T("picture.full-waiting", count(st.Waiting-st.GaveUp))
	}
	return locale.T("picture.waiting", count(st.Waiting-st.GaveUp))
}

// besides writes what nobody waits for at a distance below a node, in small letters.
func (d drawer) besides(b topology.Box, far float64, text string) {
	if text == "" {
		return
	}
	d.small(text, d.inside(b.X+b.W/2, d.smallWidth(text)), b.Y+b.H+far)
}

func (d drawer) smallWidth(text string) float64 {
	z := d.s.view.zoom
	return textWidth(strings.TrimPrefix(text, struck), max(stateFont*z, leastText()), false) / z
}

// struck begins a small text that a line is drawn through: of those who are gone.
const struck = "\x00"

// small writes a small text around a middle.
func (d drawer) small(text string, x, y float64) {
	c := d.s.colors.get(palette.ColorMuted)
	text, gone := strings.CutPrefix(text, struck)
	d.over.text(words{s: text, x: x, y: y, size: stateFont, align: fyne.TextAlignCenter, color: c})
	if gone {
		half := d.smallWidth(text) / 2
		d.over.line(topology.Point{X: x - half, Y: y + 0.5}, topology.Point{X: x + half, Y: y + 0.5}, 1.2, c)
	}
}

// inside is the middle of a text of a width nearest to x at which it does not leave the
// picture.
func (d drawer) inside(x, wide float64) float64 {
	const rim = 4.0
	return max(min(x, d.s.scene.Layout.W-rim-wide/2), rim+wide/2)
}

// number writes a text at a distance below a node, as large as its name, and behind it in
// smaller letters what matters less.
func (d drawer) number(b topology.Box, far float64, text, more string) {
	if text == "" {
		text, more = more, ""
	}
	const gap = 6.0
	y := b.Y + b.H + far
	z := d.s.view.zoom
	wide := textWidth(text, max(titleFont*z, leastText()), true) / z
	x := d.inside(b.X+b.W/2, wide)
	if more != "" {
		rest := d.smallWidth(more)
		x = d.inside(b.X+b.W/2, wide+gap+rest)
		d.small(more, x+(wide+gap)/2, y+0.5)
		x -= (rest + gap) / 2
	}
	d.over.text(words{s: text, x: x, y: y, size: titleFont, bold: true,
		align: fyne.TextAlignCenter, color: d.s.colors.get(palette.ColorLabel)})
}
