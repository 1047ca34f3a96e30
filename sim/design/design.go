package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/deal"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/spec"
)

// None says "never" where a time limit is expected, and Unlimited says "no
// bound" where a count is expected. The zero value of such a field means "the
// documented default", so that a Design written by hand stays short.
const None = spec.None

// Unlimited is the count without a bound.
const Unlimited = spec.Unlimited

// Defaults and limits of a design. Limits keep untrusted files bounded.
const (
	DefaultTimeout  = 30 * time.Second // of a call
	DefaultDeadline = 60 * time.Second // of an operation
	DefaultRoom     = 10_000           // waiting rooms and queues
	DefaultSize     = 1000             // bytes of a message

	DefaultHeartbeat  = 10 * time.Second       // of the connections of a broker
	DefaultRetransmit = 200 * time.Millisecond // on a connection to a broker, the first time
	DefaultSession    = 10 * time.Second       // of the members of a consumer group

	MaxWorkers    = 1_000_000 // per instance
	MaxInstances  = 1_000
	MaxUsers      = 1_000_000
	MaxNodes      = 20_000 // services, brokers, queues and loads together
	MaxSteps      = 100_000
	MaxBranches   = 4_096
	MaxStepDepth  = 16
	MaxRepeat     = 1_000_000
	MaxLoops      = 4            // repeats inside each other: a task counts each of them
	MaxRate       = spec.MaxRate // arrivals per second
	MaxTime       = spec.MaxTime
	MaxConsumers  = 2_000_000 // over all queues
	MaxPartitions = 10_000    // of a topic
	MaxPriorities = 8
	MaxFaults     = 10_000
	MaxConfirmers = 31        // handlers of which each has to confirm an operation
	MaxFanOut     = 1_000_000 // messages one operation can become by static counting
)

// Design is one way to build the system, with the load on it and the faults
// that will happen to it: everything a run needs but its seed and its length.
// It is plain data; Compile checks it and turns it into flat tables.
type Design struct {
	Name     string
	Loads    []Load
	Services []Service
	Brokers  []Broker
	Links    []Link     // by name of their ends; legs not listed use Default
	Default  LinkParams // every other leg, those to clients and brokers too
	Faults   []Fault
	Prices   Prices
}

// Target names where a message goes: a handler of a service ("stock/reserve"),
// or a queue or topic of a broker ("bus/orders").
type Target struct{ Node, Entry string }

func (t Target) String() string { return t.Node + "/" + t.Entry }

// Load is a source of operations.
//
// Open: Arrivals decide when an operation comes, whatever happens to the ones
// before. Closed: Users are each either thinking or waiting for the end of
// their own operation.
type Load struct {
	Name     string
	To       Target
	Arrivals Arrivals // open load; Kind NoArrivals when closed
	Users    int
	Think    draw.Dist // seconds
	Stagger  bool      // closed users start with a think time (true) or all at once at Start

	Start time.Duration // nothing arrives before
	Stop  time.Duration // nothing arrives at or after; 0 means never stops
	Count int           // most operations; 0 means no bound

	Gather   Gather        // of a load that publishes
	Deadline time.Duration // end of the operation; 0 default, None never
	Cancel   bool          // the deadline, a timeout or patience also cuts work that has begun
	Timeout  time.Duration // of one request; 0 default, None never
	Retry    Retry
	Patience draw.Dist // seconds a client waits for its request to be started; zero constant: for ever
	HasLimit bool      // Patience is set

	IgnoreLate bool      // an answer to an attempt already given up is ignored (default: it counts)
	Confirm    []Target  // handlers whose completion confirms the operation; empty: the reply
	Confirms   int       // how many completions are needed; 0 means len(Confirm), at least 1
	Priority   int       // 0 is served first
	PriorityBy string    // the attribute that multiplies it
	Size       draw.Dist // bytes of a request; a literal 0 means DefaultSize unless HasSize
	HasSize    bool
	SizeBy     string
	Post       Post // to a broker: what its messages have of their own
	Attributes []Attribute
	Uses       Uses
}

// Post is what the messages of a load or of a publish step have of their own for their
// broker.
type Post struct {
	TTL, Delay     draw.Dist // seconds; HasTTL, HasDelay
	TTLBy, DelayBy string    // the attributes that multiply them
	HasTTL         bool
	HasDelay       bool
	Idempotent     bool // the broker stores once what is sent again
	Transient      bool // they do not survive a crash, also in a durable queue
	Priority       int  // of a publish step; HasPriority, otherwise that of the operation
	HasPriority    bool
	PriorityBy     string // the attribute that multiplies it
}

// Line is a line in the order of priorities; Levels 0: in the order of publication.
type Line struct {
	Levels  int  // priorities that differ
	Highest bool // the greatest number is first
	Ratio   int  // so many of a level to one of those behind it; 0: strict
}

// ArrivalKind is the family of an arrival process.
type ArrivalKind uint8

// The arrival processes.
const (
	NoArrivals ArrivalKind = iota
	Poisson                // independent arrivals at the rate of the profile
	Regular                // evenly spaced at the rate of the profile; the n-th where the integral of the rate is n = 0, 1, …
	Renewal                // independent intervals of a given distribution
	Trace                  // the listed times
)

// Arrivals is an arrival process. The rate over time is a piecewise linear
// Profile; arrivals are found by inverting its integral (time rescaling), so
// that a changed rate keeps the draws paired. Rate scales the whole profile.
type Arrivals struct {
	Kind     ArrivalKind
	Rate     float64   // per second, when Profile is empty
	Scale    float64   // multiplies the profile; 0 means 1
	Profile  []Segment // piecewise rate; empty: constant Rate
	Repeat   bool      // the profile starts over at its end (otherwise its last rate goes on)
	Interval draw.Dist // Renewal: seconds between arrivals
	Batch    draw.Dist // operations per arrival; zero constant means one
	HasBatch bool
	Times    []int64 // Trace: nanoseconds, ascending
}

// Segment is a stretch of an arrival profile: the rate goes linearly From → To
// (per second) during For.
type Segment struct {
	For  time.Duration
	From float64
	To   float64
}

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

// Gather says how a publisher gathers messages that it sends together.
type Gather struct {
	Linger time.Duration // from the first message until they are sent; 0: each is sent by itself
	Max    int           // messages with which they are sent at once; 0: no bound
	Size   float64       // bytes likewise; 0: no bound
}

// DefaultPoll is the time from an empty answer to the next pull of a consumer whose
// broker answers at once.
const DefaultPoll = time.Second

// StepOp is the kind of a step.
type StepOp uint8

// The steps a handler is made of.
const (
	Work     StepOp = iota // hold the worker for Dist
	Call                   // send and wait for the answer, holding the worker
	Await                  // send and wait for the answer, without the worker
	Send                   // send to a service or queue, do not wait
	Publish                // send to a queue or topic, do not wait (unless Confirm)
	Parallel               // Branches at once; wait for Need of them (0: all)
	Choose                 // one of Branches, by Weights
	Repeat                 // Branches[0], Count times
	Delay                  // wait for Dist without the worker
	Reply                  // answer now; the handler goes on
	Fail                   // with probability Prob: negative answer or negative acknowledgement, the handler ends
	AckNow                 // acknowledge the delivery now
	Nack                   // negative acknowledgement, the handler ends
	Stop                   // the handler ends here, with success
	Read                   // access a store
	Set                    // write a row of a store
	Count                  // add to a counter of a row
	Forget                 // remove a row
	LockRow                // wait for the lock of a row
	Unlock                 // give it back
	NumSteps               // how many kinds there are
)

// Step is one step of a handler.
type Step struct {
	Op       StepOp
	Name     string        // unique in its handler; empty: it is known by its kind and target
	When     Condition     // it is done only if this holds
	Dist     draw.Dist     // Work, Delay: seconds
	By       string        // the attribute that multiplies Dist, Size or Count
	To       Target        // Call, Await, Send, Publish
	Timeout  time.Duration // Call, Await, confirmed Publish: 0 default, None never
	Retry    Retry
	Cancel   bool      // a timeout also cancels the task of the callee; Parallel: so do the branches that are left at its end
	Late     bool      // an answer to an attempt already given up counts (default: it is ignored)
	Confirm  bool      // Publish: wait for the broker's confirmation, holding the worker
	Size     draw.Dist // bytes of the message or, of a Reply, the answer; a literal 0 means DefaultSize unless HasSize
	HasSize  bool
	Branches [][]Step    // Parallel, Choose, Repeat
	Weights  []float64   // Choose: probabilities, one per branch, but for the rest
	Whens    []Condition // Choose, without Weights: one per branch, but for the rest; the first that holds
	Rest     bool        // Choose: the last branch is done where no other is; otherwise nothing is
	Need     int         // Parallel: how many branches must succeed; 0 all
	Times    int         // Parallel: copies of the one branch; 0 means one of each
	Count    int         // Repeat
	While    Condition   // Repeat: no further round is begun where this does not hold
	Store    string      // Read, Set, Count, Forget, LockRow, Unlock
	State    string      // Set: the new state; "": as it is
	Counter  string      // Count
	From     []string    // Set: it fails unless the row is in one of these
	Fresh    bool        // Set: it fails if the row was written since the handler last read it
	Add      float64     // Count; 0 means 1 unless HasAdd
	HasAdd   bool
	Patience time.Duration // LockRow: 0 default, None
	NoWait   bool          // LockRow: 0 is meant
	Keep     bool          // LockRow: the operation holds it, beyond the handler
	Sets     []Assign      // Call, Await, Send, Publish, Reply: what the message carries on top
	Post     Post          // Publish
	Prob     float64       // Fail; 0 in a literal Step means 1 unless HasProb
	HasProb  bool
	Requeue  bool   // Nack: the message goes back to its queue (otherwise it is dead-lettered or dropped)
	Else     []Step // Call, Await, confirmed Publish, Parallel: done instead of failing
	HasElse  bool
	Harmless bool   // an operation for which Else was done is not degraded
	Untraced bool   // Call, Await, Send, Publish: the message does not carry the trace of its operation
	Uses     Uses   // Call, Await, confirmed Publish
	Gather   Gather // Publish
}

// Jitter spreads a back-off w: full is uniform(0, w), equal is w/2 + uniform(0, w/2), fifth
// is uniform(0.8 w, 1.2 w).
type Jitter uint8

// The jitters (Brooker, "Exponential backoff and jitter", AWS 2015; and that of gRPC and Kafka).
const (
	NoJitter Jitter = iota
	FullJitter
	EqualJitter
	FifthJitter
)

// Retry is a retry policy.
type Retry struct {
	Attempts int               // in all; 0 means 1; Unlimited
	Backoff  *backoff.Schedule // nil: constant
	Base     draw.Dist         // seconds
	Factor   float64           // Exponential; 0 means 2
	Cap      time.Duration     // 0 means none
	Jitter   Jitter
	Another  bool     // a retry goes to an instance that the call has not tried before, if there is one
	On       CauseSet // which failures are retried; empty: Retryable, and the causes that are Retried
}

// DefaultReconnect is how the clients of a broker connect again.
var DefaultReconnect = Retry{Backoff: backoff.Exponential, Base: draw.Const(1), Cap: 30 * time.Second, Jitter: EqualJitter}

// LinkParams are the delay, loss and other effects on messages of a link.
type LinkParams struct {
	Latency    draw.Dist // seconds one way
	Jitter     draw.Dist // seconds, added to the latency
	Order      Order
	Loss       float64
	Retransmit time.Duration // a lost message is sent again after this; 0: as the link's ends say; spec.None: never, and neither end notices
	Duplicate  float64
	Reorder    float64   // probability to be held back by ReorderBy
	ReorderBy  draw.Dist // seconds; zero constant: one more latency draw
	Corrupt    float64
	Unseen     bool    // corruption is not detected: the receiver's handler fails instead of the message being dropped
	Bandwidth  float64 // bytes per second; 0: not limited
	Down       float64 // 1: cut, everything sent is lost
	Price      float64 // of a billion bytes, if HasPrice
	HasPrice   bool
}

// Order tells whether the messages of a link keep their order.
type Order uint8

// The orders of a link.
const (
	OrderByEnds Order = iota // OrderFIFO between a broker and its clients, otherwise OrderNone
	OrderNone                // each message travels by itself and may overtake
	OrderFIFO                // none overtakes another
)

// Link sets the parameters of the link between two nodes (names of
// services, brokers or loads). A link A -> B also describes the opposite direction,
// unless B -> A is declared too.
type Link struct {
	From, To string
	LinkParams
	Zone bool // it is one of all links between two zones, and may carry nothing
}

// Requeue is the place in the queue of a returned message. Messages that return
// together keep their order.
type Requeue uint8

// The places of a return.
const (
	RequeueOriginal Requeue = iota // by the order of publication
	RequeueHead                    // in front, behind those that returned before
	RequeueTail
)

// Queue is a queue of a broker, or a subscription of a topic.
type Queue struct {
	Name      string
	MaxLength int              // waiting messages; 0 means DefaultRoom; Unlimited
	Overflow  *overflow.Policy // nil: reject
	TTL       time.Duration    // 0 or None: messages do not expire
	Expire    Expire           // where they do
	Delay     time.Duration    // before a message can be delivered, unless it has its own
	Visible   time.Duration    // visibility timeout of a delivery; 0 or None: no timeout
	// AwaitVisible: after a lost connection the message returns only at its
	// visibility timeout (default: as soon as the connection is lost).
	AwaitVisible    bool
	Timeout         time.Duration // after which a delivery that is not acknowledged closes its consumer's channel; 0 or None: no timeout
	RefuseLate      bool          // an acknowledgement is ignored once its message has returned
	MaxDeliveries   int           // 0: no limit
	MaxUnacked      int           // that all its consumers hold together; 0 or Unlimited: no limit
	Counted         []string      // of Ends, which count towards MaxDeliveries; nil: all
	RedeliveryDelay Retry         // Backoff, Base, Factor, Cap and Jitter of the wait before a redelivery
	DeadLetter      string        // name of a queue of the same broker
	Durable         bool          // survives a crash of the broker
	Persistent      Condition     // of those, the messages that are on disk; zero: all
	Flush           Flush         // how it comes to its disk
	Requeue         Requeue       // of a message that was refused
	RequeueLost     Requeue       // plus 1, of one whose connection was lost or whose time is over; 0: as Requeue
	Uses            Uses
	Line            Line      // its priorities
	Key             string    // the attribute of which one copy at a time is under way
	Known           Known     // duplicates that are not stored
	Filter          Condition // of a subscription: which messages of its topic it gets
	Group           Group     // of a subscription of a topic with partitions: how its consumers share them
	Replay          Replay    // likewise: what it gets again
	Redrive         Redrive   // of a queue of dead letters
}

// Ends are the ways in which a delivery ends without a good acknowledgement.
var Ends = []string{"failure", "nack", "lost", "timeout"}

// The places of Ends: its handler failed, or had no room for it; it refused it by a nack;
// its connection was lost; its visibility timeout, or consumer timeout, was over.
const (
	EndFailure = iota
	EndNack
	EndLost
	EndTimeout
)

// Redrive moves messages out of a queue of dead letters; none where At is 0.
type Redrive struct {
	At    time.Duration // when it begins
	Every time.Duration // and begins again; 0 or None: once
	Rate  float64       // messages per second
	To    string        // a queue of the same broker; "": the one that each came from
}

// Expire is where a message of a queue expires when its time to live is over.
type Expire uint8

// At the head of the line; anywhere in it; also while a consumer holds it.
const (
	ExpireHead Expire = iota
	ExpireAny
	ExpireHeld
)

// Known is what a queue remembers of the messages that came to it, to store none twice.
type Known struct {
	Window time.Duration // since the first; 0 or None: it remembers none
	Key    string        // the attribute by which messages are the same; "": they are when one is sent again
}

// Flush is how the messages of a durable queue, or of a topic with partitions, come to the
// disk of their broker. The zero value: each at once.
type Flush struct {
	Every    time.Duration // at its multiples; 0 or None: not by time
	Count    int           // when so many have come; 0: not by number
	Takes    draw.Dist     // how long one takes
	Received bool          // a message is confirmed when the broker has it, not when its disk has
	System   bool          // until then it is with the operating system, which outlives the process
}

// Flushes reports whether messages are for a time not on the disk.
func (f *Flush) Flushes() bool { return f.Every > 0 || f.Count > 1 || !f.Takes.IsZero() }

// Retention is how long the messages of a topic with partitions are kept, whoever has had
// them. The zero value keeps them until every subscription has had them.
type Retention struct {
	For     time.Duration // 0: not set; None: for ever
	Size    float64       // bytes of a partition; 0: not set; Unlimited
	Compact time.Duration // interval; 0 or None: not compacted
}

// Keeps reports whether messages are kept after every subscription has had them.
func (k *Retention) Keeps() bool { return k.For != 0 || k.Size != 0 || k.Compact > 0 }

// Replay is a move of a subscription to another place in its log; none where At is 0.
type Replay struct {
	At     time.Duration
	Now    bool          // behind the newest message
	Time   time.Duration // to the first published then or later; 0: not set
	Offset int           // 0: not set
}

// Group is how the consumers of one subscription share the partitions of its topic:
// each partition belongs to one of them, who works through it in order.
type Group struct {
	Deal        *deal.Strategy // nil: range
	Cooperative bool           // a rebalance stops only the partitions that move
	Pause       time.Duration  // that a rebalance takes
	Session     time.Duration  // a member that is silent for so long has left; 0: DefaultSession; None: never
	PollLimit   time.Duration  // one whose batch takes longer has left; 0 or None: no limit
	Commit      time.Duration  // interval at which offsets are committed; 0: after each task
	BeginNow    bool           // it begins behind the newest message (otherwise at the oldest that is kept)
}

// Topic copies every message to each of its subscriptions. Subscriptions are
// made by Consume; those listed here exist (and fill) even without a consumer.
//
// With Partitions it is so many logs: a message is stored once, in the partition of its
// Key (of the template) or in turn, and each subscription is a group of consumers that
// reads all of them.
type Topic struct {
	Name          string
	Partitions    int // 0: it is no log
	Keep          Retention
	Subscriptions []Queue
	Template      Queue // settings of subscriptions that are made by Consume
}

// Broker holds queues and topics.
type Broker struct {
	Name      string
	Queues    []Queue
	Topics    []Topic
	Heartbeat time.Duration // of its connections; 0: DefaultHeartbeat; spec.None: none
	Replicas  Replication   // nodes that it consists of
	Flow      FlowControl   // when it holds publishers back
	Capacity  Capacity      // its own time
	Reconnect Retry         // waits between a client's attempts to connect again; zero Base: DefaultReconnect
	Price     float64       // of a million operations, if HasPrice
	HasPrice  bool
}

// FlowControl holds publishers back from what a broker has to what is left of it.
type FlowControl struct {
	Messages int     // high-water mark of the messages in its queues; 0: none
	Size     float64 // and of their bytes
	Resume   float64 // the low-water marks, as a share of these; 0 means 1
	Slow     float64 // messages per second that it takes meanwhile
}

// Capacity is the time that messages cost a broker, and the workers that have it. The
// distributions are in seconds.
type Capacity struct {
	Workers   int // 0: messages cost it no time
	Publish   draw.Dist
	Store     draw.Dist // for each queue that gets a copy
	Replicate draw.Dist // for each follower
	Deliver   draw.Dist
}

// Replication is how a broker of several nodes, a leader and followers, keeps its
// messages. A crash of the broker is that of the leader.
type Replication struct {
	Nodes    int           // 0 and 1: it is one node
	Acks     Acks          // when a message is there, and confirmed
	Minimum  int           // AcksAll: nodes that must be up and in step; 0 means 1
	Lag      draw.Dist     // seconds until a follower has a message and the leader knows it
	Failover draw.Dist     // seconds from the crash of the leader until a follower leads
	CatchUp  time.Duration // until a node that is back is in step
	Unclean  bool          // one that is not may lead, where no other can
	LagLimit time.Duration // of a follower that is in step; 0 or None: none waits for one that stands still
}

// Acks says when a message is there for consumers, and confirmed.
type Acks uint8

// When the leader has it; when all followers in step have it; when a majority of all
// nodes has it; when the leader has it, and nobody is told.
const (
	AcksLeader Acks = iota
	AcksAll
	AcksMajority
	AcksNone
)

// Fault is a fault that occurs once or repeatedly.
type Fault struct {
	Name string
	Kind FaultKind
	// At is when it first occurs. With Every set, it occurs again: the time
	// from the end of one occurrence to the next is drawn from Every (an
	// alternating renewal process); if At is zero, the first time too. With
	// Period set, it happens at At, At+Period, At+2·Period, …
	At       time.Duration
	For      draw.Dist // seconds it lasts; HasFor false: to the end of the run
	HasFor   bool
	Every    draw.Dist // seconds
	HasEvery bool
	Period   time.Duration
	Clock    FaultClock // of Every

	// With When, a condition of a metric (see ParseTrigger), it occurs each time that
	// this begins to hold, from At on, looked at every Look.
	When string
	Look time.Duration // 0: DefaultLook

	// With Down set, it comes and goes while it lasts: its effect is there for a time of
	// Down, and not there for a time of Up.
	Down, Up       draw.Dist // seconds
	HasDown, HasUp bool

	Node     string   // service or broker
	Instance int      // 1, 2, …; 0 means all instances
	Others   []Member // that it strikes too
	Pick     int      // so many of them, drawn for each occurrence; 0: all
	Factor   float64  // the amount of a kind that has one: how many times slower; probability
	Cut      []Cut
	Set      []Setting
}

// Member is a service or a broker, or an instance of a service (from 1; 0: all).
type Member struct {
	Node     string
	Instance int
}

// Cut names a direction of a link; "*" stands for every node.
type Cut struct{ From, To string }

// Setting gives a parameter a value, written as in a scenario file.
type Setting struct{ Path, Value string }
