package engine

import (
	"math"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Edges: what each step that sends, and each load, saw of its callee. A call costs
// an addition and a subtraction when it begins and when it ends. Of a load nearly all
// is counted anyway: its edge reads the load's counters, and is of the operations
// that arrive in the window, as they are.
//
//	calls = ok + unanswered + open
//	attempts = calls + retries + hedges = ok − late + failed + abandoned + open but those in back-off
//
// The sum of the times that calls lasted is, as of a level, the open calls times now
// less the moments of its changes: the counter before those of the edge has the
// moments of ends less those of beginnings.

// edgeT is the cold part of an edge.
type edgeT struct {
	name     string
	site     int32
	load     int32 // or none
	blocking bool  // the caller holds its worker
	fallback bool  // the step has an else
}

// edgeTables names the edges by caller and target. Where a handler has several steps to
// one target, what follows tells them apart: the step's name, the number that it has in
// paths, or its kind.
func (c *compiler) edgeTables() {
	for i := range c.loads {
		l := &c.loads[i]
		c.edges = append(c.edges, edgeT{name: l.name + "->" + c.d.Loads[i].To.String(), site: l.site, load: int32(i)})
	}
	site := int32(0)
	for i := range c.d.Services {
		for j := range c.d.Services[i].Handlers {
			h := &c.d.Services[i].Handlers[j]
			called := map[*design.Step]string{}
			for _, s := range h.StepNames() {
				called[s.Step] = s.Name
			}
			seen := map[string]bool{}
			for _, s := range c.emitted(h.Steps, site, nil) {
				name := c.d.Services[i].Name + "/" + h.Name + "->" + s.To.String()
				_, number, numbered := strings.Cut(called[s], "#")
				if s.Name != "" {
					name += "#" + s.Name
				} else if numbered {
					name += "#" + number
				}
				if seen[name] {
					name = strings.TrimSuffix(name, "#"+number) + "#" + s.Op.String() + number
				}
				seen[name] = true
				c.edges = append(c.edges, edgeT{name: name, site: site, load: none, blocking: s.Op == design.Call || s.Op == design.Publish, fallback: s.HasElse})
				site++
			}
		}
	}
}

// emitted appends the steps of a handler that have become sites, in their order; the
// next has the given number. An else of a step that waits for nothing is none of them.
func (c *compiler) emitted(steps []design.Step, first int32, all []*design.Step) []*design.Step {
	for i := range steps {
		s := &steps[i]
		otherwise := s.HasElse && (s.Op == design.Parallel || s.Op == design.Set || s.Op == design.LockRow)
		switch s.Op {
		case design.Call, design.Await, design.Send, design.Publish:
			otherwise = s.HasElse && c.sites[first+int32(len(all))].wait
			all = append(all, s)
		}
		for _, b := range s.Branches {
			all = c.emitted(b, first, all)
		}
		if otherwise {
			all = c.emitted(s.Else, first, all)
		}
	}
	return all
}

// nameOfEdge is that of the edge of a site, of another target that of its step.
func (p *Program) nameOfEdge(site int32) string {
	site = p.edgeOf(site)
	return p.edges[slices.IndexFunc(p.edges, func(e edgeT) bool { return e.site == site })].name
}

// edgeMetrics gives the edges of services, or those of loads, their places.
func (c *compiler) edgeMetrics(loads bool) {
	next := &c.metrics
	causes := measure.Counter(len(c.reasons)) - 1 // EdgeFailedBy is of the first
	for i := range c.edges {
		e := &c.edges[i]
		if (e.load != none) != loads {
			continue
		}
		m := &c.sites[e.site].m
		if loads {
			m.c = next.c
			counters, _, _ := metric.Edge.Size()
			next.c += measure.Counter(counters) + causes
			continue
		}
		next.c++ // the moments
		*m = next.take(metric.Edge)
		next.c += causes
	}
}

// has reports whether an edge has a metric.
func (e *edgeT) has(p *Program, m *meter) bool {
	switch {
	case m.Cause != "" && !e.fails(m.Cause):
		return false
	case m.Key == metric.EdgeCalls && m.Plus == nil:
		return true
	case !p.sites[e.site].wait:
		return false
	case m.Key == metric.EdgeFallbacks:
		return e.fallback
	case m.Key == metric.EdgeHedges:
		return p.sites[e.site].hedge > 0
	case m.Key == metric.EdgeBudgetSpent:
		return p.budgeted(&p.sites[e.site])
	case m.Key == metric.EdgeTime:
		return e.load == none
	case m.Key == metric.EdgeBlocked:
		return e.load == none && e.blocking
	}
	return true
}

// fails reports whether an attempt can fail by a cause. An answer carries neither what
// becomes of messages nor a deadline, which ends the call of a client only.
func (e *edgeT) fails(cause string) bool {
	switch cause {
	case design.Lost.String(), design.DeadLettered.String():
		return false
	case design.Deadline.String(), design.Expired.String():
		return e.load != none
	}
	return true
}

// edgeMeters appends the metrics of the edges.
func (p *Program) edgeMeters(all []meter) []meter {
	for i := range p.edges {
		e := &p.edges[i]
		first := len(all)
		all = p.sites[e.site].m.meters(all, metric.Edge, e.name, i, p.reasons...)
		all = append(all[:first], slices.DeleteFunc(all[first:], func(m meter) bool { return !e.has(p, &m) })...)
		if e.load == none {
			p.addHedges(all[first:], e.site)
			continue
		}
		l := &p.loads[e.load]
		calls, own := l.m.c+metric.LoadOffered, p.sites[e.site].m.c+metric.EdgeCalls
		for k := first; k < len(all); k++ {
			m := &all[k]
			m.byArrival = true
			switch m.Key {
			case metric.EdgeCalls:
				m.c = calls
			case metric.EdgeOK:
				m.c = l.m.c + metric.LoadAccepted
			case metric.EdgeRetries:
				m.c = l.m.c + metric.LoadRetries
			case metric.EdgeLatency:
				m.h = l.m.h + metric.LoadAcceptedLatency
			}
			if m.of == own {
				m.of = calls
			}
			for i := range m.plus {
				m.plus[i] = calls
			}
		}
		p.addHedges(all[first:], e.site)
	}
	return all
}

// addHedges adds the hedges of a site to the counts of its attempts: requests, like
// retries.
func (p *Program) addHedges(of []meter, site int32) {
	s := &p.sites[site]
	for i := range of {
		if m := &of[i]; s.hedge > 0 && m.Plus != nil {
			m.plus = append(m.plus, s.m.c+metric.EdgeHedges)
		}
	}
}

// budgeted reports whether a guard of a site may deny a retry.
func (p *Program) budgeted(s *site) bool {
	return slices.ContainsFunc(p.guards[s.guards.first:s.guards.first+s.guards.n], func(i int32) bool { return p.parts[i].mech.Again != nil })
}

// edgeTime is the time that all calls of an edge lasted in the measured window, in
// seconds. As it may wrap, a difference is taken before it becomes a float.
func (r *Run) edgeTime(e *edgeT) float64 {
	rec, c := r.kept(), r.prog.sites[e.site].m.c
	from, to := rec.Window()
	at := func(t int64, count func(measure.Counter) uint64) uint64 {
		open := count(c+metric.EdgeCalls) - count(c+metric.EdgeOK) - count(c+metric.EdgeUnanswered)
		return open*uint64(t) + count(c-1)
	}
	began := func(c measure.Counter) uint64 { return rec.Total(c) - rec.Happened(c) }
	return float64(int64(at(to, rec.Total)-at(from, began))) / 1e9
}

// timeEdges finds the latencies that are asked for.
func (r *Run) timeEdges() error {
	asked, err := metric.Choose(r.cfg.Asked...)
	if err != nil || asked.All() {
		return err
	}
	for i := range r.prog.edges {
		e := &r.prog.edges[i]
		chosen := func(s metric.Stat) bool { return asked.Has(metric.Ref{Metric: edgeLatency, Element: e.name, Stat: s}) }
		if e.load == none && r.prog.sites[e.site].wait && slices.ContainsFunc(edgeLatency.Stats(), chosen) {
			if !r.timing {
				r.timing, r.timed = true, make([]bool, len(r.prog.sites))
			}
			r.timed[e.site] = true
			for alts := r.prog.sites[e.site].alts; alts.from < alts.to; alts.from++ {
				r.timed[alts.from] = true
			}
		}
	}
	return nil
}

// hasMetric reports whether the run has a metric's numbers.
func (r *Run) hasMetric(m *meter) bool {
	if m.Metric != edgeLatency {
		return true
	}
	e := &r.prog.edges[m.index]
	return e.load != none || r.timing && r.timed[e.site]
}

var edgeLatency = metric.Edge.Metric(metric.EdgeLatency)

// countEdge counts what seldom happens on an edge.
func (r *Run) countEdge(c *call, s *site, what measure.Counter) {
	if c.ofClient() {
		r.countOp(s.m.c+what, r.ops.at(^c.owner).arrival)
		return
	}
	r.rec.Inc(s.m.c + what)
}

// computedEdge is a value of an edge.
func (r *Run) computedEdge(m *meter) float64 {
	e := &r.prog.edges[m.index]
	total := r.edgeTime(e)
	if m.Key == metric.EdgeBlocked {
		return total
	}
	if n := r.kept().Count(r.prog.sites[e.site].m.c + metric.EdgeCalls); n > 0 {
		return total / float64(n)
	}
	return math.NaN()
}
