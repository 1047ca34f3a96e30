package engine

import (
	"math"
	"slices"
	"time"

	"asynclab/sim/design"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

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
