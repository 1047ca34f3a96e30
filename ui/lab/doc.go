// Package lab is the places Lab and Compare: a scenario from the library or a
// file on a bench, read again when the file changes on disk.
//
//	page of what can be opened ──► control.Load ──► bench.Bench
//	                                    └─ mistakes ──► window.MistakesPage
//
// # How to choose
//
// Lab watches one design, Compare two to four under one load. What both do is
// watchPlace.
package lab
