// Package ui is the desktop lab: one window with its places.
//
//	cmd/asynclab-desktop ──► Open ──► Shell: rail of places, settings menu, keys
//	                                   │ placeTable: one line for each place
//	                     ┌─────────────┼─────────────┬─────────────┐
//	              learn.Place       lab.Lab     lab.Compare   sweep.Place, build.Place
//	                     └──────► bench.Bench ◄──────┘   pictures, plots, panels, playback bar
//	                                   │  ▲
//	            methods of             │  │  Frame 60/s, Board 10/s: bench.inbox,
//	            control.Controller     ▼  │  the one place that crosses by fyne.Do
//	                              ui/control (no window)
//
// Below them all is window.Window, the part of the window that every place
// uses.
//
// # How to choose
//
// A new place is a type with the methods of place, in a folder of its own, a
// line in placeTable, and its texts: the rail, the keys and the page of keys
// follow. A new display is a widget in a package of its own (stage, figure,
// sequence, eventlog, comparison) that shows a Frame or a Board, and a panel
// for it in ui/bench. A new command is a method of control.Controller, a button
// or a key that calls it, and a line in keys.go. Texts come from locale.T and
// colours from palette.
//
// The language and the theme can change while the window is open: Shell.rebuild
// builds all of the content again, and the controllers continue unchanged.
//
// The tests here are of the whole window; those of a part stand beside it.
package ui
