package chart

import (
	"bytes"
	"image/png"
	"math"
	"strings"
	"testing"
)

func curveOf(color int, ys ...float64) Curve {
	c := Curve{Color: color}
	for i, y := range ys {
		c.XY = append(c.XY, XY{float64(i), y})
	}
	return c
}

// An interval is seen between its ends and not beyond, and the axis has room for it.
func TestIntervals(t *testing.T) {
	c := curveOf(0, 10, 10, 10)
	c.Low, c.High = []float64{5, 5, 5}, []float64{20, 20, 20}
	f := Figure{Curves: []Curve{c}}
	style := Light()
	img, frame := drawn(f, style, 300, 200)
	if frame.YToPixel(20) < frame.Top-1 {
		t.Error("the axis ends below the interval")
	}
	tinted := func(y float64) bool {
		p := img.RGBAAt(int((frame.Left+frame.Right)/2)+3, int(frame.YToPixel(y)))
		return int(p.B) > int(p.R)+15
	}
	if !tinted(15.3) || !tinted(7.7) || tinted(2.5) {
		t.Errorf("the band: at 15 %v, at 8 %v, at 2 %v", tinted(15.3), tinted(7.7), tinted(2.5))
	}
	// A gap in the interval is a gap in the band.
	f.Curves[0].Low[1] = math.NaN()
	if img, frame = drawn(f, style, 300, 200); tinted(15.3) {
		t.Error("a band where there is no interval")
	}
	// Points that stand apart have no line between them.
	f.Curves[0] = curveOf(0, 10, 20)
	f.Curves[0].Dots = true
	count := func() int {
		img, frame := drawn(f, style, 300, 200)
		return inked(img, style.Color(0), int(frame.Left)+20, int(frame.Right)-20, int(frame.Top), int(frame.Bottom))
	}
	with := count()
	if f.Curves[0].Apart = true; with < 100 || count() > 0 {
		t.Errorf("%d pixels of a line, %d where points stand apart", with, count())
	}
}

// A heat map has its cells in the places of the names, darker where the value is greater.
func TestCells(t *testing.T) {
	f := Figure{
		X: Axis{Names: []string{"a", "b", "c"}}, Y: Axis{Names: []string{"1", "2"}},
		Cells: []Cell{{X: 0, Y: 0, Part: 0}, {X: 1, Y: 0, Part: 0.5, Text: "x"}, {X: 2, Y: 1, Part: 1}},
	}
	img, frame := drawn(f, Light(), 400, 240)
	red := func(x, y float64) uint8 { // the palette's first colour is blue: the redder, the lighter
		return img.RGBAAt(int(frame.XToPixel(x)), int(frame.YToPixel(y))).R
	}
	if a, b, c, none := red(0, 0.2), red(1, 0.2), red(2, 1.2), red(0, 1.2); !(c < b && b < a && a < none) {
		t.Errorf("shades %d %d %d, none %d", a, b, c, none)
	}
}

// What is written into a cell can be read on every shade, on paper and on the screen.
func TestCellContrast(t *testing.T) {
	for _, style := range []Style{Light(), Dark()} {
		for part := 0.0; part <= 1; part += 0.05 {
			shade := over(faded(style.Color(0), 0.05+0.95*part), style.Background)
			if best := max(contrast(style.Foreground, shade), contrast(style.Background, shade)); best < 3.5 {
				t.Errorf("at %.2f the better of both inks has a contrast of %.1f", part, best)
			}
		}
	}
	if c := contrast(rgb(0), rgb(0xffffff)); math.Abs(c-21) > 1e-9 {
		t.Errorf("black on white: %g", c)
	}
}

// A sheet has each figure in its place, whole.
func TestSheet(t *testing.T) {
	one, two := Figure{Title: "one", Curves: []Curve{curveOf(0, 1, 2)}}, Figure{Title: "two", Curves: []Curve{curveOf(1, 1, 2)}}
	s := Sheet{Title: "A & B", Figures: []Figure{one, two, one}, Columns: 2}
	var b bytes.Buffer
	if err := s.PNG(&b, Light(), 200, 100); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil || img.Bounds().Dx() != 400 || img.Bounds().Dy() != 200 {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	single, _ := drawn(two, Light(), 200, 100)
	for y := range 100 {
		for x := range 200 {
			r, g, bl, _ := img.At(200+x, y).RGBA()
			R, G, B, _ := single.At(x, y).RGBA()
			if r != R || g != G || bl != B {
				t.Fatalf("the second figure differs at %d, %d", x, y)
			}
		}
	}
	b.Reset()
	if err := s.SVG(&b, Light(), 200, 100); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "<title>A &amp; B</title>") || strings.Count(text, "translate(") < 2 {
		t.Errorf("%.400s", text)
	}
}
