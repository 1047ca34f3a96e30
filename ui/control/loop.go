package control

import (
	"math"
	"slices"
	"time"
)

// Durations in real time.
const (
	frameTime = time.Second / 60
	boardTime = time.Second / 10
	stillTime = time.Second            // between frames while nothing moves but the clock
	stillPlot = 5 * time.Second        // between boards meanwhile: each makes the window paint for every plot
	sliceTime = 8 * time.Millisecond   // of work between two checks of the mailbox
	quietTime = 150 * time.Millisecond // a jump that takes less shows no frames in between
	chunk     = 2_000                  // events between two checks of the clock
	maxChunks = 200
)

// loop is the controller's goroutine: it repeats commands, a slice of work, and
// output.
func (c *Controller) loop() {
	defer close(c.done)
	for {
		for _, do := range c.mail.take() {
			c.safely(do)
			c.out.asked = true
		}
		if c.stop {
			return
		}
		busy := false
		c.safely(func() { busy = c.work() })
		c.safely(c.emit)
		if busy {
			continue
		}
		for _, ch := range c.idle {
			close(ch)
		}
		c.idle = nil
		c.wait()
	}
}

// safely lets a panic of the engine end the session, not the program.
func (c *Controller) safely(f func()) {
	guarded(f, func(err error) {
		c.s = nil
		c.fail(err)
	})
}

// wait sleeps until there is a command, or the clock makes work due.
func (c *Controller) wait() {
	d := time.Duration(-1)
	if c.s != nil {
		d = c.out.due(c.clock.Now(), c.play.on)
		if c.play.on && c.out.still && !c.out.newFrame && !c.s.Seeking() {
			d = max(d, c.rest())
		}
	}
	if d < 0 {
		<-c.mail.wake
		return
	}
	select {
	case <-c.mail.wake:
	case <-c.clock.After(d):
	}
}

// rest is how long nothing can begin to move: up to the next event, at the present speed.
func (c *Controller) rest() time.Duration {
	const longest = 150 * time.Millisecond // less than a tempo takes for a pause
	wait := float64(longest)
	if next, ok := c.s.next(); ok {
		wait = min(wait, float64(next-c.s.now)/c.play.speed)
	}
	return max(time.Duration(wait), 0)
}

// work does the work that is due, for a slice of time, and reports whether
// there is more.
func (c *Controller) work() bool {
	if c.s == nil {
		return false
	}
	switch {
	case c.s.Seeking():
		return c.workOnGoal()
	case c.play.on:
		return c.workByClock()
	}
	return false
}

func (c *Controller) workOnGoal() bool {
	c.patient()
	done := c.slice(func() bool { return c.s.Work(chunk) })
	if done {
		c.landed()
		done = !c.s.Seeking()
	}
	c.out.changed()
	if done && c.resume {
		c.setPlaying(true)
	}
	return !done || c.play.on
}

func (c *Controller) workByClock() bool {
	start := c.clock.Now()
	c.tempo.follow(&c.play, start, c.s.now)
	if c.leapIfLate() {
		return true
	}
	if c.out.still {
		c.hurry(start)
	}
	to := min(c.play.target(start), c.s.length)
	if to <= c.s.now {
		return false
	}
	if math.IsInf(c.play.speed, 1) {
		to = c.s.length
	}
	there := c.slice(func() bool { return c.s.Advance(time.Duration(to), chunk) })
	now := c.clock.Now()
	c.play.measure(now, c.s.now)
	c.play.late(now, c.s.now)
	c.out.changed()
	if c.s.Over() {
		c.play.set(false, now, c.s.now)
		c.s.stopped = RunOver
		return false
	}
	return !there
}

// slice repeats a chunk of work until it is done, or the slice of time has
// passed.
func (c *Controller) slice(work func() bool) bool {
	end := c.clock.Now().Add(sliceTime)
	for range maxChunks {
		if work() {
			return true
		}
		if !c.clock.Now().Before(end) {
			return false
		}
	}
	return false
}

// output decides what is shown, and when.
type output struct {
	frames       [3]Frame
	number       uint64
	frame, board time.Time // when the last ones were shown
	told         time.Time // when the last frame went to the window
	newFrame     bool
	newBoard     bool
	still        bool // in the last frame nothing moved but the clock
	asked        bool // a command has come since the last board
	curves, bars []string
	lane         int
	element      string
}

func (o *output) changed() { o.newFrame, o.newBoard = true, true }

func (o *output) reset() {
	o.frames = [3]Frame{}
	o.frame, o.board, o.told = time.Time{}, time.Time{}, time.Time{}
	o.lane, o.element = 0, ""
	o.changed()
}

// boardEvery is the time between boards.
func (o *output) boardEvery() time.Duration {
	if o.still && !o.asked {
		return stillPlot
	}
	return boardTime
}

// due is the time until there may be something to show; negative: never.
func (o *output) due(now time.Time, playing bool) time.Duration {
	d := time.Duration(-1)
	if o.newFrame || playing {
		d = max(0, frameTime-now.Sub(o.frame))
	}
	if o.newBoard {
		if b := max(0, o.boardEvery()-now.Sub(o.board)); d < 0 || b < d {
			d = b
		}
	}
	return d
}

// emit shows a frame and a board, if they changed and their interval has
// passed.
func (c *Controller) emit() {
	if c.s == nil {
		return
	}
	now := c.clock.Now()
	if c.s.Seeking() && now.Sub(c.began) < quietTime {
		return
	}
	if c.out.newFrame && now.Sub(c.out.frame) >= frameTime {
		c.out.newFrame, c.out.frame = false, now
		c.emitFrame(now)
	}
	if c.out.newBoard && now.Sub(c.out.board) >= c.out.boardEvery() {
		c.out.newBoard, c.out.asked, c.out.board = false, false, now
		if c.OnBoard != nil {
			c.OnBoard(c.s.Board(c.out.curves, c.out.bars, c.out.lane, c.out.element))
		}
	}
}

// emitFrame shows a frame. One in which nothing moves but the clock waits for stillTime:
// every frame makes the window paint all of itself.
func (c *Controller) emitFrame(now time.Time) {
	f, before := &c.out.frames[(c.out.number+1)%3], &c.out.frames[c.out.number%3]
	c.s.SetPace(c.pace())
	c.s.Fill(f)
	for i := range f.Lanes {
		f.Lanes[i].Phase = c.clock.Now().Sub(c.start).Seconds()
	}
	f.Mode, f.Speed, f.Pace = c.mode(), c.play.speed, c.play.pace
	f.Tempo, f.Accident = c.tempo.kind, !math.IsInf(c.tempo.accident, 1)
	still := c.play.on && f.still(before)
	c.out.asked = c.out.asked || still && !c.out.still // the last state is shown before boards become rare
	if c.out.still = still; still && now.Sub(c.out.told) < stillTime {
		return
	}
	c.out.number++
	c.out.told, f.Number = now, c.out.number
	if c.OnFrame != nil {
		c.OnFrame(f)
	}
}

// still tells whether a frame differs from the one before in nothing but its time, and the
// speed that playback by itself chooses anew for every frame.
func (f *Frame) still(before *Frame) bool {
	if f.Mode != before.Mode || f.Speed != before.Speed && f.Tempo != ByItself || f.Tempo != before.Tempo || len(f.Lanes) != len(before.Lanes) {
		return false
	}
	for i := range f.Lanes {
		a, b := &f.Lanes[i], &before.Lanes[i]
		if a.behind || len(a.Dots)+len(a.Sparks)+len(b.Dots)+len(b.Sparks) > 0 || a.Moving != b.Moving || !slices.Equal(a.Nodes, b.Nodes) || !slices.EqualFunc(a.Links, b.Links, stillLink) || !slices.Equal(a.Signs, b.Signs) {
			return false
		}
	}
	return true
}

// stillLink tells whether a link looks the same: nothing flows, and a rate alone may fade.
func stillLink(a, b LinkState) bool {
	flows := a.Flow && a.Sent > 0
	a.Rate, a.Sent, a.Said, b.Rate, b.Sent, b.Said = 0, 0, 0, 0, 0, 0
	a.Failing, b.Failing = 0, 0
	return a == b && !flows
}

// pace is, in simulated time, how long a spark is shown (most of a real second), and
// how long a message must be on its way to be seen (a quarter of one). While
// playback is paused, everything is seen.
func (c *Controller) pace() (fade, quick time.Duration) {
	const seen, eye = 0.8, 0.25
	speed := c.play.speed
	if math.IsInf(speed, 1) {
		speed = max(c.play.pace, 1)
	}
	if c.play.on {
		quick = time.Duration(min(speed*eye*1e9, float64(time.Hour)))
	}
	return time.Duration(min(speed*seen*1e9, float64(time.Hour))), quick
}

func (c *Controller) mode() Mode {
	switch {
	case c.s.Seeking():
		return Seeking
	case c.play.on:
		return Playing
	case c.s.Over():
		return Ended
	}
	return Paused
}
