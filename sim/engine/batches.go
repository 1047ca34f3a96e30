package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Batches: handlers that take several messages at once. Deliveries wait at their
// consumer until it is done with the batch before and has enough, or the first of them
// has lingered for long enough. The batch is the task of its first message; those of the
// others hang on it (sibling), take no step of their own, and end as it ends.
//
//	deliveries ──► head … tail ──► batch: first ─► other ─► other
//	               lingers           │ one task: its steps, its worker
//	                                 └► each is acknowledged, or returned
//
// A member of a group takes batches of what it has of its partitions, each in order. One
// that fails is tried again by the same member, which begins no other until then.

// collect lets a delivery wait for its batch.
func (r *Run) collect(ti int32) {
	t := r.tasks.at(ti)
	ci := t.consumer
	f := nth(r.fetchers, ci)
	t.since, t.next = r.now, none
	switch log := nth(r.consumers, ci).log; {
	case log && t.resend:
		r.collectAgain(f, ti, t)
	case f.tail == none:
		f.head, f.tail = ti, ti
	default:
		r.tasks.at(f.tail).next = ti
		f.tail = ti
	}
	if f.n++; f.busy == 0 {
		r.goFetch(ci)
	}
}

// collectAgain puts a delivery that is not the first of its copy before those that were
// published later: of its partition, it is the next.
func (r *Run) collectAgain(f *fetcher, ti int32, t *task) {
	before := none
	if f.again != none && r.tasks.at(f.again).place <= t.place {
		before = f.again
	}
	next := f.head
	if before != none {
		next = r.tasks.at(before).next
	}
	for next != none && r.tasks.at(next).place <= t.place {
		before, next = next, r.tasks.at(next).next
	}
	if t.next = next; next == none {
		f.tail = ti
	}
	if f.again = ti; before == none {
		f.head = ti
	} else {
		r.tasks.at(before).next = ti
	}
}

// dropCollected drops the deliveries of a partition that wait at its owner for a batch.
func (r *Run) dropCollected(ci, queue int32) {
	f := nth(r.fetchers, ci)
	drop, last := none, none
	ti := f.head
	f.head, f.tail, f.again, f.n = none, none, none, 0
	for ti != none {
		t := r.tasks.at(ti)
		next := t.next
		t.next = none
		switch c := r.copies.at(t.copy); {
		case c.id != t.fromID || c.queue == queue:
			if last == none {
				drop = ti
			} else {
				r.tasks.at(last).next = ti
			}
			last = ti
		case f.tail == none:
			f.head, f.tail, f.n = ti, ti, 1
		default:
			r.tasks.at(f.tail).next = ti
			f.tail = ti
			f.n++
		}
		ti = next
	}
	for drop != none {
		ti, drop = drop, r.tasks.at(drop).next
		r.tasks.at(ti).next = none
		r.dropWaiting(ti)
	}
}

// fill begins a batch that is full or has lingered, or lets it linger.
func (r *Run) fill(ci int32) {
	f := nth(r.fetchers, ci)
	u := &nth(r.prog.consumes, nth(r.consumers, ci).consume).fetch
	due := r.tasks.at(f.head).since + u.linger
	switch {
	case f.n >= u.batch, u.pull, r.now >= due:
		if !u.pull {
			r.cancel(&f.timer)
		}
		r.beginBatch(ci, u)
	case f.timer == 0:
		f.timer = r.list.Push(due, kernel.PhaseTimer, evFetch, 2*ci)
		if r.led != nil { // from now on it is the batch that they wait for
			r.led.lingers[ci] = true
			for ti := f.head; ti != none; ti = r.tasks.at(ti).next {
				r.spendTask(ti, SpentWorker, spot(atService, r.tasks.at(ti).service))
			}
		}
		fallthrough
	default:
		if nth(r.consumers, ci).log {
			r.poll(ci) // it takes more while it waits
		}
	}
}

// beginBatch begins a batch of the messages that have waited longest.
func (r *Run) beginBatch(ci int32, u *fetchT) {
	f := nth(r.fetchers, ci)
	first, last, n := f.head, none, int32(0)
	spoilt := false
	f.again = none
	waitedFor := SpentWorker
	if r.led != nil && r.led.lingers[ci] {
		waitedFor = SpentBatch
		delete(r.led.lingers, ci)
	}
	for n < u.batch && f.head != none {
		ti := f.head
		t := r.tasks.at(ti)
		f.head, t.next = t.next, none
		if last != none {
			r.tasks.at(last).sibling = ti
		}
		last = ti
		n++
		spoilt = spoilt || t.corrupt
		r.rec.Observe(u.m.h+metric.ConsumerBatchWait, r.now-t.since)
		if r.led != nil {
			r.spendTask(ti, waitedFor, spot(atService, t.service))
		}
	}
	if f.n -= n; f.head == none {
		f.tail = none
	}
	f.busy = 1
	r.rec.Inc(u.m.c + metric.ConsumerBatches)
	r.rec.Add(u.m.c+metric.ConsumerBatched, uint64(n))
	t := r.tasks.at(first)
	t.corrupt = spoilt
	r.admit(first, t, nth(r.prog.services, t.service), nth(r.instances, t.inst))
}

// batchOf is how many messages the task of a step handles.
func (r *Run) batchOf(ti int32) (n int32) {
	t := r.tasks.at(r.root(ti))
	if n = 1; t.copy != none {
		for ri := t.sibling; ri != none; ri = r.tasks.at(ri).sibling {
			n++
		}
	}
	return n
}

// othersStart counts the other messages of a batch whose handler has begun for them
// before.
func (r *Run) othersStart(t *task) {
	for ri := t.sibling; ri != none; {
		o := r.tasks.at(ri)
		if p := r.ops.at(o.op); !p.begins(t.handler, o.lid) && !r.visit(p, o.op, t.handler, o.lid) {
			r.rec.Inc(nth(r.prog.services, t.service).m.c + metric.ServiceDuplicates)
		}
		ri = o.sibling
	}
}

// othersDone notes the order and the first completions of the other messages of a batch,
// or blames its failure on each, before they are settled.
func (r *Run) othersDone(t *task, cause design.Cause) {
	for ri := t.sibling; ri != none; {
		o := r.tasks.at(ri)
		if cause != design.OK {
			r.blame(o.op, cause)
		} else if o.began = r.completedFirst(r.ops.at(o.op), o.op, o.handler, o.lid); o.began {
			r.inOrder(ri, o)
		}
		ri = o.sibling
	}
}

// confirmOthers confirms the operations of the other messages of a batch that has ended
// well.
func (r *Run) confirmOthers(ti int32) {
	for ri := r.tasks.at(ti).sibling; ri != none; {
		o := r.tasks.at(ri)
		slot, handler, first := o.op, o.handler, o.began
		if r.led != nil {
			r.spendTask(ri, SpentWork, spot(atService, o.service))
			r.led.source = *r.taskThread(ri)
		}
		if ri = o.sibling; first && len(nth(r.prog.loads, r.ops.at(slot).load).confirm) > 0 {
			r.confirm(slot, handler)
		}
	}
}

// doneFetched gives back the records of the other messages of a batch, and lets the
// consumer of a task go on.
func (r *Run) doneFetched(t *task) {
	ci := t.consumer
	auto := nth(r.prog.consumes, t.consume).auto
	for ri := t.sibling; ri != none; {
		o := r.tasks.at(ri)
		next := o.sibling
		if o.sibling = none; auto && !o.dup {
			r.giveCredit(o.consumer, o.epoch)
		}
		r.dropTask(ri)
		ri = next
	}
	t.sibling = none
	r.oneDone(ci)
}
