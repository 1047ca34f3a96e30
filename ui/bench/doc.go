// Package bench shows one or more designs of a scenario under one clock:
// pictures above plots, panels beside them, the playback bar below.
//
//	Open ──► control.Controller ──Frame, Board──► inbox ──► Bench ──► stage, transport
//	             ▲                                           │     ──► plots, panels
//	             └────── Set, Inject, Toggle, Jump … ────────┘
//
// A Bench outlives its widgets: Build makes them again. Named has every control
// that can be pressed, by names that do not depend on the language.
//
// # How to choose
//
// Lab, Compare and Learn each have a Bench. Their common parts are here; fields
// set the differences: Guard (may the run go on now), OnChange (before a change
// by hand), Front (a panel before the others), PlotIDs. A new panel is a type with content and refresh, a tab in
// buildSide and a line in refreshPanel. Widgets only display: package control
// has the logic.
package bench
