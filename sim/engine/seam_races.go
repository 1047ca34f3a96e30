package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
)

// Races: attempts that a mechanism hedges. While the request of an attempt is under
// way, a timer sends further ones, its hedges; the first good answer ends the attempt,
// and the last failure. The attempt itself stays in its call, a hedge is a flight: its
// number follows that of the attempt, so that the next retry counts on from there.

// race is an attempt that may be hedged.
type race struct {
	callID  uint64
	timer   uint64 // the next hedge is sent
	call    int32
	guard   int32 // the place of the mechanism among the guards of the site
	first   int32 // of its flights
	sent    int32 // hedges
	settled bool  // the attempt itself has failed, and holds no slots
}

// flight is a hedge under way.
type flight struct {
	timer    uint64 // timeout
	calleeID uint64
	since    int64
	race     int32
	next     int32
	attempt  int32 // its number
	callee   int32 // task that serves it
	inst     int32 // where, or none
}

// raceOf is the race of a call, or none.
func (r *Run) raceOf(ci int32) int32 { return int32(r.ticket(ci)[3]) - 1 }

// startRace begins a race with the attempt that is about to be sent, if it may be hedged.
func (r *Run) startRace(ci, guard int32) {
	p, n := r.guard(ci, guard)
	c := r.call(ci)
	after, ok := p.mech.Hedge.Next(r.cell(p, n, r.opOf(c)))
	if !ok {
		return
	}
	xi := r.seam.races.take()
	*r.seam.races.at(xi) = race{callID: c.id, call: ci, guard: guard, first: none}
	r.ticket(ci)[3] = int64(xi) + 1
	r.hedgeAfter(xi, after)
}

func (r *Run) hedgeAfter(xi int32, after int64) {
	r.seam.races.at(xi).timer = r.list.Push(r.now+max(1, after), kernel.PhaseTimer, evMechanism, r.prog.timers+seamTimers*xi+1)
}

// hedge sends a further request of an attempt, if the mechanism still wants it and every
// guard that counts requests lets it go at once.
func (r *Run) hedge(xi int32) {
	x := r.seam.races.at(xi)
	x.timer = 0
	ci := x.call
	c := r.call(ci)
	p, n := r.guard(ci, x.guard)
	o := r.opOf(c)
	r.note(evMechanism, p.element, o, c.occ+uint64(c.attempt))
	if !c.ofClient() && r.holds(c.owner) || !p.mech.Hedge.May(r.cell(p, n, o)) {
		return
	}
	if !r.takeSlots(ci) {
		r.rec.Inc(p.m.c + p.mech.Hedge.NoSlot)
		return
	}
	s := nth(r.prog.sites, c.site)
	x.sent++
	number := c.attempt + x.sent
	fi := r.seam.flights.take()
	f := r.seam.flights.at(fi)
	*f = flight{since: r.now, race: xi, next: x.first, attempt: number, callee: none, inst: none}
	x.first = fi
	if s.timeout > 0 {
		f.timer = r.list.Push(r.now+s.timeout, kernel.PhaseTimer, evMechanism, r.prog.timers+seamTimers*fi+2)
	}
	cell := r.cell(p, n, o)
	cell.Sent = x.sent
	cell.Host.Count(p.mech.Hedge.Sent)
	cell.Host.Record(p.mech.Hedge.Told)
	if after, ok := p.mech.Hedge.Next(cell); ok {
		r.hedgeAfter(xi, after)
	}
	r.countEdge(c, s, metric.EdgeHedges)
	var before thread
	if r.led != nil { // what its answer has waited for, and not that of the first request
		before = *r.caller(c)
		r.spendCall(c, SpentBlocked)
	}
	r.post(c.site, c.sender(), o, ci, c.id, number, draw.Mix(c.occ, s.linkSalt+uint64(number)), c.lid)
	if r.led != nil {
		*r.caller(r.call(ci)) = before
	}
}

// takeSlots asks the guards that count each request. Who has let it go before another
// refuses gets its slot back.
func (r *Run) takeSlots(ci int32) bool {
	c := r.call(ci)
	for k := range int32(r.ticket(ci)[0]) {
		p, n := r.guard(ci, k)
		if !p.mech.Each || p.mech.May == nil {
			continue
		}
		cell := r.cell(p, n, r.opOf(c))
		if cell.Hurry = true; p.key != 0 {
			r.host.envelope = r.carried(c)
		}
		if p.mech.May(cell) != mech.Go {
			r.giveSlots(ci, k, r.now, design.OK, false)
			return false
		}
	}
	return true
}

// giveSlots tells the first guards of a call, those that count each request, that one has
// ended.
func (r *Run) giveSlots(ci, below int32, since int64, cause design.Cause, counts bool) {
	for k := below - 1; k >= 0; k-- {
		if p, n := r.guard(ci, k); p.mech.Each && p.mech.Ended != nil {
			p.mech.Ended(r.cell(p, n, r.opOf(r.call(ci))), mech.Outcome{Cause: cause, Counts: counts, Took: r.now - since})
		}
	}
}

// flightOf is the flight of a number among those of a call, or none.
func (r *Run) flightOf(ci, attempt int32) int32 {
	xi := r.raceOf(ci)
	if xi < 0 {
		return none
	}
	for fi := r.seam.races.at(xi).first; fi != none; fi = r.seam.flights.at(fi).next {
		if r.seam.flights.at(fi).attempt == attempt {
			return fi
		}
	}
	return none
}

// land takes a flight out of its race, and returns its record as it was.
func (r *Run) land(fi int32) flight {
	f := r.seam.flights.at(fi)
	x := r.seam.races.at(f.race)
	for at := &x.first; *at != none; at = &r.seam.flights.at(*at).next {
		if *at == fi {
			*at = f.next
			break
		}
	}
	r.cancel(&f.timer)
	was := *f
	f.race = none
	r.seam.flights.give(fi)
	return was
}

// flightAnswered handles the answer to a hedge that is under way; it reports false where
// there is none of this number.
func (r *Run) flightAnswered(ci, attempt int32, cause design.Cause) bool {
	fi := r.flightOf(ci, attempt)
	switch {
	case fi == none:
		return false
	case cause != design.OK:
		r.flightFailed(fi, cause)
		return true
	}
	c := r.call(ci)
	s := nth(r.prog.sites, c.site)
	f := r.land(fi)
	x := r.seam.races.at(f.race)
	p, n := r.guard(ci, x.guard)
	cell := r.cell(p, n, r.opOf(c))
	cell.Host.Count(p.mech.Hedge.Won)
	r.giveSlots(ci, int32(r.ticket(ci)[0]), f.since, cause, true)
	if c.out {
		r.countEdge(c, s, metric.EdgeAbandoned)
		if r.cancelsLosers(ci, x) {
			r.cancelAttempt(ci)
		}
	}
	r.cancel(&c.timer)
	r.closeGuards(ci, design.OK, true)
	r.callDone(ci, r.call(ci), design.OK)
	return true
}

func (r *Run) cancelsLosers(ci int32, x *race) bool {
	p, _ := r.guard(ci, x.guard)
	return nth(r.prog.sites, r.call(ci).site).cancel || p.mech.Hedge.Cancels(p.settings)
}

// flightTimeout ends a hedge that was not answered in time.
func (r *Run) flightTimeout(fi int32) {
	f := r.seam.flights.at(fi)
	f.timer = 0
	ci := r.seam.races.at(f.race).call
	c := r.call(ci)
	r.note(evMechanism, nth(r.prog.sites, c.site).linkSalt, r.opOf(c), c.occ+uint64(f.attempt))
	r.flightLate(ci, fi)
}

// flightLate fails a hedge by its timeout, at once or when its caller goes on.
func (r *Run) flightLate(ci, fi int32) {
	c := r.call(ci)
	if !c.ofClient() && r.holds(c.owner) {
		r.hold(c.owner, c.id, ci, r.seam.flights.at(fi).attempt, design.OK, readyTimeout)
		return
	}
	if nth(r.prog.sites, c.site).cancel {
		r.cancelFlight(ci, r.seam.flights.at(fi))
	}
	r.flightFailed(fi, design.Timeout)
}

// flightFailed ends a hedge; with the last request of its race the attempt has failed.
func (r *Run) flightFailed(fi int32, cause design.Cause) {
	f := r.land(fi)
	x := r.seam.races.at(f.race)
	ci := x.call
	c := r.call(ci)
	r.countEdge(c, nth(r.prog.sites, c.site), metric.EdgeFailedBy+measure.Counter(cause))
	r.giveSlots(ci, int32(r.ticket(ci)[0]), f.since, cause, true)
	if x.first == none && !c.out {
		r.attemptOver(ci, cause)
	}
}

// outlives reports whether hedges of an attempt that has failed are under way: then it
// goes on without the request that has failed.
func (r *Run) outlives(ci int32, cause design.Cause) bool {
	xi := r.raceOf(ci)
	if xi < 0 || r.seam.races.at(xi).first == none {
		return false
	}
	t := r.ticket(ci)
	r.giveSlots(ci, int32(t[0]), t[1], cause, true)
	r.seam.races.at(xi).settled = true
	return true
}

// scatter leaves the hedges that are still under way: they are abandoned, or fail by the
// cause of their operation.
func (r *Run) scatter(ci int32, cause design.Cause, cancel bool) {
	x := r.seam.races.at(r.raceOf(ci))
	c := r.call(ci)
	s := nth(r.prog.sites, c.site)
	for x.first != none {
		f := r.land(x.first)
		what := metric.EdgeAbandoned
		if cause != design.OK {
			what = metric.EdgeFailedBy + measure.Counter(cause)
		}
		r.countEdge(c, s, what)
		r.giveSlots(ci, int32(r.ticket(ci)[0]), f.since, design.OK, false)
		if cancel {
			r.cancelFlight(ci, &f)
		}
	}
}

// endRace ends a race, and leaves the hedges that are still under way.
func (r *Run) endRace(ci int32) (settled bool) {
	t := r.ticket(ci)
	xi := int32(t[3]) - 1
	x := r.seam.races.at(xi)
	r.scatter(ci, design.OK, r.cancelsLosers(ci, x))
	r.cancel(&x.timer)
	t[3] = 0
	t[4] += int64(x.sent)
	x.callID = 0
	r.seam.races.give(xi)
	return x.settled
}

// cancelFlight sends a cancellation to the callee of a hedge.
func (r *Run) cancelFlight(ci int32, f *flight) {
	c := r.call(ci)
	mi := r.newMsg(CancelMessage, c.site, nth(r.prog.sites, c.site).fwd, none, r.opOf(c), none, c.id, f.attempt, draw.Mix(c.occ, uint64(f.attempt)+1))
	m := r.msgs.at(mi)
	m.target, m.taskID = f.callee, f.calleeID
	r.transmit(mi)
}

// landed notes the task of a hedge; it reports false where it is not under way any more.
func (r *Run) landed(ti int32, t *task) bool {
	fi := r.flightOf(t.call, t.try)
	if fi == none {
		return false
	}
	f := r.seam.flights.at(fi)
	f.callee, f.calleeID, f.inst = ti, t.id, t.inst
	return true
}

// losersCancelled reports whether a request that comes too late for its race is dropped.
func (r *Run) losersCancelled(s *site) bool {
	if s.hedge == 0 {
		return false
	}
	p := &r.prog.parts[r.prog.guards[s.guards.first+s.hedge-1]]
	return p.mech.Hedge.Cancels(p.settings)
}

// rivals lists the instances at which the other requests of a race are, in their order,
// as numbers from the first of the service.
func (r *Run) rivals(t *task) []int32 {
	all := r.others[:0]
	if t.call == none || t.dup || !r.call(t.call).guarded || r.call(t.call).id != t.fromID {
		return all
	}
	xi := r.raceOf(t.call)
	if xi < 0 {
		return all
	}
	c, s := r.call(t.call), nth(r.prog.services, t.service)
	if u := c.callee; u != none && t.try != c.attempt && r.tasks.at(u).id == c.calleeID {
		all = append(all, r.tasks.at(u).inst-s.inst0)
	}
	for fi := r.seam.races.at(xi).first; fi != none; fi = r.seam.flights.at(fi).next {
		if f := r.seam.flights.at(fi); f.inst != none && f.attempt != t.try {
			all = append(all, f.inst-s.inst0)
		}
	}
	r.others = all
	slices.Sort(all)
	return slices.Compact(all)
}
