package theory

import (
	"fmt"
	"math"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// closed notes what is known about a design with users who wait: one closed load and no
// other.
func (x *system) closed(loads int) {
	d := x.d
	l := &d.Loads[0]
	f := Finding{Element: "load." + l.Name, Model: closedPF}
	f.assume("a steady state", x.unsteady)
	defer func() {
		if !f.Fits() {
			x.findings = append(x.findings, f)
		}
	}()
	if len(d.Loads) > 1 {
		f.Element = "design"
		f.assume("one load, closed", fmt.Sprintf("there are %d loads, of which %d are closed", len(d.Loads), loads))
		return
	}
	f.assume("one load, closed", "")
	x.users = true
	if !x.flows(func(int) float64 { return 1 }) {
		f.assume("a cycle comes to its end", "messages go round and grow in number without end")
		return
	}
	for i := range x.services {
		x.describe(&x.services[i])
	}
	x.order()
	kind, why := x.closedTrouble(l)
	f.assume("every station is M/M/c or a delay, and one message at a time goes round", why)
	if why == "" && kind != Exact {
		f.assume("work is exponential, the same for all at a station", "it is not")
	}
	if x.unsteady != "" || why != "" {
		return
	}
	x.solveClosed(l, &f, kind)
	x.findings = append(x.findings, f)
}

// closedTrouble says why a closed design has no product form, "" if it has, and how near
// it comes.
func (x *system) closedTrouble(l *design.Load) (Kind, string) {
	kind := Exact
	if _, why := x.first(l); why != "" {
		return kind, why
	}
	if l.HasLimit {
		return kind, "users lose patience"
	}
	for i := range x.services {
		s := &x.services[i]
		if s.rate == 0 {
			continue
		}
		switch {
		case s.trouble != "":
			return kind, s.trouble
		case s.workers > 0 && s.d.Instances > 1:
			return kind, fmt.Sprintf("%s has several instances, each with its own line", s.d.Name)
		case s.d.Discipline == design.Priority || s.d.Discipline == design.Preemptive:
			return kind, "there are priorities"
		case s.workers > 0 && s.d.Discipline != design.Sharing && (s.work.shape != exponential || s.classes > 1):
			kind = Approximation
		case len(s.readers) > 0 && !s.inQueue():
			return kind, "a consumer is handed more than one message at a time"
		}
	}
	return kind, ""
}

// solveClosed solves the network and notes its predictions.
func (x *system) solveClosed(l *design.Load, f *Finding, kind Kind) {
	var stations []Station
	var of []*service
	work, several := 0.0, false
	for i := range x.services {
		if s := &x.services[i]; s.rate > 0 {
			st := Station{Demand: s.rate * s.work.mean(), Visits: s.rate, Servers: min(s.workers, l.Users)}
			stations, of = append(stations, st), append(of, s)
			work += st.Demand
			several = several || st.Servers > 1
		}
	}
	bare := x.cycle(l, true)
	full := x.cycle(l, false)
	if !(math.Abs(bare-work) <= 1e-9*work) {
		f.assume("all work of a cycle is done before the user goes on", "some is done beside it, or nobody can tell")
		return
	}
	think := l.Think.Mean() + full - bare
	if several && (l.Users > MaxClosed && len(stations) > 1) {
		f.assume(fmt.Sprintf("at most %d users, where a station has several workers", MaxClosed), fmt.Sprintf("there are %d", l.Users))
		return
	}
	name := "load." + l.Name
	f.Detail = fmt.Sprintf("%d users, think %.4g s, %d stations", l.Users, l.Think.Mean(), len(stations))
	if len(stations) == 1 && of[0].workers > 0 && of[0].rate == 1 && len(of[0].readers) == 0 {
		x.oneStation(l, of[0], f, kind, think, full-bare)
		return
	}
	for _, s := range of {
		if line := s.line(); line >= 0 && line+s.workers < l.Users && s.workers > 0 && len(s.readers) == 0 {
			f.assume("nobody is turned away", fmt.Sprintf("the line of %s has room for %d", s.d.Name, line))
			return
		}
	}
	c := MVA(stations, think, l.Users)
	f.say(stat(name, throughput, metric.Plain), c.Throughput, kind)
	f.say(stat(name, confirmedLatency, metric.Mean), c.Response+full-bare, kind)
	for i, s := range of {
		n := "service." + s.d.Name
		if s.workers > 0 {
			f.say(stat(n, utilization, metric.Plain), c.Throughput*s.rate*s.own/float64(s.workers), kind)
		}
		if s.workers > 0 && s.d.Discipline != design.Sharing {
			line := c.Present[i]/(c.Throughput*s.rate) - s.work.mean()
			if s.inQueue() {
				n = s.readers[0].name
			}
			f.say(stat(n, wait, metric.Mean), line, kind)
		}
	}
	f.Memory = (think + c.Response) * 2
}

// oneStation is the machine repair model, or with a bounded line Engset's.
func (x *system) oneStation(l *design.Load, s *service, f *Finding, kind Kind, think, ways float64) {
	name, n, users := "load."+l.Name, "service."+s.d.Name, l.Users
	c := min(s.workers, users)
	f.Model = repair
	q := Repair(users, think, s.work.mean(), c)
	if line := s.line(); line >= 0 && line+s.workers < users && s.d.Discipline != design.Sharing {
		f.Model = engset
		q = Engset(users, think, s.work.mean(), c, line)
		f.say(name+".failed.rejected.ratio", q.Refused, kind)
	}
	f.say(stat(name, throughput, metric.Plain), q.Throughput, kind)
	f.say(stat(name, confirmedLatency, metric.Mean), q.Sojourn+ways, kind)
	f.say(stat(n, utilization, metric.Plain), q.Throughput*s.own/float64(s.workers), kind)
	if s.d.Discipline != design.Sharing {
		f.say(stat(n, wait, metric.Mean), q.Wait, kind)
		f.say(stat(n, waiting, metric.Mean), q.Waiting, kind)
	}
	f.Memory = (think + q.Sojourn) * 2
}

// cycle is the mean time of an operation without lines; bare: its work alone. NaN where
// it cannot be told.
func (x *system) cycle(l *design.Load, bare bool) float64 {
	for i := range x.services {
		x.services[i].wait = span{0, Exact}
	}
	clear(x.known)
	clear(x.bare)
	if len(l.Confirm) == 0 {
		if x.at[l.To] == nil {
			return math.NaN()
		}
		t := x.reply(l.To, bare).mean
		if !bare {
			t += x.way(l.Name, l.To.Node) + x.way(l.To.Node, l.Name)
		}
		return t
	}
	t, _ := x.confirmed(l)
	if !bare {
		return t.mean
	}
	x.noWays = true
	t, _ = x.confirmed(l)
	x.noWays = false
	return t.mean
}
