package finding

import (
	"math"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/metric"
)

// What is not a worker can be saturated too: the slots of a pool, the tokens of a limit,
// the lock of a row, the slots of a store, the bandwidth of a link. Where there is a line
// for it, that is known by the line: it grows far longer than chance makes it grow, or
// the workers of a service are all held and most of them stand in it (see [study.root]).
// A link and a store have no level for their line, but a bound, and are found by what
// they do of it.

// mostly is the share of a time that is said to be most of it.
const mostly = 0.5

// bottlenecks finds what is saturated by itself, but for what a load holds itself back
// by; what is found by who is held there is
// found with those, see saturations.
func bottlenecks(s *study, k *Kind) (all []Finding) {
	if s.closedOnly() {
		return nil
	}
	for _, r := range s.others {
		if r.Tells != metric.Lines {
			continue
		}
		caller, callee := s.ends(r)
		line := s.seriesOf(s.stat(r, metric.Mean))
		came := s.seriesOf(metric.Ref{Metric: &r.Kind().Metrics[0], Element: r.Element})
		if r.Kind() == metric.Store {
			came = s.series(storeLocks, r.Element, metric.Plain)
		}
		x, rise := steepest(line)
		if n := sum(came, x); x.len() < 3 || n < fewTasks || rise < backlogDevs*math.Sqrt(n) {
			x2, ok := s.full(caller, s.series(used, caller, metric.Plain))
			if x = x2; r.Kind() != metric.Store || !ok || mean(line, x) < mostly*mean(s.series(busy, caller, metric.Mean), x) {
				continue
			}
		}
		if r.Kind() == metric.Store || slices.Contains(s.services, caller) && !s.fault(caller, callee) {
			all = append(all, s.bottleneck(k, r.Section(), callee, true, x))
		}
	}
	for i := range s.design.Services {
		d := &s.design.Services[i]
		for j := range d.Stores {
			t := &d.Stores[j]
			if t.Slots <= 0 {
				continue
			}
			slots, name := float64(t.Slots), d.Name+"/"+t.Name
			if t.Lives != design.Outside {
				slots *= float64(max(d.Instances, 1))
			}
			level := s.series(storeAccesses, name, metric.Mean)
			x := s.longest(1, func(i int) bool { return level[i] >= allBusyAt*slots })
			n := sum(s.series(storeReads, name, metric.Plain), x) + sum(s.series(storeWrites, name, metric.Plain), x)
			if n >= fewTasks && (float64(x.len()) >= mostOf*float64(s.n) || n >= manyTasks) {
				f := s.bottleneck(k, metric.Ref{Metric: storeAccesses, Element: name}.Section(), d.Name, true, x)
				f.Clauses = slices.Insert(f.Clauses, 1, Clause{slotsAre.Word, []string{count(slots), rate(n / s.seconds(x))}})
				f.shows(metric.Ref{Metric: storeAccesses, Element: name, Stat: metric.Mean}, mean(level, x), allBusyAt*slots)
				all = append(all, f)
			}
		}
	}
	for _, l := range s.links {
		if x, of := s.jammed(l); x.len() > 0 {
			_, to, _ := strings.Cut(l, "->")
			f := s.bottleneck(k, "link."+l, to, true, x)
			came := sum(s.series(linkBytes, l, metric.Plain), x) / s.seconds(x)
			f.Clauses = slices.Insert(f.Clauses, 1, Clause{bandwidthIs.Word, []string{draw.FormatQuantity(draw.Significant(came, 3), draw.Bytes), draw.FormatQuantity(of, draw.Bytes)}})
			f.shows(metric.Ref{Metric: linkBytes, Element: l, Stat: metric.Rate}, came, of)
			all = append(all, f)
		}
	}
	return all
}

func (s *study) stat(r metric.Ref, stat metric.Stat) metric.Ref {
	r.Stat = stat
	return r
}

// ends are the service that waits in a line, and the one that it waits for.
func (s *study) ends(r metric.Ref) (caller, callee string) {
	caller, callee, two := strings.Cut(r.Element, "->")
	if !two {
		caller, _, _ = strings.Cut(r.Element, "/")
		return caller, caller
	}
	callee, _, _ = strings.Cut(callee, "/")
	return caller, callee
}

// fault reports whether the calls of one service to another wait for what is behind it,
// or are lost on their way: then who stands in line before them waits for that.
func (s *study) fault(caller, callee string) bool {
	if s.loses(caller+"->"+callee) || s.loses(callee+"->"+caller) {
		return true
	}
	if !slices.Contains(s.services, callee) {
		return false
	}
	root, _ := s.root(callee)
	if root == "" {
		return true
	}
	_, ok := s.full(root, s.working(root))
	return ok
}

// bottleneck is the finding about an element that holds back the calls to a service; a
// link that is not jammed does so by its latency.
func (s *study) bottleneck(k *Kind, element, callee string, jammed bool, x span) Finding {
	f := s.about(k, nil, element, x)
	s.culprits[element] = callee
	if link, ok := strings.CutPrefix(element, "link."); ok && !jammed {
		f.add(onLink, strings.Replace(link, "->", " -> ", 1), s.from(x), s.till(x))
	} else {
		f.add(inUse, element, s.from(x), s.till(x))
	}
	for _, r := range s.others {
		if r.Section() != element {
			continue
		}
		switch r.Tells {
		case metric.Lines:
			top := s.stat(r, metric.Max)
			if n := most(s.seriesOf(top), x); n > 0 {
				f.add(itsOwnLine, count(n))
				f.show(top, n)
				f.Hurt += n
			}
		case metric.Refuses:
			if n := sum(s.seriesOf(r), x); n > 0 {
				f.add(turnedAway, r.Element, count(n), count(max(n, sum(s.seriesOf(s.whole(r)), x))))
				f.show(r, n)
				f.Hurt += n
			}
		}
	}
	if slices.Contains(s.services, callee) {
		f.Hurt += sum(s.series(started, callee, metric.Plain), x)
		s.chain(&f, callee, x)
	}
	return f
}

// jammed is the stretch of time in which a link has more to carry than it can, and its
// bandwidth in bytes a second: what it has not yet carried, reckoned from what came,
// never falls to nothing.
func (s *study) jammed(link string) (x span, bandwidth float64) {
	for i := range s.design.Links {
		l := &s.design.Links[i]
		switch {
		case l.From+"->"+l.To == link:
			bandwidth = l.Bandwidth
		case l.To+"->"+l.From == link && !s.declared(link):
			bandwidth = l.Bandwidth
		}
	}
	if bandwidth == 0 {
		return span{}, 0
	}
	came, n := s.series(linkBytes, link, metric.Plain), s.series(sent, link, metric.Plain)
	left := make([]float64, s.n)
	before := 0.0
	for i := range left {
		before = max(0, before+came[i]-bandwidth*(s.at(i+1)-s.at(i)))
		left[i] = before
	}
	if all := s.all(); sum(n, all) >= fewTasks && sum(came, all) >= allBusyAt*bandwidth*s.seconds(all) {
		return all, bandwidth
	}
	x = s.longest(0, func(i int) bool { return left[i] > 0 })
	if x.len() == 0 {
		return span{}, 0
	}
	msgs := sum(n, x)
	far := backlogDevs * math.Sqrt(msgs) * sum(came, x) / max(msgs, 1)
	if msgs < fewTasks || float64(x.len()) < mostOf*float64(s.n) && most(left, x) < far {
		return span{}, 0
	}
	return x, bandwidth
}

// declared reports whether a design has a link of its own in this direction.
func (s *study) declared(link string) bool {
	return slices.ContainsFunc(s.design.Links, func(l design.Link) bool { return l.From+"->"+l.To == link })
}

// between is what holds back the calls of one service to another for most of the time
// that they last, beside the callee: a line on the way, or the link, where the callee had them for less
// than half of it; "" if nothing does.
func (s *study) between(name, next string, stuck float64) string {
	for _, l := range []string{name + "->" + next, next + "->" + name} {
		if s.culprits["link."+l] != "" {
			return "link." + l
		}
	}
	for _, r := range s.others {
		if r.Tells != metric.Lines || r.Kind() == metric.Store {
			continue
		}
		if a, b := s.ends(r); a == name && b == next && s.stood(r) >= mostly*stuck {
			return r.Section()
		}
	}
	if there := s.value(sojourn, next, metric.Mean) * s.requests(name, next); s.total(taskDone, next) > 0 && there < (1-mostly)*stuck {
		return "link." + name + "->" + next
	}
	return ""
}

// requests is how many requests a service sent to another.
func (s *study) requests(name, next string) (n float64) {
	for _, e := range s.byCaller[name] {
		if s.callee(e) == next {
			n += s.total(attempts, e.name)
		}
	}
	return n
}

// within is the store of a service for a lock or an access of which its workers wait
// for most of the time that they do not wait for others.
func (s *study) within(name string, own float64) string {
	for element := range s.culprits {
		if strings.HasPrefix(element, "store."+name+"/") {
			return element
		}
	}
	for _, r := range s.others {
		if a, _ := s.ends(r); r.Kind() == metric.Store && r.Tells == metric.Lines && a == name && s.stood(r) >= mostly*own {
			return r.Section()
		}
	}
	return ""
}

// stood is for how long tasks stood in a line, all together.
func (s *study) stood(r metric.Ref) float64 {
	return s.value(r.Metric, r.Element, metric.Mean) * (s.end - s.start)
}
