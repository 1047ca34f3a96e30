// Package report writes a result for people and for programs.
//
//	sim.Result ──► Report ──┬──► text       a table of the designs side by side, for a terminal
//	 title, what the        ├──► markdown   the same table, for a wiki or a pull request
//	 designs are            ├──► json       everything, stable: for programs
//	                        ├──► csv        every metric of every design, one a line: for a spreadsheet
//	                        └──► junit      the expectations as tests: for CI
//
// # How to choose
//
// The tables show what differs or matters: outcomes and latencies of every load,
// how busy services are, what waits in queues, and of everything that can go
// wrong only what did. All shows every metric. The other formats always have
// everything. Rows are named so that a section and a row, with a dot between
// them, are the name of the metric.
//
// A new row is the Row of a metric (package metric). A new format is a method
// and a line of formats (report.go); the command line reads them.
package report
