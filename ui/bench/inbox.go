package bench

import (
	"sync"

	"fyne.io/fyne/v2"

	"asynclab/ui/control"
)

// inbox is the only place where frames and boards pass from the controller's
// goroutine to the window's. Only the newest is kept: a window that was busy
// skips the others.
type inbox struct {
	mu      sync.Mutex
	next    control.Frame // a copy of the newest frame that has not been shown
	board   *control.Board
	fresh   bool
	asked   bool // show is scheduled on the window's goroutine
	closed  bool
	showing control.Frame
	frame   func(*control.Frame)
	boards  func(*control.Board)
}

// putFrame is called on the controller's goroutine.
func (b *inbox) putFrame(f *control.Frame) {
	b.mu.Lock()
	copyFrame(&b.next, f)
	b.fresh = true
	b.mu.Unlock()
	b.ask()
}

// putBoard is called on the controller's goroutine.
func (b *inbox) putBoard(d *control.Board) {
	b.mu.Lock()
	b.board = d
	b.mu.Unlock()
	b.ask()
}

func (b *inbox) ask() {
	b.mu.Lock()
	again := b.asked || b.closed
	b.asked = true
	b.mu.Unlock()
	if !again {
		fyne.Do(b.show)
	}
}

// show must run on the window's goroutine.
func (b *inbox) show() {
	b.mu.Lock()
	fresh, board, closed := b.fresh, b.board, b.closed
	b.fresh, b.board, b.asked = false, nil, false
	if fresh {
		b.next, b.showing = b.showing, b.next
	}
	b.mu.Unlock()
	if closed {
		return
	}
	if board != nil {
		b.boards(board)
	}
	if fresh {
		b.frame(&b.showing)
	}
}

func (b *inbox) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
}

// copyFrame copies a frame into the memory of another frame.
func copyFrame(to, from *control.Frame) {
	lanes := to.Lanes
	for len(lanes) < len(from.Lanes) {
		lanes = append(lanes, control.Lane{})
	}
	lanes = lanes[:len(from.Lanes)]
	for i := range from.Lanes {
		a, b := &lanes[i], &from.Lanes[i]
		a.Moving, a.Phase = b.Moving, b.Phase
		a.Nodes = append(a.Nodes[:0], b.Nodes...)
		a.Links = append(a.Links[:0], b.Links...)
		a.Dots = append(a.Dots[:0], b.Dots...)
		a.Sparks = append(a.Sparks[:0], b.Sparks...)
		a.Signs = append(a.Signs[:0], b.Signs...)
	}
	*to = *from
	to.Lanes = lanes
}
