package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// A keyed queue has at most one copy of a key under way: in line, held by a consumer,
// or waiting for its redelivery. The others of the key wait behind it, in the order of
// publication, and come into the line, at their original place, one by one as it ends.

// keyTable holds the keys of all keyed queues that have a copy: a hash table with
// chains in a slab.
type keyTable struct {
	heads []int32
	slab  slab[keyRec]
}

type keyRec struct {
	key        uint64
	queue      int32
	active     int32 // the copy that is under way
	head, tail int32 // of those behind it
	next       int32 // in the bucket
	latest     int32 // the copy published last, and its place
	place      uint64
	done       uint64 // the greatest place of those done
}

func (t *keyTable) bucket(key uint64, queue int32) *int32 {
	return &t.heads[draw.Mix(key, uint64(queue))&uint64(len(t.heads)-1)]
}

// find returns the record of a key of a queue, or none.
func (t *keyTable) find(key uint64, queue int32) int32 {
	if len(t.heads) == 0 {
		return none
	}
	i := *t.bucket(key, queue)
	for i != none {
		k := t.slab.at(i)
		if k.key == key && k.queue == queue {
			break
		}
		i = k.next
	}
	return i
}

func (t *keyTable) add(key uint64, queue, active int32, place uint64) {
	if t.slab.live() >= len(t.heads) {
		t.grow()
	}
	i, b := t.slab.take(), t.bucket(key, queue)
	*t.slab.at(i) = keyRec{key: key, queue: queue, active: active, head: none, tail: none, next: *b, latest: active, place: place}
	*b = i
}

func (t *keyTable) remove(i int32) {
	k := t.slab.at(i)
	at := t.bucket(k.key, k.queue)
	for *at != i {
		at = &t.slab.at(*at).next
	}
	*at = k.next
	*k = keyRec{active: none, head: none}
	t.slab.give(i)
}

// grow doubles the number of buckets.
func (t *keyTable) grow() {
	old := t.heads
	t.heads = make([]int32, max(16, 2*len(old)))
	for i := range t.heads {
		t.heads[i] = none
	}
	for _, i := range old {
		for i != none {
			k := t.slab.at(i)
			b := t.bucket(k.key, k.queue)
			i, k.next, *b = k.next, *b, i
		}
	}
}

// lineUp puts a copy that is new in its queue into the line, or behind that of its key.
func (r *Run) lineUp(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	if q.key == 0 {
		r.enqueue(k, design.RequeueTail)
		return
	}
	key := r.keyOf(c.op, got(r.env.copy, k), q.key)
	i := r.byKey.find(key, c.queue)
	if i == none {
		r.byKey.add(key, c.queue, k, c.place)
		r.enqueue(k, design.RequeueTail)
		return
	}
	e := r.byKey.slab.at(i)
	c.state, c.since = copyBehind, r.now
	if c.prev, c.next = e.tail, none; e.tail == none {
		e.head = k
	} else {
		r.copies.at(e.tail).next = k
	}
	e.tail = k
	c.before, c.prior = e.latest, e.place
	e.latest, e.place = k, c.place
	r.deepen(c.queue)
}

// keyRecord finds the record of an operation's key in a keyed queue; nil if there is
// none.
func (r *Run) keyRecord(op, envelope, qi int32) *keyRec {
	i := r.byKey.find(r.keyOf(op, envelope, nth(r.prog.queues, qi).key), qi)
	if i == none {
		return nil
	}
	return r.byKey.slab.at(i)
}

// outOfBehind takes a copy out of those behind the one of its key.
func (r *Run) outOfBehind(k int32) {
	c := r.copies.at(k)
	e := r.keyRecord(c.op, got(r.env.copy, k), c.queue)
	if c.prev == none {
		e.head = c.next
	} else {
		r.copies.at(c.prev).next = c.next
	}
	if c.next == none {
		e.tail = c.prev
	} else {
		r.copies.at(c.next).prev = c.prev
	}
	c.prev, c.next = none, none
	r.shallow(c.queue)
}

// leaveKey lets the next of a key into the line when the copy under way ends.
func (r *Run) leaveKey(k int32) {
	c := r.copies.at(k)
	i := r.byKey.find(r.keyOf(c.op, got(r.env.copy, k), nth(r.prog.queues, c.queue).key), c.queue)
	if i == none || r.byKey.slab.at(i).active != k {
		return // it never came into the queue, or waited behind another
	}
	e := r.byKey.slab.at(i)
	next := e.head
	if next == none {
		r.byKey.remove(i)
		return
	}
	r.outOfBehind(next)
	e.active = next
	r.enqueue(next, design.RequeueOriginal)
}

// allBehind appends the copies of a queue that wait behind another of their key.
func (r *Run) allBehind(all []int32, qi int32) []int32 {
	if nth(r.prog.queues, qi).key == 0 {
		return all
	}
	for i := range r.byKey.slab.items {
		if e := &r.byKey.slab.items[i]; e.active != none && e.queue == qi {
			all = r.along(all, e.head)
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
