package control

import (
	"testing"
	"time"
)

func TestPlay(t *testing.T) {
	clock := &ManualClock{}
	c := NewController(clock)
	defer c.Quit()
	var last *Frame
	c.OnFrame = func(f *Frame) { last = f }
	c.OnError = func(err error) { t.Error(err) }
	c.Open(load(t, "order-flow"), nil, Options{})
	c.SetSpeed(2)
	c.Play()
	c.Sync()
	for range 60 {
		clock.Move(time.Second / 30)
		c.Sync()
	}
	clock.Move(time.Second)
	c.Sync()
	if last == nil || last.Now < 3900*time.Millisecond || last.Now > 6100*time.Millisecond || last.Mode != Playing {
		t.Errorf("%+v", last)
	}
}
