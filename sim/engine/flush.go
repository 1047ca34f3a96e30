package engine

import (
	"strconv"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/mech/flush"
	"asynclab/sim/metric"
)

// The disk of a broker: what came to a queue, or to the log of a partition, is there after
// a flush (package flush says when). It can be delivered at once; its publisher hears of it
// when it is on the disk, or before; a crash loses what is not.
//
//	came ──► not flushed ──due──► under way, takes its time ──► on disk: publishers hear yes
//	              └───────────────────┴── crash: lost; publishers hear no

// flushT is a queue, or a log, whose messages are flushed.
type flushT struct {
	policy   flush.Policy
	takes    draw.Dist
	key      int32
	received bool // publishers hear of a message when it is there
	system   bool // a crash of the process alone leaves what is not flushed
	broker   int32
	log      int32  // none: of a queue
	name     string // of the queue or topic
	element  uint64
	m        block
}

// flushing is its state. What is on disk is a number: the identity of a copy of a
// queue, or its offset in the log, plus one.
type flushing struct {
	timer uint64 // the next one begins, or the one under way ends
	done  uint64 // what is on disk
	mark  uint64 // and when the flush under way is over
	first int64  // when the first came of those that are for the next
	n     int64  // these
	under int64  // of the flush under way
	draws uint64
	head  int32 // messages whose publishers wait
	tail  int32
	last  int32 // of those, the last that the flush under way is for
	busy  bool
}

// flushTables gives the queues and logs that are flushed their place.
func (c *compiler) flushTables() {
	add := func(of *design.Flush, broker, log int32, name, element string) int32 {
		if !of.Flushes() {
			return 0
		}
		c.flushes = append(c.flushes, flushT{
			policy: flush.Policy{Every: limit(of.Every, 0), Count: int64(of.Count)}, takes: of.Takes, key: c.key(element, "flush"),
			received: of.Received, system: of.System, broker: broker, log: log, name: name, element: draw.HashString(element),
		})
		return int32(len(c.flushes))
	}
	for i := range c.queues[:c.named] {
		if q := &c.queues[i]; q.gid == 0 {
			of := c.sources[i].queue(c.d)
			if q.flush = add(&of.Flush, q.broker, none, q.name, "queue/"+q.name); q.flush > 0 {
				q.plain = false
			}
		}
	}
	for i := range c.topics {
		t := &c.topics[i]
		for p := range t.partitions {
			l := &c.logs[t.log0+p]
			l.flush = add(&t.in(c.d).Template.Flush, t.broker, t.log0+p, t.name, "log/"+t.name+"/"+strconv.Itoa(int(p)))
		}
	}
	for _, p := range c.partitions {
		c.queues[p.queue].flush = c.logs[p.log].flush
	}
}

// eachFlushed visits the queues and topics that are flushed.
func (p *Program) eachFlushed(visit func(t *flushT, i int)) {
	for i := range p.flushes {
		if t := &p.flushes[i]; i == 0 || p.flushes[i-1].name != t.name {
			visit(t, i)
		}
	}
}

func (r *Run) startFlushes() {
	r.flushes = make([]flushing, len(r.prog.flushes))
	for i := range r.flushes {
		r.flushes[i].head, r.flushes[i].tail, r.flushes[i].last = none, none, none
	}
}

// confirmStored confirms a message that a queue or log has taken, now or when it is on disk.
func (r *Run) confirmStored(mi, flush int32, transient bool) {
	if flush == 0 || transient {
		r.confirmPublish(mi, design.OK)
		r.freeMsg(mi)
		return
	}
	f, t := nth(r.flushes, flush-1), nth(r.prog.flushes, flush-1)
	if t.received || r.msgs.at(mi).call == none {
		r.confirmPublish(mi, design.OK)
		r.freeMsg(mi)
	} else {
		r.awaitFlush(mi, f)
	}
	r.unflushed(flush)
}

// confirmKnown confirms a message that is there already, when the first is on disk.
func (r *Run) confirmKnown(mi, flush int32) {
	if flush > 0 && r.msgs.at(mi).call != none && !nth(r.prog.flushes, flush-1).received {
		if f := nth(r.flushes, flush-1); f.n+f.under > 0 {
			if r.awaitFlush(mi, f); f.n == 0 {
				f.last = mi
			}
			return
		}
	}
	r.confirmPublish(mi, design.OK)
	r.freeMsg(mi)
}

func (r *Run) awaitFlush(mi int32, f *flushing) {
	r.msgs.at(mi).next = none
	if f.tail == none {
		f.head = mi
	} else {
		r.msgs.at(f.tail).next = mi
	}
	f.tail = mi
}

// unflushed notes a message more that is not on disk.
func (r *Run) unflushed(flush int32) {
	if flush == 0 {
		return
	}
	f := nth(r.flushes, flush-1)
	if f.n == 0 {
		f.first = r.now
	}
	f.n++
	r.rec.Up(nth(r.prog.flushes, flush-1).m.l+metric.FlushUnflushed, r.now)
	r.planFlush(flush - 1)
}

// planFlush begins a flush, or sets the time at which it begins.
func (r *Run) planFlush(i int32) {
	f := nth(r.flushes, i)
	if f.busy || f.n == 0 {
		return
	}
	switch due := nth(r.prog.flushes, i).policy.Due(f.n, f.first, r.now); {
	case due == flush.Never:
	case due <= r.now:
		r.beginFlush(i)
	case f.timer == 0:
		f.timer = r.list.Push(due, kernel.PhaseTimer, evGroup, groupTimers*i+flushTimer)
	}
}

func (r *Run) flushEvent(i int32) {
	f := nth(r.flushes, i)
	if f.timer = 0; f.busy {
		r.flushed(i)
	} else {
		r.beginFlush(i)
	}
}

func (r *Run) beginFlush(i int32) {
	f, t := nth(r.flushes, i), nth(r.prog.flushes, i)
	r.cancel(&f.timer)
	f.busy, f.under, f.n, f.last = true, f.n, 0, f.tail
	if f.mark = r.ids; t.log != none {
		f.mark = nth(r.logs, t.log).end
	}
	takes := t.takes.SampleNanos(nth(r.keys, t.key).Uniform(f.draws, 0))
	if f.draws++; takes == 0 {
		r.flushed(i)
		return
	}
	f.timer = r.list.Push(r.now+takes, kernel.PhaseTimer, evGroup, groupTimers*i+flushTimer)
}

// flushed ends a flush: what it was for is on disk, and its publishers hear of it.
func (r *Run) flushed(i int32) {
	f, m := nth(r.flushes, i), nth(r.prog.flushes, i).m
	r.rec.Inc(m.c + metric.FlushFlushes)
	r.rec.Add(m.c+metric.FlushFlushed, uint64(f.under))
	r.rec.Level(m.l+metric.FlushUnflushed, r.now, -f.under)
	f.busy, f.done, f.under = false, f.mark, 0
	if last := f.last; last != none {
		mi, after := f.head, r.msgs.at(last).next
		if f.head, f.last = after, none; after == none {
			f.tail = none
		}
		for mi != after {
			next := r.msgs.at(mi).next
			r.confirmPublish(mi, design.OK)
			r.freeMsg(mi)
			mi = next
		}
	}
	r.planFlush(i)
}

// onDisk reports whether a copy of a durable queue or partition outlives a crash.
func (r *Run) onDisk(q *queueT, c *copyRec) bool {
	if q.flush == 0 || r.systemHas(nth(r.prog.flushes, q.flush-1)) {
		return true
	}
	at := c.id // its place changes when a delay is over
	if q.part > 0 {
		at = c.prior + 1
	}
	return at <= nth(r.flushes, q.flush-1).done
}

// systemHas reports whether the operating system has outlived a crash, with what it had.
func (r *Run) systemHas(t *flushT) bool { return t.system && nth(r.brokers, t.broker).silent == 0 }

// loseUnflushed loses the records of a log that are not on disk.
func (r *Run) loseUnflushed(log int32) {
	i := r.prog.logs[log].flush - 1
	if r.systemHas(nth(r.prog.flushes, i)) {
		return
	}
	done := nth(r.flushes, i).done
	r.cutLog(log, func(s *segment, i int) bool { return s.offset(i) >= done })
}

// crashDisks ends the flushes of a broker that has crashed, after what was not on disk has
// been lost; where others have it, they bring it to theirs. Publishers that wait hear no.
func (r *Run) crashDisks(b int32, others bool) {
	for i := range r.flushes {
		f, t := &r.flushes[i], &r.prog.flushes[i]
		if t.broker != b {
			continue
		}
		r.cancel(&f.timer)
		mi := f.head
		f.head, f.tail, f.last, f.busy = none, none, none, false
		for mi != none {
			next := r.msgs.at(mi).next
			r.refuse(mi, r.brokers[b].silent > 0)
			mi = next
		}
		if f.n, f.under = f.n+f.under, 0; others || r.systemHas(t) {
			r.planFlush(int32(i))
			continue
		}
		r.rec.Level(t.m.l+metric.FlushUnflushed, r.now, -f.n)
		f.n = 0
	}
}
