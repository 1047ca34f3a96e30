package finding

import (
	"slices"

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
	if s.hedges(b) {
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
		after := span{0, b.x.b}
		for _, x := range s.spells {
			if x.fault == fault && x.ended < s.at(b.x.b) {
				after = span{s.index(x.ended), max(s.index(x.ended), s.index(x.ended+by))}
			}
		}
		f.shows(metric.Ref{Metric: unanswered, Element: b.edge.name}, sum(s.series(unanswered, b.edge.name, metric.Plain), after), failingShare*sum(s.series(calls, b.edge.name, metric.Plain), after))
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

// natural is how many tasks would come to a service in a stretch of time if nothing were
// sent again: of each task that its callers would have so many calls as they make now.
// known has what is known of other services.
func (s *study) natural(name string, x span, known map[string]float64) (n float64) {
	if n, ok := known[name]; ok {
		return n
	}
	known[name] = sum(s.series(arrived, name, metric.Plain), x) // of a circle
	if len(s.consumed(name)) > 0 {
		return known[name]
	}
	defer func() { known[name] = n }()
	for _, e := range s.edges {
		if e.load && s.callee(e) == name {
			n += sum(s.series(calls, e.name, metric.Plain), x)
		}
	}
	for _, e := range s.callersOf(name) {
		made := sum(s.series(calls, e.name, metric.Plain), x)
		if began := sum(s.series(started, e.from, metric.Plain), x); began > 0 {
			made *= min(1, s.natural(e.from, x, known)/began)
		}
		n += made
	}
	return n
}

// above reports whether the calls of an edge come to one of some services, or bring calls
// that do; seen are services of which that is known not to be so.
func (s *study) above(e edge, is func(service string) bool, seen map[string]bool) bool {
	to := s.callee(e)
	if to == "" || seen[to] {
		return false
	}
	seen[to] = true
	return is(to) || slices.ContainsFunc(s.byCaller[to], func(o edge) bool { return s.above(o, is, seen) })
}

// isOne is whether a service is that of a name.
func isOne(name string) func(string) bool { return func(other string) bool { return other == name } }

// enoughRoom is by how much less than it does would come to a service that only what is
// sent again saturates, at least.
const enoughRoom = 0.97

// multiplied finds what is sent again, or too early, without which a saturated service, or
// one whose workers are all held, could do what comes: of the edges above it the last one.
func (s *study) multiplied(name string, x span) []Finding {
	for _, f := range s.spells {
		if f.hit.a < x.b && f.hit.b > x.a {
			return nil // it is the fault's
		}
	}
	took := s.seconds(x)
	came, began := sum(s.series(arrived, name, metric.Plain), x), sum(s.series(started, name, metric.Plain), x)
	would := s.natural(name, x, map[string]float64{})
	if would >= enoughRoom*began || came < multipliedBy*would {
		return nil
	}
	var last *burst
	all := s.bursts()
	for i := range all {
		b := &all[i]
		if b.x.a >= x.b || b.x.b <= x.a || !s.above(b.edge, isOne(name), map[string]bool{}) {
			continue
		}
		if last == nil || s.hedges(b) && !s.hedges(last) || s.hedges(b) == s.hedges(last) && s.above(last.edge, isOne(b.edge.from), map[string]bool{}) {
			last = b
		}
	}
	if last == nil {
		return nil
	}
	f := last.says(s, Storm)
	f.add(withoutThem, rate(would/took), name, rate(began/took))
	f.show(metric.Ref{Metric: started, Element: name, Stat: metric.Rate}, began/took)
	return []Finding{f}
}

// hedges reports whether most of what a burst sends beside its calls are hedges.
func (s *study) hedges(b *burst) bool { return 2*s.total(hedges, b.edge.name) > b.sent-b.calls }
