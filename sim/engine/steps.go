package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Steps: what a task does, one after the other.

// iteration is a hash of the loops around the present step: 0 on the first
// round of all of them. It has to differ between handlers: the second round of
// a caller's loop is not the second round of a loop in what it calls.
func (r *Run) iteration(t *task, loops int8) uint64 {
	if loops == 0 {
		return t.iter
	}
	return r.iterated(t, loops)
}

func (r *Run) iterated(t *task, loops int8) uint64 {
	h := t.iter
	for i := range loops {
		if n := t.loops[i]; n > 0 {
			h = draw.Mix(h, nth(r.prog.handlers, t.handler).element+uint64(n)<<8+uint64(i)+1)
		}
	}
	return h
}

// runTask executes steps until the task has to wait or ends.
func (r *Run) runTask(ti int32) {
	t := r.tasks.at(ti)
	r.run(ti, t, nth(r.prog.services, t.service), nth(r.instances, t.inst))
}

// run is runTask for a task at hand.
func (r *Run) run(ti int32, t *task, s *serviceT, in *instance) {
	if ii := t.inst; r.steps(ti, t, s, in) {
		r.vacate(ii, s, in)
	}
}

// steps is run, but for the worker of a task that has ended on the straight
// road: it reports whether there is one to give to the next or to vacate.
func (r *Run) steps(ti int32, t *task, s *serviceT, inst *instance) (left bool) {
	for {
		in := nth(r.prog.code, t.pc)
		if in.needsWorker && !t.holding && (t.parent == none || !r.hasWorker(ti)) {
			if !r.acquire(ti, t, s, inst) {
				return false
			}
			t = r.tasks.at(ti)
		}
		if !t.began {
			if t.began = true; !r.start(ti, t, s, inst) {
				return false
			}
		}
		switch in.op {
		case opWork:
			d := r.nextDemand(ti, t, in)
			if d == 0 {
				t.pc++
				continue
			}
			if !r.straight(t, inst) {
				r.work(ti, d)
				return false
			}
			t.state, t.demand, t.remaining, t.since = taskRunning, d, d, r.now
			t.timer = r.list.Push(r.now+d, kernel.PhaseMain, evWork, ti)
			return false
		case opCall, opAwait:
			if in.op == opCall && r.straight(t, inst) && r.callOut(ti, s, inst, in) {
				return false
			}
			ci := r.newCall(ti, t.op, in.a, t.occ, t.lid, r.iteration(t, in.slot))
			t = r.tasks.at(ti)
			t.out = ci
			if in.op == opAwait {
				t.state = taskAwaiting
				if t.holding {
					r.release(ti)
				}
			} else {
				t.state = taskBlocked
				r.block(ti, +1)
			}
			r.attempt(ci, r.call(ci), nth(r.prog.sites, in.a))
			return false
		case opSend:
			if !r.odd && r.publishes(ti, t, in) {
				t.pc++
				continue
			}
			to := nth(r.prog.sites, in.a)
			r.rec.Inc(to.m.c + metric.EdgeCalls)
			x := to.salt ^ r.iteration(t, in.slot)
			r.post(in.a, ti, t.op, none, 0, 0, combine(t.occ, x), combine(t.lid, x))
			t = r.tasks.at(ti)
			t.pc++
		case opParallel, opGather:
			if !r.fork(ti, in) {
				return false
			}
			t = r.tasks.at(ti)
		case opChoose:
			t.pc = r.choose(ti, t, in)
		case opJump:
			t.pc = in.a
		case opLoop:
			t.loops[in.slot] = 0
			t.pc++
		case opLoopTest:
			n := in.n
			if in.by != 0 {
				n = r.rounds(ti, t, in)
			}
			if t.pc++; t.loops[in.slot] >= n || in.when.to > 0 && !r.satisfied(r.message(ti), in.when) {
				t.pc = in.a
			}
		case opLoopNext:
			t.loops[in.slot]++
			t.pc = in.a
			if r.instant++; r.instant > maxInstant { // loops in loops can be long
				r.finish(BudgetInstant)
			}
			if r.end != Running {
				return false
			}
		case opWhen:
			if t.pc++; !r.satisfied(r.message(ti), in.when) {
				t.pc = in.a
			}
		case opDelay:
			d := r.demand(ti, t, in)
			if d == 0 {
				t.pc++
				continue
			}
			t.state = taskAwaiting
			if t.holding {
				r.release(ti)
			}
			t.timer = r.list.Push(r.now+d, kernel.PhaseTimer, evDelay, ti)
			return false
		case opAccess:
			if !r.access(ti, t, in) {
				return false
			}
			t.pc++
		case opRead:
			r.noteVersion(ti, t, in)
			t.pc++
		case opSet:
			if !r.setRow(ti, t, in) {
				return false
			}
			t = r.tasks.at(ti)
		case opCount:
			r.countRow(ti, t, in)
			t.pc++
		case opForget:
			r.forgetAt(ti, t, in)
			t.pc++
		case opLock:
			if !r.lock(ti, t, in) {
				return false
			}
			t = r.tasks.at(ti)
		case opUnlock:
			r.unlock(ti, t, in)
			t.pc++
		case opReply:
			size := uint32(defaultSize)
			if in.sized {
				size = bytesOf(in.dist.Sample(nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot)))) * r.times(ti, t.op, r.envelope(ti), in.by))
			}
			if in.n > 0 {
				r.carrying = r.withBatch(r.becomes(r.envelope(ti), in.n, in.when, false), ti, in.when)
			}
			r.answer(ti, design.OK, size)
			r.carrying = 0
			t = r.tasks.at(ti)
			t.pc++
		case opAck:
			r.settle(ti, AckMessage, false, false)
			t = r.tasks.at(ti)
			t.pc++
		case opFail:
			if in.p > 0 && r.fails(t, in) {
				r.endTask(ti, design.Error)
				return false
			}
			t.pc++
		case opNack:
			r.settle(ti, NackMessage, in.requeue, true)
			r.endTask(ti, design.Error)
			return false
		case opKnown:
			r.rec.Inc(nth(r.prog.stores, in.a).m.c + metric.StoreKnown)
			fallthrough
		case opBranchEnd, opEnd:
			if r.straight(t, inst) {
				return r.completeWell(ti, t, s, inst)
			}
			r.endTask(ti, design.OK)
			return false
		}
	}
}

// demand draws how long a step takes.
func (r *Run) demand(ti int32, t *task, in *instr) int64 {
	if in.by != 0 {
		return r.multiplied(ti, t, in)
	}
	return in.dist.Nanos(nth(r.keys, in.key).BitsOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot))))
}

// nextDemand is the demand of the work that a task begins, drawn before or now.
func (r *Run) nextDemand(ti int32, t *task, in *instr) int64 {
	if t.drawn == r.draws {
		t.drawn = 0
		return t.demand
	}
	return r.demand(ti, t, in)
}

// fails draws whether a task ends at a step that fails with some probability.
func (r *Run) fails(t *task, in *instr) bool {
	return in.p >= 1 || nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot))) < in.p
}

func (r *Run) choose(ti int32, t *task, in *instr) int32 {
	if nth(r.prog.branches, in.a).when.to > 0 {
		return r.chooseByConditions(ti, t, in)
	}
	u := nth(r.keys, in.key).UniformOf(r.ops.at(t.op).id, combine(t.occ, in.salt^r.iteration(t, in.slot)))
	for i := in.a; i < in.a+in.b; i++ {
		if b := nth(r.prog.branches, i); u < b.upTo {
			return b.pc
		}
	}
	return t.pc + 1
}

// start begins the business logic of a task. It reports false when the task
// ended there.
func (r *Run) start(ti int32, t *task, s *serviceT, in *instance) bool {
	r.countStart(t, s, r.ops.at(t.op).begins(t.handler, t.lid))
	r.observeTask(TaskStarted, t, design.OK)
	if t.corrupt || in.odd && r.errs(t, s, s.failing(in)) {
		r.endTask(ti, design.Error)
		return false
	}
	return true
}

// countStart counts a task whose business logic begins: for the first time, if that is
// known.
func (r *Run) countStart(t *task, s *serviceT, first bool) {
	r.enter(t, s)
	r.rec.Inc(s.m.c + metric.ServiceStarted)
	if !first && !r.visit(r.ops.at(t.op), t.op, t.handler, t.lid) {
		t.rare |= rareDuplicate
		r.rec.Inc(s.m.c + metric.ServiceDuplicates)
	}
	if t.copy != none && t.sibling != none {
		r.othersStart(t)
	}
}

// errs draws whether a task fails at its start.
func (r *Run) errs(t *task, s *serviceT, p float64) bool {
	return p > 0 && nth(r.keys, s.keyErrors).UniformOf(r.ops.at(t.op).id, draw.Mix(t.occ, nth(r.prog.handlers, t.handler).element)) < p
}

// enter counts a task among those in its service. One that is refused at the
// door is never among them.
func (r *Run) enter(t *task, s *serviceT) {
	if !t.inside {
		t.inside = true
		r.rec.Up(s.m.l+metric.ServiceTasks, r.now)
	}
}
