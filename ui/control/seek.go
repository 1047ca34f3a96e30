package control

import (
	"fmt"
	"time"
)

// goal is where a run is going without regard to the clock.
type goal struct {
	kind goalKind
	time int64  // toTime
	back bool   // to where it has been: what is asked for meanwhile is meant for there
	op   uint64 // toMessage; 0: any
	most uint64 // toMessage: events after which it is given up; 0: never
}

type goalKind uint8

const (
	nowhere goalKind = iota
	toTime
	toEvent
	toMessage
	toFault
	toFailure
)

// Stop is why playback has stopped by itself.
type Stop uint8

const (
	NotStopped      Stop = iota
	RunOver              // the run has come to its end
	FaultChanged         // a fault has begun or ended
	SomethingFailed      // an operation, a request or a task
	OperationOver        // nothing of the operation that is followed moves any more
)

// seek sets out for a goal; Work goes there.
func (s *Session) seek(g goal) {
	s.goal = g
	s.stopped = NotStopped
	for _, l := range s.lanes {
		o := l.watch
		o.wanted, o.met, o.fault, o.failure, o.moved = noOp, false, false, false, 0
		if g.kind == toMessage && g.op != 0 {
			o.wanted = g.op
		}
	}
}

// Seeking reports whether there is a goal.
func (s *Session) Seeking() bool { return s.goal.kind != nowhere }

// Cancel gives up the goal; the run stays where it has come to.
func (s *Session) Cancel() { s.goal = goal{} }

// Work simulates about that many events towards the goal, and reports whether it
// is reached or given up.
func (s *Session) Work(maxEvents uint64) bool {
	switch s.goal.kind {
	case nowhere:
		return true
	case toTime:
		if !s.Advance(time.Duration(s.goal.time), maxEvents) {
			return false
		}
		if s.Over() {
			s.stopped = RunOver
		}
		s.goal = goal{}
		return true
	}
	for range maxEvents {
		if g := s.goal; g.most > 0 && (s.Over() || s.Events() >= g.most) {
			return s.giveUp(g.time)
		}
		if !s.stepOne() {
			if s.goal.most > 0 {
				continue
			}
			s.goal, s.stopped = goal{}, RunOver
			return true
		}
		if s.satisfied() {
			s.evenOut()
			s.goal = goal{}
			return true
		}
	}
	return false
}

// giveUp returns to where the search for the next message of an operation began.
func (s *Session) giveUp(from int64) bool {
	if err := s.seekJump(time.Duration(from)); err != nil {
		s.goal = goal{}
	}
	s.stopped = OperationOver
	return !s.Seeking()
}

// stepOne dispatches the earliest event of all lanes; of several at the same
// time, that of the first lane.
func (s *Session) stepOne() bool {
	if s.aim > s.now {
		s.level()
	}
	first, at := -1, int64(0)
	for i, l := range s.lanes {
		if t, ok := l.run.Next(); ok && (first < 0 || t < at) {
			first, at = i, t
		}
	}
	if first < 0 {
		s.aim = s.length
		s.level()
		return false
	}
	if at > s.now {
		s.keep()
	}
	s.lanes[first].run.Step()
	s.aim = max(s.now, at)
	s.moved(s.aim)
	return true
}

// evenOut advances idle lanes to the time of the lane that had an event.
func (s *Session) evenOut() {
	for _, l := range s.lanes {
		if t, ok := l.run.Next(); !ok || t > s.now {
			l.run.Advance(s.now, 0)
		}
	}
}

// satisfied reports whether what the goal waits for has just happened.
func (s *Session) satisfied() bool {
	yes := false
	for _, l := range s.lanes {
		o := l.watch
		switch s.goal.kind {
		case toEvent:
			yes = true
		case toMessage:
			if yes = yes || o.met; s.goal.op == 0 && o.moved != 0 {
				s.follow, yes = o.moved, true
			}
		case toFault:
			if o.fault {
				yes, s.stopped = true, FaultChanged
			}
		case toFailure:
			if o.failure {
				yes, s.stopped = true, SomethingFailed
			}
		}
	}
	return yes
}

// finish works until the goal is reached.
func (s *Session) finish() {
	for !s.Work(1 << 20) {
	}
}

// arrive ends the goal: at its end, if it leads back to where the run has been.
func (s *Session) arrive() {
	if s.goal.back {
		s.finish()
	}
	s.Cancel()
	s.level()
}

// StepEvent dispatches the next event of all lanes.
func (s *Session) StepEvent() {
	s.seek(goal{kind: toEvent})
	s.finish()
}

// StepMessage goes on until the next thing that happens to an operation; with
// op 0 it is the one that is followed, or, when nothing more happens to that, the
// next operation with a message that moves, which it then follows.
func (s *Session) StepMessage(op uint64) {
	s.seekMessage(op)
	s.finish()
}

// patience is how many events StepMessage waits for an operation that has ended. Copies
// of its messages may still be in a queue.
const patience = 1_000_000

func (s *Session) seekMessage(op uint64) {
	if op == 0 && s.follow != 0 && s.alive(s.follow) {
		op = s.follow
	}
	g := goal{kind: toMessage, op: op, time: s.now}
	if op != 0 && !s.alive(op) {
		g.most = s.Events() + patience
	}
	s.seek(g)
}

// alive reports whether more will certainly happen to an operation: in some lane
// it is open, or has a message in flight.
func (s *Session) alive(op uint64) bool {
	for _, l := range s.lanes {
		if _, ok := l.watch.open.get(op); ok {
			return true
		}
		for i := range l.watch.moving {
			if m := &l.watch.moving[i]; m.op == op && m.arrives > s.now {
				return true
			}
		}
	}
	return false
}

// NextFault goes on until a fault begins or ends.
func (s *Session) NextFault() {
	s.seek(goal{kind: toFault})
	s.finish()
}

// NextFailure goes on until an operation fails, or a message is lost or turned
// away.
func (s *Session) NextFailure() {
	s.seek(goal{kind: toFailure})
	s.finish()
}

// JumpTo goes to a time, back or forward.
func (s *Session) JumpTo(t time.Duration) error {
	if err := s.seekJump(t); err != nil {
		return err
	}
	s.finish()
	return nil
}

func (s *Session) seekJump(t time.Duration) error {
	to := min(max(0, int64(t)), s.length)
	if i := s.nearestWithLog(to); to < max(s.now, s.aim) || s.saves[i].time > s.now {
		if err := s.back(i); err != nil {
			return fmt.Errorf("jump to %v: %w", t, err)
		}
	}
	s.level()
	s.seek(goal{kind: toTime, time: to, back: to <= s.reached})
	return nil
}
