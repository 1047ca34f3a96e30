// Package svg writes the parts that all SVG images share: the frame of the
// document, texts, coordinates and escaping. The caller draws the rest.
//
//	d := svg.Document{Class: "al", W: 640, H: 480, Title: "shop", CSS: css}
//	p := svg.Open(w, d)
//	p.Put(`<rect x="%s" y="%s" …/>`, svg.Num(x), svg.Num(y))
//	p.Text("name", "middle", x, y, "pay")
//	err := p.Close()
package svg

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Document is the frame of an image: no script, no fonts or styles from outside.
type Document struct {
	Class      string // of the image; its styles begin with it
	W, H       float64
	Title      string // may be empty
	CSS        string
	Background bool // a rectangle of the class back behind everything
}

// Pen writes an image. Close returns the first error of the writer.
type Pen struct{ out *bufio.Writer }

// Open begins an image.
func Open(w io.Writer, d Document) *Pen {
	p := &Pen{bufio.NewWriter(w)}
	width, height := Num(math.Ceil(d.W)), Num(math.Ceil(d.H))
	p.Put(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" width="%s" height="%s" viewBox="0 0 %s %s" role="img">`+"\n",
		d.Class, width, height, width, height)
	if d.Title != "" {
		p.Put("<title>%s</title>\n", Escape(d.Title))
	}
	p.Put("<style>\n%s</style>\n", d.CSS)
	if d.Background {
		p.Put(`<rect class="back" width="%s" height="%s"/>`+"\n", width, height)
	}
	return p
}

// Put writes markup; texts in it are escaped by the caller.
func (p *Pen) Put(format string, args ...any) { fmt.Fprintf(p.out, format, args...) }

// Text writes a text; anchor is start, middle or end.
func (p *Pen) Text(class, anchor string, x, y float64, text string) {
	p.Put(`<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, Num(x), Num(y), Escape(text))
}

// Close ends the image.
func (p *Pen) Close() error {
	p.Put("</svg>\n")
	if err := p.out.Flush(); err != nil {
		return fmt.Errorf("write svg: %w", err)
	}
	return nil
}

// At writes a point in the data of a path.
func At(x, y float64) string { return Num(x) + "," + Num(y) }

// Num writes a coordinate with at most two decimals. Rounding hides the last
// bits, in which architectures may differ.
func Num(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // no -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// Escape escapes a text for an element or an attribute.
func Escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a strings.Builder never fails
	}
	return b.String()
}
