package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// The members of consumer groups: who joins, who has left, and what comes back then.

// newMember notes a consumer of a log, which joins its group when it may have messages.
func (r *Run) newMember(ci int32) {
	c := &r.consumers[ci]
	r.members = append(r.members, member{group: nth(r.prog.queues, c.queue).gid - 1})
	if c.log = r.members[ci].group != none; c.log {
		c.idle = true // it never stands among the idle of a queue
	}
}

// enroll makes a consumer a member.
func (r *Run) enroll(ci int32) {
	m := &r.members[ci]
	g := &r.groups[m.group]
	at, _ := slices.BinarySearch(g.members, ci)
	g.members = slices.Insert(g.members, at, ci)
	m.joined, m.fresh, m.committed = true, false, r.now
	g.begun = g.begun || r.prog.groups[m.group].begin.Now
	r.rec.Up(r.prog.groups[m.group].m.l+metric.GroupMembers, r.now)
	r.watchMember(ci)
}

// vanish ends the membership of one that went without notice: what it had done since its
// last commit is done again. A process that is there again has waited for that, and comes
// with the same rebalance.
func (r *Run) vanish(ci int32) {
	m := &r.members[ci]
	if !m.joined {
		return
	}
	r.rec.Observe(r.prog.groups[m.group].m.h+metric.GroupRepeated, int64(m.done)*metric.One)
	r.dismiss(ci)
	if m.fresh && r.canJoin(ci) {
		r.enroll(ci)
	}
	r.rebalance(m.group)
}

// dismiss ends a membership. What the member has comes back, from the last commit on;
// what it is doing goes on.
func (r *Run) dismiss(ci int32) {
	m := &r.members[ci]
	g := &r.groups[m.group]
	at, _ := slices.BinarySearch(g.members, ci)
	g.members = slices.Delete(g.members, at, at+1)
	m.joined = false
	r.cancel(&m.session)
	r.cancel(&m.poll)
	r.rec.Down(r.prog.groups[m.group].m.l+metric.GroupMembers, r.now)
	span := r.prog.groups[m.group].parts
	for pi := span.from; pi < span.to; pi++ {
		p := &r.partitions[pi]
		if p.to == ci {
			p.to = none
		}
		if p.owner == ci {
			r.disown(pi)
		}
	}
	m.ready = ring[int32]{}
	for k := range r.still(r.heldBy(ci)) {
		r.free(k, design.EndLost)
	}
}

// comeBackToGroup lets a consumer that is no member join, if it can.
func (r *Run) comeBackToGroup(ci int32) {
	if m := &r.members[ci]; !m.joined && r.canJoin(ci) {
		r.enroll(ci)
		r.rebalance(m.group)
	}
}

// canJoin reports whether a consumer is there and may be a member.
func (r *Run) canJoin(ci int32) bool {
	c := nth(r.consumers, ci)
	return c.prefetch > 0 && !r.away(c.inst) && r.conns[c.conn].broker && r.conns[c.conn].client && r.instances[c.inst].down == 0
}

// watchMembers begins or ends the time until silent members have left.
func (r *Run) watchMembers(conn int32) {
	r.eachConsumer(conn, func(ci int32) {
		if r.consumers[ci].log {
			r.watchMember(ci)
		}
	})
}

func (r *Run) watchMember(ci int32) {
	c, m := &r.consumers[ci], &r.members[ci]
	t := &r.prog.groups[m.group]
	if !m.joined || t.session == 0 || nth(r.brokers, nth(r.prog.queues, t.queue).broker).down > 0 {
		return
	}
	switch quiet := m.fresh || r.silent(c.conn, toBroker); {
	case !quiet:
		r.cancel(&m.session)
	case m.session == 0:
		m.session = r.list.Push(r.now+t.session, kernel.PhaseTimer, evGroup, groupTimers*ci+sessionTimer)
	}
}

// processGone forgets what the consumers of an instance knew.
func (r *Run) processGone(ii int32) {
	for ci := r.instances[ii].consumers.head; ci != none; ci = r.consumers[ci].beside {
		if !r.consumers[ci].log {
			continue
		}
		m := &r.members[ci]
		m.fresh = true
		span := r.prog.groups[m.group].parts
		for pi := span.from; pi < span.to; pi++ {
			if r.partitions[pi].owner == ci {
				r.forgetTurn(pi, ci)
			}
		}
		r.watchMember(ci)
	}
}

// leaveGroups lets the consumers of an instance that goes leave their groups in order: what
// they have done is committed, and nobody has to miss them.
func (r *Run) leaveGroups(ii int32) {
	if len(r.groups) == 0 {
		return
	}
	for ci := r.instances[ii].consumers.head; ci != none; ci = r.consumers[ci].beside {
		c := &r.consumers[ci]
		if !c.log || !r.members[ci].joined || !r.conns[c.conn].client || !r.conns[c.conn].broker || !r.passable(r.prog.conns[c.conn].links[toBroker]) {
			continue
		}
		r.commitAll(ci)
		r.dismiss(ci)
		r.rebalance(r.members[ci].group)
	}
}

// reopened goes on with a consumer of a log whose connection is open again: it says what
// it has done meanwhile, and asks for what did not come through to it.
func (r *Run) reopened(ci int32) {
	m := &r.members[ci]
	if m.joined && m.fresh {
		if r.prog.groups[m.group].session > 0 {
			return // until the session of the process before it is over
		}
		r.vanish(ci)
	}
	for k := range r.still(r.heldBy(ci)) { // what goes on by one can end with the commit of all
		c := r.copies.at(k)
		if c.said { // its acknowledgement was under way
			r.doneWith(c)
		}
		switch {
		case c.done && r.prog.groups[m.group].commit == 0:
			r.commit(k)
		case !c.done && !c.here:
			r.free(k, design.EndLost)
		}
	}
	r.poll(ci)
}
