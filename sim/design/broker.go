package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/mech/deal"
	"asynclab/sim/mech/overflow"
)

// Line is a line in the order of priorities; Levels 0: in the order of publication.
type Line struct {
	Levels  int  // priorities that differ
	Highest bool // the greatest number is first
	Ratio   int  // so many of a level to one of those behind it; 0: strict
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
	SetAside        bool          // at it a message stays and is not delivered again (default: dead-lettered or dropped)
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

// LogPlace is a place in a log: the oldest message that is kept, or one of the fields.
type LogPlace struct {
	Now    bool          // behind the newest message
	Time   time.Duration // the first published then or later; 0: not set
	Offset int           // 0: not set
}

// Several reports whether a place is said in more than one way.
func (p LogPlace) Several() bool {
	return p.Now && p != (LogPlace{Now: true}) || p.Time != 0 && p.Offset != 0
}

// Replay is a move of a subscription to another place in its log; none where At is 0.
type Replay struct {
	At time.Duration
	To LogPlace
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
	Begin       LogPlace       // what it gets: the messages from there on
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
