package model

import (
	"fmt"
	"reflect"
	"time"

	"asynclab/sim/kernel"
)

// Changes of parameters while a run goes on, by hand or by a fault.

// Set changes a parameter by hand. It takes effect one nanosecond from now,
// before anything else at that time, and is recorded: Changes lists it, and a
// run that is given these changes is this run, to the fingerprint.
func (r *Run) Set(path, value string) error {
	if r.end != Running {
		return fmt.Errorf("set %s: the run is over", path)
	}
	d := r.design.Clone()
	if err := d.Set(path, value); err != nil {
		return err
	}
	for _, p := range Params(d) {
		if p.Path == path && !p.Live {
			return fmt.Errorf("set %s: cannot be changed while the run goes on; start it again with --set %s=%s", path, path, value)
		}
	}
	if _, err := compile(d); err != nil {
		return err
	}
	r.schedule(Change{At: time.Duration(r.now + 1), Path: path, Value: value})
	return nil
}

// Changes lists what was changed by hand so far.
func (r *Run) Changes() []Change { return append([]Change(nil), r.changed...) }

func (r *Run) schedule(c Change) {
	r.changed = append(r.changed, c)
	r.list.Push(int64(c.At), kernel.PhaseFault, evChange, int32(len(r.changed)-1))
}

func (r *Run) replay(i int) {
	c := r.changed[i]
	r.apply(Setting{c.Path, c.Value})
}

// apply gives a parameter its new value and brings the state in line with it.
func (r *Run) apply(s Setting) {
	d := r.design.Clone()
	if d.Set(s.Path, s.Value) != nil {
		return // it was checked when it was asked for
	}
	p, err := compile(d)
	if err != nil {
		return
	}
	old, was := r.prog, r.design
	r.prog, r.design = *p, d
	r.metricsOnce = nil
	for i := range p.loads {
		if !reflect.DeepEqual(was.Loads[i].Arrivals, d.Loads[i].Arrivals) {
			r.rescheduleArrival(int32(i), &old.loads[i])
		}
	}
	for ti := range r.tasks.items {
		r.tasks.items[ti].drawn = false
	}
	for ii := range r.instances {
		if in := &r.instances[ii]; in.rate != r.rate(int32(ii)) {
			r.rerate(int32(ii))
		} else if p.services[in.service].discipline == Sharing {
			r.shareProgress(int32(ii), in.rate) // the number of workers may have changed
			r.shareClock(int32(ii))
		}
		if r.instances[ii].waiting > 0 {
			r.kick(int32(ii))
		}
	}
	for qi := range r.queues {
		if old.queues[qi].ttl != p.queues[qi].ttl {
			r.cancel(&r.queues[qi].ttl)
			r.headChanged(int32(qi))
		}
		r.wakeQueue(int32(qi))
	}
	if r.obs != nil {
		r.obs.Observe(Record{Time: r.now, Kind: Changed, Node: none, Queue: none})
	}
}

// rescheduleArrival moves a load's next arrival to where the new rate puts it:
// the part of the expected arrivals that was still ahead stays ahead.
func (r *Run) rescheduleArrival(i int32, old *loadT) {
	l := &r.prog.loads[i]
	s := &r.loads[i]
	if l.kind != Poisson && l.kind != Regular || l.count > 0 && s.seq >= l.count {
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
	at := r.arrivalTime(l, s.expected)
	if at < r.now {
		at = r.now
	}
	r.setArrival(i, at)
}
