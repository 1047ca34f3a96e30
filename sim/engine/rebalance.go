package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/mech/deal"
	"asynclab/sim/metric"
)

// Rebalances of consumer groups: when the partitions are dealt anew, and to whom.

// disown takes a partition from its owner.
func (r *Run) disown(pi int32) {
	p := &r.partitions[pi]
	if p.owner == none {
		return
	}
	was := p.owner
	p.owner, p.listed = none, false
	r.forgetTurn(pi, was)
	r.stopped(pi, true)
}

// stopped notes that nobody may work on a partition, or that somebody may again.
func (r *Run) stopped(pi int32, yes bool) {
	p := &r.partitions[pi]
	level := r.prog.groups[r.prog.partitions[pi].group].m.l + metric.GroupStopped
	switch is := p.owner == none || p.moving; {
	case yes && is && !p.dead:
		p.dead = true
		r.rec.Up(level, r.now)
	case !is && p.dead:
		p.dead = false
		r.rec.Down(level, r.now)
	}
}

// rebalance asks for the partitions to be dealt anew.
func (r *Run) rebalance(gi int32) {
	g := &r.groups[gi]
	g.wanted = true
	for _, ci := range g.members {
		r.members[ci].finished = false
	}
	r.tryDeal(gi)
}

// tryDeal deals the partitions if that is wanted and every member has finished what it
// had.
func (r *Run) tryDeal(gi int32) {
	g, t := &r.groups[gi], &r.prog.groups[gi]
	if !g.wanted || g.timer != 0 || g.over || nth(r.brokers, nth(r.prog.queues, t.queue).broker).down > 0 {
		return
	}
	for _, ci := range g.members {
		if m := &r.members[ci]; m.held > 0 && !m.finished {
			return
		}
	}
	g.wanted = false
	for _, ci := range g.members {
		r.commitAll(ci)
	}
	r.rec.Inc(t.m.c + metric.GroupRebalances)
	r.observeDeal(t.queue)
	r.deal(gi)
	for pi := t.parts.from; pi < t.parts.to; pi++ {
		p := &r.partitions[pi]
		switch {
		case !t.cooperative:
			r.disown(pi)
		case p.to != p.owner && p.owner != none:
			p.moving = true
			r.stopped(pi, true)
		}
	}
	if t.pause == 0 {
		r.dealt(gi)
		return
	}
	g.timer = r.list.Push(r.now+t.pause, kernel.PhaseTimer, evGroup, groupTimers*gi+rebalanceTimer)
}

// observeDeal tells that a rebalance begins.
func (r *Run) observeDeal(qi int32) {
	if r.obs == nil {
		return
	}
	x := r.here(PartitionsDealt, none, 0, design.OK)
	x.Node, x.Queue = nth(r.prog.brokers, nth(r.prog.queues, qi).broker).node, qi
	r.obs.Observe(x)
}

// deal decides who owns what after a rebalance.
func (r *Run) deal(gi int32) {
	g, t := &r.groups[gi], &r.prog.groups[gi]
	owners := make([]int32, t.parts.to-t.parts.from)
	for i := range owners {
		owners[i] = deal.Nobody
		if at, is := slices.BinarySearch(g.members, r.partitions[t.parts.from+int32(i)].owner); is {
			owners[i] = int32(at)
		}
	}
	if n := int32(len(g.members)); n > 0 {
		t.deal.Deal(owners, n)
	}
	for i, m := range owners {
		to := none
		if m != deal.Nobody {
			to = g.members[m]
		}
		r.partitions[t.parts.from+int32(i)].to = to
	}
}

// dealt gives the partitions to their new owners, as soon as the old ones are done with
// what they have of them.
func (r *Run) dealt(gi int32) {
	g, t := &r.groups[gi], &r.prog.groups[gi]
	g.over = false
	for pi := t.parts.from; pi < t.parts.to; pi++ {
		p := &r.partitions[pi]
		if p.to == p.owner {
			p.moving = false
			r.stopped(pi, false)
			continue
		}
		if p.owner != none && p.held > 0 {
			g.over = true
			continue
		}
		if p.owner != none {
			r.commitAll(p.owner)
			r.disown(pi)
		}
		p.moving, p.owner = false, p.to
		r.stopped(pi, p.owner == none)
	}
	for pi := t.parts.from; pi < t.parts.to && r.end == Running; pi++ {
		r.available(pi)
	}
	if g.over {
		return
	}
	r.pollGroup(gi)
	r.tryDeal(gi)
}

// firstDeal deals the partitions at the beginning of a run.
func (r *Run) firstDeal() {
	for ci := range r.members {
		if c := &r.consumers[ci]; c.log && c.prefetch > 0 {
			r.enroll(int32(ci))
		}
	}
	for gi := range r.groups {
		r.deal(int32(gi))
		r.dealt(int32(gi))
	}
	for pi := range r.partitions {
		r.stopped(int32(pi), true)
	}
}
