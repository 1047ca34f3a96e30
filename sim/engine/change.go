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
	if err := r.design.Valid(path, value); err != nil {
		return err
	}
	if p, _ := r.design.Param(path); !p.Live {
		return fmt.Errorf("set %s: cannot be changed while the run goes on; start it again with --set %s=%s", path, path, value)
	}
	if n := r.consumersWith(path, value); n > design.MaxConsumers {
		return fmt.Errorf("set %s: this would be %d consumers, the most is %d", path, n, design.MaxConsumers)
	}
	then := r.byHand.Fork()
	for _, c := range r.changed[r.applied:] {
		if int64(c.At) <= r.now+1 && c.Path != design.Inject && c.Path != design.Heal {
			_ = then.Set(c.Path, c.Value)
		}
	}
	_ = then.Set(path, value)
	if err := check.Fits(then, path); err != nil {
		return err
	}
	r.schedule(path, value)
	return nil
}

// consumersWith is how many consumers there would be after a change.
func (r *Run) consumersWith(path, value string) int {
	n := r.prog.consumers
	for _, i := range r.prog.touched([]string{path}).services {
		one := (&design.Design{Services: r.design.Services[i : i+1]}).Clone()
		if one.Set(path, value) != nil {
			continue
		}
		s := &one.Services[0]
		for k, t := range r.prog.consumesOf(i) {
			each, _ := consumersOf(s.Leads(k), bound(s.WorkersEach(), 0))
			places := r.prog.services[i].instances
			n += int(each*max(places, bound(s.Slots(), 1)) - t.perInst*places)
		}
	}
	return n
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
	if err := errors.Join(check.Changes(r.prog.design, all)...); err != nil {
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
	r.note(evChange, 0, none, uint64(i))
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
	r.become([]string{c.Path}, func() {
		// It was checked when it was asked for.
		_ = r.byHand.Set(c.Path, c.Value)
		if r.design != r.byHand { // faults have settings of their own
			_ = r.design.Set(c.Path, c.Value)
		}
	})
}

// before is what a change of parameters needs to know of what was before.
type before struct {
	loads    []loadT
	arrivals []design.Arrivals
	workers  []int32
	consumes [][]consumeT
	said     []int   // instances
	constant []int64 // delay of each link
	down     []bool
	ttl      []int64 // of each queue
	kept     []logT  // of each topic, how its logs keep their records
	settings []any   // of each part
}

func (r *Run) before(t *touched) (b before) {
	for _, i := range t.loads {
		b.loads, b.arrivals = append(b.loads, r.prog.loads[i]), append(b.arrivals, r.design.Loads[i].Arrivals)
	}
	for _, i := range t.services {
		b.workers = append(b.workers, r.prog.services[i].workers)
		b.consumes = append(b.consumes, slices.Clone(r.prog.consumesOf(i)))
		b.said = append(b.said, r.design.Services[i].Instances)
	}
	for _, i := range t.links {
		b.constant, b.down = append(b.constant, r.prog.wires[i].constant), append(b.down, r.prog.links[i].down)
	}
	for _, i := range t.queues {
		b.ttl = append(b.ttl, r.prog.queues[i].ttl)
	}
	for _, i := range t.topics {
		if b.kept = append(b.kept, logT{}); r.prog.topics[i].keeps {
			b.kept[len(b.kept)-1] = r.prog.logs[r.prog.topics[i].log0]
		}
	}
	for i := range r.prog.parts {
		b.settings = append(b.settings, r.prog.parts[i].settings)
	}
	return b
}

// become continues the run with other values of the given parameters, which change
// gives to its design, and adapts the state to them.
func (r *Run) become(paths []string, change func()) {
	t := r.prog.touched(paths)
	was := r.before(&t)
	for _, si := range t.services {
		if s := &r.prog.services[si]; s.discipline == design.Sharing {
			for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
				r.shareProgress(ii, r.instances[ii].rate) // at the old number of workers
			}
		}
	}
	change()
	r.makeRoom(t.services)
	r.adapt(&t)
	r.otherwise()
	r.settingsChanged(was.settings)
	for k, i := range t.loads {
		if !reflect.DeepEqual(was.arrivals[k], r.design.Loads[i].Arrivals) {
			r.rescheduleArrival(i, &was.loads[k])
		}
	}
	for k, li := range t.links {
		r.keepOrder(li, was.constant[k])
	}
	for k, li := range t.links {
		if r.prog.links[li].down != was.down[k] {
			r.lineChanged(li)
		}
	}
	if len(t.steps) > 0 {
		r.draws++
	}
	for k, si := range t.services {
		r.serviceChanged(si, was.workers[k], was.consumes[k])
		if n := max(1, r.design.Services[si].Instances); n != max(1, was.said[k]) {
			r.staffTo(si, int32(n))
		}
	}
	for k, qi := range t.queues {
		if was.ttl[k] != r.prog.queues[qi].ttl {
			r.cancel(&r.queues[qi].ttl)
			r.headChanged(qi)
		}
		r.wakeQueue(qi)
	}
	if len(r.flow) > 0 {
		for _, b := range t.brokers {
			if r.flows(b); r.flow[b].choked {
				r.slowly(b)
			}
		}
	}
	r.otherwise() // a link that keeps its order has another delay
	for _, b := range t.brokers {
		r.workersMoved(b)
	}
	for k, i := range t.topics {
		r.topicChanged(i, &was.kept[k])
	}
	if r.obs != nil {
		r.obs.Observe(r.here(Changed, none, 0, design.OK))
	}
}

// topicChanged deletes what a topic has kept and does not keep any longer.
func (r *Run) topicChanged(i int32, was *logT) {
	t := &r.prog.topics[i]
	if !t.keeps {
		return
	}
	for log := t.log0; log < t.log0+t.partitions; log++ {
		if r.prog.logs[log].age != was.age {
			r.cancel(&r.logs[log].timer)
			r.aged(log)
		}
		r.fit(log)
	}
}

// serviceChanged adapts the instances and consumers of a service.
func (r *Run) serviceChanged(si, workers int32, consumes []consumeT) {
	r.resize(si, workers)
	first := r.prog.names.at[si].consume
	for k, t := range r.prog.consumesOf(si) {
		if o := &consumes[k]; t.perInst != o.perInst || t.prefetch != o.prefetch {
			r.staff(first + int32(k))
		}
	}
	s := &r.prog.services[si]
	for ii := s.inst0; ii < s.inst0+s.instances; ii++ {
		r.judge(ii) // its errors may have changed
		if r.instances[ii].rate != r.rate(ii) {
			r.rerate(ii)
		}
		if r.instances[ii].waiting > 0 {
			r.kick(ii)
		}
	}
}

// layer gives what a fault that begins or ends sets its values: those by hand, and
// on top of them the settings of the active faults, in the order in which the faults
// began. A change by hand later than the beginning of a fault overrides the fault.
// So overlapping faults may end in any order, and the values from before are
// restored exactly. Of an element, all is set again: two parameters can be about
// the same, as a distribution and its mean are.
func (r *Run) layer(f *faultT) {
	if r.design == r.byHand {
		r.design = r.byHand.Fork()
	}
	for _, set := range f.set {
		r.design.Reset(set.Path, r.byHand)
	}
	if slices.Contains(f.parts, design.Links) { // one that is not declared takes the default as it is when it is set
		r.eachSetting(f, func(_ int64, set design.Setting) { r.design.Reset(set.Path, r.byHand) })
	}
	r.eachSetting(f, func(begun int64, set design.Setting) {
		if !r.setSince(set.Path, begun) {
			_ = r.design.Set(set.Path, set.Value) // it was checked with the design
		}
	})
}

// eachSetting visits what active faults set of the elements of which a fault sets
// something.
func (r *Run) eachSetting(f *faultT, do func(begun int64, set design.Setting)) {
	for _, i := range r.active {
		g := &r.prog.faults[i]
		if r.faults[i].off {
			continue
		}
		for k, part := range g.parts {
			if slices.Contains(f.parts, part) {
				do(r.faults[i].begun, g.set[k])
			}
		}
	}
}

// setSince tells whether a parameter was changed by hand after a time.
func (r *Run) setSince(path string, t int64) bool {
	i := r.applied
	for i < len(r.changed) && int64(r.changed[i].At) <= r.now {
		i++
	}
	for i--; i >= 0 && int64(r.changed[i].At) > t; i-- {
		if r.changed[i].Path == path {
			return true
		}
	}
	return false
}

// keepOrder holds the messages sent from now on behind those in transit, on a link
// that has changed and keeps order. constant was its delay.
func (r *Run) keepOrder(li int32, constant int64) {
	l, w := &r.prog.links[li], &r.prog.wires[li]
	if s := &r.links[li]; l.inOrder && (s.last > r.now || s.stuck > 0) {
		w.constant = -1
	}
	for c := l.conn0; c < l.conn0+l.conns; c++ {
		way := &r.conns[c].ways[r.dirOf(c, li)]
		if constant > 0 && r.now > 0 { // before the first event nothing is in transit
			way.last = max(way.last, way.sent+constant)
		}
		if l.inOrder && way.last > r.now {
			w.constant = -1
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
	for i := r.readers[ci].head; i != none; i = r.consumers[i].next {
		n, prefetch := &have[r.consumers[i].inst-s.inst0], t.prefetch
		if *n++; *n > t.perInst {
			prefetch = 0
		}
		r.setPrefetch(i, prefetch)
	}
	for k := int32(0); k < t.perInst; k++ {
		for i := range s.instances {
			if have[i] <= k && len(r.consumers) < design.MaxConsumers {
				r.setPrefetch(r.addConsumer(ci, s.inst0+i, 0), t.prefetch)
			}
		}
	}
}

// addConsumer adds a consumer to an instance.
func (r *Run) addConsumer(ci, ii, prefetch int32) int32 {
	t := &r.prog.consumes[ci]
	n := int32(len(r.consumers))
	r.consumers = append(r.consumers, consumer{
		credit: prefetch, prefetch: prefetch, consume: ci, inst: ii, queue: t.queue, conn: t.conn + ii, held: none, next: none, beside: none,
	})
	d := &r.queues[t.queue]
	d.readers++
	d.idle.reserve(int(d.readers))
	if len(r.groups) > 0 {
		r.newMember(n)
	}
	r.newKin(n)
	if r.prog.fetches {
		r.newFetcher(n)
	}
	if l := &r.readers[ci]; l.head == none {
		l.head, l.tail = n, n
	} else {
		r.consumers[l.tail].next, l.tail = n, n
	}
	if l := &r.instances[ii].consumers; l.head == none {
		l.head, l.tail = n, n
	} else {
		r.consumers[l.tail].beside, l.tail = n, n
	}
	return n
}

func (r *Run) setPrefetch(i, n int32) {
	c := &r.consumers[i]
	if r.connected(c) && !c.pulls && !(r.prog.fetches && r.fetchers[i].shut) {
		c.credit += n - c.prefetch
	}
	c.prefetch = n
	switch {
	case c.pulls:
		r.goFetch(i)
	case c.log:
		r.poll(i)
	case !r.suspended(c.inst):
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
	r.setArrival(i, l, s, max(r.now, r.arrivalTime(l, s.expected)))
}
