//go:build e2e

package main

import (
	"image"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func number(t *testing.T, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%q is no number", text)
	}
	return n
}

func span(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("%q is no time", text)
	}
	return d
}

const paused = "0"

// A person opens a scenario, plays, steps, goes back, changes something, breaks
// something, compares, saves, and switches language and colours.
func TestLab(t *testing.T) {
	s := newScreen(t, 1280, 720)
	home := t.TempDir()
	l := s.start(t, home, 1280, 720, "--place", "lab")
	l.drawn("lab-start")

	// The first start leads to one obvious thing to click.
	l.click("start")
	l.until("a scenario is open", func(w what) bool { return w.State["path"] != "" && w.State["length"] != "0s" })
	l.drawn("lab-open")

	// Play, until messages move; pause.
	l.click("play")
	l.until("messages move", func(w what) bool { return number(t, w.State["moving"]) > 0 && number(t, w.State["frames"]) > 3 })
	l.drawn("lab-playing")
	l.click("play")
	w := l.until("it stands still", func(w what) bool { return w.State["mode"] == paused })
	events := number(t, w.State["events"])

	// Step one event, then one message.
	l.click("step-event")
	l.until("one event has happened", func(w what) bool { return number(t, w.State["events"]) == events+1 })
	l.key("m")
	l.until("a message has moved", func(w what) bool { return number(t, w.State["events"]) > events+1 && w.State["mode"] == paused })

	// Drag the timeline forward, back, and forward again: the same run.
	l.drag("timeline", 0.02, 0.5)
	w = l.until("it is in the middle", func(w what) bool {
		return w.State["mode"] == paused && span(t, w.State["now"]) > span(t, w.State["length"])/3
	})
	there, prints, events := span(t, w.State["now"]), w.State["fingerprints"], number(t, w.State["events"])
	l.drag("timeline", 0.5, 0.1)
	l.until("it went back", func(w what) bool { return w.State["mode"] == paused && span(t, w.State["now"]) < there/2 })
	l.key("t")
	l.replace("ask:time", there.String())
	l.key("Return")
	w = l.until("it is there again", func(w what) bool { return w.State["mode"] == paused && span(t, w.State["now"]) == there })
	if w.State["fingerprints"] != prints || number(t, w.State["events"]) != events {
		t.Fatalf("forward again is another run: %s and %s events, before %s and %d", w.State["fingerprints"], w.State["events"], prints, events)
	}
	l.drawn("lab-middle")

	// Change a parameter and inject a crash by clicking.
	l.click("node:" + firstService)
	l.until("the element is shown", func(w what) bool { return w.State["chose"] == firstService })
	l.replace("param:service."+firstService+".workers", "3")
	l.key("Return")
	l.until("the change is listed", func(w what) bool { return w.State["changes"] == "1" })
	l.click("fault:crash")
	l.until("the crash is listed", func(w what) bool { return w.State["changes"] == "2" })
	l.click("play")
	l.until("it goes on", func(w what) bool { return span(t, w.State["now"]) > there })
	l.click("play")
	l.drawn("lab-broken")

	// Save it as a scenario, and a plot as a picture.
	l.key("ctrl+s")
	l.replace("ask:folder", home)
	l.replace("ask:name", "changed.yaml")
	l.key("Return")
	l.exists(filepath.Join(home, "changed.yaml"), "changes:")
	l.click("export")
	l.click("ask:ok")
	l.replace("ask:folder", home)
	l.replace("ask:name", "plot.png")
	l.key("Return")
	l.exists(filepath.Join(home, "plot.png"), "PNG")
	if f, err := os.Open(filepath.Join(home, "plot.png")); err != nil {
		t.Fatal(err)
	} else if _, _, err := image.Decode(f); err != nil {
		t.Fatalf("the exported plot is no picture: %v", err)
	}

	// Compare the designs.
	l.click("compare-them")
	l.until("the designs stand side by side", func(w what) bool { return w.Place == "compare" && number(t, w.State["lanes"]) > 1 })
	l.click("play")
	l.until("they run", func(w what) bool { return number(t, w.State["events"]) > 100 })
	l.click("play")
	l.drawn("compare")

	// The other language, the other colours.
	l.key("ctrl+l")
	l.until("it speaks Chinese", func(w what) bool { return w.Language == "zh-Hans" })
	l.drawn("compare-chinese")
	was := l.next().Dark
	l.key("ctrl+d")
	l.until("the colours have changed", func(w what) bool { return w.Dark != was })
	l.drawn("compare-chinese-other-colours")
	l.calm()
	l.quit()

	// It remembers where one was.
	l = s.start(t, home, 1280, 720)
	l.until("it is where one was", func(w what) bool {
		return w.Place == "compare" && w.Language == "zh-Hans" && w.Dark != was && number(t, w.State["lanes"]) > 1
	})
	l.calm()
	l.quit()
}

const firstService = "a"

// exists waits for a file with something in it.
func (l *lab) exists(path, with string) {
	l.t.Helper()
	l.until(path+" is written", func(what) bool {
		data, err := os.ReadFile(path)
		return err == nil && strings.Contains(string(data), with)
	})
}

// A file with mistakes shows them, and is read again when it has been mended.
func TestMistakes(t *testing.T) {
	s := newScreen(t, 1280, 720)
	home := t.TempDir()
	file := filepath.Join(home, "mine.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("version: 1\nname: mine\nlod: {}\n")
	l := s.start(t, home, 1280, 720, file)
	l.until("the mistakes are shown", func(w what) bool { return strings.Contains(w.State["mistakes"], "3:1") })
	l.shot(filepath.Join(t.TempDir(), "mistakes.png"))
	write(`version: 1
name: mine
run: {duration: 20s, seed: 1}
load:
  users: {to: shop/buy, arrivals: poisson(5/s)}
designs:
  only:
    services:
      shop: {workers: 4, on: {buy: [work: exp(100ms)]}}
`)
	l.until("it is open", func(w what) bool { return w.State["mistakes"] == "" && w.State["length"] == "20s" })
	l.drawn("mended")
	l.calm()
	l.quit()
}
