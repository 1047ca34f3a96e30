package finding

import (
	"asynclab/sim/metric"
	"asynclab/sim/warning"
)

// runaways tells what ended a run before its time. It reads totals only: such a run may
// have ended within the first interval of its series.
func runaways(s *study, k *Kind) []Finding {
	x := s.src.Runaway()
	if x.Kind == nil {
		return nil
	}
	f := Finding{Kind: k, Element: "run", To: duration(s.end), From: duration(s.start), Hurt: float64(max(x.N, 1))}
	at, lasted := moment(s.end), max(s.end-s.start, 1e-9)
	if x.At.Metric != nil {
		f.Element = x.At.Section()
	}
	switch x.Kind {
	case warning.BudgetWaiting:
		came, done := arrived, s.total(taskDone, x.At.Element)+s.total(failed, x.At.Element)
		if x.At.Kind() == metric.Queue {
			came, done = published, s.total(delivered, x.At.Element)
		}
		f.add(waitedAtEnd, count(float64(x.N)), x.At.Element, at, rate(s.total(came, x.At.Element)/lasted), rate(done/lasted))
		f.show(metric.Ref{Metric: came, Element: x.At.Element, Stat: metric.Rate}, s.total(came, x.At.Element)/lasted)
	case warning.BudgetRows:
		f.add(keptAtEnd, count(float64(x.N)), x.At.Element, at)
	case warning.BudgetVisits:
		f.Element = s.goesRound(&f, at)
	case warning.BudgetRetries:
		f.add(triedAtEnd, x.At.Element, at)
	case warning.BudgetResends:
		f.add(resentAtEnd, x.At.Element, count(float64(x.N)), at)
	case warning.BudgetInstant:
		f.add(instantAtEnd, count(float64(x.N)), at)
	default:
		came, open := 0.0, 0.0
		for _, l := range s.loads {
			came, open = came+s.total(offered, l), open+s.total(openOps, l)
		}
		f.add(openAtEnd, count(open), count(came), at)
	}
	if x.At.Metric != nil {
		f.show(x.At, float64(x.N))
	}
	s.triedMost(&f)
	return []Finding{f}
}

// goesRound says where most came, beside the operations for which it did.
func (s *study) goesRound(f *Finding, at string) string {
	most, came := metric.Ref{}, 0.0
	of := func(m *metric.Metric, names []string) {
		for _, name := range names {
			if n := s.total(m, name); n > came {
				most, came = metric.Ref{Metric: m, Element: name}, n
			}
		}
	}
	of(published, s.queues)
	of(arrived, s.services)
	ops := 0.0
	for _, l := range s.loads {
		ops += s.total(offered, l)
	}
	f.add(roundAtEnd, count(came), most.Element, count(ops), at)
	f.show(most, came)
	return most.Section()
}

// triedMost says what retries made of the load, where they did most.
func (s *study) triedMost(f *Finding) {
	var worst edge
	more := 0.0
	for _, e := range s.edges {
		sent, called := s.total(attempts, e.name), s.total(calls, e.name)
		if sent >= multipliedBy*called && sent-called > max(more, fewRetries) {
			worst, more = e, sent-called
		}
	}
	if more > 0 {
		called := s.total(calls, worst.name)
		f.add(multiplied, worst.to, times((called+more)/max(called, 1)), moment(s.start), moment(s.end))
		f.shows(metric.Ref{Metric: attempts, Element: worst.name, Stat: metric.Ratio}, (called+more)/max(called, 1), multipliedBy)
	}
}
