package design

import (
	"time"

	"asynclab/sim/mech/balance"
)

// Discipline is the order in which a service's waiting tasks are served.
type Discipline uint8

// The disciplines. Priority serves the lowest number first, first come first
// served within one; Preemptive also interrupts the work of a higher number,
// which resumes where it was. Sharing (processor sharing) has no line: every task
// has a thread of its own, all that work do so at once, at full speed up to
// Workers of them, above that the workers (processors) are shared equally; Room
// then bounds all tasks, those in service included. EarliestDeadline serves the
// operation that has to be done first (EDF), those without a deadline last.
const (
	FIFO Discipline = iota
	LIFO
	Priority
	Preemptive
	Sharing
	EarliestDeadline
)

// OnFull is the policy of a full waiting room for one more task.
type OnFull uint8

// The waiting room's policies: refuse the newcomer, or drop the one that has
// waited longest to make room.
const (
	RejectNew OnFull = iota
	DropOldest
)

// CrashPolicy says which tasks survive a crash of a service.
type CrashPolicy uint8

// What a crash keeps. Lose: work in service and the waiting room are gone
// (default). Keep: the waiting room survives, work in service is gone. Resume:
// both survive and work goes on where it was. Restart: both survive and work
// begins again.
const (
	CrashLose CrashPolicy = iota
	CrashKeep
	CrashResume
	CrashRestart
)

// Service is a node that handles messages with workers.
type Service struct {
	Name      string
	Instances int  // 0 means 1
	Workers   int  // per instance; 0 means 1; Unlimited
	NoWorkers bool // 0 is meant
	Room      int  // waiting room per instance; Unlimited
	HasRoom   bool // Room is set (otherwise DefaultRoom)
	OnFull    OnFull
	Discipline
	Key      string          // the attribute by which Balance chooses
	Balance  *balance.Policy // nil: round robin
	Crash    CrashPolicy
	Speed    float64 // work done per second of wall time; 0 means 1
	Errors   float64 // probability that a task fails when it starts
	Handlers []Handler
	Consumes []Consume
	Order    ConsumeOrder // of the queues that it consumes
	Stores   []Store
	Uses     Uses
	Price    float64 // of an instance hour, if HasPrice
	HasPrice bool
}

// Handler is what a service does with one kind of message.
type Handler struct {
	Name  string
	Steps []Step
}

// Ack is the mode of acknowledgement of deliveries.
type Ack uint8

// Manual: the consumer acknowledges at the end of its handler (or by an ack
// step) and a failure returns the message. Automatic: the broker forgets the
// message when it hands it over.
const (
	Manual Ack = iota
	Automatic
)

// ConsumeOrder is how the consumers of a service choose between its queues.
type ConsumeOrder uint8

// OrderEach: each queue has consumers of its own. Otherwise a consumer takes from all of
// them, with one credit.
const (
	OrderEach ConsumeOrder = iota
	OrderStrict
	OrderWeighted
)

// Consume connects a service to a queue, or to a topic through a subscription
// that all instances of the service share.
type Consume struct {
	From      Target // broker and queue, or broker and topic
	Handler   string
	Ack       Ack
	Prefetch  int  // deliveries per consumer not yet acknowledged; Unlimited; 0 means 1, with Automatic Unlimited
	Stopped   bool // 0 is meant
	Consumers int  // per instance; 0 means as many as workers
	Weight    int  // with OrderWeighted; 0 means 1
	Pull      Pull
	Batch     Batch
	// Subscription is the name of the topic subscription; empty: the service's name.
	Subscription string
}

// Pull says how a consumer asks for messages, which are not handed to it otherwise.
type Pull struct {
	On   bool
	Wait time.Duration // how long the broker keeps a pull that it cannot answer; 0: it answers at once
	Poll time.Duration // from an empty answer to the next pull; 0: DefaultPoll, without a wait, otherwise none
	Min  int           // messages with which a pull is answered before Wait is over; 0 means 1
}

// Batch says how many messages a handler takes at once.
type Batch struct {
	Max    int           // 0: it takes one, and is no batch
	Linger time.Duration // how long a batch waits for more after its first message
}

// DefaultPoll is the time from an empty answer to the next pull of a consumer whose
// broker answers at once.
const DefaultPoll = time.Second
