package engine

import "asynclab/sim/metric"

// Order as business logic sees it: the first completions of handlers, compared
// with the order in which the messages came to their queue or, without one, were
// sent from one node to the other. What a message needs for it is its place, and
// what a copy needs for its pair is the copy before it.

// sendState is what is sent over one direction of a link without waiting for an
// answer.
type sendState struct {
	sent uint64
	done uint64 // the last of those done
}

// follows says that a copy is the latest of its queue; of a keyed one, it is the
// latest of its key (lineUp).
func (r *Run) follows(k int32) {
	c := r.copies.at(k)
	r.isLast(k, c, nth(r.prog.queues, c.queue), nth(r.queues, c.queue))
}

func (r *Run) isLast(k int32, c *copyRec, q *queueT, d *queueState) {
	if q.key != 0 {
		c.before = none
		return
	}
	c.before, c.prior = d.latest, d.latestPlace
	d.latest, d.latestPlace = k, c.place&inOrderBits
}

// ordered reports whether the message of a task has a place among others: it
// came from a queue, or was sent without waiting for an answer.
func (t *task) ordered() bool { return t.copy != none || t.call == none }

// inOrder notes the first completion of a message's handler.
func (r *Run) inOrder(ti int32, t *task) {
	s := nth(r.prog.services, t.service)
	var done *uint64
	var key []int64 // of the message in a keyed queue
	if t.copy == none {
		done = &nth(r.sends, nth(r.prog.sites, t.site).fwd).done
	} else {
		qi := nth(r.consumers, t.consumer).queue
		if nth(r.consumers, t.consumer).log {
			c := r.copies.at(t.copy)
			if c.id != t.fromID {
				return // it has been done by another
			}
			qi = c.queue
		}
		if done = &nth(r.queues, qi).done; nth(r.prog.queues, qi).key != 0 {
			if key = r.keyRecord(t.op, r.envelope(ti), qi); key == nil {
				return // no other message of its key is open
			}
			last := uint64(key[keyDone])
			done = &last
		}
		r.overtakes(t, r.copies.at(t.copy), s)
	}
	if r.placed(t, done, s) && key != nil {
		key[keyDone] = int64(t.place)
	}
}

// overtakes notes whether the copies published before and after the one that a task has
// done are done before it.
func (r *Run) overtakes(t *task, c *copyRec, s *serviceT) {
	if c.id != t.fromID { // acknowledged already
		return
	}
	if c.overtaken {
		r.rec.Inc(s.m.c + metric.ServiceInversions)
	}
	if c.before != none {
		if b := r.copies.at(c.before); b.id != 0 && b.place&inOrderBits == c.prior {
			b.overtaken = true
		}
	}
}

// placed notes the place of the message that a task has done, and reports whether those
// before were done before it.
func (r *Run) placed(t *task, done *uint64, s *serviceT) bool {
	if t.place < *done {
		r.rec.Inc(s.m.c + metric.ServiceOutOfOrder)
		return false
	}
	*done = t.place
	return true
}
