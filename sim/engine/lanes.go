package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Lanes are the straight road through queues: most queues have one reading service,
// which acknowledges by hand, and no limits of time or of what is delivered.
//
//	a copy comes ► its queue is empty, a consumer has credit, a worker is free ► work
//	                                                                            │
//	     the copy is gone, the credit back, the task over ◄ acknowledged ◄ done ┘
//
// Such a queue is plain. What its lane says of it, of its consume and of the first step of
// their handler was found out before, once for all messages: the functions here ask for
// nothing that a plain queue does not have. A message that meets anything else goes on
// at that point as any other (copies.go, deliveries.go, ends.go).

// lane is what is known of a queue. It is no part of the state: it is found out again
// when the tables or the lists of elements of the run are others.
type lane struct {
	seen    uint32 // the run's number of changes when it was found out
	plain   bool
	room    int32
	consume int32
	handler int32
	start   int32
	work    *instr // the first step, if it is work that no attribute multiplies
	key     draw.Key
	salt    uint64 // of the consume
	queue   *queueState
	reader  *serviceT
	ends    uint64 // a bit for each load that the handler confirms, the last one for all of the rest
	m       block

	delivered, sent, acks, arrived, started, completed *uint64 // counters; of those of the queue by when it was published, see m
	unacked, tasks, busy                               *measure.Level
	waited, idled, sojourn                             *measure.Hist // in the queue, for a worker, at the service
}

// otherwise says that lanes may have to be others: whoever uses one that was seen before
// surveys its queue again.
func (r *Run) otherwise() {
	r.changes++
	if len(r.lanes) < len(r.prog.queues) {
		r.lanes = make([]lane, len(r.prog.queues))
	}
}

// survey finds out about a queue.
//
//go:noinline
func (r *Run) survey(l *lane, qi int32) {
	q := nth(r.prog.queues, qi)
	*l = lane{seen: r.changes, room: q.max, consume: q.only, queue: nth(r.queues, qi), m: q.m}
	if q.only == none {
		return
	}
	u := nth(r.prog.consumes, q.only)
	deliver, ack := nth(r.prog.wires, u.deliver), nth(r.prog.wires, u.ack)
	l.plain = q.plain && u.plain && q.ttl == 0 && !r.prog.mortal && q.delay == 0 && q.visible == 0 && q.most == 0 && q.part == 0 &&
		(q.max == maxInt32 || !q.overflow.Waits) && deliver.constant == 0 && ack.constant == 0 &&
		len(r.kin) == 0 && r.leaving == 0 && r.prog.setters == 0
	h := nth(r.prog.handlers, u.handler)
	l.handler, l.start, l.salt, l.reader = u.handler, h.start, u.salt, nth(r.prog.services, u.service)
	s, rec := l.reader.m, &r.rec
	l.delivered, l.sent, l.acks = rec.CounterAt(q.m.c+metric.QueueDelivered), rec.CounterAt(deliver.sent), rec.CounterAt(ack.sent)
	l.arrived, l.started, l.completed = rec.CounterAt(s.c+metric.ServiceArrived), rec.CounterAt(s.c+metric.ServiceStarted), rec.CounterAt(s.c+metric.ServiceCompleted)
	l.unacked, l.tasks, l.busy = rec.LevelAt(q.m.l+metric.QueueUnacked), rec.LevelAt(s.l+metric.ServiceTasks), rec.LevelAt(s.l+metric.ServiceBusy)
	l.waited, l.idled, l.sojourn = rec.HistAt(q.m.h+metric.QueueWait), rec.HistAt(s.h+metric.ServiceWait), rec.HistAt(s.h+metric.ServiceSojourn)
	if first := nth(r.prog.code, h.start); first.op == opWork && first.by == 0 {
		l.work, l.key = first, *nth(r.keys, first.key)
	}
	for i := range r.prog.loads {
		for _, confirms := range r.prog.loads[i].confirm {
			if confirms == u.handler {
				l.ends |= 1 << min(i, lastEnds)
			}
		}
	}
}

const lastEnds = 63

// publishes sends a message of a task to a queue as its copy, if it can.
func (r *Run) publishes(ti int32, t *task, c *instr) bool {
	to := nth(r.prog.sites, c.a)
	x := to.salt ^ r.iteration(t, c.slot)
	if r.sendCopy(c.a, to, ti, to.conn+t.inst, t.op, combine(t.occ, x), combine(t.lid, x), false) == nil {
		return false
	}
	r.rec.Inc(to.m.c + metric.EdgeCalls)
	return true
}

// comes puts a copy that has come to its broker into a plain queue, or hands it to a
// consumer. It reports false where more is to be seen to.
func (r *Run) comes(k int32, c *copyRec, l *lane) bool {
	d := l.queue
	if nth(r.conns, c.consumer).epoch != uint32(c.delivery) || d.head != none || d.depth+d.delayed >= l.room {
		return false
	}
	at, ci, callID, attempt := c.consumer, c.before, c.prior, c.next
	c.consumer, c.delivery, c.next = none, 0, none
	now, place := r.now, r.nextID()
	r.rec.IncOp(l.m.c+metric.QueuePublished, now)
	if len(r.cfg.Windows) > 0 {
		r.countCopyWithin(l.m.c+metric.QueuePublished, now)
	}
	c.published, c.place, c.since = now, place, now
	c.before, c.prior = d.latest, d.latestPlace
	d.latest, d.latestPlace = k, place&inOrderBits
	if ci != none && !r.clientHears(c.site, at, ci, callID, attempt) {
		r.reply(c.site, at, ci, callID, attempt, c.op, c.occ, design.OK, false, defaultSize)
	}
	for d.idle.n > 0 {
		to := d.idle.pop()
		who := nth(r.consumers, to)
		if who.credit--; who.credit > 0 {
			d.idle.put(to)
		} else if who.idle = false; who.credit < 0 { // it has none any more
			who.credit++
			continue
		}
		ti := r.handOn(k, c, l, to, who)
		if ti == none {
			return true
		}
		t, o, s := r.tasks.at(ti), r.ops.at(c.op), l.reader
		if !o.begins(l.handler, t.lid) && !r.visit(o, t.op, l.handler, t.lid) {
			t.rare |= rareDuplicate
			r.rec.Inc(s.m.c + metric.ServiceDuplicates)
		}
		d := c.demand
		if c.drawn != r.draws {
			d = l.work.dist.Nanos(l.key.BitsOf(o.id, combine(t.occ, l.work.salt)))
		}
		if d == 0 {
			t.timer, t.remaining = 0, 0
			t.pc++
			r.run(ti, t, s, nth(r.instances, t.inst))
			return true
		}
		t.demand, t.remaining, t.since = d, d, now
		t.timer = r.list.Push(now+d, kernel.PhaseMain, evWork, ti)
		return true
	}
	r.link(k, design.RequeueTail)
	return true
}

// clientHears hands a confirmation to the client who waits for it, if nothing is in between.
func (r *Run) clientHears(site, conn, ci int32, callID uint64, attempt int32) bool {
	if ci&1 != 0 || !r.light {
		return false
	}
	w, o := nth(r.prog.wires, nth(r.prog.sites, site).back), r.ops.at(ci>>1)
	if w.constant != 0 || o.own.id != callID || o.own.attempt != attempt || !o.own.out || o.own.guarded {
		return false
	}
	r.rec.Inc(w.sent)
	nth(r.conns, conn).ways[toClient].sent = r.now
	r.cancel(&o.own.timer)
	o.own.id = 0
	if l := nth(r.prog.loads, o.load); !o.accepted && o.state != opFailed && len(l.confirm) > 0 && r.counts(o) {
		o.accepted = true
		r.rec.Inc(l.m.c + metric.LoadAccepted)
		r.rec.ObserveAt(r.rec.HistAt(l.m.h+metric.LoadAcceptedLatency), r.now-o.arrival)
	} else {
		r.opAccepted(ci>>1, o) // the copy keeps it
	}
	return true
}

// handOn hands a copy that has just come to a plain queue to a consumer. If nothing else is
// about to happen at this instant and a worker is free, it returns the task that is to begin
// now, and otherwise none.
func (r *Run) handOn(k int32, c *copyRec, l *lane, ci int32, who *consumer) int32 {
	s, in := l.reader, nth(r.instances, who.inst)
	if r.ready.n > 0 {
		r.deliver(k, ci)
		return none
	}
	r.instant++
	if l.work == nil || in.odd || in.watched != 0 || in.waiting > 0 || in.busy >= s.workers {
		if ti := r.pass(k, ci, c, nth(r.prog.queues, c.queue), who); ti != none {
			r.admit(ti, r.tasks.at(ti), s, in)
		}
		return none
	}
	ti, now := r.tasks.spare(), r.now
	if ti == none {
		ti = r.tasks.grow()
	}
	t, o, conn := r.tasks.at(ti), r.ops.at(c.op), nth(r.conns, who.conn)
	*l.delivered++
	l.waited.NoWait()
	*l.sent++
	conn.ways[toClient].sent = now
	c.state, c.delivery, c.consumer = copyDelivered, 1, ci
	if r.shelved {
		r.shelve(k)
	}
	l.unacked.Up(now)

	t.occ, t.lid = combine(c.occ, l.salt), combine(c.lid, l.salt)
	t.id, t.fromID, t.arrived = r.nextID(), c.id, now
	t.op, t.inst, t.pc, t.site = c.op, who.inst, l.start, none
	t.service, t.handler, t.call, t.try = in.service, l.handler, none, 1
	t.taskBits = taskBits{admitted: true, holding: true, began: true, inside: true, resend: c.dup}
	t.taskLinks = noLinks
	t.copy, t.place, t.iter, t.drawn = k, c.place&inOrderBits, 0, 0
	t.consume, t.consumer, t.epoch = l.consume, ci, conn.epoch
	o.refs++
	in.tasks++
	in.busy++
	*l.arrived++
	*l.started++
	l.idled.NoWait()
	l.tasks.Up(now)
	l.busy.Up(now)
	r.room(taskStore, len(r.tasks.items))
	return ti
}

// completeDelivery is completeWell for the task of a delivery.
func (r *Run) completeDelivery(ti int32, t *task, s *serviceT, in *instance) (left bool) {
	who := nth(r.consumers, t.consumer)
	l, c, conn := nth(r.lanes, who.queue), r.copies.at(t.copy), nth(r.conns, who.conn)
	if l.seen != r.changes {
		r.survey(l, who.queue)
	}
	if !l.plain || t.settled || t.dup || conn.epoch != t.epoch || c.id != t.fromID || c.delivery != t.try || c.state != copyDelivered || c.timer != 0 {
		return r.complete(ti, t, s, in, design.OK)
	}
	o, now := r.ops.at(t.op), r.now
	*l.completed++
	r.rec.ObserveAt(l.sojourn, now-t.arrived)
	first := o.completes(t.handler, t.lid) || r.completedOf(o, t.op, t.handler, t.lid)
	if first {
		r.overtakes(t, c, s)
		r.placed(t, &l.queue.done, s)
	}
	if r.shelved {
		r.unshelve(t.copy)
	}
	*l.acks++
	conn.ways[toBroker].sent = now
	if who.credit++; !who.idle && who.credit > 0 { // see rests
		who.idle = true
		if l.queue.idle.put(t.consumer); l.queue.head != none {
			r.wakeQueue(who.queue)
		}
	}
	r.rec.IncOp(l.m.c+metric.QueueAcked, c.published)
	if len(r.cfg.Windows) > 0 {
		r.countCopyWithin(l.m.c+metric.QueueAcked, c.published)
	}
	l.unacked.Down(now)
	c.id = 0
	r.copies.give(t.copy)
	o.refs-- // the task has one too
	if first && l.ends>>min(uint32(o.load), lastEnds)&1 != 0 {
		if to := nth(r.prog.loads, o.load); len(to.confirm) == 1 && to.confirms == 1 && o.state == opOpen && o.own.id == 0 {
			o.confirms = 1
			if r.counts(o) {
				r.rec.Inc(to.m.c + metric.LoadCompleted)
				r.rec.ObserveAt(r.rec.HistAt(to.m.h+metric.LoadConfirmedLatency), now-o.arrival)
			} else {
				r.endOp(to.m.c+metric.LoadCompleted, to.m.h+metric.LoadConfirmedLatency, o.arrival)
			}
			r.endsWell(o, to)
		} else {
			r.confirm(t.op, t.handler)
		}
		o = r.ops.at(t.op)
	}
	in.tasks--
	left = t.holding
	t.holding = false
	if left && o.refs == 1 && o.state == opOpen { // see ends
		r.vacate(t.inst, s, in)
		left = false
	}
	l.tasks.Down(now)
	t.id = 0
	r.tasks.give(ti)
	if o.refs--; o.refs == 0 {
		if o.own.id == 0 && o.state != opOpen && o.more == none && r.light {
			r.ops.give(t.op)
		} else {
			r.ended(t.op, o)
		}
	}
	if left && in.waiting == 0 && in.busy <= s.workers { // see nextWaiting
		in.busy--
		l.busy.Down(now)
		left = false
	}
	return left
}
