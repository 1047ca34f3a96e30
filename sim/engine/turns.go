package engine

import "asynclab/sim/design"

// Consumers that take from several queues of a broker. One is a consumer of each of them,
// and all of these have the credit of one: what one takes, each has less. With a turn to
// give, the order says which queue it is for. Of those that pull, the first asks for all.

// shareT is how a consume shares its credit; first is end where it has one of its own.
type shareT struct {
	first, end int32 // the consumes of the service
	weight     int64 // 0: strict
}

// kin is what a consumer has beside itself that shares its credit.
type kin struct {
	first int32 // of those that share it, in the order of the queues; none: it has one of its own
	next  int32
	due   int64 // with weights: what it has been passed over by
}

// shareTables finds the services whose consumers take from all of their queues.
func (c *compiler) shareTables() {
	for i := range c.d.Services {
		s := &c.d.Services[i]
		if s.Order == design.OrderEach {
			continue
		}
		if c.shares == nil {
			c.shares = make([]shareT, len(c.consumes))
		}
		first := c.at[i].consume
		for k := range s.Consumes {
			t := shareT{first: first, end: first + int32(len(s.Consumes))}
			if s.Order == design.OrderWeighted {
				t.weight = int64(max(1, s.Consumes[k].Weight))
			}
			c.shares[first+int32(k)] = t
			c.queues[c.consumes[first+int32(k)].queue].plain = false
		}
	}
}

// shared reports whether a consume has no credit of its own.
func (p *Program) shared(consume int32) bool {
	return len(p.shares) > 0 && p.shares[consume].first != p.shares[consume].end
}

// newKin adds a new consumer to those with which it shares its credit. All consumes of a
// service get their consumers in the same order, so that the first of the next one is the
// next of the first consume.
func (r *Run) newKin(n int32) {
	if len(r.prog.shares) == 0 {
		return
	}
	ci := r.consumers[n].consume
	x := kin{first: none, next: none}
	if r.prog.shared(ci) {
		lead := r.prog.shares[ci].first
		switch last := r.readers[ci].tail; {
		case ci == lead:
			x.first = n
		case last == none:
			x.first = r.readers[lead].head
		default:
			x.first = r.consumers[r.kin[last].first].next
		}
		if x.first != n && x.first != none {
			before := x.first
			for r.kin[before].next != none {
				before = r.kin[before].next
			}
			r.kin[before].next = n
		}
	}
	r.kin = append(r.kin, x)
}

// lead is the consumer that asks for a consumer: itself, or the first of those with which
// it shares its credit.
func (r *Run) lead(ci int32) int32 {
	if len(r.kin) > 0 && nth(r.kin, ci).first != none {
		return nth(r.kin, ci).first
	}
	return ci
}

// sharesCredit reports whether a consumer shares its credit.
func (r *Run) sharesCredit(ci int32) bool { return len(r.kin) > 0 && nth(r.kin, ci).first != none }

// earn gives all that share the credit of a consumer one more, or one less.
func (r *Run) earn(ci, n int32) {
	for i := nth(r.kin, ci).first; i != none; i = nth(r.kin, i).next {
		c := nth(r.consumers, i)
		if c.credit += n; n > 0 && !r.suspended(c.inst) {
			r.idle(i)
		}
	}
}

// offers reports whether a queue has something that can be handed over.
func (r *Run) offers(qi int32) bool {
	d := nth(r.queues, qi)
	return d.head != none && !r.overdue(d.head) && !r.heldEnough(nth(r.prog.queues, qi))
}

// turnOf is which of those that share a credit takes next: of a queue that offers
// something, or that of which the caller has a message; none if there is none.
func (r *Run) turnOf(ci, has int32) int32 {
	best, sum := none, int64(0)
	for i := nth(r.kin, ci).first; i != none; i = nth(r.kin, i).next {
		c := nth(r.consumers, i)
		if c.queue != has && !r.offers(c.queue) {
			continue
		}
		weight := nth(r.prog.shares, c.consume).weight
		if weight == 0 {
			return i
		}
		k := nth(r.kin, i)
		k.due += weight
		if sum += weight; best == none || k.due > nth(r.kin, best).due {
			best = i
		}
	}
	if best != none {
		nth(r.kin, best).due -= sum
	}
	return best
}

// elsewhere gives the turn of an idle consumer of a queue to another of its queues, where
// that has it, and hands over from there.
func (r *Run) elsewhere(ci, qi int32) bool {
	to := r.turnOf(ci, qi)
	r.earn(ci, -1)
	if c := nth(r.consumers, ci); c.credit > 0 {
		nth(r.queues, qi).idle.put(ci)
	} else {
		c.idle = false
	}
	if to == ci {
		return false
	}
	k := r.chosen(nth(r.consumers, to).queue)
	r.unlink(k)
	r.deliver(k, to)
	return true
}

// listPull lists a pull that waits at the queues of its consumer.
func (r *Run) listPull(ci int32) {
	for i := ci; i != none; i = r.nextKin(i) {
		if f := nth(r.fetchers, i); !f.listed {
			f.listed = true
			nth(r.queues, nth(r.consumers, i).queue).pulls.push(i)
		}
	}
}

// nextKin is the next of those that share a credit, none where there are no others.
func (r *Run) nextKin(ci int32) int32 {
	if len(r.kin) == 0 {
		return none
	}
	return nth(r.kin, ci).next
}

// there is how many messages the answer to a pull can bring, by all queues of its
// consumer. What is overdue has expired before.
func (r *Run) there(ci int32) (n int32) {
	for i := ci; i != none; i = r.nextKin(i) {
		qi := nth(r.consumers, i).queue
		if d := nth(r.queues, qi); d.head != none && r.overdue(d.head) {
			r.expire(qi)
		}
		if d := nth(r.queues, qi); d.head != none && !r.heldEnough(nth(r.prog.queues, qi)) {
			n += d.depth
		}
	}
	return n
}

// brings is the consumer for whose queue the answer to a pull takes the next message; none
// if there is none.
func (r *Run) brings(ci int32) int32 {
	switch {
	case r.sharesCredit(ci):
		return r.turnOf(ci, none)
	case r.offers(nth(r.consumers, ci).queue):
		return ci
	}
	return none
}
