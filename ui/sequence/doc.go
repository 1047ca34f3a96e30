// Package sequence shows the story of an operation as a sequence diagram: who
// sent what to whom when, who waited and who worked.
//
//	control.Story ──► FromStory ──► sim/sequence: Diagram ──► Layout ──► View ──► tap: a line
//	                                                                     │        of details
//	                                                                     └──► SVG, PNG
//
// # How to choose
//
// View.SetStory is all that a window needs; set View.Graph before, so that queues,
// topics and dead letters are known as such. FromStory is for those who draw
// a story themselves.
package sequence
