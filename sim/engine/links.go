package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// defaultSize is the size in bytes of a message without a size in the scenario,
// and of acknowledgements and errors.
const defaultSize = design.DefaultSize

// Salts that separate the draws of a link: one per kind of message. The results
// depend on these numbers; they are independent of the order of the constants.
var kindSalt = func() (s [numMessages]uint64) {
	for kind, n := range [numMessages]uint64{
		RequestMessage: 0, PublishMessage: 1, ReplyMessage: 2, DeliverMessage: 3, AckMessage: 4, NackMessage: 5, CancelMessage: 6,
		PullMessage: 7, FetchedMessage: 8,
	} {
		s[kind] = draw.HashString("message kind") + n*0x9e3779b97f4a7c15
	}
	return s
}()

// immediate reports whether a link has no delay, no loss and no other effect.
// Then no message record is needed: its content is handed over directly.
func (r *Run) immediate(link int32) bool {
	return nth(r.prog.wires, link).constant == 0 && r.upset == 0
}

// passed counts a message that was handed over directly.
func (r *Run) passed(link int32) { r.rec.Inc(nth(r.prog.wires, link).sent) }

// passedOn does the same on a connection.
func (r *Run) passedOn(conn int32, dir int, link int32) {
	r.passed(link)
	nth(r.conns, conn).ways[dir].sent = r.now
}

// transmit puts a message on its link.
func (r *Run) transmit(mi int32) {
	m := r.msgs.at(mi)
	w := nth(r.prog.wires, m.link)
	if w.constant >= 0 && r.upset == 0 {
		r.count(w, m)
		if m.conn != none {
			nth(r.conns, m.conn).ways[m.kind.way()].sent = r.now
		}
		r.observeMsg(MsgSent, m, r.now+w.constant)
		if w.constant == 0 {
			r.soon(readyMsg, mi)
			return
		}
		r.list.Push(r.now+w.constant, kernel.PhaseMain, evMsg, mi)
		return
	}
	r.transmitSlow(mi, nth(r.prog.links, m.link))
}

// count counts a message that is put on its link.
func (r *Run) count(w *wire, m *msg) {
	r.rec.Inc(w.sent)
	if m.size != defaultSize {
		r.rec.Add(w.bytes, uint64(m.size)-defaultSize)
	}
}

// linkOcc is the occurrence under which a message's draws on a link are made.
func (r *Run) linkOcc(m *msg) uint64 {
	salt := kindSalt[m.kind]
	if m.site != none {
		salt ^= nth(r.prog.sites, m.site).linkSalt
	} else {
		salt ^= nth(r.prog.consumes, m.consume).linkSalt + uint64(m.delivery)
	}
	if m.tries > 0 {
		salt += uint64(m.tries) * 0xd1342543de82ef95
	}
	return draw.Mix(m.occ, salt)
}

// retransmit sends a lost message again.
func (r *Run) retransmit(mi int32) {
	r.transmitSlow(mi, nth(r.prog.links, r.msgs.at(mi).link))
}

// transmitSlow sends a message, or holds it back. In order, a lost message that
// will be sent again holds up those behind it; while a connection is cut, all
// that is sent waits.
func (r *Run) transmitSlow(mi int32, l *linkT) {
	m := r.msgs.at(mi)
	w, conn, dir := r.way(m), m.conn, m.kind.way()
	switch {
	case w.stuck == mi+1:
		r.sendHeld(w, l, conn, dir)
	case w.stuck > 0 && (l.inOrder || w.halted):
		r.msgs.at(w.tail - 1).next = mi + 1
		m.next = 0
		w.tail = mi + 1
	case !r.carry(mi, l, w) && (l.inOrder || w.halted):
		r.msgs.at(mi).next = 0
		w.stuck, w.tail = mi+1, mi+1
		if conn != none {
			r.upset++
			r.weigh()
			r.watch(conn, dir)
		}
	}
}

// sendHeld sends what a way holds back, until a message is lost again.
func (r *Run) sendHeld(w *way, l *linkT, conn int32, dir int) {
	for w.stuck > 0 {
		mi := w.stuck - 1
		next := r.msgs.at(mi).next
		w.halted = false
		if !r.carry(mi, l, w) && (l.inOrder || w.halted) {
			return
		}
		w.stuck = next
	}
	w.tail = 0
	if conn != none {
		r.upset--
		r.weigh()
		r.watch(conn, dir)
	}
}

// carry sends a message over its link. It reports false when the message has to
// be sent again: it was lost, or the link is cut.
func (r *Run) carry(mi int32, l *linkT, w *way) bool {
	m := r.msgs.at(mi)
	s := nth(r.links, m.link)
	onConn := m.conn != none && l.retransmit > 0
	if onConn && (s.cut > 0 || l.down) {
		w.halted = true
		return false
	}
	r.count(nth(r.prog.wires, m.link), m)
	id := r.ops.at(m.op).id
	occ := r.linkOcc(m)
	start := r.now
	if l.bandwidth > 0 { // sending takes time, one message after the other
		start = max(r.now, s.busy) + nanos(float64(m.size)/l.bandwidth)
		s.busy = start
	}
	lost := s.cut > 0 || l.down || l.loss > 0 && nth(r.keys, l.keyLoss).UniformOf(id, occ) < l.loss
	spoilt := !lost && onConn && l.corrupt > 0 && !l.unseen && nth(r.keys, l.keyCorrupt).UniformOf(id, occ) < l.corrupt
	if lost || spoilt {
		if spoilt { // its checksum detects it, and the connection sends it again
			r.rec.Inc(l.m.c + metric.LinkCorrupted)
		} else {
			r.rec.Inc(l.m.c + metric.LinkLost)
		}
		if r.obs != nil {
			at, _ := r.due(m, l, start, occ)
			r.observeMsg(MsgSent, m, at)
			r.observeMsg(MsgLost, m, at)
		}
		if l.retransmit > 0 {
			r.sendAgain(mi, start, l)
			return false
		}
		r.msgLost(mi)
		return true
	}
	w.sent = r.now
	if l.duplicate > 0 && !m.dup && nth(r.keys, l.keyDup).UniformOf(id, occ) < l.duplicate {
		r.rec.Inc(l.m.c + metric.LinkDuplicated)
		di := r.msgs.take()
		d := r.msgs.at(di)
		m = r.msgs.at(mi)
		*d = *m
		if r.led != nil {
			*r.msgThread(di) = *r.msgThread(mi)
		}
		d.id = r.nextID()
		d.dup, d.resend = true, true
		d.occ = draw.Mix(m.occ, l.element^0xd0b1e)
		if r.prog.setters > 0 {
			put(&r.env.msg, di, got(r.env.msg, mi))
		}
		r.ref(d.op)
		if d.gathered {
			r.doubleGathered(di)
			m, d = r.msgs.at(mi), r.msgs.at(di)
		}
		second := r.travel(di, l, w, start, r.linkOcc(d))
		at := r.travel(mi, l, w, start, occ)
		if r.obs != nil {
			r.observeMsg(MsgSent, m, at)
			r.observeMsg(MsgDuplicated, d, second)
		}
		return true
	}
	at := r.travel(mi, l, w, start, occ)
	r.observeMsg(MsgSent, m, at)
	return true
}

// sendAgain sends a lost message again after a time, which doubles on a
// connection.
func (r *Run) sendAgain(mi int32, start int64, l *linkT) {
	m := r.msgs.at(mi)
	after := l.retransmit
	if m.conn != none && after < maxRetransmit {
		after = min(after<<min(m.tries, 30), maxRetransmit)
	}
	if m.tries++; m.tries > maxResends {
		r.endless = m.link + 1
		r.finish(BudgetResends)
	}
	m.timer = r.list.Push(start+after, kernel.PhaseTimer, evRetransmit, mi)
}

// due is the arrival time of a message that leaves at start and waits for no
// other message, and whether it is held back.
func (r *Run) due(m *msg, l *linkT, start int64, occ uint64) (at int64, held bool) {
	id := r.ops.at(m.op).id
	at = start + l.latency.SampleNanos(nth(r.keys, l.keyLatency).UniformOf(id, occ))
	if !l.jitter.IsZero() {
		at += l.jitter.SampleNanos(nth(r.keys, l.keyJitter).UniformOf(id, occ))
	}
	if l.reorder > 0 && nth(r.keys, l.keyReorder).UniformOf(id, occ) < l.reorder {
		held = true
		by := &l.reorderBy
		if by.IsZero() {
			by = &l.latency
		}
		at += by.SampleNanos(nth(r.keys, l.keyHeld).UniformOf(id, occ))
	}
	return at, held
}

// travel gives a message that is not lost its arrival time.
func (r *Run) travel(mi int32, l *linkT, w *way, start int64, occ uint64) int64 {
	m := r.msgs.at(mi)
	at, held := r.due(m, l, start, occ)
	if held {
		r.rec.Inc(l.m.c + metric.LinkReordered)
	}
	if l.corrupt > 0 && nth(r.keys, l.keyCorrupt).UniformOf(r.ops.at(m.op).id, occ) < l.corrupt {
		m.corrupt = true
	}
	if l.inOrder && !held {
		at = max(at, w.last)
		w.last = at
	}
	if at <= r.now {
		r.soon(readyMsg, mi)
		return r.now
	}
	r.list.Push(at, kernel.PhaseMain, evMsg, mi)
	return at
}

// arrive hands a message to the node at the end of its link.
func (r *Run) arrive(mi int32) {
	m := r.msgs.at(mi)
	if m.corrupt {
		l := nth(r.prog.links, m.link)
		r.rec.Inc(l.m.c + metric.LinkCorrupted)
		if !l.unseen { // the checksum detects it: it counts as lost
			r.observeMsg(MsgCorrupted, m, 0)
			r.msgLost(mi)
			return
		}
		m.spoilt = true
	}
	r.observeMsg(MsgArrived, m, 0)
	switch m.kind {
	case RequestMessage:
		r.requested(mi)
	case ReplyMessage:
		if m.conn != none && r.stale(m.conn, m.epoch, toClient) {
			r.dropStale(mi)
			return
		}
		if m.spoilt && m.cause == design.OK {
			m.cause = design.Error // the caller cannot read it
		}
		if r.led != nil {
			r.led.now = *r.spendMsg(mi)
		}
		if r.prog.carries {
			r.answerHas(m.call, m.callID, got(r.env.msg, mi))
		}
		r.answered(m.call, m.callID, m.attempt, m.cause)
		r.freeMsg(mi)
	case PublishMessage:
		if m.gathered {
			r.unpack(mi)
			return
		}
		r.published(mi)
	case DeliverMessage:
		r.delivered(mi)
	case AckMessage, NackMessage:
		r.settled(mi)
	case PullMessage:
		r.pullArrived(mi)
	case FetchedMessage:
		r.fetched(mi)
	case CancelMessage:
		if m.target != none {
			t := r.tasks.at(m.target)
			if t.id == m.taskID && nth(r.instances, t.inst).down == 0 {
				r.cancelTask(m.target)
			}
		}
		r.freeMsg(mi)
	}
}

func (r *Run) freeMsg(mi int32) {
	m := r.msgs.at(mi)
	slot := m.op
	m.id = 0
	r.msgs.give(mi)
	r.unref(slot)
}

// msgLost ends a message that its link has lost; neither end notices.
func (r *Run) msgLost(mi int32) {
	m := r.msgs.at(mi)
	r.lost[design.Lost]++
	switch m.kind {
	case RequestMessage, PublishMessage, ReplyMessage:
		r.blame(m.op, design.Lost)
		if m.gathered {
			r.loseOthers(m)
		}
	case DeliverMessage, AckMessage, NackMessage:
		if m.dup {
			break // the original counts, not its duplicate
		}
		if m.kind == DeliverMessage && nth(r.prog.consumes, m.consume).auto {
			r.blame(m.op, design.Lost)
			r.giveCredit(m.consumer, m.epoch)
			break
		}
		k := r.copies.at(m.copy)
		if k.id == m.copyID && k.delivery == m.delivery && k.state == copyDelivered && !r.stale(nth(r.consumers, m.consumer).conn, m.epoch, toBroker) {
			k.ackLost = true // no acknowledgement will come
		} else if !nth(r.prog.queues, nth(r.consumers, m.consumer).queue).closes {
			r.giveCredit(m.consumer, m.epoch)
		}
	case PullMessage, FetchedMessage:
		r.pullLost(m)
	}
	r.freeMsg(mi)
}

// reply answers a request, or a publish that came on a connection. cause OK is a
// good answer.
func (r *Run) reply(site, conn, ci int32, callID uint64, attempt, o int32, occ uint64, cause design.Cause, dup bool, size uint32) {
	s := nth(r.prog.sites, site)
	if size == defaultSize && r.immediate(s.back) && attempt < maxAttempt && r.carrying == 0 {
		if conn == none {
			r.passed(s.back)
		} else {
			r.passedOn(conn, toClient, s.back)
		}
		if r.obs != nil {
			r.observePassed(MsgSent, s.back, ReplyMessage, r.nextID(), o, s, cause, attempt > 0 || dup)
		}
		r.answerNow(ci, callID, attempt, cause)
		return
	}
	mi := r.newMsg(ReplyMessage, site, s.back, conn, o, ci, callID, attempt, occ)
	m := r.msgs.at(mi)
	m.cause = cause
	m.resend = attempt > 0 || dup
	m.size = size
	if r.prog.carries {
		put(&r.env.msg, mi, r.carrying)
	}
	r.transmit(mi)
}

// answerNow hands over an answer that takes no time.
func (r *Run) answerNow(ci int32, callID uint64, attempt int32, cause design.Cause) {
	if r.prog.carries {
		r.answerHas(ci, callID, 0)
	}
	if r.led != nil {
		r.led.now, r.led.answers[ci] = r.led.source, r.led.source
	}
	if ci&1 == 0 && cause == design.OK {
		// A good answer to a client starts nothing that could lead back here.
		o := r.ops.at(ci >> 1)
		if c := &o.own; c.id == callID {
			if attempt != c.attempt || !c.out || c.guarded || r.led != nil {
				r.take(ci, c, attempt, cause)
				return
			}
			r.cancel(&c.timer)
			c.id = 0
			r.opAccepted(ci>>1, o)
			if o := r.ops.at(ci >> 1); o.refs == 0 {
				r.ended(ci>>1, o)
			}
			return
		}
	}
	r.ready.push(callID, readyWord(ci, attempt, cause, readyReply))
}

// ownSize reports whether a declared size is not the default; by: an attribute
// multiplies it.
func ownSize(size *draw.Dist, declared bool, by string) bool {
	return by != "" || (declared || !size.IsZero()) && !(size.IsConstant() && size.Mean() == defaultSize)
}

// bytesOf is a drawn size.
func bytesOf(x float64) uint32 { return uint32(min(x, math.MaxUint32)) }
