// Package scenarios reads scenario files: designs of one system, the load on
// them, what goes wrong, and what is expected of the results.
//
//	file ──► yamltree  ──► tree of nodes with positions ──► merge: what designs share + what each changes
//	                                                             │
//	design.Tables: every field of a design ──► language ──► read ──► []*design.Design ──► check.Design
//	             │               │                               │                              │
//	           Schema          tables of                    Diagnostics ◄── path → position ────┘
//	        (JSON Schema)     LANGUAGE.md               every mistake at once, with its line and a hint
//
// The language is described in LANGUAGE.md, whose tables are written from the same
// tables that the parser reads by: those of the design (design.Core), with those of the mechanisms (mech/all), and, for the
// file around it, documentTable, runTable and changeTable. A new key is one entry
// in such a table; parser, unknown-key check, hints, schema and reference follow.
// This package adds only what a table cannot describe: values with a syntax of their
// own, such as a list of steps, each a form that a field names (forms lists them).
//
// # How to choose
//
//	a file, or a name from the library, as a person gave it    Load
//	text from an editor or a test, data files from anywhere    Parse
//	what was done by hand in a run, put into its file          WithChanges; Scenario.Save writes it
//	what there is                                              Library, LibraryFS
//	a file to start from                                       Template
//	completion and checks in an editor                         Schema
//
// An error of Load and Parse is of type yamltree.Diagnostics: show its Error, or go
// through it for positions. Parse returns what it could read beside the error,
// so that an editor can show a scenario that is being written.
//
// Files are untrusted. Text, nesting, numbers of parts, designs and numbers in
// data files have limits; anchors, aliases and tags are not part of the
// language; data files stay in the scenario's folder, through os.Root. FuzzParse
// checks that no file makes the reader panic or run without end.
package scenarios
