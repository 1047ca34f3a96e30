// Package record declares what can be observed of a run: the classes of messages
// and events, and for each its words, its mark and the group by which a log is
// filtered. The picture, its legend, the log and its filter, the sequence diagram
// and the translations read this one table.
//
//	engine.Record ──► Record.Class, Record.Fate ──► words   ──► log, diagram, legend
//	                                               mark    ──► picture, legend, diagram
//	                                               group   ──► filter, colour of a log line
//
// # How to choose
//
// A [Class] is the kind of a record, a [Fate] what became of a message.
// [Class.Say] is the sentence of a log, [Class.Label] the short form on an arrow,
// [Mark.Name] the legend's. Each takes a [Voice], which translates by the stable
// id of a word; nil is English. A new class is a line of the table, and a
// translation of each of its words.
package record
