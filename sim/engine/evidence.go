package engine

import (
	"math"

	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// What findings read of a run, beside its design and its episodes: metrics by reference.

// meterOf finds a metric, whatever the statistic of the reference.
func (r *Run) meterOf(ref metric.Ref) (*meter, bool) {
	all := r.metrics()
	if r.metricsBy == nil {
		r.metricsBy = make(map[metric.Ref]int, len(all))
		for i := range all {
			r.metricsBy[all[i].Ref] = i
		}
	}
	ref.Stat = metric.Plain
	i, ok := r.metricsBy[ref]
	if !ok {
		return nil, false
	}
	return &all[i], true
}

// Refs lists the metrics of the run, without statistics, in reporting order.
func (r *Run) Refs() []metric.Ref {
	all := r.metrics()
	refs := make([]metric.Ref, len(all))
	for i := range all {
		refs[i] = all[i].Ref
	}
	return refs
}

// ValueOf is one metric over the measured window; NaN where there is none.
func (r *Run) ValueOf(ref metric.Ref) float64 {
	m, ok := r.meterOf(ref)
	if !ok {
		return math.NaN()
	}
	r.rec.AsOf(r.now)
	return r.value(m, ref.Stat)
}

// SeriesOf is one metric over time; see [Run.Series].
func (r *Run) SeriesOf(ref metric.Ref) (measure.Series, bool) {
	m, ok := r.meterOf(ref)
	if !ok {
		return measure.Series{}, false
	}
	return r.series(m, ref.Stat)
}

// Measured is the measured window, in seconds.
func (r *Run) Measured() (from, to float64) {
	a, b := r.kept().Window()
	return float64(a) / 1e9, float64(b) / 1e9
}

// openSeries is how many operations of a load had no end when each interval ended.
func (r *Run) openSeries(m *meter) measure.Series {
	l, rec := &r.prog.loads[m.index], r.kept()
	open := rec.CountSeries(l.m.c+metric.LoadOffered, false)
	completed, failed := rec.CountSeries(l.completed(), false), rec.CountSeries(l.m.c+metric.LoadFailed, false)
	n := 0.0
	for i := range open.Values {
		n += open.Values[i] - completed.Values[i] - failed.Values[i]
		open.Values[i] = n
	}
	return open
}

// utilizationSeries is the share of the workers there are that were busy; NaN with
// unlimited workers, and where there are none.
func (r *Run) utilizationSeries(s *serviceT) measure.Series {
	busy := r.kept().LevelSeries(s.m.l+metric.ServiceBusy, measure.StatMean)
	there := r.kept().LevelSeries(s.capacity, measure.StatMean)
	unlimited := r.kept().LevelMax(s.capacity) >= maxInt32
	for i := range busy.Values {
		if unlimited || there.Values[i] <= 0 {
			busy.Values[i] = math.NaN()
		} else {
			busy.Values[i] /= there.Values[i]
		}
	}
	return busy
}
