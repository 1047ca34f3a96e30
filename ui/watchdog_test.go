package ui

import (
	"testing"
	"time"
)

// Of a time without an answer the load of the machine is not counted, and while the toolkit
// paints no more than was worked.
func TestWatchdogCountsItsOwn(t *testing.T) {
	const ms = time.Millisecond
	thread := func(ran, ready time.Duration) map[string]onThread {
		return map[string]onThread{"/proc/self/task/none": {}, "/proc/self/task/other": {ran, ready}}
	}
	for _, c := range []struct {
		d, ready time.Duration
		painting bool
		want     time.Duration
	}{
		{300 * ms, 0, false, 300 * ms}, // it sleeps, or waits for a lock
		{300 * ms, 250 * ms, false, 50 * ms},
		{300 * ms, 50 * ms, true, 0}, // none of the threads that paint has run
	} {
		if got := own(c.d, thread(0, 0), thread(9*ms, c.ready), c.painting); got != c.want {
			t.Errorf("of %v, with %v ready, painting %t: %v, not %v", c.d, c.ready, c.painting, got, c.want)
		}
	}
	var w watchdog
	w.note(3*ms, "a")
	w.note(2*ms, "b")
	if d, where := w.read(); d != 3*ms || where != "a" {
		t.Errorf("the longest is %v at %s", d, where)
	}
}
