// Package picture draws a sweep, and what the page of a result shows.
//
//	study.Swept ──┬─ one parameter ──► a figure of each metric: a curve with its band of each design
//	              └─ two ────────────► a heat map of each metric and design      ──► PNG, SVG
//	designs ──────────────────────────► topology ───────────────────────────────┐
//	sim.Result.Series ────────────────► a figure of each plot over time ────────┴──► report.View
//
// It is apart from study because gonum/plot, its fonts and tables cost a start of the
// command line more than a short run (cmd/asynclab/handover.go).
//
// # How to choose
//
//	to look at, to print      SVG: scales, small
//	to paste                  PNG: twice the resolution of a screen
//	to send, to keep          a page (report.HTML): one file, for who has no asynclab
package picture
