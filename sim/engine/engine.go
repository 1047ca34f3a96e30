package engine

import (
	"fmt"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/mech"
	"asynclab/sim/metric"
)

// Budgets.
const (
	DefaultBytes = 768 << 20         // of records alive at once; of these, an eighth of visits
	maxStore     = kernel.MaxArg / 2 // records of one kind
	maxInstant   = 20_000_000
	maxRetries   = 1_000_000 // things at an instant at which a call without an end of its retries is tried again without a wait
	maxPushes    = kernel.MaxPushes - 1<<31
	maxResends   = 1_000_000 // of one message by its link: 55 hours at the default of 200 ms
)

// Run is one run of a design under one seed. It is not safe for concurrent use;
// it starts no goroutine and reads no clock.
type Run struct {
	state
	prog    Program // a copy, so that its tables are one step away
	cfg     Config
	keys    []draw.Key
	obs     Observer
	author  sentBy        // with an observer
	owned   owned         // of the tables of prog
	design  *design.Draft // as it is now, with the changes made by hand or by faults
	byHand  *design.Draft // as it was given, with the changes made by hand; the same until a fault sets a parameter
	until   int64         // end of the run; never if it ends at Completions
	stop    uint64        // number of events up to which they are dispatched now; 0 when the run ends
	odd     bool          // see weigh
	light   bool          // likewise: messages carry nothing beyond their operation, and latencies of edges are not recorded
	timing  bool          // latencies of edges are recorded: of those that timed says, by site
	timed   []bool
	lanes   []lane // of queues
	changes uint32 // how often they had to be found out again

	led         *ledger // nil: where latency goes is not asked for
	metricsOnce []meter
	signsOnce   []meter
	registry    []register         // once they are looked for
	metricsBy   map[metric.Ref]int // their places, once one is looked for
	injections  *check.Injections  // once a fault is injected
	faultNames  map[string]int32   // of the faults, once one is looked for by name
	hooked      mech.Cell          // of the hook that runs
	host        host               // and what it is given
	carrying    int32              // the envelope of the answer that a step gives now
	others      []int32            // see rivals
	skipped     []int32            // instances that a request does not go to: room for leftOut
	tried       []int32            // likewise, room for untried
	batched     []float64          // values of an envelope: room for withBatch
	choice      choice             // of the request for which an instance is picked
}

// Now is the simulated time in nanoseconds. In the drain and after it, it is the
// duration.
func (r *Run) Now() int64 { return min(r.now, r.until) }

// Events is the number of events dispatched so far.
func (r *Run) Events() uint64 { return r.events }

// Completions is the number of measured operations confirmed so far.
func (r *Run) Completions() uint64 { return r.completions }

// End tells why the run is over, or Running, also in the drain.
func (r *Run) End() End { return r.end }

// Draining reports whether the run has reached its duration and is following the
// operations of the window to their ends.
func (r *Run) Draining() bool { return r.draining && r.end == Running }

// Fingerprint is a hash over (time, kind, element, operation, occurrence) of
// every event so far: the cheapest regression test there is (after OMNeT++).
func (r *Run) Fingerprint() uint64 { return draw.Mix(r.fp, r.events) }

// Advance runs every event up to and including the time until (nanoseconds),
// but at most maxEvents of them (0: no bound), and reports whether the run is
// over. Afterwards Now is until, unless the run ended or the bound was reached
// before. From the duration on it runs the drain too.
func (r *Run) Advance(until int64, maxEvents uint64) End {
	stop := r.events + maxEvents
	if maxEvents == 0 {
		stop = ^uint64(0)
	}
	if r.cfg.MaxEvents > 0 && r.cfg.MaxEvents < stop {
		stop = r.cfg.MaxEvents
	}
	horizon := min(until, r.until-1) // intervals are half-open
	for {
		change := r.nextChange()
		if !r.dispatchUntil(min(horizon, change-1), stop) {
			return r.bounded()
		}
		if change > horizon || r.end != Running {
			break
		}
		if r.events >= stop {
			return r.bounded()
		}
		r.change()
	}
	if r.end == Running {
		if r.list.Len() == 0 && r.until == never && r.nextChange() == never {
			r.finish(Idle)
		} else if until >= r.until {
			r.followOperations(stop)
		} else if until > r.now && until < never {
			r.now = until
		}
	}
	return r.end
}

// dispatchUntil dispatches the events up to and including a time. It reports
// false if the run goes on and more of them are left than up to stop.
func (r *Run) dispatchUntil(t int64, stop uint64) bool {
	if t < 0 {
		return true
	}
	for end := kernel.Until(t); r.end == Running; {
		if !r.dispatch(end, min(stop, r.events+1024)) {
			return true
		}
		if r.list.Pushes() > maxPushes { // looked at now and then: there is room for more
			r.finish(BudgetEvents)
		}
		if r.events >= stop {
			next, ok := r.list.Next()
			return r.end != Running || !ok || next > t
		}
	}
	return true
}

// bounded ends the run if its budget of events is used up, and not only the
// caller's bound.
func (r *Run) bounded() End {
	if r.cfg.MaxEvents > 0 && r.events >= r.cfg.MaxEvents {
		r.finish(BudgetEvents)
	}
	return r.end
}

// Step dispatches the next event, also of the drain, and reports whether there
// was one.
func (r *Run) Step() bool {
	before := r.events
	for r.end == Running && r.events == before {
		t, ok := r.list.Next()
		if !ok {
			t = never
		}
		change := r.nextChange()
		if min(t, change) >= r.until {
			r.Advance(r.until, 1)
			break
		}
		if r.bounded() != Running {
			break
		}
		if change <= t {
			r.change()
			break
		}
		r.dispatch(kernel.Until(t), r.events+1)
	}
	return r.events > before
}

// dispatch dispatches the events that are not after an end of a time, until there have
// been so many in the run or the run is over. It reports false when none is left.
func (r *Run) dispatch(end, stop uint64) bool {
	if r.end != Running {
		return true
	}
	for r.stop = stop; r.events < r.stop; {
		ev := r.list.Head()
		if ev.After(end) {
			if !r.list.Fetch(end) {
				return false
			}
			continue
		}
		r.list.Take()
		arg := ev.Arg()
		switch ev.Kind() { // dense: a jump table
		case evMsg:
			r.at(ev)
			m := r.msgs.at(arg)
			r.mark(nth(r.prog.wires, m.link).stamp, r.ops.at(m.op).id, m.occ)
			r.arrive(arg)
		case evCopy:
			r.at(ev)
			c := r.copies.at(arg)
			r.mark(nth(r.prog.sites, c.site).there, r.ops.at(c.op).id, c.occ)
			r.copyArrived(arg)
		case evRequest:
			r.at(ev)
			t := r.tasks.at(arg)
			r.mark(nth(r.prog.sites, t.site).there, r.ops.at(t.op).id, t.occ)
			r.requestArrived(arg)
		case evAnswer:
			r.at(ev)
			t := r.tasks.at(arg)
			r.mark(nth(r.prog.sites, t.site).here, r.ops.at(t.op).id, t.occ)
			r.answerArrived(arg)
		case evThink:
			r.at(ev)
			o := r.ops.at(arg)
			r.note(evThink, nth(r.prog.loads, o.load).element, none, uint64(o.user))
			r.closedArrival(arg)
		case evSample:
			if r.nothingLeft() {
				r.finish(Idle)
				continue
			}
			r.at(ev)
			r.sample()
		case evWork:
			t := r.tasks.at(arg)
			if t.timer != ev.ID() {
				r.list.Skipped()
				continue
			}
			r.at(ev)
			r.mark(nth(r.prog.handlers, t.handler).stamp, r.ops.at(t.op).id, t.occ)
			r.workDone(arg)
		case evArrival:
			s := nth(r.loads, arg)
			if s.next != ev.ID() {
				r.list.Skipped()
				continue
			}
			r.at(ev)
			r.mark(nth(r.prog.loads, arg).stamp, 0, s.seq)
			s.next = 0
			r.arrival(arg, s)
		case evDeadline:
			o := r.ops.at(arg)
			if o.deadline != ev.ID() {
				r.list.Skipped()
				continue
			}
			r.at(ev)
			o.deadline = 0
			r.note(evDeadline, nth(r.prog.loads, o.load).element, arg, 0)
			r.opFailed(arg, design.Deadline)
			if o := r.ops.at(arg); len(r.logs) > 0 && o.id != 0 {
				r.ended(arg, o) // only logs have kept it
			}
		default:
			r.other(ev)
		}
		if r.ready.n > 0 {
			r.drain()
		}
		if r.instant > maxInstant {
			r.finish(BudgetInstant)
		}
	}
	return true
}

// at begins an event.
func (r *Run) at(ev kernel.Event) {
	r.events++
	if t := ev.Time(); t != r.now {
		r.now, r.instant = t, 1
	} else {
		r.instant++
	}
}

// nothingLeft reports, when a sample has been taken from the list, whether no
// other event is left in a run that waits for completions.
func (r *Run) nothingLeft() bool {
	return r.until == never && r.list.Live() == 0 && r.nextChange() == never
}

// other dispatches an event of one of the kinds that are rare.
//
//go:noinline
func (r *Run) other(ev kernel.Event) {
	if !r.Live(ev) {
		r.list.Skipped()
		return
	}
	r.at(ev)
	r.rare(ev.Kind(), ev.Arg())
}

func (r *Run) rare(kind uint8, arg int32) {
	switch kind {
	case evSharing:
		s := nth(r.prog.services, nth(r.instances, arg).service)
		r.note(evSharing, s.element, none, uint64(arg-s.inst0))
		r.sharingDone(arg)
	case evTimeout, evBackoff:
		c := r.call(arg)
		c.timer = 0
		r.note(kind, nth(r.prog.sites, c.site).linkSalt, r.opOf(c), c.occ+uint64(c.attempt))
		if kind == evTimeout {
			r.callTimer(arg, readyTimeout)
		} else {
			r.callTimer(arg, readyBackoff)
		}
	case evPatience, evDelay:
		t := r.tasks.at(arg)
		t.timer = 0
		r.note(kind, nth(r.prog.handlers, t.handler).element, t.op, t.occ)
		if kind == evPatience {
			r.renege(arg)
		} else {
			r.delayed(arg)
		}
	case evVisible, evRedeliver, evExpiry:
		k := r.copies.at(arg)
		k.timer = 0
		r.note(kind, nth(r.prog.queues, k.queue).element, k.op, k.occ)
		switch {
		case kind == evVisible && nth(r.prog.queues, k.queue).closes:
			r.closeChannel(k.consumer)
		case kind == evVisible:
			r.free(arg, design.EndTimeout) // its task, if it still runs, runs on
		case kind == evExpiry:
			r.detach(arg)
			r.expired(arg)
		case k.state == copyDelivered:
			r.tryInPlace(arg)
		default:
			r.delayOver(arg)
		}
	case evTTL:
		r.note(evTTL, nth(r.prog.queues, arg).element, none, 0)
		nth(r.queues, arg).ttl = 0
		r.expire(arg)
	case evRetransmit:
		m := r.msgs.at(arg)
		m.timer = 0
		r.note(evRetransmit, nth(r.prog.links, m.link).element, m.op, m.occ)
		r.retransmit(arg)
	case evSilence:
		k := nth(r.conns, arg/2)
		k.ways[arg%2].timer = 0
		r.note(evSilence, nth(r.prog.conns, arg/2).id, none, uint64(arg%2))
		r.silence(arg/2, int(arg%2))
	case evReset, evConnect:
		k := nth(r.conns, arg)
		r.note(kind, nth(r.prog.conns, arg).id, none, uint64(k.epoch))
		if kind == evReset {
			k.reset = 0
			r.resetArrived(arg)
		} else {
			k.timer = 0
			r.connect(arg)
		}
	case evFault:
		if arg >= flips {
			r.flip(arg - flips)
			return
		}
		r.note(evFault, nth(r.prog.faults, arg).element, none, nth(r.faults, arg).round)
		nth(r.faults, arg).timer = 0
		r.fault(arg)
	case evMechanism:
		r.mechanismEvent(arg)
	case evStore:
		r.storeTimer(arg)
	case evGroup:
		r.groupEvent(arg)
	case evFetch:
		r.fetchTimer(arg)
	case evGather:
		r.lingered(arg)
	case evServed:
		r.served(arg)
	case evReplicated:
		m := r.msgs.at(arg)
		m.timer = 0
		if r.led != nil {
			r.spend(r.msgThread(arg), m.op, SpentFollowers, spot(atLink, m.link))
		}
		r.note(evReplicated, nth(r.prog.brokers, nth(r.prog.sites, m.site).broker).element, m.op, m.occ)
		if t := &nth(r.prog.brokers, nth(r.prog.sites, m.site).broker).replicas; t.lagLimit > 0 && r.followed(arg, t) {
			return
		}
		r.safe(arg)
	default:
		panic(fmt.Sprintf("engine: unknown event kind %d", kind))
	}
}

// Live reports whether a pending event was not cancelled: whether its object
// still holds its ID.
func (r *Run) Live(ev kernel.Event) bool {
	id := ev.ID()
	arg := ev.Arg()
	switch ev.Kind() {
	case evWork, evDelay, evPatience:
		return r.tasks.at(arg).timer == id
	case evTimeout, evBackoff:
		return r.call(arg).timer == id
	case evDeadline:
		return r.ops.at(arg).deadline == id
	case evVisible, evRedeliver, evExpiry:
		return r.copies.at(arg).timer == id
	case evArrival:
		return nth(r.loads, arg).next == id
	case evSharing:
		return nth(r.instances, arg).timer == id
	case evTTL:
		return nth(r.queues, arg).ttl == id
	case evRetransmit, evReplicated:
		return r.msgs.at(arg).timer == id
	case evSilence:
		return nth(r.conns, arg/2).ways[arg%2].timer == id
	case evReset:
		return nth(r.conns, arg).reset == id
	case evConnect:
		return nth(r.conns, arg).timer == id
	case evFault:
		if arg >= flips {
			return nth(r.faults, arg-flips).flip == id
		}
		return nth(r.faults, arg).timer == id
	case evStore:
		return r.store.waits.at(arg).timer == id
	case evMechanism:
		return r.mechanismLive(arg, id)
	case evGroup:
		return *r.groupTimer(arg) == id
	case evFetch:
		return *r.fetchEvent(arg) == id
	case evGather:
		return nth(r.gathers, arg).timer == id
	case evServed:
		return r.servers.at(arg).timer == id
	}
	return true
}

// cancel takes back the event whose ID is in *id, if any.
func (r *Run) cancel(id *uint64) {
	if *id != 0 {
		*id = 0
		r.list.Cancel(r)
	}
}

// drain handles the ready items of this instant, first in, first out.
func (r *Run) drain() {
	for r.ready.n > 0 {
		it := r.ready.pop()
		r.instant++
		switch it.kind() {
		case readyMsg:
			r.arrive(it.arg())
		case readyRequest:
			r.request(it.arg(), defaultSize)
		case readyDelivery:
			r.takeDelivery(it.arg())
		case readyReply:
			if r.led != nil {
				r.led.answerComes(it.arg())
			}
			r.answered(it.arg(), it.id, it.attempt(), it.cause())
		case readyInstance:
			nth(r.instances, it.arg()).queued = false
			r.startWaiting(it.arg())
			if nth(r.instances, it.arg()).watched&watchLast != 0 {
				r.lastLeft(it.arg())
			}
		case readyQueue:
			nth(r.queues, it.arg()).queued = false
			r.hand(it.arg())
		case readyThink:
			r.closedArrival(it.arg())
		case readyFetch:
			nth(r.fetchers, it.arg()).queued = false
			r.fetchNext(it.arg())
		case readyTimeout, readyBackoff:
			r.heldTimer(it)
		case readyDelay:
			if r.tasks.at(it.arg()).id == it.id {
				r.delayed(it.arg())
			}
		case readyShared:
			r.sharedEnd(it)
		case readyStore:
			r.storeGo(it.arg(), it.id, it.cause())
		case readyGo, readyRefused:
			r.guarded(it)
		}
		if r.instant > maxInstant {
			r.finish(BudgetInstant)
		}
		if r.end != Running {
			return
		}
	}
}

func (r *Run) soon(kind readyKind, arg int32) {
	r.ready.push(0, readyWord(arg, 0, design.OK, kind))
}

func (r *Run) nextID() uint64 {
	r.ids++
	return r.ids
}

func (r *Run) finish(e End) {
	if r.end == Running {
		r.end, r.stop = e, 0
		if !r.draining {
			r.trackAges()
			r.rec.Finish(r.now)
		}
	}
}
