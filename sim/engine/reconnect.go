package engine

import (
	"cmp"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
)

// How connections end, on either side, and are opened again: by silence, by a node
// that goes down or comes back, by a link that is cut or mended.

// closeAtBroker ends connections for the broker. What their consumers hold
// returns; what the broker has not got through to them is gone.
func (r *Run) closeAtBroker(conns ...int32) {
	r.hangUp(conns)
	r.giveBack(conns)
	for _, c := range conns {
		r.watch(c, toClient)
		r.tell(c)
	}
}

// hangUp ends the broker's side of connections. Deliveries on them no longer
// count against the consumers' credit, and so must not give credit back.
func (r *Run) hangUp(conns []int32) {
	for _, c := range conns {
		k := &r.conns[c]
		r.setOpen(c, &k.broker, false)
		r.cancel(&k.ways[toBroker].timer)
		r.discard(c, toClient)
		r.eachConsumer(c, func(ci int32) {
			if r.consumers[ci].credit = 0; r.consumers[ci].pulls {
				r.forgetPull(ci)
			}
		})
	}
	for _, k := range r.heldOn(conns) {
		c := r.copies.at(k)
		if c.ackLost && c.here {
			r.doneWith(c)
		}
		c.ackLost = false
	}
}

// giveBack returns the unacknowledged copies of the consumers of connections to
// their queues, in the order of publication.
func (r *Run) giveBack(conns []int32) {
	back := slices.DeleteFunc(r.heldOn(conns), func(k int32) bool { return r.prog.queues[r.copies.at(k).queue].awaitVisible })
	slices.SortFunc(back, r.byPlace)
	for k := range r.still(back) {
		r.free(k, design.EndLost)
	}
}

// closeAtClient ends connections for the client: what it has not got through is
// lost, calls that wait for a confirmation fail, and it connects again.
func (r *Run) closeAtClient(conns ...int32) {
	r.hangUpClient(conns)
	r.failWaiting(conns)
	for _, c := range conns {
		r.watch(c, toBroker)
		r.tell(c)
		r.conns[c].tries = 0
		r.connect(c)
	}
}

// hangUpClient ends the client's side of connections.
func (r *Run) hangUpClient(conns []int32) {
	for _, c := range conns {
		k := &r.conns[c]
		r.setOpen(c, &k.client, false)
		r.cancel(&k.ways[toClient].timer)
		r.discard(c, toBroker)
	}
}

// failWaiting fails the attempts that wait for a confirmation on connections.
func (r *Run) failWaiting(conns []int32) {
	var waiting []int32
	for _, conn := range conns {
		look := func(ci int32) {
			c := r.call(ci)
			if s := nth(r.prog.sites, c.site); c.id != 0 && c.out && s.broker != none && s.conn+r.instanceOf(c.sender()) == conn {
				waiting = append(waiting, ci)
			}
		}
		if inst := r.prog.conns[conn].inst; inst != none {
			for _, ti := range r.presentAt(inst, true) {
				if ci := r.tasks.at(ti).out; ci != none {
					look(ci)
				}
			}
			continue
		}
		for o := range r.ops.items { // of a load: all its operations wait
			look(int32(o) << 1)
		}
	}
	slices.SortFunc(waiting, func(a, b int32) int { return cmp.Compare(r.call(a).id, r.call(b).id) })
	for _, ci := range waiting {
		c := r.call(ci)
		r.blame(r.opOf(c), design.Refused)
		r.ready.push(c.id, readyWord(ci, c.attempt, design.Refused, readyReply))
	}
}

// instanceOf is the instance of a task that sends, and 0 for a load.
func (r *Run) instanceOf(owner int32) int32 {
	if owner == none {
		return 0
	}
	return r.tasks.at(owner).inst
}

// discard ends the messages that a side of a connection still had to send.
func (r *Run) discard(c int32, dir int) {
	w := &r.conns[c].ways[dir]
	if w.stuck == 0 {
		return
	}
	next := w.stuck
	w.stuck, w.tail, w.halted = 0, 0, false
	r.upset--
	r.weigh()
	for next > 0 {
		mi := next - 1
		m := r.msgs.at(mi)
		next = m.next
		r.cancel(&m.timer)
		r.lost[design.Lost]++
		if m.kind == PublishMessage || m.kind == ReplyMessage || m.kind == DeliverMessage && r.prog.consumes[m.consume].auto {
			r.blame(m.op, design.Lost)
		}
		switch {
		case m.kind == FetchedMessage:
			r.dropAnswer(m)
		case m.gathered:
			r.loseOthers(m)
		}
		r.freeMsg(mi)
	}
}

// tell lets the side that still holds a connection for open know that it is
// closed, once something can come through to it.
func (r *Run) tell(c int32) {
	k, t := &r.conns[c], &r.prog.conns[c]
	dir, dead := toClient, r.brokers[t.broker].silent > 0
	if k.broker {
		dir, dead = toBroker, t.inst != none && r.instances[t.inst].silent > 0
	}
	if k.client == k.broker || k.reset != 0 || dead || !r.passable(t.links[dir]) {
		return
	}
	r.resetAt(c, r.now+r.trip(t.links[dir]))
}

func (r *Run) resetAt(c int32, at int64) {
	if at <= r.now {
		r.resetArrived(c)
		return
	}
	r.conns[c].reset = r.list.Push(at, kernel.PhaseMain, evReset, c)
}

// resetArrived closes the side of a connection that was still open.
func (r *Run) resetArrived(c int32) {
	switch k := &r.conns[c]; {
	case k.broker && !k.client:
		r.closeAtBroker(c)
	case k.client && !k.broker && !r.away(r.prog.conns[c].inst):
		r.closeAtClient(c)
	case k.client && k.broker: // nothing is closed: what one that leaves has sent has arrived
		if ii := r.prog.conns[c].inst; ii != none && r.instances[ii].watched&watchLast != 0 && r.instances[ii].tasks == 0 {
			r.isDone(ii)
		}
	}
}

// connect tries to open a connection. A broker that is down refuses, and the
// client waits before it tries again; where there is only silence, the attempt
// comes through when the silence ends, like everything that is sent into a cut.
func (r *Run) connect(c int32) {
	k, t := &r.conns[c], &r.prog.conns[c]
	r.cancel(&k.timer)
	if k.client || r.away(t.inst) || t.inst != none && r.instances[t.inst].down > 0 {
		return
	}
	b := &r.brokers[t.broker]
	if b.silent > 0 || !r.passable(t.links[toBroker]) || !r.passable(t.links[toClient]) {
		return
	}
	if b.down == 0 {
		r.open(c)
		return
	}
	k.tries++
	k.draws++
	d := r.backoff(&r.prog.brokers[t.broker].reconnect, t.id, k.draws, k.tries, &k.previous)
	k.timer = r.list.Push(r.now+max(1, d), kernel.PhaseTimer, evConnect, c)
}

// open opens a connection. The broker ends the one before it, if it still held
// that for open.
func (r *Run) open(c int32) {
	k := &r.conns[c]
	if k.broker {
		r.closeAtBroker(c)
	}
	r.cancel(&k.reset)
	k.epoch++
	k.opened = r.now
	k.tries = 0
	for dir := range k.ways {
		r.cancel(&k.ways[dir].timer)
		k.ways[dir] = way{sent: r.now, since: -1}
	}
	k.client = true
	r.setOpen(c, &k.broker, true)
	r.watch(c, toBroker)
	r.watch(c, toClient)
	r.eachConsumer(c, func(ci int32) {
		who := &r.consumers[ci]
		if who.pulls {
			r.pullAnew(ci)
			return
		}
		if r.prog.fetches && r.fetchers[ci].shut {
			r.fetchers[ci].shut = false
			r.cancel(&r.fetchers[ci].timer)
			r.goFetch(ci) // what waits there for a batch
		}
		if who.credit = who.prefetch; who.log {
			r.reopened(ci)
		} else {
			r.idle(ci)
		}
	})
}

// eachConsumer visits the consumers that share a connection.
func (r *Run) eachConsumer(c int32, do func(ci int32)) {
	inst := r.prog.conns[c].inst
	if inst == none {
		return
	}
	for ci := r.instances[inst].consumers.head; ci != none; ci = r.consumers[ci].beside {
		if r.consumers[ci].conn == c {
			do(ci)
		}
	}
}

// lineChanged adapts the connections over a link that was cut or healed: what
// was held back comes all at once.
func (r *Run) lineChanged(link int32) {
	l := &r.prog.links[link]
	for c := l.conn0; c < l.conn0+l.conns; c++ {
		dir := r.dirOf(c, link)
		if w := &r.conns[c].ways[dir]; w.halted && r.passable(link) {
			r.sendHeld(w, l, c, dir)
		}
		r.watch(c, dir)
		r.tell(c)
		r.goOn(c)
	}
}

// dirOf is the way of a connection that a link is.
func (r *Run) dirOf(c, link int32) int {
	if r.prog.conns[c].links[toBroker] == link {
		return toBroker
	}
	return toClient
}

// pausedOrResumed adapts the connections of an instance.
func (r *Run) pausedOrResumed(ii int32) {
	for _, c := range r.connsOfInstance(ii) {
		r.watch(c, toBroker)
		r.watch(c, toClient)
		r.tell(c)
		r.goOn(c)
		r.eachConsumer(c, r.goFetch)
	}
	r.goOnSending(ii)
}

// goOn lets an attempt to connect come through that was met with silence.
func (r *Run) goOn(c int32) {
	if r.conns[c].timer == 0 {
		r.connect(c)
	}
}

// clientDown ends the connections of an instance that has crashed. The broker
// notices at once, unless the host is gone too (silent) or the link is cut.
func (r *Run) clientDown(ii int32, silent bool) {
	if len(r.groups) > 0 {
		r.processGone(ii)
	}
	var all, noticed []int32
	for _, c := range r.connsOfInstance(ii) {
		all = append(all, c)
		if k := &r.conns[c]; k.broker && !silent && r.passable(r.prog.conns[c].links[toBroker]) {
			noticed = append(noticed, c)
		}
		r.cancel(&r.conns[c].timer)
	}
	r.hangUpClient(all)
	r.closeAtBroker(noticed...)
	for _, c := range all {
		r.watch(c, toBroker)
	}
}

// clientUp connects an instance that has started again.
func (r *Run) clientUp(ii int32) {
	for _, c := range r.connsOfInstance(ii) {
		r.conns[c].tries = 0
		r.connect(c)
	}
}

// brokerDown ends the connections of a broker that has crashed. The clients
// notice at once, unless the host is gone too (silent) or the link is cut.
func (r *Run) brokerDown(b int32, silent bool) (noticed []int32) {
	var all []int32
	for _, c := range r.connsOfBroker(b) {
		all = append(all, c)
		if t := &r.prog.conns[c]; r.conns[c].client && !silent && r.passable(t.links[toClient]) && !r.away(t.inst) {
			noticed = append(noticed, c)
		}
	}
	r.hangUp(all)
	for _, c := range all {
		r.watch(c, toClient)
	}
	return noticed
}

// brokerUp answers with a reset what comes on the connections from before the
// crash: what was sent meanwhile, or the next heartbeat.
func (r *Run) brokerUp(b int32) {
	for _, c := range r.connsOfBroker(b) {
		k, t := &r.conns[c], &r.prog.conns[c]
		beat := r.prog.brokers[b].heartbeat
		r.goOn(c)
		if !k.client || k.broker || k.reset != 0 || !r.passable(t.links[toClient]) || !r.passable(t.links[toBroker]) {
			continue
		}
		at := r.now
		if w := &k.ways[toBroker]; beat > 0 && w.sent <= k.ways[toClient].since {
			half := max(1, beat/2)
			at = max(at, w.sent+(r.now-w.sent+half-1)/half*half)
		}
		r.resetAt(c, at+r.trip(t.links[toBroker])+r.trip(t.links[toClient]))
	}
}
