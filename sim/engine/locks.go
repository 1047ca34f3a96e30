package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Locks of rows, and those who wait at stores.

// lock does a lock step. It reports false where the task does not go on: it waits, or
// has ended.
func (r *Run) lock(ti int32, t *task, in *instr) bool {
	st, ci, c, key := r.stored(ti, t, in.a)
	kind, holder := int64(ofTask), int64(r.tasks.at(r.root(ti)).id)
	if in.requeue {
		kind, holder = ofOperation, int64(r.ops.at(t.op).id)
	}
	row, added := c.locks.Add(key)
	words := c.locks.Words(row)
	switch {
	case added:
		r.rec.Observe(st.m.h+metric.StoreLockWait, 0)
		r.give(st, ci, c, row, kind, holder, r.root(ti))
	case words[lockKind] == kind && words[lockHolder] == holder: // it has it
	case in.salt == 0:
		r.rec.Inc(st.m.c + metric.StoreUnlocked)
		return r.proceed(ti, r.prog.noCapacity)
	default:
		t.state = taskBlocked
		r.block(ti, +1)
		patience := int64(in.salt)
		if patience == never {
			patience = 0
		}
		w := r.waitAt(forLock, ti, ci, key, patience)
		words = c.locks.Words(row)
		r.linkWait(w, &words[lockLine], &words[lockLineEnd])
		r.level(st.m.l+metric.StoreWaiting, 1)
		return false
	}
	t.pc++
	return true
}

// give hands a lock that nobody holds to a holder.
func (r *Run) give(st *storeT, ci int32, c *storeCell, row int32, kind, holder int64, root int32) {
	words := c.locks.Words(row)
	words[lockKind], words[lockHolder] = kind, holder
	r.rec.Inc(st.m.c + metric.StoreLocks)
	r.level(st.m.l+metric.StoreLocked, 1)
	if kind == ofTask {
		words[lockTask] = int64(root)
		if int(root) < len(r.store.held) {
			words[lockNext] = r.store.held[root]
		}
		put64(&r.store.held, root, lockAt(ci, row))
	} else if st.lease > 0 && st.lease < never {
		r.startLease(st, ci, c, row)
	}
}

// startLease frees a lock later.
func (r *Run) startLease(st *storeT, ci int32, c *storeCell, row int32) {
	w := r.waitAt(leaseEnd, none, ci, c.locks.Key(row), st.lease)
	c.locks.Words(row)[lockLease] = int64(w) + 1
}

// unlock does an unlock step.
func (r *Run) unlock(ti int32, t *task, in *instr) {
	_, ci, c, key := r.stored(ti, t, in.a)
	row := c.locks.Find(key)
	if row == kernel.NoRow {
		return
	}
	switch words := c.locks.Words(row); {
	case words[lockKind] == ofTask && words[lockHolder] == int64(r.tasks.at(r.root(ti)).id):
		at := &r.store.held[r.root(ti)] // out of the list of its task
		for *at != lockAt(ci, row) {
			cell := int32(*at >> 32)
			at = &r.store.cells[cell].locks.Words(int32(*at&(1<<32-1)) - 1)[lockNext]
		}
		*at = words[lockNext]
	case words[lockKind] == ofOperation && words[lockHolder] == int64(r.ops.at(t.op).id):
	default:
		return // it is not its own
	}
	r.freeLock(ci, row)
}

// freeLock gives a lock to the next in line, or removes it.
func (r *Run) freeLock(ci, row int32) {
	c := nth(r.store.cells, ci)
	st := nth(r.prog.stores, c.store)
	words := c.locks.Words(row)
	r.level(st.m.l+metric.StoreLocked, -1)
	if w := int32(words[lockLease]) - 1; w >= 0 {
		r.cancel(&r.store.waits.at(w).timer)
		r.store.waits.give(w)
	}
	words[lockLease], words[lockNext], words[lockKind] = 0, 0, 0
	w := int32(words[lockLine]) - 1
	if w < 0 {
		c.locks.Remove(row)
		return
	}
	ti := r.store.waits.at(w).task
	t := r.tasks.at(ti)
	kind, holder := int64(ofTask), int64(r.tasks.at(r.root(ti)).id)
	if nth(r.prog.code, t.pc).requeue {
		kind, holder = ofOperation, int64(r.ops.at(t.op).id)
	}
	r.leaveStore(ti)
	r.give(st, ci, c, row, kind, holder, r.root(ti))
	r.ready.push(t.id, readyWord(ti, 0, design.OK, readyStore))
}

// releaseLocks frees what a task holds when it ends; crashed: after the lease, if it has
// one.
func (r *Run) releaseLocks(ti int32, crashed bool) {
	if int(ti) >= len(r.store.held) {
		return
	}
	at := r.store.held[ti]
	r.store.held[ti] = 0
	for at != 0 {
		ci, row := int32(at>>32), int32(at&(1<<32-1))-1
		c := nth(r.store.cells, ci)
		st := nth(r.prog.stores, c.store)
		words := c.locks.Words(row)
		at = words[lockNext]
		words[lockNext] = 0
		if !crashed || st.lease == 0 {
			r.freeLock(ci, row)
			continue
		}
		words[lockKind] = ofNobody
		if st.lease < never {
			r.startLease(st, ci, c, row)
		}
	}
}

// waitAt makes a record of a task that waits at a cell, at most for its patience.
func (r *Run) waitAt(kind waitKind, ti, ci int32, key uint64, patience int64) int32 {
	w := r.store.waits.take()
	r.room(waitStore, len(r.store.waits.items))
	k := r.store.waits.at(w)
	*k = storeWait{kind: kind, task: ti, cell: ci, key: key, since: r.now, next: none, prev: none}
	if patience > 0 {
		k.until = r.now + patience
		k.timer = r.list.Push(k.until, kernel.PhaseTimer, evStore, w)
	}
	if ti != none {
		put(&r.store.waiting, ti, w+1)
	}
	if c := nth(r.store.cells, ci); kind == forSlot {
		k.prev = c.line.tail
		if c.line.tail == none {
			c.line.head = w
		} else {
			r.store.waits.at(c.line.tail).next = w
		}
		c.line.tail = w
	}
	return w
}

// linkWait puts a waiter behind the others of its row.
func (r *Run) linkWait(w int32, first, last *int64) {
	if *last == 0 {
		*first = int64(w) + 1
	} else {
		r.store.waits.at(w).prev = int32(*last) - 1
		r.store.waits.at(int32(*last) - 1).next = w
	}
	*last = int64(w) + 1
}

// leaveStore ends the wait of a task at a store.
func (r *Run) leaveStore(ti int32) {
	w := r.store.waiting[ti] - 1
	r.store.waiting[ti] = 0
	k := r.store.waits.at(w)
	c := nth(r.store.cells, k.cell)
	st := nth(r.prog.stores, c.store)
	r.cancel(&k.timer)
	if k.prev != none {
		r.store.waits.at(k.prev).next = k.next
	}
	if k.next != none {
		r.store.waits.at(k.next).prev = k.prev
	}
	if r.led != nil {
		r.spendTask(ti, [...]Spent{forSlot: SpentStore, forLock: SpentLock, forState: SpentParked}[k.kind], spot(atService, r.tasks.at(ti).service))
	}
	switch k.kind {
	case forSlot:
		if k.prev == none {
			c.line.head = k.next
		}
		if k.next == none {
			c.line.tail = k.prev
		}
	case forLock:
		words := c.locks.Words(c.locks.Find(k.key))
		leaveLine(k, &words[lockLine], &words[lockLineEnd])
		r.level(st.m.l+metric.StoreWaiting, -1)
		r.rec.Observe(st.m.h+metric.StoreLockWait, r.now-k.since)
	case forState:
		row := c.park.Find(k.key)
		words := c.park.Words(row)
		leaveLine(k, &words[0], &words[1])
		if words[0] == 0 {
			c.park.Remove(row)
		}
		c.parked--
		r.level(st.m.l+metric.StoreParking, -1)
		r.rec.Observe(st.m.h+metric.StoreParkWait, r.now-k.since)
	}
	r.store.waits.give(w)
}

func leaveLine(k *storeWait, first, last *int64) {
	if k.prev == none {
		*first = int64(k.next) + 1
	}
	if k.next == none {
		*last = int64(k.prev) + 1
	}
}

// leaveStores takes a task that is given up away from the store at which it waits or
// which it accesses.
func (r *Run) leaveStores(ti int32) {
	t := r.tasks.at(ti)
	if got(r.store.waiting, ti) != 0 {
		r.leaveStore(ti)
	} else if in := nth(r.prog.code, t.pc); in.op == opAccess && t.state == taskBlocked {
		r.cancel(&t.timer)
		r.freeSlot(r.cellOf(nth(r.prog.stores, in.a), t.inst))
	}
}

// storeTimer is the end of a patience or of a lease.
func (r *Run) storeTimer(w int32) {
	k := r.store.waits.at(w)
	k.timer = 0
	st := nth(r.prog.stores, nth(r.store.cells, k.cell).store)
	if k.kind == leaseEnd {
		r.note(evStore, st.element, none, k.key)
		c := nth(r.store.cells, k.cell)
		r.freeLock(k.cell, c.locks.Find(k.key))
		return
	}
	t := r.tasks.at(k.task)
	r.note(evStore, st.element, t.op, t.occ)
	if k.kind == forState && k.called {
		return // it is about to look again
	}
	ti, cause := k.task, design.Expired
	if k.kind == forLock {
		r.rec.Inc(st.m.c + metric.StoreUnlocked)
		cause = r.prog.noCapacity
	} else {
		r.rec.Inc(st.m.c + metric.StoreRefused)
	}
	r.leaveStore(ti)
	r.storeGo(ti, t.id, cause)
}

// storeGo goes on with a task whose wait at a store is over: it has its lock, may look
// again at its row, or has lost its patience.
func (r *Run) storeGo(ti int32, id uint64, cause design.Cause) {
	t := r.tasks.at(ti)
	switch {
	case t.id != id:
	case r.holds(ti):
		r.hold(ti, id, ti, 0, cause, readyStore)
	case cause == design.OK && nth(r.prog.code, t.pc).op == opSet:
		if t.state == taskAwaiting && got(r.store.waiting, ti) != 0 {
			t.state = taskRunning
			r.runTask(ti)
		}
	case r.proceed(ti, cause):
		r.runTask(ti)
	}
}

// forgetStores empties the stores in the memory of an instance that has crashed.
func (r *Run) forgetStores(ii int32) {
	service := nth(r.instances, ii).service
	for i := range r.prog.stores {
		st := &r.prog.stores[i]
		if st.service != service || !st.volatile {
			continue
		}
		c := nth(r.store.cells, r.cellOf(st, ii))
		for row := c.rows.First(); row != kernel.NoRow; row = c.rows.Next(row) {
			r.uncount(st, c.rows.Words(row))
			r.rec.Inc(st.m.c + metric.StoreLost)
		}
		c.rows.Clear()
		for row := c.locks.First(); row != kernel.NoRow; row = c.locks.First() {
			r.freeLock(r.cellOf(st, ii), row)
		}
	}
}
