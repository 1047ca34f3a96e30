package control

import (
	"math"
	"time"

	"asynclab/scenarios"
)

// Tempo is what the speed is chosen for.
type Tempo uint8

// The tempos. ByItself watches a message first, then goes to the accident, and
// watches the line there.
const (
	ByHand Tempo = iota // a speed that a person has set
	ByItself
	WatchMessage
	WatchLine
	WatchRun
)

// Real times of ByItself: a message is watched, the accident comes, and how long it
// is watched if it has no known end.
const (
	messageTime  = 4 * time.Second
	accidentTime = 12 * time.Second
	lineTime     = 15 * time.Second
	runTime      = 40 * time.Second // of a whole run at WatchRun
	gapTime      = time.Second / 2  // from one operation to the next at WatchLine, at most: what was seen stays for longer
	workTime     = 2 * time.Second  // most that a piece of work takes at WatchLine: a line has to be seen to go on
	leadTime     = 1 * time.Second  // before the accident, at the speed of the line
)

// tempo chooses the speed.
type tempo struct {
	kind               Tempo
	message, line, run float64 // simulated seconds in a second
	slow               float64 // below this nothing would be seen to go on in a line
	accident           float64 // when the first one begins, in seconds; +Inf: there is none
	over               float64 // when it has been watched

	last    time.Time     // of the last choice
	elapsed time.Duration // playing, since the beginning
}

// tempoOf is the tempo of a scenario whose faults are at some times.
func tempoOf(sc *scenarios.Scenario, length time.Duration, marks []Mark) tempo {
	t := tempo{kind: ByItself, message: DefaultSpeed(sc), accident: math.Inf(1)}
	t.run = max(length.Seconds()/runTime.Seconds(), t.message)
	t.slow = max(longestWork(sc)/workTime.Seconds(), arrivalGap(sc)/gapTime.Seconds())
	t.line = min(max(math.Sqrt(t.message*t.run), t.slow), t.run)
	span := math.Inf(1)
	for _, m := range marks {
		if at := m.From.Seconds(); at > 0 && at < t.accident {
			t.accident, span = at, (m.To - m.From).Seconds()
		}
	}
	if !math.IsInf(t.accident, 1) {
		t.accidentAt(t.accident, span, length)
	}
	return t
}

// accidentAt says when the accident begins and how long it takes, in seconds.
func (t *tempo) accidentAt(at, span float64, length time.Duration) {
	span = min(span, length.Seconds()/10)
	t.accident = at
	t.line = min(max(span/lineTime.Seconds(), t.message, t.slow), t.run)
	t.over = t.accident + max(1.5*span, t.line*lineTime.Seconds())
}

// lead is where the accident is waited for, in seconds.
func (t *tempo) lead() float64 { return max(t.accident-t.line*leadTime.Seconds(), 0) }

// speed is that at a simulated time in seconds.
func (t *tempo) speed(now float64) float64 {
	switch {
	case t.kind == WatchMessage:
		return t.message
	case t.kind == WatchLine:
		return t.line
	case t.kind == WatchRun:
		return t.run
	case t.elapsed < messageTime && now < t.lead():
		return t.message
	case now < t.lead() && !math.IsInf(t.accident, 1):
		return max((t.lead()-now)/max(accidentTime-t.elapsed, frameTime).Seconds(), t.message)
	case now < t.over || math.IsInf(t.accident, 1) && t.elapsed < messageTime+lineTime:
		return t.line
	}
	return t.run
}

// follow sets the speed of a player for the stretch since the last choice.
func (t *tempo) follow(p *player, now time.Time, sim int64) {
	if t.kind == ByHand {
		return
	}
	d := min(max(now.Sub(t.last), 0), 200*time.Millisecond)
	t.elapsed += d
	t.last = now
	p.speed = t.speed(float64(sim) / 1e9)
	p.anchor(now.Add(-d), sim)
}

// hurry lets the next event come soon where messages or the line are watched and nothing is
// under way.
func (c *Controller) hurry(now time.Time) {
	soon := 300 * time.Millisecond
	if c.tempo.kind != ByItself {
		return
	}
	next, ok := c.s.next()
	if ok && c.s.sampling() {
		soon = frameTime // nothing is seen of a sample
	}
	if x := float64(next-c.s.now) / float64(soon); ok && x > c.play.speed {
		c.play.speed = x
		c.play.anchor(now.Add(-frameTime), c.s.now)
	}
}

// Tempo chooses the speed for a purpose; ByHand keeps the present speed.
func (c *Controller) Tempo(kind Tempo) {
	c.do(func(s *Session) {
		c.tempo.kind, c.tempo.elapsed, c.tempo.last = kind, messageTime, c.clock.Now()
		if kind != ByHand {
			c.play.speed = c.tempo.speed(s.Now().Seconds())
			c.play.anchor(c.clock.Now(), s.now)
		}
		c.out.changed()
	})
}

// ToAccident goes to the first fault of the scenario, and plays from shortly before
// it at the speed of the line.
func (c *Controller) ToAccident() {
	c.try(func(s *Session) error {
		if math.IsInf(c.tempo.accident, 1) {
			s.stopped = NoFaultAhead
			return nil
		}
		c.tempo.kind, c.tempo.elapsed, c.tempo.last = ByItself, accidentTime, c.clock.Now()
		c.setPlaying(true)
		return c.elsewhere(func() error { return s.seekJump(time.Duration(c.tempo.lead() * 1e9)) })
	})
}

// begin starts playback; at the beginning of a run with the first message.
func (c *Controller) begin() {
	c.tempo.last = c.clock.Now()
	if c.s.now > 0 || c.tempo.kind == ByHand || c.s.Over() {
		c.setPlaying(true)
		return
	}
	c.tempo.elapsed, c.leap = 0, leap{}
	c.began = c.clock.Now()
	c.s.seek(goal{kind: toMessage, most: c.s.Events() + patience})
	c.resume = true
}
