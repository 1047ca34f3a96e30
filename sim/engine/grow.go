package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
)

// Places for more instances than a run began with. Instances, their connections, cells of
// mechanisms and stores, and gatherings are numbered service by service, so that places in
// the middle shift what is behind them. That happens when a change asks for more than there
// are: the numbers are made anew, and everything in the state that says one is told. A place
// is never given up: who is stopped leaves it to the next that is started.

// moved tells where what had a number is now.
type moved struct{ inst, conn, timer, gather, cell []int32 }

// to is the new number of an old one; what is none, or of a record that is not in use, may be
// any.
func to(now []int32, was *int32) {
	if i := *was; i >= 0 && int(i) < len(now) {
		*was = now[i]
	}
}

// shift notes that n numbers from one on begin at another.
func shift(now []int32, from, at, n int32) {
	for i := range n {
		now[from+i] = at + i
	}
}

// placesOf is how many places a service needs for the instances that are wished for.
func (r *Run) placesOf(si int32) int32 {
	return max(r.prog.services[si].instances, bound(r.design.Services[si].Slots(), 1))
}

// makeRoom makes places for the instances that services may have now.
func (r *Run) makeRoom(services []int32) {
	if !slices.ContainsFunc(services, func(si int32) bool { return r.placesOf(si) > r.prog.services[si].instances }) {
		return
	}
	had, want := make([]int32, len(r.prog.services)), make([]int32, len(r.prog.services))
	for si := range want {
		had[si] = r.prog.services[si].instances
		if want[si] = had[si]; slices.Contains(services, int32(si)) {
			want[si] = r.placesOf(int32(si))
		}
	}
	old, p := r.prog, compileFor(r.prog.design, want)
	m := moved{make([]int32, old.instances), make([]int32, len(old.conns)), make([]int32, old.timers), make([]int32, len(old.gathers)), make([]int32, old.storeCells)}
	r.moveInstances(&old, p, &m)
	r.moveConns(&old, p, &m)
	r.moveCells(&old, p, &m)
	r.moveStores(&old, p, &m)
	r.moveGathers(&old, p, &m)
	r.renumber(p, &m)
	r.moveRecords(&old, &m)
	r.rankInstances()
	r.watchDoors()
	for si := range want {
		for n := had[si]; n < want[si]; n++ {
			r.openPlace(int32(si), n)
		}
	}
}

func (r *Run) moveInstances(old, p *Program, m *moved) {
	all := make([]instance, p.instances)
	for si := range p.services {
		s, was := &p.services[si], &old.services[si]
		copy(all[s.inst0:], r.instances[was.inst0:was.inst0+was.instances])
		shift(m.inst, was.inst0, s.inst0, was.instances)
		for ii := s.inst0 + was.instances; ii < s.inst0+s.instances; ii++ {
			all[ii] = newInstance(int32(si), was.speed)
		}
	}
	r.instances = all
}

func (r *Run) moveConns(old, p *Program, m *moved) {
	all := make([]connection, len(p.conns))
	for i := range all {
		all[i] = connection{epoch: 1, ways: [2]way{{since: -1}, {since: -1}}}
	}
	for b := range p.brokers {
		for k, at := range p.brokers[b].conns {
			was := old.brokers[b].conns[k]
			copy(all[at.from:], r.conns[was.from:was.to])
			shift(m.conn, was.from, at.from, was.to-was.from)
		}
	}
	r.upset += len(p.conns) - len(old.conns) // they are not open
	r.conns = all
}

func (r *Run) moveCells(old, p *Program, m *moved) {
	s := seamState{took: make([]int, p.tables)}
	s.words, s.timers, s.lines, s.tables = p.newCells()
	for i := range p.parts {
		t, was := &p.parts[i], &old.parts[i]
		timers, tables := int32(was.mech.Timers), int32(was.mech.Tables)
		copy(s.words[t.word0:], r.seam.words[was.word0:was.word0+was.cells*was.words])
		copy(s.timers[t.timer0:], r.seam.timers[was.timer0:was.timer0+was.cells*timers])
		copy(s.lines[t.cell0:], r.seam.lines[was.cell0:was.cell0+was.cells])
		copy(s.tables[t.table0:], r.seam.tables[was.table0:was.table0+was.cells*tables])
		copy(s.took[t.table0:], r.seam.took[was.table0:was.table0+was.cells*tables])
		shift(m.timer, was.timer0, t.timer0, was.cells*timers)
	}
	r.seam.kept += sizeOf(s.words) - sizeOf(r.seam.words)
	r.seam.words, r.seam.timers, r.seam.lines, r.seam.tables, r.seam.took = s.words, s.timers, s.lines, s.tables, s.took
	r.cellsEnd()
}

func (r *Run) moveStores(old, p *Program, m *moved) {
	var all []storeCell
	for i := range p.stores {
		t, was := &p.stores[i], &old.stores[i]
		shift(m.cell, was.cell0, t.cell0, was.cells)
		all = append(all, r.store.cells[was.cell0:was.cell0+was.cells]...)
		for range t.cells - was.cells {
			all = append(all, newStoreCell(int32(i), was))
		}
	}
	r.store.cells = all
	lock := func(at *int64) { // see lockAt
		if *at != 0 {
			*at = lockAt(m.cell[*at>>32], 0) - 1 | *at&(1<<32-1)
		}
	}
	for i := range all {
		for t, row := &all[i].locks, all[i].locks.First(); row != kernel.NoRow; row = t.Next(row) {
			lock(&t.Words(row)[lockNext])
		}
	}
	for i := range r.store.held {
		lock(&r.store.held[i])
	}
	for i := range r.store.waits.items {
		to(m.cell, &r.store.waits.items[i].cell)
	}
}

func (r *Run) moveGathers(old, p *Program, m *moved) {
	all := make([]gathering, len(p.gathers))
	for i := range all {
		all[i].head, all[i].tail = none, none
	}
	at := int32(0)
	for i := range old.gathers {
		if i > 0 && old.gathers[i].site != old.gathers[i-1].site {
			for p.gathers[at].site != old.gathers[i].site {
				at++
			}
		}
		all[at], m.gather[i] = r.gathers[i], at
		at++
	}
	r.gathers = all
}

// renumber gives the tables the numbers of another program of the same design. All else in
// them stays: it may have been changed since.
func (r *Run) renumber(p *Program, m *moved) {
	q, o := &r.prog, &r.owned
	own(&q.services, &o.services)
	own(&q.sites, &o.sites)
	own(&q.consumes, &o.consumes)
	own(&q.queues, &o.queues)
	own(&q.links, &o.links)
	own(&q.brokers, &o.brokers)
	own(&q.parts, &o.parts)
	own(&q.faults, &o.faults)
	for i := range q.consumes {
		t := &q.consumes[i]
		n := t.perInst * (p.services[t.service].instances - q.services[t.service].instances)
		q.consumers += int(n)
		q.queues[t.queue].consumers += n
		t.conn = p.consumes[i].conn
	}
	for i := range q.services {
		s, now := &q.services[i], &p.services[i]
		s.inst0, s.instances, s.conns = now.inst0, now.instances, now.conns
	}
	for i := range q.sites {
		q.sites[i].conn, q.sites[i].gather = p.sites[i].conn, p.sites[i].gather
	}
	for i := range q.links {
		q.links[i].conn0, q.links[i].conns = p.links[i].conn0, p.links[i].conns
	}
	for i := range q.brokers {
		q.brokers[i].conns = p.brokers[i].conns
	}
	for i := range q.parts {
		t, now := &q.parts[i], &p.parts[i]
		t.inst0, t.cell0, t.cells, t.word0, t.timer0, t.table0 = now.inst0, now.cell0, now.cells, now.word0, now.timer0, now.table0
	}
	q.stores = slices.Clone(q.stores)
	for i := range q.stores {
		q.stores[i].cell0, q.stores[i].cells = p.stores[i].cell0, p.stores[i].cells
	}
	for i := range q.faults {
		f := &q.faults[i]
		f.targets = slices.Clone(f.targets)
		for k := range f.targets {
			to(m.inst, &f.targets[k].inst)
		}
	}
	names := *q.names
	names.conn, q.names = p.names.conn, &names
	q.conns, q.gathers, q.instances = p.conns, p.gathers, p.instances
	q.storeCells, q.cells, q.words, q.timers, q.tables = p.storeCells, p.cells, p.words, p.timers, p.tables
}

// moveRecords tells the records and the events of the run.
func (r *Run) moveRecords(old *Program, m *moved) {
	asks := func(site int32) bool { return site >= 0 && int(site) < len(r.prog.sites) && r.prog.sites[site].peer }
	for i := range r.msgs.items {
		x := &r.msgs.items[i]
		to(m.conn, &x.conn)
		to(m.inst, &x.inst)
		if x.kind == RequestMessage && asks(x.site) {
			to(m.inst, &x.consumer)
		}
	}
	for i := range r.tasks.items {
		t := &r.tasks.items[i]
		to(m.inst, &t.inst)
		if t.copy == none && asks(t.site) {
			to(m.inst, &t.consumer)
		}
	}
	for i := range r.copies.items {
		if k := &r.copies.items[i]; k.id != 0 && k.state == copyTravelling {
			to(m.conn, &k.consumer)
		}
	}
	for i := range r.consumers {
		to(m.inst, &r.consumers[i].inst)
		to(m.conn, &r.consumers[i].conn)
	}
	for i := range r.seam.flights.items {
		to(m.inst, &r.seam.flights.items[i].inst)
	}
	for i := range r.seam.tried.insts.items {
		to(m.inst, &r.seam.tried.insts.items[i].inst)
	}
	item := func(x *readyItem) {
		if x.kind() == readyInstance {
			arg := x.arg()
			to(m.inst, &arg)
			x.what = readyWord(arg, x.attempt(), x.cause(), readyInstance)
		}
	}
	for i := range r.ready.a {
		item(&r.ready.a[i])
	}
	for i := range r.held {
		item(&r.held[i].readyItem)
		to(m.inst, &r.held[i].inst)
	}
	r.list.Renumber(func(kind uint8, arg int32) int32 {
		switch kind {
		case evSharing:
			to(m.inst, &arg)
		case evReset, evConnect:
			to(m.conn, &arg)
		case evSilence:
			c := arg / 2
			to(m.conn, &c)
			arg = 2*c + arg%2
		case evGather:
			to(m.gather, &arg)
		case evMechanism:
			if arg >= old.timers {
				return arg - old.timers + r.prog.timers
			}
			to(m.timer, &arg)
		}
		return arg
	})
	r.weigh()
	r.otherwise()
}

// openPlace prepares the place of an instance that nobody has started yet.
func (r *Run) openPlace(si, n int32) {
	s := &r.prog.services[si]
	ii := s.inst0 + n
	in := &r.instances[ii]
	if r.present != nil {
		in.watched |= watchTasks
		in.present = waitList{none, none}
	}
	in.down = 1
	r.setStage(ii, stageAway)
	first := r.prog.names.at[si].consume
	for k, t := range r.prog.consumesOf(si) {
		for range t.perInst {
			if len(r.consumers) < design.MaxConsumers {
				r.consumers[r.addConsumer(first+int32(k), ii, t.prefetch)].credit = 0
			}
		}
	}
	r.forgetFetchers(ii)
	for _, i := range r.prog.owned[si] {
		r.startCell(&r.prog.parts[i], n)
	}
	for i := range r.prog.faults {
		f, d, all := &r.prog.faults[i], &r.faults[i], target{service: si, broker: none, inst: none}
		if f.wears && slices.Contains(f.targets, all) {
			r.instances[ii].watched |= watchWork
		}
		if d.active && !d.off && f.kind != design.FaultErrors && slices.Contains(r.picked(int32(i)), all) {
			f.kind.Class().Act(struck{r, f, []target{{service: si, broker: none, inst: ii}}}, true)
		}
	}
	r.setErrors(ii)
	r.rerate(ii)
}
