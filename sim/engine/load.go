package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Arrivals of operations, and what becomes of operations.

func (r *Run) startLoads() {
	for i := range r.prog.loads {
		l := nth(r.prog.loads, i)
		s := nth(r.loads, i)
		if l.closed {
			for u := range l.users {
				o := r.ops.take()
				*r.ops.at(o) = op{load: int32(i), user: int32(u), more: none}
				at := l.start
				if l.stagger {
					at += l.think.SampleNanos(nth(r.keys, l.keyThink).Uniform(uint64(u), 1))
				}
				r.list.Push(at, kernel.PhaseMain, evThink, o)
			}
			continue
		}
		s.last = l.start
		if l.kind == design.Regular {
			s.expected = -1
		}
		r.scheduleArrival(int32(i), l, s)
	}
}

// scheduleArrival finds the time of a load's next arrival.
func (r *Run) scheduleArrival(i int32, l *loadT, s *loadState) {
	if l.count > 0 && s.seq >= l.count {
		return
	}
	at := never
	switch l.kind {
	case design.Poisson:
		at = r.nextPoisson(l, s)
	case design.Regular:
		s.expected++
		at = r.arrivalTime(l, s.expected)
	case design.Renewal:
		at = s.last + l.interval.SampleNanos(nth(r.keys, l.keyArrival).Uniform(s.arrivals, 0))
	case design.Trace:
		if s.arrivals < uint64(len(l.times)) {
			at = l.start + l.times[s.arrivals]
		}
	}
	r.setArrival(i, l, s, at)
}

// nextPoisson is the time of the next arrival of a Poisson process.
func (r *Run) nextPoisson(l *loadT, s *loadState) int64 {
	k := s.arrivals % aheadDraws
	if k == 0 {
		r.lookAhead(l, s)
	}
	s.expected = s.due[k]
	return s.at[k]
}

func (r *Run) setArrival(i int32, l *loadT, s *loadState, at int64) {
	at = max(at, s.last)
	if at >= never || l.stop > 0 && at >= l.stop {
		return
	}
	s.nextAt = at
	s.next = r.list.Push(at, kernel.PhaseMain, evArrival, i)
}

// lookAhead finds the next few arrivals of a Poisson process.
//
//go:noinline
func (r *Run) lookAhead(l *loadT, s *loadState) {
	key := *nth(r.keys, l.keyArrival)
	key.UnitExps(s.arrivals, s.due[:])
	e := s.expected
	for i := range s.due {
		e += s.due[i]
		s.due[i], s.at[i] = e, r.arrivalTime(l, e)
	}
	r.foresee(l, s)
}

// foresee draws how long the first step of the next few operations takes, where that is an
// exponential: draws are functions, and several together cost what one does.
func (r *Run) foresee(l *loadT, s *loadState) {
	site := nth(r.prog.sites, l.site)
	s.drawn = 0
	if site.kind != toService {
		return
	}
	first := nth(r.prog.handlers, site.handler).start
	if c := nth(r.prog.code, first); c.op == opWork && c.by == 0 && c.dist.IsExponential() {
		nth(r.keys, c.key).UnitExpsOf(l.element, s.seq, combine(0, c.salt), s.work[:])
		s.workFrom, s.workOf, s.drawn = s.seq, first, r.draws
	}
}

// foreseen gives the request with which the latest operation of a load begins what was
// drawn with its arrival.
func (r *Run) foreseen(t *task, s *loadState) {
	if k := s.seq - 1 - s.workFrom; k < aheadDraws && s.drawn == r.draws {
		t.demand, t.drawn = nth(r.prog.code, s.workOf).dist.ExpNanos(s.work[k]), r.draws
	}
}

// arrivalTime is when the expected number of arrivals reaches e.
func (r *Run) arrivalTime(l *loadT, e float64) int64 {
	at := nanos(l.arrivals.when(e))
	if at >= never {
		return never
	}
	return at + l.start
}

// arrival handles the arrival of operations. It is not to be inlined, so that what it calls
// is: see straight.go.
//
//go:noinline
func (r *Run) arrival(i int32, s *loadState) {
	l := nth(r.prog.loads, i)
	s.arrivals++
	s.last = r.now
	if !l.steady {
		r.arrivals(i, l, s)
		return
	}
	slot := r.ops.spare()
	if slot == none {
		slot = r.ops.grow()
	}
	r.begin(i, l, s, slot, none)
	if at := max(r.nextPoisson(l, s), r.now); at < never {
		s.nextAt = at
		s.next = r.list.Push(at, kernel.PhaseMain, evArrival, i)
	}
}

// arrivals is arrival for any load.
func (r *Run) arrivals(i int32, l *loadT, s *loadState) {
	n := 1
	if l.hasBatch {
		n = int(l.batch.Sample(nth(r.keys, l.keyBatch).Uniform(s.arrivals-1, 0)) + 0.5)
	}
	for ; n > 0 && (l.count == 0 || s.seq < l.count) && r.end == Running; n-- {
		r.begin(i, l, s, r.ops.take(), none)
	}
	r.scheduleArrival(i, l, s)
}

// begin starts an operation in the given slot, at its arrival.
func (r *Run) begin(i int32, l *loadT, s *loadState, slot, user int32) {
	o := r.ops.at(slot)
	// Field by field: lids and handlers are not read beyond visits, and need not be cleared.
	o.id = draw.Operation(l.element, s.seq)
	o.seq = s.seq
	o.arrival = r.now
	o.deadline = 0
	o.load, o.user = i, user
	o.refs, o.confirms = 0, 0
	o.more, o.visits = none, 0
	o.state, o.cause = opOpen, design.OK
	o.accepted, o.degraded = false, false
	if len(r.logs) > 0 {
		r.notLogged(slot)
	}
	o.measured = r.now >= int64(r.cfg.Warmup) && !r.draining
	s.seq++
	s.open++
	if r.counts(o) {
		r.rec.Inc(l.m.c + metric.LoadOffered)
	} else {
		r.countOp(l.m.c+metric.LoadOffered, r.now)
	}
	if l.deadline > 0 {
		o.deadline = r.list.Push(r.now+l.deadline, kernel.PhaseTimer, evDeadline, slot)
	}
	if r.impact.on && o.measured {
		r.impact.came(int(i), len(r.prog.loads), r.now)
	}
	r.observeOp(OpArrived, slot, design.OK)
	r.room(opStore, len(r.ops.items))
	site := nth(r.prog.sites, l.site)
	r.openCall(&o.own, site, ^slot, l.site, 0, 0)
	if !r.odd && r.light && site.bare && !o.own.guarded {
		o.own.out = true
		if site.timeout > 0 {
			o.own.timer = r.list.Push(r.now+site.timeout, kernel.PhaseTimer, evTimeout, slot<<1)
		}
		if !r.sendCall(slot<<1, &o.own, site, slot, s) {
			r.post(l.site, none, slot, slot<<1, o.own.id, 0, 0, 0)
		}
		return
	}
	r.attempt(slot<<1, &o.own, site)
}

// closedArrival starts the next operation of a user, in the slot reserved for it.
func (r *Run) closedArrival(slot int32) {
	o := r.ops.at(slot)
	l := nth(r.prog.loads, o.load)
	s := nth(r.loads, o.load)
	if l.count > 0 && s.seq >= l.count || l.stop > 0 && r.now >= l.stop {
		r.ops.give(slot)
		return
	}
	r.begin(o.load, l, s, slot, o.user)
}

// think schedules the next operation of a closed load's user, in a new slot,
// because messages of the old operation may still be in transit.
func (r *Run) think(load, user int32, id uint64) {
	l := nth(r.prog.loads, load)
	slot := r.ops.take()
	*r.ops.at(slot) = op{load: load, user: user, more: none, state: opFailed}
	d := l.think.SampleNanos(nth(r.keys, l.keyThink).UniformOf(id, 0))
	if d == 0 {
		r.soon(readyThink, slot)
		return
	}
	r.list.Push(r.now+d, kernel.PhaseMain, evThink, slot)
}

func (r *Run) ref(o int32) { r.ops.at(o).refs++ }

// unref gives up one reference to an operation.
func (r *Run) unref(slot int32) {
	o := r.ops.at(slot)
	if o.refs--; o.refs == 0 {
		r.ended(slot, o)
	}
}

// ended gives up an operation without a reference and without a call of its
// client. If it is open, it can never be confirmed: it fails, by the cause of the
// last failure. It is once an operation; inlined into unref, it would keep that from
// being inlined.
//
//go:noinline
func (r *Run) ended(slot int32, o *op) {
	if o.refs > 0 || o.own.id != 0 || len(r.logs) > 0 && r.keptByLog(slot, o) {
		return
	}
	if o.state == opOpen {
		cause := o.cause
		if cause == design.OK {
			cause = design.Lost
			r.undone(o)
		}
		r.opFailed(slot, cause)
		o = r.ops.at(slot)
	}
	if o.more != none {
		r.forgetVisits(o.more)
	}
	if r.led != nil {
		r.settleThreads(slot)
	}
	r.ops.give(slot)
	if len(r.logs) > 0 {
		r.ops.at(slot).id = 0 // records know it no more
	}
}

// undone counts an operation that nothing went wrong with, and that all its work has left
// unconfirmed.
func (r *Run) undone(o *op) {
	if !o.measured {
		return
	}
	s, l := nth(r.loads, o.load), nth(r.prog.loads, o.load)
	s.undone++
	for i := range l.confirm {
		if !l.each || o.confirms>>i&1 == 0 {
			s.missing |= 1 << i
		}
	}
}

// blame notes why a part of an operation ended badly.
func (r *Run) blame(o int32, c design.Cause) {
	if c != design.OK {
		r.ops.at(o).cause = c
	}
}

// opAccepted records the first positive answer to the client.
func (r *Run) opAccepted(slot int32, o *op) {
	if o.accepted || o.state == opFailed {
		return // an answer that comes after the confirmation counts
	}
	o.accepted = true
	l := nth(r.prog.loads, o.load)
	r.endOp(l.m.c+metric.LoadAccepted, l.m.h+metric.LoadAcceptedLatency, o.arrival)
	r.observeOp(OpAccepted, slot, design.OK)
	if len(l.confirm) == 0 {
		r.opConfirmed(slot, o, l)
	}
}

func (r *Run) opConfirmed(slot int32, o *op, l *loadT) {
	if o.state != opOpen {
		return
	}
	if len(l.confirm) > 0 { // otherwise it was counted when it was accepted
		r.endOp(l.m.c+metric.LoadCompleted, l.m.h+metric.LoadConfirmedLatency, o.arrival)
	}
	if o.degraded {
		r.countOp(l.m.c+metric.LoadDegraded, o.arrival)
	}
	if r.led != nil {
		r.confirmedNow(slot, l)
	}
	if o.measured {
		r.completions++
	}
	r.observeOp(OpConfirmed, slot, design.OK)
	r.opClosed(slot, o, l, opConfirmed)
	if r.completions >= r.cfg.Completions && r.cfg.Completions > 0 {
		r.finish(AtCompletions)
	}
}

func (r *Run) opFailed(slot int32, cause design.Cause) {
	o := r.ops.at(slot)
	if o.state != opOpen {
		return
	}
	l := nth(r.prog.loads, o.load)
	o.cause = cause
	r.endOp(l.m.c+metric.LoadFailed, l.m.h+metric.LoadFailedLatency, o.arrival)
	r.countOp(l.m.c+metric.LoadFailedBy+measure.Counter(cause), o.arrival)
	r.observeOp(OpFailed, slot, cause)
	r.opClosed(slot, o, l, opFailed)
}

// opClosed ends an operation; tasks that still run for it are not stopped here.
func (r *Run) opClosed(slot int32, o *op, l *loadT, s opState) {
	o.state = s
	if r.impact.on && o.measured {
		r.opImpact(o, s)
	}
	if o.deadline != 0 {
		r.cancel(&o.deadline)
	}
	nth(r.loads, o.load).open--
	if r.awaited > 0 && o.measured {
		r.awaited--
	}
	load, user, id := o.load, o.user, o.id
	// An operation may be confirmed before it is accepted: its call goes on.
	if o.own.id != 0 && (s == opFailed || o.accepted) {
		o.refs++ // not while we are here
		cause := design.OK
		if s == opFailed {
			cause = o.cause
		}
		r.dropCall(slot<<1, l.cancel && s == opFailed, cause)
		r.unref(slot)
	}
	if l.closed {
		r.think(load, user, id)
	}
}

// confirm counts a completed handler towards the confirmation of the operation.
func (r *Run) confirm(slot, handler int32) {
	o := r.ops.at(slot)
	l := nth(r.prog.loads, o.load)
	for i, h := range l.confirm {
		if h != handler || l.each && o.confirms>>i&1 != 0 {
			continue
		}
		if l.each { // a bit for each handler, whose second completion says nothing new
			o.confirms |= 1 << i
		} else {
			o.confirms++
		}
		if o.confirms >= l.confirms {
			r.opConfirmed(slot, o, l)
		}
		return
	}
}
