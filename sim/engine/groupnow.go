package engine

import "asynclab/sim/metric"

// MostParts is how many partitions of a group a Snapshot tells apart.
const MostParts = 16

// GroupNow is the group that reads a topic with partitions.
type GroupNow struct {
	Partitions int                // 0: the queue is that of no group
	Each       [MostParts]PartNow // the first of them
	Unread     int                // partitions whose member is silent
	Silent     int                // members that have gone without notice, and whom the group still counts
	Deals      bool               // the partitions are about to be dealt anew, or are
}

// PartNow is a partition of a group.
type PartNow struct {
	Waiting int32 // messages that wait, those that the log has cut out included
	Reader  PartReader
}

// PartReader says who reads a partition.
type PartReader uint8

// A member; one that is silent; nobody, or it is about to move.
const (
	PartRead PartReader = iota
	PartSilent
	PartStill
)

// groupNow is the group of a queue.
func (r *Run) groupNow(q *queueT) (now GroupNow) {
	if q.gid == 0 || len(r.groups) == 0 {
		return now
	}
	g, t := &r.groups[q.gid-1], &r.prog.groups[q.gid-1]
	now.Partitions, now.Deals = int(t.parts.to-t.parts.from), g.wanted || g.timer != 0 || g.over
	for _, ci := range g.members {
		now.Silent += b2i(r.silentMember(ci))
	}
	for pi := t.parts.from; pi < t.parts.to; pi++ {
		p, part := &r.partitions[pi], PartNow{}
		switch {
		case p.owner == none || p.moving || now.Deals && !t.cooperative && r.members[p.owner].finished:
			part.Reader = PartStill
		case r.silentMember(p.owner):
			part.Reader = PartSilent
			now.Unread++
		}
		if i := int(pi - t.parts.from); i < MostParts {
			part.Waiting = r.waitsIn(pi)
			now.Each[i] = part
		}
	}
	return now
}

// silentMember reports whether a member has gone and the group does not know it.
func (r *Run) silentMember(ci int32) bool {
	m := &r.members[ci]
	return m.fresh || m.session != 0 || r.instances[r.consumers[ci].inst].down > 0
}

// waitsIn is how many messages of a partition wait: those that nobody has had, and those
// that came back, of which it counts no more than a picture tells apart.
func (r *Run) waitsIn(pi int32) int32 {
	const most = 10_000
	p, t := &r.partitions[pi], &r.prog.partitions[pi]
	n := int32(0)
	if end := r.logs[t.log].end; end > p.position {
		n = int32(min(end-p.position, maxInt32/2))
	}
	if r.rec.LevelValue(t.m.l+metric.PartitionLag) == int64(n) {
		return n // none came back
	}
	for k := nth(r.queues, t.queue).head; k != none && n < most; k = r.copies.at(k).next {
		n++
	}
	return n
}
