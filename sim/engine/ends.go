package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// Ends of tasks: the handler is through, or somebody gave the task up.

// endTask ends a task or a branch, by success (OK) or by a cause of failure.
func (r *Run) endTask(ti int32, cause design.Cause) {
	t := r.tasks.at(ti)
	if t.parent != none {
		r.join(ti, cause)
		return
	}
	ii, s, in := t.inst, nth(r.prog.services, t.service), nth(r.instances, t.inst)
	if r.complete(ti, t, s, in, cause) {
		r.vacate(ii, s, in)
	}
}

// complete ends a task, but for its worker: it reports whether there is one to give
// to the next or to vacate.
func (r *Run) complete(ti int32, t *task, s *serviceT, in *instance, cause design.Cause) (left bool) {
	if cause == design.OK {
		r.rec.Inc(s.m.c + metric.ServiceCompleted)
	} else {
		r.rec.Inc(s.m.c + metric.ServiceFailed)
		r.blame(t.op, cause)
	}
	r.rec.Observe(s.m.h+metric.ServiceSojourn, r.now-t.arrived)
	r.observeTask(TaskEnded, t, cause)
	o, handler := r.ops.at(t.op), t.handler
	ends := len(nth(r.prog.loads, o.load).confirm) > 0
	first := cause == design.OK && (ends || t.ordered()) && r.completedFirst(o, t.op, handler, t.lid)
	if first && t.ordered() {
		r.inOrder(ti, t)
	}
	r.lastAnswer(ti, t, cause)
	auto, fetched := false, false
	if t.copy != none {
		u := nth(r.prog.consumes, t.consume)
		if auto, fetched = u.auto && !t.dup, u.fetches; t.sibling != none {
			r.othersDone(t, cause)
		}
		if !t.settled && !(cause == design.OK && r.ack(t, u, r.copies.at(t.copy))) {
			if cause == design.OK {
				r.settle(ti, AckMessage, false, false)
			} else {
				r.settle(ti, NackMessage, true, false)
			}
			t = r.tasks.at(ti)
		}
	}
	if r.led != nil {
		r.led.source = *r.taskThread(ti)
	}
	if first && ends {
		r.confirm(t.op, handler)
	}
	if fetched {
		r.confirmOthers(ti)
		t = r.tasks.at(ti)
	}
	left = t.holding && s.discipline != design.Sharing
	t.holding = false
	if o := r.ops.at(t.op); left && (auto || o.refs == 1 && o.state == opOpen && !t.answers) {
		r.vacate(t.inst, s, in) // something else is about to happen at this instant: the next in line comes before it
		left = false
	}
	if in.tasks--; in.watched != 0 {
		t.cause = cause
		r.went(ti, in, true)
	}
	if t.inside {
		r.rec.Down(s.m.l+metric.ServiceTasks, r.now)
	}
	if auto {
		r.giveCredit(t.consumer, t.epoch)
	}
	if fetched {
		r.doneFetched(t)
	}
	r.forget(ti, t)
	return left
}

// freeTask gives back a root task's worker, its credit and its record.
func (r *Run) freeTask(ti int32) {
	t := r.tasks.at(ti)
	if t.rare&rareAtDoor != 0 {
		r.leaveDoor(t)
	}
	if t.holding {
		r.release(ti)
	}
	in := nth(r.instances, t.inst)
	if in.tasks--; in.watched != 0 {
		r.went(ti, in, t.cause != design.OK)
	}
	if t.inside {
		r.rec.Down(nth(r.prog.services, t.service).m.l+metric.ServiceTasks, r.now)
	}
	if t.copy != none {
		u := nth(r.prog.consumes, t.consume)
		if u.auto && !t.dup {
			r.giveCredit(t.consumer, t.epoch)
		}
		if u.fetches {
			r.doneFetched(t)
		}
	}
	r.forget(ti, t)
}

// forget gives back the record of a task that has ended; an answer keeps it, with
// its reference to the operation, until it arrives.
func (r *Run) forget(ti int32, t *task) {
	slot := t.op
	if r.store.cells != nil {
		r.releaseLocks(ti, false)
		if int(ti) < len(r.store.read) {
			r.store.read[ti] = 0
		}
	}
	t.id = 0
	t.timer = 0
	if t.answers {
		t.admitted = false
		return
	}
	r.tasks.give(ti)
	r.unref(slot)
}

// rejectTask ends a task that was refused a place in the waiting room, or lost it.
func (r *Run) rejectTask(ti int32, cause design.Cause) {
	t := r.tasks.at(ti)
	s := nth(r.prog.services, t.service)
	r.rec.Inc(s.m.c + metric.ServiceRejected)
	r.cancel(&t.timer)
	t.cause = cause
	r.blame(t.op, cause)
	r.observeTask(TaskRejected, t, cause)
	r.answer(ti, cause, defaultSize)
	r.settle(ti, NackMessage, true, false)
	r.freeTask(ti)
}

// cancelTask stops a task whose result is no longer needed, and cancels its
// calls too.
func (r *Run) cancelTask(ti int32) {
	t := r.tasks.at(ti)
	r.rec.Inc(nth(r.prog.services, t.service).m.c + metric.ServiceCancelled)
	r.observeTask(TaskCancelled, t, design.OK)
	t.replied = true
	r.abandon(ti, allCalls)
	r.settle(ti, AckMessage, false, false)
	r.freeTask(ti)
}

// abandon ends the present wait, work or call of a task or branch.
func (r *Run) abandon(ti int32, cancel cancelling) {
	r.dropBranches(ti, cancel)
	if r.store.cells != nil {
		r.leaveStores(ti)
	}
	t := r.tasks.at(ti)
	switch t.state {
	case taskWaiting:
		r.getUp(ti)
	case taskRunning:
		if t.remaining > 0 {
			r.stopWork(ti)
		}
	case taskBlocked:
		r.block(ti, -1)
	}
	t = r.tasks.at(ti)
	r.cancel(&t.timer)
	t.state = taskRunning
	if t.out != none {
		c := t.out
		t.out = none
		r.dropCall(c, cancel == allCalls || cancel == toldCalls && nth(r.prog.sites, r.call(c).site).leave, design.OK)
	}
}
