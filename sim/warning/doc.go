// Package warning declares every warning: what makes a number mean something else
// than it seems. The checks of a design and the run give them; validate, the
// reports, the window, the reference and the translations read this one table.
//
//	check.Design ─┐
//	engine.Run   ─┼─► Warning: Kind, element, terms ──► text, JSON, window (translated)
//	scenarios    ─┘              │
//	                             └── id ──► `silence` of a scenario file, LANGUAGE.md
//
// # How to choose
//
// Report an error where a run would be meaningless, and a warning where its numbers
// are right but will be misread. A new warning is a constant, at the place that its
// weight deserves, its line of the table, its translations, and a test where it is
// given and one where it is not (scenarios: TestEveryWarning).
package warning
