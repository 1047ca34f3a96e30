package engine

import (
	"math"
	"slices"
	"time"

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

// ofOperations is the value of a computed metric of a load from counts of the
// operations that arrived in a window.
func (r *Run) ofOperations(m *meter, count func(measure.Counter) uint64) float64 {
	l := &r.prog.loads[m.index]
	offered := float64(count(l.m.c + metric.LoadOffered))
	if m.Key == metric.LoadUnfinished {
		return offered - float64(count(l.completed())) - float64(count(l.m.c+metric.LoadFailed))
	}
	more := count(l.m.c + metric.LoadRetries)
	if s := &r.prog.sites[l.site]; s.hedge > 0 {
		more += count(s.m.c + metric.EdgeHedges)
	}
	return (offered + float64(more)) / offered // 0/0 is null
}

// computed is the value of a metric that the recorder does not hold.
func (r *Run) computed(m *meter) float64 {
	switch m.Key {
	case metric.LoadUnfinished, metric.LoadAmplification:
		return r.ofOperations(m, r.rec.Count)
	case metric.LoadThroughput:
		return float64(r.kept().Happened(r.prog.loads[m.index].completed())) / r.measured()
	case metric.LoadOpen:
		return r.openBy(m, r.kept().Total)
	case metric.ServiceUtilization:
		return r.utilization(&r.prog.services[m.index])
	case metric.CapacityUtilization:
		t := &r.prog.brokers[m.index].capacity
		return r.kept().LevelMean(t.m.l+metric.CapacityBusy) / r.kept().LevelMean(t.there)
	case metric.ServiceHeld:
		s := &r.prog.services[m.index]
		held := metric.ServiceBusy
		if s.discipline == design.Sharing { // a thread for every task
			held = metric.ServiceTasks
		}
		return r.kept().LevelIntegral(s.m.l + held)
	case metric.ServiceHeldBlocked:
		return r.kept().LevelIntegral(r.prog.services[m.index].m.l + metric.ServiceBlocked)
	case metric.ServiceInstanceHours:
		return r.instanceHours(m.index)
	case metric.BrokerOperations:
		return r.brokerOperations(m.index, r.measuredBill())
	case metric.ServiceCost, metric.BrokerCost, metric.RunCost:
		return r.cost(m, r.measuredBill())
	case metric.EdgeTime, metric.EdgeBlocked:
		return r.computedEdge(m)
	case metric.QueueDrainTime:
		return r.drainTime(m.index)
	case metric.FaultAffected:
		return r.affected(int32(m.index))
	case metric.FaultRecovery:
		return r.recovered(int32(m.index))
	case metric.RunEvents:
		return float64(r.events)
	case metric.RunDuration:
		return r.measured()
	}
	return math.NaN()
}

// openBy is how many operations of a load have no end, by what was counted so far.
func (r *Run) openBy(m *meter, total func(measure.Counter) uint64) float64 {
	l := &r.prog.loads[m.index]
	return float64(int64(total(l.m.c+metric.LoadOffered) - total(l.completed()) - total(l.m.c+metric.LoadFailed)))
}

// utilization is the share of the workers there are that were busy; NaN with
// unlimited workers.
func (r *Run) utilization(s *serviceT) float64 {
	if r.kept().LevelMax(s.capacity) >= maxInt32 {
		return math.NaN()
	}
	return r.kept().LevelMean(s.m.l+metric.ServiceBusy) / r.kept().LevelMean(s.capacity)
}

// drainTime is how long a queue took to be empty after its greatest depth, in
// seconds; NaN if it never was.
func (r *Run) drainTime(qi int) float64 {
	if r.draining {
		return r.closed.drainTimes[qi]
	}
	if d := &r.queues[qi]; d.peak > 0 && d.drained >= 0 {
		return float64(d.drained) / 1e9
	}
	return math.NaN()
}

// measured is the length of the measured window in seconds.
func (r *Run) measured() float64 {
	from, to := r.kept().Window()
	return float64(to-from) / 1e9
}

// Values lists every metric with its value, in reporting order.
func (r *Run) Values() []MetricValue {
	r.rec.AsOf(r.now)
	return values(r.metrics(), func(m *meter, s metric.Stat) (value, off float64) {
		if q := s.Quantile(); q > 0 {
			off = r.rec.HistQuantileError(m.h, q)
		}
		return r.value(m, s), off
	})
}

// Metrics lists the names of all metrics of the design, with their units.
func (p *Program) Metrics() []MetricValue {
	return values(p.meters(), func(*meter, metric.Stat) (value, off float64) { return math.NaN(), 0 })
}

func values(meters []meter, value func(*meter, metric.Stat) (value, off float64)) []MetricValue {
	var out []MetricValue
	for i := range meters {
		for _, s := range meters[i].Stats() {
			v, off := value(&meters[i], s)
			if math.IsInf(v, 0) {
				v = math.NaN()
			}
			ref := meters[i].Ref
			ref.Stat = s
			out = append(out, MetricValue{ref.String(), ref.Unit(), v, off, ref})
		}
	}
	return out
}

// value is one number over the measured window.
func (r *Run) value(m *meter, s metric.Stat) float64 {
	if m.Shape() == metric.Computed {
		return r.computed(m)
	}
	return m.over(r.of(m), s, r.measured())
}

// over is one number over what a recorder has measured, in so many seconds.
func (m *meter) over(rec *measure.Recorder, s metric.Stat, seconds float64) float64 {
	switch m.Shape() {
	case metric.Count:
		return m.count(s, rec.Count, seconds)
	case metric.Level:
		switch s {
		case metric.Max:
			return float64(rec.LevelMax(m.l)) / m.per
		case metric.Final:
			return float64(rec.LevelFinal(m.l)) / m.per
		}
		return rec.LevelMean(m.l) / m.per
	}
	switch s {
	case metric.Mean:
		return rec.HistMean(m.h)
	case metric.Max:
		return rec.HistMax(m.h)
	}
	v, _ := rec.HistQuantile(m.h, s.Quantile())
	return v
}

// count is a statistic of a count over a window of the given seconds. Where
// nearly all events add the same (first attempts, messages of the default
// size), the recorder holds only the difference, as two's complement.
func (m *meter) count(s metric.Stat, of func(measure.Counter) uint64, seconds float64) float64 {
	n := of(m.c)
	for _, plus := range m.plus {
		n += uint64(m.times) * of(plus)
	}
	switch s {
	case metric.Rate:
		return float64(n) / seconds
	case metric.Ratio:
		return float64(n) / float64(of(m.of))
	}
	return float64(n)
}

// Value is one metric by name; ok is false when there is no such metric. A
// metric without samples is NaN.
func (r *Run) Value(name string) (float64, bool) {
	r.rec.AsOf(r.now)
	m, s, ok := r.find(name)
	if !ok {
		return math.NaN(), false
	}
	v := r.value(m, s)
	if math.IsInf(v, 0) {
		v = math.NaN()
	}
	return v, true
}

// find resolves a full name into the metric and its statistic.
func (r *Run) find(name string) (*meter, metric.Stat, bool) {
	ref, ok := r.prog.kinds.Parse(name)
	if !ok {
		return nil, 0, false
	}
	m, ok := r.meterOf(ref)
	return m, ref.Stat, ok
}

// Series is a metric over time, warm-up included. Counts are per second of
// each interval (a ".ratio" is of the interval too), by the moment they are
// counted. Of the computed values, throughput, open operations, utilization and the cost of
// the run have a series.
func (r *Run) Series(name string) (measure.Series, bool) {
	m, stat, ok := r.find(name)
	if !ok {
		return measure.Series{}, false
	}
	return r.series(m, stat)
}

func (r *Run) series(m *meter, stat metric.Stat) (measure.Series, bool) {
	rec := r.kept()
	rec.AsOf(r.now)
	switch m.Shape() {
	case metric.Count:
		s := rec.CountSeries(m.c, stat == metric.Rate)
		for _, plus := range m.plus {
			p := rec.CountSeries(plus, stat == metric.Rate)
			for i := range s.Values {
				s.Values[i] += float64(float64(m.times) * p.Values[i])
			}
		}
		if stat == metric.Ratio {
			of := rec.CountSeries(m.of, false)
			for i := range s.Values {
				s.Values[i] /= of.Values[i]
			}
		}
		return s, true
	case metric.Level:
		s := rec.LevelSeries(m.l, recorded(stat))
		for i := range s.Values {
			s.Values[i] /= m.per
		}
		return s, true
	case metric.Distribution:
		return rec.HistSeries(m.h, recorded(stat)), true
	}
	switch m.Key {
	case metric.LoadThroughput:
		return rec.CountSeries(r.prog.loads[m.index].completed(), true), true
	case metric.LoadOpen:
		return r.openSeries(m), true
	case metric.ServiceUtilization:
		return r.utilizationSeries(&r.prog.services[m.index]), true
	case metric.RunCost:
		return r.costSeries(m), true
	}
	return measure.Series{}, false
}

// recorded is a statistic as the recorder knows it, over an interval.
func recorded(s metric.Stat) measure.Stat {
	switch q := s.Quantile(); {
	case q > 0:
		return measure.Quantile(q)
	case s == metric.Max:
		return measure.StatMax
	}
	return measure.StatMean
}

// ValueIn is a metric over a window of the run, which may lie in the warm-up. What
// is about operations that arrived in the window or messages published in it, and
// percentiles, are known of the windows of Config.Windows only; all that is not
// about these is of a window widened to whole intervals of the series.
func (r *Run) ValueIn(name string, from, to time.Duration) (float64, bool) {
	rec := r.kept()
	rec.AsOf(r.now)
	m, stat, ok := r.find(name)
	if !ok || to <= from {
		return math.NaN(), false
	}
	a, b := int64(from), int64(to)
	if m.Key == metric.LoadThroughput {
		n, span := rec.CountWindow(r.prog.loads[m.index].completed(), a, b)
		return float64(n) / (float64(span.To-span.From) / 1e9), true
	}
	if m.Key == metric.LoadOpen {
		return r.openBy(m, func(c measure.Counter) uint64 {
			n, _ := rec.CountWindow(c, 0, b)
			return n
		}), true
	}
	if m.byArrival {
		return r.inWindow(m, stat, measure.Span{From: a, To: b})
	}
	switch m.Shape() {
	case metric.Count:
		_, span := rec.CountWindow(m.c, a, b)
		return m.count(stat, func(c measure.Counter) uint64 {
			n, _ := rec.CountWindow(c, a, b)
			return n
		}, float64(span.To-span.From)/1e9), true
	case metric.Level:
		p, _ := rec.LevelWindow(m.l, a, b)
		switch stat {
		case metric.Max:
			return float64(p.Max) / m.per, true
		case metric.Final:
			return float64(p.Final) / m.per, true
		}
		return p.Mean / m.per, true
	case metric.Distribution:
		if q := stat.Quantile(); q > 0 {
			v, _ := rec.QuantileWindow(m.h, a, b, q)
			return v, slices.Contains(r.cfg.Windows, measure.Span{From: a, To: b})
		}
		p, _ := rec.HistWindow(m.h, a, b)
		return p.Stat(recorded(stat)), true
	}
	return math.NaN(), false
}

// Distribution is the histogram of a distribution metric ("load.x.confirmed.latency").
func (r *Run) Distribution(name string) ([]measure.Bin, bool) {
	all := r.metrics()
	for i := range all {
		if m := &all[i]; m.Shape() == metric.Distribution && m.String() == name {
			return r.of(m).Distribution(m.h), true
		}
	}
	return nil, false
}

func (r *Run) metrics() []meter {
	if r.metricsOnce == nil {
		r.metricsOnce = slices.DeleteFunc(r.prog.meters(), func(m meter) bool { return !r.hasMetric(&m) })
	}
	return r.metricsOnce
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
