package finding

import (
	"slices"
	"strings"

	"asynclab/sim/metric"
)

// slowShare is the share of a service's tasks that fail by themselves where all are done
// in the end because their callers try again: so many make the slowest hundredth slower.
const slowShare = 0.01

// failings finds services that fail tasks by themselves: more than the calls of theirs
// that had no answer.
func failings(s *study, k *Kind) (all []Finding) {
	hurt := 0.0
	for _, l := range s.loads {
		hurt += s.total(opFailed, l) + s.total(degraded, l)
	}
	for _, q := range s.queues {
		hurt += s.total(deadLettered, q)
	}
	tried := 0.0
	for _, e := range s.edges {
		tried += max(0, s.total(attempts, e.name)-s.total(calls, e.name))
	}
	for _, name := range s.services {
		bad, came := s.total(failed, name), s.total(arrived, name)
		own := bad
		for _, e := range s.byCaller[name] {
			own -= s.total(unanswered, e.name)
		}
		if own < max(5, leastShare*came) || own > came || hurt == 0 && (own < slowShare*came || tried == 0) {
			continue
		}
		f := s.about(k, metric.Service, name, s.all())
		f.add(failedTasks, name, count(own), count(came))
		f.shows(metric.Ref{Metric: failed, Element: name}, own, max(5, leastShare*came))
		f.Hurt = min(own, hurt+tried)
		s.opens(&f, name)
		all = append(all, f)
	}
	return all
}

// opens says what the breakers turned away that the failures of a service opened.
func (s *study) opens(f *Finding, name string) {
	behind := map[string]bool{name: true}
	for next := []string{name}; len(next) > 0; next = next[1:] {
		for _, e := range s.callersOf(next[0]) {
			if !behind[e.from] {
				behind[e.from] = true
				next = append(next, e.from)
			}
		}
	}
	for _, r := range s.others {
		if r.Tells != metric.Refuses || r.Kind().Name != "breaker" {
			continue
		}
		_, callee := s.ends(r)
		if n := sum(s.seriesOf(r), s.all()); n > 0 && behind[callee] {
			f.add(breakerMade, r.Section(), count(n))
			f.show(r, n)
			f.Hurt += n
		}
	}
}

func (s *study) loses(link string) bool {
	return s.total(linkLosses, link) >= max(3, leastShare*s.total(sent, link))
}

func losses(s *study, k *Kind) (all []Finding) {
	for _, l := range s.links {
		n := s.total(sent, l)
		for _, x := range []struct {
			m *metric.Metric
			p *phrase
		}{{linkLosses, linkLost}, {damaged, linkDamaged}, {doubled, linkDoubled}, {heldBack, linkHeldBack}} {
			if bad := s.total(x.m, l); bad >= max(3, leastShare*n) {
				f := s.about(k, metric.Link, l, s.all())
				f.add(x.p, strings.Replace(l, "->", " -> ", 1), count(bad), count(n))
				f.shows(metric.Ref{Metric: x.m, Element: l}, bad, leastShare*n)
				f.Hurt = bad
				if _, to, _ := strings.Cut(l, "->"); x.m == linkLosses && slices.Contains(s.services, to) {
					s.chain(&f, to, s.all())
				}
				all = append(all, f)
				break
			}
		}
	}
	return all
}

// refusals finds protections that turn something away. What each of them counts is
// declared with its metric.
func refusals(s *study, k *Kind) (all []Finding) {
	for _, r := range s.others {
		if r.Tells != metric.Refuses {
			continue
		}
		v := s.seriesOf(r)
		n, of := sum(v, s.all()), max(sum(s.seriesOf(s.whole(r)), s.all()), 1)
		if s.whole(r) == r {
			of = n
		}
		if n < max(5, leastShare*of) {
			continue
		}
		x := s.all()
		for x.a < x.b && v[x.a] == 0 {
			x.a++
		}
		for x.b > x.a && v[x.b-1] == 0 {
			x.b--
		}
		f := s.about(k, r.Kind(), r.Element, x)
		if of > n {
			f.add(refusedSome, r.Section(), count(n), count(of), r.Short())
		} else {
			f.add(refusedAll, r.Section(), count(n), r.Short())
		}
		f.shows(r, n, leastShare*of)
		if v := mean(s.series(used, r.Element, metric.Plain), x); r.Kind() == metric.Service && v > 0 {
			f.add(workersBusy, r.Element, share(v))
			f.show(metric.Ref{Metric: used, Element: r.Element}, v)
		}
		f.Hurt = n
		all = append(all, f)
	}
	return all
}

// duplicates finds messages that are delivered again, and what is done twice.
func duplicates(s *study, k *Kind) (all []Finding) {
	for _, q := range s.queues {
		n, of := s.total(again, q), s.total(delivered, q)
		lostAcks, lateOnes := 0.0, s.total(late, q)
		for _, u := range s.consumersOf(q) {
			lostAcks += s.total(linkLosses, u+"->"+brokerOf(q))
		}
		if n < max(3, leastShare*of) || lostAcks+lateOnes == 0 {
			continue
		}
		f := s.about(k, metric.Queue, q, s.all())
		f.add(redelivered, count(n), q)
		f.shows(metric.Ref{Metric: again, Element: q}, n, leastShare*of)
		if lostAcks > 0 {
			f.add(acksLost, count(lostAcks), joined(s.consumersOf(q)), times(n/lostAcks))
		}
		if lateOnes > 0 {
			f.add(lateAcks, count(lateOnes))
			f.show(metric.Ref{Metric: late, Element: q}, lateOnes)
		}
		f.Hurt = n
		all = append(all, f)
	}
	for _, name := range s.services {
		n := s.total(doubles, name)
		for _, q := range s.consumed(name) {
			n -= s.total(nacked, q) // those are meant to come again
		}
		if n >= max(3, leastShare*s.total(arrived, name)) {
			f := s.about(k, metric.Service, name, s.all())
			f.add(handledTwice, name, count(n))
			f.shows(metric.Ref{Metric: doubles, Element: name}, n, leastShare*s.total(arrived, name))
			f.Hurt = n
			all = append(all, f)
		}
	}
	return all
}

func ended(r metric.Ref) string { return strings.ReplaceAll(r.Name, "_", "-") }

// undones finds messages that end without being handled. What each metric counts is
// declared with it.
func undones(s *study, k *Kind) (all []Finding) {
	for _, r := range s.others {
		if r.Tells != metric.Ends {
			continue
		}
		n, of := sum(s.seriesOf(r), s.all()), sum(s.seriesOf(s.whole(r)), s.all())
		if n < max(1, leastShare*of) {
			continue
		}
		f := s.about(k, r.Kind(), r.Element, s.all())
		f.add(endedSo, count(n), count(max(of, n)), r.Element, ended(r))
		f.shows(r, n, leastShare*of)
		f.Hurt = n
		all = append(all, f)
	}
	return all
}
