package engine

import "asynclab/sim/design"

// An instance that resumes or restarts keeps its tasks while it is down, but
// they do not proceed: each answer, delivery and expired timer for them is held,
// in order, until the instance is up again.

// heldItem is a ready item of an instance that is down.
type heldItem struct {
	readyItem
	inst int32
}

// keeps reports whether the tasks of an instance survive its crash.
func (r *Run) keeps(ii int32) bool {
	p := r.prog.services[r.instances[ii].service].crash
	return p == design.CrashResume || p == design.CrashRestart
}

// suspended reports whether an instance is down and keeps its tasks and
// connections, or is leaving: it gets no deliveries meanwhile.
func (r *Run) suspended(ii int32) bool {
	return r.leaving > 0 && nth(r.instances, ii).stage == stageLeaving || r.frozen > 0 && nth(r.instances, ii).down > 0 && r.keeps(ii)
}

// holds reports whether the ready items of a task are held.
func (r *Run) holds(ti int32) bool {
	return r.frozen > 0 && r.instances[r.tasks.at(ti).inst].down > 0
}

func (r *Run) hold(ti int32, id uint64, arg, attempt int32, cause design.Cause, kind readyKind) {
	r.held = append(r.held, heldItem{readyItem{id, readyWord(arg, attempt, cause, kind)}, r.tasks.at(ti).inst})
	if r.led != nil {
		r.holdThread(r.held[len(r.held)-1].readyItem)
	}
}

// unhold releases the items held for an instance.
func (r *Run) unhold(ii int32) {
	rest := r.held[:0]
	for _, h := range r.held {
		if h.inst == ii {
			if r.led != nil {
				r.heldDown(h.readyItem, ii)
			}
			r.ready.push(h.id, h.what)
		} else {
			rest = append(rest, h)
		}
	}
	r.held = rest
}

// callTimer handles the timeout of an attempt, or the end of a back-off.
func (r *Run) callTimer(ci int32, kind readyKind) {
	c := r.call(ci)
	switch {
	case !c.ofClient() && r.holds(c.owner):
		r.hold(c.owner, c.id, ci, c.attempt, design.OK, kind)
	case kind == readyTimeout:
		r.callTimeout(ci)
	default:
		r.retry(ci)
	}
}

// heldTimer handles a call's timer that expired while the instance was down. An
// item held before it may have ended the attempt.
func (r *Run) heldTimer(it readyItem) {
	c := r.call(it.arg())
	out := it.kind() == readyTimeout
	if out && c.id == it.id && c.guarded {
		if fi := r.flightOf(it.arg(), it.attempt()); fi != none && r.seam.flights.at(fi).timer == 0 {
			r.flightLate(it.arg(), fi)
			return
		}
	}
	if c.id == it.id && c.attempt&(maxAttempt-1) == it.attempt() && c.out == out && c.timer == 0 {
		r.callTimer(it.arg(), it.kind())
	}
}

// delayed ends a delay step.
func (r *Run) delayed(ti int32) {
	t := r.tasks.at(ti)
	if r.holds(ti) {
		r.hold(ti, t.id, ti, 0, design.OK, readyDelay)
		return
	}
	if r.led != nil {
		r.spendDelay(ti)
	}
	if t.rare&rareAtDoor != 0 {
		r.leaveDoor(t)
		r.runTask(ti)
		return
	}
	if in := nth(r.prog.code, t.pc); in.op == opAccess {
		r.accessed(ti, in)
		return
	}
	t.pc++
	r.runTask(ti)
}
