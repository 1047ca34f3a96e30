// Package study runs experiments that are more than one run: replications,
// comparisons and sweeps, cut into jobs.
//
//	scenario + data files ──► Bundle ─┐
//	design, PATH=VALUE, seed ─────────┼──► Job ──► Runner ──► Result ──► Merge ──► sim.Result
//	replications from..to, metrics ───┘  (Hash)      │        (JSON)       (in the order of
//	                                                 │                      replications)
//	                            Local: this process, all cores
//	                            cluster.Remote: workers, on any number of machines
//
// A job needs nothing but itself, and its result depends on nothing else: the same
// bits on one core and on a hundred machines, in whatever order results arrive.
//
// # How to choose
//
//	designs of a scenario as they are, in this process    sim.Run
//	their replications, on more than this machine         Replicated
//	many points or designs, files that resume             jobs and a Runner
//	more than this machine                                cluster.Remote, and asynclab worker elsewhere
//
// # A sweep
//
//	--vary ──► Vary ──► Axis ─┐                        ┌─► Curve ──► Knee, Crossing
//	metrics, expectations ────┼─► Sweep ──► jobs ──► points ──► Flip: more jobs, near the bound
//	replications, settings ───┘               │        └─► text, JSON, CSV, Markdown; PNG, SVG: package picture
//	                                          └─► File: a line for each result; a sweep resumes from it
//
// What a sweep looks for is decided by results alone, round by round, so that it is
// the same whatever is run, read from a file or run again.
//
//	how much it carries, before it bends         Knee
//	how far a promise holds                      Flip, with its 95 % interval
//	which of two designs is better where         Crossing
//
// # Jobs
//
// Split makes the jobs of one design: one replication each spreads best over
// workers, a few together cost less to distribute when a replication takes
// milliseconds. Merge gives what sim.Run would have given. Give jobs the names of
// the metrics that are read: results are then small.
package study
