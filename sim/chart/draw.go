package chart

import (
	"image"
	"image/draw"
	"io"
	"math"

	"git.sr.ht/~sbinet/gg"
	"gonum.org/v1/plot/vg/vgimg"
)

// Draw draws a figure over the whole of an image, whose upper left corner must
// be at (0, 0). The image is not kept.
func Draw(dst *image.RGBA, fig Figure, style Style) Frame {
	ctx := gg.NewContextForRGBA(dst)
	ctx.SetLineCapButt()
	ctx.SetLineJoin(gg.LineJoinBevel)
	ctx.InvertY()
	// At 72 dots an inch, a point is a pixel of the image.
	canvas := vgimg.NewWith(vgimg.UseDPI(72), vgimg.UseImageWithContext(dst, ctx))
	var behind image.Image = image.Transparent
	if style.Background != nil {
		behind = image.NewUniform(style.Background)
	}
	draw.Draw(dst, dst.Bounds(), behind, image.Point{}, draw.Src)
	k := style.scale()
	size := dst.Bounds().Size()
	p := &pen{c: canvas, style: &style, w: float64(size.X) / k, h: float64(size.Y) / k, points: k, snaps: true}
	return drawOn(p, &fig)
}

// PNG writes a figure as an image of width × height pixels of the style.
func PNG(w io.Writer, fig Figure, style Style, width, height int) error {
	return Sheet{Figures: []Figure{fig}}.PNG(w, style, width, height)
}

// SVG writes a figure as a drawing that needs no fonts.
func SVG(w io.Writer, fig Figure, style Style, width, height int) error {
	return Sheet{Figures: []Figure{fig}}.SVG(w, style, width, height)
}

func drawOn(p *pen, fig *Figure) Frame {
	l := newLayout(fig, p)
	if l.data.width() < 1 || l.data.height() < 1 {
		return Frame{x: l.x.span, y: l.y.span} // too small to draw anything
	}
	l.bands()
	l.grid()
	l.cells()
	l.bars()
	l.curves()
	l.cursor()
	l.words()
	return l.frame()
}

// narrow is the least width of a band, in hairs.
const narrow = 1.5

func (l *layout) bands() {
	p := l.p
	end, last := math.Inf(-1), ""
	for _, b := range l.fig.Bands {
		from, to := l.clampX(b.From), l.clampX(b.To)
		if !(from <= to) || b.From > l.x.span.hi || b.To < l.x.span.lo {
			continue
		}
		color := p.style.Band
		if b.Faint {
			color = faded(color, 0.5)
		}
		if to-from < narrow*p.hair() { // a band of a moment stays visible
			to = from + narrow*p.hair()
			color = opaque(color, 0.6)
		}
		p.fill(color, rect{from, l.data.y0, to, l.data.y1})
		// A name may be wider than its band, but not overlap the next name. What comes
		// again and again is named once.
		if w := p.width(l.small-1, b.Name); b.Name != "" && b.Name != last && l.bandNames > 0 {
			x := min(max((from+to-w)/2, l.data.x0), p.w-margin/2-w)
			if x >= end+4 && x >= l.data.x0 {
				p.text(p.style.Muted, l.small-1, point{x, l.bandNames}, b.Name)
				end, last = x+w, b.Name
			}
		}
	}
}

// clampX returns the pixel of a value, clamped to the area of the data.
func (l *layout) clampX(x float64) float64 {
	x = min(max(x, l.x.span.lo), l.x.span.hi)
	return l.p.snap(l.place(x, l.y.span.lo).x)
}

func (l *layout) grid() {
	p := l.p
	for _, t := range l.y.ticks {
		y := p.hairAt(l.place(l.x.span.lo, t.value).y)
		color := p.style.Grid
		if t.label == "" {
			color = faded(color, 0.5)
		}
		if len(l.fig.Y.Names) == 0 {
			p.line(color, p.hair(), Solid, point{l.data.x0, y}, point{l.data.x1, y})
		}
		w := p.width(l.small, t.label)
		p.text(p.style.Muted, l.small, point{l.data.x0 - tickGap - w, y + l.small*0.36}, t.label)
	}
	for _, t := range l.x.ticks {
		x := p.hairAt(l.place(t.value, l.y.span.lo).x)
		to := l.data.y1 + 4
		if t.label == "" {
			to = l.data.y1 + 2
		}
		p.line(p.style.Muted, p.hair(), Solid, point{x, l.data.y1}, point{x, to})
		w := p.width(l.small, t.label)
		left := max(x-w/2, margin/2)
		p.text(p.style.Muted, l.small, point{left, l.data.y1 + 4 + l.small*1.05}, t.label)
	}
	y := p.hairAt(l.data.y1)
	p.line(p.style.Muted, p.hair(), Solid, point{l.data.x0, y}, point{l.data.x1, y})
}

// bars fills each set of bars as one area, so that no seams are seen between them.
func (l *layout) bars() {
	p := l.p
	opacity := 0.75
	if len(l.fig.Bars) > 1 {
		opacity = 0.35
	}
	for i := range l.fig.Bars {
		b := &l.fig.Bars[i]
		color := p.style.Color(b.Color)
		edge := l.skyline(b)
		p.polygon(faded(color, opacity), edge)
		if len(l.fig.Bars) > 1 {
			p.polyline(color, 1.2, Solid, edge, l.data)
		}
	}
}

// skyline returns the upper edge of bars; it goes down to the axis between bars
// that do not touch.
func (l *layout) skyline(b *Bars) []point {
	var edge []point
	for _, bin := range b.Bins {
		if bin.Hi <= l.x.span.lo || bin.Lo >= l.x.span.hi || l.y.span.log && bin.Y <= 0 {
			continue
		}
		from, to := l.clampX(bin.Lo), l.clampX(bin.Hi)
		y := max(l.place(l.x.span.lo, bin.Y).y, l.data.y0)
		if n := len(edge); n == 0 {
			edge = append(edge, point{from, l.data.y1})
		} else if last := edge[n-1].x; last < from {
			edge = append(edge, point{last, l.data.y1}, point{from, l.data.y1})
		}
		edge = append(edge, point{from, y}, point{to, y})
	}
	if n := len(edge); n > 0 {
		edge = append(edge, point{edge[n-1].x, l.data.y1})
	}
	return edge
}

func (l *layout) cursor() {
	x := l.fig.Cursor
	if !l.fig.HasCursor || x < l.x.span.lo || x > l.x.span.hi {
		return
	}
	at := l.p.hairAt(l.place(x, l.y.span.lo).x)
	l.p.line(faded(l.p.style.Foreground, 0.7), l.p.hair(), Solid, point{at, l.data.y0}, point{at, l.data.y1})
}

// words writes the texts outside the data: title, captions, legend.
func (l *layout) words() {
	p := l.p
	p.text(p.style.Foreground, l.small+2, l.titleAt, l.title)
	p.text(p.style.Muted, l.small, l.captionAt, l.caption)
	if l.xCaption {
		text := p.short(l.small, l.fig.X.Label, l.data.width())
		at := point{l.data.x1 - p.width(l.small, text), p.h - margin*0.75}
		p.text(p.style.Muted, l.small, at, text)
	}
	for _, k := range l.keys {
		color, y := p.style.Color(k.Color), k.at.y-l.small*0.36
		x := k.at.x
		switch {
		case k.Dash >= NumDashes: // "+3": no sample
			p.text(p.style.Muted, l.small, k.at, k.Name)
			continue
		case k.Block:
			p.fill(faded(color, 0.75), rect{x + 4, y - 4, x + swatch - 4, y + 4})
		default:
			p.line(color, 2, k.Dash, point{x, y}, point{x + swatch, y})
		}
		p.text(p.style.Foreground, l.small, point{x + swatch + 5, k.at.y}, k.Name)
	}
	if l.fig.Empty != "" && l.nothing() {
		text := p.short(l.small, l.fig.Empty, l.data.width())
		half := p.width(l.small, text) / 2
		x, y := (l.data.x0+l.data.x1)/2, (l.data.y0+l.data.y1)/2
		if p.style.Background != nil && text != "" {
			p.fill(p.style.Background, rect{x - half - 6, y - l.small*1.4, x + half + 6, y + l.small*0.8})
		}
		p.text(p.style.Muted, l.small, point{x - half, y}, text)
	}
}

func (l *layout) nothing() bool {
	_, y := l.fig.extent()
	return y.empty()
}
