package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Retention: logs that keep their records whoever has had them, and groups that go to
// another place in them.
//
//	start ──► [ records that are kept ] ──► end
//	  │ by age, by size                       │ appended
//	  │ by a newer one of its key, anywhere   │
//	deleted; a group that is not yet there passes them by: expired

// All compactions of a run look at this many records at most, and as many more an event.
const freeCleans, eventCleans = 5_000_000, 20

// logT is a log.
type logT struct {
	readers []int32 // its partitions as groups see them
	topic   int32
	element uint64
	keeps   bool // records stay when every group has had them
	durable bool
	age     int64 // at which they are deleted; 0: never
	size    int64 // of all; 0: no limit
	compact int64 // interval; 0: never
	known   knownT
	flush   int32 // how its records come to the disk, plus one; 0: at once
	m       block // of its topic
}

// keep notes a record that was appended to a log that keeps its records, and deletes
// what is too much.
func (r *Run) keep(t *topicT, log, slot, envelope int32) {
	l, lt := &r.logs[log], &r.prog.logs[log]
	s := l.segments[len(l.segments)-1]
	rec := &s.records[len(s.records)-1]
	l.records++
	l.bytes += int64(rec.size)
	r.rec.Inc(lt.m.c + metric.LogAppended)
	r.rec.Up(lt.m.l+metric.LogRecords, r.now)
	r.rec.Level(lt.m.l+metric.LogBytes, r.now, int64(rec.size))
	if lt.age > 0 && l.timer == 0 {
		l.timer = r.list.Push(r.now+lt.age, kernel.PhaseTimer, evGroup, groupTimers*log+ageTimer)
	}
	if lt.compact > 0 {
		s.keys = append(s.keys, r.keyOf(slot, envelope, t.key))
		if l.compact == 0 {
			l.compact = r.list.Push((r.now/lt.compact+1)*lt.compact, kernel.PhaseTimer, evGroup, groupTimers*log+compactTimer)
		}
	}
	r.fit(log)
}

// fit deletes the oldest records of a log that is too large, but for the newest.
func (r *Run) fit(log int32) {
	l, lt := &r.logs[log], &r.prog.logs[log]
	if lt.size == 0 || l.bytes <= lt.size {
		return
	}
	for l.records > 1 && l.bytes > lt.size {
		r.deleteOldest(log)
	}
	r.deleted(log)
}

// deleteOldest deletes the first record of a log that keeps its records. The caller calls
// deleted when it has done all that it wants to delete.
func (r *Run) deleteOldest(log int32) {
	l, lt := &r.logs[log], &r.prog.logs[log]
	s, i := l.seek(l.start)
	at := s.offset(i)
	for _, pi := range lt.readers {
		if p := &r.partitions[pi]; p.position <= at {
			p.position, p.cut = at+1, true
			r.passBy(pi, &s.records[i], metric.QueueExpired, design.Expired)
		}
	}
	l.start = at + 1
	r.notKept(log, &s.records[i], metric.LogDeleted)
}

// notKept counts a record that a log keeps no longer.
func (r *Run) notKept(log int32, rec *logRecord, why measure.Counter) {
	l, m := &r.logs[log], r.prog.logs[log].m
	l.records--
	l.bytes -= int64(rec.size)
	r.rec.Inc(m.c + why)
	r.rec.Down(m.l+metric.LogRecords, r.now)
	r.rec.Level(m.l+metric.LogBytes, r.now, -int64(rec.size))
}

// deleted goes on after records of a log were deleted.
func (r *Run) deleted(log int32) {
	for _, pi := range r.prog.logs[log].readers {
		r.lagMoved(pi)
	}
	r.trim(log)
}

// aged deletes the records of a log that have the age at which they are deleted.
func (r *Run) aged(log int32) {
	l, lt := &r.logs[log], &r.prog.logs[log]
	for lt.age > 0 && l.records > 0 && l.at(l.start).published+lt.age <= r.now {
		r.deleteOldest(log)
	}
	if lt.age > 0 && l.records > 0 {
		l.timer = r.list.Push(l.at(l.start).published+lt.age, kernel.PhaseTimer, evGroup, groupTimers*log+ageTimer)
	}
	r.deleted(log)
}

// compacted deletes the records of a log that are followed by a newer one of their key.
// What is left moves to new segments, since old ones may be shared with checkpoints.
//
// It looks at the whole log, which can be much more than was appended. Within the bound of
// such work it is done; beyond, the log waits for the next time.
func (r *Run) compacted(log int32) {
	l := &r.logs[log]
	if most := freeCleans + eventCleans*r.events; r.cleaned+uint64(l.records) > most {
		return
	}
	r.cleaned += uint64(l.records)
	var seen kernel.Table
	stays := make([][]bool, len(l.segments))
	for n := len(l.segments) - 1; n >= 0; n-- {
		s := l.segments[n]
		stays[n] = make([]bool, len(s.records))
		for i := len(s.records) - 1; i >= 0 && s.offset(i) >= l.start; i-- {
			_, stays[n][i] = seen.Add(s.keys[i])
		}
	}
	before := l.segments
	l.segments, l.sparse = nil, true
	for n, s := range before {
		r.logBytes -= s.bytes()
		for i := range s.records {
			at := s.offset(i)
			switch {
			case at < l.start:
			case stays[n][i]:
				lid, envelope := s.more(i)
				to := l.open()
				if len(to.records) == 0 {
					to.first = at
				}
				to.add(s.records[i], lid, envelope, at)
				to.keys = append(to.keys, s.keys[i])
			default:
				r.superseded(log, &s.records[i], at)
			}
		}
	}
	for _, s := range l.segments {
		r.logBytes += s.bytes()
	}
	r.deleted(log)
}

// superseded deletes a record in the middle of a log.
func (r *Run) superseded(log int32, rec *logRecord, at uint64) {
	for _, pi := range r.prog.logs[log].readers {
		if r.partitions[pi].position <= at {
			r.passBy(pi, rec, metric.QueueExpired, design.Expired)
		}
	}
	r.notKept(log, rec, metric.LogCompacted)
}

// forgetLog forgets the records of a log whose broker has crashed. The groups have lost
// them already.
func (r *Run) forgetLog(log int32) {
	l := &r.logs[log]
	for _, s := range l.segments {
		for i := range s.records {
			if s.offset(i) >= l.start {
				r.notKept(log, &s.records[i], metric.LogDeleted)
			}
		}
		r.logBytes -= s.bytes()
	}
	l.segments, l.start, l.sparse = nil, l.end, false
	r.cancel(&l.timer)
	r.cancel(&l.compact)
}

// skipTo moves a group forward in a log; what it passes has expired for it.
func (r *Run) skipTo(pi int32, offset uint64) {
	p, t := &r.partitions[pi], &r.prog.partitions[pi]
	for l := &r.logs[t.log]; p.position < offset; {
		s, i := l.seek(p.position)
		at := s.offset(i)
		if at >= offset {
			break
		}
		p.position = at + 1
		r.passBy(pi, &s.records[i], metric.QueueExpired, design.Expired)
	}
	p.position = offset
	r.lagMoved(pi)
	r.trim(t.log)
}

// replay moves a group to another place in its logs.
func (r *Run) replay(gi int32) {
	t := &r.prog.groups[gi]
	r.groups[gi].begun = true
	for pi := t.parts.from; pi < t.parts.to; pi++ {
		log := r.prog.partitions[pi].log
		p, to := &r.partitions[pi], r.placeOf(&t.replay.To, &r.logs[log])
		p.cut = false
		if to >= p.position {
			r.skipTo(pi, to)
			continue
		}
		end := p.position
		p.position = to
		p.again = max(p.again, end)
		r.rec.Add(t.m.c+metric.GroupReplayed, r.cameAgain(pi, to, end))
		r.readsAgain(pi)
	}
	for pi := t.parts.from; pi < t.parts.to && r.end == Running; pi++ {
		r.available(pi)
	}
}

// readsAgain follows how far a partition is from where it was before a replay.
func (r *Run) readsAgain(pi int32) {
	p, t := &r.partitions[pi], &r.prog.partitions[pi]
	left := p.again - min(p.position, p.again)
	r.level(r.prog.groups[t.group].m.l+metric.GroupAgain, int64(left)-int64(p.left))
	if p.left = left; left == 0 {
		p.again = 0
	}
}

// cameAgain counts the records of a stretch of a log anew for a group.
func (r *Run) cameAgain(pi int32, from, to uint64) (n uint64) {
	l := &r.logs[r.prog.partitions[pi].log]
	for from < to {
		s, i := l.seek(from)
		rec := &s.records[i]
		if from = s.offset(i) + 1; from > to {
			break
		}
		slot := none
		if r.alive(rec) != nil {
			slot = rec.slot
		}
		r.cameTo(pi, slot, rec.published)
		n++
	}
	return n
}

// placeOf is the offset that a replay goes to in a log.
func (r *Run) placeOf(t *design.LogPlace, l *logState) uint64 {
	switch {
	case t.Now:
		return l.end
	case t.Offset > 0:
		return min(max(uint64(t.Offset), l.start), l.end)
	case t.Time == 0:
		return l.start
	}
	from, to := l.start, l.end
	for from < to { // the first that is not older
		mid := from + (to-from)/2
		if l.records > 0 && l.at(mid).published < int64(t.Time) {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}
