package engine

import (
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Connections between brokers and their clients: the instances of services, and
// loads. All consumers and publishers of a client share one for each broker.
//
//	          client                                broker
//	publish, ack ──► ways[toBroker] ──► looks every heartbeat; closes after
//	                                    two looks in a row without an arrival
//	  gives up after 1.5 heartbeats ◄── ways[toClient] ◄── delivery, confirm
//	  without an arrival
//
// What a link loses is sent again and holds back what is behind it; what is sent
// while the link is cut comes when the cut ends. Each side closes by what it
// receives, and tells the other with a reset, which needs an open link. Both
// sides send a heartbeat half an interval after whatever they sent last, but
// heartbeats are no events: when nothing arrives any more, the time of the last
// one that did follows from the phase of the connection and the last message.

// The ways of a connection.
const (
	toBroker = iota
	toClient
)

// maxRetransmit bounds the doubling time after which a connection sends a lost
// message again.
const maxRetransmit = 5_000_000_000 // ns

// connT is a connection.
type connT struct {
	name   string // CLIENT->BROKER
	broker int32
	inst   int32 // global index; none: of a load
	id     uint64
	links  [2]int32 // by way
	client int32    // node
	m      block
}

// connection is the state of a connection.
type connection struct {
	ways     [2]way
	opened   int64   // the phase of the broker's looks
	previous float64 // wait between attempts to connect
	draws    uint64
	timer    uint64 // next attempt to connect
	reset    uint64 // the other side learns that it is closed
	epoch    uint32 // how often it was opened
	tries    int32  // to connect again
	client   bool   // the client holds it for open
	broker   bool   // the broker holds it for open
}

// way is one direction of a connection, or a link between other nodes.
type way struct {
	last int64 // latest arrival, for fifo
	// Messages held back, as indices plus one; 0: none. The first was lost and
	// will be sent again, or waits for the end of a cut (halted).
	stuck, tail int32
	halted      bool
	// Of a connection:
	sent  int64  // when the last message was sent
	heard int64  // when what was held back arrived last
	since int64  // when arrivals ceased; -1: they have not
	timer uint64 // when the receiver closes the connection
}

// connTo returns the index of a client's connection to a broker: of a service
// that of its instance 0 of the design, to which the index of an instance is added.
func (c *compiler) connTo(client, broker string) int32 {
	key := [2]string{client, broker}
	if i, ok := c.conn[key]; ok {
		return i
	}
	first, n, inst := int32(len(c.conns)), int32(1), none
	if si, ok := c.service[client]; ok {
		n, inst = c.services[si].instances, c.services[si].inst0
	}
	hash := draw.HashString("connection/" + client + "->" + broker)
	links := [2]int32{c.linkBetween(client, broker), c.linkBetween(broker, client)}
	for _, l := range links {
		c.links[l].conn0, c.links[l].conns = first, n
	}
	b := &c.brokers[c.broker[broker]]
	b.conns = append(b.conns, span{first, first + n})
	for i := range n {
		t := connT{name: client + "->" + broker, client: c.node[client], broker: c.broker[broker], inst: inst, id: draw.Mix(hash, uint64(i)), links: links}
		if inst != none {
			t.inst += i
		}
		c.conns = append(c.conns, t)
	}
	if inst != none {
		first -= inst
		s := &c.services[c.service[client]]
		s.conns = append(s.conns, first)
	}
	c.conn[key] = first
	return first
}

// way is the direction of a connection, or the link, that a message takes.
func (r *Run) way(m *msg) *way {
	if m.conn == none {
		return &nth(r.links, m.link).way
	}
	return &nth(r.conns, m.conn).ways[m.kind.way()]
}

func (k MessageKind) way() int {
	if k == ReplyMessage || k == DeliverMessage || k == FetchedMessage {
		return toClient
	}
	return toBroker
}

// stale reports whether the connection on which a message was sent has ended for
// its receiver.
func (r *Run) stale(conn int32, epoch uint32, dir int) bool {
	k := nth(r.conns, conn)
	return k.epoch != epoch || dir == toBroker && !k.broker || dir == toClient && !k.client
}

// dropStale ends a publish or a confirmation that arrives on a connection that
// has ended.
func (r *Run) dropStale(mi int32) {
	r.lost[design.Lost]++
	r.blame(r.msgs.at(mi).op, design.Lost)
	r.freeMsg(mi)
}

// openConnections opens all connections, at the beginning of a run.
func (r *Run) openConnections() {
	r.conns = make([]connection, len(r.prog.conns))
	for c := range r.conns {
		r.conns[c] = connection{epoch: 1, client: true, broker: true}
		r.rec.Level(r.prog.conns[c].m.l+metric.ConnectionOpen, 0, 1)
		for dir := range r.conns[c].ways {
			r.conns[c].ways[dir].since = -1
		}
	}
}

// connsOfInstance lists the connections of an instance.
func (r *Run) connsOfInstance(ii int32) []int32 {
	all := slices.Clone(r.prog.services[r.instances[ii].service].conns)
	for i := range all {
		all[i] += ii
	}
	return all
}

// connsOfBroker lists the connections of a broker.
func (r *Run) connsOfBroker(b int32) (all []int32) {
	for _, s := range r.prog.brokers[b].conns {
		for c := s.from; c < s.to; c++ {
			all = append(all, c)
		}
	}
	return all
}

// passable reports whether a link is not cut.
func (r *Run) passable(link int32) bool { return r.links[link].cut == 0 && !r.prog.links[link].down }

// away reports whether a client neither sends nor judges: it is down or paused.
// An instance that keeps its tasks keeps its connections too.
func (r *Run) away(ii int32) bool {
	return ii != none && (r.instances[ii].paused > 0 || r.instances[ii].down > 0 && !r.keeps(ii))
}

// silent reports whether nothing arrives on a way of a connection.
func (r *Run) silent(c int32, dir int) bool {
	k, t := &r.conns[c], &r.prog.conns[c]
	if k.ways[dir].stuck > 0 || !r.passable(t.links[dir]) {
		return true
	}
	if dir == toClient {
		return !k.broker
	}
	return !k.client || r.away(t.inst)
}

// watch begins or ends the time until a receiver closes the connection: it is
// called after whatever may change what arrives, or who judges it.
func (r *Run) watch(c int32, dir int) {
	k, t := &r.conns[c], &r.prog.conns[c]
	if dir == toBroker && len(r.groups) > 0 {
		r.watchMembers(c)
	}
	w := &k.ways[dir]
	beat := r.prog.brokers[t.broker].heartbeat
	if beat == 0 {
		return
	}
	quiet := r.silent(c, dir)
	switch {
	case quiet && w.since < 0:
		w.since = r.now
	case !quiet && w.since >= 0:
		if r.now-w.sent >= beat/2 { // a heartbeat was held back, or is sent now
			w.heard = r.now + r.trip(t.links[dir])
		}
		w.since = -1
	}
	judged := k.broker
	if dir == toClient {
		judged = k.client && !r.away(t.inst)
	}
	switch {
	case !quiet || !judged:
		r.cancel(&w.timer)
	case w.timer == 0:
		w.timer = r.list.Push(max(r.now, r.closing(c, dir)), kernel.PhaseTimer, evSilence, 2*c+int32(dir))
	}
}

// trip is the time that heartbeats and resets travel: the median.
func (r *Run) trip(link int32) int64 {
	l := &r.prog.links[link]
	return l.latency.SampleNanos(0.5) + l.jitter.SampleNanos(0.5)
}

// closing is when the receiver of a silent way closes the connection.
func (r *Run) closing(c int32, dir int) int64 {
	k, t := &r.conns[c], &r.prog.conns[c]
	w, beat := &k.ways[dir], r.prog.brokers[t.broker].heartbeat
	half := max(1, beat/2)
	last := w.sent + max(0, w.since-w.sent)/half*half
	if last == w.since && last > w.sent {
		last -= half // the silence began before anything else at that time
	}
	arrival := max(w.heard, last+r.trip(t.links[dir]))
	if dir == toClient {
		return arrival + beat + half
	}
	looks := max(1, (arrival-k.opened+beat-1)/beat) // the first one sees the opening itself
	return k.opened + (looks+2)*beat
}

// silence ends a connection on which the receiver has heard nothing for too long.
func (r *Run) silence(c int32, dir int) {
	if at := r.closing(c, dir); at > r.now { // a paused client has sent after all
		r.conns[c].ways[dir].timer = r.list.Push(at, kernel.PhaseTimer, evSilence, 2*c+int32(dir))
		return
	}
	if dir == toBroker {
		r.closeAtBroker(c)
	} else {
		r.closeAtClient(c)
	}
}

// setOpen changes what one side holds of a connection.
func (r *Run) setOpen(c int32, side *bool, open bool) {
	k, t := &r.conns[c], &r.prog.conns[c]
	if *side == open {
		return
	}
	whole := k.client && k.broker
	*side = open
	if r.obs != nil {
		r.observeConnection(c, side == &k.broker && !open, open)
	}
	switch now := k.client && k.broker; {
	case now:
		r.upset--
		r.weigh()
		r.rec.Inc(t.m.c + metric.ConnectionOpened)
		r.rec.Up(t.m.l+metric.ConnectionOpen, r.now)
	case whole:
		r.upset++
		r.weigh()
		r.rec.Inc(t.m.c + metric.ConnectionClosed)
		r.rec.Down(t.m.l+metric.ConnectionOpen, r.now)
	}
}

// observeConnection reports that a connection was opened, or closed on one side.
func (r *Run) observeConnection(c int32, byBroker, open bool) {
	t := &r.prog.conns[c]
	x := r.here(ConnectionClosed, none, 0, design.OK)
	x.Node, x.To = t.client, r.prog.brokers[t.broker].node
	if byBroker {
		x.Node, x.To = x.To, x.Node
	}
	if open {
		x.Kind = ConnectionOpened
	}
	if t.inst != none {
		x.Instance = t.inst - r.prog.services[r.instances[t.inst].service].inst0
	}
	r.obs.Observe(x)
}
