package mech

import (
	"asynclab/sim/design"
	"asynclab/sim/kernel"
	"asynclab/sim/measure"
	"asynclab/sim/metric"
	"asynclab/sim/record"
	"asynclab/sim/warning"
)

// Mechanism is one mechanism: what a design knows of it, and how it runs. Every hook
// may be nil.
type Mechanism struct {
	design.Declared

	Metrics *metric.Kind   // of each element that has it
	Records []record.Class // what the log and the diagram tell of it
	Rank    int            // where several stand at one place: the lowest is asked first

	Words   func(settings any) int // words of state that a cell has
	Timers  int                    // of a cell
	Tables  int                    // of a cell, each of TableWords a row: what it keeps by a key, and grows with what it has seen
	Line    *Line                  // where attempts wait that may not go yet
	Outside bool                   // at a door: it belongs to the balancer of the service, and a crash of the instance does not reset it
	Draws   bool                   // it asks Host.Draw
	Each    bool                   // May and Ended are for each request: hedges, too
	Hedge   *Hedge                 // it sends further requests of an attempt while its first is under way

	First   func(settings any, said int) int       // with Slots: the instances that a service begins with, of those that it says
	Said    func(c *Cell, n int)                   // with Slots, of the first cell: the service says now that it has n instances
	Start   func(c *Cell)                          // a cell whose words are all zero
	Pick    func(c *Cell) int                      // with Targets: the one of an attempt; 0 is that of the step. It is asked before May
	May     func(c *Cell) Verdict                  // may this attempt, request or message go on?
	Ended   func(c *Cell, o Outcome)               // an attempt that might go has ended
	Turn    func(c *Cell, wait int64) Verdict      // at a door: may the request whose turn has come for a worker, after a wait, have it?
	Left    func(c *Cell, o Outcome)               // at a door: a task has left, by its end or otherwise; Took is since its arrival
	Told    func(c *Cell, o Outcome)               // at a door, of its balancer: a request that an instance got was answered, refused, or not answered in time
	Closed  func(c *Cell, o Outcome) design.Cause  // a call has ended, with all its attempts: by which cause in truth? Counts is false where its caller has left it
	Again   func(c *Cell, cause design.Cause) bool // may a retry follow the attempt that failed by this cause?
	Timer   func(c *Cell, k int)                   // the k-th timer of the cell is over
	Reset   func(c *Cell)                          // a crash is about to zero the words and cancel the timers: take levels back
	Changed func(c *Cell, before any)              // a parameter has another value now
	Audit   func(c *Cell) error                    // is the state one that can be?
}

// TableWords is how many words a row of a Table has.
const TableWords = 2

// Line declares the line of a cell: first come, first served.
type Line struct {
	Waiting measure.LevelID // in Metrics: how many wait
	Wait    measure.HistID  // for how long
	Lost    measure.Counter // how many have lost their patience
	Cause   int             // by which one fails that has lost its patience: its place in Causes
}

// Hedge is what a mechanism says of the further requests of an attempt.
type Hedge struct {
	Next    func(c *Cell) (after int64, ok bool) // Sent have been sent: how long until the next one, ns
	May     func(c *Cell) bool                   // its time has come: may it be sent?
	Cancels func(settings any) bool              // those that lose are cancelled
	Sent    measure.Counter
	Won     measure.Counter // hedges that were answered first
	NoSlot  measure.Counter // hedges that were not sent because a guard would have let them wait
	Told    record.Class    // a hedge is sent
}

// Verdict is what May decides.
type Verdict int

// The verdicts that are no refusal.
const (
	Go     Verdict = 0
	Wait   Verdict = -1 // in line, until Next; at most for Cell.Patience. With a Ticket, until Share or Ask of it
	Answer Verdict = -2 // the call ends well at once; only of what is asked first
	Delay  Verdict = -3 // in line for Cell.Patience, and then it goes on: also at a door
)

// Refuse ends an attempt at once, by a cause: its place in Causes.
func Refuse(cause int) Verdict { return Verdict(cause + 1) }

// Outcome is how an attempt ended that was let go.
type Outcome struct {
	Ticket int64 // what May left in Cell.Ticket
	Counts bool  // false: cancelled, given up, or turned away before it was sent
	Cause  design.Cause
	Took   int64 // ns since it was let go
}

// Cell is one running instance of a mechanism: of each instance of a calling service
// and callee, of a service's instance, or of a queue. It is valid during the hook.
type Cell struct {
	Settings any     // as Declared.New makes it; changed values are in it
	Words    []int64 // its state, kept by checkpoints
	Now      int64
	Ticket   int64 // May: kept with the attempt, for its Outcome
	Line     int32 // at a door: tasks that wait for a worker of the instance
	Tasks    int32 // at a door: all tasks that are there
	Priority uint8 // at a door: of the request
	Size     int64 // at a door or a queue, May: of the request or message, bytes
	Left     int64 // at a door, May and Turn: until the deadline of the operation, ns
	Sent     int32 // Hedge.Next: hedges of this attempt so far
	Again    bool  // May: it is not the first attempt of its call
	Hurry    bool  // May: a hedge, which does not wait
	Door     bool  // it stands at the door of a service
	Attempt  int32 // May, Again: of a call; 0 is the first
	Patience int64 // May, with Wait: ns; 0: for ever. With Delay: how long
	After    int64 // May, with Refuse: a retry waits at least for so long, ns

	Host  Host
	Index int32 // among all cells
}

// Host is the run, as hooks see it.
type Host interface {
	Count(m measure.Counter) // adds one to a count in Metrics
	Level(m measure.LevelID, d int64)
	Observe(m measure.HistID, d int64) // ns
	Timer(k int, at int64)             // starts the k-th timer of the cell anew
	Cancel(k int)
	Record(class record.Class) // tells observers
	Next() bool                // lets the first in line go; false: nobody waits
	Waiting() int              // in line
	Key() uint64               // of the operation, by Declared.Attribute
	Table(i int) *kernel.Table
	Draw(n uint64) float64                  // the n-th random number of the cell, from 0 to 1
	Share(ticket int64, cause design.Cause) // the calls in line with this ticket end so
	Ask(ticket int64)                       // those are asked May again
	Carried() int64                         // what the answer to the call carries
	Carry(what int64)                       // it carries this
	Has(set design.CauseSet, cause design.Cause) bool

	Reaches(k int) Answering // with Targets: would the k-th answer a check of the caller now? Absent: the caller cannot ask

	// Of the instance of a cell at a door.
	Place() (i, n int)      // its number, from 0, and how many there are
	Answers() Answering     // would it answer a check now?
	Out(out bool)           // its balancer leaves it out, or no longer does
	LeftOut() (left, n int) // how many are left out, of how many
	Staffing
}

// Staffing is what a mechanism that starts and stops instances (Declared.Slots) asks of the
// run, about the service of its cells. An instance is in, away, starting or leaving.
type Staffing interface {
	Staff() Staff
	Begin(k int, at int64) bool // the first that is away is starting: its k-th timer is set; false: none is away
	Join() bool                 // the cell's instance, which is starting, is in; false: it cannot now
	Leave() bool                // the last that is in is leaving: it gets nothing new, and its DoneTimer ends when its tasks are done
	Retire() bool               // the cell's instance, which is leaving, is away; false: it cannot now
}

// DoneTimer is the timer of a cell that Leave sets.
const DoneTimer = 2

// PaidLevel is the level in Metrics that counts instances that are not away: they cost
// their hours. The run sets it at the beginning.
const PaidLevel measure.LevelID = 0

// Staff is the instances of a service, and what they have to do.
type Staff struct {
	In, Up, Starting     int   // those that take part, those of them that are not down, and those that will
	Busy, Held, Capacity int64 // worker time since the run began, ns: at work, held, there
	Waiting              int   // requests in line, and messages in the queues that they consume
	Oldest               int64 // age of the oldest of these messages, ns
}

// Answering is what an instance would do with a check.
type Answering uint8

// It answers at once; it refuses at once; it never answers; it answers when it goes on; it
// has not started, and nobody asks it.
const (
	Well Answering = iota
	Refuses
	Silent
	Paused
	Absent
)

// List is a list of mechanisms. Its order decides nothing.
type List []*Mechanism

// Declared is the list as designs and the language know it.
func (l List) Declared() []design.Mechanism {
	all := make([]design.Mechanism, len(l))
	for i, m := range l {
		all[i] = m
	}
	return all
}

// Tables are those of the core with the fields of the list.
func (l List) Tables() design.Tables { return design.Core.With(l.Declared()...) }

// Kinds are the kinds of metrics of the core and of the list, in reporting order.
func (l List) Kinds() metric.Kinds {
	all := metric.Core
	for _, m := range l {
		if m.Metrics != nil {
			all = all.With(m.Metrics)
		}
	}
	return all
}

// Begin lists the words with which names of metrics of the list begin.
func (l List) Begin() (all []string) {
	for _, m := range l {
		if m.Metrics != nil {
			all = append(all, m.Metrics.Name)
		}
	}
	return all
}

// Warnings are the kinds of warnings of the core and of the list.
func (l List) Warnings() []warning.Kind {
	all := warning.Kinds()
	for _, m := range l {
		all = append(all, m.Warnings...)
	}
	return all
}

// Causes are the causes of failure of the core and of the list.
func (l List) Causes() []*design.Reason { return design.Causes(l.Declared()...) }

// Words are the texts of the list that need a translation, but for documentation of
// fields and metrics.
func (l List) Words() (all []record.Word) {
	told := map[*design.Reason]bool{} // some share one
	for _, m := range l {
		for _, c := range m.Causes {
			if !told[c] {
				all = append(all, c.Word())
			}
			told[c] = true
		}
		for _, c := range m.Records {
			all = append(all, c.Words()...)
		}
		for _, k := range m.Warnings {
			all = append(all, k.Words()...)
		}
	}
	return all
}
