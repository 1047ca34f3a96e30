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
// make mechanism NAME=pool lays out the folder, its test, a scenario and the translations
// that it needs, and puts it into the list. Then:
//
//	settings   a struct with the zero value of each field as its default, and a table of fields for it (package spec); a count
//	           that is unlimited by default (spec.Never) is 0 then. Name, where call sites share a cell by a field of theirs
//	place      Stands: a load, a call, the door of a service, a queue; where others stand there too, Rank decides who is asked first:
//	           breaker 20, limit 30, shed 35, concurrency 36, bulkhead 40, hedge 50, budget 60. A publish that does not confirm may have none, which is checked for you
//	state      Words of int64 a cell, and Timers. A cell belongs to an instance of the caller (load, call) or of the service (door), or to a queue;
//	           all words are 0 at first and after a crash, so let 0 mean "nothing has happened", or write a Start
//	metrics    a metric.Kind of its own, declared with constants for the keys; Rank of kinds: its place in reports
//	causes     by which it refuses: Refuse(0) is the first of Causes. Spares: no breaker takes it for the callee's failure.
//	           Retried: a retry without on: tries it again. Mechanisms that share a cause share the pointer to its Reason
//	hooks      below; each gets a Cell, valid until it returns
//	truth      a case with a closed form in scenarios/truth_mechanisms_test.go, in standard errors; -update writes its bits, and the
//	           full form (-truth.full) says whether the tolerance is too narrow
//	property   random settings in uses of sim/engine/property_design_test.go, and changes of the Live ones in liveSettings; without them
//	           no property test has a cell of it
//	scenario   in scenarios/library, with a broken twin (scenarios/library_twins_test.go) and a row in the README
//
// The tests of scenarios, ui/locale and cmd/asynclab name what is missing; go test
// ./scenarios -run 'TestReference|TestBroken' -update writes what is generated.
//
// # The hooks
//
//	May      before an attempt is sent, or a request or message let in, from the lowest Rank up. Go, Wait (only callers), Refuse(cause).
//	         What it leaves in Ticket comes back in the Outcome
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
