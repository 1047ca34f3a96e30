package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
	"asynclab/sim/record"
)

// The seams of calls, doors and queues: may this attempt go, and how did it end.

// ticket is what the guards of a call have left.
func (r *Run) ticket(ci int32) []int64 {
	n := r.prog.tickets
	at := int(ci) * n
	if more := at + n - len(r.seam.tickets); more > 0 {
		r.seam.tickets = append(r.seam.tickets, make([]int64, max(more, len(r.seam.tickets)))...)
	}
	return r.seam.tickets[at : at+n]
}

// guard is the k-th guard of a call, and the number of its cell for the caller.
func (r *Run) guard(ci, k int32) (p *partT, n int32) {
	c := r.call(ci)
	p = &r.prog.parts[r.prog.guards[nth(r.prog.sites, c.site).guards.first+k]]
	if !c.ofClient() {
		n = r.tasks.at(c.owner).inst - p.inst0
	}
	return p, n
}

// mayGo asks the guards of a call's attempt, from the given one on. It reports false
// where the attempt waits in a line, or has been refused.
func (r *Run) mayGo(ci, from int32) bool {
	c := r.call(ci)
	t := r.ticket(ci)
	s := nth(r.prog.sites, c.site)
	if c.attempt == 0 && from == 0 {
		t[4] = 0
		clear(t[ticketHead:])
	}
	for k := from; k < s.guards.n; k++ {
		p, n := r.guard(ci, k)
		if p.mech.May == nil {
			if t[0] = int64(k) + 1; p.mech.Pick != nil {
				s = r.redirect(ci, c, s)
			}
			continue
		}
		cell := r.cell(p, n, r.opOf(c))
		cell.Attempt, cell.Again = c.attempt-int32(t[4]), c.attempt > 0
		if p.mech.Closed != nil {
			cell.Ticket = t[ticketHead+k]
			r.host.call = ci
		}
		if p.key != 0 {
			r.host.envelope = r.carried(c)
		}
		switch v := p.mech.May(cell); v {
		case mech.Answer:
			c.out = false
			r.ready.push(c.id, readyWord(ci, c.attempt, design.OK, readyShared))
			return false
		case mech.Go:
			t[0], t[ticketHead+k] = int64(k)+1, cell.Ticket
		case mech.Wait:
			c.out = false
			ticket := cell.Ticket
			r.joinLine(ci, p, n, k, cell.Patience)
			r.seam.waiters.at(int32(t[2]) - 1).ticket = ticket
			return false
		case mech.Delay:
			c.out = false
			r.joinLine(ci, p, n, k, cell.Patience)
			r.seam.waiters.at(int32(t[2]) - 1).goes = true
			return false
		default:
			c.out = false
			r.tellAfter(ci, c.id, p.causes[v-1], cell.After)
			r.closeGuards(ci, design.OK, false)
			r.ready.push(c.id, readyWord(ci, c.attempt, p.causes[v-1], readyRefused))
			return false
		}
	}
	t[1] = r.now
	if s.hedge > 0 {
		r.startRace(ci, s.hedge-1)
	}
	return true
}

// closeGuards tells the guards that let an attempt go how it ended; one that waits
// leaves its line.
func (r *Run) closeGuards(ci int32, cause design.Cause, counts bool) {
	t := r.ticket(ci)
	if w := t[2]; w != 0 {
		r.leaveLine(int32(w) - 1)
	}
	settled := false
	if t[3] != 0 {
		settled = r.endRace(ci)
	}
	passed, sent := int32(t[0]), t[1]
	t[0] = 0
	for k := passed - 1; k >= 0; k-- {
		p, n := r.guard(ci, k)
		if p.mech.Ended == nil || settled && p.mech.Each {
			continue
		}
		o := mech.Outcome{Ticket: t[ticketHead+k], Cause: cause, Counts: counts, Took: r.now - sent}
		if cause >= design.NumCauses {
			o.Counts = counts && !r.prog.reasons[cause].Spares
		}
		p.mech.Ended(r.cell(p, n, r.opOf(r.call(ci))), o)
	}
}

// mayRetry asks the guards of a call whether a retry may follow the attempt that has
// failed.
func (r *Run) mayRetry(ci int32, cause design.Cause) bool {
	c := r.call(ci)
	for k := range nth(r.prog.sites, c.site).guards.n {
		p, n := r.guard(ci, k)
		if p.mech.Again == nil {
			continue
		}
		cell := r.cell(p, n, r.opOf(c))
		cell.Attempt = c.attempt - int32(r.ticket(ci)[4])
		if !p.mech.Again(cell, cause) {
			r.countEdge(c, nth(r.prog.sites, c.site), metric.EdgeBudgetSpent)
			return false
		}
	}
	return true
}

// guarded goes on with an attempt that its line has let go, or that was refused.
func (r *Run) guarded(it readyItem) {
	ci := it.arg()
	c := r.call(ci)
	switch {
	case c.id != it.id || c.out || c.attempt&(maxAttempt-1) != it.attempt():
	case !c.ofClient() && r.holds(c.owner):
		r.hold(c.owner, c.id, ci, c.attempt, it.cause(), it.kind())
	case it.kind() == readyRefused:
		if r.obs != nil {
			x := r.here(AttemptRefused, r.opOf(c), c.id, it.cause())
			x.Node = nth(r.prog.links, nth(r.prog.sites, c.site).fwd).fromNode
			r.obs.Observe(x)
		}
		r.attemptFailed(ci, it.cause())
	case r.mayGo(ci, int32(r.ticket(ci)[0])):
		r.send(ci, c, nth(r.prog.sites, c.site))
	}
}

// afterT is what a refusal has told a call: how long its next attempt waits at least.
type afterT struct {
	callID uint64
	after  int64
	cause  design.Cause // by which it was refused
}

// tellAfter notes what a refusal tells a call, 0: nothing. It counts when the refusal has come to its
// caller: when the attempt has ended by its cause.
func (r *Run) tellAfter(ci int32, callID uint64, cause design.Cause, after int64) {
	if ci == none || after == 0 && int(ci) >= len(r.seam.after) {
		return
	}
	if more := int(ci) + 1 - len(r.seam.after); more > 0 {
		r.seam.after = append(r.seam.after, make([]afterT, max(more, len(r.seam.after)))...)
	}
	*nth(r.seam.after, ci) = afterT{callID, after, cause}
}

// told is how long the next attempt of a call waits at least that was refused by a cause.
func (r *Run) told(ci int32, c *call, cause design.Cause) int64 {
	if int(ci) < len(r.seam.after) {
		if a := nth(r.seam.after, ci); a.callID == c.id && a.cause == cause {
			return a.after
		}
	}
	return 0
}

// joinLine puts an attempt into the line of a cell, at most for its patience.
func (r *Run) joinLine(ci int32, p *partT, n, k int32, patience int64) {
	i := r.seam.waiters.take()
	l := &r.seam.lines[p.cell0+n]
	*r.seam.waiters.at(i) = waiter{
		callID: r.call(ci).id, since: r.now, call: ci, part: r.prog.guards[nth(r.prog.sites, r.call(ci).site).guards.first+k], cell: n, guard: k, next: none, prev: l.tail,
	}
	if patience > 0 {
		r.seam.waiters.at(i).timer = r.list.Push(r.now+patience, kernel.PhaseTimer, evMechanism, r.prog.timers+seamTimers*i)
	}
	if l.tail == none {
		l.head = i
	} else {
		r.seam.waiters.at(l.tail).next = i
	}
	l.tail = i
	l.n++
	r.ticket(ci)[2] = int64(i) + 1
	r.rec.Level(p.m.l+p.mech.Line.Waiting, r.now, 1)
}

// leaveLine takes a waiter out of its line, and returns its record as it was.
func (r *Run) leaveLine(i int32) waiter {
	w := r.seam.waiters.at(i)
	p := &r.prog.parts[w.part]
	l := &r.seam.lines[p.cell0+w.cell]
	if w.prev == none {
		l.head = w.next
	} else {
		r.seam.waiters.at(w.prev).next = w.next
	}
	if w.next == none {
		l.tail = w.prev
	} else {
		r.seam.waiters.at(w.next).prev = w.prev
	}
	l.n--
	r.cancel(&w.timer)
	r.ticket(w.call)[2] = 0
	r.rec.Level(p.m.l+p.mech.Line.Waiting, r.now, -1)
	r.rec.Observe(p.m.h+p.mech.Line.Wait, r.now-w.since)
	was := *w
	w.callID = 0
	r.seam.waiters.give(i)
	return was
}

// nextInLine lets the first in the line of a cell go on, behind what happens now.
func (r *Run) nextInLine(p *partT, n int32, ticket int64) bool {
	i := r.seam.lines[p.cell0+n].head
	if i == none {
		return false
	}
	r.passGuard(i, ticket)
	return true
}

// passGuard lets an attempt in line go on, behind what happens now.
func (r *Run) passGuard(i int32, ticket int64) {
	w := r.leaveLine(i)
	t := r.ticket(w.call)
	t[0], t[1], t[ticketHead+w.guard] = int64(w.guard)+1, r.now, ticket
	r.ready.push(w.callID, readyWord(w.call, r.call(w.call).attempt, design.OK, readyGo))
}

// impatient ends the wait of an attempt whose patience, or whose delay, is over.
func (r *Run) impatient(i int32) {
	at := r.seam.waiters.at(i)
	at.timer = 0
	c := r.call(at.call)
	p := &r.prog.parts[at.part]
	r.note(evMechanism, p.element, r.opOf(c), c.occ+uint64(c.attempt))
	if at.goes {
		r.passGuard(i, 0)
		return
	}
	w := r.leaveLine(i)
	r.rec.Inc(p.m.c + p.mech.Line.Lost)
	r.closeGuards(w.call, design.OK, false)
	r.ready.push(c.id, readyWord(w.call, c.attempt, p.causes[p.mech.Line.Cause], readyRefused))
}

// letIn asks the guards of a queue, or of a topic with partitions, about a message: OK, or
// the cause of the refusal.
func (r *Run) letIn(g guards, mi int32) design.Cause {
	m := r.msgs.at(mi)
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		p := &r.prog.parts[i]
		if p.mech.May == nil {
			continue
		}
		cell := r.cell(p, 0, m.op)
		cell.Size = int64(m.size)
		r.host.envelope = got(r.env.msg, mi)
		if v := p.mech.May(cell); v > mech.Go {
			if !m.dup {
				r.tellAfter(m.call, m.callID, p.causes[v-1], cell.After)
			}
			return p.causes[v-1]
		}
	}
	return design.OK
}

// doorCell is the cell of a guard of a door, about a task of the instance.
func (r *Run) doorCell(p *partT, ti int32) *mech.Cell {
	t := r.tasks.at(ti)
	in := nth(r.instances, t.inst)
	cell := r.cell(p, t.inst-p.inst0, t.op)
	cell.Door, cell.Line, cell.Tasks = true, in.waiting, in.tasks
	if p.key != 0 {
		r.host.envelope = r.envelope(ti)
	}
	cell.Priority, cell.Left = r.priority(t.op, r.envelope(ti)), never
	o := r.ops.at(t.op)
	if l := nth(r.prog.loads, o.load); l.deadline > 0 {
		cell.Left = o.arrival + l.deadline - r.now
	}
	return cell
}

// comeIn asks the guards of a door about a request: the cause of the refusal, or OK and how
// long it waits before it begins.
func (r *Run) comeIn(ti int32, g guards, size uint32) (cause design.Cause, wait int64) {
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		p := &r.prog.parts[i]
		if p.mech.May == nil {
			continue
		}
		cell := r.doorCell(p, ti)
		cell.Size = int64(size)
		switch v := p.mech.May(cell); {
		case v > mech.Go:
			if t := r.tasks.at(ti); !t.dup {
				r.tellAfter(t.call, t.fromID, p.causes[v-1], cell.After)
			}
			return p.causes[v-1], 0
		case v == mech.Delay:
			wait = cell.Patience
		}
	}
	return design.OK, wait
}

// waitAtDoor lets a request into its instance that a guard of the door makes wait there,
// before it asks for a worker.
func (r *Run) waitAtDoor(ti int32, t *task, s *serviceT, in *instance, wait int64) {
	t.pc = nth(r.prog.handlers, t.handler).start
	t.arrived = r.now
	if in.tasks++; in.watched != 0 {
		r.came(ti, in)
	}
	t.admitted = true
	r.rec.Inc(s.m.c + metric.ServiceArrived)
	r.room(taskStore, len(r.tasks.items))
	r.observeTask(TaskArrived, t, design.OK)
	if s.discipline != design.FIFO {
		t.priority = r.priority(t.op, r.envelope(ti))
		if s.discipline == design.Sharing && in.tasks > s.room {
			r.rejectTask(ti, design.Rejected)
			return
		}
	}
	t.state, t.rare = taskAwaiting, t.rare|rareAtDoor
	p := r.delayer(s)
	r.rec.Level(p.m.l+p.mech.Line.Waiting, r.now, 1)
	t.timer = r.list.Push(r.now+wait, kernel.PhaseTimer, evDelay, ti)
}

// delayer is the guard of a door that makes requests wait.
func (r *Run) delayer(s *serviceT) *partT {
	for _, i := range r.prog.guards[s.guards.first : s.guards.first+s.guards.n] {
		if p := &r.prog.parts[i]; p.mech.Line != nil {
			return p
		}
	}
	return nil
}

// leaveDoor ends the wait of a task at its door.
func (r *Run) leaveDoor(t *task) {
	t.rare &^= rareAtDoor
	p := r.delayer(nth(r.prog.services, t.service))
	r.rec.Level(p.m.l+p.mech.Line.Waiting, r.now, -1)
	r.rec.Observe(p.m.h+p.mech.Line.Wait, r.now-t.arrived)
}

// itsTurn asks the guards of a door about a request that has left the line for a worker:
// OK, or the cause by which it is refused.
func (r *Run) itsTurn(ti int32, g guards, wait int64) design.Cause {
	if t := r.tasks.at(ti); t.began || t.copy != none || t.parent != none {
		return design.OK // it has been served before, or a broker has sent it
	}
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		p := &r.prog.parts[i]
		if p.mech.Turn == nil {
			continue
		}
		if v := p.mech.Turn(r.doorCell(p, ti), wait); v > mech.Go {
			return p.causes[v-1]
		}
	}
	return design.OK
}

// tellDoor tells the guards of a door of a task that has left.
func (r *Run) tellDoor(ti int32, counts bool) {
	t := r.tasks.at(ti)
	if t.copy != none {
		return
	}
	g := nth(r.prog.services, t.service).guards
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		p := &r.prog.parts[i]
		o := mech.Outcome{Counts: counts, Cause: t.cause, Took: r.now - t.arrived}
		if p.mech.Left != nil {
			p.mech.Left(r.doorCell(p, ti), o)
		}
		if p.mech.Told != nil && !t.late {
			p.mech.Told(r.cell(p, t.inst-p.inst0, t.op), o)
		}
	}
}

// tellBalancer tells the guards of a door, as those of its balancer, that an instance has
// refused a request, or has not answered it in time.
func (r *Run) tellBalancer(ti int32, cause design.Cause) {
	t := r.tasks.at(ti)
	g := nth(r.prog.services, t.service).guards
	for _, i := range r.prog.guards[g.first : g.first+g.n] {
		if p := &r.prog.parts[i]; p.mech.Told != nil {
			p.mech.Told(r.cell(p, t.inst-p.inst0, t.op), mech.Outcome{Counts: true, Cause: cause})
		}
	}
}

// unanswered tells the balancer of the instance that serves a request, if one does, that
// its caller waits no longer.
func (r *Run) unanswered(ti int32, id uint64) {
	if ti == none {
		return
	}
	t := r.tasks.at(ti)
	if r.leftAlone(ti, id); t.id != id || nth(r.instances, t.inst).watched&watchDoor == 0 {
		return
	}
	t.late = true
	r.tellBalancer(ti, design.Timeout)
}

// watchDoors marks the instances whose doors are told of the tasks that leave.
func (r *Run) watchDoors() {
	for i := range r.prog.parts {
		if p := &r.prog.parts[i]; (p.mech.Left != nil || p.mech.Told != nil) && p.inst0 != none {
			for n := range p.cells {
				r.instances[p.inst0+n].watched |= watchDoor
			}
		}
	}
}

// turnAway answers a request that the door of its service has refused.
func (r *Run) turnAway(ti int32, cause design.Cause) {
	t := r.tasks.at(ti)
	s := nth(r.prog.sites, t.site)
	if r.obs != nil {
		r.observePassed(MsgRefused, s.fwd, RequestMessage, t.id, t.op, s, cause, t.resend)
	}
	r.blame(t.op, cause)
	if t.call != none {
		r.reply(t.site, none, t.call, t.fromID, t.try, t.op, t.occ, cause, t.dup, defaultSize)
	}
	r.dropTask(ti)
}

func (h *host) Record(class record.Class) {
	if h.r.obs == nil {
		return
	}
	x := h.r.here(Acted, h.op, 0, design.OK)
	x.Node, x.Queue, x.Of = h.p.node, h.p.queue, class
	if h.p.inst0 != none {
		x.Instance = h.n
	}
	h.r.obs.Observe(x)
}
