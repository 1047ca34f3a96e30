package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// block is the offset of an element's metrics in the recorder. A declared metric
// is at its constant from there: m.c + metric.ServiceArrived.
type block struct {
	c measure.Counter
	l measure.LevelID
	h measure.HistID
}

// take is the next block for an element of a kind.
func (b *block) take(k *metric.Kind) block {
	first := *b
	counters, levels, hists := k.Size()
	b.c += measure.Counter(counters)
	b.l += measure.LevelID(levels)
	b.h += measure.HistID(hists)
	return first
}

func (c *compiler) metricTables() {
	next := &c.metrics
	for i := range c.loads {
		c.loads[i].m = next.take(metric.Load)
		next.c += measure.Counter(len(c.reasons)) - 1 // LoadFailedBy is of the first
	}
	c.edgeMetrics(true)
	c.arrivals.h = next.h
	for i := range c.queues[:c.named] {
		c.queues[i].m = next.take(metric.Queue)
	}
	c.arrivals.c = next.c
	for i := range c.partitions { // whose messages are counted as those of their subscription
		t := &c.partitions[i]
		t.m, c.queues[t.queue].m = next.take(metric.Partition), c.queues[c.groups[t.group].queue].m
	}
	for i := range c.groups {
		c.groups[i].m = next.take(metric.Group)
	}
	for i := range c.logs {
		if t := &c.logs[i]; t.keeps && i > 0 && c.logs[i-1].topic == t.topic {
			t.m = c.logs[i-1].m // those of a topic are counted together
		} else if t.keeps {
			t.m = next.take(metric.Log)
		}
	}
	for i := range c.flushes {
		if t := &c.flushes[i]; i > 0 && c.flushes[i-1].name == t.name {
			t.m = c.flushes[i-1].m // those of a topic are counted together
		} else {
			t.m = next.take(metric.Flush)
		}
	}
	for i := range c.brokers {
		if t := &c.brokers[i].replicas; t.nodes > 1 {
			t.m = next.take(metric.Replication)
		}
		if t := &c.brokers[i].flow; t.on {
			t.m = next.take(metric.Flow)
		}
		if t := &c.brokers[i].capacity; t.workers > 0 {
			t.m = next.take(metric.Capacity)
			t.there = next.l
			next.l++
		}
	}
	for i := range c.services {
		c.services[i].m = next.take(metric.Service)
		c.services[i].capacity = next.l
		next.l++
	}
	for i := range c.links {
		c.links[i].m = next.take(metric.Link)
		c.wires = append(c.wires, c.links[i].wire())
	}
	for i := range c.conns {
		if t := &c.conns[i]; i > 0 && t.name == c.conns[i-1].name {
			t.m = c.conns[i-1].m // those of a service are counted together
		} else {
			t.m = next.take(metric.Connection)
		}
	}
	c.edgeMetrics(false)
	c.mechanismMetrics(next)
	c.storeMetrics(next)
	for i := range c.gathers {
		if t := &c.gathers[i]; i > 0 && t.site == c.gathers[i-1].site {
			t.m = c.gathers[i-1].m // those of all instances are counted together
		} else {
			t.m = next.take(metric.Publisher)
		}
	}
	for i := range c.consumes {
		if t := &c.consumes[i]; t.fetches {
			t.fetch.m = next.take(metric.Consumer)
		}
	}
}

// meter is a metric of one element, and its place in the recorder.
type meter struct {
	metric.Ref                   // without its statistic
	index      int               // of the element
	c          measure.Counter   // of a count
	of         measure.Counter   // what its ratio is of, if it has one
	plus       []measure.Counter // none or one: times that is added
	times      int64
	l          measure.LevelID
	h          measure.HistID
	per        float64 // a level is divided by this
	byArrival  bool    // it is about the operations that arrived in the window, or the messages published
}

// completed is the counter of confirmed operations: where the reply is also the
// confirmation, accepted and confirmed share one counter.
func (l *loadT) completed() measure.Counter {
	if len(l.confirm) == 0 {
		return l.m.c + metric.LoadAccepted
	}
	return l.m.c + metric.LoadCompleted
}

func (l *loadT) confirmedLatency() measure.HistID {
	if len(l.confirm) == 0 {
		return l.m.h + metric.LoadAcceptedLatency
	}
	return l.m.h + metric.LoadConfirmedLatency
}

// Sections lists the elements that have metrics, as their names begin: "load.shoppers".
func (p *Program) Sections() (all []string) {
	add := func(k *metric.Kind, element string) {
		all = append(all, metric.Ref{Metric: &k.Metrics[0], Element: element}.Section())
	}
	for i := range p.loads {
		add(metric.Load, p.loads[i].name)
	}
	for i := range p.services {
		add(metric.Service, p.services[i].name)
	}
	for i := range p.edges {
		add(metric.Edge, p.edges[i].name)
	}
	for i := range p.brokers {
		add(metric.Broker, p.brokers[i].name)
	}
	for i := range p.queues[:p.named] {
		add(metric.Queue, p.queues[i].name)
	}
	for i := range p.partitions {
		add(metric.Partition, p.queues[p.partitions[i].queue].name)
	}
	for i := range p.groups {
		add(metric.Group, p.queues[p.groups[i].queue].name)
	}
	p.eachFlow(func(t *brokerT, _ int) { add(metric.Flow, t.name) })
	p.eachReplicated(func(t *brokerT, _ int) { add(metric.Replication, t.name) })
	p.eachCapacity(func(t *brokerT, _ int) { add(metric.Capacity, t.name) })
	p.eachKept(func(t *topicT, _ int) { add(metric.Log, t.name) })
	p.eachFlushed(func(t *flushT, _ int) { add(metric.Flush, t.name) })
	for i := range p.links {
		add(metric.Link, p.links[i].from+"->"+p.links[i].to)
	}
	for i := range p.conns {
		add(metric.Connection, p.conns[i].name)
	}
	p.eachGathering(func(t *gatherT, _ int) { add(metric.Publisher, t.name) })
	p.eachFetching(func(t *fetchT, _ int) { add(metric.Consumer, t.name) })
	p.eachStored(func(k *metric.Kind, _ block, name string, _ int) { add(k, name) })
	p.eachMetered(func(k *metric.Kind, t *partT, _ int) { add(k, t.name) })
	for i := range p.faults {
		add(metric.Fault, p.faults[i].name)
	}
	add(metric.Run, "")
	return all
}

// meters lists the metrics of a program in reporting order.
func (p *Program) meters() []meter {
	var all []meter
	for i := range p.loads {
		l := &p.loads[i]
		first := len(all)
		all = l.m.meters(all, metric.Load, l.name, i, p.reasons...)
		for k := first; k < len(all); k++ {
			switch m := &all[k]; m.Key {
			case metric.LoadCompleted:
				m.c = l.completed()
			case metric.LoadConfirmedLatency:
				m.h = l.confirmedLatency()
			}
		}
		p.addHedges(all[first:], l.site)
	}
	for i := range p.services {
		all = p.services[i].m.meters(all, metric.Service, p.services[i].name, i)
	}
	all = p.edgeMeters(all)
	for i := range p.brokers {
		all = block{}.meters(all, metric.Broker, p.brokers[i].name, i)
	}
	for i := range p.queues[:p.named] {
		q, first := &p.queues[i], len(all)
		all = q.m.meters(all, metric.Queue, q.name, i)
		all = append(all[:first], slices.DeleteFunc(all[first:], func(m meter) bool { return q.gid > 0 == (m.Key == metric.QueueAge) && ofLogs(m.Key) })...)
	}
	for i := range p.partitions {
		t := &p.partitions[i]
		all = t.m.meters(all, metric.Partition, p.queues[t.queue].name, i)
	}
	for i := range p.groups {
		g := &p.groups[i]
		all = g.m.meters(all, metric.Group, p.queues[g.queue].name, i)
	}
	p.eachFlow(func(t *brokerT, i int) { all = t.flow.m.meters(all, metric.Flow, t.name, i) })
	p.eachCapacity(func(t *brokerT, i int) { all = t.capacity.m.meters(all, metric.Capacity, t.name, i) })
	p.eachReplicated(func(t *brokerT, i int) { all = t.replicas.m.meters(all, metric.Replication, t.name, i) })
	p.eachKept(func(t *topicT, i int) { all = p.logs[t.log0].m.meters(all, metric.Log, t.name, i) })
	p.eachFlushed(func(t *flushT, i int) { all = t.m.meters(all, metric.Flush, t.name, i) })
	for i := range p.links {
		all = p.links[i].m.meters(all, metric.Link, p.links[i].from+"->"+p.links[i].to, i)
	}
	for i := range p.conns {
		if t := &p.conns[i]; i == 0 || t.name != p.conns[i-1].name {
			all = t.m.meters(all, metric.Connection, t.name, i)
		}
	}
	p.eachGathering(func(t *gatherT, i int) { all = t.m.meters(all, metric.Publisher, t.name, i) })
	p.eachFetching(func(t *fetchT, i int) { all = t.m.meters(all, metric.Consumer, t.name, i) })
	p.eachStored(func(k *metric.Kind, b block, name string, i int) { all = b.meters(all, k, name, i) })
	p.eachMetered(func(k *metric.Kind, t *partT, i int) { all = t.m.meters(all, k, t.name, i) })
	for i := range p.faults {
		if f := &p.faults[i]; f.byHand == "" {
			all = block{}.meters(all, metric.Fault, f.name, i)
		}
	}
	all = block{}.meters(all, metric.Run, "", 0)
	return slices.DeleteFunc(all, func(m meter) bool { return !p.priced(&m) })
}

// eachReplicated visits the brokers of several nodes.
func (p *Program) eachReplicated(do func(t *brokerT, i int)) {
	for i := range p.brokers {
		if t := &p.brokers[i]; t.replicas.nodes > 1 {
			do(t, i)
		}
	}
}

// eachKept visits the topics that keep their messages.
func (p *Program) eachKept(do func(t *topicT, i int)) {
	for i := range p.topics {
		if t := &p.topics[i]; t.keeps {
			do(t, i)
		}
	}
}

// ofLogs reports whether a metric is one that only subscriptions of topics with
// partitions have, or only other queues.
func ofLogs(key any) bool {
	return key == metric.QueueAge || key == metric.QueueLag || key == metric.QueueLagTime
}

// meters appends those of an element whose metrics begin at b; of what has a count for
// each cause, these are the reasons.
func (b block) meters(all []meter, k *metric.Kind, element string, index int, reasons ...*design.Reason) []meter {
	for i := range k.Metrics {
		m := meter{Ref: metric.Ref{Metric: &k.Metrics[i], Element: element}, index: index, times: 1, per: 1, byArrival: k.Metrics[i].ByArrival()}
		switch key := m.Key.(type) {
		case measure.Counter:
			m.c = b.c + key
		case measure.LevelID:
			m.l = b.l + key
		case measure.HistID:
			m.h = b.h + key
		}
		if of, ok := m.Of.(measure.Counter); ok {
			m.of = b.c + of
		}
		if plus, ok := m.Plus.(measure.Counter); ok {
			m.plus = []measure.Counter{b.c + plus}
		}
		if less, ok := m.Less.(measure.Counter); ok {
			m.plus, m.times = []measure.Counter{b.c + less}, -1
		}
		switch m.Metric.Unit {
		case draw.Bytes: // of messages of the default size, only their number is held
			m.times = defaultSize
		case draw.Seconds: // a level of time is in nanoseconds
			m.per = 1e9
		}
		if !m.PerCause {
			all = append(all, m)
			continue
		}
		for c, reason := range reasons[design.Timeout:] {
			m.Cause, m.c = reason.Name, b.c+m.Key.(measure.Counter)+measure.Counter(design.Timeout)+measure.Counter(c)
			all = append(all, m)
		}
	}
	return all
}

func (r *Run) trackAges() {
	for qi := range r.queues {
		r.trackAge(int32(qi))
	}
}

// trackAge records the growth of the age of the message at a queue's head since
// the last record, and its value now.
func (r *Run) trackAge(qi int32) {
	d, q := &r.queues[qi], &r.prog.queues[qi]
	if q.gid > 0 || q.part > 0 {
		r.trackLag(qi, d.oldest)
		return
	}
	id := q.m.l + metric.QueueAge
	if d.oldest >= 0 {
		r.rec.Ramp(id, d.oldest+d.aged, r.now, r.now-d.oldest)
	}
	d.oldest, d.aged = -1, 0
	if d.head != none {
		d.oldest = r.copies.items[d.head].published
		d.aged = r.now - d.oldest
	}
	r.rec.SetLevel(id, r.now, d.aged)
}
