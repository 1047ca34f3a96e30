package model

import (
	"time"

	"asynclab/sim/draw"
)

// None says "never" where a time limit is expected, and Unlimited says "no
// bound" where a count is expected. The zero value of such a field means "the
// documented default", so that a Design written by hand stays short.
const None time.Duration = -1

// Unlimited is the count without a bound.
const Unlimited = -1

// Defaults and limits of a design. Limits keep untrusted files bounded.
const (
	DefaultTimeout  = 30 * time.Second // of a call
	DefaultDeadline = 60 * time.Second // of an operation
	DefaultRoom     = 10_000           // waiting rooms and queues

	MaxWorkers    = 1_000_000 // per instance
	MaxInstances  = 1_000
	MaxUsers      = 1_000_000
	MaxNodes      = 2_000 // services, brokers, queues and loads together
	MaxSteps      = 20_000
	MaxBranches   = 4_096
	MaxStepDepth  = 16
	MaxRepeat     = 1_000_000
	MaxRate       = 1e9 // arrivals per second
	MaxTime       = 20 * 365 * 24 * time.Hour
	MaxConsumers  = 2_000_000 // over all queues
	MaxPriorities = 8
	MaxFaults     = 10_000
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
	Arrivals Arrivals  // open load; Kind NoArrivals when closed
	Users    int       `param:"users,unit=users,min=1,max=1e6"`
	Think    draw.Dist `param:"think,live"` // seconds
	Stagger  bool      // closed users start with a think time (true) or all at once at Start

	Start time.Duration `param:"start"`                                               // nothing arrives before
	Stop  time.Duration `param:"stop,none,zero=none"`                                 // nothing arrives at or after; 0 means never stops
	Count int           `param:"count,unit=operations,min=1,max=1e12,zero=unlimited"` // most operations; 0 means no bound

	Deadline time.Duration `param:"deadline,live,none,zero=60s"` // end of the operation; 0 default, None never
	Cancel   bool          // the deadline, a timeout or patience also cuts work that has begun
	Timeout  time.Duration `param:"timeout,live,none,zero=30s"` // of one request; 0 default, None never
	Retry    Retry         `param:"retry"`
	Patience draw.Dist     `param:"patience,live,none,has=HasLimit"` // seconds a client stays in line before its request is started; zero constant: for ever
	HasLimit bool          // Patience is set

	IgnoreLate bool      // an answer to an attempt already given up is ignored (default: it counts)
	Confirm    []Target  // handlers whose completion confirms the operation; empty: the reply
	Confirms   int       `param:"confirms,unit=completions,min=1,max=1e6,zero=auto"` // how many completions are needed; 0 means len(Confirm), at least 1
	Priority   int       `param:"priority,min=0,max=7"`                              // 0 is served first
	Size       draw.Dist `param:"size,live,unit=B"`                                  // bytes of a request
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
	Rate     float64   `param:"rate,live,unit=1/s,min=0,max=1e9"`   // per second, when Profile is empty
	Scale    float64   `param:"scale,live,min=1e-6,max=1e6,zero=1"` // multiplies the profile; 0 means 1
	Profile  []Segment // piecewise rate; empty: constant Rate
	Repeat   bool      // the profile starts over at its end (otherwise its last rate goes on)
	Interval draw.Dist `param:"interval,live"`                                  // Renewal: seconds between arrivals
	Batch    draw.Dist `param:"batch,live,unit=operations,has=HasBatch,zero=1"` // operations per arrival; zero constant means one
	HasBatch bool
	Times    []int64 // Trace: nanoseconds, ascending
}

// Segment is a stretch of an arrival profile: the rate goes linearly From → To
// (per second) during For.
type Segment struct {
	For  time.Duration `param:"for"`
	From float64       `param:"from,unit=1/s,min=0,max=1e9"`
	To   float64       `param:"to,unit=1/s,min=0,max=1e9"`
}

// Discipline is the order in which a service's waiting tasks are served.
type Discipline uint8

// The disciplines. Priority serves the lowest number first, first come first
// served within one; Preemptive also interrupts the work of a higher number,
// which resumes where it was. Sharing (processor sharing) has no waiting room:
// all tasks work at once, at full speed up to Workers of them, above that the
// workers are shared equally.
const (
	FIFO Discipline = iota
	LIFO
	Priority
	Preemptive
	Sharing
)

// OnFull is what a full waiting room does with one more task.
type OnFull uint8

// The waiting room's policies: refuse the newcomer, or drop the one that has
// waited longest to make room.
const (
	RejectNew OnFull = iota
	DropOldest
)

// CrashPolicy is what survives a crash of a service.
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

// Balance is how calls are spread over the instances of a service.
type Balance uint8

// The balancing policies. LeastBusy joins the instance with the fewest tasks
// (ties at random); TwoChoices the better of two random ones.
const (
	RoundRobin Balance = iota
	Random
	LeastBusy
	TwoChoices
)

// Service is a node that handles messages with workers.
type Service struct {
	Name      string
	Instances int  `param:"instances,unit=instances,min=1,max=1e3,zero=1"`                        // 0 means 1
	Workers   int  `param:"workers,live,unit=workers,min=1,max=1e6,zero=1,unlimited"`             // per instance; 0 means 1; Unlimited
	Room      int  `param:"queue,live,unit=tasks,min=0,max=1e9,has=HasRoom,zero=10000,unlimited"` // waiting room per instance; Unlimited
	HasRoom   bool // Room is set (otherwise DefaultRoom)
	OnFull    OnFull
	Discipline
	Balance
	Crash    CrashPolicy
	Speed    float64 `param:"speed,live,min=1e-6,max=1e6,zero=1"` // work done per second of wall time; 0 means 1
	Errors   float64 `param:"errors,live,unit=ratio,min=0,max=1"` // probability that a task fails when it starts
	Handlers []Handler
	Consumes []Consume
}

// Handler is what a service does with one kind of message.
type Handler struct {
	Name  string
	Steps []Step
}

// Ack is who says that a delivery is done, and when.
type Ack uint8

// Manual: the consumer acknowledges at the end of its handler (or by an ack
// step) and a failure returns the message. Automatic: the broker forgets the
// message when it hands it over.
const (
	Manual Ack = iota
	Automatic
)

// Consume connects a service to a queue, or to a topic through a subscription
// that all instances of the service share.
type Consume struct {
	From      Target // broker and queue, or broker and topic
	Handler   string
	Ack       Ack
	Prefetch  int `param:"prefetch,unit=messages,min=1,max=1e6,zero=1,unlimited"` // deliveries per consumer not yet acknowledged; 0 means 1; Unlimited
	Consumers int `param:"consumers,unit=consumers,min=1,max=1e6,zero=auto"`      // per instance; 0 means as many as workers
	// Subscription is the name of the topic subscription; empty: the service's name.
	Subscription string
}

// StepOp is what a step does.
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
	Stop                   // the handler ends well here
)

// Step is one step of a handler.
type Step struct {
	Op       StepOp
	Dist     draw.Dist     `param:"time,live,self"` // Work, Delay: seconds
	To       Target        // Call, Await, Send, Publish
	Timeout  time.Duration `param:"timeout,live,none,zero=30s"` // Call, Await, confirmed Publish: 0 default, None never
	Retry    Retry         `param:"retry"`
	Cancel   bool          // a timeout also cancels the work it gave up on
	Confirm  bool          // Publish: wait for the broker's confirmation, holding the worker
	Size     draw.Dist     `param:"size,live,unit=B"` // bytes of the message
	Branches [][]Step      // Parallel, Choose, Repeat
	Weights  []float64     `param:"weight,live,unit=ratio,min=0,max=1"`                              // Choose: probabilities, one per branch; the rest does nothing
	Need     int           `param:"need,live,unit=branches,min=1,max=4096,zero=auto"`                // Parallel: how many branches must succeed; 0 all
	Times    int           `param:"times,unit=copies,min=1,max=4096,zero=1"`                         // Parallel: copies of the one branch; 0 means one of each
	Count    int           `param:"count,live,self,unit=times,min=0,max=1e6"`                        // Repeat
	Prob     float64       `param:"probability,live,self,unit=ratio,min=0,max=1,has=HasProb,zero=1"` // Fail; 0 in a literal Step means 1 unless HasProb
	HasProb  bool
	Requeue  bool   // Nack: the message goes back to its queue (otherwise it is dead-lettered or dropped)
	Else     []Step // Call, Await, confirmed Publish, Parallel: done instead of failing
	HasElse  bool
}

// Backoff is how the wait before a retry grows.
type Backoff uint8

// Back-off schedules, for the wait before the k-th retry (k = 1, 2, …) with
// base b, factor f and cap: Constant b · Linear k·b · Exponential b·f^(k-1) ·
// Decorrelated uniform(b, 3·previous), previous starting at b.
const (
	BackoffConstant Backoff = iota
	BackoffLinear
	BackoffExponential
	BackoffDecorrelated
)

// Jitter spreads a back-off w: full is uniform(0, w), equal is w/2 + uniform(0, w/2).
type Jitter uint8

// The jitters (Brooker, "Exponential backoff and jitter", AWS 2015).
const (
	NoJitter Jitter = iota
	FullJitter
	EqualJitter
)

// Retry is a retry policy.
type Retry struct {
	Attempts int `param:"attempts,live,unit=attempts,min=1,max=1e6,zero=1,unlimited"` // in all; 0 means 1; Unlimited
	Backoff  Backoff
	Base     draw.Dist     `param:"backoff,live"`                     // seconds
	Factor   float64       `param:"factor,live,min=1,max=1e6,zero=2"` // Exponential; 0 means 2
	Cap      time.Duration `param:"cap,live,none,zero=none"`          // 0 means none
	Jitter   Jitter
	On       CauseSet // which failures are retried; 0 means timeout, rejected, refused, error, lost
}

// LinkParams is how messages fare from one node to another.
type LinkParams struct {
	Latency    draw.Dist     `param:"latency,live"` // seconds one way
	Jitter     draw.Dist     `param:"jitter,live"`  // seconds, added to the latency
	InOrder    bool          // one connection: a message never overtakes another
	Loss       float64       `param:"loss,live,unit=ratio,min=0,max=1"`
	Retransmit time.Duration `param:"retransmit,live,none,zero=none"` // a lost message is sent again after this; 0: it is gone (silence)
	Duplicate  float64       `param:"duplicate,live,unit=ratio,min=0,max=1"`
	Reorder    float64       `param:"reorder,live,unit=ratio,min=0,max=1"` // probability to be held back by ReorderBy
	ReorderBy  draw.Dist     `param:"reorder_by,live"`                     // seconds; zero constant: one more latency draw
	Corrupt    float64       `param:"corrupt,live,unit=ratio,min=0,max=1"`
	Unseen     bool          // corruption is not caught: the receiver's handler fails instead of the message being dropped
	Bandwidth  float64       `param:"bandwidth,live,unit=B/s,min=1e-3,max=1e15,zero=unlimited"` // bytes per second; 0: not limited
	Down       float64       `param:"down,live,min=0,max=1"`                                    // 1: cut, everything sent is lost
}

// Link sets the parameters of the connection between two nodes (names of
// services, brokers or loads). A link A -> B also describes the way back,
// unless B -> A is declared too.
type Link struct {
	From, To string
	LinkParams
}

// Overflow is what a full queue does with one more message.
type Overflow uint8

// The overflow policies of a queue.
const (
	OverflowReject Overflow = iota // the new message is refused
	OverflowDropHead
	OverflowDeadLetter // the new message goes to the dead-letter queue
	OverflowBlock      // the publisher waits until there is room
)

// Queue is a queue of a broker, or a subscription of a topic.
type Queue struct {
	Name      string
	MaxLength int `param:"max_length,live,unit=messages,min=1,max=1e9,zero=10000,unlimited"` // waiting messages; 0 means DefaultRoom; Unlimited
	Overflow  Overflow
	TTL       time.Duration `param:"ttl,live,none,zero=none"`        // 0 or None: messages do not expire
	Visible   time.Duration `param:"visibility,live,none,zero=none"` // visibility timeout of a delivery; 0 or None: no timeout
	// AwaitVisible: after a lost connection the message returns only at its
	// visibility timeout (default: as soon as the connection is lost).
	AwaitVisible    bool
	MaxDeliveries   int    `param:"max_deliveries,live,unit=deliveries,min=1,max=1e6,zero=unlimited"` // 0: no limit
	RedeliveryDelay Retry  `param:"redelivery,except=attempts"`                                       // Backoff, Base, Factor, Cap and Jitter of the wait before a redelivery
	DeadLetter      string // name of a queue of the same broker
	Durable         bool   // survives a crash of the broker
	RequeueHead     bool   // a returned message goes to the head (default: to the tail)
}

// Topic copies every message to each of its subscriptions. Subscriptions are
// made by Consume; those listed here exist (and fill) even if nobody consumes.
type Topic struct {
	Name          string
	Subscriptions []Queue
	Template      Queue // settings of subscriptions that are made by Consume
}

// Broker holds queues and topics.
type Broker struct {
	Name   string
	Queues []Queue
	Topics []Topic
}

// FaultKind is what goes wrong.
type FaultKind uint8

// The faults. A crash of a process is noticed by its callers (reset, refused);
// a host crash is silence. Slow divides the speed of a service by Factor. Pause
// freezes its work. Errors makes its tasks fail with probability Factor. Cut
// loses everything sent on Links while it lasts. Set changes parameters and
// puts them back.
const (
	FaultCrash FaultKind = iota
	FaultHostCrash
	FaultSlow
	FaultPause
	FaultErrors
	FaultCut
	FaultSet
)

// Fault is one thing that goes wrong, once or again and again.
type Fault struct {
	Name string
	Kind FaultKind
	// At is when it first happens. With Every set, it happens again: the time
	// from the end of one occurrence to the next is drawn from Every (an
	// alternating renewal process); if At is zero, the first time too. With
	// Period set, it happens at At, At+Period, At+2·Period, …
	At       time.Duration `param:"at"`
	For      draw.Dist     `param:"for,none,has=HasFor"` // seconds it lasts; HasFor false: to the end of the run
	HasFor   bool
	Every    draw.Dist `param:"every,none,has=HasEvery"` // seconds
	HasEvery bool
	Period   time.Duration `param:"period,none,zero=none"`

	Node     string  // service or broker
	Instance int     // 1, 2, …; 0 means all instances
	Factor   float64 `param:"factor,min=1e-6,max=1e6"` // Slow: how many times slower; Errors: probability
	Cut      []Cut
	Set      []Setting
}

// Cut names a direction of a connection; "*" stands for every node.
type Cut struct{ From, To string }

// Setting gives a parameter a value, written as in a scenario file.
type Setting struct{ Path, Value string }
