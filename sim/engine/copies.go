package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// A message to a queue holds nothing that its copy in the queue does not hold: on
// a link that cannot lose, duplicate, corrupt or reorder it, it travels as that
// copy. Where its sender awaits the confirmation, the copy carries the call too, in
// fields that it needs only in the queue; one that does not find everything in
// order becomes a message again.

// sendCopy sends a message to a queue as a copy, if it can. awaited tells whether somebody
// awaits its confirmation, who then notes that in the copy.
func (r *Run) sendCopy(site int32, s *site, sender, conn, o int32, occ, lid uint64, awaited bool) *copyRec {
	w := nth(r.prog.wires, s.fwd)
	if !s.bare || s.kind != toQueue || w.constant <= 0 {
		return nil
	}
	l := nth(r.lanes, s.queue)
	if l.seen != r.changes {
		r.survey(l, s.queue)
	}
	plain := l.plain && !r.odd
	if !plain && (r.upset > 0 || awaited && r.odd || nth(r.prog.queues, s.queue).delay > 0) {
		return nil
	}
	k, p, from := r.copies.spare(), r.ops.at(o), nth(r.conns, conn)
	if k == none {
		k = r.copies.grow()
	}
	p.refs++
	c := r.copies.at(k)
	c.id = r.nextID()
	c.occ, c.lid = occ, lid
	c.op, c.queue, c.site = o, s.queue, site
	c.size = defaultSize
	c.place, c.before = 0, none // which is no place in any queue
	from.ways[toBroker].sent = r.now
	c.consumer, c.delivery = conn, int32(from.epoch)
	c.copyBits = copyBits{state: copyTravelling}
	if !plain {
		if r.led != nil {
			r.inherit(r.copyThread(k))
		}
		if r.prog.setters > 0 {
			put(&r.env.copy, k, r.outgoing(sender, site))
		}
		if r.obs != nil {
			r.observeCopy(MsgSent, c, r.now+w.constant)
		}
	}
	r.rec.Inc(w.sent)
	r.list.Push(r.now+w.constant, kernel.PhaseMain, evCopy, k)
	r.room(copyStore, len(r.copies.items))
	c.drawn = 0
	if l.work != nil {
		c.drawn = r.draws
		c.demand = l.work.dist.Nanos(l.key.BitsOf(p.id, combine(combine(occ, l.salt), l.work.salt)))
	}
	return c
}

// sendAwaited is sendCopy for an attempt of a call.
func (r *Run) sendAwaited(site int32, s *site, sender, conn, o, ci int32, callID uint64, attempt int32, occ, lid uint64) bool {
	c := r.sendCopy(site, s, sender, conn, o, occ, lid, true)
	if c == nil {
		return false
	}
	c.before, c.prior, c.next, c.dup = ci, callID, attempt, attempt > 0
	return true
}

// copyArrived handles a copy that arrives at its broker.
func (r *Run) copyArrived(k int32) {
	c := r.copies.at(k)
	l := nth(r.lanes, c.queue)
	if l.seen != r.changes {
		r.survey(l, c.queue)
	}
	if !l.plain || r.odd || !r.comes(k, c, l) {
		r.copyCame(k, c)
	}
}

// copyCame is copyArrived where more is to be seen to.
func (r *Run) copyCame(k int32, c *copyRec) {
	q := nth(r.prog.queues, c.queue)
	if r.obs != nil && c.before == none {
		r.observeCopy(MsgArrived, c, 0)
	}
	ci, conn := c.before, c.consumer
	if r.led != nil {
		t := r.copyThread(k)
		r.spend(t, c.op, SpentNetwork, spot(atLink, nth(r.prog.sites, c.site).fwd))
		r.led.source = *t
	}
	if ci != none {
		r.backToMessage(k)
		return
	}
	stale := r.stale(conn, uint32(c.delivery), toBroker)
	c.consumer, c.delivery, c.next = none, 0, none
	if stale && nth(r.brokers, q.broker).down == 0 {
		r.lost[design.Lost]++
		r.blame(c.op, design.Lost)
		r.dropCopy(k)
		return
	}
	if nth(r.brokers, q.broker).down > 0 {
		if r.obs != nil {
			r.observeCopy(MsgRefused, c, 0)
		}
		r.blame(c.op, refusal(nth(r.brokers, q.broker).silent > 0))
		r.dropCopy(k)
		return
	}
	c.published, c.place = r.now, r.nextID()
	r.countCopy(q.m.c+metric.QueuePublished, r.now)
	if !r.full(c.queue) {
		r.follows(k)
		r.lineUpAfter(k, q.delay)
		return
	}
	if q.overflow.Refuses {
		r.countCopy(q.m.c+metric.QueueRejected, r.now)
		if r.obs != nil {
			r.observeCopy(MsgRefused, c, 0)
		}
		r.blame(c.op, design.Rejected)
		r.dropCopy(k)
		return
	}
	r.follows(k)
	r.overflow(k, q.delay)
}

// backToMessage goes on with a copy whose sender awaits a confirmation as with a
// message that arrives.
func (r *Run) backToMessage(k int32) {
	c := r.copies.at(k)
	if r.led != nil {
		r.led.source = *r.copyThread(k)
	}
	mi := r.newMsg(PublishMessage, c.site, nth(r.prog.sites, c.site).fwd, c.consumer, c.op, c.before, c.prior, c.next, c.occ)
	m := r.msgs.at(mi)
	m.lid, m.resend, m.epoch = c.lid, c.dup, uint32(c.delivery)
	if r.prog.setters > 0 {
		put(&r.env.msg, mi, got(r.env.copy, k))
	}
	r.dropCopy(k)
	r.arrive(mi)
}

// full reports whether a queue has no room for one more message, after the
// credits given back at this instant have been used.
func (r *Run) full(qi int32) bool {
	d := nth(r.queues, qi)
	if !r.fits(qi) && (d.idle.n > 0 || d.pulls.n > 0) || d.blockHead != none {
		r.hand(qi) // credits given back at this instant count as earlier than this message
	}
	return !r.fits(qi)
}

// fits reports whether one more copy may wait in a queue.
func (r *Run) fits(qi int32) bool {
	d := nth(r.queues, qi)
	return d.depth+d.delayed < nth(r.prog.queues, qi).max
}

// overflow stores a copy in a full queue by dropping the oldest, or dead-letters
// it. It can be delivered after a wait.
func (r *Run) overflow(k int32, wait int64) {
	qi := r.copies.at(k).queue
	if nth(r.prog.queues, qi).overflow.Buries {
		r.deadLetter(k, design.Dropped)
		return
	}
	r.dropOldest(qi)
	r.lineUpAfter(k, wait)
}

// dropOldest makes room in a queue: it drops the copy at the head or, where all
// are delayed, the one that has been delayed for longest.
func (r *Run) dropOldest(qi int32) {
	d, q := nth(r.queues, qi), nth(r.prog.queues, qi)
	h := d.head
	if q.key != 0 || h == none {
		h = r.oldest(qi)
	}
	if h = r.older(h, d); h == none {
		return
	}
	r.detach(h)
	if q.overflow.Evicts {
		r.deadLetter(h, design.Dropped)
		return
	}
	r.countCopy(q.m.c+metric.QueueDropped, r.copies.at(h).published)
	r.endCopy(h, design.Dropped)
}

func (r *Run) observeCopy(kind RecordKind, c *copyRec, arrives int64) {
	s := nth(r.prog.sites, c.site)
	l := nth(r.prog.links, s.fwd)
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(c.op).id, Seq: r.ops.at(c.op).seq, Msg: c.id, Arrives: arrives, Node: l.fromNode, To: l.toNode,
		Queue: c.queue, Handler: none, Sender: r.sender(), Message: PublishMessage, Resend: c.dup,
	})
}
