package chart

import (
	"image/color"
	"math"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pen draws in pixels of the style, from the upper left corner, on a canvas of
// gonum/plot, which counts upwards in points.
type pen struct {
	c      vg.Canvas
	style  *Style
	w, h   float64
	points float64 // points of the canvas in a pixel of the style
	snaps  bool    // the canvas has pixels to align to
}

type point struct{ x, y float64 }

// rect is an area, in pixels of the style.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) width() float64  { return r.x1 - r.x0 }
func (r rect) height() float64 { return r.y1 - r.y0 }

func (p *pen) at(q point) vg.Point {
	return vg.Point{X: vg.Length(q.x * p.points), Y: vg.Length((p.h - q.y) * p.points)}
}

// snap moves a coordinate to the border between two pixels of the image.
func (p *pen) snap(v float64) float64 {
	if !p.snaps {
		return v
	}
	return math.Round(v*p.points) / p.points
}

// hair returns the width of a thin line: whole pixels of the image.
func (p *pen) hair() float64 {
	if !p.snaps {
		return 1
	}
	return max(1, math.Floor(p.points)) / p.points
}

// hairAt returns the middle of a thin line at v that fills whole pixels.
func (p *pen) hairAt(v float64) float64 { return p.snap(v-p.hair()/2) + p.hair()/2 }

var dashes = [NumDashes][]float64{Dashed: {6, 4}, Dotted: {1.6, 2.8}, DashDot: {8, 3, 1.6, 3}}

func (p *pen) lineStyle(c color.Color, width float64, d Dash) draw.LineStyle {
	s := draw.LineStyle{Color: c, Width: vg.Length(width * p.points)}
	if d < NumDashes {
		for _, length := range dashes[d] {
			s.Dashes = append(s.Dashes, vg.Length(length*p.points))
		}
	}
	return s
}

func (p *pen) line(c color.Color, width float64, d Dash, from, to point) {
	canvas := draw.Canvas{Canvas: p.c}
	canvas.StrokeLines(p.lineStyle(c, width, d), []vg.Point{p.at(from), p.at(to)})
}

// polyline draws a line, cut off at the edges of an area.
func (p *pen) polyline(c color.Color, width float64, d Dash, points []point, within rect) {
	line := make([]vg.Point, len(points))
	for i, q := range points {
		line[i] = p.at(q)
	}
	lo, hi := p.at(point{within.x0, within.y1}), p.at(point{within.x1, within.y0})
	canvas := draw.Canvas{Canvas: p.c, Rectangle: vg.Rectangle{Min: lo, Max: hi}}
	lines := canvas.ClipLinesXY(line)
	style := p.lineStyle(c, width, d)
	if !p.snaps {
		canvas.StrokeLines(style, lines...)
		return
	}
	for _, l := range lines {
		p.inPieces(&canvas, style, l)
	}
}

// inPieces strokes a line a few points at a time, which looks the same: the
// time to fill the outline of a line grows with the square of its corners.
func (p *pen) inPieces(canvas *draw.Canvas, style draw.LineStyle, line []vg.Point) {
	const most = 24
	for len(line) > most {
		canvas.StrokeLines(style, line[:most])
		if len(style.Dashes) > 0 { // continue the dash pattern
			for i, q := range line[1:most] {
				style.DashOffs += vg.Length(math.Hypot(float64(q.X-line[i].X), float64(q.Y-line[i].Y)))
			}
		}
		line = line[most-1:]
	}
	canvas.StrokeLines(style, line)
}

func (p *pen) fill(c color.Color, r rect) {
	p.polygon(c, []point{{r.x0, r.y0}, {r.x1, r.y0}, {r.x1, r.y1}, {r.x0, r.y1}})
}

func (p *pen) polygon(c color.Color, corners []point) {
	outline := make([]vg.Point, len(corners))
	for i, q := range corners {
		outline[i] = p.at(q)
	}
	canvas := draw.Canvas{Canvas: p.c}
	canvas.FillPolygon(c, outline)
}

// text writes a text whose baseline begins at a point.
func (p *pen) text(c color.Color, size float64, at point, text string) {
	p.c.SetColor(c)
	p.c.Fill(outline(p.style.Font, text, p.at(point{at.x, p.snap(at.y)}), vg.Length(size*p.points)))
}

func (p *pen) width(size float64, text string) float64 { return size * textWidth(p.style.Font, text) }

// short returns the text, or as much of its beginning as fits into the room,
// with "…". It is empty where not even one character fits.
func (p *pen) short(size float64, text string, room float64) string {
	if p.width(size, text) <= room {
		return text
	}
	for text != "" {
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
		if text != "" && p.width(size, text+"…") <= room {
			return text + "…"
		}
	}
	return ""
}
