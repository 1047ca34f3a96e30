package engine

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
)

// Changes of parameters during a run, by hand or by a fault.

// Set changes a parameter by hand. It takes effect one nanosecond from now,
// before anything else at that time, and is recorded: Changes lists it, and a
// run that is given these changes is this run, to the fingerprint.
func (r *Run) Set(path, value string) error {
	if r.over() {
		return fmt.Errorf("set %s: the run is over", path)
	}
	d, err := r.design.With(path, value)
	if err != nil {
		return err
	}
	if p, err := d.Lookup(path); err == nil && !p.Live {
		return fmt.Errorf("set %s: cannot be changed while the run goes on; start it again with --set %s=%s", path, path, value)
	}
	if n := r.prog.adapt(d, path).consumers; n > design.MaxConsumers {
		return fmt.Errorf("set %s: this would be %d consumers, the most is %d", path, n, design.MaxConsumers)
	}
	r.schedule(path, value)
	return nil
}

// over reports whether changes come too late: they would take effect at or after
// the duration.
func (r *Run) over() bool { return r.end != Running || r.draining }

// Changes lists what was changed by hand, in the order of time: what has taken
// effect, and what is still to come.
func (r *Run) Changes() []design.Change { return slices.Clone(r.changed) }

// Plan replaces the pending changes of the run with those of the list that are
// later than now. After Restore, Plan with the changes of the run so far makes
// it the same run again, to the fingerprint; Plan with none removes the pending
// changes.
func (r *Run) Plan(changes []design.Change) error {
	later := slices.DeleteFunc(slices.Clone(changes), func(c design.Change) bool { return int64(c.At) <= r.now })
	all := inOrder(append(slices.Clip(r.changed[:r.applied]), later...))
	if err := errors.Join(check.Changes(r.design, all)...); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	r.changed = all
	return nil
}

// schedule adds a change by hand one nanosecond from now, behind the changes
// already pending for that time.
func (r *Run) schedule(path, value string) {
	c := design.Change{At: time.Duration(r.now + 1), Path: path, Value: value}
	i := r.applied
	for i < len(r.changed) && r.changed[i].At <= c.At {
		i++
	}
	r.changed = slices.Insert(r.changed, i, c)
}

func inOrder(changes []design.Change) []design.Change {
	slices.SortStableFunc(changes, func(a, b design.Change) int { return cmp.Compare(a.At, b.At) })
	return changes
}

// nextChange is the time of the next change. Changes are not events of the
// list: they come before anything else at their time, and their order must not
// depend on the events scheduled meanwhile.
func (r *Run) nextChange() int64 {
	if r.applied < len(r.changed) && int64(r.changed[r.applied].At) < r.until {
		return int64(r.changed[r.applied].At)
	}
	return never
}

// change applies the next change.
func (r *Run) change() {
	i := r.applied
	c := r.changed[i]
	r.applied++
	if at := int64(c.At); at != r.now {
		r.now = at
		r.instant = 0
	}
	r.events++
	r.mark(evChange, 0, none, uint64(i))
	switch c.Path {
	case design.Inject:
		r.inject(c.Value)
	case design.Heal:
		r.healNamed(c.Value)
	default:
		r.set(c)
	}
	if r.ready.n > 0 {
		r.drain()
	}
	r.instant++
}

// set gives a parameter a new value.
func (r *Run) set(c design.Change) {
	hand, err := r.byHand.With(c.Path, c.Value)
	if err != nil {
		return // it was checked when it was asked for
	}
	d := hand
	if r.design != r.byHand { // faults have settings of their own
		d, _ = r.design.With(c.Path, c.Value)
	}
	r.become(d, c.Path)
	r.byHand = hand
}

// layered is the design with the changes by hand, and on top of it the
// settings of the active faults, in the order in which the faults began. A
// change by hand later than the beginning of a fault overrides the fault. So
// overlapping faults may end in any order, and the values from before are
// restored exactly.
func (r *Run) layered() *design.Design {
	d := r.byHand
	var on []int32
	for i := range r.faults {
		if r.faults[i].active && r.prog.faults[i].kind == design.FaultSet {
			on = append(on, int32(i))
		}
	}
	slices.SortStableFunc(on, func(a, b int32) int { return cmp.Compare(r.faults[a].begun, r.faults[b].begun) })
	for _, i := range on {
		for _, set := range r.prog.faults[i].set {
			if !r.setSince(set.Path, r.faults[i].begun) {
				d, _ = d.With(set.Path, set.Value) // it was checked with the design
			}
		}
	}
	return d
}

// setSince tells whether a parameter was changed by hand after a time.
func (r *Run) setSince(path string, t int64) bool {
	return slices.ContainsFunc(r.changed, func(c design.Change) bool {
		return c.Path == path && int64(c.At) > t && int64(c.At) <= r.now
	})
}

// become continues the run with another design, which differs in the given
// parameters, and adapts the state to it.
func (r *Run) become(d *design.Design, paths ...string) {
	p := r.prog.adapt(d, paths...)
	old, was := r.prog, r.design
	for _, si := range p.changedServices {
		if s := &old.services[si]; s.discipline == design.Sharing {
			for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
				r.shareProgress(ii, r.instances[ii].rate) // at the old number of workers
			}
		}
	}
	r.prog, r.design = p.Program, d
	r.metricsOnce = nil
	r.settingsChanged(old.parts)
	for _, i := range p.changedLoads {
		if !reflect.DeepEqual(was.Loads[i].Arrivals, d.Loads[i].Arrivals) {
			r.rescheduleArrival(i, &old.loads[i])
		}
	}
	if len(p.changedLinks) > 0 {
		r.keepOrder(p.changedLinks, old.wires)
	}
	for _, li := range p.changedLinks {
		if p.links[li].down != old.links[li].down {
			r.lineChanged(li)
		}
	}
	if len(p.changedServices) > 0 {
		r.draws++
	}
	for _, si := range p.changedServices {
		r.resize(si, old.services[si].workers)
		for ci := range p.consumes {
			if k, o := &p.consumes[ci], &old.consumes[ci]; k.service == si && (k.perInst != o.perInst || k.prefetch != o.prefetch) {
				r.staff(int32(ci))
			}
		}
		s := &p.services[si]
		for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
			if r.instances[ii].rate != r.rate(ii) {
				r.rerate(ii)
			}
			r.judge(ii)
			if r.instances[ii].waiting > 0 {
				r.kick(ii)
			}
		}
	}
	if p.changedQueues {
		for qi := range r.queues {
			if old.queues[qi].ttl != p.queues[qi].ttl {
				r.cancel(&r.queues[qi].ttl)
				r.headChanged(int32(qi))
			}
			r.wakeQueue(int32(qi))
		}
	}
	if r.obs != nil {
		r.obs.Observe(r.here(Changed, none, 0, design.OK))
	}
}

// keepOrder holds the messages sent from now on behind those in transit, on
// links that have changed and keep order.
func (r *Run) keepOrder(links []int32, old []wire) {
	for _, li := range links {
		if s := &r.links[li]; r.prog.links[li].inOrder && (s.last > r.now || s.stuck > 0) {
			r.prog.wires[li].constant = -1
		}
	}
	for c := range r.conns {
		for dir, li := range r.prog.conns[c].links {
			if !slices.Contains(links, li) {
				continue
			}
			w := &r.conns[c].ways[dir]
			if d := old[li].constant; d > 0 {
				w.last = max(w.last, w.sent+d)
			}
			if r.prog.links[li].inOrder && w.last > r.now {
				r.prog.wires[li].constant = -1
			}
		}
	}
}

// resize adapts a service to a new number of workers.
func (r *Run) resize(si, was int32) {
	s := &r.prog.services[si]
	if s.workers == was {
		return
	}
	for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
		if s.discipline == design.Sharing {
			r.shareClock(ii)
		}
		r.recount(ii)
	}
}

// staff adapts the number of consumers of a service to its settings: by default
// one for each worker.
func (r *Run) staff(ci int32) {
	t := &r.prog.consumes[ci]
	s := &r.prog.services[t.service]
	have := make([]int32, s.instances)
	for i := range r.consumers {
		if c := &r.consumers[i]; c.consume == ci {
			n, prefetch := &have[c.inst-s.inst0], t.prefetch
			if *n++; *n > t.perInst {
				prefetch = 0
			}
			r.setPrefetch(int32(i), prefetch)
		}
	}
	for k := int32(0); k < t.perInst; k++ {
		for i := range s.instances {
			if have[i] <= k && len(r.consumers) < design.MaxConsumers {
				r.consumers = append(r.consumers, consumer{consume: ci, inst: s.inst0 + i, queue: t.queue, conn: t.conn + s.inst0 + i})
				r.setPrefetch(int32(len(r.consumers)-1), t.prefetch)
			}
		}
	}
}

func (r *Run) setPrefetch(i, n int32) {
	c := &r.consumers[i]
	if r.connected(c) {
		c.credit += n - c.prefetch
	}
	c.prefetch = n
	if !r.suspended(c.inst) {
		r.idle(i)
	}
}

// connected reports whether a consumer has a connection to its broker.
func (r *Run) connected(c *consumer) bool { return r.conns[c.conn].broker }

// rescheduleArrival computes the time of a load's next arrival at the new rate:
// the expected number of arrivals until then stays the same.
func (r *Run) rescheduleArrival(i int32, old *loadT) {
	l := &r.prog.loads[i]
	s := &r.loads[i]
	if l.kind != design.Poisson && l.kind != design.Regular || l.count > 0 && s.seq >= l.count {
		return
	}
	r.cancel(&s.next)
	t := float64(max(0, r.now-l.start)) / 1e9
	shift := l.arrivals.count(t) - old.arrivals.count(t)
	s.expected += shift
	for i := range s.due {
		s.due[i] += shift
		s.at[i] = r.arrivalTime(l, s.due[i])
	}
	r.setArrival(i, max(r.now, r.arrivalTime(l, s.expected)))
}
