// Package control is what the window does, without a window: it opens a
// scenario, owns the runs of one or more of its designs under one clock, plays,
// steps, goes back, changes and breaks them, and tells what there is to see.
//
//	widgets ── commands ──► Controller ── mailbox ──► one goroutine: pacer ──► Session ──► engine.Run, one a lane
//	   ▲                                                                        │  checkpoints, changes, faults
//	   └──── fyne.Do, in one place of package ui ◄── Frame (60/s), Board (10/s) ┘  observer: dots, sparks, log
//
// Going back is: the nearest checkpoint, the changes that are still to come, and
// forward. What a person does is a list of changes; doing, undoing and saving
// work on the list, and the run is whatever a run with that list is. A test holds
// that to the bit, after any sequence of commands.
//
// # How to choose
//
// A test, or a program without a clock, uses a Session, whose methods work
// on the caller's goroutine. A window uses a Controller, which gives a Session a
// clock and a goroutine; its methods return immediately and what comes of them is
// seen in the next Frame. A test of a window gives the Controller a ManualClock
// and calls Sync.
//
// What moves is in a Frame, which is reused; what is read is in a Board, which
// may be kept. What takes a run of its own (Story, Replicate) or is asked for now
// and then (Judge, SaveText) calls back.
//
// Widgets hold no logic. What a widget shows is in a Frame or a Board; what a
// person does is a method of Controller.
package control
