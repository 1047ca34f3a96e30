package ui

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// watchdog measures how long the window's goroutine does not answer: the longest time
// from a call being handed to it until it is carried out. Where the system says so
// (Linux), the time is not counted in which a thread of the program was ready and got no
// processor, that of the thread that waited longest: it is the load of the machine, and
// software OpenGL paints by threads of its own, which the window's waits for.
type watchdog struct {
	mu      sync.Mutex
	longest time.Duration
	where   string // what the goroutine did meanwhile
}

const (
	dogEvery = 25 * time.Millisecond
	dogLooks = 100 * time.Millisecond // between two looks at how long the threads have waited
	dogBarks = 120 * time.Millisecond // without an answer, it looks what the goroutine does
)

// watch measures until done is closed.
func (w *watchdog) watch(done <-chan struct{}) {
	var before map[string]time.Duration
	var looked time.Time
	for {
		select {
		case <-done:
			return
		case <-time.After(dogEvery):
		}
		answered := make(chan struct{})
		if time.Since(looked) > dogLooks {
			before, looked = waits(), time.Now()
		}
		begun := time.Now()
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
			w.note(d-longer(before, waits()), where)
		} else {
			w.note(d, "")
		}
	}
}

func (w *watchdog) note(d time.Duration, where string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if d > w.longest {
		w.longest, w.where = d, where
	}
}

func (w *watchdog) read() (time.Duration, string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.longest, w.where
}

// waits is how long each thread of the program was ready and had no processor; empty
// where the system does not say.
func waits() map[string]time.Duration {
	all := map[string]time.Duration{}
	files, _ := filepath.Glob("/proc/self/task/*/schedstat") // the only error is of the pattern
	for _, f := range files {
		var ran, ready int64
		if data, err := os.ReadFile(f); err == nil {
			if n, _ := fmt.Sscan(string(data), &ran, &ready); n == 2 {
				all[f] = time.Duration(ready)
			}
		}
	}
	return all
}

// longer is how much longer the thread has waited that has waited most since then.
func longer(before, now map[string]time.Duration) (most time.Duration) {
	for f, d := range now {
		most = max(most, d-before[f])
	}
	return most
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
