package engine

import "asynclab/sim/draw"

// The visits of an operation are its logical messages whose handler has begun;
// they identify duplicates. The first few are stored in the operation itself:
// most operations have no more.

const inlineVisits = 4

type firstVisit struct {
	lid       uint64
	handler   int32
	completed bool
}

// visited records that a handler has begun for a message, and reports whether
// it is the first time.
func (r *Run) visited(o *op, slot, handler int32, lid uint64) bool {
	// One bit of 64 tells of most newcomers that they are new (Bloom 1970).
	bit := uint64(1) << ((lid ^ uint64(handler)*0x9e3779b97f4a7c15) >> 58)
	if o.seen&bit != 0 {
		for i := range o.first[:o.visits] {
			if v := &o.first[i]; v.lid == lid && v.handler == handler {
				return false
			}
		}
	}
	o.seen |= bit
	if o.visits < inlineVisits {
		o.first[o.visits] = firstVisit{lid: lid, handler: handler}
		o.visits++
		return true
	}
	first := r.visits.add(slot, handler, lid, &o.more)
	r.room(visitStore, len(r.visits.slab.items))
	return first
}

// completedFirst records that the handler of a visited message has completed,
// and reports whether it is the first time.
func (r *Run) completedFirst(o *op, slot, handler int32, lid uint64) bool {
	for i := o.visits - 1; i >= 0; i-- { // mostly the last one
		if v := &o.first[i]; v.lid == lid && v.handler == handler {
			was := v.completed
			v.completed = true
			return !was
		}
	}
	i := r.visits.find(slot, handler, lid)
	if i == none {
		return false
	}
	v := r.visits.slab.at(i)
	was := v.completed
	v.completed = true
	return !was
}

// visitTable holds the visits beyond the first: a hash table with chains in a
// slab, emptied operation by operation.
type visitTable struct {
	heads []int32
	slab  slab[visit]
}

type visit struct {
	lid       uint64
	op        int32
	handler   int32
	next      int32 // in the bucket
	more      int32 // of the same operation
	completed bool
}

// bytes is the size of the visits that are remembered.
func (t *visitTable) bytes() int { return t.slab.bytes(t.slab.live()) + sizeOf(t.heads) }

// bucket is the head of the chain that a visit belongs to.
func (t *visitTable) bucket(op, handler int32, lid uint64) *int32 {
	h := draw.Mix(lid, uint64(uint32(op))<<32|uint64(uint32(handler)))
	return &t.heads[h&uint64(len(t.heads)-1)]
}

// find returns the visit, or none.
func (t *visitTable) find(op, handler int32, lid uint64) int32 {
	if len(t.heads) == 0 {
		return none
	}
	i := *t.bucket(op, handler, lid)
	for i != none {
		v := t.slab.at(i)
		if v.lid == lid && v.op == op && v.handler == handler {
			break
		}
		i = v.next
	}
	return i
}

// add records a visit and reports whether it is the first.
func (t *visitTable) add(op, handler int32, lid uint64, head *int32) bool {
	if t.slab.live() >= len(t.heads) {
		t.grow()
	}
	if t.find(op, handler, lid) != none {
		return false
	}
	b := t.bucket(op, handler, lid)
	i := t.slab.take()
	*t.slab.at(i) = visit{lid: lid, op: op, handler: handler, next: *b, more: *head}
	*b, *head = i, i
	return true
}

// forget removes all visits of an operation.
func (t *visitTable) forget(head int32) {
	for head != none {
		v := *t.slab.at(head)
		p := t.bucket(v.op, v.handler, v.lid)
		for *p != head {
			p = &t.slab.at(*p).next
		}
		*p = v.next
		t.slab.give(head)
		head = v.more
	}
}

func (t *visitTable) grow() {
	old := t.heads
	t.heads = make([]int32, max(64, 2*len(old)))
	for i := range t.heads {
		t.heads[i] = none
	}
	for _, i := range old {
		for i != none {
			v := t.slab.at(i)
			next := v.next
			b := t.bucket(v.op, v.handler, v.lid)
			v.next, *b = *b, i
			i = next
		}
	}
}
