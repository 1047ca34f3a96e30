package control

import (
	"time"

	"asynclab/sim/engine"
	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Scene is the still part of the picture: the graph of one lane's design.
type Scene struct {
	Design string // its name
	Title  string // display name; Design if the design has no title
	Graph  topology.Graph
	Layout *topology.Layout
	Small  *topology.Layout // of boxes without details, for a design that is larger than a usual picture; nil: there is none
	Lines  []int            // of each node: how many signs it has room for
	Groups []bool           // of each node: whether it is a group that reads partitions
}

// Mode is the state of playback.
type Mode uint8

// The modes. Seeking is a jump, or a run to a time, a fault or a failure; Ended
// is a run that has ended (one can still go back in it).
const (
	Paused Mode = iota
	Playing
	Seeking
	Ended
)

// Frame is the picture of this moment, for animation: at most 60 a second. The
// receiver may read it until the second frame after it arrives.
type Frame struct {
	Number   uint64 // 1, 2, …
	Mode     Mode
	Now      time.Duration // simulated
	Length   time.Duration // of the whole run
	Reached  time.Duration // the furthest time simulated so far: a jump to any time before it is quick
	Speed    float64       // requested: simulated seconds per second; +Inf: as fast as possible
	Pace     float64       // reached, over the last second
	Events   uint64        // of all lanes, so far
	Tempo    Tempo
	Accident bool          // the scenario has a fault at a known time
	Goal     time.Duration // target of Seeking if it is known; otherwise 0
	Lanes    []Lane
	InHand   uint64 // the operation that is followed: by Follow, or found by StepMessage; 0: none
	Stopped  Stop   // why playback stopped without a command, if it did
}

// Lane is one design in a Frame. Nodes and Links are parallel to Graph.Nodes and
// Graph.Edges of its Scene.
type Lane struct {
	Nodes  []NodeState
	Links  []LinkState
	Dots   []Dot   // messages in motion, thinned
	Sparks []Spark // messages lost or rejected a moment ago
	Signs  []Sign  // what mechanisms and stores hold, refuse, keep
	Moving int     // messages in motion; more than len(Dots) when thinned
	Phase  float64 // seconds of real time, for what moves without a run: flow
	behind bool    // it will change though nothing happens
}

// Health is the state of a node.
type Health uint8

// The healths, from good to bad.
const (
	Up Health = iota
	Slow
	Failing // more of its tasks fail than the design says
	Stopped // paused
	Hung    // takes requests and never answers
	Partly  // some instances are down
	Down
	numHealths
)

var healths = [numHealths]record.Word{
	Up: {ID: "health.up", English: "up"}, Slow: {ID: "health.slow", English: "slow"}, Failing: {ID: "health.failing", English: "failing"},
	Stopped: {ID: "health.paused", English: "paused"}, Hung: {ID: "health.hung", English: "hangs"}, Partly: {ID: "health.partly-down", English: "partly down"}, Down: {ID: "health.down", English: "down"},
}

// Word is the name of the health.
func (h Health) Word() record.Word { return healths[h] }

// Words are all words of this package that need a translation.
func Words() []record.Word { return healths[:] }

// Ills is a set of healths other than Up.
type Ills uint8

// Has reports whether the set holds h.
func (i Ills) Has(h Health) bool { return i&(1<<h) != 0 }

// Sick counts the instances with each problem; the last count is of all instances.
type Sick [numHealths + 1]int16

// Of is how many instances of how many have a problem.
func (s *Sick) Of(h Health) (n, of int) { return int(s[h]), int(s[numHealths]) }

// ill adds a problem to a node.
func (n *NodeState) ill(h Health) {
	n.Ills |= 1 << h
	n.Health = max(n.Health, h)
}

// NodeState is the present state of a node. Fields that do not apply are zero.
type NodeState struct {
	Health  Health          // the worst of
	Ills    Ills            // all its problems
	Sick    Sick            // how many of a service's instances have each
	Workers int             // of a service, all instances; -1: unlimited
	Busy    int             // workers held, working or blocked
	Blocked int             // of these, blocked on a call
	Waiting int             // tasks in the waiting room; messages in a queue
	GaveUp  int             // of the tasks, those whose caller has given up
	Line    engine.Standing // of the first that wait
	Stale   int             // rows of a service that say where to go, and whose instance is down
	Room    int             // capacity for Waiting; -1: unlimited
	Unacked int             // of a queue: delivered, not acknowledged
	Open    int             // of a client: open operations
	Failed  int             // of a client: operations that failed so far
	Awaits  int             // tasks of a service without a worker and not in line: they await an answer, or a restart
	Apart   int             // instances of a service that have a line each; 0: there is one, or there are too many
	Each    [engine.MostApart]InstanceState
	Nodes   NodesState      // of a broker
	Group   engine.GroupNow // of a queue that is a group's

	Timed  int  // of Awaits, those that wait for a time and nothing else
	Locked int  // of Blocked, those that wait for a lock
	Vain   int  // of Busy, those at work for a caller that has given up
	Holder int  // 1 + the index of the client for whose operation such a lock is held; 0: none
	Worked bool // of a service: it was at work within the last second
	HeldOn bool // of a service: lately, but not now, a worker held on over one of its links
}

// InstanceState is the present state of one of several instances of a service.
type InstanceState struct {
	Health                 Health
	Busy, Blocked, Waiting int32
	GaveUp                 int32 // of those who wait
	Line                   engine.Standing
	Worked                 bool // it was at work within the last second
}

// NodesState is of a broker that consists of several nodes; All is 0 for any other.
type NodesState struct {
	All, Up, InStep int8 // InStep: those that have all that was published, with the leader
	Leads           bool // one of them leads
}

// Cuts says in which directions a link is cut.
type Cuts uint8

// Along the edge, against it, or both.
const (
	Whole    Cuts = 0
	CutThere Cuts = 1
	CutBack  Cuts = 2
)

// LinkState is the present state of an edge.
type LinkState struct {
	Cut     Cuts
	Loss    float64 // probability that a message is lost, the larger of both directions
	Rate    float64 // messages a second, both directions, over the last stretch of simulated time
	Sent    float64 // of these, those along the edge
	Said    float64 // the same over a longer stretch, to be read; 0 while too few have been seen
	Held    int     // callers that hold on until their answer comes back along a call, and publishers until their confirmation does
	Awaited int     // answers along it that are awaited without holding a worker
	Resting int     // of the clients that hold on, those between two attempts
	Failing float64 // share of the answers that are refusals and errors, in eighths
	Again   float64 // share of what is sent along the edge that was sent before, in eighths
	Flow    bool    // a message crosses it too fast to be seen: it has no dots

	HeldLately    bool // nobody holds on now, but within the last second somebody did
	AwaitedLately bool // likewise, without holding a worker
}

// Dot is a message in flight.
type Dot struct {
	Op   uint64 // the operation it belongs to
	Msg  uint64
	Edge int32   // index into Graph.Edges
	T    float32 // 0 at the beginning of the edge's route, 1 at its end; answers go from 1 to 0
	Mark record.Mark
}

// Spark marks where a message was lost or rejected; it fades.
type Spark struct {
	Edge int32   // index into Graph.Edges; -1: on a node
	Node int32   // index into Graph.Nodes; -1: on an edge
	T    float32 // where on the edge
	Age  float32 // 0 just now … 1 gone
	Mark record.Mark
}
