package engine

import "asynclab/sim/design"

// Where nothing proceeds for a time: an instance that is down, paused or hangs, a broker
// that is down. What waits or works there then waits for nothing but that, so a run that
// explains itself tells this time apart:
//
//	├── work ──┤ · · · · paused · · · · ├── work ──┤
//
// Timers go on meanwhile: a delay, a back-off or an attempt lasts as long as it would,
// and only how long its end is held until the instance is up is down time.

// halt is since when a place proceeds (SpentWork), or why it does not.
type halt struct {
	at int64
	by Spent
}

// halting is an instance, by its service and number, or a broker: (^broker, 0).
type halting struct{ of, n int32 }

func (r *Run) instanceAt(ii int32) halting {
	s := nth(r.instances, ii).service
	return halting{s, ii - nth(r.prog.services, s).inst0}
}

// halted notes that an instance stops, or proceeds.
func (r *Run) halted(ii int32) {
	in, by := nth(r.instances, ii), SpentWork
	switch {
	case in.down > 0:
		by = SpentDown
	case in.hung > 0:
		by = SpentHung
	case in.paused > 0:
		by = SpentPaused
	}
	r.led.halt(r.instanceAt(ii), r.now, by)
}

func (l *ledger) halt(who halting, now int64, by Spent) {
	all := l.halts[who]
	was := SpentWork
	if n := len(all); n > 0 {
		was = all[n-1].by
	}
	if was != by {
		l.halts[who] = append(all, halt{now, by})
	}
}

// spendAt is spend for who waits or works at a place: first comes what it halted for.
func (r *Run) spendAt(t *thread, o int32, what Spent, place int32, who halting) {
	all := r.led.halts[who]
	end, took := r.now, [NumSpent]int64{}
	for i := len(all) - 1; i >= 0 && end > t.since; i-- {
		if d := end - max(all[i].at, t.since); d > 0 && all[i].by != SpentWork {
			took[all[i].by] += d
		}
		end = min(end, all[i].at)
	}
	at := place
	if who.of >= 0 {
		at = spot(atService, who.of)
	}
	for by, d := range took {
		r.lay(t, o, Spent(by), at, d)
	}
	r.spend(t, o, what, place)
}

// holdThread ends what came before the end of a wait that is held.
func (r *Run) holdThread(it readyItem) {
	switch it.kind() {
	case readyReply:
		if it.cause() == design.OK {
			r.led.answers[it.arg()] = r.led.now
		}
		r.led.now = thread{}
	case readyTimeout, readyShared, readyRefused:
		r.spendCall(r.call(it.arg()), SpentBlocked)
	case readyBackoff:
		r.spendCall(r.call(it.arg()), SpentBackoff)
	case readyGo:
		r.spendCall(r.call(it.arg()), SpentLine)
	case readyDelay:
		r.spendDelay(it.arg())
	}
}

// heldDown ends the time for which an item was held.
func (r *Run) heldDown(it readyItem, ii int32) {
	place := spot(atService, nth(r.instances, ii).service)
	switch it.kind() {
	case readyReply:
		if c, t := r.call(it.arg()), r.led.answers[it.arg()]; c.id == it.id && t.op != 0 {
			r.spend(&t, r.opOf(c), SpentDown, place)
			r.led.answers[it.arg()] = t
		}
	case readyDelay, readyStore, readyDelivery:
		if t := r.tasks.at(it.arg()); it.id == 0 || t.id == it.id {
			r.spend(r.taskThread(it.arg()), t.op, SpentDown, place)
		}
	default:
		if c := r.call(it.arg()); c.id == it.id {
			r.spend(r.caller(c), r.opOf(c), SpentDown, place)
		}
	}
}

// spendGathered adds to the threads of what was gathered: until it would be sent, or until
// its instance goes on.
func (r *Run) spendGathered(gi int32, goesOn bool) {
	g, t := nth(r.gathers, gi), nth(r.prog.gathers, gi)
	for mi := g.head; mi != none; mi = r.msgs.at(mi).copy {
		m, at := r.msgs.at(mi), spot(atEdge, t.site)
		if goesOn {
			r.spendAt(r.msgThread(mi), m.op, SpentBatch, at, r.instanceAt(t.inst))
		} else {
			r.spend(r.msgThread(mi), m.op, SpentBatch, at)
		}
	}
}
