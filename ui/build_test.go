package ui

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"asynclab/scenarios"
	"asynclab/ui/editor"
)

// write types into the text of Build.
func (r *rig) write(text string) {
	r.t.Helper()
	test.Type(r.control("editor").(*editor.Editor).Focused(), text)
	r.tick(0)
}

// read waits until the text has been read.
func (r *rig) read() map[string]string {
	r.t.Helper()
	r.until("the text is read", func() bool { return r.s.building().Describe()["fresh"] == "true" })
	return r.s.building().Describe()
}

func (r *rig) buffer() *editor.Buffer { return r.control("editor").(*editor.Editor).Buffer() }

// A scenario is begun from next to nothing, written on, shown as it is, saved, and run
// by the command as it was saved.
func TestBuildByText(t *testing.T) {
	r := start(t, "", at("build"))
	r.tap("build:new")
	if d := r.read(); d["valid"] != "true" || d["file"] != "" {
		t.Fatalf("new: %v", d)
	}
	e := r.control("editor").(*editor.Editor)
	b := e.Buffer()
	e.GoTo(len(b.Text()))
	r.write("  pay: {on: {charge: [work: 5ms]}}\n")
	if d := r.read(); d["valid"] != "true" {
		t.Fatalf("with a service more: %v\n%s", d, b.Text())
	}
	if _, ok := r.s.describe().Controls["node:pay"]; !ok {
		t.Error("the picture has no pay")
	}
	// a mistake: its line is listed, the picture stays
	e.GoTo(strings.Index(b.Text(), "exp(20ms)"))
	r.write("x")
	if d := r.read(); d["valid"] != "false" || d["problems"] != "1" {
		t.Fatalf("with a mistake: %v", d)
	}
	if !r.says("line 12: unknown distribution") || !r.says("The picture is of the last text") {
		t.Errorf("the mistake is not shown: %q", r.texts())
	}
	if _, ok := r.s.describe().Controls["node:pay"]; !ok {
		t.Error("the picture is gone")
	}
	e.GoTo(0)
	r.tap("build:problem:0")
	if line := b.LineOf(b.Caret); line != 11 {
		t.Errorf("a tap on the mistake leads to line %d", line+1)
	}
	r.press("Ctrl+Z")
	if d := r.read(); d["valid"] != "true" {
		t.Fatalf("undone: %v", d)
	}
	file := r.path("mine.yaml")
	r.tap("build:save")
	r.saveTo(file)
	if d := r.s.building().Describe(); d["file"] != file || d["dirty"] != "false" {
		t.Fatalf("saved: %v", d)
	}
	sc, err := scenarios.Load(file)
	if err != nil || len(sc.Designs[0].Services) != 2 {
		t.Fatalf("saved: %v", err)
	}
	r.tap("build:run")
	r.until("it is in the lab", func() bool { b := r.s.bench(); return r.place() == "lab" && b != nil && b.Path == file && ready(b) })
}

// saveTo answers the question where to save.
func (r *rig) saveTo(file string) {
	r.t.Helper()
	r.s.Asked["ask:folder"].(interface{ SetText(string) }).SetText(r.dir)
	name := r.s.Asked["ask:name"].(interface{ SetText(string) })
	name.SetText(strings.TrimPrefix(file, r.dir+"/"))
	name.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.until(file+" is saved", func() bool { _, err := os.Stat(file); return err == nil && r.says("Saved as") })
}

// A copy of the library brings its data files; what was not saved can be run, and is
// not lost without a question.
func TestBuildACopy(t *testing.T) {
	r := start(t, "", at("build"))
	name := "" // a scenario with a data file
	for _, e := range scenarios.Library() {
		if sc, err := scenarios.Load(e.Name); err == nil && len(sc.DataFiles) > 0 {
			name = e.Name
			break
		}
	}
	for _, c := range []string{"order-queue", name} {
		if c == "" {
			continue
		}
		r.s.building().Open(c)
		r.until(c+" is open", func() bool { return r.s.building().Describe()["fresh"] == "true" })
		if d := r.read(); d["valid"] != "true" {
			t.Fatalf("%s: %v: %q", c, d, r.texts())
		}
		r.write("# mine\n")
		r.read()
		r.tap("build:run")
		r.until("it is in the lab", func() bool { b := r.s.bench(); return r.place() == "lab" && b != nil && ready(b) })
		r.press("Ctrl+5")
		r.tap("build:open-another")
		if !r.says("would be lost") {
			t.Fatalf("no question: %q", r.texts())
		}
		r.tap("ask:stay")
		file := r.path("copy-of-" + strings.ReplaceAll(c, "/", "-") + ".yaml")
		r.tap("build:save-as")
		r.saveTo(file)
		if _, err := scenarios.Load(file); err != nil {
			t.Errorf("saved: %v", err)
		}
		r.tap("build:open-another")
		if !r.says("from next to nothing") {
			t.Errorf("not left: %q", r.texts())
		}
	}
}

// What is saved differs from what was opened in what was written, and in no other byte.
func TestBuildKeepsBytes(t *testing.T) {
	r := start(t, "", at("build"))
	file := r.path("windows.yaml")
	text := []byte("\ufeffversion: 1\r\nname: a # 价格\r\nrun: {duration: 1min}\r\nload: {u: {to: s/x, arrivals: 1/s}}\r\n\r\nservices: {s: {on: {x: [reply]}}}   \r\n")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	r.s.openHere(file)
	r.until("it is open", func() bool { return r.s.building().Describe()["fresh"] == "true" })
	r.read()
	e := r.control("editor").(*editor.Editor)
	e.GoTo(strings.Index(e.Buffer().Text(), "# 价格"))
	r.write("b ")
	r.press("Ctrl+S")
	r.until("it is saved", func() bool { return r.s.building().Describe()["dirty"] == "false" })
	got, err := os.ReadFile(file)
	if want := bytes.Replace(text, []byte("# 价格"), []byte("b # 价格"), 1); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got  %q, %v\nwant %q", got, err, want)
	}
}

// From the lab the text of a scenario is one tap away; the caret and the picture show
// the same element.
func TestBuildFromTheLab(t *testing.T) {
	r := start(t, "", with("order-queue"), at("lab"))
	r.until("it is open", func() bool { b := r.s.bench(); return b != nil && ready(b) })
	r.tap("edit")
	r.until("its text is open", func() bool { return r.place() == "build" && r.s.building().Describe()["fresh"] == "true" })
	r.read()
	r.s.building().ShowNode("rabbit/orders")
	b := r.buffer()
	if line := b.Line(b.LineOf(b.Caret)); !strings.Contains(line, "orders:") {
		t.Errorf("the queue leads to %q", line)
	}
	if lit := r.s.building().Lit(); lit != "rabbit/orders" {
		t.Errorf("lit is %q", lit)
	}
	r.press("Ctrl+L") // the content is built again
	if r.buffer() != b || r.s.building().Describe()["valid"] != "true" {
		t.Error("another text after the change of the language")
	}
	r.press("Ctrl+L")
}

// A scenario is built by hand: elements are added, connected, set by their forms, named
// and deleted; each is an edit of the text, which the command runs, and which is undone.
func TestBuildByHand(t *testing.T) {
	r := start(t, "", at("build"))
	r.tap("build:new")
	r.read()
	b := r.buffer()
	first := b.Text()
	tapNode := func(id string) {
		r.t.Helper()
		r.s.building().Pictures()[0].OnTapNode(id)
		r.tick(0)
	}
	hand := func(what string) {
		r.t.Helper()
		r.tap("build:" + what)
		r.read()
	}
	hand("add:service")
	if lit := r.s.building().Lit(); lit != "service" {
		t.Fatalf("lit is %q", lit)
	}
	r.tap("build:rename")
	r.s.Asked["ask:name"].(interface{ SetText(string) }).SetText("pay")
	r.s.Asked["ask:name"].(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.read()
	hand("add:queue")
	for _, c := range [][3]string{{"shop", "pay", "ask:call"}, {"shop", "bus/queue", ""}, {"bus/queue", "pay", ""}} {
		tapNode(c[0])
		r.tap("build:connect")
		tapNode(c[1])
		if c[2] != "" {
			r.tap(c[2])
		}
		r.read()
	}
	tapNode("pay")
	workers := r.control("build:field:workers")
	workers.(interface{ SetText(string) }).SetText("7")
	workers.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if d := r.read(); d["valid"] != "true" {
		t.Fatalf("%v\n%s", d, b.Text())
	}
	step := r.control("build:step:do:1")
	step.(interface{ SetText(string) }).SetText("reply")
	step.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.read()
	if !strings.Contains(b.Text(), "do: [work: 10ms, reply]") {
		t.Errorf("a step by its form:\n%s", b.Text())
	}
	r.press("Ctrl+Z")
	r.read()
	built := b.Text()
	for _, want := range []string{"pay: {on: {do: [work: 10ms]}, consumes: {bus/queue: do}, workers: 7}", "order: [work: exp(20ms), call: pay/do, publish: bus/queue]", "brokers:\n  bus: {queues: {queue: {}}}"} {
		if !strings.Contains(built, want) {
			t.Errorf("no %q in\n%s", want, built)
		}
	}
	tapNode("pay")
	hand("delete")
	if text := b.Text(); strings.Contains(text, "pay") || !strings.Contains(text, "order: [work: exp(20ms), publish: bus/queue]") {
		t.Errorf("deleted:\n%s", text)
	}
	for range 8 {
		r.press("Ctrl+Z")
	}
	if b.Text() != first {
		t.Errorf("undone:\n%s", b.Text())
	}
	for range 7 {
		r.press("Ctrl+Y")
	}
	if b.Text() != built {
		t.Errorf("redone:\n%s", b.Text())
	}
}
