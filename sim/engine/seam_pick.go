package engine

import "asynclab/sim/draw"

// choice implements balance.Choice for one request.
type choice struct {
	r       *Run
	s       *serviceT
	turn    uint64
	id, occ uint64
	op      int32
	carried int32 // its envelope
}

// pick chooses the instance of several that a request goes to.
func (r *Run) pick(si, o, envelope int32, occ uint64) int32 {
	s, d := nth(r.prog.services, si), nth(r.services, si)
	r.choice = choice{r, s, d.turn, r.ops.at(o).id, occ, o, envelope}
	d.turn++
	return s.inst0 + s.balance.Pick(&r.choice)
}

func (c *choice) Instances() int32 { return c.s.instances }

func (c *choice) Key() uint64 { return c.r.keyOf(c.op, c.carried, c.s.key) }

func (c *choice) Turn() uint64 { return c.turn }

// Among is ⌊u·n⌋, which rounding must not make n.
func (c *choice) Among(k uint64, n int32) int32 {
	return min(int32(nth(c.r.keys, c.s.keyBalance).UniformOf(c.id, draw.Mix(c.occ, k))*float64(n)), n-1)
}

func (c *choice) Tasks(i int32) int32 { return nth(c.r.instances, c.s.inst0+i).tasks }

func (c *choice) Fewest() int32 { return c.r.leastBusy(c.r.instances[c.s.inst0].service) }

func (c *choice) NthFewest(n int32) int32 {
	return c.r.nthLeastBusy(c.r.instances[c.s.inst0].service, n)
}
