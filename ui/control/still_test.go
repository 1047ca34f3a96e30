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

// Slowed down by hand just when a message comes, the window has a frame for every step while
// the message is seen, and then one a second.
func TestStillAfterTheMessage(t *testing.T) {
	clock := &ManualClock{}
	clock.Move(time.Hour)
	c := NewController(clock)
	defer c.Quit()
	shown := 0
	c.OnFrame = func(*Frame) { shown++ }
	c.Open(parsed(t, `version: 1
name: rare
run: {duration: 5h, seed: 1}
load: {users: {to: shop/buy, arrivals: every(1h)}}
designs: {only: {services: {shop: {workers: 64, on: {buy: [work: exp(20ms)]}}}}}
`), nil, Options{})
	c.JumpTo(40 * time.Minute)
	c.Sync()
	c.Play() // by itself, it hurries to the message at one hour
	for range 12 {
		clock.Move(frameTime)
		c.Sync()
	}
	c.Slower()
	var seconds []int
	for range 8 {
		before := shown
		for range int(time.Second / frameTime) {
			clock.Move(frameTime)
			c.Sync()
		}
		seconds = append(seconds, shown-before)
	}
	if seconds[0] < 50 {
		t.Errorf("while the message moves: %d frames", seconds[0])
	}
	for _, n := range seconds[3:] {
		if n > 1 {
			t.Fatalf("frames of each second: %d", seconds)
		}
	}
}
