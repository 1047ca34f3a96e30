package ui

import (
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// Opening and closing places, scenarios, lessons and windows over and over
// leaves no goroutine behind.
func TestNoGoroutineIsLeft(t *testing.T) {
	folder := template(t, "own-lesson")
	use := func() {
		r := start(t, "", lecturer(folder))
		file := r.path("mine.yaml")
		copyScenario(t, "order-queue", file)
		inside := 0
		for i := range 3 {
			r.press("Ctrl+2")
			r.open(file)
			r.press(" ")
			r.open("sync-vs-async")
			r.s.lab().LeaveScenario()
			r.open(file)
			r.press("Ctrl+3")
			r.open(file)
			r.press("Ctrl+L")
			r.press("Ctrl+1")
			if p := r.learn(); p.Player != nil {
				p.LeaveLesson()
			}
			r.lesson("own-lesson")
			r.press("Ctrl+D")
			if i == 0 {
				inside = runtime.NumGoroutine()
				continue
			}
			r.atMost(inside)
		}
		r.stop()
		r.q.drain()
	}
	use()
	outside := runtime.NumGoroutine()
	use()
	(&rig{t: t}).atMost(outside)
}

// atMost waits until no more than so many goroutines are left.
func (r *rig) atMost(n int) {
	r.t.Helper()
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > n; runtime.Gosched() {
		if r.q != nil {
			r.q.drain()
		}
		if time.Now().After(end) {
			var list strings.Builder
			_ = pprof.Lookup("goroutine").WriteTo(&list, 1)
			r.t.Fatalf("%d goroutines, before %d:\n%s", runtime.NumGoroutine(), n, list.String())
		}
	}
}
