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
	"asynclab/ui/control"
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
		if b.Path != e.Name || len(b.Stages) != 1 || len(b.Plots.Figures) == 0 || b.Frame.Length == 0 {
			t.Errorf("%s: path %s, %d pictures, %d plots, %v long", e.Name, b.Path, len(b.Stages), len(b.Plots.Figures), b.Frame.Length)
		}
	}
	if got := r.s.Recent(); len(got) == 0 || got[0] != scenarios.Library()[len(scenarios.Library())-1].Name {
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
	r.until("the mistakes are shown", func() bool { return r.s.lab().Err != nil })
	for _, want := range []string{"line 35:", "workres", "did you mean workers?", "parsecs", "mine.yaml cannot be opened yet"} {
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
		later := r.s.lab().Source.Scenario
		when := time.Now().Add(time.Duration(len(replace)+1) * time.Second)
		if err := os.Chtimes(file, when, when); err != nil {
			t.Fatal(err)
		}
		r.until("the file is read again", func() bool {
			return r.s.bench() != nil && r.s.lab().Scenario != later && len(r.s.bench().Frame.Lanes) > 0
		})
	}
	mend()
	b := r.s.bench()
	r.press("x")
	if b.Frame.Events == 0 {
		t.Error("the mended scenario does not run")
	}
	r.control("design").(*keyed.Select).SetSelected("manual")
	r.until("the design is there", func() bool { return b.Scenes[0].Design == "manual" })
	mend("20min", "19min", "  one:", "  uno:", `"one:`, `"uno:`)
	if b.Scenes[0].Design != "manual" || b.Frame.Length != 19*time.Minute {
		t.Errorf("after the change there is %s, %v long", b.Scenes[0].Design, b.Frame.Length)
	}
	r.quiet()

	// After another was opened, the file may change as it likes.
	r.open("sync-vs-async")
	copyScenario(t, "order-queue", file, "20min", "7min")
	r.tick(5 * time.Second)
	r.tick(5 * time.Second)
	if b.Path != "sync-vs-async" {
		t.Errorf("%s is open", b.Path)
	}
}

func TestDropAFile(t *testing.T) {
	r := start(t, "")
	file := r.path("dropped.yaml")
	copyScenario(t, "order-queue", file)
	r.s.dropped([]fyne.URI{storage.NewFileURI(file)})
	r.until("it is open", func() bool { return r.s.bench() != nil })
	if r.place() != "lab" || r.s.bench().Path != file {
		t.Errorf("in %s, %s", r.place(), r.s.bench().Path)
	}
}

// Opening one after the other at once ends with the last.
func TestOpenTwiceAtOnce(t *testing.T) {
	r := start(t, "", at("compare"))
	b := r.open("order-queue")
	r.s.compare().PutOn(b.Scenario, []int{0, 1, 2, 3}, control.Options{})
	r.s.compare().PutOn(b.Scenario, []int{4}, control.Options{})
	r.press("Ctrl+L") // everything is built anew in the midst of it
	r.s.compare().PutOn(b.Scenario, []int{1, 5}, control.Options{})
	r.until("the last choice is there", func() bool { return len(b.Scenes) == 2 })
	if got := b.DesignNames(); !slices.Equal(got, []string{"two", "manual"}) || len(b.Stages) != 2 || len(b.Frame.Lanes) != 2 {
		t.Errorf("designs %v, %d pictures, %d lanes", got, len(b.Stages), len(b.Frame.Lanes))
	}
	r.quiet()
}

// What is named on the command line is opened; a name that is not there is told,
// with what may have been meant.
func TestCommandLine(t *testing.T) {
	r := start(t, "", with("order-flow"))
	r.until("it is open", func() bool { return r.s.bench() != nil && r.s.bench().Path == "order-flow" })
	if r.place() != "lab" {
		t.Errorf("it is open in %s", r.place())
	}
	r = start(t, "", with("ordr-flow"))
	r.until("it is told", func() bool { return r.says("ordr-flow cannot be opened yet") })
	if !r.says("order-flow") {
		t.Errorf("it is not said what may have been meant:\n%s", strings.Join(r.texts(), "\n"))
	}
	r = start(t, "", with("order-flow"), at("compare"))
	r.until("it is open", func() bool { return r.s.bench() != nil && len(r.s.bench().Scenes) == 3 })
	if r.place() != "compare" {
		t.Errorf("it is open in %s", r.place())
	}
}
