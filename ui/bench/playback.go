package bench

import (
	"time"

	"asynclab/ui/control"
)

// Playback commands, as far as the guard allows them now.

// may calls do, which starts playback, if the guard allows it.
func (b *Bench) may(do func()) func() {
	return func() {
		if b.Guard == nil || b.Guard() {
			do()
		}
	}
}

// Toggle plays or pauses; at the end of a lesson's run it starts the run again.
func (b *Bench) Toggle() {
	b.may(func() {
		if b.Until > 0 && b.Frame.Now >= b.Until && b.Frame.Mode == control.Paused {
			b.Controller.JumpTo(0)
			b.Controller.Play()
			return
		}
		b.Controller.Toggle()
	})()
}

func (b *Bench) StepEvent()   { b.may(b.Controller.StepEvent)() }
func (b *Bench) StepMessage() { b.may(func() { b.Controller.StepMessage(b.Followed) })() }
func (b *Bench) NextFault()   { b.may(b.Controller.NextFault)() }
func (b *Bench) NextFailure() { b.may(b.Controller.NextFailure)() }

// ToAccident goes to the first fault of the scenario and plays.
func (b *Bench) ToAccident() { b.may(b.Controller.ToAccident)() }

// Jump goes to another time.
func (b *Bench) Jump(to time.Duration) {
	b.may(func() {
		b.asked = b.host.Clock.Now()
		b.Controller.JumpTo(to)
	})()
}

func (b *Bench) Zoom(f func(*StageView)) {
	for _, st := range b.Stages {
		f(st)
	}
}

// length is the length of the run, or of a lesson's part of it.
func (b *Bench) length() time.Duration {
	if b.Until > 0 {
		return min(b.Frame.Length, b.Until)
	}
	return b.Frame.Length
}

// Nudge jumps by hundredths of the timeline.
func (b *Bench) Nudge(hundredths int) {
	b.Jump(min(b.Frame.Now+time.Duration(hundredths)*b.length()/100, b.length()))
}
