package engine

import (
	"slices"

	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// The in-sync set of a broker whose followers leave it by their lag. Two do: one that
// takes longer for a message than the limit, until it has it; and one that stands still,
// which counts as in step until the limit.
//
//	published ──lag──► have all that are in step it? ──yes──► in the queue, confirmed
//	                       │ no: one stands still
//	                       ▼
//	                    parked ──it goes on──► lag ──► in the queue, confirmed
//	                           ──limit───────────────► likewise, or refused: too few in step

// inSync is how many nodes of a broker are in its in-sync set.
func (r *Run) inSync(b int32) int32 { return r.inStep(b) + r.brokers[b].still }

// syncMoved records how many they are.
func (r *Run) syncMoved(b int32) {
	s := &r.brokers[b]
	if n := max(0, r.inSync(b)); n != s.inSync {
		r.rec.Level(r.prog.brokers[b].replicas.m.l+metric.ReplicationInSync, r.now, int64(n-s.inSync))
		s.inSync = n
	}
}

// followed reports whether a message, whose time for the followers is over, has to wait
// for one of them. Where one has taken longer than the limit, that is out of step.
func (r *Run) followed(mi int32, t *replicasT) bool {
	m := r.msgs.at(mi)
	b := nth(r.prog.sites, m.site).broker
	s := &r.brokers[b]
	lag := t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(r.ops.at(m.op).id, m.occ))
	published := r.now - min(lag, t.lagLimit)
	switch {
	case s.down > 0:
	case s.still > 0:
		if m.next = none; s.parked == none {
			s.parked = mi
		} else {
			r.msgs.at(s.last).next = mi
		}
		s.last = mi
		return true
	case published < s.resumed && lag <= t.lagLimit: // one went on meanwhile, and has it later
		m.timer = r.list.Push(s.resumed+lag, kernel.PhaseMain, evReplicated, mi)
		return true
	case lag > t.lagLimit && r.inStep(b) > 1:
		s.behind++
		r.awayNodes = append(r.awayNodes, awayNode{broker: b, since: published, due: published + lag})
		r.rec.Inc(t.m.c + metric.ReplicationShrinks)
		r.syncMoved(b)
		r.nextCatchUp(b)
	}
	return r.tooFew(mi, b)
}

// tooFew refuses a message that too few nodes have that are in step.
func (r *Run) tooFew(mi, b int32) bool {
	t := &r.prog.brokers[b].replicas
	if r.inSync(b) >= t.minimum || r.brokers[b].down > 0 {
		return false
	}
	r.rec.Inc(t.m.c + metric.ReplicationRefused)
	r.refuse(mi, false)
	return true
}

// stopFollower lets a follower stand still. It is out of step at the limit; at once
// without one, or where there is no leader who could wait.
func (r *Run) stopFollower(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	if t.lagLimit == 0 || s.down > 0 || s.inSync <= 1 || r.inStep(b) <= 1 {
		r.crashFollower(b)
		return
	}
	s.missing++
	s.still++
	r.rec.Down(t.m.l+metric.ReplicationNodes, r.now)
	r.frozenNodes = append(r.frozenNodes, awayNode{broker: b, since: r.now, due: r.now + t.lagLimit})
	r.nextOut(b)
}

// nextOut sets the timer of the next follower that is out of step.
func (r *Run) nextOut(b int32) {
	s := &r.brokers[b]
	if r.cancel(&s.lags); s.still > 0 {
		i := slices.IndexFunc(r.frozenNodes, func(n awayNode) bool { return n.broker == b })
		s.lags = r.list.Push(r.frozenNodes[i].due, kernel.PhaseTimer, evGroup, groupTimers*b+lagTimer)
	}
}

// outOfStep takes the followers out of the in-sync set that have stood still for too long.
func (r *Run) outOfStep(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	for i := 0; i < len(r.frozenNodes); i++ {
		n := r.frozenNodes[i]
		if n.broker != b || n.due > r.now {
			continue
		}
		r.frozenNodes = slices.Delete(r.frozenNodes, i, i+1)
		i--
		s.still--
		r.rec.Inc(t.m.c + metric.ReplicationShrinks)
		r.awayNodes = append(r.awayNodes, awayNode{broker: b, since: n.since})
	}
	r.syncMoved(b)
	r.nextOut(b)
	r.goOnParked(b)
}

// goOnFollower lets a follower go on: that which has stood still for longest.
func (r *Run) goOnFollower(b int32) {
	s := &r.brokers[b]
	i := slices.IndexFunc(r.frozenNodes, func(n awayNode) bool { return n.broker == b })
	if i < 0 {
		r.nodeUp(b)
		return
	}
	since := r.frozenNodes[i].since
	r.frozenNodes = slices.Delete(r.frozenNodes, i, i+1)
	s.still--
	r.nodeIsUp(b)
	s.resumed = r.now
	if r.nextOut(b); s.down > 0 && s.failover == 0 && r.inStep(b) == 1 { // the leader has gone meanwhile, with what this one lacks
		s.lacks = max(1, since)
		r.loseCopies(b)
		s.lacks = 0
	}
	r.mayLead(b)
	r.goOnParked(b)
}

// goOnParked goes on with the messages for which a follower that stood still has to wait no
// longer, or was waited for.
func (r *Run) goOnParked(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	if s.still > 0 && s.down == 0 {
		return
	}
	mi := s.parked
	s.parked, s.last = none, none
	for mi != none {
		m := r.msgs.at(mi)
		next := m.next
		due := s.resumed + min(t.lagLimit, t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(r.ops.at(m.op).id, m.occ)))
		switch m.next = none; {
		case s.down == 0 && s.resumed > 0 && due > r.now:
			m.timer = r.list.Push(due, kernel.PhaseMain, evReplicated, mi)
		case !r.tooFew(mi, b):
			r.safe(mi)
		}
		mi = next
	}
}
