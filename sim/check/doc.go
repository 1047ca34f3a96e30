// Package check finds errors in a design before it runs, and warns of settings
// with an unexpected effect: names that do not exist, values out of range, cycles
// without an end, waits without a limit.
//
//	design.Design ──► Design ──► Problems: path, message, hint; errors or warnings
//	design.Change ──► Changes ──► one error for each change
//
// It sees the design only, never a run. Ranges of single values come from the
// field tables (design.EachValue); this package has the limits across fields and
// elements. Its cost is bounded: a design that is too large is refused before
// any other check.
//
// # How to choose
//
// A check of one kind of element is in the file of its name (load.go, service.go,
// broker.go, fault.go); checks that follow messages from element to element are
// in flow.go and cycle.go. Report an error where a run would be meaningless, and a
// warning where a number would mean something else than it seems.
package check
