package engine

import (
	"math"

	"asynclab/sim/design"
	"asynclab/sim/metric"
)

// A broker that holds publishers back. What its queues have is counted, waiting or held by
// consumers: from one mark on, what is published waits before its queue, as where a full
// queue blocks, until there is less than another.

// flowT are the marks of a broker.
type flowT struct {
	on                   bool
	messages, size       int64 // from which it holds back
	fewMessages, fewSize int64 // below which it does not any more
	m                    block
}

// flowState is what a broker has.
type flowState struct {
	messages, size int64
	choked         bool
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
	case f.choked && !over && f.messages < t.fewMessages && f.size < t.fewSize:
		f.choked = false
		r.rec.Down(t.m.l+metric.FlowStopped, r.now)
		r.eachQueue(b, func(qi int32) {
			if nth(r.queues, qi).blockHead != none {
				r.wakeQueue(qi)
			}
		})
	}
}
