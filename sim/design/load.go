package design

import (
	"time"

	"asynclab/sim/draw"
)

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

	LateBackoff bool      // a back-off that would end after the deadline is begun all the same (default: the operation fails at once)
	IgnoreLate  bool      // an answer to an attempt already given up is ignored (default: it counts)
	Confirm     []Target  // handlers whose completion confirms the operation; empty: the reply
	Confirms    int       // how many completions are needed; 0 means len(Confirm), at least 1
	Priority    int       // 0 is served first
	PriorityBy  string    // the attribute that multiplies it
	Size        draw.Dist // bytes of a request; a literal 0 means DefaultSize unless HasSize
	HasSize     bool
	SizeBy      string
	Post        Post // to a broker: what its messages have of their own
	Attributes  []Attribute
	Uses        Uses
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

// Gather says how a publisher gathers messages that it sends together.
type Gather struct {
	Linger time.Duration // from the first message until they are sent; 0: each is sent by itself
	Max    int           // messages with which they are sent at once; 0: no bound
	Size   float64       // bytes likewise; 0: no bound
}
