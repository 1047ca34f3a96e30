package chart

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"html"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Sheet is figures of one size, row by row.
type Sheet struct {
	Title   string // for who cannot see it; empty: that of the first figure
	Figures []Figure
	Columns int // 0: 1
}

func (s Sheet) columns() int { return max(1, min(s.Columns, len(s.Figures))) }

func (s Sheet) rows() int { return (len(s.Figures) + s.columns() - 1) / s.columns() }

// PNG writes the sheet as an image, each figure width × height pixels of the style.
func (s Sheet) PNG(w io.Writer, style Style, width, height int) error {
	k := style.scale()
	x, y := int(math.Round(float64(width)*k)), int(math.Round(float64(height)*k))
	img := image.NewRGBA(image.Rect(0, 0, x*s.columns(), y*s.rows()))
	if style.Background != nil {
		draw.Draw(img, img.Bounds(), image.NewUniform(style.Background), image.Point{}, draw.Src)
	}
	for i, fig := range s.Figures {
		at := image.Pt(i%s.columns()*x, i/s.columns()*y)
		one := image.NewRGBA(image.Rect(0, 0, x, y))
		Draw(one, fig, style)
		draw.Draw(img, one.Bounds().Add(at), one, image.Point{}, draw.Src)
	}
	if err := png.Encode(w, img); err != nil {
		return fmt.Errorf("png: %w", err)
	}
	return nil
}

// SVG writes the sheet as a drawing that needs no fonts.
func (s Sheet) SVG(w io.Writer, style Style, width, height int) error {
	const points = 0.75 // an inch has 96 pixels and 72 points
	all := float64(height * s.rows())
	canvas := vgsvg.New(vg.Length(float64(width*s.columns())*points), vg.Length(all*points))
	for i, fig := range s.Figures {
		x, y := float64(i%s.columns()*width), float64((i/s.columns()+1)*height) // y: of the lower edge, from the top
		canvas.Push()
		canvas.Translate(vg.Point{X: vg.Length(x * points), Y: vg.Length((all - y) * points)})
		p := &pen{c: canvas, style: &style, w: float64(width), h: float64(height), points: points}
		if style.Background != nil {
			p.fill(style.Background, rect{0, 0, p.w, p.h})
		}
		drawOn(p, &fig)
		canvas.Pop()
	}
	var text bytes.Buffer
	if _, err := canvas.WriteTo(&text); err != nil {
		return fmt.Errorf("svg: %w", err)
	}
	title := s.Title
	if len(s.Figures) > 0 {
		title = cmp.Or(title, s.Figures[0].Title)
	}
	// Outlines cannot be read aloud or searched; a title can.
	head, body, _ := bytes.Cut(text.Bytes(), []byte(`1999/xlink">`))
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s1999/xlink\">\n<title>%s</title>%s", head, html.EscapeString(title), body)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("svg: %w", err)
	}
	return nil
}
