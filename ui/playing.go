package ui

import (
	"time"

	"asynclab/ui/control"
)

// Letting time pass, as far as that is allowed now.

// may does something that lets time pass, where that is allowed.
func (b *bench) may(do func()) func() {
	return func() {
		if b.guard == nil || b.guard() {
			do()
		}
	}
}

// toggle plays and pauses; at the end of a lesson's run it begins again.
func (b *bench) toggle() {
	b.may(func() {
		if b.until > 0 && b.frame.Now >= b.until && b.frame.Mode == control.Paused {
			b.ctl.JumpTo(0)
			b.ctl.Play()
			return
		}
		b.ctl.Toggle()
	})()
}

func (b *bench) stepEvent()   { b.may(b.ctl.StepEvent)() }
func (b *bench) stepMessage() { b.may(func() { b.ctl.StepMessage(b.op) })() }
func (b *bench) nextFault()   { b.may(b.ctl.NextFault)() }
func (b *bench) nextFailure() { b.may(b.ctl.NextFailure)() }

func (b *bench) jump(to time.Duration) { b.may(func() { b.ctl.JumpTo(to) })() }

func (b *bench) zoom(f func(*stageView)) {
	for _, st := range b.stages {
		f(st)
	}
}

// length is how long what is watched is: the run, or a lesson's part of it.
func (b *bench) length() time.Duration {
	if b.until > 0 {
		return min(b.frame.Length, b.until)
	}
	return b.frame.Length
}

// nudge moves by hundredths of the timeline.
func (b *bench) nudge(hundredths int) {
	b.jump(min(b.frame.Now+time.Duration(hundredths)*b.length()/100, b.length()))
}
