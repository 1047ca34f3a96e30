package engine

import (
	"fmt"

	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// Warnings lists what a reader must know before believing the result.
func (r *Run) Warnings() []Warning {
	r.rec.AsOf(r.now)
	var out []Warning
	add := func(code, element, format string, a ...any) {
		out = append(out, Warning{code, element, fmt.Sprintf(format, a...)})
	}
	switch r.end {
	case BudgetEvents:
		add("budget", "run", "stopped after %d events: the budget of events was used up at %.6g s", r.events, float64(r.now)/1e9)
	case BudgetInFlight:
		what := "operations, messages, tasks and copies were in flight at once"
		if r.visits.slab.live() > r.heavy/2 {
			what = "visits of open operations had to be remembered: messages go round, and their operations do not end"
		}
		add("budget", "run", "stopped at %.6g s: more than %d %s", float64(r.now)/1e9, r.heavy, what)
	case BudgetInstant:
		add("budget", "run", "stopped at %.6g s: more than %d things happened at one instant, as in a loop that takes no time", float64(r.now)/1e9, maxInstant)
	case BudgetResends:
		add("budget", "run", "stopped at %.6g s: a link that loses what it carries had sent one message again %d times", float64(r.now)/1e9, maxResends)
	}
	for i := range r.prog.loads {
		l := &r.prog.loads[i]
		n := r.rec.HistCount(l.confirmedLatency())
		if n > 0 && n < 10_000 {
			add("few-samples", nameOf(metric.Load, metric.LoadConfirmedLatency, l.name, metric.P999), "p99.9 rests on %d operations, of which %.1f lie beyond it; 10,000 or more make it worth reading", n, float64(n)/1000)
		}
		if r.rec.Count(l.m.c+metric.LoadOffered) == 0 {
			add("no-operations", "load."+l.name, "no operation arrived in the measured window")
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
	return out
}

// heldLost warns of messages that are lost and keep their places in a prefetch.
func (r *Run) heldLost(add func(code, element, format string, a ...any)) {
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
			add("lost-held", "queue."+r.prog.queues[qi].name, "%d messages were lost on their way to consumers or back, and keep their places in the prefetch", n)
		}
	}
}

// censored warns of latencies without the operations that are still open: these
// are often the longest. Counted at the age that they have, they show how wrong
// the mean is at least.
func (r *Run) censored(add func(code, element, format string, a ...any), load int32) {
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
	add("unfinished", nameOf(metric.Load, metric.LoadConfirmedLatency, l.name, metric.Plain),
		"%d of %d operations were still open when the run ended, and are in no latency: the mean is %s without them, and %s with them at the age they had, so that the truth is more; a longer drain follows them to their ends",
		open, offered, seen, draw.FormatDuration(all))
}

func nameOf(k *metric.Kind, key any, element string, s metric.Stat) string {
	return metric.Ref{Metric: k.Metric(key), Element: element, Stat: s}.String()
}

// steady warns of a queue or waiting room that was still growing, or shrinking,
// when the run ended: its means then depend on the length of the run. One that has
// filled and emptied, after a fault or a burst, is no reason to warn.
func (r *Run) steady(add func(code, element, format string, a ...any), name string, id measure.LevelID) {
	rec := r.kept()
	from, _ := rec.Window()
	s := rec.LevelSeries(id, measure.StatMean).After(float64(from) / 1e9)
	final := rec.LevelFinal(id)
	if final == 0 || !measure.Trending(s) {
		return
	}
	how := "growing"
	if float64(final) < rec.LevelMean(id) {
		how = "shrinking"
	}
	add("not-steady", name, "never reached a steady state: it was still %s at the end (%d), so its means and the latencies depend on the length of the run", how, final)
}
