package control

import (
	"fmt"
	"time"
)

// goal is the condition that a run continues to, independent of the clock.
type goal struct {
	kind goalKind
	time int64  // toTime
	back bool   // back to a time already reached: commands given meanwhile apply there
	op   uint64 // toMessage; 0: any
	most uint64 // toMessage: events after which the search is given up; 0: never
	from int64  // toFault, toFailure, toCondition: where the search began
	cond *condition
}

type goalKind uint8

const (
	nowhere goalKind = iota
	toTime
	toEvent
	toMessage
	toFault
	toFailure
	toCondition
)

// Stop is why playback stopped without a command.
type Stop uint8

const (
	NotStopped      Stop = iota
	RunOver              // the run has come to its end
	FaultChanged         // a fault has begun or ended
	SomethingFailed      // an operation, a request or a task
	OperationOver        // no message of the operation that is followed moves any more
	StartedOver          // a change by hand at the end of the run has begun a new one
	NoFaultAhead         // no fault begins or ends up to the end of the run
	NoFailureAhead       // nothing fails up to the end of the run
	ConditionMet         // a condition that was asked for has come to hold
	NoSuchMoment         // it does not come to hold up to the end of the run
)

// seek sets a goal; Work continues towards it.
func (s *Session) seek(g goal) {
	s.goal = g
	s.goals++
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

// Cancel gives up the goal; the run stays at the time it has reached.
func (s *Session) Cancel() { s.goal = goal{} }

// Work simulates about that many events towards the goal, and reports whether
// the goal is reached or given up.
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
	case toCondition:
		return s.workToCondition(maxEvents)
	}
	for range maxEvents {
		if g := s.goal; g.most > 0 && (s.Over() || s.Events() >= g.most) {
			return s.giveUp(g.time)
		}
		if !s.stepOne() {
			if s.goal.most > 0 {
				continue
			}
			return s.inVain()
		}
		if s.satisfied() {
			s.settle()
			s.goal = goal{}
			return true
		}
	}
	return false
}

// inVain ends a search at the end of the run. A search for a fault or a failure
// returns to where it began.
func (s *Session) inVain() bool {
	g := s.goal
	why := NoFailureAhead
	switch g.kind {
	case toFault:
		why = NoFaultAhead
	case toFailure:
	case toCondition:
		why = NoSuchMoment
	default:
		s.goal, s.stopped = goal{}, RunOver
		return true
	}
	if err := s.seekJump(time.Duration(g.from)); err != nil {
		s.goal = goal{}
	}
	s.stopped = why
	return !s.Seeking()
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

// settle ends a search. A fault or a failure stops the clock when every lane has
// done everything of that instant; a single step leaves the other events of the
// instant to the next step.
func (s *Session) settle() {
	if k := s.goal.kind; k == toFault || k == toFailure || k == toMessage && len(s.lanes) > 1 {
		s.level()
		return
	}
	for _, l := range s.lanes {
		if t, ok := l.run.Next(); !ok || t > s.now {
			l.run.Advance(s.now, 0)
		}
	}
}

// satisfied reports whether the goal's condition has just been met.
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

// arrive ends the goal, at the goal's end if it leads back to a time already
// reached.
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

// StepMessage goes on until the next event of an operation; with op 0 it takes
// the operation that is followed, or, if that has no more events, the next
// operation of which a message moves, and follows it.
func (s *Session) StepMessage(op uint64) {
	s.seekMessage(op)
	s.finish()
}

// patience is how many events StepMessage waits for an operation that has
// ended. Copies of its messages may still be in a queue.
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

// alive reports whether an operation certainly has further events: in some lane
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

// NextFault goes on until a fault begins or ends. If none does, it stays.
func (s *Session) NextFault() {
	s.seekFault()
	s.finish()
}

func (s *Session) seekFault() {
	if !s.faultAhead() {
		s.Cancel()
		s.stopped = NoFaultAhead
		return
	}
	s.seek(goal{kind: toFault, from: s.now})
}

// faultAhead reports whether a fault may still begin or end. The times of faults
// of random length or distance are found by the run only.
func (s *Session) faultAhead() bool {
	for n, l := range s.lanes {
		for _, f := range l.run.Faults() {
			if f.Active {
				return true
			}
		}
		for i := range l.given.Faults {
			if l.given.Faults[i].HasEvery || l.given.Faults[i].When != "" {
				return true
			}
		}
		for _, m := range l.marks(n, s.now, s.length) {
			if m.Planned {
				return true
			}
		}
		for _, c := range s.planned(n) {
			if int64(c.At) > s.now && (c.Path == injectPath || c.Path == healPath) {
				return true
			}
		}
	}
	return false
}

// NextFailure goes on until an operation fails, or a message is lost or
// rejected. If none is, it stays.
func (s *Session) NextFailure() {
	s.seek(goal{kind: toFailure, from: s.now})
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
