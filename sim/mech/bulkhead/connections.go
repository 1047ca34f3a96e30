package bulkhead

import (
	"fmt"

	"asynclab/sim/mech"
)

// Connections that take a time to open.
//
//	attempt ──► one idle? ──► the one used last, at once
//	               │ none
//	               ├── room for one more: it is opened, and the attempt waits in line
//	               │                                │ setup
//	               └── none: the line, or refused   ▼
//	                                        the first in line, or idle ──► closed after `idle`
//
// Who waits takes the first that comes, as a pool of an HTTP client does: his own, or one
// that another gives back before. What is opened for one who has gone is idle.

// The timers and tables of a cell: keys are numbers in ascending order, each with the time
// at which the connection will be open, or since which it is idle.
const (
	isOpen = iota
	isStale
	numTimers
)

const (
	toOpen = iota
	unused
	numTables
)

func idle(w []int64) int64 { return w[kept] - w[shut] }

// connect is May where connections have to be opened.
func connect(c *mech.Cell, s *Settings) mech.Verdict {
	w := c.Words
	if idle(w) > 0 {
		w[kept]--
		t := c.Host.Table(unused)
		t.Remove(t.Find(uint64(w[kept])))
		hold(c, 1)
		return mech.Go
	}
	room := w[out]+w[opening] < int64(s.Slots)
	if c.Hurry || !room && (s.Wait == 0 || s.Line > 0 && int64(c.Host.Waiting())-w[opening] >= int64(s.Line)) {
		c.Host.Count(refused)
		return mech.Refuse(0)
	}
	if room {
		dial(c, s)
	}
	c.Patience = max(0, int64(s.Wait))
	return mech.Wait
}

// dial begins to open a connection.
func dial(c *mech.Cell, s *Settings) {
	w := c.Words
	at := c.Now + int64(s.Setup)
	t := c.Host.Table(toOpen)
	row, _ := t.Add(uint64(w[dials]))
	t.Words(row)[0] = at
	if w[dials]++; w[opening] == 0 {
		c.Host.Timer(isOpen, at)
	}
	w[opening]++
	c.Host.Count(opened)
}

// dialAll opens connections for those in line who have none coming.
func dialAll(c *mech.Cell, s *Settings) {
	w := c.Words
	for w[opening] < int64(c.Host.Waiting()) && w[out]+idle(w)+w[opening] < int64(s.Slots) {
		dial(c, s)
	}
}

// goesOn gives a connection that has come free to the first in line, or keeps it; one that
// is broken, or one too many, is closed.
func goesOn(c *mech.Cell, s *Settings, good bool) {
	w := c.Words
	switch {
	case !good || w[out]+idle(w)+w[opening] >= int64(s.Slots):
		c.Host.Level(open, -1)
		dialAll(c, s)
	case c.Host.Next():
		hold(c, 1)
	default:
		keep(c, s)
	}
}

// keep leaves a connection open for whoever comes next.
func keep(c *mech.Cell, s *Settings) {
	w, t := c.Words, c.Host.Table(unused)
	row, _ := t.Add(uint64(w[kept]))
	t.Words(row)[0] = c.Now
	if w[kept]++; s.Idle > 0 && idle(w) == 1 {
		c.Host.Timer(isStale, c.Now+int64(s.Idle))
	}
}

func timer(c *mech.Cell, k int) {
	s, w := c.Settings.(*Settings), c.Words
	if k == isOpen {
		for t := c.Host.Table(toOpen); w[opening] > 0; {
			row := t.Find(uint64(w[dialled]))
			if at := t.Words(row)[0]; at > c.Now {
				c.Host.Timer(isOpen, at)
				break
			}
			t.Remove(row)
			w[dialled]++
			w[opening]--
			c.Host.Level(open, 1)
			goesOn(c, s, true)
		}
		return
	}
	for t := c.Host.Table(unused); idle(w) > 0; {
		row := t.Find(uint64(w[shut]))
		if at := t.Words(row)[0] + int64(s.Idle); at > c.Now {
			c.Host.Timer(isStale, at)
			break
		}
		t.Remove(row)
		w[shut]++
		c.Host.Level(open, -1)
	}
}

func auditConnections(c *mech.Cell, s *Settings) error {
	w := c.Words
	n := int64(c.Host.Waiting())
	switch {
	case w[opening] != w[dials]-w[dialled] || w[opening] < 0 || int64(c.Host.Table(toOpen).Len()) != w[opening]:
		return fmt.Errorf("%d connections are opened, %d to %d", w[opening], w[dialled], w[dials])
	case idle(w) < 0 || int64(c.Host.Table(unused).Len()) != idle(w):
		return fmt.Errorf("%d connections are idle, of %d", idle(w), c.Host.Table(unused).Len())
	case n > 0 && idle(w) > 0:
		return fmt.Errorf("%d wait, and %d connections are idle", n, idle(w))
	case n > w[opening] && w[out]+w[opening] < int64(s.Slots):
		return fmt.Errorf("%d wait, and %d connections of %d are held, %d are opened", n, w[out], s.Slots, w[opening])
	}
	return nil
}
