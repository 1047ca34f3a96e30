package record

// Class is the kind of a record: a kind of message, or an event that is not a
// message.
type Class = *Declared

// Declared is the declaration of a class. because says that the log names the cause,
// unless it is the cause that the words imply.
type Declared struct {
	word    Word   // its id is stable across versions
	label   string // in a diagram, where the word is too long
	mark    Mark
	group   Group
	message bool
	because bool
	implies string
}

// Event declares a class of what a mechanism does. The log names its cause, if there
// is one.
func Event(word Word, mark Mark, group Group) Class {
	return &Declared{word: word, mark: mark, group: group, because: true}
}

// Group is the category by which a log is filtered and coloured.
type Group uint8

// The groups. Ordinary is what happens to every message.
const (
	Ordinary   Group = iota
	Good             // an operation is accepted or confirmed
	Failure          // an operation or a task has failed
	Loss             // a message or a task is lost
	Rejection        // rejected, cancelled, dead-lettered, dropped
	Repetition       // a retry, redelivery or duplicate
	Fault            // begins or ends
	Change           // of a parameter, by hand
	NumGroups
)

var groups = [NumGroups]Word{
	Ordinary: {"group.ordinary", "ordinary"}, Good: {"group.accepted", "accepted"}, Failure: {"group.failed", "failed"},
	Loss: {"group.lost", "lost"}, Rejection: {"group.rejected", "rejected"}, Repetition: {"group.repeated", "repeated"},
	Fault: {"group.fault", "fault"}, Change: {"group.changed", "changed"},
}

// Name is the name of the group in a language.
func (g Group) Name(v Voice) string { return v.Say(groups[g]) }

// Bad reports whether the group is of something that goes wrong.
func (g Group) Bad() bool { return g != Ordinary && g != Good && g != Change }

// The classes. Those of messages come first.
var (
	Request    = &Declared{message: true, word: Word{"message.request", "request"}, mark: MarkRequest}                                                                   // the first attempt of a call, a send or a load
	Retry      = &Declared{message: true, word: Word{"message.retry", "retry"}, mark: MarkRetry, group: Repetition}                                                      // a further attempt of a request or publish
	Reply      = &Declared{message: true, word: Word{"message.reply", "reply"}, mark: MarkReply}                                                                         // a positive answer
	ErrorReply = &Declared{message: true, word: Word{"message.reply.error", "error reply"}, label: "error", mark: MarkErrorReply, because: true, implies: "cause.error"} // a negative answer
	Publish    = &Declared{message: true, word: Word{"message.publish", "publish"}, mark: MarkEvent}                                                                     // to a queue or topic
	Delivery   = &Declared{message: true, word: Word{"message.delivery", "delivery"}, mark: MarkEvent}                                                                   // of a broker to a consumer
	Redelivery = &Declared{message: true, word: Word{"message.redelivery", "redelivery"}, mark: MarkRetry, group: Repetition}                                            // a repeated delivery of a message
	Duplicate  = &Declared{message: true, word: Word{"message.duplicate", "duplicate"}, mark: MarkDuplicate, group: Repetition}                                          // made by a link
	DeadLetter = &Declared{message: true, word: Word{"message.deadletter", "dead letter"}, mark: MarkDeadLetter, group: Rejection}                                       // into or out of a dead-letter queue
	Ack        = &Declared{message: true, word: Word{"message.ack", "acknowledgement"}, label: "ack", mark: MarkAck}                                                     // of a consumer to a broker
	Confirm    = &Declared{message: true, word: Word{"message.confirm", "confirm"}, mark: MarkAck}                                                                       // of a broker to a publisher
	Nack       = &Declared{message: true, word: Word{"message.nack", "negative acknowledgement"}, label: "nack", mark: MarkNack, because: true}                          // of a consumer, or of a broker that did not accept a message
	Pull       = &Declared{message: true, word: Word{"message.pull", "pull"}, mark: MarkRequest}                                                                         // a consumer asks for messages
	Empty      = &Declared{message: true, word: Word{"message.empty", "empty answer"}, label: "empty", mark: MarkReply}                                                  // to a pull, when there are none
	Cancel     = &Declared{message: true, word: Word{"message.cancel", "cancel"}, mark: MarkCancel}                                                                      // the caller has given up on the request

	OperationArrived   = &Declared{word: Word{"operation.arrived", "operation arrives"}}
	OperationAccepted  = &Declared{word: Word{"operation.accepted", "accepted"}, group: Good}
	OperationConfirmed = &Declared{word: Word{"operation.confirmed", "confirmed"}, group: Good}
	OperationFailed    = &Declared{word: Word{"operation.failed", "failed"}, mark: MarkFailed, group: Failure, because: true}
	TaskArrived        = &Declared{word: Word{"task.arrived", "task arrives"}}
	TaskStarted        = &Declared{word: Word{"task.started", "task starts"}}
	TaskRestarted      = &Declared{word: Word{"task.restarted", "task starts again"}, group: Repetition} // the handler had begun for this message before
	TaskDone           = &Declared{word: Word{"task.done", "task done"}}
	TaskFailed         = &Declared{word: Word{"task.failed", "task failed"}, mark: MarkFailed, group: Failure, because: true}
	TaskRejected       = &Declared{word: Word{"task.rejected", "task rejected"}, mark: MarkRejected, group: Rejection, because: true, implies: "cause.rejected"} // no room
	TaskCancelled      = &Declared{word: Word{"task.cancelled", "task cancelled"}, group: Rejection}
	TaskLost           = &Declared{word: Word{"task.lost", "task lost"}, mark: MarkFailed, group: Loss}
	CopyDeadLettered   = &Declared{word: Word{"copy.deadlettered", "dead-lettered"}, mark: MarkDropped, group: Rejection, because: true}
	CopyExpired        = &Declared{word: Word{"copy.expired", "expired"}, mark: MarkDropped, group: Rejection}
	CopyDropped        = &Declared{word: Word{"copy.dropped", "dropped"}, mark: MarkDropped, group: Rejection, because: true}
	CopyDeduplicated   = &Declared{word: Word{"copy.deduplicated", "not stored again"}, mark: MarkDropped, group: Repetition}
	CopySetAside       = &Declared{word: Word{"copy.setaside", "set aside"}, mark: MarkDropped, group: Rejection} // it stays in its queue and is not delivered again
	CopyRedriven       = &Declared{word: Word{"copy.redriven", "goes back"}, group: Repetition}                   // out of a queue of dead letters
	RetryPlanned       = &Declared{word: Word{"retry.planned", "retrying"}, group: Repetition, because: true}     // an attempt has failed, the next one follows
	AttemptRefused     = &Declared{word: Word{"attempt.refused", "not sent"}, group: Rejection, because: true}    // by a limit, a bulkhead, a breaker
	FaultBegan         = &Declared{word: Word{"fault.began", "fault begins"}, group: Fault, because: true}
	FaultEnded         = &Declared{word: Word{"fault.ended", "fault ends"}, group: Fault, because: true}
	ParameterChanged   = &Declared{word: Word{"parameter.changed", "parameter changed"}, group: Change}
	ConnectionOpened   = &Declared{word: Word{"connection.opened", "connection opened"}, group: Fault}
	ConnectionClosed   = &Declared{word: Word{"connection.closed", "connection closed"}, group: Fault}
	PartitionsDealt    = &Declared{word: Word{"partitions.dealt", "partitions are dealt anew"}, group: Change} // a rebalance begins
)

// Of an instance that comes or goes, by an autoscaler, which lists them, or by hand.
var (
	InstanceUp      = Event(Word{"scale.up", "instance takes part"}, NoMark, Good)
	InstanceLeaving = Event(Word{"scale.stopped", "instance is leaving"}, NoMark, Ordinary)
	InstanceAway    = Event(Word{"scale.away", "instance has left"}, NoMark, Ordinary)
)

// Classes are the classes of the core, in the order of a legend.
var Classes = []Class{
	Request, Retry, Reply, ErrorReply, Publish, Delivery, Redelivery, Duplicate, DeadLetter, Ack, Confirm, Nack,
	Pull, Empty, Cancel, OperationArrived, OperationAccepted, OperationConfirmed, OperationFailed, TaskArrived, TaskStarted,
	TaskRestarted, TaskDone, TaskFailed, TaskRejected, TaskCancelled, TaskLost, CopyDeadLettered, CopyExpired,
	CopyDropped, CopyDeduplicated, CopyRedriven, RetryPlanned, FaultBegan, FaultEnded, ParameterChanged, ConnectionOpened, ConnectionClosed,
	PartitionsDealt, AttemptRefused, CopySetAside,
}

// ID is the stable name of the class.
func (c *Declared) ID() string { return c.word.ID }

// IsMessage reports whether the class is one of messages.
func (c *Declared) IsMessage() bool { return c.message }

// Mark is how the picture shows the class; NoMark if it does not.
func (c *Declared) Mark() Mark { return c.mark }

// Group is the group of a record of the class.
func (c *Declared) Group() Group { return c.group }

// Because reports whether the log names the cause of a record of the class.
func (c *Declared) Because() bool { return c.because }

// Fate is what became of a message. A record that is not a message has the
// first, InFlight.
type Fate uint8

// The fates.
const (
	InFlight  Fate = iota // sent, and nothing more is known
	Arrived               // received
	Lost                  // by its link
	Corrupted             // dropped where a checksum caught it
	Refused               // the receiver is down, or has no room
	numFates
)

var fates = [numFates]struct {
	word  Word
	mark  Mark
	group Group
}{
	Arrived:   {word: Word{"fate.arrived", "arrived"}},
	Lost:      {Word{"fate.lost", "lost"}, MarkLost, Loss},
	Corrupted: {Word{"fate.corrupted", "corrupted"}, MarkLost, Loss},
	Refused:   {Word{"fate.refused", "refused"}, MarkRejected, Rejection},
}

// Bad reports whether the message did not get to its receiver.
func (f Fate) Bad() bool { return f > Arrived }

// Mark is how the picture shows the end of the message; NoMark if it does not.
func (f Fate) Mark() Mark { return fates[f].mark }

// News is the group of a record of a class and fate. A repeated message has its
// own group when it is sent, and afterwards that of its fate.
func News(c Class, f Fate) Group {
	if f == InFlight {
		return c.Group()
	}
	return fates[f].group
}
