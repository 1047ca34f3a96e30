package design

import (
	"slices"
	"strings"
	"time"

	"asynclab/sim/draw"
	"asynclab/sim/spec"
)

// Store is a table that a service keeps: for each key a row with a state, counters and
// a version, which counts how often it was written. A row that was never written has the
// first of the states.
//
//	key ──► state (a word) · counters · version · a lock
//
// With Allow it is a state machine: Otherwise says what happens to a step that would
// take a row where the present state does not lead.
type Store struct {
	Name      string
	Key       string // an attribute; OperationKey; "": it has one row
	Lives     Lives
	States    []string
	Counters  []string
	Allow     []Transition
	Otherwise Otherwise
	Parked    int           // most that wait at a time in an instance; 0: DefaultParked; Unlimited
	Patience  time.Duration // of a parked one; 0: DefaultTimeout; None
	TTL       time.Duration // a row is forgotten so long after it was last written; 0 or None: never
	Rows      int           // most rows; the one not written for longest goes; 0 or Unlimited: no bound
	Latency   draw.Dist     // seconds of an access
	Slots     int           // accesses at a time; 0 or Unlimited: no bound
	Lease     time.Duration // for which a lock outlives a crash of its holder; 0: not at all; None: for ever
}

// OperationKey is the key of a store in which each operation has a row of its own.
const OperationKey = "operation"

// Limits of stores.
const (
	MaxStores     = 32 // of a service
	MaxStates     = 32 // of a store
	MaxCounters   = 16
	DefaultParked = 1000
)

// Lives says where a store is, and so what a crash leaves.
type Lives uint8

// In the memory of each instance, whose crash empties it; on the disk of each instance,
// where it stays; outside of the instances, which share it.
const (
	InMemory Lives = iota
	OnDisk
	Outside
)

// Otherwise is what happens to a transition that is not allowed.
type Otherwise uint8

// It is rejected: the step fails. It is ignored: the handler ends well. It is parked, without
// a worker, until the row is in a state that allows it.
const (
	RejectOther Otherwise = iota
	IgnoreOther
	ParkOther
)

// Transition says to which states one may lead.
type Transition struct {
	From string
	To   []string
}

// String is the transition as it is written.
func (t Transition) String() string { return t.From + ": [" + strings.Join(t.To, ", ") + "]" }

// StoreNamed finds a store of the service; nil if it has none of the name.
func (s *Service) StoreNamed(name string) *Store {
	if i := slices.IndexFunc(s.Stores, func(t Store) bool { return t.Name == name }); i >= 0 {
		return &s.Stores[i]
	}
	return nil
}

// NoCapacity is the cause of who got no lock, slot or place in time.
var NoCapacity = &Reason{Name: "no_capacity", Words: "no capacity", Spares: true, Retried: true}

// keeps reports whether a service has locks, or a store that parks.
func (s *Service) keeps() bool {
	return slices.ContainsFunc(s.Stores, func(t Store) bool { return t.Otherwise == ParkOther }) ||
		slices.ContainsFunc(s.Handlers, func(h Handler) bool { return locks(h.Steps, 1) })
}

func locks(steps []Step, depth int) bool {
	return depth <= MaxStepDepth && slices.ContainsFunc(steps, func(s Step) bool {
		return s.Op == LockRow || locks(s.Else, depth+1) || slices.ContainsFunc(s.Branches, func(b []Step) bool { return locks(b, depth+1) })
	})
}

var storeTable = spec.New(spec.Table{
	Name: "store", Doc: "a table of a service: for each key a row with a state, counters and a version, read by conditions (`orders == paid`, `orders.paid > 3`, `orders.version == 1`, or `orders` alone: there is a row), written by the steps `set`, `count` and `forget`, and locked by `lock`", Shared: true,
	Fields: []spec.Field{
		{Key: "key", Kind: spec.Name, Default: spec.Says("one row"), Doc: "the attribute whose values have a row each; `operation`: each operation has its own",
			At: spec.At(func(s *Store) *string { return &s.Key })},
		{Key: "lives", Kind: spec.Word, Words: []string{"memory", "disk", "outside"}, Default: spec.Of(0),
			Doc: "where it is: in the memory of each instance, whose crash empties it; on the disk of each instance; outside of them, one for all, as a database",
			At:  spec.Enum(func(s *Store) *Lives { return &s.Lives })},
		{Key: "states", Kind: spec.Form, Form: "words", Default: spec.Says("none"), Doc: "the states of a row; the first is that of a row nobody has written",
			At: spec.At(func(s *Store) *[]string { return &s.States })},
		{Key: "counters", Kind: spec.Form, Form: "words", Default: spec.Says("none"), Doc: "the counters of a row, from 0",
			At: spec.At(func(s *Store) *[]string { return &s.Counters })},
		{Key: "allow", Kind: spec.Form, Form: "transitions", Default: spec.Says("every transition"), Doc: "a state machine: to which states each state may lead",
			At: spec.At(func(s *Store) *[]Transition { return &s.Allow })},
		{Key: "otherwise", Kind: spec.Word, Words: []string{"reject", "ignore", "park"}, Default: spec.Of(0),
			Doc: "what becomes of a `set` that is not allowed: it fails; its handler ends well there; it waits, without a worker, until the row is in a state that allows it",
			At:  spec.Enum(func(s *Store) *Otherwise { return &s.Otherwise })},
		{Key: "parked", Kind: spec.Count, Label: "tasks", Min: 1, Max: 1e6, Unlimited: true, Default: spec.Of(DefaultParked), Doc: "tasks that may be parked at a time; the next one fails as `no_capacity`",
			At: spec.At(func(s *Store) *int { return &s.Parked })},
		{Key: "patience", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Of(DefaultTimeout.Seconds()), Doc: "how long one is parked before it fails as `expired`",
			At: spec.At(func(s *Store) *time.Duration { return &s.Patience })},
		{Key: "ttl", Kind: spec.Duration, None: true, NotZero: true, Default: spec.Never, Doc: "a row is forgotten this long after it was last written",
			At: spec.At(func(s *Store) *time.Duration { return &s.TTL })},
		{Key: "rows", Kind: spec.Count, Label: "rows", Min: 1, Max: 1e9, Unlimited: true, Default: spec.Never, Doc: "most rows of the table; for one more, the row goes that was not written for longest",
			At: spec.At(func(s *Store) *int { return &s.Rows })},
		{Key: "latency", Kind: spec.TimeDist, Default: spec.Of(0), Doc: "how long a step waits for its access, holding its worker; conditions read without waiting: put a `read` before them",
			At: spec.At(func(s *Store) *draw.Dist { return &s.Latency })},
		{Key: "slots", Kind: spec.Count, Label: "accesses", Min: 1, Max: 1e6, Unlimited: true, Default: spec.Never, Doc: "accesses at a time, of those that take a time; others wait, first come first served",
			At: spec.At(func(s *Store) *int { return &s.Slots })},
		{Key: "lease", Kind: spec.Duration, None: true, Default: spec.Of(0), Doc: "how long a lock outlives a crash of its holder; of one that an operation holds, how long it lasts",
			At: spec.At(func(s *Store) *time.Duration { return &s.Lease })},
	},
})
