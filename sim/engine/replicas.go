package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Brokers of several nodes: a leader, and followers that have its messages a lag later.
//
//	published ──acks leader──► in the queue, confirmed     ──lag──► the followers have it
//	          ──acks all, majority───────────────────────── lag ──► in the queue, confirmed
//
//	leader crashes ──failover──► a follower leads: without what it does not have yet
//
// Which messages the followers have is not stored: the lag of a message is a draw of its
// own, so that it is known when it is asked. The number of nodes is fixed in a run: it decides
// which draw counts (the quorum's), also of messages that are under way. A node less, or
// again, is a fault and its end; another number is another run, as a sweep makes them.

// replicasT are the nodes of a broker.
type replicasT struct {
	nodes    int32 // 1: it is one node
	acks     design.Acks
	quorum   int32 // nodes that must be up to elect one of them
	minimum  int32 // nodes that must be up and in step for a message
	lag      draw.Dist
	key      int32
	failover draw.Dist
	keyOver  int32
	catchUp  int64
	unclean  bool
	lagLimit int64 // 0: none
	m        block
}

// waits reports whether a message is there only when followers have it.
func (t *replicasT) waits() bool { return t.acks == design.AcksAll || t.acks == design.AcksMajority }

// tracks reports whether nodes that are up can be out of step.
func (t *replicasT) tracks() bool { return t.catchUp > 0 || t.lagLimit > 0 }

// awayNode is a node of a broker that is down, or up and not in step.
type awayNode struct {
	broker int32
	since  int64 // what was published later it lacks
	due    int64 // when it is in step; 0: it is down; stalled: without a leader it does not get there
}

const stalled = -1

// inStep is how many nodes of a broker have everything.
func (r *Run) inStep(b int32) int32 {
	return nth(r.prog.brokers, b).replicas.nodes - r.brokers[b].missing - r.brokers[b].behind
}

// electable reports whether one of the nodes of a broker can lead.
func (r *Run) electable(b int32) bool {
	t := &nth(r.prog.brokers, b).replicas
	up := t.nodes - r.brokers[b].missing
	return up >= t.quorum && (r.inStep(b) > 0 || t.unclean && up > 0)
}

// lagOf is how long a message waits until the followers have it that have to.
func (r *Run) lagOf(t *replicasT, id, occ uint64, missing int32) int64 {
	followers := t.nodes - missing - 1
	if followers <= 0 {
		return 0
	}
	if t.acks != design.AcksMajority || followers < 2 {
		return t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(id, occ))
	}
	var all [100]int64
	for i := range followers {
		all[i] = t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(id, combine(occ, uint64(i)+1)))
	}
	slices.Sort(all[:followers])
	return all[min(t.quorum-2, followers-1)]
}

// survives reports whether a broker's messages outlive its leader: another node has them.
func (r *Run) survives(b int32) bool {
	return r.inStep(b) > 0
}

// replicated reports whether the followers of a broker have what was published to it.
func (r *Run) replicated(b int32, id, occ uint64, published int64) bool {
	t, lacks := &nth(r.prog.brokers, b).replicas, r.brokers[b].lacks
	if !t.waits() {
		published += t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(id, occ))
	}
	return published <= r.now && (lacks == 0 || published <= lacks)
}

// replicate lets a message wait until the followers of its broker have it. It reports
// whether it does.
func (r *Run) replicate(mi, b int32) bool {
	m, t := r.msgs.at(mi), &nth(r.prog.brokers, b).replicas
	if r.inSync(b) < t.minimum || t.nodes-r.brokers[b].missing < t.quorum {
		r.rec.Inc(t.m.c + metric.ReplicationRefused)
		r.refuse(mi, false)
		return true
	}
	without := nth(r.brokers, b).missing
	if t.acks == design.AcksAll {
		without += nth(r.brokers, b).behind
	}
	lag := r.lagOf(t, r.ops.at(m.op).id, m.occ, without)
	if t.lagLimit > 0 {
		lag = min(lag, t.lagLimit)
	}
	if lag == 0 && nth(r.brokers, b).still == 0 {
		return false
	}
	m.timer = r.list.Push(r.now+lag, kernel.PhaseMain, evReplicated, mi)
	return true
}

// startNodes begins with all nodes up.
func (r *Run) startNodes() {
	for i := range r.prog.brokers {
		if t := &r.prog.brokers[i].replicas; t.nodes > 1 {
			r.rec.Level(t.m.l+metric.ReplicationNodes, 0, int64(t.nodes))
			r.brokers[i].parked, r.brokers[i].last = none, none
			r.syncMoved(int32(i))
		}
	}
}

// nodeDown notes the crash of a node of a broker. It reports whether that is all: the
// broker is away already.
func (r *Run) nodeDown(b int32) (away bool) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	had := r.survives(b)
	s.missing++
	if s.missing <= t.nodes {
		r.rec.Down(t.m.l+metric.ReplicationNodes, r.now)
	}
	if t.tracks() {
		r.nodeAway(b, had)
	}
	defer r.syncMoved(b)
	if r.cancel(&s.failover); r.electable(b) {
		r.elect(b)
	}
	if s.down == 0 {
		s.since = r.now
		return false
	}
	if had && !r.survives(b) { // nobody is left who could lead
		r.loseCopies(b)
	}
	return true
}

// crashFollower lets a node of a broker crash that does not lead: the leader goes on, with
// one less that is in step. Where nobody leads it is one less that could.
func (r *Run) crashFollower(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	if s.down > 0 {
		r.nodeDown(b)
		return
	}
	s.missing++
	if s.missing <= t.nodes {
		r.rec.Down(t.m.l+metric.ReplicationNodes, r.now)
	}
	if t.tracks() {
		r.nodeAway(b, true)
	}
	r.syncMoved(b)
}

// elect lets one lead when that has taken its time.
func (r *Run) elect(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	s.failover = r.list.Push(r.now+t.failover.SampleNanos(r.keys[t.keyOver].Uniform(s.elections, 0)), kernel.PhaseTimer, evGroup, groupTimers*b+failoverTimer)
	s.elections++
}

// nodeAway notes which node has gone: one in step, if there was any.
func (r *Run) nodeAway(b int32, had bool) {
	if !had {
		for i := range r.awayNodes {
			if n := &r.awayNodes[i]; n.broker == b && n.due != 0 {
				n.due = 0
				r.brokers[b].behind--
				return
			}
		}
	}
	r.awayNodes = append(r.awayNodes, awayNode{broker: b, since: r.now})
}

// nodeUp notes that a node is back, of those that are down the one that went first. It
// leads if there is nobody else.
func (r *Run) nodeUp(b int32) {
	r.nodeIsUp(b)
	if r.prog.brokers[b].replicas.tracks() {
		r.nodeBack(b)
	}
	r.mayLead(b)
}

func (r *Run) nodeIsUp(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	if s.missing--; s.missing < t.nodes {
		r.rec.Up(t.m.l+metric.ReplicationNodes, r.now)
	}
}

// mayLead lets a node of a broker lead that has none, if there is one that can.
func (r *Run) mayLead(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	defer r.syncMoved(b)
	switch {
	case s.down == 0 || s.failover != 0 || !r.electable(b):
	case t.quorum > 1 || r.inStep(b) <= 0:
		r.elect(b)
	default:
		r.leads(b)
	}
}

// nodeBack lets a node that is back catch up, unless nothing has come since it went.
func (r *Run) nodeBack(b int32) {
	s := &r.brokers[b]
	i := slices.IndexFunc(r.awayNodes, func(n awayNode) bool { return n.broker == b && n.due == 0 })
	if i < 0 {
		return
	}
	if n := &r.awayNodes[i]; s.down > 0 && n.since >= s.since {
		r.awayNodes = slices.Delete(r.awayNodes, i, i+1)
		return
	}
	s.behind++
	r.awayNodes[i].due = stalled
	if s.down == 0 {
		r.catchUp(b)
	}
}

// catchUp lets the nodes of a broker that has a leader catch up.
func (r *Run) catchUp(b int32) {
	for i := range r.awayNodes {
		if n := &r.awayNodes[i]; n.broker == b && n.due == stalled {
			n.due = r.now + nth(r.prog.brokers, b).replicas.catchUp
		}
	}
	r.nextCatchUp(b)
}

// nextCatchUp sets the timer of the next node that is in step.
func (r *Run) nextCatchUp(b int32) {
	s := &r.brokers[b]
	r.cancel(&s.catchUp)
	next := int64(0)
	for _, n := range r.awayNodes {
		if n.broker == b && n.due > 0 && (next == 0 || n.due < next) {
			next = n.due
		}
	}
	if next > 0 {
		s.catchUp = r.list.Push(max(next, r.now), kernel.PhaseTimer, evGroup, groupTimers*b+catchUpTimer)
	}
}

// caughtUp lets nodes be in step whose time has come, or wait for a leader.
func (r *Run) caughtUp(b int32) {
	s := &r.brokers[b]
	for i := 0; i < len(r.awayNodes); i++ {
		switch n := &r.awayNodes[i]; {
		case n.broker != b || n.due <= 0 || n.due > r.now:
		case s.down > 0:
			n.due = stalled
		default:
			s.behind--
			r.awayNodes = slices.Delete(r.awayNodes, i, i+1)
			i--
		}
	}
	r.syncMoved(b)
	r.nextCatchUp(b)
}

// leads lets a node lead: a follower in step, or one that is not where there is none.
func (r *Run) leads(b int32) {
	s := &r.brokers[b]
	m := r.prog.brokers[b].replicas.m
	r.rec.Inc(m.c + metric.ReplicationFailovers)
	if r.inStep(b) <= 0 {
		best := none
		for i, n := range r.awayNodes { // the one that lacks least
			if n.broker == b && n.due != 0 && (best == none || n.since > r.awayNodes[best].since) {
				best = int32(i)
			}
		}
		s.lacks = max(1, r.awayNodes[best].since)
		r.awayNodes = slices.Delete(r.awayNodes, int(best), int(best)+1)
		s.behind--
		r.rec.Inc(m.c + metric.ReplicationUnclean)
		r.loseCopies(b)
		s.lacks = 0
	}
	s.failover, s.down, s.silent = 0, 0, 0
	r.brokerIsUp(b)
	r.catchUp(b)
	r.syncMoved(b)
}

// loseTail loses the records of a log that the follower that leads now does not have.
func (r *Run) loseTail(log, b int32) {
	t := &r.prog.brokers[b].replicas
	r.cutLog(log, func(s *segment, i int) bool {
		rec := &s.records[i]
		if r.replicated(b, r.identity(rec), rec.occ, rec.published) {
			return false
		}
		r.rec.Inc(t.m.c + metric.ReplicationLost)
		return true
	})
}

// cutLog loses the last records of a log that are gone. Their offsets are given again.
func (r *Run) cutLog(log int32, gone func(s *segment, i int) bool) {
	l, lt := &r.logs[log], &r.prog.logs[log]
	first := l.end
	for n := len(l.segments) - 1; n >= 0; n-- {
		s := l.segments[n]
		i := len(s.records)
		for i > 0 && (!lt.keeps || s.offset(i-1) >= l.start) && gone(s, i-1) {
			i--
			first = s.offset(i)
			r.unknownRecord(lt, s, i)
			if lt.keeps {
				r.notKept(log, &s.records[i], metric.LogDeleted)
			}
		}
		if i > 0 {
			break
		}
	}
	if first == l.end {
		return
	}
	for _, pi := range lt.readers {
		p := &r.partitions[pi]
		for at := max(first, p.position); at < l.end; {
			s, i := l.seek(at)
			at = s.offset(i) + 1
			r.passBy(pi, &s.records[i], metric.QueueLost, design.Lost)
		}
	}
	r.logBytes += l.truncate(first)
	for _, pi := range lt.readers {
		p := &r.partitions[pi]
		if p.position = min(p.position, l.end); len(l.segments) == 0 {
			p.position = l.end
		}
		r.lagMoved(pi)
	}
}
