package engine

import (
	"cmp"
	"time"

	"asynclab/sim/check"
	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech/backoff"
	"asynclab/sim/mech/balance"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/metric"
)

// Program is a design turned into flat tables: what a run reads and never
// writes. Everything that has a name in the design has an index here.
type Program struct {
	design     *design.Design
	loads      []loadT
	services   []serviceT
	handlers   []handlerT
	code       []instr
	branches   []branchT // of parallel and choose
	terms      []term    // of conditions
	sets       []setter  // of sites
	stores     []storeT
	storeCells int32
	noCapacity design.Cause // its number
	setters    int32        // sites, and replies, that set something
	carries    bool         // some replies do
	elsewhere  bool         // some retries go to another instance
	setsBatch  bool         // some set how many messages the sender handles
	posts      []postT      // of sites
	remember   int32        // queues and logs that remember messages
	ranks      bool         // some queue has priorities
	rankTurns  int32        // how many of them have a ratio
	mortal     bool         // some messages have a time to live of their own
	vocabulary [][]uint64   // hashes of the words of attributes
	sites      []site
	edges      []edgeT
	brokers    []brokerT
	queues     []queueT
	topics     []topicT
	consumes   []consumeT
	shares     []shareT // by consume; empty: each has a credit of its own
	groups     []groupT
	partitions []partitionT
	logs       []logT
	named      int // queues that are no partitions; these come first
	links      []linkT
	conns      []connT
	wires      []wire // the hot part of links
	faults     []faultT
	keys       []keyName // streams of random draws, made into keys by seed and replication
	names      *compiler // its index of names: see adapt

	instances int  // over all services
	consumers int  // over all queues
	fetches   bool // some of them pull, or take batches
	gathers   []gatherT
	flushes   []flushT
	metrics   block
	costs     *costsT
	arrivals  block // of these, the first: of loads, then, counters only, of queues
	nodes     int   // loads, services and brokers: the ends of links

	reasons []*design.Reason // causes of failure, by number
	kinds   metric.Kinds     // of metrics
	parts   []partT          // mechanisms
	guards  []int32          // parts, by what they guard
	owned   map[int32][]int32
	cells   int32 // of all parts
	words   int32 // of all cells
	timers  int32 // likewise
	tables  int32 // likewise
	tickets int   // words of a call for its guards
}

type keyName struct{ element, purpose string }

type loadT struct {
	name             string
	element          uint64
	node             int32
	site             int32
	arrivals         profile
	kind             design.ArrivalKind
	interval, batch  draw.Dist
	hasBatch, closed bool
	steady           bool // a Poisson process of single operations without an end
	users            int
	stagger          bool
	think            draw.Dist
	start, stop      int64
	count            uint64
	times            []int64
	deadline         int64 // 0: none
	patience         draw.Dist
	hasPatience      bool
	cancel           bool
	lateBackoff      bool    // a back-off that would end after the deadline is begun
	confirm          []int32 // handlers
	confirms         int32
	each             bool // confirms is a bit for each of them, not a count
	priority         uint8
	priorityBy       int32       // the attribute that multiplies it, plus one
	attrs            []attribute // of its operations, as in the program's list; nil: none
	keyArrival       int32
	keyBatch         int32
	keyThink         int32
	keyPatience      int32
	stamp            uint64 // of arrivals
	m                block
}

type serviceT struct {
	name       string
	node       int32
	element    uint64
	inst0      int32
	instances  int32
	workers    int32  // maxInt32: unlimited
	guards     guards // of its door
	turns      bool   // they are asked when a turn comes, too
	room       int32
	onFull     design.OnFull
	discipline design.Discipline
	balance    *balance.Policy
	key        int32 // the attribute by which it chooses, plus one
	crash      design.CrashPolicy
	speed      float64
	errors     float64
	keyErrors  int32
	keyBalance int32
	m          block
	capacity   measure.LevelID // of all instances, for utilization
	conns      []int32         // connections: each to one broker, to which the index of an instance is added
}

// place is where the tables of a service's handlers and consumers begin.
type place struct{ code, site, branch, consume int32 }

type handlerT struct {
	name    string
	service int32
	start   int32
	element uint64
	stamp   uint64 // of the ends of work
}

type opcode uint8

const (
	opWork opcode = iota
	opCall
	opAwait
	opSend
	opParallel
	opGather // a parallel step whose branches wait without the worker
	opChoose
	opJump
	opLoop     // loops[slot] = 0
	opLoopTest // leave when loops[slot] reached n
	opLoopNext
	opWhen // goes on at a where its condition does not hold
	opDelay
	opAccess // wait for a store
	opRead
	opSet
	opCount
	opForget
	opLock
	opUnlock
	opReply
	opFail
	opAck
	opNack
	opBranchEnd
	opKnown // opEnd, because of a row of the store a
	opEnd
)

type instr struct {
	op          opcode
	needsWorker bool
	requeue     bool
	sized       bool // reply: the answer has a size of its own
	stored      bool // its condition reads a store
	degrades    bool // orElse degrades the operation
	slot        int8 // loop slot; for draws: how many loops are around
	a           int32
	b           int32
	n           int32
	copies      int32
	by          int32 // the attribute that multiplies dist or n, plus one
	when        span  // of terms: the condition
	key         int32
	orElse      int32 // where to go on failure; none: the handler fails
	p           float64
	salt        uint64
	dist        draw.Dist
}

type branchT struct {
	pc   int32
	upTo float64 // cumulative probability
	when span    // of terms, where conditions decide
}

type siteKind uint8

const (
	toService siteKind = iota
	toQueue
	toTopic
)

// site is one place in the design from which messages are sent.
type site struct {
	kind     siteKind
	wait     bool // the sender waits for an answer
	cancel   bool
	leave    bool  // whoever leaves the call cancels it: by cancel, or that of a parallel step around it
	late     bool  // an answer to an attempt given up counts
	peer     bool  // it leads to another instance of its own service
	from     int32 // service; none for a load
	load     int32 // none for a service
	handler  int32 // target handler
	service  int32
	queue    int32 // target queue or topic
	broker   int32
	fwd      int32
	back     int32
	there    uint64 // the stamps of their wires: of what arrives there,
	here     uint64 // and of what comes back
	timeout  int64  // 0: none
	retry    retryT
	m        block  // of its edge
	salt     uint64 // 0 for the first site into its target
	linkSalt uint64
	sized    bool // its messages have a size of their own
	bare     bool // they have not, carry their trace, and no guard of a queue stands before them: they can travel as their task or copy
	unasked  bool // whoever sends them is done when they are sent: their broker acknowledges nothing
	untraced bool // they do not carry the trace of their operation
	size     draw.Dist
	sizeBy   int32 // the attribute that multiplies it, plus one
	keySize  int32
	sets     span  // what its messages carry on top of their attributes
	setter   int32 // its number among the sites that set something, plus one
	post     int32 // what its messages have of their own for a broker, plus one; 0: nothing
	conn     int32 // to a broker: the sender's, to which the index of its instance is added; none: to a service
	guards   guards
	hedge    int32 // of the guards, the place of the one that hedges, plus one
	linger   int64 // its messages are gathered for so long; 0: they are not
	most     int32
	bytes    uint64
	gather   int32 // the first of its gatherings, less the first instance of its service
	loops    int8
	chooses  int32 // of the guards, the place of the one that chooses among several targets, plus one
	alts     span  // its other targets: sites of their own, behind all others
	alt      int32 // of such a site: the one of the step, plus one; 0: it is that
}

type retryT struct {
	attempts int32 // maxInt32: unlimited
	backoff  *backoff.Schedule
	jitter   design.Jitter
	another  bool   // at an instance that was not tried before
	on       uint16 // a bit for each cause
	base     draw.Dist
	factor   float64
	cap      float64 // seconds; 0: none
	key      int32
}

type brokerT struct {
	name      string
	node      int32
	element   uint64
	heartbeat int64 // 0: none
	replicas  replicasT
	silent    bool // it acknowledges nothing
	capacity  capacityT
	flow      flowT
	reconnect retryT
	conns     []span
	queues    []span // of queues, and of each topic's subscriptions
	parts     []span // of the partitions of subscriptions
}

// span is a range of indices.
type span struct{ from, to int32 }

type queueT struct {
	name         string // BROKER/QUEUE or BROKER/TOPIC/SUBSCRIPTION
	broker       int32
	element      uint64
	max          int32
	overflow     *overflow.Policy
	ttl          int64
	expire       design.Expire
	line         lineT
	most         int32 // deliveries that its consumers may hold together; 0: no limit
	mortal       bool  // some of its messages have a time to live of their own
	delay        int64 // before a message can be delivered
	known        knownT
	redrive      redriveT
	visible      int64
	closes       bool // at the end of that time the channel of the consumer is closed
	awaitVisible bool
	refuseLate   bool
	maxDeliver   int32
	setAside     bool  // at that number
	spared       uint8 // bits of design.Ends that do not count towards it
	redelivery   retryT
	deadLetter   int32
	forDead      bool // it is the dead-letter queue of another
	durable      bool
	flush        int32          // how its messages come to the disk, plus one; 0: at once
	requeue      design.Requeue // of what was refused
	requeueLost  design.Requeue // of what a lost connection or a timeout returns
	consumers    int32          // how many consumers may be ready
	key          int32          // the attribute of which it lets one copy at a time go, plus one; 0: none
	plain        bool           // no mechanism, no key and nobody who fetches: a message may come to it as a copy
	filter       span           // of terms: which messages of its topic it gets
	persists     span           // the condition; empty: all messages
	only         int32          // its consume; none: it has none, or several
	readers      int32          // how many it has
	settled      bool           // one of them acknowledges by a message
	guards       guards
	m            block
	gid          int32 // its group, plus one; 0: it is not read from a log
	part         int32 // the partition whose copies these are, plus one; 0: it is no partition
}

type topicT struct {
	name       string
	broker     int32
	subs       []int32
	partitions int32  // 0: it is no log
	log0       int32  // the log of the first
	key        int32  // the attribute by which they are chosen, plus one; 0: in turn
	turn       int32  // its place among the turns
	keeps      bool   // it keeps its messages
	guards     guards // of its log, asked once for all subscriptions
}

type consumeT struct {
	service  int32
	handler  int32
	queue    int32
	auto     bool
	fetches  bool // its consumers pull, or take batches
	plain    bool // acknowledged by hand, from a queue without keys that is no log, one by one
	prefetch int32
	perInst  int32
	fetch    fetchT
	deliver  int32 // link broker -> service
	ack      int32 // link service -> broker
	conn     int32 // of its service, to which the index of an instance is added
	salt     uint64
	linkSalt uint64
}

const maxInt32 = 1<<31 - 1

func bound(n, def int) int32 {
	switch {
	case n < 0:
		return maxInt32
	case n == 0:
		n = def
	}
	return int32(min(n, maxInt32))
}

func limit(d, def time.Duration) int64 {
	switch {
	case d < 0:
		return 0
	case d == 0:
		return int64(def)
	}
	return int64(d)
}

// Compile checks a design and turns it into tables. The error, if any, lists
// every problem that Check found.
func Compile(d *design.Design) (*Program, error) {
	if err := check.Err(check.Design(d)); err != nil {
		return nil, err
	}
	if err := check.Err(Check(d)); err != nil {
		return nil, err
	}
	return compile(d), nil
}

type compiler struct {
	*Program
	d           *design.Design
	node        map[string]int32
	service     map[string]int32
	handler     map[design.Target]int32
	queue       map[design.Target]int32
	topic       map[design.Target]int32
	store       map[design.Target]int32
	link, conn  map[[2]string]int32
	keyOf       map[keyName]int32
	partOf      map[partKey]int32
	guardsOf    map[string]guards
	broker      map[string]int32
	deadLetters []string // of the queues, by name
	sources     []source // of the queues
	attributes  []design.Attribute
	conditions  map[string]span       // by their text
	scope       design.Scope          // of the handler being emitted: its stores
	postAt      map[string]int32      // places of posts
	setBy       map[string]setting    // what sites set, by their handler and place
	alternates  []site                // by their step, in the order of these
	instead     *design.Target        // the one that is being compiled
	at          []place               // of the services, and behind the last
	byEnds      [2][][]int32          // links by the node from which, and to which, they lead
	draft       *design.Draft         // an index of the parameters; it is not changed
	into        map[string]int        // number of sites so far, by target
	back        map[*design.Step]bool // steps that close a cycle
	ordinal     map[string]int        // within one handler: n-th site into a target, n-th work …
	cur         design.Target         // the handler being emitted
	curService  int32
	loops       int8
	leave       bool // a parallel step around says cancel
	places      []int32
}

// compile needs a design that was checked: it has no errors of its own.
func compile(d *design.Design) *Program { return compileFor(d, nil) }

// compileFor makes places for at least so many instances of each service.
func compileFor(d *design.Design, places []int32) *Program {
	c := &compiler{
		Program: &Program{design: d, reasons: d.Reasons(), owned: map[int32][]int32{}}, d: d,
		node: map[string]int32{}, service: map[string]int32{}, broker: map[string]int32{},
		handler: map[design.Target]int32{}, queue: map[design.Target]int32{}, topic: map[design.Target]int32{}, store: map[design.Target]int32{},
		link: map[[2]string]int32{}, conn: map[[2]string]int32{}, keyOf: map[keyName]int32{}, partOf: map[partKey]int32{}, guardsOf: map[string]guards{}, attributes: d.Attributes(), conditions: map[string]span{}, setBy: map[string]setting{}, postAt: map[string]int32{}, into: map[string]int{},
		at: make([]place, len(d.Services)+1), draft: design.NewDraft(d), places: places,
	}
	c.hashWords()
	c.ends()
	c.brokerTables()
	c.serviceTables()
	c.storeTables()
	c.consumeTables()
	c.shareTables()
	c.soleReaders()
	c.findCycles()
	c.emitHandlers()
	c.loadTables()
	c.placeAlternates()
	c.memories()
	c.flushTables()
	c.mortals()
	c.names = c
	c.linkEnds()
	c.faultTables()
	c.edgeTables()
	c.gatherTables()
	c.metricTables()
	c.watchTables()
	c.sameEdges()
	c.costTables()
	return c.Program
}

func (c *compiler) ends() {
	for i, name := range c.d.Ends() {
		c.node[name] = int32(i)
		c.nodes++
	}
}

// key gives the index of a stream of random draws.
func (c *compiler) key(element, purpose string) int32 {
	k := keyName{element, purpose}
	i, ok := c.keyOf[k]
	if !ok {
		i = int32(len(c.keys))
		c.keyOf[k] = i
		c.keys = append(c.keys, k)
	}
	return i
}

func (c *compiler) retry(r *design.Retry, element, purpose string) retryT {
	t := retryT{
		attempts: bound(r.Attempts, 1), backoff: r.Backoff, jitter: r.Jitter, another: r.Another, on: r.On.Bits(c.reasons),
		base: r.Base, factor: r.Factor, cap: r.Cap.Seconds(), key: c.key(element, purpose),
	}
	c.elsewhere = c.elsewhere || r.Another
	if t.on == 0 {
		t.on = design.Retryable.Bits(c.reasons)
		for i, r := range c.reasons {
			if r.Retried {
				t.on |= 1 << i
			}
		}
	}
	if t.factor == 0 {
		t.factor = 2
	}
	return t
}

func (c *compiler) serviceTables() {
	for i := range c.d.Services {
		s := &c.d.Services[i]
		t := serviceT{
			name: s.Name, node: c.node[s.Name], element: draw.HashString("service/" + s.Name),
			inst0: int32(c.instances), instances: bound(s.Slots(), 1), workers: bound(s.WorkersEach(), 0),
			onFull: s.OnFull, discipline: s.Discipline, balance: cmp.Or(s.Balance, balance.RoundRobin), key: c.by(s.Key), crash: s.Crash,
			speed: s.Speed, errors: s.Errors,
			keyErrors:  c.key("service/"+s.Name, "errors"),
			keyBalance: c.key("service/"+s.Name, "balance"),
		}
		if t.speed == 0 {
			t.speed = 1
		}
		if c.places != nil {
			t.instances = max(t.instances, c.places[i])
		}
		if t.room = design.DefaultRoom; s.HasRoom {
			t.room = bound(s.Room, 0)
		}
		c.service[s.Name] = int32(len(c.services))
		c.instances += int(t.instances)
		for j := range s.Handlers {
			h := &s.Handlers[j]
			c.handler[design.Target{Node: s.Name, Entry: h.Name}] = int32(len(c.handlers))
			element := draw.HashString("handler/" + s.Name + "/" + h.Name)
			c.handlers = append(c.handlers, handlerT{name: h.Name, service: int32(len(c.services)), element: element, stamp: stamp(evWork, element)})
		}
		c.services = append(c.services, t)
		at := int32(len(c.services) - 1)
		c.services[at].guards = c.guard(design.Where{Service: s}, s.Uses, at, t.node, none)
		c.services[at].turns = c.asksAtTurns(c.services[at].guards)
	}
}

// incoming counts the sites into a target; the first gets salt 0, so that an
// operation that comes once has the same draws whichever site sent it.
func (c *compiler) incoming(target, by string, closesCycle bool) uint64 {
	n := c.into[target]
	c.into[target] = n + 1
	if n == 0 && !closesCycle {
		return 0
	}
	return draw.HashString("site/" + by + "/" + target)
}

func (c *compiler) linkBetween(from, to string) int32 {
	k := [2]string{from, to}
	if i, ok := c.link[k]; ok {
		return i
	}
	i := int32(len(c.links))
	c.link[k] = i
	c.links = append(c.links, c.linkTable(from, to, c.draft.LinkBetween(from, to)))
	return i
}

// linked gives a site its links, there and back.
func (c *compiler) linked(st *site, from, to string) {
	st.fwd, st.back = c.linkBetween(from, to), c.linkBetween(to, from)
	st.there, st.here = stamp(evMsg, c.links[st.fwd].element), stamp(evMsg, c.links[st.back].element)
}

// here notes where the handlers of a service begin.
func (c *compiler) here(service int) {
	at := &c.at[service]
	at.code, at.site, at.branch = c.pc(), int32(len(c.sites)), int32(len(c.branches))
}
