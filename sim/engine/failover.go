package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/mech"
)

// Calls that have several targets. Each target beyond that of the step is a site of its own,
// behind all others, with its own links and guards and the edge of the step. A guard chooses
// the one of each attempt, and the call is at that site until its next attempt.

// alternate compiles a further target of a site.
func (c *compiler) alternate(st *site, by string, to design.Target, guarded func() guards) {
	alt := *st
	other := c.siteFor(to)
	alt.kind, alt.handler, alt.service, alt.queue, alt.broker = other.kind, other.handler, other.service, other.queue, other.broker
	alt.unasked = other.unasked
	if alt.broker != none {
		alt.conn = c.connTo(by, to.Node)
	}
	alt.bare = c.bare(&alt)
	c.linked(&alt, by, to.Node)
	alt.linkSalt = draw.Mix(draw.HashString(to.String()), st.linkSalt)
	c.instead = &to
	alt.guards = guarded()
	c.instead = nil
	alt.hedge = c.hedging(&alt)
	st.chooses, alt.chooses = c.choosing(st), c.choosing(&alt)
	alt.alts = span{}
	st.alts.to++ // their number, until they have places
	c.alternates = append(c.alternates, alt)
}

// choosing is the place of the guard that chooses among targets, plus one.
func (c *compiler) choosing(st *site) int32 {
	for k := range st.guards.n {
		if c.parts[c.Program.guards[st.guards.first+k]].mech.Pick != nil {
			return k + 1
		}
	}
	return 0
}

// placeAlternates puts the further targets behind all sites.
func (c *compiler) placeAlternates() {
	all := c.alternates
	for i := range c.sites {
		s := &c.sites[i]
		n := s.alts.to
		if n == 0 {
			continue
		}
		s.alts = span{int32(len(c.sites)), int32(len(c.sites)) + n}
		c.parts[c.Program.guards[s.guards.first+s.chooses-1]].site = int32(i)
		for k := range n {
			alt := all[k]
			alt.alt, alt.load = int32(i)+1, s.load
			c.sites = append(c.sites, alt)
			s = &c.sites[i]
		}
		all = all[n:]
	}
	c.alternates = nil
}

// sameEdges gives the further targets the edge of their step.
func (c *compiler) sameEdges() {
	for i := range c.sites {
		if of := c.sites[i].alt; of > 0 {
			c.sites[i].m = c.sites[of-1].m
		}
	}
}

// adaptAlternates puts further targets that were compiled anew into the places that those
// of a site have.
func (p *Program) adaptAlternates(s *site, places span, all []site) []site {
	s.alts = places
	for k := places.from; k < places.to; k++ {
		old := &p.sites[k]
		all[0].m, all[0].alt, all[0].load, all[0].from = s.m, old.alt, s.load, s.from
		all[0].salt, all[0].gather = old.salt, old.gather
		*old, all = all[0], all[1:]
	}
	return all
}

// edgeOf is the site of a step whose call is at a site.
func (p *Program) edgeOf(i int32) int32 {
	if of := nth(p.sites, i).alt; of > 0 {
		return of - 1
	}
	return i
}

// redirect chooses the target of an attempt.
func (r *Run) redirect(ci int32, c *call, s *site) *site {
	k := s.chooses - 1
	p, n := r.guard(ci, k)
	cell := r.cell(p, n, r.opOf(c))
	to := int32(p.mech.Pick(cell))
	r.ticket(ci)[ticketHead+k] = cell.Ticket
	if c.site = r.prog.edgeOf(c.site); to > 0 {
		c.site = nth(r.prog.sites, c.site).alts.from + to - 1
	}
	return nth(r.prog.sites, c.site)
}

// Reaches says what the k-th target of a call would do with a check by the caller of the
// cell: an instance that answers is enough. Absent is a caller that cannot ask.
func (h *host) Reaches(k int) mech.Answering {
	r, p, caller := h.r, h.r.prog, int32(0)
	if h.p.inst0 != none {
		if caller = h.p.inst0 + h.n; r.answers(caller) != mech.Well {
			return mech.Absent
		}
	}
	s := nth(p.sites, h.p.site)
	if k > 0 {
		s = nth(p.sites, s.alts.from+int32(k)-1)
	}
	if r.links[s.fwd].cut > 0 || r.links[s.back].cut > 0 {
		return mech.Silent
	}
	if s.broker != none {
		switch b := &r.brokers[s.broker]; {
		case b.silent > 0:
			return mech.Silent
		case b.down > 0, !nth(r.conns, s.conn+caller).client: // or it is not connected again
			return mech.Refuses
		}
		return mech.Well
	}
	best := mech.Refuses
	v := nth(p.services, s.service)
	for ii := v.inst0; ii < v.inst0+v.instances; ii++ {
		switch a := r.answers(ii); {
		case a == mech.Well:
			return mech.Well
		case a != mech.Absent:
			best = max(best, a)
		}
	}
	return best
}
