// Package sequence shows the story of an operation as a sequence diagram: who
// sent what to whom and when, who waited and who worked.
//
//	control.Story ──► FromStory ──► sim/sequence: Diagram ──► Layout ──► View ──► tap: a line
//	                                                                     │        of details
//	                                                                     └──► SVG, PNG
//
// # How to choose
//
// View.SetStory is all that a window needs; set View.Graph before, so that
// queues, topics and dead letters are recognized. FromStory is for programs
// that draw a story themselves.
package sequence
