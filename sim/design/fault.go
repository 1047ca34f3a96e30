package design

import (
	"time"

	"asynclab/sim/draw"
)

// Fault is a fault that occurs once or repeatedly.
type Fault struct {
	Name string
	Kind FaultKind
	// At is when it first occurs. With Every set, it occurs again: the time
	// from the end of one occurrence to the next is drawn from Every (an
	// alternating renewal process); if At is zero, the first time too. With
	// Period set, it happens at At, At+Period, At+2·Period, …
	At       time.Duration
	For      draw.Dist // seconds it lasts; HasFor false: to the end of the run
	HasFor   bool
	Every    draw.Dist // seconds
	HasEvery bool
	Period   time.Duration
	Clock    FaultClock // of Every

	// With When, a condition of a metric (see ParseTrigger), it occurs each time that
	// this begins to hold, from At on, looked at every Look.
	When string
	Look time.Duration // 0: DefaultLook

	// With Down set, it comes and goes while it lasts: its effect is there for a time of
	// Down, and not there for a time of Up.
	Down, Up       draw.Dist // seconds
	HasDown, HasUp bool

	Node     string   // service or broker
	Instance int      // 1, 2, …; 0 means all instances
	Others   []Member // that it strikes too
	Pick     int      // so many of them, drawn for each occurrence; 0: all
	Factor   float64  // the amount of a kind that has one: how many times slower; probability
	Cut      []Cut
	Set      []Setting
}

// Member is a service or a broker, or an instance of a service (from 1; 0: all).
type Member struct {
	Node     string
	Instance int
}

// Cut names a direction of a link; "*" stands for every node.
type Cut struct{ From, To string }

// Setting gives a parameter a value, written as in a scenario file.
type Setting struct{ Path, Value string }
