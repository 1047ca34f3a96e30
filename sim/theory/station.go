package theory

import (
	"fmt"
	"math"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// station notes what is known about a service and the queue before it.
func (x *system) station(s *service) {
	f := Finding{Element: "service." + s.d.Name, Model: s.m}
	if s.m == nil {
		f.Model = s.nearest()
	}
	x.assumptions(s, &f)
	defer func() {
		if !f.Fits() && len(f.Broken()) == 0 {
			f.assume("it is known how long a task takes", "its tasks wait for what has no model")
		}
		x.findings = append(x.findings, f)
	}()
	if x.unsteady != "" || s.trouble != "" && !s.bound {
		return
	}
	f.Detail = s.detail()
	if s.bound {
		f.Model = mmc
		x.bound(s, &f)
		return
	}
	kind := s.wait.kind
	f.Memory = memory(&s.q, s.work)
	name := "service." + s.d.Name
	q := &s.q
	in := s.rate * (1 - q.Refused)
	if s.workers > 0 {
		util := in * (1 - q.GivenUp/(1-q.Refused)) * s.own / float64(s.workers)
		k := kind
		if q.Refused == 0 && q.GivenUp == 0 && s.m != layered {
			k = Exact // by Little's law, whatever the rest
		}
		f.say(stat(name, utilization, metric.Plain), util, k)
	} else if t := x.sojourn(s); len(s.held) == 0 || s.absorbed {
		f.say(stat(name, busy, metric.Mean), s.rate*s.own, Exact)
	} else if len(s.hs) == 1 && len(s.hs[0].parts) == 1 {
		f.say(stat(name, busy, metric.Mean), s.rate*t.mean, t.kind)
	}
	switch {
	case s.workers == 0 || s.d.Discipline == design.Sharing:
	case s.inQueue():
		x.queueOf(s, &f, kind)
	case s.apart:
	default:
		f.rare(stat(name, wait, metric.Mean), q.Wait, kind, s.delays())
		f.rare(stat(name, waiting, metric.Mean), q.Waiting, kind, s.delays())
		if s.tailed() {
			p99, _ := q.Quantiles(0.99)
			f.say(stat(name, wait, metric.P99), p99, kind)
		}
	}
	if q.Refused > negligible && len(s.readers) == 0 {
		f.rare(stat(name, rejected, metric.Ratio), q.Refused, kind, s.rate*q.Refused)
	}
	if t := x.sojourn(s); t.mean > 0 && !s.apart {
		f.say(stat(name, sojourn, metric.Mean), t.mean, max(t.kind, kind))
	}
}

// queueOf notes what is known about the queue in which the line of a service is.
func (x *system) queueOf(s *service, f *Finding, kind Kind) {
	r, q := s.readers[0], &s.q
	f.rare(stat(r.name, wait, metric.Mean), q.Wait, kind, s.delays())
	f.rare(stat(r.name, depth, metric.Mean), q.Waiting, kind, s.delays())
	if s.tailed() {
		p99, _ := q.Quantiles(0.99)
		f.say(stat(r.name, wait, metric.P99), p99, kind)
	}
	if q.Refused > negligible {
		f.rare(stat(r.name, rejected, metric.Ratio), q.Refused, kind, s.rate*q.Refused)
	}
}

// delays is about how many tasks a second find all workers busy.
func (s *service) delays() float64 {
	return s.rate * ErlangC(s.workers, s.rate*s.work.mean())
}

// tailed reports whether the distribution of the wait is known: not its mean alone.
func (s *service) tailed() bool {
	return s.q.tail != nil && s.d.Discipline != design.LIFO && s.d.Discipline != design.Sharing && s.d.Discipline != design.EarliestDeadline && s.wait.kind == Exact && (!s.others || s.rough == "")
}

// sojourn is the mean time of a task at a service, over its handlers.
func (x *system) sojourn(s *service) span {
	total, tasks, kind := 0.0, 0.0, Exact
	for _, h := range s.hs {
		if h.rate == 0 {
			continue
		}
		if h.trouble != "" || h.fails > 0 {
			return unknown
		}
		c := x.timeIn(h)
		total += h.rate * c.endT / c.endP
		tasks += h.rate
		kind = max(kind, c.kind)
	}
	if tasks == 0 {
		return unknown
	}
	return span{total / tasks, kind}
}

// timeIn walks through a handler; the line of one that a queue feeds is before it.
func (x *system) timeIn(h *handler) *clock {
	s := &x.services[h.svc]
	keep := s.wait
	if len(s.readers) > 0 {
		s.wait.mean = 0
	}
	if s.d.Discipline == design.Sharing && s.workers > 0 {
		s.wait.mean = s.q.Wait // the time that sharing adds
	}
	c := x.walk(h, false, nil)
	s.wait = keep
	return c
}

func (x *system) bound(s *service, f *Finding) {
	n := "service." + s.d.Name
	f.say(stat(n, utilization, metric.Plain), s.rate*s.own/float64(s.workers), Exact)
	f.Predictions = append(f.Predictions, Prediction{Metric: stat(n, wait, metric.Mean), Value: math.NaN(), Low: s.q.Wait, High: math.Inf(1), Kind: Bound})
	f.Detail += "; one line for all would be at least as fast"
	f.Memory = memory(&s.q, s.work)
}

func (s *service) detail() string {
	if s.workers == 0 {
		return fmt.Sprintf("%.4g tasks at work", s.rate*s.own)
	}
	text := fmt.Sprintf("%d worker", s.workers)
	if s.workers > 1 {
		text += "s"
	}
	return text + fmt.Sprintf(", load %.3g%%", 100*s.rate*s.work.mean()/float64(s.workers))
}

// nearest is the model that a service would be without what breaks it.
func (s *service) nearest() *Model {
	switch {
	case len(s.held) > 0 && s.workers > 0:
		return layered
	case s.workers == 0:
		return mginf
	case s.work.shape == exponential && s.workers == 1:
		return mm1
	case s.work.shape == exponential:
		return mmc
	case s.workers == 1:
		return mg1
	}
	return mgc
}

// assumptions notes what the model of a service takes for granted.
func (x *system) assumptions(s *service, f *Finding) {
	f.assume("a steady state", x.unsteady)
	if f.Model == gm1 || f.Model == ggc {
		f.assume("arrivals are independent of each other", "")
	} else {
		f.assume("arrivals are Poisson", s.rough)
	}
	if slices.Contains([]*Model{mm1, mmc, mmck, gm1, erlangA, mmcd}, f.Model) {
		work := ""
		if s.work.shape != exponential || s.classes > 1 {
			work = "its work is not exponential, or not the same for all"
		}
		f.assume("work is exponential", work)
	}
	if len(s.held) > 0 && s.workers > 0 {
		held := ""
		if f.Model == layered {
			held = s.heldFor()
		}
		f.assume("workers are held for their own work, or for answers that no line delays", held)
	}
	if s.trouble != "" && s.trouble != s.rough {
		f.assume("one line, first come first served; nobody gives up", s.trouble)
	}
}

func (s *service) heldFor() string {
	return fmt.Sprintf("%s's workers are held while it waits for %s", s.d.Name, list(slices.Compact(slices.Sorted(slices.Values(s.held)))))
}

// memory is about the time in which a queue forgets its beginning: the relaxation time of
// M/M/1 of the same speed, (1+cv²)/2 work/c ÷ (1-√ρ)², and one work (Cohen, The Single
// Server Queue, 1982, III.7; Newell 1982).
func memory(q *Queue, work moments) float64 {
	if q.Servers == 0 || !(q.Utilization < 1) {
		return work.mean()
	}
	r := 1 - math.Sqrt(q.Utilization)
	cv := work.cv2()
	if math.IsInf(cv, 1) {
		return 0
	}
	return work.mean() + (1+cv)/2*work.mean()/float64(q.Servers)/r/r
}

// layers solves a service whose workers wait for others in line.
func (x *system) layers(s *service) {
	if why := x.disturbed(s); why != "" {
		s.trouble = why
		return
	}
	top, why := x.layer(s, 0)
	if why != "" {
		s.trouble = why
		return
	}
	line := s.line()
	if top == nil || s.d.Instances > 1 || len(s.readers) > 0 {
		s.trouble = "its workers are held, and there are several instances of it, or a queue before it"
		return
	}
	l, err := SolveLayers(s.rate, top, line)
	if err != nil {
		s.trouble = err.Error() + ", as its workers wait for others"
		return
	}
	s.q, s.m, s.own, s.layer = l.Queue, layered, l.Busy/l.Throughput, top
	s.work = moments{p: 1, m1: s.own, m2: 2 * s.own * s.own, shape: other}
	s.wait = span{l.Wait, Approximation}
	x.lower(s, &l)
}

// lower notes what the layers say about the services below.
func (x *system) lower(s *service, l *Layered) {
	i, kind := 0, Exact // by Little's law
	if s.q.Refused > 0 {
		kind = Approximation
	}
	for _, h := range s.hs {
		for _, c := range h.sends {
			if h.rate == 0 || !c.held {
				continue
			}
			b := &Layered{Queue: Queue{Wait: math.NaN()}, Response: math.NaN()}
			if l != nil {
				b = &l.Below[i]
				x.known[c.to] = span{b.Response, Approximation}
			}
			i++
			g := x.byName[c.to.Node]
			g.below = s.d.Name
			f := Finding{Element: "service." + g.d.Name, Model: layered,
				Detail: fmt.Sprintf("asked by the %d workers of %s alone", s.workers, s.d.Name)}
			f.assume("a steady state", x.unsteady)
			if l == nil {
				f.assume("only the workers of one layer ask it", "it is two layers down: its lines are in the times of those above")
			}
			if x.unsteady == "" {
				f.Memory = memory(&s.q, s.work)
				if len(g.held) == 0 {
					f.say(stat(f.Element, utilization, metric.Plain), s.rate*c.n*g.own/float64(g.workers), kind)
				}
				f.rare(stat(f.Element, wait, metric.Mean), b.Wait, Approximation, g.delays())
				f.say(stat(f.Element, sojourn, metric.Mean), b.Response, Approximation)
			}
			x.findings = append(x.findings, f)
			x.lower(g, nil)
		}
	}
}

// layer describes a service for SolveLayers, and says why it cannot.
func (x *system) layer(s *service, depth int) (*Layer, string) {
	if depth > 8 || s.workers > MaxLayer {
		return nil, "its layers are too many to be solved"
	}
	var h *handler
	for _, g := range s.hs {
		if g.rate > 0 {
			if h != nil {
				return nil, "its workers are held by several handlers"
			}
			h = g
		}
	}
	if h == nil || len(h.parts) != 1 || h.fork != nil || h.fails > 0 || h.replies || h.trouble != "" || s.d.Instances > 1 {
		return nil, fmt.Sprintf("%s does more than work, call and answer, or has several instances", s.d.Name)
	}
	l := &Layer{Workers: s.workers, Work: h.work[0].mean()}
	for _, c := range h.sends {
		g := x.at[c.to]
		switch {
		case !c.held:
			continue
		case g == nil:
			return nil, "its workers wait for a broker"
		}
		t := &x.services[g.svc]
		if t.workers == 0 || len(t.sources) > 0 || math.Abs(t.rate-s.rate*c.n) > 1e-9*t.rate {
			return nil, fmt.Sprintf("its workers are held while it waits for %s, which others ask too or which has no end of workers", t.d.Name)
		}
		if why := x.linkTrouble(s.d.Name, t.d.Name); why != "" {
			return nil, why
		}
		below, why := x.layer(t, depth+1)
		if why != "" {
			return nil, why
		}
		l.Work += c.n * (x.way(s.d.Name, t.d.Name) + x.way(t.d.Name, s.d.Name))
		l.Calls = append(l.Calls, Call{c.n, below})
	}
	return l, ""
}
