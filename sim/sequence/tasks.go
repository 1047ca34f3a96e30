package sequence

import (
	"cmp"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Tasks, the answers they wait for, and copies that wait in queues: the sources
// of bars.

// task is one execution of a handler.
type task struct {
	id       uint64
	lane     int
	instance int
	origin   int // the message that created it, or none
	arrived  int
	started  int // none: not yet started
	ended    int // none: not yet ended
	silent   bool
	handler  string
	why      *design.Reason // it failed
	end      record.Class   // what ended it, if not its handler
}

func (t *task) running() bool { return t.started != none && t.ended == none }

// wait is a task's wait for the answer to a request, its retries included.
type wait struct {
	task    *task
	request int // the last one
	from    int
	to      int  // none: it still waits
	sure    bool // an answer or a timeout has proved that it waits
}

// stored is a copy in a queue, since a moment. If it is not sure, the copy is
// only inferred to have returned to the queue.
type stored struct {
	at   int
	sure bool
	of   int // the message published, or none
}

// stay is the stay of a copy in a queue: until it was delivered, or ended.
type stay struct {
	queue    string
	from, to int
	of       int          // the message published, or none
	delivery int          // the message that delivers it, or none
	end      record.Class // of a copy that was not delivered
	number   int          // of its deliveries, from 1
}

// held is a bar that has no depth yet.
type held struct {
	lane, from, to int
	state          State
	open           bool
}

func (b *builder) hold(h held) { b.held = append(b.held, h) }

func (b *builder) task(e Entry) {
	lane := b.lane(e.NodeName, topology.Service)
	if lane == none {
		return
	}
	at := b.moment(e)
	t := b.tasks[e.Msg]
	if t == nil { // its arrival was not observed: the story begins in the middle
		t = &task{id: e.Msg, lane: lane, instance: int(e.Instance), origin: none, arrived: at, started: none, ended: none}
		b.tasks[e.Msg] = t
		b.order = append(b.order, t)
		b.cameWith(t, at)
	}
	t.handler = cmp.Or(e.HandlerName, t.handler)
	switch e.Kind {
	case engine.TaskArrived:
		return
	case engine.TaskStarted:
		t.started = at
		if b.Moments[at] == b.Moments[t.arrived] {
			t.started = t.arrived
		}
		if e.Resend {
			b.note(e, lane, e.Class())
		}
		return
	case engine.TaskEnded:
		if e.Cause != design.OK {
			b.note(e, lane, e.Class())
			t.end, t.why = e.Class(), e.Why
		}
		b.ended = t
		t.silent = true // until an answer is observed
	case engine.TaskRejected:
		b.note(e, lane, e.Class())
		t.end, t.why = e.Class(), e.Why
		b.ended = t
	case engine.TaskCancelled:
		b.note(e, lane, e.Class())
		t.end, t.why = e.Class(), e.Why
	case engine.TaskLost:
		b.note(e, lane, e.Class())
		t.end, t.why = e.Class(), e.Why
		b.ended = t
		if o := t.origin; o != none && b.about[o].message == engine.DeliverMessage {
			b.store(b.about[o].queue, at, false, b.about[o].copyOf)
		}
	}
	t.ended = at
	for _, w := range b.waits {
		if w.task == t && w.to == none {
			w.to = at
			w.sure = w.sure || e.Cause == design.Timeout
		}
	}
}

// cameWith finds the message that created a task: the last one that has arrived
// here and has no task yet.
func (b *builder) cameWith(t *task, at int) {
	for i := len(b.Messages) - 1; i >= 0; i-- {
		m, a := &b.Messages[i], &b.about[i]
		if m.To == t.lane && b.Moments[m.Arrived] == b.Moments[at] && m.Fate == record.Arrived && a.task == nil &&
			(a.message == engine.RequestMessage || a.message == engine.DeliverMessage) {
			a.task, t.origin, t.arrived = t, i, m.Arrived
			return
		}
	}
}

// asks records that a task may wait for the answer to a request. A retry
// continues the wait of the attempt before.
func (b *builder) asks(request int) {
	m := b.Messages[request]
	owner := b.tasks[b.about[request].sender]
	if owner != nil && !owner.running() {
		owner = nil
	}
	for _, t := range b.order {
		if b.about[request].sender != 0 {
			break
		}
		if t.lane == m.From && t.running() && (owner == nil || t.started >= owner.started) {
			owner = t
		}
	}
	if owner == nil {
		return // from a client, or not observed
	}
	if m.Class == record.Retry {
		for _, w := range b.waits {
			if w.to == none && w.sure && b.Messages[w.request].From == m.From && b.Messages[w.request].To == m.To {
				w.request = request
				return
			}
		}
	}
	b.waits = append(b.waits, &wait{task: owner, request: request, from: m.Sent, to: none})
}

// answers finds the request that a reply answers: that of the task that has
// just ended, the one just refused, or else the oldest without an answer.
func (b *builder) answers(reply int) {
	r := b.Messages[reply]
	matches := func(i int) bool {
		m := b.Messages[i]
		ask := b.about[i].message == engine.RequestMessage || b.about[i].message == engine.PublishMessage
		return ask && m.From == r.To && m.To == r.From && !b.about[i].answered
	}
	found := none
	if t := b.ended; t != nil && t.origin != none && matches(t.origin) {
		found = t.origin
	}
	for i := range b.Messages[:reply] {
		if found != none {
			break
		}
		if matches(i) && (b.Messages[i].Fate == record.Arrived || b.Messages[i].Fate == record.Refused) {
			found = i
		}
	}
	if found == none {
		return
	}
	a := &b.about[found]
	a.answered, a.reply = true, reply
	b.about[reply].answers = found
	if a.task != nil {
		a.task.silent = false
	}
}

// answered ends the wait that a reply answers.
func (b *builder) answered(reply int) {
	request := b.about[reply].answers
	if request == none {
		return
	}
	for _, w := range b.waits {
		if w.request == request && w.to == none {
			w.to, w.sure = b.Messages[reply].Arrived, true
		}
	}
}

// retrying keeps a wait open until the next attempt is answered: the wait that
// a failed answer has just ended, or the oldest one.
func (b *builder) retrying(e Entry, lane int) {
	at := b.moment(e)
	var found *wait
	for _, w := range b.waits {
		if w.task.lane != lane || w.task.ended != none {
			continue
		}
		switch {
		case w.to == at && e.Cause != design.Timeout:
			w.to, w.sure = none, true
			return
		case w.to == none && found == nil:
			found = w
		}
	}
	if found != nil {
		found.sure = true
	}
}

// store puts a copy into a queue, or into a topic for its subscriptions.
func (b *builder) store(queue string, at int, sure bool, of int) {
	b.stored[queue] = append(b.stored[queue], stored{at, sure, of})
}

// lastOf is the message whose copy a queue has delivered last, or none.
func (b *builder) lastOf(queue string) int {
	for i := len(b.stays) - 1; i >= 0; i-- {
		if b.stays[i].queue == queue {
			return b.stays[i].of
		}
	}
	return none
}

// handOut takes the oldest copy out of a queue and ends its bar. The message delivers it;
// none: it has ended there.
func (b *builder) handOut(queue string, at, delivery int) {
	from, of := none, b.lastOf(queue)
	if s := b.stored[queue]; len(s) > 0 {
		from, of = s[0].at, s[0].of
		b.stored[queue] = s[1:]
	} else if s := b.stored[topicOf(queue)]; b.taken[queue] < len(s) {
		from, of = s[b.taken[queue]].at, s[b.taken[queue]].of
		b.taken[queue]++
	}
	b.stay(stay{queue: queue, from: from, to: at, of: of, delivery: delivery})
	if from != none && from < at {
		b.hold(held{lane: b.queueLane(queue), from: from, to: at, state: Waiting})
	}
}

// stay notes where a copy was. One whose return was not observed, as after the end of its
// connection, was with its consumer until now.
func (b *builder) stay(s stay) {
	if s.from == none {
		s.from = s.to
	}
	s.number = 1
	for i := range b.stays {
		if b.stays[i].queue == s.queue && b.stays[i].of == s.of {
			s.number++
		}
	}
	if s.delivery != none {
		b.about[s.delivery].copyOf = s.of
	}
	b.stays = append(b.stays, s)
}

func (b *builder) copyEnded(e Entry) {
	lane := b.queueLane(e.QueueName)
	if lane == none {
		return
	}
	b.handOut(e.QueueName, b.moment(e), none)
	b.stays[len(b.stays)-1].end = e.Class()
	of := b.stays[len(b.stays)-1].of
	b.note(e, lane, e.Class())
	if e.Kind != engine.CopyDeadLettered {
		return
	}
	dead, ok := b.dead[e.QueueName]
	if !ok {
		return
	}
	to := b.queueLane(dead)
	at := b.between(e, lane, to)
	b.Notes[len(b.Notes)-1].At = at
	b.Messages = append(b.Messages, Message{
		From: lane, To: to, Sent: at, Arrived: at, Due: b.Moments[at], Class: record.DeadLetter, Fate: record.Arrived, Why: e.Why, ID: e.Msg,
	})
	b.about = append(b.about, about{message: engine.PublishMessage, queue: dead, answers: none, copyOf: none, reply: none})
	b.store(dead, at, true, of)
}

// finish closes what is still open and makes the bars.
func (b *builder) finish() {
	if len(b.Moments) == 0 {
		return
	}
	last := len(b.Moments) - 1
	for i := range b.Messages {
		if m := &b.Messages[i]; m.Fate == record.InFlight || m.Fate == record.Lost {
			m.Arrived = last
		}
	}
	if b.client != none {
		for i, l := range b.Lanes {
			if l.Kind == topology.Client {
				b.hold(held{lane: i, from: b.client, to: last, state: Blocked, open: true})
				break
			}
		}
	}
	for i, l := range b.Lanes { // in the order of lanes, because a map has none
		if l.Kind != topology.Topic {
			for _, s := range b.stored[l.ID] {
				if s.sure {
					b.hold(held{lane: i, from: s.at, to: last, state: Waiting, open: true})
				}
			}
		}
	}
	b.bars(last)
	b.clientsFirst()
}

// clientsFirst puts the clients on the left.
func (b *builder) clientsFirst() {
	place := make([]int, len(b.Lanes))
	var lanes []Lane
	for pass := range 2 {
		for i, l := range b.Lanes {
			if (l.Kind == topology.Client) == (pass == 0) {
				place[i] = len(lanes)
				lanes = append(lanes, l)
			}
		}
	}
	b.Lanes = lanes
	for i := range b.Messages {
		b.Messages[i].From, b.Messages[i].To = place[b.Messages[i].From], place[b.Messages[i].To]
	}
	for i := range b.Bars {
		b.Bars[i].Lane = place[b.Bars[i].Lane]
	}
	for i := range b.Notes {
		b.Notes[i].Lane = place[b.Notes[i].Lane]
	}
}
