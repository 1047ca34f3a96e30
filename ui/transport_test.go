package ui

import (
	"bytes"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"asynclab/ui/bench"
	"asynclab/ui/control"
	"asynclab/ui/keyed"
)

func TestTransport(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	events := func() uint64 { return b.Frame.Events }

	// Play and pause, by button and by key.
	for _, toggle := range []func(){func() { r.tap("play") }, func() { r.press(" ") }} {
		was := b.Frame.Now
		toggle()
		if b.Frame.Mode != control.Playing {
			t.Fatalf("mode %v after play", b.Frame.Mode)
		}
		speed := b.Frame.Speed
		for range 10 {
			r.tick(100 * time.Millisecond)
		}
		toggle()
		if b.Frame.Mode != control.Paused {
			t.Fatalf("mode %v after pause", b.Frame.Mode)
		}
		went := (b.Frame.Now - was).Seconds() // while it plays and nothing moves, the picture is that of a moment ago
		if went < 0.9*speed || went > 1.5*speed {
			t.Errorf("in a second at %g× it went %g s", speed, went)
		}
		now := b.Frame.Now
		r.tick(time.Second)
		if b.Frame.Now != now {
			t.Error("it goes on while it is paused")
		}
	}
	r.settle()

	// One event, one message.
	for _, step := range []func(){func() { r.tap("step-event") }, func() { r.press(".") }} {
		was := events()
		step()
		if events() != was+1 {
			t.Errorf("a step is %d events", events()-was)
		}
	}
	for _, step := range []func(){func() { r.tap("step-message") }, func() { r.press("M") }} {
		was := events()
		step()
		if events() <= was || b.Frame.InHand == 0 {
			t.Errorf("a step of a message: %d events, operation %d", events()-was, b.Frame.InHand)
		}
	}

	// Speed.
	r.press("]")
	faster := b.Frame.Speed
	r.press("[")
	if b.Frame.Speed >= faster {
		t.Errorf("slower than %g is %g", faster, b.Frame.Speed)
	}
	speed := r.control("speed").(*keyed.Slider)
	speed.SetValue(speed.Max)
	r.settle()
	if !math.IsInf(b.Frame.Speed, 1) {
		t.Errorf("at the end of the slider the speed is %g", b.Frame.Speed)
	}

	// To a time, to the end, to the start.
	r.press("t")
	entry := r.control("ask:time").(*widget.Entry)
	entry.SetText("30s")
	entry.OnSubmitted(entry.Text)
	r.settle()
	if b.Frame.Now != 30*time.Second {
		t.Errorf("run to 30s came to %v", b.Frame.Now)
	}
	r.press(string(fyne.KeyRight))
	if b.Frame.Now != 30*time.Second+b.Frame.Length/100 {
		t.Errorf("a hundredth forward is %v", b.Frame.Now)
	}
	r.press(string(fyne.KeyLeft))
	r.press(string(fyne.KeyLeft))
	if b.Frame.Now != 30*time.Second-b.Frame.Length/100 {
		t.Errorf("two back is %v", b.Frame.Now)
	}
	r.press(string(fyne.KeyHome))
	if b.Frame.Now != 0 {
		t.Errorf("home is %v", b.Frame.Now)
	}
	r.tap("play")
	r.settle()
	if b.Frame.Mode != control.Ended || b.Frame.Now != b.Frame.Length {
		t.Errorf("as fast as possible ends at %v in mode %v", b.Frame.Now, b.Frame.Mode)
	}
	r.press(".") // at the end nothing happens, and nothing breaks
	r.tap("to-start")
	if b.Frame.Now != 0 {
		t.Errorf("back to the start is %v", b.Frame.Now)
	}
	r.quiet()
}

func TestToFaultAndFailure(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.tap("to-fault")
	if b.Frame.Now == 0 || len(b.Board.Marks) == 0 || b.Frame.Now != b.Board.Marks[0].From {
		t.Errorf("the next fault is at %v, marks %v", b.Frame.Now, b.Board.Marks)
	}
	if !r.says("a fault has begun or ended") {
		t.Error("it is not said why it stopped")
	}
	began := b.Frame.Now
	r.tap("to-failure")
	if b.Frame.Now < began || !r.says("something has failed") {
		t.Errorf("the next failure is at %v", b.Frame.Now)
	}
	r.press("F")
	if b.Frame.Now != b.Board.Marks[0].To {
		t.Errorf("the end of the fault is at %v, not %v", b.Frame.Now, b.Board.Marks[0].To)
	}
	r.quiet()
}

// drag drags the timeline to shares of its width, through places in between.
func (r *rig) drag(b *bench.Bench, shares ...float32) {
	r.t.Helper()
	tl := b.Transport.Timeline
	if tl.Size().Width < 100 {
		r.t.Fatalf("the timeline is %v large", tl.Size())
	}
	for _, s := range shares {
		const pad = 8 // left and right of the bar
		x := pad + s*(tl.Size().Width-2*pad)
		tl.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 20)}})
	}
	tl.DragEnd()
	r.settle()
}

// The timeline goes both ways, and forward again is the same run.
func TestTimelineBothWays(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("order-flow")
	r.drag(b, 0.1, 0.2, 0.5)
	there, prints, events := b.Frame.Now, b.Board.Fingerprints[0], b.Frame.Events
	if share := float64(there) / float64(b.Frame.Length); math.Abs(share-0.5) > 0.001 || events == 0 {
		t.Fatalf("dragged to the half it is at %v, %d events", there, events)
	}
	for range 3 {
		r.drag(b, 0.4, 0.2, 0.03)
		if b.Frame.Now >= there/2 || b.Frame.Reached < there {
			t.Errorf("dragged back it is at %v, reached %v", b.Frame.Now, b.Frame.Reached)
		}
		r.drag(b, 0.01, 0.9, 0.5)
		if b.Frame.Now != there || b.Board.Fingerprints[0] != prints || b.Frame.Events != events {
			t.Fatalf("forward again it is another run: %v, %d events, %x, before %v, %d, %x", b.Frame.Now, b.Frame.Events, b.Board.Fingerprints[0], there, events, prints)
		}
	}
	b.Transport.Timeline.Tapped(&fyne.PointEvent{Position: fyne.NewPos(0, 20)})
	r.settle()
	if b.Frame.Now != 0 {
		t.Errorf("a tap at its beginning leads to %v", b.Frame.Now)
	}
	r.quiet()
}

// Frames come to the picture: messages move on it.
func TestFramesArrive(t *testing.T) {
	r := start(t, "", at("lab"))
	b := r.open("sync-vs-async")
	drawn := b.Drawn
	r.tap("play")
	for range 20 {
		r.tick(time.Second / 30)
	}
	if b.Drawn < drawn+15 {
		t.Errorf("%d frames in twenty thirtieths of a second", b.Drawn-drawn)
	}
	seen := false
	for range 50 {
		r.tick(time.Second / 30)
		seen = seen || len(b.Frame.Lanes[0].Dots) > 0
	}
	if !seen {
		t.Error("no message was seen")
	}
	r.tap("play")
	svg := func() []byte {
		var data bytes.Buffer
		if err := b.Stages[0].SVG(&data); err != nil {
			t.Fatal(err)
		}
		return data.Bytes()
	}
	before := svg()
	r.press("m")
	if bytes.Equal(before, svg()) {
		t.Error("the picture stays as it is when a message moves")
	}
	r.quiet()
}
