// Command asynclab runs scenarios without a display.
//
//	arguments ──► kong ──► a command ──► scenarios.Load ──► sim.Run ──► sim/report ──► stdout or --out
//	                          │                                │
//	                          └── mistakes, hints              └── progress, only on a terminal ──► stderr
//
// main only calls [Main], so that tests need neither a subprocess nor a
// terminal. Each file holds one command or a few small ones.
//
// # Exit codes
//
//	0    all well
//	1    an expectation was not met, or is inconclusive
//	2    the input or the command line is wrong
//	3    something failed while running, or a budget ended the run
//	130  interrupted; what was finished is reported
//
// # How to choose
//
// run answers "what happens"; run --reps N answers "is the difference real".
// validate is for editors and commit hooks, run --quiet --format junit for CI,
// run --format json for other programs.
package main
