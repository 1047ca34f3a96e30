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
	m       block
	sent    measure.Counter // of deliveries
	acked   measure.Counter // likewise
	ends    uint64          // a bit for each load that the handler confirms, the last one for all of the rest
}

// lane is that of a queue, as things are.
func (r *Run) lane(qi int32) *lane {
	l := nth(r.lanes, qi)
	if l.seen != r.changes {
		r.survey(qi, l)
	}
	return l
}

// otherwise says that lanes may have to be others.
func (r *Run) otherwise() {
	r.changes++
	if len(r.lanes) < len(r.prog.queues) {
		r.lanes = make([]lane, len(r.prog.queues))
	}
}

// survey finds out about a queue.
//
//go:noinline
func (r *Run) survey(qi int32, l *lane) {
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
	l.handler, l.start, l.salt, l.reader, l.sent, l.acked = u.handler, h.start, u.salt, nth(r.prog.services, u.service), deliver.sent, ack.sent
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
	if r.odd || to.kind != toQueue {
		return false
	}
	x := to.salt ^ r.iteration(t, c.slot)
	if !r.sendCopy(c.a, to, ti, to.conn+t.inst, t.op, none, 0, 0, combine(t.occ, x), combine(t.lid, x)) {
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
	if ci != none {
		r.reply(c.site, at, ci, callID, attempt, c.op, c.occ, design.OK, false, defaultSize)
	}
	for d.idle.n > 0 {
		to := d.idle.pop()
		who := nth(r.consumers, to)
		if who.credit--; who.credit > 0 {
			d.idle.push(to)
		} else if who.idle = false; who.credit < 0 { // it has none any more
			who.credit++
			continue
		}
		r.handOn(k, c, l, to, who)
		return true
	}
	r.link(k, design.RequeueTail)
	return true
}

// handOn hands a copy of a plain queue to a consumer, whose task begins at once if
// nothing else is about to happen at this instant and a worker is free.
func (r *Run) handOn(k int32, c *copyRec, l *lane, ci int32, who *consumer) {
	s, in := l.reader, nth(r.instances, who.inst)
	if r.ready.n > 0 {
		r.deliver(k, ci)
		return
	}
	r.instant++
	if l.work == nil || in.odd || in.watched != 0 || in.waiting > 0 || in.busy >= s.workers || c.corrupt || c.size != defaultSize {
		if ti := r.pass(k, ci, c, nth(r.prog.queues, c.queue), who); ti != none {
			r.admit(ti, r.tasks.at(ti), s, in)
		}
		return
	}
	ti, now := r.tasks.take(), r.now
	t, o := r.tasks.at(ti), r.ops.at(c.op)
	conn := nth(r.conns, who.conn)
	c.delivery++
	r.rec.Inc(l.m.c + metric.QueueDelivered)
	r.rec.ObserveWait(l.m.h+metric.QueueWait, now-c.since)
	occ := c.occ
	if c.delivery > 1 {
		r.rec.Inc(l.m.c + metric.QueueRedelivered)
		occ = draw.Mix(occ, nth(r.prog.queues, c.queue).element+uint64(c.delivery))
	}
	occ = combine(occ, l.salt)
	d := c.demand
	if c.drawn != r.draws || c.delivery > 1 {
		d = l.work.dist.Nanos(l.key.BitsOf(o.id, combine(occ, l.work.salt)))
	}
	o.refs++
	r.rec.Inc(l.sent)
	conn.ways[toClient].sent = now
	c.state, c.since, c.consumer, c.ackLost = copyDelivered, now, ci, false
	if r.shelved {
		r.shelve(k)
	}
	r.rec.Up(l.m.l+metric.QueueUnacked, now)

	t.occ, t.lid = occ, combine(c.lid, l.salt)
	t.id, t.fromID, t.arrived = r.nextID(), c.id, now
	t.op, t.inst, t.pc, t.site = c.op, who.inst, l.start, none
	t.service, t.handler, t.call, t.try = in.service, l.handler, none, c.delivery
	t.taskBits = taskBits{admitted: true, holding: true, began: true, inside: true, resend: c.delivery > 1 || c.dup}
	t.taskLinks = noLinks
	t.copy, t.place, t.iter, t.drawn = k, c.place&inOrderBits, 0, 0
	t.consume, t.consumer, t.epoch = l.consume, ci, conn.epoch
	in.tasks++
	in.busy++
	r.rec.Inc(s.m.c + metric.ServiceArrived)
	r.rec.Inc(s.m.c + metric.ServiceStarted)
	r.rec.ObserveNoWait(s.m.h + metric.ServiceWait)
	r.rec.Up(s.m.l+metric.ServiceTasks, now)
	r.rec.Up(s.m.l+metric.ServiceBusy, now)
	r.room(taskStore, len(r.tasks.items))
	if !r.visited(o, t.op, t.handler, t.lid) {
		t.rare |= rareDuplicate
		r.rec.Inc(s.m.c + metric.ServiceDuplicates)
	}
	if d == 0 {
		t.timer, t.remaining = 0, 0
		t.pc++
		r.run(ti, t, s, in)
		return
	}
	t.demand, t.remaining, t.since = d, d, now
	t.timer = r.list.Push(now+d, kernel.PhaseMain, evWork, ti)
}

// completeDelivery is completeWell for the task of a delivery.
func (r *Run) completeDelivery(ti int32, t *task, s *serviceT, in *instance) (left bool) {
	who := nth(r.consumers, t.consumer)
	l, c, conn := r.lane(who.queue), r.copies.at(t.copy), nth(r.conns, who.conn)
	if !l.plain || t.settled || t.dup || conn.epoch != t.epoch || c.id != t.fromID || c.delivery != t.try || c.state != copyDelivered || c.timer != 0 {
		return r.complete(ti, t, s, in, design.OK)
	}
	o, now := r.ops.at(t.op), r.now
	r.rec.Inc(s.m.c + metric.ServiceCompleted)
	r.rec.Observe(s.m.h+metric.ServiceSojourn, now-t.arrived)
	first := r.completedFirst(o, t.op, t.handler, t.lid)
	if first {
		r.overtakes(t, c, s)
		r.placed(t, &l.queue.done, s)
	}
	if r.shelved {
		r.unshelve(t.copy)
	}
	t.settled = true
	r.rec.Inc(l.acked)
	conn.ways[toBroker].sent = now
	who.credit++
	r.rests(t.consumer, who)
	r.rec.IncOp(l.m.c+metric.QueueAcked, c.published)
	if len(r.cfg.Windows) > 0 {
		r.countCopyWithin(l.m.c+metric.QueueAcked, c.published)
	}
	r.rec.Down(l.m.l+metric.QueueUnacked, now)
	c.consumer, c.id = none, 0
	r.copies.give(t.copy)
	o.refs-- // the task has one too
	if first && l.ends>>min(uint32(o.load), lastEnds)&1 != 0 {
		r.confirm(t.op, t.handler)
	}
	in.tasks--
	return r.ends(ti, t, s, in, t.holding)
}
