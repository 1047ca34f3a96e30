package control

import (
	"slices"

	"asynclab/sim/engine"
	"asynclab/sim/record"
)

// observer collects from the run what a lane's picture needs. It is called for
// every record, so it does little: a message goes into a list with the time of
// its arrival, and drawing the list drops those that have arrived. Memory is
// bounded by the messages in flight.
type observer struct {
	ways *ways
	end  int64 // what comes in the drain of the run is not shown

	moving  []motion
	sparks  ring[spark]
	log     ring[engine.Record]
	notable ring[engine.Record] // records that the log keeps longer: all but the ordinary
	counts  []uint64            // messages by edge
	bad     []uint64            // answers that are refusals or errors; never goes back
	again   []uint64            // messages along the edge that were sent before; likewise
	along   []uint64            // of all messages, those along the edge, and
	spent   []uint64            // the time that they take, in nanoseconds
	open    opTable             // arrivals of open operations
	ended   ring[opTime]        // and of some that ended recently
	picks   picks
	faults  []faultTime // of the whole reached part of the run

	// The record that a goal waits for; see Session.
	wanted              uint64 // the operation that a goal waits for
	met, fault, failure bool
	moved               uint64 // the operation of the last message that moved
}

type motion struct {
	op, msg       uint64
	sent, arrives int64
	way           way
	mark          record.Mark
	lost          bool // drawn halfway along its link
}

type spark struct {
	time int64
	way  way // noWay: on the node
	node int32
	t    float32
	mark record.Mark
}

type opTime struct {
	op uint64
	at int64
}

type faultTime struct {
	time  int64
	fault int32
	began bool
}

// picks are the operations that the story panel offers, with their arrivals.
type picks struct {
	slowest, lost, duplicated, failed, dead, last opTime
	worst                                         int64 // nanoseconds
}

// Sizes of the buffers. Motion begins with capacity for the messages in flight
// of most designs; beyond mostMoving messages are no longer drawn.
const (
	firstMoving = 1 << 9
	mostMoving  = 1 << 20
	keptSparks  = 128
	keptEnded   = 1 << 12
	keptNotable = 256
	keptFaults  = 10_000
	noOp        = ^uint64(0)
)

func newObserver(w *ways, edges, log int, end int64) *observer {
	return &observer{
		ways: w, end: end, moving: make([]motion, 0, firstMoving), counts: make([]uint64, edges), along: make([]uint64, edges), bad: make([]uint64, edges), again: make([]uint64, edges), spent: make([]uint64, edges), wanted: noOp,
		sparks: newRing[spark](keptSparks), log: newRing[engine.Record](log),
		notable: newRing[engine.Record](keptNotable), ended: newRing[opTime](keptEnded),
	}
}

// Observe implements engine.Observer.
func (o *observer) Observe(r engine.Record) {
	if r.Time >= o.end {
		return
	}
	o.log.add(&r)
	if r.Op == o.wanted {
		o.met = true
	}
	switch r.Kind {
	case engine.MsgSent, engine.MsgDuplicated:
		o.moved = r.Op
		o.sent(&r)
	case engine.MsgArrived:
		o.moved = r.Op
	case engine.TaskArrived, engine.TaskStarted:
	case engine.TaskEnded:
		o.atNode(&r)
	case engine.OpArrived:
		o.open.put(r.Op, r.Time)
	default:
		o.rare(&r)
	}
}

func (o *observer) sent(r *engine.Record) {
	w := o.ways.find(r)
	if w != noWay {
		e := w.edge()
		o.counts[e]++
		if !w.back() {
			o.along[e]++
			o.spent[e] += uint64(max(r.Arrives-r.Time, 0))
			if r.Resend {
				o.again[e]++
			}
		} else if r.Class().Mark() == record.MarkErrorReply {
			o.bad[e]++
		}
	}
	if r.Kind == engine.MsgDuplicated {
		o.picks.duplicated = o.opTime(r)
		o.notable.add(r)
	}
	if r.Arrives <= r.Time || w == noWay {
		return
	}
	if len(o.moving) == cap(o.moving) && !o.makeRoom(r.Time) {
		return
	}
	o.moving = append(o.moving, motion{op: r.Op, msg: r.Msg, sent: r.Time, arrives: r.Arrives, way: w, mark: r.Class().Mark()})
}

// makeRoom drops messages that have arrived.
func (o *observer) makeRoom(now int64) bool {
	o.settle(now)
	if n := cap(o.moving); len(o.moving) > n/2 && n < mostMoving {
		o.moving = append(make([]motion, 0, 2*n), o.moving...)
	}
	return len(o.moving) < cap(o.moving)
}

func (o *observer) settle(now int64) {
	live := o.moving[:0]
	for i := range o.moving {
		if o.moving[i].arrives > now {
			live = append(live, o.moving[i])
		}
	}
	o.moving = live
}

// rare handles the less frequent kinds of records.
func (o *observer) rare(r *engine.Record) {
	switch r.Kind {
	case engine.OpAccepted:
		return
	case engine.OpConfirmed:
		o.closed(r)
		return
	case engine.OpFailed:
		o.failure = true
		o.picks.failed = o.opTime(r)
		o.closed(r)
	case engine.MsgLost, engine.MsgCorrupted:
		o.failure = true
		o.picks.lost = o.opTime(r)
		o.onWay(r)
	case engine.MsgRefused:
		o.failure = true
		o.onWay(r)
	case engine.TaskRejected:
		o.failure = true
	case engine.CopyDeadLettered:
		o.picks.dead = o.opTime(r)
	case engine.FaultBegan, engine.FaultEnded:
		o.fault = true
		o.faulted(r)
	}
	o.atNode(r)
	o.notable.add(r)
}

func (o *observer) opTime(r *engine.Record) opTime {
	at, ok := o.open.get(r.Op)
	if !ok {
		at = -1
	}
	return opTime{r.Op, at}
}

// closed handles the end of an operation.
func (o *observer) closed(r *engine.Record) {
	t := o.opTime(r)
	if t.at < 0 {
		return
	}
	o.open.remove(r.Op)
	o.ended.add(&t)
	o.picks.last = t
	if took := r.Time - t.at; r.Kind == engine.OpConfirmed && took > o.picks.worst {
		o.picks.slowest, o.picks.worst = t, took
	}
}

// onWay marks on the link how a message ended: a lost one halfway along it,
// others at its end.
func (o *observer) onWay(r *engine.Record) {
	at, t := r.Time, float32(1)
	if r.Kind == engine.MsgLost {
		at, t = r.Time+(r.Arrives-r.Time)/2, 0.5
		for i := len(o.moving) - 1; i >= 0 && o.moving[i].sent == r.Time; i-- {
			if m := &o.moving[i]; m.msg == r.Msg {
				m.lost, m.arrives = true, at
				break
			}
		}
	}
	if w := o.ways.find(r); w != noWay {
		if w.back() {
			t = 1 - t
		}
		o.sparks.add(&spark{time: at, way: w, node: -1, t: t, mark: r.Fate().Mark()})
	}
}

// atNode marks at its node an event that is not a message, if its class has a
// mark.
func (o *observer) atNode(r *engine.Record) {
	c := r.Class()
	if c.IsMessage() || c.Mark() == record.NoMark {
		return
	}
	if n := o.ways.place(r); n >= 0 {
		o.sparks.add(&spark{time: r.Time, way: noWay, node: n, mark: c.Mark()})
	}
}

// faulted records a fault once, even if the run passes it several times.
func (o *observer) faulted(r *engine.Record) {
	f := faultTime{r.Time, r.Instance, r.Kind == engine.FaultBegan}
	for i := len(o.faults) - 1; i >= 0 && o.faults[i].time >= f.time; i-- {
		if o.faults[i].time > f.time || o.faults[i] == f {
			return
		}
	}
	if len(o.faults) < keptFaults {
		o.faults = append(o.faults, f)
	}
}

// forget drops the faults after a time, when the run changes from there on.
func (o *observer) forget(from int64) {
	o.faults = slices.DeleteFunc(o.faults, func(f faultTime) bool { return f.time >= from })
}

// arrival is when an operation arrived, if that is still known.
func (o *observer) arrival(op uint64) (int64, bool) {
	if at, ok := o.open.get(op); ok {
		return at, true
	}
	p := &o.picks
	for _, t := range []opTime{p.slowest, p.lost, p.duplicated, p.failed, p.dead, p.last} {
		if t.op == op && t.at >= 0 {
			return t.at, true
		}
	}
	for i := range o.ended.len() {
		if t := o.ended.at(i); t.op == op {
			return t.at, true
		}
	}
	return 0, false
}

// memory is the state of an observer in a checkpoint.
type memory struct {
	moving  []motion
	sparks  ring[spark]
	notable ring[engine.Record]
	open    opTable
	picks   picks
}

func (o *observer) save(now int64) memory {
	o.settle(now)
	return memory{slices.Clone(o.moving), o.sparks.clone(), o.notable.clone(), o.open.clone(), o.picks}
}

// restore returns the observer to that state. The full log starts empty:
// otherwise it would have a gap.
func (o *observer) restore(m *memory) {
	o.moving = append(o.moving[:0], m.moving...)
	o.sparks.copy(&m.sparks)
	o.notable.copy(&m.notable)
	o.open.copy(&m.open)
	o.picks = m.picks
	o.log.clear()
	o.ended.clear()
}

func (m *memory) bytes() int {
	return 40*len(m.moving) + 32*len(m.sparks.a) + 88*len(m.notable.a) + 16*len(m.open.cells)
}
