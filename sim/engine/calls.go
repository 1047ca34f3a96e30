package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/metric"
)

// Calls: attempts, timeouts, back-off, answers.

func combine(occ, x uint64) uint64 {
	if x == 0 {
		return occ
	}
	return draw.Mix(occ, x)
}

// A call is named by an index. The call of a client lives in its operation: twice
// the operation's. That of a task lives in a store of its own, because a task that
// waits for a worker has none: twice its place there, plus one.

func (r *Run) call(ci int32) *call {
	if ci&1 == 0 {
		return &r.ops.at(ci >> 1).own
	}
	return r.calls.at(ci >> 1)
}

// ofClient reports whether a call is one of a client, and not of a task.
func (c *call) ofClient() bool { return c.owner < 0 }

// sender is the task whose call it is, or none.
func (c *call) sender() int32 { return max(c.owner, none) }

// opOf is the operation of a call.
func (r *Run) opOf(c *call) int32 {
	if c.ofClient() {
		return ^c.owner
	}
	return r.tasks.at(c.owner).op
}

// newCall opens the call of a task.
func (r *Run) newCall(owner, o, site int32, occ, lid, iter uint64) int32 {
	ci := r.calls.take()
	if r.prog.carries {
		put(&r.env.call, ci, 0)
	}
	r.ref(o)
	s := nth(r.prog.sites, site)
	r.rec.Inc(s.m.c + metric.EdgeCalls)
	r.rec.Add(s.m.c-1, -uint64(r.now))
	x := s.salt ^ iter
	if r.timing {
		r.began = append(r.began, make([]int64, max(0, len(r.calls.items)-len(r.began)))...)
		*nth(r.began, ci) = r.now
	}
	r.openCall(r.calls.at(ci), s, owner, site, combine(occ, x), combine(lid, x))
	return ci<<1 | 1
}

// openCall fills in a call before its first attempt.
func (r *Run) openCall(k *call, s *site, owner, site int32, occ, lid uint64) {
	r.ids++
	k.id = r.ids
	k.occ, k.lid = occ, lid
	k.timer, k.previous = 0, 0
	k.owner, k.site = owner, site
	k.attempt, k.confirms = 0, 0
	k.callee, k.calleeID = none, 0
	k.out, k.guarded, k.resting = false, s.guards.n > 0, false
}

// retry makes the next attempt of a call.
func (r *Run) retry(ci int32) {
	c := r.call(ci)
	if r.led != nil {
		r.spendCall(c, SpentBackoff)
	}
	c.attempt++
	c.callee = none
	c.confirms = 0
	s := nth(r.prog.sites, c.site)
	c.resting = false
	if c.ofClient() {
		o := r.ops.at(^c.owner)
		r.countOp(nth(r.prog.loads, o.load).m.c+metric.LoadRetries, o.arrival)
	} else {
		r.rec.Inc(nth(r.prog.services, s.from).m.c + metric.ServiceRetries)
		r.rec.Inc(s.m.c + metric.EdgeRetries)
	}
	r.attempt(ci, c, s)
}

// attempt sends the request of the present attempt, if it may go.
func (r *Run) attempt(ci int32, c *call, s *site) {
	if c.guarded {
		if !r.mayGo(ci, 0) {
			return
		}
		s = nth(r.prog.sites, c.site)
	}
	r.send(ci, c, s)
}

// send sends the request of an attempt that may go.
func (r *Run) send(ci int32, c *call, s *site) {
	c.out = true
	if r.led != nil {
		r.spendCall(c, SpentLine)
	}
	occ := c.occ
	if c.attempt > 0 {
		occ = draw.Mix(occ, s.linkSalt+uint64(c.attempt)) // to differ from the draws of a caller's second attempt
	}
	if s.timeout > 0 {
		c.timer = r.list.Push(r.now+s.timeout, kernel.PhaseTimer, evTimeout, ci)
	}
	if o := r.opOf(c); r.odd || !s.bare || c.attempt > 0 || r.prog.setters > 0 || !r.sendCall(ci, c, s, o, nil) {
		r.post(c.site, c.sender(), o, ci, c.id, c.attempt, occ, c.lid)
	}
}

// isSent ends an attempt whose broker acknowledges nothing: its message is on its way.
func (r *Run) isSent(mi int32) {
	m := r.msgs.at(mi)
	ci, callID, attempt := m.call, m.callID, m.attempt
	m.call = none
	if r.led != nil {
		r.led.source = *r.spendMsg(mi)
	}
	r.answerNow(ci, callID, attempt, design.OK)
}

// post sends a message from a site. The sender is a task, or none: a load. ci is
// none where no answer is awaited.
func (r *Run) post(site, sender, o, ci int32, callID uint64, attempt int32, occ, lid uint64) {
	s := nth(r.prog.sites, site)
	place := uint64(0)
	if r.obs != nil {
		r.sentFrom(sender)
	}
	if r.led != nil {
		r.led.source = *r.sending(sender, o)
	}
	if s.kind == toService {
		if ci == none {
			d := nth(r.sends, s.fwd)
			d.sent++
			place = d.sent
		}
		if w := nth(r.prog.wires, s.fwd); s.bare && (w.constant == 0 && r.upset == 0 || w.constant > 0 && !r.odd) {
			// A message that nothing can happen to on its way travels as its task.
			ti := r.newTask(site, o, ci, callID, attempt, occ, lid)
			t := r.tasks.at(ti)
			t.place = place
			if r.prog.setters > 0 {
				put(&r.env.task, ti, r.outgoing(sender, site))
			}
			if w.constant > 0 {
				r.depart(ti, t, w)
				return
			}
			r.ref(o)
			r.rec.Inc(w.sent)
			if r.obs != nil {
				r.observePassed(MsgSent, s.fwd, RequestMessage, t.id, o, s, design.OK, attempt > 0)
			}
			if s.load != none && (attempt == 0 || r.ready.n == 0) { // a client's: nothing else happens at this instant
				r.request(ti, defaultSize)
				return
			}
			r.soon(readyRequest, ti)
			return
		}
	}
	conn := none
	if s.broker != none {
		conn = s.conn + r.instanceOf(sender)
		if ci != none && r.sendAwaited(site, s, sender, conn, o, ci, callID, attempt, occ, lid) ||
			ci == none && r.sendCopy(site, s, sender, conn, o, occ, lid, false) != nil {
			return
		}
		if !nth(r.conns, conn).client {
			conn = none // an attempt to connect, which a broker that is up refuses too
		}
	}
	mi := r.newMsg(RequestMessage, site, s.fwd, conn, o, ci, callID, attempt, occ)
	m := r.msgs.at(mi)
	m.lid, m.place = lid, place
	m.resend = attempt > 0
	if s.peer {
		m.consumer = r.instanceOf(sender)
	}
	envelope := int32(0)
	if r.prog.setters > 0 {
		envelope = r.outgoing(sender, site)
		put(&r.env.msg, mi, envelope)
	}
	if s.kind != toService {
		m.kind = PublishMessage
	}
	if s.sized {
		m.size = bytesOf(s.size.Sample(nth(r.keys, s.keySize).UniformOf(r.ops.at(o).id, occ)) * r.times(sender, o, envelope, s.sizeBy))
	}
	if s.untraced && s.kind != toTopic {
		r.breakTrace(o)
	}
	if s.linger > 0 {
		r.gather(mi, s, sender)
		return
	}
	if s.unasked && ci != none {
		r.isSent(mi)
	}
	r.transmit(mi)
}

// breakTrace counts a message, or a copy of it for a subscription, that does not carry
// the trace of its operation: its receiver begins another.
func (r *Run) breakTrace(o int32) {
	p := r.ops.at(o)
	r.countOp(nth(r.prog.loads, p.load).m.c+metric.LoadBroken, p.arrival)
}

// newMsg creates a message of a call, from a site, for a link or a connection.
func (r *Run) newMsg(kind MessageKind, site, link, conn, o, ci int32, callID uint64, attempt int32, occ uint64) int32 {
	mi := r.msgs.take()
	r.room(msgStore, len(r.msgs.items))
	m := r.msgs.at(mi)
	*m = msg{}
	m.id = r.nextID()
	m.kind = kind
	m.callID = callID
	m.occ = occ
	m.op = o
	m.link = link
	if m.conn = conn; conn != none {
		m.epoch = nth(r.conns, conn).epoch
	}
	m.site = site
	m.call = ci
	m.attempt = attempt
	m.copy = none
	m.size = defaultSize
	if r.led != nil {
		r.inherit(r.msgThread(mi))
	}
	r.ref(o)
	return mi
}

// callTimeout: the present attempt was not answered in time.
func (r *Run) callTimeout(ci int32) {
	c := r.call(ci)
	r.unanswered(c.callee, c.calleeID)
	if nth(r.prog.sites, c.site).cancel {
		r.cancelAttempt(ci)
	}
	r.attemptFailed(ci, design.Timeout)
}

// attemptFailed ends the present attempt, unless hedges of it are under way.
func (r *Run) attemptFailed(ci int32, cause design.Cause) {
	c := r.call(ci)
	r.cancel(&c.timer)
	if r.led != nil {
		r.spendCall(c, SpentBlocked)
	}
	c.out = false
	r.countEdge(c, nth(r.prog.sites, c.site), metric.EdgeFailedBy+measure.Counter(cause))
	if !c.guarded || !r.outlives(ci, cause) {
		r.attemptOver(ci, cause)
	}
}

// attemptOver decides between another attempt and giving up, when no request of the
// present one is under way.
func (r *Run) attemptOver(ci int32, cause design.Cause) {
	c := r.call(ci)
	s := nth(r.prog.sites, c.site)
	c.resting = true
	tries := c.attempt + 1
	if c.guarded {
		t := r.ticket(ci)
		before := t[4]
		r.closeGuards(ci, cause, true)
		c.attempt += int32(t[4] - before) // the numbers of its hedges
		tries = c.attempt + 1 - int32(t[4])
	}
	if tries >= s.retry.attempts || s.retry.on&(1<<cause) == 0 {
		r.callDone(ci, c, cause)
		return
	}
	d := r.backoff(&s.retry, r.ops.at(r.opOf(c)).id, c.occ, tries, &c.previous)
	if len(r.seam.after) > 0 {
		d = max(d, r.told(ci, c, cause))
	}
	if r.tooLate(c, d) {
		r.callDone(ci, c, design.Deadline)
		return
	}
	if c.guarded && !r.mayRetry(ci, cause) {
		r.callDone(ci, c, cause)
		return
	}
	if r.obs != nil {
		x := r.here(Retrying, r.opOf(c), c.id, cause)
		x.Node = nth(r.prog.links, s.fwd).fromNode
		r.obs.Observe(x)
	}
	if d == 0 {
		// Another attempt at this very instant, but after what is being
		// handled now: a timer of length zero would be an event.
		if r.instant > maxRetries && s.retry.attempts == maxInt32 && tries > 1000 {
			r.endless = c.site + 1
			r.finish(BudgetInstant)
		}
		r.retry(ci)
		return
	}
	c.timer = r.list.Push(r.now+d, kernel.PhaseTimer, evBackoff, ci)
}

// tooLate reports whether a back-off would end after the deadline of the client whose call
// it is, who then gives up at once, unless it waits for its deadline all the same. What a
// handler calls knows of no deadline.
func (r *Run) tooLate(c *call, d int64) bool {
	if d == 0 || !c.ofClient() {
		return false
	}
	o := r.ops.at(^c.owner)
	l := nth(r.prog.loads, o.load)
	return o.deadline != 0 && !l.lateBackoff && r.now+d > o.arrival+l.deadline
}

// backoff is the wait before the k-th retry, k = 1, 2, …
func (r *Run) backoff(p *retryT, id, occ uint64, k int32, previous *float64) int64 {
	if p.base.IsZero() {
		return 0
	}
	x := draw.Mix(occ, uint64(k))
	base := p.base.Sample(nth(r.keys, p.key).UniformOf(id, x))
	w := base
	if p.backoff != nil {
		s := backoff.Step{Base: base, Factor: p.factor, K: k, Previous: *previous, Chance: nth(r.keys, p.key).UniformOf(id, draw.Mix(x, 1))}
		if k == 1 {
			s.Previous = base
		}
		w = p.backoff.After(s)
	}
	if p.cap > 0 {
		w = min(w, p.cap)
	}
	*previous = w
	if p.jitter != design.NoJitter {
		u := nth(r.keys, p.key).UniformOf(id, draw.Mix(x, 2))
		switch p.jitter {
		case design.EqualJitter:
			u = 0.5 + float64(u/2)
		case design.FifthJitter:
			u = 0.8 + float64(u*0.4)
		}
		w *= u
	}
	return min(nanos(w), int64(design.MaxTime))
}

// answered handles a reply that arrives at its caller.
func (r *Run) answered(ci int32, callID uint64, attempt int32, cause design.Cause) {
	if c := r.call(ci); c.id == callID { // otherwise the call has ended, or this attempt has timed out
		r.take(ci, c, attempt, cause)
	}
}

// take handles the reply to an attempt of a call that is open.
func (r *Run) take(ci int32, c *call, attempt int32, cause design.Cause) {
	if r.frozen > 0 && !c.ofClient() && r.holds(c.owner) {
		r.hold(c.owner, c.id, ci, attempt, cause, readyReply)
		return
	}
	if attempt != c.attempt || !c.out {
		if c.guarded && r.flightAnswered(ci, attempt, cause) {
			return
		}
		if cause != design.OK || !nth(r.prog.sites, c.site).late {
			return
		}
		r.lateAnswer(ci, c)
	}
	if cause != design.OK {
		r.attemptFailed(ci, cause)
		return
	}
	if c.guarded {
		r.closeGuards(ci, design.OK, attempt == c.attempt && c.out)
	}
	r.callDone(ci, c, design.OK)
}

// lateAnswer counts a good answer to an attempt that was given up, which counts.
func (r *Run) lateAnswer(ci int32, c *call) {
	s := nth(r.prog.sites, c.site)
	r.countEdge(c, s, metric.EdgeLate)
	if r.underWay(ci, c) {
		r.countEdge(c, s, metric.EdgeAbandoned)
	}
}

// underWay reports whether the present attempt of a call has not failed; of a race, its
// own request.
func (r *Run) underWay(ci int32, c *call) bool {
	return !c.resting && (c.out || !c.guarded || r.raceOf(ci) < 0)
}

// callDone ends a call and lets its owner go on.
func (r *Run) callDone(ci int32, c *call, cause design.Cause) {
	r.cancel(&c.timer)
	s := nth(r.prog.sites, c.site)
	if c.guarded {
		cause = r.closeCall(ci, cause, true)
	}
	if r.led != nil {
		r.takeThread(c, cause)
	}
	if owner := c.owner; !c.ofClient() {
		if cause == design.OK {
			r.edgeDone(ci, c, s)
		} else {
			r.rec.Inc(s.m.c + metric.EdgeUnanswered)
			r.rec.Add(s.m.c-1, uint64(r.now))
		}
		if r.prog.carries && cause == design.OK {
			r.takeOver(ci, owner)
		}
		r.freeCall(ci) // the task still carries the operation
		r.resume(owner, cause)
		return
	}
	if cause != design.OK {
		r.countEdge(c, s, metric.EdgeUnanswered)
	}
	c.id = 0
	slot := ^c.owner
	o := r.ops.at(slot)
	switch {
	case cause == design.OK:
		r.opAccepted(slot, o)
	case len(nth(r.prog.loads, o.load).confirm) > 0:
		r.blame(slot, cause) // its declared end may come yet, as long as anything refers to it
	default:
		r.opFailed(slot, cause)
	}
	r.ended(slot, r.ops.at(slot))
}

func (r *Run) freeCall(ci int32) {
	c := r.call(ci)
	slot := r.opOf(c)
	c.id = 0
	if c.ofClient() {
		r.ended(slot, r.ops.at(slot))
		return
	}
	r.calls.give(ci >> 1)
	r.unref(slot)
}

// dropCall removes a call whose owner has ended. An attempt that is under way then
// fails by the cause of its operation, if it failed and the call is its client's.
func (r *Run) dropCall(ci int32, cancel bool, cause design.Cause) {
	c := r.call(ci)
	s := nth(r.prog.sites, c.site)
	r.cancel(&c.timer)
	switch {
	case !r.underWay(ci, c):
	case cause != design.OK:
		r.countEdge(c, s, metric.EdgeFailedBy+measure.Counter(cause))
	default:
		r.countEdge(c, s, metric.EdgeAbandoned)
	}
	r.countEdge(c, s, metric.EdgeUnanswered)
	if !c.ofClient() {
		r.rec.Add(s.m.c-1, uint64(r.now))
	}
	if c.guarded {
		if r.raceOf(ci) >= 0 {
			r.scatter(ci, cause, cancel)
		}
		r.closeGuards(ci, design.OK, false)
		r.closeCall(ci, design.OK, false)
	}
	r.leftAlone(c.callee, c.calleeID)
	if cancel && c.out {
		r.cancelAttempt(ci)
	}
	r.freeCall(ci)
}

// cancelAttempt sends a cancellation to the callee of the present attempt.
func (r *Run) cancelAttempt(ci int32) {
	c := r.call(ci)
	s := nth(r.prog.sites, c.site)
	if s.kind != toService {
		return
	}
	mi := r.newMsg(CancelMessage, c.site, s.fwd, none, r.opOf(c), none, c.id, c.attempt, draw.Mix(c.occ, uint64(c.attempt)+1))
	m := r.msgs.at(mi)
	m.target, m.taskID = c.callee, c.calleeID
	r.transmit(mi)
}
