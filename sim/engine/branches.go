package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Branches of a parallel step: tasks of their own that use the worker of the
// task they belong to.

// cancelling says which of the calls that a task or branch leaves behind are
// cancelled.
type cancelling uint8

const (
	noCalls   cancelling = iota // it crashed
	toldCalls                   // those of branches whose parallel step or call says so
	allCalls
)

// dropBranches ends the branches that still run.
func (r *Run) dropBranches(ti int32, cancel cancelling) {
	for {
		t := r.tasks.at(ti)
		b := t.child
		if b == none {
			return
		}
		t.child = r.tasks.at(b).sibling
		r.abandon(b, cancel)
		r.freeBranch(b)
	}
}

func (r *Run) freeBranch(bi int32) {
	b := r.tasks.at(bi)
	slot := b.op
	b.id, b.timer = 0, 0
	r.tasks.give(bi)
	r.unref(slot)
}

// fork starts the branches of a parallel step. It reports whether the step is
// over already and the task has to go on: the caller goes on with it, because a
// task that called itself here would need a stack as deep as its loops are long.
func (r *Run) fork(ti int32, in *instr) bool {
	n := in.b * in.copies
	t := r.tasks.at(ti)
	t.state = taskBlocked
	if in.op == opGather && t.holding {
		r.release(ti)
		t = r.tasks.at(ti)
	}
	if !t.holding && r.holder(ti) == none {
		t.state = taskAwaiting
	} else {
		r.block(ti, +1)
		t = r.tasks.at(ti)
	}
	t.rare |= rareForking
	t.need, t.live, t.cause = int16(in.n), int16(n), design.Error
	id := t.id
	iter := r.iteration(t, in.slot)
	// All branches are created before the first runs: one that ends
	// immediately must find its siblings.
	first := none
	if r.led != nil {
		r.led.source = *r.taskThread(ti)
	}
	for k := n - 1; k >= 0; k-- {
		bi := r.tasks.take()
		t = r.tasks.at(ti)
		b := task{
			id: r.nextID(), occ: t.occ, lid: t.lid, iter: iter, op: t.op, inst: t.inst, service: t.service,
			handler: t.handler, pc: nth(r.prog.branches, in.a+k%in.b).pc, site: t.site, call: none,
			taskBits: taskBits{began: true}, taskLinks: noLinks, loops: t.loops, arrived: r.now,
		}
		b.parent, b.sibling = ti, first
		if c := k / in.b; c > 0 {
			b.iter = draw.Mix(iter, nth(r.prog.handlers, t.handler).element+uint64(c)+r.nesting(ti)<<40)
		}
		*r.tasks.at(bi) = b
		if r.led != nil {
			r.inherit(r.taskThread(bi))
		}
		r.ref(b.op)
		first = bi
	}
	r.tasks.at(ti).child = first
	r.room(taskStore, len(r.tasks.items))
	for b := first; b != none; {
		bt := r.tasks.at(b)
		next, nextID := bt.sibling, uint64(0)
		if next != none {
			nextID = r.tasks.at(next).id
		}
		r.runTask(b)
		if t = r.tasks.at(ti); t.id != id {
			return false
		}
		if t.rare&rareForking == 0 { // the step is over, without the rest
			return r.proceed(ti, t.cause)
		}
		if next == none || r.tasks.at(next).id != nextID {
			break
		}
		b = next
	}
	r.tasks.at(ti).rare &^= rareForking
	return false
}

// nesting counts the parallel steps around a fork of this task, the fork included.
func (r *Run) nesting(ti int32) (n uint64) {
	for ; ti != none; ti = r.tasks.at(ti).parent {
		n++
	}
	return n
}

// join ends a branch, and the parallel step when no more branches are needed.
func (r *Run) join(bi int32, cause design.Cause) {
	b := r.tasks.at(bi)
	ti := b.parent
	last := thread{}
	if r.led != nil {
		last = *r.taskThread(bi)
	}
	r.dropBranches(bi, toldCalls)
	t := r.tasks.at(ti)
	// out of the parent's list
	p := &t.child
	for *p != bi {
		p = &r.tasks.at(*p).sibling
	}
	*p = b.sibling
	t.live--
	if cause == design.OK {
		t.need--
	} else {
		t.cause = cause
	}
	done, failed := t.need <= 0, t.live < t.need
	r.freeBranch(bi)
	if !done && !failed {
		return
	}
	r.dropBranches(ti, toldCalls)
	if r.led != nil {
		*r.taskThread(ti) = last
	}
	t = r.tasks.at(ti)
	if done {
		t.cause = design.OK
	}
	if t.rare&rareForking != 0 {
		t.rare &^= rareForking // fork goes on with it
		return
	}
	r.resume(ti, t.cause)
}
