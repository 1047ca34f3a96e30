package figure

import (
	"slices"
	"sync"
	"time"
)

// interval is the least time between two drawings of one figure.
const interval = 100 * time.Millisecond

// worker draws sheets one after the other. Its goroutine ends when no sheet is
// queued.
type worker struct {
	mu      sync.Mutex
	waiting []*sheet // in the order of their requests
	running bool
	wake    chan struct{} // a new sheet may be due before the others
	idle    *sync.Cond    // signals that no sheet is queued
}

// sheet is a figure in the worker's queue. All fields are guarded by the
// worker's lock.
type sheet struct {
	work   func() // the latest request; nil: none
	last   time.Time
	atWork bool // work is running, or its result has not reached the window yet
}

func newWorker() *worker {
	w := &worker{wake: make(chan struct{}, 1)}
	w.idle = sync.NewCond(&w.mu)
	return w
}

var shared = newWorker()

// ask sets the next work of a sheet, in place of an earlier request.
func (w *worker) ask(s *sheet, work func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.work = work
	if !slices.Contains(w.waiting, s) {
		w.waiting = append(w.waiting, s)
	}
	if !w.running {
		w.running = true
		go w.run()
		return
	}
	w.nudge()
}

func (w *worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default: // a wake-up is already pending
	}
}

// forget drops the request of a sheet.
func (w *worker) forget(s *sheet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.work = nil
	w.waiting = slices.DeleteFunc(w.waiting, func(x *sheet) bool { return x == s })
	w.nudge()
}

// taken reports that the window has the drawing of a sheet: the sheet's other
// image can be drawn into again.
func (w *worker) taken(s *sheet) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.atWork = false
	w.nudge()
}

// run draws due sheets until no sheet is queued.
func (w *worker) run() {
	for {
		work, pause := w.next(time.Now())
		switch {
		case work != nil:
			work()
		case pause == 0:
			return
		default:
			t := time.NewTimer(pause)
			select {
			case <-t.C:
			case <-w.wake:
				t.Stop()
			}
		}
	}
}

// next is the work that is due, or the time until there is some; neither if no
// sheet is queued.
func (w *worker) next(now time.Time) (work func(), pause time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, s := range w.waiting {
		left := interval - now.Sub(s.last)
		switch {
		case s.atWork:
			left = interval // taken wakes the worker
		case left <= 0:
			w.waiting = slices.Delete(w.waiting, i, i+1)
			work, s.work = s.work, nil
			s.last, s.atWork = now, true
			return work, 0
		}
		if pause == 0 || left < pause {
			pause = left
		}
	}
	if pause == 0 {
		w.running = false
		w.idle.Broadcast()
	}
	return nil, pause
}

// Flush waits until all requests are drawn and handed to the window. It is for
// tests and for pictures of the window; called on the window's own goroutine it
// would deadlock.
func Flush() {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	for shared.running {
		shared.idle.Wait()
	}
}
