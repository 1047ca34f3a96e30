package engine

import (
	"cmp"
	"slices"
)

// What happens to an instance, its crash or a change of its speed, happens to the
// tasks that are there. A run begins to list them when it first needs to know: the
// runs in which nothing of the kind happens pay one look at a flag of the instance.
// Branches of a task are found from it.

// neighbours are the tasks before and behind one in the list of its instance: those
// that wait for a worker are last.
type neighbours struct{ next, prev int32 }

// What an instance has to be told of the tasks that come and go.
const (
	watchRank  = 1 << iota // how many callers wait for: see fewest.go
	watchTasks             // they are listed
	watchDoor              // a guard of the door is told of those that leave
	watchLast              // it is leaving, when the last has left
	watchWork              // when its workers begin to be busy, and when none is any more: see wear.go
)

// came notes that a task has come to its instance.
func (r *Run) came(ti int32, in *instance) {
	if in.watched&watchRank != 0 {
		r.waitedFor(r.tasks.at(ti), in)
	}
	if in.watched&watchTasks != 0 {
		r.enlist(ti, in)
	}
}

// went notes that a task has left its instance; counts says whether how it ended says
// anything.
func (r *Run) went(ti int32, in *instance, counts bool) {
	if in.watched&watchRank != 0 {
		r.notWaitedFor(r.tasks.at(ti), in)
	}
	if in.watched&watchTasks != 0 {
		r.delist(ti, in)
	}
	if in.watched&watchDoor != 0 {
		r.tellDoor(ti, counts)
	}
	if in.watched&watchLast != 0 && in.tasks == 0 {
		r.isDone(r.tasks.at(ti).inst)
	}
}

// moved notes that a task has entered the waiting room, or left it.
func (r *Run) moved(ti int32, in *instance) {
	if in.watched&watchTasks != 0 && r.tasks.at(ti).parent == none {
		r.delist(ti, in)
		r.enlist(ti, in)
	}
}

// enlist adds a task to the list of its instance.
func (r *Run) enlist(ti int32, in *instance) {
	for len(r.present) < len(r.tasks.items) {
		r.present = append(r.present, neighbours{})
	}
	l, n := &in.present, neighbours{none, none}
	if r.tasks.at(ti).state == taskWaiting {
		n.prev = l.tail
	} else {
		n.next = l.head
	}
	if n.prev == none {
		l.head = ti
	} else {
		nth(r.present, n.prev).next = ti
	}
	if n.next == none {
		l.tail = ti
	} else {
		nth(r.present, n.next).prev = ti
	}
	*nth(r.present, ti) = n
}

func (r *Run) delist(ti int32, in *instance) {
	l, n := &in.present, *nth(r.present, ti)
	if n.prev == none {
		l.head = n.next
	} else {
		nth(r.present, n.prev).next = n.next
	}
	if n.next == none {
		l.tail = n.prev
	} else {
		nth(r.present, n.next).prev = n.prev
	}
}

// presentAt lists the tasks at an instance and their branches, in the order in which
// they came; without those that wait for a worker, unless asked for.
func (r *Run) presentAt(ii int32, waiting bool) (all []int32) {
	if r.present == nil {
		r.listTasks()
	}
	for ti := r.instances[ii].present.head; ti != none; ti = r.present[ti].next {
		if r.tasks.at(ti).state == taskWaiting && !waiting {
			break
		}
		all = r.withBranches(all, ti)
	}
	slices.SortFunc(all, func(a, b int32) int { return cmp.Compare(r.tasks.at(a).id, r.tasks.at(b).id) })
	return all
}

func (r *Run) withBranches(all []int32, ti int32) []int32 {
	all = append(all, ti)
	for b := r.tasks.at(ti).child; b != none; b = r.tasks.at(b).sibling {
		all = r.withBranches(all, b)
	}
	return all
}

// listTasks begins the lists of all instances.
func (r *Run) listTasks() {
	r.present = make([]neighbours, len(r.tasks.items), max(1, len(r.tasks.items)))
	for ii := range r.instances {
		in := &r.instances[ii]
		in.watched |= watchTasks
		in.present = waitList{none, none}
	}
	for ti := range r.tasks.items {
		if t := &r.tasks.items[ti]; t.id != 0 && t.parent == none && t.admitted {
			r.enlist(int32(ti), &r.instances[t.inst])
		}
	}
}
