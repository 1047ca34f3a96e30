package figure

import (
	"testing"
	"testing/synctest"
	"time"
)

// done is work that is taken by the window at once.
func done(w *worker, s *sheet, f func()) func() {
	return func() {
		f()
		w.taken(s)
	}
}

func TestLatestWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorker()
		var s sheet
		var drawn []int
		var at []time.Duration
		start := time.Now()
		for i := range 25 { // four a tenth of a second
			w.ask(&s, done(w, &s, func() {
				drawn = append(drawn, i)
				at = append(at, time.Since(start))
			}))
			time.Sleep(25 * time.Millisecond)
		}
		time.Sleep(interval)
		synctest.Wait()
		if n := len(drawn); n < 6 || n > 8 || drawn[n-1] != 24 {
			t.Errorf("drawn %v at %v", drawn, at)
		}
		for i := 1; i < len(at); i++ {
			if at[i]-at[i-1] < interval || drawn[i] <= drawn[i-1] {
				t.Errorf("drawn %v at %v", drawn, at)
			}
		}
		if w.running {
			t.Error("the goroutine outlives its work")
		}
	})
}

// A figure is not drawn again while the window has not taken its last image, and
// does not keep others from being drawn.
func TestImageInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorker()
		var slow, other sheet
		first, second, others := 0, 0, 0
		w.ask(&slow, func() { first++ })
		synctest.Wait()
		w.ask(&slow, done(w, &slow, func() { second++ }))
		w.ask(&other, done(w, &other, func() { others++ }))
		time.Sleep(10 * interval)
		synctest.Wait()
		if first != 1 || second != 0 || others != 1 {
			t.Errorf("drawn %d, %d and %d times", first, second, others)
		}
		w.taken(&slow)
		synctest.Wait()
		if second != 1 || w.running {
			t.Errorf("drawn %d times, running %v", second, w.running)
		}
	})
}

func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorker()
		var s sheet
		n := 0
		draw := done(w, &s, func() { n++ })
		w.ask(&s, draw)
		synctest.Wait()
		w.ask(&s, draw)
		w.forget(&s)
		time.Sleep(2 * interval)
		synctest.Wait()
		if n != 1 || w.running || len(w.waiting) > 0 {
			t.Errorf("drawn %d times, running %v", n, w.running)
		}
		w.ask(&s, draw)
		synctest.Wait()
		if n != 2 {
			t.Error("a figure is not drawn after it was closed")
		}
	})
}
