package finding

import (
	"math"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// A load whose declared rate changes is looked at as a fault is: usual is what lies at
// the rate of the lowest quarter of the window, and the burst what is a fifth above it.
const (
	burstBy = 1.2
	usualBy = 1.1
)

// surges finds loads that for a time offer more than usual, and something is then
// different.
func surges(s *study, k *Kind) (all []Finding) {
	for _, l := range s.loads {
		if !s.varies(l) {
			continue
		}
		v := s.series(offered, l, metric.Plain)
		sorted := slices.Sorted(slices.Values(v))
		low := sorted[s.n/4]
		noise := sigmas * math.Sqrt(max(low, 1))
		usual, hit := make([]bool, s.n), make([]bool, s.n)
		x, quiet := span{-1, 0}, 0
		for i := range v {
			switch {
			case v[i] > burstBy*low+noise:
				hit[i] = true
				if x.a < 0 {
					x.a = i
				}
				x.b = i + 1
			case v[i] <= usualBy*low+noise && x.a < 0:
				usual[i] = true
				quiet++
			}
		}
		if quiet < usualLeast || x.a < 0 || low == 0 { // what is not there otherwise is no more than usual
			continue
		}
		for i := x.a; i < x.b; i++ {
			usual[i] = false
		}
		for x.b < s.n && s.unusual(usual, x.b) {
			hit[x.b] = true
			x.b++
		}
		f := s.about(k, metric.Load, l, x)
		per := func(mark []bool) float64 { return sumOf(v, mark) / (s.width * float64(ones(mark))) }
		f.add(cameMore, rate(per(hit)), l, s.from(x), s.till(x), rate(per(usual)))
		f.shows(metric.Ref{Metric: offered, Element: l, Stat: metric.Rate}, per(hit), burstBy*per(usual))
		if s.suffers(&f, hit, usual) {
			all = append(all, f)
		}
	}
	return all
}

// suffers says what was different where it is marked, of loads, and of lines where those
// are all there is.
func (s *study) suffers(f *Finding, hit, usual []bool) bool {
	said := len(f.Clauses)
	for _, l := range s.loads {
		s.loadHurt(f, l, hit, usual)
	}
	for _, q := range s.queues {
		s.deepened(f, deeper, metric.Ref{Metric: depth, Element: q}, published, hit, usual)
	}
	return len(f.Clauses) > said
}

// varies reports whether a load is declared to come at different rates.
func (s *study) varies(load string) bool {
	for i := range s.design.Loads {
		l := &s.design.Loads[i]
		if l.Name != load {
			continue
		}
		p := l.Arrivals.Profile
		return slices.ContainsFunc(p, func(x design.Segment) bool { return x.From != p[0].From || x.To != p[0].From })
	}
	return false
}
