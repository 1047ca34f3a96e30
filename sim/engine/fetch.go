package engine

import (
	"math"
	"slices"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/kernel"
	"asynclab/sim/metric"
)

// Consumers that ask for messages. One has no credit: its queue hands it something only
// in answer to a pull. It asks when it has nothing, and all that the answer before
// brought is done.
//
//	consumer                                 broker
//	   ask ─────────── pull ────────────────► answers at once, or when enough messages
//	    ▲                                     are there, or when the pull's wait is over
//	    │ all done
//	  tasks, or batches (batches.go) ◄─────── answer: up to prefetch messages, or none
//
// A pull and its answer belong to no operation; they refer to one that nobody has.

// fetchT is how the consumers of a service fetch from a queue.
type fetchT struct {
	name    string // BROKER/Q->SERVICE
	element uint64
	pull    bool
	wait    int64
	poll    int64
	min     int32
	batch   int32 // most messages of a batch; 0: one at a time
	linger  int64
	m       block
}

func fetchOf(k *design.Consume) fetchT {
	t := fetchT{
		pull: k.Pull.On, wait: int64(k.Pull.Wait), poll: int64(k.Pull.Poll), min: int32(max(1, k.Pull.Min)),
		batch: int32(k.Batch.Max), linger: int64(k.Batch.Linger),
	}
	if t.wait == 0 {
		t.min = 1
		if t.poll == 0 {
			t.poll = int64(design.DefaultPoll)
		}
	}
	return t
}

// eachFetching visits the consumers that pull or take batches.
func (p *Program) eachFetching(visit func(t *fetchT, i int)) {
	for i := range p.consumes {
		if p.consumes[i].fetches {
			visit(&p.consumes[i].fetch, i)
		}
	}
}

// fetcher is what a consumer that pulls or takes batches has beside a consumer.
type fetcher struct {
	id     uint64 // in draws
	pulls  uint64 // so far
	timer  uint64 // when it asks again, or begins a batch that is not full
	wait   uint64 // when the broker answers its pull, whatever there is
	head   int32  // of the deliveries that wait for a batch
	tail   int32
	again  int32 // the last of them that was put before others; none
	n      int32
	busy   int32 // batches that are not done; without batches, messages
	asked  bool  // a pull of it is under way, or its answer
	waits  bool  // the pull waits at the broker
	listed bool  // in the queue's ring
	queued bool  // in the ready list
	shut   bool  // the broker has closed its channel
	looked bool  // it has looked at this instant, and looks once more
}

// retryPull is how long a consumer waits for the answer to a pull that a link has lost,
// beyond the wait that it asked for.
const retryPull = int64(design.DefaultTimeout)

// closeChannel ends the channel of a consumer that has not acknowledged for too long: what
// it holds returns, in the order of publication. It opens another after a while.
func (r *Run) closeChannel(ci int32) {
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	k := nth(r.conns, c.conn)
	t := nth(r.prog.conns, c.conn)
	r.listCopies()
	back := r.along(nil, c.held)
	slices.SortFunc(back, r.byPlace)
	for k := range r.still(back) {
		r.free(k, design.EndTimeout)
	}
	c = nth(r.consumers, ci)
	if c.credit = 0; c.pulls {
		return // it asks when it is done
	}
	k.draws++
	previous := 0.0
	d := r.backoff(&nth(r.prog.brokers, t.broker).reconnect, t.id, k.draws, 1, &previous)
	f.shut = true
	r.cancel(&f.timer)
	f.timer = r.list.Push(r.now+max(1, d), kernel.PhaseTimer, evFetch, 2*ci)
}

// openChannel lets a consumer come back whose channel was closed.
func (r *Run) openChannel(ci int32) {
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	if f.shut = false; !r.connected(c) {
		r.goFetch(ci) // what it has taken is handled all the same
		return        // a new connection has a new channel
	}
	c.credit = c.prefetch
	r.idle(ci)
	r.goFetch(ci)
}

// startFetchers makes the operation of nobody, before there are consumers.
func (r *Run) startFetchers() {
	if r.nobody = none; r.prog.fetches {
		r.nobody = r.ops.take()
		*r.ops.at(r.nobody) = op{refs: 1, more: none}
	}
}

// newFetcher adds what a consumer that was added has beside it.
func (r *Run) newFetcher(ci int32) {
	c := &r.consumers[ci]
	t := &r.prog.consumes[c.consume]
	f := fetcher{head: none, tail: none, again: none, id: draw.Mix(t.fetch.element^r.prog.conns[c.conn].id, uint64(ci-r.readers[c.consume].head))}
	if r.readers[c.consume].head == none {
		f.id = draw.Mix(t.fetch.element^r.prog.conns[c.conn].id, 0)
	}
	c.batches = t.fetch.batch > 0
	if c.pulls = t.fetch.pull; c.pulls {
		c.credit = 0
		if r.lead(ci) == ci {
			f.timer = r.list.Push(r.now, kernel.PhaseTimer, evFetch, 2*ci)
		}
	}
	r.fetchers = append(r.fetchers, f)
}

// fetchEvent is the event of a timer.
func (r *Run) fetchEvent(arg int32) *uint64 {
	if f := nth(r.fetchers, arg/2); arg%2 == 0 {
		return &f.timer
	}
	return &nth(r.fetchers, arg/2).wait
}

func (r *Run) fetchTimer(arg int32) {
	ci := arg / 2
	f := nth(r.fetchers, ci)
	*r.fetchEvent(arg) = 0
	if arg%2 == 0 && f.shut {
		r.note(evFetch, f.id, none, f.pulls<<1)
		r.openChannel(ci)
		return
	}
	r.note(evFetch, f.id, none, f.pulls<<1|uint64(arg%2))
	if arg%2 == 0 {
		r.fetchNext(ci)
		return
	}
	r.answerPull(ci, true)
}

// goFetch lets a consumer look what it can do, after what is being handled now.
func (r *Run) goFetch(ci int32) {
	if c := nth(r.consumers, ci); !c.pulls && !c.batches {
		return
	}
	if f := nth(r.fetchers, ci); !f.queued {
		f.queued = true
		r.soon(readyFetch, ci)
	}
}

// fetchNext begins a batch, or asks for messages.
func (r *Run) fetchNext(ci int32) {
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	if f.busy > 0 || r.frozen > 0 && nth(r.instances, c.inst).down > 0 {
		return
	}
	if c.log && nth(r.members, ci).again > 0 {
		return // it tries the one before again
	}
	if f.n > 0 {
		if f.looked = !f.looked && !c.pulls; f.looked { // what is handed over at this instant comes before
			r.goFetch(ci)
			return
		}
		r.fill(ci)
		return
	}
	if c.pulls {
		r.ask(ci)
	}
}

// ask sends a pull.
func (r *Run) ask(ci int32) {
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	if f.asked || f.timer != 0 || c.prefetch == 0 || r.lead(ci) != ci || !r.mayAsk(c) {
		return
	}
	u := nth(r.prog.consumes, c.consume)
	f.asked = true
	f.pulls++
	r.rec.Inc(u.fetch.m.c + metric.ConsumerPulls)
	r.transmit(r.fetchMsg(PullMessage, ci, u.ack))
}

// mayAsk reports whether the process of a consumer is there and connected.
func (r *Run) mayAsk(c *consumer) bool {
	return !r.away(c.inst) && nth(r.instances, c.inst).down == 0 && !r.suspended(c.inst) && nth(r.conns, c.conn).client
}

// fetchMsg makes a pull, or the answer to one.
func (r *Run) fetchMsg(kind MessageKind, ci, link int32) int32 {
	mi := r.msgs.take()
	r.room(msgStore, len(r.msgs.items))
	m, c, f := r.msgs.at(mi), nth(r.consumers, ci), nth(r.fetchers, ci)
	*m = msg{
		id: r.nextID(), kind: kind, occ: draw.Mix(f.id, f.pulls), op: r.nobody, link: link, conn: c.conn, epoch: nth(r.conns, c.conn).epoch,
		site: none, call: none, copy: none, target: none, consume: c.consume, consumer: ci, inst: c.inst, size: defaultSize,
	}
	r.ref(r.nobody)
	return mi
}

// pullArrived handles a pull at its broker.
func (r *Run) pullArrived(mi int32) {
	m := r.msgs.at(mi)
	ci := m.consumer
	gone := m.dup || r.stale(m.conn, m.epoch, toBroker) || nth(r.brokers, nth(r.prog.queues, nth(r.consumers, ci).queue).broker).down > 0
	r.freeMsg(mi)
	if gone {
		return
	}
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	f.waits = true
	wait := nth(r.prog.consumes, c.consume).fetch.wait
	if r.answerPull(ci, wait == 0) {
		return
	}
	f.wait = r.list.Push(r.now+wait, kernel.PhaseTimer, evFetch, 2*ci+1)
	r.listPull(ci)
}

// answerPulls answers the pulls that wait at a queue, in turn, while there is enough.
func (r *Run) answerPulls(qi int32) {
	if nth(r.brokers, nth(r.prog.queues, qi).broker).down > 0 {
		return
	}
	d := nth(r.queues, qi)
	for n := d.pulls.n; n > 0 && d.head != none && !r.heldEnough(nth(r.prog.queues, qi)); n-- {
		ci := d.pulls.pop()
		if lead := r.lead(ci); nth(r.fetchers, lead).waits && !r.answerPull(lead, false) {
			d.pulls.push(ci)
		} else {
			nth(r.fetchers, ci).listed = false
		}
	}
}

// answerPull answers the pull of a consumer by the messages that are there, if they are
// enough; where the wait is over, also by fewer, or by none. It reports whether it did.
func (r *Run) answerPull(ci int32, over bool) bool {
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	u := nth(r.prog.consumes, c.consume)
	out := c.prefetch == 0 || r.suspended(c.inst)
	there := int32(0)
	if !out {
		there = r.there(ci)
	}
	if !over && (there == 0 || there < u.fetch.min) {
		return false
	}
	first, last, size, n := none, none, uint64(0), int32(0)
	for !out && n < c.prefetch {
		from := r.brings(ci)
		if from == none {
			if r.there(ci) == 0 {
				break
			}
			continue // what was at the head has expired
		}
		to := nth(r.consumers, from)
		ti, bytes := r.bring(r.chosen(to.queue), from, nth(r.prog.consumes, to.consume))
		if size += uint64(bytes); last == none {
			first = ti
		} else {
			r.tasks.at(last).sibling = ti
		}
		last = ti
		n++
	}
	f.waits = false
	r.cancel(&f.wait)
	mi := r.fetchMsg(FetchedMessage, ci, u.deliver)
	m := r.msgs.at(mi)
	if m.target = first; n > 0 {
		m.size = uint32(min(size, math.MaxUint32))
		r.rec.Add(u.fetch.m.c+metric.ConsumerPulled, uint64(n))
	}
	r.sendOff(mi, nth(r.prog.queues, c.queue).broker, n)
	return true
}

// bring makes the task of a waiting copy that an answer brings.
func (r *Run) bring(k, ci int32, u *consumeT) (ti int32, size uint32) {
	r.unlink(k)
	c := r.copies.at(k)
	q := nth(r.prog.queues, c.queue)
	size = c.size
	who := nth(r.consumers, ci)
	ti = r.taskOf(k, ci, c, u, who, r.leaves(k, c, q), nth(r.conns, who.conn).epoch)
	r.handOver(k, ci, c, q, u)
	return ti, size
}

// fetched handles the answer to a pull at its consumer.
func (r *Run) fetched(mi int32) {
	m := r.msgs.at(mi)
	ci, first := m.consumer, m.target
	switch {
	case m.dup: // the consumer knows it
		r.freeMsg(mi)
		return
	case r.stale(m.conn, m.epoch, toClient):
		r.dropAnswer(m)
		r.freeMsg(mi)
		return
	}
	spoilt, link := m.spoilt, m.link
	r.freeMsg(mi)
	c, f := nth(r.consumers, ci), nth(r.fetchers, ci)
	f.asked = false
	r.cancel(&f.timer)
	if first == none {
		u := &nth(r.prog.consumes, c.consume).fetch
		if r.rec.Inc(u.m.c + metric.ConsumerEmpty); u.poll > 0 {
			f.timer = r.list.Push(r.now+u.poll, kernel.PhaseTimer, evFetch, 2*ci)
		} else {
			r.goFetch(ci)
		}
		return
	}
	for ti := first; ti != none; {
		t := r.tasks.at(ti)
		next := t.sibling
		t.sibling, t.corrupt = none, t.corrupt || spoilt
		if r.led != nil {
			r.spendTask(ti, SpentNetwork, spot(atLink, link))
		}
		if !nth(r.consumers, ci).batches {
			nth(r.fetchers, ci).busy++
		}
		r.takeDelivery(ti)
		ti = next
	}
}

// dropAnswer drops the tasks of an answer that does not come to its consumer. What it
// brought returns like any delivery that is lost.
func (r *Run) dropAnswer(m *msg) {
	if m.dup {
		return
	}
	auto := nth(r.prog.consumes, m.consume).auto
	for ti := m.target; ti != none; {
		t := r.tasks.at(ti)
		next := t.sibling
		if t.sibling = none; auto {
			r.blame(t.op, design.Lost)
		}
		r.dropTask(ti)
		ti = next
	}
	m.target = none
}

// pullLost handles a pull, or an answer, that a link has lost and will not send again:
// the consumer asks once more when it has waited for long enough.
func (r *Run) pullLost(m *msg) {
	if m.kind == FetchedMessage {
		r.dropAnswer(m)
	}
	c, f := nth(r.consumers, m.consumer), nth(r.fetchers, m.consumer)
	if m.dup || !f.asked || nth(r.conns, c.conn).epoch != m.epoch {
		return
	}
	f.asked = false
	r.cancel(&f.timer)
	f.timer = r.list.Push(r.now+retryPull+nth(r.prog.consumes, c.consume).fetch.wait, kernel.PhaseTimer, evFetch, 2*m.consumer)
}

// oneDone notes that a message, or a batch, of a consumer is done.
func (r *Run) oneDone(ci int32) {
	ci = r.lead(ci)
	f := nth(r.fetchers, ci)
	if f.busy--; f.busy == 0 {
		r.goFetch(ci)
	}
}

// forgetPull forgets a pull at a broker whose connection has ended.
func (r *Run) forgetPull(ci int32) {
	f := nth(r.fetchers, ci)
	f.waits = false
	r.cancel(&f.wait)
}

// pullAnew lets a consumer ask on a new connection.
func (r *Run) pullAnew(ci int32) {
	f := nth(r.fetchers, ci)
	f.asked = false
	r.cancel(&f.timer)
	r.goFetch(ci)
}

// forgetFetchers drops what the consumers of an instance have that has crashed.
func (r *Run) forgetFetchers(ii int32) {
	if !r.prog.fetches {
		return
	}
	for ci := r.instances[ii].consumers.head; ci != none; ci = r.consumers[ci].beside {
		f := &r.fetchers[ci]
		f.asked = false
		r.cancel(&f.timer)
		for ti := f.head; ti != none; {
			t := r.tasks.at(ti)
			next := t.next
			if t.next = none; nth(r.prog.consumes, t.consume).auto {
				r.blame(t.op, design.Lost)
				r.giveCredit(ci, t.epoch)
			}
			r.dropTask(ti)
			ti = next
		}
		f.head, f.tail, f.again, f.n, f.looked = none, none, none, 0, false
	}
}
