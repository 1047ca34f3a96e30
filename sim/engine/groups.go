package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/mech/deal"
)

// Consumer groups: who owns which partition, and how that changes.
//
//	comes, leaves, silent for its session, too long at one batch
//	   │
//	   ▼
//	wanted ──every member has finished what it has──► dealt ──pause──► handed over again
//
// An eager rebalance stops every member until it is over; a cooperative one only the
// partitions that move.

// groupT is a group: the consumers of a subscription of a topic with partitions.
type groupT struct {
	queue       int32 // the subscription
	parts       span  // of the program's partitions
	deal        *deal.Strategy
	cooperative bool
	pause       int64
	session     int64 // 0: none
	pollLimit   int64 // 0: none
	commit      int64 // 0: after each message
	begin       design.LogPlace
	replay      design.Replay
	m           block
}

// group is the state of a group.
type group struct {
	members []int32 // consumers, in ascending order
	timer   uint64  // the end of a rebalance's pause
	wanted  bool    // a rebalance is to begin
	over    bool    // the pause is over, but partitions have not moved yet
	begun   bool    // it gets whatever is published
	replay  uint64  // timer
}

// member is a consumer as a member of its group.
type member struct {
	ready     ring[int32] // partitions that have something
	group     int32       // none: it reads no log
	held      int32       // copies that it was given and is not done with
	again     int32       // of those held, copies that it waits to try again
	done      int32       // copies that it is done with and has not committed
	session   uint64      // timer
	poll      uint64      // timer: it takes too long or, where it has nothing to do, commits
	committed int64       // when it last committed
	joined    bool
	fresh     bool // its process has started anew, and knows nothing of its membership
	finished  bool // it has finished what it had when a rebalance was wanted
}

// The timers of groups, by the remainder of what an event of theirs is about.
const (
	rebalanceTimer = iota // of a group
	sessionTimer          // of a member
	pollTimer             // of a member
	ageTimer              // of a log: its oldest record is deleted
	compactTimer          // of a log
	replayTimer           // of a group
	failoverTimer         // of a broker
	catchUpTimer          // of a broker
	redriveTimer          // of a queue
	flushTimer            // of what is flushed
	lagTimer              // of a broker: a follower is out of step
	flowTimer             // of a broker: it takes one more message
	groupTimers
)

const _ = kernel.MaxArg - design.MaxConsumers*groupTimers // does not compile when a consumer does not fit

// groupEvent handles a timer of a group.
func (r *Run) groupEvent(arg int32) {
	i := arg / groupTimers
	switch kind := uint64(arg % groupTimers); kind {
	case rebalanceTimer, replayTimer:
		r.note(evGroup, nth(r.prog.queues, r.prog.groups[i].queue).element, none, kind)
		switch *r.groupTimer(arg) = 0; {
		case kind == rebalanceTimer:
			r.dealt(i)
		case !r.draining:
			r.replay(i)
		}
		return
	case failoverTimer, catchUpTimer, lagTimer, flowTimer:
		r.note(evGroup, r.prog.brokers[i].element, none, kind)
		switch *r.groupTimer(arg) = 0; kind {
		case failoverTimer:
			r.leads(i)
		case catchUpTimer:
			r.caughtUp(i)
		case flowTimer:
			r.takeSlowly(i)
		default:
			r.outOfStep(i)
		}
		return
	case redriveTimer:
		r.note(evGroup, r.prog.queues[i].element, none, kind)
		*r.groupTimer(arg) = 0
		r.redrives(i)
		return
	case flushTimer:
		r.note(evGroup, r.prog.flushes[i].element, none, kind)
		r.flushEvent(i)
		return
	case ageTimer, compactTimer:
		r.note(evGroup, r.prog.logs[i].element, none, kind)
		if *r.groupTimer(arg) = 0; kind == ageTimer {
			r.aged(i)
		} else {
			r.compacted(i)
		}
		return
	}
	m := &r.members[i]
	r.note(evGroup, nth(r.prog.conns, r.consumers[i].conn).id, none, uint64(arg%groupTimers))
	if arg%groupTimers == sessionTimer {
		m.session = 0
		r.vanish(i)
		return
	}
	if m.poll = 0; m.held == 0 { // it has nothing to do, and asks again and again
		if c := &r.consumers[i]; !m.fresh && !r.away(c.inst) && r.conns[c.conn].client && r.conns[c.conn].broker {
			r.commitAll(i)
		}
		return
	}
	r.vanish(i)
}

// groupTimer is where the ID of a timer of a group is kept.
func (r *Run) groupTimer(arg int32) *uint64 {
	switch i := arg / groupTimers; arg % groupTimers {
	case rebalanceTimer:
		return &r.groups[i].timer
	case sessionTimer:
		return &r.members[i].session
	case ageTimer:
		return &r.logs[i].timer
	case compactTimer:
		return &r.logs[i].compact
	case replayTimer:
		return &r.groups[i].replay
	case failoverTimer:
		return &r.brokers[i].failover
	case catchUpTimer:
		return &r.brokers[i].catchUp
	case lagTimer:
		return &r.brokers[i].lags
	case flowTimer:
		return &r.flow[i].timer
	case redriveTimer:
		return &r.queues[i].redrive
	case flushTimer:
		return &r.flushes[i].timer
	default:
		return &r.members[i].poll
	}
}

// startGroups deals the partitions to the members that are there from the beginning.
func (r *Run) startGroups() {
	if len(r.prog.logs) == 0 {
		return
	}
	r.groups = make([]group, len(r.prog.groups))
	for i := range r.groups {
		t := &r.prog.groups[i]
		r.groups[i].begun = t.begin == (design.LogPlace{})
		if t.replay.At > 0 {
			r.groups[i].replay = r.list.Push(int64(t.replay.At), kernel.PhaseFault, evGroup, groupTimers*int32(i)+replayTimer)
		}
	}
	r.logs = make([]logState, len(r.prog.logs))
	r.turns = make([]uint64, len(r.prog.topics))
	r.partitions = make([]partition, len(r.prog.partitions))
	for i := range r.partitions {
		r.partitions[i] = partition{owner: none, to: none, parked: waitList{none, none}}
	}
}

// poll hands the next messages to a member that is done with what it had.
func (r *Run) poll(ci int32) {
	c, m := nth(r.consumers, ci), &r.members[ci]
	if m.held > 0 && c.batches {
		r.takeMore(ci)
		return
	}
	if m.held > 0 || c.credit != c.prefetch || r.suspended(c.inst) || !r.conns[c.conn].broker || !r.conns[c.conn].client || r.end != Running {
		return
	}
	if !m.joined {
		r.comeBackToGroup(ci)
		return
	}
	if m.fresh {
		return
	}
	if c.prefetch == 0 { // it has been told to stop, and leaves in order
		r.commitAll(ci)
		r.dismiss(ci)
		r.rebalance(m.group)
		return
	}
	r.cancel(&m.poll)
	gi, t := m.group, &r.prog.groups[m.group]
	g := &r.groups[gi]
	if t.commit > 0 && r.now >= m.committed+t.commit {
		r.commitAll(ci)
	}
	if g.over {
		r.dealt(gi)
	}
	if g.wanted && !m.finished {
		m.finished = true
		r.tryDeal(gi)
	}
	if (g.wanted || g.timer != 0) && !t.cooperative {
		return
	}
	if m = &r.members[ci]; m.held > 0 || !m.joined {
		return
	}
	r.handParts(ci, maxInt32)
	switch {
	case m.held > 0 && t.pollLimit > 0:
		m.poll = r.list.Push(r.now+t.pollLimit, kernel.PhaseTimer, evGroup, groupTimers*ci+pollTimer)
	case m.held == 0 && m.done > 0:
		m.poll = r.list.Push(m.committed+t.commit, kernel.PhaseTimer, evGroup, groupTimers*ci+pollTimer)
	}
}

// takeMore hands messages to a member whose batch lingers.
func (r *Run) takeMore(ci int32) {
	c, m, f := nth(r.consumers, ci), &r.members[ci], nth(r.fetchers, ci)
	g, u := &r.groups[m.group], &nth(r.prog.consumes, c.consume).fetch
	if f.busy > 0 || m.again > 0 || u.linger == 0 || !m.joined || m.fresh || g.wanted || g.timer != 0 || g.over ||
		r.suspended(c.inst) || !r.conns[c.conn].broker || !r.conns[c.conn].client || r.end != Running {
		return
	}
	r.handParts(ci, u.batch)
}

// handParts hands to a member what its partitions have, one after the other, while it
// holds fewer than so many.
func (r *Run) handParts(ci, most int32) {
	m := &r.members[ci]
	for m.ready.n > 0 && m.held < most && nth(r.consumers, ci).credit > 0 {
		pi := m.ready.pop()
		p := &r.partitions[pi]
		if p.owner != ci || !p.listed {
			continue
		}
		if p.listed = false; p.moving {
			continue
		}
		k := r.next(pi)
		if k == none {
			continue
		}
		if r.has(pi) {
			p.listed = true
			m.ready.push(pi)
		}
		r.handPart(pi, k, ci)
	}
}

// groupsDown stops the groups of a broker that has crashed.
func (r *Run) groupsDown(b int32) {
	for gi := range r.groups {
		g, t := &r.groups[gi], &r.prog.groups[gi]
		if nth(r.prog.queues, t.queue).broker != b {
			continue
		}
		if g.timer != 0 {
			r.cancel(&g.timer)
			g.wanted = true
		}
		for _, ci := range g.members {
			r.cancel(&r.members[ci].session)
			r.cancel(&r.members[ci].poll)
		}
	}
}

// groupsUp goes on with them.
func (r *Run) groupsUp(b int32) {
	for gi := range r.groups {
		if nth(r.prog.queues, r.prog.groups[gi].queue).broker != b {
			continue
		}
		for _, ci := range slices.Clone(r.groups[gi].members) {
			r.watchMember(ci)
		}
		r.tryDeal(int32(gi))
	}
}

// pollGroup asks all consumers of a group whether they can go on, or can join.
func (r *Run) pollGroup(gi int32) {
	queue := r.prog.groups[gi].queue
	for i := range r.prog.consumes {
		if r.prog.consumes[i].queue != queue {
			continue
		}
		for ci := r.readers[i].head; ci != none; ci = r.consumers[ci].next {
			r.poll(ci)
		}
	}
}
