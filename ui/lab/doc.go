// Package lab has the places Lab and Compare: a scenario from the library or a
// file on a bench, read again when the file changes on disk.
//
//	page of what can be opened ──► control.Load ──► bench.Bench
//	                                    └─ mistakes ──► window.MistakesPage
//
// # How to choose
//
// Lab shows one design, Compare two to four under one load. Their common part
// is watchPlace.
package lab
