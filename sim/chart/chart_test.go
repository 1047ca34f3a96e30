package chart

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"asynclab/sim/draw"
)

// busy is a figure with some of everything.
func busy() Figure {
	r := rand.New(rand.NewPCG(1, 2))
	f := Figure{
		Title:  "Throughput",
		X:      Axis{Label: "simulated time", Unit: draw.Seconds, Min: 0, Max: 600},
		Y:      Axis{Label: "operations", Unit: draw.PerSecond},
		Bands:  []Band{{Name: "crash pay", From: 120, To: 150}, {Name: "slow stock", From: 300, To: 400, Faint: true}},
		Cursor: 480, HasCursor: true,
	}
	for c, name := range []string{"offered", "accepted", "completed", "failed"} {
		k := Curve{Name: name, Color: c, Dash: Dash(c), Step: c == 3}
		for i := range 240 {
			y := 200 - 40*float64(c) + 10*r.NormFloat64()
			if c == 1 && i > 50 && i < 60 {
				y = math.NaN()
			}
			k.XY = append(k.XY, XY{float64(i) * 2.5, y})
		}
		f.Curves = append(f.Curves, k)
	}
	return f
}

func drawn(f Figure, style Style, w, h int) (*image.RGBA, Frame) {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	return img, Draw(img, f, style)
}

// inked counts pixels of a column range near a colour.
func inked(img *image.RGBA, c color.Color, x0, x1, y0, y1 int) int {
	want := color.NRGBAModel.Convert(c).(color.NRGBA)
	n := 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			p := img.RGBAAt(x, y)
			if near(p.R, want.R) && near(p.G, want.G) && near(p.B, want.B) {
				n++
			}
		}
	}
	return n
}

func near(a, b uint8) bool { return max(a, b)-min(a, b) < 60 }

// What was in the image before leaves no trace, and the same figure is the same
// image.
func TestDrawIntoUsedImage(t *testing.T) {
	a, _ := drawn(busy(), Dark(), 640, 240)
	b := image.NewRGBA(a.Rect)
	for i := range b.Pix {
		b.Pix[i] = uint8(i)
	}
	Draw(b, busy(), Dark())
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("the image depends on what was in it")
	}
}

// One peak among a hundred thousand points is seen where it is.
func TestPeakIsSeen(t *testing.T) {
	style := Light()
	f := Figure{X: Axis{Min: 0, Max: 100_000}, Y: Axis{Min: 0, Max: 10}}
	c := Curve{Color: 0}
	for i := range 100_000 {
		y := 1.0
		if i == 77_777 {
			y = 9
		}
		c.XY = append(c.XY, XY{float64(i), y})
	}
	f.Curves = []Curve{c}
	img, frame := drawn(f, style, 640, 240)
	x, y := int(frame.XToPixel(77_777)), int(frame.YToPixel(6))
	if inked(img, style.Palette[0], x-2, x+3, y-30, y+30) < 40 {
		t.Error("the peak is not in the picture")
	}
	if inked(img, style.Palette[0], x+8, x+100, y-30, y+30) > 0 {
		t.Error("there is something where no peak is")
	}
}

func TestGapsAreGaps(t *testing.T) {
	style := Light()
	for _, log := range []bool{false, true} {
		f := Figure{X: Axis{Min: 0, Max: 10}, Y: Axis{Min: 1, Max: 100, Log: log}}
		missing := math.NaN()
		if log {
			missing = 0 // has no place on a logarithmic axis
		}
		f.Curves = []Curve{{XY: []XY{{0, 10}, {2, 10}, {4, missing}, {6, 10}, {7, missing}, {8, 10}, {10, 10}}}}
		img, frame := drawn(f, style, 640, 240)
		at := func(x0, x1 float64) int {
			return inked(img, style.Palette[0], int(frame.XToPixel(x0)), int(frame.XToPixel(x1)), int(frame.Top), int(frame.Bottom))
		}
		if at(0.2, 1.8) == 0 || at(8.2, 9.8) == 0 {
			t.Errorf("log %v: the curve is not there", log)
		}
		if at(2.2, 5.8) != 0 || at(6.2, 6.8) != 0 {
			t.Errorf("log %v: a curve goes through a gap", log)
		}
		if at(5.8, 6.2) == 0 {
			t.Errorf("log %v: a value alone between gaps is not seen", log)
		}
	}
}

func TestBandsAndCursor(t *testing.T) {
	style := Light()
	style.Band = color.NRGBA{255, 0, 0, 255}
	f := Figure{X: Axis{Min: 0, Max: 10}, Y: Axis{Max: 1}, Bands: []Band{{Name: "crash", From: 2, To: 3}}, Cursor: 5, HasCursor: true}
	img, frame := drawn(f, style, 400, 200)
	middle := int(frame.Top+frame.Bottom) / 2
	red := color.RGBA{255, 0, 0, 255}
	for _, x := range []struct {
		x    float64
		want bool
	}{{1.9, false}, {2.1, true}, {2.9, true}, {3.1, false}} {
		if got := img.RGBAAt(int(frame.XToPixel(x.x)), middle+3) == red; got != x.want {
			t.Errorf("band at %v: %v, want %v", x.x, got, x.want)
		}
	}
	x, darkest := int(frame.XToPixel(5)), uint8(255)
	for dx := -2; dx <= 2; dx++ {
		darkest = min(darkest, img.RGBAAt(x+dx, middle+3).R)
	}
	if darkest > 128 {
		t.Error("there is no cursor")
	}
}

func TestAt(t *testing.T) {
	nan := math.NaN()
	f := Figure{
		Curves: []Curve{
			{Name: "line", XY: []XY{{0, 1}, {10, 2}, {20, nan}, {30, 4}}},
			{Name: "step", XY: []XY{{0, 1}, {10, 2}, {20, 3}}, Step: true},
			{Name: "none"},
		},
		Bars: []Bars{{Name: "bars", Bins: []Bin{{0, 10, 5}, {15, 20, 6}}}},
	}
	for _, c := range []struct {
		x    float64
		want [4]float64
	}{
		{-1, [4]float64{1, nan, nan, nan}},
		{4, [4]float64{1, 1, nan, 5}},
		{6, [4]float64{2, 1, nan, 5}},
		{12, [4]float64{2, 2, nan, 0}},
		{18, [4]float64{nan, 2, nan, 6}},
		{29, [4]float64{4, nan, nan, nan}},
	} {
		for i, r := range f.At(c.x) {
			if r.Y != c.want[i] && !(math.IsNaN(r.Y) && math.IsNaN(c.want[i])) {
				t.Errorf("%s at %v: %v, want %v", r.Name, c.x, r.Y, c.want[i])
			}
		}
	}
}

func TestCSV(t *testing.T) {
	curves := Figure{
		X: Axis{Label: "time", Unit: draw.Seconds}, Y: Axis{Unit: draw.PerSecond},
		Curves: []Curve{
			{Name: `p"50", all`, XY: []XY{{0.5, 1}, {1.5, math.NaN()}, {2.5, 1.0 / 3}}},
			{Name: "p99", XY: []XY{{1, 7}, {2.5, 8}}},
		},
	}
	bars := Figure{
		X: Axis{Label: "latency", Unit: draw.Seconds}, Y: Axis{Label: "share", Unit: draw.Ratio},
		Bars: []Bars{{Name: "a", Bins: []Bin{{0, 1, 0.25}}}, {Name: "b", Bins: []Bin{{0, 1, 0.5}, {1, 2, 0.5}}}},
	}
	for _, c := range []struct {
		name string
		fig  Figure
		want string
	}{
		{"curves", curves, "time (s),\"p\"\"50\"\", all (1/s)\",p99 (1/s)\r\n0.5,1,\r\n1,,7\r\n1.5,,\r\n2.5,0.3333333333333333,8\r\n"},
		{"bars", bars, "latency (s) from,latency (s) to,a,b\r\n0,1,0.25,0.5\r\n1,2,,0.5\r\n"},
	} {
		var got strings.Builder
		if err := CSV(&got, c.fig); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, got.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

func TestPNG(t *testing.T) {
	style := Light()
	style.Scale = 2
	var out bytes.Buffer
	if err := PNG(&out, busy(), style, 320, 180); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&out)
	if err != nil || img.Bounds() != image.Rect(0, 0, 640, 360) {
		t.Errorf("the image is %v: %v", img.Bounds(), err)
	}
}

// An SVG is well-formed, has its title for readers and search, and needs no font.
func TestSVG(t *testing.T) {
	f := busy()
	f.Title = "a < b & 吞吐量"
	var out bytes.Buffer
	if err := SVG(&out, f, Light(), 640, 240); err != nil {
		t.Fatal(err)
	}
	title, elements := "", map[string]int{}
	d := xml.NewDecoder(&out)
	for last := ""; ; {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			last = e.Name.Local
			elements[last]++
		case xml.CharData:
			if last == "title" {
				title += string(e)
			}
		}
	}
	if !strings.HasPrefix(title, f.Title) {
		t.Errorf("the title is %q", title)
	}
	if elements["text"] > 0 || elements["path"] < 40 {
		t.Errorf("elements: %v", elements)
	}
}

// Chinese is drawn with the given font; what that lacks comes from the other.
func TestFonts(t *testing.T) {
	data, err := os.ReadFile("../../assets/fonts/NotoSansSC-Regular.otf")
	if err != nil {
		t.Fatal(err)
	}
	if err := UseFont("noto", data); err != nil {
		t.Fatal(err)
	}
	box := liberation().missing()
	if g := glyphsOf("", "吞"); g[0] != box {
		t.Error("Liberation Sans has Chinese?")
	}
	for _, g := range glyphsOf("noto", "吞吐量 p99 (µs)") {
		if g == box || g.advance <= 0 {
			t.Error("a glyph is missing")
		}
	}
	const hebrew = "\u05d0" // in Liberation, not in the subset
	if g := glyphsOf("noto", hebrew); g[0] == box {
		t.Error("the other font was not asked")
	}
	if err := UseFont("broken", []byte("no font")); err == nil {
		t.Error("no error for what is no font")
	}
}

// The legend shows every key, or says how many it leaves out, inside the figure
// and above the data.
func TestLegend(t *testing.T) {
	f := busy()
	for i := range 30 {
		f.Keys = append(f.Keys, Key{Name: "service number " + strings.Repeat("x", i), Color: i})
	}
	style := Light()
	for _, size := range []struct{ w, h float64 }{{200, 120}, {320, 180}, {640, 240}, {1600, 600}, {1600, 1200}} {
		l := newLayout(&f, &pen{style: &style, w: size.w, h: size.h, points: 1, snaps: true})
		shown := len(l.keys)
		if n := len(l.keys); n > 0 && l.keys[n-1].Dash == NumDashes {
			shown += 29 - n // "+…" stands for the rest
			shown += 1
			if !strings.HasPrefix(l.keys[n-1].Name, "+") {
				t.Errorf("%v: %q", size, l.keys[n-1].Name)
			}
		}
		if shown != len(f.Keys) && size.h >= 120 {
			t.Errorf("%v: %d keys of %d", size, shown, len(f.Keys))
		}
		for i, k := range l.keys {
			end := k.at.x + l.p.width(l.small, k.Name)
			if k.Dash < NumDashes {
				end += swatch + 5
			}
			if k.at.x < margin || end > size.w-margin+1 || k.at.y > l.data.y0 {
				t.Errorf("%v: key %d at %v ends at %v, data %v", size, i, k.at, end, l.data)
			}
		}
		if l.data.height() < size.h/4 {
			t.Errorf("%v: %v left for the data", size, l.data)
		}
	}
}

func TestKeysByName(t *testing.T) {
	f := Figure{Curves: []Curve{{Name: "a", Color: 1, Dash: Dotted}, {}}, Bars: []Bars{{Name: "b", Color: 2}}}
	want := []Key{{Name: "a", Color: 1, Dash: Dotted}, {Name: "b", Color: 2, Block: true}}
	if got := f.keys(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Drawing four curves of 240 points is to cost less than 3 ms.
func BenchmarkDraw(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 640, 240))
	f, style := busy(), Dark()
	b.ReportAllocs()
	for b.Loop() {
		Draw(img, f, style)
	}
}

// A curve says nothing where it has not begun or is over.
func TestAtBeyondCurve(t *testing.T) {
	f := Figure{Curves: []Curve{{Name: "a", XY: []XY{{10, 1}, {12, 2}, {15, 3}}}}}
	for x, want := range map[float64]float64{7.9: math.NaN(), 8: 1, 11.5: 2, 18: 3, 18.1: math.NaN(), 100: math.NaN()} {
		if got := f.At(x)[0].Y; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Errorf("at %g: %g, want %g", x, got, want)
		}
	}
}
