package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/mech/deal"
	"asynclab/sim/metric"
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
	beginNow    bool  // behind the newest message
	replay      design.Replay
	m           block
}

// group is the state of a group.
type group struct {
	members []int32 // consumers, in ascending order
	timer   uint64  // the end of a rebalance's pause
	wanted  bool    // a rebalance is to begin
	over    bool    // the pause is over, but partitions have not moved yet
	begun   bool    // it has what is published
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
		if m.fresh {
			r.comeBackToGroup(i)
		}
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
		r.groups[i].begun = !t.beginNow
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
	g.begun = true
	r.rec.Up(r.prog.groups[m.group].m.l+metric.GroupMembers, r.now)
	r.watchMember(ci)
}

// vanish ends the membership of one that went without notice: what it had done since its
// last commit is done again.
func (r *Run) vanish(ci int32) {
	if m := &r.members[ci]; m.joined {
		r.rec.Observe(r.prog.groups[m.group].m.h+metric.GroupRepeated, int64(m.done)*metric.One)
	}
	r.leave(ci)
}

// leave ends a membership. What the member has comes back, from the last commit on;
// what it is doing goes on.
func (r *Run) leave(ci int32) {
	m := &r.members[ci]
	if !m.joined {
		return
	}
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
	r.rebalance(m.group)
}

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
		r.leave(ci)
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

// comeBackToGroup lets a consumer that is no member join, if it can.
func (r *Run) comeBackToGroup(ci int32) {
	c, m := nth(r.consumers, ci), &r.members[ci]
	if m.joined || c.prefetch == 0 || r.away(c.inst) || !r.conns[c.conn].broker || !r.conns[c.conn].client || r.instances[c.inst].down > 0 {
		return
	}
	r.enroll(ci)
	r.rebalance(m.group)
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
