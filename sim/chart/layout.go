package chart

import (
	"math"

	"asynclab/sim/draw"
)

// Frame converts between places of the last drawing and data. Pixels are those
// of the image, from its upper left corner.
type Frame struct {
	Left, Top, Right, Bottom float64 // the area of the data

	x, y span
}

// Inside reports whether a place is in the area of the data.
func (f *Frame) Inside(px, py float64) bool {
	return px >= f.Left && px <= f.Right && py >= f.Top && py <= f.Bottom
}

// XToPixel returns the pixel of a value of the x axis.
func (f *Frame) XToPixel(x float64) float64 { return f.Left + f.x.part(x)*(f.Right-f.Left) }

// PixelToX returns the value of the x axis at a pixel.
func (f *Frame) PixelToX(px float64) float64 { return f.x.value((px - f.Left) / (f.Right - f.Left)) }

// YToPixel returns the pixel of a value of the y axis.
func (f *Frame) YToPixel(y float64) float64 { return f.Bottom - f.y.part(y)*(f.Bottom-f.Top) }

// XRange returns the range of the x axis.
func (f *Frame) XRange() (lo, hi float64) { return f.x.lo, f.x.hi }

// layout is a figure whose parts all have their places, in pixels of the style.
type layout struct {
	fig   *Figure
	p     *pen
	small float64 // size of text
	data  rect
	x, y  axis

	title, caption string
	titleAt        point
	captionAt      point
	keys           []placedKey
	bandNames      float64 // baseline of the names of bands; 0: not written
	xCaption       bool
}

type placedKey struct {
	Key
	at point // left end of the baseline
}

// Distances, in pixels of the style.
const (
	margin    = 8
	swatch    = 18 // length of the sample of a line in the legend
	keyGap    = 14 // between two keys
	tickGap   = 6  // between a label and the axis
	labelGap  = 12 // between two labels of the x axis
	lineWidth = 1.6
)

func newLayout(fig *Figure, p *pen) *layout {
	l := &layout{fig: fig, p: p, small: p.style.textSize() - 1}
	ex, ey := fig.extent()
	row := math.Ceil(l.small * 1.45)

	l.data = rect{margin, margin, p.w - margin, p.h - margin - row}
	if fig.X.Label != "" && p.h >= 20*l.small {
		l.xCaption = true
		l.data.y1 -= row
	}
	l.y = axis{unit: fig.Y.Unit, closest: max(2.4*l.small, p.h/12), names: fig.Y.Log, lead: p.h}
	l.y.measure = unitFor(fig.Y.Unit, highest(fig.Y, ey))
	if fig.Y.Unit == draw.Seconds && fig.Y.As > 0 {
		l.y.measure = unitFor(fig.Y.Unit, fig.Y.As)
		l.y.kept = !l.y.measure.clock
	}
	l.header(row)
	l.data.y0 += l.small * 0.4
	l.y.span = l.spanOf(fig.Y, ey, l.data.height(), &l.y)
	l.y.ticks = l.y.fitting(fig.Y.Names, l.data.height(), func(string) float64 { return 1.5 * l.small })

	widest := 0.0
	for _, t := range l.y.ticks {
		widest = max(widest, p.width(l.small, t.label))
	}
	l.data.x0 += math.Ceil(widest) + tickGap
	l.x = axis{unit: fig.X.Unit, closest: 3 * l.small, names: true, lead: l.data.x0 - margin/2 + labelGap/2}
	l.x.measure = unitFor(fig.X.Unit, max(highest(fig.X, ex), min(fig.X.Grows, secondUnits[len(secondUnits)-1].below)))
	l.x.span = l.spanX(ex)
	for range 4 { // each round may leave less room, and so fewer labels
		l.x.ticks = l.x.fitting(fig.X.Names, l.data.width(), func(t string) float64 { return p.width(l.small, t) + labelGap })
		if !l.keepRight() {
			break
		}
	}
	l.data = rect{p.snap(l.data.x0), p.snap(l.data.y0), p.snap(l.data.x1), p.snap(l.data.y1)}
	return l
}

// keepRight moves the right edge so that the last label of the x axis ends
// inside the figure, and reports whether it had to.
func (l *layout) keepRight() bool {
	for i := len(l.x.ticks) - 1; i >= 0; i-- {
		t := l.x.ticks[i]
		if t.label == "" {
			continue
		}
		part := l.x.span.part(t.value)
		over := l.data.x0 + part*l.data.width() + l.p.width(l.small, t.label)/2 - (l.p.w - margin/2)
		if over > 1e-6 && part > 0.5 {
			l.data.x1 -= over / part
			return true
		}
		break
	}
	return false
}

// highest returns the greatest number on an axis, before it is rounded.
func highest(a Axis, e extent) float64 {
	switch {
	case a.Min < a.Max:
		return a.Max
	case e.empty() || e.hi <= 0:
		return 1
	}
	return e.hi
}

func (l *layout) spanOf(a Axis, e extent, length float64, x *axis) span {
	switch {
	case len(a.Names) > 0:
		return span{-0.5, float64(len(a.Names)) - 0.5, false}
	case a.Min < a.Max && !(a.Log && a.Min <= 0):
		return span{a.Min, a.Max, a.Log}
	case a.Log:
		return logSpan(e)
	}
	return linearSpan(e, a.Unit, x.closest/max(length, x.closest), x.measure.clock)
}

// spanX returns the range of the x axis, which ends with the data, not with a
// tick.
func (l *layout) spanX(e extent) span {
	a := l.fig.X
	if len(a.Names) > 0 || a.Min < a.Max || a.Log || e.empty() || !(e.hi-e.lo > 1e-6*max(math.Abs(e.lo), math.Abs(e.hi))) {
		return l.spanOf(a, e, l.data.width(), &l.x)
	}
	return span{e.lo, e.hi, false}
}

// captionOf returns the label of an axis with its unit.
func captionOf(label, unit string) string {
	switch {
	case unit == "":
		return label
	case unit == "/s":
		return label + unit
	case label == "":
		return unit
	}
	return label + " (" + unit + ")"
}

// header places title, caption of the y axis, legend and names of bands, and
// moves the data below them.
func (l *layout) header(row float64) {
	p, fig := l.p, l.fig
	big := l.small + 2
	unit := l.y.measure.name
	if l.y.names {
		unit = "" // shown at the ticks
	}
	l.caption = captionOf(fig.Y.Label, unit)
	room := p.w - 2*margin
	if title := p.width(big, fig.Title); title+p.width(l.small, l.caption)+10 > room && (unit != "" || title+10 <= room) {
		l.caption = unit // the unit has to be shown; where the ticks show it, the title says more than the label
	}
	captionWidth := p.width(l.small, l.caption)
	l.title = p.short(big, fig.Title, room-captionWidth-10)
	end := margin + p.width(big, l.title)
	base := margin + big*0.95
	l.titleAt = point{margin, base}
	if l.title != "" && l.caption != "" {
		end += 10
	}
	l.captionAt = point{end, base}
	end += captionWidth
	if l.title != "" || l.caption != "" {
		l.data.y0 = margin + math.Ceil(big*1.4)
	}
	l.legend(row, end, base)
	for _, b := range fig.Bands {
		if b.Name != "" && p.h >= 16*l.small {
			l.bandNames = l.data.y0 + l.small
			l.data.y0 += math.Ceil(l.small * 1.3)
			break
		}
	}
}

// legend places the keys: right of the title if they fit there in one row,
// otherwise in rows below it, as many as a third of the height holds.
func (l *layout) legend(row, titleEnd, base float64) {
	p := l.p
	keys := l.fig.keys()
	total := -float64(keyGap)
	for _, k := range keys {
		total += swatch + 5 + p.width(l.small, k.Name) + keyGap
	}
	if len(keys) == 0 || p.h < 8*l.small {
		return
	}
	x, y := p.w-margin-total, base
	if x < titleEnd+2*keyGap {
		x, y = margin, l.data.y0+l.small
		l.data.y0 += row
	}
	last := p.h/3 + l.small
	for i, k := range keys {
		k.Name = p.short(l.small, k.Name, p.w-2*margin-swatch-5)
		w := swatch + 5 + p.width(l.small, k.Name)
		more := "+" + measureUnit{times: 1}.label(float64(len(keys)-i), 1, false)
		reserve := 0.0
		if i < len(keys)-1 && y+row > last {
			reserve = keyGap + p.width(l.small, more)
		}
		if x > margin && x+w+reserve > p.w-margin+0.5 {
			if y+row > last {
				l.keys = append(l.keys, placedKey{Key{Name: more, Color: Ink, Dash: NumDashes}, point{x, y}})
				return
			}
			x, y = margin, y+row
			l.data.y0 += row
		}
		l.keys = append(l.keys, placedKey{k, point{x, y}})
		x += w + keyGap
	}
}

// place returns the pixel of a point of the data.
func (l *layout) place(x, y float64) point {
	return point{l.data.x0 + l.x.span.part(x)*l.data.width(), l.data.y1 - l.y.span.part(y)*l.data.height()}
}

// frame returns the Frame of the layout.
func (l *layout) frame() Frame {
	k := l.p.style.scale()
	return Frame{Left: l.data.x0 * k, Top: l.data.y0 * k, Right: l.data.x1 * k, Bottom: l.data.y1 * k, x: l.x.span, y: l.y.span}
}
