//go:build e2e

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPictures takes the pictures of the README: every place, light and dark, in
// English and Chinese, in two sizes. make pictures runs it; ASYNCLAB_PICTURES is
// where they go.
func TestPictures(t *testing.T) {
	dir := os.Getenv("ASYNCLAB_PICTURES")
	if dir == "" {
		t.Skip("ASYNCLAB_PICTURES does not say where pictures go; use make pictures")
	}
	for _, size := range [][2]int{{1280, 720}, {1920, 1080}} {
		s := newScreen(t, size[0], size[1])
		home := t.TempDir()
		l := s.start(t, home, size[0], size[1], "--place", "lab", "order-flow")
		l.until("it is open", func(w what) bool { return w.State["path"] == "order-flow" && w.State["length"] == "10m0s" })
		l.settle("5:10", "5m10s")
		l.click("node:pay")
		l.click("compare-them")
		l.until("the designs are there", func(w what) bool { return w.Place == "compare" && w.State["lanes"] == "3" })
		l.sweep("cache")
		l.key("ctrl+5")
		l.until("Build has a page to begin on", func(w what) bool { _, has := w.Controls["build:open:cache"]; return has })
		l.click("build:open:cache")
		l.until("its text is there", func(w what) bool { return w.State["valid"] == "true" })
		for _, look := range []string{"dark", "light"} {
			for _, language := range []string{"en", "zh"} {
				for i, place := range []string{"learn", "lab", "compare", "sweep", "build"} {
					l.key(fmt.Sprintf("ctrl+%d", i+1))
					l.next()
					switch place {
					case "learn":
						l.open("telephone-and-email")
						l.settle("0.05s", "50ms") // the order is on its way
					case "lab", "compare":
						l.settle("4:12.005", "4m12.005s")
					}
					l.xdo("mousemove", "1", "1")
					l.next()
					l.picture(filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d.png", place, look, language, size[1])))
				}
				spoken := l.next().Language
				l.key("ctrl+l")
				l.until("the language is another", func(w what) bool { return w.Language != spoken })
			}
			l.key("ctrl+d")
		}
		l.calm()
		l.quit()
	}
}

// settle runs what is open to a time and waits until it stands there.
func (l *lab) settle(text, now string) {
	l.t.Helper()
	l.key("t")
	l.replace("ask:time", text)
	l.key("Return")
	l.until("it is at "+now, func(w what) bool { return w.State["mode"] == paused && w.State["now"] == now })
}

// open begins a lesson, if it is not open.
func (l *lab) open(lesson string) {
	l.t.Helper()
	if w := l.next(); w.State["lesson"] == "" {
		l.click("lesson:" + lesson)
		l.until("the lesson is open", func(w what) bool { return w.State["lesson"] == lesson && w.State["now"] != "" })
	}
}

// sweep opens a scenario in Sweep and varies what is proposed there.
func (l *lab) sweep(scenario string) {
	l.t.Helper()
	l.key("ctrl+4")
	l.until("Sweep has a page to begin on", func(w what) bool { _, has := w.Controls["sweep:open:"+scenario]; return has })
	l.click("sweep:open:" + scenario)
	l.until("the plan is there", func(w what) bool { _, has := w.Controls["sweep:run"]; return has })
	for name, text := range map[string]string{"points": "5", "reps": "2"} {
		l.replace("sweep:"+name, text)
	}
	l.click("sweep:run")
	l.until("the sweep is done", func(w what) bool { return w.State["points"] == "5" && w.State["running"] == "false" })
}

// picture takes a picture with few colours: it is a quarter of the size.
func (l *lab) picture(file string) {
	l.t.Helper()
	l.shot(file)
	if out, err := exec.Command("convert", file, "-strip", "+dither", "-colors", "200", "-define", "png:compression-level=9", file).CombinedOutput(); err != nil {
		l.t.Fatalf("%v\n%s", err, out)
	}
}
