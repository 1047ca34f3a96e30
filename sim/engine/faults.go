package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Faults: when they begin and end, and what they do.

func (r *Run) startFaults() {
	for i := range r.prog.faults {
		f := &r.prog.faults[i]
		at := f.at
		if f.hasEvery && at == 0 {
			at = f.every.SampleNanos(r.keys[f.keyEvery].Uniform(0, 0))
		}
		r.scheduleFault(int32(i), at)
	}
}

func (r *Run) scheduleFault(i int32, at int64) {
	r.faults[i].timer = r.list.Push(max(at, r.now), kernel.PhaseFault, evFault, i)
}

// fault is the beginning or the end of an occurrence.
func (r *Run) fault(i int32) {
	f := &r.prog.faults[i]
	s := &r.faults[i]
	if s.active {
		r.heal(i)
		s.round++
		switch {
		case r.draining: // it does not begin again
		case f.hasEvery:
			r.scheduleFault(i, r.now+max(1, f.every.SampleNanos(r.keys[f.keyEvery].Uniform(s.round, 0))))
		case f.period > 0:
			r.scheduleFault(i, f.at+int64(s.round)*f.period)
		}
		return
	}
	r.begun(i)
}

// begun begins an occurrence and schedules its end.
func (r *Run) begun(i int32) {
	f := &r.prog.faults[i]
	r.strike(i)
	if !f.forever {
		key := r.faultKey(f)
		r.scheduleFault(i, r.now+max(1, f.dur.SampleNanos(key.Uniform(r.faults[i].round, 0))))
	}
}

// faultKey is the stream of draws for the duration of a fault. The key of a
// fault by hand is made here, because the fault was not in the compiled design.
func (r *Run) faultKey(f *faultT) draw.Key {
	if f.byHand != "" {
		return draw.NewKey(r.cfg.Seed, r.cfg.Replication, "fault/"+f.name, "for")
	}
	return r.keys[f.keyFor]
}

// eachInstance visits the instances that a fault affects.
func (r *Run) eachInstance(f *faultT, do func(ii int32)) {
	if f.service == none {
		return
	}
	s := &r.prog.services[f.service]
	if f.inst != none {
		do(f.inst)
		return
	}
	for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
		do(ii)
	}
}

// strike applies a fault to its instances, broker, links or parameters.
func (r *Run) strike(i int32) {
	r.faultBegins(i)
	r.faults[i].active, r.faults[i].begun = true, r.now
	at := len(r.active)
	for at > 0 && r.active[at-1] > i && r.faults[r.active[at-1]].begun == r.now {
		at--
	}
	r.active = slices.Insert(r.active, at, i)
	r.observeFault(FaultBegan, i)
	r.apply(&r.prog.faults[i], +1, r.crash, r.crashBroker)
}

// heal takes the effect of a fault back.
func (r *Run) heal(i int32) {
	r.faults[i].active = false
	at := slices.Index(r.active, i)
	r.active = slices.Delete(r.active, at, at+1)
	r.faultEnds(i)
	r.observeFault(FaultEnded, i)
	r.apply(&r.prog.faults[i], -1, r.restart, r.restartBroker)
}

// apply adds (n = 1) or removes (n = -1) the effect of a fault.
func (r *Run) apply(f *faultT, n int32, instance, broker func(i int32, silent bool)) {
	switch f.kind {
	case design.FaultCrash, design.FaultHostCrash:
		silent := f.kind == design.FaultHostCrash
		r.eachInstance(f, func(ii int32) { instance(ii, silent) })
		if f.broker != none {
			broker(f.broker, silent)
		}
	case design.FaultSlow:
		r.eachInstance(f, func(ii int32) {
			r.instances[ii].slowDown(f.factor, n)
			r.rerate(ii)
		})
	case design.FaultPause:
		r.eachInstance(f, func(ii int32) {
			r.instances[ii].paused += n
			r.rerate(ii)
			r.pausedOrResumed(ii)
		})
	case design.FaultErrors:
		r.eachInstance(f, r.setErrors)
	case design.FaultCut:
		for _, l := range f.links {
			r.links[l].cut += n
			r.upset += int(n)
		}
		r.weigh()
		for _, l := range f.links {
			r.lineChanged(l)
		}
	case design.FaultSet:
		paths := make([]string, len(f.set))
		for i := range f.set {
			paths[i] = f.set[i].Path
		}
		r.become(paths, func() { r.layer(f) })
	}
}

// slowDown multiplies the slowness of an instance by a factor (n = 1), or
// divides it again (n = -1).
func (in *instance) slowDown(factor float64, n int32) {
	if in.slow == 0 {
		in.slow = 1
	}
	if n > 0 {
		in.slow *= factor
	} else if in.slow /= factor; in.slow > 1-1e-9 && in.slow < 1+1e-9 {
		in.slow = 0 // back to exactly normal
	}
}

// setErrors gives an instance the highest error rate of its active faults.
func (r *Run) setErrors(ii int32) {
	p := 0.0
	for _, i := range r.active {
		f := &r.prog.faults[i]
		if f.kind == design.FaultErrors && f.service == r.instances[ii].service && (f.inst == none || f.inst == ii) {
			p = max(p, f.factor)
		}
	}
	r.instances[ii].errors = p
	r.judge(ii)
}

// rerate adapts the speed of an instance to its active faults.
func (r *Run) rerate(ii int32) {
	was := r.instances[ii].rate
	r.setRate(ii, was)
	r.instances[ii].rate = r.rate(ii)
	r.judge(ii)
}

// crash takes an instance down; see CrashPolicy for what survives.
func (r *Run) crash(ii int32, silent bool) {
	in := &r.instances[ii]
	in.down++
	if silent {
		in.silent++
	}
	if in.down > 1 {
		return
	}
	s := &r.prog.services[in.service]
	r.staffed(ii, -1)
	r.rerate(ii)
	if r.keeps(ii) {
		r.frozen++
		r.weigh()
	} else {
		r.clientDown(ii, silent)
		r.killTasks(ii, s.crash == design.CrashKeep, silent)
		r.forgetCells(in.service, ii)
		r.forgetStores(ii)
	}
}

// killTasks ends the tasks of an instance in the order in which they came.
func (r *Run) killTasks(ii int32, keepRoom, silent bool) {
	dead := slices.DeleteFunc(r.presentAt(ii, true), func(ti int32) bool {
		t := r.tasks.at(ti)
		return t.parent != none || keepRoom && t.state == taskWaiting && !t.began && t.copy == none
	})
	for _, ti := range dead {
		t := r.tasks.at(ti)
		r.rec.Inc(r.prog.services[t.service].m.c + metric.ServiceLost)
		r.observeTask(TaskLost, t, design.Lost)
		r.abandon(ti, noCalls)
		t = r.tasks.at(ti)
		if t.copy == none || t.settled || r.prog.consumes[t.consume].auto {
			r.blame(t.op, design.Lost) // it is not done again
		}
		t.settled = true
		if silent {
			t.replied = true
		}
		r.answer(ti, design.Refused, defaultSize)
		r.releaseLocks(ti, true)
		r.freeTask(ti)
	}
}

// restart brings an instance back.
func (r *Run) restart(ii int32, silent bool) {
	in := &r.instances[ii]
	in.down--
	if silent {
		in.silent--
	}
	if in.down > 0 {
		return
	}
	s := &r.prog.services[in.service]
	r.staffed(ii, 1)
	if s.crash == design.CrashRestart {
		r.rework(ii)
	}
	r.rerate(ii)
	if !r.keeps(ii) {
		r.clientUp(ii)
	} else {
		r.frozen--
		r.weigh()
		r.clientUp(ii) // where the broker has gone meanwhile
		r.unhold(ii)
		for ci := in.consumers.head; ci != none; ci = r.consumers[ci].beside {
			r.idle(ci)
			r.wakeQueue(r.consumers[ci].queue)
		}
	}
	if in.waiting > 0 {
		r.kick(ii)
	}
}

// rework restarts the work that a crash interrupted.
func (r *Run) rework(ii int32) {
	for _, ti := range r.presentAt(ii, true) {
		t := r.tasks.at(ti)
		works := t.remaining > 0 && (t.state == taskRunning || t.preempted)
		if t.parent == none && (works || t.working > 0) {
			r.rec.Inc(r.prog.services[t.service].m.c + metric.ServiceRestarted)
		}
		if works {
			if r.prog.services[t.service].discipline == design.Sharing {
				r.unshare(ti)
				t = r.tasks.at(ti)
				t.remaining = t.demand
				r.share(ti)
				continue
			}
			if t.remaining = t.demand; !t.preempted {
				t.since = r.now
			}
		}
	}
}
