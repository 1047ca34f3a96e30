// Package model is what a design is, and what happens when it runs: loads,
// services, links, brokers and faults, compiled to flat tables and driven by
// the event list of package kernel.
//
//	Design ──Check──► Problems
//	   │
//	   └──Compile──► Program ──NewRun(seed, length)──► Run
//	                 tables,                            │ Advance, Step, Set, Inject
//	                 never written                      │ Checkpoint, Restore
//	                                                    ▼
//	        kernel.List ◄── events ──► state: slabs of operations, calls,
//	                                   messages, tasks and copies
//	                                        │
//	                measure.Recorder ◄──────┴──────► Observer
//	                (part of the state)              (sees everything, changes nothing)
//
// An operation is carried by what it has become: requests and their answers,
// tasks, copies in queues, calls that wait. Each holds a reference; when none
// is left and the operation is still open, nothing can end it well any more,
// and it has failed by the cause of what last went wrong. Audit proves that
// nothing is lost from the books.
//
// A handler is compiled to instructions; a task is a program counter and what
// it needs to go on. What happens without delay is no event: it is put into a
// short list that is worked off before the next one, so that no chain of calls,
// however long, nests in the program's own stack. A request, an answer, a
// delivery or an acknowledgement on a link that takes no time and on which
// nothing can happen is handed over without making a message of it, and a
// message to a queue that nobody waits for travels as the copy it will become.
//
// # How to choose
//
// To run designs, with replications, expectations and reports, use package sim
// above this one. Use Run directly to step, to go back (Checkpoint, Restore),
// to change parameters on the way (Set; the registry is in params.go: Params,
// Get, Set, made from the tables in fields.go), to break and mend (Inject, Heal), or to watch (Look for how things
// stand, SetObserver for what happens). What is done by hand is a Change: Changes
// lists them, Config.Changes gives them to a new run, Plan to one that has gone
// back, and it is the same run.
//
// Where to make a change: a new field of a design is an entry in the table of its
// type (fields_*.go), from which parameters and the language follow; a new way to handle a message is a step (design.go,
// emit.go, tasks.go); something that can happen on the way is a link
// (links.go); what a broker can be told is a queue (brokers.go); what goes
// wrong is a fault (faults.go); a number is a line in metrics.go and where it
// is counted. Every record of state is plain data; checkpoint.go copies it and
// a test holds that nothing is shared.
package model
