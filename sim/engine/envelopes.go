package engine

import (
	"math"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
)

// What steps set on their messages. An envelope is a set of values on top of the
// attributes of an operation. Messages, their copies and their tasks refer to one by its
// number, 0 where nothing was set; equal ones are kept once, so that there are as many as
// differ, whatever the number of messages. In a design in which no step sets anything,
// none of these lists has an entry.
type envelopes struct {
	values []float64    // by envelope, from 1, and attribute; NaN: as the operation has it
	next   []int32      // by envelope, from 0, and setter: what it becomes, plus 1; 0: not yet known
	known  kernel.Table // by the hash of their values
	task   []int32      // by task, message and copy
	msg    []int32
	copy   []int32
	call   []int32 // by the call of a task: what its last answer carries
}

// setting is the number of a site among those that set something, plus one, and what it sets.
type setting struct {
	setter int32
	span
}

// setter is what a site sets.
type setter struct {
	place int32
	from  int32 // the attribute that it is copied from, plus one; 0: value; byBatch: how many messages the sender handles
	value float64
}

// aliasBits are those of a NaN that stands for an attribute of the operation: the one of
// whose number they are the sum. What is copied is not looked up before it is read, so
// that there are as many envelopes as there are ways to come to one.
const aliasBits = 0x7ff8_0000_0001_0000

func alias(place int32) float64 { return math.Float64frombits(aliasBits + uint64(place)) }

// aliasOf is the attribute that a value of an envelope stands for.
func aliasOf(v float64) (place int32, is bool) {
	b := math.Float64bits(v)
	return int32(b - aliasBits), b >= aliasBits && b < aliasBits+design.MaxAttributes
}

func (e *envelopes) clone() envelopes {
	return envelopes{
		values: slices.Clone(e.values), next: slices.Clone(e.next), known: e.known.Clone(),
		task: slices.Clone(e.task), msg: slices.Clone(e.msg), copy: slices.Clone(e.copy), call: slices.Clone(e.call),
	}
}

func (e *envelopes) bytes() int {
	return sizeOf(e.values) + sizeOf(e.next) + e.known.Bytes() + sizeOf(e.task) + sizeOf(e.msg) + sizeOf(e.copy) + sizeOf(e.call)
}

// put notes the envelope of the i-th record of a list.
func put(list *[]int32, i, envelope int32) {
	if more := int(i) + 1 - len(*list); more > 0 {
		*list = append(*list, make([]int32, max(more, len(*list)))...)
	}
	*nth(*list, i) = envelope
}

// got is the envelope of the i-th record of a list.
func got(list []int32, i int32) int32 {
	if int(i) >= len(list) {
		return 0
	}
	return *nth(list, i)
}

// envelope is that of the message of a task.
func (r *Run) envelope(ti int32) int32 {
	if r.prog.setters == 0 {
		return 0
	}
	return got(r.env.task, r.root(ti))
}

// outgoing is the envelope of a message that a task, or a load, sends from a site.
func (r *Run) outgoing(sender, site int32) int32 {
	from := int32(0)
	if sender != none {
		from = r.envelope(sender)
	}
	s := nth(r.prog.sites, site)
	if s.setter == 0 {
		return from
	}
	return r.withBatch(r.becomes(from, s.setter, s.sets, true), sender, s.sets)
}

// withBatch is an envelope with the number of messages that the sender handles, where
// what is set copies it. There are as many as there are sizes of batches.
func (r *Run) withBatch(envelope, sender int32, sets span) int32 {
	if !r.prog.setsBatch {
		return envelope
	}
	values := r.batched[:0]
	for i := sets.from; i < sets.to; i++ {
		set := nth(r.prog.sets, i)
		if set.from != byBatch {
			continue
		}
		if len(values) == 0 {
			n := len(r.prog.vocabulary)
			values = append(values, r.env.values[int(envelope-1)*n:int(envelope)*n]...)
			r.batched = values
		}
		values[set.place] = float64(r.batchOf(sender))
	}
	if len(values) == 0 {
		return envelope
	}
	return r.enclose(values)
}

// becomes is the envelope that differs from another by what a setter sets or, where it
// does not keep the others, has nothing else.
func (r *Run) becomes(from, setter int32, sets span, keep bool) int32 {
	at := from*r.prog.setters + setter - 1
	if int(at) >= len(r.env.next) {
		r.env.next = append(r.env.next, make([]int32, int(from+1)*int(r.prog.setters)-len(r.env.next))...)
	}
	if known := *nth(r.env.next, at); known != 0 {
		return known - 1
	}
	values := r.valuesOf(from)
	was := slices.Clone(values)
	if !keep {
		values = r.valuesOf(0)
	}
	for i := sets.from; i < sets.to; i++ {
		set := nth(r.prog.sets, i)
		v := set.value
		if set.from > 0 {
			if v = was[set.from-1]; math.Float64bits(v) == unset {
				v = alias(set.from - 1)
			}
		}
		values[set.place] = v
	}
	to := r.enclose(values)
	*nth(r.env.next, at) = to + 1
	return to
}

// unset are the bits of a value that is as the operation has it.
var unset = math.Float64bits(math.NaN())

// valuesOf are the values of an envelope, as a list of its own.
func (r *Run) valuesOf(envelope int32) []float64 {
	values := make([]float64, len(r.prog.vocabulary))
	for i := range values {
		values[i] = math.NaN()
	}
	if envelope > 0 {
		copy(values, r.env.values[int(envelope-1)*len(values):])
	}
	return values
}

// answerHas notes what the answer to a call of a task carries.
func (r *Run) answerHas(ci int32, callID uint64, envelope int32) {
	if ci&1 == 1 && r.calls.at(ci>>1).id == callID {
		put(&r.env.call, ci>>1, envelope)
	}
}

// takeOver lets the message of a task have what the answer to its call carries.
func (r *Run) takeOver(ci, ti int32) {
	answer := got(r.env.call, ci>>1)
	if answer == 0 {
		return
	}
	root := r.root(ti)
	values := r.valuesOf(got(r.env.task, root))
	for i, v := range r.valuesOf(answer) {
		if math.Float64bits(v) != unset {
			values[i] = v
		}
	}
	put(&r.env.task, root, r.enclose(values))
}

// enclose is the envelope of values.
func (r *Run) enclose(values []float64) int32 {
	n := len(values)
	r.env.known.Width = 1
	h := uint64(0)
	for _, v := range values {
		h = draw.Mix(h, math.Float64bits(v))
	}
	for { // a collision of two hashes is met by the next
		row, added := r.env.known.Add(h)
		at := &r.env.known.Words(row)[0]
		if added {
			r.env.values = append(r.env.values, values...)
			*at = int64(len(r.env.values) / n)
			r.room(envelopeStore, len(r.env.values)/n)
			return int32(*at)
		}
		if same := r.env.values[int(*at-1)*n : int(*at)*n]; slices.EqualFunc(same, values, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }) {
			return int32(*at)
		}
		h++
	}
}
