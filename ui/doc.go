// Package ui is the desktop lab: one window with its places.
//
//	cmd/asynclab-desktop ──► Open ──► Shell: rail of places, settings, errors, keys
//	                                   │
//	                     ┌─────────────┼─────────────┐
//	                   Learn          Lab         Compare
//	                  (ui/learn)       └──── bench ──┘   stages, plots, panels, transport
//	                                           │  ▲
//	                    commands: methods of   │  │  Frame 60/s, Board 10/s: Shell.deliver,
//	                    control.Controller     ▼  │  the one place that crosses by fyne.Do
//	                                     ui/control (no window)
//
// # How to choose
//
// A new thing to see is a widget in a package of its own (stage, figure,
// sequence, eventlog, comparison) that presents what a Frame or a Board says,
// and a place for it on the bench. A new thing to do is a method of
// control.Controller, a button or a key that calls it, and a line in keys.go,
// from which the page of keys is made. A new place is a file here and a line in
// places. What a person sees is said with locale.T and coloured by look.
//
// The language and the theme can change while the window is open: Shell.rebuild
// makes all of the content anew, and the controllers go on as they are.
package ui
