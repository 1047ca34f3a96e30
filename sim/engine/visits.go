package engine

import (
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
)

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
	if n := o.visits; o.seen&bit == 0 && n < inlineVisits {
		o.seen |= bit
		*nth(o.lids[:], int(n)), *nth(o.handlers[:], int(n)) = lid, uint32(handler)<<1
		o.visits = n + 1
		return true
	}
	o.seen |= bit
	return r.visit(o, slot, handler, lid)
}

// visit is visited for what one bit does not tell.
func (r *Run) visit(o *op, slot, handler int32, lid uint64) bool {
	if o.find(handler, lid) >= 0 {
		return false
	}
	if n := o.visits; n < inlineVisits {
		o.lids[n], o.handlers[n] = lid, uint32(handler)<<1
		o.visits = n + 1
		return true
	}
	row, first := r.visits.Add(visitKey(slot, handler, lid))
	if first {
		r.visits.Words(row)[0] = int64(o.more) << 1
		o.more = row
	}
	r.room(visitStore, r.visits.Rows())
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
	row := r.visits.Find(visitKey(slot, handler, lid))
	if row == kernel.NoRow {
		return false
	}
	w := &r.visits.Words(row)[0]
	first := *w&1 == 0
	*w |= 1
	return first
}

// visitKey is what a visit beyond the first is found by in their table. The identity of
// a message is a hash of 64 bits too, so that two visits are hardly ever taken for one
// more often for it. Its row has one word: the next visit of the operation, 63 bits |
// completed, 1.
func visitKey(slot, handler int32, lid uint64) uint64 {
	return draw.Mix(lid, uint64(uint32(slot))<<32|uint64(uint32(handler)))
}

// forgetVisits removes the visits of an operation from the table, from the given row on.
func (r *Run) forgetVisits(row int32) {
	for row != none {
		next := int32(r.visits.Words(row)[0] >> 1)
		r.visits.Remove(row)
		row = next
	}
}
