package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// A broker that holds publishers back. What its queues have is counted, waiting or held by
// consumers: from one mark on, what is published waits before its queue, as where a full
// queue blocks, until there is less than another. Or publishers are slowed: one message is taken then and now.

// flowT are the marks of a broker.
type flowT struct {
	on                   bool
	messages, size       int64 // from which it holds back
	fewMessages, fewSize int64 // below which it does not any more
	slow                 int64 // ns from one message to the next that it takes meanwhile; 0: it takes none
	m                    block
}

// flowState is what a broker has.
type flowState struct {
	messages, size int64
	choked         bool
	timer          uint64      // it takes one more
	next           int64       // not before this time
	line           ring[int32] // while it slows publishers: the queues for which some wait, in turn
}

func flowOf(f *design.FlowControl) flowT {
	mark := func(x float64) (high, low int64) {
		if x <= 0 {
			return math.MaxInt64, math.MaxInt64
		}
		if high, low = int64(x), int64(x); f.Resume > 0 {
			low = int64(math.Ceil(x * f.Resume))
		}
		return high, low
	}
	t := flowT{on: *f != (design.FlowControl{})}
	t.messages, t.fewMessages = mark(float64(f.Messages))
	t.size, t.fewSize = mark(f.Size)
	if f.Slow > 0 {
		t.slow = max(1, nanos(1/f.Slow))
	}
	return t
}

// eachFlow visits the brokers that hold publishers back.
func (p *Program) eachFlow(do func(t *brokerT, i int)) {
	for i := range p.brokers {
		if t := &p.brokers[i]; t.flow.on {
			do(t, i)
		}
	}
}

// choked reports whether a broker holds publishers back.
func (r *Run) choked(b int32) bool { return len(r.flow) > 0 && nth(r.flow, b).choked }

// heldBack reports whether a broker holds back a message that has come for one of its
// queues now. One that slows its publishers takes it where it has taken none for long enough.
func (r *Run) heldBack(b int32) bool {
	if !r.choked(b) {
		return false
	}
	f, t := nth(r.flow, b), &nth(r.prog.brokers, b).flow
	if t.slow == 0 || f.line.n > 0 || r.now < f.next {
		return true
	}
	f.next = r.now + t.slow
	return false
}

// waitsForFlow notes that a message waits before a queue.
func (r *Run) waitsForFlow(qi int32) {
	b := nth(r.prog.queues, qi).broker
	f, t := nth(r.flow, b), &nth(r.prog.brokers, b).flow
	if !t.on {
		return
	}
	if r.rec.Up(t.m.l+metric.FlowWaiting, r.now); t.slow > 0 && f.choked && nth(r.queues, qi).blocked == 1 {
		f.line.push(qi)
		r.planFlow(b)
	}
}

// flowGoesOn notes that one waits no longer.
func (r *Run) flowGoesOn(qi int32) {
	if t := &nth(r.prog.brokers, nth(r.prog.queues, qi).broker).flow; t.on {
		r.rec.Down(t.m.l+metric.FlowWaiting, r.now)
	}
}

// planFlow sets the timer of the next message that a broker takes which slows its publishers.
func (r *Run) planFlow(b int32) {
	if f := nth(r.flow, b); f.timer == 0 && f.line.n > 0 {
		f.timer = r.list.Push(max(r.now, f.next), kernel.PhaseTimer, evGroup, groupTimers*b+flowTimer)
	}
}

// takeSlowly takes one message for the queue whose turn it is, if that has room.
func (r *Run) takeSlowly(b int32) {
	f, t := nth(r.flow, b), &nth(r.prog.brokers, b).flow
	f.next = r.now + t.slow
	qi := f.line.pop()
	if !nth(r.prog.queues, qi).overflow.Waits || r.fits(qi) {
		r.unblock(qi)
	}
	if f.choked {
		if nth(r.queues, qi).blockHead != none {
			f.line.push(qi)
		}
		r.planFlow(b)
	}
}

// slowly begins to slow the publishers of a broker: those that wait, by their queues.
func (r *Run) slowly(b int32) {
	f, t := nth(r.flow, b), &nth(r.prog.brokers, b).flow
	r.notSlowly(b)
	if f.choked && t.slow > 0 {
		f.next = r.now + t.slow
		r.eachQueue(b, func(qi int32) {
			if nth(r.queues, qi).blockHead != none {
				f.line.push(qi)
			}
		})
		r.planFlow(b)
	}
}

// notSlowly ends that.
func (r *Run) notSlowly(b int32) {
	f := nth(r.flow, b)
	r.cancel(&f.timer)
	f.line.n = 0
}

// entersBroker counts a copy that is new in its queue.
func (r *Run) entersBroker(k int32) {
	if len(r.flow) > 0 {
		r.weighs(r.copies.at(k), 1)
	}
}

// leavesBroker counts a copy that ends.
func (r *Run) leavesBroker(c *copyRec) { r.weighs(c, -1) }

func (r *Run) weighs(c *copyRec, n int64) {
	q := nth(r.prog.queues, c.queue)
	t := &nth(r.prog.brokers, q.broker).flow
	if !t.on || q.part > 0 {
		return
	}
	f := nth(r.flow, q.broker)
	f.messages += n
	f.size += n * int64(c.size)
	r.rec.Level(t.m.l+metric.FlowHeld, r.now, n)
	r.flows(q.broker)
}

// flows holds publishers back, or no longer, after what a broker has, or its marks, have
// changed.
func (r *Run) flows(b int32) {
	f, t := nth(r.flow, b), &nth(r.prog.brokers, b).flow
	switch over := f.messages >= t.messages || f.size >= t.size; {
	case !t.on:
	case over && !f.choked:
		f.choked = true
		r.rec.Inc(t.m.c + metric.FlowStops)
		r.rec.Up(t.m.l+metric.FlowStopped, r.now)
		r.slowly(b)
	case f.choked && !over && f.messages < t.fewMessages && f.size < t.fewSize:
		f.choked = false
		r.rec.Down(t.m.l+metric.FlowStopped, r.now)
		r.notSlowly(b)
		r.eachQueue(b, func(qi int32) {
			if nth(r.queues, qi).blockHead != none {
				r.wakeQueue(qi)
			}
		})
	}
}
