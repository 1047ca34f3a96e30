package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Attributes of operations. None is stored: a value is drawn from the operation's
// identity, always the same one, when something reads it.

// attribute is an attribute as a load has it.
type attribute struct {
	has   bool
	dist  draw.Dist
	words []float64 // numbers of its words among those of all loads
	key   int32
}

// term is a comparison of a condition, or joins the results of those before it.
type term struct {
	join  design.Join
	op    design.Comparison
	fact  bool // place is one of design.Facts
	place int32
	value float64
}

// by is the place of an attribute, plus one; 0: none.
func (c *compiler) by(name string) int32 {
	for i := range c.attributes {
		if c.attributes[i].Name == name {
			return int32(i + 1)
		}
	}
	return 0
}

// attributesOf is a load's part of the attributes of the design.
func (c *compiler) attributesOf(l *design.Load) []attribute {
	if len(l.Attributes) == 0 {
		return nil
	}
	all := make([]attribute, len(c.attributes))
	for i := range l.Attributes {
		a := &l.Attributes[i]
		place := c.by(a.Name) - 1
		t := attribute{has: true, dist: a.Dist, key: c.key("load/"+l.Name, "attribute:"+a.Name)}
		for _, w := range a.Words {
			t.words = append(t.words, float64(c.attributes[place].WordOf(w)))
		}
		all[place] = t
	}
	return all
}

// condition is where the terms of a condition are, which it adds when it meets the
// condition for the first time.
func (c *compiler) condition(cond *design.Condition) span {
	if known, ok := c.conditions[cond.Text]; ok {
		return known
	}
	s := span{from: int32(len(c.terms))}
	for i := range cond.Terms {
		t := term{join: cond.Terms[i].Join, op: cond.Terms[i].Op}
		if t.join == design.Compare {
			place, fact, value, _ := cond.Terms[i].Resolve(c.attributes)
			t.place, t.fact, t.value = int32(place), fact, value
		}
		c.terms = append(c.terms, t)
	}
	s.to = int32(len(c.terms))
	c.conditions[cond.Text] = s
	return s
}

// attribute is the value of an attribute of an operation: a number, or the number of a
// word. ok is false where its load has no such attribute.
func (r *Run) attribute(slot, place int32) (v float64, ok bool) {
	o := r.ops.at(slot)
	l := nth(r.prog.loads, o.load)
	if len(l.attrs) == 0 {
		return 0, false
	}
	a := nth(l.attrs, place)
	if !a.has {
		return 0, false
	}
	v = a.dist.Sample(nth(r.keys, a.key).UniformOf(o.id, 0))
	if a.words != nil {
		v = *nth(a.words, int32(v))
	}
	return v, true
}

// factor is the attribute by which a value is multiplied; 1 without one.
func (r *Run) factor(slot, by int32) float64 {
	if by == 0 {
		return 1
	}
	if v, ok := r.attribute(slot, by-1); ok {
		return v
	}
	return 1
}

// multiplied is the demand of a step that an attribute multiplies.
func (r *Run) multiplied(t *task, in *instr) int64 {
	x := in.dist.Sample(nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot))))
	return nanos(x * r.factor(t.op, in.by))
}

// rounds is how often a loop is run whose count an attribute multiplies.
func (r *Run) rounds(t *task, in *instr) int32 {
	return int32(math.Min(math.Round(float64(in.n)*r.factor(t.op, in.by)), design.MaxRepeat))
}

// priority is that of an operation's requests.
func (r *Run) priority(slot int32) uint8 {
	l := nth(r.prog.loads, r.ops.at(slot).load)
	if l.priorityBy == 0 {
		return l.priority
	}
	return uint8(math.Min(math.Round(float64(l.priority)*r.factor(slot, l.priorityBy)), design.MaxPriorities-1))
}

// satisfied evaluates a condition for a task.
func (r *Run) satisfied(t *task, when span) bool {
	var stack uint64 // results so far, the last in bit 0
	for i := when.from; i < when.to; i++ {
		c := nth(r.prog.terms, i)
		switch c.join {
		case design.And:
			stack = stack>>1&^1 | stack>>1&stack&1
		case design.Or:
			stack = stack>>1 | stack&1
		case design.NotJoin:
			stack ^= 1
		default:
			stack <<= 1
			if v, ok := r.reads(t, c); ok && compare(v, c.op, c.value) {
				stack |= 1
			}
		}
	}
	return stack&1 == 1
}

// reads is what a comparison reads.
func (r *Run) reads(t *task, c *term) (v float64, ok bool) {
	if !c.fact {
		return r.attribute(t.op, c.place)
	}
	for t.parent != none { // a branch handles the message of its task
		t = r.tasks.at(t.parent)
	}
	switch {
	case c.place == design.FactAttempt:
		return float64(t.attempt + 1), true
	case t.copy == none:
		return 1, true
	}
	return float64(t.delivery), true
}

func compare(v float64, op design.Comparison, with float64) bool {
	switch op {
	case design.Equal:
		return v == with
	case design.NotEqual:
		return v != with
	case design.Less:
		return v < with
	case design.LessEqual:
		return v <= with
	case design.Greater:
		return v > with
	case design.GreaterEqual:
		return v >= with
	}
	return v > 1 // redelivered: the number of the delivery
}

// chooseByConditions is the branch of the first condition that holds.
func (r *Run) chooseByConditions(t *task, in *instr) int32 {
	for i := in.a; i < in.a+in.b; i++ {
		if b := nth(r.prog.branches, i); b.when.to == 0 || r.satisfied(t, b.when) {
			return b.pc
		}
	}
	return t.pc + 1
}
