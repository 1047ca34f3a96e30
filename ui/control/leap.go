package control

import (
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
)

// What playback by itself does about an accident that it would not reach in time:
// one far away on a slow machine, or one whose time only the run knows. It runs
// there as fast as possible, and Board.Leaps says which stretch was not shown.

// searchTime is when an accident of an unknown time is looked for, after messageTime
// and a while at the speed of the line; leapTime is how long the search may take.
const (
	searchTime = 8 * time.Second
	leapTime   = 3 * time.Second
)

// leap is a search under way. It ends when another goal is set.
type leap struct {
	goal  uint64 // its number; 0: none
	back  bool   // on its way to shortly before the accident
	from  int64  // where it began
	tried bool   // there is nothing more to find
}

// leapIfLate begins a leap if it is due, and reports whether it has.
func (c *Controller) leapIfLate() bool {
	t := &c.tempo
	if t.kind != ByItself || c.leap.tried {
		return false
	}
	known := !math.IsInf(t.accident, 1)
	switch late := float64(c.s.now)/1e9 < t.lead()-t.line*leadTime.Seconds(); {
	case known && t.elapsed >= accidentTime && late:
		return c.leapBy(func() error { return c.s.seekJump(time.Duration(t.lead() * 1e9)) }, true)
	case known || t.elapsed < searchTime:
		return false
	}
	c.leap.tried = !c.s.faultAhead() || c.s.struck()
	return !c.leap.tried && c.leapBy(func() error { c.s.seekFault(); return nil }, false)
}

func (c *Controller) leapBy(set func() error, back bool) bool {
	from := c.s.now
	c.setPlaying(false)
	c.began = c.clock.Now()
	if err := set(); err != nil {
		c.fail(err)
	}
	c.leap = leap{goal: c.s.goals, back: back, from: from, tried: true}
	c.resume = true
	return true
}

// leaping reports whether the present goal is that of a leap.
func (c *Controller) leaping() bool { return c.leap.goal > 0 && c.leap.goal == c.s.goals }

// landed is called when a goal is reached. A leap goes on from what it has found to
// shortly before it.
func (c *Controller) landed() {
	switch {
	case !c.leaping():
		return
	case !c.leap.back && c.s.stopped == FaultChanged:
		c.tempo.accidentAt(float64(c.s.now)/1e9, c.s.Length().Seconds()/10, c.s.Length())
		c.back(max(time.Duration(c.tempo.lead()*1e9), time.Duration(c.leap.from)))
		return
	}
	if l := (Leap{time.Duration(c.leap.from), c.s.Now()}); l.To > l.From && !slices.Contains(c.s.leaps, l) {
		c.s.leaps = append(c.s.leaps, l)
	}
	c.leap.goal = 0
	c.tempo.elapsed, c.tempo.last = accidentTime, c.clock.Now()
}

func (c *Controller) back(to time.Duration) {
	if err := c.s.seekJump(to); err != nil {
		c.fail(err)
	}
	c.leap.back, c.leap.goal = true, c.s.goals
}

// patient ends a search that takes too long, where it has come from.
func (c *Controller) patient() {
	if c.leaping() && !c.leap.back && c.clock.Now().Sub(c.began) > leapTime {
		c.back(time.Duration(c.leap.from))
	}
}

// struck reports whether a fault has begun in the part of the run that is reached.
func (s *Session) struck() bool {
	return slices.ContainsFunc(s.lanes, func(l *lane) bool { return len(l.watch.faults) > 0 })
}

// surges adds when the rate of a load is at least half as high again as it began.
func surges(all []Mark, lane int, l *design.Load, length int64) []Mark {
	const most = 100
	a := &l.Arrivals
	period := time.Duration(0)
	for _, p := range a.Profile {
		period += p.For
	}
	if period <= 0 {
		return all
	}
	first := a.Profile[0].From
	at, n := time.Duration(0), 0
	for i := 0; int64(at) < length && n < most && (i < len(a.Profile) || a.Repeat); i++ {
		p := &a.Profile[i%len(a.Profile)]
		end := at + p.For
		if p.For > 0 && (p.From+p.To)/2 > 1.5*first && at > 0 {
			if last := len(all) - 1; n > 0 && all[last].To == at {
				all[last].To = min(end, time.Duration(length))
			} else {
				all = append(all, Mark{Lane: lane, Name: l.Name, Surge: true, From: at, To: min(end, time.Duration(length))})
				n++
			}
		}
		at = end
	}
	return all
}
