package model

// RecordKind is what an observer is told about.
type RecordKind uint8

// What is observed. A message is sent, and then lost, corrupted (and caught),
// or it arrives and may be refused; a task arrives, starts, ends, or is
// rejected, cancelled or lost.
const (
	OpAccepted RecordKind = iota
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
// indices into Program.Nodes.
type Record struct {
	Time     int64
	Op       uint64 // identity of the operation
	Seq      uint64 // its number among those of its load, from 0
	Msg      uint64 // identity of the message, task or copy
	Arrives  int64  // MsgSent: not known yet, 0
	Node     int32  // where; for messages, the sender
	To       int32  // for messages, the receiver
	Queue    int32  // for messages to and from brokers, and copies
	Instance int32
	Kind     RecordKind
	Message  MessageKind
	Cause    Cause
	Resend   bool // a retry, redelivery or duplicate
}

// Observer sees everything and changes nothing. It is called on the goroutine
// that advances the run.
type Observer interface{ Observe(Record) }

// SetObserver sets the observer; nil for none, which costs nothing.
func (r *Run) SetObserver(o Observer) { r.obs = o }

func (r *Run) observeMsg(kind RecordKind, m *msg) {
	l := nth(r.prog.links, m.link)
	queue := none
	if m.site != none {
		if s := nth(r.prog.sites, m.site); s.kind != toService {
			queue = s.queue
		}
	} else if m.kind != msgCancel {
		queue = nth(r.prog.consumes, m.consume).queue
	}
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(m.op).id, Seq: r.ops.at(m.op).seq, Msg: m.id, Node: l.fromNode, To: l.toNode,
		Queue: queue, Message: MessageKind(m.kind), Cause: m.cause, Resend: m.resend || m.dup,
	})
}

// observePassed tells of a message between services that was handed over
// directly: it is sent and arrives at once.
func (r *Run) observePassed(kind RecordKind, link int32, message MessageKind, id uint64, o int32, s *site, cause Cause, resend bool) {
	l := nth(r.prog.links, link)
	queue := none
	if s.kind != toService {
		queue = s.queue
	}
	r.observeBoth(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(o).id, Seq: r.ops.at(o).seq, Msg: id, Node: l.fromNode, To: l.toNode,
		Queue: queue, Message: message, Cause: cause, Resend: resend,
	})
}

func (r *Run) observeBoth(x Record) {
	r.obs.Observe(x)
	if x.Kind == MsgSent {
		x.Kind = MsgArrived
		r.obs.Observe(x)
	}
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

func (r *Run) observeTask(kind RecordKind, t *task) {
	s := nth(r.prog.services, t.service)
	r.obs.Observe(Record{
		Time: r.now, Kind: kind, Op: r.ops.at(t.op).id, Seq: r.ops.at(t.op).seq, Msg: t.id, Node: s.node,
		Instance: t.inst - s.inst0, Queue: none, Resend: t.isDup,
	})
}

func (r *Run) observeFault(kind RecordKind, f *faultT) {
	if r.obs == nil {
		return
	}
	node := none
	if f.service != none {
		node = nth(r.prog.services, f.service).node
	} else if f.broker != none {
		node = nth(r.prog.brokers, f.broker).node
	}
	r.obs.Observe(Record{Time: r.now, Kind: kind, Node: node, Queue: none})
}
