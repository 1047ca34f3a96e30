package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// What queues and topics with partitions remember, so that they store no message twice.
//
//	message ──the same as one within the window?──► yes: not stored, and confirmed
//	        ──sent before by its idempotent producer?─┘
//	        └─no──► stored, and remembered
//
// A window begins with the first message of a key and is not renewed, so that the order in
// which keys came is the one in which they are forgotten. An idempotent producer is known
// by the call in which it sends: one that has crashed, or runs a handler again, has another.

// knownT is what a queue or a log remembers.
type knownT struct {
	memory int32 // its place among those that remember, plus one; 0: it remembers nothing
	window int64 // 0: none
	key    int32 // the attribute by which messages are the same, plus one; 0: they are sent again
}

// A memory has two tables: of the keys of the window, and of what producers have sent.
const (
	byWindow = iota
	byProducer
	numMemories
)

// The words of their rows.
const (
	knownSince = iota
	knownCall  // that stored it
	knownWords
)

// mostKnown is how many messages of idempotent producers a queue or log remembers.
const mostKnown = 10_000

// memories gives each queue and log that remembers something its place.
func (c *compiler) memories() {
	add := func(k *knownT) {
		if k.memory == 0 {
			c.remember++
			k.memory = c.remember
		}
	}
	for i := range c.queues {
		if q := &c.queues[i]; q.known.window > 0 && q.gid == 0 && q.part == 0 {
			add(&q.known)
		}
	}
	logs := func(t *topicT) { // a message may be sent to one partition, and again to another
		for p := range t.partitions {
			add(&c.logs[t.log0].known)
			c.logs[t.log0+p].known.memory = c.logs[t.log0].known.memory
		}
	}
	for i := range c.topics {
		if t := &c.topics[i]; t.partitions > 0 && c.logs[t.log0].known.window > 0 {
			logs(t)
		}
	}
	for i := range c.sites {
		st := &c.sites[i]
		if st.post == 0 || !c.posts[st.post-1].idempotent {
			continue
		}
		if st.kind == toQueue {
			add(&c.queues[st.queue].known)
			continue
		}
		t := &c.topics[st.queue]
		logs(t)
		if t.partitions == 0 {
			for _, q := range t.subs {
				add(&c.queues[q].known)
			}
		}
	}
}

func (r *Run) startMemories() {
	r.known = make([]kernel.Table, numMemories*r.prog.remember)
	for i := range r.known {
		r.known[i].Width = knownWords
	}
}

// sameness is the key of a message or copy in a window.
func (r *Run) sameness(k *knownT, op, envelope int32, lid uint64) uint64 {
	if k.key == 0 {
		return r.messageID(op, lid)
	}
	return draw.Mix(r.keyOf(op, envelope, k.key), 1)
}

// messageID is that of a message, whenever it is sent: of its operation, and its place in it.
func (r *Run) messageID(op int32, lid uint64) uint64 { return draw.Mix(r.ops.at(op).id, lid) }

// knows reports whether a message is one that is stored already, and remembers it if it
// is not.
func (r *Run) knows(k *knownT, mi int32) bool {
	m := r.msgs.at(mi)
	all := r.known[numMemories*(k.memory-1):][:numMemories]
	post := nth(r.prog.sites, m.site).post
	sent := post > 0 && nth(r.prog.posts, post-1).idempotent && m.callID != 0
	if sent {
		if row := all[byProducer].Find(r.messageID(m.op, m.lid)); row != kernel.NoRow && uint64(all[byProducer].Words(row)[knownCall]) == m.callID {
			return true
		}
	}
	if k.window > 0 {
		t := &all[byWindow]
		for row := t.First(); row != kernel.NoRow && t.Words(row)[knownSince]+k.window <= r.now; row = t.First() {
			t.Remove(row)
		}
		row, added := t.Add(r.sameness(k, m.op, got(r.env.msg, mi), m.lid))
		if !added {
			return true
		}
		t.Words(row)[knownSince] = r.now
		r.mind(t)
	}
	if sent {
		t := &all[byProducer]
		row, added := t.Add(r.messageID(m.op, m.lid))
		w := t.Words(row)
		w[knownSince], w[knownCall] = r.now, int64(m.callID)
		t.Last(row)
		if added {
			r.mind(t)
		}
		if t.Len() > mostKnown {
			t.Remove(t.First())
		}
	}
	return false
}

// mind keeps what is remembered within the memory that a run may take.
func (r *Run) mind(t *kernel.Table) {
	if n := t.Len(); n&(n-1) == 0 && r.inFlight() > r.cfg.MaxBytes {
		r.finish(BudgetInFlight)
	}
}

// knownBytes is how many bytes all memories take.
func (r *Run) knownBytes() (n int) {
	for i := range r.known {
		n += r.known[i].Used()
	}
	return n
}

// notStored ends a message that its queue knows.
func (r *Run) notStored(mi, qi int32) {
	m := r.msgs.at(mi)
	r.rec.Inc(nth(r.prog.queues, qi).m.c + metric.QueueDeduplicated)
	if r.obs != nil {
		x := r.here(CopyKnown, m.op, m.id, design.OK)
		x.Node, x.Queue = nth(r.prog.brokers, nth(r.prog.queues, qi).broker).node, qi
		r.obs.Observe(x)
	}
}

// notRemembered forgets a message that a queue has not stored, which came at a time: its
// publisher may send it again.
func (r *Run) notRemembered(mi, qi int32, came int64) {
	m := r.msgs.at(mi)
	r.unknown(&nth(r.prog.queues, qi).known, m.op, got(r.env.msg, mi), m.lid, came)
}

// unknown forgets a message that is lost: what is sent again of it is stored.
func (r *Run) unknown(k *knownT, op, envelope int32, lid uint64, published int64) {
	if k.memory == 0 {
		return
	}
	all := r.known[numMemories*(k.memory-1):][:numMemories]
	for i, key := range [numMemories]uint64{byWindow: r.sameness(k, op, envelope, lid), byProducer: r.messageID(op, lid)} {
		if row := all[i].Find(key); row != kernel.NoRow && all[i].Words(row)[knownSince] == published {
			all[i].Remove(row)
		}
	}
}

// forgetKnown forgets all, in a crash that leaves nothing.
func (r *Run) forgetKnown(k *knownT) {
	if k.memory > 0 {
		for i := range numMemories {
			r.known[numMemories*(k.memory-1)+int32(i)].Clear()
		}
	}
}

// unknownRecord forgets a record that is lost.
func (r *Run) unknownRecord(t *logT, s *segment, i int) {
	if t.known.memory == 0 {
		return
	}
	lid, envelope := s.more(i)
	slot := r.revive(&s.records[i])
	r.unknown(&t.known, slot, envelope, lid, s.records[i].published)
	r.unref(slot)
}
