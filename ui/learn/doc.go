// Package learn shows lessons: their text, and what a student does in them.
//
//	lessons.Lesson ──► Text: paragraphs, lists, tables, pictures, terms that explain themselves
//	lessons.Player ──► Panel: the step as far as its gates are open
//	                     │ predict, answer, hint, next … (methods of the player)
//	                     ▼
//	                   Hooks: what the panel asks of the lab beside it
//
// # How to choose
//
// Panel is a whole lesson beside a lab; Text is any text of a lesson, for a card
// or the glossary. Widgets here present only: what is allowed next, what counts
// as right and what is remembered is decided by package lessons.
package learn
