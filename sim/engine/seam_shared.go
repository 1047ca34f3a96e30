package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
)

// The seam of whole calls: what answers them without an attempt, and who shares the end
// of another.

// carried is the envelope of the message that a caller handles.
func (r *Run) carried(c *call) int32 {
	if c.ofClient() {
		return 0
	}
	return r.envelope(c.owner)
}

// closeCall tells the guards of a call how it ended, by the cause that they return.
func (r *Run) closeCall(ci int32, cause design.Cause, counts bool) design.Cause {
	c := r.call(ci)
	t := r.ticket(ci)
	for k := range nth(r.prog.sites, c.site).guards.n {
		p, n := r.guard(ci, k)
		if p.mech.Closed == nil {
			continue
		}
		o := mech.Outcome{Ticket: t[ticketHead+k], Cause: cause, Counts: counts}
		t[ticketHead+k] = 0
		cell := r.cell(p, n, r.opOf(c))
		r.host.envelope, r.host.call = r.carried(c), ci
		was := cause
		if cause = p.mech.Closed(cell, o); was != design.OK && cause == design.OK {
			r.countEdge(c, nth(r.prog.sites, c.site), metric.EdgeLate)
		}
	}
	return cause
}

// sharedEnd ends a call that was answered without an attempt, or that shares the end of
// another.
func (r *Run) sharedEnd(it readyItem) {
	ci, cause := it.arg(), it.cause()
	switch c := r.call(ci); {
	case c.id != it.id || c.out:
	case !c.ofClient() && r.holds(c.owner):
		r.hold(c.owner, c.id, ci, c.attempt, cause, readyShared)
	default:
		if cause != design.OK {
			r.countEdge(c, nth(r.prog.sites, c.site), metric.EdgeFailedBy+measure.Counter(cause))
		}
		r.callDone(ci, c, cause)
	}
}

func (h *host) Key() uint64 {
	if h.p.key == 0 {
		return 0
	}
	return h.r.keyOf(h.op, h.envelope, h.p.key)
}

func (h *host) Share(ticket int64, cause design.Cause) {
	what := int32(h.Carried())
	h.r.endWaits(h.p, h.n, ticket, func(w waiter) {
		if h.r.prog.carries {
			h.r.answerHas(w.call, w.callID, what)
		}
		h.r.ready.push(w.callID, readyWord(w.call, h.r.call(w.call).attempt, cause, readyShared))
	})
}

func (h *host) Carried() int64 {
	if !h.r.prog.carries || h.call&1 == 0 {
		return 0
	}
	return int64(got(h.r.env.call, h.call>>1))
}

func (h *host) Carry(what int64) {
	if h.r.prog.carries {
		h.r.answerHas(h.call, h.r.call(h.call).id, int32(what))
	}
}

func (h *host) Ask(ticket int64) {
	h.r.endWaits(h.p, h.n, ticket, func(w waiter) {
		h.r.ticket(w.call)[0] = int64(w.guard)
		h.r.ready.push(w.callID, readyWord(w.call, h.r.call(w.call).attempt, design.OK, readyGo))
	})
}

func (h *host) Place() (i, n int) { return int(h.n), int(h.p.cells) }

func (h *host) Answers() mech.Answering { return h.r.answers(h.p.inst0 + h.n) }

// answers says what an instance would do with a check.
func (r *Run) answers(ii int32) mech.Answering {
	switch in := nth(r.instances, ii); {
	case in.stage == stageAway || in.stage == stageStarting:
		return mech.Absent
	case in.silent > 0 || in.down == 0 && in.hung > 0: // at the end of that its process is another
		return mech.Silent
	case in.down > 0:
		return mech.Refuses
	case in.paused > 0:
		return mech.Paused
	}
	return mech.Well
}

func (h *host) Out(out bool) { h.r.leaveOut(h.p.inst0+h.n, outOfHealth, out) }

func (h *host) LeftOut() (left, n int) {
	s := nth(h.r.prog.services, nth(h.r.instances, h.p.inst0).service)
	return int(nth(h.r.services, nth(h.r.instances, h.p.inst0).service).out), int(s.instances)
}

// endWaits takes those with a ticket out of the line of a cell.
func (r *Run) endWaits(p *partT, n int32, ticket int64, then func(w waiter)) {
	for i := r.seam.lines[p.cell0+n].head; i != none; {
		w := r.seam.waiters.at(i)
		next := w.next
		if w.ticket == ticket {
			then(r.leaveLine(i))
		}
		i = next
	}
}
