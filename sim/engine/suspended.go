package engine

import "asynclab/sim/design"

// An instance that resumes or restarts keeps its tasks while it is down, but
// nothing happens to them: what would have moved them (an answer, a delivery, a
// timer that has run down) is held, in its order, until the instance is back.

// heldItem is a ready item of an instance that is down.
type heldItem struct {
	readyItem
	inst int32
}

// keeps tells whether the tasks of an instance survive its crash.
func (r *Run) keeps(ii int32) bool {
	p := r.prog.services[r.instances[ii].service].crash
	return p == design.CrashResume || p == design.CrashRestart
}

// holds tells whether what happens to a task has to wait.
func (r *Run) holds(ti int32) bool {
	return r.frozen > 0 && r.instances[r.tasks.at(ti).inst].down > 0
}

func (r *Run) hold(ti int32, id uint64, arg, attempt int32, cause design.Cause, kind readyKind) {
	r.held = append(r.held, heldItem{readyItem{id, readyWord(arg, attempt, cause, kind)}, r.tasks.at(ti).inst})
}

// unhold lets happen what was held for an instance.
func (r *Run) unhold(ii int32) {
	rest := r.held[:0]
	for _, h := range r.held {
		if h.inst == ii {
			r.ready.push(h.id, h.what)
		} else {
			rest = append(rest, h)
		}
	}
	r.held = rest
}

// callTimer is the end of an attempt's time, or of a back-off.
func (r *Run) callTimer(ci int32, kind readyKind) {
	c := r.calls.at(ci)
	switch {
	case c.owner != none && r.holds(c.owner):
		r.hold(c.owner, c.id, ci, c.attempt, design.OK, kind)
	case kind == readyTimeout:
		r.callTimeout(ci)
	default:
		r.attempt(ci)
	}
}

// heldTimer is a call's timer that ran down while the instance was down. What
// came before it may have settled the matter.
func (r *Run) heldTimer(it readyItem) {
	c := r.calls.at(it.arg())
	out := it.kind() == readyTimeout
	if c.id == it.id && c.attempt&(maxAttempt-1) == it.attempt() && c.out == out && c.timer == 0 {
		r.callTimer(it.arg(), it.kind())
	}
}

// delayed is the end of a delay step.
func (r *Run) delayed(ti int32) {
	t := r.tasks.at(ti)
	if r.holds(ti) {
		r.hold(ti, t.id, ti, 0, design.OK, readyDelay)
		return
	}
	t.pc++
	r.runTask(ti)
}
