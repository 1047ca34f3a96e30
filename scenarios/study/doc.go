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
//	many points or designs, files that resume             jobs and a Runner
//	more than this machine                                cluster.Remote, and asynclab worker elsewhere
//
// Split makes the jobs of one design: one replication each spreads best over
// workers, a few together cost less to distribute when a replication takes
// milliseconds. Merge gives what sim.Run would have given. Give jobs the names of
// the metrics that are read: results are then small.
package study
