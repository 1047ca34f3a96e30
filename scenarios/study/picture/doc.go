// Package picture draws a sweep.
//
//	study.Swept ──┬─ one parameter ──► a figure of each metric: a curve with its band of each design
//	              └─ two ────────────► a heat map of each metric and design      ──► PNG, SVG
//
// It is apart from study because gonum/plot, its fonts and tables cost a start of the
// command line more than a short run (cmd/asynclab/handover.go).
//
// # How to choose
//
//	to look at, to print      SVG: scales, small
//	to paste                  PNG: twice the resolution of a screen
package picture
