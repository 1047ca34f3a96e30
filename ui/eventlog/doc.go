// Package eventlog shows the event log: the latest events, one per line, the
// newest at the bottom.
//
//	control.Board.Log ──► control.Filter ──► View: a list ──► OnPick: the operation of a line
//
// # How to choose
//
// The list follows new events while its end is visible. Scrolled up, it stands
// still, so that a line can be read and picked, and shows the number of new
// events; scrolling back down, or pressing that number, follows again. A filter
// selects lines by their words, groups of records, an element or an operation.
package eventlog
