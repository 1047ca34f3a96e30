package sequence

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/engine"
	"asynclab/sim/record"
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
	Cut      bool // the story has more than MaxEntries events
}

// Lane is a participant: a client, a service, or a queue or topic of a broker.
type Lane struct {
	ID    string // as in metrics: "shop", "bus/orders"
	Label string
	Kind  topology.Kind
}

// Message is one message, from Lane From at Moment Sent to Lane To at Moment Arrived.
type Message struct {
	From, To int
	Sent     int
	Arrived  int           // the last moment where Fate is Lost or InFlight
	Due      time.Duration // when it arrived or would have arrived; 0: unknown
	Class    record.Class
	Fate     record.Fate
	Why      *design.Reason // of a negative answer or a refusal
	ID       uint64
}

// State is the state shown by a bar.
type State uint8

// The states of bars.
const (
	Waiting State = iota // a task waits for a worker, a copy for a consumer
	Working
	Blocked // a task waits for the answer to its own request
)

// Bar is a stretch of time in the life of a task, of a copy in a queue, or of a
// client that waits for its answer.
type Bar struct {
	Lane     int
	From, To int // moments
	State    State
	Depth    int    // 0 on the lifeline, 1 beside it …
	Task     uint64 // identity; 0: not a task
	Instance int    // of the service
	Open     bool   // not over when the story ends
}

// Note is something that happened at a participant.
type Note struct {
	Lane  int
	At    int // moment
	Class record.Class
	Why   *design.Reason
}

// Entry is one observation of an operation, with the names of nodes and queues:
// BROKER/QUEUE, BROKER/TOPIC, BROKER/TOPIC/SUBSCRIPTION.
type Entry struct {
	engine.Record
	NodeName, ToName, QueueName string // empty where there is none
	HandlerName                 string // of a task, where it is known
}

// Ends returns the participants between which a message goes: a queue or topic
// stands for its broker.
func (e *Entry) Ends() (from, to string) {
	switch {
	case e.QueueName == "":
		return e.NodeName, e.ToName
	case e.Message == engine.DeliverMessage || e.Message == engine.ReplyMessage:
		return e.QueueName, e.ToName
	}
	return e.NodeName, e.QueueName
}

// Named adds the names to a record. queues holds the names of queues and then
// of topics, as a record numbers them.
func Named(r engine.Record, nodes, queues []string) Entry {
	name := func(names []string, i int32) string {
		if i < 0 || int(i) >= len(names) {
			return ""
		}
		return names[i]
	}
	return Entry{Record: r, NodeName: name(nodes, r.Node), ToName: name(nodes, r.To), QueueName: name(queues, r.Queue)}
}

// Start returns the time at which the story begins.
func (d *Diagram) Start() time.Duration {
	if len(d.Moments) == 0 {
		return 0
	}
	return d.Moments[0]
}

// Since returns the time from the start of the story to a moment.
func (d *Diagram) Since(moment int) time.Duration { return d.Moments[moment] - d.Start() }
