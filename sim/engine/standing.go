package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/mech/balance"
)

// What a picture tells of those who wait, and of tables that list instances. All of it is
// looked up for a Snapshot: an event does nothing for it.

// MostStanding is how many of a line a Snapshot tells apart.
const MostStanding = 12

// Standing says of the first in a line which are of what kind: bit 0 is the next to go.
type Standing struct {
	Urgent uint16 // before others of the line, by their priority
	Again  uint16 // sent, or delivered, before
	Gone   uint16 // its caller has given up
}

// stands adds one to a line of n.
func (s *Standing) stands(n int, urgent, again, gone bool) {
	s.Urgent |= uint16(b2i(urgent)) << n
	s.Again |= uint16(b2i(again)) << n
	s.Gone |= uint16(b2i(gone)) << n
}

// before is a line of n with another behind it.
func (s Standing) before(other Standing, n int) Standing {
	return Standing{s.Urgent | other.Urgent<<n, s.Again | other.Again<<n, s.Gone | other.Gone<<n}
}

// inRoom is the line of an instance. Who is served next by a deadline is not told.
func (r *Run) inRoom(in *instance, s *serviceT) (line Standing) {
	n := 0
	if s.discipline == design.EarliestDeadline {
		return line
	}
	if s.discipline == design.LIFO {
		for ti := in.lists[0].tail; ti != none && n < MostStanding; n++ {
			t := r.tasks.at(ti)
			line.stands(n, false, t.resend, r.forNobody(t))
			ti = t.prev
		}
		return line
	}
	last := len(in.lists) - 1
	for last > 0 && in.lists[last].head == none {
		last--
	}
	for p := range in.lists {
		for ti := in.lists[p].head; ti != none && n < MostStanding; n++ {
			t := r.tasks.at(ti)
			line.stands(n, p < last, t.resend, r.forNobody(t))
			ti = t.next
		}
	}
	return line
}

// inQueue is the line of a queue.
func (r *Run) inQueue(d *queueState) (line Standing) {
	if d.head == none {
		return line
	}
	behind := r.copies.at(d.tail).place >> levelShift
	for k, n := d.head, 0; k != none && n < MostStanding; n++ {
		c := r.copies.at(k)
		line.stands(n, c.place>>levelShift < behind, c.delivery > 0, false)
		k = c.next
	}
	return line
}

// A register is a table whose key is the attribute that chooses the instance of another
// service: its rows say where to go.
type register struct{ store, service int32 }

// registers are those of the design.
func (p *Program) registers() (all []register) {
	for i := range p.stores {
		st := &p.stores[i]
		for k := range p.services {
			s := &p.services[k]
			if st.key > 0 && st.key == s.key && s.balance.Keyed && int32(k) != st.service && s.instances > 1 {
				all = append(all, register{int32(i), int32(k)})
			}
		}
	}
	return all
}

// keyed is the choice of an instance by a key, whatever is left out just now.
type keyed struct {
	balance.Choice
	n   int32
	key uint64
}

func (c keyed) Instances() int32 { return c.n }
func (c keyed) Key() uint64      { return c.key }

// countStale counts the rows of registers whose instance is down.
func (r *Run) countStale(services []ServiceNow) {
	if r.registry == nil {
		r.registry = append([]register{}, r.prog.registers()...)
	}
	for _, x := range r.registry {
		if services[x.service].Down == 0 {
			continue
		}
		st, s := nth(r.prog.stores, x.store), nth(r.prog.services, x.service)
		for i := range st.cells {
			rows := &nth(r.store.cells, st.cell0+i).rows
			for row := rows.First(); row != kernel.NoRow; row = rows.Next(row) {
				if st.ttl > 0 && rows.Words(row)[rowWritten]+st.ttl <= r.now {
					continue
				}
				at := s.balance.Pick(keyed{n: s.instances, key: rows.Key(row)})
				if in := &r.instances[s.inst0+at]; in.down > 0 && in.stage == stageIn {
					services[st.service].Stale++
				}
			}
		}
	}
}
