package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
)

// Instances that a mechanism or a change by hand starts and stops. A program has all that there may be; those
// that are away are down, and their balancer leaves them out, as it does those that start
// or leave. One that leaves gets nothing new, and is away when its tasks are done.

// The stages of an instance; all are in where nothing scales the service.
const (
	stageIn = iota
	stageAway
	stageStarting
	stageLeaving
)

// scaling is the mechanism that scales a service, or nil.
func (r *Run) scaling(service int32) *partT {
	g := nth(r.prog.services, service).guards
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		if p := &r.prog.parts[i]; p.mech.Slots != nil {
			return p
		}
	}
	return nil
}

// Scales reports whether a mechanism scales a service.
func (p *Program) Scales(service string) bool {
	i := slices.IndexFunc(p.design.Services, func(s design.Service) bool { return s.Name == service })
	return i >= 0 && slices.ContainsFunc(p.design.Services[i].Uses, func(u design.Use) bool { return u.Of.Declaration().Slots != nil })
}

// beginStaff makes those away that a service does not begin with, before anything is
// counted.
func (r *Run) beginStaff() {
	for si := range r.prog.services {
		p := r.scaling(int32(si))
		if p == nil {
			continue
		}
		s := &r.prog.services[si]
		first := int32(p.mech.First(p.settings, r.design.Services[si].Instances))
		for ii := s.inst0 + first; ii < s.inst0+s.instances; ii++ {
			r.setStage(ii, stageAway)
			r.instances[ii].down = 1
		}
		r.services[si].in = first
		r.rec.Level(p.m.l+mech.PaidLevel, 0, int64(first))
	}
}

// sendStaff closes the connections of those that are away at the beginning.
func (r *Run) sendStaff() {
	for ii := range r.instances {
		if r.instances[ii].stage == stageAway {
			r.rerate(int32(ii))
			r.clientDown(int32(ii), false)
		}
	}
}

func (r *Run) setStage(ii int32, to uint8) {
	r.instances[ii].stage = to
	r.leaveOut(ii, outAway, to != stageIn)
}

// sendAway takes an instance without tasks down, whatever a crash would leave.
func (r *Run) sendAway(ii int32) {
	d := &r.instances[ii]
	d.down++
	r.staffed(ii, -1)
	r.rerate(ii)
	r.leaveGroups(ii)
	r.clientDown(ii, false)
	r.forgetFetchers(ii)
	r.loseGathered(ii)
	r.forgetCells(d.service, ii)
	r.forgetStores(ii)
}

// isDone notes that the last task of an instance that is leaving has left.
func (r *Run) isDone(ii int32) {
	p := r.scaling(nth(r.instances, ii).service)
	if p == nil {
		r.kick(ii)
		return
	}
	i := p.timer0 + (ii-p.inst0)*int32(p.mech.Timers) + mech.DoneTimer
	r.cancel(&r.seam.timers[i])
	r.seam.timers[i] = r.list.Push(r.now, kernel.PhaseTimer, evMechanism, i)
}

func (h *host) service() int32 { return nth(h.r.instances, h.p.inst0).service }

func (h *host) Staff() (f mech.Staff) {
	r, si := h.r, h.service()
	s := nth(r.prog.services, si)
	f.In = int(r.services[si].in)
	for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
		d := nth(r.instances, ii)
		switch {
		case d.stage == stageStarting:
			f.Starting++
		case d.stage == stageIn && d.down == 0:
			f.Up++
		}
		f.Waiting += int(d.waiting)
	}
	f.Capacity = r.rec.LevelSoFar(s.capacity, r.now)
	f.Held = r.rec.LevelSoFar(s.m.l+metric.ServiceBusy, r.now)
	f.Busy = f.Held - r.rec.LevelSoFar(s.m.l+metric.ServiceBlocked, r.now)
	for _, c := range r.prog.consumesOf(si) {
		d := nth(r.queues, c.queue)
		f.Waiting += int(d.depth)
		if d.oldest >= 0 {
			f.Oldest = max(f.Oldest, r.now-d.oldest)
		}
	}
	return f
}

func (h *host) Begin(k int, at int64) bool {
	r := h.r
	for n := range h.p.cells {
		if r.instances[h.p.inst0+n].stage == stageAway {
			r.setStage(h.p.inst0+n, stageStarting)
			i := h.p.timer0 + n*int32(h.p.mech.Timers) + int32(k)
			r.cancel(&r.seam.timers[i])
			r.seam.timers[i] = r.list.Push(at, kernel.PhaseTimer, evMechanism, i)
			return true
		}
	}
	return false
}

func (h *host) Join() bool {
	r, ii := h.r, h.p.inst0+h.n
	d := &r.instances[ii]
	if d.down > 1 {
		return false
	}
	d.down--
	r.setStage(ii, stageIn)
	r.services[d.service].in++
	r.staffed(ii, 1)
	r.rerate(ii)
	own, hooked := r.host, r.hooked
	r.clientUp(ii)
	r.host, r.hooked = own, hooked
	return true
}

func (h *host) Leave() bool {
	r := h.r
	for n := h.p.cells - 1; n > 0; n-- {
		ii := h.p.inst0 + n
		d := &r.instances[ii]
		if d.stage != stageIn {
			continue
		}
		r.services[d.service].in--
		r.stops(ii)
		return true
	}
	return false
}

func (h *host) Retire() bool {
	own, hooked := h.r.host, h.r.hooked // other cells of the instance are reset meanwhile
	gone := h.r.retire(h.p.inst0 + h.n)
	h.r.host, h.r.hooked = own, hooked
	return gone
}

// stops lets an instance leave: it gets nothing new.
func (r *Run) stops(ii int32) {
	d := &r.instances[ii]
	r.setStage(ii, stageLeaving)
	r.leaving++
	r.otherwise()
	if d.watched |= watchLast; d.tasks == 0 {
		r.isDone(ii)
	}
}

// retire sends an instance away that leaves and has nothing left to do.
func (r *Run) retire(ii int32) bool {
	d := &r.instances[ii]
	if d.tasks > 0 || d.down > 0 || r.hasSent(ii) {
		return false
	}
	d.watched &^= watchLast
	r.leaving--
	r.otherwise()
	r.setStage(ii, stageAway)
	r.sendAway(ii)
	return true
}

// hasSent reports whether something that an instance has sent to a broker is under way: an
// acknowledgement, or a message. It is done when that has arrived.
func (r *Run) hasSent(ii int32) bool {
	for _, c := range r.connsOfInstance(ii) {
		k := &r.conns[c]
		w := &k.ways[toBroker]
		at := max(w.last, w.sent+max(0, r.prog.wires[r.prog.conns[c].links[toBroker]].constant))
		if k.client && k.broker && at > r.now {
			if k.reset == 0 {
				r.resetAt(c, at)
			}
			return true
		}
	}
	return false
}

// lastLeft sends an instance away that nothing scales.
func (r *Run) lastLeft(ii int32) {
	d := &r.instances[ii]
	if d.stage == stageLeaving && r.scaling(d.service) == nil && r.retire(ii) {
		r.hire(d.service, -1)
		r.observeStaff(ii, record.InstanceAway)
	}
}

// staffTo gives a service another number of instances during the run.
func (r *Run) staffTo(si, n int32) {
	s := &r.prog.services[si]
	if p := r.scaling(si); p != nil {
		p.mech.Said(r.cell(p, 0, none), int(n))
		return
	}
	for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
		if r.instances[ii].stage == stageIn {
			n--
		}
	}
	for _, from := range []uint8{stageLeaving, stageAway} { // who is still there, stays
		for ii := s.inst0; ii < s.inst0+s.instances && n > 0; ii++ {
			if r.instances[ii].stage == from {
				r.joins(ii, from == stageLeaving)
				r.observeStaff(ii, record.InstanceUp)
				n--
			}
		}
	}
	for ii := s.inst0 + s.instances - 1; ii > s.inst0 && n < 0; ii-- {
		if r.instances[ii].stage == stageIn {
			r.observeStaff(ii, record.InstanceLeaving)
			r.stops(ii)
			n++
		}
	}
}

// joins lets an instance take part that was away, or is leaving.
func (r *Run) joins(ii int32, there bool) {
	d := &r.instances[ii]
	if r.setStage(ii, stageIn); there {
		d.watched &^= watchLast
		r.leaving--
		r.otherwise()
		r.goesOn(ii)
		return
	}
	r.hire(d.service, 1)
	switch d.down--; {
	case d.down == 0:
		r.staffed(ii, 1)
		r.rerate(ii)
		r.clientUp(ii)
	case r.keeps(ii): // a crash of all lasts
		r.frozen++
		r.weigh()
	}
}

// observeStaff tells of an instance that nothing scales.
func (r *Run) observeStaff(ii int32, class record.Class) {
	if r.obs == nil {
		return
	}
	si := r.instances[ii].service
	x := r.here(Acted, none, 0, design.OK)
	x.Node, x.Instance, x.Of = r.prog.services[si].node, ii-r.prog.services[si].inst0, class
	r.obs.Observe(x)
}

// goesOn lets the consumers of an instance have deliveries again.
func (r *Run) goesOn(ii int32) {
	for ci := r.instances[ii].consumers.head; ci != none; ci = r.consumers[ci].beside {
		r.idle(ci)
		r.wakeQueue(r.consumers[ci].queue) // which also asks the members of a group
		r.goFetch(ci)
	}
}
