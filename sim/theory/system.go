package theory

import (
	"fmt"
	"math"

	"asynclab/sim/design"
	"asynclab/sim/draw"
)

// system is a design as the analysis sees it.
type system struct {
	d        *design.Design
	services []service
	handlers []*handler
	at       map[design.Target]*handler
	queues   map[design.Target]*design.Queue
	readers  map[design.Target][]*reader // by queue or topic
	byName   map[string]*service
	known    map[design.Target]span // mean times to an answer
	bare     map[design.Target]span // of work alone
	asking   map[design.Target]bool
	users    bool   // rates are visits of a cycle: no line has a model of its own
	noWays   bool   // links take no time
	unsteady string // why there is no steady state at all
	findings []Finding
}

// span is a mean time and how far it can be trusted; NaN: not known.
type span struct {
	mean float64
	kind Kind
}

var unknown = span{math.NaN(), Approximation}

// reader is a service that consumes a queue or a subscription.
type reader struct {
	h     *handler
	c     *design.Consume
	queue *design.Queue
	name  string // queue.BROKER/Q
	rate  float64
	wait  span
}

// service is a service as a station.
type service struct {
	d        *design.Service
	hs       []*handler
	readers  []*reader
	workers  int      // in all; 0 unlimited
	rate     float64  // stands in line per second
	work     moments  // time that a stand holds a worker, where that does not depend on others' lines
	classes  int      // different times of work
	held     []string // services that its workers wait for
	absorbed bool     // the answers they wait for are in its work
	sources  []int    // loads whose requests come straight
	others   bool     // tasks come from elsewhere too
	rough    string   // why arrivals are not Poisson
	passes   string   // why what leaves is not Poisson
	trouble  string
	wait     span // of a stand, before a worker takes it
	q        Queue
	m        *Model  // nil: none fits
	bound    bool    // q is a lower bound
	own      float64 // mean work of a stand, without what a consumer's slot is held for
	apart    bool    // the line is partly in the queue, partly at the consumer
	layer    *Layer
	below    string // the service whose layer it is in
}

func newSystem(d *design.Design, changes []design.Change) *system {
	x := &system{d: d, at: map[design.Target]*handler{}, queues: map[design.Target]*design.Queue{}, readers: map[design.Target][]*reader{},
		byName: map[string]*service{}, known: map[design.Target]span{}, bare: map[design.Target]span{}, asking: map[design.Target]bool{}}
	for i := range d.Brokers {
		b := &d.Brokers[i]
		for j := range b.Queues {
			x.queues[design.Target{Node: b.Name, Entry: b.Queues[j].Name}] = &b.Queues[j]
		}
	}
	x.services = make([]service, len(d.Services))
	for i := range d.Services {
		s := &x.services[i]
		s.d = &d.Services[i]
		x.byName[s.d.Name] = s
		if w := s.d.WorkersEach(); w != design.Unlimited {
			s.workers = w * max(1, s.d.Instances)
		}
		s.wait = unknown
		for j := range s.d.Handlers {
			h := &handler{at: design.Target{Node: s.d.Name, Entry: s.d.Handlers[j].Name}, svc: i}
			x.read(h, s.d.Handlers[j].Steps, s.speed())
			x.handlers, s.hs = append(x.handlers, h), append(s.hs, h)
			x.at[h.at] = h
		}
	}
	for i := range x.services {
		x.consumers(&x.services[i])
	}
	x.unsteady = unsteady(d, changes)
	return x
}

func (s *service) speed() float64 {
	if s.d.Speed == 0 {
		return 1
	}
	return s.d.Speed
}

// consumers links a service to what it consumes.
func (x *system) consumers(s *service) {
	for j := range s.d.Consumes {
		c := &s.d.Consumes[j]
		h := x.at[design.Target{Node: s.d.Name, Entry: c.Handler}]
		if h == nil {
			continue
		}
		r := &reader{h: h, c: c, queue: x.queues[c.From], name: "queue." + c.From.String(), wait: unknown}
		if r.queue == nil { // a topic
			r.name += "/" + c.SubscriptionOf(s.d.Name)
			r.queue = x.subscription(c, s.d.Name)
		}
		if r.queue == nil {
			continue
		}
		x.readers[c.From] = append(x.readers[c.From], r)
		s.readers = append(s.readers, r)
	}
}

// partitioned reports whether a target is a topic with partitions.
func (x *system) partitioned(to design.Target) bool {
	for i := range x.d.Brokers {
		for j := range x.d.Brokers[i].Topics {
			if t := &x.d.Brokers[i].Topics[j]; x.d.Brokers[i].Name == to.Node && t.Name == to.Entry {
				return t.Partitions > 0
			}
		}
	}
	return false
}

func (x *system) subscription(c *design.Consume, service string) *design.Queue {
	for i := range x.d.Brokers {
		for j := range x.d.Brokers[i].Topics {
			if t := &x.d.Brokers[i].Topics[j]; x.d.Brokers[i].Name == c.From.Node && t.Name == c.From.Entry {
				for _, q := range t.All([]string{c.SubscriptionOf(service)}) {
					if q.Name == c.SubscriptionOf(service) {
						return &q
					}
				}
			}
		}
	}
	return nil
}

// unsteady says why a design has no steady state, whatever its queues do; "" if it may
// have one.
func unsteady(d *design.Design, changes []design.Change) string {
	if len(d.Faults) > 0 {
		return fmt.Sprintf("fault %s changes it while it runs", d.Faults[0].Name)
	}
	if len(changes) > 0 {
		return "parameters are changed while it runs"
	}
	if what := d.ReadsAttributes(); what != "" {
		return what + " reads attributes of operations, of which no model here knows"
	}
	for i := range d.Services {
		s := &d.Services[i]
		for j := range s.Consumes {
			switch k := &s.Consumes[j]; {
			case k.Batch.Max > 0:
				return "service " + s.Name + " takes batches, of which no model here knows"
			case k.Pull.On:
				return "service " + s.Name + " asks for its messages, of which no model here knows"
			}
		}
	}
	for i := range d.Brokers {
		switch b := &d.Brokers[i]; {
		case b.Capacity.Workers > 0:
			return "messages cost broker " + b.Name + " time of its own, of which no model here knows"
		case b.Flow != (design.FlowControl{}):
			return "broker " + b.Name + " holds publishers back, of which no model here knows"
		case b.Replicas.Acks == design.AcksNone:
			return "broker " + b.Name + " acknowledges nothing, of which no model here knows"
		}
	}
	for i := range d.Loads {
		l := &d.Loads[i]
		why := ""
		switch a := &l.Arrivals; {
		case a.Kind == design.Trace:
			why = "comes at given times"
		case len(a.Profile) > 1 || len(a.Profile) == 1 && a.Profile[0].From != a.Profile[0].To:
			why = "changes its rate"
		case l.Start > 0:
			why = "begins later"
		case l.Stop > 0 || l.Count > 0:
			why = "comes to an end"
		}
		if why != "" {
			return fmt.Sprintf("load %s %s", l.Name, why)
		}
	}
	return ""
}

// rateOf is the rate of the operations of an open load.
func rateOf(l *design.Load) float64 {
	a := &l.Arrivals
	rate := a.Rate
	if len(a.Profile) == 1 {
		rate = a.Profile[0].From
	}
	if a.Kind == design.Renewal {
		rate = 1 / a.Interval.Mean()
	}
	if a.Scale > 0 && a.Kind != design.Renewal {
		rate *= a.Scale
	}
	if a.HasBatch {
		rate *= a.Batch.Mean()
	}
	return rate
}

// intervals says how the arrivals of a load are not Poisson ("" if they are), with the
// squared coefficient of variation of their intervals and their quantiles.
func intervals(l *design.Load) (rough string, ca2 float64, quantile func(u float64) float64) {
	a := &l.Arrivals
	name := "load " + l.Name
	switch {
	case a.HasBatch && !(a.Batch.IsConstant() && a.Batch.Mean() == 1):
		return name + " comes in batches", math.NaN(), nil
	case a.Kind == design.Poisson, a.Kind == design.Renewal && a.Interval.Kind() == draw.Exponential:
		return "", 1, nil
	case a.Kind == design.Regular:
		t := 1 / rateOf(l)
		return name + " comes evenly spaced", 0, func(float64) float64 { return t }
	case a.Kind == design.Renewal:
		mean := a.Interval.Mean()
		return name + " comes with intervals of " + a.Interval.String(), a.Interval.Variance() / mean / mean, a.Interval.Sample
	}
	return name + " is closed: who waits asks nothing new", math.NaN(), nil
}

// flows finds the rates of all handlers, by repetition until they stay; false if they
// grow without end or there are too many. weights are the rates of the loads.
func (x *system) flows(rate func(i int) float64) bool {
	for _, h := range x.handlers {
		h.rate = 0
	}
	for _, all := range x.readers {
		for _, r := range all {
			r.rate = 0
		}
	}
	next := make(map[*handler]float64, len(x.handlers))
	queued := map[*reader]float64{}
	for range x.sweeps() {
		clear(next)
		clear(queued)
		for i := range x.d.Loads {
			x.deliver(x.d.Loads[i].To, rate(i), next, queued)
		}
		for _, h := range x.handlers {
			for _, s := range h.sends {
				x.deliver(s.to, h.rate*s.n, next, queued)
			}
		}
		change, size := 0.0, 0.0
		for _, h := range x.handlers {
			change = max(change, math.Abs(next[h]-h.rate))
			size = max(size, next[h])
			h.rate = next[h]
		}
		for r, v := range queued {
			r.rate = v
		}
		if size > 1e15 {
			return false
		}
		if change <= 1e-13*size {
			return true
		}
	}
	return false
}

// sweeps bounds how often something is worked out anew for all handlers: a second's work.
func (x *system) sweeps() int { return min(10_000, 10_000_000/(1+len(x.handlers))) }

// deliver adds messages to what they reach: a handler, or the readers of a queue or of
// each subscription of a topic. What a reader refuses is delivered again.
func (x *system) deliver(t design.Target, rate float64, to map[*handler]float64, queued map[*reader]float64) {
	if rate == 0 {
		return
	}
	if h := x.at[t]; h != nil {
		to[h] += rate
		return
	}
	for _, r := range x.readers[t] {
		if r.again() {
			to[r.h] += rate / (1 - r.h.fails)
		} else {
			to[r.h] += rate
		}
		queued[r] += rate
	}
}

// again reports whether a failed delivery is repeated without end.
func (r *reader) again() bool {
	return r.h.fails > 0 && r.h.fails < 1 && r.c.Ack == design.Manual && r.queue.MaxDeliveries == 0 && r.queue.RedeliveryDelay.Base.IsZero()
}
