package ui

import (
	"strings"
	"testing"
	"time"
)

// Of a time without an answer the load of the machine is not counted, and no more than was
// worked where the goroutine works.
func TestWatchdogCountsItsOwn(t *testing.T) {
	const ms = time.Millisecond
	thread := func(ran, ready time.Duration) map[string]onThread {
		return map[string]onThread{"/proc/self/task/none": {}, "/proc/self/task/other": {ran, ready}}
	}
	for _, c := range []struct {
		d, ready time.Duration
		works    bool
		want     time.Duration
	}{
		{300 * ms, 0, false, 300 * ms}, // it sleeps, or waits for a lock
		{300 * ms, 250 * ms, false, 50 * ms},
		{300 * ms, 50 * ms, true, 0}, // none of the threads that paint has run
	} {
		if got := own(c.d, thread(0, 0), thread(9*ms, c.ready), c.works); got != c.want {
			t.Errorf("of %v, with %v ready, works %t: %v, not %v", c.d, c.ready, c.works, got, c.want)
		}
	}
	for stack, want := range map[string]bool{
		"goroutine 1 [runnable, locked to thread]:\nfont.NewFont()":                      true,
		"goroutine 1 [syscall]:\nglfw.SwapBuffers()\nglfw.(*window).RunWithContext(0x0)": true,
		"goroutine 1 [chan receive]:\nui.wait()":                                         false,
		"goroutine 1 [syscall]:\nos.(*File).Read()":                                      false,
	} {
		if works(stack) != want {
			t.Errorf("%q works: %t", stack, !want)
		}
	}
	var w watchdog
	w.note(3*ms, "a")
	w.note(2*ms, "b")
	w.note(9*ms, "painter.loadMeasureFont(0x0)\nasynclab/ui/learn.New()\nasynclab/ui.(*Shell).ShowAndRun()")
	w.note(4*ms, "glfw.SwapBuffers()\nglfw.(*window).RunWithContext(0x0)\nasynclab/ui.(*Shell).ShowAndRun()\n\tasynclab/ui/shell.go:395")
	w.note(5*ms, "asynclab/ui/stage.brush.draw()\nglfw.(*window).RunWithContext(0x0)\nasynclab/ui.(*Shell).ShowAndRun()")
	if d, where, toolkit := w.read(); d != 5*ms || !strings.Contains(where, "brush") || toolkit != 9*ms {
		t.Errorf("the longest is %v at %s; of the toolkit %v", d, where, toolkit)
	}
}
