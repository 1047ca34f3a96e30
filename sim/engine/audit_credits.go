package engine

import "fmt"

func (a *auditor) wrong(format string, args ...any) {
	a.errs = append(a.errs, fmt.Errorf(format, args...))
}

// credits proves that no consumer starves and none exceeds its prefetch: its
// credit plus its unsettled deliveries on the present connection, those whose
// acknowledgement is still in transit included, equal its prefetch.
func (a *auditor) credits() {
	r := a.r
	out := make([]int, len(r.consumers))
	note := func(ci int32, epoch uint32) {
		if !r.stale(r.consumers[ci].conn, epoch, toBroker) {
			out[ci]++
		}
	}
	for _, t := range used(&r.tasks) {
		if t.copy != none && !t.dup && (!t.settled || r.prog.consumes[t.consume].auto) {
			note(t.consumer, t.epoch)
		}
	}
	for _, m := range used(&r.msgs) {
		if !m.dup && (m.kind == DeliverMessage || m.kind == AckMessage || m.kind == NackMessage) {
			note(m.consumer, m.epoch)
		}
	}
	for _, c := range used(&r.copies) {
		switch {
		case c.state == copyDelivered && c.timer != 0 && r.partOf(c.queue) != nil: // it will be tried again in its place
			note(c.consumer, uint32(c.site))
		case !c.ackLost:
		case c.state == copyDelivered:
			out[c.consumer]++
		default:
			a.wrong("copy %x: its acknowledgement is lost, but it is not with a consumer", c.id)
		}
	}
	for ci := range r.consumers {
		if lead := r.lead(int32(ci)); lead != int32(ci) {
			out[lead] += out[ci]
			a.equal(fmt.Sprintf("consumer %d, which shares the credit of %d: instance", ci, lead), int(r.consumers[ci].inst), int(r.consumers[lead].inst))
		}
	}
	for ci := range r.consumers {
		c := &r.consumers[ci]
		if !r.connected(c) || !r.conns[c.conn].client {
			continue // what is with a client that has gone comes back when the broker closes the connection
		}
		q := &r.prog.queues[c.queue]
		name := fmt.Sprintf("consumer %d of %s: ", ci, q.name)
		if q.closes {
			continue // tasks of a channel that was closed run on
		}
		if c.pulls {
			a.equal(name+"credit", int(c.credit), 0)
			continue
		}
		a.equal(name+"prefetch", int(c.prefetch), int(c.credit)+out[r.lead(int32(ci))])
		if c.credit > 0 && !c.idle && !r.suspended(c.inst) {
			a.wrong("%sidle and not among the idle of its queue", name)
		}
	}
	for qi := range r.queues {
		d, q := &r.queues[qi], &r.prog.queues[qi]
		if d.queued || r.heldEnough(q) || r.brokers[q.broker].down > 0 || d.head == none || r.end == AtCompletions {
			continue // a run that ends at a completion leaves the rest of the instant undone
		}
		for i := range d.idle.n {
			ci := d.idle.a[(d.idle.head+i)&(len(d.idle.a)-1)]
			if c := &r.consumers[ci]; c.credit > 0 && !r.suspended(c.inst) {
				a.wrong("%s: messages wait while consumer %d is idle", q.name, ci)
			}
		}
		if d.blockHead != none && r.fits(int32(qi)) && !r.choked(q.broker) {
			a.wrong("%s: publishers are blocked while there is room", q.name)
		}
	}
}

// calls proves that exactly one owner waits for each call.
func (a *auditor) calls() {
	r := a.r
	waits := map[int32]int32{} // call: the task whose open call it is
	for i, t := range used(&r.tasks) {
		if t.out != none {
			waits[t.out] = int32(i)
			if r.call(t.out).owner != int32(i) {
				a.wrong("task %x waits for a call that is not its own", t.id)
			}
		}
	}
	for i, c := range used(&r.calls) {
		if owner, waited := waits[int32(i)<<1|1]; !waited || owner != c.owner {
			a.wrong("call %x: its owner does not wait for it", c.id)
		}
	}
	for i, o := range used(&r.ops) {
		if o.own.id != 0 && o.own.owner != ^int32(i) {
			a.wrong("the call of operation %x is not its own", o.id)
		}
	}
}

// fetchers proves that what consumers are busy with is what is there, and that none that
// has nothing to do forgets to ask.
func (a *auditor) fetchers() {
	r := a.r
	if !r.prog.fetches {
		return
	}
	comes := map[int32]bool{} // tasks of answers under way, and those that wait for a batch or are in one
	chain := func(ti int32, next func(t *task) int32) (n int) {
		for ; ti != none; ti = next(r.tasks.at(ti)) {
			comes[ti] = true
			n++
		}
		return n
	}
	sibling := func(t *task) int32 { return t.sibling }
	for _, m := range used(&r.msgs) {
		if m.kind == FetchedMessage && !m.dup {
			chain(m.target, sibling)
		}
	}
	for ci := range r.fetchers {
		f := &r.fetchers[ci]
		a.equal(fmt.Sprintf("consumer %d: messages that wait for a batch", ci), int(f.n), chain(f.head, func(t *task) int32 { return t.next }))
	}
	for _, t := range used(&r.tasks) {
		if t.copy != none && t.admitted && t.id != 0 {
			chain(t.sibling, sibling)
		}
	}
	busy := make([]int, len(r.fetchers))
	for ti, t := range used(&r.tasks) {
		if t.copy != none && r.prog.consumes[t.consume].fetches && !comes[int32(ti)] && (t.admitted || !r.consumers[t.consumer].batches) {
			busy[r.lead(t.consumer)]++
		}
	}
	for ci := range r.fetchers {
		c, f := &r.consumers[ci], &r.fetchers[ci]
		if !r.prog.consumes[c.consume].fetches {
			continue
		}
		name := fmt.Sprintf("consumer %d of %s: ", ci, r.prog.queues[c.queue].name)
		a.equal(name+"busy", int(f.busy), busy[ci])
		idle := f.busy == 0 && !f.queued && f.timer == 0 && !(r.frozen > 0 && r.instances[c.inst].down > 0)
		switch {
		case !idle || r.end == AtCompletions:
		case f.n > 0 && !(c.log && r.members[ci].again > 0):
			a.wrong("%smessages wait for a batch that nobody begins", name)
		case c.pulls && c.prefetch > 0 && !f.asked && r.lead(int32(ci)) == int32(ci) && r.mayAsk(c):
			a.wrong("%shas nothing to do, and does not ask", name)
		}
	}
}
