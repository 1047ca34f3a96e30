package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// A partition as one group sees it: a place in its log, and what is not committed yet.
// Copies of it are those of a queue of its own, in whose line is what has come back;
// what was never handed over is in the log behind it.
//
//	line (returned) ► log from position ──poll──► member: at most prefetch, in order
//	     ▲                                          │ done, committed: the copy ends
//	     └────── its member has left ◄──────────────┘ fails: tried again in its place

// partitionT is a partition of a group.
type partitionT struct {
	queue int32 // of its copies
	group int32
	log   int32
	m     block
}

// partition is its state.
type partition struct {
	position uint64 // offset of the next record
	again    uint64 // after a replay: it reads again up to here; 0: it does not
	left     uint64 // offsets up to there, as recorded
	owner    int32  // consumer, or none
	to       int32  // the owner after the rebalance that goes on
	active   uint64 // the task whose turn it is at its owner; 0: none
	parked   waitList
	held     int32 // copies handed over and not done
	listed   bool  // among those of its owner that have something
	moving   bool  // nothing is handed over: it is about to move
	cut      bool  // what it was to have next has been deleted
	dead     bool  // it is among those that are stopped
	live     ring[liveCopy]
}

// liveCopy is a copy in the order of the log. It may have ended meanwhile.
type liveCopy struct {
	id uint64
	k  int32
}

// partOf is the partition that a copy belongs to; nil if it is not of a log.
func (r *Run) partOf(qi int32) *partition {
	if i := nth(r.prog.queues, qi).part; i > 0 {
		return &r.partitions[i-1]
	}
	return nil
}

// cameTo counts a new record for a group; of an operation that is forgotten, slot is
// none.
func (r *Run) cameTo(pi, slot int32, published int64) {
	t := &r.prog.partitions[pi]
	g := &r.prog.groups[t.group]
	m := nth(r.prog.queues, g.queue).m
	r.countCopy(m.c+metric.QueuePublished, published)
	r.rec.Inc(t.m.c + metric.PartitionPublished)
	r.deepen(g.queue)
	r.rec.Up(m.l+metric.QueueLag, r.now)
	r.rec.Up(t.m.l+metric.PartitionLag, r.now)
	if slot != none {
		*r.logged(slot)++
	}
	r.lagMoved(pi)
}

// passBy takes the next record from a group that will not have it.
func (r *Run) passBy(pi int32, rec *logRecord, end measure.Counter, cause design.Cause) {
	t := &r.prog.partitions[pi]
	q := nth(r.prog.queues, t.queue)
	r.countCopy(q.m.c+end, rec.published)
	r.shallow(r.prog.groups[t.group].queue)
	r.rec.Down(q.m.l+metric.QueueLag, r.now)
	r.rec.Down(t.m.l+metric.PartitionLag, r.now)
	r.unlogged(rec, cause)
}

// has reports whether a partition has something to hand over.
func (r *Run) has(pi int32) bool {
	p, t := &r.partitions[pi], &r.prog.partitions[pi]
	return p.position < r.logs[t.log].end || nth(r.queues, t.queue).head != none
}

// available tells the owner of a partition that it has something.
func (r *Run) available(pi int32) {
	p := &r.partitions[pi]
	if p.owner == none || p.moving || p.listed || !r.has(pi) {
		return
	}
	p.listed = true
	m := &r.members[p.owner]
	m.ready.push(pi)
	r.poll(p.owner)
}

// next takes the next copy of a partition to hand over.
func (r *Run) next(pi int32) int32 {
	p, t := &r.partitions[pi], &r.prog.partitions[pi]
	if k := nth(r.queues, t.queue).head; k != none {
		r.unlink(k)
		return k
	}
	l := &r.logs[t.log]
	if p.position >= l.end {
		return none
	}
	if p.cut {
		if p.cut = false; r.prog.groups[t.group].begin.Now {
			r.skipTo(pi, l.end)
			return none
		}
	}
	s, i := l.seek(p.position)
	rec := &s.records[i]
	lid, envelope := s.more(i)
	p.position = s.offset(i) + 1
	if p.again > 0 {
		r.readsAgain(pi)
	}
	slot := r.revive(rec)
	r.unlogged(rec, design.OK)
	k := r.copies.take()
	c := r.copies.at(k)
	id := r.nextID()
	*c = copyRec{
		id: id, place: id, prior: p.position - 1, occ: rec.occ, lid: lid, published: rec.published, since: rec.published, op: slot, queue: t.queue,
		next: none, prev: none, consumer: none, size: rec.size,
		copyBits: copyBits{corrupt: rec.who&recordSpoilt != 0, dup: rec.who&recordDup != 0},
	}
	if r.prog.setters > 0 {
		put(&r.env.copy, k, envelope)
	}
	r.follows(k)
	r.room(copyStore, len(r.copies.items))
	r.shallow(r.prog.groups[t.group].queue)
	p.live.push(liveCopy{id, k})
	r.trim(t.log)
	return k
}

// handPart hands a copy of a partition to its owner.
func (r *Run) handPart(pi, k, ci int32) {
	r.partitions[pi].held++
	r.members[ci].held++
	c := r.copies.at(k)
	who := nth(r.consumers, ci)
	c.done, c.here, c.said, c.site = false, false, false, int32(nth(r.conns, who.conn).epoch)
	who.credit--
	r.deliver(k, ci)
}

// with reports whether a copy is with the consumer of a task, whose delivery is its last.
func (c *copyRec) with(t *task) bool {
	return c.id == t.fromID && c.state == copyDelivered && c.delivery == t.try && c.consumer == t.consumer
}

// turn decides whether a delivery that has arrived at a member begins: a partition is
// worked through in order, one message at a time.
func (r *Run) turn(ti int32) bool {
	t := r.tasks.at(ti)
	c := r.copies.at(t.copy)
	p := r.partOf(c.queue)
	if t.dup || !c.with(t) || p == nil {
		r.dropWaiting(ti) // it has gone to another meanwhile, or came twice
		return false
	}
	c.here = true
	if nth(r.consumers, t.consumer).batches {
		return true
	}
	if p.active == 0 || p.active == t.id {
		p.active = t.id
		return true
	}
	if t.next = none; p.parked.tail == none {
		p.parked.head = ti
	} else {
		r.tasks.at(p.parked.tail).next = ti
	}
	p.parked.tail = ti
	return false
}

// dropWaiting drops a delivery that has not begun.
func (r *Run) dropWaiting(ti int32) {
	t := r.tasks.at(ti)
	if !t.dup {
		r.giveCredit(t.consumer, t.epoch)
		r.wakeQueue(nth(r.consumers, t.consumer).queue)
	}
	r.dropTask(ti)
}

// hasTurn reports whether a delivery came before its connection was closed, and waited
// for its turn.
func (r *Run) hasTurn(t *task) bool {
	c := r.copies.at(t.copy)
	if c.id != t.fromID {
		return false
	}
	if nth(r.consumers, t.consumer).batches {
		return c.here && c.with(t)
	}
	p := r.partOf(c.queue)
	return p != nil && p.active == t.id
}

// nextInPart begins with the next message of a partition at its owner, when that of a
// task is done with.
func (r *Run) nextInPart(p *partition, id uint64) {
	if p.active != id {
		return
	}
	p.active = 0
	ti := p.parked.head
	if ti == none {
		return
	}
	t := r.tasks.at(ti)
	if p.parked.head = t.next; t.next == none {
		p.parked.tail = none
	}
	t.next = none
	p.active = t.id
	r.soon(readyDelivery, ti)
}

// forgetTurn ends the order of a partition at who owns it: what waits there is dropped,
// what is being done goes on.
func (r *Run) forgetTurn(pi, owner int32) {
	if owner != none && nth(r.consumers, owner).batches {
		r.dropCollected(owner, r.prog.partitions[pi].queue)
	}
	p := &r.partitions[pi]
	for ti := p.parked.head; ti != none; {
		next := r.tasks.at(ti).next
		r.tasks.at(ti).next = none
		r.dropWaiting(ti)
		ti = next
	}
	p.active, p.parked = 0, waitList{none, none}
}

// settlePart is settle for a message of a partition, on the side of its member. It
// reports whether nothing is to be sent: the message is tried again in its place, or
// there is no connection.
func (r *Run) settlePart(t *task, open bool, kind *MessageKind, requeue *bool) (quiet bool) {
	c := r.copies.at(t.copy)
	if !c.with(t) {
		return !open
	}
	q := nth(r.prog.queues, c.queue)
	p := &r.partitions[q.part-1]
	if *kind == NackMessage && *requeue {
		if q.maxDeliver == 0 || c.delivery < q.maxDeliver || !open {
			r.rec.Inc(q.m.c + metric.QueueNacked)
			due := max(r.now+r.redelivery(t.copy, &q.redelivery), c.since+minRedelivery, r.now)
			r.cancel(&c.timer)
			c.timer = r.list.Push(due, kernel.PhaseTimer, evRedeliver, t.copy)
			nth(r.members, t.consumer).again++
			return true
		}
		*requeue = false
	}
	ack := *kind == AckMessage
	switch {
	case !open:
		r.doneWith(c)
	case nth(r.conns, nth(r.consumers, t.consumer).conn).epoch != t.epoch:
		r.sayAnew(t.copy, ack) // it has taken longer than its connection was away
		open = false
	case ack:
		c.said = true
	default:
		c.here = false // a refusal that does not come through is made again
	}
	r.nextInPart(p, t.id)
	return !open
}

// sayAnew lets a member tell the broker, on a new connection, what became of a copy that
// it got on the one before. A refused one comes again, and is refused again.
func (r *Run) sayAnew(k int32, ack bool) {
	ci := r.copies.at(k).consumer
	if ack {
		r.finished(k)
	} else {
		r.free(k, design.EndLost)
	}
	r.poll(ci)
}

// tryInPlace begins once more with a message that has failed, at the member that has it.
func (r *Run) tryInPlace(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	p := &r.partitions[q.part-1]
	ci := c.consumer
	who := nth(r.consumers, ci)
	r.triesAgain(ci)
	if r.instances[who.inst].down > 0 && !r.keeps(who.inst) {
		return // its process has gone, and with it the message's turn
	}
	u := nth(r.prog.consumes, who.consume)
	c.delivery++
	r.rec.Inc(q.m.c + metric.QueueDelivered)
	r.rec.Inc(q.m.c + metric.QueueRedelivered)
	ti := r.tasks.take()
	t := r.tasks.at(ti)
	r.ref(c.op)
	r.deliveryTask(t, c, u, draw.Mix(c.occ, q.element+uint64(c.delivery)), uint32(c.site))
	t.inst, t.copy, t.consume, t.consumer = who.inst, k, who.consume, ci
	if r.prog.setters > 0 {
		put(&r.env.task, ti, got(r.env.copy, k))
	}
	if !who.batches {
		p.active = t.id
	}
	c.since = r.now
	if r.frozen > 0 && r.holds(ti) {
		r.hold(ti, 0, ti, 0, design.OK, readyDelivery)
		return
	}
	if who.batches {
		r.collect(ti)
		return
	}
	r.admit(ti, t, nth(r.prog.services, t.service), nth(r.instances, t.inst))
}

// triesAgain notes that a member waits no longer to try one of its messages again.
func (r *Run) triesAgain(ci int32) {
	m := nth(r.members, ci)
	if m.again--; m.again == 0 {
		r.goFetch(ci)
	}
}

// doneWith notes that a member is done with a copy.
func (r *Run) doneWith(c *copyRec) {
	if c.done {
		return
	}
	c.done = true
	m := nth(r.members, c.consumer)
	m.held--
	m.done++
	r.partOf(c.queue).held--
}

// letGo takes a copy from its member, done or not; again: the member was about to try it
// again.
func (r *Run) letGo(c *copyRec, again bool) {
	if again {
		r.triesAgain(c.consumer)
		r.giveCredit(c.consumer, uint32(c.site))
	}
	r.doneWith(c)
	nth(r.members, c.consumer).done--
	c.done, c.here, c.said = false, false, false
}

// finished handles the news that a copy is done: it is committed at once, or with the
// next commit.
func (r *Run) finished(k int32) {
	c := r.copies.at(k)
	r.doneWith(c)
	t := &r.prog.partitions[nth(r.prog.queues, c.queue).part-1]
	if r.prog.groups[t.group].commit == 0 {
		r.commit(k)
	}
}

// commit ends a copy that is done.
func (r *Run) commit(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	r.countCopy(q.m.c+metric.QueueAcked, c.published)
	r.rec.Inc(r.prog.partitions[q.part-1].m.c + metric.PartitionAcked)
	r.detach(k)
	r.dropCopy(k)
}

// commitAll commits what a member is done with, in all its partitions.
func (r *Run) commitAll(ci int32) {
	m := &r.members[ci]
	m.committed = r.now
	g := &r.prog.groups[m.group]
	var done []int32
	for pi := g.parts.from; pi < g.parts.to; pi++ {
		p := &r.partitions[pi]
		for i := range p.live.n {
			l := p.live.a[(p.live.head+i)&(len(p.live.a)-1)]
			if c := r.copies.at(l.k); c.id == l.id && c.state == copyDelivered && c.done && c.consumer == ci {
				done = append(done, l.k)
			}
		}
	}
	for _, k := range done {
		r.commit(k)
	}
}

// leftLog counts the end of a copy of a partition.
func (r *Run) leftLog(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	pi := q.part - 1
	c.id = 0
	r.rec.Down(q.m.l+metric.QueueLag, r.now)
	r.rec.Down(r.prog.partitions[pi].m.l+metric.PartitionLag, r.now)
	r.lagMoved(pi)
}

// oldestIn is when the oldest message of a partition was published that is not
// committed; -1: there is none.
func (r *Run) oldestIn(pi int32) int64 {
	p, t := &r.partitions[pi], &r.prog.partitions[pi]
	for p.live.n > 0 {
		l := p.live.a[p.live.head]
		if c := r.copies.at(l.k); c.id == l.id {
			return c.published
		}
		p.live.pop()
	}
	if l := &r.logs[t.log]; p.position < l.end {
		return l.at(p.position).published
	}
	return -1
}

// lagMoved follows the age of the oldest message of a partition, and of its group.
func (r *Run) lagMoved(pi int32) {
	if r.partitions[pi].again > 0 {
		r.readsAgain(pi)
	}
	t := &r.prog.partitions[pi]
	d := nth(r.queues, t.queue)
	was, now := d.oldest, r.oldestIn(pi)
	if was == now {
		return
	}
	r.trackLag(t.queue, now)
	g := &r.prog.groups[t.group]
	gd := nth(r.queues, g.queue)
	switch oldest := gd.oldest; {
	case now >= 0 && (oldest < 0 || now < oldest):
		r.trackLag(g.queue, now)
	case was == oldest:
		oldest = -1
		for i := g.parts.from; i < g.parts.to; i++ {
			if at := nth(r.queues, r.prog.partitions[i].queue).oldest; at >= 0 && (oldest < 0 || at < oldest) {
				oldest = at
			}
		}
		r.trackLag(g.queue, oldest)
	}
}

// trackLag records the growth of a lag since the last record, and its value from now
// on, when the oldest message is another.
func (r *Run) trackLag(qi int32, oldest int64) {
	d, q := nth(r.queues, qi), nth(r.prog.queues, qi)
	id := q.m.l + metric.QueueLagTime
	if q.part > 0 {
		id = r.prog.partitions[q.part-1].m.l + metric.PartitionLagTime
	}
	if d.oldest >= 0 {
		r.rec.Ramp(id, d.oldest+d.aged, r.now, r.now-d.oldest)
	}
	if d.oldest, d.aged = oldest, 0; oldest >= 0 {
		d.aged = r.now - oldest
	}
	r.rec.SetLevel(id, r.now, d.aged)
}

// loseLogs loses the records of the logs of a broker that are not durable, in a crash
// that has already lost the copies.
//
// With others, a follower leads that has the logs but for their tails.
func (r *Run) loseLogs(b int32, others bool) {
	for pi := range r.partitions {
		t := &r.prog.partitions[pi]
		q := nth(r.prog.queues, t.queue)
		if q.broker != b {
			continue
		}
		if q.durable || others {
			continue
		}
		p := &r.partitions[pi]
		r.forgetTurn(int32(pi), p.owner)
		l := &r.logs[t.log]
		for p.position < l.end {
			s, i := l.seek(p.position)
			p.position = s.offset(i) + 1
			r.passBy(int32(pi), &s.records[i], metric.QueueLost, design.Lost)
		}
		r.lagMoved(int32(pi))
	}
	for i := range r.logs {
		switch t := &r.prog.logs[i]; {
		case nth(r.prog.topics, t.topic).broker != b:
			continue
		case others:
			r.loseTail(int32(i), b)
		case t.durable && t.flush > 0:
			r.loseUnflushed(int32(i))
		case t.durable:
		default:
			r.forgetKnown(&t.known)
			if t.keeps {
				r.forgetLog(int32(i))
			}
		}
		r.trim(int32(i))
	}
}

// heldBy lists the copies that a member has, in the order of publication.
func (r *Run) heldBy(ci int32) []int32 {
	r.listCopies()
	all := r.along(nil, r.consumers[ci].held)
	slices.SortFunc(all, r.byPlace)
	return all
}
