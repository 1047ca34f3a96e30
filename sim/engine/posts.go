package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// What messages have of their own for their queue: a time to live, and a delay. Both are
// draws of the message, so that nothing has to travel with it; what its copy needs is kept
// beside the copies, in designs that have it.

// postT is what the messages of a site have of their own.
type postT struct {
	ttl, delay       draw.Dist
	ttlBy, delayBy   int32 // the attributes that multiply them, plus one
	keyTTL, keyDelay int32
	hasTTL, hasDelay bool
	idempotent       bool
	transient        bool
	ranked           bool // it has a priority of its own
	rank             int
	rankBy           int32
}

// postOf gives a site what its messages have of their own. One that is compiled again
// keeps its place.
func (c *compiler) postOf(st *site, p *design.Post, element, purpose string) {
	if *p == (design.Post{}) || st.kind == toService {
		return
	}
	at := element + purpose
	place, known := c.postAt[at]
	if !known {
		c.posts = append(c.posts, postT{})
		place = int32(len(c.posts))
		c.postAt[at] = place
	}
	st.post = place
	c.posts[place-1] = postT{
		ttl: p.TTL, delay: p.Delay, ttlBy: c.by(p.TTLBy), delayBy: c.by(p.DelayBy),
		hasTTL: p.HasTTL || p.TTLBy != "" || !p.TTL.IsZero(), hasDelay: p.HasDelay || p.DelayBy != "" || !p.Delay.IsZero(),
		keyTTL: c.key(element, "ttl"+purpose), keyDelay: c.key(element, "delayed"+purpose),
		idempotent: p.Idempotent, transient: p.Transient, ranked: p.HasPriority || p.PriorityBy != "" || p.Priority > 0, rank: p.Priority, rankBy: c.by(p.PriorityBy),
	}
}

// mortals notes which queues have messages with a time to live of their own.
func (c *compiler) mortals() {
	for i := range c.sites {
		st := &c.sites[i]
		if st.post == 0 || !c.posts[st.post-1].hasTTL {
			continue
		}
		c.mortal = true
		if st.kind == toQueue {
			c.queues[st.queue].mortal = true
			continue
		}
		for _, q := range c.topics[st.queue].subs {
			c.queues[q].mortal = true
		}
	}
}

// posted takes what a new copy has of its own from its message, and returns how long it
// waits before it can be delivered.
func (r *Run) posted(mi, k int32, q *queueT) (wait int64) {
	m := r.msgs.at(mi)
	wait = q.delay
	r.fades(k, q)
	post := nth(r.prog.sites, m.site).post
	if post == 0 {
		return wait
	}
	p, id, envelope := nth(r.prog.posts, post-1), r.ops.at(m.op).id, got(r.env.msg, mi)
	if p.hasTTL {
		if ttl := nanos(p.ttl.Sample(nth(r.keys, p.keyTTL).UniformOf(id, m.occ)) * r.factor(m.op, envelope, p.ttlBy)); ttl > 0 {
			r.dies(k, r.now+ttl)
		}
	}
	if p.hasDelay {
		wait = nanos(p.delay.Sample(nth(r.keys, p.keyDelay).UniformOf(id, m.occ)) * r.factor(m.op, envelope, p.delayBy))
	}
	c := r.copies.at(k)
	c.transient = c.transient || p.transient
	return wait
}

// fades notes that a new copy does not survive a crash, where its queue says so of its
// message.
func (r *Run) fades(k int32, q *queueT) {
	if q.persists.to > 0 {
		c := r.copies.at(k)
		c.transient = c.transient || !r.satisfied(message{c.op, got(r.env.copy, k), none, 1, 1, 1}, q.persists)
	}
}

// dies notes when a copy expires by itself; at 0: never.
func (r *Run) dies(k int32, at int64) {
	if more := int(k) + 1 - len(r.deaths); more > 0 {
		r.deaths = append(r.deaths, make([]int64, max(more, len(r.deaths)))...)
	}
	*nth(r.deaths, k) = at
}

// lifeEnd is when a copy expires; 0: never.
func (r *Run) lifeEnd(k int32, q *queueT) (at int64) {
	if q.ttl > 0 {
		at = r.copies.at(k).published + q.ttl
	}
	if q.mortal && int(k) < len(r.deaths) {
		if own := *nth(r.deaths, k); own > 0 && (at == 0 || own < at) {
			at = own
		}
	}
	return at
}

// willExpire sets the timer of a copy that can expire wherever it stands.
func (r *Run) willExpire(k int32, q *queueT) {
	if at := r.lifeEnd(k, q); at > 0 {
		r.copies.at(k).timer = r.list.Push(max(r.now, at), kernel.PhaseTimer, evExpiry, k)
	}
}

// expired ends a copy whose time to live is over.
func (r *Run) expired(k int32) {
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	if q.deadLetter != none { // it ends as a dead letter, with the reason expired
		r.deadLetter(k, design.Expired)
		return
	}
	r.countCopy(q.m.c+metric.QueueExpired, c.published)
	r.endCopy(k, design.Expired)
}

// lineUpAfter lines a new copy up when it can be delivered.
func (r *Run) lineUpAfter(k int32, wait int64) {
	if wait <= 0 {
		r.lineUp(k)
		return
	}
	r.delay(k, r.now+wait)
}

// delayOver lines a copy up whose delay is over, or whose wait for its redelivery.
func (r *Run) delayOver(k int32) {
	r.undelay(k)
	c := r.copies.at(k)
	if c.delivery > 0 {
		r.enqueue(k, nth(r.prog.queues, c.queue).requeue)
		return
	}
	r.stands(c, r.nextID()) // it comes into the line as if it were published now
	r.follows(k)
	r.lineUp(k)
}
