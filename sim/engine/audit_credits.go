package engine

import "fmt"

// credits proves that no consumer starves and none exceeds its prefetch: its
// credit and what it has of the present connection, down to the acknowledgement
// that is still on its way, are its prefetch together.
func (a *auditor) credits() {
	r := a.r
	out := make([]int, len(r.consumers))
	note := func(ci int32, epoch uint32) {
		if r.consumers[ci].epoch == epoch {
			out[ci]++
		}
	}
	for i, u := range used(&r.tasks) {
		t := &r.tasks.items[i]
		if u && t.copy != none && !t.dup && (!t.settled || r.prog.consumes[t.consume].auto) {
			note(t.consumer, t.epoch)
		}
	}
	for i, u := range used(&r.msgs) {
		m := &r.msgs.items[i]
		if u && !m.dup && (m.kind == msgDeliver || m.kind == msgAck || m.kind == msgNack) {
			note(m.consumer, m.epoch)
		}
	}
	for i, u := range used(&r.copies) {
		c := &r.copies.items[i]
		if u && c.ackLost {
			if c.state != copyDelivered {
				a.errs = append(a.errs, fmt.Errorf("copy %x: its acknowledgement is lost, but nobody has it", c.id))
				continue
			}
			out[c.consumer]++
		}
	}
	for ci := range r.consumers {
		c := &r.consumers[ci]
		if !r.connected(c) {
			continue
		}
		q := &r.prog.queues[c.queue]
		name := fmt.Sprintf("consumer %d of %s: ", ci, q.name)
		a.equal(name+"prefetch", int(c.prefetch), int(c.credit)+out[ci])
		if c.credit > 0 && !c.idle && r.instances[c.inst].down == 0 {
			a.errs = append(a.errs, fmt.Errorf("%sidle and not in line", name))
		}
	}
	for qi := range r.queues {
		d, q := &r.queues[qi], &r.prog.queues[qi]
		if d.queued || r.brokers[q.broker].down > 0 || d.head == none {
			continue
		}
		for i := range d.idle.n {
			ci := d.idle.a[(d.idle.head+i)&(len(d.idle.a)-1)]
			if c := &r.consumers[ci]; c.credit > 0 && r.instances[c.inst].down == 0 {
				a.errs = append(a.errs, fmt.Errorf("%s: messages wait while consumer %d is idle", q.name, ci))
			}
		}
		if d.blockHead != none && r.fits(int32(qi)) {
			a.errs = append(a.errs, fmt.Errorf("%s: publishers are blocked while there is room", q.name))
		}
	}
}

// calls proves that every call has the owner that waits for it, and only one.
func (a *auditor) calls() {
	r := a.r
	live := used(&r.tasks)
	for i, u := range used(&r.calls) {
		if !u {
			continue
		}
		c := &r.calls.items[i]
		got := none
		switch {
		case c.owner == none:
			got = r.ops.items[c.op].call
		case live[c.owner]:
			got = r.tasks.items[c.owner].out
		}
		if got != int32(i) {
			a.errs = append(a.errs, fmt.Errorf("call %x: nobody waits for it", c.id))
		}
	}
	for i, u := range used(&r.tasks) {
		if t := &r.tasks.items[i]; u && t.out != none && r.calls.items[t.out].owner != int32(i) {
			a.errs = append(a.errs, fmt.Errorf("task %x waits for a call that is not its own", t.id))
		}
	}
}
