package control

import (
	"slices"
	"sync"
	"time"
)

// Clock is real time.
type Clock interface {
	Now() time.Time
	// After sends once on the channel when d has passed.
	After(d time.Duration) <-chan time.Time
}

// WallClock is the clock of the machine.
type WallClock struct{}

// Now is the current time.
func (WallClock) Now() time.Time { return time.Now() }

// After is time.After.
func (WallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// ManualClock is a clock for tests: it stands still until it is moved.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []manualTimer
}

type manualTimer struct {
	at time.Time
	ch chan time.Time
}

// Now is the time that the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After sends once the clock has been moved by d.
func (c *ManualClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := manualTimer{c.now.Add(d), make(chan time.Time, 1)}
	c.timers = append(c.timers, t)
	return t.ch
}

// Move moves the clock forward.
func (c *ManualClock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.timers = slices.DeleteFunc(c.timers, func(t manualTimer) bool {
		due := !t.at.After(c.now)
		if due {
			t.ch <- c.now
		}
		return due
	})
}
