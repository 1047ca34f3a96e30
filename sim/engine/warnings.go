package engine

import (
	"strconv"

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
	switch r.end {
	case BudgetEvents:
		add(warning.BudgetEvents, "", r.events, now)
	case BudgetInFlight:
		kind, most := warning.BudgetInFlight, draw.FormatQuantity(float64(r.cfg.MaxBytes), draw.Bytes)
		if n := r.cfg.MaxInFlight; n > 0 && r.records() > n {
			most = strconv.Itoa(n) + " records"
		} else if r.visits.bytes() > r.cfg.MaxBytes/8 {
			most = draw.FormatQuantity(float64(r.cfg.MaxBytes/8), draw.Bytes)
		}
		if r.visits.bytes() > r.inFlight()/2 {
			kind = warning.BudgetVisits
		}
		add(kind, "", now, most)
	case BudgetInstant:
		add(warning.BudgetInstant, "", now, maxInstant)
	case BudgetResends:
		add(warning.BudgetResends, "", now, maxResends)
	}
	for i := range r.prog.loads {
		l := &r.prog.loads[i]
		n := r.rec.HistCount(l.confirmedLatency())
		if n > 0 && n < 10_000 {
			add(warning.FewSamples, nameOf(metric.Load, metric.LoadConfirmedLatency, l.name, metric.P999), n, strconv.FormatFloat(float64(n)/1000, 'f', 1, 64))
		}
		if r.rec.Count(l.m.c+metric.LoadOffered) == 0 {
			add(warning.NoOperations, "load."+l.name)
		}
		r.censored(add, int32(i))
	}
	r.heldLost(add)
	for i := range r.prog.services {
		s := &r.prog.services[i]
		r.steady(add, nameOf(metric.Service, metric.ServiceWaiting, s.name, metric.Plain), s.m.l+metric.ServiceWaiting)
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

// heldLost warns of messages that are lost and keep their places in a prefetch.
func (r *Run) heldLost(add func(k warning.Kind, element string, terms ...any)) {
	n := make([]int, len(r.queues))
	for k := range r.copies.items {
		if c := &r.copies.items[k]; c.id != 0 && c.state == copyDelivered && c.consumer != none && r.prog.queues[c.queue].visible == 0 {
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
