// Package bench is where one or more designs of a scenario are watched under one
// clock: pictures above plots, panels beside them, the playback bar below.
//
//	Open ──► control.Controller ──Frame, Board──► inbox ──► Bench ──► stage, transport
//	             ▲                                           │     ──► plots, panels
//	             └────── Set, Inject, Toggle, Jump … ────────┘
//
// A Bench outlives its widgets: Build makes them anew. Named has everything that
// can be pressed, by names that do not depend on the language.
//
// # How to choose
//
// Lab, Compare and Learn each have a Bench. What they have in common is here, and
// what differs is said by fields: Guard (may it run now), Front (a panel before
// the others), PlotIDs. A new panel is a type with content and refresh, a tab in
// buildSide and a line in refreshPanel. Widgets present only: what happens is
// decided by package control.
package bench
