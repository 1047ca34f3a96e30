// Package build is the place in which a scenario is written: its text beside the
// picture of its designs.
//
//	page of what to begin with ──► document ──► editor.Editor ──text──► read (not in the window's goroutine)
//	                                  ▲              │  ▲                  │ scenarios.Parse, sim.Graph
//	                     save, save as ┘             │  └── mistakes ◄─────┤
//	                                                 └─ caret ─► picture ◄─┘ the last valid text's
//
// The text is the one document: the picture shows it, and what is saved is what the
// command runs. A text is read once typing pauses; the picture stays at the last valid
// text while there are mistakes.
//
// # How to choose
//
// What concerns one file (where it is saved, the data files that a copy of the library
// brings) is in document; what is shown is in Place. What edits the text does so by
// editor.Editor.Replace, so that it can be undone.
package build
