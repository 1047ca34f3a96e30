package engine

import (
	"math"
	"unsafe"

	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
)

// state is everything that changes during a run. It holds plain values and
// slices of them, nothing that points into itself, so that a checkpoint is a
// copy (see checkpoint.go) and going back is copying it back.
type state struct {
	now     int64
	events  uint64
	fp      uint64         // fingerprint so far
	draws   uint32         // how often parameters changed that draws made early depend on, from 1
	ids     uint64         // last identity given to a call, task, message or copy
	stores  [numStores]int // records ever stored
	instant int            // things that happened at this nanosecond
	end     End
	endless int32 // the site, plus one, whose retries took no time and did not end, or the link that sends again without end

	draining bool  // the duration is over
	drained  int64 // when the drain ends at the latest
	awaited  int   // in the drain: operations of the window that are open
	closed   closed

	windows measure.Recorder // of operations and messages, by Config.Windows

	list  kernel.List
	rec   measure.Recorder
	ready readyRing

	ops       slab[op]
	calls     slab[call]
	msgs      slab[msg]
	tasks     slab[task]
	copies    slab[copyRec]
	began     []int64      // of the calls of tasks, where edges are timed
	visits    kernel.Table // beyond the first of each operation: see visitKey
	mayForget int          // so many visits that it is worth a look which of them can be forgotten
	byKey     kernel.Table // of keyed queues that have a copy: see keyed.go
	rankTurns []uint64     // of queues whose priorities have a ratio: hand-overs at which one could be chosen
	places    []places     // see queueState.sorted and elders
	env       envelopes
	deaths    []int64        // by copy: when it expires by itself, 0: never; see posts.go
	hires     []hired        // of services that nothing scales, in order
	known     []kernel.Table // what queues and logs remember: see known.go
	store     storeState

	loads       []loadState
	services    []serviceState
	instances   []instance
	brokers     []brokerState
	flow        []flowState // of brokers, if any holds publishers back
	serving     []serving   // of brokers, if messages cost any of them time
	servers     slab[server]
	awayNodes   []awayNode // of brokers whose nodes catch up
	frozenNodes []awayNode // followers that stand still and count as in step
	queues      []queueState
	consumers   []consumer
	kin         []kin // by consumer, if any take from several queues: see turns.go
	gathers     []gathering
	flushes     []flushing
	fetchers    []fetcher // by consumer, if any pulls or takes batches
	nobody      int32     // the operation of messages that belong to none, in such a design
	links       []linkState
	conns       []connection
	upset       int // links cut, connections not open on both sides, ways of connections that hold messages back
	faults      []faultState
	shelved     bool         // copies that are held or delayed are listed: see shelves.go
	impact      impact       // of faults
	active      []int32      // faults that last, in the order in which they began
	readers     []waitList   // per consume of the program: its consumers
	sends       []sendState  // per direction of a link
	sharing     []float64    // per task: the virtual time at which its shared work is done, or its deadline
	rank        []fewest     // of the instances of services whose balancer counts requests
	callers     []int32      // by site to such a service: the number of its first caller
	present     []neighbours // per task, once they are listed
	waits       []lastWait   // per copy, where redelivery has decorrelated jitter
	uncounted   []uncounted  // per copy, where not all deliveries count towards their limit
	frozen      int          // instances that are down and keep their tasks
	fallen      int          // brokers that are down
	leaving     int          // instances that get no deliveries any more
	cleaned     uint64       // records that compactions have looked at
	held        []heldItem
	seam        seamState // of mechanisms

	// Topics with partitions: see logs.go, partitions.go, groups.go, rebalance.go, members.go.
	logs       []logState
	logBytes   int
	turns      []uint64 // of topics without a key
	partitions []partition
	groups     []group
	members    []member // by consumer, if there is any group
	inLogs     []int32  // by operation: records that groups have before them

	completions uint64          // measured
	changed     []design.Change // by hand, in the order of time
	applied     int             // how many of them have taken effect
	lost        [design.MaxCauses]uint64
}

// readyItem is an action at the present instant, after the one being handled
// now: a delay of zero is not an event.
//
// It is two words, because words that are written one by one and read together
// make the processor wait.
type readyItem struct {
	id   uint64 // of a call, to detect that its slot was reused
	what uint64 // arg, 32 bits | attempt, 24 | cause, 4 | kind, 4
}

const (
	readyKindBits = 4
	causeBits     = 4
	attemptBits   = 32 - causeBits - readyKindBits
	maxAttempt    = 1 << attemptBits // the first attempt that does not fit into a ready item
)

// These do not compile when a kind or a cause does not fit into a ready item.
const (
	_ = 1<<readyKindBits - numReadyKinds
	_ = 1<<causeBits - design.MaxCauses
)

// readyWord packs the fields of a ready item.
func readyWord(arg, attempt int32, cause design.Cause, kind readyKind) uint64 {
	return uint64(uint32(arg))<<32 | uint64(attempt&(maxAttempt-1))<<(readyKindBits+causeBits) | uint64(cause)<<readyKindBits | uint64(kind)
}

func (i readyItem) kind() readyKind { return readyKind(i.what & (1<<readyKindBits - 1)) }
func (i readyItem) cause() design.Cause {
	return design.Cause(i.what >> readyKindBits & (1<<causeBits - 1))
}
func (i readyItem) attempt() int32 {
	return int32(i.what >> (readyKindBits + causeBits) & (maxAttempt - 1))
}
func (i readyItem) arg() int32 { return int32(i.what >> 32) }

type readyKind uint8

const (
	readyMsg      readyKind = iota // a message without delay arrives
	readyRequest                   // a request without delay, whose task exists already, arrives
	readyDelivery                  // a delivery, likewise
	readyReply                     // an answer, identified by its call, arrives
	readyInstance                  // a worker may be free for a waiting task
	readyQueue                     // a queue may have a copy for a consumer
	readyThink                     // a user may begin
	readyTimeout                   // a call's timeout, held while its instance was down
	readyBackoff                   // a call's back-off, likewise
	readyDelay                     // a task's delay, likewise
	readyGo                        // an attempt that has waited in a line goes on
	readyShared                    // a call that a cache has answered, or that shares the end of another
	readyStore                     // a task that has waited at a store
	readyRefused                   // an attempt that a mechanism has refused
	readyFetch                     // a consumer may begin a batch, or ask for messages
	numReadyKinds
)

type opState uint8

const (
	opOpen opState = iota
	opConfirmed
	opFailed
)

// op is an operation: one intention of a client.
type op struct {
	id       uint64 // identity in draws: of the load and seq
	seq      uint64
	arrival  int64
	deadline uint64               // event, 0: none
	own      call                 // of its client; without an id, it is not open
	lids     [inlineVisits]uint64 // of its first visits: the messages
	handlers [inlineVisits]uint32 // and handlers, 31 bits | completed, 1
	load     int32
	user     int32 // of a closed load
	refs     int32 // messages, tasks, copies and calls of tasks that carry it
	confirms int32
	more     int32 // head of its list in the visit table
	visits   uint8 // how many of the first are used
	state    opState
	cause    design.Cause // of the last failure
	accepted bool
	measured bool
	degraded bool // a step on its way took its else
}

// call is one synchronous step in progress, with all its attempts.
type call struct {
	id       uint64
	occ, lid uint64 // of the sender
	timer    uint64 // timeout of the attempt, or end of the back-off
	previous float64
	calleeID uint64
	owner    int32 // task; of a client, the complement of its operation
	site     int32
	attempt  int32
	callee   int32 // task that serves the current attempt
	confirms int32 // copies of a topic publish still to be stored
	out      bool  // an attempt is out (otherwise in back-off)
	guarded  bool  // mechanisms stand at its site
	resting  bool  // in back-off: its last attempt has failed
}

type msg struct {
	id       uint64
	callID   uint64
	copyID   uint64
	taskID   uint64
	timer    uint64 // it is sent again
	occ, lid uint64
	place    uint64 // of a delivery or a send, in their order
	op       int32
	link     int32
	conn     int32 // connection; none: it is not one to a broker, or there was none
	site     int32
	call     int32 // none: no answer is awaited
	attempt  int32
	target   int32 // task (cancel), queue (publish of one copy)
	inst     int32 // instance addressed (deliver, or the one that answers)
	copy     int32
	delivery int32
	consume  int32
	consumer int32
	epoch    uint32
	next     int32  // among blocked publishers, or of those stuck on a link
	tries    int32  // times it was lost and sent again
	size     uint32 // bytes
	kind     MessageKind
	cause    design.Cause
	resend   bool // a retry or redelivery: may be a duplicate for the receiver
	dup      bool // made by a link
	corrupt  bool // damaged on the link
	spoilt   bool // was damaged before, undetected
	requeue  bool // nack: put the copy back
	part     bool // publish: one of several copies; nack: by a step of the handler
	gathered bool // publish: others travel with it, from copy on
}

type taskState uint8

const (
	taskRunning  taskState = iota // working
	taskWaiting                   // for a worker
	taskBlocked                   // holds a worker, waits for an answer
	taskAwaiting                  // waits without a worker
)

// task is one execution of a handler, or of a branch of one. What every event
// of a task touches comes first. It is not zeroed when its slot is taken again:
// who creates one sets every field that is read before it is written.
type task struct {
	id        uint64
	occ, lid  uint64
	fromID    uint64 // of its call or, of a delivery, of its copy
	timer     uint64
	arrived   int64
	op        int32
	inst      int32
	pc        int32
	site      int32 // where the answer is sent from; none: no answer is awaited
	remaining int64 // work left, in nanoseconds at speed 1
	demand    int64 // of the present work, to begin again after a crash
	since     int64 // start of the present stretch of work
	service   int32
	handler   int32
	call      int32
	try       int32  // the attempt of its call or, of a delivery, how often its copy was delivered with it
	drawn     uint32 // the demand of its next work has been drawn, if this is the run's number of draws
	taskBits
	taskLinks
	place    uint64 // of its message, in the order of its queue or sender
	iter     uint64 // of the loops and branch copies around a branch
	consume  int32
	consumer int32
	epoch    uint32
	need     int16 // parallel: successes still needed
	live     int16 // parallel: branches still going
	loops    [design.MaxLoops]int32
}

// taskBits are zero when a task is created.
type taskBits struct {
	state     taskState
	priority  uint8
	cause     design.Cause // parallel: of the last branch that failed
	admitted  bool         // it has come to its instance
	holding   bool
	began     bool
	replied   bool
	settled   bool // acknowledged, positively or negatively
	resend    bool
	dup       bool
	corrupt   bool
	preempted bool
	inside    bool // counted among the tasks of its service
	answers   bool // it has ended, and travels as its answer
	late      bool // its caller waits no longer, and its balancer knows
	rare      uint8
}

// What a task seldom is: one byte, with which a task fits into 208.
const (
	rareForking     uint8 = 1 << iota // parallel: its branches are being started
	rareDuplicate                     // its business logic has begun for this message before
	rareAtDoor                        // a guard of its service makes it wait before it asks for a worker
	rareOutstanding                   // its caller waits for it, and a balancer counts that: see fewest.go
)

// These do not compile when a task takes more, and when a number of branches has no place.
const (
	_ = 208 - unsafe.Sizeof(task{})
	_ = math.MaxInt16 - design.MaxBranches
)

// taskLinks are the relations of a task to others, none when it is created.
type taskLinks struct {
	copy    int32
	parent  int32
	out     int32 // its own open call
	child   int32 // first branch
	sibling int32
	next    int32 // in the waiting room
	prev    int32
	working int32 // branches (or itself) at work while the worker is held
	sharing int32 // place in the heap of its instance, plus one
}

var noLinks = taskLinks{copy: none, parent: none, out: none, child: none, sibling: none, next: none, prev: none}

// aheadDraws is how many Poisson arrivals are drawn at once. Their gaps do not
// depend on each other, so that a processor computes several in the time of one.
const aheadDraws = 8

type loadState struct {
	seq      uint64 // operations so far
	arrivals uint64
	expected float64             // integral of the rate at the next arrival
	due      [aheadDraws]float64 // the same, of the arrivals that were drawn
	at       [aheadDraws]int64   // and when they are
	work     [aheadDraws]float64 // of the first step of operations: samples of mean 1, see foresee
	workFrom uint64              // the first of those operations
	workOf   int32               // its place in the code
	drawn    uint32              // the samples hold for this number of draws of the run; 0: there are none
	last     int64
	next     uint64 // event
	nextAt   int64
	open     int64
	undone   uint64 // measured operations that nothing went wrong with, and that ended unconfirmed
	missing  uint64 // the handlers that had not confirmed one of them, each a bit
}

type serviceState struct {
	turn uint64 // round robin, and count of balancing draws
	rank int32  // where its trees begin: see fewest.go
	out  int32  // instances that its balancer leaves out
	in   int32  // of a service that is scaled: instances that take part

	row, callers int32 // of a ranked service: the leaves of a tree, and how many trees there are
}

type waitList struct{ head, tail int32 }

type instance struct {
	service   int32
	capacity  int32 // as recorded: see recount
	busy      int32 // workers held; processor sharing: processors in use
	blocked   int32 // tasks that hold a worker, or a thread, and wait for an answer
	waiting   int32
	tasks     int32
	rank      int32    // its place in the tree of its service; 0: there is none
	present   waitList // its tasks, where they are listed: see presence.go
	watched   uint8
	queued    bool  // in the ready list
	odd       bool  // see judge
	out       uint8 // why its balancer leaves it out
	stage     uint8 // of a service that is scaled: see staff.go
	down      int32 // crashes that have not ended
	lists     [design.MaxPriorities]waitList
	consumers waitList
	silent    int32 // of those, host crashes
	paused    int32
	hung      int32
	slow      float64
	errors    float64
	// processor sharing
	rate    float64 // speed when it was last set
	virtual float64 // work done per task since the instance was idle, ns
	since   int64
	shared  []int32 // tasks at work, a heap; with preemption: by who is interrupted first; by deadline: those that wait
	timer   uint64
}

type brokerState struct {
	down      int32
	silent    int32
	missing   int32 // of its nodes
	behind    int32 // of its nodes, that are up and not in step
	since     int64 // that it is away
	lacks     int64 // while one takes over that is not in step: what came later is lost
	elections uint64
	failover  uint64 // timer: a follower leads
	catchUp   uint64 // timer: a node is in step
	lags      uint64 // timer: a follower that stands still is out of step
	resumed   int64  // when one last went on that was in step all the time
	still     int32  // followers that stand still and count as in step
	inSync    int32  // as recorded
	parked    int32  // messages that wait for those; none
	last      int32  // of them
}

type copyState uint8

const (
	copyWaiting copyState = iota
	copyDelayed
	copyDelivered
	copyTravelling // to its broker
	copyBehind     // in a keyed queue, behind another of its key
	copyAside      // it has reached its number of deliveries: see aside.go
)

// copyRec is a copy of a message in a queue.
type copyRec struct {
	id        uint64
	occ, lid  uint64
	timer     uint64
	place     uint64 // in the order of publication
	prior     uint64 // the place of the one published before it
	published int64
	since     int64 // it waits, or was handed over
	demand    int64 // of the first work of its handler, drawn early: see task
	drawn     uint32
	op        int32
	queue     int32
	site      int32 // of a dead letter: the queue it came from, plus one. While it travels: where it was sent; delivery is then the epoch of the connection, consumer its index. Of a log: the epoch in which it was handed over
	next      int32
	prev      int32
	delivery  int32 // deliveries so far
	consumer  int32 // that has it
	size      uint32
	before    int32 // the copy published before it, if it is still there: see prior
	copyBits
}

// While a copy travels, before is the call that awaits its confirmation, prior the
// call's id and next its attempt.

type copyBits struct {
	state     copyState
	parked    bool // dead-lettered: does not keep its operation open
	ackLost   bool
	corrupt   bool
	dup       bool
	transient bool  // it does not survive a crash
	overtaken bool  // the one published after it has been done first
	done      bool  // of a log: its member has finished it, but not committed
	here      bool  // of a log: it has come to its member
	rank      uint8 // its priority
	said      bool  // of a log: its member has sent the acknowledgement
}

type queueState struct {
	head, tail int32
	front      int32 // the waiting copy that returned to the head last, or the one before it; none: the next goes in front
	returned   int32 // the waiting copy that returned to its original place last, or the one before it; none: the search begins at the head
	sorted     int32 // its places, where the line is in the order of publication and copies return to it in any; none otherwise
	elders     int32 // its places of those whose oldest is asked for, from then on; none otherwise: see oldest
	late       int32 // the first of the delayed copies, where they are listed
	latest     int32 // the copy published last; none: no copy has been
	depth      int32
	delayed    int32 // and those set aside: both count towards its length
	blockHead  int32 // publishers waiting for room
	blockTail  int32
	blocked    int32
	aside      int32       // its places of those that are set aside, plus one; 0: none has been
	idle       ring[int32] // consumers with credit, in turn; it has room for all
	readers    int32       // all of them
	pulls      ring[int32] // consumers whose pulls wait, in turn: see fetch.go
	ttl        uint64
	queued     bool
	peak       int32
	peakAt     int64
	drained    int64 // when it was first empty after the peak; -1: not yet
	oldest     int64 // when the copy at the head was published; -1: the queue is empty
	aged       int64 // the age of the head when it was last written down
	// places in the order of publication
	latestPlace uint64
	done        uint64 // the last of those done
	moving      uint64 // of a redrive: those go whose place is at most this; 0: none
	redrive     uint64 // timer: it begins, or the next one goes
	redriven    bool   // it has begun
}

type consumer struct {
	credit   int32 // deliveries that it may have now; below 0 after its prefetch was lowered
	prefetch int32 // most deliveries unacknowledged; 0: it stopped
	consume  int32
	inst     int32
	queue    int32
	conn     int32
	held     int32 // the first of the copies that it has, where they are listed
	next     int32 // of the same service and queue
	beside   int32 // of the same instance
	idle     bool  // in the queue's ring
	log      bool  // it is a member of a group
	pulls    bool  // it asks for messages, and has no credit
	batches  bool  // its handler takes several messages at once
}

type linkState struct {
	way
	busy int64 // bandwidth: sending until
	cut  int32
}

type faultState struct {
	round  uint64
	flips  uint64 // how often it has come or gone while it lasted
	off    bool   // it lasts, and is not there
	flip   uint64 // event, 0: none
	slot   int32  // of those that have metrics, plus one; 0: it has none
	active bool
	timer  uint64
	begun  int64

	held  bool  // its condition held when it was last looked at
	goes  bool  // its clock of busy time goes
	left  int64 // on that clock, until it begins; 0: it is not wound up
	since int64 // when that clock began to go
}
