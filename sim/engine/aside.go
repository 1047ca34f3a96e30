package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// Copies that are set aside: at the limit of its deliveries a queue may keep a copy that
// is never delivered again. It counts as one that waits for the length of the queue and
// the high-water marks of its broker, and goes by its time to live, as the oldest of a
// full queue, with its broker, or by a late acknowledgement that the queue accepts.

// setAside keeps a copy that is in no list, and lets go of its operation: the one that it
// is of from then on has the same draws, and nobody counts it.
func (r *Run) setAside(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	slot := c.op
	r.blame(slot, design.Error)
	if r.obs != nil {
		r.observeCopyEnd(CopySetAside, c, design.OK)
	}
	if q.key != 0 {
		r.leaveKey(k)
	}
	of := r.ops.take()
	o := r.ops.at(slot)
	*r.ops.at(of) = op{id: o.id, seq: o.seq, arrival: o.arrival, load: o.load, user: none, more: none, state: opConfirmed, accepted: true, refs: 1}
	if len(r.logs) > 0 {
		r.notLogged(of)
	}
	r.room(opStore, len(r.ops.items))

	c = r.copies.at(k)
	c.op, c.state = of, copyAside
	d := nth(r.queues, c.queue)
	if d.aside == 0 {
		r.places = append(r.places, places{})
		d.aside = int32(len(r.places))
	}
	r.places[d.aside-1].insert(c.place, k)
	d.delayed++
	r.rec.Up(q.m.l+metric.QueueSetAside, r.now)
	r.willExpire(k, q)
	r.unref(slot)
}

// fromAside takes a copy out of those that are set aside.
func (r *Run) fromAside(k int32) {
	c := r.copies.at(k)
	d := nth(r.queues, c.queue)
	r.places[d.aside-1].remove(c.place)
	d.delayed--
	r.rec.Down(nth(r.prog.queues, c.queue).m.l+metric.QueueSetAside, r.now)
	if d.blockHead != none {
		r.wakeQueue(c.queue)
	}
}

// older is the older of a copy that waits, or none, and of those set aside in a queue.
func (r *Run) older(k int32, d *queueState) int32 {
	if d.aside == 0 {
		return k
	}
	if a := r.places[d.aside-1].first(); k == none || a != none && r.copies.at(a).place < r.copies.at(k).place {
		return a
	}
	return k
}

// allAside appends the copies of a queue that are set aside, in the order of publication.
func (r *Run) allAside(all []int32, qi int32) []int32 {
	if at := nth(r.queues, qi).aside; at != 0 {
		p := &r.places[at-1]
		for _, b := range p.order {
			all = append(all, p.blocks[b].copy[:p.blocks[b].n]...)
		}
	}
	return all
}
