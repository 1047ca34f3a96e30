package finding

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/metric"
)

// A fault is found by what was different while it lasted, and after it until all was
// as before, from what was usual:
//
//	   usual         spell        aftermath          usual
//	├─────────────┼───────────┼──────────────────┼──────────
//	              begun     ended      the first interval that is as usual
//
// Usual is what lies before the first fault; where that is less than five intervals,
// what lies outside of all of them.

// spell is one occurrence of a fault.
type spell struct {
	fault        string
	begun, ended float64 // seconds
	recovery     float64 // seconds, as fault.NAME.time_to_recover; NaN: not known
	hit          span    // with its aftermath
}

// The bounds of what chance does.
const (
	usualLeast = 5     // intervals that say what is usual
	sigmas     = 4.0   // standard errors of a difference
	leastShare = 0.001 // of operations, tasks or messages
	leastSlow  = 0.02  // of a mean latency
	leastFewer = 0.02  // of completions
)

func (s *study) fixSpells() {
	all, more := s.src.Episodes()
	s.crowded = more > 0
	for _, x := range all {
		f := spell{fault: x.Fault, begun: x.From.Seconds(), ended: x.To.Seconds(), recovery: x.Recovery}
		if x.To < 0 {
			f.ended = s.end
		}
		f.ended = min(f.ended, s.end)
		if f.begun >= s.end || f.ended <= s.start {
			continue
		}
		f.hit = span{s.index(max(f.begun, s.start)), min(s.index(f.ended)+1, s.n)}
		s.spells = append(s.spells, f)
	}
	u := s.usual()
	for i := range s.spells {
		f := &s.spells[i]
		next := s.n
		for _, o := range s.spells {
			if o.begun > f.ended {
				next = min(next, o.hit.a)
			}
		}
		for f.hit.b < next && s.unusual(u, f.hit.b) {
			f.hit.b++
		}
	}
}

// usual marks the intervals that say what is usual; nil: there are too few.
func (s *study) usual() []bool {
	if s.crowded {
		return nil
	}
	mark := make([]bool, s.n)
	first := s.n
	for _, f := range s.spells {
		first = min(first, f.hit.a)
	}
	if first >= usualLeast {
		for i := range first {
			mark[i] = true
		}
		return mark
	}
	n := 0
	for i := range mark {
		mark[i] = true
		for _, f := range s.spells {
			mark[i] = mark[i] && (i < f.hit.a || i >= f.hit.b)
		}
		if mark[i] {
			n++
		}
	}
	if n < usualLeast {
		return nil
	}
	return mark
}

// level is the mean and the standard deviation of a series where it is marked, and its
// greatest value there.
func level(v []float64, mark []bool) (m, dev, top float64) {
	n, sum, squares := 0.0, 0.0, 0.0
	for i, x := range v {
		if mark[i] && !math.IsNaN(x) {
			n, sum, top = n+1, sum+x, max(top, x)
		}
	}
	if n == 0 {
		return math.NaN(), math.NaN(), 0
	}
	m = sum / n
	for i, x := range v {
		if mark[i] && !math.IsNaN(x) {
			squares += float64((x - m) * (x - m))
		}
	}
	return m, math.Sqrt(squares / max(n-1, 1)), top
}

func marks(n int, spans ...span) []bool {
	mark := make([]bool, n)
	for _, x := range spans {
		for i := x.a; i < x.b; i++ {
			mark[i] = true
		}
	}
	return mark
}

// unusual reports whether an interval is not as those that are usual: for a load whose
// operations fail or take longer, or for a line.
func (s *study) unusual(usual []bool, i int) bool {
	if usual == nil {
		return false
	}
	over := func(v []float64, slack float64) bool {
		m, dev, top := level(v, usual)
		return v[i] > top+slack && v[i] > m+float64(sigmas*dev)
	}
	for _, l := range s.loads {
		if over(s.series(opFailed, l, metric.Plain), 0) || over(s.series(confirmed, l, metric.Mean), 0) {
			return true
		}
	}
	for _, q := range s.queues {
		if over(s.series(depth, q, metric.Mean), 1) {
			return true
		}
	}
	for _, x := range s.services {
		if over(s.series(waiting, x, metric.Mean), 1) {
			return true
		}
	}
	return false
}

func faults(s *study, k *Kind) (all []Finding) {
	usual := s.usual()
	done := map[string]bool{}
	for _, x := range s.spells {
		if done[x.fault] {
			continue
		}
		done[x.fault] = true
		if f, ok := s.effect(k, x.fault, usual); ok {
			all = append(all, f)
		}
	}
	return all
}

// fewParts is how many links or nodes of a fault are told.
const fewParts = 4

// words are those of a fault, without its times.
func (s *study) words(name string) (text string, of design.Fault) {
	i := slices.IndexFunc(s.src.Faults(), func(f engine.FaultNow) bool { return f.Name == name })
	if i < 0 || i >= len(s.design.Faults) {
		return name, design.Fault{}
	}
	f := s.design.Faults[i]
	f.HasFor = false
	text = strings.ReplaceAll(f.Words(), "_", " ")
	if len(f.Cut) > fewParts || len(f.Others) > fewParts { // of zones: its name says so in few words
		return name, f
	}
	if f.Kind == design.FaultSet {
		var parts []string
		for _, x := range f.Set {
			parts = append(parts, x.Path+"="+x.Value)
		}
		text = strings.Join(parts, ", ")
	}
	return text, f
}

// effect is the finding of one fault; ok is false if nothing was different.
func (s *study) effect(k *Kind, fault string, usual []bool) (Finding, bool) {
	var hits []span
	times, total, first, last, recovered := 0, 0.0, s.end, s.start, 0.0
	for _, x := range s.spells {
		if x.fault == fault {
			hits = append(hits, x.hit)
			times, total = times+1, total+x.ended-x.begun
			recovered = x.recovery
			first, last = min(first, x.begun), max(last, x.ended)
		}
	}
	text, of := s.words(fault)
	f := Finding{Kind: k, Element: "fault." + fault, From: duration(first), To: duration(last)}
	begin, end := interval(first, last)
	if times == 1 {
		f.add(lasted, text, begin, end)
	} else {
		f.add(lastedTimes, text, fmt.Sprint(times), begin, end, long(total))
	}
	hit := marks(s.n, hits...)
	said := len(f.Clauses)
	for _, l := range s.loads {
		s.loadHurt(&f, l, hit, usual)
	}
	for _, q := range s.queues {
		s.deepened(&f, deeper, metric.Ref{Metric: depth, Element: q}, published, hit, usual)
		if n := sumOf(s.series(copyLost, q, metric.Plain), hit); n > 0 && of.Node == brokerOf(q) {
			f.add(copiesLost, q, count(n))
			f.show(metric.Ref{Metric: copyLost, Element: q}, n)
			f.Hurt += n
		}
	}
	s.undoneThen(&f, hit, usual)
	if len(f.Clauses) == said { // lines matter where they are all there is
		for _, x := range s.services {
			s.deepened(&f, lineOf, metric.Ref{Metric: waiting, Element: x}, arrived, hit, usual)
		}
	}
	if len(f.Clauses) == said {
		for _, r := range s.others {
			if r.Tells == metric.Lines {
				s.deepened(&f, lineAt, r, &r.Kind().Metrics[0], hit, usual)
			}
		}
	}
	f.Last = f.Hurt == 0
	if n := sumOf(s.series(lost, of.Node, metric.Plain), hit); n > 0 && s.service(of.Node) != nil {
		f.add(tasksLost, of.Node, count(n))
		f.show(metric.Ref{Metric: lost, Element: of.Node}, n)
		f.Hurt += n
	}
	if times == 1 && s.service(of.Node) != nil && len(f.Clauses) > said {
		s.chain(&f, of.Node, hits[0])
	}
	if len(f.Clauses) > said {
		s.cooled(&f, hit, usual)
	}
	if times == 1 && recovered > 0 && len(f.Clauses) > said {
		f.add(asBefore, long(recovered))
		f.show(metric.Ref{Metric: recovery, Element: fault}, recovered)
	}
	if len(f.Clauses) > said {
		s.retried(&f, hit)
	}
	return f, len(f.Clauses) > said
}

// undoneThen says which messages ended without being handled, more than usual.
func (s *study) undoneThen(f *Finding, hit, usual []bool) {
	for _, r := range s.others {
		if r.Tells != metric.Ends || r.Metric == copyLost {
			continue
		}
		of := sumOf(s.seriesOf(s.whole(r)), hit)
		n, usually := sumOf(s.seriesOf(r), hit), 0.0
		if usual != nil {
			usually = sumOf(s.seriesOf(r), usual) / max(sumOf(s.seriesOf(s.whole(r)), usual), 1) * of
		}
		if n > usually+float64(sigmas*math.Sqrt(usually)) && n-usually >= max(3, leastShare*of) {
			f.add(endedSo, count(n), count(max(of, n)), r.Element, ended(r))
			f.shows(r, n, usually)
			f.Hurt += n - usually
		}
	}
}

// coldBy is by how much of what it is asked a cache answers less, at least.
const coldBy = 0.1

// cooled says which caches answered less than usual.
func (s *study) cooled(f *Finding, hit, usual []bool) {
	if usual == nil {
		return
	}
	for _, r := range s.src.Refs() {
		if r.Kind().Name != "cache" || r.Metric != &r.Kind().Metrics[0] {
			continue
		}
		var asked, answered metric.Ref
		for i := range r.Kind().Metrics {
			switch m := &r.Kind().Metrics[i]; m.Name {
			case "hits":
				answered = metric.Ref{Metric: m, Element: r.Element}
			case "asked":
				asked = metric.Ref{Metric: m, Element: r.Element}
			}
		}
		now, before := sumOf(s.seriesOf(answered), hit)/max(sumOf(s.seriesOf(asked), hit), 1), sumOf(s.seriesOf(answered), usual)/max(sumOf(s.seriesOf(asked), usual), 1)
		if now < before-coldBy {
			f.add(coldCache, r.Section(), share(now), share(before))
			f.shows(answered, now, before-coldBy)
		}
	}
}

// retried says what retries made of the load meanwhile, where they did so only then.
func (s *study) retried(f *Finding, hit []bool) {
	var worst burst
	for _, b := range s.bursts() {
		if b.sent-b.calls > worst.sent-worst.calls && hit[b.x.a] {
			if _, _, lasts := s.outlives(b); lasts < 0 {
				worst = b
			}
		}
	}
	if worst.sent > 0 {
		r := worst.says(s, nil)
		f.Clauses, f.Evidence = append(f.Clauses, r.Clauses...), append(f.Evidence, r.Evidence...)
	}
}

func sumOf(v []float64, mark []bool) (n float64) {
	for i, x := range v {
		if mark[i] && !math.IsNaN(x) {
			n += x
		}
	}
	return n
}

// deepened says by how much a line was longer than usual.
func (s *study) deepened(f *Finding, p *phrase, line metric.Ref, came *metric.Metric, hit, usual []bool) {
	line.Stat = metric.Max
	v := s.seriesOf(line)
	top := 0.0
	for i, x := range v {
		if hit[i] {
			top = max(top, x)
		}
	}
	before := 0.0
	if usual != nil {
		_, _, before = level(v, usual)
	}
	n := sumOf(s.series(came, line.Element, metric.Plain), hit)
	if top <= 2*before || top <= before+sigmas*math.Sqrt(max(n, 1)) && top <= 3*before+10 {
		return
	}
	switch p {
	case deeper:
		f.add(p, line.Element, count(top), count(before))
	case lineAt:
		f.add(p, count(top), line.Section(), count(before))
	default:
		f.add(p, count(top), line.Element, count(before))
	}
	f.shows(line, top, before)
	f.Hurt += top - before
}

// loadHurt says what the operations of a load suffered.
func (s *study) loadHurt(f *Finding, load string, hit, usual []bool) {
	good, bad := s.perInterval(through, load), s.series(opFailed, load, metric.Plain)
	done, before := sumOf(good, hit)+sumOf(bad, hit), f.Hurt
	for _, x := range []struct {
		m *metric.Metric
		p *phrase
	}{{opFailed, opsFailed}, {degraded, opsDegraded}} {
		v := s.series(x.m, load, metric.Plain)
		n, expected := sumOf(v, hit), 0.0
		if usual != nil {
			if all := sumOf(good, usual) + sumOf(bad, usual); all > 0 {
				expected = done * sumOf(v, usual) / all
			}
		}
		if extra := n - expected; extra >= max(1, leastShare*done) && extra > sigmas*math.Sqrt(expected) {
			if x.m == opFailed && expected >= 1 {
				f.add(opsMore, count(n), count(done), load, count(expected))
			} else {
				f.add(x.p, count(n), count(done), load)
			}
			f.shows(metric.Ref{Metric: x.m, Element: load}, n, expected)
			f.Hurt += extra
		}
	}
	if usual == nil {
		return
	}
	v := s.series(confirmed, load, metric.Mean)
	m, dev, _ := level(v, usual)
	h, devHit, _ := level(v, hit)
	if n, k := float64(ones(usual)), float64(ones(hit)); h > m*(1+leastSlow) && h-m > sigmas*math.Sqrt(dev*dev/n+devHit*devHit/k) || h > 1.5*m && h-m > sigmas*dev/math.Sqrt(k) {
		f.add(slower, load, long(h), long(m))
		f.shows(metric.Ref{Metric: confirmed, Element: load, Stat: metric.Mean}, h, m)
		f.Hurt += done * min(1, h/m-1)
	}
	if f.Hurt-before < done/2 {
		s.missing(f, load, good, hit, usual)
	}
}

// missing says how many operations less were done than usual.
func (s *study) missing(f *Finding, load string, good []float64, hit, usual []bool) {
	came := s.series(offered, load, metric.Plain)
	usually := sumOf(good, usual) / max(sumOf(came, usual), 1)
	expected := float64(usually * sumOf(came, hit))
	if s.closed(load) {
		expected = sumOf(good, usual) / float64(ones(usual)) * float64(ones(hit))
	}
	n := sumOf(good, hit)
	if expected-n > max(sigmas*math.Sqrt(expected), leastFewer*expected, 5) {
		per := func(x float64) float64 { return x / (s.width * float64(ones(hit))) }
		f.add(fewer, rate(per(n)), load, rate(per(expected)))
		f.shows(metric.Ref{Metric: through, Element: load}, per(n), per(expected))
		f.Hurt += expected - n
	}
}

// closed reports whether a load has users, who wait for their answers.
func (s *study) closed(load string) bool {
	for i := range s.design.Loads {
		if l := &s.design.Loads[i]; l.Name == load {
			return l.Arrivals.Kind == design.NoArrivals
		}
	}
	return false
}

// perInterval is a rate per second as counts per interval.
func (s *study) perInterval(m *metric.Metric, element string) []float64 {
	v := s.series(m, element, metric.Plain)
	out := make([]float64, s.n)
	for i := range v {
		out[i] = float64(v[i] * (s.at(i+1) - s.at(i)))
	}
	return out
}

func ones(mark []bool) (n int) {
	for _, m := range mark {
		if m {
			n++
		}
	}
	return max(n, 1)
}
