package theory

import (
	"cmp"
	"fmt"
	"slices"

	"asynclab/sim/design"
)

// Of finds the known models in a design: of every service that somebody asks, of the
// queues before consumers, of every load. changes are the parameters that are changed
// while it runs.
func Of(d *design.Design, changes []design.Change) []Finding {
	x := newSystem(d, changes)
	closed := 0
	for i := range d.Loads {
		if d.Loads[i].Users > 0 {
			closed++
		}
	}
	if closed > 0 {
		x.closed(closed)
		return x.findings
	}
	if !x.flows(func(i int) float64 { return rateOf(&d.Loads[i]) }) {
		f := Finding{Element: "design", Model: jackson}
		f.assume("tasks leave in the end", "messages go round and grow in number without end, or their way is too long to be followed")
		return []Finding{f}
	}
	for i := range x.services {
		x.describe(&x.services[i])
	}
	x.order()
	for i := range x.services {
		if s := &x.services[i]; s.rate > 0 && s.below == "" {
			x.station(s)
		}
	}
	for i := range d.Loads {
		x.load(i)
	}
	rank := map[string]int{}
	for i := range d.Services {
		rank["service."+d.Services[i].Name] = i - len(d.Services)
	}
	slices.SortStableFunc(x.findings, func(a, b Finding) int { return cmp.Compare(rank[a.Element], rank[b.Element]) })
	return x.findings
}

// describe gathers what comes to a service and what it takes.
func (x *system) describe(s *service) {
	s.work, s.rate = moments{}, 0
	var kinds []moments
	for _, h := range s.hs {
		if h.rate == 0 {
			continue
		}
		if h.trouble != "" {
			s.trouble = fmt.Sprintf("handler %s cannot be told: %s", h.at, h.trouble)
		}
		for i, n := range h.needs {
			if n {
				w := h.rate * h.reach[i]
				s.rate += w
				s.work = s.work.or(h.work[i].weighted(w))
				kinds = append(kinds, h.work[i])
			}
		}
		if h.held {
			for _, c := range h.sends {
				if c.held {
					s.held = append(s.held, c.to.Node)
				}
			}
		}
	}
	s.classes = 1
	for _, k := range kinds {
		if k.shape != kinds[0].shape || k.of != kinds[0].of {
			s.classes = 2
		}
	}
	if s.rate > 0 {
		s.work = s.work.weighted(1 / s.rate)
		s.work.p = 1
	} else {
		s.wait = span{0, Exact} // no stand in any line
	}
}

// order finds which services feed which, and solves them.
func (x *system) order() {
	for i := range x.d.Loads {
		l := &x.d.Loads[i]
		rough, _, _ := intervals(l)
		for _, h := range x.reached(l.To) {
			s := &x.services[h.svc]
			s.sources = append(s.sources, i)
			if rough != "" {
				s.rough = rough
			}
		}
	}
	for _, h := range x.handlers {
		for _, to := range h.sends {
			for _, g := range x.reached(to.to) {
				if h.rate > 0 {
					x.services[g.svc].others = true
				}
			}
		}
	}
	for i := range x.services {
		if s := &x.services[i]; s.rough == "" {
			if n := x.askers(s); n > 0 && n < 1_000_000 && s.workers > 0 && n > s.workers {
				s.rough = fmt.Sprintf("no more than %d workers can ask %s at the same time", n, s.d.Name)
			}
		}
	}
	x.solveAll()
	x.spread()
}

// solveAll solves the services, those that are called before those that wait for them.
func (x *system) solveAll() {
	done := map[*service]int{}
	var visit func(s *service)
	visit = func(s *service) {
		if done[s] > 0 {
			if done[s] == 1 {
				s.trouble = "its workers wait for each other in a circle"
			}
			return
		}
		done[s] = 1
		for _, n := range s.held {
			if c := x.byName[n]; c != nil {
				visit(c)
			}
		}
		done[s] = 2
		x.solve(s)
	}
	for i := range x.services {
		if x.services[i].rate > 0 {
			visit(&x.services[i])
		}
	}
}

// spread marks what is fed by something that is not Poisson: what leaves a queue that is
// not quasi-reversible (Burke 1956; Kelly 1979, 3.1) is not, nor is what that feeds.
func (x *system) spread() {
	for range x.sweeps() {
		again := false
		for _, h := range x.handlers {
			s := &x.services[h.svc]
			if h.rate == 0 || s.passes == "" && s.rough == "" {
				continue
			}
			why := s.rough
			if s.passes != "" {
				why = fmt.Sprintf("what leaves %s is not Poisson (%s)", s.d.Name, s.passes)
			}
			for _, to := range h.sends {
				for _, g := range x.reached(to.to) {
					if t := &x.services[g.svc]; t.rough == "" && t != s {
						t.rough, again = why, true
					}
				}
			}
		}
		if !again {
			break
		}
	}
	for i := range x.services {
		if s := &x.services[i]; s.rate > 0 && s.rough != "" && s.wait.kind == Exact && s.others {
			s.wait.kind = Approximation
		}
	}
}

// reached are the handlers that a message to a target comes to.
func (x *system) reached(t design.Target) []*handler {
	if h := x.at[t]; h != nil {
		return []*handler{h}
	}
	var all []*handler
	for _, r := range x.readers[t] {
		all = append(all, r.h)
	}
	return all
}

// solve finds the wait of a stand at a service, whose callees are solved.
func (x *system) solve(s *service) {
	x.slots(s)
	if s.trouble != "" {
		s.passes = "it cannot be told what it does"
		return
	}
	if len(s.held) > 0 && s.workers == 0 {
		s.absorbed = x.absorb(s)
	}
	if len(s.held) > 0 && s.workers > 0 {
		s.absorbed = x.absorb(s)
		switch {
		case s.absorbed:
		case x.users:
			s.trouble = s.heldFor()
			return
		case x.askers(s) > 0: // a layer of whoever asks it
			s.passes = "its workers are held"
			return
		default:
			x.layers(s)
			s.passes = "its workers are held"
			return
		}
	}
	if x.users {
		s.trouble = x.disturbed(s)
		return
	}
	q, m, kind := x.queue(s)
	s.q, s.m = q, m
	if m == nil {
		s.passes = "it has no closed form"
		s.bound = kind == Bound
		return
	}
	s.wait = span{q.Wait, kind}
	if s.workers == 0 {
		s.wait = span{0, Exact}
	}
	switch {
	case q.Refused > negligible || q.GivenUp > 0:
		s.passes = "some are turned away"
	case s.workers == 0 || s.d.Discipline == design.Sharing && m == sharing:
	case s.work.shape != exponential || s.classes > 1:
		s.passes = "its work is not exponential"
	case m != mm1 && m != mmc:
		s.passes = m.Name
	}
}

// absorb adds the answers that a service's workers wait for to its own work, which is
// right where nobody that it asks lets it wait in line. It reports whether it could.
func (x *system) absorb(s *service) bool {
	for _, h := range s.hs {
		if h.rate == 0 || !h.held {
			continue
		}
		if len(h.parts) != 1 || h.fork != nil {
			return false
		}
		all := h.work[0]
		for _, c := range h.sends {
			if !c.held {
				continue
			}
			a, ok := x.free(s, c.to)
			if !ok || c.n != 1 {
				return false
			}
			all = all.then(a)
		}
		h.work[0] = all
	}
	held := s.held
	x.describe(s)
	s.held = held
	x.slots(s)
	return true
}

// free gives the moments of the time to an answer where no line is met on the way.
func (x *system) free(s *service, t design.Target) (moments, bool) {
	h := x.at[t]
	ways := func(m moments) moments {
		for _, l := range []*design.LinkParams{x.d.LinkBetween(s.d.Name, t.Node), x.d.LinkBetween(t.Node, s.d.Name)} {
			m = m.then(momentsOf(&l.Latency, 1)).then(momentsOf(&l.Jitter, 1))
		}
		return m
	}
	if h == nil && x.byName[t.Node] == nil { // the confirmation of a broker
		return ways(nothing), x.linkTrouble(s.d.Name, t.Node) == "" && !x.blocks(t)
	}
	if h == nil || h.trouble != "" || h.replies || h.fails > 0 || len(h.parts) != 1 || x.linkTrouble(s.d.Name, t.Node) != "" {
		return moments{}, false
	}
	g := &x.services[h.svc]
	if h.needs[0] && g.workers > 0 && !x.ample(g) {
		return moments{}, false
	}
	if h.held && !g.absorbed {
		return moments{}, false
	}
	return ways(h.work[0]), true
}

// ample reports whether a service has a worker for everybody who can ask it: the workers
// of services that wait for it, and nobody else.
func (x *system) ample(g *service) bool {
	if len(g.sources) > 0 || len(g.readers) > 0 || g.d.Instances > 1 || x.askers(g) > g.workers {
		return false
	}
	for _, h := range x.handlers {
		if h.rate == 0 {
			continue
		}
		for _, c := range h.sends {
			if c.to.Node == g.d.Name && (c.op != design.Call || x.services[h.svc].workers == 0 || h.fork != nil) {
				return false
			}
		}
	}
	return true
}

// askers counts the workers that can wait for a service at the same time: of services
// that hold them while it works. Those without end count as a million.
func (x *system) askers(g *service) int {
	n := 0
	for i := range x.services {
		s := &x.services[i]
		if s.rate == 0 || !slices.Contains(s.held, g.d.Name) {
			continue
		}
		if s.workers == 0 {
			return 1_000_000
		}
		n += s.workers
	}
	return n
}
