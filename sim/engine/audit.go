package engine

import (
	"errors"
	"fmt"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// Audit proves conservation: that every operation, call, message, task and copy
// is in exactly one state of its book, that the levels agree with what is
// there, and that what came in is what went out plus what is still inside. It
// is meant for tests and for a doubting mind; it takes time proportional to
// what is in flight. The counts are compared only in runs without warm-up,
// because only there do the counters hold everything.
func (r *Run) Audit() error {
	a := auditor{r: r}
	a.references()
	a.instances()
	a.queues()
	a.credits()
	a.calls()
	if r.cfg.Warmup == 0 {
		a.books()
	}
	return errors.Join(a.errs...)
}

type auditor struct {
	r    *Run
	errs []error
}

func (a *auditor) equal(what string, got, want int) {
	if got != want {
		a.errs = append(a.errs, fmt.Errorf("%s: %d, but there are %d", what, got, want))
	}
}

// used tells which records of a store are in use.
func used[T any](s *slab[T]) []bool {
	u := make([]bool, len(s.items))
	for i := range u {
		u[i] = true
	}
	for _, f := range s.free {
		u[f] = false
	}
	return u
}

func (a *auditor) references() {
	r := a.r
	refs := make([]int, len(r.ops.items))
	for i, u := range used(&r.msgs) {
		if u {
			refs[r.msgs.items[i].op]++
		}
	}
	for i, u := range used(&r.tasks) {
		if u {
			refs[r.tasks.items[i].op]++
		}
	}
	for i, u := range used(&r.copies) {
		if u {
			refs[r.copies.items[i].op]++
		}
	}
	for i, u := range used(&r.calls) {
		if u {
			refs[r.calls.items[i].op]++
		}
	}
	open := make([]int, len(r.loads))
	for i, u := range used(&r.ops) {
		o := &r.ops.items[i]
		if !u {
			a.equal(fmt.Sprintf("references to the freed operation in slot %d", i), 0, refs[i])
			continue
		}
		a.equal(fmt.Sprintf("references to operation %x", o.id), int(o.refs), refs[i])
		if o.state == opOpen && o.id != 0 {
			open[o.load]++
		}
	}
	for i := range r.loads {
		a.equal("open operations of load "+r.prog.loads[i].name, int(r.loads[i].open), open[i])
	}
}

func (a *auditor) instances() {
	r := a.r
	type seen struct{ busy, waiting, tasks, blocked int }
	found := make([]seen, len(r.instances))
	for i, u := range used(&r.tasks) {
		if !u {
			continue
		}
		t := &r.tasks.items[i]
		if t.parent != none || !t.admitted {
			continue // a branch, or not there yet
		}
		f := &found[t.inst]
		f.tasks++
		if t.holding {
			f.busy++
		}
		if t.state == taskWaiting {
			f.waiting++
		}
		if t.holding && t.state == taskBlocked && t.working == 0 {
			f.blocked++
		}
	}
	for i := range r.instances {
		in := &r.instances[i]
		name := fmt.Sprintf("%s[%d]: ", r.prog.services[in.service].name, i)
		a.equal(name+"busy", int(in.busy), found[i].busy)
		a.equal(name+"waiting", int(in.waiting), found[i].waiting)
		a.equal(name+"tasks", int(in.tasks), found[i].tasks)
		a.equal(name+"blocked", int(in.blocked), found[i].blocked)
	}
	for si := range r.prog.services {
		s := &r.prog.services[si]
		var sum seen
		for _, in := range r.instances[s.inst0 : s.inst0+s.instances] {
			n := in.busy
			if s.discipline == design.Sharing {
				n = min(n, s.workers)
			}
			sum.busy, sum.waiting, sum.blocked = sum.busy+int(n), sum.waiting+int(in.waiting), sum.blocked+int(in.blocked)
		}
		a.equal(s.name+": busy level", int(r.rec.LevelValue(s.m.l+metric.ServiceBusy)), sum.busy)
		a.equal(s.name+": waiting level", int(r.rec.LevelValue(s.m.l+metric.ServiceWaiting)), sum.waiting)
		a.equal(s.name+": blocked level", int(r.rec.LevelValue(s.m.l+metric.ServiceBlocked)), sum.blocked)
	}
}

func (a *auditor) queues() {
	r := a.r
	delivered := make([]int, len(r.queues))
	waiting := make([]int, len(r.queues))
	delayed := make([]int, len(r.queues))
	for i, u := range used(&r.copies) {
		if !u {
			continue
		}
		switch c := &r.copies.items[i]; c.state {
		case copyDelivered:
			delivered[c.queue]++
		case copyWaiting:
			waiting[c.queue]++
		case copyDelayed:
			delayed[c.queue]++
		}
	}
	for qi := range r.queues {
		d, q := &r.queues[qi], &r.prog.queues[qi]
		blocked := 0
		for m := d.blockHead; m != none; m = r.msgs.items[m].next {
			blocked++
		}
		a.equal(q.name+": blocked publishers", int(d.blocked), blocked)
		n := 0
		for k := d.head; k != none; k = r.copies.items[k].next {
			c := &r.copies.items[k]
			if n++; q.requeue == design.RequeueOriginal && c.prev != none && r.copies.items[c.prev].place > c.place {
				a.errs = append(a.errs, fmt.Errorf("%s: the line is not in the order of publication", q.name))
			}
		}
		a.equal(q.name+": line", n, waiting[qi])
		if q.consumers > 0 { // otherwise dead letters are only counted
			a.equal(q.name+": depth", int(d.depth), n)
		}
		a.equal(q.name+": unacked", int(r.rec.LevelValue(q.m.l+metric.QueueUnacked)), delivered[qi])
		a.equal(q.name+": delayed", int(d.delayed), delayed[qi])
		a.equal(q.name+": delayed level", int(r.rec.LevelValue(q.m.l+metric.QueueDelayed)), delayed[qi])
		a.equal(q.name+": depth level", int(r.rec.LevelValue(q.m.l+metric.QueueDepth)), int(d.depth))
	}
}

func (a *auditor) books() {
	r := a.r
	for i := range r.loads {
		l := &r.prog.loads[i]
		m := l.m.c
		out := r.rec.Count(l.completed()) + r.rec.Count(m+metric.LoadFailed) + uint64(r.loads[i].open)
		a.equal("load "+l.name+": offered", int(r.rec.Count(m+metric.LoadOffered)), int(out))
	}
	inside := make([]int, len(r.services))
	for i := range r.instances {
		inside[r.instances[i].service] += int(r.instances[i].tasks)
	}
	for i := range r.services {
		m := r.prog.services[i].m.c
		out := r.rec.Count(m+metric.ServiceCompleted) + r.rec.Count(m+metric.ServiceFailed) + r.rec.Count(m+metric.ServiceRejected) +
			r.rec.Count(m+metric.ServiceCancelled) + r.rec.Count(m+metric.ServiceLost)
		a.equal("service "+r.prog.services[i].name+": arrived", int(r.rec.Count(m+metric.ServiceArrived)), int(out)+inside[i])
	}
	held := make([]int, len(r.queues))
	for i, u := range used(&r.copies) {
		if s := r.copies.items[i].state; u && s != copyWaiting && s != copyTravelling {
			held[r.copies.items[i].queue]++
		}
	}
	for i := range r.queues {
		m, d := r.prog.queues[i].m.c, &r.queues[i]
		out := r.rec.Count(m+metric.QueueAcked) + r.rec.Count(m+metric.QueueDeadLettered) + r.rec.Count(m+metric.QueueExpired) +
			r.rec.Count(m+metric.QueueDropped) + r.rec.Count(m+metric.QueueRejected) + r.rec.Count(m+metric.QueueLost)
		a.equal("queue "+r.prog.queues[i].name+": published", int(r.rec.Count(m+metric.QueuePublished)), int(out)+held[i]+int(d.depth)+int(d.blocked))
	}
}
