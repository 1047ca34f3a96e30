package engine

import (
	"unsafe"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// Logs: the partitions of topics. A record is stored once, whatever the number of
// groups that read it: what a group has not reached is an offset, and its copy begins
// when it is handed over (partitions.go).
//
//	topic ──key, or in turn──► log of a partition: segments of records
//	                             │ position of each group
//	                             └──► copy ──► member of the group ──► committed
//
// A record does not keep its operation's record: an operation that has ended is made
// again for its copy, from the load and the number that it had.

// logRecord is a message in a log.
type logRecord struct {
	published int64
	occ       uint64
	who       uint64 // load, 16 bits | damaged, 1 | duplicate, 1 | number among those of the load, 46
	slot      int32  // of its operation, if that still has this identity
	size      uint32
}

const _ = 32 - unsafe.Sizeof(logRecord{}) // does not compile when a record takes more

const (
	recordLoad   = 48
	recordSpoilt = 1 << 47
	recordDup    = 1 << 46
	recordNumber = recordDup - 1
)

// toLog appends a published message to the log of its partition, and hands it to those
// who wait for it.
func (r *Run) toLog(mi int32, t *topicT) {
	m := r.msgs.at(mi)
	envelope := got(r.env.msg, mi)
	if t.guards.n > 0 {
		if refused := r.letIn(t.guards, mi); refused != design.OK {
			for _, qi := range t.subs {
				r.notLetIn(mi, qi)
			}
			r.blame(m.op, refused)
			r.confirmPublish(mi, refused)
			r.freeMsg(mi)
			return
		}
	}
	if k := &nth(r.prog.logs, t.log0).known; k.memory > 0 && r.knows(k, mi) {
		for _, qi := range t.subs {
			r.notStored(mi, qi)
		}
		r.confirmKnown(mi, nth(r.prog.logs, t.log0).flush)
		return
	}
	p := r.partitionOf(t, m.op, envelope)
	o := r.ops.at(m.op)
	rec := logRecord{published: r.now, occ: m.occ, who: uint64(o.load)<<recordLoad | o.seq&recordNumber, slot: m.op, size: m.size}
	if m.spoilt {
		rec.who |= recordSpoilt
	}
	if m.resend {
		rec.who |= recordDup
	}
	slot, more := m.op, r.logs[t.log0+p].add(rec, m.lid, envelope)
	if r.logBytes += more; more > 0 && r.inFlight() > r.cfg.MaxBytes {
		r.finish(BudgetInFlight)
	}
	r.ref(slot) // not while we are here
	if t.keeps {
		r.keep(t, t.log0+p, slot, envelope)
	}
	for _, qi := range t.subs {
		gi := nth(r.prog.queues, qi).gid - 1
		if pi := nth(r.prog.groups, gi).parts.from + p; r.gets(gi, r.logs[t.log0+p].end-1) {
			r.cameTo(pi, slot, r.now)
		} else {
			r.partitions[pi].position = r.logs[t.log0+p].end
			r.lagMoved(pi) // what was deleted for the new one has looked at it
		}
	}
	if nth(r.prog.sites, r.msgs.at(mi).site).untraced {
		for range t.subs {
			r.breakTrace(slot)
		}
	}
	r.confirmStored(mi, nth(r.prog.logs, t.log0+p).flush, false)
	for _, qi := range t.subs {
		r.available(nth(r.prog.groups, nth(r.prog.queues, qi).gid-1).parts.from + p)
	}
	r.trim(t.log0 + p)
	r.unref(slot)
}

// gets reports whether a group gets what is published now and has this offset in its log.
// Before, its place is behind the newest record.
func (r *Run) gets(gi int32, offset uint64) bool {
	if r.groups[gi].begun {
		return true
	}
	begin := &r.prog.groups[gi].begin
	return begin.Time > 0 && r.now >= int64(begin.Time) || begin.Offset > 0 && offset >= uint64(begin.Offset)
}

// partitionOf is the partition of a message: of its key, or the next in turn.
func (r *Run) partitionOf(t *topicT, op, envelope int32) int32 {
	n := uint64(t.partitions)
	if t.key == 0 {
		turn := &r.turns[t.turn]
		*turn++
		return int32((*turn - 1) % n)
	}
	key := r.keyOf(op, envelope, t.key)
	if words := nth(r.prog.vocabulary, t.key-1); len(*words) > 0 {
		return int32(key % n)
	}
	k := int64(key) % int64(n) // Euclidean, as all keys that are numbers
	if k < 0 {
		k += int64(n)
	}
	return int32(k)
}

// trim forgets the records that every group has had.
func (r *Run) trim(log int32) {
	l, t := &r.logs[log], &r.prog.logs[log]
	if len(l.segments) < 2 {
		return
	}
	before := l.end
	for _, pi := range t.readers {
		before = min(before, r.partitions[pi].position)
	}
	if t.keeps {
		before = l.start
	}
	r.logBytes -= l.drop(before)
}

// alive is the operation of a record, if its record has not been given to another.
func (r *Run) alive(rec *logRecord) *op {
	o := r.ops.at(rec.slot)
	if o.id != r.identity(rec) {
		return nil
	}
	return o
}

func (r *Run) identity(rec *logRecord) uint64 {
	return draw.Operation(nth(r.prog.loads, int32(rec.who>>recordLoad)).element, rec.who&recordNumber)
}

// revive returns the operation of a record, with a reference to it. One that has ended
// and is forgotten is made again: nobody counts it any more, but its draws are the same.
func (r *Run) revive(rec *logRecord) int32 {
	if r.alive(rec) != nil {
		r.ref(rec.slot)
		return rec.slot
	}
	slot := r.ops.take()
	*r.ops.at(slot) = op{
		id: r.identity(rec), seq: rec.who & recordNumber, arrival: rec.published, load: int32(rec.who >> recordLoad),
		user: none, more: none, state: opConfirmed, accepted: true, refs: 1,
	}
	r.notLogged(slot)
	r.room(opStore, len(r.ops.items))
	return slot
}

// logged says that a group has a record of an operation before it, which keeps an open
// operation open as a copy does.
func (r *Run) logged(slot int32) *int32 {
	if n := len(r.ops.items) - len(r.inLogs); n > 0 {
		r.inLogs = append(r.inLogs, make([]int32, n)...)
	}
	return nth(r.inLogs, slot)
}

// notLogged begins with a slot for another operation.
func (r *Run) notLogged(slot int32) { *r.logged(slot) = 0 }

// unlogged says that a group has come past a record, or will never have it. An open
// operation of which nothing is left has failed.
func (r *Run) unlogged(rec *logRecord, cause design.Cause) {
	o := r.alive(rec)
	if o == nil {
		return
	}
	*r.logged(rec.slot)--
	if cause != design.OK {
		r.blame(rec.slot, cause)
		r.ended(rec.slot, o)
	}
}

// keptByLog reports whether an operation without a reference stays, because a log has
// more of it; otherwise its place can be given to another.
func (r *Run) keptByLog(slot int32, o *op) bool { return o.state == opOpen && *r.logged(slot) > 0 }
