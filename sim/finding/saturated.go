package finding

import (
	"math"
	"slices"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// A service is saturated while its workers work, and do not wait for others, nearly all
// the time. Chance keeps the workers of a service that is 85 % busy at work for long,
// too: the customers of a busy period have a tail like exp(-n (1 - √ρ)²). So it counts
// where it is most of the window, or is so many tasks long, or leaves a backlog that
// is many standard deviations of the arrivals.

// The bounds.
const (
	allBusyAt   = 0.97 // of the workers, at work
	stillBusyAt = 0.9  // before and after that, while tasks wait
	mostOf      = 0.5  // of the window
	manyTasks   = 3000 // in a row
	backlogDevs = 8.0  // √ of the tasks
	fewTasks    = 100
)

// working is the share of the workers of a service that work, per interval; NaN where
// it has no workers, or unlimited ones.
func (s *study) working(service string) []float64 {
	u, b, w := s.series(used, service, metric.Plain), s.series(busy, service, metric.Mean), s.series(blocked, service, metric.Mean)
	out := make([]float64, s.n)
	shared := s.shared(service)
	for i := range out {
		out[i] = u[i]
		if !shared && b[i] > 0 {
			out[i] *= max(0, b[i]-w[i]) / b[i]
		}
	}
	return out
}

func (s *study) shared(service string) bool {
	d := s.service(service)
	return d != nil && d.Discipline == design.Sharing
}

// line is how many tasks of a service wait for a worker, per interval.
func (s *study) line(service string, stat metric.Stat) []float64 {
	if !s.shared(service) {
		return s.series(waiting, service, stat)
	}
	t, b := s.series(tasks, service, stat), s.series(busy, service, metric.Mean)
	out := make([]float64, s.n)
	for i := range out {
		out[i] = max(0, t[i]-b[i])
	}
	return out
}

// Where the workers of a service are all held, but wait for others for a part of that,
// the culprit is where most of the time goes: see [study.root].

func saturations(s *study, k *Kind) (all []Finding) {
	for _, name := range s.services {
		if x, ok := s.full(name, s.working(name)); ok && s.within(name, s.value(held, name, metric.Plain)) == "" {
			s.saturated[name] = true
			all = append(all, s.saturation(k, name, x))
			all = append(all, s.multiplied(name, x)...)
		}
	}
	for _, name := range s.services { // pools that are held by what others take
		if s.saturated[name] || s.blocked[name] {
			continue
		}
		if x, ok := s.full(name, s.series(used, name, metric.Plain)); ok {
			switch root, at := s.root(name); {
			case at != "" && s.culprits[at] == "":
				all = append(all, s.exhausted(Bottleneck, name, root, at, x))
				all = append(all, s.multiplied(name, x)...)
			case at == "" && root != "" && !s.saturated[root]:
				s.saturated[root] = true
				if f, ok := s.lopsided(Uneven, root); ok {
					s.chain(&f, root, x)
					all = append(all, f)
					continue
				}
				all = append(all, s.exhausted(k, name, root, "", x))
				all = append(all, s.multiplied(root, x)...)
			}
		}
	}
	return all
}

// root follows the worker time of a service to where most of it goes: its own work, or
// a service that it waits for, or one that that one waits for; "" where a link on the
// way loses messages, which are waited for until a timeout. What holds back the calls of
// that service, or its work, is the element at, if it is not the service itself.
func (s *study) root(name string) (root, at string) {
	for seen := map[string]bool{}; !seen[name]; {
		seen[name] = true
		most := s.value(held, name, metric.Plain) - s.value(heldBlocked, name, metric.Plain)
		next := name
		of := map[string]float64{}
		for _, e := range s.byCaller[name] {
			if to := s.callee(e); to != "" {
				if of[to] += s.total(edgeBlocked, e.name); of[to] > most {
					most, next = of[to], to
				}
			}
		}
		if s.saturated[next] {
			return next, ""
		}
		if next != name {
			if s.loses(name+"->"+next) || s.loses(next+"->"+name) {
				return "", ""
			}
			at = s.between(name, next, most)
		} else {
			at = s.within(name, most)
		}
		if at != "" {
			return next, at
		}
		name = next
	}
	return name, ""
}

// exhausted is the finding about a service whose workers are all held, by the work of a
// service behind it, its own, or another element that it waits at.
func (s *study) exhausted(k *Kind, name, root, at string, x span) Finding {
	f := s.about(k, metric.Service, root, x)
	if at != "" {
		f = s.bottleneck(k, at, root, false, x)
	}
	done := sum(s.series(taskDone, name, metric.Plain), x) + sum(s.series(failed, name, metric.Plain), x)
	f.add(allHeld, name, share(mean(s.series(used, name, metric.Plain), x)), s.from(x), s.till(x), rate(done/s.seconds(x)))
	f.shows(metric.Ref{Metric: used, Element: name}, mean(s.series(used, name, metric.Plain), x), allBusyAt)
	if top := most(s.line(name, metric.Max), x); top > 0 {
		f.add(itsLine, count(top))
		f.show(metric.Ref{Metric: waiting, Element: name, Stat: metric.Max}, top)
	}
	all, stuck := sum(s.series(busy, name, metric.Mean), x), sum(s.series(blocked, name, metric.Mean), x)
	if at != "" {
		f.Hurt += done
		s.blocked[name] = true
		return f
	}
	if root != name {
		f.add(goesTo, share(stuck/all), root)
		if v := mean(s.series(used, root, metric.Plain), x); v > 0 {
			f.add(workersBusy, root, share(v))
			f.show(metric.Ref{Metric: used, Element: root}, v)
		}
	} else {
		f.add(theyWorked, share(1-stuck/all))
	}
	f.Hurt = done
	s.blocked[name] = true
	s.chain(&f, name, x)
	s.overflow(&f, name, x)
	return f
}

// full is the stretch in which the given share of the workers of a service is nearly all,
// and tasks wait for them; ok is false where that can be chance.
func (s *study) full(name string, work []float64) (x span, ok bool) {
	if s.value(used, name, metric.Plain) == 0 || s.closedOnly() {
		return x, false
	}
	line, inQueues, held := s.line(name, metric.Mean), s.inQueues(name), s.placesTaken(name, work)
	x = s.longest(1, func(i int) bool { return (work[i] >= allBusyAt || held[i]) && line[i]+inQueues[i] > 0 })
	if x.len() < 2 {
		return x, false
	}
	done := sum(s.series(taskDone, name, metric.Plain), x) + sum(s.series(failed, name, metric.Plain), x)
	backlog := line[x.b-1] + inQueues[x.b-1] + s.turnedAwayBy(name, x)
	ok = (done >= fewTasks || backlog >= fewTasks) && (float64(x.len()) >= mostOf*float64(s.n) || done >= manyTasks || backlog >= backlogDevs*math.Sqrt(done))
	for _, wide := range s.stretches(1, func(i int) bool { return (work[i] >= stillBusyAt || held[i]) && line[i]+inQueues[i] > 0 }) {
		if wide.a <= x.a && x.b <= wide.b {
			x = wide
		}
	}
	return x, ok
}

// allPlaces is the share of the places of consumers that is taken where all are, but for
// the way of a message to them.
const allPlaces = 0.97

// placesTaken marks the intervals in which the consumers of a service hold as many messages
// as they may, while others wait in the queue: then its workers are idle only because of the
// way of an acknowledgement and of the next message.
func (s *study) placesTaken(name string, work []float64) []bool {
	out := make([]bool, s.n)
	for _, q := range s.consumed(name) {
		slots := s.slots(q)
		if math.IsInf(slots, 1) || slots == 0 || len(s.consumersOf(q)) > 1 || s.keyed(q) || s.lossOn(q) {
			continue
		}
		d, un := s.series(depth, q, metric.Mean), s.series(unacked, q, metric.Mean)
		for i := range out {
			out[i] = out[i] || d[i] >= 1 && un[i] >= allPlaces*slots && work[i] >= stillBusyAt
		}
	}
	return out
}

func (s *study) saturation(k *Kind, name string, x span) (f Finding) {
	work := s.working(name)
	came, began := sum(s.series(arrived, name, metric.Plain), x), sum(s.series(started, name, metric.Plain), x)
	done := sum(s.series(taskDone, name, metric.Plain), x) + sum(s.series(failed, name, metric.Plain), x)
	cameTo := metric.Ref{Metric: arrived, Element: name, Stat: metric.Rate}
	if queues := s.consumed(name); len(queues) == 1 && len(s.consumersOf(queues[0])) == 1 && s.uncalled(name) {
		cameTo = metric.Ref{Metric: published, Element: queues[0], Stat: metric.Rate}
		came = sum(s.series(published, queues[0], metric.Plain), x)
	}
	f = s.about(k, metric.Service, name, x)
	took := s.seconds(x)
	f.add(allBusy, name, share(mean(work, x)), s.from(x), s.till(x), rate(done/took))
	at := allBusyAt
	if mean(work, x) < at {
		at = stillBusyAt
	}
	f.shows(metric.Ref{Metric: used, Element: name}, mean(work, x), at)
	if came > 1.01*max(done, began) {
		f.add(camePer, rate(came/took))
		f.show(cameTo, came/took)
	}
	if queues := s.consumed(name); len(queues) > 0 {
		byCount(queues, func(q string) float64 { return most(s.series(depth, q, metric.Max), x) })
		top := most(s.series(depth, queues[0], metric.Max), x)
		f.add(inLine, count(top), queues[0])
		f.show(metric.Ref{Metric: depth, Element: queues[0], Stat: metric.Max}, top)
	} else if top := most(s.line(name, metric.Max), x); top > 0 {
		f.add(itsLine, count(top))
		f.show(metric.Ref{Metric: waiting, Element: name, Stat: metric.Max}, top)
	}
	f.Hurt = done
	s.chain(&f, name, x)
	s.overflow(&f, name, x)
	return f
}

// uncalled reports whether a service is sent nothing but what its queues bring.
func (s *study) uncalled(name string) bool {
	return !slices.ContainsFunc(s.edges, func(e edge) bool { to, _, _ := strings.Cut(e.to, "/"); return to == name })
}

// inQueues is how many messages wait in the queues that a service consumes.
func (s *study) inQueues(name string) []float64 {
	out := make([]float64, s.n)
	for _, q := range s.consumed(name) {
		for i, v := range s.series(depth, q, metric.Mean) {
			out[i] += v
		}
	}
	return out
}

// consumed lists the queues and subscriptions that a service consumes.
func (s *study) consumed(name string) (all []string) {
	for _, q := range s.queues {
		if slices.Contains(s.consumersOf(q), name) {
			all = append(all, q)
		}
	}
	return all
}

// consumersOf lists the services that consume a queue or subscription.
func (s *study) consumersOf(queue string) (all []string) {
	for i := range s.design.Services {
		d := &s.design.Services[i]
		for j := range d.Consumes {
			c := &d.Consumes[j]
			sub := c.Subscription
			if sub == "" {
				sub = d.Name
			}
			if from := c.From.String(); queue == from || queue == from+"/"+sub {
				all = append(all, d.Name)
				break
			}
		}
	}
	return all
}

// closedOnly reports whether there are users only, who come again when they have
// their answers: they are meant to keep it busy.
func (s *study) closedOnly() bool {
	for _, l := range s.loads {
		if !s.closed(l) {
			return false
		}
	}
	return true
}

// turnedAwayBy is how many tasks and messages the protections of a service refused.
func (s *study) turnedAwayBy(name string, x span) (n float64) {
	for _, r := range s.others {
		if r.Tells == metric.Refuses && r.Element == name {
			n += sum(s.seriesOf(r), x)
		}
	}
	return n
}

// fullAt is the share of the workers of a caller that are held, where it is said to
// wait for a culprit.
const fullAt = 0.7

// mostCallers bounds the callers that a finding names.
const mostCallers = 3

// chain follows those who wait for a culprit: its callers whose workers are blocked
// most, their callers, and so on; the others are noted.
func (s *study) chain(f *Finding, culprit string, x span) {
	said := 0
	seen := map[string]bool{culprit: true}
	for next := []string{culprit}; len(next) > 0; {
		callee := next[0]
		next = next[1:]
		var callers []string
		of := map[string]float64{}
		for _, e := range s.callersOf(callee) {
			if !seen[e.from] {
				if of[e.from] == 0 && !slices.Contains(callers, e.from) {
					callers = append(callers, e.from)
				}
				of[e.from] += s.total(edgeBlocked, e.name)
			}
		}
		byCount(callers, func(c string) float64 { return of[c] })
		for _, c := range callers {
			held, stuck := sum(s.series(busy, c, metric.Mean), x), sum(s.series(blocked, c, metric.Mean), x)
			if held == 0 || stuck < 0.5*held || mean(s.series(used, c, metric.Plain), x) < fullAt || of[c] < 0.3*s.blockedTime(c) {
				continue
			}
			seen[c] = true
			s.blocked[c] = true
			next = append(next, c)
			if said < mostCallers {
				said++
				f.add(waitsFor, c, share(stuck/held), callee)
				f.show(metric.Ref{Metric: blocked, Element: c, Stat: metric.Mean}, mean(s.series(blocked, c, metric.Mean), x))
				if top := most(s.series(waiting, c, metric.Max), x); top > 0 && said == 1 {
					f.add(withLine, count(top), c)
					f.show(metric.Ref{Metric: waiting, Element: c, Stat: metric.Max}, top)
				}
			}
		}
	}
}

// blockedTime is the worker time that a service waited for its callees.
func (s *study) blockedTime(name string) (t float64) {
	for _, e := range s.byCaller[name] {
		t += s.total(edgeBlocked, e.name)
	}
	return t
}

// overflow says what the protections of a service, and of its queues, turned away.
func (s *study) overflow(f *Finding, name string, x span) {
	own := append(s.consumed(name), name)
	for _, r := range s.others {
		if r.Tells != metric.Ends && r.Tells != metric.Refuses || !slices.Contains(own, r.Element) {
			continue
		}
		if n := sum(s.seriesOf(r), x); n > 0 {
			of := count(max(n, sum(s.seriesOf(s.whole(r)), x)))
			if r.Tells == metric.Ends {
				f.add(endedSo, count(n), of, r.Element, ended(r))
			} else {
				f.add(turnedAway, r.Element, count(n), of)
			}
			f.show(r, n)
			f.Hurt += n
		}
	}
}

// whole is what a count is a part of.
func (s *study) whole(r metric.Ref) metric.Ref {
	if d := r.Denominator(); d != nil {
		return metric.Ref{Metric: d, Element: r.Element}
	}
	return r
}

// deadlocks finds circles of services whose workers all wait for each other.
func deadlocks(s *study, k *Kind) (all []Finding) {
	seen := map[string]bool{}
	for _, name := range s.services {
		if seen[name] || s.total(blocked, name) == 0 {
			continue
		}
		stuck := s.stuck(name)
		x := s.longest(0, func(i int) bool { return stuck[i] })
		if x.len() < 3 {
			continue
		}
		circle := s.circle(name, x)
		if circle == nil {
			continue
		}
		f := s.about(k, metric.Service, name, x)
		for _, c := range circle {
			seen[c], s.blocked[c] = true, true
		}
		n := mean(s.series(blocked, name, metric.Mean), x)
		f.add(allWait, joined(circle), s.from(x), s.till(x), count(math.Round(n)), count(math.Round(mean(s.series(busy, name, metric.Mean), x))))
		f.show(metric.Ref{Metric: blocked, Element: name, Stat: metric.Mean}, n)
		f.Hurt = sum(s.series(arrived, name, metric.Plain), x)
		all = append(all, f)
	}
	return all
}

// stuck marks the intervals in which all workers of a service are blocked, but for the
// moments after a timeout.
func (s *study) stuck(name string) []bool {
	u, b, w := s.series(used, name, metric.Plain), s.series(busy, name, metric.Mean), s.series(blocked, name, metric.Mean)
	out := make([]bool, s.n)
	for i := range out {
		out[i] = u[i] >= allBusyAt && w[i] >= allBusyAt*b[i]
	}
	return out
}

// circle is the way of calls from a service back to it, through services that are all
// stuck for the given time; nil if there is none.
func (s *study) circle(from string, x span) []string {
	before := map[string]string{}
	for next := []string{from}; len(next) > 0; next = next[1:] {
		for _, e := range s.byCaller[next[0]] {
			to := s.callee(e)
			if held := s.total(edgeBlocked, e.name); to == "" || held == 0 || held < mostly*s.blockedTime(e.from) {
				continue
			}
			if to == from {
				way := []string{next[0]}
				for way[0] != from {
					way = slices.Insert(way, 0, before[way[0]])
				}
				return way
			}
			if _, known := before[to]; known {
				continue
			}
			if stuck := s.stuck(to); slices.Index(stuck[x.a:x.b], false) < 0 {
				before[to] = next[0]
				next = append(next, to)
			}
		}
	}
	return nil
}

func joined(names []string) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += ", "
		}
		text += n
	}
	return text
}
