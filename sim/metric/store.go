package metric

import (
	"asynclab/sim/draw"
	"asynclab/sim/measure"
	"asynclab/sim/record"
)

// The counters of a store.
const (
	StoreReads measure.Counter = iota
	StoreWrites
	StoreConflicts
	StoreIgnored
	StoreKnown
	StoreRefused
	StoreParked
	StoreForgotten
	StoreLost
	StoreLocks
	StoreUnlocked
)

// The levels of a store.
const (
	StoreRows measure.LevelID = iota
	StoreLocked
	StoreWaiting
	StoreParking
	StoreAccesses
)

// The distributions of a store.
const (
	StoreLockWait measure.HistID = iota
	StoreParkWait
)

// Store is the metrics of a table of a service, over all its instances.
var Store = Declare("store", 55, "SERVICE/STORE", []Metric{
	{Key: StoreRows, Name: "rows", Sign: Sign{Says: "%s stored", Quiet: true}, Doc: "rows of the table, over all instances", Row: Row{At: 10, When: NonZero, Stats: []Stat{Mean, Max}}},
	{Key: StoreReads, Name: "reads", Doc: "accesses by `read` steps"},
	{Key: StoreWrites, Name: "writes", Doc: "rows written, by `set` and `count`"},
	{Key: StoreConflicts, Name: "conflicts", Better: Lower, Doc: "compare-and-sets that failed", Row: ifAny(20)},
	{Key: StoreIgnored, Name: "ignored", Doc: "transitions that were not allowed, and ignored", Row: ifAny(30)},
	{Key: StoreKnown, Name: "known", Sign: Sign{Says: "%s/s known already", Group: record.Repetition}, Doc: "tasks that a `stop` step ended because of the row of their key: one that came again is not done again", Row: ifAny(35)},
	{Key: StoreRefused, Name: "refused", Better: Lower, Doc: "transitions that were not allowed, and rejected: at once, or because no more may be parked, or they were parked for too long", Row: ifAny(40)},
	{Key: StoreParked, Name: "parked", Doc: "transitions that were not allowed, and parked", Row: ifAny(50)},
	{Key: StoreForgotten, Name: "forgotten", Doc: "rows that were removed: by `forget`, by their time to live, or to make room"},
	{Key: StoreLost, Name: "lost", Better: Lower, Doc: "rows that a crash left nothing of", Row: ifAny(60)},
	{Key: StoreLocks, Name: "locks", Doc: "locks taken, for the first time by their holder"},
	{Key: StoreUnlocked, Name: "no_lock", Tells: Refuses, Better: Lower, Of: StoreLocks, Doc: "those that had no lock in time", Row: ifAny(70)},
	{Key: StoreLocked, Name: "locked", Sign: Sign{Says: "%s locked"}, Doc: "locks that are held", Row: Row{At: 80, When: NonZero, Stats: []Stat{Mean}}},
	{Key: StoreWaiting, Name: "waiting", Tells: Lines, Better: Lower, Sign: Sign{Says: "%s wait for a lock"}, Doc: "tasks that wait for a lock", Row: Row{At: 90, When: NonZero, Stats: []Stat{Mean, Max}}},
	{Key: StoreParking, Name: "parking", Sign: Sign{Says: "%s parked"}, Doc: "tasks that are parked"},
	{Key: StoreAccesses, Name: "accesses", Doc: "accesses under way, those that wait for a slot not included"},
	{Key: StoreLockWait, Name: "lock_wait", Better: Lower, Unit: draw.Seconds, Doc: "time until a lock was taken, or patience lost; 0 where it was free"},
	{Key: StoreParkWait, Name: "park_wait", Better: Lower, Unit: draw.Seconds, Doc: "time that those who were parked have been so"},
})

// StateRows is the level of a state, CounterValue that of a counter.
const (
	StateRows    measure.LevelID = 0
	CounterValue measure.LevelID = 0
)

// State is the metrics of a state of a store.
var State = Declare("state", 56, "SERVICE/STORE/STATE", []Metric{
	{Key: StateRows, Name: "rows", Doc: "rows in this state; rows that nobody has written are in none"},
})

// Counter is the metrics of a counter of a store.
var Counter = Declare("counter", 57, "SERVICE/STORE/COUNTER", []Metric{
	{Key: CounterValue, Name: "value", Doc: "the counter, over all rows that there are"},
})
