package engine

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// Warnings lists what a reader must know before believing the result, what matters
// most first.
func (r *Run) Warnings() []warning.Warning {
	r.rec.AsOf(r.now)
	var out []warning.Warning
	add := func(k warning.Kind, element string, terms ...any) {
		out = append(out, warning.Of(k, element, terms...))
	}
	now := draw.FormatDuration(float64(r.now) / 1e9)
	if x := r.Runaway(); x.Kind != nil {
		out = append(out, x.warning(now))
	} else if r.end == BudgetEvents {
		add(warning.BudgetEvents, "", r.events, now)
	}
	for i := range r.prog.loads {
		l := &r.prog.loads[i]
		for _, latency := range latencies {
			r.fewSamples(add, l, latency)
		}
		if r.rec.Count(l.m.c+metric.LoadOffered) == 0 {
			add(warning.NoOperations, "load."+l.name)
		}
		r.censored(add, int32(i))
		r.unconfirmed(add, int32(i))
		r.warmed(add, l)
	}
	r.heldLost(add)
	if n := len(r.prog.design.Faults); n > maxTracked {
		add(warning.FaultsWithoutNumbers, "", n-maxTracked, n, maxTracked)
	}
	for i := range r.prog.faults {
		if f, s := &r.prog.faults[i], &r.faults[i]; f.look > 0 && s.round == 0 && !s.active {
			add(warning.NeverHeld, "fault."+f.name, f.when.Metric+" "+f.when.Op+" "+draw.FormatQuantity(f.when.Value, draw.None))
		}
	}
	for i := range r.prog.services {
		s := &r.prog.services[i]
		r.steady(add, nameOf(metric.Service, metric.ServiceWaiting, s.name, metric.Plain), s.m.l+metric.ServiceWaiting)
		r.saturated(add, s)
	}
	for i := range r.prog.queues {
		q := &r.prog.queues[i]
		if q.consumers > 0 {
			r.steady(add, nameOf(metric.Queue, metric.QueueDepth, q.name, metric.Plain), q.m.l+metric.QueueDepth)
		}
	}
	warning.ByWeight(out)
	return out
}

var latencies = [...]measure.HistID{metric.LoadAcceptedLatency, metric.LoadConfirmedLatency}

// held is where a load's latency is recorded: the reply may be what confirms.
func (l *loadT) held(latency measure.HistID) measure.HistID {
	if latency == metric.LoadConfirmedLatency {
		return l.confirmedLatency()
	}
	return l.m.h + latency
}

// fewSamples warns of percentiles beyond which there are fewer than ten operations.
func (r *Run) fewSamples(add func(k warning.Kind, element string, terms ...any), l *loadT, latency measure.HistID) {
	const beyond = 10
	n := r.rec.HistCount(l.held(latency))
	for _, s := range metric.Distribution.Stats() {
		if q := s.Quantile(); q > 0 && n > 0 && float64(n)*(1-q) < beyond-1e-6 {
			add(warning.FewSamples, nameOf(metric.Load, latency, l.name, s), n, strconv.FormatFloat(float64(n)*(1-q), 'f', 1, 64),
				draw.FormatQuantity(math.Round(beyond/(1-q)), draw.None))
		}
	}
}

// saturated warns of a service whose workers were never idle. Those of a design without
// a single instance up are not busy.
func (r *Run) saturated(add func(k warning.Kind, element string, terms ...any), s *serviceT) {
	const all, most = 0.995, 0.9
	u, name := r.utilization(s), nameOf(metric.Service, metric.ServiceUtilization, s.name, metric.Plain)
	share := func(x float64) string { return draw.FormatQuantity(draw.Significant(x, 3), draw.Ratio) }
	waits := r.kept().LevelMean(s.m.l+metric.ServiceBlocked) / r.kept().LevelMean(s.m.l+metric.ServiceBusy)
	switch {
	case !(u >= all):
	case waits >= most && s.discipline != design.Sharing:
		add(warning.AllBlocked, name, share(u), share(waits))
	default:
		add(warning.Saturated, name, share(u))
	}
}

// uneventful reports whether nothing but chance happens in the run: without faults,
// changes and rates that change there is a steady state to warm up to.
func (r *Run) uneventful() bool {
	if len(r.faults) > 0 || len(r.cfg.Changes) > 0 || len(r.Changes()) > 0 || r.end == Running {
		return false
	}
	return !slices.ContainsFunc(r.prog.design.Loads, func(l design.Load) bool {
		a := &l.Arrivals
		return len(a.Profile) > 0 || len(a.Times) > 0 || l.Start > 0 || l.Stop > 0 || l.Count > 0
	})
}

// warmed warns of a warm-up that is too short, by the mean time to confirm an
// operation over time.
func (r *Run) warmed(add func(k warning.Kind, element string, terms ...any), l *loadT) {
	if !r.uneventful() {
		return
	}
	rec := r.kept()
	from, _ := rec.Window()
	name := nameOf(metric.Load, metric.LoadConfirmedLatency, l.name, metric.Mean)
	if advised, short := measure.ShortWarmup(rec.HistSeries(l.confirmedLatency(), measure.StatMean), float64(from)/1e9); short {
		add(warning.ShortWarmup, name, draw.FormatDuration(draw.Significant(advised, 2)), draw.FormatDuration(float64(from)/1e9))
	}
}

// Batches estimates the means of this one run from batches of it; see
// [measure.BatchMeans]. There are none where something happens to the run, and of a
// metric none whose batches are not independent.
func (r *Run) Batches() (out []Batch) {
	if !r.uneventful() {
		return nil
	}
	rec := r.kept()
	from, _ := rec.Window()
	batch := func(k *metric.Kind, key any, element string, s measure.Series) {
		if b, ok := measure.BatchMeans(s.After(float64(from) / 1e9)); ok {
			out = append(out, Batch{metric.Ref{Metric: k.Metric(key), Element: element, Stat: metric.Mean}, b})
		}
	}
	for i := range r.prog.loads {
		l := &r.prog.loads[i]
		for _, latency := range latencies {
			batch(metric.Load, latency, l.name, rec.HistSeries(l.held(latency), measure.StatMean))
		}
	}
	for i := range r.prog.services {
		s := &r.prog.services[i]
		batch(metric.Service, metric.ServiceWaiting, s.name, rec.LevelSeries(s.m.l+metric.ServiceWaiting, measure.StatMean))
	}
	for i := range r.prog.queues {
		q := &r.prog.queues[i]
		batch(metric.Queue, metric.QueueDepth, q.name, rec.LevelSeries(q.m.l+metric.QueueDepth, measure.StatMean))
	}
	return out
}

// Batch is the mean of a metric with an interval from one run.
type Batch struct {
	metric.Ref
	measure.Batched
}

// heldLost warns of messages that are lost and keep their places in a prefetch.
func (r *Run) heldLost(add func(k warning.Kind, element string, terms ...any)) {
	n := make([]int, len(r.queues))
	for k := range r.copies.items {
		if c := &r.copies.items[k]; c.id != 0 && c.state == copyDelivered && c.consumer != none && r.prog.queues[c.queue].visible == 0 && r.prog.queues[c.queue].part == 0 {
			conn := &r.conns[r.consumers[c.consumer].conn]
			forEver := !conn.client && conn.ways[toBroker].timer == 0 && conn.reset == 0
			if c.ackLost || forEver {
				n[c.queue]++
			}
		}
	}
	for qi, n := range n {
		if n > 0 {
			add(warning.HeldLost, "queue."+r.prog.queues[qi].name, n)
		}
	}
}

// censored warns of latencies without the operations that are still open: these
// are often the longest. Counted at the age that they have, they show how wrong
// the mean is at least.
func (r *Run) censored(add func(k warning.Kind, element string, terms ...any), load int32) {
	l := &r.prog.loads[load]
	offered := r.rec.Count(l.m.c + metric.LoadOffered)
	if r.end == Running || r.loads[load].open*100 <= int64(offered) {
		return
	}
	open, ages := 0, 0.0
	for i := range r.ops.items {
		if o := &r.ops.items[i]; o.load == load && o.state == opOpen && o.measured {
			open++
			ages += float64(r.now-o.arrival) / 1e9
		}
	}
	if open*100 <= int(offered) {
		return
	}
	done, mean := r.rec.HistCount(l.confirmedLatency()), r.rec.HistMean(l.confirmedLatency())
	seen, all := "none", ages/float64(open)
	if done > 0 {
		seen = draw.FormatDuration(mean)
		all = (float64(float64(done)*mean) + ages) / float64(done+uint64(open))
	}
	add(warning.Unfinished, nameOf(metric.Load, metric.LoadConfirmedLatency, l.name, metric.Plain), open, offered, seen, draw.FormatDuration(all))
}

// unconfirmed warns of operations that ended without a failure and without what confirms
// them: an exclusive branch that is waited for as well, or the rest of a batch.
func (r *Run) unconfirmed(add func(k warning.Kind, element string, terms ...any), load int32) {
	l, s := &r.prog.loads[load], &r.loads[load]
	offered := r.rec.Count(l.m.c + metric.LoadOffered)
	if s.undone*100 <= offered {
		return
	}
	var missing []string
	for i, to := range r.prog.design.Loads[load].Confirm {
		if s.missing>>i&1 != 0 {
			missing = append(missing, to.String())
		}
	}
	add(warning.Unconfirmed, "load."+l.name+".confirm", s.undone, offered, strings.Join(missing, ", "))
}

func nameOf(k *metric.Kind, key any, element string, s metric.Stat) string {
	return metric.Ref{Metric: k.Metric(key), Element: element, Stat: s}.String()
}

// steady warns of a queue or waiting room that was still growing, or shrinking,
// when the run ended: its means then depend on the length of the run. One that has
// filled and emptied, after a fault or a burst, is no reason to warn.
func (r *Run) steady(add func(k warning.Kind, element string, terms ...any), name string, id measure.LevelID) {
	rec := r.kept()
	from, _ := rec.Window()
	s := rec.LevelSeries(id, measure.StatMean).After(float64(from) / 1e9)
	final := rec.LevelFinal(id)
	trend := measure.Trend(s)
	if final == 0 || trend == 0 {
		return
	}
	how := warning.Growing
	if trend < 0 {
		how = warning.Draining
	}
	add(how, name, final)
}
