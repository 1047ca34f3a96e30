package engine

import (
	"errors"
	"fmt"
	"iter"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/mech/flush"
	"asynclab/sim/metric"
)

// Audit proves conservation: that every operation, call, message, task and copy
// is in exactly one state, that the recorded levels equal the numbers of
// records, and that arrivals equal departures plus what is still in flight. It
// is meant for tests and debugging; its time is proportional to the number of
// records in flight.
func (r *Run) Audit() error {
	a := auditor{r: r}
	a.references()
	a.instances()
	a.shelves()
	a.queues()
	a.credits()
	a.fetchers()
	a.calls()
	a.edges()
	a.books()
	a.mechanisms()
	a.stores()
	a.logs()
	a.disks()
	a.brokers()
	return errors.Join(a.errs...)
}

type auditor struct {
	r    *Run
	errs []error
}

func (a *auditor) equal(what string, got, want int) {
	if got != want {
		a.wrong("%s: %d, but there are %d", what, got, want)
	}
}

// brokers compares what brokers hold back, and what their workers do, with what is recorded.
func (a *auditor) brokers() {
	r := a.r
	busy := make([]int, len(r.brokers))
	for _, x := range used(&r.servers) {
		busy[x.broker]++
	}
	r.prog.eachCapacity(func(t *brokerT, i int) {
		s := &r.serving[i]
		a.equal(t.name+": busy", int(s.busy), busy[i])
		a.equal(t.name+": busy, as recorded", int(r.rec.LevelValue(t.capacity.m.l+metric.CapacityBusy)), busy[i])
		a.equal(t.name+": line, as recorded", int(r.rec.LevelValue(t.capacity.m.l+metric.CapacityWaiting)), s.line.n)
		if s.line.n > 0 && s.busy < t.capacity.workers {
			a.wrong("%s: %d messages in line, and a worker is free", t.name, s.line.n)
		}
	})
	r.prog.eachFlow(func(t *brokerT, i int) {
		blocked, queues := 0, 0
		r.eachQueue(int32(i), func(qi int32) {
			if blocked += int(r.queues[qi].blocked); r.queues[qi].blocked > 0 {
				queues++
			}
		})
		a.equal(t.name+": held back, as recorded", int(r.rec.LevelValue(t.flow.m.l+metric.FlowWaiting)), blocked)
		if r.flow[i].choked && t.flow.slow > 0 {
			a.equal(t.name+": queues whose turn it is", r.flow[i].line.n, queues)
		}
	})
}

// used yields the records of a store that are in use.
func used[T any](s *slab[T]) iter.Seq2[int, *T] {
	return func(yield func(int, *T) bool) {
		free := make([]bool, len(s.items))
		for _, f := range s.free[:s.nfree] {
			free[f] = true
		}
		for i := range s.items {
			if !free[i] && !yield(i, &s.items[i]) {
				return
			}
		}
	}
}

func (a *auditor) references() {
	r := a.r
	refs := make([]int, len(r.ops.items))
	for _, m := range used(&r.msgs) {
		refs[m.op]++
	}
	for _, t := range used(&r.tasks) {
		refs[t.op]++
	}
	for _, c := range used(&r.copies) {
		refs[c.op]++
	}
	for _, c := range used(&r.calls) {
		refs[r.opOf(c)]++
	}
	open := make([]int, len(r.loads))
	if r.prog.fetches {
		refs[r.nobody]++
	}
	for i, o := range used(&r.ops) {
		a.equal(fmt.Sprintf("references to operation %x", o.id), int(o.refs), refs[i])
		if o.state == opOpen && o.id != 0 {
			open[o.load]++
		}
	}
	for _, i := range r.ops.free[:r.ops.nfree] {
		a.equal(fmt.Sprintf("references to the freed operation in slot %d", i), 0, refs[i])
	}
	for i := range r.loads {
		a.equal("open operations of load "+r.prog.loads[i].name, int(r.loads[i].open), open[i])
	}
}

// shelves compares the lists of held and delayed copies with the copies.
func (a *auditor) shelves() {
	r := a.r
	if !r.shelved {
		return
	}
	held, late := make([]int, len(r.consumers)), make([]int, len(r.queues))
	for _, c := range used(&r.copies) {
		switch c.state {
		case copyDelivered:
			held[c.consumer]++
		case copyDelayed:
			late[c.queue]++
		}
	}
	for ci := range r.consumers {
		a.equal(fmt.Sprintf("copies listed of consumer %d", ci), len(r.along(nil, r.consumers[ci].held)), held[ci])
	}
	for qi := range r.queues {
		a.equal("delayed copies listed of "+r.prog.queues[qi].name, len(r.along(nil, r.queues[qi].late)), late[qi])
	}
}

func (a *auditor) instances() {
	r := a.r
	type seen struct{ busy, waiting, tasks, waitedFor, blocked, inside, working int }
	found := make([]seen, len(r.instances))
	for _, t := range used(&r.tasks) {
		if t.parent != none || !t.admitted {
			continue // a branch, or still in transit
		}
		f := &found[t.inst]
		f.tasks++
		if t.rare&rareOutstanding != 0 {
			f.waitedFor++
		}
		if t.inside {
			f.inside++
		}
		if t.holding && nth(r.prog.services, t.service).discipline != design.Sharing {
			f.busy++
		}
		if t.state == taskWaiting {
			f.waiting++
		}
		if t.holding && t.state == taskRunning && t.remaining > 0 {
			f.working++
		}
		if t.holding && t.state == taskBlocked && t.working == 0 {
			f.blocked++
		}
	}
	for i := range r.instances {
		in := &r.instances[i]
		name := fmt.Sprintf("%s[%d]: ", r.prog.services[in.service].name, i)
		if s := nth(r.prog.services, in.service); s.discipline == design.Sharing {
			found[i].busy = min(len(in.shared), int(s.workers))
		}
		if r.prog.services[in.service].discipline == design.Preemptive {
			a.equal(name+"index of whom to interrupt", len(in.shared), found[i].working)
		}
		if r.prog.services[in.service].discipline == design.EarliestDeadline {
			a.equal(name+"waiting by deadline", len(in.shared), found[i].waiting)
		}
		a.equal(name+"busy", int(in.busy), found[i].busy)
		a.equal(name+"waiting", int(in.waiting), found[i].waiting)
		a.equal(name+"tasks", int(in.tasks), found[i].tasks)
		if r.present != nil {
			listed := 0
			for ti := in.present.head; ti != none; ti = r.present[ti].next {
				listed++
			}
			a.equal(name+"listed tasks", listed, found[i].tasks)
		}
		if in.rank != 0 {
			d, ranked := &r.services[in.service], 0
			for k := range d.callers {
				ranked += int(r.rank[d.tree(k)+in.rank-d.rank].tasks)
			}
			a.equal(name+"outstanding requests", ranked, found[i].waitedFor)
		}
		a.equal(name+"blocked", int(in.blocked), found[i].blocked)
	}
	for si := range r.prog.services {
		s := &r.prog.services[si]
		var sum seen
		capacity, up := 0, 0
		for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
			in := &r.instances[ii]
			sum.waiting, sum.inside = sum.waiting+int(in.waiting), sum.inside+found[ii].inside
			if in.down == 0 {
				sum.busy, sum.blocked = sum.busy+int(in.busy), sum.blocked+int(in.blocked)
				capacity += int(max(in.busy, s.workers))
				up++
			}
		}
		a.equal(s.name+": instances level", int(r.rec.LevelValue(s.m.l+metric.ServiceInstances)), up)
		a.equal(s.name+": capacity", int(r.rec.LevelValue(s.capacity)), capacity)
		a.equal(s.name+": busy level", int(r.rec.LevelValue(s.m.l+metric.ServiceBusy)), sum.busy)
		a.equal(s.name+": waiting level", int(r.rec.LevelValue(s.m.l+metric.ServiceWaiting)), sum.waiting)
		a.equal(s.name+": tasks level", int(r.rec.LevelValue(s.m.l+metric.ServiceTasks)), sum.inside)
		a.equal(s.name+": blocked level", int(r.rec.LevelValue(s.m.l+metric.ServiceBlocked)), sum.blocked)
	}
}

func (a *auditor) queues() {
	r := a.r
	delivered := make([]int, len(r.queues))
	waiting := make([]int, len(r.queues))
	delayed := make([]int, len(r.queues))
	behind := make([]int, len(r.queues))
	aside := make([]int, len(r.queues))
	for _, c := range used(&r.copies) {
		switch c.state {
		case copyDelivered:
			delivered[r.whole(c.queue)]++
		case copyWaiting:
			waiting[c.queue]++
		case copyDelayed:
			delayed[c.queue]++
		case copyBehind:
			behind[c.queue]++
		case copyAside:
			aside[c.queue]++
		}
	}
	for qi := range r.queues {
		d, q := &r.queues[qi], &r.prog.queues[qi]
		if q.part > 0 {
			continue
		}
		blocked := 0
		for m := d.blockHead; m != none; m = r.msgs.items[m].next {
			blocked++
		}
		a.equal(q.name+": blocked publishers", int(d.blocked), blocked)
		n := 0
		for k := d.head; k != none; k = r.copies.items[k].next {
			c := &r.copies.items[k]
			if n++; q.requeue == design.RequeueOriginal && q.requeueLost == design.RequeueOriginal && c.prev != none && r.copies.items[c.prev].place > c.place {
				a.errs = append(a.errs, fmt.Errorf("%s: the line is not in the order of publication", q.name))
			}
		}
		a.equal(q.name+": line", n, waiting[qi])
		if d.sorted != none {
			a.places(r, q.name, d)
		}
		if d.elders != none {
			want := delayed[qi]
			if q.key != 0 {
				want += n + behind[qi]
			}
			a.equal(q.name+": elders", r.places[d.elders].len(), want)
		}
		if q.readers > 0 && q.gid == 0 { // otherwise dead letters are only counted
			a.equal(q.name+": depth", int(d.depth), n+behind[qi])
		}
		a.equal(q.name+": copies behind others of their key", len(r.allBehind(nil, int32(qi))), behind[qi])
		a.equal(q.name+": unacked", int(r.rec.LevelValue(q.m.l+metric.QueueUnacked)), delivered[qi])
		a.equal(q.name+": delayed and set aside", int(d.delayed), delayed[qi]+aside[qi])
		a.equal(q.name+": listed as set aside", len(r.allAside(nil, int32(qi))), aside[qi])
		a.equal(q.name+": level of those set aside", int(r.rec.LevelValue(q.m.l+metric.QueueSetAside)), aside[qi])
		a.equal(q.name+": delayed level", int(r.rec.LevelValue(q.m.l+metric.QueueDelayed)), delayed[qi])
		a.equal(q.name+": depth level", int(r.rec.LevelValue(q.m.l+metric.QueueDepth)), int(d.depth))
	}
}

func (a *auditor) books() {
	r := a.r
	sum := func(first measure.Counter, counters ...measure.Counter) (n int) {
		for _, c := range counters {
			n += int(r.rec.Total(first + c))
		}
		return n
	}
	for i := range r.loads {
		l := &r.prog.loads[i]
		out := int(r.rec.Total(l.completed())) + sum(l.m.c, metric.LoadFailed) + int(r.loads[i].open)
		a.equal("load "+l.name+": offered", sum(l.m.c, metric.LoadOffered), out)
	}
	inside := make([]int, len(r.services))
	for i := range r.instances {
		inside[r.instances[i].service] += int(r.instances[i].tasks)
	}
	for i := range r.services {
		s := &r.prog.services[i]
		out := sum(s.m.c, metric.ServiceCompleted, metric.ServiceFailed, metric.ServiceRejected, metric.ServiceCancelled, metric.ServiceLost)
		a.equal("service "+s.name+": arrived", sum(s.m.c, metric.ServiceArrived), out+inside[i])
	}
	held := make([]int, len(r.queues))
	for _, c := range used(&r.copies) {
		if c.state != copyWaiting && c.state != copyBehind && c.state != copyTravelling {
			held[r.whole(c.queue)]++
		}
	}
	for i := range r.prog.named {
		q, d := &r.prog.queues[i], &r.queues[i]
		out := sum(q.m.c, gone[:]...)
		a.equal("queue "+q.name+": published", sum(q.m.c, metric.QueuePublished), out+held[i]+int(d.depth))
	}
}

// disks compares what is said not to be on disk with what is counted, and proves that
// somebody sees to it.
func (a *auditor) disks() {
	r := a.r
	all := map[string]int64{}
	for i := range r.flushes {
		f, t := &r.flushes[i], &r.prog.flushes[i]
		all[t.name] += f.n + f.under
		if f.busy != (f.under > 0) || f.busy && f.timer == 0 {
			a.wrong("%s: a flush of %d messages is under way: %v", t.name, f.under, f.busy)
		}
		if due := t.policy.Due(f.n, f.first, r.now); f.n > 0 && !f.busy && f.timer == 0 && due != flush.Never {
			a.wrong("%s: %d messages wait for no flush", t.name, f.n)
		}
		n := int64(0)
		for mi := f.head; mi != none; mi = r.msgs.at(mi).next {
			n++
		}
		if n > 0 && f.n+f.under == 0 {
			a.wrong("%s: %d publishers wait for no message", t.name, n)
		}
	}
	r.prog.eachFlushed(func(t *flushT, _ int) {
		a.equal(t.name+": messages not on disk", int(r.rec.LevelValue(t.m.l+metric.FlushUnflushed)), int(all[t.name]))
	})
}
