// Package sim is the entry point of the simulator: it runs designs and returns
// one result.
//
//	designs ──► engine.Compile ──► design × replication ──► metrics, fingerprint, warnings, end
//	                                  │ (one run = one          │
//	settings: length, warm-up,        │  goroutine at most)     ▼
//	seed, replications, budgets ──────┘                  estimates over replications
//	                                                            │
//	expectations ──► windows the runs must answer ──► verdicts ─┤
//	                                                            ▼
//	                                     Result ──► JSON (here) · text, CSV, … (sim/report)
//
// The packages it builds on: kernel (clock, event list), draw (random draws, units),
// design (the model of a design), check (finds mistakes in one), engine (compiles and
// runs it), metric (defines what is measured), measure (histograms, levels, statistics),
// expect (expectations), topology (pictures), report (writes results).
//
// # How to choose
//
// To see what a design does, run it once: the numbers are exact for that seed.
// To say that one design is better than another, use replications (ten is a good
// start): every metric becomes a mean with a 95 % interval, and expectations are
// judged on paired differences. A longer run makes percentiles finer; more
// replications make intervals narrower. To end after a fixed time choose
// Duration, to compare cost per request choose Completions; with both, whatever
// comes first. Prepare, Plan.Run and Merge are Run in parts, for replications that run
// elsewhere. After Duration the operations that arrived until then are followed
// to their ends (see package engine). Use package engine directly to step through a run, look inside
// or change it while it runs.
package sim
