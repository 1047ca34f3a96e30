package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/record"
)

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
	RequestMessage = MessageKind(msgRequest)
	PublishMessage = MessageKind(msgPublish)
	ReplyMessage   = MessageKind(msgReply)
	DeliverMessage = MessageKind(msgDeliver)
	AckMessage     = MessageKind(msgAck)
	NackMessage    = MessageKind(msgNack)
	CancelMessage  = MessageKind(msgCancel)
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
	Cause    design.Cause
	// Resend: messages: a retry, redelivery or duplicate, or sent again by the
	// link; tasks: the handler had begun for this message before.
	Resend bool
	Dead   bool // messages: the queue is one that others send their dead letters to
}

// Class is what the record is about: the one rule for picture, log and diagram.
func (r *Record) Class() record.Class {
	ok := r.Cause == design.OK
	switch r.Kind {
	case MsgDuplicated:
		return record.Duplicate
	case OpArrived:
		return record.OperationArrived
	case OpAccepted:
		return record.OperationAccepted
	case OpConfirmed:
		return record.OperationConfirmed
	case OpFailed:
		return record.OperationFailed
	case TaskArrived:
		return record.TaskArrived
	case TaskStarted:
		return either(r.Resend, record.TaskRestarted, record.TaskStarted)
	case TaskEnded:
		return either(ok, record.TaskDone, record.TaskFailed)
	case TaskRejected:
		return record.TaskRejected
	case TaskCancelled:
		return record.TaskCancelled
	case TaskLost:
		return record.TaskLost
	case CopyDeadLettered:
		return record.CopyDeadLettered
	case CopyEnded:
		return either(r.Cause == design.Expired, record.CopyExpired, record.CopyDropped)
	case Retrying:
		return record.RetryPlanned
	case FaultBegan:
		return record.FaultBegan
	case FaultEnded:
		return record.FaultEnded
	case Changed:
		return record.ParameterChanged
	case MsgSent, MsgLost, MsgCorrupted, MsgArrived, MsgRefused:
	}
	switch r.Message {
	case RequestMessage:
		return either(r.Resend, record.Retry, record.Request)
	case PublishMessage:
		return either(r.Resend, record.Retry, record.Publish)
	case DeliverMessage:
		if r.Dead {
			return record.DeadLetter
		}
		return either(r.Resend, record.Redelivery, record.Delivery)
	case AckMessage:
		return record.Ack
	case NackMessage:
		return record.Nack
	case CancelMessage:
		return record.Cancel
	case ReplyMessage:
	}
	if r.Queue != none { // a broker's, that it has a message or not
		return either(ok, record.Confirm, record.Nack)
	}
	return either(ok, record.Reply, record.ErrorReply)
}

func either(first bool, a, b record.Class) record.Class {
	if first {
		return a
	}
	return b
}

// Fate is what the record says became of a message.
func (r *Record) Fate() record.Fate {
	switch r.Kind {
	case MsgArrived:
		return record.Arrived
	case MsgLost:
		return record.Lost
	case MsgCorrupted:
		return record.Corrupted
	case MsgRefused:
		return record.Refused
	}
	return record.InFlight
}

// Group is the sort of news that the record is.
func (r *Record) Group() record.Group { return record.News(r.Class(), r.Fate()) }

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
		Queue: queue, Message: MessageKind(m.kind), Cause: m.cause, Resend: m.resend || m.dup || m.tries > 0, Dead: r.prog.forDead(queue),
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

// forDead reports whether others send their dead letters to a queue.
func (p *Program) forDead(queue int32) bool {
	return queue >= 0 && int(queue) < len(p.queues) && nth(p.queues, queue).forDead
}

// observePassed tells of a message between services that was handed over
// directly: it is sent and arrives at once.
func (r *Run) observePassed(kind RecordKind, link int32, message MessageKind, id uint64, o int32, s *site, cause design.Cause, resend bool) {
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
		Queue: c.queue, Message: message, Resend: t.resend || t.dup, Dead: r.prog.forDead(c.queue),
	})
}

func (r *Run) observeTask(kind RecordKind, t *task, cause design.Cause) {
	s := nth(r.prog.services, t.service)
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(t.op).id, Seq: r.ops.at(t.op).seq, Msg: t.id, Node: s.node, To: none,
		Instance: t.inst - s.inst0, Queue: none, Cause: cause, Resend: t.isDup,
	})
}

func (r *Run) observeOp(kind RecordKind, o *op) {
	cause := design.OK
	if kind == OpFailed {
		cause = o.cause
	}
	r.obs.Observe(Record{Time: r.now, Kind: kind, Node: nth(r.prog.loads, o.load).node, To: none, Queue: none, Op: o.id, Seq: o.seq, Cause: cause})
}

func (r *Run) observeCopyEnd(kind RecordKind, c *copyRec, cause design.Cause) {
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
