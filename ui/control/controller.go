package control

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"time"

	"asynclab/scenarios"
	"asynclab/sim"
	"asynclab/sim/design"
)

// Controller plays a Session by a clock, on a goroutine of its own. Its methods
// return immediately and may be called from any goroutine; their results appear
// in the next Frame and Board. The functions are called on the controller's
// goroutine and must return quickly; set them before the first Open.
type Controller struct {
	OnOpen  func([]Scene) // a scenario was opened: before its first frame
	OnFrame func(*Frame)  // at most 60 a second, and only when something changed
	OnBoard func(*Board)  // at most 10 a second
	OnError func(error)   // a command cannot be carried out

	clock Clock
	mail  mailbox
	done  chan struct{}

	// The fields below belong to the controller's goroutine.
	s      *Session
	play   player
	tempo  tempo
	leap   leap
	out    output
	stop   bool
	resume bool      // continue playing after a jump
	began  time.Time // when the present goal was set
	start  time.Time // of the controller
	idle   []chan struct{}
}

// NewController starts a controller; Quit ends it. The clock is WallClock for a
// window.
func NewController(clock Clock) *Controller {
	c := &Controller{clock: clock, done: make(chan struct{}), start: clock.Now()}
	c.mail.wake = make(chan struct{}, 1)
	c.play.speed = 1
	go c.loop()
	return c
}

// mailbox takes commands without blocking. Of several jumps only the newest is
// kept.
type mailbox struct {
	mu   sync.Mutex
	list []func()
	jump *time.Duration
	wake chan struct{}
}

func (m *mailbox) put(do func()) {
	m.mu.Lock()
	m.list = append(m.list, do)
	m.mu.Unlock()
	m.ring()
}

func (m *mailbox) ring() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func (m *mailbox) take() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := m.list
	m.list = nil
	return list
}

// do runs f on the controller's goroutine, if there is a session.
func (c *Controller) do(f func(s *Session)) {
	c.mail.put(func() {
		if c.s != nil {
			f(c.s)
		}
	})
}

// try is do for a function that can fail.
func (c *Controller) try(f func(s *Session) error) {
	c.do(func(s *Session) { c.attempt(s, f) })
}

func (c *Controller) attempt(s *Session, f func(s *Session) error) {
	if err := f(s); err != nil {
		c.fail(err)
	}
	if c.resume && !s.Seeking() {
		c.setPlaying(true)
	}
	c.out.changed()
}

func (c *Controller) fail(err error) {
	if c.OnError != nil {
		c.OnError(err)
	}
}

// Open starts again with some designs of a scenario, paused.
func (c *Controller) Open(sc *scenarios.Scenario, designs []int, opt Options) {
	c.mail.put(func() {
		s, err := Open(sc, designs, opt)
		if err != nil {
			c.fail(err)
			return
		}
		c.s, c.resume, c.leap = s, false, leap{}
		c.play = player{speed: DefaultSpeed(sc)}
		c.tempo = tempoOf(sc, s.Length(), s.common(s.marks()))
		if opt.Speed > 0 {
			c.play.speed, c.tempo.kind = opt.Speed, ByHand
		}
		c.out.reset()
		if c.OnOpen != nil {
			c.OnOpen(s.Scenes())
		}
		if opt.At > 0 {
			c.attempt(s, func(s *Session) error { return s.seekJump(opt.At) })
		}
	})
}

// Close drops the session; the controller can open another.
func (c *Controller) Close() { c.mail.put(func() { c.s = nil }) }

// Quit ends the controller and waits until its goroutine has ended. It must not
// be called from one of the controller's functions.
func (c *Controller) Quit() {
	c.mail.put(func() { c.stop = true })
	<-c.done
}

// Sync waits until all earlier commands have been carried out and, unless the
// speed is unlimited, the controller has nothing left to do. It is for tests,
// and for code that needs the latest state.
func (c *Controller) Sync() {
	ch := make(chan struct{})
	c.mail.put(func() { c.idle = append(c.idle, ch) })
	select {
	case <-ch:
	case <-c.done:
	}
}

// Play starts playback.
func (c *Controller) Play() { c.do(func(*Session) { c.begin() }) }

// Pause stops playback, and gives up the current goal.
func (c *Controller) Pause() {
	c.do(func(s *Session) {
		s.Cancel()
		c.setPlaying(false)
	})
}

// Toggle is Play or Pause.
func (c *Controller) Toggle() {
	c.do(func(s *Session) {
		on := !c.play.on && !s.Seeking()
		s.Cancel()
		if on {
			c.begin()
		} else {
			c.setPlaying(false)
		}
		c.out.changed()
	})
}

func (c *Controller) setPlaying(on bool) {
	c.s.stopped, c.resume = NotStopped, false
	if c.s.Over() && on {
		on = false
		c.s.stopped = RunOver
	}
	c.play.set(on, c.clock.Now(), c.s.now)
	c.out.changed()
}

// SetSpeed sets how many simulated seconds pass in one second; +Inf is as fast
// as possible.
func (c *Controller) SetSpeed(x float64) {
	c.mail.put(func() { c.setSpeed(x) })
}

func (c *Controller) setSpeed(x float64) {
	if x > 0 && !math.IsNaN(x) {
		c.tempo.kind = ByHand
		c.play.speed = min(max(x, slowestSpeed), math.Inf(1))
		if c.s != nil {
			c.play.anchor(c.clock.Now(), c.s.now)
		}
		c.out.changed()
	}
}

// Faster goes to the next higher speed: 1, 2, 5, 10, …
func (c *Controller) Faster() { c.mail.put(func() { c.setSpeed(faster(c.play.speed)) }) }

// Slower goes to the next lower speed.
func (c *Controller) Slower() { c.mail.put(func() { c.setSpeed(slower(c.play.speed)) }) }

// seeking pauses playback and sets a goal.
func (c *Controller) seeking(set func(s *Session) error) {
	c.try(func(s *Session) error {
		c.setPlaying(false)
		c.began = c.clock.Now()
		return set(s)
	})
}

// StepEvent dispatches the next event.
func (c *Controller) StepEvent() {
	c.seeking(func(s *Session) error { s.seek(goal{kind: toEvent}); return nil })
}

// StepMessage goes on until the next move of the operation op; with op 0, of
// the operation that is followed, or, if there is none, of any operation, which
// is then followed.
func (c *Controller) StepMessage(op uint64) {
	c.seeking(func(s *Session) error { s.seekMessage(op); return nil })
}

// RunTo goes on to a time as fast as possible, and stops there.
func (c *Controller) RunTo(t time.Duration) {
	c.seeking(func(s *Session) error { return s.seekJump(t) })
}

// NextFault goes on until a fault begins or ends.
func (c *Controller) NextFault() {
	c.seeking(func(s *Session) error { s.seekFault(); return nil })
}

// NextFailure goes on until an operation or task fails, or a message is lost or
// rejected.
func (c *Controller) NextFailure() {
	c.seeking(func(s *Session) error { s.seek(goal{kind: toFailure, from: s.now}); return nil })
}

// JumpTo goes to a time, back or forward, and continues playing from there if
// it was playing. While a timeline is dragged only the newest target is used.
func (c *Controller) JumpTo(t time.Duration) {
	c.mail.mu.Lock()
	waiting := c.mail.jump != nil
	c.mail.jump = &t
	c.mail.mu.Unlock()
	if waiting {
		return
	}
	c.mail.put(func() {
		c.mail.mu.Lock()
		to := *c.mail.jump
		c.mail.jump = nil
		c.mail.mu.Unlock()
		if c.s != nil { // immediately, so that later commands apply after it
			c.attempt(c.s, func(s *Session) error { return c.elsewhere(func() error { return s.seekJump(to) }) })
		}
	})
}

// elsewhere sets another time as the goal, and continues playing from there if
// it was playing.
func (c *Controller) elsewhere(set func() error) error {
	on := c.play.on || c.resume
	if !c.s.Seeking() {
		c.began = c.clock.Now()
	}
	c.setPlaying(false)
	err := set()
	c.resume = on
	return err
}

// Set changes a parameter now, in a lane or (-1) in all.
func (c *Controller) Set(lane int, path, value string) {
	c.byHand(func(s *Session) error { return s.Set(lane, path, value) })
}

// Inject begins a fault now.
func (c *Controller) Inject(lane int, f design.Fault) {
	c.byHand(func(s *Session) error { return s.Inject(lane, f) })
}

// Heal ends a fault now. At the end of the run there is nothing left to heal.
func (c *Controller) Heal(lane int, name string) {
	c.try(func(s *Session) error {
		if s.Over() {
			s.stopped = RunOver
			return nil
		}
		return c.change(s, func(s *Session) error { return s.Heal(lane, name) })
	})
}

func (c *Controller) byHand(change func(s *Session) error) {
	c.try(func(s *Session) error { return c.change(s, change) })
}

// change makes a change by hand. It takes effect one nanosecond from now: when playback
// is paused, that nanosecond is simulated, so that the effect can be seen. At the end of
// the run, where it would change nothing any more, it is made at the start of a new one.
func (c *Controller) change(s *Session, do func(s *Session) error) error {
	over := s.Over()
	if over {
		if err := s.seekJump(0); err != nil {
			return err
		}
	}
	if err := do(s); err != nil || c.play.on || c.resume {
		return err
	}
	err := s.seekJump(s.Now() + 1)
	if over {
		s.stopped = StartedOver
	}
	return err
}

// Undo takes the last change back.
func (c *Controller) Undo() { c.relive((*Session).seekUndo) }

// Redo repeats the change that was undone last.
func (c *Controller) Redo() { c.relive((*Session).seekRedo) }

// ResetChanges takes all changes back.
func (c *Controller) ResetChanges() { c.relive((*Session).seekReset) }

func (c *Controller) relive(set func(*Session) error) {
	c.try(func(s *Session) error { return c.elsewhere(func() error { return set(s) }) })
}

// Follow shows all messages of an operation even when dots are thinned; 0:
// none.
func (c *Controller) Follow(op uint64) {
	c.do(func(s *Session) { s.Follow(op); c.out.changed() })
}

// Watch sets which metrics are in Board.Curves, and which distributions in Bars.
func (c *Controller) Watch(curves, bars []string) {
	c.mail.put(func() { c.out.curves, c.out.bars = curves, bars; c.out.changed() })
}

// Select includes the numbers and parameters of an element of the picture, or
// of a link "a->b", in every Board; "" for none.
func (c *Controller) Select(lane int, element string) {
	c.mail.put(func() { c.out.lane, c.out.element = lane, element; c.out.changed() })
}

// Story finds the events of an operation, in another goroutine, which also
// calls back. It does not affect the run.
func (c *Controller) Story(lane int, op uint64, cb func(Story, error)) {
	c.do(func(s *Session) {
		tell, err := s.storyteller(lane, op)
		if err != nil {
			cb(Story{}, err)
			return
		}
		go guarded(func() { cb(tell()) }, func(err error) { cb(Story{}, err) })
	})
}

// Judge judges expectations on the runs so far.
func (c *Controller) Judge(exprs []string, cb func([]Verdict)) {
	c.do(func(s *Session) { cb(s.Judge(exprs)) })
}

// SaveText returns the scenario's text with the changes made by hand.
func (c *Controller) SaveText(cb func(string, error)) {
	c.do(func(s *Session) { cb(s.SaveText()) })
}

// Save writes the scenario with the changes made by hand into a file.
func (c *Controller) Save(file string, cb func(error)) {
	c.do(func(s *Session) { cb(s.Save(file)) })
}

// Replicate runs the designs with the present changes n times each, in other
// goroutines, to compute confidence intervals.
func (c *Controller) Replicate(ctx context.Context, n int, progress func(sim.Progress), cb func(*sim.Result, error)) {
	c.do(func(s *Session) {
		run := s.replication(n)
		go guarded(func() { cb(run(ctx, progress)) }, func(err error) { cb(nil, err) })
	})
}

// EngineError is a panic of the engine: a mistake in asynclab, not in the
// scenario.
type EngineError struct {
	Cause any
	Stack string
}

func (e *EngineError) Error() string {
	return fmt.Sprintf("the engine has failed, which is a mistake in asynclab: %v", e.Cause)
}

// guarded runs f and reports a panic of the engine as an error, so that it does
// not end the program.
func guarded(f func(), broken func(error)) {
	defer func() {
		if x := recover(); x != nil {
			broken(&EngineError{x, string(debug.Stack())})
		}
	}()
	f()
}
