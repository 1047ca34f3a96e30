package engine

import "asynclab/sim/draw"

// The visits of an operation are its logical messages whose handler has begun;
// they identify duplicates. The first few are stored in the operation itself:
// most operations have no more.

const inlineVisits = 3

// find returns the place of a visit among the first, or -1.
func (o *op) find(handler int32, lid uint64) int {
	for i := int(min(o.visits, inlineVisits)) - 1; i >= 0; i-- { // mostly the last one
		if o.lids[i] == lid && o.handlers[i]>>1 == uint32(handler) {
			return i
		}
	}
	return -1
}

// visited records that a handler has begun for a message, and reports whether
// it is the first time.
func (r *Run) visited(o *op, slot, handler int32, lid uint64) bool {
	// One bit of 16 tells of most newcomers that they are new (Bloom 1970).
	bit := uint16(1) << ((lid>>60 ^ uint64(handler)) & 15)
	if o.seen&bit != 0 && o.find(handler, lid) >= 0 {
		return false
	}
	o.seen |= bit
	if n := o.visits; n < inlineVisits {
		o.lids[n], o.handlers[n] = lid, uint32(handler)<<1
		o.visits = n + 1
		return true
	}
	first := r.visits.add(slot, handler, lid, &o.more)
	r.room(visitStore, len(r.visits.slab.items))
	return first
}

// completedFirst records that the handler of a visited message has completed,
// and reports whether it is the first time.
func (r *Run) completedFirst(o *op, slot, handler int32, lid uint64) bool {
	if i := o.find(handler, lid); i >= 0 {
		first := o.handlers[i]&1 == 0
		o.handlers[i] |= 1
		return first
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
