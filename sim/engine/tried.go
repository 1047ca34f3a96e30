package engine

import "slices"

// Instances that a call has tried: a retry that goes to another instance leaves them out
// (Envoy's previous_hosts). An attempt is noted when its instance is picked, so one that
// was lost on its way has tried none. When none is left, all count again.
//
//	call ──► inst ─► inst ─► …      at most one record for each instance
//
// The records of a call stay until another call in its place makes its first: there are
// no more than calls that were open at once, times instances.

// tried are the records of all calls; a run without such retries has none.
type tried struct {
	calls []triedBy // by the index of the call
	insts slab[triedInst]
}

type triedBy struct {
	call uint64 // its identity
	head int32
}

type triedInst struct{ inst, next int32 }

func (d *tried) clone() tried { return tried{slices.Clone(d.calls), d.insts.clone()} }

func (d *tried) bytes() int { return sizeOf(d.calls) + sizeOf(d.insts.items) }

// triedOf is the list of the call for which a request is made, or nil where nobody
// retries it.
func (r *Run) triedOf(t *task) *triedBy {
	if t.call == none || t.dup || r.call(t.call).id != t.fromID {
		return nil
	}
	d := &r.seam.tried
	if more := int(t.call) + 1 - len(d.calls); more > 0 {
		d.calls = append(d.calls, slices.Repeat([]triedBy{{0, none}}, max(more, len(d.calls)))...)
	}
	by := nth(d.calls, t.call)
	if by.call != t.fromID {
		r.forgetTried(by)
		by.call = t.fromID
	}
	return by
}

func (r *Run) forgetTried(by *triedBy) {
	d := &r.seam.tried
	for by.head != none {
		k := by.head
		by.head = d.insts.at(k).next
		d.insts.give(k)
	}
}

// untried adds to the instances that a request does not go to those that its call has
// tried before, in their order. Where no other is left, it forgets these.
func (r *Run) untried(by *triedBy, s *serviceT, rivals []int32) []int32 {
	all := append(r.tried[:0], rivals...)
	for k := by.head; k != none; k = r.seam.tried.insts.at(k).next {
		if i := r.seam.tried.insts.at(k).inst - s.inst0; i >= 0 && i < s.instances { // not one of another target
			all = append(all, i)
		}
	}
	r.tried = all
	if len(all) == len(rivals) {
		return rivals
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) < int(s.instances) {
		return all
	}
	r.forgetTried(by)
	return rivals
}

// try notes the instance of an attempt.
func (r *Run) try(by *triedBy, inst int32) {
	d := &r.seam.tried
	for k := by.head; k != none; k = d.insts.at(k).next {
		if d.insts.at(k).inst == inst {
			return
		}
	}
	k := d.insts.take()
	*d.insts.at(k) = triedInst{inst, by.head}
	by.head = k
}
