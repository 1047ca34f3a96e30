package engine

// A balancer that counts requests knows what its caller knows: its own requests that are
// outstanding, sent and neither answered nor given up (SEMANTICS, Balancing). A load is one
// caller, and so is each instance of a service that calls.
//
// Over the instances of a service lies a tournament tree for each of its callers: a node
// knows the fewest outstanding requests to an instance below it, and to how many there are
// so few. A tree is an array; the children of node i are 2i and 2i+1, and the instances, in
// their order, are its last row.

type fewest struct {
	tasks  int32
	equals int32 // instances with so many
}

// maxRanks bounds the nodes of all trees: where there are very many callers and instances,
// the callers of the services for which there is no room share one tree.
const maxRanks = 1 << 22

// rankInstances makes the trees, at the beginning and when there are more instances.
func (r *Run) rankInstances() {
	r.rank = r.rank[:0]
	if !r.numberCallers() {
		return
	}
	for si := range r.prog.services {
		s, d := &r.prog.services[si], &r.services[si]
		if !s.ranked() {
			continue
		}
		row := int32(1)
		for row < s.instances {
			row *= 2
		}
		if d.callers = max(1, d.callers); len(r.rank)+int(d.callers)*2*int(row) > maxRanks {
			d.callers = 1
		}
		d.rank, d.row = int32(len(r.rank)), row
		for range d.callers {
			first := int32(len(r.rank))
			for range 2 * row {
				r.rank = append(r.rank, fewest{tasks: maxInt32})
			}
			for i := range s.instances {
				r.rank[first+row+i] = fewest{0, 1}
			}
			for i := row - 1; i > 0; i-- {
				r.rank[first+i] = fewer(r.rank[first+2*i], r.rank[first+2*i+1])
			}
		}
		for i := range s.instances {
			in := &r.instances[s.inst0+i]
			in.rank = d.rank + row + i
			in.watched |= watchRank
		}
	}
	for ti := range r.tasks.items {
		t := &r.tasks.items[ti]
		if t.id == 0 || !t.admitted || t.parent != none || !nth(r.prog.services, t.service).ranked() {
			continue
		}
		if t.rare &^= rareOutstanding; !t.replied {
			r.waitedFor(t, nth(r.instances, t.inst))
		}
	}
}

// ranked reports whether requests to a service are counted for its balancer.
func (s *serviceT) ranked() bool { return s.balance.Fooled && s.instances > 1 }

// numberCallers counts the callers of the services that are ranked. It reports false if none is.
func (r *Run) numberCallers() (any bool) {
	for si := range r.prog.services {
		r.services[si].callers = 0
		any = any || r.prog.services[si].ranked()
	}
	if !any {
		return false
	}
	type pair struct{ service, from int32 }
	first := map[pair]int32{}
	r.callers = make([]int32, len(r.prog.sites))
	for i := range r.prog.sites {
		st := &r.prog.sites[i]
		if st.kind != toService || !r.prog.services[st.service].ranked() {
			continue
		}
		who, n := pair{st.service, st.from}, int32(1)
		if st.load != none {
			who.from = ^st.load - 1 // none is -1
		} else {
			n = r.prog.services[st.from].instances
		}
		k, ok := first[who]
		if !ok {
			k = r.services[st.service].callers
			first[who] = k
			r.services[st.service].callers += n
		}
		r.callers[i] = k
	}
	return true
}

// callerOf is the number of the caller of a request to a ranked service, and whether that
// waits for it. What awaits no answer is chosen for by what the first instance of its
// sender knows.
func (r *Run) callerOf(t *task) (k int32, waits bool) {
	if t.copy != none {
		return 0, false
	}
	if nth(r.services, t.service).callers > 1 {
		k = *nth(r.callers, t.site)
	}
	if t.call == none || t.dup {
		return k, false
	}
	c, st := r.call(t.call), nth(r.prog.sites, t.site)
	if c.id != t.fromID || c.attempt != t.try && st.hedge == 0 {
		return k, false
	}
	if nth(r.services, t.service).callers > 1 && !c.ofClient() {
		k += r.tasks.at(c.owner).inst - nth(r.prog.services, st.from).inst0
	}
	return k, true
}

func fewer(a, b fewest) fewest {
	switch {
	case a.tasks < b.tasks:
		return a
	case b.tasks < a.tasks:
		return b
	}
	return fewest{a.tasks, a.equals + b.equals}
}

// waitedFor notes that a request has come to its instance.
func (r *Run) waitedFor(t *task, in *instance) {
	if k, waits := r.callerOf(t); waits {
		t.rare |= rareOutstanding
		t.consume = k // which a request has none of
		r.outstanding(in, k, 1)
	}
}

// notWaitedFor notes that nobody waits for a request any more: it is answered, given up or gone.
func (r *Run) notWaitedFor(t *task, in *instance) {
	if t.rare&rareOutstanding != 0 {
		t.rare &^= rareOutstanding
		r.outstanding(in, t.consume, -1)
	}
}

// leftAlone is notWaitedFor for the task that serves a call, if one does.
func (r *Run) leftAlone(ti int32, id uint64) {
	if ti == none {
		return
	}
	if t := r.tasks.at(ti); t.id == id && t.admitted {
		if in := nth(r.instances, t.inst); in.watched&watchRank != 0 {
			r.notWaitedFor(t, in)
		}
	}
}

// outstanding changes the number of a caller's outstanding requests to an instance.
func (r *Run) outstanding(in *instance, caller, delta int32) {
	d := nth(r.services, in.service)
	first, i := d.tree(caller), in.rank-d.rank
	nth(r.rank, first+i).tasks += delta
	for i /= 2; i > 0; i /= 2 {
		now := fewer(*nth(r.rank, first+2*i), *nth(r.rank, first+2*i+1))
		if at := nth(r.rank, first+i); *at != now {
			*at = now
		} else {
			return
		}
	}
}

// tree is where the tree of a caller begins.
func (d *serviceState) tree(caller int32) int32 { return d.rank + caller*2*d.row }

// leastBusy is the number of instances with the fewest requests of a caller.
func (r *Run) leastBusy(si, caller int32) int32 {
	return nth(r.rank, nth(r.services, si).tree(caller)+1).equals
}

// nthLeastBusy is the n-th of them in the order of instances, from 0, counted from
// the first instance of the service.
func (r *Run) nthLeastBusy(si, caller, n int32) int32 {
	d := nth(r.services, si)
	first := d.tree(caller)
	least, i := nth(r.rank, first+1).tasks, int32(1)
	for i < d.row {
		i *= 2
		if left := nth(r.rank, first+i); left.tasks > least {
			i++
		} else if n >= left.equals {
			n -= left.equals
			i++
		}
	}
	return i - d.row
}
