package control

import (
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"errors"
	"fmt"
	"time"
)

// Bounds of a story: lines, events that are simulated to find its beginning, and
// events after its end in which nothing more of it was seen.
const (
	storyLines  = 2_000
	storyEvents = 50_000_000
	storyQuiet  = 3_000_000
)

// Story lists the events of an operation in a lane up to now. It simulates a
// copy of the run again, from before the operation arrived.
func (s *Session) Story(lane int, op uint64) (Story, error) {
	tell, err := s.storyteller(lane, op)
	if err != nil {
		return Story{}, err
	}
	return tell()
}

// storyteller prepares a story. The function it returns does not use the
// session and may run in another goroutine.
func (s *Session) storyteller(lane int, op uint64) (func() (Story, error), error) {
	if lane < 0 || lane >= len(s.lanes) {
		return nil, fmt.Errorf("there is no lane %d", lane)
	}
	if op == 0 {
		return nil, errors.New("no operation is chosen")
	}
	l := s.lanes[lane]
	t := &teller{lane: lane, names: l.watch.ways, op: op, now: max(s.now, l.run.Now()), over: !s.alive(op), events: l.run.Events(), changes: s.planned(lane)}
	for _, c := range s.saves {
		if c.time <= s.now {
			t.saves = append(t.saves, c.lanes[lane].run)
		}
	}
	var err error
	if t.run, err = l.prog.NewRun(l.cfg); err != nil {
		return nil, err
	}
	if at, ok := l.watch.arrival(op); ok {
		for len(t.saves) > 1 && t.saves[len(t.saves)-1].Time() >= at {
			t.saves = t.saves[:len(t.saves)-1]
		}
	}
	return t.tell, nil
}

// teller collects a story from a run of its own. Checkpoints are only read.
type teller struct {
	lane    int
	names   *ways
	op      uint64
	now     int64  // of the lane, which may be ahead of the others
	over    bool   // nothing of it moves any more
	events  uint64 // of the run up to now
	changes []design.Change
	saves   []*engine.Checkpoint
	run     *engine.Run

	story Story
	found bool // its arrival was observed
	ended bool
	last  uint64 // event count at its last observed record
}

// tell goes back from checkpoint to checkpoint until one is before the
// operation's arrival, and simulates forward from there.
func (t *teller) tell() (Story, error) {
	spent := uint64(0)
	until := t.now
	for i := len(t.saves) - 1; i >= 0; i-- {
		t.story, t.found, t.ended = Story{Op: t.op}, false, false
		t.run.Restore(t.saves[i])
		if err := t.run.Plan(t.changes); err != nil {
			return Story{}, err
		}
		t.run.SetObserver(t)
		before := t.run.Events()
		t.live(until)
		if t.found {
			t.live(t.now)
			t.story.Told, t.story.Over = time.Duration(t.now), t.over && t.ended
			return t.story, nil
		}
		if spent += t.run.Events() - before; spent > storyEvents {
			return Story{}, errors.New("this operation came too long ago to be found again")
		}
		until = t.saves[i].Time()
	}
	return Story{}, fmt.Errorf("no operation %x has come so far", t.op)
}

// live simulates up to a time, as long as the story may go on.
func (t *teller) live(until int64) {
	const some = 10_000
	for t.run.End() == engine.Running && t.run.Events() < t.events && !t.story.Cut {
		t.run.Advance(until, min(some, t.events-t.run.Events()))
		if t.run.Now() >= until && !t.run.Draining() || t.ended && t.run.Events() > t.last+storyQuiet {
			return
		}
	}
}

// Observe keeps the records of the operation.
func (t *teller) Observe(r engine.Record) {
	if r.Op != t.op {
		return
	}
	t.last = t.run.Events()
	switch r.Kind {
	case engine.OpArrived:
		t.found = true
		t.story.Load, t.story.Seq, t.story.Arrived = t.names.name(r.Node), r.Seq, time.Duration(r.Time)
	case engine.OpConfirmed, engine.OpFailed:
		t.ended = true
	}
	if len(t.story.Entries) == storyLines {
		t.story.Cut = true
		return
	}
	t.story.Entries = append(t.story.Entries, Entry{Lane: t.lane, Entry: t.names.named(&r)})
}
