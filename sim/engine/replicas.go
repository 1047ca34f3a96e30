package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Brokers of several nodes: a leader, and followers that have its messages a lag later.
//
//	published ──acks leader──► in the queue, confirmed     ──lag──► the followers have it
//	          ──acks all─────────────────────────────────── lag ──► in the queue, confirmed
//
//	leader crashes ──failover──► a follower leads: without what it does not have yet
//
// Which messages the followers have is not stored: the lag of a message is a draw of its
// own, so that it is known when it is asked.

// replicasT are the nodes of a broker.
type replicasT struct {
	nodes    int32 // 1: it is one node
	all      bool  // a message is there when the followers have it
	minimum  int32 // nodes that must be up for it
	lag      draw.Dist
	key      int32
	failover int64
	m        block
}

// survives reports whether a broker's messages outlive its leader: another node is up.
func (r *Run) survives(b int32) bool {
	return r.brokers[b].missing < nth(r.prog.brokers, b).replicas.nodes
}

// replicated reports whether the followers of a broker have what was published to it.
func (r *Run) replicated(t *replicasT, id, occ uint64, published int64) bool {
	return t.all || published+t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(id, occ)) <= r.now
}

// replicate lets a message wait until the followers of its broker have it. It reports
// whether it does.
func (r *Run) replicate(mi, b int32) bool {
	m, t := r.msgs.at(mi), &nth(r.prog.brokers, b).replicas
	if t.nodes-nth(r.brokers, b).missing < t.minimum {
		r.rec.Inc(t.m.c + metric.ReplicationRefused)
		r.refuse(mi, false)
		return true
	}
	lag := t.lag.SampleNanos(nth(r.keys, t.key).UniformOf(r.ops.at(m.op).id, m.occ))
	if lag == 0 {
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
		}
	}
}

// nodeDown notes the crash of a node of a broker. It reports whether that is all: the
// broker is away already.
func (r *Run) nodeDown(b int32) (away bool) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	s.missing++
	if s.missing <= t.nodes {
		r.rec.Down(t.m.l+metric.ReplicationNodes, r.now)
	}
	r.cancel(&s.failover)
	if s.missing < t.nodes {
		s.failover = r.list.Push(r.now+t.failover, kernel.PhaseTimer, evGroup, groupTimers*b+failoverTimer)
	}
	if s.down == 0 {
		return false
	}
	if s.missing == t.nodes { // nobody is left who could lead
		r.loseCopies(b)
	}
	return true
}

// nodeUp notes that a node is back. It leads if there is nobody else.
func (r *Run) nodeUp(b int32) {
	s, t := &r.brokers[b], &r.prog.brokers[b].replicas
	if s.missing--; s.missing < t.nodes {
		r.rec.Up(t.m.l+metric.ReplicationNodes, r.now)
	}
	if s.down > 0 && s.failover == 0 && s.missing < t.nodes {
		r.leads(b)
	}
}

// leads lets a follower lead.
func (r *Run) leads(b int32) {
	s := &r.brokers[b]
	s.failover, s.down, s.silent = 0, 0, 0
	r.rec.Inc(r.prog.brokers[b].replicas.m.c + metric.ReplicationFailovers)
	r.brokerIsUp(b)
}

// loseTail loses the records of a log that the follower that leads now does not have. Their
// offsets are given again.
func (r *Run) loseTail(log int32, t *replicasT) {
	l, lt := &r.logs[log], &r.prog.logs[log]
	first := l.end
	for n := len(l.segments) - 1; n >= 0; n-- {
		s := l.segments[n]
		i := len(s.records)
		for i > 0 && (!lt.keeps || s.offset(i-1) >= l.start) && !r.replicated(t, r.identity(&s.records[i-1]), s.records[i-1].occ, s.records[i-1].published) {
			i--
			first = s.offset(i)
			r.rec.Inc(t.m.c + metric.ReplicationLost)
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
		for at := max(first, p.position); at < l.end && r.groups[r.prog.partitions[pi].group].begun; {
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
