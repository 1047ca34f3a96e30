// Command asynclab runs scenarios without a display.
//
//	arguments ──► kong ──► a command ──► scenarios.Load ──► sim.Run ──► sim/report ──► stdout or --out
//	                          │                                │
//	                          └── mistakes, hints              └── progress, only on a terminal ──► stderr
//
// The same source makes two programs. asynclab links what nearly every command needs;
// asynclab-study, built with -tags study, has the message server and the drawing of
// plots as well (extras.go). The first hands over to it, with the same arguments and
// in its own place (handover.go):
//
//	asynclab worker, --nats, --plot ──► asynclab-study, beside it or on PATH ──► refused if it is of another build
//
// main only calls [Main], so that tests need neither a subprocess nor a
// terminal. Each file holds one command or a few small ones.
//
// # Exit codes
//
//	0    all well
//	1    an expectation was not met, or is inconclusive; with --strict, a warning; a lesson states what the engine does not confirm
//	2    the input or the command line is wrong
//	3    something failed while running, or a budget ended the run
//	130  interrupted; what was finished is reported
//
// # The result as JSON
//
//	scenario, version      the scenario's name, the program's version
//	seed, replications     what was run; replications are those that were finished
//	interrupted            true if the user ended it
//	designs.NAME
//	    metrics.METRIC     a number, or with --reps {mean, low, high} with the 95 % interval; null without samples;
//	                       replications (if fewer than were run had samples)
//	    fingerprint        a hash of every event: the same for the same seed, anywhere
//	    warnings[]         {code, element, text, hint}, those that matter most first
//	    silenced           warnings that the scenario silences (if there are any)
//	    ended              duration, completions, idle, budget-events, budget-in-flight, budget-instant, interrupted, not-started
//	expectations[]         {expect, pass, value, inconclusive (if it is), detail}
//	engine                 {events, wall_seconds, events_per_second}
//
// Durations are seconds, rates are per second, ratios are 0 to 1. The same seed
// gives the same bytes except for wall_seconds and events_per_second. Fields may be
// added; these stay.
//
// # How to choose
//
// run answers "what happens"; run --reps N answers "is the difference real".
// sweep answers "how far does it go": it varies a parameter ([study.Sweep]).
// validate is for editors and commit hooks, run --quiet --format junit for CI,
// run --format json for other programs. lesson check is for authors of lessons.
package main
