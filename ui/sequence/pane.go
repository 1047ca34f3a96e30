package sequence

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/ui/palette"
)

// pane is one part of the picture: the row of participants, or the diagram
// below it.
type pane struct {
	widget.BaseWidget
	view *View
	head bool
}

var _ fyne.Tappable = (*pane)(nil)

func newPane(v *View, head bool) *pane {
	p := &pane{view: v, head: head}
	p.ExtendBaseWidget(p)
	return p
}

// top is the y coordinate at which the part begins in the layout.
func (p *pane) top() float64 {
	if p.head {
		return 0
	}
	return p.view.layout.Top
}

// Tapped calls the callback with the item that was tapped.
func (p *pane) Tapped(e *fyne.PointEvent) {
	p.view.choose(hit(&p.view.diagram, p.view.layout, float64(e.Position.X), float64(e.Position.Y)+p.top()))
}

func (p *pane) CreateRenderer() fyne.WidgetRenderer {
	r := &paneRenderer{pane: p}
	r.Refresh()
	return r
}

type paneRenderer struct {
	pane    *pane
	objects []fyne.CanvasObject
}

func (r *paneRenderer) Destroy()                     {}
func (r *paneRenderer) Layout(fyne.Size)             {}
func (r *paneRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *paneRenderer) MinSize() fyne.Size {
	l := r.pane.view.layout
	if r.pane.head {
		return fyne.NewSize(float32(l.W), float32(l.Top))
	}
	return fyne.NewSize(float32(l.W), float32(l.H-l.Top))
}

// Refresh redraws with the current colours and the current choice.
func (r *paneRenderer) Refresh() {
	v := r.pane.view
	b := &brush{d: &v.diagram, l: v.layout, up: float32(r.pane.top()), chosen: v.chosen}
	if r.pane.head {
		b.heads()
	} else {
		b.body()
	}
	r.objects = b.out
	canvas.Refresh(r.pane)
}

// brush makes the objects of a picture.
type brush struct {
	d      *sequence.Diagram
	l      *sequence.Layout
	up     float32 // height of the part above
	chosen item
	out    []fyne.CanvasObject
}

func (b *brush) at(p sequence.Point) fyne.Position {
	return fyne.NewPos(float32(p.X), float32(p.Y)-b.up)
}

func (b *brush) line(p, q sequence.Point, c color.Color, width float32) {
	l := canvas.NewLine(c)
	l.StrokeWidth = width
	l.Position1, l.Position2 = b.at(p), b.at(q)
	b.out = append(b.out, l)
}

// dashes draws a dashed line; the toolkit has only solid ones.
func (b *brush) dashes(p, q sequence.Point, c color.Color, width float32, on, off float64) {
	long := math.Hypot(q.X-p.X, q.Y-p.Y)
	if long == 0 {
		return
	}
	part := func(at float64) sequence.Point {
		at = min(at/long, 1)
		return sequence.Point{X: p.X + (q.X-p.X)*at, Y: p.Y + (q.Y-p.Y)*at}
	}
	for at := 0.0; at < long; at += on + off {
		b.line(part(at), part(at+on), c, width)
	}
}

func (b *brush) rect(r sequence.Box, fill, stroke color.Color, width, corner float32) {
	o := canvas.NewRectangle(fill)
	o.StrokeColor, o.StrokeWidth, o.CornerRadius = stroke, width, corner
	o.Move(b.at(sequence.Point{X: r.X, Y: r.Y}))
	o.Resize(fyne.NewSize(float32(r.W), float32(r.H)))
	b.out = append(b.out, o)
}

func (b *brush) text(l sequence.Label, c color.Color, size float32, bold bool) {
	t := canvas.NewText(l.Text, c)
	t.TextSize, t.TextStyle.Bold, t.Alignment = size, bold, fyne.TextAlignCenter
	high := t.MinSize().Height
	t.Resize(fyne.NewSize(float32(l.Box.W), high))
	t.Move(b.at(sequence.Point{X: l.Box.X, Y: l.Box.Y + (l.Box.H-float64(high))/2}))
	b.out = append(b.out, t)
}

func (b *brush) heads() {
	for i, lane := range b.d.Lanes {
		fill, edge := palette.Node(lane.Kind)
		b.rect(b.l.Heads[i], theme.Color(fill), theme.Color(edge), 1.5, 6)
		b.text(sequence.Label{Text: lane.Label, Box: b.l.Heads[i]}, theme.Color(palette.ColorLabel), sequence.HeadFont, true)
	}
}

// manyMessages is the number of messages from which dashed lines would need too
// many objects.
const manyMessages = 150

func (b *brush) body() {
	muted := theme.Color(palette.ColorMuted)
	for _, x := range b.l.Lines {
		b.line(sequence.Point{X: x, Y: b.l.Top}, sequence.Point{X: x, Y: b.l.Bottom}, theme.Color(palette.ColorGrid), 1.5)
	}
	for i := range b.d.Bars {
		b.bar(i)
	}
	for i := range b.d.Messages {
		b.arrow(i)
	}
	back := faded(theme.Color(palette.ColorStage), 0.82)
	for i, m := range b.d.Messages {
		l := b.l.Arrows[i].Label
		b.rect(sequence.Box{X: l.Box.X - 1, Y: l.Box.Y + 2, W: l.Box.W + 2, H: l.Box.H - 4}, back, nil, 0, 0)
		c := theme.Color(palette.Of(m.Class.Mark()).Color)
		if m.Fate.Bad() {
			c = theme.Color(palette.ColorLostSpark)
		}
		b.text(l, c, sequence.LabelFont, false)
	}
	for _, n := range b.l.Notes {
		c := theme.Color(palette.ColorLabel)
		for _, i := range n.Notes {
			if b.d.Notes[i].Class.Group().Bad() {
				c = theme.Color(palette.ColorLostSpark)
			}
		}
		b.rect(n.Box, back, nil, 0, 0)
		b.text(n.Label, c, sequence.LabelFont, true)
	}
	for _, r := range b.l.Rows {
		b.text(r.Label, theme.Color(palette.ColorLabel), sequence.LabelFont, false)
	}
	for _, g := range b.l.Gaps {
		b.text(g, muted, sequence.LabelFont, false)
	}
	if b.l.Foot.Text != "" {
		b.text(b.l.Foot, muted, sequence.LabelFont, false)
	}
}

func (b *brush) bar(i int) {
	box := b.l.Bars[i]
	if b.chosen == (item{bar: true, index: i, some: true}) {
		b.rect(sequence.Box{X: box.X - 4, Y: box.Y - 4, W: box.W + 8, H: box.H + 8}, faded(theme.Color(palette.ColorSelection), 0.45), nil, 0, 4)
	}
	switch b.d.Bars[i].State {
	case sequence.Waiting:
		c := theme.Color(palette.ColorWaiting)
		b.rect(box, theme.Color(palette.ColorStage), c, 1, 0)
		for y, step := box.Y+3, max(4, box.H/60); y < box.Y+box.H-1; y += step { // hatched
			b.line(sequence.Point{X: box.X + 1, Y: min(y+3, box.Y+box.H)}, sequence.Point{X: box.X + box.W - 1, Y: y}, c, 1)
		}
	case sequence.Working:
		b.rect(box, theme.Color(palette.ColorBusy), nil, 0, 0)
	case sequence.Blocked:
		b.rect(box, theme.Color(palette.ColorStage), theme.Color(palette.ColorBlocked), 1.5, 0)
	}
}

func (b *brush) arrow(i int) {
	m, a := b.d.Messages[i], b.l.Arrows[i]
	c := theme.Color(palette.Of(m.Class.Mark()).Color)
	if b.chosen == (item{index: i, some: true}) {
		for k, q := range a.Points[1:] {
			b.line(a.Points[k], q, faded(theme.Color(palette.ColorSelection), 0.6), 8)
		}
	}
	for k, q := range a.Points[1:] {
		p := a.Points[k]
		switch stroke := m.Class.Mark().Stroke(); {
		case len(b.d.Messages) > manyMessages:
			b.line(p, q, c, 1.8)
		case stroke == record.Dotted:
			b.dashes(p, q, c, 1.8, 3, 5)
		case stroke == record.Dashed:
			b.dashes(p, q, c, 1.8, 8, 5)
		default:
			b.line(p, q, c, 1.8)
		}
	}
	if a.Head {
		b.tip(a.HeadPoints(), c)
	}
	if a.Cross {
		p := a.Points[len(a.Points)-1]
		bad := theme.Color(palette.ColorLostSpark)
		const r = 5
		b.line(sequence.Point{X: p.X - r, Y: p.Y - r}, sequence.Point{X: p.X + r, Y: p.Y + r}, bad, 2.5)
		b.line(sequence.Point{X: p.X - r, Y: p.Y + r}, sequence.Point{X: p.X + r, Y: p.Y - r}, bad, 2.5)
	}
}

// tip draws the head of an arrow.
func (b *brush) tip(corners [3]sequence.Point, c color.Color) {
	from, to := corners[0], corners[0]
	for _, p := range corners[1:] {
		from = sequence.Point{X: min(from.X, p.X), Y: min(from.Y, p.Y)}
		to = sequence.Point{X: max(to.X, p.X), Y: max(to.Y, p.Y)}
	}
	o := &canvas.ArbitraryPolygon{FillColor: c}
	for _, p := range corners {
		o.Points = append(o.Points, fyne.NewPos(float32(p.X-from.X), float32(p.Y-from.Y)))
	}
	o.Move(b.at(from))
	o.Resize(fyne.NewSize(float32(to.X-from.X), float32(to.Y-from.Y)))
	b.out = append(b.out, o)
}

func faded(c color.Color, share float64) color.Color {
	r, g, b, a := c.RGBA()
	k := func(v uint32) uint8 { return uint8(float64(v>>8) * share) }
	return color.RGBA{k(r), k(g), k(b), k(a)}
}
