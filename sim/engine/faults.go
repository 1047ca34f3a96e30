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
		if f.wears {
			r.wearOut(int32(i))
		}
		if f.hasEvery && f.at == 0 {
			r.nextTime(int32(i), f.every.SampleNanos(r.keys[f.keyEvery].Uniform(0, 0)))
			continue
		}
		r.scheduleFault(int32(i), f.at)
	}
}

// nextTime lets a fault begin after a time of its clock.
func (r *Run) nextTime(i int32, d int64) {
	if r.prog.faults[i].wears {
		r.wind(i, d)
		return
	}
	r.scheduleFault(i, r.now+d)
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
			r.nextTime(i, max(1, f.every.SampleNanos(r.keys[f.keyEvery].Uniform(s.round, 0))))
		case f.look > 0:
			s.held = r.met(&f.when)
			r.scheduleFault(i, r.now+f.look)
		case f.period > 0:
			r.scheduleFault(i, f.at+int64(s.round)*f.period)
		}
		return
	}
	s.left, s.goes = 0, false
	if f.look > 0 && !r.begins(i) {
		return
	}
	r.begun(i)
}

// begun begins an occurrence and schedules its end.
func (r *Run) begun(i int32) {
	f := &r.prog.faults[i]
	r.strike(i)
	if !f.forever {
		r.scheduleFault(i, r.now+max(1, f.dur.SampleNanos(r.faultKey(f, f.keyFor, "for").Uniform(r.faults[i].round, 0))))
	}
}

// faultKey is a stream of draws of a fault. That of a fault by hand is made here,
// because the fault was not in the compiled design.
func (r *Run) faultKey(f *faultT, key int32, purpose string) draw.Key {
	if f.byHand != "" {
		return draw.NewKey(r.cfg.Seed, r.cfg.Replication, "fault/"+f.name, purpose)
	}
	return r.keys[key]
}

// flips is added to the index of a fault in the event at which a fault that flaps comes
// or goes.
const flips = 1 << 20

// scheduleFlip lets a fault that flaps go, or come, after a time.
func (r *Run) scheduleFlip(i int32) {
	f, s := &r.prog.faults[i], &r.faults[i]
	d, key := f.down, r.faultKey(f, f.keyDown, "down")
	if s.off {
		d, key = f.up, r.faultKey(f, f.keyUp, "up")
	}
	s.flip = r.list.Push(r.now+max(1, d.SampleNanos(key.Uniform(s.flips, 0))), kernel.PhaseFault, evFault, i+flips)
	s.flips++
}

// flip lets a fault come or go while it lasts.
func (r *Run) flip(i int32) {
	s := &r.faults[i]
	r.note(evFault, r.prog.faults[i].element, none, flips+s.flips)
	s.off = !s.off
	r.act(i, !s.off)
	r.scheduleFlip(i)
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
	r.act(i, true)
	if r.prog.faults[i].flaps {
		r.scheduleFlip(i)
	}
}

// heal takes the effect of a fault back.
func (r *Run) heal(i int32) {
	r.faults[i].active = false
	at := slices.Index(r.active, i)
	r.active = slices.Delete(r.active, at, at+1)
	r.faultEnds(i)
	r.observeFault(FaultEnded, i)
	s := &r.faults[i]
	r.cancel(&s.flip)
	if !s.off {
		r.act(i, false)
	}
	s.off = false
}

// act lets the kind of a fault do what it does at its beginning, or at its end.
func (r *Run) act(i int32, begins bool) {
	f := &r.prog.faults[i]
	f.kind.Class().Act(struck{r, f, r.picked(i)}, begins)
}

// struck is what an occurrence of a fault strikes.
type struck struct {
	*Run
	f       *faultT
	targets []target
}

// picked are the targets of a fault: all, or those that are drawn for the occurrence.
func (r *Run) picked(i int32) []target {
	f := &r.prog.faults[i]
	if f.pick == 0 || f.pick >= len(f.targets) {
		return f.targets
	}
	all, key := slices.Clone(f.targets), r.faultKey(f, f.keyPick, "pick")
	for k := range f.pick { // the first steps of a shuffle (Fisher and Yates)
		left := len(all) - k
		j := k + min(int(key.Uniform(r.faults[i].round, uint64(k))*float64(left)), left-1)
		all[k], all[j] = all[j], all[k]
	}
	return all[:f.pick]
}

func (s struck) Amount() float64 { return s.f.factor }

// each visits the instances.
func (s struck) each(do func(ii int32)) {
	for _, t := range s.targets {
		switch {
		case t.service == none:
		case t.inst != none:
			do(t.inst)
		default:
			v := &s.prog.services[t.service]
			for ii := v.inst0; ii < v.inst0+v.instances; ii++ {
				do(ii)
			}
		}
	}
}

func (s struck) Crash(silent bool) {
	s.each(func(ii int32) { s.crash(ii, silent) })
	for _, t := range s.targets {
		switch {
		case t.follower:
			s.crashFollower(t.broker)
		case t.broker != none:
			s.crashBroker(t.broker, silent)
		}
	}
}

func (s struck) Restart(silent bool) {
	s.each(func(ii int32) { s.restart(ii, silent) })
	for _, t := range s.targets {
		if t.broker != none {
			s.restartBroker(t.broker, silent)
		}
	}
}

func (s struck) Slow(factor float64, n int) {
	s.each(func(ii int32) {
		s.instances[ii].slowDown(factor, n)
		s.rerate(ii)
	})
}

func (s struck) Pause(n int) {
	s.each(func(ii int32) {
		s.instances[ii].paused += int32(n)
		s.rerate(ii)
		s.pausedOrResumed(ii)
	})
	for _, t := range s.targets {
		switch {
		case !t.follower:
		case n > 0:
			s.stopFollower(t.broker)
		default:
			s.goOnFollower(t.broker)
		}
	}
}

func (s struck) Hang(n int) {
	s.each(func(ii int32) {
		s.instances[ii].hung += int32(n)
		s.rerate(ii)
	})
}

func (s struck) Errors() { s.each(s.setErrors) }

func (s struck) Cut(n int) {
	for _, l := range s.f.links {
		s.links[l].cut += int32(n)
		s.upset += n
	}
	s.weigh()
	for _, l := range s.f.links {
		s.lineChanged(l)
	}
}

func (s struck) Set() {
	paths := make([]string, len(s.f.set))
	for i := range s.f.set {
		paths[i] = s.f.set[i].Path
	}
	s.become(paths, func() { s.layer(s.f) })
}

// slowDown multiplies the slowness of an instance by a factor (n = 1), or
// divides it again (n = -1).
func (in *instance) slowDown(factor float64, n int) {
	if in.slow == 0 {
		in.slow = 1
	}
	if n > 0 {
		in.slow *= factor
	} else if in.slow /= factor; in.slow > 1-1e-9 && in.slow < 1+1e-9 {
		in.slow = 0 // back to exactly normal
	}
}

// setErrors gives an instance the error rate of its active faults, which are independent.
func (r *Run) setErrors(ii int32) {
	good := 1.0
	for _, i := range r.active {
		f := &r.prog.faults[i]
		if f.kind != design.FaultErrors || r.faults[i].off {
			continue
		}
		struck{r, f, r.picked(i)}.each(func(at int32) {
			if at == ii {
				good *= 1 - f.factor
			}
		})
	}
	r.instances[ii].errors = 1 - good
	r.judge(ii)
}

// failing is the share of tasks that fail at their start at an instance: that of the service
// and that of its faults are independent.
func (s *serviceT) failing(in *instance) float64 {
	return s.errors + float64(in.errors*(1-s.errors))
}

// rerate adapts the speed of an instance to its active faults.
func (r *Run) rerate(ii int32) {
	was := r.instances[ii].rate
	r.setRate(ii, was)
	r.instances[ii].rate = r.rate(ii)
	r.judge(ii)
	if r.led != nil {
		r.halted(ii)
	}
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
		r.forgetFetchers(ii)
		r.loseGathered(ii)
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
			for ri := t.sibling; ri != none; ri = r.tasks.at(ri).sibling {
				r.blame(r.tasks.at(ri).op, design.Lost)
			}
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
		r.goesOn(ii)
	}
	if in.watched&watchLast != 0 && r.scaling(in.service) == nil && in.tasks == 0 {
		r.isDone(ii)
	}
	if in.waiting > 0 {
		r.kick(ii)
	}
	r.goOnSending(ii)
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
