package engine

import (
	"slices"

	"asynclab/sim/draw"
)

// choice implements balance.Choice for one request.
type choice struct {
	r       *Run
	s       *serviceT
	turn    uint64
	id, occ uint64
	op      int32
	caller  int32   // of a ranked service: see fewest.go
	carried int32   // its envelope
	skip    []int32 // those that are left out, in their order
}

// pick chooses the instance of several that a request goes to; a hedge goes to one where
// no other request of its race is, and some retries to one that their call has not tried
// before, if there is any.
func (r *Run) pick(t *task, envelope int32) int32 {
	if r.prog.elsewhere && nth(r.prog.sites, t.site).retry.another {
		if by := r.triedOf(t); by != nil {
			inst := r.pickBut(t, envelope, by)
			r.try(by, inst)
			return inst
		}
	}
	return r.pickBut(t, envelope, nil)
}

// pickBut leaves out the instances that a call has tried before.
func (r *Run) pickBut(t *task, envelope int32, by *triedBy) int32 {
	s, d := nth(r.prog.services, t.service), nth(r.services, t.service)
	c := &r.choice
	*c = choice{r: r, s: s, turn: d.turn, id: r.ops.at(t.op).id, occ: t.occ, op: t.op, carried: envelope}
	d.turn++
	if s.ranked() {
		c.caller, _ = r.callerOf(t)
	}
	if nth(r.prog.sites, t.site).hedge > 0 {
		if c.skip = r.rivals(t); len(c.skip) >= int(s.instances) {
			c.skip = nil
		}
	}
	if by != nil && by.head != none {
		c.skip = r.untried(by, s, c.skip)
	}
	if st := nth(r.prog.sites, t.site); st.peer && s.inst0 <= t.consumer && t.consumer < s.inst0+s.instances {
		c.skip = r.notItself(t.consumer-s.inst0, c.skip, s.instances)
	}
	if d.out > 0 {
		c.skip = r.leftOut(s, c.skip)
	}
	if c.Instances() == 1 {
		return s.inst0 + c.real(0)
	}
	return s.inst0 + c.real(s.balance.Pick(c))
}

// notItself leaves out the instance that asks, and its rivals, if that leaves one of n.
func (r *Run) notItself(i int32, rivals []int32, n int32) []int32 {
	at, is := slices.BinarySearch(rivals, i)
	switch {
	case is:
		return rivals
	case len(rivals)+1 >= int(n):
		at, rivals = 0, nil
	}
	r.others = slices.Insert(append(r.others[:0], rivals...), at, i)
	return r.others
}

// leftOut lists the instances that a request does not go to: those where its rivals are,
// if there are others, and those that the balancer leaves out, if that leaves one.
func (r *Run) leftOut(s *serviceT, rivals []int32) []int32 {
	all := r.skipped[:0]
	for _, why := range []uint8{outOfHealth | outAway, outAway} {
		all = all[:0]
		for i := range s.instances {
			if in := nth(r.instances, s.inst0+i); in.out&why != 0 || len(rivals) > 0 && slices.Contains(rivals, i) {
				all = append(all, i)
			}
		}
		if len(all) < int(s.instances) {
			break
		}
		if len(rivals) > 0 {
			return r.leftOut(s, nil)
		}
	}
	r.skipped = all
	return all
}

// Why a balancer leaves an instance out.
const (
	outOfHealth = 1 << iota // a mechanism has found that it does not answer as it should
	outAway                 // it is not in: away, starting or leaving
)

// leaveOut makes the balancer of an instance leave it out for a reason, or no longer.
func (r *Run) leaveOut(ii int32, why uint8, out bool) {
	in := nth(r.instances, ii)
	was := in.out
	if in.out &^= why; out {
		in.out |= why
	}
	switch d := nth(r.services, in.service); {
	case was == 0 && in.out != 0:
		d.out++
	case was != 0 && in.out == 0:
		d.out--
	}
}

func (c *choice) Instances() int32 { return c.s.instances - int32(len(c.skip)) }

// real is the i-th instance of those that are not left out.
func (c *choice) real(i int32) int32 {
	for _, k := range c.skip {
		if i >= k {
			i++
		}
	}
	return i
}

func (c *choice) Key() uint64 { return c.r.keyOf(c.op, c.carried, c.s.key) }

func (c *choice) Turn() uint64 { return c.turn }

// Among is ⌊u·n⌋, which rounding must not make n.
func (c *choice) Among(k uint64, n int32) int32 {
	return min(int32(nth(c.r.keys, c.s.keyBalance).UniformOf(c.id, draw.Mix(c.occ, k))*float64(n)), n-1)
}

func (c *choice) Tasks(i int32) int32 {
	d := nth(c.r.services, nth(c.r.instances, c.s.inst0).service)
	return nth(c.r.rank, d.tree(c.caller)+d.row+c.real(i)).tasks
}

func (c *choice) Fewest() int32 {
	if len(c.skip) > 0 {
		n, _ := c.fewest(0)
		return n
	}
	return c.r.leastBusy(c.r.instances[c.s.inst0].service, c.caller)
}

func (c *choice) NthFewest(n int32) int32 {
	if len(c.skip) > 0 {
		_, i := c.fewest(n)
		return i
	}
	return c.r.nthLeastBusy(c.r.instances[c.s.inst0].service, c.caller, n)
}

// fewest counts the instances with the fewest requests of a caller where some are left out, and finds
// the n-th of them.
func (c *choice) fewest(n int32) (equals, nth int32) {
	least := int32(maxInt32)
	for i := range c.Instances() {
		switch tasks := c.Tasks(i); {
		case tasks < least:
			least, equals = tasks, 1
		case tasks == least:
			equals++
		}
	}
	for i := range c.Instances() {
		if c.Tasks(i) == least {
			if n == 0 {
				return equals, i
			}
			n--
		}
	}
	return equals, 0
}
