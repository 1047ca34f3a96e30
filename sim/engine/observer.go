package engine

import (
	"asynclab/sim/design"
	"asynclab/sim/record"
)

// RecordKind is the kind of an observation.
type RecordKind uint8

// The observations. An operation arrives, and is accepted, confirmed or failed.
// A message is sent, and then lost or corrupted (and detected), or it arrives and
// may be refused; MsgDuplicated is the sending of the duplicate that a link
// made. A task arrives, starts, ends, or is rejected, cancelled or lost.
//
// MsgSent comes when the message is put on its link. On a link that keeps order
// and retransmits, a message waits for the lost messages ahead of it first.
// MsgLost comes right after MsgSent, at the same time: Arrives is when the
// message would have arrived, so that a picture can show it disappear halfway. A
// retransmission is another MsgSent with the same Msg and Resend set.
// MsgCorrupted comes when the message arrives. A message without delay has
// MsgSent and MsgArrived too.
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
	ConnectionOpened // by its client
	ConnectionClosed // on the side of Node
	Acted            // a mechanism, or an instance that comes or goes: its class is Of
	CopyRedriven     // out of a queue of dead letters
	CopyKnown        // a message that its queue or log has already, and does not store
	PartitionsDealt  // a rebalance begins: Queue is the subscription, Node its broker
	AttemptRefused   // by what protects a call, before it was sent
	CopySetAside     // it stays in its queue and is not delivered again
	numRecords
)

// MessageKind tells messages apart.
type MessageKind uint8

// The kinds of messages.
const (
	RequestMessage MessageKind = iota // a call or a send to a service
	PublishMessage                    // to a queue or topic
	ReplyMessage                      // an answer or a confirmation, positive or negative
	DeliverMessage                    // broker to consumer
	AckMessage                        // consumer to broker
	NackMessage
	CancelMessage  // the caller has given up on the request
	PullMessage    // a consumer asks its broker for messages
	FetchedMessage // the answer
	numMessages
)

// Record is one observation: a small value, valid after the call. Nodes are
// indices into Program.Nodes. Queues are indices into Program.Queues; from their
// number on, into Program.Topics. A field that does not apply is -1, or 0 if it
// is a count or an instance.
type Record struct {
	Time     int64
	Op       uint64 // identity of the operation
	Seq      uint64 // its number among those of its load, from 0
	Msg      uint64 // identity of the message, task or copy
	Arrives  int64  // MsgSent, MsgDuplicated, MsgLost: when it arrives, or would have
	Node     int32  // where; for messages, the sender
	To       int32  // for messages, the receiver
	Queue    int32  // for messages to and from brokers, and copies
	Instance int32  // tasks and connections: the instance, from 0; FaultBegan, FaultEnded: the index into Run.Faults
	Kind     RecordKind
	Message  MessageKind
	Cause    design.Cause
	Why      *design.Reason // the cause, declared; nil: none
	Of       record.Class   // Acted: its class
	// Resend: messages: a retry, redelivery or duplicate, or sent again by the
	// link; tasks: the handler had begun for this message before.
	Resend bool
	Dead   bool // messages: the queue is one that others send their dead letters to
	// Sender is the task that sent a request or a message, by its identity; 0: a client,
	// or not known, as of one that had to wait before it was put on its link.
	Sender  uint64
	Handler int32 // tasks: an index into Program.Handlers; otherwise -1
	Broken  bool  // messages: it does not carry the trace of its operation
}

// classes are the classes of records that are not about messages: plain, or
// where there is one, the class of a repetition (again) or of a failure (bad).
var classes = [...]struct{ plain, again, bad record.Class }{
	OpArrived:        {plain: record.OperationArrived},
	OpAccepted:       {plain: record.OperationAccepted},
	OpConfirmed:      {plain: record.OperationConfirmed},
	OpFailed:         {plain: record.OperationFailed},
	TaskArrived:      {plain: record.TaskArrived},
	TaskStarted:      {plain: record.TaskStarted, again: record.TaskRestarted},
	TaskEnded:        {plain: record.TaskDone, bad: record.TaskFailed},
	TaskRejected:     {plain: record.TaskRejected},
	TaskCancelled:    {plain: record.TaskCancelled},
	TaskLost:         {plain: record.TaskLost},
	CopyDeadLettered: {plain: record.CopyDeadLettered},
	CopyEnded:        {plain: record.CopyDropped},
	Retrying:         {plain: record.RetryPlanned},
	FaultBegan:       {plain: record.FaultBegan},
	FaultEnded:       {plain: record.FaultEnded},
	Changed:          {plain: record.ParameterChanged},
	CopyRedriven:     {plain: record.CopyRedriven},
	CopyKnown:        {plain: record.CopyDeduplicated},
	CopySetAside:     {plain: record.CopySetAside},
	ConnectionOpened: {plain: record.ConnectionOpened},
	ConnectionClosed: {plain: record.ConnectionClosed},
	PartitionsDealt:  {plain: record.PartitionsDealt},
	AttemptRefused:   {plain: record.AttemptRefused},
}

// messageClasses are the classes of records about messages.
var messageClasses = [numMessages]struct{ plain, again, bad record.Class }{
	RequestMessage: {plain: record.Request, again: record.Retry},
	PublishMessage: {plain: record.Publish, again: record.Retry},
	ReplyMessage:   {plain: record.Reply, bad: record.ErrorReply},
	DeliverMessage: {plain: record.Delivery, again: record.Redelivery},
	AckMessage:     {plain: record.Ack},
	NackMessage:    {plain: record.Nack},
	CancelMessage:  {plain: record.Cancel},
	PullMessage:    {plain: record.Pull},
	FetchedMessage: {plain: record.Empty},
}

// Class is the class of the record: one rule for picture, log and diagram.
func (r *Record) Class() record.Class {
	if r.Kind == Acted {
		return r.Of
	}
	c := classes[r.Kind]
	switch of := r.Message; {
	case r.Kind == MsgDuplicated:
		return record.Duplicate
	case r.Kind == CopyEnded && r.Cause == design.Expired:
		return record.CopyExpired
	case !r.Kind.ofMessage():
	case of == DeliverMessage && r.Dead:
		return record.DeadLetter
	case of == ReplyMessage && r.Queue != none: // the broker has stored the message, or has refused it
		c.plain, c.bad = record.Confirm, record.Nack
	default:
		c = messageClasses[of]
	}
	switch {
	case r.Resend && c.again != nil:
		return c.again
	case r.Cause != design.OK && c.bad != nil:
		return c.bad
	}
	return c.plain
}

func (k RecordKind) ofMessage() bool { return k >= MsgSent && k <= MsgRefused }

// Fate is the outcome of a message, if the record reports one.
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

// Group is the group of the record, by its class and fate.
func (r *Record) Group() record.Group { return record.News(r.Class(), r.Fate()) }

// Observer sees everything and changes nothing. It is called on the goroutine
// that advances the run.
type Observer interface{ Observe(Record) }

// SetObserver sets the observer; nil for none, which costs nothing.
func (r *Run) SetObserver(o Observer) {
	r.obs = o
	r.weigh()
}

// here creates a record at the present time, about an operation or about none.
func (r *Run) here(kind RecordKind, o int32, id uint64, cause design.Cause) Record {
	x := Record{Time: r.now, Kind: kind, Msg: id, Node: none, To: none, Queue: none, Handler: none, Cause: cause, Why: r.prog.reasons[cause]}
	if o != none {
		x.Op, x.Seq = r.ops.at(o).id, r.ops.at(o).seq
	}
	return x
}

// onLink creates a record about a message on a link.
func (r *Run) onLink(kind RecordKind, message MessageKind, link, queue, o int32, id uint64, cause design.Cause, resend bool) Record {
	l := nth(r.prog.links, link)
	x := r.here(kind, o, id, cause)
	x.Node, x.To, x.Queue = l.fromNode, l.toNode, queue
	x.Message, x.Resend, x.Dead = message, resend, r.prog.forDead(queue)
	if kind == MsgSent && (message == RequestMessage || message == PublishMessage) {
		x.Sender = r.sender()
	}
	return x
}

// sentBy is the task that sends a message, and the event in which it does.
type sentBy struct{ task, event uint64 }

func (r *Run) sentFrom(task int32) {
	r.author = sentBy{event: r.events}
	if task != none {
		r.author.task = r.tasks.at(r.root(task)).id
	}
}

// sender is the task that sends the message of this event.
func (r *Run) sender() uint64 {
	if r.author.event != r.events {
		return 0 // it has waited before it was put on its link
	}
	return r.author.task
}

// observeMsg reports a message; one in transit arrives at the time given. This and
// the functions below are short, so that a run without an observer pays for one
// comparison.
func (r *Run) observeMsg(kind RecordKind, m *msg, arrives int64) {
	if r.obs != nil {
		r.reportMsg(kind, m, arrives)
	}
}

func (r *Run) reportMsg(kind RecordKind, m *msg, arrives int64) {
	queue := none
	if m.site != none {
		queue = r.prog.destination(nth(r.prog.sites, m.site))
	} else if m.kind != CancelMessage {
		queue = nth(r.prog.consumes, m.consume).queue
	}
	if m.kind == FetchedMessage && m.target != none && !m.dup { // each of its messages is a delivery
		for ti := m.target; ti != none; ti = r.tasks.at(ti).sibling {
			t := r.tasks.at(ti)
			x := r.onLink(kind, DeliverMessage, m.link, queue, t.op, t.id, m.cause, t.resend || m.tries > 0)
			x.Arrives = arrives
			r.obs.Observe(x)
		}
		return
	}
	r.observeMsgFor(kind, m, queue, arrives)
	if m.gathered {
		r.reportGathered(kind, m, queue, arrives)
	}
}

// reportGathered reports the messages that travel with another.
func (r *Run) reportGathered(kind RecordKind, m *msg, queue int32, arrives int64) {
	for mi := m.copy; mi != none; mi = r.msgs.at(mi).copy {
		o := r.msgs.at(mi)
		x := r.onLink(kind, PublishMessage, m.link, queue, o.op, o.id, m.cause, o.resend || m.dup || m.tries > 0)
		x.Arrives = arrives
		r.obs.Observe(x)
	}
}

func (r *Run) observeMsgFor(kind RecordKind, m *msg, queue int32, arrives int64) {
	x := r.onLink(kind, m.kind, m.link, queue, m.op, m.id, m.cause, m.resend || m.dup || m.tries > 0)
	x.Arrives = arrives
	x.Broken = m.site != none && m.kind != ReplyMessage && nth(r.prog.sites, m.site).untraced
	r.obs.Observe(x)
}

// destination is the queue or topic of a site, as observers number them.
func (p *Program) destination(s *site) int32 {
	switch s.kind {
	case toQueue:
		return s.queue
	case toTopic:
		return int32(p.named) + s.queue
	}
	return none
}

// forDead reports whether a queue is the dead-letter queue of another.
func (p *Program) forDead(queue int32) bool {
	return queue >= 0 && int(queue) < len(p.queues) && nth(p.queues, queue).forDead
}

// observePassed reports a message between services that was handed over directly:
// it is sent and arrives at once.
func (r *Run) observePassed(kind RecordKind, link int32, message MessageKind, id uint64, o int32, s *site, cause design.Cause, resend bool) {
	r.observeBoth(r.onLink(kind, message, link, r.prog.destination(s), o, id, cause, resend))
}

func (r *Run) observeBoth(x Record) {
	if x.Kind == MsgSent {
		x.Arrives = x.Time
		r.obs.Observe(x)
		x.Kind, x.Arrives = MsgArrived, 0
	}
	r.obs.Observe(x)
}

// observeDelivery reports a delivery, or its acknowledgement, that was handed over
// directly.
func (r *Run) observeDelivery(kind RecordKind, message MessageKind, t *task) {
	c := nth(r.prog.consumes, t.consume)
	link := c.ack
	if message == DeliverMessage {
		link = c.deliver
	}
	r.observeBoth(r.onLink(kind, message, link, c.queue, t.op, t.id, design.OK, t.resend || t.dup))
}

func (r *Run) observeTask(kind RecordKind, t *task, cause design.Cause) {
	if r.obs != nil {
		r.reportTask(kind, t, cause)
	}
}

func (r *Run) reportTask(kind RecordKind, t *task, cause design.Cause) {
	s := nth(r.prog.services, t.service)
	x := r.here(kind, t.op, t.id, cause)
	x.Node, x.Instance, x.Resend, x.Handler = s.node, t.inst-s.inst0, t.rare&rareDuplicate != 0, t.handler
	r.obs.Observe(x)
}

func (r *Run) observeOp(kind RecordKind, slot int32, cause design.Cause) {
	if r.obs != nil {
		r.reportOp(kind, slot, cause)
	}
}

func (r *Run) reportOp(kind RecordKind, slot int32, cause design.Cause) {
	x := r.here(kind, slot, 0, cause)
	x.Node = nth(r.prog.loads, r.ops.at(slot).load).node
	r.obs.Observe(x)
}

func (r *Run) observeCopyEnd(kind RecordKind, c *copyRec, cause design.Cause) {
	x := r.here(kind, c.op, c.id, cause)
	x.Node, x.Queue = nth(r.prog.brokers, nth(r.prog.queues, c.queue).broker).node, r.whole(c.queue)
	r.obs.Observe(x)
}

func (r *Run) observeFault(kind RecordKind, i int32) {
	if r.obs == nil {
		return
	}
	x := r.here(kind, none, 0, design.OK)
	x.Instance = i
	if f := &r.prog.faults[i]; f.service != none {
		x.Node = nth(r.prog.services, f.service).node
	} else if f.broker != none {
		x.Node = nth(r.prog.brokers, f.broker).node
	}
	r.obs.Observe(x)
}
