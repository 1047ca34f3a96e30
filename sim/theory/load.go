package theory

import (
	"fmt"
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/metric"
)

// load notes what is known about the operations of an open load.
func (x *system) load(i int) {
	l := &x.d.Loads[i]
	name := "load." + l.Name
	f := Finding{Element: name, Model: x.pathModel()}
	f.assume("a steady state", x.unsteady)
	defer func() { x.findings = append(x.findings, f) }()
	first, why := x.first(l)
	f.assume("every request comes to its end in a line that has a model", why)
	lost := 0.0
	if first != nil && first.m != nil {
		lost = first.q.Refused + first.q.GivenUp
	}
	retried := ""
	if lost > negligible && (l.Retry.Attempts > 1 || l.Retry.Attempts == design.Unlimited) {
		retried = "what is turned away is asked for again"
	}
	f.assume("nothing is asked for twice", retried)
	if x.unsteady != "" || why != "" || retried != "" {
		return
	}
	if lost > negligible {
		x.losses(l, first, &f)
	}
	accepted := x.accepted(l)
	f.assume("the way of an operation is a sum of lines, work and links", noNumber(accepted))
	if noNumber(accepted) != "" {
		return
	}
	confirmed := accepted
	if len(l.Confirm) > 0 {
		var unclear string
		confirmed, unclear = x.confirmed(l)
		f.assume("one message at a time leads to what confirms it", unclear)
	}
	if over := x.tooLate(l, accepted.mean, confirmed.mean); over != "" {
		f.assume("nobody gives up an operation", over)
		accepted.kind, confirmed.kind = max(accepted.kind, Approximation), max(confirmed.kind, Approximation)
	}
	f.say(stat(name, acceptedLatency, metric.Mean), accepted.mean, accepted.kind)
	f.say(stat(name, confirmedLatency, metric.Mean), confirmed.mean, confirmed.kind)
	x.percentiles(l, first, &f, accepted.kind)
	if first != nil {
		f.Memory = x.slowest()
	}
}

func noNumber(s span) string {
	if finite64(s.mean) {
		return ""
	}
	return "it waits for several at once, or comes to what has no model"
}

// slowest is the longest memory of the services.
func (x *system) slowest() float64 {
	most := 0.0
	for i := range x.services {
		if s := &x.services[i]; s.rate > 0 && s.m != nil {
			most = max(most, memory(&s.q, s.work))
		}
	}
	return most
}

// pathModel names what the latencies of loads stand on.
func (x *system) pathModel() *Model {
	stations := 0
	for i := range x.services {
		s := &x.services[i]
		switch {
		case s.layer != nil:
			return layered
		case s.rate > 0 && s.m != nil && s.workers > 0:
			stations++
			if s.m != mm1 && s.m != mmc || s.wait.kind != Exact {
				return x.forked(path)
			}
		}
	}
	if stations > 1 {
		return x.forked(jackson)
	}
	return x.forked(path)
}

func (x *system) forked(m *Model) *Model {
	for _, h := range x.handlers {
		if h.rate > 0 && h.fork != nil {
			return forkJoin
		}
	}
	return m
}

// first finds the service that a load's requests come to, or nil where they come to a
// broker or need no worker; and says what on the whole way of the load has no model.
func (x *system) first(l *design.Load) (*service, string) {
	if len(l.Uses) > 0 {
		return nil, "it asks through a " + l.Uses[0].Of.Declaration().Key
	}
	var s *service
	if h := x.at[l.To]; h != nil {
		s = &x.services[h.svc]
	}
	seen := map[*handler]bool{}
	var visit func(from string, t design.Target) string
	visit = func(from string, t design.Target) string {
		if why := x.linkTrouble(from, t.Node); why != "" {
			return why
		}
		if why := x.linkTrouble(t.Node, from); why != "" {
			return why
		}
		for _, h := range x.reached(t) {
			g := &x.services[h.svc]
			if seen[h] {
				continue
			}
			seen[h] = true
			if why := x.obstacle(h, g); why != "" {
				return why
			}
			for _, c := range h.sends {
				if why := visit(g.d.Name, c.to); why != "" {
					return why
				}
			}
		}
		return ""
	}
	return s, visit(l.Name, l.To)
}

// obstacle says why a handler on the way of a load cannot be told; "" if it can.
func (x *system) obstacle(h *handler, g *service) string {
	again := len(g.readers) == 1 && g.readers[0].h == h && g.readers[0].again()
	switch {
	case h.trouble != "":
		return h.at.String() + ": " + h.trouble
	case h.fails > 0 && !again:
		return h.at.String() + ": some tasks fail"
	case !x.users && g.rate > 0 && g.m == nil && g.below == "":
		return "service " + g.d.Name + ": " + g.trouble
	}
	return ""
}

// losses notes the shares that a load loses at the service that it asks.
func (x *system) losses(l *design.Load, s *service, f *Finding) {
	name := "load." + l.Name
	kind := s.wait.kind
	if s.q.Refused > negligible {
		f.rare(name+".failed.rejected.ratio", s.q.Refused, kind, s.rate*s.q.Refused)
	}
	if s.q.GivenUp > negligible {
		f.rare(name+".failed.expired.ratio", s.q.GivenUp, kind, s.rate*s.q.GivenUp)
	}
	f.say(stat(name, throughput, metric.Plain), rateOf(l)*(1-s.q.Refused-s.q.GivenUp), kind)
	f.Memory = memory(&s.q, s.work)
}

// accepted is the mean time to the first positive answer.
func (x *system) accepted(l *design.Load) span {
	there, back := x.way(l.Name, l.To.Node), x.way(l.To.Node, l.Name)
	h := x.at[l.To]
	if h == nil {
		for _, r := range x.readers[l.To] {
			if r.queue.Overflow == overflow.Block {
				return unknown
			}
		}
		return span{there + back, Exact}
	}
	s := &x.services[h.svc]
	keep := s.wait
	if s.d.Discipline == design.Sharing && s.workers > 0 {
		s.wait.mean = s.q.Wait
	}
	if s.m == cobham {
		s.wait.mean = x.waitOf(s, l.Priority)
	}
	delete(x.known, l.To)
	a := x.reply(l.To, false)
	delete(x.known, l.To)
	s.wait = keep
	a.mean += there + back
	return a
}

// waitOf is the mean wait of one priority.
func (x *system) waitOf(s *service, priority int) float64 {
	classes := make([]Class, design.MaxPriorities)
	for _, i := range s.sources {
		l := &x.d.Loads[i]
		w, r := x.at[l.To].work[0], rateOf(l)
		c := &classes[l.Priority]
		c.Work = (c.Work*c.Rate + w.mean()*r) / (c.Rate + r)
		c.Second = (c.Second*c.Rate + w.m2/w.p*r) / (c.Rate + r)
		c.Rate += r
	}
	waits, err := Cobham(classes)
	if err != nil {
		return math.NaN()
	}
	return waits[priority]
}

// confirmed is the mean time until the handler that confirms has completed, where one
// message at a time leads there.
func (x *system) confirmed(l *design.Load) (span, string) {
	if len(l.Confirm) != 1 || l.Confirms > 1 {
		return unknown, "several completions confirm an operation"
	}
	target := x.at[l.Confirm[0]]
	leads := x.leading(target)
	first, p := x.onward(l.Name, l.To, leads)
	if p != 1 {
		return unknown, "not one message leads to " + l.Confirm[0].String()
	}
	times := map[*handler]float64{}
	kind := Exact
	for range x.sweeps() {
		change := 0.0
		for _, h := range slices.Backward(x.handlers) {
			if !leads[h] {
				continue
			}
			t, k, why := x.until(h, target, leads, times)
			if why != "" {
				return unknown, why
			}
			kind = max(kind, k)
			change = max(change, math.Abs(t-times[h])/(t+1e-12))
			times[h] = t
		}
		if change < 1e-12 {
			break
		}
	}
	total := first.before
	if first.h != nil {
		total += times[first.h]
	}
	return span{total, max(kind, first.kind)}, ""
}

// leading are the handlers from which messages come to a target, itself included.
func (x *system) leading(target *handler) map[*handler]bool {
	leads := map[*handler]bool{target: true}
	for again := true; again; {
		again = false
		for _, h := range x.handlers {
			for _, c := range h.sends {
				if leads[h] || c.op == design.Call || c.op == design.Await {
					continue
				}
				for _, g := range x.reached(c.to) {
					if leads[g] {
						leads[h], again = true, true
					}
				}
			}
		}
	}
	return leads
}

// hop is where a message goes on, and the mean time until its delivery.
type hop struct {
	h      *handler
	before float64
	kind   Kind
}

// onward follows a message to the handler that leads to the target. p is how many of
// them it reaches.
func (x *system) onward(from string, t design.Target, leads map[*handler]bool) (out hop, p int) {
	if h := x.at[t]; h != nil {
		if leads[h] {
			return hop{h, x.way(from, t.Node), Exact}, 1
		}
		return hop{}, 0
	}
	for _, r := range x.readers[t] {
		if !leads[r.h] {
			continue
		}
		p++
		s := &x.services[r.h.svc]
		out = hop{r.h, x.way(from, t.Node) + x.way(t.Node, s.d.Name) + s.wait.mean, s.wait.kind}
		if l := x.d.LinkBetween(t.Node, s.d.Name); !l.Latency.IsConstant() || !l.Jitter.IsZero() {
			out.kind = Approximation // the order of the connection holds some back
		}
	}
	return out, p
}

// until is the mean time from a handler's beginning to the completion of the target.
func (x *system) until(h, target *handler, leads map[*handler]bool, times map[*handler]float64) (float64, Kind, string) {
	s := &x.services[h.svc]
	keep := s.wait
	if len(s.readers) > 0 {
		s.wait.mean = 0 // it was in the queue
	}
	if s.d.Discipline == design.Sharing && s.workers > 0 {
		s.wait.mean = s.q.Wait
	}
	total, sum, kind, why := 0.0, 0.0, Exact, ""
	c := x.walk(h, false, func(t design.Target, p, at float64) {
		next, n := x.onward(s.d.Name, t, leads)
		if n > 1 {
			why = "several readers of " + t.String() + " lead on"
		}
		if n == 1 {
			sum += p
			total += p * (at + next.before + times[next.h])
			kind = max(kind, next.kind)
		}
	})
	s.wait = keep
	kind = max(kind, c.kind, s.wait.kind)
	if h == target {
		total, sum = c.endT, c.endP
	}
	through := 1 - h.fails
	if why != "" {
		return 0, kind, why
	}
	if math.Abs(sum-through) > 1e-9 {
		return 0, kind, fmt.Sprintf("%s sends on %.4g messages, not 1", h.at, sum)
	}
	total /= through
	if h.fails > 0 { // those before failed at the same place, and stood in line again
		total += (s.wait.mean + s.own) * h.fails / through
	}
	return total, kind, ""
}

// tooLate says that a load gives up operations, "" if next to none: by an exponential
// tail with the mean time.
func (x *system) tooLate(l *design.Load, accepted, confirmed float64) string {
	check := func(limit, otherwise time.Duration, mean float64, what string) string {
		if limit == 0 {
			limit = otherwise
		}
		if limit < 0 || mean <= 0 {
			return ""
		}
		if p := math.Exp(-limit.Seconds() / mean); p > 1e-4 {
			return fmt.Sprintf("about %.2g%% take longer than the %s of %v", 100*p, what, limit)
		}
		return ""
	}
	if why := check(l.Timeout, design.DefaultTimeout, accepted, "timeout"); why != "" {
		return why
	}
	return check(l.Deadline, design.DefaultDeadline, max(accepted, confirmed), "deadline")
}

// percentiles of a load whose operations are the tasks of one M/M/c or G/M/1 queue.
func (x *system) percentiles(l *design.Load, s *service, f *Finding, kind Kind) {
	h := x.at[l.To]
	if h == nil || s == nil || s.m == nil || !s.tailed() || kind != Exact || len(l.Confirm) > 0 || len(h.parts) != 1 || h.replies || len(h.sends) > 0 ||
		s.work.shape != exponential || s.classes > 1 || max(1, s.d.Instances) > 1 && len(s.sources) != 1 {
		return
	}
	there, back := x.d.LinkBetween(l.Name, s.d.Name), x.d.LinkBetween(s.d.Name, l.Name)
	if !there.Latency.IsConstant() || !back.Latency.IsConstant() || !there.Jitter.IsZero() || !back.Jitter.IsZero() {
		return
	}
	way := there.Latency.Mean() + back.Latency.Mean()
	for _, p := range []struct {
		name string
		at   float64
	}{{"p50", 0.5}, {"p99", 0.99}} {
		_, t := s.q.Quantiles(p.at)
		f.say("load."+l.Name+".confirmed.latency."+p.name, way+t, kind)
	}
}
