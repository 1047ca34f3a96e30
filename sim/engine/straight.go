package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// The straight road: how a task goes through a service when nothing is out of the
// ordinary. One bit of the run and one of the instance say so; with either set, a
// task goes on in the general functions, at whatever step it is. Both do the same:
// a test sets the bits at random before events and finds the same run.
//
//	request ► admit ► steps ► complete ► next in the waiting room
//	                   │ ▲
//	                a call out, its answer in
//
// Pointers into a store are held only while nothing is taken from that store.
//
// What is called most often, Push, Observe and countStart, is called by the functions of
// the road themselves: the compiler's profile knows a call by the function in which it is
// written, and puts it in line nowhere else.

// weigh sets the bit of the run. It is called after whatever changes one of
// these.
func (r *Run) weigh() {
	r.odd = r.obs != nil || r.led != nil || r.upset > 0 || r.frozen > 0 || r.fallen > 0
	r.light = r.prog.setters == 0 && !r.prog.carries && !r.timing && len(r.logs) == 0
}

// judge sets the bit of an instance, likewise.
func (r *Run) judge(ii int32) {
	in := nth(r.instances, ii)
	s := nth(r.prog.services, in.service)
	in.odd = s.discipline != design.FIFO || s.turns || s.errors > 0 || in.errors > 0 || in.down > 0 || in.rate != 1
}

// straight reports whether a task of an instance may take the straight road.
func (r *Run) straight(t *task, in *instance) bool { return !r.odd && !in.odd && t.parent == none }

// nextWaiting gives the worker of a task that has ended to the next in the waiting
// room, at this instant; without one, the worker is free.
func (r *Run) nextWaiting(ii int32, s *serviceT, in *instance) {
	for in.waiting > 0 && in.busy <= s.workers && !in.queued && r.ready.n == 0 && r.end == Running && !in.odd && !r.odd {
		ti := in.lists[0].head
		t := r.tasks.at(ti)
		if t.timer != 0 || t.preempted {
			break
		}
		r.instant++
		r.headLeaves(ti, t, s, in)
		if waited := r.now - t.since; waited > 0 {
			r.rec.ObserveAt(r.rec.HistAt(s.m.h+metric.ServiceWait), waited)
		} else {
			r.rec.ObserveNoWait(s.m.h + metric.ServiceWait)
		}
		t.holding = true
		c := nth(r.prog.code, t.pc)
		if c.op == opWork && !t.began && !t.corrupt {
			t.began = true
			r.countStart(t, s, r.ops.at(t.op).begins(t.handler, t.lid))
			if d := r.firstDemand(ti, t, c); d > 0 {
				t.demand, t.remaining, t.since = d, d, r.now
				t.timer = r.list.Push(r.now+d, kernel.PhaseMain, evWork, ti)
				return
			}
			t.pc++
		}
		if !r.steps(ti, t, s, in) {
			return
		}
	}
	r.vacate(ii, s, in)
}

// lineUpFresh is lineUpForWorker for a task that has just come, on the straight road.
func (r *Run) lineUpFresh(ti int32, t *task, s *serviceT, in *instance, c *instr) {
	l := &in.lists[0]
	if t.prev = l.tail; l.head == none {
		l.head = ti
	} else {
		r.tasks.at(l.tail).next = ti
	}
	l.tail = ti
	t.state, t.since = taskWaiting, r.now
	if in.waiting++; in.watched != 0 {
		r.moved(ti, in)
	}
	r.rec.Up(s.m.l+metric.ServiceWaiting, r.now)
	t.inside = true
	r.rec.Up(s.m.l+metric.ServiceTasks, r.now)
	r.waitsInLine(ti, t, s, in, c)
}

// headLeaves is leaveRoom for the first in line.
func (r *Run) headLeaves(ti int32, t *task, s *serviceT, in *instance) {
	l := &in.lists[0]
	if l.head = t.next; l.head == none {
		l.tail = none
	} else {
		r.tasks.at(l.head).prev = none
	}
	t.next = none
	t.state = taskRunning
	if in.waiting--; in.watched != 0 {
		r.moved(ti, in)
	}
	r.rec.Down(s.m.l+metric.ServiceWaiting, r.now)
}

// firstDemand is how long the first step of a task takes, which is work.
func (r *Run) firstDemand(ti int32, t *task, c *instr) int64 {
	d := t.demand
	if t.drawn != r.draws {
		d = r.demand(ti, t, c)
	}
	t.drawn = 0
	return d
}

// nextStep is steps on the straight road for a task that has begun and has its worker,
// and mostly has only these to do.
func (r *Run) nextStep(ti int32, t *task, s *serviceT, in *instance) (left bool) {
	c := nth(r.prog.code, t.pc)
	if c.op == opFail && !(c.p > 0 && r.fails(t, c)) {
		t.pc++
		c = nth(r.prog.code, t.pc)
	}
	if c.op == opSend && r.publishes(ti, t, c) {
		t.pc++
		c = nth(r.prog.code, t.pc)
	}
	if c.op == opEnd {
		return r.completeWell(ti, t, s, in)
	}
	if c.op == opCall && r.callOut(ti, s, in, c) {
		return false
	}
	return r.steps(ti, t, s, in)
}

// callOut makes the call of a task on the straight road: its first attempt goes out as
// the task of its request. It reports false where the link or the call needs more.
func (r *Run) callOut(ti int32, s *serviceT, in *instance, c *instr) bool {
	st := nth(r.prog.sites, c.a)
	w := nth(r.prog.wires, st.fwd)
	if st.kind != toService || !st.bare || st.guards.n > 0 || w.constant <= 0 || !r.light {
		return false
	}
	ci, ni := r.calls.spare(), r.tasks.spare()
	if ci == none {
		ci = r.calls.grow()
	}
	if ni == none {
		ni = r.tasks.grow()
	}
	t := r.tasks.at(ti)
	r.ops.at(t.op).refs += 2
	r.rec.Inc(st.m.c + metric.EdgeCalls)
	r.rec.Add(st.m.c-1, -uint64(r.now))
	k, x := r.calls.at(ci), st.salt^r.iteration(t, c.slot)
	r.openCall(k, st, ti, c.a, combine(t.occ, x), combine(t.lid, x))
	k.out = true
	t.out, t.state = ci<<1|1, taskBlocked
	in.blocked++
	r.rec.Up(s.m.l+metric.ServiceBlocked, r.now)
	if st.timeout > 0 {
		k.timer = r.list.Push(r.now+st.timeout, kernel.PhaseTimer, evTimeout, t.out)
	}
	n := r.tasks.at(ni)
	r.asRequest(n, st, c.a, t.op, t.out, k.id, 0, k.occ, k.lid)
	n.place = 0
	r.takeOff(ni, n, w)
	return true
}

// ack settles a delivery by an acknowledgement that takes no time, on the
// connection on which it came. It reports false when anything is not as it should
// be.
func (r *Run) ack(t *task, u *consumeT, c *copyRec) bool {
	if r.odd || r.shelved || !u.plain || t.dup {
		return false
	}
	w := nth(r.prog.wires, u.ack)
	who := nth(r.consumers, t.consumer)
	k := nth(r.conns, who.conn) // open on both sides: none is closed on a calm run
	if w.constant != 0 || k.epoch != t.epoch || c.id != t.fromID || c.delivery != t.try || c.state != copyDelivered || c.timer != 0 || c.ackLost {
		return false
	}
	q := nth(r.prog.queues, u.queue)
	t.settled = true
	r.rec.Inc(w.sent)
	k.ways[toBroker].sent = r.now
	who.credit++
	r.rests(t.consumer, who)
	r.countCopy(q.m.c+metric.QueueAcked, c.published)
	r.rec.Down(q.m.l+metric.QueueUnacked, r.now)
	c.consumer, c.id = none, 0
	r.copies.give(t.copy)
	r.ops.at(t.op).refs-- // the task has one too
	return true
}

// completeWell is complete for a task that has ended well, on the straight road.
func (r *Run) completeWell(ti int32, t *task, s *serviceT, in *instance) (left bool) {
	if in.watched != 0 || r.store.cells != nil {
		return r.complete(ti, t, s, in, design.OK)
	}
	if t.copy != none {
		if t.sibling != none {
			return r.complete(ti, t, s, in, design.OK)
		}
		return r.completeDelivery(ti, t, s, in)
	}
	o := r.ops.at(t.op)
	l := nth(r.prog.loads, o.load)
	if len(l.confirm) > 0 || t.call == none || t.replied {
		return r.complete(ti, t, s, in, design.OK)
	}
	w := nth(r.prog.wires, nth(r.prog.sites, t.site).back)
	if w.constant > 0 { // it travels as its answer
		r.wentWell(s, in, w)
		r.rec.ObserveAt(r.rec.HistAt(s.m.h+metric.ServiceSojourn), r.now-t.arrived)
		left = t.holding
		t.replied, t.answers = true, true
		r.list.Push(r.now+w.constant, kernel.PhaseMain, evAnswer, ti)
		t.holding, t.admitted = false, false
		t.id, t.timer = 0, 0
		r.rec.Down(s.m.l+metric.ServiceTasks, r.now)
		return left
	}
	if w.constant < 0 || t.try >= maxAttempt {
		return r.complete(ti, t, s, in, design.OK)
	}
	r.wentWell(s, in, w)
	r.rec.ObserveAt(r.rec.HistAt(s.m.h+metric.ServiceSojourn), r.now-t.arrived)
	left = t.holding
	t.replied = true
	if c := &o.own; t.call&1 == 0 && r.light && c.id == t.fromID && c.attempt == t.try && c.out && !c.guarded {
		r.cancel(&c.timer)
		c.id = 0
		o.accepted = true
		if r.counts(o) {
			r.rec.Inc(l.m.c + metric.LoadAccepted)
			r.rec.ObserveAt(r.rec.HistAt(l.m.h+metric.LoadAcceptedLatency), r.now-o.arrival)
		} else {
			r.endOp(l.m.c+metric.LoadAccepted, l.m.h+metric.LoadAcceptedLatency, o.arrival)
		}
		r.endsWell(o, l)
		t.holding = false
		t.id, t.timer = 0, 0
		r.rec.Down(s.m.l+metric.ServiceTasks, r.now)
		r.tasks.give(ti)
		if o = r.ops.at(t.op); o.refs == 1 && o.more == none {
			o.refs = 0
			r.ops.give(t.op)
		} else {
			r.unref(t.op)
		}
		return left
	}
	r.answerNow(t.call, t.fromID, t.try, design.OK)
	return r.ends(ti, t, s, in, left)
}

// wentWell counts a task that has ended well and whose answer goes out.
func (r *Run) wentWell(s *serviceT, in *instance, w *wire) {
	r.rec.Inc(s.m.c + metric.ServiceCompleted)
	r.rec.Inc(w.sent)
	in.tasks--
}

// counts reports whether an operation counts in the measured window, and in no other.
func (r *Run) counts(o *op) bool { return o.measured && len(r.cfg.Windows) == 0 }

// endsWell confirms and closes an open operation whose client waits for nothing, once its
// end is counted.
func (r *Run) endsWell(o *op, l *loadT) {
	o.state = opConfirmed
	if o.degraded {
		r.countOp(l.m.c+metric.LoadDegraded, o.arrival)
	}
	if o.deadline != 0 {
		r.cancel(&o.deadline)
	}
	nth(r.loads, o.load).open--
	measured := o.measured
	if measured {
		r.completions++
		if r.impact.on {
			r.opImpact(o, opConfirmed)
		}
		if r.awaited > 0 {
			r.awaited--
		}
	}
	if l.closed {
		r.think(o.load, o.user, o.id)
	}
	if measured && r.completions >= r.cfg.Completions && r.cfg.Completions > 0 {
		r.finish(AtCompletions)
	}
}

// ends takes leave of a task that has ended well, on the straight road.
func (r *Run) ends(ti int32, t *task, s *serviceT, in *instance, left bool) bool {
	t.holding = false
	slot := t.op
	o := r.ops.at(slot)
	if left && o.refs == 1 && o.state == opOpen { // something else is about to happen at this instant: the next in line comes before it
		r.vacate(t.inst, s, in)
		left = false
	}
	r.rec.Down(s.m.l+metric.ServiceTasks, r.now)
	t.id, t.timer = 0, 0
	r.tasks.give(ti)
	if o.refs--; o.refs == 0 {
		r.ended(slot, o)
	}
	return left
}

// sendCall sends the request of a call's first attempt as its task, or its message as a
// copy. It reports false where the link or the queue needs more than that. With the state
// of a load, that is the first of its latest operation.
func (r *Run) sendCall(ci int32, c *call, s *site, o int32, first *loadState) bool {
	w := nth(r.prog.wires, s.fwd)
	switch {
	case s.kind != toService:
		conn := s.conn + r.instanceOf(c.sender())
		return s.kind == toQueue && w.constant > 0 && r.sendAwaited(c.site, s, none, conn, o, ci, c.id, 0, c.occ, c.lid)
	case w.constant > 0 || w.constant == 0 && s.load != none: // of a client, nothing else happens at this instant
		ti := r.tasks.spare()
		if ti == none {
			ti = r.tasks.grow()
		}
		t := r.tasks.at(ti)
		r.asRequest(t, s, c.site, o, ci, c.id, 0, c.occ, c.lid)
		t.place = 0
		r.ref(o)
		if first != nil {
			r.foreseen(t, first)
		}
		if w.constant > 0 {
			r.takeOff(ti, t, w)
			return true
		}
		r.rec.Inc(w.sent)
		to := nth(r.prog.services, s.service)
		if in := r.comesIn(ti, t, c, to); in != nil {
			r.admit(ti, t, to, in)
		} else {
			r.request(ti, defaultSize)
		}
		return true
	}
	return false
}

// depart sends a request as its task over a link with a constant delay.
func (r *Run) depart(ti int32, t *task, w *wire) {
	r.ref(t.op)
	r.takeOff(ti, t, w)
}

// takeOff is depart for a task that has its reference to the operation.
func (r *Run) takeOff(ti int32, t *task, w *wire) {
	r.rec.Inc(w.sent)
	r.list.Push(r.now+w.constant, kernel.PhaseMain, evRequest, ti)
	r.drawEarly(ti, t)
	r.room(taskStore, len(r.tasks.items))
}

// callerGoesOn handles a good answer to the call of a task, which holds so many references
// to the operation with its call. It reports false when anything is not as it should be.
func (r *Run) callerGoesOn(ci int32, callID uint64, attempt, refs int32) bool {
	c := r.calls.at(ci >> 1)
	if r.odd || c.id != callID || c.attempt != attempt || !c.out || c.guarded {
		return false
	}
	ti := c.owner
	t := r.tasks.at(ti)
	in := nth(r.instances, t.inst)
	if in.odd || t.parent != none || t.state != taskBlocked || !t.holding {
		return false
	}
	r.cancel(&c.timer)
	r.edgeDone(ci, c, nth(r.prog.sites, c.site))
	c.id = 0
	r.calls.give(ci >> 1)
	r.ops.at(t.op).refs -= refs // the task has one too
	s, ii := nth(r.prog.services, t.service), t.inst
	in.blocked--
	r.rec.Down(s.m.l+metric.ServiceBlocked, r.now)
	t.out, t.state = none, taskRunning
	t.pc++
	if r.nextStep(ti, t, s, in) {
		r.vacate(ii, s, in)
	}
	return true
}

// edgeDone counts a call of a task that was answered.
func (r *Run) edgeDone(ci int32, c *call, s *site) {
	r.rec.Inc(s.m.c + metric.EdgeOK)
	if r.timing && r.timed[c.site] {
		r.rec.Observe(s.m.h+metric.EdgeLatency, r.now-*nth(r.began, ci>>1))
	}
	r.rec.Add(s.m.c-1, uint64(r.now))
}

// drawEarly draws how long the first step of a task will take, while its request
// travels: draws are functions, so that it does not matter when they are made, and
// the processor finds time for it between two events.
func (r *Run) drawEarly(ti int32, t *task) {
	switch c := nth(r.prog.code, nth(r.prog.handlers, t.handler).start); {
	case c.op != opWork || t.drawn == r.draws:
	case c.by != 0:
		t.demand, t.drawn = r.demand(ti, t, c), r.draws
	default: // no loop is around it
		t.demand, t.drawn = c.dist.Nanos(nth(r.keys, c.key).BitsOf(r.ops.at(t.op).id, combine(t.occ, c.salt))), r.draws
	}
}

// takeWorker gives a free worker to a task.
func (r *Run) takeWorker(t *task, s *serviceT, in *instance) {
	t.holding = true
	t.state = taskRunning
	in.busy++
	r.rec.Up(s.m.l+metric.ServiceBusy, r.now)
	if in.watched&watchWork != 0 {
		r.workMoved(in)
	}
}

// vacate makes a worker free.
func (r *Run) vacate(ii int32, s *serviceT, in *instance) {
	in.busy--
	if in.down == 0 {
		r.rec.Down(s.m.l+metric.ServiceBusy, r.now)
	}
	if in.busy >= s.workers { // one of those beyond a lowered number has gone
		r.recount(ii)
	}
	if in.waiting > 0 {
		r.kick(ii)
	}
	if in.watched&watchWork != 0 {
		r.workMoved(in)
	}
}
