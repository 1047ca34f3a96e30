package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Tasks: executions of handlers, from the request to the first step. steps.go has the
// steps, answers.go what a task says and hears, ends.go its end.

// requested handles a request message that arrives at its service.
func (r *Run) requested(mi int32) {
	m := r.msgs.at(mi)
	if r.led != nil {
		r.led.source = *r.spendMsg(mi)
	}
	ti := r.newTask(m.site, m.op, m.call, m.callID, m.attempt, m.occ, m.lid)
	t := r.tasks.at(ti)
	t.place = m.place
	t.resend, t.dup, t.corrupt = m.resend, m.dup, m.spoilt
	t.consumer = m.consumer // of a request, the instance that asks a peer
	if r.prog.setters > 0 {
		put(&r.env.task, ti, got(r.env.msg, mi))
	}
	size := m.size
	m.id = 0
	r.msgs.give(mi) // its reference to the operation moves to the task
	r.request(ti, size)
}

// newTask creates the task of a request, not yet assigned to an instance.
func (r *Run) newTask(site, o, ci int32, callID uint64, attempt int32, occ, lid uint64) int32 {
	ti := r.tasks.take()
	r.asRequest(r.tasks.at(ti), nth(r.prog.sites, site), site, o, ci, callID, attempt, occ, lid)
	if r.led != nil {
		r.inherit(r.taskThread(ti))
	}
	return ti
}

// asRequest fills in the task of a request.
func (r *Run) asRequest(t *task, s *site, site, o, ci int32, callID uint64, attempt int32, occ, lid uint64) {
	t.id = r.nextID()
	t.occ, t.lid = occ, lid
	t.fromID, t.call, t.try = callID, ci, attempt
	t.op, t.inst, t.site = o, none, site
	t.service, t.handler = s.service, s.handler
	t.timer, t.remaining, t.iter, t.drawn = 0, 0, 0, 0
	t.taskBits = taskBits{resend: attempt > 0}
	t.taskLinks = noLinks
}

// requestArrived handles the arrival of a request that travelled as its task.
func (r *Run) requestArrived(ti int32) {
	t := r.tasks.at(ti)
	if r.obs != nil {
		s := nth(r.prog.sites, t.site)
		r.observePassed(MsgArrived, s.fwd, RequestMessage, t.id, t.op, s, design.OK, t.resend)
	}
	t.id = r.nextID() // tasks are numbered in the order in which they come
	if t.call != none && !r.odd && !t.dup {
		if c := r.call(t.call); c.id == t.fromID && c.attempt == t.try {
			s := nth(r.prog.services, t.service)
			if in := r.comesIn(ti, t, c, s); in != nil {
				r.admit(ti, t, s, in)
				return
			}
		}
	}
	r.request(ti, defaultSize)
}

// comesIn is where a request for the present attempt of a call is admitted, on the straight
// road: nil where there is more than one instance, or something at the door.
func (r *Run) comesIn(ti int32, t *task, c *call, s *serviceT) *instance {
	in := nth(r.instances, s.inst0)
	if s.instances != 1 || s.guards.n > 0 || in.down > 0 {
		return nil
	}
	t.inst = s.inst0
	c.callee, c.calleeID = ti, t.id
	return in
}

// request handles the arrival of a task at its service, by a request of a size.
func (r *Run) request(ti int32, size uint32) {
	t := r.tasks.at(ti)
	s := nth(r.prog.services, t.service)
	if r.led != nil {
		r.spendTask(ti, SpentNetwork, spot(atLink, nth(r.prog.sites, t.site).fwd))
	}
	t.inst = s.inst0
	if s.instances > 1 {
		t.inst = r.pick(t, r.envelope(ti))
	}
	in := nth(r.instances, t.inst)
	if in.down > 0 {
		if in.watched&watchDoor != 0 && in.silent == 0 {
			r.tellBalancer(ti, design.Refused)
		}
		r.refuseTask(ti, in.silent > 0)
		return
	}
	wait := int64(0)
	if s.guards.n > 0 {
		var cause design.Cause
		if cause, wait = r.comeIn(ti, s.guards, size); cause != design.OK {
			r.turnAway(ti, cause)
			return
		}
	}
	if t.call != none && !t.dup {
		if c := r.call(t.call); c.id == t.fromID && c.attempt == t.try {
			c.callee, c.calleeID = ti, t.id
		} else if st := nth(r.prog.sites, t.site); c.id == t.fromID && st.hedge > 0 && r.landed(ti, t) {
			// a hedge
		} else if st.cancel || st.leave || r.cut(t.op) || st.hedge > 0 && c.id != t.fromID && r.losersCancelled(st) { // the attempt or the operation has ended meanwhile
			r.rec.Inc(s.m.c + metric.ServiceArrived)
			r.rec.Inc(s.m.c + metric.ServiceCancelled)
			r.dropTask(ti)
			return
		}
	}
	if wait > 0 {
		r.waitAtDoor(ti, t, s, in, wait)
		return
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
	if r.led != nil {
		r.led.source = *r.taskThread(ti)
	}
	if t.call != none && !silent {
		r.reply(t.site, none, t.call, t.fromID, t.try, t.op, t.occ, design.Refused, t.dup, defaultSize)
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
	if r.led != nil {
		r.led.source = *r.spendMsg(mi)
	}
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
	if c := nth(r.prog.code, t.pc); c.op == opWork && !t.corrupt && !r.odd && !in.odd {
		if in.busy < s.workers && in.waiting == 0 {
			r.rec.ObserveNoWait(s.m.h + metric.ServiceWait)
			r.takeWorker(t, s, in)
			t.began = true
			r.countStart(t, s, r.ops.at(t.op).begins(t.handler, t.lid))
			if d := r.firstDemand(ti, t, c); d > 0 {
				t.demand, t.remaining, t.since = d, d, r.now
				t.timer = r.list.Push(r.now+d, kernel.PhaseMain, evWork, ti)
				return
			}
			t.pc++
			if ii := t.inst; r.steps(ti, t, s, in) {
				r.vacate(ii, s, in)
			}
			return
		}
		if in.waiting < s.room {
			r.lineUpFresh(ti, t, s, in, c)
			return
		}
	}
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
