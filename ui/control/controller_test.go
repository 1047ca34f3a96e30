package control

import (
	"asynclab/sim/design"
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"asynclab/sim"
)

// desk is a controller on a manual clock, and what it has shown.
type desk struct {
	*Controller
	t      *testing.T
	clock  *ManualClock
	mu     sync.Mutex
	frames []Frame // their plain values
	boards []*Board
	errs   []error
	scenes []Scene
}

func newDesk(t *testing.T, name string, opt Options) *desk {
	d := &desk{t: t, clock: &ManualClock{}}
	d.Controller = NewController(d.clock)
	t.Cleanup(d.Quit)
	keep := func(f func()) { d.mu.Lock(); defer d.mu.Unlock(); f() }
	d.OnFrame = func(f *Frame) { keep(func() { d.frames = append(d.frames, *f) }) }
	d.OnBoard = func(b *Board) { keep(func() { d.boards = append(d.boards, b) }) }
	d.OnError = func(err error) { keep(func() { d.errs = append(d.errs, err) }) }
	d.OnOpen = func(s []Scene) { keep(func() { d.scenes = s }) }
	d.Open(load(t, name), nil, opt)
	d.Sync()
	return d
}

// pass lets time pass, in steps that a window would have.
func (d *desk) pass(t time.Duration) {
	const step = 10 * time.Millisecond
	for ; t > 0; t -= step {
		d.clock.Move(min(step, t))
		d.Sync()
	}
}

func (d *desk) last() Frame {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.frames) == 0 {
		d.t.Fatal("no frame was shown")
	}
	return d.frames[len(d.frames)-1]
}

func (d *desk) counts() (frames, boards, errs int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.frames), len(d.boards), len(d.errs)
}

// at waits for the frame that shows what was asked for.
func (d *desk) at(mode Mode, now time.Duration) {
	d.t.Helper()
	d.Sync()
	d.pass(200 * time.Millisecond)
	if f := d.last(); f.Mode != mode || f.Now != now {
		d.t.Fatalf("mode %d at %v, not %d at %v; stop %d; %v", f.Mode, f.Now, mode, now, f.Stopped, d.errs)
	}
}

func TestControllerPlays(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	if len(d.scenes) != 3 {
		t.Fatalf("%d scenes", len(d.scenes))
	}
	d.SetSpeed(2)
	d.Play()
	d.pass(3 * time.Second)
	f := d.last()
	if f.Mode != Playing || f.Now < 5900*time.Millisecond || f.Now > 6*time.Second || math.Abs(f.Pace-2) > 0.1 {
		t.Errorf("mode %d at %v, pace %g", f.Mode, f.Now, f.Pace)
	}
	if frames, boards, _ := d.counts(); frames < 140 || frames > 185 || boards < 25 || boards > 32 {
		t.Errorf("%d frames and %d boards in 3 s", frames, boards)
	}
	d.Faster()
	d.Pause()
	d.pass(time.Second)
	frames, boards, _ := d.counts()
	if f := d.last(); f.Mode != Paused || f.Speed != 5 {
		t.Errorf("mode %d, speed %g", f.Mode, f.Speed)
	}
	d.pass(10 * time.Second)
	if later, more, _ := d.counts(); later != frames || more != boards {
		t.Errorf("%d frames and %d boards although nothing changed", later-frames, more-boards)
	}
	d.SetSpeed(math.Inf(1))
	d.Toggle()
	d.at(Ended, 10*time.Minute)
	if f := d.last(); f.Stopped == NotStopped || f.Reached != f.Length {
		t.Errorf("%+v", f)
	}
	if _, _, errs := d.counts(); errs > 0 {
		t.Error(d.errs)
	}
}

func TestControllerSeeks(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.NextFault()
	d.at(Paused, 4*time.Minute)
	d.NextFailure()
	d.Sync()
	d.pass(200 * time.Millisecond)
	if f := d.last(); f.Now < 4*time.Minute || f.Now > 241*time.Second || f.Stopped == NotStopped {
		t.Errorf("the next failure is at %v: stop %d", f.Now, f.Stopped)
	}
	d.RunTo(5 * time.Minute)
	d.at(Paused, 5*time.Minute)
	before := d.last().Events
	d.StepEvent()
	d.Sync()
	d.pass(100 * time.Millisecond)
	if f := d.last(); f.Events != before+1 {
		t.Errorf("a step is %d events", f.Events-before)
	}
	d.StepMessage(0)
	d.Sync()
	d.pass(100 * time.Millisecond)
	if f := d.last(); f.InHand == 0 {
		t.Error("no message is in hand")
	}
	now := d.last().Now
	d.StepMessage(1)
	d.at(Paused, now)
	if f := d.last(); f.Stopped != OperationOver {
		t.Errorf("stop %d", f.Stopped)
	}
}

// Of many targets of a drag only the last counts, and what played plays on.
func TestControllerDrags(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.RunTo(10 * time.Minute)
	d.at(Ended, 10*time.Minute)
	jumps := 0
	counted := make(chan struct{}) // before anything else is asked for
	d.mail.put(func() {
		defer close(counted)
		for i := range 100 {
			d.JumpTo(time.Duration(i) * time.Second)
		}
		d.mail.mu.Lock()
		jumps = len(d.mail.list)
		d.mail.mu.Unlock()
	})
	<-counted
	d.at(Paused, 99*time.Second)
	if jumps != 1 {
		t.Errorf("%d jumps are waiting", jumps)
	}
	d.SetSpeed(1)
	d.Play()
	d.JumpTo(7 * time.Minute)
	d.JumpTo(time.Minute)
	d.Sync()
	d.pass(time.Second)
	if f := d.last(); f.Mode != Playing || f.Now < 61*time.Second-50*time.Millisecond || f.Now > 61*time.Second || f.Reached != f.Length {
		t.Errorf("mode %d at %v", f.Mode, f.Now)
	}
}

func TestControllerChanges(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.RunTo(time.Minute)
	d.Set(-1, "service.pay.workers", "2")
	d.Inject(0, fault(t, "crash stock"))
	d.Heal(0, "crash-stock")
	d.Set(-1, "nothing", "2")
	d.Watch([]string{"load.shoppers.completed"}, []string{"load.shoppers.confirmed.latency"})
	d.Select(0, "pay")
	d.RunTo(2 * time.Minute)
	d.at(Paused, 2*time.Minute)
	b := d.boards[len(d.boards)-1]
	if len(b.Changes) != 3 || !b.CanUndo || len(b.Lanes[0].Curves) != 1 || len(b.Lanes[2].Bars) != 1 || b.Chosen.Element != "pay" {
		t.Errorf("%d changes, curves %v, chosen %q", len(b.Changes), b.Lanes[0].Curves, b.Chosen.Element)
	}
	for _, p := range b.Chosen.Params {
		if p.Path == "service.pay.workers" && (p.Text != "2" || p.Initial != "6" || p.Value != 2) {
			t.Errorf("%+v", p)
		}
	}
	if _, _, errs := d.counts(); errs != 1 {
		t.Errorf("%v", d.errs)
	}
	d.Undo()
	d.Undo()
	d.Redo()
	d.ResetChanges()
	d.at(Paused, 2*time.Minute)
	if b := d.boards[len(d.boards)-1]; len(b.Changes) != 0 {
		t.Errorf("%v", b.Changes)
	}
}

// What is told by other goroutines comes while the run goes on.
func TestControllerTells(t *testing.T) {
	d := newDesk(t, "order-flow", Options{Length: time.Minute})
	d.RunTo(30 * time.Second)
	d.at(Paused, 30*time.Second)
	told, judged, ran := make(chan error, 1), make(chan []Verdict, 1), make(chan error, 1)
	op := d.boards[len(d.boards)-1].Lanes[0].Picks.Slowest
	d.Story(0, op, func(s Story, err error) {
		if err == nil && len(s.Entries) == 0 {
			err = errors.New("the story is empty")
		}
		told <- err
	})
	d.Judge([]string{"chain: run.events > 10"}, func(v []Verdict) { judged <- v })
	d.Replicate(context.Background(), 3, nil, func(r *sim.Result, err error) { ran <- err })
	d.RunTo(time.Minute)
	d.JumpTo(10 * time.Second)
	d.at(Paused, 10*time.Second)
	if err := errors.Join(<-told, <-ran); err != nil {
		t.Error(err)
	}
	if v := <-judged; len(v) != 1 || !v[0].Pass {
		t.Errorf("%+v", v)
	}
}

// A panic of the engine is an error, and another scenario can be opened.
func TestControllerSurvives(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.do(func(s *Session) { s.lanes[1].watch.ways = nil })
	d.RunTo(time.Minute)
	d.Sync()
	var failure *EngineError
	if _, _, errs := d.counts(); errs != 1 || !errors.As(d.errs[0], &failure) || failure.Stack == "" {
		t.Fatalf("%v", d.errs)
	}
	d.Play()
	d.Open(load(t, "dominoes"), nil, Options{})
	d.RunTo(time.Second)
	d.at(Paused, time.Second)
	d.Close()
	d.Play()
	d.Sync()
}

// While it runs as fast as it can, it listens.
func TestControllerListens(t *testing.T) {
	c := NewController(WallClock{})
	defer c.Quit()
	var last Frame
	c.OnFrame = func(f *Frame) { last = *f }
	c.Open(load(t, "order-flow"), nil, Options{Length: 1_000 * time.Hour})
	c.SetSpeed(math.Inf(1))
	c.Play()
	c.Pause()
	c.RunTo(900 * time.Hour)
	c.Pause()
	c.Sync()
	if last.Mode != Paused || last.Now >= 900*time.Hour {
		t.Errorf("mode %d at %v", last.Mode, last.Now)
	}
}

func TestSpeeds(t *testing.T) {
	for _, c := range []struct{ from, up, down float64 }{
		{1, 2, 0.5}, {2, 5, 1}, {5, 10, 2}, {0.01, 0.02, 0.005}, {3, 5, 2}, {1e-5, 2e-5, 1e-5}, {1000, math.Inf(1), 500}, {math.Inf(1), math.Inf(1), 1000},
	} {
		if up, down := faster(c.from), slower(c.from); up != c.up || down != c.down {
			t.Errorf("%g: up %g, down %g", c.from, up, down)
		}
	}
	if got := DefaultSpeed(load(t, "order-flow")); got != 0.005 && got != 0.01 {
		t.Errorf("order-flow in slow motion is %g", got)
	}
	rare := load(t, "order-flow")
	for _, d := range rare.Designs {
		if err := d.Set("load.shoppers.rate", "10/s"); err != nil {
			t.Fatal(err)
		}
	}
	if got := DefaultSpeed(rare); got != 0.02 && got != 0.05 {
		t.Errorf("with an arrival in 100 ms it is %g", got)
	}
}

// What is asked for after a jump comes after it.
func TestControllerOrder(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.RunTo(20 * time.Second)
	d.at(Paused, 20*time.Second)
	d.JumpTo(0)
	d.RunTo(20 * time.Second)
	d.at(Paused, 20*time.Second)
	d.JumpTo(0)
	d.Sync()
	d.do(func(s *Session) {
		if s.Now() != 0 {
			t.Errorf("after a jump to the start it is at %v", s.Now())
		}
	})
	d.at(Paused, 0)
}

// What is done by hand while the clock stands is seen at once.
func TestControllerByHand(t *testing.T) {
	d := newDesk(t, "order-flow", Options{})
	d.RunTo(20 * time.Second)
	d.Sync()
	both := make(chan struct{}) // at one time: on a busy machine one may come a nanosecond after the other
	d.mail.put(func() {
		d.Inject(0, fault(t, "crash pay"))
		d.Set(-1, "service.shop.workers", "3")
		close(both)
	})
	<-both
	d.at(Paused, 20*time.Second+1)
	d.Select(0, "shop")
	d.pass(200 * time.Millisecond)
	b := d.boards[len(d.boards)-1]
	down := false
	for _, f := range b.Lanes[0].Fault {
		down = down || f.Active && f.ByHand
	}
	if !down {
		t.Errorf("the crash is not to be seen: %+v", b.Lanes[0].Fault)
	}
	for _, p := range b.Chosen.Params {
		if p.Path == "service.shop.workers" && p.Text != "3" {
			t.Errorf("the workers are %s", p.Text)
		}
	}
}

// A change at the end of a run, where it would change nothing any more, begins a new run
// with it, and says so; healing what was broken before is no mistake either.
func TestChangeAtTheEnd(t *testing.T) {
	d := newDesk(t, "order-queue", Options{Length: time.Minute})
	d.RunTo(time.Minute)
	d.at(Ended, time.Minute)
	d.Set(-1, "service.worker.workers", "1")
	d.at(Paused, 1)
	if f := d.last(); f.Stopped != StartedOver {
		t.Errorf("stop %d", f.Stopped)
	}
	d.Inject(-1, design.Fault{Kind: design.FaultCrash, Node: "worker"})
	d.RunTo(time.Minute)
	d.at(Ended, time.Minute)
	if n := len(d.s.Changes()); n != 2 {
		t.Errorf("%d changes are in the run", n)
	}
	d.Heal(-1, d.s.Changes()[1].Value)
	d.Sync()
	d.Inject(-1, design.Fault{Kind: design.FaultCrash, Node: "worker"})
	d.at(Paused, 1)
	if _, _, errs := d.counts(); errs > 0 {
		t.Error(d.errs)
	}
}
