package comparison

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/locale"
	"asynclab/ui/palette"
)

func shown(t testing.TB, mode palette.Mode, size fyne.Size) (*View, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(palette.NewTheme(mode))
	v := New()
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(size)
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

func TestView(t *testing.T) {
	names, b := live(t)
	r := replicated(t)
	defer locale.Use("en")
	for _, lang := range []string{"en", "zh-Hans"} {
		locale.Use(lang)
		for _, mode := range []palette.Mode{palette.Light, palette.Dark} {
			v, w := shown(t, mode, fyne.NewSize(980, 420))
			v.SetBoard(names, b)
			keep(t, "table-"+lang+"-"+string(mode), w.Canvas().Capture())
			if rows, columns := v.grid.Length(); rows != len(v.table.Rows) || columns != 6 {
				t.Errorf("%d rows, %d columns", rows, columns)
			}
			v.Set(r.Designs)
			if _, columns := v.grid.Length(); columns != 4 {
				t.Errorf("%d columns for two designs", columns)
			}
			keep(t, "table-replicated-"+lang+"-"+string(mode), w.Canvas().Capture())
		}
	}
}

func TestExplains(t *testing.T) {
	names, b := live(t)
	v, _ := shown(t, palette.Light, fyne.NewSize(980, 420))
	v.SetBoard(names, b)
	for i, r := range v.table.Rows {
		before := v.detail.Text
		v.grid.Select(widget.TableCellID{Row: i, Col: 1})
		if r.Section {
			if v.detail.Text != before {
				t.Errorf("%s is explained: %q", r.Name, v.detail.Text)
			}
			continue
		}
		if doc, ok := strings.CutPrefix(v.detail.Text, r.Metric+": "); !ok || doc == "" {
			t.Errorf("%s: %q", r.Metric, v.detail.Text)
		}
	}
}

func TestNothingToCompare(t *testing.T) {
	v, w := shown(t, palette.Light, fyne.NewSize(300, 200))
	v.Set(nil)
	w.Canvas().Capture()
	if rows, columns := v.grid.Length(); rows != 0 || columns != 0 {
		t.Errorf("%d rows, %d columns", rows, columns)
	}
}

// The table is filled ten times a second.
func BenchmarkSetBoard(b *testing.B) {
	names, d := live(b)
	v, _ := shown(b, palette.Light, fyne.NewSize(980, 420))
	for b.Loop() {
		v.SetBoard(names, d)
	}
}
