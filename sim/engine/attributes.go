package engine

import (
	"fmt"
	"math"
	"slices"

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
	join    design.Join
	op      design.Comparison
	reads   design.Reading
	place   int32 // of the attribute, the fact or the store
	counter int32
	value   float64
	matches []bool // of design.Matches, by the numbers of words
}

// byBatch stands where a step is multiplied by the messages of its batch.
const byBatch int32 = -1

// by is the place of an attribute, plus one; 0: none.
func (c *compiler) by(name string) int32 {
	if name == design.Facts[design.FactBatch] {
		return byBatch
	}
	for i := range c.attributes {
		if c.attributes[i].Name == name {
			return int32(i + 1)
		}
	}
	return 0
}

// hashWords hashes the words of attributes, for keys.
func (c *compiler) hashWords() {
	for i := range c.attributes {
		var all []uint64
		for _, w := range c.attributes[i].Words {
			all = append(all, draw.HashString(w))
		}
		c.vocabulary = append(c.vocabulary, all)
	}
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

// setBySite is what a step sets on the messages of the site that comes next.
func (c *compiler) setBySite(all []design.Assign) setting {
	return c.settingOf(fmt.Sprint(len(c.sites)-int(c.at[c.curService].site)), all)
}

// settingOf is what a step sets on its messages. One that is compiled again, for a
// parameter that has changed, finds what it had.
func (c *compiler) settingOf(at string, all []design.Assign) setting {
	if len(all) == 0 {
		return setting{}
	}
	key := c.cur.String() + at + fmt.Sprint(all)
	known, ok := c.setBy[key]
	if !ok {
		c.setters++
		known.setter, known.from = c.setters, int32(len(c.sets))
		for i := range all {
			place := c.by(all[i].Name) - 1
			v := all[i].Value
			if all[i].Word != "" {
				v = float64(c.attributes[place].WordOf(all[i].Word))
			}
			c.sets = append(c.sets, setter{place, c.by(all[i].From), v})
			c.setsBatch = c.setsBatch || all[i].From == design.Facts[design.FactBatch]
		}
		known.to = int32(len(c.sets))
		c.setBy[key] = known
	}
	return known
}

// condition is where the terms of a condition are, which it adds when it meets the
// condition for the first time.
func (c *compiler) condition(cond *design.Condition) span {
	if cond.IsZero() {
		return span{}
	}
	key := cond.Text
	if len(c.scope.Stores) > 0 { // the same name is another store in another service
		key = c.cur.Node + ": " + key
	}
	if known, ok := c.conditions[key]; ok {
		return known
	}
	s := span{from: int32(len(c.terms))}
	for i := range cond.Terms {
		t := term{join: cond.Terms[i].Join, op: cond.Terms[i].Op}
		if t.join == design.Compare {
			is, _ := cond.Terms[i].Resolve(design.Scope{Attributes: c.attributes, Stores: c.scope.Stores})
			t.reads, t.place, t.counter, t.value, t.matches = is.Reads, int32(is.Place), int32(is.Counter), is.Value, is.Matches
			if is.Reads >= design.ReadState {
				t.place = c.store[design.Target{Node: c.cur.Node, Entry: c.scope.Stores[is.Place].Name}]
			}
		}
		c.terms = append(c.terms, t)
	}
	s.to = int32(len(c.terms))
	c.conditions[key] = s
	return s
}

// stored reports whether a condition reads a store.
func (c *compiler) stored(cond *design.Condition) bool {
	if len(c.scope.Stores) == 0 {
		return false
	}
	s := c.condition(cond)
	return slices.ContainsFunc(c.terms[s.from:s.to], func(t term) bool { return t.join == design.Compare && t.reads >= design.ReadState })
}

// attribute is the value of an attribute of an operation, or of its message: a number, or
// the number of a word. ok is false where its load has no such attribute.
func (r *Run) attribute(slot, envelope, place int32) (v float64, ok bool) {
	if envelope != 0 {
		if v = *nth(r.env.values, (envelope-1)*int32(len(r.prog.vocabulary))+place); v == v {
			return v, true
		}
		if from, is := aliasOf(v); is {
			place = from
		}
	}
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
func (r *Run) factor(slot, envelope, by int32) float64 {
	if by == 0 {
		return 1
	}
	if v, ok := r.attribute(slot, envelope, by-1); ok {
		return v
	}
	return 1
}

// multiplied is the demand of a step that an attribute multiplies.
func (r *Run) multiplied(ti int32, t *task, in *instr) int64 {
	x := in.dist.Sample(nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot))))
	return nanos(x * r.times(ti, t.op, r.envelope(ti), in.by))
}

// rounds is how often a loop is run whose count an attribute multiplies.
func (r *Run) rounds(ti int32, t *task, in *instr) int32 {
	return int32(math.Min(math.Round(float64(in.n)*r.times(ti, t.op, r.envelope(ti), in.by)), design.MaxRepeat))
}

// times is what a value of a step of a task is multiplied by: an attribute of its message,
// or of one that it sends, or how many messages it handles.
func (r *Run) times(ti, slot, envelope, by int32) float64 {
	if by == byBatch {
		return float64(r.batchOf(ti))
	}
	return r.factor(slot, envelope, by)
}

// priority is that of an operation's requests.
func (r *Run) priority(slot, envelope int32) uint8 {
	l := nth(r.prog.loads, r.ops.at(slot).load)
	if l.priorityBy == 0 {
		return l.priority
	}
	return uint8(math.Min(math.Round(float64(l.priority)*r.factor(slot, envelope, l.priorityBy)), design.MaxPriorities-1))
}

// message is what conditions read beside attributes.
type message struct{ op, envelope, inst, attempt, delivery, batch int32 }

// message is the one that a task handles.
func (r *Run) message(ti int32) message {
	ti = r.root(ti) // a branch handles the message of its task
	t := r.tasks.at(ti)
	if t.copy == none {
		return message{t.op, r.envelope(ti), t.inst, t.try + 1, 1, 1}
	}
	return message{t.op, r.envelope(ti), t.inst, 1, t.try, r.batchOf(ti)}
}

// satisfied evaluates a condition for a message.
func (r *Run) satisfied(m message, when span) bool {
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
			if v, ok := r.reads(m, c); ok && c.holds(v) {
				stack |= 1
			}
		}
	}
	return stack&1 == 1
}

// reads is what a comparison reads.
func (r *Run) reads(m message, c *term) (v float64, ok bool) {
	switch {
	case c.reads == design.ReadAttribute:
		return r.attribute(m.op, m.envelope, c.place)
	case c.reads >= design.ReadState:
		return r.readRow(m, c), true
	case c.place == design.FactAttempt:
		return float64(m.attempt), true
	case c.place == design.FactBatch:
		return float64(m.batch), true
	}
	return float64(m.delivery), true
}

// holds reports whether the comparison with a value holds.
func (c *term) holds(v float64) bool {
	switch c.op {
	case design.Equal:
		return v == c.value
	case design.NotEqual:
		return v != c.value
	case design.Less:
		return v < c.value
	case design.LessEqual:
		return v <= c.value
	case design.Greater:
		return v > c.value
	case design.GreaterEqual:
		return v >= c.value
	case design.Matches:
		return c.matches[int(v)]
	}
	return v > c.value // redelivered: the number of the delivery; a row that is there is 1
}

// chooseByConditions is the branch of the first condition that holds.
func (r *Run) chooseByConditions(ti int32, t *task, in *instr) int32 {
	m := r.message(ti)
	for i := in.a; i < in.a+in.b; i++ {
		if b := nth(r.prog.branches, i); b.when.to == 0 || r.satisfied(m, b.when) {
			return b.pc
		}
	}
	return t.pc + 1
}

// keyOf is the key of an operation: its attribute as a number, or a hash of its word,
// or of the operation where its load has no such attribute.
func (r *Run) keyOf(slot, envelope, by int32) uint64 {
	v, ok := r.attribute(slot, envelope, by-1)
	switch words := nth(r.prog.vocabulary, by-1); {
	case !ok:
		return r.ops.at(slot).id
	case len(*words) > 0:
		return *nth(*words, int32(v))
	}
	return uint64(int64(v))
}
