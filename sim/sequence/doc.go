// Package sequence draws what happened to one operation as a sequence diagram in
// the style of Lamport ("Time, clocks, and the ordering of events in a distributed
// system", 1978): time runs down, participants are vertical lines, a message is a
// slanted arrow from where and when it was sent to where and when it arrived. It
// is pure geometry and text; the window, the command line and reports draw the
// same picture from it.
//
//	engine.Record ──► Entry ──► Build ──► Diagram ─────► Arrange ──► Layout ──┬──► SVG
//	 (an observer's,  names     pairs what was           rows, columns,      └──► window
//	  of one          added     sent with what
//	  operation)                arrived                   arrows, labels
//
// # How to choose
//
//   - [Even] gives every moment of the story a row of its own; where much time passes
//     between two rows it is written there. It is the default, for a story has
//     milliseconds beside minutes.
//   - [Proportional] keeps the scale of time. It shows where the time went, and what
//     lies close together cannot be told apart.
//   - [SVG] for slides and reports; [Layout] to draw it yourself.
//
// # What is inferred
//
// Observers see what happened, not why. That a task waits for the answer of
// another is concluded from the request it sent and the answer that came; where
// several tasks of one operation run in one service at the same time, the
// request is taken to be of the one that began last. Where a copy waits in a
// queue is concluded from what came in and what was delivered, oldest first.
package sequence
