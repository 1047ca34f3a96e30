package finding

import (
	"slices"
	"strings"

	"asynclab/sim/metric"
)

// explained reports whether a finding is only what another brings about: what begins
// while a fault lasts or before all is as usual again, and what those do who wait for a
// service that is saturated.
func (s *study) explained(f Finding) bool {
	switch f.Kind.rank {
	case Runaway.rank, Deadlock.rank, Storm.rank, Fault.rank:
		return false
	}
	if s.duringFault(f) {
		return true
	}
	if f.Kind.ID == "duplicates" && !strings.HasPrefix(f.Element, "queue.") { // work that retries do again
		for _, o := range s.found {
			switch o.Kind.ID {
			case "retry-storm", "retries", "saturated", "failing", "lossy-link":
				return true
			}
		}
	}
	for i := range s.found {
		o := &s.found[i]
		if f.Kind == Refusing && o.Kind == Failing && slices.ContainsFunc(o.Evidence, func(e Evidence) bool { return e.Metric == f.Evidence[0].Metric }) {
			return true
		}
		if from, to, two := strings.Cut(strings.TrimPrefix(f.Element, "link."), "->"); f.Kind == Bottleneck && o.Kind == Bottleneck && two && o.Element == "link."+to+"->"+from &&
			slices.ContainsFunc(s.edges, func(e edge) bool { return e.from == to && s.callee(e) == from }) {
			return true // its answers
		}
		if f.Kind.ID == "refusing" && o.Kind.ID == "lossy-link" && s.blocked[strings.TrimPrefix(f.Element, "service.")] {
			return true
		}
		if f.Kind == Growing && f.Element == o.Element && (o.Kind == Away || o.Kind == Held || o.Kind == Hot) {
			return true
		}
		if (o.Kind == Saturated || o.Kind == Bottleneck) && s.behind(f, o) {
			return true
		}
	}
	return false
}

// duringFault reports whether what a finding is about happens only while a fault that
// was found lasts, and in its aftermath.
func (s *study) duringFault(f Finding) bool {
	hit := make([]bool, s.n)
	any := false
	for _, x := range s.spells {
		name := "fault." + x.fault
		if slices.ContainsFunc(s.found, func(o Finding) bool { return o.Kind.ID == "fault" && o.Element == name }) {
			any = true
			for i := max(x.hit.a-1, 0); i < x.hit.b; i++ {
				hit[i] = true
			}
		}
	}
	if !any {
		return false
	}
	a, b := s.index(f.From.Seconds()), s.index(f.To.Seconds())
	if a == 0 && b == s.n { // of all the window: by where most of it lies
		inside, outside := 0.0, 0.0
		for _, e := range f.Evidence {
			ref, ok := s.refNamed(e.Metric)
			if !ok {
				continue
			}
			for i, v := range s.seriesOf(ref) {
				if hit[i] {
					inside += v
				} else {
					outside += v
				}
			}
		}
		return inside > 0 && outside < 0.1*(inside+outside)
	}
	n := 0
	for i := a; i < b; i++ {
		if hit[i] {
			n++
		}
	}
	return a < s.n && hit[a] && n*10 >= (b-a)*7
}

// refNamed finds the count of a name among the evidence.
func (s *study) refNamed(name string) (metric.Ref, bool) {
	for r := range s.known {
		if r.Shape() == metric.Count && r.String() == name {
			return r, true
		}
	}
	return metric.Ref{}, false
}

// behind reports whether a finding is about one that waits for a saturated service, or
// about what comes to it.
func (s *study) behind(f Finding, o *Finding) bool {
	culprit := s.culprits[o.Element]
	if o.Kind == Saturated {
		culprit = o.Element[len("service."):]
	}
	switch f.Kind.ID {
	case "saturated", "bottleneck", "deadlock":
		return false
	case "retries":
		to := s.callee(edgeOf(f.Element[len("edge."):]))
		return to == culprit || s.blocked[to]
	case "growing-queue", "undone", "refusing":
		for _, q := range s.consumed(culprit) {
			if f.Element == "queue."+q {
				return true
			}
		}
		if f.Element == o.Element {
			return true
		}
		for name := range s.blocked {
			if f.Element == "service."+name {
				return true
			}
		}
	}
	return false
}
