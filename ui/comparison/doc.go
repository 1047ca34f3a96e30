// Package comparison shows designs side by side in numbers: a table of the
// important metrics, and the difference of each design from the first.
//
//	control.Board ──► Live ──────┐
//	                             ├──► Compare ──► Table ──► View
//	sim.Result ─► .Designs ──────┘     choose what to tell,
//	                                   paired differences
//
// # How to choose
//
// A single run has one value for each metric (Live), and its differences are
// those of this one run. Only replications show whether a difference is more
// than noise: with the designs of a sim.Result that has several, values have a
// confidence interval, differences are paired, and differences that may be zero
// are shown as "~".
package comparison
