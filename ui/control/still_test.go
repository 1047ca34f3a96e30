package control

import (
	"testing"
	"time"
)

// While nothing moves but the clock, the window is asked to paint five times a second,
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
		case m == 0 && f <= 6:
			quiet++
		case m >= 40:
			busy++
		}
	}
	if quiet < 30 || busy < 1 {
		t.Errorf("of 45 s, %d were quiet with at most 6 frames, %d busy with 40", quiet, busy)
	}
}
