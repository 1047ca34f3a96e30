package control

import (
	"time"

	"asynclab/sim/design"
	"asynclab/sim/draw"
	"asynclab/sim/engine"
	"asynclab/sim/expect"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/sequence"
	"asynclab/sim/warning"
)

// Board is the part of the picture that changes more slowly than motion: plots,
// numbers, the log. It comes at most 10 times a second; the receiver may keep
// it.
type Board struct {
	Now     time.Duration
	Length  time.Duration
	Warmup  time.Duration // metrics count what happens after it
	Lanes   []LaneBoard
	Marks   []Mark
	Leaps   []Leap   // stretches that playback by itself has jumped over
	Changes []Change // made by hand, in order; those after Now are in the future (after going back)
	CanUndo bool
	CanRedo bool
	Log     []Entry // newest last; bounded
	// Fingerprints of the runs so far, one per lane: equal fingerprints mean
	// equal runs.
	Fingerprints []uint64
	Chosen       Chosen
}

// Chosen is the element selected with Select, with its numbers.
type Chosen struct {
	Lane     int
	Element  string // "" when none is chosen
	Readings []Reading
	Params   []Param
}

// LaneBoard is one design in a Board.
type LaneBoard struct {
	Curves   map[string]measure.Series // of the metrics requested with Watch, up to now
	Bars     map[string][]measure.Bin  // of the distributions requested with Watch
	Values   []engine.MetricValue      // every metric, so far
	Warnings []warning.Warning         // those that matter most first; those of the run once it has ended
	Silenced int                       // warnings that the scenario silences
	Picks    Picks
	Fault    []FaultState
	Episodes []engine.Episode // of faults so far, and what each did
}

// Mark is a fault on the timeline, or a surge: a load that rises above what it began with.
type Mark struct {
	Lane     int // -1: in all
	Name     string
	Surge    bool          // Name is a load's
	From, To time.Duration // To is Length while the end is not known
	ByHand   bool
	Planned  bool // in the future
}

// Leap is a stretch that playback did not show, on its way to the accident.
type Leap struct{ From, To time.Duration }

// Change is a change made by hand.
type Change struct {
	Lane int // -1: in all
	design.Change
}

// FaultState is a fault of a design, planned or by hand.
type FaultState struct {
	design.Fault // as it is called in the run
	Active       bool
	ByHand       bool
}

// Entry is a line of the event log.
type Entry struct {
	Lane int
	sequence.Entry
	FaultName string // the fault that begins or ends; empty if none
}

// Picks are the operations that the story panel offers; 0 if there is none.
type Picks struct {
	Slowest, Lost, Duplicated, Failed, DeadLettered, Last uint64
}

// Story is the list of events of one operation, in order.
type Story struct {
	Op      uint64
	Load    string
	Seq     uint64 // its number among those of its load, from 0
	Arrived time.Duration
	Entries []Entry
	Told    time.Duration // the simulated time up to which it is told
	Over    bool          // the operation has ended, and nothing of it moves any more
	Cut     bool          // some events were left out: the story is longer than its bound
}

// Verdict is the result of an expectation, judged on the runs so far.
type Verdict struct {
	Text string
	expect.Outcome
}

// Param is a parameter of a design with its current value.
type Param struct {
	design.Param
	Text    string  // as written in a scenario
	Value   float64 // in the base unit
	Initial string  // as in the scenario
}

// Reading is one metric for the inspector.
type Reading struct {
	Name  string
	Unit  draw.Unit
	Value float64
	Ref   metric.Ref
}
