package control

import (
	"testing"
	"time"
)

// While nothing moves but the clock, the window is asked to paint once a second,
// not sixty; as soon as something moves, it is sixty again.
func TestStillFrames(t *testing.T) {
	clock := &ManualClock{}
	clock.Move(time.Hour)
	c := NewController(clock)
	defer c.Quit()
	shown, moving := 0, 0
	c.OnFrame = func(f *Frame) {
		shown++
		if f.Mode == Playing && len(f.Lanes) > 0 && len(f.Lanes[0].Dots) > 0 {
			moving++
		}
	}
	sc := parsed(t, `version: 1
name: rare
run: {duration: 1h}
load: {u: {to: s/x, arrivals: every(20s)}}
services: {s: {on: {x: [work: 10ms]}}}
links: {default: {latency: 1s}}
`)
	c.Open(sc, nil, Options{})
	c.Sync()
	c.SetSpeed(1)
	c.Play()
	c.Sync()
	quiet, busy := 0, 0
	for range 45 {
		f, m := shown, moving
		for range int(time.Second / frameTime) {
			clock.Move(frameTime)
			c.Sync()
		}
		switch f, m = shown-f, moving-m; {
		case m == 0 && f <= 2:
			quiet++
		case m >= 40:
			busy++
		}
	}
	if quiet < 30 || busy < 1 {
		t.Errorf("of 45 s, %d were quiet with at most 2 frames, %d busy with 40", quiet, busy)
	}
}

// What waits for its time is waited for: the loop does not spin meanwhile.
func TestDueWhileStill(t *testing.T) {
	now := time.Unix(1000, 0)
	o := output{newBoard: true, still: true, frame: now, board: now.Add(-300 * time.Millisecond)}
	if d := o.due(now, true); d <= 0 {
		t.Errorf("due in %v while a board waits", d)
	}
	if d := o.due(now, false); d != stillPlot-300*time.Millisecond {
		t.Errorf("the board is due in %v", d)
	}
	o.asked = true
	if d := o.due(now, false); d != 0 {
		t.Errorf("a board that a command asks for is due in %v", d)
	}
}
