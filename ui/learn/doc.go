// Package learn has the place Learn: the list of lessons, and a lesson beside a
// bench.
//
//	lessons.Shelf  ──► Place: the list; a lesson; the bench as its steps set it up
//	lessons.Lesson ──► Text: paragraphs, lists, tables, pictures, terms that explain themselves
//	lessons.Player ──► Panel: the step as far as its gates are open
//	                     │ predict, answer, hint, next … (methods of the player)
//	                     ▼
//	                   Hooks: what the panel asks of the bench beside it
//
// # How to choose
//
// Panel is a whole lesson beside a bench; Text is any text of a lesson, for a
// card or the glossary. Widgets here only display: package lessons decides
// which step is allowed next, which answers are right, and what is stored.
package learn
