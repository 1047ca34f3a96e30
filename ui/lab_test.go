package ui

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"asynclab/scenarios"
	"asynclab/ui/keyed"
)

// copyScenario writes a scenario of the library into a file, with texts
// replaced: each second one in place of the one before.
func copyScenario(t *testing.T, name, file string, replace ...string) {
	t.Helper()
	for _, e := range scenarios.Library() {
		if e.Name == name {
			text := strings.NewReplacer(replace...).Replace(string(e.Content))
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("there is no scenario %s", name)
}

// Every scenario of the library can be opened, and its pictures and plots made.
func TestOpenLibrary(t *testing.T) {
	r := start(t, "", at("lab"))
	for _, e := range scenarios.Library() {
		b := r.open(e.Name)
		if b.path != e.Name || len(b.stages) != 1 || len(b.plots.figures) == 0 || b.frame.Length == 0 {
			t.Errorf("%s: path %s, %d pictures, %d plots, %v long", e.Name, b.path, len(b.stages), len(b.plots.figures), b.frame.Length)
		}
	}
	if got := r.s.recent(); len(got) == 0 || got[0] != scenarios.Library()[len(scenarios.Library())-1].Name {
		t.Errorf("opened before: %v", got)
	}
	r.quiet()
}

// A file with mistakes shows them, with line and hint; mended, it is read again
// by itself, and read again when it changes.
func TestMistakesAndMending(t *testing.T) {
	r := start(t, "", at("lab"))
	file := r.path("mine.yaml")
	copyScenario(t, "order-queue", file, "workers: 1", "workres: 1", "work: 2s", "work: 2 parsecs")
	r.s.openInLab(file)
	r.until("the mistakes are shown", func() bool { return r.s.lab().err != nil })
	for _, want := range []string{"line 35:", "workres", "did you mean \"workers\"?", "parsecs", "mine.yaml cannot be opened yet"} {
		if !r.says(want) {
			t.Errorf("%q is not said in\n%s", want, strings.Join(r.texts(), "\n"))
		}
	}
	if r.s.bench() != nil {
		t.Error("there is something to play")
	}
	r.press(" ") // must do nothing

	mend := func(replace ...string) {
		copyScenario(t, "order-queue", file, replace...)
		later := r.s.lab().src.Scenario
		when := time.Now().Add(time.Duration(len(replace)+1) * time.Second)
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
		r.until("the file is read again", func() bool {
			return r.s.bench() != nil && r.s.lab().sc != later && len(r.s.bench().frame.Lanes) > 0
		})
	}
	mend()
	b := r.s.bench()
	r.press("f")
	if b.frame.Now == 0 {
		t.Error("the mended scenario does not run")
	}
	r.control("design").(*keyed.Select).SetSelected("manual")
	r.until("the design is there", func() bool { return b.scenes[0].Design == "manual" })
	mend("20min", "19min", "  one:", "  uno:", `"one:`, `"uno:`)
	if b.scenes[0].Design != "manual" || b.frame.Length != 19*time.Minute {
		t.Errorf("after the change there is %s, %v long", b.scenes[0].Design, b.frame.Length)
	}
	r.quiet()

	// After another was opened, the file may change as it likes.
	r.open("sync-vs-async")
	copyScenario(t, "order-queue", file, "20min", "7min")
	r.tick(5 * time.Second)
	r.tick(5 * time.Second)
	if b.path != "sync-vs-async" {
		t.Errorf("%s is open", b.path)
	}
}

func TestDropAFile(t *testing.T) {
	r := start(t, "")
	file := r.path("dropped.yaml")
	copyScenario(t, "order-queue", file)
	r.s.dropped([]fyne.URI{storage.NewFileURI(file)})
	r.until("it is open", func() bool { return r.s.bench() != nil })
	if r.place() != "lab" || r.s.bench().path != file {
		t.Errorf("in %s, %s", r.place(), r.s.bench().path)
	}
}

// Opening one after the other at once ends with the last.
func TestOpenTwiceAtOnce(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("order-queue")
	r.s.compare().putOn(b.sc, []int{0, 1, 2, 3})
	r.s.compare().putOn(b.sc, []int{4})
	r.press("Ctrl+L") // everything is built anew in the midst of it
	r.s.compare().putOn(b.sc, []int{1, 5})
	r.until("the last choice is there", func() bool { return len(b.scenes) == 2 })
	if got := b.designNames(); !slices.Equal(got, []string{"two", "manual"}) || len(b.stages) != 2 || len(b.frame.Lanes) != 2 {
		t.Errorf("designs %v, %d pictures, %d lanes", got, len(b.stages), len(b.frame.Lanes))
	}
	r.quiet()
}

// What is named on the command line is opened; a name that is not there is told,
// with what may have been meant.
func TestCommandLine(t *testing.T) {
	r := start(t, "", with("order-flow"))
	r.until("it is open", func() bool { return r.s.bench() != nil && r.s.bench().path == "order-flow" })
	if r.place() != "lab" {
		t.Errorf("it is open in %s", r.place())
	}
	r = start(t, "", with("ordr-flow"))
	r.until("it is told", func() bool { return r.says("ordr-flow cannot be opened yet") })
	if !r.says("order-flow") {
		t.Errorf("it is not said what may have been meant:\n%s", strings.Join(r.texts(), "\n"))
	}
	r = start(t, "", with("order-flow"), at("compare"))
	r.until("it is open", func() bool { return r.s.bench() != nil && len(r.s.bench().scenes) == 3 })
	if r.place() != "compare" {
		t.Errorf("it is open in %s", r.place())
	}
}
