// Package yamltree parses YAML text into a tree of nodes with positions, and
// collects the mistakes in it.
//
//	text ──► Parse ──► *Node with line and column ──► the reader of a language
//	           │                                        │ At, Within, Unknown
//	           └────────────► Report ◄──────────────────┘
//	                            │
//	                       Diagnostics: position, line, caret, hint; in the order of the file
//
// A Language limits the content and the size of texts, because they are untrusted.
// The number of mistakes that are kept has a limit too, and a hint is computed only
// for a mistake that is kept. Anchors, aliases, tags and merge keys are mistakes in
// every language.
package yamltree
