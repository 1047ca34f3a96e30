package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Processor sharing. Every admitted task has a thread of its own, and all that
// work do so at once: up to c (workers) of them at full speed, above that the c
// processors are shared equally. A thread that waits uses no processor. Each task
// is done when the virtual time, the work that each present task has received,
// reaches the value it had at the task's start plus the task's demand; so one
// heap by that value and one timer serve any number of tasks (the same device
// as virtual time in fair queueing: Demers, Keshav, Shenker 1989).

// shareRate is the speed of each of the tasks present.
func (r *Run) shareRate(ii int32, rate float64) float64 {
	n := len(nth(r.instances, ii).shared)
	if c := int(nth(r.prog.services, nth(r.instances, ii).service).workers); n > c {
		return rate * float64(c) / float64(n)
	}
	return rate
}

// shareProgress moves virtual time to the present.
func (r *Run) shareProgress(ii int32, rate float64) {
	in := nth(r.instances, ii)
	if len(in.shared) == 0 {
		in.virtual = 0
	} else {
		in.virtual += float64(float64(r.now-in.since) * r.shareRate(ii, rate))
	}
	in.since = r.now
}

// shareClock adapts the processors in use, and the time of the next end, to the
// tasks that work now.
func (r *Run) shareClock(ii int32) {
	in := nth(r.instances, ii)
	s := nth(r.prog.services, in.service)
	if busy := min(int32(len(in.shared)), s.workers); busy != in.busy {
		if in.down == 0 {
			r.rec.Level(s.m.l+metric.ServiceBusy, r.now, int64(busy-in.busy))
		}
		if in.busy = busy; in.watched&watchWork != 0 {
			r.workMoved(in)
		}
	}
	r.cancel(&in.timer)
	if len(in.shared) == 0 {
		return
	}
	rate := r.shareRate(ii, r.rate(ii))
	if rate == 0 {
		return
	}
	left := r.finishOf(in.shared[0]) - in.virtual
	d := int64(1)
	if left > 1 {
		d = stretch(int64(left+0.5), rate)
	}
	in.timer = r.list.Push(r.now+d, kernel.PhaseMain, evSharing, ii)
}

func (r *Run) finishOf(ti int32) float64 { return *nth(r.sharing, ti) }

func (r *Run) share(ti int32) {
	ii := r.tasks.at(ti).inst
	r.shareProgress(ii, r.rate(ii))
	in := nth(r.instances, ii)
	r.setFinish(ti, in.virtual+float64(r.tasks.at(ti).remaining))
	r.putShared(in, ti)
	r.shareClock(ii)
}

func (r *Run) setFinish(ti int32, x float64) {
	for len(r.sharing) < len(r.tasks.items) {
		r.sharing = append(r.sharing, 0)
	}
	*nth(r.sharing, ti) = x
}

// putDue puts a task that waits into the heap of its instance, by the deadline of its
// operation; the line has it too, in the order of coming.
func (r *Run) putDue(ti int32, t *task, in *instance) {
	o := r.ops.at(t.op)
	due := math.Inf(1)
	if l := nth(r.prog.loads, o.load); l.deadline > 0 {
		due = float64(o.arrival + l.deadline)
	}
	r.setFinish(ti, due)
	r.putShared(in, ti)
}

func (r *Run) putShared(in *instance, ti int32) {
	in.shared = append(in.shared, ti)
	r.tasks.at(ti).sharing = int32(len(in.shared))
	r.siftUp(in, len(in.shared)-1)
}

// unshare takes a task out before it is done.
func (r *Run) unshare(ti int32) {
	ii := r.tasks.at(ti).inst
	r.shareProgress(ii, r.rate(ii))
	r.takeShared(nth(r.instances, ii), int(r.tasks.at(ti).sharing)-1)
	r.shareClock(ii)
}

func (r *Run) takeShared(in *instance, i int) {
	h := in.shared
	n := len(h) - 1
	r.tasks.at(h[i]).sharing = 0
	last := h[n]
	in.shared = h[:n]
	if i < n {
		h[i] = last
		r.tasks.at(last).sharing = int32(i + 1)
		r.siftDownShared(in, i)
		r.siftUp(in, i)
	}
}

func (r *Run) sharingDone(ii int32) {
	in := nth(r.instances, ii)
	in.timer = 0
	r.shareProgress(ii, r.rate(ii))
	ti := in.shared[0]
	r.takeShared(in, 0)
	r.shareClock(ii)
	r.workDone(ti)
}

// sharedBefore is the order of the heap: who is done first, or, with preemption,
// who is interrupted first, the least important and among equals the last to come, or,
// in a line by deadline, who is served first.
func (r *Run) sharedBefore(a, b int32) bool {
	if t, u := r.tasks.at(a), r.tasks.at(b); nth(r.prog.services, t.service).discipline == design.Preemptive {
		return t.priority > u.priority || t.priority == u.priority && t.id > u.id
	}
	x, y := r.finishOf(a), r.finishOf(b)
	return x < y || x == y && r.tasks.at(a).id < r.tasks.at(b).id
}

func (r *Run) swapShared(in *instance, i, j int) {
	h := in.shared
	h[i], h[j] = h[j], h[i]
	r.tasks.at(h[i]).sharing = int32(i + 1)
	r.tasks.at(h[j]).sharing = int32(j + 1)
}

func (r *Run) siftUp(in *instance, i int) {
	for i > 0 {
		up := (i - 1) / 2
		if !r.sharedBefore(in.shared[i], in.shared[up]) {
			return
		}
		r.swapShared(in, i, up)
		i = up
	}
}

func (r *Run) siftDownShared(in *instance, i int) {
	for {
		c := 2*i + 1
		if c >= len(in.shared) {
			return
		}
		if c+1 < len(in.shared) && r.sharedBefore(in.shared[c+1], in.shared[c]) {
			c++
		}
		if !r.sharedBefore(in.shared[c], in.shared[i]) {
			return
		}
		r.swapShared(in, i, c)
		i = c
	}
}
