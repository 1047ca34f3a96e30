package design

import (
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/mech/backoff"
)

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
	Base     draw.Dist         // seconds; of a back-off that is a list, anything but 0
	Factor   float64           // Exponential; 0 means 2
	Cap      time.Duration     // 0 means none
	Jitter   Jitter
	Another  bool     // a retry goes to an instance that the call has not tried before, if there is one
	On       CauseSet // which failures are retried; empty: Retryable, and the causes that are Retried
}

// DefaultReconnect is how the clients of a broker connect again.
var DefaultReconnect = Retry{Backoff: backoff.Exponential, Base: draw.Const(1), Cap: 30 * time.Second, Jitter: EqualJitter}
