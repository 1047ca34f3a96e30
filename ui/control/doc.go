// Package control is the logic of the window, without a window: it opens a
// scenario, owns the runs of one or more of its designs under one clock, plays,
// steps, goes back, applies changes and faults, and publishes what the window
// shows.
//
//	widgets ── commands ──► Controller ── mailbox ──► one goroutine: pacer ──► Session ──► engine.Run, one a lane
//	   ▲                                                                        │  checkpoints, changes, faults
//	   └──── fyne.Do, in one place of package ui ◄── Frame (60/s), Board (10/s) ┘  observer: dots, sparks, log
//
// To go back is to restore the nearest checkpoint, plan the future changes
// again, and simulate forward. The actions of a person are a list of changes;
// doing, undoing and saving work on the list, and the run is always the run
// that this list produces. A test checks that bit by bit, after any sequence of
// commands.
//
// # How to choose
//
// A test, or a program without a clock, uses a Session, whose methods work on
// the caller's goroutine. A window uses a Controller, which gives a Session a
// clock and a goroutine; its methods return immediately and their results
// appear in the next Frame. A test of a window gives the Controller a
// ManualClock and calls Sync.
//
// Moving things are in a Frame, which is reused; text and numbers are in a
// Board, which may be kept. Commands that need a run of their own (Story,
// Replicate) or are rare (Judge, SaveText) call back.
//
// Widgets hold no logic. They show a Frame or a Board, and each action of a
// person calls a method of Controller.
package control
