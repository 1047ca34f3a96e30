// Package eventlog shows the event log: what has just happened, a line each, the
// newest at the bottom.
//
//	control.Board.Log ──► control.Filter ──► View: a list ──► OnPick: the operation of a line
//
// # How to choose
//
// The list follows what happens as long as its end is in sight. Scrolled up, it
// stands still, so that a line can be read and picked, and says how much is new;
// scrolling back down, or pressing that, follows again. Who looks for something
// sets a filter: the words of a line, sorts of news, an element, an operation.
package eventlog
