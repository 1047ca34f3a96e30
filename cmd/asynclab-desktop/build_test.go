//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// hand does something in Build that edits the text, and waits until it is read and valid.
func (l *lab) hand(name string, do func()) {
	l.t.Helper()
	before := l.next().State["text"]
	do()
	l.until(name+" is in the text", func(w what) bool {
		return w.State["text"] != before && w.State["fresh"] == "true" && w.State["valid"] == "true"
	})
}

// add adds an element and names it.
func (l *lab) add(kind, name string) {
	l.t.Helper()
	l.hand("a new "+kind, func() { l.click("build:add:" + kind) })
	w := l.until("it is lit", func(w what) bool { return w.State["lit"] != "" })
	if lit := w.State["lit"]; lit[strings.LastIndexByte(lit, '/')+1:] == name {
		return
	}
	l.hand(name, func() {
		l.click("build:rename")
		l.replace("ask:name", name)
		l.key("Return")
	})
}

// join connects two elements by a button and two clicks, choosing a way where there are
// several.
func (l *lab) join(from, to, way string) {
	l.t.Helper()
	l.hand(from+" to "+to, func() {
		l.click("node:" + from)
		l.click("build:connect")
		l.click("node:" + to)
		if way != "" {
			l.click("ask:" + way)
		}
	})
}

// pull connects two elements by dragging.
func (l *lab) pull(from, to, way string) {
	l.t.Helper()
	l.hand(from+" to "+to, func() {
		w := l.next()
		a, b := w.Controls["node:"+from], w.Controls["node:"+to]
		l.xdo(slices.Concat([]string{"mousemove"}, at(a.X+a.W/2, a.Y+a.H/2), []string{"mousedown", "1"})...)
		for i := 1; i <= 5; i++ {
			f := float64(i) / 5
			l.xdo(slices.Concat([]string{"mousemove"}, at(a.X+a.W/2+(b.X+b.W/2-a.X-a.W/2)*f, a.Y+a.H/2+(b.Y+b.H/2-a.Y-a.H/2)*f))...)
			l.next()
		}
		l.xdo("mouseup", "1")
		l.next()
		if way != "" {
			l.click("ask:" + way)
		}
	})
}

// An architect builds a scenario of five services and a broker by hand, saves it, and has
// it run by the command and by the window with one fingerprint; opens it again, edits it
// as text, and undoes and redoes all of it.
func TestBuild(t *testing.T) {
	s := newScreen(t, 1280, 720)
	home := t.TempDir()
	l := s.start(t, home, 1280, 720, "--place", "build")
	l.click("build:new")
	l.until("the text is read", func(w what) bool { return w.State["fresh"] == "true" && w.State["valid"] == "true" })
	least := l.next().State["text"]

	for _, name := range []string{"stock", "pay", "mail", "ship"} {
		l.add("service", name)
	}
	l.add("queue", "orders")
	l.drawn("build-elements")
	l.pull("shop", "stock", "call")
	l.join("shop", "pay", "call")
	l.pull("shop", "bus/orders", "")
	l.join("bus/orders", "mail", "")
	l.pull("mail", "ship", "send")
	l.click("node:pay")
	l.hand("the workers of pay", func() { l.reachForm("build:field:workers"); l.replace("build:field:workers", "7"); l.key("Return") })
	l.click("node:stock")
	l.hand("the work of stock", func() {
		l.reachForm("build:step:do:0")
		l.replace("build:step:do:0", "work: exp(3ms)")
		l.key("Return")
	})
	l.drawn("build-whole")
	built := l.next().State["text"]

	// Saved, and run by the command and by the window.
	file := filepath.Join(home, "built.yaml")
	l.key("ctrl+s")
	l.replace("ask:folder", home)
	l.replace("ask:name", "built.yaml")
	l.key("Return")
	l.until("it is saved", func(w what) bool { return w.State["file"] == file && w.State["dirty"] == "false" })
	for _, want := range []string{"mail: {on: {do: [work: 10ms, send: ship/do]}, consumes: {bus/orders: do}}", "workers: 7", "work: exp(3ms)", "publish: bus/orders", "call: pay/do"} {
		l.exists(file, want)
	}
	print := commandPrint(t, file)
	l.click("build:run")
	l.until("it is in the lab", func(w what) bool { return w.Place == "lab" && w.State["length"] == "1m0s" })
	l.key("t")
	l.replace("ask:time", "1min")
	l.key("Return")
	l.until("it has ended", func(w what) bool { return w.State["now"] == "1m0s" && w.State["mode"] != "1" && w.State["mode"] != "2" })
	if got := hexPrint(t, l.next().State["fingerprints"]); got != print {
		t.Errorf("the window ran %s, the command %s", got, print)
	}

	// Opened again, edited as text, undone and redone.
	l.quit()
	l = s.start(t, home, 1280, 720, "--place", "build")
	l.until("it is open where one was", func(w what) bool { return w.State["file"] == file && w.State["fresh"] == "true" })
	l.hand("a comment and a parameter", func() {
		l.click("editor")
		l.key("ctrl+Home")
		l.typed("# by keys")
		l.key("Return")
	})
	if text := l.next().State["text"]; text != "# by keys\n"+built {
		t.Errorf("edited as text:\n%s", text)
	}
	for _, c := range []struct{ key, want string }{{"ctrl+z", built}, {"ctrl+y", "# by keys\n" + built}} {
		l.undoTo(c.key, c.want)
	}
	l.hand("another queue", func() { l.click("build:add:queue") })
	l.undoTo("ctrl+z", built)
	l.undoTo("ctrl+y", "# by keys\n"+built)
	l.key("ctrl+s")
	l.until("it is saved", func(w what) bool { return w.State["dirty"] == "false" })
	if again := commandPrint(t, file); again != print {
		t.Errorf("with a comment it is another run: %s and %s", again, print)
	}
	if !strings.HasPrefix(built, least[:strings.Index(least, "services:")]) {
		t.Errorf("what was not touched has changed:\n%s", built)
	}
	l.calm()
	l.quit()
}

// undoTo presses a key until the text is another one.
func (l *lab) undoTo(key, text string) {
	l.t.Helper()
	for range 40 {
		if l.next().State["text"] == text {
			return
		}
		l.key(key)
	}
	l.t.Fatalf("%s does not lead to\n%s\nbut to\n%s", key, text, l.next().State["text"])
}

// reachForm scrolls the form in Build until a row of it is in the window.
func (l *lab) reachForm(name string) {
	l.t.Helper()
	const top, bottom = 510, 715
	for range 60 {
		wheel := "5"
		if c, ok := l.next().Controls[name]; ok && c.Y < top {
			wheel = "4"
		} else if ok && c.Y+c.H < bottom {
			return
		}
		l.xdo(slices.Concat([]string{"mousemove"}, at(1277, 640), []string{"click", wheel})...)
	}
	l.shot(filepath.Join(os.TempDir(), "asynclab-e2e-failure.png"))
	l.t.Fatalf("%s is nowhere in the form: %v", name, slices.Sorted(maps.Keys(l.next().Controls)))
}

// commandPrint is the fingerprint of a scenario's only design as the command runs it.
func commandPrint(t *testing.T, file string) string {
	t.Helper()
	bin := os.Getenv("ASYNCLAB_COMMAND")
	if bin == "" {
		t.Fatal("ASYNCLAB_COMMAND must name the command; use make e2e")
	}
	out, err := exec.Command(bin, "run", "--format", "json", "--quiet", file).Output()
	var result struct {
		Designs map[string]struct{ Fingerprint string }
	}
	if err != nil || json.Unmarshal(out, &result) != nil || len(result.Designs) != 1 {
		t.Fatalf("the command: %v\n%s", err, out)
	}
	for _, d := range result.Designs {
		return d.Fingerprint
	}
	return ""
}

// hexPrint is a fingerprint as the command writes it.
func hexPrint(t *testing.T, text string) string {
	t.Helper()
	return fmt.Sprintf("%016x", number(t, text))
}
