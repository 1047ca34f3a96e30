package model

import (
	"math"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
)

func counter(c Cause) measure.Counter { return measure.Counter(c) }

// Where the metrics of each kind of element are in the recorder: the first
// index of a group, or one index each.
type loadMetrics struct {
	offered, accepted, completed, failed, retries    measure.Counter
	failedBy                                         measure.Counter // plus the cause
	acceptedLatency, confirmedLatency, failedLatency measure.HistID
}

type serviceMetrics struct {
	arrived, started, completed, failed, rejected, cancelled, lost, duplicates, outOfOrder, retries measure.Counter
	busy, blocked, waiting                                                                          measure.LevelID
	wait, sojourn                                                                                   measure.HistID
}

type queueMetrics struct {
	published, delivered, redelivered, acked, nacked, deadLettered, expired, dropped, rejected, lost measure.Counter
	depth, unacked, age                                                                              measure.LevelID
	wait                                                                                             measure.HistID
}

type linkMetrics struct {
	sent, lost, duplicated, reordered, corrupted, bytes measure.Counter
}

// metricCursor deals out indices.
type metricCursor struct {
	c measure.Counter
	l measure.LevelID
	h measure.HistID
}

func (m *metricCursor) counters(n int) measure.Counter {
	m.c += measure.Counter(n)
	return m.c - measure.Counter(n)
}

func (m *metricCursor) levels(n int) measure.LevelID {
	m.l += measure.LevelID(n)
	return m.l - measure.LevelID(n)
}

func (m *metricCursor) hists(n int) measure.HistID {
	m.h += measure.HistID(n)
	return m.h - measure.HistID(n)
}

func (c *compiler) metricTables() {
	var m metricCursor
	for i := range c.loads {
		k, h := m.counters(5), m.hists(3)
		c.loads[i].c = loadMetrics{
			offered: k, accepted: k + 1, completed: k + 2, failed: k + 3, retries: k + 4,
			failedBy:        m.counters(int(numCauses)),
			acceptedLatency: h, confirmedLatency: h + 1, failedLatency: h + 2,
		}
		if len(c.loads[i].confirm) == 0 { // the reply is both
			c.loads[i].c.confirmedLatency = h
			c.loads[i].c.completed = k + 1
		}
	}
	for i := range c.services {
		k, l, h := m.counters(10), m.levels(3), m.hists(2)
		c.services[i].m = serviceMetrics{
			arrived: k, started: k + 1, completed: k + 2, failed: k + 3, rejected: k + 4, cancelled: k + 5,
			lost: k + 6, duplicates: k + 7, outOfOrder: k + 8, retries: k + 9,
			busy: l, blocked: l + 1, waiting: l + 2, wait: h, sojourn: h + 1,
		}
	}
	for i := range c.queues {
		k, l := m.counters(10), m.levels(3)
		c.queues[i].m = queueMetrics{
			published: k, delivered: k + 1, redelivered: k + 2, acked: k + 3, nacked: k + 4, deadLettered: k + 5,
			expired: k + 6, dropped: k + 7, rejected: k + 8, lost: k + 9,
			depth: l, unacked: l + 1, age: l + 2, wait: m.hists(1),
		}
	}
	for i := range c.links {
		k := m.counters(6)
		c.links[i].m = linkMetrics{sent: k, lost: k + 1, duplicated: k + 2, reordered: k + 3, corrupted: k + 4, bytes: k + 5}
		c.wires = append(c.wires, c.links[i].wire())
	}
	c.metrics = m
}

// metric is one family of numbers about one element, under which the recorder
// holds them.
type metric struct {
	name  string
	unit  draw.Unit
	doc   *MetricDoc
	kind  metricKind
	c     measure.Counter
	of    measure.Counter // a count's ratio is of this one; -1: none
	plus  measure.Counter // a count is that of c and times that of plus; -1: none
	times uint64
	l     measure.LevelID
	h     measure.HistID
	calc  func(r *Run) float64 // a value of its own
	per   float64              // a level is divided by this (1, or ns per s, or workers)
}

type metricKind uint8

const (
	countMetric metricKind = iota
	levelMetric
	distMetric
	valueMetric
)

var docs = []MetricDoc{
	{"load.NAME.offered", draw.None, "count", "operations that arrived in the measured window"},
	{"load.NAME.accepted", draw.None, "count", "operations whose client got its first positive answer"},
	{"load.NAME.completed", draw.None, "count", "operations that reached their declared end (confirmed)"},
	{"load.NAME.failed", draw.None, "count", "operations that failed, by whatever cause"},
	{"load.NAME.failed.CAUSE", draw.None, "count", "operations that failed by this cause: timeout, rejected, refused, error, circuit_open, limited, lost, expired, dead_lettered, deadline"},
	{"load.NAME.unfinished", draw.None, "count", "operations still open when the run ended; offered = completed + failed + unfinished"},
	{"load.NAME.goodput", draw.None, "count", "operations confirmed within their deadline"},
	{"load.NAME.attempts", draw.None, "count", "requests that the client sent, retries included"},
	{"load.NAME.amplification", draw.None, "value", "requests per operation"},
	{"load.NAME.accepted.latency", draw.Seconds, "distribution", "from an operation's arrival to its client's first positive answer"},
	{"load.NAME.confirmed.latency", draw.Seconds, "distribution", "from an operation's arrival to its declared end"},
	{"load.NAME.failed.latency", draw.Seconds, "distribution", "from an operation's arrival to its failure"},
	{"service.NAME.arrived", draw.None, "count", "tasks that came to the service: calls and deliveries"},
	{"service.NAME.started", draw.None, "count", "tasks whose handler began"},
	{"service.NAME.completed", draw.None, "count", "tasks whose handler ended well"},
	{"service.NAME.failed", draw.None, "count", "tasks whose handler failed"},
	{"service.NAME.rejected", draw.None, "count", "tasks turned away by a full waiting room, or whose client left the line"},
	{"service.NAME.cancelled", draw.None, "count", "tasks stopped because nobody wanted the result any more"},
	{"service.NAME.lost", draw.None, "count", "tasks lost in a crash"},
	{"service.NAME.duplicates", draw.None, "count", "tasks for a message that the handler had begun to handle before"},
	{"service.NAME.out_of_order", draw.None, "count", "first-time tasks for an operation older than one the handler had already seen"},
	{"service.NAME.retries", draw.None, "count", "requests that the service sent again"},
	{"service.NAME.utilization", draw.Ratio, "value", "mean share of the workers that are held; null with unlimited workers"},
	{"service.NAME.busy", draw.None, "level", "workers held, working or blocked"},
	{"service.NAME.blocked", draw.None, "level", "workers held by tasks that wait for somebody else"},
	{"service.NAME.waiting", draw.None, "level", "tasks in the waiting room"},
	{"service.NAME.wait", draw.Seconds, "distribution", "from a task's arrival to the start of its handler"},
	{"service.NAME.sojourn", draw.Seconds, "distribution", "from a task's arrival to the end of its handler"},
	{"service.NAME.thread_seconds", draw.Seconds, "value", "worker time held, working or blocked (the integral of busy)"},
	{"service.NAME.thread_seconds.blocked", draw.Seconds, "value", "worker time held while waiting for others (the integral of blocked)"},
	{"queue.BROKER/Q.published", draw.None, "count", "messages that came to the queue, those it turned away included"},
	{"queue.BROKER/Q.delivered", draw.None, "count", "deliveries to consumers, redeliveries included"},
	{"queue.BROKER/Q.redelivered", draw.None, "count", "deliveries of a message that had been delivered before"},
	{"queue.BROKER/Q.acked", draw.None, "count", "messages acknowledged (automatic: handed over)"},
	{"queue.BROKER/Q.nacked", draw.None, "count", "negative acknowledgements"},
	{"queue.BROKER/Q.dead_lettered", draw.None, "count", "messages moved to the dead-letter queue"},
	{"queue.BROKER/Q.expired", draw.None, "count", "messages whose time to live ended while they waited (dead_lettered instead, where there is a dead-letter queue)"},
	{"queue.BROKER/Q.dropped", draw.None, "count", "messages dropped: by a full queue, or given up with no dead-letter queue"},
	{"queue.BROKER/Q.rejected", draw.None, "count", "messages refused by a full queue"},
	{"queue.BROKER/Q.lost", draw.None, "count", "messages lost in a crash of the broker"},
	{"queue.BROKER/Q.depth", draw.None, "level", "messages waiting"},
	{"queue.BROKER/Q.unacked", draw.None, "level", "messages delivered and not yet acknowledged"},
	{"queue.BROKER/Q.age", draw.Seconds, "level", "age of the message at the head of the queue; 0 when it is empty"},
	{"queue.BROKER/Q.wait", draw.Seconds, "distribution", "time a message waited in the queue before a delivery"},
	{"queue.BROKER/Q.drain_time", draw.Seconds, "value", "from the moment of the greatest depth to the first moment the queue was empty again; null if it never was"},
	{"link.A->B.sent", draw.None, "count", "messages put on the link, requests, replies and acknowledgements alike"},
	{"link.A->B.lost", draw.None, "count", "messages lost on the link (retransmitted ones count each time)"},
	{"link.A->B.duplicated", draw.None, "count", "messages that the link delivered twice"},
	{"link.A->B.reordered", draw.None, "count", "messages that the link held back"},
	{"link.A->B.corrupted", draw.None, "count", "messages that arrived damaged"},
	{"link.A->B.bytes", draw.Bytes, "count", "bytes put on the link"},
	{"run.events", draw.None, "value", "events dispatched, warm-up included"},
	{"run.duration", draw.Seconds, "value", "length of the measured window"},
}

// MetricDocs documents every metric.
func MetricDocs() []MetricDoc { return append([]MetricDoc(nil), docs...) }

func docOf(pattern string) *MetricDoc {
	for i := range docs {
		if docs[i].Pattern == pattern {
			return &docs[i]
		}
	}
	panic("model: undocumented metric " + pattern)
}

type metricList struct{ all []metric }

func (l *metricList) count(prefix, pattern, name string, c, of measure.Counter) {
	d := docOf(pattern + name)
	l.all = append(l.all, metric{name: prefix + name, unit: d.Unit, doc: d, kind: countMetric, c: c, of: of, plus: -1, times: 1})
}

func (l *metricList) level(prefix, pattern, name string, id measure.LevelID, per float64) {
	d := docOf(pattern + name)
	l.all = append(l.all, metric{name: prefix + name, unit: d.Unit, doc: d, kind: levelMetric, l: id, per: per})
}

func (l *metricList) dist(prefix, pattern, name string, id measure.HistID) {
	d := docOf(pattern + name)
	l.all = append(l.all, metric{name: prefix + name, unit: d.Unit, doc: d, kind: distMetric, h: id})
}

func (l *metricList) value(prefix, pattern, name string, calc func(r *Run) float64) {
	d := docOf(pattern + name)
	l.all = append(l.all, metric{name: prefix + name, unit: d.Unit, doc: d, kind: valueMetric, calc: calc})
}

// metricList lists the metrics of a program in reporting order.
func (p *Program) metricList() []metric {
	var l metricList
	for i := range p.loads {
		p.loadMetricList(&l, i)
	}
	for i := range p.services {
		p.serviceMetricList(&l, i)
	}
	for i := range p.queues {
		p.queueMetricList(&l, i)
	}
	for i := range p.links {
		t := &p.links[i]
		pre, pat := "link."+t.from+"->"+t.to+".", "link.A->B."
		l.count(pre, pat, "sent", t.m.sent, -1)
		l.count(pre, pat, "lost", t.m.lost, t.m.sent)
		l.count(pre, pat, "duplicated", t.m.duplicated, t.m.sent)
		l.count(pre, pat, "reordered", t.m.reordered, t.m.sent)
		l.count(pre, pat, "corrupted", t.m.corrupted, t.m.sent)
		l.count(pre, pat, "bytes", t.m.bytes, -1)
		l.all[len(l.all)-1].plus, l.all[len(l.all)-1].times = t.m.sent, defaultSize
	}
	l.value("run.", "run.", "events", func(r *Run) float64 { return float64(r.events) })
	l.value("run.", "run.", "duration", func(r *Run) float64 { return r.measured() })
	return l.all
}

func (p *Program) loadMetricList(l *metricList, i int) {
	t := &p.loads[i]
	pre, pat, m := "load."+t.name+".", "load.NAME.", t.c
	l.count(pre, pat, "offered", m.offered, -1)
	l.count(pre, pat, "accepted", m.accepted, m.offered)
	l.count(pre, pat, "completed", m.completed, m.offered)
	l.count(pre, pat, "failed", m.failed, m.offered)
	for c := Timeout; c < numCauses; c++ {
		l.all = append(l.all, metric{name: pre + "failed." + c.String(), doc: docOf(pat + "failed.CAUSE"), kind: countMetric, c: m.failedBy + counter(c), of: m.offered, plus: -1, times: 1})
	}
	l.value(pre, pat, "unfinished", func(r *Run) float64 {
		return float64(r.rec.Count(m.offered)) - float64(r.rec.Count(m.completed)) - float64(r.rec.Count(m.failed))
	})
	// What comes after its deadline is not completed: the operation has failed.
	l.count(pre, pat, "goodput", m.completed, m.offered)
	l.count(pre, pat, "attempts", m.retries, -1)
	l.all[len(l.all)-1].plus = m.offered // every operation is a first attempt
	l.value(pre, pat, "amplification", func(r *Run) float64 {
		offered := float64(r.rec.Count(m.offered))
		return (offered + float64(r.rec.Count(m.retries))) / offered // 0/0 is null
	})
	l.dist(pre, pat, "accepted.latency", m.acceptedLatency)
	l.dist(pre, pat, "confirmed.latency", m.confirmedLatency)
	l.dist(pre, pat, "failed.latency", m.failedLatency)
}

func (p *Program) serviceMetricList(l *metricList, i int) {
	t := &p.services[i]
	pre, pat, m := "service."+t.name+".", "service.NAME.", t.m
	l.count(pre, pat, "arrived", m.arrived, -1)
	l.count(pre, pat, "started", m.started, m.arrived)
	l.count(pre, pat, "completed", m.completed, m.arrived)
	l.count(pre, pat, "failed", m.failed, m.arrived)
	l.count(pre, pat, "rejected", m.rejected, m.arrived)
	l.count(pre, pat, "cancelled", m.cancelled, m.arrived)
	l.count(pre, pat, "lost", m.lost, m.arrived)
	l.count(pre, pat, "duplicates", m.duplicates, m.arrived)
	l.count(pre, pat, "out_of_order", m.outOfOrder, m.arrived)
	l.count(pre, pat, "retries", m.retries, -1)
	l.value(pre, pat, "utilization", func(r *Run) float64 {
		s := &r.prog.services[i] // workers may have changed
		if s.workers == maxInt32 {
			return math.NaN()
		}
		if r.services[i].resized > 0 {
			return r.rec.LevelIntegral(m.busy) / r.capacity(i)
		}
		return r.rec.LevelMean(m.busy) / float64(int64(s.workers)*int64(s.instances))
	})
	l.level(pre, pat, "busy", m.busy, 1)
	l.level(pre, pat, "blocked", m.blocked, 1)
	l.level(pre, pat, "waiting", m.waiting, 1)
	l.dist(pre, pat, "wait", m.wait)
	l.dist(pre, pat, "sojourn", m.sojourn)
	l.value(pre, pat, "thread_seconds", func(r *Run) float64 { return r.rec.LevelIntegral(m.busy) })
	l.value(pre, pat, "thread_seconds.blocked", func(r *Run) float64 { return r.rec.LevelIntegral(m.blocked) })
}

func (p *Program) queueMetricList(l *metricList, i int) {
	t := &p.queues[i]
	pre, pat, m := "queue."+t.name+".", "queue.BROKER/Q.", t.m
	l.count(pre, pat, "published", m.published, -1)
	l.count(pre, pat, "delivered", m.delivered, m.published)
	l.count(pre, pat, "redelivered", m.redelivered, m.published)
	l.count(pre, pat, "acked", m.acked, m.published)
	l.count(pre, pat, "nacked", m.nacked, m.published)
	l.count(pre, pat, "dead_lettered", m.deadLettered, m.published)
	l.count(pre, pat, "expired", m.expired, m.published)
	l.count(pre, pat, "dropped", m.dropped, m.published)
	l.count(pre, pat, "rejected", m.rejected, m.published)
	l.count(pre, pat, "lost", m.lost, m.published)
	l.level(pre, pat, "depth", m.depth, 1)
	l.level(pre, pat, "unacked", m.unacked, 1)
	l.level(pre, pat, "age", m.age, 1e9)
	l.dist(pre, pat, "wait", m.wait)
	l.value(pre, pat, "drain_time", func(r *Run) float64 {
		if d := &r.queues[i]; d.peak > 0 && d.drained >= 0 {
			return float64(d.drained) / 1e9
		}
		return math.NaN()
	})
}

// measured is the length of the measured window in seconds.
func (r *Run) measured() float64 {
	from, to := r.rec.Window()
	return float64(to-from) / 1e9
}

var distStats = []struct {
	name string
	q    float64
}{{"p50", .5}, {"p90", .9}, {"p95", .95}, {"p99", .99}, {"p999", .999}}

// Values lists every metric with its value, in reporting order.
func (r *Run) Values() []MetricValue {
	r.rec.AsOf(r.now)
	var out []MetricValue
	add := func(name string, u draw.Unit, v float64) {
		if math.IsInf(v, 0) {
			v = math.NaN()
		}
		out = append(out, MetricValue{name, u, v})
	}
	for _, m := range r.metrics() {
		switch m.kind {
		case countMetric:
			n := float64(r.countOf(&m))
			add(m.name, m.unit, n)
			add(m.name+".rate", rateOf(m.unit), n/r.measured())
			if m.of >= 0 {
				add(m.name+".ratio", draw.Ratio, n/float64(r.rec.Count(m.of)))
			}
		case levelMetric:
			add(m.name+".mean", m.unit, r.rec.LevelMean(m.l)/m.per)
			add(m.name+".max", m.unit, float64(r.rec.LevelMax(m.l))/m.per)
			add(m.name+".final", m.unit, float64(r.rec.LevelFinal(m.l))/m.per)
		case distMetric:
			add(m.name+".mean", m.unit, r.rec.HistMean(m.h))
			for _, s := range distStats {
				v, ok := r.rec.HistQuantile(m.h, s.q)
				if !ok {
					v = math.NaN()
				}
				add(m.name+"."+s.name, m.unit, v)
			}
			v := math.NaN()
			if r.rec.HistCount(m.h) > 0 {
				v = r.rec.HistMax(m.h)
			}
			add(m.name+".max", m.unit, v)
		case valueMetric:
			add(m.name, m.unit, m.calc(r))
		}
	}
	return out
}

// countOf is a count in the measured window. What is the same for nearly all
// (first attempts, messages of the default size) is not counted again: the
// recorder holds the difference, as two's complement.
func (r *Run) countOf(m *metric) uint64 {
	n := r.rec.Count(m.c)
	if m.plus >= 0 {
		n += m.times * r.rec.Count(m.plus)
	}
	return n
}

func rateOf(u draw.Unit) draw.Unit {
	if u == draw.Bytes {
		return draw.BytesPerSecond
	}
	return draw.PerSecond
}

// Value is one metric by name; ok is false when there is no such metric. A
// metric without samples is NaN.
func (r *Run) Value(name string) (float64, bool) {
	for _, v := range r.Values() {
		if v.Name == name {
			return v.Value, true
		}
	}
	return math.NaN(), false
}

// Metrics lists the names of all metrics of the design, with their units.
func (p *Program) Metrics() []MetricValue {
	var out []MetricValue
	for _, m := range p.metricList() {
		for _, s := range m.stats() {
			out = append(out, MetricValue{Name: m.name + s.suffix, Unit: s.unit, Value: math.NaN()})
		}
	}
	return out
}

type statOf struct {
	suffix string
	unit   draw.Unit
}

func (m *metric) stats() []statOf {
	switch m.kind {
	case countMetric:
		s := []statOf{{"", m.unit}, {".rate", rateOf(m.unit)}}
		if m.of >= 0 {
			s = append(s, statOf{".ratio", draw.Ratio})
		}
		return s
	case levelMetric:
		return []statOf{{".mean", m.unit}, {".max", m.unit}, {".final", m.unit}}
	case distMetric:
		s := []statOf{{".mean", m.unit}}
		for _, d := range distStats {
			s = append(s, statOf{"." + d.name, m.unit})
		}
		return append(s, statOf{".max", m.unit})
	}
	return []statOf{{"", m.unit}}
}

// find resolves a metric's full name into the metric and its stat.
func (r *Run) find(name string) (m metric, stat string, ok bool) {
	for _, m := range r.metrics() {
		for _, s := range m.stats() {
			if m.name+s.suffix == name {
				return m, s.suffix, true
			}
		}
	}
	return metric{}, "", false
}

// Series is a metric over time, warm-up included. Counts are per second of
// each interval (a ".ratio" is of the interval too); a value of its own has no
// series.
func (r *Run) Series(name string) (measure.Series, bool) {
	r.rec.AsOf(r.now)
	m, stat, ok := r.find(name)
	if !ok {
		return measure.Series{}, false
	}
	switch m.kind {
	case countMetric:
		s := r.rec.CountSeries(m.c, stat == ".rate")
		if m.plus >= 0 {
			p := r.rec.CountSeries(m.plus, stat == ".rate")
			for i := range s.Values {
				s.Values[i] += float64(float64(m.times) * p.Values[i])
			}
		}
		if stat == ".ratio" {
			of := r.rec.CountSeries(m.of, false)
			for i := range s.Values {
				s.Values[i] /= of.Values[i]
			}
		}
		return s, true
	case levelMetric:
		how := measure.StatMean
		if stat == ".max" {
			how = measure.StatMax
		}
		s := r.rec.LevelSeries(m.l, how)
		for i := range s.Values {
			s.Values[i] /= m.per
		}
		return s, true
	case distMetric:
		return r.rec.HistSeries(m.h, statFor(stat)), true
	}
	return measure.Series{}, false
}

func statFor(suffix string) measure.Stat {
	for _, d := range distStats {
		if suffix == "."+d.name {
			return measure.Quantile(d.q)
		}
	}
	if suffix == ".max" {
		return measure.StatMax
	}
	return measure.StatMean
}

// ValueIn is a metric over a window of the run, which may lie in the warm-up.
// The window is widened to whole intervals of the series.
func (r *Run) ValueIn(name string, from, to time.Duration) (float64, bool) {
	r.rec.AsOf(r.now)
	m, stat, ok := r.find(name)
	if !ok || to <= from {
		return math.NaN(), false
	}
	a, b := int64(from), int64(to)
	switch m.kind {
	case countMetric:
		n, span := r.rec.CountWindow(m.c, a, b)
		if m.plus >= 0 {
			p, _ := r.rec.CountWindow(m.plus, a, b)
			n += m.times * p
		}
		switch stat {
		case ".rate":
			return float64(n) / (float64(span.To-span.From) / 1e9), true
		case ".ratio":
			of, _ := r.rec.CountWindow(m.of, a, b)
			return float64(n) / float64(of), true
		}
		return float64(n), true
	case levelMetric:
		p, _ := r.rec.LevelWindow(m.l, a, b)
		return levelStat(p, stat) / m.per, true
	case distMetric:
		p, _ := r.rec.HistWindow(m.h, a, b)
		return p.Stat(statFor(stat)), true
	}
	return math.NaN(), false
}

func levelStat(p measure.LevelPart, stat string) float64 {
	switch stat {
	case ".max":
		return float64(p.Max)
	case ".final":
		return float64(p.Final)
	}
	return p.Mean
}

// Distribution is the histogram of a distribution metric ("load.x.confirmed.latency").
func (r *Run) Distribution(name string) ([]measure.Bin, bool) {
	for _, m := range r.metrics() {
		if m.kind == distMetric && m.name == name {
			return r.rec.Distribution(m.h), true
		}
	}
	return nil, false
}

func (r *Run) metrics() []metric {
	if r.metricsOnce == nil {
		r.metricsOnce = r.prog.metricList()
	}
	return r.metricsOnce
}

// trackAge writes down how the age of the message at a queue's head has grown
// since it was last written down, and what it is now.
func (r *Run) trackAge(qi int32) {
	d := &r.queues[qi]
	id := r.prog.queues[qi].m.age
	if d.oldest >= 0 {
		r.rec.Ramp(id, r.now, d.aged, r.now-d.oldest)
	}
	d.oldest, d.aged = -1, 0
	if d.head != none {
		d.oldest = r.copies.items[d.head].published
		d.aged = r.now - d.oldest
	}
	r.rec.SetLevel(id, r.now, d.aged)
}
