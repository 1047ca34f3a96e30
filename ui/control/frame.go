package control

import (
	"time"

	"asynclab/sim/record"
	"asynclab/sim/topology"
)

// Scene is what does not move: the picture of one lane's design.
type Scene struct {
	Design string // its name
	Title  string // for people; the name where it has none
	Graph  topology.Graph
	Layout *topology.Layout
}

// Mode is what playback is doing.
type Mode uint8

// The modes. Seeking is a jump, or a run to a time, a fault or a failure; Ended
// is a run that is over (it can still be dragged back).
const (
	Paused Mode = iota
	Playing
	Seeking
	Ended
)

// Frame is a picture of this moment, made for motion: at most 60 a second. The
// receiver may read it until the second frame after it comes.
type Frame struct {
	Number  uint64 // 1, 2, …
	Mode    Mode
	Now     time.Duration // simulated
	Length  time.Duration // of the whole run
	Reached time.Duration // the furthest time simulated so far: what lies before is a jump away
	Speed   float64       // asked for: simulated seconds per second; +Inf: as fast as possible
	Pace    float64       // reached, over the last second
	Events  uint64        // of all lanes, so far
	Goal    time.Duration // of a Seeking with a known end; otherwise 0
	Lanes   []Lane
	InHand  uint64 // the operation that is followed: by Follow, or the one that StepMessage found; 0: none
	Stopped Stop   // why playback stopped by itself, if it did
}

// Lane is one design in a Frame. Nodes and Links are parallel to Graph.Nodes and
// Graph.Edges of its Scene.
type Lane struct {
	Nodes  []NodeState
	Links  []LinkState
	Dots   []Dot   // messages in motion, thinned
	Sparks []Spark // what went wrong on the way a moment ago
	Moving int     // messages in motion; more than len(Dots) when thinned
}

// Health is how a node does.
type Health uint8

// The healths, from good to bad: a node with several troubles has the worst.
const (
	Up Health = iota
	Slow
	Failing // some of its tasks fail
	Stopped // paused
	Partly  // some instances are down
	Down
	numHealths
)

var healths = [numHealths]record.Word{
	Up: {ID: "health.up", English: "up"}, Slow: {ID: "health.slow", English: "slow"}, Failing: {ID: "health.failing", English: "failing"},
	Stopped: {ID: "health.paused", English: "paused"}, Partly: {ID: "health.partly-down", English: "partly down"}, Down: {ID: "health.down", English: "down"},
}

// Word is what the health is called.
func (h Health) Word() record.Word { return healths[h] }

// Words are all words of this package: what there is to translate.
func Words() []record.Word { return healths[:] }

// NodeState is a node now. What does not apply is zero.
type NodeState struct {
	Health  Health
	Workers int // of a service, all instances; -1: unlimited
	Busy    int // workers held, working or blocked
	Blocked int // of these, waiting for somebody else
	Waiting int // tasks in the waiting room; messages in a queue
	Room    int // bound of Waiting; -1: none
	Unacked int // of a queue: delivered, not acknowledged
	Open    int // of a client: operations without an end yet
}

// LinkState is an edge now.
type LinkState struct {
	Cut  bool
	Loss float64 // probability that a message is lost, the worse of both ways
	Rate float64 // messages a second, both ways, over the last stretch of simulated time
}

// Dot is a message in flight.
type Dot struct {
	Op   uint64 // the operation it belongs to
	Msg  uint64
	Edge int32   // index into Graph.Edges
	T    float32 // 0 at the beginning of the edge's route, 1 at its end; answers go from 1 to 0
	Mark record.Mark
}

// Spark marks a loss or rejection where it happened; it fades.
type Spark struct {
	Edge int32   // index into Graph.Edges; -1: on a node
	Node int32   // index into Graph.Nodes; -1: on an edge
	T    float32 // where on the edge
	Age  float32 // 0 just now … 1 gone
	Mark record.Mark
}
