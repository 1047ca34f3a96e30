package engine

import (
	"cmp"
	"slices"
	"strconv"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/mech/deal"
	"asynclab/sim/mech/overflow"
	"asynclab/sim/metric"
)

// broker, consume, link, load and fault tables of a Program.

func (c *compiler) brokerTables() {
	for i := range c.d.Brokers {
		b := &c.d.Brokers[i]
		c.broker[b.Name] = int32(i)
		c.brokers = append(c.brokers, c.brokerTable(b))
		first := c.queueCount()
		for j := range b.Queues {
			q := &b.Queues[j]
			c.queue[design.Target{Node: b.Name, Entry: q.Name}] = c.addQueue(int32(i), b.Name+"/"+q.Name, q, source{i, none, j})
		}
		c.brokers[i].queues = []span{{first, c.queueCount()}}
	}
	readers := c.d.Readers()
	for i := range c.d.Brokers {
		b := &c.d.Brokers[i]
		for j := range b.Topics {
			t := &b.Topics[j]
			tt := topicT{name: b.Name + "/" + t.Name, broker: int32(i)}
			if t.Partitions > 0 {
				tt.guards = c.logGuards(&tt, t)
			}
			first := c.queueCount()
			for k, s := range t.All(readers[design.Target{Node: b.Name, Entry: t.Name}]) {
				if t.Partitions > 0 {
					s.Uses = nil
				}
				q := c.addQueue(int32(i), tt.name+"/"+s.Name, &s, source{i, int32(j), k})
				c.queue[design.Target{Node: b.Name, Entry: t.Name + "/" + s.Name}] = q
				tt.subs = append(tt.subs, q)
			}
			tt.partitions, tt.key, tt.turn = int32(t.Partitions), c.by(t.Template.Key), int32(len(c.topics))
			c.brokers[i].queues = append(c.brokers[i].queues, span{first, c.queueCount()})
			c.topic[design.Target{Node: b.Name, Entry: t.Name}] = int32(len(c.topics))
			c.topics = append(c.topics, tt)
		}
	}
	c.named = len(c.queues)
	c.partitionTables()
	for i := range c.queues[:c.named] {
		if of := c.sources[i].queue(c.d); of.Redrive.To != "" {
			c.queues[i].redrive.to = c.queue[design.Target{Node: c.brokers[c.queues[i].broker].name, Entry: of.Redrive.To}]
		}
	}
	for i, dead := range c.deadLetters { // by name, now that all are known
		if q := &c.queues[i]; dead != "" {
			q.deadLetter = c.queue[design.Target{Node: c.brokers[q.broker].name, Entry: dead}]
			c.queues[q.deadLetter].forDead = true
		}
	}
}

// partitionTables makes the logs of topics with partitions, and what each subscription
// has of them.
func (c *compiler) partitionTables() {
	for i := range c.topics {
		t := &c.topics[i]
		if t.partitions == 0 {
			continue
		}
		t.log0 = int32(len(c.logs))
		c.logTables(int32(i), t.in(c.d))
		for _, qi := range t.subs {
			c.groupTable(t, qi)
		}
	}
}

// in is the topic of a table in its design.
func (t *topicT) in(d *design.Design) *design.Topic {
	b := &d.Brokers[t.broker]
	return &b.Topics[slices.IndexFunc(b.Topics, func(of design.Topic) bool { return b.Name+"/"+of.Name == t.name })]
}

func (c *compiler) logTables(topic int32, of *design.Topic) {
	t, keep := &c.topics[topic], &of.Keep
	t.keeps = keep.Keeps()
	for p := range t.partitions {
		c.logs = append(c.logs, logT{
			topic: topic, element: draw.HashString("log/" + t.name + "/" + strconv.Itoa(int(p))), keeps: t.keeps,
			durable: of.Template.Durable, age: limit(keep.For, 0), size: int64(max(0, keep.Size)), compact: limit(keep.Compact, 0),
			known: knownT{window: limit(of.Template.Known.Window, 0), key: c.by(of.Template.Known.Key)},
		})
	}
}

func (c *compiler) groupTable(topic *topicT, qi int32) {
	q := c.sources[qi].queue(c.d)
	g := groupT{
		queue: qi, parts: span{int32(len(c.partitions)), int32(len(c.partitions)) + topic.partitions}, deal: cmp.Or(q.Group.Deal, deal.Range),
		cooperative: q.Group.Cooperative, pause: int64(q.Group.Pause), session: limit(q.Group.Session, design.DefaultSession),
		pollLimit: limit(q.Group.PollLimit, 0), commit: int64(q.Group.Commit), begin: q.Group.Begin, replay: q.Replay,
	}
	c.queues[qi].ofLog()
	c.queues[qi].gid = int32(len(c.groups) + 1)
	first := c.queueCount()
	for p := range topic.partitions {
		t := c.queues[qi]
		t.name += "/" + strconv.Itoa(int(p))
		t.element = draw.HashString("queue/" + t.name)
		t.gid, t.part = 0, int32(len(c.partitions)+1)
		l := &c.logs[topic.log0+p]
		l.readers, l.durable = append(l.readers, int32(len(c.partitions))), l.durable || q.Durable
		c.partitions = append(c.partitions, partitionT{queue: c.queueCount(), group: int32(len(c.groups)), log: topic.log0 + p})
		c.queues = append(c.queues, t)
		c.deadLetters = append(c.deadLetters, q.DeadLetter)
		c.sources = append(c.sources, c.sources[qi])
	}
	b := &c.brokers[topic.broker]
	b.parts = append(b.parts, span{first, c.queueCount()})
	c.groups = append(c.groups, g)
}

// ofLog gives a subscription of a topic with partitions, or one of them, what all have:
// what a member has stays with it when its connection is lost, and nothing comes late.
func (t *queueT) ofLog() {
	t.awaitVisible, t.refuseLate, t.plain = true, true, false
	t.max, t.overflow = maxInt32, overflow.Reject
	t.line, t.most, t.persists = lineT{}, 0, span{}
	t.ttl, t.delay, t.expire, t.known, t.visible, t.key, t.requeue, t.requeueLost = 0, 0, design.ExpireHead, knownT{}, 0, 0, design.RequeueOriginal, design.RequeueOriginal
}

func (c *compiler) brokerTable(b *design.Broker) brokerT {
	element := "broker/" + b.Name
	again := b.Reconnect
	if again.Base.IsZero() {
		again = design.DefaultReconnect
	}
	nodes := replicasT{nodes: 1}
	if t := &b.Replicas; t.Nodes > 1 {
		nodes = replicasT{
			nodes: int32(t.Nodes), acks: t.Acks, minimum: max(1, int32(t.Minimum)), quorum: 1, lag: t.Lag, key: c.key(element, "replication"),
			failover: t.Failover, keyOver: c.key(element, "failover"), catchUp: int64(t.CatchUp), unclean: t.Unclean,
			lagLimit: limit(t.LagLimit, 0),
		}
		if t.Acks == design.AcksMajority {
			nodes.quorum = nodes.nodes/2 + 1
		}
	}
	return brokerT{name: b.Name, replicas: nodes, silent: b.Replicas.Acks == design.AcksNone, capacity: c.capacityOf(&b.Capacity, element), flow: flowOf(&b.Flow), node: c.node[b.Name], element: draw.HashString(element),
		heartbeat: limit(b.Heartbeat, design.DefaultHeartbeat), reconnect: c.retry(&again, element, "reconnect")}
}

func (c *compiler) queueCount() int32 { return int32(len(c.queues)) }

// source is where the settings of a queue stand: of a subscription, topic is that
// of its broker.
type source struct {
	broker int
	topic  int32 // or none
	index  int
}

func (s source) queue(d *design.Design) design.Queue {
	b := &d.Brokers[s.broker]
	if s.topic == none {
		return b.Queues[s.index]
	}
	if t := &b.Topics[s.topic]; s.index < len(t.Subscriptions) {
		return t.Subscriptions[s.index]
	}
	return b.Topics[s.topic].Template
}

func (c *compiler) addQueue(broker int32, name string, q *design.Queue, from source) int32 {
	c.queues = append(c.queues, c.queueTable(broker, name, q))
	c.deadLetters = append(c.deadLetters, q.DeadLetter)
	c.sources = append(c.sources, from)
	return int32(len(c.queues) - 1)
}

func (c *compiler) queueTable(broker int32, name string, q *design.Queue) queueT {
	element := "queue/" + name
	t := queueT{
		name: name, broker: broker, element: draw.HashString(element),
		max: bound(q.MaxLength, design.DefaultRoom), overflow: cmp.Or(q.Overflow, overflow.Reject),
		awaitVisible: q.AwaitVisible, refuseLate: q.RefuseLate, maxDeliver: int32(q.MaxDeliveries), setAside: q.SetAside, spared: sparedEnds(q.Counted),
		deadLetter: none, only: none, durable: q.Durable, requeue: q.Requeue, requeueLost: q.Requeue,
		redelivery: c.retry(&q.RedeliveryDelay, element, "redelivery"),
		ttl:        limit(q.TTL, 0), expire: q.Expire, delay: int64(q.Delay), visible: limit(q.Visible, 0),
		known:   knownT{window: limit(q.Known.Window, 0), key: c.by(q.Known.Key)},
		redrive: redriveT{at: int64(q.Redrive.At), every: limit(q.Redrive.Every, 0), rate: q.Redrive.Rate, to: none},
	}
	if at := limit(q.Timeout, 0); at > 0 {
		t.visible, t.closes, t.refuseLate = at, true, true
	}
	if q.MaxUnacked > 0 {
		t.most = int32(q.MaxUnacked)
	}
	t.line, t.key = c.lineOf(&q.Line), c.by(q.Key)
	if !q.Filter.IsZero() {
		t.filter = c.condition(&q.Filter)
	}
	if !q.Persistent.IsZero() {
		t.persists = c.condition(&q.Persistent)
	}
	if q.RequeueLost > 0 {
		t.requeueLost = q.RequeueLost - 1
	}
	t.guards = c.guard(design.Where{Queue: q, Path: "queue." + name}, q.Uses, none, c.brokers[broker].node, int32(len(c.queues)))
	t.plain = t.guards.n == 0 && t.persists.to == 0 && t.key == 0 && t.line.levels == 0 && t.known.window == 0 && t.redrive.at == 0 && !q.Flush.Flushes() && !c.brokers[broker].replicas.waits() && !c.brokers[broker].flow.on
	return t
}

// logGuards are the guards of a topic with partitions.
func (c *compiler) logGuards(tt *topicT, t *design.Topic) guards {
	return c.guard(design.Where{Queue: &t.Template, Path: "queue." + tt.name}, t.Template.Uses, none, c.brokers[tt.broker].node, none)
}

func (c *compiler) consumeTables() {
	for i := range c.d.Services {
		s := &c.d.Services[i]
		c.at[i].consume = int32(len(c.consumes))
		for j := range s.Consumes {
			k := &s.Consumes[j]
			q, ok := c.queue[k.From]
			if !ok {
				q = c.queue[design.Target{Node: k.From.Node, Entry: k.From.Entry + "/" + k.SubscriptionOf(s.Name)}]
			}
			h := c.handler[design.Target{Node: s.Name, Entry: k.Handler}]
			t := consumeT{
				service: int32(i), handler: h, queue: q, auto: k.Ack == design.Automatic,
				deliver: c.linkBetween(k.From.Node, s.Name), ack: c.linkBetween(s.Name, k.From.Node),
				conn: c.connTo(s.Name, k.From.Node),
			}
			lead := s.Leads(j)
			if t.fetch = fetchOf(lead); t.fetch.pull || t.fetch.batch > 0 {
				t.fetches, c.fetches, c.queues[q].plain = true, true, false
				t.fetch.name = c.queues[q].name + "->" + s.Name
				t.fetch.element = draw.HashString("consumer/" + t.fetch.name)
			}
			if c.queues[q].closes {
				c.fetches = true // a consumer has a timer
				t.fetch.element = draw.HashString("consumer/" + c.queues[q].name + "->" + s.Name)
			}
			t.plain = !t.auto && !t.fetches && c.queues[q].key == 0 && c.queues[q].most == 0 && c.queues[q].gid == 0 && s.Order == design.OrderEach && !c.brokers[c.queues[q].broker].flow.on
			t.perInst, t.prefetch = consumersOf(lead, c.services[i].workers)
			target := s.Name + "/" + k.Handler
			t.salt = c.incoming(target, "queue/"+c.queues[q].name, false)
			t.linkSalt = draw.HashString("deliver/" + c.queues[q].name + "/" + target)
			n := t.perInst * c.services[i].instances
			c.consumers += int(n)
			c.queues[q].consumers += n
			c.consumes = append(c.consumes, t)
		}
	}
	c.at[len(c.d.Services)].consume = int32(len(c.consumes))
}

// consumersOf is how many consumers of a queue an instance has, and their prefetch.
func consumersOf(k *design.Consume, workers int32) (each, prefetch int32) {
	each, prefetch = bound(k.Consumers, 0), bound(k.Prefetch, max(1, k.Batch.Max))
	if k.Ack == design.Automatic && k.Prefetch == 0 && !k.Pull.On {
		prefetch = maxInt32
	}
	if k.Consumers == 0 {
		each = workers
		if each == maxInt32 { // one consumer, unlimited
			each = 1
			if !k.Pull.On && k.Batch.Max == 0 {
				prefetch = maxInt32
			}
		}
	}
	if k.Stopped && k.Prefetch == 0 {
		prefetch = 0
	}
	return each, prefetch
}

// sparedEnds are the bits of the ends that do not count.
func sparedEnds(counted []string) (spared uint8) {
	for i, name := range design.Ends {
		if len(counted) > 0 && !slices.Contains(counted, name) {
			spared |= 1 << i
		}
	}
	return spared
}

// soleReaders finds the consume of each queue that has one.
func (c *compiler) soleReaders() {
	for i := range c.consumes {
		q := &c.queues[c.consumes[i].queue]
		q.settled = q.settled || !c.consumes[i].auto
		if q.readers++; q.readers == 1 {
			q.only = int32(i)
		} else {
			q.only = none
		}
	}
}

// wire holds the fields of a link that every message reads. constant is the delay
// in nanoseconds of a link with a constant delay and no other effect, and -1 if
// linkT has to be read.
type wire struct {
	stamp    uint64 // of messages that arrive
	constant int64
	sent     measure.Counter
	bytes    measure.Counter
}

// linkT is one direction of a link.
type linkT struct {
	from, to   string
	fromNode   int32
	toNode     int32
	element    uint64
	latency    draw.Dist
	jitter     draw.Dist
	toBroker   bool // or from one: connections use it
	worked     bool // from a broker that what it sends costs time
	inOrder    bool
	loss       float64
	retransmit int64
	duplicate  float64
	reorder    float64
	reorderBy  draw.Dist
	corrupt    float64
	unseen     bool
	bandwidth  float64
	down       bool
	keyLatency int32
	keyJitter  int32
	keyLoss    int32
	keyDup     int32
	keyReorder int32
	keyHeld    int32
	keyCorrupt int32
	conn0      int32 // the first of the connections of which it is a way
	conns      int32
	m          block
}

func (c *compiler) linkTable(from, to string, p *design.LinkParams) linkT {
	name := "link/" + from + "->" + to
	_, out := c.broker[from]
	_, in := c.broker[to]
	conn := in || out
	t := linkT{
		from: from, to: to, element: draw.HashString(name), fromNode: c.node[from], toNode: c.node[to],
		latency: p.Latency, jitter: p.Jitter, inOrder: p.InOrder(conn), loss: p.Loss, toBroker: conn,
		retransmit: int64(p.Resend(conn)), duplicate: p.Duplicate, reorder: p.Reorder,
		reorderBy: p.ReorderBy, corrupt: p.Corrupt, unseen: p.Unseen,
		bandwidth: p.Bandwidth, down: p.Down >= 0.5,
		keyLatency: c.key(name, "latency"), keyJitter: c.key(name, "jitter"),
		keyLoss: c.key(name, "loss"), keyDup: c.key(name, "duplicate"),
		keyReorder: c.key(name, "reorder"), keyHeld: c.key(name, "held"), keyCorrupt: c.key(name, "corrupt"),
	}
	t.worked = out && c.brokers[c.broker[from]].capacity.workers > 0
	return t
}

func (t *linkT) wire() wire {
	w := wire{stamp: stamp(evMsg, t.element), constant: -1, sent: t.m.c + metric.LinkSent, bytes: t.m.c + metric.LinkBytes}
	if t.latency.IsConstant() && t.jitter.IsZero() && t.loss == 0 && t.duplicate == 0 &&
		t.reorder == 0 && t.corrupt == 0 && t.bandwidth == 0 && !t.down &&
		(!t.inOrder || t.toBroker || t.latency.IsZero() && t.retransmit == 0) { // a link that keeps order has to remember what is in transit; a connection remembers what it sent last
		if w.constant = t.latency.SampleNanos(0.5); w.constant == 0 && t.worked {
			w.constant = -1
		}
	}
	return w
}

func (c *compiler) loadTables() {
	for i := range c.d.Loads {
		l := &c.d.Loads[i]
		element := "load/" + l.Name
		t := loadT{
			name: l.Name, element: draw.HashString(element), stamp: stamp(evArrival, draw.HashString(element)), node: c.node[l.Name],
			kind: l.Arrivals.Kind, interval: l.Arrivals.Interval, batch: l.Arrivals.Batch, hasBatch: l.Arrivals.HasBatch,
			closed: l.Users > 0, users: l.Users, stagger: l.Stagger, think: l.Think,
			start: int64(l.Start), stop: int64(l.Stop), count: uint64(l.Count), times: l.Arrivals.Times,
			deadline: limit(l.Deadline, design.DefaultDeadline), patience: l.Patience, hasPatience: l.HasLimit,
			cancel: l.Cancel, lateBackoff: l.LateBackoff, priority: uint8(l.Priority), priorityBy: c.by(l.PriorityBy), attrs: c.attributesOf(l),
			keyArrival: c.key(element, "arrival"), keyBatch: c.key(element, "batch"),
			keyThink: c.key(element, "think"), keyPatience: c.key(element, "patience"),
		}
		t.arrivals = newProfile(&l.Arrivals)
		t.steady = t.kind == design.Poisson && !t.closed && !t.hasBatch && t.count == 0 && t.stop == 0
		for _, target := range l.Confirm {
			t.confirm = append(t.confirm, c.handler[target])
		}
		switch n := len(t.confirm); {
		case l.Confirms > 0:
			t.confirms = int32(l.Confirms)
		case n > 1:
			t.each, t.confirms = true, int32(uint32(1)<<n-1)
		default:
			t.confirms = 1
		}
		st := c.siteFor(l.To)
		st.load, st.wait, st.cancel, st.late = int32(i), true, l.Cancel, !l.IgnoreLate
		c.linked(&st, l.Name, l.To.Node)
		st.linkSalt = draw.HashString(l.To.String())
		if st.conn = none; st.broker != none {
			st.conn = c.connTo(l.Name, l.To.Node)
		}
		st.timeout = limit(l.Timeout, design.DefaultTimeout)
		st.retry = c.retry(&l.Retry, element, "backoff")
		st.guards = c.guard(design.Where{Load: l}, l.Uses, none, t.node, none)
		st.sized, st.size, st.sizeBy, st.keySize = ownSize(&l.Size, l.HasSize, l.SizeBy), l.Size, c.by(l.SizeBy), c.key(element, "size")
		c.postOf(&st, &l.Post, element, "")
		st.gathers(&l.Gather)
		st.hedge = c.hedging(&st)
		st.bare = c.bare(&st)
		for _, to := range l.Uses.Targets() {
			c.alternate(&st, l.Name, to, func() guards { return c.guard(design.Where{Load: l}, l.Uses, none, t.node, none) })
		}
		t.site = int32(len(c.sites))
		c.sites = append(c.sites, st)
		c.loads = append(c.loads, t)
	}
}

type faultT struct {
	name     string
	element  uint64
	kind     design.FaultKind
	at       int64
	dur      draw.Dist
	forever  bool
	every    draw.Dist
	hasEvery bool
	period   int64
	wears    bool   // its clock goes while its node is busy
	look     int64  // it has a condition, which is looked at so often; 0: none
	when     watchT // the condition
	down, up draw.Dist
	flaps    bool
	service  int32 // of the first target, or none
	broker   int32 // likewise
	targets  []target
	pick     int // so many of them; 0: all
	factor   float64
	links    []int32
	set      []design.Setting
	parts    []design.Part // of what it sets
	keyEvery int32
	keyFor   int32
	keyDown  int32
	keyUp    int32
	keyPick  int32
	byHand   string // its text, if it was injected
}

// target is a service, an instance of one, or a broker.
type target struct {
	service, broker, inst int32
	follower              bool // of the broker, not its leader
}

func (c *compiler) faultTables() {
	for i := range c.d.Faults {
		f := &c.d.Faults[i]
		t := c.faultTable(f)
		element := "fault/" + f.Name
		t.keyEvery, t.keyFor = c.key(element, "every"), c.key(element, "for")
		t.keyDown, t.keyUp, t.keyPick = c.key(element, "down"), c.key(element, "up"), c.key(element, "pick")
		c.faults = append(c.faults, t)
	}
}

// nodeOf is the index of the service or of the broker of a name.
func (c *compiler) nodeOf(name string) (service, broker int32) {
	if s, ok := c.service[name]; ok {
		return s, none
	}
	if b, ok := c.broker[name]; ok {
		return none, b
	}
	return none, none
}

// faultTable compiles a fault.
func (p *Program) faultTable(f *design.Fault) faultT {
	t := faultT{
		name: f.Name, element: draw.HashString("fault/" + f.Name), kind: f.Kind, at: int64(f.At),
		dur: f.For, forever: !f.HasFor, every: f.Every, hasEvery: f.HasEvery, period: int64(f.Period), wears: f.Clock == design.ClockBusy,
		down: f.Down, up: f.Up, flaps: f.HasDown, service: none, broker: none, pick: f.Pick, factor: f.Factor, set: f.Set,
	}
	for i, m := range f.Members() {
		x := target{inst: none}
		x.service, x.broker = p.names.nodeOf(m.Node)
		if x.service != none && m.Instance > 0 {
			x.inst = p.services[x.service].inst0 + int32(m.Instance-1)
		}
		x.follower = x.broker != none && m.Instance > 1
		if i == 0 {
			t.service, t.broker = x.service, x.broker
		}
		t.targets = append(t.targets, x)
	}
	for _, set := range f.Set {
		part, _ := p.names.draft.Part(set.Path)
		t.parts = append(t.parts, part)
	}
	for _, cut := range f.Cut {
		t.links = append(t.links, p.names.linksOf(cut)...)
	}
	return t
}

// linksOf lists the links that a cut names, in their order.
func (c *compiler) linksOf(cut design.Cut) []int32 {
	switch {
	case cut.From != "*" && cut.To != "*":
		if l, ok := c.link[[2]string{cut.From, cut.To}]; ok {
			return []int32{l}
		}
		return nil
	case cut.From != "*":
		return c.byEnds[0][c.node[cut.From]]
	case cut.To != "*":
		return c.byEnds[1][c.node[cut.To]]
	}
	all := make([]int32, len(c.links))
	for l := range all {
		all[l] = int32(l)
	}
	return all
}

// linkEnds lists the links of each node.
func (c *compiler) linkEnds() {
	for way := range c.byEnds {
		c.byEnds[way] = make([][]int32, c.nodes)
	}
	for l := range c.links {
		t := &c.links[l]
		c.byEnds[0][t.fromNode] = append(c.byEnds[0][t.fromNode], int32(l))
		c.byEnds[1][t.toNode] = append(c.byEnds[1][t.toNode], int32(l))
	}
}
