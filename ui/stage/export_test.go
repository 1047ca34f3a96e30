package stage

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"asynclab/sim/golden"
	"asynclab/sim/record"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

func TestSVG(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "broker"), 1000, 500)
	l := sample(s.scene, 12)
	l.Moving = 60
	s.SetLane(l)
	var out bytes.Buffer
	if err := s.SVG(&out); err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(out.Bytes())); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture is not XML: %v", err)
		}
	}
	golden.Equal(t, "testdata/broker.svg", out.Bytes())
}

// The saved picture was English, whatever the window spoke.
func TestSVGIsTranslated(t *testing.T) {
	t.Cleanup(func() { locale.Use("en") })
	locale.Use("zh-Hans")
	s := shown(t, scene(t, "order-flow", "chain"), 1000, 500)
	var out bytes.Buffer
	if err := s.SVG(&out); err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"64 个线程", "(服务)", "(调用)"} {
		if !strings.Contains(out.String(), said) {
			t.Errorf("%q is missing", said)
		}
	}
	for _, english := range []string{"worker", "(service)", "(call)"} {
		if strings.Contains(out.String(), english) {
			t.Errorf("%q is not translated", english)
		}
	}
}

func TestPNG(t *testing.T) {
	s := shown(t, scene(t, "order-flow", "chain"), 1000, 500)
	s.SetLane(sample(s.scene, 12))
	s.zoom(3, s.middle()) // the picture is saved whole all the same
	size := map[float32]int{}
	for _, scale := range []float32{1, 2} {
		var out bytes.Buffer
		if err := s.PNG(&out, scale); err != nil {
			t.Fatal(err)
		}
		im, err := png.Decode(&out)
		if err != nil {
			t.Fatal(err)
		}
		size[scale] = im.Bounds().Dx()
		colours := map[any]bool{}
		for x := range im.Bounds().Dx() {
			colours[im.At(x, im.Bounds().Dy()/2)] = true
		}
		if len(colours) < 10 {
			t.Errorf("at scale %v the middle of the picture has %d colours", scale, len(colours))
		}
	}
	if d := size[2] - 2*size[1]; d < -2 || d > 2 {
		t.Errorf("%d pixels wide at scale 1, %d at scale 2", size[1], size[2])
	}
	if s.view.zoom < 2 {
		t.Error("saving changed what is looked at")
	}
}

func TestNothingToSave(t *testing.T) {
	s := shown(t, nil, 300, 200)
	if err := s.SVG(io.Discard); !errors.Is(err, errEmpty) {
		t.Errorf("svg: %v", err)
	}
	if err := s.PNG(io.Discard, 1); !errors.Is(err, errEmpty) {
		t.Errorf("png: %v", err)
	}
}

func TestLegend(t *testing.T) {
	app := test.NewTempApp(t)
	app.Settings().SetTheme(palette.NewTheme(palette.Light))
	l := NewLegend()
	w := test.NewTempWindow(t, l)
	said := func() map[string]bool {
		out := map[string]bool{}
		var walk func(o fyne.CanvasObject)
		walk = func(o fyne.CanvasObject) {
			switch o := o.(type) {
			case *canvas.Text:
				out[o.Text] = true
			case *fyne.Container:
				for _, c := range o.Objects {
					walk(c)
				}
			}
		}
		for _, o := range test.WidgetRenderer(l).Objects() {
			walk(o)
		}
		return out
	}
	all := said()
	for _, m := range append(record.MessageMarks(), record.TroubleMarks()...) {
		if !all[m.Name(locale.Word)] {
			t.Errorf("%q is missing", m.Name(locale.Word))
		}
	}
	for h := control.Up; h <= control.Down; h++ {
		if !all[locale.Say(h.Word())] {
			t.Errorf("%q is missing", locale.Say(h.Word()))
		}
	}
	low := l.MinSize()
	l.Columns = 1
	l.Refresh()
	if high := l.MinSize(); high.Width >= low.Width || high.Height <= low.Height {
		t.Errorf("one column is %v, two are %v", high, low)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(20, 20)) // its title: folded, it would leave an empty box in the pop-up
	if now := said(); len(now) != len(all) {
		t.Errorf("after a tap on the title it has %d texts, not %d", len(now), len(all))
	}
}
