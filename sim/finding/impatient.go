package finding

import (
	"math"
	"slices"
	"strings"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// Who waits for an answer that is under way gives up too early where nothing is wrong with
// who answers. That is found last of all causes: whatever makes answers late is one itself.

// latecomers are the kinds of findings whose causes make answers late anywhere, or lose them.
var latecomers = []*Kind{Runaway, Deadlock, Held, Burst, Lossy}

// fewGivenUp is how many must be given up.
const fewGivenUp = 10

func impatients(s *study, k *Kind) (all []Finding) {
	if slices.ContainsFunc(s.found, func(f Finding) bool { return slices.Contains(latecomers, f.Kind) }) {
		return nil
	}
	given := map[string]float64{} // up, by who waited
	for _, e := range s.edges {
		given[e.from] += s.givenUp(e)
	}
	for _, e := range s.edges {
		n, of, to := s.givenUp(e), s.total(attempts, e.name), s.callee(e)
		least := max(fewGivenUp, leastShare*of)
		if after := s.timeout(e); n >= least && after > 0 && 2*given[to] < n && !s.late(e) && s.value(sojourn, to, metric.Max)+s.trip(e.from, to) >= after.Seconds() {
			f := s.about(k, metric.Edge, e.name, s.all())
			f.add(givenUp, count(n), count(of), strings.Replace(e.name, "->", " -> ", 1), draw.FormatDuration(after.Seconds()))
			f.shows(metric.Ref{Metric: edgeFailed, Element: e.name, Cause: design.Timeout.String()}, n, least)
			s.takes(&f, to)
			if way := s.trip(e.from, to); way >= mostly*after.Seconds() {
				f.add(wayTakes, long(draw.Significant(way, 3)))
			}
			f.Hurt = n
			all = append(all, f)
		}
	}
	if len(all) > 0 {
		return all
	}
	for i := range s.design.Loads {
		l := &s.design.Loads[i]
		if slices.ContainsFunc(s.edges, func(e edge) bool { return e.load && e.from == l.Name && s.late(e) }) {
			continue
		}
		ref := metric.Ref{Metric: loadFailed, Element: l.Name, Cause: design.Deadline.String()}
		n, of := 0.0, s.total(offered, l.Name)
		if s.known[ref] {
			n = s.src.ValueOf(ref)
		}
		if n >= max(fewGivenUp, leastShare*of) && l.Deadline > 0 && s.value(sojourn, l.To.Node, metric.Max) >= l.Deadline.Seconds() {
			f := s.about(k, metric.Load, l.Name, s.all())
			f.add(overdue, count(n), count(of), l.Name, draw.FormatDuration(l.Deadline.Seconds()))
			f.shows(ref, n, max(fewGivenUp, leastShare*of))
			s.takes(&f, l.To.Node)
			f.Hurt = n
			all = append(all, f)
		}
	}
	return all
}

// trip is how long the links between two take on average, there and back, as declared.
func (s *study) trip(from, to string) (seconds float64) {
	for _, l := range []*design.LinkParams{s.design.LinkBetween(from, to), s.design.LinkBetween(to, from)} {
		if l != nil {
			seconds += l.Latency.Mean() + l.Jitter.Mean()
		}
	}
	return seconds
}

// late reports whether an edge calls a service that is saturated or waits for one, or one
// that calls such a service.
func (s *study) late(e edge) bool {
	return s.above(e, func(name string) bool {
		if s.saturated[name] || s.blocked[name] {
			return true
		}
		for _, callee := range s.culprits {
			if callee == name {
				return true
			}
		}
		return false
	}, map[string]bool{})
}

// givenUp is how many requests of an edge ended by their timeout.
func (s *study) givenUp(e edge) float64 {
	ref := metric.Ref{Metric: edgeFailed, Element: e.name, Cause: design.Timeout.String()}
	if !s.known[ref] || s.callee(e) == "" {
		return 0
	}
	if n := s.src.ValueOf(ref); !math.IsNaN(n) {
		return n
	}
	return 0
}

// takes says how long a service takes, and how busy it is.
func (s *study) takes(f *Finding, service string) {
	if !slices.Contains(s.services, service) || s.total(taskDone, service) == 0 {
		return
	}
	took := metric.Ref{Metric: sojourn, Element: service, Stat: metric.P99}
	f.add(itTakes, service, long(draw.Significant(s.value(sojourn, service, metric.Mean), 3)), long(draw.Significant(s.value(sojourn, service, metric.P99), 3)), share(s.value(used, service, metric.Plain)))
	f.show(took, s.value(sojourn, service, metric.P99))
	f.show(metric.Ref{Metric: used, Element: service}, s.value(used, service, metric.Plain))
}

// timeout is for how long an attempt of an edge waits; 0 where that is not declared.
func (s *study) timeout(e edge) (after time.Duration) {
	if e.load {
		for i := range s.design.Loads {
			if l := &s.design.Loads[i]; l.Name == e.from {
				after = l.Timeout
			}
		}
		return after
	}
	from, _, _ := strings.Cut(e.name, "->")
	d := s.service(e.from)
	if d == nil {
		return 0
	}
	for i := range d.Handlers {
		h := &d.Handlers[i]
		if d.Name+"/"+h.Name != from {
			continue
		}
		design.EachStep(h.Steps, func(x *design.Step) {
			if x.To.String() == e.to && x.Timeout > 0 && (after == 0 || x.Timeout < after) {
				after = x.Timeout
			}
		})
	}
	return after
}
