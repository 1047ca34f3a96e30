package control

import (
	"asynclab/sim/design"
	"asynclab/sim/engine"
	"errors"
	"fmt"
	"slices"
)

// The paths of changes that are not parameters, as design.Change has them.
const (
	injectPath = "inject"
	healPath   = "heal"
)

// mostUndo is the number of changes that can be undone.
const mostUndo = 200

// history is the list of changes made by hand, and its earlier states for undo.
type history struct {
	changes    []made // in the order of time
	undo, redo [][]made
}

// made is a change, and the lanes that it applies to: a change for all lanes
// skips those that have no such element.
type made struct {
	Change
	in      uint8 // a bit for each lane
	written bool  // it came with the scenario
}

// plan gives every lane its future changes.
func (s *Session) plan() error {
	for n, l := range s.lanes {
		if err := l.run.Plan(s.planned(n)); err != nil {
			return err
		}
	}
	return nil
}

// planned are the changes of a lane.
func (s *Session) planned(lane int) []design.Change {
	var list []design.Change
	for _, c := range s.changes {
		if c.in>>lane&1 != 0 {
			list = append(list, c.Change.Change)
		}
	}
	return list
}

// Set changes a parameter now, in a lane or (-1) in all that have it.
func (s *Session) Set(lane int, path, value string) error {
	return s.change(lane, path, value, func(r *engine.Run) error { return r.Set(path, value) })
}

// Inject begins a fault now.
func (s *Session) Inject(lane int, f design.Fault) error {
	return s.change(lane, injectPath, design.FormatFault(f), func(r *engine.Run) error { return r.Inject(f) })
}

// Heal ends a fault now.
func (s *Session) Heal(lane int, name string) error {
	return s.change(lane, healPath, name, func(r *engine.Run) error { return r.Heal(name) })
}

// change makes a change now. Changes planned for later are dropped; undo
// restores them.
func (s *Session) change(lane int, path, value string, do func(*engine.Run) error) error {
	if lane >= len(s.lanes) {
		return fmt.Errorf("there is no lane %d", lane)
	}
	s.arrive()
	c := made{Change: Change{Lane: lane, Change: design.Change{At: s.Now() + 1, Path: path, Value: value}}}
	var errs []error
	for n, l := range s.lanes {
		if lane >= 0 && lane != n {
			continue
		}
		if err := do(l.run); err != nil {
			errs = append(errs, err)
		} else {
			c.in |= 1 << n
		}
	}
	if c.in == 0 {
		return errors.Join(s.plan(), errs[0])
	}
	kept := 0
	for kept < len(s.changes) && s.changes[kept].At <= c.At {
		kept++
	}
	list := slices.Clone(s.changes[:kept])
	if last := kept - 1; last >= 0 && path != injectPath && path != healPath && list[last].At == c.At && list[last].Lane == lane && list[last].Path == path {
		list[last] = c // one slider, dragged while playback is paused
	} else {
		s.undo = append(s.undo[max(0, len(s.undo)-mostUndo+1):], s.changes)
		list = append(list, c)
	}
	s.redo = nil
	_, err := s.rewrite(list)
	return err
}

// Undo takes the last change back: the run becomes what it would have been
// without it.
func (s *Session) Undo() error {
	if err := s.seekUndo(); err != nil {
		return err
	}
	s.finish()
	return nil
}

func (s *Session) seekUndo() error {
	n := len(s.undo)
	if n == 0 {
		return nil
	}
	list := s.undo[n-1]
	s.undo, s.redo = s.undo[:n-1], append(s.redo, s.changes)
	return s.relive(list)
}

// Redo repeats a change that was undone.
func (s *Session) Redo() error {
	if err := s.seekRedo(); err != nil {
		return err
	}
	s.finish()
	return nil
}

func (s *Session) seekRedo() error {
	n := len(s.redo)
	if n == 0 {
		return nil
	}
	list := s.redo[n-1]
	s.redo, s.undo = s.redo[:n-1], append(s.undo, s.changes)
	return s.relive(list)
}

// ResetChanges takes back all changes made by hand. It can be undone.
func (s *Session) ResetChanges() error {
	if err := s.seekReset(); err != nil {
		return err
	}
	s.finish()
	return nil
}

func (s *Session) seekReset() error {
	if len(s.changes) == 0 {
		return nil
	}
	s.undo, s.redo = append(s.undo, s.changes), nil
	return s.relive(nil)
}

// relive replaces the changes and simulates again up to now with the new ones.
func (s *Session) relive(list []made) error {
	now := s.now
	if s.goal.kind == toTime {
		now = s.goal.time
	}
	s.Cancel()
	s.level()
	now = max(now, s.now)
	back, err := s.rewrite(list)
	if err == nil && (back || s.now < now) {
		s.seek(goal{kind: toTime, time: now, back: true})
	}
	return err
}

// rewrite replaces the changes. Checkpoints and events simulated with different
// changes are discarded; if the run has passed the first difference, it goes
// back to before it.
func (s *Session) rewrite(list []made) (back bool, err error) {
	same := 0
	for same < min(len(list), len(s.changes)) && list[same] == s.changes[same] {
		same++
	}
	from := int64(-1) // of the first difference
	for _, l := range [][]made{list, s.changes} {
		if same < len(l) && (from < 0 || int64(l[same].At) < from) {
			from = int64(l[same].At)
		}
	}
	s.changes = list
	if from < 0 {
		return false, s.plan()
	}
	for i := len(s.saves) - 1; i > 0 && s.saves[i].time >= from; i-- {
		s.bytes -= s.saves[i].bytes
		s.saves[i] = save{}
		s.saves = s.saves[:i]
	}
	s.reached = min(s.reached, max(s.now, from-1))
	for _, l := range s.lanes {
		l.forget(from)
	}
	if s.now < from {
		s.reached = s.now
		return false, s.plan()
	}
	s.reached = from - 1
	return true, s.back(s.nearest(from - 1))
}

// Changes lists the changes made by hand.
func (s *Session) Changes() []Change {
	var all []Change
	for _, c := range s.changes {
		all = append(all, c.Change)
	}
	return all
}
