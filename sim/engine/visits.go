package engine

import (
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
)

// The visits of an operation are its logical messages whose handler has begun;
// they identify duplicates. The first few are stored in the operation itself:
// most operations have no more.

const inlineVisits = 3 // see begins

// find returns the place of a visit among the first, or -1.
func (o *op) find(handler int32, lid uint64) int {
	for i := int(min(o.visits, inlineVisits)) - 1; i >= 0; i-- { // mostly the last one
		if o.has(i, handler, lid) {
			return i
		}
	}
	return -1
}

// has reports whether a visit is at a place among the first.
func (o *op) has(i int, handler int32, lid uint64) bool {
	return o.lids[i] == lid && o.handlers[i]>>1 == uint32(handler)
}

// begins records a visit that is the first of its message, as most are, and among the first
// of its operation. It reports false if it is none.
func (o *op) begins(handler int32, lid uint64) bool {
	n := o.visits
	if n > 0 && (o.has(0, handler, lid) || n > 1 && (n > 2 || o.has(1, handler, lid))) {
		return false
	}
	o.lids[n], o.handlers[n] = lid, uint32(handler)<<1
	o.visits++
	return true
}

// completes records that the handler of a visit has completed for the first time, if it is the last
// of the first of its operation. It reports false if it is none.
func (o *op) completes(handler int32, lid uint64) bool {
	n := o.visits - 1
	if n >= inlineVisits || o.lids[n] != lid || o.handlers[n] != uint32(handler)<<1 {
		return false
	}
	o.handlers[n]++
	return true
}

// visit is begins for any visit, once that says no.
func (r *Run) visit(o *op, slot, handler int32, lid uint64) bool {
	if o.find(handler, lid) >= 0 {
		return false
	}
	row, first := r.visits.Add(visitKey(slot, handler, lid))
	if first {
		r.visits.Words(row)[0] = int64(o.more) << 1
		o.more = row
	}
	if r.visits.Len() >= r.mayForget {
		r.forgetEarlier()
	}
	r.room(visitStore, r.visits.Rows())
	return first
}

// completedFirst records that the handler of a visited message has completed,
// and reports whether it is the first time.
func (r *Run) completedFirst(o *op, slot, handler int32, lid uint64) bool {
	return o.completes(handler, lid) || r.completedOf(o, slot, handler, lid)
}

// completedOf is completedFirst for any visit.
func (r *Run) completedOf(o *op, slot, handler int32, lid uint64) bool {
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

// fewVisits is how many visits are never worth a look at what can be forgotten, and fewMore
// how many of one operation beyond its first.
const (
	fewVisits = 1 << 10
	fewMore   = 16
)

// forgetEarlier removes the visits of each operation that has only one message left,
// but for those since that message first came: whatever is sent from here on comes of it,
// and nothing that was sent before can come again. So what goes round for ever takes
// no more and no more memory. It looks at every record, and next time at twice as many visits.
func (r *Run) forgetEarlier() {
	if len(r.logs) == 0 { // whose records may be read again
		few, left := min(fewMore, r.mayForget), make([]oneLeft, len(r.ops.items))
		r.whatIsLeft(left)
		for slot := range left {
			if o := r.ops.at(int32(slot)); left[slot].refs > 0 && left[slot].refs == o.refs && o.own.id == 0 && r.moreThan(few, o.more) {
				r.forgetBefore(int32(slot), o, &left[slot])
			}
		}
	}
	r.mayForget = max(fewVisits, 2*r.visits.Len())
}

// moreThan reports whether so many visits of an operation follow a first.
func (r *Run) moreThan(n int, row int32) bool {
	for ; n > 0 && row != none; n-- {
		row = int32(r.visits.Words(row)[0] >> 1)
	}
	return row != none
}

// oneLeft is what is left of an operation, if that is one message: its copy, its copy and the task
// of that, or its task.
type oneLeft struct {
	refs    int32 // that it takes; below 0: there is another
	handler int32 // of a task without a copy; none: each that it can still come to
	copy    int32
	lid     uint64
}

func (r *Run) whatIsLeft(left []oneLeft) {
	for k := range r.copies.items {
		if c := &r.copies.items[k]; c.id != 0 {
			m := &left[c.op]
			if m.refs != 0 {
				m.refs = -1
				continue
			}
			*m = oneLeft{1, none, int32(k), c.lid}
		}
	}
	for ti := range r.tasks.items {
		t := &r.tasks.items[ti]
		if t.id == 0 {
			continue
		}
		switch m := &left[t.op]; {
		case m.refs == 0 && t.parent == none && t.call == none:
			*m = oneLeft{1, t.handler, none, t.lid}
		case m.refs == 1 && t.parent == none && m.copy != none && t.copy == m.copy && t.fromID == r.copies.at(m.copy).id:
			m.refs = 2
		default:
			m.refs = -1
		}
	}
}

// forgetBefore removes the visits of an operation from before its one message.
func (r *Run) forgetBefore(slot int32, o *op, m *oneLeft) {
	first := none // the earliest visit of the message; later ones stand before it
	came := func(handler int32, lid uint64) (inline bool) {
		if o.find(handler, lid) >= 0 {
			return true
		}
		if row := r.visits.Find(visitKey(slot, handler, lid)); row != kernel.NoRow {
			first = r.earlier(o.more, first, row)
		}
		return false
	}
	if m.handler != none {
		if came(m.handler, m.lid) {
			return
		}
	} else {
		for i := range r.prog.consumes {
			if u := &r.prog.consumes[i]; came(u.handler, combine(m.lid, u.salt)) {
				return
			}
		}
	}
	row := o.more
	if first == none {
		o.more = none
	} else {
		w := &r.visits.Words(first)[0]
		row = int32(*w >> 1)
		*w = int64(none)<<1 | *w&1
	}
	r.forgetVisits(row)
}

// earlier is which of two visits of a list is the earlier one; one may be none.
func (r *Run) earlier(head, a, b int32) int32 {
	if a == none {
		return b
	}
	for row := head; row != none; row = int32(r.visits.Words(row)[0] >> 1) {
		if row == a {
			return b
		}
		if row == b {
			return a
		}
	}
	return b
}
