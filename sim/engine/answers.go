package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Answers: of a task to its caller, and of its own calls to it.

// answer sends the reply, once.
func (r *Run) answer(ti int32, cause design.Cause, size uint32) {
	t := r.tasks.at(ti)
	if r.led != nil {
		r.led.source = *r.taskThread(ti)
	}
	for t.parent != none {
		t = r.tasks.at(t.parent)
	}
	if t.replied {
		return
	}
	t.replied = true
	if in := nth(r.instances, t.inst); in.watched&watchRank != 0 {
		r.notWaitedFor(t, in)
	}
	if t.call != none {
		r.reply(t.site, none, t.call, t.fromID, t.try, t.op, t.occ, cause, t.dup, size)
	}
}

// lastAnswer is answer at the end of a task. On a link that cannot lose,
// duplicate, corrupt or reorder it, a good answer travels as the task.
func (r *Run) lastAnswer(ti int32, t *task, cause design.Cause) {
	if t.replied || t.call == none {
		return
	}
	w := nth(r.prog.wires, nth(r.prog.sites, t.site).back)
	switch {
	case cause != design.OK || r.odd || w.constant < 0 || w.constant == 0 && t.try >= maxAttempt:
		r.answer(ti, cause, defaultSize)
	case w.constant > 0:
		t.replied, t.answers = true, true
		r.rec.Inc(w.sent)
		r.list.Push(r.now+w.constant, kernel.PhaseMain, evAnswer, ti)
	default:
		t.replied = true
		r.rec.Inc(w.sent)
		r.answerNow(t.call, t.fromID, t.try, design.OK)
	}
}

// answerArrived handles the arrival of an answer that travelled as its task.
func (r *Run) answerArrived(ti int32) {
	t := r.tasks.at(ti)
	if ci := t.call; ci&1 == 1 && !r.odd && r.light {
		callID, attempt, slot := t.fromID, t.try, t.op
		r.tasks.give(ti)
		if !r.callerGoesOn(ci, callID, attempt, 2) {
			r.answered(ci, callID, attempt, design.OK)
			r.unref(slot)
		}
		return
	}
	if r.obs != nil { // it came while the answer travelled
		s := nth(r.prog.sites, t.site)
		r.observePassed(MsgArrived, s.back, ReplyMessage, r.nextID(), t.op, s, design.OK, t.try > 0 || t.dup)
	}
	ci, callID, attempt, slot := t.call, t.fromID, t.try, t.op
	r.tasks.give(ti)
	if r.prog.carries {
		r.answerHas(ci, callID, 0)
	}
	if ci&1 == 0 || !r.callerGoesOn(ci, callID, attempt, 1) {
		r.answered(ci, callID, attempt, design.OK)
	}
	r.unref(slot)
}

// resume continues a task after its call has ended.
func (r *Run) resume(ti int32, cause design.Cause) {
	t := r.tasks.at(ti)
	t.out = none
	if r.proceed(ti, cause) {
		r.runTask(ti)
	}
}

// proceed moves a task that waited to its next step. It reports false when the
// task ended there.
func (r *Run) proceed(ti int32, cause design.Cause) bool {
	t := r.tasks.at(ti)
	if t.state == taskBlocked {
		r.block(ti, -1)
		t = r.tasks.at(ti)
	}
	t.state = taskRunning
	if cause == design.OK {
		t.pc++
		return true
	}
	in := nth(r.prog.code, t.pc)
	if in.orElse == none {
		r.endTask(ti, cause)
		return false
	}
	if in.degrades {
		r.ops.at(t.op).degraded = true
	}
	if in.op == opCall || in.op == opAwait {
		r.rec.Inc(nth(r.prog.sites, in.a).m.c + metric.EdgeFallbacks)
	}
	t.pc = in.orElse
	return true
}
