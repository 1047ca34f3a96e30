package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// A keyed queue has at most one copy of a key under way: in line, held by a consumer,
// or waiting for its redelivery. The others of the key wait behind it, in the order of
// publication, and come into the line, at their original place, one by one as it ends.

// The words of a row of byKey, the table of all keys of keyed queues that have a copy.
const (
	keyQueue  = iota // the queue
	keyActive        // the copy that is under way
	keyHead          // of those behind it
	keyTail
	keyLatest // the copy published last, and its place
	keyPlace
	keyDone // the greatest place of those done
	keyWords
)

// keyRow is the row of a key in a queue, or none. For one queue the keys of the table
// are a permutation of its own; those of two queues hardly ever meet in 64 bits.
func (r *Run) keyRow(key uint64, qi int32) int32 { return r.byKey.Find(draw.Mix(key, uint64(qi))) }

// lineUp puts a copy that is new in its queue into the line, or behind that of its key.
func (r *Run) lineUp(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	if q.key == 0 {
		r.enqueue(k, design.RequeueTail)
		return
	}
	key := r.keyOf(c.op, got(r.env.copy, k), q.key)
	row, added := r.byKey.Add(draw.Mix(key, uint64(c.queue)))
	e := r.byKey.Words(row)
	if added {
		e[keyQueue], e[keyActive], e[keyHead], e[keyTail] = int64(c.queue), int64(k), int64(none), int64(none)
		e[keyLatest], e[keyPlace] = int64(k), int64(c.place)
		r.enqueue(k, design.RequeueTail)
		return
	}
	c.state, c.since = copyBehind, r.now
	if d := nth(r.queues, c.queue); d.elders != none {
		r.places[d.elders].insert(c.place, k)
	}
	if c.prev, c.next = int32(e[keyTail]), none; c.prev == none {
		e[keyHead] = int64(k)
	} else {
		r.copies.at(c.prev).next = k
	}
	c.before, c.prior = int32(e[keyLatest]), uint64(e[keyPlace])
	e[keyTail], e[keyLatest], e[keyPlace] = int64(k), int64(k), int64(c.place)
	r.deepen(c.queue)
	if q.expire != design.ExpireHead {
		r.willExpire(k, q)
	}
}

// keyRecord finds the words of an operation's key in a keyed queue; nil if there are
// none.
func (r *Run) keyRecord(op, envelope, qi int32) []int64 {
	row := r.keyRow(r.keyOf(op, envelope, nth(r.prog.queues, qi).key), qi)
	if row == none {
		return nil
	}
	return r.byKey.Words(row)
}

// outOfBehind takes a copy out of those behind the one of its key.
func (r *Run) outOfBehind(k int32) {
	c := r.copies.at(k)
	if c.timer != 0 { // it could expire where it stood
		r.cancel(&c.timer)
	}
	e := r.keyRecord(c.op, got(r.env.copy, k), c.queue)
	if c.prev == none {
		e[keyHead] = int64(c.next)
	} else {
		r.copies.at(c.prev).next = c.next
	}
	if c.next == none {
		e[keyTail] = int64(c.prev)
	} else {
		r.copies.at(c.next).prev = c.prev
	}
	c.prev, c.next = none, none
	if d := nth(r.queues, c.queue); d.elders != none {
		r.places[d.elders].remove(c.place)
	}
	r.shallow(c.queue)
}

// leaveKey lets the next of a key into the line when the copy under way ends.
func (r *Run) leaveKey(k int32) {
	c := r.copies.at(k)
	row := r.keyRow(r.keyOf(c.op, got(r.env.copy, k), nth(r.prog.queues, c.queue).key), c.queue)
	if row == none {
		return // it never came into the queue
	}
	e := r.byKey.Words(row)
	if e[keyActive] != int64(k) {
		return // it waited behind another
	}
	next := int32(e[keyHead])
	if next == none {
		r.byKey.Remove(row)
		return
	}
	r.outOfBehind(next)
	e[keyActive] = int64(next)
	r.enqueue(next, design.RequeueOriginal)
}

// allBehind appends the copies of a queue that wait behind another of their key.
func (r *Run) allBehind(all []int32, qi int32) []int32 {
	if nth(r.prog.queues, qi).key == 0 {
		return all
	}
	for row := r.byKey.First(); row != none; row = r.byKey.Next(row) {
		if e := r.byKey.Words(row); e[keyQueue] == int64(qi) {
			all = r.along(all, int32(e[keyHead]))
		}
	}
	return all
}

// deepen counts one more waiting copy of a queue.
func (r *Run) deepen(qi int32) {
	qi = r.whole(qi)
	d := nth(r.queues, qi)
	d.depth++
	r.rec.Up(nth(r.prog.queues, qi).m.l+metric.QueueDepth, r.now)
	if d.depth > d.peak {
		d.peak, d.peakAt, d.drained = d.depth, r.now, -1
	}
}

// shallow counts one less: there is room for a publisher that is blocked.
func (r *Run) shallow(qi int32) {
	qi = r.whole(qi)
	d := nth(r.queues, qi)
	d.depth--
	r.rec.Down(nth(r.prog.queues, qi).m.l+metric.QueueDepth, r.now)
	if d.depth == 0 && d.peak > 0 && d.drained < 0 {
		d.drained = r.now - d.peakAt
	}
	if d.blockHead != none {
		r.wakeQueue(qi)
	}
}

// whole is the queue that counts what waits in a queue: of a partition, its
// subscription.
func (r *Run) whole(qi int32) int32 {
	if part := nth(r.prog.queues, qi).part; part > 0 {
		return r.prog.groups[r.prog.partitions[part-1].group].queue
	}
	return qi
}
