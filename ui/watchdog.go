package ui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// watchdog measures how long the window's goroutine does not answer: the longest time
// from a call being handed to it until it is carried out. Where the system says so
// (Linux), the time is not counted in which a thread of the program was ready and got no
// processor, that of the thread that waited longest: it is the load of the machine. Where
// the goroutine computes or paints, and does not sleep or wait for another, it is at most
// the processor time of its thread and of that of software OpenGL (llvmpipe) that worked
// most: they work at the same time.
type watchdog struct {
	mu      sync.Mutex
	longest time.Duration
	where   string        // what the goroutine did meanwhile
	toolkit time.Duration // the longest in which the toolkit painted, or parsed a font
}

const (
	dogEvery = 50 * time.Millisecond
	dogBarks = 120 * time.Millisecond // without an answer, it looks what the goroutine does
)

// watch measures until done is closed.
func (w *watchdog) watch(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-time.After(dogEvery):
		}
		answered := make(chan struct{})
		before, begun := threads(), time.Now()
		fyne.Do(func() { close(answered) })
		where := ""
		select {
		case <-done:
			return
		case <-answered:
		case <-time.After(dogBarks):
			where = doing()
			select {
			case <-done:
				return
			case <-answered:
			}
		}
		if d := time.Since(begun); d > dogBarks {
			w.note(own(d, before, threads(), works(where)), where)
		} else {
			w.note(d, "")
		}
	}
}

func (w *watchdog) note(d time.Duration, where string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ofToolkit(where) {
		w.toolkit = max(w.toolkit, d)
	} else if d > w.longest {
		w.longest, w.where = d, where
	}
}

func (w *watchdog) read() (longest time.Duration, where string, toolkit time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.longest, w.where, w.toolkit
}

// ofToolkit reports whether a stack is that of the toolkit at something that no code of
// ours has a hand in: it parses the fonts again whenever the theme changes, and paints.
func ofToolkit(stack string) bool {
	ours := false
	for line := range strings.Lines(stack) { // a file's line begins with a tab
		ours = ours || strings.HasPrefix(line, "asynclab/ui") && !strings.Contains(line, "ShowAndRun")
	}
	return strings.Contains(stack, ".loadMeasureFont(") || !ours && strings.Contains(stack, ".RunWithContext(")
}

// onThread is how long a thread has run, and how long it was ready and had no processor.
type onThread struct{ ran, ready time.Duration }

// threads are those of the program, by their folders; none where the system does not say.
func threads() map[string]onThread {
	all := map[string]onThread{}
	folders, _ := filepath.Glob("/proc/self/task/*") // the only error is of the pattern
	for _, f := range folders {
		var ran, ready int64
		if data, err := os.ReadFile(f + "/schedstat"); err == nil {
			if n, _ := fmt.Sscan(string(data), &ran, &ready); n == 2 {
				all[f] = onThread{time.Duration(ran), time.Duration(ready)}
			}
		}
	}
	return all
}

// works reports whether a goroutine, by its stack, computes or paints.
func works(stack string) bool {
	return strings.HasPrefix(stack, "goroutine 1 [runn") || strings.Contains(stack, ".RunWithContext(")
}

// own is the part of a time without an answer that is the window's own doing.
func own(d time.Duration, before, now map[string]onThread, works bool) time.Duration {
	var longest, worked, painted time.Duration
	for f, t := range now {
		longest = max(longest, t.ready-before[f].ready)
		if f == fmt.Sprintf("/proc/self/task/%d", os.Getpid()) {
			worked = t.ran - before[f].ran
		} else if name, err := os.ReadFile(f + "/comm"); err == nil && bytes.HasPrefix(name, []byte("llvmpipe")) {
			painted = max(painted, t.ran-before[f].ran)
		}
	}
	if d -= longest; works && len(now) > 0 {
		return min(d, worked+painted)
	}
	return d
}

// doing is the stack of the window's goroutine, the first one.
func doing() string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	for part := range bytes.SplitSeq(buf, []byte("\n\n")) {
		if bytes.HasPrefix(part, []byte("goroutine 1 ")) {
			return string(part)
		}
	}
	return ""
}
