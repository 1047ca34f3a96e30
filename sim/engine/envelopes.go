package engine

import (
	"math"
	"slices"

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
}

// setting is the number of a site among those that set something, plus one, and what it sets.
type setting struct {
	setter int32
	span
}

// setter is what a site sets.
type setter struct {
	place int32
	value float64
}

func (e *envelopes) clone() envelopes {
	return envelopes{
		values: slices.Clone(e.values), next: slices.Clone(e.next), known: e.known.Clone(),
		task: slices.Clone(e.task), msg: slices.Clone(e.msg), copy: slices.Clone(e.copy),
	}
}

func (e *envelopes) bytes() int {
	return sizeOf(e.values) + sizeOf(e.next) + e.known.Bytes() + sizeOf(e.task) + sizeOf(e.msg) + sizeOf(e.copy)
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
	at := from*r.prog.setters + s.setter - 1
	if int(at) >= len(r.env.next) {
		r.env.next = append(r.env.next, make([]int32, int(from+1)*int(r.prog.setters)-len(r.env.next))...)
	}
	if known := *nth(r.env.next, at); known != 0 {
		return known - 1
	}
	to := r.setOn(from, s)
	*nth(r.env.next, at) = to + 1
	return to
}

// setOn is the envelope that differs from another by what a site sets.
func (r *Run) setOn(from int32, s *site) int32 {
	n := len(r.prog.vocabulary)
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	if from > 0 {
		copy(values, r.env.values[int(from-1)*n:])
	}
	for i := s.sets.from; i < s.sets.to; i++ {
		set := nth(r.prog.sets, i)
		values[set.place] = set.value
	}
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
