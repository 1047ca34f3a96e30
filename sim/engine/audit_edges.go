package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// edges proves that the calls and attempts of every edge have ended in one way or are
// open.
func (a *auditor) edges() {
	r := a.r
	open, tried := make([]uint64, len(r.prog.sites)), make([]uint64, len(r.prog.sites))
	add := func(ci int32, c *call) {
		at := r.prog.edgeOf(c.site)
		open[at]++
		if r.underWay(ci, c) {
			tried[at]++
		}
	}
	for i, c := range used(&r.calls) {
		add(int32(i)<<1|1, c)
	}
	for i, o := range used(&r.ops) {
		if o.own.id != 0 {
			add(int32(i)<<1, &o.own)
		}
	}
	for _, f := range used(&r.seam.flights) {
		tried[r.prog.edgeOf(r.call(r.seam.races.at(f.race).call).site)]++
	}
	for i := range r.prog.edges {
		e := &r.prog.edges[i]
		s := &r.prog.sites[e.site]
		if !s.wait {
			continue
		}
		calls, ok, retries := s.m.c+metric.EdgeCalls, s.m.c+metric.EdgeOK, s.m.c+metric.EdgeRetries
		if e.load != none {
			l := r.prog.loads[e.load].m.c
			calls, ok, retries = l+metric.LoadOffered, l+metric.LoadAccepted, l+metric.LoadRetries
		}
		of := func(c measure.Counter) uint64 { return r.rec.Total(c) }
		failed := uint64(0)
		for c := design.Timeout; int(c) < len(r.prog.reasons); c++ {
			n, name := of(s.m.c+metric.EdgeFailedBy+measure.Counter(c)), r.prog.reasons[c].Name
			if failed += n; n > 0 && !e.fails(name) {
				a.wrong("edge %s: %d attempts failed by %s, which has no metric", e.name, n, name)
			}
		}
		a.equal("calls of edge "+e.name, int(of(calls)), int(of(ok)+of(s.m.c+metric.EdgeUnanswered)+open[e.site]))
		a.equal("attempts of edge "+e.name, int(of(calls)+of(retries)+of(s.m.c+metric.EdgeHedges)),
			int(of(ok)-of(s.m.c+metric.EdgeLate)+failed+of(s.m.c+metric.EdgeAbandoned)+tried[e.site]))
	}
}
