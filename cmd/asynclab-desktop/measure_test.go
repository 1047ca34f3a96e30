//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// crowd keeps a thousand messages on their way: 500 requests a second, a second
// there and a second back.
const crowd = `version: 1
name: crowd
title: A thousand messages on their way
run: {duration: 30min, seed: 1}
load:
  users: {to: shop/buy, arrivals: poisson(500/s)}
links:
  default: {latency: 1s}
designs:
  only:
    services:
      shop: {workers: 64, on: {buy: [work: exp(20ms)]}}
`

// TestMeasure tells how many frames a second the window shows with a thousand
// messages in motion and four plots, what processor time it takes, and how
// memory grows, with a profile of it; how long jumps take, and what it costs when nothing moves. make measure runs it; ASYNCLAB_MEASURE is for how long.
func TestMeasure(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("ASYNCLAB_MEASURE"))
	if err != nil {
		t.Skip("ASYNCLAB_MEASURE does not say how long; use make measure")
	}
	s := newScreen(t, 1280, 720)
	home := t.TempDir()
	data := filepath.Join(home, "data", "asynclab")
	plots, _ := json.Marshal(map[string][]string{"plots": {"throughput", "latency", "workers", "utilization"}})
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{filepath.Join(data, "settings.json"): string(plots), filepath.Join(home, "crowd.yaml"): crowd, filepath.Join(home, "rare.yaml"): rare} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l := s.start(t, home, 1280, 720, "--profile", home, filepath.Join(home, "crowd.yaml"))
	l.until("it is open", func(w what) bool { return w.State["length"] == "30m0s" })
	l.key("t")
	l.replace("ask:time", "10s")
	l.key("Return")
	l.until("it is there", func(w what) bool { return w.State["now"] == "10s" })
	for range 40 { // to real time
		w := l.next()
		if w.State["speed"] == "1" {
			break
		}
		l.key(map[bool]string{true: "bracketright", false: "bracketleft"}[fraction(t, w.State["speed"]) < 1])
	}
	l.click("play")
	l.until("it runs", func(w what) bool { return w.State["mode"] == "1" })
	l.xdo("mousemove", "1", "1")

	began := time.Now()
	first, cpu := l.next(), l.ticks()
	step := min(length, 30*time.Second)
	for time.Since(began) < length {
		at := time.Now()
		n := number(t, l.next().State["frames"])
		w := l.until("time has passed", func(what) bool { return time.Since(at) > step })
		took := time.Since(at).Seconds()
		fmt.Printf("%5.0f s: %.1f frames a second, %s messages in motion, %d MB resident, at %s\n", time.Since(began).Seconds(),
			float64(number(t, w.State["frames"])-n)/took, w.State["moving"], l.resident()>>20, w.State["now"])
	}
	w := l.next()
	took := time.Since(began).Seconds()
	fmt.Printf("%.1f frames a second and %.2f processors over %.0f s\n", float64(number(t, w.State["frames"])-number(t, first.State["frames"]))/took, float64(l.ticks()-cpu)/100/took, took)
	l.click("play")
	reached := moment(t, w.State["now"])
	for _, to := range []float64{0.02, 0.1, 0.3, 0.01, 0.25, 0.15, 0.29} {
		was := w.State["jumped"]
		l.clickAt("timeline", to, 0.55)
		w = l.until("it is there", func(w what) bool { return w.State["mode"] != "2" && w.State["jumped"] != was })
		how := "where the run has been: at most 200 ms"
		if now := moment(t, w.State["now"]); now > reached {
			how, reached = fmt.Sprintf("%v simulated for the first time", now-reached), now
		}
		fmt.Printf("a jump to %s took %s (%s)\n", w.State["now"], w.State["jumped"], how)
	}
	l.until("it stands", func(w what) bool { return w.State["mode"] == paused })
	l.idle("paused with a thousand messages")
	l.calm()
	l.quit()
	out, err := exec.Command("go", "tool", "pprof", "-top", "-nodecount=12", "-sample_index=inuse_space", filepath.Join(home, "heap.prof")).Output()
	fmt.Printf("what memory holds at the end (%v):\n%s", err, out)

	// Nothing moves, paused and playing.
	l = s.start(t, home, 1280, 720, "--profile", home, filepath.Join(home, "rare.yaml"))
	l.until("it is open", func(w what) bool { return w.State["length"] == "5h0m0s" })
	l.idle("paused at the beginning")
	l.key("t")
	l.replace("ask:time", "40min")
	l.key("Return")
	l.until("it is there", func(w what) bool { return w.State["now"] == "40m0s" && w.State["mode"] == paused })
	l.click("play")
	l.until("it runs", func(w what) bool { return w.State["mode"] == "1" })
	l.key("bracketleft") // by itself it would hurry to the next message
	l.still()
	l.idle("playing, and nothing moves")
	l.quit()
	if keep := os.Getenv("ASYNCLAB_SHOTS"); keep != "" {
		_ = os.Rename(filepath.Join(home, "cpu.prof"), filepath.Join(keep, "still.prof"))
	}
}

// still waits until the message that has just come is not seen any more: until the window
// has no more than a frame a second.
func (l *lab) still() {
	l.t.Helper()
	for range 10 {
		at, n := time.Now(), number(l.t, l.next().State["frames"])
		w := l.until("time has passed", func(what) bool { return time.Since(at) > 3*time.Second })
		if number(l.t, w.State["frames"])-n <= 4 {
			return
		}
	}
	l.t.Fatal("something moves all the time")
}

// idle tells what processor time the program takes while nobody does anything.
func (l *lab) idle(state string) {
	l.t.Helper()
	l.xdo("mousemove", "1", "1")
	l.next()
	l.next()
	at, n, cpu := time.Now(), number(l.t, l.next().State["frames"]), l.ticks()
	w := l.until("time has passed", func(what) bool { return time.Since(at) > 15*time.Second })
	took := time.Since(at).Seconds()
	fmt.Printf("%s: %.1f %% of a processor, %.1f frames a second\n", state, float64(l.ticks()-cpu)/took, float64(number(l.t, w.State["frames"])-n)/took)
}

// rare has one message an hour.
const rare = `version: 1
name: rare
title: Nothing moves
run: {duration: 5h, seed: 1}
load:
  users: {to: shop/buy, arrivals: every(1h)}
designs:
  only:
    services:
      shop: {workers: 64, on: {buy: [work: exp(20ms)]}}
`

func moment(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fraction(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%q is no number", text)
	}
	return x
}

// resident is the program's memory in bytes, and ticks its processor time in
// hundredths of a second, as Linux tells them.
func (l *lab) resident() int64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", l.cmd.Process.Pid))
	if f := strings.Fields(string(data)); len(f) > 1 {
		n, _ := strconv.ParseInt(f[1], 10, 64)
		return n * int64(os.Getpagesize())
	}
	return 0
}

func (l *lab) ticks() int64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(data), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	return user + system
}
