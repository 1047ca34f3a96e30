package engine

import (
	"iter"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Deliveries: from a queue to a consumer, their acknowledgement, and the return
// of a copy that was not acknowledged.

// deliver sends a copy to a consumer.
func (r *Run) deliver(k, ci int32) {
	c := r.copies.at(k)
	if ti := r.pass(k, ci, c, nth(r.prog.queues, c.queue), nth(r.consumers, ci)); ti != none {
		r.soon(readyDelivery, ti)
	}
}

// pass sends copy k to consumer ci. Where that takes no time, the caller has to see
// to the arrival of the task.
func (r *Run) pass(k, ci int32, c *copyRec, q *queueT, who *consumer) int32 {
	t := nth(r.prog.consumes, who.consume)
	occ := r.leaves(k, c, q)
	if w := nth(r.prog.wires, t.deliver); c.size == defaultSize && w.constant == 0 && r.upset == 0 {
		conn := nth(r.conns, who.conn)
		ti := r.taskOf(k, ci, c, t, who, occ, conn.epoch)
		r.rec.Inc(w.sent)
		conn.ways[toClient].sent = r.now
		if r.obs != nil {
			r.observeDelivery(MsgSent, DeliverMessage, r.tasks.at(ti))
		}
		r.handOver(k, ci, c, q, t)
		return ti
	}
	mi := r.msgs.take()
	m := r.msgs.at(mi)
	*m = msg{}
	m.id = r.nextID()
	m.kind = DeliverMessage
	m.occ = combine(occ, t.salt)
	m.lid = combine(c.lid, t.salt)
	m.place = c.place & inOrderBits
	m.op = c.op
	m.link = t.deliver
	m.site = none
	m.call = none
	m.copy = k
	m.copyID = c.id
	m.delivery = c.delivery
	m.consume = who.consume
	m.consumer = ci
	m.conn = who.conn
	m.epoch = nth(r.conns, who.conn).epoch
	m.inst = who.inst
	m.resend = c.delivery > 1 || c.dup
	m.spoilt = c.corrupt
	if r.led != nil {
		r.inherit(r.msgThread(mi))
	}
	m.size = c.size
	if r.prog.setters > 0 {
		put(&r.env.msg, mi, got(r.env.copy, k))
	}
	r.handOver(k, ci, c, q, t)
	r.sendOff(mi, q.broker, 1)
	return none
}

// leaves counts one more delivery of a copy, and gives the occurrence of its draws.
func (r *Run) leaves(k int32, c *copyRec, q *queueT) (occ uint64) {
	c.delivery++
	r.rec.Inc(q.m.c + metric.QueueDelivered)
	r.rec.ObserveWait(q.m.h+metric.QueueWait, r.now-c.since)
	occ = c.occ
	if r.led != nil {
		r.led.source = *r.copyThread(k)
		r.spendAt(&r.led.source, c.op, SpentQueue, spot(atQueue, c.queue), halting{of: ^q.broker})
	}
	if c.delivery > 1 {
		r.rec.Inc(q.m.c + metric.QueueRedelivered)
		occ = draw.Mix(occ, q.element+uint64(c.delivery))
	}
	r.ref(c.op)
	return occ
}

// taskOf makes the task of a delivery, still in transit.
func (r *Run) taskOf(k, ci int32, c *copyRec, u *consumeT, who *consumer, occ uint64, epoch uint32) int32 {
	ti := r.tasks.take()
	task := r.tasks.at(ti)
	r.deliveryTask(task, c, u, occ, epoch)
	if r.led != nil {
		r.inherit(r.taskThread(ti))
	}
	task.inst, task.copy, task.consume, task.consumer = who.inst, k, who.consume, ci
	if r.prog.setters > 0 {
		put(&r.env.task, ti, got(r.env.copy, k))
	}
	return ti
}

// handOver is the broker's side of a delivery: it removes the copy, or keeps it
// until its acknowledgement.
func (r *Run) handOver(k, ci int32, c *copyRec, q *queueT, u *consumeT) {
	if u.auto {
		r.countCopy(q.m.c+metric.QueueAcked, c.published)
		r.dropCopy(k)
		return
	}
	c.state, c.since = copyDelivered, r.now
	c.consumer = ci
	c.ackLost = false
	if r.shelved {
		r.shelve(k)
	}
	r.rec.Up(q.m.l+metric.QueueUnacked, r.now)
	if q.expire == design.ExpireHeld {
		if end := r.lifeEnd(k, q); end > 0 && (q.visible == 0 || end <= r.now+q.visible) {
			r.willExpire(k, q)
			return
		}
	}
	if q.visible > 0 {
		c.timer = r.list.Push(r.now+q.visible, kernel.PhaseTimer, evVisible, k)
	}
}

// deliveryTask fills in the task of a delivery, still in transit, but for its
// consumer.
func (r *Run) deliveryTask(t *task, c *copyRec, u *consumeT, occ uint64, epoch uint32) {
	t.occ, t.lid = combine(occ, u.salt), combine(c.lid, u.salt)
	t.fromID, t.place = c.id, c.place&inOrderBits
	t.op = c.op
	t.try, t.epoch = c.delivery, epoch
	r.asDelivery(t, u)
	t.resend, t.corrupt = c.delivery > 1 || c.dup, c.corrupt
	if c.delivery == 1 {
		t.demand, t.drawn = c.demand, c.drawn
	}
}

// delivered handles a delivery message that arrives at its consumer.
func (r *Run) delivered(mi int32) {
	m := r.msgs.at(mi)
	ti := r.tasks.take()
	t := r.tasks.at(ti)
	t.occ, t.lid = m.occ, m.lid
	t.fromID, t.place = m.copyID, m.place
	t.op = m.op
	t.try, t.epoch = m.delivery, m.epoch
	r.asDelivery(t, nth(r.prog.consumes, m.consume))
	t.inst, t.copy, t.consume, t.consumer = nth(r.consumers, m.consumer).inst, m.copy, m.consume, m.consumer
	t.resend, t.dup, t.corrupt = m.resend, m.dup, m.spoilt
	if r.led != nil {
		x := *r.spendMsg(mi)
		*r.taskThread(ti) = x
	}
	if r.prog.setters > 0 {
		put(&r.env.task, ti, got(r.env.msg, mi))
	}
	m.id = 0
	r.msgs.give(mi) // its reference to the operation moves to the task
	r.takeDelivery(ti)
}

// asDelivery fills in what the tasks of all deliveries have.
func (r *Run) asDelivery(t *task, u *consumeT) {
	t.id = r.nextID()
	t.service, t.handler = u.service, u.handler
	t.site, t.call = none, none
	t.timer, t.remaining, t.iter, t.drawn = 0, 0, 0, 0
	t.taskBits, t.taskLinks = taskBits{}, noLinks
}

// takeDelivery handles the arrival of a delivery at its consumer.
func (r *Run) takeDelivery(ti int32) {
	t := r.tasks.at(ti)
	who := nth(r.consumers, t.consumer)
	if r.stale(who.conn, t.epoch, toClient) && !(who.log && r.hasTurn(t)) { // the connection it was sent on has ended
		if nth(r.prog.consumes, t.consume).auto {
			r.blame(t.op, design.Lost)
		}
		if who.pulls && !who.batches {
			r.oneDone(t.consumer)
		}
		r.dropTask(ti)
		return
	}
	if r.frozen > 0 && r.holds(ti) {
		r.hold(ti, 0, ti, 0, design.OK, readyDelivery)
		return
	}
	if who.log && !r.turn(ti) {
		return
	}
	if who.batches {
		r.collect(ti)
		return
	}
	r.admit(ti, t, nth(r.prog.services, t.service), nth(r.instances, t.inst))
}

// settle sends the acknowledgement (or negative acknowledgement) of a task's
// delivery, once; of a batch, of each.
func (r *Run) settle(ti int32, kind MessageKind, requeue, refused bool) {
	if r.tasks.at(ti).parent != none {
		ti = r.root(ti)
	}
	for ; ti != none; ti = r.tasks.at(ti).sibling {
		r.settleOne(ti, kind, requeue, refused)
	}
}

func (r *Run) settleOne(ti int32, kind MessageKind, requeue, refused bool) {
	t := r.tasks.at(ti)
	if t.copy == none || t.settled || nth(r.prog.consumes, t.consume).auto {
		return
	}
	t.settled = true
	c := nth(r.prog.consumes, t.consume)
	who := nth(r.consumers, t.consumer)
	conn := who.conn
	if who.log && r.settlePart(t, nth(r.conns, conn).client, &kind, &requeue) {
		return
	}
	if k := nth(r.conns, conn); !k.client || k.epoch != t.epoch && !nth(r.prog.queues, c.queue).awaitVisible {
		return // it can only be acknowledged on the connection on which it came
	}
	if r.immediate(c.ack) {
		r.passedOn(conn, toBroker, c.ack)
		if r.obs != nil {
			r.observeDelivery(MsgSent, kind, t)
		}
		r.acknowledged(acknowledgement{
			copyID: t.fromID, copy: t.copy, delivery: t.try, consumer: t.consumer,
			epoch: t.epoch, kind: kind, requeue: requeue, refused: refused, dup: t.dup,
		})
		return
	}
	mi := r.msgs.take()
	m := r.msgs.at(mi)
	*m = msg{}
	m.id = r.nextID()
	m.kind = kind
	m.size = defaultSize
	m.occ = t.occ
	m.op = t.op
	m.link = c.ack
	m.conn = conn
	m.site = none
	m.call = none
	m.copy = t.copy
	m.copyID = t.fromID
	m.delivery = t.try
	m.consume = t.consume
	m.consumer = t.consumer
	m.epoch = t.epoch
	m.requeue, m.part = requeue, refused
	m.dup = t.dup
	r.ref(t.op)
	r.transmit(mi)
}

// acknowledgement is the content of an acknowledgement, positive or negative.
type acknowledgement struct {
	copyID   uint64
	copy     int32
	delivery int32
	consumer int32
	epoch    uint32
	kind     MessageKind
	requeue  bool
	refused  bool // by a nack of its handler
	dup      bool
}

// settled handles an acknowledgement message that arrives at the broker.
func (r *Run) settled(mi int32) {
	m := r.msgs.at(mi)
	r.acknowledged(acknowledgement{
		copyID: m.copyID, copy: m.copy, delivery: m.delivery, consumer: m.consumer,
		epoch: m.epoch, kind: m.kind, requeue: m.requeue, refused: m.part, dup: m.dup,
	})
	r.freeMsg(mi)
}

// acknowledged settles a delivery. An acknowledgement is late when the copy has
// returned or ended meanwhile: then a positive one counts if the copy is still
// there and its queue accepts it.
func (r *Run) acknowledged(a acknowledgement) {
	k := a.copy
	c := r.copies.at(k)
	q := nth(r.prog.queues, nth(r.consumers, a.consumer).queue)
	if nth(r.brokers, q.broker).down > 0 {
		return
	}
	if !q.awaitVisible && r.stale(nth(r.consumers, a.consumer).conn, a.epoch, toBroker) {
		return // the broker has closed the connection, and the copy has returned
	}
	known := c.id == a.copyID && a.copyID != 0
	current := known && c.state == copyDelivered && c.delivery == a.delivery
	if !a.dup {
		if current || !q.closes { // what a closed channel had handed over is no longer held
			r.giveCredit(a.consumer, a.epoch)
		}
		if !current {
			r.rec.Inc(q.m.c + metric.QueueLateAcks)
		}
	}
	switch handed := c.since; {
	case a.kind == AckMessage && current && q.gid > 0:
		r.finished(k)
	case a.kind == AckMessage && (current || known && !q.refuseLate):
		r.countCopy(q.m.c+metric.QueueAcked, c.published)
		r.detach(k)
		r.dropCopy(k)
	case a.kind == NackMessage && current:
		r.rec.Inc(q.m.c + metric.QueueNacked)
		r.detach(k)
		switch {
		case a.requeue:
			end := design.EndFailure
			if a.refused {
				end = design.EndNack
			}
			r.again(k, handed, end)
		case q.gid > 0 && c.delivery >= q.maxDeliver && q.maxDeliver > 0:
			r.deadLetter(k, design.Error)
		default:
			r.deadLetter(k, design.Rejected)
		}
	}
	if q.gid > 0 {
		r.poll(a.consumer)
	}
}

// detach takes a copy out of its queue, its delay or its delivery: until it is lined
// up, delayed or ended, it is in no list.
func (r *Run) detach(k int32) {
	c := r.copies.at(k)
	timed := c.timer != 0
	r.cancel(&c.timer)
	switch c.state {
	case copyWaiting:
		r.unlink(k)
	case copyDelayed:
		r.undelay(k)
	case copyBehind:
		r.outOfBehind(k)
	case copyAside:
		r.fromAside(k)
	case copyDelivered:
		if r.shelved {
			r.unshelve(k)
		}
		q := nth(r.prog.queues, c.queue)
		if q.part > 0 {
			r.letGo(c, timed)
		}
		if r.rec.Down(q.m.l+metric.QueueUnacked, r.now); q.most > 0 {
			r.wakeQueue(c.queue)
		}
		if c.ackLost { // the consumer has settled it, but the acknowledgement was lost
			c.ackLost = false
			r.giveCredit(c.consumer, nth(r.conns, nth(r.consumers, c.consumer).conn).epoch)
		}
	}
	c = r.copies.at(k)
	c.state, c.consumer = copyTravelling, none
}

// minRedelivery is the least time between the hand-over of a copy that is
// returned by a negative acknowledgement and its next hand-over.
const minRedelivery = 100_000 // ns

// again returns a copy after a negative acknowledgement, once its delay is over,
// or dead-letters it.
func (r *Run) again(k int32, handed int64, end int) {
	if r.spent(k, end) {
		return
	}
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	due := max(r.now+r.redelivery(k, &q.redelivery), handed+minRedelivery)
	if due <= r.now {
		r.comeBack(k, q.requeue)
		return
	}
	full := !r.fits(c.queue)
	if full && q.overflow.Buries {
		r.deadLetter(k, design.Dropped)
		return
	}
	r.delay(k, due)
	if full && q.overflow.Evicts {
		r.dropOldest(c.queue)
	}
}

// lastWait is the wait of a copy from which its next one with decorrelated jitter
// follows. Each delivery has one, also if it did not fail.
type lastWait struct {
	id    uint64 // of the copy
	wait  float64
	after int32 // the delivery that it is for
}

// redelivery draws how long a copy waits before it is delivered again.
func (r *Run) redelivery(k int32, p *retryT) (d int64) {
	c := r.copies.at(k)
	id := r.ops.at(c.op).id
	if b := p.backoff; b == nil || !b.Remembers {
		var none float64
		return r.backoff(p, id, c.occ, c.delivery, &none)
	}
	for len(r.waits) <= int(k) {
		r.waits = append(r.waits, lastWait{})
	}
	w := nth(r.waits, k)
	if w.id != c.id {
		*w = lastWait{id: c.id}
	}
	for w.after < c.delivery {
		w.after++
		d = r.backoff(p, id, c.occ, w.after, &w.wait)
	}
	return d
}

// comeBack returns a copy to its queue, to the given place. The queue's limit
// holds for it too: it is dead-lettered, or the oldest copy is dropped, which may
// be the copy itself; a queue that rejects or blocks publishers accepts it.
func (r *Run) comeBack(k int32, at design.Requeue) {
	qi := r.copies.at(k).queue
	q := nth(r.prog.queues, qi)
	full := !r.fits(qi)
	if full && q.overflow.Buries {
		r.deadLetter(k, design.Dropped)
		return
	}
	before := nth(r.queues, qi).depth
	r.enqueue(k, at)
	if full && q.overflow.Evicts && nth(r.queues, qi).depth > before {
		r.dropOldest(qi)
	}
}

// delay keeps a copy out of the line until a time.
func (r *Run) delay(k int32, until int64) {
	c := r.copies.at(k)
	if c.state = copyDelayed; r.shelved {
		r.shelve(k)
	}
	c.timer = r.list.Push(until, kernel.PhaseTimer, evRedeliver, k)
	d := nth(r.queues, c.queue)
	if d.elders != none {
		r.places[d.elders].insert(c.place, k)
	}
	d.delayed++
	r.rec.Up(nth(r.prog.queues, c.queue).m.l+metric.QueueDelayed, r.now)
}

// undelay ends the delay of a copy.
func (r *Run) undelay(k int32) {
	if r.shelved {
		r.unshelve(k)
	}
	qi := r.copies.at(k).queue
	d := nth(r.queues, qi)
	if d.elders != none {
		r.places[d.elders].remove(r.copies.at(k).place)
	}
	d.delayed--
	r.rec.Down(nth(r.prog.queues, qi).m.l+metric.QueueDelayed, r.now)
	if d.blockHead != none {
		r.wakeQueue(qi)
	}
}

// still goes through copies, without those that have ended or been delivered anew
// meanwhile: what is done with one can do that to others.
func (r *Run) still(all []int32) iter.Seq[int32] {
	type seen struct {
		id       uint64
		delivery int32
	}
	look := func(k int32) seen { c := r.copies.at(k); return seen{c.id, c.delivery} }
	was := make([]seen, len(all))
	for i, k := range all {
		was[i] = look(k)
	}
	return func(yield func(int32) bool) {
		for i, k := range all {
			if look(k) == was[i] && !yield(k) {
				return
			}
		}
	}
}

// free returns a copy whose connection has ended or whose acknowledgement is
// overdue: it was not refused, so it may be delivered again without a delay.
func (r *Run) free(k int32, end int) {
	r.detach(k)
	if nth(r.prog.queues, r.copies.at(k).queue).part > 0 || !r.spent(k, end) { // a log counts what its member tries
		r.comeBack(k, nth(r.prog.queues, r.copies.at(k).queue).requeueLost)
	}
}

// uncounted are the deliveries of a copy that do not count towards their limit.
type uncounted struct {
	id uint64 // of the copy
	n  int32
}

// spent dead-letters a copy that has reached its number of deliveries, or sets it aside. The last one ended
// in one of design.Ends.
func (r *Run) spent(k int32, end int) bool {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	tried := c.delivery
	if q.spared != 0 {
		for len(r.uncounted) <= int(k) {
			r.uncounted = append(r.uncounted, uncounted{})
		}
		u := nth(r.uncounted, k)
		if u.id != c.id {
			*u = uncounted{id: c.id}
		}
		if q.spared>>end&1 == 1 {
			u.n++
			return false
		}
		tried -= u.n
	}
	if q.maxDeliver == 0 || tried < q.maxDeliver {
		return false
	}
	if q.setAside {
		r.setAside(k)
	} else {
		r.deadLetter(k, design.Error)
	}
	return true
}

// heldEnough reports whether the consumers of a queue hold as much as they may together.
func (r *Run) heldEnough(q *queueT) bool {
	return q.most > 0 && r.rec.LevelValue(q.m.l+metric.QueueUnacked) >= int64(q.most)
}

// giveCredit gives a consumer the credit of a delivery back, unless the
// connection of that delivery has ended.
func (r *Run) giveCredit(ci int32, epoch uint32) {
	c := nth(r.consumers, ci)
	if c.pulls || r.stale(c.conn, epoch, toBroker) {
		return
	}
	if r.sharesCredit(ci) {
		r.earn(ci, 1)
		return
	}
	c.credit++
	switch {
	case c.log:
		if c.credit == c.prefetch { // it is done with what it had, and asks for more
			r.wakeQueue(c.queue)
		}
	case !r.suspended(c.inst):
		r.idle(ci)
	}
}

// idle adds a consumer with credit to the ring of its queue.
func (r *Run) idle(ci int32) { r.rests(ci, nth(r.consumers, ci)) }

func (r *Run) rests(ci int32, c *consumer) {
	if c.idle || c.credit <= 0 {
		return
	}
	c.idle = true
	d := nth(r.queues, c.queue)
	d.idle.put(ci)
	if d.head != none {
		r.wakeQueue(c.queue)
	}
}
