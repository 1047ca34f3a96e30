package sequence

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/record"
	"asynclab/sim/sequence"
	"asynclab/sim/topology"
	"asynclab/ui/control"
	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

// story runs a design of a library scenario and tells of the slowest operation.
func story(t testing.TB, scenario, design string, until time.Duration) (control.Story, topology.Graph) {
	t.Helper()
	sc, err := scenarios.Load(scenario)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range sc.Designs {
		if d.Name != design {
			continue
		}
		s, err := control.Open(sc, []int{i}, control.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for !s.Advance(until, 1_000_000) {
		}
		st, err := s.Story(0, s.Board(nil, nil, 0, "").Lanes[0].Picks.Slowest)
		if err != nil {
			t.Fatal(err)
		}
		return st, sim.Graph(d)
	}
	t.Fatalf("no design %q", design)
	return control.Story{}, topology.Graph{}
}

// shown is a view of a story in a window of a size.
func shown(t testing.TB, mode palette.Mode, size fyne.Size, st control.Story, g topology.Graph) (*View, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(palette.NewTheme(mode))
	v := New()
	v.Graph = g
	v.OnExport = func(string, func() ([]byte, error)) {}
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(size)
	v.SetStory(st)
	return v, w
}

func keep(t testing.TB, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("ASYNCLAB_PICTURES") // to look at
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func TestShowsStory(t *testing.T) {
	st, g := story(t, "order-flow", "broker", 5*time.Minute)
	for _, lang := range []string{"en", "zh-Hans"} {
		locale.Use(lang)
		defer locale.Use("en")
		for _, mode := range []palette.Mode{palette.Light, palette.Dark} {
			v, w := shown(t, mode, fyne.NewSize(900, 520), st, g)
			keep(t, "story-"+lang+"-"+string(mode), w.Canvas().Capture())
			lines := map[string]bool{}
			for _, l := range v.diagram.Lanes {
				lines[l.ID] = true
			}
			for _, id := range []string{"shoppers", "shop", "bus/placed", "stock", "pay", "bus/paid", "delivery"} {
				if !lines[id] {
					t.Errorf("%s is not there", id)
				}
			}
			if !strings.Contains(texts(v.body), record.OperationAccepted.Say(locale.Word, record.InFlight, record.Word{})) {
				t.Errorf("%s: nothing says that it was accepted", lang)
			}
		}
	}
}

// texts are the words in a part of the picture.
func texts(p *pane) string {
	var all []string
	for _, o := range test.WidgetRenderer(p).Objects() {
		if t, ok := o.(*canvas.Text); ok {
			all = append(all, t.Text)
		}
	}
	return strings.Join(all, " | ")
}

// Tapping an arrow tells when it was sent and when it arrived; tapping it again
// lets go of it.
func TestTap(t *testing.T) {
	st, g := story(t, "order-flow", "chain", time.Minute)
	v, w := shown(t, palette.Light, fyne.NewSize(900, 520), st, g)
	prompt := v.detail.Text
	l := v.layout
	for i, m := range v.diagram.Messages {
		p, q := l.Arrows[i].Points[0], l.Arrows[i].Points[1]
		at := fyne.NewPos(float32(p.X*0.7+q.X*0.3), float32(p.Y*0.7+q.Y*0.3-l.Top))
		test.TapAt(v.body, at)
		if want := v.diagram.TellMessage(m, locale.Word); !strings.HasPrefix(v.detail.Text, want) {
			t.Errorf("message %d: %q, want %q", i, v.detail.Text, want)
		}
		if i == 0 {
			keep(t, "story-chosen", w.Canvas().Capture())
		}
		test.TapAt(v.body, at)
		if v.detail.Text != prompt {
			t.Errorf("message %d is still chosen: %q", i, v.detail.Text)
		}
	}
	bar := l.Bars[len(l.Bars)-1]
	test.TapAt(v.body, fyne.NewPos(float32(bar.X+bar.W/2), float32(bar.Y+bar.H/2-l.Top)))
	if !v.chosen.some {
		t.Error("a bar cannot be chosen")
	}
}

// The participants stay above their lines, whatever is scrolled and however wide
// the view is.
func TestScroll(t *testing.T) {
	st, g := story(t, "dominoes", "broker", time.Minute)
	v, w := shown(t, palette.Light, fyne.NewSize(600, 300), st, g)
	v.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(-250, -180)})
	if v.scroll.Offset.X == 0 || v.head.Position().X != -v.scroll.Offset.X {
		t.Errorf("head at %v, picture at %v", v.head.Position(), v.scroll.Offset)
	}
	keep(t, "story-scrolled", w.Canvas().Capture())
	w.Resize(fyne.NewSize(2000, 1200))
	if v.scroll.Offset.X != 0 || v.head.Position().X != 0 {
		t.Errorf("wide: head at %v, picture at %v", v.head.Position(), v.scroll.Offset)
	}
}

func TestScale(t *testing.T) {
	st, g := story(t, "order-flow", "broker", 5*time.Minute) // half a minute in a queue
	v, w := shown(t, palette.Light, fyne.NewSize(900, 520), st, g)
	rows := len(v.layout.Rows)
	test.Tap(v.toScale)
	if len(v.layout.Rows) >= rows || v.scale != sequence.Proportional {
		t.Errorf("%d times to scale, %d evenly", len(v.layout.Rows), rows)
	}
	keep(t, "story-to-scale", w.Canvas().Capture())
}

func TestExport(t *testing.T) {
	st, g := story(t, "order-flow", "chain", time.Minute)
	v, _ := shown(t, palette.Light, fyne.NewSize(500, 300), st, g)
	files := map[string][]byte{}
	v.OnExport = func(name string, write func() ([]byte, error)) {
		data, err := write()
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Ext(name)] = data
	}
	for _, o := range v.save.Objects {
		test.Tap(o.(fyne.Tappable))
	}
	if !bytes.HasPrefix(files[".svg"], []byte("<svg")) {
		t.Error("no svg")
	}
	img, err := png.Decode(bytes.NewReader(files[".png"]))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() < int(pngScale*v.layout.W)-2 || b.Dy() < int(pngScale*v.layout.H)-2 {
		t.Errorf("the picture is %v, the whole diagram %g × %g", b, v.layout.W, v.layout.H)
	}
	keep(t, "story-export", img)
}

func TestNothingToShow(t *testing.T) {
	v, _ := shown(t, palette.Light, fyne.NewSize(300, 200), control.Story{}, topology.Graph{})
	test.TapAt(v.body, fyne.NewPos(5, 5))
	if v.chosen.some || v.save.Visible() {
		t.Error("an empty story has something to choose or to save")
	}
}

// Over time the story is a line for each span, as wide as the view, and is saved as it is
// shown.
func TestOverTime(t *testing.T) {
	st, g := story(t, "order-flow", "chain", time.Minute)
	v, w := shown(t, palette.Light, fyne.NewSize(700, 420), st, g)
	test.Tap(v.OverTime)
	if v.picture.Visible() || !v.falls.Visible() || len(v.fall.w.Lines) < 4 {
		t.Fatalf("over time: diagram %t, trace %t with %d lines", v.picture.Visible(), v.falls.Visible(), len(v.fall.w.Lines))
	}
	if d := v.fall.w.W - float64(v.falls.Size().Width); d > 1 || d < -30 {
		t.Errorf("the picture is %g wide, its place %g", v.fall.w.W, v.falls.Size().Width)
	}
	bar := v.fall.w.Bars[len(v.fall.w.Bars)-1]
	test.TapAt(v.fall, fyne.NewPos(float32(bar.Box.X+bar.Box.W/2), float32(bar.Box.Y+bar.Box.H/2)))
	if v.detail.Text != bar.Tip {
		t.Errorf("tapped %q, told %q", bar.Tip, v.detail.Text)
	}
	keep(t, "story-over-time", w.Canvas().Capture())
	v.OnExport = func(name string, write func() ([]byte, error)) {
		if data, err := write(); err != nil || filepath.Ext(name) == ".svg" && !bytes.Contains(data, []byte("critical path")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, o := range v.save.Objects {
		test.Tap(o.(fyne.Tappable))
	}
}
