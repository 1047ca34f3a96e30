package figure

import (
	"bytes"
	"encoding/csv"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"asynclab/sim/chart"
	"asynclab/sim/draw"
	"asynclab/ui/palette"
)

// themed is an application with the light theme of the lab.
func themed(t *testing.T) fyne.App {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(palette.NewTheme(palette.Light))
	return app
}

// line5 is a figure whose curve goes from (0 s, 0) to (10 s, 5/s).
func line5() chart.Figure {
	return chart.Figure{
		Title: "Throughput", X: chart.Axis{Unit: draw.Seconds, Max: 10}, Y: chart.Axis{Unit: draw.PerSecond},
		Curves: []chart.Curve{{Name: "completed", XY: []chart.XY{{X: 0, Y: 0}, {X: 4, Y: 2}, {X: 10, Y: 5}}, Color: 2}},
	}
}

// shown is a figure in a window, painted and drawn.
func shown(t *testing.T, fig chart.Figure, w, h float32) (*Figure, fyne.Window) {
	t.Helper()
	f := New()
	f.Set(fig)
	win := test.NewTempWindow(t, f)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	settle(win)
	return f, win
}

// settle paints the window, which asks for a drawing, and waits for that.
func settle(w fyne.Window) image.Image {
	w.Canvas().Capture()
	Flush()
	return w.Canvas().Capture()
}

func has(img image.Image, c color.Color) bool {
	want := color.NRGBAModel.Convert(c)
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if color.NRGBAModel.Convert(img.At(x, y)) == want {
				return true
			}
		}
	}
	return false
}

func TestFigureIsSeen(t *testing.T) {
	app := themed(t)
	f, win := shown(t, line5(), 480, 270)
	light := theme.Color(palette.ColorCurve3)
	if img := settle(win); !has(img, light) || img.Bounds().Dx() != 480 {
		t.Errorf("the curve is not in the window of %v", img.Bounds())
	}
	app.Settings().SetTheme(palette.NewTheme(palette.Dark))
	f.Refresh() // as the window does then
	if img := settle(win); !has(img, theme.Color(palette.ColorCurve3)) || has(img, light) {
		t.Error("the curve does not follow the theme")
	}
	fig := line5()
	fig.Curves[0].Color = 3
	f.Set(fig)
	if img := settle(win); !has(img, theme.Color(palette.ColorCurve4)) {
		t.Error("the new figure is not in the window")
	}
}

// A resize is drawn anew, to the pixel; the images take turns.
func TestResize(t *testing.T) {
	themed(t)
	f, win := shown(t, line5(), 480, 270)
	first := f.current().image
	f.Set(line5())
	settle(win)
	second := f.current().image
	f.Set(line5())
	settle(win)
	if second == first || f.current().image != first {
		t.Error("images are not used again in turn")
	}
	win.Resize(fyne.NewSize(700, 400))
	settle(win)
	if got := f.current().image.Bounds().Size(); got != image.Pt(700, 400) {
		t.Errorf("the image is %v", got)
	}
}

func TestHiDPI(t *testing.T) {
	themed(t)
	f := New()
	f.Set(line5())
	win := test.NewTempWindow(t, f)
	win.Canvas().(software.WindowlessCanvas).SetScale(2)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(300, 200))
	settle(win)
	if d := f.current(); d.image.Bounds().Size() != image.Pt(600, 400) || d.scale != 2 {
		t.Errorf("the image is %v at scale %v", d.image.Bounds(), d.scale)
	}
	x, inside := f.xAt(placeOf(f, 4, 1))
	if !inside || math.Abs(x-4) > 0.05 {
		t.Errorf("pointed at %v", x)
	}
}

// placeOf is where a point of the data is in the widget.
func placeOf(f *Figure, x, y float64) fyne.Position {
	d := f.current()
	return fyne.NewPos(float32(d.frame.XToPixel(x)/d.scale), float32(d.frame.YToPixel(y)/d.scale))
}

func move(f *Figure, p fyne.Position) {
	f.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
}

// readout is the visible texts above the image.
func readout(f *Figure) (texts []string) {
	for _, o := range test.WidgetRenderer(f).Objects() {
		if text, ok := o.(*canvas.Text); ok && text.Visible() {
			texts = append(texts, text.Text)
		}
	}
	return texts
}

func TestPointing(t *testing.T) {
	themed(t)
	f, _ := shown(t, line5(), 480, 270)
	other, _ := shown(t, line5(), 480, 270)
	var points []float64
	f.OnPoint = func(x float64) {
		points = append(points, x)
		other.SetPointer(x)
	}
	move(f, placeOf(f, 4.2, 1))
	if len(points) != 1 || math.Abs(points[0]-4.2) > 0.05 {
		t.Fatalf("pointed at %v", points)
	}
	for _, g := range []*Figure{f, other} {
		if got := strings.Join(readout(g), "|"); got != "4.2s||completed|2/s" {
			t.Errorf("readout %q", got)
		}
	}
	before := f.current().image
	move(f, fyne.NewPos(1, 1)) // outside of the data
	f.MouseOut()
	if len(points) != 2 || !math.IsNaN(points[1]) || len(readout(f))+len(readout(other)) != 0 {
		t.Errorf("after leaving: %v, %q, %q", points, readout(f), readout(other))
	}
	if Flush(); f.current().image != before {
		t.Error("pointing drew the figure again")
	}
}

// The readout stays inside the widget, wherever the pointer is.
func TestReadoutInside(t *testing.T) {
	themed(t)
	fig := line5()
	for range 20 {
		fig.Curves = append(fig.Curves, chart.Curve{Name: "the name of a service that is long", XY: fig.Curves[0].XY})
	}
	f, _ := shown(t, fig, 600, 300)
	for _, x := range []float64{0, 5, 10} { // at both edges and between
		f.SetPointer(x)
		box := test.WidgetRenderer(f).(*renderer).box
		if !box.Visible() || box.Position().X < 0 || box.Position().X+box.Size().Width > 600 || box.Position().Y+box.Size().Height > 300 {
			t.Errorf("at %v: %v %v", x, box.Position(), box.Size())
		}
	}
	f.SetPointer(11)
	if test.WidgetRenderer(f).(*renderer).line.Visible() {
		t.Error("a cross-hair outside the axis")
	}
}

func TestTap(t *testing.T) {
	themed(t)
	f, _ := shown(t, line5(), 480, 270)
	var taps []float64
	f.OnTap = func(x float64) { taps = append(taps, x) }
	f.Tapped(&fyne.PointEvent{Position: placeOf(f, 7, 2)})
	f.Tapped(&fyne.PointEvent{Position: fyne.NewPos(2, 2)})
	if len(taps) != 1 || math.Abs(taps[0]-7) > 0.05 {
		t.Errorf("taps at %v", taps)
	}
}

func TestMenu(t *testing.T) {
	app := themed(t)
	f, win := shown(t, line5(), 480, 270)
	var kinds []Export
	f.OnExport = func(k Export) { kinds = append(kinds, k) }
	f.TappedSecondary(&fyne.PointEvent{Position: fyne.NewPos(50, 50)})
	if win.Canvas().Overlays().Top() == nil {
		t.Error("there is no menu")
	}
	items := f.menu().Items
	for _, i := range items[:3] {
		i.Action()
	}
	if len(kinds) != 3 || kinds[0] != PNG || kinds[1] != SVG || kinds[2] != CSV {
		t.Errorf("exports %v", kinds)
	}
	items[3].Action()
	if text := app.Clipboard().Content(); !strings.HasPrefix(text, "x") && !strings.Contains(text, "completed (1/s)") {
		t.Errorf("copied %q", text)
	}
	log := items[len(items)-1]
	log.Action()
	if !f.Chart().Y.Log || !f.menu().Items[len(items)-1].Checked {
		t.Error("the axis is not logarithmic")
	}
	log.Action()
	if f.Chart().Y.Log {
		t.Error("the axis stays logarithmic")
	}
	Flush()
}

func TestWrite(t *testing.T) {
	themed(t)
	f, _ := shown(t, line5(), 700, 300)
	var out bytes.Buffer
	if err := f.Write(&out, PNG); err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(&out); err != nil || img.Bounds().Size() != image.Pt(1400, 720) {
		t.Errorf("PNG: %v", err)
	}
	if err := f.Write(&out, SVG); err != nil || !strings.Contains(out.String(), "<title>Throughput</title>") {
		t.Errorf("SVG: %v", err)
	}
	out.Reset()
	if err := f.Write(&out, CSV); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 4 || rows[2][1] != "2" {
		t.Errorf("CSV: %v, %v", rows, err)
	}
	if err := f.Write(&out, 9); err == nil {
		t.Error("no error for a kind that is none")
	}
	if PNG.Extension()+SVG.Extension()+CSV.Extension() != ".png.svg.csv" {
		t.Error("extensions")
	}
}

// A figure that nobody sees is not drawn; one that is closed is not drawn on.
func TestUnseen(t *testing.T) {
	themed(t)
	f := New()
	f.Set(line5())
	Flush()
	if f.current().image != nil {
		t.Error("drawn without being seen")
	}
	g, _ := shown(t, line5(), 300, 200)
	before := g.current().image
	g.Set(line5())
	test.WidgetRenderer(g).Destroy()
	Flush()
	if img := g.current().image; img != before && g.parts != nil {
		t.Error("drawn after it was closed")
	}
}
