package sequence

import (
	"time"

	"asynclab/sim/model"
	"asynclab/sim/topology"
)

// Diagram is the story of one operation. Moments are its points in time, from
// the first to the last; messages, bars and notes refer to them by index. Two
// moments can have the same time: what happens at the second one follows from
// what happens at the first.
type Diagram struct {
	Lanes    []Lane
	Moments  []time.Duration // simulated time; never decreasing
	Messages []Message       // in the order in which they were sent
	Bars     []Bar
	Notes    []Note
	Cut      bool // there was more than MaxEntries
}

// Lane is a participant: a client, a service, or a queue or topic of a broker.
type Lane struct {
	ID    string // as metrics call it: "shop", "bus/orders"
	Label string
	Kind  topology.Kind
}

// Kind tells messages apart, as they are told apart wherever they are drawn.
type Kind uint8

// The kinds of messages.
const (
	Request Kind = iota
	Reply
	FailedReply // a negative answer
	Event       // published or delivered
	Ack         // of a consumer to a queue, of a broker to a publisher
	Nack
	Retry // a request, event or delivery once more
	Duplicate
	DeadLetter
	Cancel // nobody waits for the answer any more
	numKinds
)

// End is how a message ended.
type End uint8

// The ends of messages.
const (
	Received   End = iota
	Lost           // on the way
	Corrupted      // a checksum caught it
	Refused        // nobody at home, or no room
	Travelling     // still under way when the story ends
)

// Message is one message, from Lane From at Moment Sent to Lane To at Moment Arrived.
type Message struct {
	From, To int
	Sent     int
	Arrived  int           // the last moment where End is Lost or Travelling
	Due      time.Duration // when it arrived or would have; 0: not known
	Kind     Kind
	End      End
	Cause    model.Cause // of a negative answer or a refusal
	ID       uint64
}

// State is what goes on in a bar.
type State uint8

// The states of bars.
const (
	Waiting State = iota // in line: a task for a worker, a copy for a consumer
	Working
	Blocked // for somebody else's answer
)

// Bar is a stretch of time in the life of a task, of a copy in a queue, or of a
// client that waits for its answer.
type Bar struct {
	Lane     int
	From, To int // moments
	State    State
	Depth    int    // 0 on the line, 1 beside it …
	Task     uint64 // identity; 0: not a task
	Instance int    // of the service
	Open     bool   // not over when the story ends
}

// NoteKind is what a note says.
type NoteKind uint8

// The kinds of notes. The first three are about the operation, the next about
// tasks, the last two about copies in queues.
const (
	Accepted NoteKind = iota
	Confirmed
	Failed
	Retrying
	TaskFailed
	TaskRejected // no room
	TaskCancelled
	TaskLost
	TaskAgain // work that was begun before begins once more
	DeadLettered
	Dropped // expired, pushed out, turned away
	numNotes
)

// Bad tells whether a note is about something going wrong.
func (k NoteKind) Bad() bool { return k > Confirmed }

// Note is something that happened at a participant.
type Note struct {
	Lane  int
	At    int // moment
	Kind  NoteKind
	Cause model.Cause
}

// Entry is one observation of an operation, with the names of where it was:
// those of nodes, and BROKER/QUEUE, BROKER/TOPIC, BROKER/TOPIC/SUBSCRIPTION.
type Entry struct {
	model.Record
	NodeName, ToName, QueueName string // empty where there is none
}

// Named adds the names to a record. queues are those of queues and then of
// topics, as a record numbers them.
func Named(r model.Record, nodes, queues []string) Entry {
	name := func(names []string, i int32) string {
		if i < 0 || int(i) >= len(names) {
			return ""
		}
		return names[i]
	}
	return Entry{r, name(nodes, r.Node), name(nodes, r.To), name(queues, r.Queue)}
}

// Start is when the story begins.
func (d *Diagram) Start() time.Duration {
	if len(d.Moments) == 0 {
		return 0
	}
	return d.Moments[0]
}

// Since is a moment as the time since the story began.
func (d *Diagram) Since(moment int) time.Duration { return d.Moments[moment] - d.Start() }
