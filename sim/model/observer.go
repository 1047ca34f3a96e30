package model

// RecordKind is what an observer is told about.
type RecordKind uint8

// What is observed. An operation arrives, and is accepted, confirmed or failed.
// A message is sent, and then lost or corrupted (and caught), or it arrives and
// may be refused; MsgDuplicated is the sending of the second one that a link
// made. A task arrives, starts, ends, or is rejected, cancelled or lost.
//
// MsgSent comes when the message is put on its link. On a connection that keeps
// its order and sends again what it lost, that is not before what was lost ahead
// of it has got through. MsgLost comes right after MsgSent, at the same time:
// Arrives says when the message would have been there, so that whoever draws it
// can let it disappear halfway. One that is sent again is another MsgSent with
// the same Msg and Resend set. MsgCorrupted comes when the message arrives.
// A message that takes no time is MsgSent and MsgArrived too.
const (
	OpArrived RecordKind = iota // at its load
	OpAccepted
	OpConfirmed
	OpFailed
	MsgSent
	MsgDuplicated
	MsgLost
	MsgCorrupted
	MsgArrived
	MsgRefused
	TaskArrived
	TaskStarted
	TaskEnded
	TaskRejected
	TaskCancelled
	TaskLost
	CopyDeadLettered
	CopyEnded
	Retrying
	FaultBegan
	FaultEnded
	Changed
)

// MessageKind tells messages apart for whoever draws them.
type MessageKind uint8

// The kinds of messages.
const (
	RequestMessage MessageKind = iota
	PublishMessage
	ReplyMessage
	DeliverMessage
	AckMessage
	NackMessage
	CancelMessage
)

// Record is one observation: a small value, valid after the call. Nodes are
// indices into Program.Nodes. Queues are indices into Program.Queues; from their
// number on, into Program.Topics. What does not apply is -1, or 0 where a number
// says how many or which instance.
type Record struct {
	Time     int64
	Op       uint64 // identity of the operation
	Seq      uint64 // its number among those of its load, from 0
	Msg      uint64 // identity of the message, task or copy
	Arrives  int64  // MsgSent, MsgDuplicated, MsgLost: when it arrives, or would have
	Node     int32  // where; for messages, the sender
	To       int32  // for messages, the receiver
	Queue    int32  // for messages to and from brokers, and copies
	Instance int32  // tasks: the instance, from 0; FaultBegan, FaultEnded: the index into Run.Faults
	Kind     RecordKind
	Message  MessageKind
	Cause    Cause
	// Resend: messages: a retry, redelivery or duplicate, or sent again by the
	// link; tasks: the handler had begun for this message before.
	Resend bool
}

// Observer sees everything and changes nothing. It is called on the goroutine
// that advances the run.
type Observer interface{ Observe(Record) }

// SetObserver sets the observer; nil for none, which costs nothing.
func (r *Run) SetObserver(o Observer) { r.obs = o }

// observeMsg tells of a message; one on its way arrives at the time given.
func (r *Run) observeMsg(kind RecordKind, m *msg, arrives int64) {
	queue := none
	if m.site != none {
		queue = r.prog.destination(nth(r.prog.sites, m.site))
	} else if m.kind != msgCancel {
		queue = nth(r.prog.consumes, m.consume).queue
	}
	r.observeMsgFor(kind, m, queue, arrives)
}

func (r *Run) observeMsgFor(kind RecordKind, m *msg, queue int32, arrives int64) {
	l := nth(r.prog.links, m.link)
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(m.op).id, Seq: r.ops.at(m.op).seq, Msg: m.id, Arrives: arrives, Node: l.fromNode, To: l.toNode,
		Queue: queue, Message: MessageKind(m.kind), Cause: m.cause, Resend: m.resend || m.dup || m.tries > 0,
	})
}

// destination is the queue or topic of a site, as observers number them.
func (p *Program) destination(s *site) int32 {
	switch s.kind {
	case toQueue:
		return s.queue
	case toTopic:
		return int32(len(p.queues)) + s.queue
	}
	return none
}

// observePassed tells of a message between services that was handed over
// directly: it is sent and arrives at once.
func (r *Run) observePassed(kind RecordKind, link int32, message MessageKind, id uint64, o int32, s *site, cause Cause, resend bool) {
	l := nth(r.prog.links, link)
	r.observeBoth(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(o).id, Seq: r.ops.at(o).seq, Msg: id, Node: l.fromNode, To: l.toNode,
		Queue: r.prog.destination(s), Message: message, Cause: cause, Resend: resend,
	})
}

func (r *Run) observeBoth(x Record) {
	if x.Kind != MsgSent {
		r.obs.Observe(x)
		return
	}
	x.Arrives = x.Time
	r.obs.Observe(x)
	x.Kind, x.Arrives = MsgArrived, 0
	r.obs.Observe(x)
}

// observeDelivery tells of a delivery, or its acknowledgement, that was handed
// over directly.
func (r *Run) observeDelivery(kind RecordKind, message MessageKind, t *task) {
	c := nth(r.prog.consumes, t.consume)
	link := c.ack
	if message == DeliverMessage {
		link = c.deliver
	}
	l := nth(r.prog.links, link)
	r.observeBoth(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(t.op).id, Seq: r.ops.at(t.op).seq, Msg: t.id, Node: l.fromNode, To: l.toNode,
		Queue: c.queue, Message: message, Resend: t.resend || t.dup,
	})
}

func (r *Run) observeTask(kind RecordKind, t *task, cause Cause) {
	s := nth(r.prog.services, t.service)
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(t.op).id, Seq: r.ops.at(t.op).seq, Msg: t.id, Node: s.node, To: none,
		Instance: t.inst - s.inst0, Queue: none, Cause: cause, Resend: t.isDup,
	})
}

func (r *Run) observeOp(kind RecordKind, o *op) {
	cause := OK
	if kind == OpFailed {
		cause = o.cause
	}
	r.obs.Observe(Record{Time: r.now, Kind: kind, Node: nth(r.prog.loads, o.load).node, To: none, Queue: none, Op: o.id, Seq: o.seq, Cause: cause})
}

func (r *Run) observeCopyEnd(kind RecordKind, c *copyRec, cause Cause) {
	o := r.ops.at(c.op)
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Node: nth(r.prog.brokers, nth(r.prog.queues, c.queue).broker).node, To: none, Queue: c.queue,
		Op: o.id, Seq: o.seq, Msg: c.id, Cause: cause,
	})
}

func (r *Run) observeFault(kind RecordKind, i int32) {
	if r.obs == nil {
		return
	}
	f := &r.prog.faults[i]
	node := none
	if f.service != none {
		node = nth(r.prog.services, f.service).node
	} else if f.broker != none {
		node = nth(r.prog.brokers, f.broker).node
	}
	r.obs.Observe(Record{Time: r.now, Kind: kind, Node: node, To: none, Queue: none, Instance: i})
}
