package design

import (
	"time"

	"asynclab/sim/spec"
)

// None says "never" where a time limit is expected, and Unlimited says "no
// bound" where a count is expected. The zero value of such a field means "the
// documented default", so that a Design written by hand stays short.
const None = spec.None

// Unlimited is the count without a bound.
const Unlimited = spec.Unlimited

// Defaults and limits of a design. Limits keep untrusted files bounded.
const (
	DefaultTimeout  = 30 * time.Second // of a call
	DefaultDeadline = 60 * time.Second // of an operation
	DefaultRoom     = 10_000           // waiting rooms and queues
	DefaultSize     = 1000             // bytes of a message

	DefaultHeartbeat  = 10 * time.Second       // of the connections of a broker
	DefaultRetransmit = 200 * time.Millisecond // on a connection to a broker, the first time
	DefaultSession    = 10 * time.Second       // of the members of a consumer group

	MaxWorkers    = 1_000_000 // per instance
	MaxInstances  = 1_000
	MaxUsers      = 1_000_000
	MaxNodes      = 20_000 // services, brokers, queues and loads together
	MaxSteps      = 100_000
	MaxBranches   = 4_096
	MaxStepDepth  = 16
	MaxRepeat     = 1_000_000
	MaxLoops      = 4            // repeats inside each other: a task counts each of them
	MaxRate       = spec.MaxRate // arrivals per second
	MaxTime       = spec.MaxTime
	MaxConsumers  = 2_000_000 // over all queues
	MaxPlaces     = 1_000_000 // instances over all services
	MaxPartitions = 10_000    // of a topic
	MaxPriorities = 8
	MaxFaults     = 10_000
	MaxConfirmers = 31        // handlers of which each has to confirm an operation
	MaxFanOut     = 1_000_000 // messages one operation can become by static counting
)

// Design is one way to build the system, with the load on it and the faults
// that will happen to it: everything a run needs but its seed and its length.
// It is plain data; Compile checks it and turns it into flat tables.
type Design struct {
	Name     string
	Loads    []Load
	Services []Service
	Brokers  []Broker
	Links    []Link     // by name of their ends; legs not listed use Default
	Default  LinkParams // every other leg, those to clients and brokers too
	Faults   []Fault
	Prices   Prices
}

// Target names where a message goes: a handler of a service ("stock/reserve"),
// or a queue or topic of a broker ("bus/orders").
type Target struct{ Node, Entry string }

func (t Target) String() string { return t.Node + "/" + t.Entry }
