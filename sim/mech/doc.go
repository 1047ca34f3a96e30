// Package mech declares what a mechanism is: one value, from which everything that the
// lab knows of it is made. Each mechanism has a folder (breaker, bulkhead, limit), and a
// line in the list (package all).
//
//	sim/mech/NAME ──► Mechanism ──┬── Key, Fields, New, Stands ──► language, schema, LANGUAGE.md, parameters, --set, knobs
//	                              ├── Check, Warnings ───────────► what is wrong with a design
//	                              ├── Causes ────────────────────► on: of a retry, load.X.failed.CAUSE
//	                              ├── Metrics ───────────────────► asynclab metrics, reports, plots, expectations
//	                              ├── Records ───────────────────► log, diagram, picture
//	                              ├── Words, Timers, Line ───────► its state: in checkpoints, reset by a crash
//	                              └── May, Ended, Timer, … ──────► what it does
//
// A design carries the mechanisms that it uses (design.Uses), so that the compiler needs
// no list. What they add (causes, counters, words of state, timers) is numbered when the
// design is compiled, only for those that it uses; a design without any passes one
// comparison at each seam.
//
// # How to add one
//
// make mechanism NAME=pool lays out the folder, its test, a scenario with its twin and its
// finding, and the translations that it needs, and puts it into the list. NAME is a word
// that no field and no scenario has: the key in a scenario, and what its metrics, causes
// and records begin with. Then, in this order:
//
//	settings   a struct with the zero value of each field as its default, and a table of fields for it (package spec); a count
//	           that is unlimited by default (spec.Never) is 0 then. Name, where call sites share a cell by a field of theirs
//	place      Stands: a load, a call, the door of a service, a queue; where others stand there too, Rank decides who is asked first:
//	           breaker 20, limit 30, shed 35, concurrency 36, bulkhead 40, hedge 50, budget 60. A publish that does not confirm may have none, which is checked for you
//	           A word of several is kept by Enum, of two in a bool (window of breaker, earn of budget). What a run can turn is Live
//	state      Words of int64 a cell, and Timers; what has a bound of its own, or goes by a key, is in Tables (limit/keyed.go): they count
//	           among what is in flight, so that a run ends when they grow without end. A cell belongs to an instance of the caller (load, call) or of the service (door), or to a queue;
//	           all words are 0 at first and after a crash, so let 0 mean "nothing has happened", or write a Start
//	metrics    a metric.Kind of its own, declared with constants for the keys; Rank of kinds: its place in reports. Tells says what a metric
//	           is to findings (Refuses, Lines, Ends), Better which way is good, Curve where it is plotted
//	causes     by which it refuses: Refuse(0) is the first of Causes. Spares: no breaker takes it for the callee's failure.
//	           Retried: a retry without on: tries it again. Mechanisms that share a cause share the pointer to its Reason
//	records    what is told of an attempt or a change of state, where it happens, by Host.Record; each word has an ID that begins with the
//	           name, and its translation
//	hooks      below; each gets a Cell, valid until it returns
//	truth      a case with a closed form in scenarios/truth_mechanisms_test.go, in standard errors; -update writes its bits, and the
//	           full form (-truth.full) says whether the tolerance is too narrow
//	property   random settings in uses of sim/engine/property_design_test.go, and changes of the Live ones in liveSettings
//	           (property_test.go); without them no property test has a cell of it
//	scenario   in scenarios/library: asynclab validate and run it until it says what it should; then its broken twin
//	           (scenarios/library_twins_test.go), the first finding of each design (library_findings_test.go), and a row in the README
//	language   go test ./scenarios -run 'TestReference|TestBroken' -update writes what is generated; assets/translations/zh-Hans has the
//	           texts: model (fields, metrics), record (causes, records, warnings), mistake (noun.NAME, what Check says), library (the
//	           scenario; its description is one line a paragraph)
//
// go test ./sim/mech/... ./scenarios ./sim/engine ./ui/locale ./cmd/asynclab names what is
// missing. Settings that contradict each other when they are drawn one by one are
// mended where files are generated (scenarios/files_values_test.go, "mechanism").
//
// # The hooks
//
//	May      before an attempt is sent, or a request or message let in, from the lowest Rank up. Go, Wait (only callers), Refuse(cause).
//	         What it leaves in Ticket comes back in the Outcome
//	Start    a cell whose words are all zero: at the beginning of the run, and after a crash
//	Pick     which of several Targets is this attempt for? What it leaves in Ticket comes back in the Outcome
//	Ended    an attempt that might go has ended: an answer, a failure, a timeout. Counts is false where it says nothing: cancelled,
//	         given up, refused by a guard behind this one, or by a cause that Spares. Doors and queues have no Ended. Who leaves the
//	         line by itself has none: it never went. Attempts that a crash of their caller ends have theirs before Reset
//	Turn     a request has left the line of its service for a worker: may it have it? Refused, it is the next one's turn
//	Told     at a door, of its balancer (Outside: a crash of the instance leaves the cell alone): a request that the instance got has been
//	         answered, refused, or not answered in time. Host.Out makes the balancer leave the instance out; Host.Answers is a check of it
//	Left     at a door: a task has left, after Took; Tasks and Line are what it leaves behind
//	Hedge    how long after a request of an attempt the next one is sent, while none is answered. Guards that count each request (Each)
//	         are asked for every one, with Hurry: they must not let it wait
//	Again    before a retry: may it be? It is asked after Ended, and also where the attempt was refused
//	Closed   a call has ended with all its attempts, by the cause that it returns: an answer that was kept may stand for a failure (cache).
//	         Ticket is the call's from its first May on, and Host.Carry gives what a kept answer carries
//	First    with Slots, of services that it starts and stops (scale): how many instances begin. Said: the service says another number now
//	Timer    the k-th timer is over. Host.Timer starts one anew, Host.Cancel takes it back
//	Reset    a crash forgets the cell: take back levels; words and timers are then zeroed for you
//	Changed  a Live field has another value; Words may not depend on one
//	Audit    is the state one that can be? Run.Audit asks it in every property test
//
// Some kinds of values are smaller than a mechanism, because all that differs is one
// function or a few facts: the schedules of back-offs (backoff), the policies by which a
// request finds its instance (balance) and those of full queues (overflow), and the
// strategies by which partitions are dealt (deal). One more is a value in their list.
//
// An attempt that waits is in the Line of its cell; Host.Next lets the first one go, and
// the hook takes what it costs; c.Ticket goes with it, as from May. Whoever waits leaves
// by itself when its patience or its operation ends. For a worked example read bulkhead
// (the smallest: line, patience, level, parameters that change), limit (timer) or breaker
// (state, window, probes); scenarios/mechanism_test.go has a whole one in one file.
package mech
