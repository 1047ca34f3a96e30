// Package design defines a design: loads, services, brokers, links and faults as
// plain data, and the fields of each, declared once.
//
//	Tables (fields_*.go) ──► reader of scenarios, JSON Schema, LANGUAGE.md
//	   │
//	   └──► Params, Get, Set ──► --set, sliders, sweeps, faults that set parameters
//	             │
//	          Design ──► check.Design ──► engine.Compile
//
// A Design is data without behaviour: Clone copies it, and Set changes one
// parameter by its path. Properties derived from its parts that checks and
// compiler both need (the subscriptions of a topic, the link between two nodes)
// are in structure.go.
//
// # How to choose
//
// A new setting is a field of a Go type (load.go, broker.go …) and an entry in the table
// of that type (fields_load.go, fields_broker.go …): key, kind, range, default, whether
// it can change during a run, and one line of documentation. Parameters, the
// language, its schema and its reference follow. A limit across several fields is
// a check (package check); the effect of the setting is in package engine, which
// has it in a table of its own (compile.go, filled in tables.go). Rank
// puts its knob among the first of the window. Then go test -update in scenarios
// writes LANGUAGE.md; the tests there ask for values to try if it can change during
// a run (against_plan_test.go) and for a place in a generated scenario; the test of
// ui/locale names the translations that are missing.
//
// A mechanism (package mech) brings fields, causes and checks of its own: an element
// carries those that it uses in its Uses, with their settings, and the walk over
// parameters goes through them.
//
// A new kind of fault is a constant here (fields_fault.go) and a value of package fault,
// with what it does. The language, changes by hand,
// checks, the command line and the window's buttons read the line.
//
// Faults and changes that are made by hand during a run are written as one line
// of text: ParseFault, FormatFault, Change.
package design
