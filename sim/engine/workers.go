package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Workers, waiting rooms, and the time that work takes.

// root is the task whose worker a branch uses.
func (r *Run) root(ti int32) int32 {
	for {
		p := r.tasks.at(ti).parent
		if p == none {
			return ti
		}
		ti = p
	}
}

func (r *Run) hasWorker(ti int32) bool { return r.tasks.at(r.root(ti)).holding }

// holder is the root if it holds a worker, or none.
func (r *Run) holder(ti int32) int32 {
	if ti = r.root(ti); r.tasks.at(ti).holding {
		return ti
	}
	return none
}

// acquire takes a worker for a task, or puts the task into the waiting room (or
// rejects it) and reports false.
func (r *Run) acquire(ti int32, t *task, s *serviceT, in *instance) bool {
	if s.discipline == design.Sharing {
		r.rec.ObserveWait(s.m.h+metric.ServiceWait, 0)
		t.holding, t.state = true, taskRunning
		return true
	}
	if in.busy < s.workers && in.waiting == 0 && in.down == 0 ||
		s.discipline == design.Preemptive && in.down == 0 && r.preempt(t.inst, t.priority) {
		r.rec.ObserveWait(s.m.h+metric.ServiceWait, 0)
		r.takeWorker(t, s, in)
		return true
	}
	if in.waiting >= s.room && t.copy == none && !t.began {
		if in.queued && in.busy < s.workers && in.down == 0 && r.end == Running {
			r.startWaiting(t.inst) // a worker came free at this instant, before this task came
			return r.acquire(ti, r.tasks.at(ti), s, in)
		}
		if s.onFull != design.DropOldest || in.waiting == 0 {
			r.rejectTask(ti, design.Rejected)
			return false
		}
		r.rejectOldest(t.inst)
		t = r.tasks.at(ti)
	}
	r.lineUpForWorker(ti, t, s, in, nth(r.prog.code, t.pc))
	return false
}

// lineUpForWorker puts a task into the waiting room, which has a place.
func (r *Run) lineUpForWorker(ti int32, t *task, s *serviceT, in *instance, c *instr) {
	r.enterRoom(ti, t, s, in, false)
	r.enter(t, s)
	r.waitsInLine(ti, t, s, in, c)
}

// waitsInLine draws what a task in the waiting room will need, while it waits.
func (r *Run) waitsInLine(ti int32, t *task, s *serviceT, in *instance, c *instr) {
	if c.op == opWork && t.drawn != r.draws {
		t.demand, t.drawn = r.demand(ti, t, c), r.draws
	}
	if l := nth(r.prog.loads, r.ops.at(t.op).load); l.hasPatience && !t.began && t.copy == none && nth(r.prog.sites, t.site).load != none {
		p := l.patience.SampleNanos(nth(r.keys, l.keyPatience).UniformOf(r.ops.at(t.op).id, t.occ))
		t.timer = r.list.Push(r.now+p, kernel.PhaseTimer, evPatience, ti)
	}
	if in.busy < s.workers {
		r.kick(t.inst)
	}
}

// release gives the worker back; the next task in the waiting room gets it at this
// instant.
func (r *Run) release(ti int32) {
	t := r.tasks.at(ti)
	t.holding = false
	if s := nth(r.prog.services, t.service); s.discipline != design.Sharing {
		r.vacate(t.inst, s, nth(r.instances, t.inst))
	}
}

// recount records the capacity of an instance: its workers, or those in use
// while these are more (their number was lowered); none while it is down.
func (r *Run) recount(ii int32) {
	in := nth(r.instances, ii)
	s := nth(r.prog.services, in.service)
	n := max(s.workers, in.busy)
	if in.down > 0 {
		n = 0
	}
	r.rec.Level(s.capacity, r.now, int64(n-in.capacity))
	in.capacity = n
}

// staffed adds an instance, with what it holds, to the levels of its service (n = 1),
// or takes it out (n = -1) when it goes down: down time is neither busy nor
// capacity.
func (r *Run) staffed(ii int32, n int64) {
	in := nth(r.instances, ii)
	m := &nth(r.prog.services, in.service).m
	r.rec.Level(m.l+metric.ServiceBusy, r.now, n*int64(in.busy))
	r.rec.Level(m.l+metric.ServiceBlocked, r.now, n*int64(in.blocked))
	r.rec.Level(m.l+metric.ServiceInstances, r.now, n)
	r.recount(ii)
	if in.watched&watchWork != 0 {
		r.workMoved(in)
	}
}

func (r *Run) kick(ii int32) {
	if in := nth(r.instances, ii); !in.queued {
		in.queued = true
		r.soon(readyInstance, ii)
	}
}

// startWaiting serves the waiting room as long as a worker is free.
func (r *Run) startWaiting(ii int32) {
	for {
		in := nth(r.instances, ii)
		s := nth(r.prog.services, in.service)
		if in.waiting == 0 || in.busy >= s.workers || in.down > 0 || r.end != Running {
			return
		}
		ti := r.nextInRoom(in, s.discipline)
		t := r.tasks.at(ti)
		r.leaveRoom(ti, t, s, in)
		r.cancel(&t.timer) // patience
		if s.turns {
			if cause := r.itsTurn(ti, s.guards, r.now-t.since); cause != design.OK {
				r.rejectTask(ti, cause)
				continue
			}
			t = r.tasks.at(ti)
		}
		r.takeWorker(t, s, in)
		if t.preempted {
			t.preempted = false
			r.startWork(ti)
			continue
		}
		r.runTask(ti)
	}
}

func (r *Run) nextInRoom(in *instance, d design.Discipline) int32 {
	switch d {
	case design.LIFO:
		return in.lists[0].tail
	case design.EarliestDeadline:
		return in.shared[0]
	}
	for p := range in.lists {
		if h := in.lists[p].head; h != none {
			return h
		}
	}
	return none
}

// roomList is the line in which a task waits.
func roomList(t *task, s *serviceT, in *instance) *waitList {
	if s.discipline == design.Priority || s.discipline == design.Preemptive {
		return &in.lists[t.priority]
	}
	return &in.lists[0]
}

func (r *Run) enterRoom(ti int32, t *task, s *serviceT, in *instance, first bool) {
	if r.led != nil { // what was done before another took its worker
		r.spendTask(ti, SpentWork, spot(atService, t.service))
	}
	t.state, t.since = taskWaiting, r.now
	l := roomList(t, s, in)
	switch {
	case l.head == none:
		t.next, t.prev = none, none
		l.head, l.tail = ti, ti
	case first:
		t.next, t.prev = l.head, none
		r.tasks.at(l.head).prev = ti
		l.head = ti
	default:
		t.next, t.prev = none, l.tail
		r.tasks.at(l.tail).next = ti
		l.tail = ti
	}
	if s.discipline == design.EarliestDeadline {
		r.putDue(ti, t, in)
	}
	if in.waiting++; in.watched != 0 {
		r.moved(ti, in)
	}
	r.rec.Up(s.m.l+metric.ServiceWaiting, r.now)
}

// leaveRoom ends a stand in line, however it ends: the time of each is in wait,
// so that what waits on average is how many stand in line per second times how
// long (Little's law).
func (r *Run) leaveRoom(ti int32, t *task, s *serviceT, in *instance) {
	if r.led != nil {
		r.spendTask(ti, SpentWorker, spot(atService, t.service))
	}
	l := roomList(t, s, in)
	if t.prev == none {
		l.head = t.next
	} else {
		r.tasks.at(t.prev).next = t.next
	}
	if t.next == none {
		l.tail = t.prev
	} else {
		r.tasks.at(t.next).prev = t.prev
	}
	t.next, t.prev = none, none
	if s.discipline == design.EarliestDeadline {
		r.takeShared(in, int(t.sharing)-1)
	}
	t.state = taskRunning
	if in.waiting--; in.watched != 0 {
		r.moved(ti, in)
	}
	r.rec.Down(s.m.l+metric.ServiceWaiting, r.now)
	r.rec.ObserveWait(s.m.h+metric.ServiceWait, r.now-t.since)
}

// getUp is leaveRoom for a task whose service is not at hand.
func (r *Run) getUp(ti int32) {
	t := r.tasks.at(ti)
	r.leaveRoom(ti, t, nth(r.prog.services, t.service), nth(r.instances, t.inst))
}

// rejectOldest drops the task that has waited longest among the least
// important: a newcomer takes its place.
func (r *Run) rejectOldest(ii int32) {
	in := nth(r.instances, ii)
	for p := len(in.lists) - 1; p >= 0; p-- {
		if h := in.lists[p].head; h != none {
			r.getUp(h)
			r.rejectTask(h, design.Rejected)
			return
		}
	}
}

// renege rejects a waiting task whose client has lost patience.
func (r *Run) renege(ti int32) {
	r.getUp(ti)
	r.rejectTask(ti, design.Expired)
}

// block counts a held worker, or a thread of processor sharing, that waits for
// an answer (d: +1), or does so no longer (-1).
func (r *Run) block(ti int32, d int32) {
	t := r.tasks.at(ti)
	if t.parent != none || !t.holding {
		return
	}
	in := nth(r.instances, t.inst)
	in.blocked += d
	if in.down > 0 {
		return
	}
	if l := nth(r.prog.services, t.service).m.l + metric.ServiceBlocked; d > 0 {
		r.rec.Up(l, r.now)
	} else {
		r.rec.Down(l, r.now)
	}
}

// branchWorks keeps a worker from counting as blocked while a branch of its
// task is at work.
func (r *Run) branchWorks(ti int32, d int32) {
	root := r.root(ti)
	if root == ti {
		return
	}
	t := r.tasks.at(root)
	was := t.working
	t.working += d
	if was == 0 {
		r.block(root, -1)
	} else if t.working == 0 {
		r.block(root, +1)
	}
}

// rate is the speed at which an instance works now.
func (r *Run) rate(ii int32) float64 {
	in := nth(r.instances, ii)
	if in.paused > 0 || in.hung > 0 || in.down > 0 {
		return 0
	}
	v := nth(r.prog.services, in.service).speed
	if in.slow > 0 {
		v /= in.slow
	}
	return v
}

// work begins a stretch of work of d nanoseconds at speed 1.
func (r *Run) work(ti int32, d int64) {
	t := r.tasks.at(ti)
	t.state = taskRunning
	t.demand, t.remaining = d, d
	if t.parent != none {
		r.branchWorks(ti, +1)
	}
	r.startWork(ti)
}

// startWork schedules the end of the remaining work.
func (r *Run) startWork(ti int32) {
	t := r.tasks.at(ti)
	t.since = r.now
	switch nth(r.prog.services, t.service).discipline {
	case design.Sharing:
		r.share(ti)
		return
	case design.Preemptive:
		if t.parent == none {
			r.putShared(nth(r.instances, t.inst), ti)
		}
	}
	r.clock(ti, nth(r.instances, t.inst).rate)
}

func (r *Run) clock(ti int32, rate float64) {
	t := r.tasks.at(ti)
	switch {
	case rate == 1:
		t.timer = r.list.Push(r.now+t.remaining, kernel.PhaseMain, evWork, ti)
	case rate > 0:
		t.timer = r.list.Push(r.now+stretch(t.remaining, rate), kernel.PhaseMain, evWork, ti)
	}
}

func stretch(d int64, rate float64) int64 {
	x := math.Ceil(float64(d) / rate)
	if !(x < float64(never)) {
		return never
	}
	return int64(x)
}

// progress subtracts the work done since the stretch began, at the given rate,
// from the remaining work, and cancels the event of its end.
func (r *Run) progress(ti int32, rate float64) {
	t := r.tasks.at(ti)
	r.cancel(&t.timer)
	done := r.now - t.since
	if rate != 1 {
		done = int64(float64(float64(done)*rate) + 0.5)
	}
	t.remaining = max(1, t.remaining-done)
	t.since = r.now
}

func (r *Run) workDone(ti int32) {
	t := r.tasks.at(ti)
	t.timer, t.remaining = 0, 0
	if in := nth(r.instances, t.inst); r.straight(t, in) {
		t.pc++
		s, ii := nth(r.prog.services, t.service), t.inst
		if r.nextStep(ti, t, s, in) {
			r.nextWaiting(ii, s, in)
		}
		return
	}
	r.oddWorkDone(ti, t)
}

// oddWorkDone is workDone off the straight road.
func (r *Run) oddWorkDone(ti int32, t *task) {
	if r.led != nil {
		r.spendTask(ti, SpentWork, spot(atService, t.service))
	}
	if t.sharing != 0 { // it could have been interrupted
		r.takeShared(nth(r.instances, t.inst), int(t.sharing)-1)
	}
	if t.parent != none {
		r.branchWorks(ti, -1)
		t = r.tasks.at(ti)
	}
	t.pc++
	r.runTask(ti)
}

// stopWork ends the work of a task, which is not resumed.
func (r *Run) stopWork(ti int32) {
	t := r.tasks.at(ti)
	if nth(r.prog.services, t.service).discipline == design.Sharing {
		r.unshare(ti)
	} else if t.sharing != 0 {
		r.takeShared(nth(r.instances, t.inst), int(t.sharing)-1)
	}
	r.cancel(&t.timer)
	t.remaining = 0
	if t.parent != none {
		r.branchWorks(ti, -1)
	}
}

// setRate changes the speed of an instance immediately: tasks at work continue
// with their remaining work at the new speed.
func (r *Run) setRate(ii int32, was float64) {
	now := r.rate(ii)
	if was == now {
		return
	}
	if nth(r.prog.services, nth(r.instances, ii).service).discipline == design.Sharing {
		r.shareProgress(ii, was)
		r.shareClock(ii)
		return
	}
	for _, ti := range r.presentAt(ii, false) {
		if t := r.tasks.at(ti); t.remaining > 0 && t.state == taskRunning {
			r.progress(ti, was)
			r.clock(ti, now)
		}
	}
}

// preempt takes the worker of the least important task at work that is less
// important than p, the one that came last among equals.
func (r *Run) preempt(ii int32, p uint8) bool {
	in := nth(r.instances, ii)
	if in.busy > nth(r.prog.services, in.service).workers { // their number was lowered: no work begins until they are fewer
		return false
	}
	if len(in.shared) == 0 || r.tasks.at(in.shared[0]).priority <= p {
		return false
	}
	victim := in.shared[0]
	r.takeShared(in, 0)
	r.progress(victim, r.rate(ii))
	t := r.tasks.at(victim)
	t.preempted = true
	t.holding = false
	in.busy--
	s := nth(r.prog.services, t.service)
	r.rec.Down(s.m.l+metric.ServiceBusy, r.now)
	r.enterRoom(victim, t, s, in, true)
	return true
}
