package engine

// Over the instances of a service whose balancer asks for the least busy ones lies a
// tournament tree: each of its nodes knows the fewest tasks of an instance below
// it, and how many have so few. The tree is an array; the children of node i are
// 2i and 2i+1, and the instances, in their order, are its last row.

type fewest struct {
	tasks  int32
	equals int32 // instances with so many
}

// rankInstances makes the trees, at the beginning and when there are more instances.
func (r *Run) rankInstances() {
	r.rank = r.rank[:0]
	for si := range r.prog.services {
		s := &r.prog.services[si]
		if !s.balance.Ranked || s.instances == 1 {
			continue
		}
		row := int32(1)
		for row < s.instances {
			row *= 2
		}
		first := int32(len(r.rank))
		r.services[si].rank = first
		for range 2 * row {
			r.rank = append(r.rank, fewest{tasks: maxInt32})
		}
		for i := range s.instances {
			in := &r.instances[s.inst0+i]
			in.rank = first + row + i
			in.watched |= watchRank
			r.rank[first+row+i] = fewest{in.outstanding(), 1}
		}
		for i := row - 1; i > 0; i-- {
			r.rank[first+i] = fewer(r.rank[first+2*i], r.rank[first+2*i+1])
		}
	}
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

// outstanding is how many tasks of an instance a balancer knows of: not of a request that
// was not answered in time, whatever becomes of it.
func (in *instance) outstanding() int32 { return in.tasks - in.given }

// givenUp notes that nobody waits any more for a request that is at its instance, or is
// about to be admitted, where a balancer counts those that are outstanding.
func (r *Run) givenUp(t *task, in *instance) {
	if s := nth(r.prog.services, in.service); !s.balance.Fooled || s.instances == 1 || t.rare&rareGivenUp != 0 {
		return
	}
	t.rare |= rareGivenUp
	in.given++
	in.watched |= watchGiven
	if in.watched&watchRank != 0 {
		r.rerank(in)
	}
}

// givenUpGoes notes that a task leaves its instance.
func (r *Run) givenUpGoes(t *task, in *instance) {
	if t.rare&rareGivenUp == 0 {
		return
	}
	t.rare &^= rareGivenUp
	if in.given--; in.given == 0 {
		in.watched &^= watchGiven
	}
}

// rerank notes how many tasks an instance has now, as a balancer counts them.
func (r *Run) rerank(in *instance) {
	first := nth(r.services, in.service).rank
	nth(r.rank, in.rank).tasks = in.outstanding()
	for i := (in.rank - first) / 2; i > 0; i /= 2 {
		now := fewer(*nth(r.rank, first+2*i), *nth(r.rank, first+2*i+1))
		if at := nth(r.rank, first+i); *at != now {
			*at = now
		} else {
			return
		}
	}
}

// leastBusy is the number of instances with the fewest tasks.
func (r *Run) leastBusy(si int32) int32 { return nth(r.rank, nth(r.services, si).rank+1).equals }

// nthLeastBusy is the n-th of them in the order of instances, from 0, counted from
// the first instance of the service.
func (r *Run) nthLeastBusy(si, n int32) int32 {
	first := nth(r.services, si).rank
	least, i := nth(r.rank, first+1).tasks, int32(1)
	for first+i < nth(r.instances, nth(r.prog.services, si).inst0).rank {
		i *= 2
		if left := nth(r.rank, first+i); left.tasks > least {
			i++
		} else if n >= left.equals {
			n -= left.equals
			i++
		}
	}
	return first + i - nth(r.instances, nth(r.prog.services, si).inst0).rank
}
