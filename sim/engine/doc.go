// Package engine compiles a design and runs it: loads, services, links, brokers
// and faults become flat tables, driven by the event list of package kernel.
//
//	design.Design ──Compile──► Program ──NewRun(seed, length)──► Run
//	  (checked first)          tables,                            │ Advance, Step, Set, Inject
//	                           never written                      │ Checkpoint, Restore
//	                                                              ▼
//	          kernel.List ◄── events ──► state: slabs of operations, calls,
//	                                     messages, tasks and copies
//	                                          │
//	                  measure.Recorder ◄──────┴──────► Observer
//	                  (part of the state)              (sees everything, changes nothing)
//
// Each request, answer, task, copy in a queue and waiting call of a task holds a
// reference to its operation. When no reference is left, the client's call is not
// open and the operation still is, nothing can complete it any more: it fails, by the cause of the last
// failure. So does one whose client has spent its attempts, at once if its
// declared end is the reply, and otherwise when no reference is left. Audit proves
// that every copy and every task is in exactly one state.
//
// A load's metrics are of the operations that arrive in the window, which ends at
// the duration. Each is followed to its end: in the drain, the run goes on until
// none of them is open, at most for Config.Drain (by default the longest deadline
// of the loads, and never longer than the window). Operations go on arriving and
// faults end, but none begins, and no change takes effect. What is no operation of
// the window stops at the duration: services, queues, links, series, the snapshot,
// and the clock, so that Now stays there while End is still Running and Draining
// is true. Advance to the duration or beyond includes the drain; the fingerprint
// and the number of events cover it, and observers see it.
//
// A handler is compiled to instructions; a task is a program counter and the
// variables of its execution. An action without delay is not an event: it goes
// into a ring of ready items that is emptied before the next event, so that a
// chain of calls, however long, does not nest on the stack of the program.
//
// # The straight road
//
// A run is fast when nothing is out of the ordinary, and most of any run is not.
// On a link that cannot lose, duplicate, corrupt, reorder or size a message no
// message record is made: a request travels as its task, a good answer as the task
// that has ended, a publish as its copy, and where there is no delay, all of them
// and deliveries and acknowledgements are handed over at once. Two bits say that
// nothing is out of the ordinary, one of the run (weigh) and one of an instance (judge);
// what never changes is a bit of a table (site.bare, queueT.plain). They are set
// by whatever changes one of these, never looked for. With both clear, work is
// scheduled and a worker handed to the next in line without further questions
// (admit, nextWaiting), a call goes out as the task of its request (callOut), and a
// task that has ended well answers at once (completeWell). A queue with one reading
// service that acknowledges by hand, and without limits of time, is a lane: a copy that
// comes to it goes on to its consumer and to work in one sequence, and acknowledges,
// gives its credit back and is gone in another (lanes.go). What leaves the road at any event
// goes on in the same functions, and a test tosses the bits before every event to see
// that it is the same run. Draws are made early, while a message travels: they are functions.
//
// Between brokers and their clients lie connections (connections.go, reconnect.go), one for each
// instance or load: what a link loses or a cut holds back comes later and in order,
// heartbeats that are no events find out who has gone, and clients connect again.
// On a calm run none of this is on the way: one counter (upset) says whether a link
// is cut, a connection not open, or something held back.
//
// # How to choose
//
// To run designs, with replications, expectations and reports, use package sim
// above this one. Use Run directly to step, to go back (Checkpoint, Restore), to
// change parameters while it runs (Set), to inject and heal faults (Inject, Heal),
// to read the present state (Snapshot) or to see every event (SetObserver). Each
// change by hand is a design.Change: Changes lists them; Config.Changes replays
// them in a new run, and Plan in a run after Restore, to the same fingerprint.
//
// Where to make a change: a field of a design is declared in package design; a way
// to handle a message is a step (emit.go, steps.go); loss, delay and order in
// transit are properties of a link (links.go); the behaviour of a broker is in
// the settings of a queue (brokers.go, deliveries.go); the effect of a fault is in
// act (faults.go); what stands at a call, a door or a queue is a mechanism (package
// mech; seam.go has its state, seam_calls.go asks it); a metric is declared in package metric and counted where it
// occurs. Every record of state is plain data; checkpoint.go copies it, and a test
// checks that the copy shares no memory.
package engine
