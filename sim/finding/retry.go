package finding

import (
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// The bounds of retries.
const (
	multipliedBy = 1.1 // requests per call
	fewRetries   = 30
	failingShare = 0.5 // of the operations that end in an interval, of an outage
	workedOff    = 0.7 // of a line that gets shorter, after two thirds of the time
)

// burst is a stretch of time in which a caller sends many requests again.
type burst struct {
	edge  edge
	x     span
	calls float64
	sent  float64
}

// bursts lists, for each edge, the longest stretch with retries.
func (s *study) bursts() (all []burst) {
	for _, e := range s.edges {
		ref := metric.Ref{Metric: attempts, Element: e.name}
		if !s.known[ref] || s.total(attempts, e.name)-s.total(calls, e.name) < fewRetries {
			continue
		}
		n, c := s.series(attempts, e.name, metric.Plain), s.series(calls, e.name, metric.Plain)
		x := s.longest(2, func(i int) bool { return n[i] > multipliedBy*c[i] && n[i] > 0 })
		b := burst{e, x, sum(c, x), sum(n, x)}
		if b.sent-b.calls >= fewRetries && b.sent >= multipliedBy*b.calls {
			all = append(all, b)
		}
	}
	return all
}

func (b *burst) says(s *study, k *Kind) Finding {
	f := s.about(k, metric.Edge, b.edge.name, b.x)
	if b.sent > 10*b.calls { // the calls began before
		b.calls, b.sent = s.total(calls, b.edge.name), s.total(attempts, b.edge.name)
	}
	p := multiplied
	if 2*s.total(hedges, b.edge.name) > b.sent-b.calls {
		p = hedged
	}
	f.add(p, b.edge.to, times(b.sent/max(b.calls, 1)), s.from(b.x), s.till(b.x))
	f.shows(metric.Ref{Metric: attempts, Element: b.edge.name, Stat: metric.Ratio}, b.sent/max(b.calls, 1), multipliedBy)
	f.Hurt = b.sent - b.calls
	return f
}

func times(v float64) string { return draw.FormatQuantity(draw.Significant(v, 2), draw.None) }

// storms finds retries that keep up an outage whose fault is over.
func storms(s *study, k *Kind) (all []Finding) {
	for _, b := range s.bursts() {
		by, fault, begins := s.outlives(b)
		if begins < 0 {
			continue
		}
		f := b.says(s, k)
		text, _ := s.words(fault)
		f.add(outlived, text, moment(by))
		f.shows(metric.Ref{Metric: opFailed, Element: s.loads[0]}, by, begins)
		all = append(all, f)
	}
	return all
}

// outlives tells how long operations went on failing after the last fault before the
// end of a burst, and how long that had lasted; begins is negative if they did not for
// longer than it had lasted.
func (s *study) outlives(b burst) (by float64, fault string, lasts float64) {
	for i := len(s.spells) - 1; i >= 0; i-- {
		x := s.spells[i]
		if x.ended >= s.at(b.x.b) || x.begun > s.at(b.x.b) {
			continue
		}
		from := s.index(x.ended) + 1
		bad := s.badUntil(from, b.edge)
		by, lasts = s.at(min(bad, b.x.b))-x.ended, x.ended-x.begun
		if b.x.a > s.index(x.ended)+2 || by <= max(1.5*lasts, 5*s.width) || s.shrinks(s.callee(b.edge), span{from, s.index(x.ended + by)}) {
			return 0, "", -1
		}
		return by, x.fault, lasts
	}
	return 0, "", -1
}

// shrinks reports whether a line is worked off in a stretch of time, in spite of the
// retries: it has less than its share left when two thirds have passed.
func (s *study) shrinks(service string, x span) bool {
	if service == "" || x.len() < 3 {
		return false
	}
	line := s.line(service, metric.Mean)
	return line[x.a+2*x.len()/3] < workedOff*line[x.a]
}

// goodAgain is how many intervals in a row must be good for an outage to be over.
const goodAgain = 3

// badUntil is the first of some intervals from the given one on in which most operations of
// every load that end do so well, and most calls of an edge.
func (s *study) badUntil(from int, e edge) int {
	lost, began := s.series(unanswered, e.name, metric.Plain), s.series(calls, e.name, metric.Plain)
	good := 0
	for i := from; i < s.n; i++ {
		bad, well := 0.0, 0.0
		for _, l := range s.loads {
			bad += s.series(opFailed, l, metric.Plain)[i]
			well += s.perInterval(through, l)[i]
		}
		if bad < failingShare*(bad+well) && lost[i] <= failingShare*began[i] {
			if good++; good == goodAgain {
				return i + 1 - goodAgain
			}
		} else {
			good = 0
		}
	}
	return s.n - good
}

func amplifications(s *study, k *Kind) (all []Finding) {
	for _, b := range s.bursts() {
		if _, _, lasts := s.outlives(b); lasts < 0 {
			all = append(all, b.says(s, k))
		}
	}
	return all
}
