// Package yamltree reads the text of a YAML file into a tree in which every node
// knows its place, and collects what is wrong with it.
//
//	text ──► Parse ──► *Node with line and column ──► the reader of a language
//	           │                                        │ At, Within, Unknown
//	           └────────────► Report ◄──────────────────┘
//	                            │
//	                       Diagnostics: position, line, caret, hint; in the order of the file
//
// A Language says what texts may hold and how large they may be: texts are untrusted.
// What is kept of mistakes has a limit too, and a hint is made only for a mistake
// that is kept. Anchors, aliases, tags and merge keys are mistakes in every language.
package yamltree
