// Package comparison shows designs side by side in numbers: a table of the metrics
// that matter, and how each design differs from the first.
//
//	control.Board ──► Live ──────┐
//	                             ├──► Compare ──► Table ──► View
//	sim.Result ─► .Designs ──────┘     choose what to tell,
//	                                   paired differences
//
// # How to choose
//
// A run that goes on has one value for each metric: Live, and its differences are
// those of this one run. Whether a difference is more than noise can only be told
// from replications: with the designs of a sim.Result that has several, values
// come with an interval, differences are paired, and those that may be nothing
// are shown as "~".
package comparison
