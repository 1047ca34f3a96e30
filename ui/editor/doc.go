// Package editor is a widget in which the text of a scenario is written: colours,
// line numbers, marks at mistakes, completion, undo.
//
//	keys, mouse ──► Editor ──► Buffer: text, caret, selection, undo and redo
//	                   │          └─ OnChange ──► the owner, which reads the text when it likes
//	                   ├──► yamltree.Spans: the pieces of the text, by colour
//	                   └──◄ SetMarks: where the owner found mistakes
//
// Only the lines that are in view are drawn, with pooled texts.
//
// # How to choose
//
// Buffer is the text without a window; whoever edits the text in another way than by
// keys (a form, a picture) uses Buffer.Replace, and the edit is undone like one by
// keys. Completions come from a function, so that the widget knows no language.
package editor
