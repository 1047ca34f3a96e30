package engine

import (
	"fmt"

	"asynclab/sim/kernel"
)

// mechanisms proves the books of the seams: who waits is in one line, an attempt has
// passed guards only while it is under way, and each cell finds its state in order.
func (a *auditor) mechanisms() {
	r := a.r
	in := make([]int, len(r.seam.lines))
	for _, w := range used(&r.seam.waiters) {
		in[r.prog.parts[w.part].cell0+w.cell]++
		if c := r.call(w.call); c.id != w.callID || c.out || c.timer != 0 {
			a.wrong("call %d waits in a line and is under way", w.call)
		}
	}
	for i, x := range used(&r.seam.races) {
		switch c := r.call(x.call); {
		case c.id != x.callID || c.resting || r.raceOf(x.call) != int32(i):
			a.wrong("race %d has no attempt", i)
		case !c.out && x.first == none:
			a.wrong("race %d has no request under way", i)
		case x.settled == c.out:
			a.wrong("race %d: its attempt is out %v, and settled %v", i, c.out, x.settled)
		}
	}
	atDoor := map[*partT]int{} // tasks that it makes wait
	for _, t := range used(&r.tasks) {
		if t.id != 0 && t.rare&rareAtDoor != 0 {
			atDoor[r.delayer(&r.prog.services[t.service])]++
		}
	}
	for i := range r.prog.parts {
		p := &r.prog.parts[i]
		waiting := atDoor[p]
		for n := range p.cells {
			name := fmt.Sprintf("%s.%s[%d]", p.mech.Key, p.name, n)
			l := r.seam.lines[p.cell0+n]
			waiting += int(l.n)
			a.equal(name+": waiting", int(l.n), in[p.cell0+n])
			if p.mech.Audit == nil {
				continue
			}
			if err := p.mech.Audit(r.cell(p, n, none)); err != nil {
				a.wrong("%s: %v", name, err)
			}
		}
		if p.mech.Line != nil {
			a.equal(p.mech.Key+"."+p.name+": waiting level", int(r.rec.LevelValue(p.m.l+p.mech.Line.Waiting)), waiting)
		}
	}
	for i := range len(r.seam.tickets) / max(1, r.prog.tickets) {
		ci := int32(i)
		there := i>>1 < len(r.ops.items)
		if ci&1 == 1 {
			there = i>>1 < len(r.calls.items)
		}
		if t := r.ticket(ci); t[0] != 0 && (!there || r.call(ci).id == 0) {
			a.wrong("call %d has ended and holds %d guards", i, t[0])
		}
	}
}

// stores holds that what the stores say of those who wait, hold and access is what the
// tasks say.
func (a *auditor) stores() {
	r := a.r
	rows, waits := 0, 0
	for ci := range r.store.cells {
		c := &r.store.cells[ci]
		st := &r.prog.stores[c.store]
		rows += c.rows.Len()
		if c.inUse < 0 || c.inUse > st.slots || c.line.head != none && c.inUse < st.slots {
			a.wrong("store %s: %d accesses, of %d slots, the first in line is %d", st.name, c.inUse, st.slots, c.line.head)
		}
		for row := c.locks.First(); row != kernel.NoRow; row = c.locks.Next(row) {
			words := c.locks.Words(row)
			if words[lockKind] == ofTask {
				if t := r.tasks.at(int32(words[lockTask])); t.id != uint64(words[lockHolder]) {
					a.wrong("store %s: a lock is held by a task that has ended", st.name)
				}
			} else if words[lockKind] == 0 {
				a.wrong("store %s: nobody holds a lock that is there", st.name)
			}
		}
	}
	for _, w := range used(&r.store.waits) {
		if w.kind == leaseEnd {
			continue
		}
		waits++
		t := r.tasks.at(w.task)
		if t.id == 0 || w.kind == forState != (t.state == taskAwaiting || w.called) || w.kind != forState && t.state != taskBlocked {
			a.wrong("a task in state %d waits at a store (%d)", t.state, w.kind)
		}
	}
	named := 0
	for _, w := range r.store.waiting {
		if w != 0 {
			named++
		}
	}
	a.equal("rows", r.store.rows, rows)
	a.equal("tasks that wait at stores", named, waits)
}
