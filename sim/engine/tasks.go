package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Tasks: executions of handlers, step by step.

// requested handles a request message that arrives at its service.
func (r *Run) requested(mi int32) {
	m := r.msgs.at(mi)
	ti := r.newTask(m.site, m.op, m.call, m.callID, m.attempt, m.occ, m.lid)
	t := r.tasks.at(ti)
	t.place = m.place
	t.resend, t.dup, t.corrupt = m.resend, m.dup, m.spoilt
	if r.prog.setters > 0 {
		put(&r.env.task, ti, got(r.env.msg, mi))
	}
	m.id = 0
	r.msgs.give(mi) // its reference to the operation moves to the task
	r.request(ti)
}

// newTask creates the task of a request, not yet assigned to an instance.
func (r *Run) newTask(site, o, ci int32, callID uint64, attempt int32, occ, lid uint64) int32 {
	s := nth(r.prog.sites, site)
	ti := r.tasks.take()
	t := r.tasks.at(ti)
	t.id = r.nextID()
	t.occ, t.lid = occ, lid
	t.callID, t.call, t.attempt = callID, ci, attempt
	t.op, t.inst, t.site = o, none, site
	t.service, t.handler = s.service, s.handler
	t.timer, t.remaining, t.iter, t.drawn = 0, 0, 0, 0
	t.taskBits = taskBits{resend: attempt > 0}
	t.taskLinks = noLinks
	return ti
}

// requestArrived handles the arrival of a request that travelled as its task.
func (r *Run) requestArrived(ti int32) {
	t := r.tasks.at(ti)
	if r.obs != nil {
		s := nth(r.prog.sites, t.site)
		r.observePassed(MsgArrived, s.fwd, RequestMessage, t.id, t.op, s, design.OK, t.resend)
	}
	t.id = r.nextID() // tasks are numbered in the order in which they come
	r.request(ti)
}

// request handles the arrival of a task at its service.
func (r *Run) request(ti int32) {
	t := r.tasks.at(ti)
	s := nth(r.prog.services, t.service)
	t.inst = s.inst0
	if s.instances > 1 {
		t.inst = r.pick(t, r.envelope(ti))
	}
	in := nth(r.instances, t.inst)
	if in.down > 0 {
		r.refuseTask(ti, in.silent > 0)
		return
	}
	if s.guards.n > 0 {
		if cause := r.letIn(s.guards, t.inst, t.op); cause != design.OK {
			r.turnAway(ti, cause)
			return
		}
	}
	if t.call != none && !t.dup {
		if c := r.call(t.call); c.id == t.callID && c.attempt == t.attempt {
			c.callee, c.calleeID = ti, t.id
		} else if st := nth(r.prog.sites, t.site); c.id == t.callID && st.hedge > 0 && r.landed(ti, t) {
			// a hedge
		} else if st.cancel || st.leave || r.cut(t.op) || st.hedge > 0 && c.id != t.callID && r.losersCancelled(st) { // the attempt or the operation has ended meanwhile
			r.rec.Inc(s.m.c + metric.ServiceArrived)
			r.rec.Inc(s.m.c + metric.ServiceCancelled)
			r.dropTask(ti)
			return
		}
	}
	r.admit(ti, t, s, in)
}

// cut reports whether an operation has failed and cancels its tasks.
func (r *Run) cut(o int32) bool {
	p := r.ops.at(o)
	return p.state == opFailed && nth(r.prog.loads, p.load).cancel
}

// dropTask ends a task that was never admitted.
func (r *Run) dropTask(ti int32) {
	t := r.tasks.at(ti)
	slot := t.op
	t.id = 0
	r.tasks.give(ti)
	r.unref(slot)
}

// refuseTask answers a request whose instance is down.
func (r *Run) refuseTask(ti int32, silent bool) {
	t := r.tasks.at(ti)
	s := nth(r.prog.sites, t.site)
	if r.obs != nil {
		r.observePassed(MsgRefused, s.fwd, RequestMessage, t.id, t.op, s, design.Refused, t.resend)
	}
	r.blame(t.op, refusal(silent))
	if t.call != none && !silent {
		r.reply(t.site, none, t.call, t.callID, t.attempt, t.op, t.occ, design.Refused, t.dup, defaultSize)
	}
	r.dropTask(ti)
}

// refusal is the cause of a message to a node that is down: silence loses it.
func refusal(silent bool) design.Cause {
	if silent {
		return design.Lost
	}
	return design.Refused
}

// refuse answers a publish whose broker is down, or that came on no connection.
func (r *Run) refuse(mi int32, silent bool) {
	m := r.msgs.at(mi)
	r.observeMsg(MsgRefused, m, 0)
	r.blame(m.op, refusal(silent))
	if m.call != none && !silent && (m.conn == none || !r.stale(m.conn, m.epoch, toBroker)) {
		r.reply(m.site, m.conn, m.call, m.callID, m.attempt, m.op, m.occ, design.Refused, m.dup, defaultSize)
	}
	r.freeMsg(mi)
}

// admit handles the arrival of a task at its instance.
func (r *Run) admit(ti int32, t *task, s *serviceT, in *instance) {
	t.pc = nth(r.prog.handlers, t.handler).start
	t.arrived = r.now
	if in.tasks++; in.watched != 0 {
		r.came(ti, in)
	}
	t.admitted = true
	r.rec.Inc(s.m.c + metric.ServiceArrived)
	r.room(taskStore, len(r.tasks.items))
	r.observeTask(TaskArrived, t, design.OK)
	if s.discipline != design.FIFO {
		t.priority = r.priority(t.op, r.envelope(ti))
		if s.discipline == design.Sharing && in.tasks > s.room && t.copy == none {
			r.rejectTask(ti, design.Rejected)
			return
		}
	}
	r.run(ti, t, s, in)
}

// iteration is a hash of the loops around the present step: 0 on the first
// round of all of them. It has to differ between handlers: the second round of
// a caller's loop is not the second round of a loop in what it calls.
func (r *Run) iteration(t *task, loops int8) uint64 {
	h := t.iter
	for i := range loops {
		if n := t.loops[i]; n > 0 {
			h = draw.Mix(h, nth(r.prog.handlers, t.handler).element+uint64(n)<<8+uint64(i)+1)
		}
	}
	return h
}

// runTask executes steps until the task has to wait or ends.
func (r *Run) runTask(ti int32) {
	t := r.tasks.at(ti)
	r.run(ti, t, nth(r.prog.services, t.service), nth(r.instances, t.inst))
}

// run is runTask for a task at hand.
func (r *Run) run(ti int32, t *task, s *serviceT, in *instance) {
	if ii := t.inst; r.steps(ti, t, s, in) {
		r.vacate(ii, s, in)
	}
}

// steps is run, but for the worker of a task that has ended on the straight
// road: it reports whether there is one to give to the next or to vacate.
func (r *Run) steps(ti int32, t *task, s *serviceT, inst *instance) (left bool) {
	for {
		in := nth(r.prog.code, t.pc)
		if in.needsWorker && !t.holding && (t.parent == none || !r.hasWorker(ti)) {
			if !r.acquire(ti, t, s, inst) {
				return false
			}
			t = r.tasks.at(ti)
		}
		if !t.began {
			if t.began = true; !r.start(ti, t, s, inst) {
				return false
			}
		}
		switch in.op {
		case opWork:
			d := r.nextDemand(ti, t, in)
			if d == 0 {
				t.pc++
				continue
			}
			if !r.straight(t, inst) {
				r.work(ti, d)
				return false
			}
			t.state, t.demand, t.remaining, t.since = taskRunning, d, d, r.now
			t.timer = r.list.Push(r.now+d, kernel.PhaseMain, evWork, ti)
			return false
		case opCall, opAwait:
			ci := r.newCall(ti, t.op, in.a, t.occ, t.lid, r.iteration(t, in.slot))
			t = r.tasks.at(ti)
			t.out = ci
			if in.op == opAwait {
				t.state = taskAwaiting
				if t.holding {
					r.release(ti)
				}
			} else {
				t.state = taskBlocked
				r.block(ti, +1)
			}
			r.attempt(ci, r.call(ci), nth(r.prog.sites, in.a))
			return false
		case opSend:
			to := nth(r.prog.sites, in.a)
			r.rec.Inc(to.m.c + metric.EdgeCalls)
			x := to.salt ^ r.iteration(t, in.slot)
			r.post(in.a, ti, t.op, none, 0, 0, combine(t.occ, x), combine(t.lid, x))
			t = r.tasks.at(ti)
			t.pc++
		case opParallel, opGather:
			if !r.fork(ti, in) {
				return false
			}
			t = r.tasks.at(ti)
		case opChoose:
			t.pc = r.choose(ti, t, in)
		case opJump:
			t.pc = in.a
		case opLoop:
			t.loops[in.slot] = 0
			t.pc++
		case opLoopTest:
			n := in.n
			if in.by != 0 {
				n = r.rounds(ti, t, in)
			}
			if t.pc++; t.loops[in.slot] >= n || in.when.to > 0 && !r.satisfied(r.message(ti), in.when) {
				t.pc = in.a
			}
		case opLoopNext:
			t.loops[in.slot]++
			t.pc = in.a
			if r.instant++; r.instant > maxInstant { // loops in loops can be long
				r.finish(BudgetInstant)
			}
			if r.end != Running {
				return false
			}
		case opWhen:
			if t.pc++; !r.satisfied(r.message(ti), in.when) {
				t.pc = in.a
			}
		case opDelay:
			d := r.demand(ti, t, in)
			if d == 0 {
				t.pc++
				continue
			}
			t.state = taskAwaiting
			if t.holding {
				r.release(ti)
			}
			t.timer = r.list.Push(r.now+d, kernel.PhaseTimer, evDelay, ti)
			return false
		case opAccess:
			if !r.access(ti, t, in) {
				return false
			}
			t.pc++
		case opRead:
			r.noteVersion(ti, t, in)
			t.pc++
		case opSet:
			if !r.setRow(ti, t, in) {
				return false
			}
			t = r.tasks.at(ti)
		case opCount:
			r.countRow(ti, t, in)
			t.pc++
		case opForget:
			r.forgetAt(ti, t, in)
			t.pc++
		case opLock:
			if !r.lock(ti, t, in) {
				return false
			}
			t = r.tasks.at(ti)
		case opUnlock:
			r.unlock(ti, t, in)
			t.pc++
		case opReply:
			size := uint32(defaultSize)
			if in.sized {
				size = bytesOf(in.dist.Sample(nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot)))) * r.factor(t.op, r.envelope(ti), in.by))
			}
			r.answer(ti, design.OK, size)
			t = r.tasks.at(ti)
			t.pc++
		case opAck:
			r.settle(ti, AckMessage, false)
			t = r.tasks.at(ti)
			t.pc++
		case opFail:
			if in.p > 0 && r.fails(t, in) {
				r.endTask(ti, design.Error)
				return false
			}
			t.pc++
		case opNack:
			r.settle(ti, NackMessage, in.requeue)
			r.endTask(ti, design.Error)
			return false
		case opBranchEnd, opEnd:
			if r.straight(t, inst) {
				return r.complete(ti, t, s, inst, design.OK)
			}
			r.endTask(ti, design.OK)
			return false
		}
	}
}

// demand draws how long a step takes.
func (r *Run) demand(ti int32, t *task, in *instr) int64 {
	if in.by != 0 {
		return r.multiplied(ti, t, in)
	}
	return in.dist.SampleNanos(nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot))))
}

// nextDemand is the demand of the work that a task begins, drawn before or now.
func (r *Run) nextDemand(ti int32, t *task, in *instr) int64 {
	if t.drawn == r.draws {
		t.drawn = 0
		return t.demand
	}
	return r.demand(ti, t, in)
}

// fails draws whether a task ends at a step that fails with some probability.
func (r *Run) fails(t *task, in *instr) bool {
	return in.p >= 1 || nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot))) < in.p
}

func (r *Run) choose(ti int32, t *task, in *instr) int32 {
	if nth(r.prog.branches, in.a).when.to > 0 {
		return r.chooseByConditions(ti, t, in)
	}
	u := nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot)))
	for i := in.a; i < in.a+in.b; i++ {
		if b := nth(r.prog.branches, i); u < b.upTo {
			return b.pc
		}
	}
	return t.pc + 1
}

// start begins the business logic of a task. It reports false when the task
// ended there.
func (r *Run) start(ti int32, t *task, s *serviceT, in *instance) bool {
	r.enter(t, s)
	r.rec.Inc(s.m.c + metric.ServiceStarted)
	if !r.visited(r.ops.at(t.op), t.op, t.handler, t.lid) {
		t.isDup = true
		r.rec.Inc(s.m.c + metric.ServiceDuplicates)
	}
	r.observeTask(TaskStarted, t, design.OK)
	if t.corrupt || in.odd && r.errs(t, s, max(s.errors, in.errors)) {
		r.endTask(ti, design.Error)
		return false
	}
	return true
}

// errs draws whether a task fails at its start.
func (r *Run) errs(t *task, s *serviceT, p float64) bool {
	return p > 0 && nth(r.keys, s.keyErrors).UniformOf(r.ops.at(t.op).id, draw.Mix(t.occ, nth(r.prog.handlers, t.handler).element)) < p
}

// enter counts a task among those in its service. One that is refused at the
// door is never among them.
func (r *Run) enter(t *task, s *serviceT) {
	if !t.inside {
		t.inside = true
		r.rec.Up(s.m.l+metric.ServiceTasks, r.now)
	}
}

// answer sends the reply, once.
func (r *Run) answer(ti int32, cause design.Cause, size uint32) {
	t := r.tasks.at(ti)
	for t.parent != none {
		t = r.tasks.at(t.parent)
	}
	if t.replied {
		return
	}
	t.replied = true
	if t.call != none {
		r.reply(t.site, none, t.call, t.callID, t.attempt, t.op, t.occ, cause, t.dup, size)
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
	case cause != design.OK || r.odd || w.constant < 0 || w.constant == 0 && t.attempt >= maxAttempt:
		r.answer(ti, cause, defaultSize)
	case w.constant > 0:
		t.replied, t.answers = true, true
		r.rec.Inc(w.sent)
		r.list.Push(r.now+w.constant, kernel.PhaseMain, evAnswer, ti)
	default:
		t.replied = true
		r.rec.Inc(w.sent)
		r.answerNow(t.call, t.callID, t.attempt, design.OK)
	}
}

// answerArrived handles the arrival of an answer that travelled as its task.
func (r *Run) answerArrived(ti int32) {
	t := r.tasks.at(ti)
	if r.obs != nil { // it came while the answer travelled
		s := nth(r.prog.sites, t.site)
		r.observePassed(MsgArrived, s.back, ReplyMessage, r.nextID(), t.op, s, design.OK, t.attempt > 0 || t.dup)
	}
	ci, callID, attempt, slot := t.call, t.callID, t.attempt, t.op
	r.tasks.give(ti)
	r.answered(ci, callID, attempt, design.OK)
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
	auto := false
	if t.copy != none {
		auto = nth(r.prog.consumes, t.consume).auto && !t.dup
		if !t.settled && !(cause == design.OK && r.ack(t)) {
			if cause == design.OK {
				r.settle(ti, AckMessage, false)
			} else {
				r.settle(ti, NackMessage, true)
			}
			t = r.tasks.at(ti)
		}
	}
	if first && ends {
		r.confirm(t.op, handler)
	}
	left = t.holding && s.discipline != design.Sharing
	t.holding = false
	if o := r.ops.at(t.op); left && (auto || o.refs == 1 && o.state == opOpen && !t.answers) {
		r.vacate(t.inst, s, in) // something else is about to happen at this instant: the next in line comes before it
		left = false
	}
	if in.tasks--; in.watched != 0 {
		r.went(ti, in)
	}
	if t.inside {
		r.rec.Down(s.m.l+metric.ServiceTasks, r.now)
	}
	if auto {
		r.giveCredit(t.consumer, t.epoch)
	}
	r.forget(ti, t)
	return left
}

// freeTask gives back a root task's worker, its credit and its record.
func (r *Run) freeTask(ti int32) {
	t := r.tasks.at(ti)
	if t.holding {
		r.release(ti)
	}
	in := nth(r.instances, t.inst)
	if in.tasks--; in.watched != 0 {
		r.went(ti, in)
	}
	if t.inside {
		r.rec.Down(nth(r.prog.services, t.service).m.l+metric.ServiceTasks, r.now)
	}
	if t.copy != none && nth(r.prog.consumes, t.consume).auto && !t.dup {
		r.giveCredit(t.consumer, t.epoch)
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
	r.blame(t.op, cause)
	r.observeTask(TaskRejected, t, cause)
	r.answer(ti, cause, defaultSize)
	r.settle(ti, NackMessage, true)
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
	r.settle(ti, AckMessage, false)
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
