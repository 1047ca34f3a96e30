package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// Dead letters, and how copies end.

// deadLetter ends a copy and puts a new one into the dead-letter queue, or
// drops it where the queue has none.
func (r *Run) deadLetter(k int32, why design.Cause) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	to := q.deadLetter
	if to == none {
		r.countCopy(q.m.c+metric.QueueDropped, c.published)
		r.endCopy(k, design.Dropped)
		return
	}
	r.countCopy(q.m.c+metric.QueueDeadLettered, c.published)
	r.blame(c.op, design.DeadLettered)
	n, id := r.copies.take(), r.nextID()
	c = r.copies.at(k)
	*r.copies.at(n) = copyRec{
		id: id, occ: draw.Mix(c.occ, 0xdead), lid: c.lid, published: r.now,
		op: c.op, queue: to, next: none, prev: none, consumer: none, size: c.size, site: c.queue + 1,
		copyBits: copyBits{corrupt: c.corrupt, rank: c.rank, parked: r.final(to)},
	}
	r.stands(r.copies.at(n), id)
	if r.prog.setters > 0 {
		put(&r.env.copy, n, got(r.env.copy, k))
	}
	r.countCopy(nth(r.prog.queues, to).m.c+metric.QueuePublished, r.now)
	if r.obs != nil {
		r.observeCopyEnd(CopyDeadLettered, c, why)
	}
	if r.copies.at(n).parked {
		r.park(n)
	} else {
		r.ref(c.op)
		r.entersBroker(n)
		r.follows(n)
		if r.fades(n, nth(r.prog.queues, to)); !r.copies.at(n).transient {
			r.unflushed(nth(r.prog.queues, to).flush)
		}
		if !r.fits(to) {
			r.dropOldest(to) // whatever its overflow policy for published messages
		}
		r.lineUpAfter(n, nth(r.prog.queues, to).delay)
	}
	r.dropCopy(k)
}

// final reports whether the copies in a queue lead to no other message: no service reads
// it, not even one without workers, which may get some, and expired copies do not go to a dead-letter queue (as they do in a
// queue for delayed retries).
func (r *Run) final(qi int32) bool {
	q := nth(r.prog.queues, qi)
	return q.readers == 0 && (q.ttl == 0 || q.deadLetter == none) && (q.redrive.at == 0 || !r.redriveAhead(qi))
}

// park counts n copies into a dead-letter queue that nobody reads. They are only
// counted, not stored: the store would grow with the length of the run, and
// nothing would ever read it.
func (r *Run) park(n int32) {
	qi := r.copies.at(n).queue
	d := nth(r.queues, qi)
	q := nth(r.prog.queues, qi)
	r.copies.at(n).id = 0
	r.copies.give(n)
	if d.depth >= q.max {
		r.countCopy(q.m.c+metric.QueueDropped, r.now)
		return
	}
	d.depth++
	r.rec.Up(q.m.l+metric.QueueDepth, r.now)
	if d.depth > d.peak {
		d.peak, d.peakAt, d.drained = d.depth, r.now, -1
	}
}

// endCopy ends a copy that was not handled, with its cause.
func (r *Run) endCopy(k int32, cause design.Cause) {
	c := r.copies.at(k)
	r.blame(c.op, cause)
	if r.obs != nil {
		r.observeCopyEnd(CopyEnded, c, cause)
	}
	r.dropCopy(k)
}

func (r *Run) dropCopy(k int32) {
	c := r.copies.at(k)
	slot := c.op
	if q := nth(r.prog.queues, c.queue); q.key != 0 {
		r.leaveKey(k)
		c = r.copies.at(k)
	} else if q.part > 0 {
		r.leftLog(k)
		c = r.copies.at(k)
	}
	if len(r.flow) > 0 {
		r.leavesBroker(c)
	}
	c.id = 0
	c.timer = 0
	if r.prog.mortal && int(k) < len(r.deaths) {
		*nth(r.deaths, k) = 0
	}
	r.copies.give(k)
	r.unref(slot)
}
