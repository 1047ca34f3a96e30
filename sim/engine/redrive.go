package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Redrive: messages go from a queue of dead letters back to where they came from.
//
//	at ──► those that are there now: the first in line ──1/rate──► the next … ──► none is left
//	└────────────────────────────────── every ──────────────────────────────────────┘
//
// A message that fails again comes back behind those that the redrive moves, so that it
// ends.

// redriveT is when a queue is redriven.
type redriveT struct {
	at, every int64 // 0: never, once
	rate      float64
	to        int32 // none: where each came from
}

func (r *Run) startRedrives() {
	for i := range r.prog.queues {
		if t := &r.prog.queues[i].redrive; t.at > 0 && r.prog.queues[i].part == 0 {
			r.queues[i].redrive = r.list.Push(t.at, kernel.PhaseFault, evGroup, groupTimers*int32(i)+redriveTimer)
		}
	}
}

// redriveAhead reports whether a redrive of a queue will still begin.
func (r *Run) redriveAhead(qi int32) bool {
	t := &nth(r.prog.queues, qi).redrive
	return !r.draining && (t.every > 0 || !nth(r.queues, qi).redriven)
}

// redrives begins a redrive, or goes on with it.
func (r *Run) redrives(qi int32) {
	d, q := &r.queues[qi], &r.prog.queues[qi]
	if d.moving == 0 {
		if r.draining {
			return
		}
		d.moving, d.redriven = r.nextID(), true
	}
	if r.redriveOver(qi) || !r.moveBack(d.head, q) || r.redriveOver(qi) {
		if d.moving = 0; q.redrive.every > 0 {
			next := q.redrive.at + ((r.now-q.redrive.at)/q.redrive.every+1)*q.redrive.every
			d.redrive = r.list.Push(next, kernel.PhaseFault, evGroup, groupTimers*qi+redriveTimer)
		}
		return
	}
	r.queues[qi].redrive = r.list.Push(r.now+max(1, int64(math.Round(1e9/q.redrive.rate))), kernel.PhaseTimer, evGroup, groupTimers*qi+redriveTimer)
}

// redriveOver reports whether nothing is left that a redrive moves.
func (r *Run) redriveOver(qi int32) bool {
	d := nth(r.queues, qi)
	return d.head == none || r.copies.at(d.head).place > d.moving
}

// moveBack moves a message, unless there is no room for it now. It is false where it
// came from nowhere.
func (r *Run) moveBack(k int32, q *queueT) bool {
	c := r.copies.at(k)
	to := q.redrive.to
	if to == none {
		to = c.site - 1
	}
	if to == none {
		return false
	}
	if r.brokers[q.broker].down > 0 || !r.fits(to) {
		return true
	}
	r.countCopy(q.m.c+metric.QueueRedriven, c.published)
	r.unlink(k)
	n, id := r.copies.take(), r.nextID()
	c = r.copies.at(k)
	*r.copies.at(n) = copyRec{
		id: id, occ: draw.Mix(c.occ, 0x4ed), lid: c.lid, published: r.now,
		op: c.op, queue: to, next: none, prev: none, consumer: none, size: c.size, copyBits: copyBits{corrupt: c.corrupt, rank: c.rank, transient: c.transient},
	}
	r.stands(r.copies.at(n), id)
	if r.prog.setters > 0 {
		put(&r.env.copy, n, got(r.env.copy, k))
	}
	r.countCopy(nth(r.prog.queues, to).m.c+metric.QueuePublished, r.now)
	if r.obs != nil {
		r.observeCopyEnd(CopyRedriven, c, design.OK)
	}
	r.ref(c.op)
	r.entersBroker(n)
	r.follows(n)
	r.fades(n, nth(r.prog.queues, to))
	if !r.copies.at(n).transient {
		r.unflushed(nth(r.prog.queues, to).flush)
	}
	r.dropCopy(k)
	r.lineUp(n)
	return true
}
