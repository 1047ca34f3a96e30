package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Brokers: queues, deliveries, acknowledgements.

// published handles a message that arrives at its broker.
func (r *Run) published(mi int32) {
	m := r.msgs.at(mi)
	s := nth(r.prog.sites, m.site)
	if r.led != nil {
		r.spendMsg(mi)
	}
	if len(r.serving) > 0 && r.takesIn(mi, s) {
		return
	}
	r.taken(mi)
}

// taken goes on with a message that its broker has taken.
func (r *Run) taken(mi int32) {
	m := r.msgs.at(mi)
	s := nth(r.prog.sites, m.site)
	if nth(r.prog.brokers, s.broker).replicas.waits() && m.conn != none && nth(r.brokers, s.broker).down == 0 &&
		!r.stale(m.conn, m.epoch, toBroker) && r.replicate(mi, s.broker) {
		return
	}
	r.safe(mi)
}

// safe goes on with a message when it is where its broker says it is there.
func (r *Run) safe(mi int32) {
	m := r.msgs.at(mi)
	s := nth(r.prog.sites, m.site)
	switch b := nth(r.brokers, s.broker); {
	case b.down > 0 || m.conn == none:
		r.refuse(mi, b.silent > 0)
		return
	case r.stale(m.conn, m.epoch, toBroker):
		r.dropStale(mi)
		return
	}
	if s.kind == toQueue {
		r.place(mi, s.queue)
		return
	}
	t := nth(r.prog.topics, s.queue)
	if t.partitions > 0 {
		r.toLog(mi, t)
		return
	}
	subs := t.subs
	carried := message{m.op, got(r.env.msg, mi), none, m.attempt + 1, 1, 1}
	copies := r.wanted(subs, carried)
	if m.call != none && copies > 1 {
		m.part = true
		if m.dup {
			m.call = none // the original message is confirmed, not its duplicate
		} else if c := r.call(m.call); c.id == m.callID && c.attempt == m.attempt {
			c.confirms = copies
		}
	}
	if copies == 0 { // no subscription wants it: stored nowhere, which is no failure
		for _, q := range subs {
			r.rec.Inc(nth(r.prog.queues, q).m.c + metric.QueueFiltered)
		}
		r.confirmPublish(mi, design.OK)
		r.freeMsg(mi)
		return
	}
	for _, q := range subs {
		if !r.wants(q, carried) {
			r.rec.Inc(nth(r.prog.queues, q).m.c + metric.QueueFiltered)
			continue
		}
		ci := r.msgs.take()
		m = r.msgs.at(mi)
		*r.msgs.at(ci) = *m
		r.msgs.at(ci).id = r.nextID()
		if r.led != nil {
			t := *r.spendMsg(mi)
			*r.msgThread(ci) = t
		}
		if r.prog.setters > 0 {
			put(&r.env.msg, ci, carried.envelope)
		}
		r.ref(m.op)
		if s.untraced {
			r.breakTrace(m.op)
		}
		r.place(ci, q)
	}
	r.freeMsg(mi)
}

// wanted counts the subscriptions that get a message.
func (r *Run) wanted(subs []int32, m message) (n int32) {
	for _, q := range subs {
		if r.wants(q, m) {
			n++
		}
	}
	return n
}

// wants reports whether a subscription gets a message.
func (r *Run) wants(qi int32, m message) bool {
	f := nth(r.prog.queues, qi).filter
	return f.to == 0 || r.satisfied(m, f)
}

// place puts a published message into a queue, or applies the overflow policy
// of a full one.
func (r *Run) place(mi, qi int32) {
	q := nth(r.prog.queues, qi)
	if q.known.memory > 0 && r.knows(&q.known, mi) {
		r.notStored(mi, qi)
		r.confirmKnown(mi, q.flush)
		return
	}
	full := r.full(qi)
	m := r.msgs.at(mi)
	refused := design.OK
	switch {
	case full && q.overflow.Refuses:
		refused = design.Rejected
	case q.guards.n > 0:
		refused = r.letIn(q.guards, mi)
	}
	if refused != design.OK {
		r.turnDown(mi, qi, refused, r.now)
		return
	}
	if full && q.overflow.Waits || len(r.flow) > 0 && r.heldBack(q.broker) {
		d := nth(r.queues, qi)
		m.target, m.place = qi, uint64(r.now)
		m.next = none
		if d.blockTail == none {
			d.blockHead = mi
		} else {
			r.msgs.at(d.blockTail).next = mi
		}
		d.blockTail = mi
		d.blocked++
		if len(r.flow) > 0 {
			r.waitsForFlow(qi)
		}
		return
	}
	r.takeIn(mi, qi, full)
}

// turnDown refuses a message that a queue does not let in, which came at a time.
func (r *Run) turnDown(mi, qi int32, refused design.Cause, came int64) {
	r.notLetIn(mi, qi)
	r.notRemembered(mi, qi, came)
	r.blame(r.msgs.at(mi).op, refused)
	r.confirmPublish(mi, refused)
	r.freeMsg(mi)
}

// notLetIn counts a message that a queue, or a subscription of a log, does not get.
func (r *Run) notLetIn(mi, qi int32) {
	q := nth(r.prog.queues, qi)
	r.countCopy(q.m.c+metric.QueuePublished, r.now)
	r.countCopy(q.m.c+metric.QueueRejected, r.now)
	if r.obs != nil {
		r.observeMsgFor(MsgRefused, r.msgs.at(mi), qi, 0)
	}
}

// takeIn makes the copy of a message that has been let into a queue.
func (r *Run) takeIn(mi, qi int32, full bool) {
	q := nth(r.prog.queues, qi)
	r.countCopy(q.m.c+metric.QueuePublished, r.now)
	k := r.newCopy(mi, qi)
	if r.led != nil {
		r.copyMade(mi, k, qi)
	}
	wait := r.posted(mi, k, q)
	if full && q.overflow.Buries {
		r.confirmPublish(mi, design.Rejected)
		r.freeMsg(mi)
	} else {
		r.confirmStored(mi, q.flush, r.copies.at(k).transient)
	}
	if full {
		r.overflow(k, wait)
	} else {
		r.lineUpAfter(k, wait)
	}
}

func (r *Run) confirmPublish(mi int32, cause design.Cause) {
	m := r.msgs.at(mi)
	if m.call == none {
		return
	}
	if r.led != nil {
		r.led.source = *r.spendMsg(mi)
	}
	if m.part && cause == design.OK { // a topic's is confirmed once, when all its copies are stored
		c := r.call(m.call)
		if c.id != m.callID || c.attempt != m.attempt {
			return
		}
		if c.confirms--; c.confirms > 0 {
			return
		}
	}
	if m.conn != none && r.stale(m.conn, m.epoch, toBroker) {
		return // nothing leads back to the publisher any more
	}
	r.reply(m.site, m.conn, m.call, m.callID, m.attempt, m.op, m.occ, cause, m.dup, defaultSize)
}

func (r *Run) newCopy(mi, qi int32) int32 {
	m := r.msgs.at(mi)
	k := r.copies.take()
	c := r.copies.at(k)
	*c = copyRec{}
	c.id = r.nextID()
	c.occ = m.occ
	c.lid = m.lid
	c.published = r.now
	c.op = m.op
	c.queue = qi
	c.next = none
	c.prev = none
	c.consumer = none
	c.size = m.size
	c.corrupt = m.spoilt
	c.dup = m.resend
	if r.prog.ranks {
		c.rank = r.rankOf(mi)
	}
	r.stands(c, c.id)
	if r.prog.setters > 0 {
		put(&r.env.copy, k, got(r.env.msg, mi))
	}
	r.ref(m.op)
	r.entersBroker(k)
	r.follows(k)
	r.room(copyStore, len(r.copies.items))
	return k
}

// enqueue puts a copy into its queue; a consumer with credit takes it at this
// instant.
func (r *Run) enqueue(k int32, at design.Requeue) {
	c := r.copies.at(k)
	qi := c.queue
	c.since = r.now
	if d := nth(r.queues, qi); d.head == none && d.idle.n > 0 && nth(r.brokers, nth(r.prog.queues, qi).broker).down == 0 && !r.overdue(k) {
		if ci := r.nextConsumer(d, nth(r.prog.queues, qi)); ci != none {
			r.deliver(k, ci)
			return
		}
	}
	r.link(k, at)
	if r.overdue(k) {
		r.wakeQueue(qi) // its TTL is over: it must not hold up the copies behind it
	}
	if nth(r.queues, qi).pulls.n > 0 {
		r.wakeQueue(qi)
	}
	if part := nth(r.prog.queues, qi).part; part > 0 {
		r.available(part - 1)
	}
}

// link inserts a copy into the list of its queue.
func (r *Run) link(k int32, at design.Requeue) {
	c := r.copies.at(k)
	qi := c.queue
	d := nth(r.queues, qi)
	c.state = copyWaiting
	c.prev, c.next = d.tail, none
	switch at {
	case design.RequeueHead:
		c.prev, c.next = d.front, d.head
		if d.front != none {
			c.next = r.copies.at(d.front).next
		}
		d.front = k
	case design.RequeueOriginal:
		if d.sorted == none {
			c.prev, c.next = r.between(k)
		}
		d.returned = k
	}
	if d.sorted != none {
		if c.prev, c.next = r.places[d.sorted].insert(c.place, k), d.head; c.prev != none {
			c.next = r.copies.at(c.prev).next
		}
	}
	if d.elders != none && nth(r.prog.queues, qi).key != 0 {
		r.places[d.elders].insert(c.place, k)
	}
	if c.next == none {
		d.tail = k
	} else {
		r.copies.at(c.next).prev = k
	}
	if c.prev == none {
		d.head = k
		r.headChanged(qi)
	} else {
		r.copies.at(c.prev).next = k
	}
	r.deepen(qi)
	if q := nth(r.prog.queues, qi); q.expire != design.ExpireHead {
		r.willExpire(k, q)
	}
}

// between finds the neighbours of a copy that returns, by the order of
// publication. The search begins at the copy that returned last, so that copies
// that return in order need no search.
func (r *Run) between(k int32) (prev, next int32) {
	c := r.copies.at(k)
	d := nth(r.queues, c.queue)
	prev, next = none, d.head
	if d.returned != none && r.copies.at(d.returned).place < c.place {
		prev, next = d.returned, r.copies.at(d.returned).next
	}
	for next != none && r.copies.at(next).place < c.place {
		prev, next = next, r.copies.at(next).next
	}
	return prev, next
}

// unlink takes a waiting copy out of its queue.
func (r *Run) unlink(k int32) {
	c := r.copies.at(k)
	d := nth(r.queues, c.queue)
	if c.timer != 0 { // it could expire where it stood
		r.cancel(&c.timer)
	}
	wasHead := d.head == k
	if c.prev == none {
		d.head = c.next
	} else {
		r.copies.at(c.prev).next = c.next
	}
	if c.next == none {
		d.tail = c.prev
	} else {
		r.copies.at(c.next).prev = c.prev
	}
	if d.returned == k {
		d.returned = c.prev
	}
	if d.front == k {
		d.front = c.prev
	}
	if d.sorted != none {
		r.places[d.sorted].remove(c.place)
	}
	if d.elders != none && nth(r.prog.queues, c.queue).key != 0 {
		r.places[d.elders].remove(c.place)
	}
	c.next, c.prev = none, none
	r.shallow(c.queue)
	if wasHead {
		r.headChanged(c.queue)
	}
}

// headChanged sets the timer for the TTL of the message at the head, where a message
// expires only there; where all messages of a queue have the same TTL, the head is the
// first to expire.
func (r *Run) headChanged(qi int32) {
	q := nth(r.prog.queues, qi)
	if q.part > 0 {
		return
	}
	d := nth(r.queues, qi)
	r.trackAge(qi)
	if q.ttl == 0 && !q.mortal || q.expire != design.ExpireHead {
		return
	}
	r.cancel(&d.ttl)
	if d.head == none {
		return
	}
	if end := r.lifeEnd(d.head, q); end > 0 {
		d.ttl = r.list.Push(max(r.now, end), kernel.PhaseTimer, evTTL, qi)
	}
}

// expire removes the messages at the head whose TTL is over.
func (r *Run) expire(qi int32) {
	q := nth(r.prog.queues, qi)
	for h := nth(r.queues, qi).head; h != none; h = nth(r.queues, qi).head {
		if end := r.lifeEnd(h, q); end == 0 || end > r.now {
			break
		}
		r.cancel(&nth(r.queues, qi).ttl)
		r.unlink(h)
		r.expired(h)
	}
}

// overdue reports whether a copy's TTL ended before now: it returned to the
// queue, or waited behind a copy that returned.
func (r *Run) overdue(k int32) bool {
	q := nth(r.prog.queues, r.copies.at(k).queue)
	if q.ttl == 0 && !q.mortal {
		return false
	}
	end := r.lifeEnd(k, q)
	return end > 0 && end < r.now
}

func (r *Run) wakeQueue(qi int32) {
	if d := nth(r.queues, qi); !d.queued {
		d.queued = true
		r.soon(readyQueue, qi)
	}
}

// hand delivers waiting copies to consumers with credit, in turn, and stores
// the messages of blocked publishers while there is room.
func (r *Run) hand(qi int32) {
	q := nth(r.prog.queues, qi)
	if q.gid > 0 {
		r.pollGroup(q.gid - 1)
		return
	}
	if nth(r.queues, qi).pulls.n > 0 {
		r.answerPulls(qi)
	}
	for r.end == Running {
		d := nth(r.queues, qi)
		if nth(r.brokers, q.broker).down > 0 {
			return
		}
		if d.blockHead != none && (r.fits(qi) || !q.overflow.Waits) && !r.choked(q.broker) {
			r.unblock(qi)
			continue
		}
		if d.head == none {
			return
		}
		if r.overdue(d.head) {
			r.expire(qi)
			continue
		}
		ci := r.nextConsumer(d, q)
		if ci == none {
			return
		}
		k := r.chosen(qi)
		r.unlink(k)
		r.deliver(k, ci)
	}
}

// nextConsumer finds the consumer whose turn it is, and takes one credit from it.
func (r *Run) nextConsumer(d *queueState, q *queueT) int32 {
	if d.idle.n > 0 && r.heldEnough(q) {
		return none
	}
	for d.idle.n > 0 {
		ci := d.idle.pop()
		c := nth(r.consumers, ci)
		if c.credit <= 0 || r.frozen+r.leaving > 0 && r.suspended(c.inst) {
			c.idle = false
			continue
		}
		if r.sharesCredit(ci) {
			if r.elsewhere(ci, c.queue) {
				continue
			}
			return ci
		}
		c.credit--
		if c.credit > 0 {
			d.idle.put(ci)
		} else {
			c.idle = false
		}
		return ci
	}
	return none
}

func (r *Run) unblock(qi int32) {
	d := nth(r.queues, qi)
	mi := d.blockHead
	d.blockHead = r.msgs.at(mi).next
	if d.blockHead == none {
		d.blockTail = none
	}
	d.blocked--
	if len(r.flow) > 0 {
		r.flowGoesOn(qi)
	}
	full := !r.fits(qi)
	if full && nth(r.prog.queues, qi).overflow.Refuses {
		r.turnDown(mi, qi, design.Rejected, int64(r.msgs.at(mi).place))
		return
	}
	r.takeIn(mi, qi, full)
}
