package engine

import (
	"slices"

	"asynclab/sim/kernel"
)

// Who waits for whom at one moment. All of it looks at every open operation, call or task:
// it is for a picture, not for an event.

// PublishNow is who publishes to a queue or topic and has no confirmation yet: because it is
// on its way, or because there is no room.
type PublishNow struct {
	Link, Queue int32 // index into Program.Links; as in a Record
	Held        int   // clients, and workers that do nothing else meanwhile
	Awaited     int   // without holding a worker
}

// countHeld counts the callers that wait, by the link of their request, and the publishers
// by their queue or topic.
func (r *Run) countHeld(s *Snapshot) {
	s.Publishes = s.Publishes[:0]
	add := func(c *call, held, awaited int) {
		to := &r.prog.sites[c.site]
		if q := r.prog.destination(to); q != none {
			s.publishing(to.fwd, q, held, awaited)
			return
		}
		s.Links[to.fwd].Held += held
		s.Links[to.fwd].Awaited += awaited
	}
	for i := range r.ops.items {
		if c := &r.ops.items[i].own; c.id != 0 {
			add(c, 1, 0)
			s.Links[r.prog.sites[c.site].fwd].Resting += b2i(c.resting)
		}
	}
	for i := range r.calls.items {
		c := &r.calls.items[i]
		if c.id == 0 || c.ofClient() {
			continue
		}
		if h := r.holder(c.owner); h != none && r.tasks.at(h).working == 0 {
			add(c, 1, 0)
		} else { // nobody is held, or a branch is at work meanwhile
			add(c, 0, 1)
		}
	}
}

// publishing adds to who publishes there: there are few places.
func (s *Snapshot) publishing(link, queue int32, held, awaited int) {
	i := slices.IndexFunc(s.Publishes, func(p PublishNow) bool { return p.Link == link && p.Queue == queue })
	if i < 0 {
		i, s.Publishes = len(s.Publishes), append(s.Publishes, PublishNow{Link: link, Queue: queue})
	}
	s.Publishes[i].Held += held
	s.Publishes[i].Awaited += awaited
}

// countReasons counts the tasks that wait for a time only, and those that wait for a lock.
func (r *Run) countReasons(services []ServiceNow) {
	if !slices.ContainsFunc(services, func(s ServiceNow) bool { return s.Awaiting > 0 || s.Blocked > 0 && r.store.cells != nil }) {
		return
	}
	for i := range r.tasks.items {
		t := &r.tasks.items[i]
		if t.id == 0 {
			continue
		}
		switch s := &services[t.service]; {
		case t.state == taskAwaiting && t.parent == none && nth(r.prog.code, t.pc).op == opDelay:
			s.Timed++
		case t.state == taskBlocked && r.store.cells != nil:
			if w := got(r.store.waiting, int32(i)); w != 0 && r.store.waits.at(w-1).kind == forLock {
				s.Locked++
				s.LockedBy = max(s.LockedBy, 1+r.lockedBy(r.store.waits.at(w-1)))
			}
		}
	}
	for i := range services {
		services[i].Timed, services[i].Locked = min(services[i].Timed, services[i].Awaiting), min(services[i].Locked, services[i].Blocked)
	}
}

// lockedBy is the load whose operation has the lock that a wait is for; none if that
// operation is over.
func (r *Run) lockedBy(w *storeWait) int32 {
	c := nth(r.store.cells, w.cell)
	row := c.locks.Find(w.key)
	if row == kernel.NoRow {
		return none
	}
	words := c.locks.Words(row)
	if words[lockKind] == ofTask {
		return r.ops.at(r.tasks.at(int32(words[lockTask])).op).load
	}
	for i := range r.ops.items {
		if o := &r.ops.items[i]; int64(o.id) == words[lockHolder] && (o.refs > 0 || o.own.id != 0) {
			return o.load
		}
	}
	return none
}

// countAbandoned counts the tasks, in line and at work, whose caller awaits their answer no
// longer.
func (r *Run) countAbandoned(services []ServiceNow) {
	if !slices.ContainsFunc(services, func(s ServiceNow) bool { return s.Waiting > 0 || s.Busy > 0 }) {
		return
	}
	for i := range r.tasks.items {
		t := &r.tasks.items[i]
		if t.id == 0 || t.state == taskAwaiting || t.parent != none && t.state != taskWaiting || !r.forNobody(t) {
			continue
		}
		s := &services[t.service]
		if t.state != taskWaiting {
			s.Vain++
			continue
		}
		s.Abandoned++
		if in := int(t.inst - r.prog.services[t.service].inst0); in < min(s.Instances, MostApart) {
			s.Each[in].Abandoned++
		}
	}
}

// forNobody reports whether a task is one of a call whose caller awaits its answer no longer.
func (r *Run) forNobody(t *task) bool {
	for t.parent != none {
		t = r.tasks.at(t.parent)
	}
	if t.call == none || t.replied {
		return false
	}
	c := r.call(t.call)
	switch {
	case c.id != t.fromID:
		return true
	case c.attempt == t.try && c.out:
		return false
	case c.guarded && r.flightOf(t.call, t.try) != none:
		return false
	}
	return !r.prog.sites[c.site].late // which takes the answer of an earlier attempt
}
