// Package ui is the desktop lab: one window with its places.
//
//	cmd/asynclab-desktop ──► Open ──► Shell: rail of places, settings menu, keys
//	                                   │ placeTable: one line for each place
//	                     ┌─────────────┼─────────────┐
//	              learn.Place       lab.Lab     lab.Compare
//	                     └──────► bench.Bench ◄──────┘   pictures, plots, panels, playback bar
//	                                   │  ▲
//	            methods of             │  │  Frame 60/s, Board 10/s: bench.inbox,
//	            control.Controller     ▼  │  the one place that crosses by fyne.Do
//	                              ui/control (no window)
//
// Below them all is window.Window: what a place needs of the window it is in.
//
// # How to choose
//
// A new place is a type with the methods of place, in a folder of its own, a line
// in placeTable, and its texts: rail, keys and the page of keys follow. A new
// thing to see is a widget in a package of its own (stage, figure, sequence,
// eventlog, comparison) that presents what a Frame or a Board says, and a room
// for it in ui/bench. A new thing to do is a method of control.Controller, a
// button or a key that calls it, and a line in keys.go. What a person sees is
// said with locale.T and coloured by palette.
//
// The language and the theme can change while the window is open: Shell.rebuild
// makes all of the content anew, and the controllers go on as they are.
//
// The tests here are of the whole window; those of a part stand beside it.
package ui
