// Package mech declares what a mechanism is: one value, from which everything that the
// lab knows of it is made. Each mechanism has a folder (breaker, limit), and a line in
// the list (package all).
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
//	settings   a struct with the zero value of each field as its default, and a table of fields for it (package spec)
//	place      Stands: a load, a call, the door of a service, a queue; where others stand there too, Rank decides who is asked first
//	state      Words of int64 a cell, and Timers. A cell belongs to an instance of the caller (load, call) or of the service (door), or to a queue;
//	           all words are 0 at first and after a crash, so let 0 mean "nothing has happened", or write a Start
//	metrics    a metric.Kind of its own, declared with constants for the keys; Rank of kinds: its place in reports
//	causes     by which it refuses: Refuse(0) is the first of Causes. Spares: no breaker takes it for the callee's failure
//	hooks      below; each gets a Cell, valid until it returns
//	truth      a case with a closed form in scenarios/truth_mechanisms_test.go, in standard errors
//	scenario   in scenarios/library, with a broken twin (scenarios/library_twins_test.go) and a row in the README
//
// The tests of scenarios, ui/locale and cmd/asynclab name what is missing; go test
// ./scenarios -run 'TestReference|TestBroken' -update writes what is generated.
//
// # The hooks
//
//	May      before an attempt is sent, or a request or message let in, from the lowest Rank up. Go, Wait (only callers), Refuse(cause).
//	         What it leaves in Ticket comes back in the Outcome
//	Ended    an attempt that might go has ended: an answer, a failure, a timeout. Counts is false where it says nothing: cancelled,
//	         given up, refused by a guard behind this one, or by a cause that Spares. Doors and queues have no Ended
//	Timer    the k-th timer is over. Host.Timer starts one anew, Host.Cancel takes it back
//	Reset    a crash forgets the cell: take back levels; words and timers are then zeroed for you
//	Changed  a Live field has another value; Words may not depend on one
//	Audit    is the state one that can be? Run.Audit asks it in every property test
//
// Two kinds of values are smaller than a mechanism, because all that differs is one
// function: the schedules of back-offs (backoff) and the policies by which a request
// finds its instance (balance). One more is a value in their list.
//
// An attempt that waits is in the Line of its cell; Host.Next lets the first one go, and
// the hook takes what it costs. Whoever waits leaves by itself when its patience or its
// operation ends. For a worked example read breaker (state, window, probes) or limit
// (line, patience, parameters that change); scenarios/mechanism_test.go has a whole one
// in one file.
package mech
