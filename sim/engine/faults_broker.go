package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Crashes of brokers.

func (r *Run) crashBroker(b int32, silent bool) {
	s := &r.brokers[b]
	if nth(r.prog.brokers, b).replicas.nodes > 1 && r.nodeDown(b) {
		return
	}
	s.down++
	if silent {
		s.silent++
	}
	if s.down > 1 {
		return
	}
	r.fallen++
	r.weigh()
	if r.led != nil {
		r.led.halt(halting{of: ^b}, r.now, SpentDown)
	}
	r.groupsDown(b)
	noticed := r.brokerDown(b, silent)
	r.loseCopies(b)
	if len(r.serving) > 0 && r.prog.brokers[b].capacity.workers > 0 {
		r.stopServing(b)
	}
	if nth(r.prog.brokers, b).replicas.lagLimit > 0 {
		r.goOnParked(b)
	}
	r.closeAtClient(noticed...)
}

// loseCopies loses what is not safe in a crash of a broker, and gives back what is and was
// with a consumer.
func (r *Run) loseCopies(b int32) {
	t := &nth(r.prog.brokers, b).replicas
	others := t.nodes > 1 && r.survives(b)
	all := r.copiesAt(b)
	slices.SortFunc(all, r.byPlace)
	for k := range r.still(all) { // a full dead-letter queue can drop others
		c := r.copies.at(k)
		q := &r.prog.queues[c.queue]
		safe := q.durable && !c.transient && r.onDisk(q, c)
		if others {
			if safe = q.part > 0 || r.replicated(b, r.ops.at(c.op).id, c.occ, c.published); !safe {
				r.rec.Inc(t.m.c + metric.ReplicationLost)
			}
		}
		if !safe {
			r.countCopy(q.m.c+metric.QueueLost, c.published)
			r.unknown(&q.known, c.op, got(r.env.copy, k), c.lid, c.published)
			r.detach(k)
			r.endCopy(k, design.Lost)
		} else if c.state == copyDelivered && q.part == 0 { // a member goes on with what it has
			r.free(k, design.EndLost)
		}
	}
	r.loseLogs(b, others)
	r.eachQueue(b, func(qi int32) {
		if !others {
			r.forgetParked(qi)
			if q := &r.prog.queues[qi]; !q.durable {
				r.forgetKnown(&q.known)
			}
		}
		r.refuseBlocked(qi)
		r.forgetQueue(qi)
	})
	if len(r.flow) > 0 {
		r.slowly(b)
	}
	r.crashDisks(b, others)
}

// gone are the ends of a message of a queue.
var gone = [...]measure.Counter{metric.QueueAcked, metric.QueueDeadLettered, metric.QueueExpired, metric.QueueDropped, metric.QueueRejected, metric.QueueLost, metric.QueueRedriven}

// forgetParked empties a dead-letter queue whose copies are only counted.
func (r *Run) forgetParked(qi int32) {
	d, q := &r.queues[qi], &r.prog.queues[qi]
	if q.durable || q.readers > 0 || d.head != none || d.depth == 0 {
		return
	}
	held := func(rec *measure.Recorder, shift measure.Counter) uint64 {
		n := rec.Count(q.m.c + metric.QueuePublished + shift)
		for _, end := range gone {
			n -= rec.Count(q.m.c + end + shift)
		}
		return n
	}
	r.rec.AddOps(q.m.c+metric.QueueLost, uint64(d.depth), held(&r.rec, 0))
	for i := range r.cfg.Windows {
		if shift := measure.Counter(i) * r.prog.arrivals.c; !r.draining {
			r.windows.Add(q.m.c+metric.QueueLost+shift, held(&r.windows, shift))
		}
	}
	r.rec.Level(q.m.l+metric.QueueDepth, r.now, -int64(d.depth))
	d.depth = 0
}

func (r *Run) refuseBlocked(qi int32) {
	d := &r.queues[qi]
	for d.blockHead != none {
		mi := d.blockHead
		d.blockHead = r.msgs.items[mi].next
		d.blocked--
		if len(r.flow) > 0 {
			r.flowGoesOn(qi)
		}
		m := r.prog.queues[qi].m
		r.countCopy(m.c+metric.QueuePublished, r.now)
		r.countCopy(m.c+metric.QueueLost, r.now)
		r.notRemembered(mi, qi, int64(r.msgs.at(mi).place))
		r.refuse(mi, r.brokers[r.prog.queues[qi].broker].silent > 0)
	}
	d.blockTail = none
}

func (r *Run) restartBroker(b int32, silent bool) {
	if nth(r.prog.brokers, b).replicas.nodes > 1 {
		r.nodeUp(b)
		return
	}
	s := &r.brokers[b]
	s.down--
	if silent {
		s.silent--
	}
	if s.down == 0 {
		r.brokerIsUp(b)
	}
}

// brokerIsUp goes on with a broker.
func (r *Run) brokerIsUp(b int32) {
	r.fallen--
	r.weigh()
	if r.led != nil {
		r.led.halt(halting{of: ^b}, r.now, SpentWork)
	}
	r.brokerUp(b)
	r.groupsUp(b)
	r.eachQueue(b, r.wakeQueue)
	r.workersMoved(b)
}

// eachQueue visits the queues of a broker, and the partitions of its subscriptions.
func (r *Run) eachQueue(b int32, do func(qi int32)) {
	for _, all := range [][]span{r.prog.brokers[b].queues, r.prog.brokers[b].parts} {
		for _, s := range all {
			for qi := s.from; qi < s.to; qi++ {
				do(qi)
			}
		}
	}
}
