package record

// Class is the kind of a record: a kind of message, or an event that is not a
// message. Its id is stable across versions; the number is not.
type Class uint8

// The classes. Those of messages come first.
const (
	Request    Class = iota // the first attempt of a call, a send or a load
	Retry                   // a further attempt of a request or publish
	Reply                   // a positive answer
	ErrorReply              // a negative answer
	Publish                 // to a queue or topic
	Delivery                // of a broker to a consumer
	Redelivery              // a repeated delivery of a message
	Duplicate               // made by a link
	DeadLetter              // into or out of a dead-letter queue
	Ack                     // of a consumer to a broker
	Confirm                 // of a broker to a publisher
	Nack                    // of a consumer, or of a broker that did not accept a message
	Cancel                  // the caller has given up on the request
	OperationArrived
	OperationAccepted
	OperationConfirmed
	OperationFailed
	TaskArrived
	TaskStarted
	TaskRestarted // the handler had begun for this message before
	TaskDone
	TaskFailed
	TaskRejected // no room
	TaskCancelled
	TaskLost
	CopyDeadLettered
	CopyExpired
	CopyDropped
	RetryPlanned // an attempt has failed, the next one follows
	FaultBegan
	FaultEnded
	ParameterChanged
	ConnectionOpened
	ConnectionClosed
	NumClasses
)

// numMessages is the number of classes that are messages.
const numMessages = OperationArrived

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

// declaration declares a class. because says that the log names the cause,
// unless it is the cause that the words imply.
type declaration struct {
	word    Word
	label   string // in a diagram, where the word is too long
	mark    Mark
	group   Group
	because bool
	implies string
}

var classes = [NumClasses]declaration{
	Request:    {word: Word{"message.request", "request"}, mark: MarkRequest},
	Retry:      {word: Word{"message.retry", "retry"}, mark: MarkRetry, group: Repetition},
	Reply:      {word: Word{"message.reply", "reply"}, mark: MarkReply},
	ErrorReply: {word: Word{"message.reply.error", "error reply"}, label: "error", mark: MarkErrorReply, because: true, implies: "cause.error"},
	Publish:    {word: Word{"message.publish", "publish"}, mark: MarkEvent},
	Delivery:   {word: Word{"message.delivery", "delivery"}, mark: MarkEvent},
	Redelivery: {word: Word{"message.redelivery", "redelivery"}, mark: MarkRetry, group: Repetition},
	Duplicate:  {word: Word{"message.duplicate", "duplicate"}, mark: MarkDuplicate, group: Repetition},
	DeadLetter: {word: Word{"message.deadletter", "dead letter"}, mark: MarkDeadLetter, group: Rejection},
	Ack:        {word: Word{"message.ack", "acknowledgement"}, label: "ack", mark: MarkAck},
	Confirm:    {word: Word{"message.confirm", "confirm"}, mark: MarkAck},
	Nack:       {word: Word{"message.nack", "negative acknowledgement"}, label: "nack", mark: MarkNack, because: true},
	Cancel:     {word: Word{"message.cancel", "cancel"}, mark: MarkCancel},

	OperationArrived:   {word: Word{"operation.arrived", "operation arrives"}},
	OperationAccepted:  {word: Word{"operation.accepted", "accepted"}, group: Good},
	OperationConfirmed: {word: Word{"operation.confirmed", "confirmed"}, group: Good},
	OperationFailed:    {word: Word{"operation.failed", "failed"}, mark: MarkFailed, group: Failure, because: true},

	TaskArrived:   {word: Word{"task.arrived", "task arrives"}},
	TaskStarted:   {word: Word{"task.started", "task starts"}},
	TaskRestarted: {word: Word{"task.restarted", "task starts again"}, group: Repetition},
	TaskDone:      {word: Word{"task.done", "task done"}},
	TaskFailed:    {word: Word{"task.failed", "task failed"}, mark: MarkFailed, group: Failure, because: true},
	TaskRejected:  {word: Word{"task.rejected", "task rejected"}, mark: MarkRejected, group: Rejection, because: true, implies: "cause.rejected"},
	TaskCancelled: {word: Word{"task.cancelled", "task cancelled"}, group: Rejection},
	TaskLost:      {word: Word{"task.lost", "task lost"}, mark: MarkFailed, group: Loss},

	CopyDeadLettered: {word: Word{"copy.deadlettered", "dead-lettered"}, mark: MarkDropped, group: Rejection, because: true},
	CopyExpired:      {word: Word{"copy.expired", "expired"}, mark: MarkDropped, group: Rejection},
	CopyDropped:      {word: Word{"copy.dropped", "dropped"}, mark: MarkDropped, group: Rejection, because: true},

	RetryPlanned:     {word: Word{"retry.planned", "retrying"}, group: Repetition, because: true},
	FaultBegan:       {word: Word{"fault.began", "fault begins"}, group: Fault, because: true},
	FaultEnded:       {word: Word{"fault.ended", "fault ends"}, group: Fault, because: true},
	ParameterChanged: {word: Word{"parameter.changed", "parameter changed"}, group: Change},
	ConnectionOpened: {word: Word{"connection.opened", "connection opened"}, group: Fault},
	ConnectionClosed: {word: Word{"connection.closed", "connection closed"}, group: Fault},
}

// ID is the stable name of the class.
func (c Class) ID() string { return classes[c].word.ID }

// IsMessage reports whether the class is one of messages.
func (c Class) IsMessage() bool { return c < numMessages }

// Mark is how the picture shows the class; NoMark if it does not.
func (c Class) Mark() Mark { return classes[c].mark }

// Group is the group of a record of the class.
func (c Class) Group() Group { return classes[c].group }

// Because reports whether the log names the cause of a record of the class.
func (c Class) Because() bool { return classes[c].because }

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
