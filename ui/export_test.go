package ui

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"asynclab/scenarios"
	"asynclab/ui/bench"
	"asynclab/ui/keyed"
	"asynclab/ui/window"
)

// answer fills in where to save and confirms.
func (r *rig) answer(folder, name string) {
	r.t.Helper()
	r.control("ask:folder").(*widget.Entry).SetText(folder)
	entry := r.control("ask:name").(*widget.Entry)
	entry.SetText(name)
	entry.OnSubmitted(name)
}

// What was changed is saved as a scenario that runs the same way; a file that is
// there is not replaced without asking.
func TestSaveScenario(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-queue")
	b.Jump(20 * time.Second)
	r.settle()
	r.choose(b, "worker")
	k := b.Element.Knobs["service.worker.workers"]
	k.Entry.OnSubmitted("2")
	r.settle()
	r.tap("fault:crash")
	b.Jump(100 * time.Second)
	r.settle()
	print := b.Board.Fingerprints[0]

	r.press("Ctrl+S")
	file := r.path("saved.yaml")
	r.answer(r.dir, "saved.yaml")
	r.until("it is saved", func() bool { return window.Exists(file) })
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scenarios.Parse(os.DirFS(r.dir), "saved.yaml", data); err != nil {
		t.Fatalf("what was saved cannot be read: %v", err)
	}
	r.until("it is told", func() bool { return r.says("Saved as " + file) })

	// Replacing it is asked for.
	if err := os.WriteFile(file, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.closeDialogs()
	b.Save()
	r.answer(r.dir, "saved.yaml")
	if !r.says("Replace the file?") {
		t.Error("it is not asked whether to replace the file")
	}
	r.button("No").OnTapped()
	r.settle()
	if data, _ := os.ReadFile(file); string(data) != "precious" {
		t.Fatalf("the file was replaced: %.40q", data)
	}
	b.Save()
	r.answer(r.dir, "saved.yaml")
	r.button("Yes").OnTapped()
	r.until("it is replaced", func() bool { data, _ := os.ReadFile(file); return string(data) != "precious" })
	r.settle()
	r.closeDialogs()

	b = r.open(file)
	b.Jump(100 * time.Second)
	r.settle()
	if b.Board.Fingerprints[0] != print {
		t.Errorf("what was saved is another run: %x, not %x", b.Board.Fingerprints[0], print)
	}
	r.quiet()

	// A folder that is not there.
	b.Save()
	missing := filepath.Join(r.dir, "no", "such")
	r.answer(missing, "x.yaml")
	r.until("it is told", func() bool { return len(r.s.Errors) > 0 })
	if !r.says("There is no folder " + missing + ". Choose another place.") {
		t.Errorf("told is %q", r.s.Errors)
	}
	left, _ := filepath.Glob(filepath.Join(r.dir, ".saved*"))
	if len(left) > 0 {
		t.Errorf("left lying about: %v", left)
	}
}

// Plots are chosen, and exported as files of their kind.
func TestPlots(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.press("f")
	for range 12 { // more than can be shown
		for _, it := range r.plotMenu(b) {
			if !it.Checked && !it.Disabled {
				it.Action()
				break
			}
		}
	}
	if len(b.Plots.Shown) != 6 {
		t.Errorf("%d plots are shown", len(b.Plots.Shown))
	}
	r.settle()
	for i, f := range b.Plots.Figures {
		if c := f.Chart(); len(c.Curves)+len(c.Bars) == 0 {
			t.Errorf("%s shows nothing", b.Plots.Shown[i].ID)
		}
	}
	for i, begins := range []string{"\x89PNG", "<?xml", "time"} {
		b.Plots.AskExport()
		var kinds *widget.RadioGroup
		r.seen(func(o fyne.CanvasObject) {
			if g, ok := o.(*widget.RadioGroup); ok {
				kinds = g
			}
		})
		kinds.SetSelected(kinds.Options[i])
		r.control("ask:ok").(*keyed.Button).OnTapped()
		name := r.control("ask:name").(*widget.Entry).Text
		r.answer(r.dir, name)
		r.until(name+" is written", func() bool { return window.Exists(r.path(name)) })
		data, err := os.ReadFile(r.path(name))
		if err != nil || !bytes.Contains(data[:min(len(data), 400)], []byte(begins)) || len(data) < 300 {
			t.Errorf("%s is %d bytes: %.60q, %v", name, len(data), data, err)
		}
	}
	// None is a choice too.
	for len(b.Plots.Shown) > 0 {
		b.Plots.Toggle(b.Plots.Shown[0].ID, false)
	}
	b = r.open("sync-vs-async")
	if len(b.Plots.Shown) != 0 {
		t.Errorf("%v came by themselves", plotIDs(b))
	}
	r.quiet()
}

// plotMenu is what the button beside the plots offers.
func (r *rig) plotMenu(b *bench.Bench) (items []*fyne.MenuItem) {
	r.t.Helper()
	r.control("plots").(*window.Button).OnTapped()
	r.seen(func(o fyne.CanvasObject) {
		if m, ok := o.(*widget.PopUpMenu); ok {
			for _, it := range m.Items { // of a type that the toolkit does not tell
				items = append(items, reflect.ValueOf(it).Elem().FieldByName("Item").Interface().(*fyne.MenuItem))
			}
		}
	})
	r.closeDialogs()
	return items
}

// The story of a message is told, and the log leads to stories.
func TestStories(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	b.Jump(5 * time.Minute) // a service was away for a while
	r.settle()
	b.SelectTab(b.Story.Content)
	for _, pick := range []string{"latest", "failed", "slowest"} {
		b.Story.Title.SetText("")
		r.tap("story:" + pick)
		r.until("the story is told", func() bool { return strings.HasPrefix(b.Story.Title.Text, "Operation ") })
	}
	if b.Followed == 0 {
		t.Error("no operation is followed")
	}
	b.SelectTab(b.Log.Content)
	r.settle()
	if len(b.Board.Log) == 0 {
		t.Error("the log is empty")
	}
	if !slices.ContainsFunc(b.Panels.Items, func(i *container.TabItem) bool { return i.Content == b.Log.Content }) {
		t.Error("there is no log")
	}
	r.quiet()
}
