package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Publishers that gather messages: what a step of an instance, or a load, publishes waits
// for others, and all of them are sent as one message. The first carries the others in a
// list (msg.copy), and each its own size (msg.taskID); at the broker each is published by
// itself.
//
//	publish ─► first ─► other ─► other     one message, sent when the first has
//	                                       lingered, or when they are enough

// gatherT is where an instance, or a load, gathers the messages of a site.
type gatherT struct {
	name    string // CALLER->BROKER/Q
	element uint64
	site    int32
	inst    int32 // none: of a load
	m       block
}

// gathering is its state.
type gathering struct {
	sent  uint64 // batches so far
	timer uint64
	bytes uint64
	head  int32
	tail  int32
	n     int32
}

// gathers takes over when the messages of a site are sent.
func (st *site) gathers(g *design.Gather) {
	if st.kind == toService || g.Linger <= 0 {
		return
	}
	st.linger, st.most, st.bytes = int64(g.Linger), bound(g.Max, maxInt32), math.MaxUint64
	if g.Size > 0 {
		st.bytes = uint64(min(g.Size, 1e18))
	}
}

// gatherTables makes a gathering for each site and instance that gathers.
func (c *compiler) gatherTables() {
	for i := range c.edges {
		e := &c.edges[i]
		st := &c.sites[e.site]
		if st.linger == 0 {
			continue
		}
		t := gatherT{name: e.name, element: draw.HashString("publisher/" + e.name), site: e.site, inst: none}
		if st.gather = int32(len(c.gathers)); e.load != none {
			c.gathers = append(c.gathers, t)
			continue
		}
		s := &c.services[st.from]
		st.gather -= s.inst0
		for t.inst = s.inst0; t.inst < s.inst0+s.instances; t.inst++ {
			c.gathers = append(c.gathers, t)
		}
	}
}

// eachGathering visits the sites that gather.
func (p *Program) eachGathering(visit func(t *gatherT, i int)) {
	for i := range p.gathers {
		if t := &p.gathers[i]; i == 0 || p.gathers[i-1].site != t.site {
			visit(t, i)
		}
	}
}

func (r *Run) startGathers() {
	r.gathers = make([]gathering, len(r.prog.gathers))
	for i := range r.gathers {
		r.gathers[i].head, r.gathers[i].tail = none, none
	}
}

// gather lets a message wait for others.
func (r *Run) gather(mi int32, s *site, sender int32) {
	gi := s.gather + r.instanceOf(sender)
	g, m := nth(r.gathers, gi), r.msgs.at(mi)
	m.taskID, m.copy = uint64(m.size), none
	m.place = uint64(r.now) // that of its copy it gets at the broker
	if g.n == 0 {
		g.head, g.bytes = mi, 0
		g.timer = r.list.Push(r.now+s.linger, kernel.PhaseTimer, evGather, gi)
	} else {
		r.msgs.at(g.tail).copy = mi
	}
	g.tail = mi
	g.n++
	if g.bytes += uint64(m.size); g.n >= s.most || g.bytes >= s.bytes {
		r.sendGathered(gi)
	}
}

// lingered is the end of the time after the first message.
func (r *Run) lingered(gi int32) {
	g := nth(r.gathers, gi)
	g.timer = 0
	r.note(evGather, nth(r.prog.gathers, gi).element, none, g.sent)
	r.sendGathered(gi)
}

// sendGathered sends what was gathered, unless the process is paused or down: then it is
// sent when it goes on.
func (r *Run) sendGathered(gi int32) {
	g, t := nth(r.gathers, gi), nth(r.prog.gathers, gi)
	if r.away(t.inst) || t.inst != none && nth(r.instances, t.inst).down > 0 {
		if r.led != nil {
			r.spendGathered(gi, false)
		}
		return
	}
	r.cancel(&g.timer)
	conn := nth(r.prog.sites, t.site).conn
	if t.inst != none {
		conn += t.inst
	}
	epoch := nth(r.conns, conn).epoch
	if !nth(r.conns, conn).client {
		conn = none // an attempt to connect
	}
	first := g.head
	for mi := first; mi != none; {
		m := r.msgs.at(mi)
		if m.conn = conn; conn != none {
			m.epoch = epoch
		}
		r.rec.Observe(t.m.h+metric.PublisherLinger, r.now-int64(m.place))
		if r.led != nil {
			r.spend(r.msgThread(mi), m.op, SpentBatch, spot(atEdge, t.site))
		}
		m.place = 0
		next := m.copy
		if m.call != none && nth(r.prog.sites, m.site).unasked {
			r.isSent(mi)
		}
		mi = next
	}
	m := r.msgs.at(first)
	m.gathered = true
	m.size = uint32(min(g.bytes, math.MaxUint32))
	r.rec.Inc(t.m.c + metric.PublisherBatches)
	r.rec.Add(t.m.c+metric.PublisherBatched, uint64(g.n))
	g.sent++
	g.head, g.tail, g.n = none, none, 0
	r.transmit(first)
}

// unpack publishes each of the messages that have come together.
func (r *Run) unpack(mi int32) {
	first := r.msgs.at(mi)
	dup, spoilt := first.dup, first.spoilt
	first.gathered = false
	for mi != none {
		m := r.msgs.at(mi)
		next := m.copy
		m.copy, m.size, m.taskID = none, uint32(m.taskID), 0
		m.dup, m.resend, m.spoilt = m.dup || dup, m.resend || dup, m.spoilt || spoilt
		r.published(mi)
		mi = next
	}
}

// doubleGathered gives a message that a link has doubled copies of what travels with it.
func (r *Run) doubleGathered(di int32) {
	last := di
	for next := r.msgs.at(di).copy; next != none; {
		o := r.msgs.take()
		d, m := r.msgs.at(o), r.msgs.at(next)
		*d = *m
		d.id = r.nextID()
		d.dup, d.resend, d.copy = true, true, none
		d.occ = draw.Mix(d.occ, 0xd0b1e)
		if r.led != nil {
			*r.msgThread(o) = *r.msgThread(next)
		}
		if r.prog.setters > 0 {
			put(&r.env.msg, o, got(r.env.msg, next))
		}
		r.ref(d.op)
		r.msgs.at(last).copy = o
		last, next = o, m.copy
	}
}

// loseOthers ends the messages that travel with one that is lost.
func (r *Run) loseOthers(m *msg) {
	next := m.copy
	m.gathered, m.copy = false, none
	for next != none {
		mi, o := next, r.msgs.at(next)
		next, o.copy = o.copy, none
		r.lost[design.Lost]++
		r.blame(o.op, design.Lost)
		r.freeMsg(mi)
	}
}

// loseGathered loses what an instance that has crashed had gathered.
func (r *Run) loseGathered(ii int32) {
	for gi := range r.prog.gathers {
		g := &r.gathers[gi]
		if r.prog.gathers[gi].inst != ii || g.n == 0 {
			continue
		}
		r.cancel(&g.timer)
		first := g.head
		g.head, g.tail, g.n = none, none, 0
		r.loseOthers(r.msgs.at(first))
		r.lost[design.Lost]++
		r.blame(r.msgs.at(first).op, design.Lost)
		r.freeMsg(first)
	}
}

// goOnSending sends what has lingered for long enough while an instance could not send.
func (r *Run) goOnSending(ii int32) {
	for gi := range r.prog.gathers {
		if g := &r.gathers[gi]; r.prog.gathers[gi].inst == ii && g.n > 0 && g.timer == 0 {
			if r.led != nil {
				r.spendGathered(int32(gi), true)
			}
			r.sendGathered(int32(gi))
		}
	}
}
