package engine

import (
	"cmp"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
)

// The time of its own that a message costs a broker, on workers of its own: one line, first
// come, first served.
//
//	published ──────► line ──► a worker: publish, store, replicate ──► stored, confirmed
//	handed over ────► line ──► a worker: deliver ───────────────────► on its link
//
// Messages to such a broker, and from it, take the road of messages (bare, wire): it is asked
// for at two places of that road, and the others pass by.

// What costs time.
const (
	costPublish = iota
	costStore
	costReplicate
	costDeliver
	numCosts
)

// capacityT are the workers of a broker.
type capacityT struct {
	workers int32 // 0: messages cost it no time
	times   [numCosts]draw.Dist
	keys    [numCosts]int32
	m       block
	there   measure.LevelID // workers, for utilization
}

// serving is what they do.
type serving struct {
	line  ring[inLine]
	busy  int32
	there int32 // as recorded
}

// inLine is a message that waits for a worker.
type inLine struct {
	msg    int32
	since  int64
	demand int64
}

// server is a worker that handles a message; none: there is no such worker.
type server struct {
	timer  uint64
	broker int32
	msg    int32
}

func (c *compiler) capacityOf(t *design.Capacity, element string) capacityT {
	of := capacityT{workers: int32(t.Workers), times: [numCosts]draw.Dist{t.Publish, t.Store, t.Replicate, t.Deliver}}
	if of.workers > 0 {
		for i, purpose := range [numCosts]string{"publish", "store", "replicate", "deliver"} {
			of.keys[i] = c.key(element, purpose)
		}
	}
	return of
}

// eachCapacity visits the brokers that messages cost time.
func (p *Program) eachCapacity(do func(t *brokerT, i int)) {
	for i := range p.brokers {
		if t := &p.brokers[i]; t.capacity.workers > 0 {
			do(t, i)
		}
	}
}

func (r *Run) startServing() {
	r.prog.eachCapacity(func(_ *brokerT, i int) {
		if r.serving == nil {
			r.serving = make([]serving, len(r.prog.brokers))
		}
		r.countWorkers(int32(i))
	})
}

// costs draws what so many of one kind cost together, in nanoseconds.
func (r *Run) costs(t *capacityT, kind int, id, occ uint64, n int32) (d int64) {
	dist := &t.times[kind]
	if dist.IsZero() {
		return 0
	}
	if dist.IsConstant() {
		return int64(max(0, n)) * dist.SampleNanos(0.5)
	}
	for i := range n {
		d += dist.SampleNanos(nth(r.keys, t.keys[kind]).UniformOf(id, combine(occ, uint64(i))))
	}
	return d
}

// takesIn lets a message that was published wait until a worker of its broker has handled
// it. It reports whether it does.
func (r *Run) takesIn(mi int32, s *site) bool {
	t, m := &nth(r.prog.brokers, s.broker).capacity, r.msgs.at(mi)
	if t.workers == 0 || m.conn == none || nth(r.brokers, s.broker).down > 0 || r.stale(m.conn, m.epoch, toBroker) {
		return false
	}
	copies := int32(1)
	if s.kind == toTopic && nth(r.prog.topics, s.queue).partitions == 0 {
		copies = r.wanted(nth(r.prog.topics, s.queue).subs, message{m.op, got(r.env.msg, mi), none, m.attempt + 1, 1, 1})
	}
	id := r.ops.at(m.op).id
	return r.serve(mi, s.broker, r.costs(t, costPublish, id, m.occ, 1)+r.costs(t, costStore, id, m.occ, copies)+
		r.costs(t, costReplicate, id, m.occ, nth(r.prog.brokers, s.broker).replicas.nodes-nth(r.brokers, s.broker).missing-1))
}

// sendOff sends a message that brings so many copies from a broker to a consumer, when a
// worker of the broker has handled it.
func (r *Run) sendOff(mi, b, n int32) {
	if len(r.serving) > 0 {
		m := r.msgs.at(mi)
		if t := &nth(r.prog.brokers, b).capacity; t.workers > 0 && r.serve(mi, b, r.costs(t, costDeliver, r.ops.at(m.op).id, m.occ, max(1, n))) {
			return
		}
	}
	r.transmit(mi)
}

// serve lets a message wait for a worker, and for what it costs.
func (r *Run) serve(mi, b int32, demand int64) bool {
	if demand == 0 {
		return false
	}
	s, t := nth(r.serving, b), &nth(r.prog.brokers, b).capacity
	if s.busy < t.workers {
		r.beginServing(inLine{mi, r.now, demand}, b)
		return true
	}
	s.line.push(inLine{mi, r.now, demand})
	r.rec.Up(t.m.l+metric.CapacityWaiting, r.now)
	return true
}

func (r *Run) beginServing(x inLine, b int32) {
	t := &nth(r.prog.brokers, b).capacity
	r.rec.ObserveWait(t.m.h+metric.CapacityWait, r.now-x.since)
	r.rec.Up(t.m.l+metric.CapacityBusy, r.now)
	nth(r.serving, b).busy++
	i := r.servers.take()
	*r.servers.at(i) = server{r.list.Push(r.now+x.demand, kernel.PhaseMain, evServed, i), b, x.msg}
}

// served goes on with a message that a worker has handled.
func (r *Run) served(i int32) {
	x := *r.servers.at(i)
	m := r.msgs.at(x.msg)
	r.note(evServed, nth(r.prog.brokers, x.broker).element, m.op, m.occ)
	r.endServing(i)
	r.serveNext(x.broker)
	if r.led != nil {
		r.spendServed(x.msg)
	}
	switch {
	case m.kind == PublishMessage:
		r.taken(x.msg)
	case r.stale(m.conn, m.epoch, toBroker):
		r.notSent(x.msg)
	default:
		r.transmit(x.msg)
	}
}

func (r *Run) endServing(i int32) {
	b := r.servers.at(i).broker
	*r.servers.at(i) = server{0, b, none}
	r.servers.give(i)
	r.rec.Down(nth(r.prog.brokers, b).capacity.m.l+metric.CapacityBusy, r.now)
	if s := nth(r.serving, b); s.busy > nth(r.prog.brokers, b).capacity.workers {
		s.busy--
		r.countWorkers(b)
	} else {
		s.busy--
	}
}

// serveNext lets free workers begin with what is in line.
func (r *Run) serveNext(b int32) {
	t := &nth(r.prog.brokers, b).capacity
	for s := nth(r.serving, b); s.line.n > 0 && s.busy < t.workers; {
		r.rec.Down(t.m.l+metric.CapacityWaiting, r.now)
		r.beginServing(s.line.pop(), b)
	}
}

// spendServed accounts for the time of a message, or of what an answer brings, at a broker.
func (r *Run) spendServed(mi int32) {
	m := r.msgs.at(mi)
	at := spot(atLink, m.link)
	if m.kind != FetchedMessage {
		r.spend(r.msgThread(mi), m.op, SpentBroker, at)
		return
	}
	for ti := m.target; ti != none; ti = r.tasks.at(ti).sibling {
		r.spendTask(ti, SpentBroker, at)
	}
}

// notSent ends a message from a broker whose connection has been closed meanwhile. What it
// brings has returned.
func (r *Run) notSent(mi int32) {
	m := r.msgs.at(mi)
	r.lost[design.Lost]++
	if m.kind == FetchedMessage {
		r.dropAnswer(m)
	} else if nth(r.prog.consumes, m.consume).auto {
		r.blame(m.op, design.Lost)
	}
	r.freeMsg(mi)
}

// stopServing ends what the workers of a broker do that has crashed, and its line.
func (r *Run) stopServing(b int32) {
	s := &r.serving[b]
	var all []int32
	for i := range r.servers.items {
		if x := &r.servers.items[i]; x.broker == b && x.msg != none {
			all = append(all, x.msg)
			r.cancel(&x.timer)
			r.endServing(int32(i))
		}
	}
	slices.SortFunc(all, func(x, y int32) int { return cmp.Compare(r.msgs.at(x).id, r.msgs.at(y).id) })
	for s.line.n > 0 {
		all = append(all, s.line.pop().msg)
		r.rec.Down(r.prog.brokers[b].capacity.m.l+metric.CapacityWaiting, r.now)
	}
	for _, mi := range all {
		if r.msgs.at(mi).kind == PublishMessage {
			r.refuse(mi, r.brokers[b].silent > 0)
		} else {
			r.notSent(mi)
		}
	}
	r.countWorkers(b)
}

// workersMoved goes on with a broker that is back, or has another number of workers.
func (r *Run) workersMoved(b int32) {
	if len(r.serving) > 0 && nth(r.prog.brokers, b).capacity.workers > 0 {
		r.countWorkers(b)
		r.serveNext(b)
	}
}

// countWorkers records how many workers a broker has, or has in use; none while it is away.
func (r *Run) countWorkers(b int32) {
	s, t, n := &r.serving[b], &r.prog.brokers[b].capacity, int32(0)
	if r.brokers[b].down == 0 {
		n = max(t.workers, s.busy)
	}
	r.rec.Level(t.there, r.now, int64(n-s.there))
	s.there = n
}
