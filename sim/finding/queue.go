package finding

import (
	"math"
	"slices"

	"asynclab/sim/metric"
)

// aways finds queues that grow while no consumer is there, by no fault.
func aways(s *study, k *Kind) (all []Finding) {
	for _, q := range s.queues {
		users := s.consumersOf(q)
		if len(users) == 0 {
			continue
		}
		d, came := s.series(depth, q, metric.Mean), s.series(published, q, metric.Plain)
		x := s.longest(0, func(i int) bool {
			for _, u := range users {
				if s.series(instances, u, metric.Mean)[i] > 0 {
					return false
				}
			}
			return d[i] > 0
		})
		if n := sum(came, x); x.len() < 2 || n < 10 {
			continue
		}
		f := s.about(k, metric.Queue, q, x)
		top := most(s.series(depth, q, metric.Max), x)
		f.add(noConsumer, q, s.from(x), s.till(x), count(top))
		f.show(metric.Ref{Metric: depth, Element: q, Stat: metric.Max}, top)
		f.Hurt = top
		all = append(all, f)
	}
	return all
}

// growths finds queues to which more comes than is taken, for so long that it is no
// chance: they rise by many standard deviations of what came. Where the consumers work
// all the time, that is found as such.
func growths(s *study, k *Kind) (all []Finding) {
	for _, q := range s.queues {
		users := s.consumersOf(q)
		if len(users) == 0 {
			continue
		}
		d, came := s.series(depth, q, metric.Mean), s.series(published, q, metric.Plain)
		x, rise := steepest(d)
		n := sum(came, x)
		if x.len() < 3 || n < fewTasks || rise < backlogDevs*math.Sqrt(n) {
			continue
		}
		f := s.about(k, metric.Queue, q, x)
		took := s.seconds(x)
		f.add(moreCame, q, count(d[x.a]), count(d[x.b-1]), s.from(x), s.till(x), rate(n/took), rate((sum(s.series(delivered, q, metric.Plain), x)-sum(s.series(again, q, metric.Plain), x))/took))
		f.shows(metric.Ref{Metric: depth, Element: q, Stat: metric.Max}, most(s.series(depth, q, metric.Max), x), d[x.a]+backlogDevs*math.Sqrt(n))
		for _, u := range users[:min(len(users), mostCallers)] {
			if v := mean(s.series(used, u, metric.Plain), x); v > 0 {
				f.add(workersBusy, u, share(v))
				f.show(metric.Ref{Metric: used, Element: u}, v)
			}
		}
		if slots, un := s.slots(q), mean(s.series(unacked, q, metric.Mean), x); len(users) == 1 && un >= allPlaces*slots && !s.keyed(q) && !s.lossOn(q) && sum(s.series(nacked, q, metric.Plain), x) < 0.1*n {
			f.add(placesHeld, count(slots), share(1-mean(s.working(users[0]), x)))
			f.shows(metric.Ref{Metric: unacked, Element: q, Stat: metric.Mean}, un, allPlaces*slots)
		}
		if deals := sum(s.series(rebalances, q, metric.Plain), x); deals >= fewDeals {
			f.add(dealtAnew, count(deals), rate(mean(s.series(stoppedParts, q, metric.Mean), x)))
			f.show(metric.Ref{Metric: rebalances, Element: q}, deals)
		}
		f.Hurt = rise
		all = append(all, f)
	}
	return all
}

// fewDeals is how often the partitions of a group are dealt anew, at least, where that is told.
const fewDeals = 3

// steepest is the stretch between the least value of a series and a later one with the
// greatest rise.
func steepest(v []float64) (x span, rise float64) {
	low := 0
	for i := range v {
		if v[i] <= v[low] {
			low = i
		}
		if v[i]-v[low] > rise {
			x, rise = span{low, i + 1}, v[i]-v[low]
		}
	}
	return x, rise
}

// idleShare is how much of the workers of services is idle, at least, where they are
// said to be idle.
const idleShare = 0.2

// idle is the share of the workers of services that is idle; 0 where that is not known.
func (s *study) idle(users []string, i int) float64 {
	least := 1.0
	for _, u := range users {
		v := s.series(used, u, metric.Plain)[i]
		if math.IsNaN(v) || s.series(instances, u, metric.Mean)[i] < 0.5 {
			return 0
		}
		least = min(least, 1-v)
	}
	return least
}

// slots is how many deliveries the consumers of a queue may hold; infinite without a
// bound.
func (s *study) slots(queue string) (n float64) {
	for i := range s.design.Services {
		d := &s.design.Services[i]
		for j := range d.Consumes {
			c := &d.Consumes[j]
			sub := c.Subscription
			if sub == "" {
				sub = d.Name
			}
			if from := c.From.String(); queue != from && queue != from+"/"+sub {
				continue
			}
			each := c.Consumers
			if each == 0 {
				each = max(d.Workers, 1)
			}
			if c.Prefetch < 0 || d.Workers < 0 || c.Ack != 0 {
				return math.Inf(1)
			}
			n += float64(max(d.Instances, 1) * each * max(c.Prefetch, 1))
		}
	}
	return n
}

// helds finds consumers that have no place for another delivery, while their workers
// are idle: what they hold is not being done.
func helds(s *study, k *Kind) (all []Finding) {
	for _, q := range s.queues {
		users, slots := s.consumersOf(q), s.slots(q)
		if len(users) == 0 || math.IsInf(slots, 1) || !s.lossOn(q) {
			continue
		}
		d, un := s.series(depth, q, metric.Mean), s.series(unacked, q, metric.Mean)
		x := s.longest(1, func(i int) bool { return d[i] > 0 && un[i] >= 0.9*slots && s.idle(users, i) >= idleShare })
		if x.len() < 5 || sum(s.series(published, q, metric.Plain), x) < 10 {
			continue
		}
		free := 0.0
		for i := x.a; i < x.b; i++ {
			free += s.idle(users, i) / float64(x.len())
		}
		f := s.about(k, metric.Queue, q, x)
		f.add(heldLost, q, count(mean(un, x)), s.from(x), s.till(x), joined(users), share(free))
		f.shows(metric.Ref{Metric: unacked, Element: q, Stat: metric.Mean}, mean(un, x), 0.9*slots)
		f.Hurt = most(s.series(depth, q, metric.Max), x)
		all = append(all, f)
	}
	return all
}

// lossOn reports whether a link between a queue's broker and its consumers lost a
// message.
func (s *study) lossOn(queue string) bool {
	broker := brokerOf(queue)
	for _, u := range s.consumersOf(queue) {
		if s.total(linkLosses, u+"->"+broker)+s.total(linkLosses, broker+"->"+u) > 0 {
			return true
		}
	}
	return false
}

func brokerOf(queue string) string {
	for i, c := range queue {
		if c == '/' {
			return queue[:i]
		}
	}
	return queue
}

// hots finds queues with a key whose messages wait for others of their key: there is a
// worker for them, and a place in the prefetch.
func hots(s *study, k *Kind) (all []Finding) {
	for _, q := range s.queues {
		users, slots := s.consumersOf(q), s.slots(q)
		if len(users) == 0 || !s.keyed(q) {
			continue
		}
		d, un := s.series(depth, q, metric.Mean), s.series(unacked, q, metric.Mean)
		x := s.longest(1, func(i int) bool { return d[i] >= 1 && un[i] < 0.9*slots && s.idle(users, i) >= idleShare })
		if x.len() < 5 || float64(x.len()) < 0.1*float64(s.n) || sum(s.series(delivered, q, metric.Plain), x) < 10 {
			continue
		}
		free := 0.0
		for i := x.a; i < x.b; i++ {
			free += s.idle(users, i) / float64(x.len())
		}
		f := s.about(k, metric.Queue, q, x)
		f.add(keyWaits, count(mean(d, x)), q, s.from(x), s.till(x), joined(users), share(free))
		f.shows(metric.Ref{Metric: depth, Element: q, Stat: metric.Mean}, mean(d, x), 1)
		f.Hurt = most(d, x)
		all = append(all, f)
	}
	return all
}

func (s *study) keyed(queue string) bool {
	for i := range s.design.Brokers {
		b := &s.design.Brokers[i]
		for j := range b.Queues {
			if q := &b.Queues[j]; q.Key != "" && b.Name+"/"+q.Name == queue {
				return true
			}
		}
		for j := range b.Topics {
			t := &b.Topics[j]
			for _, q := range t.Subscriptions {
				if q.Key != "" && b.Name+"/"+t.Name+"/"+q.Name == queue {
					return true
				}
			}
			if t.Template.Key != "" && len(queue) > len(b.Name+t.Name)+1 && queue[:len(b.Name+t.Name)+1] == b.Name+"/"+t.Name {
				return true
			}
		}
	}
	return false
}

// unevens finds services of several instances where tasks wait at one while workers of
// another are idle.
func unevens(s *study, k *Kind) (all []Finding) {
	for _, name := range s.services {
		if f, ok := s.lopsided(k, name); ok && !s.saturated[name] {
			all = append(all, f)
		}
	}
	return all
}

// lopsided is the finding about a service of which one instance has a line beside another
// with idle workers.
func (s *study) lopsided(k *Kind, name string) (f Finding, ok bool) {
	if d := s.service(name); d == nil || d.Instances < 2 || s.shared(name) {
		return f, false
	}
	w, u, b := s.series(waiting, name, metric.Mean), s.series(used, name, metric.Plain), s.series(busy, name, metric.Mean)
	idle := func(i int) float64 { return b[i]/u[i] - b[i] }
	x := s.longest(1, func(i int) bool { return u[i] > 0 && w[i] >= 2 && idle(i) >= 1 && 1-u[i] >= idleShare })
	if float64(x.len()) < 0.2*float64(s.n) || sum(s.series(started, name, metric.Plain), x) < fewTasks || mean(w, x) < 0.5*mean(b, x) {
		return f, false
	}
	free := 0.0
	for i := x.a; i < x.b; i++ {
		free += idle(i) / float64(x.len())
	}
	f = s.about(k, metric.Service, name, x)
	f.add(idleBeside, count(mean(w, x)), name, s.from(x), s.till(x), count(free))
	f.shows(metric.Ref{Metric: waiting, Element: name, Stat: metric.Mean}, mean(w, x), 2)
	f.Hurt = sum(s.series(started, name, metric.Plain), x)
	return f, true
}

// starvations finds loads of lower priority that a busy service makes wait.
func starvations(s *study, k *Kind) (all []Finding) {
	if !slices.ContainsFunc(s.services, func(n string) bool { return s.value(used, n, metric.Plain) >= 0.9 }) {
		return nil
	}
	for _, low := range s.loads {
		for _, high := range s.loads {
			a, b := s.priority(low), s.priority(high)
			slow, fast := s.value(confirmed, low, metric.Mean), s.value(confirmed, high, metric.Mean)
			bad, of, good, all2 := s.total(opFailed, low), s.total(offered, low), s.total(opFailed, high), s.total(offered, high)
			fails := bad >= max(fewTasks, 0.1*of) && good/max(all2, 1) < 0.1*bad/of
			if a <= b || !fails && (fast == 0 || slow < 10*fast) {
				continue
			}
			f := s.about(k, metric.Load, low, s.all())
			if fails {
				f.add(lowFails, count(bad), count(of), low, count(good), count(all2), high)
				f.shows(metric.Ref{Metric: opFailed, Element: low}, bad, max(fewTasks, 0.1*of))
			} else {
				f.add(lowWaits, low, long(slow), high, long(fast))
				f.shows(metric.Ref{Metric: confirmed, Element: low, Stat: metric.Mean}, slow, 10*fast)
			}
			f.Hurt = s.total(offered, low)
			all = append(all, f)
			break
		}
	}
	return all
}

func (s *study) priority(load string) int {
	for i := range s.design.Loads {
		if l := &s.design.Loads[i]; l.Name == load {
			return l.Priority
		}
	}
	return 0
}
