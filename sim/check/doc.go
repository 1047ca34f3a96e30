// Package check finds what is wrong with a design before it runs, and what it may
// not mean: names that do not exist, values out of range, cycles without an end,
// waiting that could last for ever.
//
//	design.Design ──► Design ──► Problems: path, message, hint; errors or warnings
//	design.Change ──► Changes ──► one error for each change
//
// It sees the design only, never a run. Ranges of single values come from the
// field tables (design.EachValue); what is here are limits across fields and
// elements. Its cost is bounded: a design that is too large is refused before
// anything else is looked at.
//
// # How to choose
//
// A check of one kind of element is in the file of its name (load.go, service.go,
// broker.go, fault.go); what follows messages from element to element is in
// flow.go and cycle.go. Report an error where a run would be meaningless, and a
// warning where a number would mean something else than it seems.
package check
