package ui

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/bench"
	"asynclab/ui/keyed"
	"asynclab/ui/locale"
	"asynclab/ui/window"
)

func (r *rig) place() string { return r.s.places[r.s.at].id }

// quiet holds that nothing was told to the person as an error.
func (r *rig) quiet() {
	r.t.Helper()
	if len(r.s.Errors) > 0 {
		r.t.Errorf("the person was told of errors: %q", r.s.Errors)
	}
}

// The first start shows the lessons, with one thing that stands out, and that
// leads into the first lesson.
func TestFirstStart(t *testing.T) {
	r := start(t, "")
	if r.place() != "learn" {
		t.Fatalf("the first start leads to %s", r.place())
	}
	var loud []string
	r.seen(func(o fyne.CanvasObject) {
		if b, ok := o.(*keyed.Button); ok && b.Importance == widget.HighImportance {
			loud = append(loud, b.Text)
		}
	})
	if len(loud) != 1 {
		t.Errorf("%d things stand out: %q", len(loud), loud)
	}
	r.tap("start")
	r.until("the lab of the lesson is there", func() bool { return len(r.s.bench().Frame.Lanes) > 0 })
	if l := r.s.learn().Player.Lesson(); l.ID != "telephone-and-email" {
		t.Errorf("the first lesson is %s", l.ID)
	}
	r.quiet()
}

// Each place has a first page with something to begin with.
func TestEmptyPlacesLeadOn(t *testing.T) {
	for _, place := range []string{"lab", "compare"} {
		r := start(t, "", at(place))
		r.tap("start")
		r.until("the scenario to begin with is open", func() bool { return r.s.bench() != nil })
		if got := r.s.bench().Path; got != "sync-vs-async" {
			t.Errorf("%s opens %s", place, got)
		}
		r.quiet()
	}
}

func TestPlacesSwitch(t *testing.T) {
	r := start(t, "")
	for _, how := range []func(i int, id string){
		func(_ int, id string) { r.tap("place:" + id) },
		func(i int, _ string) { r.press(fmt.Sprintf("Ctrl+%d", i+1)) },
	} {
		for _, i := range []int{1, 2, 0, 2, 1, 0} {
			id := r.s.places[i].id
			how(i, id)
			if r.place() != id {
				t.Fatalf("led to %s, not to %s", r.place(), id)
			}
			for j, o := range r.s.rail.Objects {
				if o.(*railButton).selected != (j == i) {
					t.Errorf("in %s, the rail shows place %d selected: %v", id, j, !(j == i))
				}
			}
		}
	}
	r.quiet()
}

// How the window was left is how it is found: place, language, colours, size,
// scenario, designs, plots.
func TestRemembers(t *testing.T) {
	r := start(t, "", at("compare"))
	r.open("order-queue")
	names := slices.Sorted(slices.Values(r.s.bench().DesignNames()))
	if len(names) < 2 {
		t.Fatalf("order-queue has the designs %v", names)
	}
	r.s.goToPlace("lab")
	b := r.open("order-flow")
	last := b.Scenario.Designs[len(b.Scenario.Designs)-1].Name
	r.control("design").(*keyed.Select).SetSelected(last)
	r.until("the other design is there", func() bool { return b.Scenes[0].Design == last })
	b.Plots.Toggle(b.Plots.Shown[0].ID, false)
	shown := plotIDs(b)
	r.press("Ctrl+L")
	r.press("Ctrl+D")
	dark, lang := r.s.theme.Dark(), locale.Current()
	r.s.Win.Resize(fyne.NewSize(1000, 640))

	r = r.restart(func(o *Options) { o.Size = fyne.Size{} })
	r.until("the scenario is open again", func() bool { return r.s.bench() != nil && len(r.s.bench().Frame.Lanes) > 0 })
	b = r.s.bench()
	if r.place() != "lab" || b.Path != "order-flow" || b.Scenes[0].Design != last {
		t.Errorf("found %s with %s, design %s", r.place(), b.Path, b.Scenes[0].Design)
	}
	if locale.Current() != lang || lang != "zh-Hans" || r.s.theme.Dark() != dark {
		t.Errorf("found language %s, dark %v; left %s, %v", locale.Current(), r.s.theme.Dark(), lang, dark)
	}
	if got := r.s.Win.Canvas().Size(); got != fyne.NewSize(1000, 640) {
		t.Errorf("the window is %v large", got)
	}
	if got := plotIDs(b); !slices.Equal(got, shown) {
		t.Errorf("the plots are %v, they were %v", got, shown)
	}
	r.press("Ctrl+3")
	r.until("the comparison is open again", func() bool { return r.s.bench() != nil && len(r.s.bench().Frame.Lanes) > 1 })
	if got := slices.Sorted(slices.Values(r.s.bench().DesignNames())); r.s.bench().Path != "order-queue" || !slices.Equal(got, names) {
		t.Errorf("compare has %s with %v", r.s.bench().Path, got)
	}
	r.quiet()
}

func plotIDs(b *bench.Bench) (ids []string) {
	for _, p := range b.Plots.Shown {
		ids = append(ids, p.ID)
	}
	return ids
}

// A scenario that was open and is gone is no reason not to start.
func TestRemembersWhatIsGone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.yaml")
	copyScenario(t, "order-queue", file)
	r := start(t, dir, at("lab"))
	r.open(file)
	r.stop()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	r = start(t, dir)
	r.until("it is told", func() bool { return r.says("mine.yaml cannot be opened yet") })
	r.button("Open something else").OnTapped()
	r.settle()
	r.tap("start")
	r.until("another is open", func() bool { return r.s.bench() != nil })
	r.quiet()
}

func TestDamagedSettings(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "settings.json")
	for i, bad := range []string{`{"place": "lab", `, "\x00\x00\x00\x00", `[1, 2]`} {
		if err := os.WriteFile(file, []byte(bad), 0o644); err != nil {
			t.Fatal(err)
		}
		r := start(t, dir)
		if r.place() != "learn" {
			t.Errorf("%q: starts in %s", bad, r.place())
		}
		if len(r.s.Errors) != 1 || !r.says("kept as") || !r.says("Something was lost") {
			t.Errorf("%q: the person was told %q", bad, r.s.Errors)
		}
		r.press("Ctrl+2")
		r.stop()
		kept := file + ".unreadable"
		if data, err := os.ReadFile(kept); err != nil || string(data) != bad {
			t.Errorf("%d: kept is %q, %v", i, data, err)
		}
		data, err := os.ReadFile(file)
		if err != nil || !json.Valid(data) {
			t.Errorf("the new settings are %q, %v", data, err)
		}
		if r = start(t, dir); r.place() != "lab" {
			t.Errorf("after the damage, %s is remembered", r.place())
		}
		r.quiet()
		r.stop()
	}
}

// A value of another kind, as a newer or older program may have left it, is as
// if it were not there.
func TestStrangeSettings(t *testing.T) {
	dir := t.TempDir()
	strange := `{"place": 7, "theme": "pink", "language": ["zh"], "window.width": "wide", "window.height": -1, "recent": "x",
		"lab.scenario": {}, "lab.designs": 3, "plots": ["no-such-plot"], "lessons.folders": 1, "lessons.open": 2, "legend.folded": "y", "more": null}`
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte(strange), 0o644); err != nil {
		t.Fatal(err)
	}
	r := start(t, dir, func(o *Options) { o.Size = fyne.Size{} })
	r.press("Ctrl+2")
	b := r.open("order-queue")
	if len(b.Plots.Shown) == 0 {
		t.Error("no plot is shown")
	}
	if got := r.s.Win.Canvas().Size(); got.Width < 400 || got.Height < 300 {
		t.Errorf("the window is %v large", got)
	}
	r.quiet()
}

// What did not work is told, and can be closed.
func TestFailureIsTold(t *testing.T) {
	r := start(t, "")
	r.s.Fail("nothing", nil)
	r.quiet()
	r.s.Fail("The plan could not be read", &fs.PathError{Op: "open", Path: "/a/b.yaml", Err: fs.ErrNotExist})
	if !r.says("The plan could not be read") || !r.says("Was it moved or renamed?") {
		t.Errorf("shown is %q", r.texts())
	}
	r.button("Close").OnTapped()
	if r.says("Was it moved") {
		t.Error("it cannot be closed")
	}
}

func TestThemes(t *testing.T) {
	r := start(t, "")
	for _, want := range []string{"light", "dark", "system"} {
		r.s.setTheme(want)
		if r.s.mode() != want || want != "system" && r.s.theme.Dark() != (want == "dark") {
			t.Errorf("%s: mode %s, dark %v", want, r.s.mode(), r.s.theme.Dark())
		}
		if r.s.App.Settings().Theme() != fyne.Theme(r.s.theme) {
			t.Errorf("%s is not the theme of the window", want)
		}
	}
	was := r.s.theme.Dark()
	r.press("Ctrl+D")
	r.press("Ctrl+D")
	if r.s.theme.Dark() != was {
		t.Error("twice the other colours are not the same again")
	}
}

// The page of keys tells every key, and every key does something in the lab.
func TestKeysAreTold(t *testing.T) {
	r := start(t, "", at("lab"))
	r.open("order-queue")
	r.press("?")
	for _, b := range bindings() {
		if !slices.Contains(r.texts(), b.name) || !slices.Contains(r.texts(), b.what) {
			t.Errorf("%s (%s) is not told", b.name, b.what)
		}
		if b.do != nil && (b.key == "") == (b.char == 0) {
			t.Errorf("%s has not one key", b.name)
		}
	}
	r.quiet()
}

// The menu behind the wheel offers what the keys do.
func TestSettingsMenu(t *testing.T) {
	r := start(t, "")
	menu := func(i, j int) *fyne.MenuItem { return r.s.settingsMenu().Items[i].ChildMenu.Items[j] }
	menu(1, 1).Action()
	if locale.Current() != "zh-Hans" || !menu(1, 1).Checked || menu(1, 0).Checked {
		t.Errorf("the language is %s", locale.Current())
	}
	menu(2, 2).Action()
	if !r.s.theme.Dark() || !menu(2, 2).Checked {
		t.Error("it is not dark")
	}
	r.s.showAbout()
	r.quiet()
}

// F11 gives the window to the picture, Esc takes it back; the run goes on unchanged.
func TestPresent(t *testing.T) {
	r := start(t, "", with("order-queue"), at("lab"))
	r.until("it is open", func() bool { b := r.s.bench(); return b != nil && ready(b) })
	before := r.s.bench().Stages[0].Size()
	r.press("F11")
	after := r.s.bench().Stages[0].Size()
	if after.Width < 1200 || after.Height < before.Height*1.3 || !r.s.Win.FullScreen() {
		t.Errorf("the picture has %v, before %v", after, before)
	}
	r.press("Escape")
	if got := r.s.bench().Stages[0].Size(); got != before || r.s.Win.FullScreen() {
		t.Errorf("afterwards the picture has %v, before %v", got, before)
	}
}

// Text grows as chosen, and stays so.
func TestTextScale(t *testing.T) {
	r := start(t, "", at("lab"))
	small := theme.TextSize()
	r.s.setScale(1.5)
	if got := theme.TextSize(); got != small*1.5 {
		t.Errorf("text of %g, was %g", got, small)
	}
	if got := window.ScenarioCardSize(); got != fyne.NewSize(540, 156) {
		t.Errorf("cards of %v, on which %g needs half as much again as 360 by 104", got, small)
	}
	r = r.restart()
	if got := theme.TextSize(); got != small*1.5 {
		t.Errorf("after a restart text of %g", got)
	}
	r.s.setScale(1)
}
